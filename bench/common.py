"""What the measurements share: a migrated database of either kind, fast filling, fair timing."""

import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import psycopg
from flask import Flask
from sqlalchemy import Engine
from support.databases import Databases, PostgresStore, SqliteStore, dispose
from support.postgres import postgres_server

from lth.blueprints.web.extensions import db

DATABASES = ("sqlite", "postgres")

Row = Mapping[str, Any]
"""Values by column, as the driver takes them; all rows of a call have the columns of the first."""


class Filler(Protocol):
    """Writes rows fast, as the owner of everything, in one transaction."""

    def copy(self, table: str, rows: Iterable[Row]) -> None: ...
    def run(self, statement: str) -> None: ...


@dataclass(frozen=True)
class Bench:
    """A migrated, empty database, with the application on it."""

    kind: str
    app: Flask
    engine: Engine

    @contextmanager
    def filling(self) -> Iterator[Filler]:
        """Fill it, past every scope; on PostgreSQL past triggers too."""
        filling = _filling_sqlite if self.kind == "sqlite" else _filling_postgres
        with filling(self.engine) as filler:
            yield filler


@contextmanager
def opened(kind: str) -> Iterator[Bench]:
    """A database below a temporary folder; on PostgreSQL the application is a plain role."""
    with tempfile.TemporaryDirectory(prefix="lth-bench-") as folder, ExitStack() as stack:
        home = Path(folder)
        databases = Databases(_store(kind, home, stack), home, {"empty": None})
        databases.restore("empty")
        app = databases.app
        stack.callback(dispose, app)
        with app.app_context():
            engine = db.engine
        yield Bench(kind, app, engine)


def _store(kind: str, home: Path, stack: ExitStack) -> SqliteStore | PostgresStore:
    if kind == "sqlite":
        return SqliteStore(home)
    store = PostgresStore(stack.enter_context(postgres_server(home)))
    stack.callback(store.close)
    return store


def _by_column(rows: Iterable[Row]) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    remaining = iter(rows)
    first = next(remaining)
    return list(first), (tuple(row.values()) for row in chain([first], remaining))


@dataclass(frozen=True)
class _Sqlite:
    connection: sqlite3.Connection

    def copy(self, table: str, rows: Iterable[Row]) -> None:
        names, values = _by_column(rows)
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        self.connection.executemany(statement, values)

    def run(self, statement: str) -> None:
        self.connection.execute(statement)


@contextmanager
def _filling_sqlite(engine: Engine) -> Iterator[_Sqlite]:
    connection = sqlite3.connect(str(engine.url.database), isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        yield _Sqlite(connection)
        connection.execute("COMMIT")  # no ANALYZE: where the product runs, there is none either
    finally:
        connection.close()


@dataclass(frozen=True)
class _Postgres:
    connection: "psycopg.Connection[Any]"

    def copy(self, table: str, rows: Iterable[Row]) -> None:
        names, values = _by_column(rows)
        statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
        with self.connection.cursor().copy(statement.encode()) as copy:
            for row in values:
                copy.write_row(row)

    def run(self, statement: str) -> None:
        self.connection.execute(statement.encode())


@contextmanager
def _filling_postgres(engine: Engine) -> Iterator[_Postgres]:
    address = f"host={engine.url.query['host']} user=postgres dbname={engine.url.database}"
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        yield _Postgres(connection)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def computing() -> float:
    """Seconds that this process and those it has waited for have computed: what else the machine
    does meanwhile is not in them.
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def medians(
    pieces: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    warm_up: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """The median time of each piece of work in milliseconds.

    The pieces take turns, so that whatever else the machine does meanwhile falls on all of them.
    """
    taken: dict[str, list[float]] = {name: [] for name in pieces}
    for number in range(warm_up + rounds):
        for name, work in pieces.items():
            begun = clock()
            work()
            if number >= warm_up:
                taken[name].append((clock() - begun) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}
