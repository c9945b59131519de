"""Open the rows of tables on PostgreSQL, by the same rules as `lth/access/scope.py`.

The application tells the database in each transaction for whom it works (`scope.bind`); without
that nothing of any tenant is visible. The policies are forced, so that they bind the owner of the
tables too. The application's role gets, table by table, the commands that have a policy, and
nothing else; a table that no migration opens is out of its reach.

A table's policies are a condition for each command. `$table` in one is the table, and the other
words are those of `WORDS`.
"""

from string import Template

import sqlalchemy as sa
from alembic import op

Policies = dict[str, str]

# In a sub-select a function is called once in a query, not once a row.
WORDS = {
    "system": "(SELECT public.lth_is_system())",
    "system_admin": "(SELECT public.lth_is_system_admin())",
    "drafts": "(SELECT public.lth_reads_drafts())",
    "me": "(SELECT public.lth_person_id())",
    "role": "(SELECT public.lth_role())",
    "own": "(SELECT public.lth_unit_id())",
    "writing": "(SELECT public.lth_writing_unit_id())",
    "administered": "(SELECT public.lth_administered_unit_id())",
    "path": "(SELECT public.lth_path())",
}

CHECK = "CHECK"
"""The key for what an UPDATE must leave a row as, where that is not what it finds it as."""

SYSTEM = "$system"
SYSTEM_ADMIN = "$system OR $system_admin"


def every(condition: str) -> Policies:
    """Ask the same of each command."""
    return dict.fromkeys(("SELECT", "INSERT", "UPDATE", "DELETE"), condition)


def there(table: str, condition: str) -> str:
    """Ask for a row elsewhere.

    OFFSET 0 has it looked up by its key, for this row alone: the planner, who may think it cheaper
    to read that whole table first, has no notion of what its policy costs.
    """
    return f"EXISTS (SELECT FROM {table} WHERE {condition} OFFSET 0)"


def in_revision(condition: str = "true") -> str:
    """Ask for the row's revision, which the scope must see, and something of it."""
    return there("revision AS r", f"r.id = $table.revision_id AND {condition}")


def in_document(condition: str = "true") -> str:
    """Ask for the row's document, which the scope must see, and something of it."""
    return there("document AS d", f"d.id = $table.document_id AND {condition}")


def near(column: str = "unit_id") -> str:
    """Ask for a unit on the scope's line of the tree: its own, one above it or one below."""
    on_the_line = "(u.path ^@ $path OR $path ^@ u.path)"
    return there("unit AS u", f"u.id = $table.{column} AND {on_the_line}")


def secure(table: str, policies: Policies) -> None:
    """Switch row-level security on, and give the application's role the commands with a policy.

    Rights that the role had before, by the defaults of the database, are taken away.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    conditions = {
        command: f"({Template(condition).substitute(WORDS, table=table)})"
        for command, condition in policies.items()
    }
    check = conditions.pop(CHECK, None)
    for command, condition in conditions.items():
        clause = f"WITH CHECK {condition}" if command == "INSERT" else f"USING {condition}"
        if command == "UPDATE" and check:
            clause += f" WITH CHECK {check}"
        name = f"{table}_{command.lower()}"
        op.execute(f"CREATE POLICY {name} ON {table} FOR {command} {clause}")
    grant(", ".join(conditions), table)


def grant(rights: str, table: str) -> None:
    """Give the application's role these rights on a table, and no others."""
    role = _application_role()
    op.execute(f"REVOKE ALL ON {table} FROM {role}")
    op.execute(f"GRANT {rights} ON {table} TO {role}")


def grant_sequences() -> None:
    """Let the application's role number the rows it adds."""
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {_application_role()}")


def _application_role() -> str:
    """Return the role of LTH_DATABASE_URL, quoted."""
    role = op.get_context().opts["application_role"]
    if not role:
        raise RuntimeError(
            "LTH_DATABASE_URL names no role, so the migration cannot tell to whom to give the"
            " application's rights. Expected: postgresql://ROLE:PASSWORD@HOST/DATABASE."
        )
    return op.get_context().dialect.identifier_preparer.quote(role)
