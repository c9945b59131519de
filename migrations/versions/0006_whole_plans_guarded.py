"""The rules of 0003 and 0004 for what 0005 added: frozen content stays, and who sees which row.

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CONTENT = (
    "part_line",
    "finding",
    "explanation",
    "unlocked_line",
)
"""What lies in a revision: written while it is open, read by whoever sees it."""

LEDGER = "quota_move"

SYSTEM = "(SELECT lth_is_system())"
SYSTEM_ADMIN = "(SELECT lth_is_system_admin())"
WRITING = "(SELECT lth_writing_unit_id())"
ADMINISTERED = "(SELECT lth_administered_unit_id())"
ME = "(SELECT lth_person_id())"
PATH = "(SELECT lth_path())"

_FROZEN = "EXISTS (SELECT 1 FROM revision WHERE id IN ({ids}) AND frozen_at IS NOT NULL)"


def _there(table: str, condition: str) -> str:
    """A row elsewhere, looked up by its key for this row alone (as in 0004)."""
    return f"EXISTS (SELECT FROM {table} WHERE {condition} OFFSET 0)"


def _content(table: str) -> dict[str, str]:
    seen = _there("revision AS r", f"r.id = {table}.revision_id")
    written = _there(
        "revision AS r",
        f"r.id = {table}.revision_id AND r.unit_id = {WRITING} AND r.frozen_at IS NULL",
    )
    return {"SELECT": f"{SYSTEM} OR {seen}"} | dict.fromkeys(
        ("INSERT", "UPDATE", "DELETE"), f"{SYSTEM} OR {written}"
    )


_NEAR = _there(
    "unit AS u", f"u.id = check_switch.unit_id AND (u.path ^@ {PATH} OR {PATH} ^@ u.path)"
)
_BY_ADMINISTRATOR = f"{SYSTEM} OR {SYSTEM_ADMIN} OR unit_id = {ADMINISTERED}"
_GIVEN = _there("document AS p", "p.id = allotment.document_id")
_BY_GIVER = f"{SYSTEM} OR " + _there(
    "document AS p", f"p.id = allotment.document_id AND p.unit_id = {WRITING}"
)
_OF_A_QUOTA = _there("quota AS q", "q.id = quota_move.quota_id")

# The unit below answers, the giver does the rest.
_IN_TURN = _there(
    "quota AS q JOIN document AS p ON p.id = q.document_id",
    "q.id = quota_move.quota_id AND"
    " CASE WHEN quota_move.move IN ('accept', 'counter') THEN q.unit_id ELSE p.unit_id END"
    f" = {WRITING}",
)

POLICIES = {table: _content(table) for table in CONTENT} | {
    "check_switch": {
        "SELECT": f"{SYSTEM} OR {SYSTEM_ADMIN} OR {_NEAR}",
        "INSERT": _BY_ADMINISTRATOR,
        "UPDATE": _BY_ADMINISTRATOR,
        "DELETE": _BY_ADMINISTRATOR,
    },
    "allotment": {
        "SELECT": f"{SYSTEM} OR {_GIVEN}",
        "INSERT": _BY_GIVER,
        "UPDATE": _BY_GIVER,
        "DELETE": _BY_GIVER,
    },
    LEDGER: {
        "SELECT": f"{SYSTEM} OR {_OF_A_QUOTA}",
        "INSERT": f"{SYSTEM} OR unit_id = {WRITING} AND person_id = {ME} AND {_IN_TURN}",
    },
}


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name, statement in _sqlite_triggers().items():
            op.execute(f"CREATE TRIGGER {name} BEFORE {statement}")
        return
    for table in CONTENT:
        op.execute(
            f"CREATE TRIGGER {table}_in_open_revision BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION lth_content_in_open_revision()"
        )
    for verb, name in (("UPDATE", "never_changes"), ("DELETE", "never_goes")):
        op.execute(
            f"CREATE TRIGGER {LEDGER}_{name} BEFORE {verb} ON {LEDGER} FOR EACH ROW"
            f" EXECUTE FUNCTION lth_refuse('{LEDGER}: rows are added, never changed or removed')"
        )
    role = _application_role()
    for table, conditions in POLICIES.items():
        _secure(table, conditions)
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
        op.execute(f"GRANT {', '.join(conditions)} ON {table} TO {role}")
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name in _sqlite_triggers():
            op.execute(f"DROP TRIGGER {name}")
        return
    role = _application_role()
    for table, conditions in POLICIES.items():
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
        for command in conditions:
            op.execute(f"DROP POLICY {table}_{command.lower()} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in CONTENT:
        op.execute(f"DROP TRIGGER {table}_in_open_revision ON {table}")
    for name in ("never_changes", "never_goes"):
        op.execute(f"DROP TRIGGER {LEDGER}_{name} ON {LEDGER}")


def _sqlite_triggers() -> dict[str, str]:
    """What each trigger does, by its name."""
    touched = {"INSERT": "NEW.revision_id", "DELETE": "OLD.revision_id"}
    touched["UPDATE"] = f"{touched['INSERT']}, {touched['DELETE']}"
    made = {
        f"{table}_in_open_revision_{verb.lower()}": (
            f"{verb} ON {table} WHEN {_FROZEN.format(ids=ids)}"
            f" BEGIN SELECT RAISE(ABORT, '{table}: its revision is frozen'); END"
        )
        for table in CONTENT
        for verb, ids in touched.items()
    }
    for verb, name in (("UPDATE", "never_changes"), ("DELETE", "never_goes")):
        made[f"{LEDGER}_{name}"] = (
            f"{verb} ON {LEDGER}"
            f" BEGIN SELECT RAISE(ABORT, '{LEDGER}: rows are added, never changed or removed'); END"
        )
    return made


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
