"""Plans, revisions and their content, the trail, the mail, quotas and deadlines.

Constraints and indexes without a name get theirs from the convention of `lth.models.base`.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PATH = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(24)

TABLES = (
    "document",
    "document_step",
    "revision",
    "revision_editor",
    "target",
    "section",
    "receipt",
    "opinion",
    "remark",
    "event",
    "outbox",
    "quota",
    "deadline",
)


def upgrade() -> None:
    _plans()
    _revisions()
    _targets()
    _content()
    _appraisal()
    _trail()
    _mail()
    _assignments()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _plans() -> None:
    """Documents and their roads."""
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("unit_path", PATH, nullable=False, index=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column(
            "period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False, index=True
        ),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("subperiod", WORD, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("status_since", MOMENT, nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("mode", WORD, nullable=False),
        sa.Column("next_unit_id", sa.Integer(), sa.ForeignKey("unit.id")),
        sa.Column("feeds_synthesis", sa.Boolean(), nullable=False),
        sa.Column("head_number", sa.Integer(), nullable=False),
        sa.Column("sent_number", sa.Integer()),
        sa.Column("released_number", sa.Integer()),
        sa.Column("in_force_number", sa.Integer()),
        sa.Column("cleared_from", WORD),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.CheckConstraint(
            "status <> 'approved' OR released_number IS NOT NULL", name="approved_has_revision"
        ),
        sa.CheckConstraint("(next_unit_id IS NULL) = (mode = 'final')", name="final_has_no_next"),
        sa.CheckConstraint(
            "status <> 'issued' OR in_force_number IS NOT NULL", name="issued_has_revision"
        ),
        sa.CheckConstraint("mode IN ('approve', 'acknowledge', 'final')", name="mode_known"),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'review') OR sent_number IS NOT NULL",
            name="sent_has_revision",
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'clearance', 'submitted', 'review', 'returned', 'approved', "
            "'issued', 'revoked')",
            name="status_known",
        ),
        sa.Index(None, "next_unit_id", "period_id", "status"),
        sa.Index(
            "uq_document_live",
            "unit_id",
            "period_id",
            "kind",
            "subperiod",
            unique=True,
            sqlite_where=sa.text("status <> 'revoked'"),
            postgresql_where=sa.text("status <> 'revoked'"),
        ),
    )
    op.create_table(
        "document_step",
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), primary_key=True),
        sa.Column("ordinal", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False, index=True),
        sa.Column("mode", WORD, nullable=False),
        sa.CheckConstraint("mode IN ('approve', 'acknowledge', 'final')", name="mode_known"),
    )


def _revisions() -> None:
    """Numbered revisions and who edited them."""
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("unit_path", PATH, nullable=False, index=True),
        sa.Column("next_unit_id", sa.Integer(), sa.ForeignKey("unit.id")),
        sa.Column("based_on_number", sa.Integer()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edit_count", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("frozen_at", MOMENT),
        sa.Column("sha256", sa.String(64)),
        sa.Column("submitted_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("released_at", MOMENT),
        sa.Column("taken_over_at", MOMENT),
        sa.Column("issued_at", MOMENT),
        sa.Column("document_number", sa.String(40)),
        sa.Column("issued_on", sa.Date()),
        sa.Column("sign_form", WORD),
        sa.Column("signed_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("document_id", "number"),
        sa.CheckConstraint("(frozen_at IS NULL) = (sha256 IS NULL)", name="frozen_is_hashed"),
        sa.CheckConstraint(
            "issued_at IS NULL OR (frozen_at IS NOT NULL AND document_number IS NOT NULL AND "
            "issued_on IS NOT NULL AND sign_form IS NOT NULL)",
            name="issued_is_signed",
        ),
        sa.CheckConstraint("submitted_at IS NULL OR frozen_at IS NOT NULL", name="sent_is_frozen"),
        sa.CheckConstraint(
            "sign_form IN ('TM', 'KT', 'TM_KT', 'TL', 'TUQ', 'Q', 'HEAD')", name="sign_form_known"
        ),
    )
    op.create_table(
        "revision_editor",
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
    )


def _targets() -> None:
    """Targets: the figures of a revision."""
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), nullable=False),
        sa.Column("line_key", sa.String(80), nullable=False),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("phase_id", sa.Integer(), sa.ForeignKey("phase.id"), nullable=False),
        sa.Column("comparator", WORD, nullable=False),
        sa.Column("value_min", sa.BigInteger()),
        sa.Column("value_max", sa.BigInteger()),
        sa.Column("scope", WORD, nullable=False),
        sa.Column("counts_from", WORD, nullable=False),
        sa.Column("sum_kind", sa.SmallInteger(), nullable=False),
        sa.Column("numerator_code", sa.String(40)),
        sa.Column("denominator_code", sa.String(40)),
        sa.Column("area_type", WORD, nullable=False),
        sa.Column("parent_share_key", sa.String(80)),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.String(160), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("counted", sa.Integer()),
        sa.Column("incomparable", sa.Integer()),
        sa.Column("in_range", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("edited_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("revision_id", "line_key"),
        sa.CheckConstraint("area_type IN ('all', 'lowland', 'mountain')", name="area_type_known"),
        sa.CheckConstraint(
            "comparator IN ('eq', 'gte', 'gt', 'lte', 'lt', 'between', 'maintain', 'qualitative')",
            name="comparator_known",
        ),
        sa.CheckConstraint(
            "counts_from IN ('new', 'cumulative', 'yearly')", name="counts_from_known"
        ),
        sa.CheckConstraint(
            "(comparator IN ('lte', 'lt', 'between')) = (value_max IS NOT NULL)", name="has_max"
        ),
        sa.CheckConstraint(
            "(comparator IN ('lte', 'lt', 'qualitative')) = (value_min IS NULL)", name="has_min"
        ),
        sa.CheckConstraint(
            "sum_kind = CASE comparator WHEN 'eq' THEN 0 WHEN 'gte' THEN 1 WHEN 'gt' THEN 2"
            " WHEN 'lte' THEN 3 WHEN 'lt' THEN 4 WHEN 'between' THEN 5 WHEN 'maintain' THEN 6"
            " WHEN 'qualitative' THEN 7 END + CASE counts_from WHEN 'new' THEN 0"
            " WHEN 'cumulative' THEN 8 WHEN 'yearly' THEN 16 END"
            " + CASE WHEN scope = 'unit' THEN 0 ELSE 32 END",
            name="sum_kind_true",
        ),
        sa.CheckConstraint("value_min IS NULL OR value_min >= 0", name="min_not_negative"),
        sa.CheckConstraint(
            "value_max IS NULL OR value_max >= COALESCE(value_min, 0)", name="range_forward"
        ),
        sa.CheckConstraint(
            "scope IN ('unit', 'per_commune', 'per_club', 'per_member')", name="scope_known"
        ),
        sa.Index(
            "ix_target_sum",
            "revision_id",
            "indicator_id",
            "phase_id",
            "sum_kind",
            "value_min",
            "value_max",
        ),
    )


def _content() -> None:
    """What else a revision holds: sections, and the receipt of a synthesis."""
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), nullable=False),
        sa.Column("line_key", sa.String(80), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("edited_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.UniqueConstraint("revision_id", "line_key"),
    )
    op.create_table(
        "receipt",
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), index=True),
        sa.Column("number", sa.Integer()),
        sa.Column("sha256", sa.String(64)),
        sa.CheckConstraint(
            "(document_id IS NULL) = (number IS NULL) AND (document_id IS NULL) = (sha256 IS NULL)",
            name="all_or_missing",
        ),
    )


def _appraisal() -> None:
    """Opinions and pinned remarks."""
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision_id", sa.Integer(), sa.ForeignKey("revision.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("aspect", WORD, nullable=False),
        sa.Column("verdict", WORD, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.UniqueConstraint("revision_id", "person_id"),
        sa.CheckConstraint("aspect IN ('content', 'finance', 'format')", name="aspect_known"),
        sa.CheckConstraint("verdict <> 'disagree' OR text <> ''", name="no_needs_reason"),
        sa.CheckConstraint("verdict IN ('agree', 'disagree')", name="verdict_known"),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "revision_id",
            sa.Integer(),
            sa.ForeignKey("revision.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("line_key", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("answered_at", MOMENT),
        sa.CheckConstraint("answer <> '' OR answered_at IS NULL", name="answer_has_text"),
    )


def _trail() -> None:
    """The trail of acts."""
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("from_status", WORD),
        sa.Column("to_status", WORD, nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("role", WORD, nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.UniqueConstraint("document_id", "seq"),
    )


def _mail() -> None:
    """Mail that waits to go out."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("event.id")),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True
        ),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("dedupe", sa.String(120), unique=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(120)),
        sa.Column("delivery", WORD, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.UniqueConstraint("event_id", "person_id", "kind"),
        sa.CheckConstraint(
            "delivery IN ('held', 'waiting', 'sending', 'sent', 'failed', 'discarded')",
            name="delivery_known",
        ),
        sa.CheckConstraint(
            "delivery <> 'sending' OR leased_until IS NOT NULL", name="lease_has_end"
        ),
        sa.CheckConstraint("delivery <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        sa.Index(None, "delivery", "due_at"),
    )


def _assignments() -> None:
    """What is handed down: quotas and deadlines."""
    op.create_table(
        "quota",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False, index=True),
        sa.Column("indicator_id", sa.Integer(), sa.ForeignKey("indicator.id"), nullable=False),
        sa.Column("phase_id", sa.Integer(), sa.ForeignKey("phase.id"), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("document_id", "unit_id", "indicator_id", "phase_id"),
        sa.CheckConstraint("value >= 0", name="not_negative"),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("setter_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False, index=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), index=True),
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("period.id"), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("last_correction_on", sa.Date()),
        sa.UniqueConstraint("setter_id", "unit_id", "period_id", "kind"),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 60", name="grace_sane"),
        sa.CheckConstraint(
            "last_correction_on IS NULL OR last_correction_on >= due_on", name="window_forward"
        ),
    )
