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
# one of an earlier transaction is empty; either way every comparison with it fails. A unit and its
# place in the tree count only for a scope that sees plans at all.
_SEES_PLANS = "lth_sight() IN ('all', 'submitted')"
_UNIT = "NULLIF(NULLIF(current_setting('lth.unit_id', true), ''), '0')::integer"
FUNCTIONS = {
    "lth_sight() RETURNS text": "current_setting('lth.sight', true)",
    "lth_role() RETURNS text": "current_setting('lth.role', true)",
    "lth_is_system() RETURNS boolean": "lth_sight() = 'system'",
    "lth_is_system_admin() RETURNS boolean": "lth_role() = 'system_admin'",
    "lth_reads_drafts() RETURNS boolean": "lth_sight() = 'all'",
    "lth_person_id() RETURNS integer": (
        "NULLIF(NULLIF(current_setting('lth.person_id', true), ''), '0')::integer"
    ),
    "lth_unit_id() RETURNS integer": f"CASE WHEN {_SEES_PLANS} THEN {_UNIT} END",
    "lth_writing_unit_id() RETURNS integer": (
        f"CASE WHEN lth_sight() = 'all' AND lth_role() <> 'unit_admin' THEN {_UNIT} END"
    ),
    "lth_administered_unit_id() RETURNS integer": (
        f"CASE WHEN lth_role() = 'unit_admin' THEN {_UNIT} END"
    ),
    "lth_path() RETURNS text": (
        f"CASE WHEN {_SEES_PLANS} THEN NULLIF(current_setting('lth.path', true), '') END"
    ),
}

# How content is matched with the revisions that the scope sees: each row's is looked up, or, where
# a query says that it reads many (`scope.reading_many`), all are gathered first. Both let the same
# rows through, so the first function may call itself immutable, though it is not: it makes the
# planner settle the question before it weighs costs, which it cannot do while that is open.
READS_MANY = """
CREATE FUNCTION lth_reads_many() RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT COALESCE(current_setting('lth.many', true) = 'on', false) $$
"""
SEEN_REVISIONS = """
CREATE FUNCTION lth_seen_revisions() RETURNS SETOF integer LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN RETURN QUERY SELECT id FROM revision; END $$
"""

# In a sub-select a function is called once in a query, not once a row.
WORDS = {
    "system": "(SELECT lth_is_system())",
    "system_admin": "(SELECT lth_is_system_admin())",
    "drafts": "(SELECT lth_reads_drafts())",
    "me": "(SELECT lth_person_id())",
    "role": "(SELECT lth_role())",
    "own": "(SELECT lth_unit_id())",
    "writing": "(SELECT lth_writing_unit_id())",
    "administered": "(SELECT lth_administered_unit_id())",
    "path": "(SELECT lth_path())",
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


def _there(table: str, condition: str) -> str:
    """A row elsewhere. OFFSET 0 has it looked up by its key, for this row alone: the planner, who
    may think it cheaper to read that whole table first, has no notion of what its policy costs.
    """
    return f"EXISTS (SELECT FROM {table} WHERE {condition} OFFSET 0)"


def _near(table: str, column: str = "unit_id") -> str:
    """A unit's own row, those of the units above it and of those below."""
    on_the_line = "(u.path ^@ $path OR $path ^@ u.path)"
    return _there("unit AS u", f"u.id = {table}.{column} AND {on_the_line}")


def _revision(table: str, condition: str) -> str:
    return _there("revision AS r", f"r.id = {table}.revision_id AND {condition}")


def _document(table: str, condition: str) -> str:
    return _there("document AS p", f"p.id = {table}.document_id AND {condition}")


def _content(table: str) -> dict[str, str]:
    """Read with its revision; written in the own unit's open ones."""
    gathered = "revision_id IN (SELECT seen FROM lth_seen_revisions() AS seen)"
    either = f"CASE WHEN lth_reads_many() THEN {gathered} ELSE {_revision(table, 'true')} END"
    written = _revision(table, "r.unit_id = $writing AND r.frozen_at IS NULL")
    return _all(f"$system OR {written}") | {"SELECT": f"$system OR {either}"}


def _said(table: str) -> dict[str, str]:
    """Opinions and remarks: the reviewing unit's; the plan's own unit reads what is published."""
    own_side = f"published_at IS NOT NULL AND {_revision(table, 'r.unit_id = $own')}"
    appraised = _revision(table, "r.next_unit_id = $writing")
    return {
        "SELECT": f"$system OR unit_id = $own OR {own_side}",
        "INSERT": f"$system OR unit_id = $writing AND person_id = $me AND {appraised}",
        "UPDATE": "$system OR unit_id = $writing",
        "DELETE": "$system OR unit_id = $writing AND person_id = $me",
    }


PLAN = {
    "SELECT": """
        $system OR CASE $own
            WHEN unit_id THEN $drafts OR sent_number IS NOT NULL OR in_force_number IS NOT NULL
            ELSE unit_path ^@ $path OR in_force_number IS NOT NULL AND $path ^@ unit_path END""",
    "INSERT": "$system OR unit_id = $writing AND unit_path = $path AND (next_unit_id IS NULL OR "
    + _there("unit AS u", "u.id = document.next_unit_id AND $path ^@ u.path AND u.id <> $writing")
    + ")",
    "UPDATE": "$system OR $writing IN (unit_id, next_unit_id)",
    CHECK: """
        $system OR CASE $writing
            WHEN unit_id THEN true
            WHEN next_unit_id THEN sent_number IS NOT NULL ELSE false END""",
}

PLAN_STEP = {
    "SELECT": f"$system OR {_document('document_step', 'true')}",
    "INSERT": f"$system OR {_document('document_step', 'p.unit_id = $writing')}",
}

PLAN_REVISION = {
    "SELECT": """
        $system OR CASE $own
            WHEN unit_id THEN $drafts OR submitted_at IS NOT NULL OR issued_at IS NOT NULL
            WHEN next_unit_id THEN submitted_at IS NOT NULL AND withdrawn_at IS NULL
            ELSE released_at IS NOT NULL AND withdrawn_at IS NULL AND unit_path ^@ $path
                OR issued_at IS NOT NULL AND $path ^@ unit_path END""",
    "INSERT": "$system OR unit_id = $writing AND unit_path = $path AND "
    + _document(
        "revision",
        "p.unit_id = $writing AND p.next_unit_id IS NOT DISTINCT FROM revision.next_unit_id",
    ),
    "UPDATE": """
        $system OR CASE $writing
            WHEN unit_id THEN true
            WHEN next_unit_id THEN submitted_at IS NOT NULL AND withdrawn_at IS NULL
            ELSE false END""",
    "DELETE": "$system",
}

REMARK = _said("remark") | {
    "UPDATE": "$system OR unit_id = $writing OR published_at IS NOT NULL AND "
    + _revision("remark", "r.unit_id = $writing"),
}

# A private act stays in the unit that did it; an observer does not read the own unit's.
_ACT = """
    CASE WHEN event.private
        THEN event.unit_id = $own AND ($drafts OR p.unit_id <> event.unit_id)
        ELSE $own IN (p.unit_id, p.next_unit_id)
            OR p.released_number IS NOT NULL AND p.unit_path ^@ $path END"""
EVENT = {
    "SELECT": f"$system OR {_document('event', _ACT)}",
    "INSERT": "$system OR unit_id = $writing AND person_id = $me AND role = $role AND "
    + _document("event", "$writing IN (p.unit_id, p.next_unit_id)"),
}

_GIVEN = """
    (CASE $own
        WHEN p.unit_id THEN true
        WHEN quota.unit_id THEN true
        WHEN p.next_unit_id THEN p.sent_number IS NOT NULL
        ELSE p.released_number IS NOT NULL AND p.unit_path ^@ $path END)"""
QUOTA = _all(f"$system OR {_document('quota', 'p.unit_id = $writing')}") | {
    "SELECT": f"$system OR {_document('quota', _GIVEN)}",
}

OUTBOX = {
    "SELECT": "$system OR $system_admin OR person_id = $me OR unit_id = $administered",
    "INSERT": "$system",
    "UPDATE": "$system OR $system_admin OR unit_id = $administered",
    "DELETE": "$system",
}

DEADLINE = _all(
    "$system OR $system_admin OR setter_id = $administered AND (unit_id IS NULL OR "
    + _there("unit AS u", "u.id = deadline.unit_id AND u.path ^@ $path AND u.id <> setter_id")
    + ")"
) | {
    "SELECT": f"$system OR $system_admin OR {_near('deadline', 'setter_id')}"
    f" AND (unit_id IS NULL OR {_near('deadline')})",
}

_BY_ADMINISTRATORS = _all("$system OR $system_admin OR unit_id = $administered")


def _settings(table: str) -> dict[str, str]:
    """A road is laid by the settings of the units above."""
    return _BY_ADMINISTRATORS | {"SELECT": f"$system OR $system_admin OR {_near(table)}"}


PARTICIPATION = _all("$system OR $system_admin OR parent_id = $administered") | {
    "SELECT": f"$system OR $system_admin OR parent_id = $own OR {_near('participation')}",
}

# Whoever holds or held a role on one's own line of the tree may be met on a plan's road.
PERSON = {
    "SELECT": "$system OR $system_admin OR id = $me OR "
    + _there("role_assignment AS a", "a.person_id = person.id"),
    "INSERT": SYSTEM_ADMIN,
    "UPDATE": "$system OR $system_admin OR id = $me",
}

ROLE_ASSIGNMENT = _BY_ADMINISTRATORS | {
    "SELECT": f"$system OR $system_admin OR person_id = $me OR {_near('role_assignment')}",
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
    "unit_settings": _settings("unit_settings"),
    "reception": _settings("reception"),
    "document": PLAN,
    "document_step": PLAN_STEP,
    "revision": PLAN_REVISION,
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
    "document": ("sent_number", "in_force_number", "cleared_from"),
    "revision": (
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
    op.execute(READS_MANY)
    op.execute(SEEN_REVISIONS)
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
    op.execute("DROP FUNCTION lth_seen_revisions()")
    op.execute("DROP FUNCTION lth_reads_many()")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature.partition(' RETURNS')[0]}")


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
    role = op.get_context().opts["application_role"]
    if not role:
        raise RuntimeError(
            "LTH_DATABASE_URL names no role, so the migration cannot tell to whom to give the"
            " application's rights. Expected: postgresql://ROLE:PASSWORD@HOST/DATABASE."
        )
    return op.get_context().dialect.identifier_preparer.quote(role)
