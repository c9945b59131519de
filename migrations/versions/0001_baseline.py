"""Create the tables, keep what stands in them, and open them to the application.

What is made is declared in `migrations/baseline`.

Revision: baseline, after: nothing
"""

from alembic import op
from baseline import functions
from baseline.protection import PROTECTION
from baseline.tables import METADATA
from schema_tools.policies import grant
from schema_tools.protection import protect

revision = "baseline"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    METADATA.create_all(op.get_bind(), checkfirst=False)
    if _is_postgresql():
        functions.create()
        grant("SELECT", "alembic_version")
    protect({name: PROTECTION[name] for name in METADATA.tables})


def downgrade() -> None:
    if _is_postgresql():
        op.execute(f"DROP TABLE {', '.join(METADATA.tables)}")  # their policies read one another
        functions.drop()
    else:
        METADATA.drop_all(op.get_bind(), checkfirst=False)


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
