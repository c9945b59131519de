"""Files put beside documents, remarks and requests; what is in them is kept elsewhere."""

from schema_tools.columns import MOMENT, column, identity, may_refer, optional, refers
from sqlalchemy import CheckConstraint, Integer, String

from baseline.metadata import table

table(
    "attachment",
    identity(),
    refers("document", index=True),
    may_refer("remark", goes_with=True, index=True),
    may_refer("event"),
    column("from_number", Integer()),
    refers("unit"),
    refers("person"),
    column("name", String(240)),
    column("media_type", String(80)),
    column("size", Integer()),
    column("sha256", String(64), index=True),
    column("note", String(160)),
    column("added_at", MOMENT),
    optional("removed_at", MOMENT),
    optional("removed_number", Integer()),
    may_refer("person", "removed_by_id"),
    column("removed_by_name", String(160)),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    CheckConstraint("remark_id IS NULL OR event_id IS NULL", name="one_place"),
    CheckConstraint("size > 0", name="has_content"),
    CheckConstraint("(removed_at IS NULL) = (removed_number IS NULL)", name="removed_at_once"),
)
