"""Declare the requests of reports, with the steps of their way."""

from schema_tools.columns import (
    MOMENT,
    PATH,
    WORD,
    column,
    identity,
    may_refer,
    one_of,
    optional,
    refers,
)
from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, Text, UniqueConstraint

from baseline.metadata import table

table(
    "report_request",
    identity(),
    refers("unit"),
    column("unit_path", PATH),
    refers("document"),
    refers("programme"),
    refers("period"),
    column("kind", WORD),
    column("line_key", String(80)),
    column("text", Text()),
    optional("level", WORD),
    column("state", WORD),
    refers("unit", "held_by_id"),
    column("top_path", PATH),
    may_refer("unit", "owed_by_id"),
    column("owed_since", MOMENT),
    column("asked_again", Boolean()),
    column("version", Integer()),
    column("raised_at", MOMENT),
    column("unit_name", String(160)),
    UniqueConstraint("document_id", "line_key"),
    one_of("state", "open", "unclear", "answered", "settled", "withdrawn"),
    one_of("level", "commune", "district", "province"),
    CheckConstraint(
        "(state IN ('settled', 'withdrawn')) = (owed_by_id IS NULL)", name="open_is_owed"
    ),
    Index(None, "unit_path"),
    Index(None, "owed_by_id", "owed_since"),
)

table(
    "request_move",
    identity(),
    refers("report_request", "request_id"),
    column("seq", Integer()),
    column("step", WORD),
    column("text", Text()),
    refers("unit"),
    may_refer("unit", "to_unit_id"),
    column("to_unit_name", String(160)),
    optional("revision_number", Integer()),
    may_refer("person"),
    column("at", MOMENT),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    UniqueConstraint("request_id", "seq"),
    one_of(
        "step",
        *("raise", "reword", "forward", "ask_clarity", "clarify", "answer"),
        *("ask_again", "settle", "withdraw"),
    ),
)
