"""Declare what units know other agencies by, and the packets that go between their systems."""

from schema_tools.columns import (
    MOMENT,
    SORT_KEY,
    WORD,
    column,
    identity,
    may_refer,
    one_of,
    optional,
    refers,
)
from sqlalchemy import JSON, CheckConstraint, Date, Index, Integer, String, UniqueConstraint

from baseline.metadata import table

table(
    "agency_code",
    identity(),
    refers("unit"),
    column("name", String(200)),
    column("scheme", WORD),
    column("code", String(35)),
    column("valid_from", Date()),
    optional("valid_to", Date()),
    column("source", String(200)),
    column("created_at", MOMENT),
    may_refer("person", "created_by_id"),
    column("sort_key", SORT_KEY),
    column("search_key", String(160)),
    one_of("scheme", "qcvn102", "qd20", "other"),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity_forward"),
    UniqueConstraint("unit_id", "name", "scheme", "valid_from"),
)

table(
    "exchange_packet",
    identity(),
    refers("unit"),
    column("kind", WORD),
    column("at", MOMENT),
    refers("person"),
    column("file_name", String(160)),
    column("sha256", String(64)),
    column("size", Integer()),
    column("document_id", String(200)),
    column("numbered", String(200)),
    column("sender_name", String(200)),
    column("number", String(80)),
    optional("day", Date()),
    column("subject", String(500)),
    column("status_code", String(8)),
    column("facts", JSON()),
    may_refer("exchange_packet", "answers_id"),
    optional("answer", WORD),
    column("person_name", String(160)),
    one_of("kind", "new", "recall", "update", "replace", "status", "answer"),
    one_of("answer", "receipt", "change"),
    CheckConstraint(
        "(kind = 'answer') = (answers_id IS NOT NULL) AND (answer IS NULL) = (answers_id IS NULL)",
        name="answer_has_question",
    ),
    UniqueConstraint("answers_id", "answer"),
    Index(None, "unit_id", "document_id"),
    Index(None, "unit_id", "numbered"),
)
