"""Declare what papers are written on; the files themselves are kept elsewhere."""

from schema_tools.columns import MOMENT, WORD, column, identity, one_of, optional, refers
from sqlalchemy import Index, String, text

from baseline.metadata import table

table(
    "paper_template",
    identity(),
    refers("unit"),
    refers("person"),
    column("layout", WORD),
    column("sha256", String(64)),
    column("file_name", String(240)),
    column("uploaded_at", MOMENT),
    optional("retired_at", MOMENT),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    one_of("layout", "named", "letter"),
    Index(
        "uq_paper_template_in_use",
        "unit_id",
        "layout",
        unique=True,
        sqlite_where=text("retired_at IS NULL"),
        postgresql_where=text("retired_at IS NULL"),
    ),
)
