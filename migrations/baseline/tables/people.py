"""Declare people, how they sign in, the roles they hold or lend, and the audit trail."""

from schema_tools.columns import (
    MOMENT,
    SORT_KEY,
    WORD,
    column,
    identity,
    is_link,
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
    false,
)

from baseline.metadata import table

_ROLES = (
    "clerk",
    "leader",
    "specialist",
    "finance_appraiser",
    "format_appraiser",
    "observer",
    "unit_admin",
    "system_admin",
)

table(
    "person",
    identity(),
    column("name", String(160)),
    column("position", String(160)),
    column("language", String(2)),
    column("active", Boolean()),
    column("created_at", MOMENT),
    column("digest", Boolean(), server_default=false()),
    column("sort_key", SORT_KEY),
    column("search_key", String(160)),
)

table(
    "credential",
    refers("person", primary_key=True),
    column("email", String(254), unique=True),
    optional("password_hash", String(160)),
)

table(
    "role_assignment",
    identity(),
    refers("person", index=True),
    may_refer("unit"),
    may_refer("office"),
    column("role", WORD),
    column("valid_from", Date()),
    optional("valid_to", Date()),
    may_refer("delegation", unique=True),
    column("preferred", Boolean(), server_default=false()),
    one_of("role", *_ROLES),
    CheckConstraint("(role = 'system_admin') = (unit_id IS NULL)", name="has_place"),
    Index(None, "unit_id", "role"),
)

table(
    "delegation",
    identity(),
    refers("unit"),
    refers("person", "giver_id"),
    refers("person", "receiver_id", index=True),
    column("form", WORD),
    column("subject", WORD),
    may_refer("programme"),
    column("number", String(40)),
    column("decided_on", Date()),
    column("starts_on", Date()),
    column("ends_on", Date()),
    may_refer("delegation", "passed_on_from_id"),
    column("created_at", MOMENT),
    refers("person", "created_by_id"),
    optional("ended_at", MOMENT),
    may_refer("person", "ended_by_id"),
    one_of("form", "TM", "KT", "TM_KT", "TL", "TUQ", "Q", "HEAD"),
    one_of("subject", "all", "own", "below"),
    CheckConstraint("ends_on >= starts_on", name="forward"),
    CheckConstraint("giver_id <> receiver_id", name="between_two"),
    CheckConstraint("form IN ('KT', 'TL', 'TUQ', 'Q')", name="form_delegated"),
    CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="end_has_person"),
    Index(None, "unit_id", "ends_on"),
)

table(
    "password_reset",
    identity(),
    refers("person", index=True),
    column("token_hash", String(64), unique=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    optional("used_at", MOMENT),
)

table(
    "invitation",
    identity(),
    may_refer("unit"),
    column("email", String(254), index=True),
    column("name", String(160)),
    column("position", String(160)),
    column("role", WORD),
    may_refer("office"),
    column("valid_from", Date()),
    optional("valid_to", Date()),
    column("token_hash", String(64), unique=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    refers("person", "invited_by_id"),
    column("times", Integer()),
    column("mailed_at", MOMENT),
    optional("accepted_at", MOMENT),
    optional("declined_at", MOMENT),
    optional("withdrawn_at", MOMENT),
    may_refer("person", index=True),
    one_of("role", *_ROLES),
    CheckConstraint("(role = 'system_admin') = (unit_id IS NULL)", name="has_place"),
    CheckConstraint("(accepted_at IS NULL) = (person_id IS NULL)", name="acceptance_has_person"),
    CheckConstraint(
        "(accepted_at IS NULL OR declined_at IS NULL AND withdrawn_at IS NULL)"
        " AND (declined_at IS NULL OR withdrawn_at IS NULL)",
        name="ends_once",
    ),
    Index(None, "unit_id", "email"),
)

table(
    "address_change",
    identity(),
    refers("person", index=True),
    column("old_email", String(254)),
    column("new_email", String(254)),
    column("old_token_hash", String(64), unique=True),
    column("new_token_hash", String(64), unique=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    optional("old_confirmed_at", MOMENT),
    optional("new_confirmed_at", MOMENT),
    may_refer("person", "released_by_id"),
    optional("done_at", MOMENT),
    optional("stopped_at", MOMENT),
    CheckConstraint("done_at IS NULL OR stopped_at IS NULL", name="ends_once"),
    CheckConstraint(
        "done_at IS NULL OR new_confirmed_at IS NOT NULL"
        " AND (old_confirmed_at IS NOT NULL OR released_by_id IS NOT NULL)",
        name="done_has_proofs",
    ),
)

table(
    "user_session",
    identity(),
    refers("person", index=True),
    column("token_hash", String(64), unique=True),
    column("created_at", MOMENT),
    column("ends_at", MOMENT, index=True),
    optional("ended_at", MOMENT),
    optional("end_reason", WORD),
    column("browser", String(60)),
    column("address", String(45)),
    column("awaits_code", Boolean()),
    optional("second_factor_at", MOMENT),
    one_of(
        "end_reason",
        "signed_out",
        "replaced",
        "ended_by_owner",
        "password",
        "address",
        "locked",
        "second_factor",
        "restored",
    ),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
    CheckConstraint("ends_at > created_at", name="forward"),
)

table(
    "second_factor",
    refers("person", primary_key=True),
    column("salt", String(48)),
    column("made_at", MOMENT),
    optional("confirmed_at", MOMENT),
    column("last_step", Integer()),
)

table(
    "recovery_code",
    identity(),
    refers("person"),
    column("code_hash", String(64)),
    optional("used_at", MOMENT),
    UniqueConstraint("person_id", "code_hash"),
)

table(
    "login_attempt",
    identity(),
    column("key", String(80)),
    column("network", String(48)),
    column("at", MOMENT),
    Index(None, "key", "at"),
)

table(
    "calendar_feed",
    identity(),
    refers("person", index=True),
    column("token_hash", String(64), unique=True),
    column("language", String(2)),
    column("created_at", MOMENT),
    optional("revoked_at", MOMENT),
)

table(
    "audit_entry",
    identity(),
    may_refer("unit", index=True),
    may_refer("person"),
    column("at", MOMENT),
    column("what", String(64)),
    column("note", Text()),
    column("data", JSON()),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    column("search_key", String(160)),
    is_link(),
)

table(
    "roster",
    identity(),
    refers("unit"),
    refers("person", "created_by_id", index=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    column("file_name", String(160)),
    column("version", Integer()),
    column("notes", JSON()),
    column("lines", JSON()),
)
