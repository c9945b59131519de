"""Declare programme versions with what they own, and who takes part in them."""

from schema_tools.columns import MOMENT, WORD, column, identity, may_refer, one_of, optional, refers
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
)

from baseline.metadata import table

table(
    "programme",
    identity(),
    column("code", String(16), unique=True),
    column("name_vi", String(300)),
    column("name_en", String(300)),
    column("decision", String(120)),
    column("starts_on", Date()),
    column("ends_on", Date()),
    column("sections", JSON()),
    column("area_types", JSON()),
)

table(
    "period",
    identity(),
    refers("programme"),
    column("code", String(16)),
    column("use", WORD),
    column("starts_on", Date()),
    column("ends_on", Date()),
    one_of("use", "plan", "report", "review"),
    UniqueConstraint("programme_id", "code"),
    CheckConstraint("ends_on >= starts_on", name="forward"),
)

table(
    "phase",
    identity(),
    may_refer("period"),
    may_refer("period", "whole_of_id", unique=True),
    column("ordinal", Integer()),
    column("code", String(16)),
    column("starts_on", Date()),
    column("ends_on", Date()),
    UniqueConstraint("period_id", "ordinal"),
    UniqueConstraint("period_id", "code"),
    CheckConstraint("(period_id IS NULL) = (whole_of_id IS NOT NULL)", name="part_or_whole"),
)

table(
    "area",
    identity(),
    refers("programme"),
    column("code", String(24)),
    column("ordinal", Integer()),
    column("name_vi", String(160)),
    column("name_en", String(160)),
    UniqueConstraint("programme_id", "code"),
)

table(
    "indicator",
    identity(),
    refers("programme"),
    column("code", String(40)),
    column("ordinal", Integer()),
    column("topic", String(24)),
    column("label_vi", String(160)),
    column("label_en", String(160)),
    column("unit_vi", String(40)),
    column("unit_en", String(40)),
    column("measure", WORD),
    column("roll_up", WORD),
    optional("numerator_code", String(40)),
    optional("denominator_code", String(40)),
    optional("threshold_min", BigInteger()),
    optional("threshold_max", BigInteger()),
    column("required", Boolean()),
    column("help_vi", Text()),
    column("help_en", Text()),
    column("extra", JSON()),
    UniqueConstraint("programme_id", "code"),
    one_of("measure", "count", "percent", "money", "rate"),
    one_of("roll_up", "sum", "ratio", "minimum", "count_in_range", "not_additive"),
)

table(
    "participation",
    refers("period", primary_key=True),
    refers("unit", primary_key=True, index=True),
    may_refer("unit", "parent_id"),
    optional("frozen_at", MOMENT),
    optional("older_population", Integer()),
    optional("joined_on", Date()),
    optional("left_on", Date()),
    Index(None, "parent_id", "period_id"),
)

table(
    "participation_move",
    identity(),
    refers("period"),
    refers("unit", index=True),
    may_refer("unit", "parent_id"),
    column("act", WORD),
    column("moved_on", Date()),
    column("reason", Text()),
    column("after_freeze", Boolean()),
    column("at", MOMENT),
    may_refer("person"),
    column("person_name", String(160)),
    one_of("act", "join", "leave"),
    Index(None, "period_id", "parent_id"),
)
