"""Units, people, programmes, and what units decide for themselves.

Constraints and indexes without a name get theirs from the convention of `lth.models.base`.

Revision: 0001, after: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PATH = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(24)

TABLES = (
    "unit",
    "unit_lineage",
    "office",
    "person",
    "credential",
    "role_assignment",
    "password_reset",
    "login_attempt",
    "audit_entry",
    "programme",
    "period",
    "phase",
    "area",
    "indicator",
    "participation",
    "unit_settings",
    "reception",
)


def upgrade() -> None:
    _units()
    _people()
    _sign_in()
    _programmes()
    _indicators()
    _settings()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _units() -> None:
    """Units, their lineage and their offices."""
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("level", WORD, nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("unit.id"), index=True),
        sa.Column("path", PATH, nullable=False, index=True),
        sa.Column("sort_key", sa.String(240), nullable=False),
        sa.Column("search_key", sa.String(160), nullable=False, index=True),
        sa.UniqueConstraint("parent_id", "type", "name", "valid_from"),
        sa.CheckConstraint("level IN ('commune', 'district', 'province')", name="level_known"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity_forward"),
        sa.Index(None, "level", "code"),
    )
    op.create_table(
        "unit_lineage",
        sa.Column("from_unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column(
            "to_unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True, index=True
        ),
        sa.Column("share", sa.String(8), nullable=False),
        sa.CheckConstraint("share IN ('whole', 'part')", name="share_known"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("function", WORD, nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.UniqueConstraint("unit_id", "name"),
        sa.CheckConstraint(
            "function IN ('social', 'finance', 'association', 'health', 'administration')",
            name="function_known",
        ),
    )


def _people() -> None:
    """People, apart from how they sign in, and the roles they hold."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("position", sa.String(160), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "credential",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(160)),
        sa.Column("session_serial", sa.Integer(), nullable=False),
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True
        ),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id")),
        sa.Column("office_id", sa.Integer(), sa.ForeignKey("office.id")),
        sa.Column("role", WORD, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("(role = 'system_admin') = (unit_id IS NULL)", name="has_place"),
        sa.CheckConstraint(
            "role IN ('clerk', 'leader', 'specialist', 'finance_appraiser', 'format_appraiser', "
            "'observer', 'unit_admin', 'system_admin')",
            name="role_known",
        ),
        sa.Index(None, "unit_id", "role"),
    )


def _sign_in() -> None:
    """What sign-in keeps, and the administrators' trail."""
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True
        ),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Index(None, "key", "at"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), index=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
    )


def _programmes() -> None:
    """Programme versions with their periods, phases and areas."""
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("name_vi", sa.String(300), nullable=False),
        sa.Column("name_en", sa.String(300), nullable=False),
        sa.Column("decision", sa.String(120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
    )
    op.create_table(
        "period",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("programme_id", "code"),
        sa.CheckConstraint("ends_on >= starts_on", name="forward"),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("period_id", "code"),
        sa.UniqueConstraint("period_id", "ordinal"),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(160), nullable=False),
        sa.Column("name_en", sa.String(160), nullable=False),
        sa.UniqueConstraint("programme_id", "code"),
    )


def _indicators() -> None:
    """The indicator catalogue of each programme version."""
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(24), nullable=False),
        sa.Column("label_vi", sa.String(160), nullable=False),
        sa.Column("label_en", sa.String(160), nullable=False),
        sa.Column("unit_vi", sa.String(40), nullable=False),
        sa.Column("unit_en", sa.String(40), nullable=False),
        sa.Column("measure", WORD, nullable=False),
        sa.Column("roll_up", WORD, nullable=False),
        sa.Column("numerator_code", sa.String(40)),
        sa.Column("denominator_code", sa.String(40)),
        sa.Column("threshold_min", sa.BigInteger()),
        sa.Column("threshold_max", sa.BigInteger()),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("help_vi", sa.Text(), nullable=False),
        sa.Column("help_en", sa.Text(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.UniqueConstraint("programme_id", "code"),
        sa.CheckConstraint(
            "measure IN ('count', 'percent', 'money', 'rate')", name="measure_known"
        ),
        sa.CheckConstraint(
            "roll_up IN ('sum', 'ratio', 'minimum', 'count_in_range', 'not_additive')",
            name="roll_up_known",
        ),
    )


def _settings() -> None:
    """Who takes part, and what units decide for themselves."""
    op.create_table(
        "participation",
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True, index=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("unit.id"), index=True),
        sa.Column("frozen_at", MOMENT),
    )
    op.create_table(
        "unit_settings",
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("clearance_needed", sa.Boolean(), nullable=False),
        sa.Column("leading_office_id", sa.Integer(), sa.ForeignKey("office.id")),
        sa.Column("required_opinions", sa.JSON(), nullable=False),
    )
    op.create_table(
        "reception",
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id"), primary_key=True),
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("mode", WORD, nullable=False),
        sa.CheckConstraint("mode IN ('approve', 'acknowledge', 'final')", name="mode_known"),
    )
