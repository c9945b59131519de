"""Declare what existing plans are kept in while somebody looks over what was read of them."""

from schema_tools.columns import MOMENT, column, identity, optional, refers
from sqlalchemy import Boolean, Integer, String, Text

from baseline.metadata import table

table(
    "reading_upload",
    identity(),
    refers("unit"),
    refers("period"),
    refers("person", "created_by_id", index=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    column("file_name", String(160)),
    column("version", Integer()),
    column("text", Text()),
    optional("old_encoding", String(16)),
    optional("converts", Boolean()),
)
