"""Open a database's tables to rows as they once stood, and shut them again as they were.

What stands is held by triggers, and on PostgreSQL by policies; both would refuse a frozen revision
that is put back. The transaction that opens them shuts them, or nothing of it stays.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from lth.exchange.backup.manifest import BackupError
from lth.exchange.backup.shapes import TableShape

_STATE = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": """
SELECT relname, relrowsecurity, relforcerowsecurity, tgname, tgenabled
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = c.oid AND NOT t.tgisinternal
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname, tgname
""",
}


@contextmanager
def open_for_rows(connection: Connection) -> Iterator[None]:
    """Let any row in until the block ends."""
    before = _state(connection)
    shut = _open(connection, before)
    yield
    for statement in shut:
        connection.exec_driver_sql(statement)
    if _state(connection) != before:
        raise BackupError("The database's triggers and policies are not what they were.")


def check_references(connection: Connection) -> None:
    """Find rows that point nowhere, as far as the database has put off looking for them."""
    if connection.dialect.name == "postgresql":
        try:
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError as error:
            reason = str(error.orig).partition("\n")[0]
            raise BackupError(f"A row of the backup points to none ({reason}).") from error
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise BackupError(f"A row of the table {broken[0]} points to none of {broken[2]}.")


def number_on(connection: Connection, shapes: Sequence[TableShape]) -> None:
    """Number new rows after the last; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for shape in shapes:
        for column in shape.key:
            sequence = _sequence(connection, shape.name, column)
            if sequence:
                last = connection.scalar(sa.select(sa.func.max(shape.table.c[column])))
                set_to = sa.func.setval(sequence, last or 1, last is not None)
                connection.execute(sa.select(set_to))


def _sequence(connection: Connection, table: str, column: str) -> str | None:
    quoted = connection.dialect.identifier_preparer.quote(table)
    return connection.scalar(sa.select(sa.func.pg_get_serial_sequence(quoted, column)))


def _state(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(_STATE[connection.dialect.name])]


def _open(connection: Connection, state: list[tuple[Any, ...]]) -> list[str]:
    """Return the statements that shut the doors."""
    quote = connection.dialect.identifier_preparer.quote
    if connection.dialect.name == "sqlite":
        for name, _, _ in state:
            connection.exec_driver_sql(f"DROP TRIGGER {quote(name)}")
        return [sql for _, _, sql in state]
    shut = []
    for name in sorted({row[0] for row in state}):
        table = f"ALTER TABLE {quote(name)}"
        connection.exec_driver_sql(f"{table} DISABLE TRIGGER USER")
        shut.append(f"{table} ENABLE TRIGGER USER")
    for name in sorted({row[0] for row in state if row[2]}):
        table = f"ALTER TABLE {quote(name)}"
        connection.exec_driver_sql(f"{table} NO FORCE ROW LEVEL SECURITY")
        shut.append(f"{table} FORCE ROW LEVEL SECURITY")
    return shut
