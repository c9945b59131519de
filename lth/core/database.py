"""Let connections behave alike on both databases. No Flask here: jobs, commands and tests use it.

A transaction either *may write* (the default) or is *reading* (a GET, or a block under
:func:`reading`). On SQLite one that may write begins IMMEDIATE: it takes the write lock before its
first read, so that two of them never decide on the same figures and overwrite each other; under
the default, deferred begin, pysqlite loses such updates without an error. One that reads begins
DEFERRED and waits for nobody. On both databases a reading transaction cannot write: the database
itself refuses.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.pool import NullPool

from lth.core.config import Settings

SQLITE_BUSY_MS = 4_000
"""How long a writer waits for the one before it. Transactions last milliseconds; a person who has
waited so long is told, and what they typed is theirs to send again."""

_MIGRATION_BUSY_MS = 60_000
"""A migration has nobody who waits for its answer, and SQLite lets whoever asks first go first."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an approval somebody has seen survives a power cut
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",  # KiB
    "PRAGMA journal_size_limit = 67108864",  # a log that has grown is cut back once it is copied
)

_POSTGRESQL_LIMITS_MS = {
    "statement_timeout": 30_000,
    "lock_timeout": 5_000,
    "idle_in_transaction_session_timeout": 60_000,
}
_PROBE_LIMITS_MS = {"statement_timeout": 2_000, "lock_timeout": 2_000}
_PROBE_SECONDS = 2
_MIGRATION_LIMITS_MS = {"statement_timeout": 600_000, "lock_timeout": 10_000}
_BACKUP_LIMITS_MS = {"statement_timeout": 0, "lock_timeout": 10_000}

_INSUFFICIENT_PRIVILEGE = "42501"

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

_reading: ContextVar[bool] = ContextVar("lth_reading", default=False)


class UnsafeRoleError(RuntimeError):
    """A role of the application in PostgreSQL that row-level security does not bind."""


@contextmanager
def reading() -> Iterator[None]:
    """Let transactions begun inside read only; they wait for no writer."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def set_reading(flag: bool) -> None:
    """Say whether transactions begun from now on, in this thread's context, only read."""
    _reading.set(flag)


@contextmanager
def unit_of_work(session: Session | scoped_session[Any]) -> Iterator[None]:
    """Commit once when the block ends; on any error keep nothing and let the error through."""
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def insert(session: Session, model: Any) -> Any:
    """Return an INSERT into a model's table that can say ON CONFLICT, as its database writes it."""
    return _INSERT[session.get_bind().dialect.name](model.__table__)


def engine_options(url: str) -> dict[str, Any]:
    """Return what ``create_engine`` needs for the application's own connections to ``url``.

    What is sent along with a statement stands in no error, and so in no log: links, hashes.
    """
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "connect_args": _postgresql_arguments(_POSTGRESQL_LIMITS_MS),
        "pool_size": 5,
        "max_overflow": 5,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "pool_pre_ping": True,
    }


def prepare(engine: Engine) -> None:
    """Attach the behaviour described above to an engine that has not connected yet."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        event.listen(engine, "connect", _refuse_unsafe_role)
        event.listen(engine, "begin", _begin_postgresql)


def answers(url: str) -> None:
    """Ask the database one question, on a connection of its own and with little patience.

    Raises:
        SQLAlchemyError: when no answer came within a few seconds.
    """
    if url.startswith("sqlite"):
        path = quote(url.removeprefix("sqlite:///"))
        url = f"sqlite:///file:{path}?mode=rw&uri=true"  # a file that is gone is not made anew
        question, arguments = "PRAGMA schema_version", {"timeout": _PROBE_SECONDS}
    else:
        question, arguments = "SELECT 1", _postgresql_arguments(_PROBE_LIMITS_MS)
        arguments["connect_timeout"] = _PROBE_SECONDS
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
    with engine.connect() as connection:
        connection.exec_driver_sql(question)


def application_engine(settings: Settings) -> Engine:
    """Return an engine for one piece of the application's own work outside it, with its role."""
    options = {"poolclass": NullPool, "connect_args": {}}
    if not settings.is_sqlite:
        options["connect_args"] = _postgresql_arguments(_POSTGRESQL_LIMITS_MS)
    engine = create_engine(settings.database_url, **options)
    prepare(engine)
    return engine


def migration_engine(settings: Settings) -> Engine:
    """Return an engine for migrations: the owner's role, patient with statements, not with locks.

    On SQLite foreign keys are off, since a table that is rebuilt would otherwise take the rows that
    point to it along; the migration environment checks them afterwards.
    """
    if settings.is_sqlite:
        engine = create_engine(settings.database_url, poolclass=NullPool)
        _prepare_sqlite(engine, busy_ms=_MIGRATION_BUSY_MS, foreign_keys="OFF")
        return engine
    return create_engine(
        settings.migration_database_url or settings.database_url,
        poolclass=NullPool,
        connect_args=_postgresql_arguments(_MIGRATION_LIMITS_MS),
    )


def backup_engine(settings: Settings) -> Engine:
    """Return an engine whose transactions read the database as it stood when they began."""
    if settings.is_sqlite:
        engine = create_engine(settings.database_url, poolclass=NullPool)
        _prepare_sqlite(engine)
        return engine
    urls = (settings.backup_database_url, settings.migration_database_url, settings.database_url)
    engine = create_engine(
        next(filter(None, urls)),
        poolclass=NullPool,
        connect_args=_postgresql_arguments(_BACKUP_LIMITS_MS),
        isolation_level="REPEATABLE READ",
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def looking_engine(settings: Settings) -> Engine:
    """Return an engine that looks at a database and leaves it as it is, whosever it may be."""
    if settings.is_sqlite:
        engine = create_engine(settings.database_url, poolclass=NullPool)
        event.listen(engine, "do_connect", _require_file)
        return engine
    return migration_engine(settings)


def fault_of(error: BaseException) -> str | None:
    """Say in a sentence why a database does not do its work; None on a fault of the program."""
    if isinstance(error, UnsafeRoleError):
        return str(error)
    if not isinstance(error, DBAPIError):
        return None
    is_denied = getattr(error.orig, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE
    if not (isinstance(error, OperationalError) or type(error) is DatabaseError or is_denied):
        return None
    reason = " ".join(str(error.orig).split())
    return f"The database does not do what it is asked for ({reason.rstrip('.')})."


def _prepare_sqlite(
    engine: Engine, *, busy_ms: int = SQLITE_BUSY_MS, foreign_keys: str = "ON"
) -> None:
    connect = partial(_connect_sqlite, busy_ms=busy_ms, foreign_keys=foreign_keys)
    event.listen(engine, "do_connect", _require_file)
    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", _begin_sqlite)


def _require_file(_dialect: Any, _record: Any, arguments: Any, _options: Any) -> None:
    """Let SQLite make no file by itself: `lth.core.home` does, and gives it its rights."""
    if not Path(arguments[0]).exists():
        raise sqlite3.OperationalError(f"there is no file {arguments[0]}")


def _postgresql_arguments(limits_ms: dict[str, int]) -> dict[str, Any]:
    options = [f"-c {name}={value}" for name, value in limits_ms.items()]
    return {
        "application_name": "lth",
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,  # ms; a server that has vanished is not waited for
        "options": " ".join([*options, "-c timezone=UTC"]),
    }


def _connect_sqlite(connection: Any, _record: Any, *, busy_ms: int, foreign_keys: str) -> None:
    """Take BEGIN away from pysqlite (it guesses, too late) and set what a file does not keep."""
    connection.isolation_level = None
    cursor = connection.cursor()
    own = f"PRAGMA busy_timeout = {busy_ms}", f"PRAGMA foreign_keys = {foreign_keys}"
    for pragma in (*own, *_SQLITE_PRAGMAS):
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    only_reads = _reading.get()
    if connection.info.get("query_only", False) != only_reads:
        connection.exec_driver_sql(f"PRAGMA query_only = {int(only_reads)}")
        connection.info["query_only"] = only_reads
    connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    """Have psycopg write the mode into its own BEGIN: it costs no message of its own."""
    driver: Any = connection.connection.dbapi_connection
    driver.read_only = _reading.get()


def _refuse_unsafe_role(connection: Any, _record: Any) -> None:
    """Refuse to work under a superuser: every scope would be open, and nothing would show it."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
    )
    unsafe = cursor.fetchone()
    connection.rollback()
    cursor.close()
    if unsafe:
        raise UnsafeRoleError(
            f"LTH_DATABASE_URL signs in as {unsafe[0]!r}, which row-level security does not bind "
            "(superuser or BYPASSRLS). Expected: a plain role; the owner's role belongs in "
            "LTH_MIGRATION_DATABASE_URL."
        )
