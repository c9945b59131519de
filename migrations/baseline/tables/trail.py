"""Declare the chains of the trail: a link for each event and each administrative change."""

from schema_tools.columns import MOMENT, WORD, column, one_of
from sqlalchemy import Integer, String, Text, UniqueConstraint

from baseline.metadata import table

table(
    "trail_link",
    column("key", String(32), primary_key=True),
    column("chain", Integer()),
    column("seq", Integer()),
    column("kind", WORD),
    column("form", Integer()),
    column("at", MOMENT),
    column("digests", Text()),
    column("hash", String(64)),
    UniqueConstraint("chain", "seq"),
    one_of("kind", "event", "entry"),
)

table(
    "trail_head",
    column("chain", Integer(), primary_key=True, autoincrement=False),
    column("seq", Integer()),
    column("hash", String(64)),
)
