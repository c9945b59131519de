"""Declare visits to clubs, what they found, and what became of it."""

from schema_tools.columns import MOMENT, WORD, column, identity, may_refer, one_of, optional, refers
from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from baseline.metadata import table

table(
    "visit",
    identity(),
    refers("unit"),
    column("planned_on", Date()),
    column("visitors", String(160)),
    column("purpose", Text()),
    optional("done_on", Date()),
    optional("called_off_at", MOMENT),
    column("called_off_reason", Text()),
    column("version", Integer()),
    column("created_at", MOMENT),
    may_refer("person"),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    CheckConstraint("done_on IS NULL OR called_off_at IS NULL", name="done_or_called_off"),
    UniqueConstraint("id", "unit_id"),
    Index(None, "unit_id", "planned_on"),
)

table(
    "visited_club",
    identity(),
    column("visit_id", Integer()),
    refers("club"),
    refers("unit"),
    column("note", Text()),
    ForeignKeyConstraint(["visit_id", "unit_id"], ["visit.id", "visit.unit_id"]),
    UniqueConstraint("visit_id", "club_id"),
    Index(None, "club_id"),
)

table(
    "visit_finding",
    identity(),
    refers("visit", index=True),
    refers("club"),
    refers("unit"),
    column("text", Text()),
    column("mender", WORD),
    column("due_on", Date()),
    column("stage", WORD),
    column("version", Integer()),
    column("created_at", MOMENT),
    may_refer("person"),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    one_of("mender", "club", "commune", "visitor"),
    one_of("stage", "open", "mended", "closed"),
    ForeignKeyConstraint(
        ["visit_id", "club_id"], ["visited_club.visit_id", "visited_club.club_id"]
    ),
    Index(None, "club_id"),
    Index(None, "unit_id", "stage", "due_on"),
)

table(
    "finding_move",
    identity(),
    refers("visit_finding", "finding_id"),
    column("seq", Integer()),
    column("step", WORD),
    column("text", Text()),
    column("done_on", Date()),
    column("due_on", Date()),
    refers("unit"),
    column("at", MOMENT),
    may_refer("person"),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    UniqueConstraint("finding_id", "seq"),
    one_of("step", "mend", "close", "reopen"),
)
