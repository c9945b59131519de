"""Deadlines that are chased and extended, and people who stand in for one another.

Of a document: what extension its unit asked for and what the next step said. Of a person: whether
mail reaches them as a digest; of a message: the digest that it went into. Delegations, with the
role that each one lends; personal calendar feeds; when the periodic jobs last ran. On PostgreSQL
units sort by the bytes of their keys, whatever the language of the cluster.

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("delegation", "calendar_feed", "job_run")

SYSTEM = "(SELECT lth_is_system())"
SYSTEM_ADMIN = "(SELECT lth_is_system_admin())"
ROLE = "(SELECT lth_role())"
OWN = "(SELECT lth_unit_id())"
WRITING = "(SELECT lth_writing_unit_id())"
ADMINISTERED = "(SELECT lth_administered_unit_id())"
ME = "(SELECT lth_person_id())"
PATH = "(SELECT lth_path())"

_DECIDES = f"unit_id = {OWN} AND {ROLE} IN ('leader', 'unit_admin')"

POLICIES = {
    "delegation": {
        "SELECT": f"{SYSTEM} OR {SYSTEM_ADMIN} OR unit_id = {OWN} OR receiver_id = {ME}",
        "INSERT": f"{SYSTEM} OR {_DECIDES} AND created_by_id = {ME}",
        "UPDATE": f"{SYSTEM} OR {_DECIDES}",
    },
    "calendar_feed": dict.fromkeys(("SELECT", "INSERT", "UPDATE"), f"{SYSTEM} OR person_id = {ME}"),
    "job_run": {
        "SELECT": f"{SYSTEM} OR {SYSTEM_ADMIN}",
        "INSERT": SYSTEM,
        "UPDATE": SYSTEM,
    },
}

DECIDED = (
    "unit_id",
    "giver_id",
    "receiver_id",
    "form",
    "subject",
    "programme_id",
    "number",
    "decided_on",
    "starts_on",
    "ends_on",
    "passed_on_from_id",
    "created_at",
    "created_by_id",
)
"""What of a delegation never changes; `ended_at` and `ended_by_id` are set once."""

DELIVERIES = "'held', 'waiting', 'sending', 'sent', 'failed', 'discarded'"

# A unit may set a day for its own people too: the same rule without "u.id <> setter_id".
_SET_BELOW = (
    "EXISTS (SELECT FROM unit AS u"
    f" WHERE u.id = deadline.unit_id AND u.path ^@ {PATH}{{except_own}} OFFSET 0)"
)
_DEADLINE = (
    f"{SYSTEM} OR {SYSTEM_ADMIN} OR setter_id = {ADMINISTERED}"
    f" AND (unit_id IS NULL OR {_SET_BELOW})"
)

# The next step answers a request for more time on what was never sent to it as well.
_PLAN_CHECK = (
    f"{SYSTEM} OR CASE {WRITING} WHEN unit_id THEN true"
    " WHEN next_unit_id THEN sent_number IS NOT NULL{or_asked} ELSE false END"
)


def upgrade() -> None:
    _new_tables()
    op.execute("ALTER TABLE document ADD COLUMN asked_until DATE")
    op.execute(
        "ALTER TABLE document ADD COLUMN asked_answer VARCHAR(24)"
        " CONSTRAINT ck_document_asked_answer_known CHECK (asked_answer IN ('granted', 'refused'))"
    )
    op.execute("ALTER TABLE document ADD COLUMN extended_until DATE")
    op.add_column("revision", sa.Column("signature", sa.JSON()))
    op.add_column(
        "person", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("role_assignment") as batch:
        batch.add_column(sa.Column("delegation_id", sa.Integer()))
        batch.create_foreign_key(
            "fk_role_assignment_delegation_id_delegation", "delegation", ["delegation_id"], ["id"]
        )
        batch.create_unique_constraint("uq_role_assignment_delegation_id", ["delegation_id"])
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("digest_id", sa.Integer()))
        batch.create_foreign_key("fk_outbox_digest_id_outbox", "outbox", ["digest_id"], ["id"])
        batch.create_index("ix_outbox_digest_id", ["digest_id"])
        batch.drop_constraint("delivery_known", type_="check")
        batch.create_check_constraint("delivery_known", f"delivery IN ({DELIVERIES}, 'bundled')")
        batch.create_check_constraint(
            "bundled_has_digest", "(delivery = 'bundled') = (digest_id IS NOT NULL)"
        )
    if _is_sqlite():
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    if _is_sqlite():
        for name in _sqlite_triggers():
            op.execute(f"DROP TRIGGER {name}")
    else:
        _unguard_postgresql()
    op.execute(
        "UPDATE outbox SET digest_id = NULL, delivery = 'discarded' WHERE delivery = 'bundled'"
    )
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint("bundled_has_digest", type_="check")
        batch.drop_constraint("delivery_known", type_="check")
        batch.create_check_constraint("delivery_known", f"delivery IN ({DELIVERIES})")
        batch.drop_index("ix_outbox_digest_id")
        batch.drop_constraint("fk_outbox_digest_id_outbox", type_="foreignkey")
        batch.drop_column("digest_id")
    op.execute("DELETE FROM role_assignment WHERE delegation_id IS NOT NULL")
    with op.batch_alter_table("role_assignment") as batch:
        batch.drop_constraint("uq_role_assignment_delegation_id", type_="unique")
        batch.drop_constraint("fk_role_assignment_delegation_id_delegation", type_="foreignkey")
        batch.drop_column("delegation_id")
    op.drop_column("person", "digest")
    op.drop_column("revision", "signature")
    for column in ("extended_until", "asked_answer", "asked_until"):
        op.execute(f"ALTER TABLE document DROP COLUMN {column}")
    for table in reversed(TABLES):
        op.drop_table(table)


def _new_tables() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("giver_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("receiver_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("form", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("programme.id")),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("passed_on_from_id", sa.Integer(), sa.ForeignKey("delegation.id")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.CheckConstraint(
            "form IN ('TM', 'KT', 'TM_KT', 'TL', 'TUQ', 'Q', 'HEAD')", name="form_known"
        ),
        sa.CheckConstraint("subject IN ('all', 'own', 'below')", name="subject_known"),
        sa.CheckConstraint("ends_on >= starts_on", name="forward"),
        sa.CheckConstraint("giver_id <> receiver_id", name="between_two"),
        sa.CheckConstraint("form IN ('KT', 'TL', 'TUQ', 'Q')", name="form_delegated"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="end_has_person"),
    )
    op.create_index("ix_delegation_receiver_id", "delegation", ["receiver_id"])
    op.create_index("ix_delegation_unit_id_ends_on", "delegation", ["unit_id", "ends_on"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_calendar_feed_person_id", "calendar_feed", ["person_id"])
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(24), primary_key=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
    )


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _differs(columns: tuple[str, ...], how: str) -> str:
    return " OR ".join(f"OLD.{name} {how} NEW.{name}" for name in columns)


_ENDED = "delegation: what is decided is never rewritten, and ends once"
_GONE = "delegation: what was decided stays"
_SIGNED = "revision: what is issued keeps its signature"


def _sqlite_triggers() -> dict[str, str]:
    """What each trigger does, by its name."""
    again = (
        "(OLD.ended_at IS NOT NULL AND (" + _differs(("ended_at", "ended_by_id"), "IS NOT") + "))"
    )
    return {
        "delegation_never_rewritten": (
            f"UPDATE ON delegation WHEN {_differs(DECIDED, 'IS NOT')} OR {again}"
            f" BEGIN SELECT RAISE(ABORT, '{_ENDED}'); END"
        ),
        "delegation_never_goes": (
            f"DELETE ON delegation BEGIN SELECT RAISE(ABORT, '{_GONE}'); END"
        ),
        "revision_keeps_its_block": (
            "UPDATE OF signature ON revision"
            " WHEN OLD.issued_at IS NOT NULL AND NEW.issued_at IS NOT NULL"
            " AND OLD.signature IS NOT NEW.signature"
            f" BEGIN SELECT RAISE(ABORT, '{_SIGNED}'); END"
        ),
    }


def _guard_sqlite() -> None:
    for name, statement in _sqlite_triggers().items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {statement}")


def _guard_postgresql() -> None:
    again = _differs(("ended_at", "ended_by_id"), "IS DISTINCT FROM")
    op.execute(
        "CREATE TRIGGER delegation_never_rewritten BEFORE UPDATE ON delegation FOR EACH ROW"
        f" WHEN ({_differs(DECIDED, 'IS DISTINCT FROM')} OR OLD.ended_at IS NOT NULL AND ({again}))"
        f" EXECUTE FUNCTION lth_refuse('{_ENDED}')"
    )
    op.execute(
        "CREATE TRIGGER delegation_never_goes BEFORE DELETE ON delegation FOR EACH ROW"
        f" EXECUTE FUNCTION lth_refuse('{_GONE}')"
    )
    op.execute(
        "CREATE TRIGGER revision_keeps_its_block BEFORE UPDATE OF signature ON revision"
        " FOR EACH ROW WHEN (OLD.issued_at IS NOT NULL AND NEW.issued_at IS NOT NULL"
        " AND OLD.signature::text IS DISTINCT FROM NEW.signature::text)"
        f" EXECUTE FUNCTION lth_refuse('{_SIGNED}')"
    )
    op.execute(
        "CREATE TRIGGER revision_signature_by_own_unit BEFORE UPDATE OF signature"
        " ON revision FOR EACH ROW WHEN (OLD.unit_id <> lth_unit_id())"
        " EXECUTE FUNCTION lth_refuse('revision: this is for its own unit to change')"
    )
    op.execute(
        "CREATE TRIGGER document_extended_from_above BEFORE UPDATE OF extended_until ON document"
        " FOR EACH ROW WHEN (OLD.unit_id = lth_unit_id()"
        " AND OLD.extended_until IS DISTINCT FROM NEW.extended_until)"
        " EXECUTE FUNCTION lth_refuse('document: only the next step extends its time')"
    )
    role = _application_role()
    for table, conditions in POLICIES.items():
        _secure(table, conditions)
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
        op.execute(f"GRANT {', '.join(conditions)} ON {table} TO {role}")
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
    op.execute('ALTER TABLE unit ALTER COLUMN sort_key TYPE VARCHAR(240) COLLATE "C"')
    _deadlines_set_by(_DEADLINE.format(except_own=""))
    _check_document(_PLAN_CHECK.format(or_asked=" OR asked_until IS NOT NULL"))


def _unguard_postgresql() -> None:
    _check_document(_PLAN_CHECK.format(or_asked=""))
    op.execute('ALTER TABLE unit ALTER COLUMN sort_key TYPE VARCHAR(240) COLLATE "default"')
    op.execute("SELECT set_config('lth.sight', 'system', true)")  # the owner sees no rows else
    op.execute("DELETE FROM deadline WHERE unit_id = setter_id")
    _deadlines_set_by(_DEADLINE.format(except_own=" AND u.id <> setter_id"))
    for name, table in (
        ("document_extended_from_above", "document"),
        ("revision_signature_by_own_unit", "revision"),
        ("revision_keeps_its_block", "revision"),
    ):
        op.execute(f"DROP TRIGGER {name} ON {table}")


def _deadlines_set_by(rule: str) -> None:
    for command in ("INSERT", "UPDATE", "DELETE"):
        clause = f"WITH CHECK ({rule})" if command == "INSERT" else f"USING ({rule})"
        op.execute(f"DROP POLICY deadline_{command.lower()} ON deadline")
        op.execute(f"CREATE POLICY deadline_{command.lower()} ON deadline FOR {command} {clause}")


def _check_document(rule: str) -> None:
    op.execute(f"ALTER POLICY document_update ON document WITH CHECK ({rule})")


def _secure(table: str, conditions: dict[str, str]) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for command, rule in conditions.items():
        clause = f"WITH CHECK ({rule})" if command == "INSERT" else f"USING ({rule})"
        op.execute(f"CREATE POLICY {table}_{command.lower()} ON {table} FOR {command} {clause}")


def _application_role() -> str:
    """The role of LTH_DATABASE_URL, quoted."""
    role = op.get_context().opts["application_role"]
    return op.get_context().dialect.identifier_preparer.quote(role)
