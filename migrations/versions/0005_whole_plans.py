"""All parts of a document, what the checks say of it, and the talk over quotas.

Constraints without a name get theirs from the convention of `lth.models.base`.

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(24)

TABLES = (
    "part_line",
    "finding",
    "explanation",
    "check_switch",
    "unlocked_line",
    "allotment",
    "quota_move",
)


def upgrade() -> None:
    _parts()
    _findings()
    _quotas()
    _answers()


def downgrade() -> None:
    op.execute("ALTER TABLE remark DROP COLUMN answered_as")
    op.drop_column("participation", "older_population")
    for table in reversed(TABLES):
        op.drop_table(table)


def _words(column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _parts() -> None:
    op.create_table(
        "part_line",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), nullable=False),
        sa.Column("line_key", sa.String(80), nullable=False),
        sa.Column("part", WORD, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("edited_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("revision_id", "line_key"),
        _words(
            "part",
            "header",
            "paper",
            "basis",
            "recipient",
            "definition",
            "baseline",
            "budget",
            "task",
            "duty",
            "reporting",
        ),
    )


def _findings() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "revision_id",
            sa.Integer(),
            sa.ForeignKey("revision.id"),
            nullable=False,
            index=True,
        ),
        _text("code", 8),
        sa.Column("severity", WORD, nullable=False),
        _text("place", 80),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("remedy", sa.JSON(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        _words("severity", "error", "warning", "info"),
    )
    op.create_table(
        "explanation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), nullable=False),
        _text("code", 8),
        _text("place", 80),
        sa.Column("said", sa.JSON(), nullable=False),
        _text("text"),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.UniqueConstraint("revision_id", "code", "place"),
    )
    op.create_table(
        "check_switch",
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("code", sa.String(8), primary_key=True),
        _text("reason"),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("switched_at", MOMENT, nullable=False),
    )
    op.create_table(
        "unlocked_line",
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), primary_key=True),
        sa.Column("line_key", sa.String(80), primary_key=True),
        _text("reason"),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("unlocked_at", MOMENT, nullable=False),
    )


def _quotas() -> None:
    op.create_table(
        "allotment",
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), primary_key=True),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), primary_key=True),
        sa.Column("phase_id", sa.Integer(), sa.ForeignKey("phase.id"), primary_key=True),
        sa.Column("rule", WORD, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reply_by", sa.Date()),
        sa.Column("handed_at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        _words("rule", "equal", "older_population", "communes", "last_result", "by_hand"),
        sa.CheckConstraint("total >= 0", name="not_negative"),
    )
    op.create_table(
        "quota_move",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("quota_id", sa.Integer(), sa.ForeignKey("quota.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("move", WORD, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        _text("reason"),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("quota_id", "seq"),
        _words("move", "hand_down", "accept", "counter", "grant", "keep", "adjust"),
        sa.CheckConstraint("value >= 0", name="not_negative"),
    )
    op.add_column("participation", sa.Column("older_population", sa.Integer()))


def _answers() -> None:
    """In plain SQL: SQLite adds a column with its check only so, and keeps the triggers."""
    op.execute(
        "ALTER TABLE remark ADD COLUMN answered_as VARCHAR(24)"
        " CONSTRAINT ck_remark_answered_as_known CHECK (answered_as IN ('changed', 'explained'))"
    )
