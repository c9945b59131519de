"""Indexes by which the lists of a unit with thousands of units below stay quick.

Revision: 0007, after: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_document_unit_id_period_id", "document", ["unit_id", "period_id"])
    op.drop_index("ix_participation_parent_id", "participation")
    op.create_index(
        "ix_participation_parent_id_period_id", "participation", ["parent_id", "period_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_participation_parent_id_period_id", "participation")
    op.create_index("ix_participation_parent_id", "participation", ["parent_id"])
    op.drop_index("ix_document_unit_id_period_id", "document")
