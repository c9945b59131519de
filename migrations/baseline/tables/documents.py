"""Declare documents, their roads and revisions, what is said of them, and their quotas."""

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
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)

from baseline.metadata import table

table(
    "document",
    identity(),
    refers("unit"),
    column("unit_path", PATH, index=True),
    refers("programme"),
    refers("period", index=True),
    column("kind", WORD),
    column("subperiod", WORD),
    column("status", WORD),
    column("status_since", MOMENT),
    column("lock_version", Integer()),
    column("mode", WORD),
    may_refer("unit", "next_unit_id"),
    column("feeds_synthesis", Boolean()),
    column("head_number", Integer()),
    optional("sent_number", Integer()),
    optional("released_number", Integer()),
    optional("in_force_number", Integer()),
    optional("cleared_from", WORD),
    optional("asked_until", Date()),
    optional("asked_answer", WORD),
    optional("extended_until", Date()),
    column("created_at", MOMENT),
    may_refer("person", "created_by_id"),
    one_of(
        "status",
        "draft",
        "clearance",
        "submitted",
        "review",
        "returned",
        "approved",
        "issued",
        "revoked",
    ),
    one_of("mode", "approve", "acknowledge", "final"),
    CheckConstraint(
        "status NOT IN ('submitted', 'review') OR sent_number IS NOT NULL", name="sent_has_revision"
    ),
    CheckConstraint(
        "status <> 'approved' OR released_number IS NOT NULL", name="approved_has_revision"
    ),
    CheckConstraint(
        "status <> 'issued' OR in_force_number IS NOT NULL", name="issued_has_revision"
    ),
    CheckConstraint("(next_unit_id IS NULL) = (mode = 'final')", name="final_has_no_next"),
    one_of("asked_answer", "granted", "refused"),
    Index(None, "next_unit_id", "period_id", "status"),
    Index(None, "unit_id", "period_id"),
    Index(
        "uq_document_live",
        "unit_id",
        "period_id",
        "kind",
        "subperiod",
        unique=True,
        sqlite_where=text("status <> 'revoked'"),
        postgresql_where=text("status <> 'revoked'"),
    ),
)

table(
    "document_step",
    refers("document", primary_key=True),
    column("ordinal", Integer(), primary_key=True),
    refers("unit"),
    column("mode", WORD),
    one_of("mode", "approve", "acknowledge", "final"),
    Index(None, "unit_id"),
)

table(
    "revision",
    identity(),
    refers("document"),
    column("number", Integer()),
    refers("unit"),
    column("unit_path", PATH, index=True),
    may_refer("unit", "next_unit_id"),
    optional("based_on_number", Integer()),
    column("created_at", MOMENT),
    column("edit_count", Integer()),
    optional("edited_at", MOMENT),
    optional("frozen_at", MOMENT),
    optional("sha256", String(64)),
    optional("submitted_at", MOMENT),
    optional("days_late", Integer()),
    optional("withdrawn_at", MOMENT),
    optional("released_at", MOMENT),
    optional("taken_over_at", MOMENT),
    column("absence_reason", Text()),
    optional("issued_at", MOMENT),
    optional("document_number", String(40)),
    optional("issued_on", Date()),
    optional("sign_form", WORD),
    may_refer("person", "signed_by_id"),
    optional("signature", JSON()),
    UniqueConstraint("document_id", "number"),
    one_of("sign_form", "TM", "KT", "TM_KT", "TL", "TUQ", "Q", "HEAD"),
    CheckConstraint("(frozen_at IS NULL) = (sha256 IS NULL)", name="frozen_is_hashed"),
    CheckConstraint("submitted_at IS NULL OR frozen_at IS NOT NULL", name="sent_is_frozen"),
    CheckConstraint(
        "issued_at IS NULL OR (frozen_at IS NOT NULL AND document_number IS NOT NULL"
        " AND issued_on IS NOT NULL AND sign_form IS NOT NULL)",
        name="issued_is_signed",
    ),
)

table(
    "revision_editor",
    refers("revision", primary_key=True),
    refers("person", primary_key=True),
)

table(
    "event",
    identity(),
    refers("document"),
    column("seq", Integer()),
    column("action", String(24)),
    optional("from_status", WORD),
    column("to_status", WORD),
    column("revision_number", Integer()),
    column("at", MOMENT),
    refers("person"),
    column("role", WORD),
    refers("unit"),
    column("private", Boolean()),
    column("reason", Text()),
    column("data", JSON()),
    column("office_name", String(160)),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    UniqueConstraint("document_id", "seq"),
)

table(
    "opinion",
    identity(),
    refers("revision"),
    refers("unit"),
    refers("person"),
    column("aspect", WORD),
    column("verdict", WORD),
    column("text", Text()),
    column("given_at", MOMENT),
    optional("published_at", MOMENT),
    column("person_name", String(160)),
    UniqueConstraint("revision_id", "person_id"),
    one_of("aspect", "content", "finance", "format"),
    one_of("verdict", "agree", "disagree"),
    CheckConstraint("verdict <> 'disagree' OR text <> ''", name="no_needs_reason"),
)

table(
    "remark",
    identity(),
    refers("revision", index=True),
    refers("unit"),
    refers("person"),
    column("line_key", String(80)),
    column("text", Text()),
    column("created_at", MOMENT),
    optional("published_at", MOMENT),
    column("answer", Text()),
    optional("answered_as", WORD),
    may_refer("person", "answered_by_id"),
    column("answered_by_name", String(160)),
    optional("answered_at", MOMENT),
    column("person_name", String(160)),
    CheckConstraint("answer <> '' OR answered_at IS NULL", name="answer_has_text"),
    one_of("answered_as", "changed", "explained"),
)

table(
    "check_switch",
    refers("unit", primary_key=True),
    column("code", String(8), primary_key=True),
    column("reason", Text()),
    refers("person"),
    column("switched_at", MOMENT),
    column("person_name", String(160)),
)

table(
    "quota",
    identity(),
    refers("document"),
    refers("unit", index=True),
    refers("indicator"),
    refers("phase"),
    column("value", BigInteger()),
    UniqueConstraint("document_id", "unit_id", "indicator_id", "phase_id"),
    CheckConstraint("value >= 0", name="not_negative"),
)

table(
    "allotment",
    refers("document", primary_key=True),
    refers("indicator", primary_key=True),
    refers("phase", primary_key=True),
    column("rule", WORD),
    column("total", BigInteger()),
    optional("reply_by", Date()),
    column("handed_at", MOMENT),
    may_refer("person"),
    one_of("rule", "equal", "older_population", "communes", "last_result", "by_hand"),
    CheckConstraint("total >= 0", name="not_negative"),
)

table(
    "quota_move",
    identity(),
    refers("quota"),
    column("seq", Integer()),
    column("move", WORD),
    column("value", BigInteger()),
    column("reason", Text()),
    refers("unit"),
    refers("person"),
    column("at", MOMENT),
    column("person_name", String(160)),
    column("unit_name", String(160)),
    one_of("move", "hand_down", "accept", "counter", "grant", "keep", "adjust"),
    UniqueConstraint("quota_id", "seq"),
    CheckConstraint("value >= 0", name="not_negative"),
)
