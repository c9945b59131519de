"""Declare reporting regimes with their windows, and what a report says."""

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
    "report_regime",
    identity(),
    refers("unit"),
    refers("programme"),
    column("name", String(200)),
    column("frequency", WORD),
    column("basis", WORD),
    column("content", Text()),
    column("recipients", Text()),
    column("source", String(300)),
    column("commune_days", Integer()),
    column("district_days", Integer()),
    column("province_days", Integer()),
    column("indicators", JSON()),
    optional("opens_before", Integer()),
    may_refer("document"),
    column("line_key", String(80)),
    column("version", Integer()),
    column("created_at", MOMENT),
    optional("ended_on", Date()),
    one_of(
        "frequency",
        *("monthly", "quarterly", "half_year", "nine_months", "yearly", "phase", "ad_hoc"),
    ),
    one_of("basis", "decree", "calendar"),
    CheckConstraint(
        "commune_days BETWEEN 0 AND 60 AND district_days BETWEEN 0 AND 60"
        " AND province_days BETWEEN 0 AND 60",
        name="days_sane",
    ),
    CheckConstraint("opens_before BETWEEN 0 AND 366", name="opens_sane"),
    Index(None, "unit_id", "programme_id"),
)

table(
    "report_window",
    identity(),
    refers("report_regime", "regime_id"),
    refers("unit"),
    refers("period"),
    refers("period", "plan_period_id"),
    column("own_due_on", Date()),
    column("opened_at", MOMENT),
    may_refer("person"),
    column("person_name", String(160)),
    UniqueConstraint("regime_id", "period_id"),
    Index(None, "period_id"),
)

table(
    "report_value",
    *content_line(),
    refers("indicator"),
    column("reported", WORD),
    optional("value", BigInteger()),
    optional("cumulative", BigInteger()),
    optional("from_books", BigInteger()),
    column("reason", Text()),
    optional("counted", Integer()),
    optional("nils", Integer()),
    optional("not_applicable", Integer()),
    optional("missing", Integer()),
    optional("least", BigInteger()),
    optional("said", JSON()),
    one_of("reported", "value", "nil", "not_applicable"),
    CheckConstraint("(reported = 'value') = (value IS NOT NULL)", name="has_value"),
    CheckConstraint("value IS NULL OR value >= 0", name="not_negative"),
    Index(
        "ix_report_value_sum",
        "revision_id",
        "indicator_id",
        "reported",
        "value",
        "cumulative",
    ),
    Index(
        "ix_report_value_gap",
        "revision_id",
        "reported",
        "indicator_id",
        sqlite_where=text("reported = 'not_applicable'"),
        postgresql_where=text("reported = 'not_applicable'"),
    ),
)

table(
    "report_item",
    *content_line(),
    column("kind", WORD),
    column("ordinal", Integer()),
    column("text", Text()),
    optional("level", WORD),
    one_of("kind", "difficulty", "request", "commendation"),
    one_of("level", "commune", "district", "province"),
)
