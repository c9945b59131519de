"""Declare what is on its way in or out: workbooks being looked over, and jobs that take long."""

from schema_tools.columns import MOMENT, WORD, column, identity, one_of, optional, refers
from sqlalchemy import JSON, Boolean, Index, Integer, String, UniqueConstraint

from baseline.metadata import table

table(
    "workbook_upload",
    identity(),
    refers("unit"),
    refers("document", index=True),
    refers("person", "created_by_id", index=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    column("file_name", String(160)),
    column("version", Integer()),
    column("own_sheet", Boolean()),
    column("known", Boolean()),
    column("offered_by", String(160)),
    column("book", JSON()),
    column("seal", JSON()),
    column("choices", JSON()),
)

table(
    "sheet_match",
    identity(),
    refers("unit"),
    column("fingerprint", String(64)),
    column("confirmed_at", MOMENT),
    refers("person", "confirmed_by_id"),
    column("columns", JSON()),
    column("rows", JSON()),
    UniqueConstraint("unit_id", "fingerprint"),
)

table(
    "long_job",
    identity(),
    column("kind", String(40)),
    refers("person", index=True),
    refers("unit"),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    optional("started_at", MOMENT),
    optional("finished_at", MOMENT),
    column("state", WORD),
    column("tries", Integer()),
    column("done", Integer()),
    column("total", Integer()),
    column("request", JSON()),
    column("answer", JSON()),
    optional("sent_digest", String(64)),
    optional("result_digest", String(64)),
    column("result_name", String(160)),
    one_of("state", "waiting", "running", "done", "failed"),
    Index(None, "state", "id"),
)
