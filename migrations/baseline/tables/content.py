"""Declare what a revision holds, and what the checks say of it."""

from schema_tools.columns import (
    MOMENT,
    WORD,
    column,
    content_line,
    identity,
    may_refer,
    one_of,
    optional,
    refers,
)
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)

from baseline.metadata import table

table(
    "target",
    *content_line(),
    refers("indicator"),
    refers("phase"),
    column("comparator", WORD),
    optional("value_min", BigInteger()),
    optional("value_max", BigInteger()),
    column("scope", WORD),
    column("counts_from", WORD),
    column("sum_kind", SmallInteger()),
    optional("numerator_code", String(40)),
    optional("denominator_code", String(40)),
    column("area_type", WORD),
    optional("parent_share_key", String(80)),
    column("wording", Text()),
    column("source_ref", String(160)),
    optional("own_order", Integer()),
    column("flags", JSON()),
    optional("counted", Integer()),
    optional("incomparable", Integer()),
    optional("in_range", Integer()),
    optional("said", JSON()),
    CheckConstraint(
        "sum_kind = CASE comparator WHEN 'eq' THEN 0 WHEN 'gte' THEN 1 WHEN 'gt' THEN 2"
        " WHEN 'lte' THEN 3 WHEN 'lt' THEN 4 WHEN 'between' THEN 5 WHEN 'maintain' THEN 6"
        " WHEN 'qualitative' THEN 7 END + CASE counts_from WHEN 'new' THEN 0"
        " WHEN 'cumulative' THEN 8 WHEN 'yearly' THEN 16 END"
        " + CASE WHEN scope = 'unit' THEN 0 ELSE 32 END",
        name="sum_kind_true",
    ),
    one_of("comparator", "eq", "gte", "gt", "lte", "lt", "between", "maintain", "qualitative"),
    one_of("scope", "unit", "per_district", "per_commune", "per_club", "per_member"),
    one_of("counts_from", "new", "cumulative", "yearly"),
    one_of(
        "area_type",
        "all",
        "lowland",
        "mountain",
        "ethnic_minority",
        "disadvantaged",
        "rural",
        "ward",
        "town",
    ),
    CheckConstraint(
        "(comparator IN ('lte', 'lt', 'qualitative')) = (value_min IS NULL)", name="has_min"
    ),
    CheckConstraint(
        "(comparator IN ('lte', 'lt', 'between')) = (value_max IS NOT NULL)", name="has_max"
    ),
    CheckConstraint("value_min IS NULL OR value_min >= 0", name="min_not_negative"),
    CheckConstraint(
        "value_max IS NULL OR value_max >= COALESCE(value_min, 0)", name="range_forward"
    ),
    Index(
        "ix_target_sum",
        "revision_id",
        "indicator_id",
        "phase_id",
        "sum_kind",
        "value_min",
        "value_max",
    ),
)

table(
    "section",
    *content_line(),
    column("ordinal", Integer()),
    column("title", String(200)),
    column("body", Text()),
)

table(
    "part_line",
    *content_line(),
    column("part", WORD),
    column("ordinal", Integer()),
    column("data", JSON()),
)

table(
    "receipt",
    refers("revision", primary_key=True),
    refers("unit", primary_key=True),
    may_refer("document"),
    optional("number", Integer()),
    optional("sha256", String(64)),
    CheckConstraint(
        "(document_id IS NULL) = (number IS NULL) AND (document_id IS NULL) = (sha256 IS NULL)",
        name="all_or_missing",
    ),
    Index(None, "document_id"),
)

table(
    "finding",
    identity(),
    refers("revision"),
    column("code", String(8)),
    column("severity", WORD),
    column("place", String(80)),
    column("said", JSON()),
    column("remedy", JSON()),
    column("found_at", MOMENT),
    one_of("severity", "error", "warning", "info"),
    Index(None, "revision_id"),
)

table(
    "explanation",
    identity(),
    refers("revision"),
    column("code", String(8)),
    column("place", String(80)),
    column("said", JSON()),
    column("text", Text()),
    refers("person"),
    column("given_at", MOMENT),
    column("person_name", String(160)),
    UniqueConstraint("revision_id", "code", "place"),
)

table(
    "unlocked_line",
    refers("revision", primary_key=True),
    column("line_key", String(80), primary_key=True),
    column("reason", Text()),
    may_refer("person"),
    column("unlocked_at", MOMENT),
    column("person_name", String(160)),
)
