"""Declare official papers: the register, the packages handed over, the signed copies."""

from schema_tools.columns import (
    MOMENT,
    WORD,
    column,
    identity,
    may_refer,
    one_of,
    optional,
    refers,
)
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from baseline.metadata import table

table(
    "official_paper",
    identity(),
    refers("unit"),
    may_refer("document"),
    may_refer("revision"),
    column("code", String(10), unique=True),
    column("letters", String(8)),
    column("subject", String(500)),
    column("search_key", String(160)),
    column("created_at", MOMENT),
    optional("number", Integer()),
    optional("symbol", String(40)),
    optional("written", String(40)),
    optional("year", Integer()),
    optional("issued_on", Date()),
    column("signer", Text()),
    optional("registered_at", MOMENT),
    may_refer("person", "entered_by_id"),
    column("entered_by_name", String(160)),
    may_refer("official_paper", "follows_id"),
    optional("link", WORD),
    optional("handed_over_at", MOMENT),
    optional("signed_at", MOMENT),
    column("signed_differs", Boolean()),
    optional("struck_at", MOMENT),
    may_refer("person", "struck_by_id"),
    column("struck_by_name", String(160)),
    column("struck_reason", String(500)),
    column("urgency", WORD),
    UniqueConstraint("unit_id", "year", "symbol", "number"),
    UniqueConstraint("revision_id"),
    one_of("link", "replaces", "corrects", "revokes"),
    one_of("urgency", "normal", "urgent", "very_urgent", "express"),
    CheckConstraint(
        "(registered_at IS NULL) = (number IS NULL) AND (number IS NULL) = (symbol IS NULL)"
        " AND (number IS NULL) = (year IS NULL) AND (number IS NULL) = (issued_on IS NULL)"
        " AND (number IS NULL) = (written IS NULL)",
        name="registered_is_numbered",
    ),
    CheckConstraint("(follows_id IS NULL) = (link IS NULL)", name="follows_somehow"),
    CheckConstraint(
        "(struck_at IS NULL) = (struck_by_id IS NULL)"
        " AND (struck_at IS NULL) = (struck_reason = '')"
        " AND (struck_at IS NULL OR document_id IS NULL)",
        name="struck_by_hand",
    ),
    CheckConstraint("revision_id IS NULL OR document_id IS NOT NULL", name="of_document"),
    Index(None, "unit_id", "issued_on"),
    Index(None, "document_id"),
    Index(None, "follows_id"),
)

table(
    "hand_over",
    identity(),
    refers("official_paper", "paper_id", index=True),
    refers("unit"),
    refers("person"),
    column("person_name", String(160)),
    column("at", MOMENT),
    column("has_number", Boolean()),
    column("package_sha256", String(64)),
    column("pdf_sha256", String(64)),
    column("word_sha256", String(64)),
    column("size", Integer()),
    column("pages", Integer()),
    column("fields", JSON()),
    column("receivers", JSON()),
    column("lacking", JSON()),
)

table(
    "signed_copy",
    identity(),
    refers("official_paper", "paper_id", index=True),
    refers("unit"),
    refers("person"),
    column("person_name", String(160)),
    column("at", MOMENT),
    column("file_name", String(160)),
    column("sha256", String(64)),
    column("size", Integer()),
    column("report", JSON()),
)
