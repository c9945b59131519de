"""Working days: what an administrator decides of single days, and the last day of each deadline.

Deadlines that stand keep the last day they had, when grace was counted in calendar days.

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

POLICIES = {
    "SELECT": "USING (true)",
    "INSERT": "WITH CHECK ((SELECT lth_is_system()))",
    "UPDATE": "USING ((SELECT lth_is_system()))",
    "DELETE": "USING ((SELECT lth_is_system()))",
}
_KEEP_LATEST = {
    "sqlite": "UPDATE deadline SET latest_on = date(due_on, '+' || grace_days || ' days')",
    "postgresql": "UPDATE deadline SET latest_on = due_on + grace_days",
}


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
    )
    dialect = op.get_context().dialect.name
    if dialect == "postgresql":
        _secure()
        op.execute("SELECT set_config('lth.sight', 'system', true)")  # the owner sees no rows else
    op.add_column("deadline", sa.Column("latest_on", sa.Date()))
    op.execute(_KEEP_LATEST[dialect])
    with op.batch_alter_table("deadline") as batch:
        batch.alter_column("latest_on", nullable=False)
        batch.create_check_constraint("grace_forward", "latest_on >= due_on")


def downgrade() -> None:
    with op.batch_alter_table("deadline") as batch:
        batch.drop_constraint("grace_forward", type_="check")
        batch.drop_column("latest_on")
    op.drop_table("calendar_day")


def _secure() -> None:
    op.execute("ALTER TABLE calendar_day ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE calendar_day FORCE ROW LEVEL SECURITY")
    for command, rule in POLICIES.items():
        name = f"calendar_day_{command.lower()}"
        op.execute(f"CREATE POLICY {name} ON calendar_day FOR {command} {rule}")
    role = op.get_context().opts["application_role"]
    quoted = op.get_context().dialect.identifier_preparer.quote(role)
    op.execute(f"REVOKE ALL ON calendar_day FROM {quoted}")
    op.execute(f"GRANT {', '.join(POLICIES)} ON calendar_day TO {quoted}")
