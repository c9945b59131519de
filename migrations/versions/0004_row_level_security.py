"""PostgreSQL: who may read and write which row, the same rules as `lth/access/scope.py`.

The application tells the database in each transaction for whom it works (`scope.bind`); without
that nothing of any tenant is visible. The policies are forced, so that they bind the owner of the
tables too. The application's role gets, table by table, the commands that have a policy, and
nothing else; a table that a later migration adds is out of its reach until that migration says.

Revision: 0004, after: 0003
"""

from string import Template

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What the scope is, from the settings of the transaction. A setting that was never made is NULL,
# one of an earlier transaction is empty; either way every comparison with it fails.
FUNCTIONS = {
    "lth_sight() RETURNS text": "current_setting('lth.sight', true)",
    "lth_role() RETURNS text": "current_setting('lth.role', true)",
    "lth_path() RETURNS text": "NULLIF(current_setting('lth.path', true), '')",
    "lth_path_end() RETURNS text": "left(lth_path(), -1) || '/'",
    "lth_unit_id() RETURNS integer": (
        "NULLIF(NULLIF(current_setting('lth.unit_id', true), ''), '0')::integer"
    ),
    "lth_person_id() RETURNS integer": (
        "NULLIF(NULLIF(current_setting('lth.person_id', true), ''), '0')::integer"
    ),
    "lth_above() RETURNS integer[]": (
        "trim_array(string_to_array(rtrim(lth_path(), '.'), '.')::integer[], 1)"
    ),
    "lth_is_system() RETURNS boolean": "lth_sight() = 'system'",
    "lth_reads() RETURNS boolean": "lth_sight() IN ('all', 'submitted')",
    "lth_reads_drafts() RETURNS boolean": "lth_sight() = 'all'",
    "lth_writes() RETURNS boolean": "lth_sight() = 'all' AND lth_role() <> 'unit_admin'",
    "lth_is_system_admin() RETURNS boolean": "lth_role() = 'system_admin'",
    "lth_administers() RETURNS integer": (
        "CASE WHEN lth_role() = 'unit_admin' THEN lth_unit_id() END"
    ),
}

# In a sub-select a function is called once in a query, not once a row.
WORDS = {
    "system": "(SELECT lth_is_system())",
    "reads": "(SELECT lth_reads())",
    "reads_drafts": "(SELECT lth_reads_drafts())",
    "writes": "(SELECT lth_writes())",
    "system_admin": "(SELECT lth_is_system_admin())",
    "administered": "(SELECT lth_administers())",
    "own": "(SELECT lth_unit_id())",
    "me": "(SELECT lth_person_id())",
    "role": "(SELECT lth_role())",
    "path": "(SELECT lth_path())",
    "path_end": "(SELECT lth_path_end())",
    "above": "ANY ((SELECT lth_above())::integer[])",
}

CHECK = "CHECK"
"""The key for what an UPDATE must leave a row as, where that is not what it finds it as."""

ANYONE = "true"
SYSTEM = "$system"
SYSTEM_ADMIN = "$system OR $system_admin"


def _all(condition: str) -> dict[str, str]:
    return dict.fromkeys(("SELECT", "INSERT", "UPDATE", "DELETE"), condition)


def _written_by(condition: str) -> dict[str, str]:
    """Readable by all, since it is public knowledge."""
    return _all(condition) | {"SELECT": ANYONE}


def _near(column: str) -> str:
    """A unit's own row, those of the units above it and of those below."""
    return Template(
        "$$reads AND ($column = $$own OR $column = $$above OR EXISTS (SELECT FROM unit AS u"
        " WHERE u.id = $column AND u.path > $$path AND u.path < $$path_end))"
    ).substitute(column=column)


def _content(table: str) -> dict[str, str]:
    """Read with its revision; written in the own unit's open ones."""
    written = Template(
        "$$system OR $$writes AND EXISTS (SELECT FROM plan_revision AS r"
        " WHERE r.id = $table.revision_id AND r.unit_id = $$own AND r.frozen_at IS NULL)"
    ).substitute(table=table)
    read = Template(
        "$$system OR EXISTS (SELECT FROM plan_revision AS r WHERE r.id = $table.revision_id)"
    ).substitute(table=table)
    return _all(written) | {"SELECT": read}


def _said(table: str) -> dict[str, str]:
    """Opinions and remarks: the reviewing unit's; the plan's own unit reads what is published."""
    own_side = Template(
        "published_at IS NOT NULL AND EXISTS (SELECT FROM plan_revision AS r"
        " WHERE r.id = $table.revision_id AND r.unit_id = $$own)"
    ).substitute(table=table)
    said_of_what_was_sent = Template(
        "$$system OR $$writes AND unit_id = $$own AND person_id = $$me"
        " AND EXISTS (SELECT FROM plan_revision AS r"
        " WHERE r.id = $table.revision_id AND r.next_unit_id = $$own)"
    ).substitute(table=table)
    return {
        "SELECT": f"$system OR $reads AND (unit_id = $own OR {own_side})",
        "INSERT": said_of_what_was_sent,
        "UPDATE": "$system OR $writes AND unit_id = $own",
        "DELETE": "$system OR $writes AND unit_id = $own AND person_id = $me",
    }


PLAN = {
    "SELECT": """
        $system OR $reads AND (
            unit_id = $own
                AND ($reads_drafts OR sent_number IS NOT NULL OR in_force_number IS NOT NULL)
            OR unit_path > $path AND unit_path < $path_end
            OR unit_id = $above AND in_force_number IS NOT NULL)""",
    "INSERT": """
        $system OR $writes AND unit_id = $own AND unit_path = $path
            AND (next_unit_id IS NULL OR next_unit_id = $above)""",
    "UPDATE": "$system OR $writes AND (unit_id = $own OR next_unit_id = $own)",
    CHECK: """
        $system OR $writes AND (
            unit_id = $own OR next_unit_id = $own AND sent_number IS NOT NULL)""",
}

PLAN_STEP = {
    "SELECT": "$system OR EXISTS (SELECT FROM plan AS p WHERE p.id = plan_step.plan_id)",
    "INSERT": """
        $system OR $writes AND EXISTS (
            SELECT FROM plan AS p WHERE p.id = plan_step.plan_id AND p.unit_id = $own)""",
}

PLAN_REVISION = {
    "SELECT": """
        $system OR $reads AND (
            unit_id = $own
                AND ($reads_drafts OR submitted_at IS NOT NULL OR issued_at IS NOT NULL)
            OR withdrawn_at IS NULL AND (
                next_unit_id = $own AND submitted_at IS NOT NULL
                OR unit_path > $path AND unit_path < $path_end AND released_at IS NOT NULL)
            OR unit_id = $above AND issued_at IS NOT NULL)""",
    "INSERT": """
        $system OR $writes AND unit_id = $own AND unit_path = $path AND EXISTS (
            SELECT FROM plan AS p
            WHERE p.id = plan_revision.plan_id AND p.unit_id = $own
                AND p.next_unit_id IS NOT DISTINCT FROM plan_revision.next_unit_id)""",
    "UPDATE": """
        $system OR $writes AND (
            unit_id = $own
            OR next_unit_id = $own AND submitted_at IS NOT NULL AND withdrawn_at IS NULL)""",
    "DELETE": "$system",
}

REMARK = _said("remark") | {
    "UPDATE": """
        $system OR $writes AND (
            unit_id = $own
            OR published_at IS NOT NULL AND EXISTS (
                SELECT FROM plan_revision AS r
                WHERE r.id = remark.revision_id AND r.unit_id = $own))""",
}

# A private act stays in the unit that did it; an observer does not read the own unit's.
EVENT = {
    "SELECT": """
        $system OR EXISTS (
            SELECT FROM plan AS p
            WHERE p.id = event.plan_id AND CASE
                WHEN event.private
                THEN event.unit_id = $own AND ($reads_drafts OR p.unit_id <> $own)
                ELSE p.unit_id = $own OR p.next_unit_id = $own
                    OR p.unit_path > $path AND p.unit_path < $path_end
                        AND p.released_number IS NOT NULL END)""",
    "INSERT": """
        $system OR $writes AND unit_id = $own AND person_id = $me AND role = $role
            AND EXISTS (
                SELECT FROM plan AS p
                WHERE p.id = event.plan_id AND (p.unit_id = $own OR p.next_unit_id = $own))""",
}

QUOTA = _all("""
    $system OR $writes AND EXISTS (
        SELECT FROM plan AS p WHERE p.id = quota.plan_id AND p.unit_id = $own)""") | {
    "SELECT": """
        $system OR EXISTS (
            SELECT FROM plan AS p
            WHERE p.id = quota.plan_id AND (
                p.unit_id = $own
                OR quota.unit_id = $own
                OR p.next_unit_id = $own AND p.sent_number IS NOT NULL
                OR p.unit_path > $path AND p.unit_path < $path_end
                    AND p.released_number IS NOT NULL))""",
}

OUTBOX = {
    "SELECT": "$system OR $system_admin OR person_id = $me OR unit_id = $administered",
    "INSERT": "$system",
    "UPDATE": "$system OR $system_admin OR unit_id = $administered",
    "DELETE": "$system",
}

DEADLINE = _all("""
    $system OR $system_admin OR setter_id = $administered AND (
        unit_id IS NULL OR EXISTS (
            SELECT FROM unit AS u
            WHERE u.id = deadline.unit_id AND u.path > $path AND u.path < $path_end))""") | {
    "SELECT": f"""
        $system OR $system_admin
        OR {_near("deadline.setter_id")}
            AND (NOT setter_id = $above OR unit_id IS NULL OR {_near("deadline.unit_id")})""",
}

SETTINGS = _all("$system OR $system_admin OR unit_id = $administered")

PARTICIPATION = _all("$system OR $system_admin OR parent_id = $administered") | {
    "SELECT": f"""
        $system OR $system_admin
        OR $reads AND parent_id = $own OR {_near("participation.unit_id")}""",
}

# Whoever holds or held a role on one's own line of the tree may be met on a plan's road.
PERSON = {
    "SELECT": """
        $system OR $system_admin OR id = $me
        OR EXISTS (SELECT FROM role_assignment AS a WHERE a.person_id = person.id)""",
    "INSERT": SYSTEM_ADMIN,
    "UPDATE": "$system OR $system_admin OR id = $me",
}

ROLE_ASSIGNMENT = _all("$system OR $system_admin OR unit_id = $administered") | {
    "SELECT": (
        f"$system OR $system_admin OR person_id = $me OR {_near('role_assignment.unit_id')}"
    ),
}

AUDIT_ENTRY = {
    "SELECT": "$system OR $system_admin OR unit_id = $administered",
    "INSERT": "$system OR person_id = $me AND ($system_admin OR unit_id = $administered)",
}

POLICIES = {
    "unit": _written_by(SYSTEM_ADMIN),
    "unit_lineage": _written_by(SYSTEM_ADMIN),
    "office": _written_by("$system OR $system_admin OR unit_id = $administered"),
    "programme": _written_by(SYSTEM),
    "period": _written_by(SYSTEM),
    "phase": _written_by(SYSTEM),
    "area": _written_by(SYSTEM),
    "indicator": _written_by(SYSTEM),
    "person": PERSON,
    "credential": _all(SYSTEM),
    "role_assignment": ROLE_ASSIGNMENT,
    "password_reset": _all(SYSTEM),
    "login_attempt": _all(SYSTEM),
    "audit_entry": AUDIT_ENTRY,
    "participation": PARTICIPATION,
    "unit_settings": SETTINGS | {"SELECT": f"$system OR $system_admin OR {_near('unit_id')}"},
    "reception": SETTINGS | {"SELECT": f"$system OR $system_admin OR {_near('unit_id')}"},
    "plan": PLAN,
    "plan_step": PLAN_STEP,
    "plan_revision": PLAN_REVISION,
    "revision_editor": _content("revision_editor"),
    "target": _content("target"),
    "section": _content("section"),
    "receipt": _content("receipt"),
    "opinion": _said("opinion"),
    "remark": REMARK,
    "event": EVENT,
    "outbox": OUTBOX,
    "quota": QUOTA,
    "deadline": DEADLINE,
}

# What the next step may not touch in a row that it may update: all but what it decides itself.
KEPT_BY_OWN_UNIT = {
    "plan": ("sent_number", "in_force_number", "cleared_from"),
    "plan_revision": (
        "based_on_number",
        "edit_count",
        "edited_at",
        "frozen_at",
        "sha256",
        "submitted_at",
        "withdrawn_at",
        "taken_over_at",
        "issued_at",
        "document_number",
        "issued_on",
        "sign_form",
        "signed_by_id",
    ),
}


def upgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for signature, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {signature} LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT {body} $$"
        )
    for table, conditions in POLICIES.items():
        _secure(table, conditions)
    for table, columns in KEPT_BY_OWN_UNIT.items():
        op.execute(
            f"CREATE TRIGGER {table}_kept_by_own_unit BEFORE UPDATE OF {', '.join(columns)}"
            f" ON {table} FOR EACH ROW WHEN (OLD.unit_id <> lth_unit_id())"
            f" EXECUTE FUNCTION lth_refuse('{table}: this is for its own unit to change')"
        )
    _grant()


def downgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for table in KEPT_BY_OWN_UNIT:
        op.execute(f"DROP TRIGGER {table}_kept_by_own_unit ON {table}")
    role = _application_role()
    for table, conditions in POLICIES.items():
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
        for command in _commands(conditions):
            op.execute(f"DROP POLICY {_policy(table, command)} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature.partition(' ')[0]}")


def _secure(table: str, conditions: dict[str, str]) -> None:
    """Switch row-level security on for a table; a command without a condition is refused."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for command in _commands(conditions):
        rule = f"({Template(conditions[command]).substitute(WORDS)})"
        clause = f"WITH CHECK {rule}" if command == "INSERT" else f"USING {rule}"
        if command == "UPDATE" and CHECK in conditions:
            clause += f" WITH CHECK ({Template(conditions[CHECK]).substitute(WORDS)})"
        op.execute(f"CREATE POLICY {_policy(table, command)} ON {table} FOR {command} {clause}")


def _commands(conditions: dict[str, str]) -> list[str]:
    return [command for command in conditions if command != CHECK]


def _policy(table: str, command: str) -> str:
    return f"{table}_{command.lower()}"


def _grant() -> None:
    """Give the application's role the commands that have a policy, whatever it had before."""
    role = _application_role()
    for table, conditions in POLICIES.items():
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
        op.execute(f"GRANT {', '.join(_commands(conditions))} ON {table} TO {role}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {role}")
    op.execute(f"GRANT SELECT ON alembic_version TO {role}")
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")


def _application_role() -> str:
    """The role of LTH_DATABASE_URL, quoted."""
    quote = op.get_context().dialect.identifier_preparer.quote
    return quote(op.get_context().opts["application_role"])
