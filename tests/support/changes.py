"""Whether anything was committed to a database since the last time it was asked."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from lth.models import Base

_MARKS = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM public.{name}"  # noqa: S608 - our own tables
    for name in sorted(Base.metadata.tables)
)
"""How many rows each table has, and the newest transaction that has written one of them."""


class Changes:
    """Asks a database; `seen` counts how often there was something new, `what` says where last."""

    def __init__(self, connection: "sqlite3.Connection | psycopg.Connection", query: str) -> None:
        self._connection, self._query = connection, query
        self._state = self._read()
        self.seen = 0
        self.what: set = set()

    def __call__(self) -> bool:
        before, self._state = self._state, self._read()
        if before == self._state:
            return False
        self.seen += 1
        self.what = self._state - before
        return True

    def _read(self) -> set:
        """Read the rows in no order: PostgreSQL may look at several tables at once."""
        return set(self._connection.execute(self._query).fetchall())


@contextmanager
def changes_in(superuser_url: str) -> Iterator[Changes]:
    """Watch a database, past row-level security where it has any."""
    kind, _, rest = superuser_url.partition("://")
    if kind == "sqlite":
        connection = sqlite3.connect(rest.removeprefix("/"))
        query = "PRAGMA data_version"
    else:
        connection = psycopg.connect(f"postgresql://{rest}", autocommit=True)
        query = _MARKS
    try:
        yield Changes(connection, query)
    finally:
        connection.close()
