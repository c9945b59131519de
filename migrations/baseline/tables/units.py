"""Declare units, what they decide for themselves, and the days that bind them."""

from schema_tools.columns import (
    PATH,
    SORT_KEY,
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
    UniqueConstraint,
    false,
)

from baseline.metadata import table

table(
    "unit",
    identity(),
    column("level", WORD),
    column("type", String(24)),
    column("name", String(120)),
    column("code", String(8)),
    column("valid_from", Date()),
    optional("valid_to", Date()),
    may_refer("unit", "parent_id", index=True),
    column("path", PATH, index=True),
    column("sort_key", SORT_KEY),
    column("search_key", String(160), index=True),
    one_of("level", "commune", "district", "province"),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity_forward"),
    UniqueConstraint("parent_id", "type", "name", "valid_from"),
    Index(None, "level", "code"),
)

table(
    "unit_lineage",
    refers("unit", "from_unit_id", primary_key=True),
    refers("unit", "to_unit_id", primary_key=True, index=True),
    column("share", String(8)),
    one_of("share", "whole", "part"),
)

table(
    "office",
    identity(),
    refers("unit"),
    column("function", WORD),
    column("name", String(160)),
    column("sort_key", SORT_KEY),
    one_of("function", "social", "finance", "association", "health", "administration"),
    UniqueConstraint("unit_id", "name"),
)

table(
    "unit_settings",
    refers("unit", primary_key=True),
    column("clearance_needed", Boolean()),
    may_refer("office", "leading_office_id"),
    column("required_opinions", JSON()),
    column("own", Boolean()),
    may_refer("unit", "from_unit_id"),
    optional("for_below", JSON()),
    column("second_factor_required", Boolean(), server_default=false()),
)

table(
    "reception",
    refers("unit", primary_key=True),
    refers("programme", primary_key=True),
    column("kind", WORD, primary_key=True),
    column("mode", WORD),
    one_of("mode", "approve", "acknowledge", "final"),
)

table(
    "deadline",
    identity(),
    refers("unit", "setter_id", index=True),
    may_refer("unit", index=True),
    refers("period"),
    column("kind", WORD),
    column("due_on", Date()),
    column("grace_days", Integer()),
    column("latest_on", Date()),
    optional("last_correction_on", Date()),
    UniqueConstraint("setter_id", "unit_id", "period_id", "kind"),
    CheckConstraint("grace_days BETWEEN 0 AND 60", name="grace_sane"),
    CheckConstraint("latest_on >= due_on", name="grace_forward"),
    CheckConstraint(
        "last_correction_on IS NULL OR last_correction_on >= due_on", name="window_forward"
    ),
)

table(
    "calendar_day",
    column("day", Date(), primary_key=True),
    column("works", Boolean()),
    column("name", String(160)),
)
