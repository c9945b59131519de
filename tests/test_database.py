"""How transactions behave, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from support.databases import Databases, dispose

from lth import create_app
from lth.blueprints.web.extensions import db
from lth.core import database


def make_counter(databases: Databases) -> None:
    """Make a table as the migrations would: under the owner's role."""
    engine = database.migration_engine(databases.settings())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (1, 0)"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("GRANT SELECT, UPDATE ON counter TO lth_app"))
    engine.dispose()


@pytest.fixture
def counter(databases: Databases, engine: Engine) -> Engine:
    make_counter(databases)
    return engine


def value(engine: Engine) -> int:
    with database.reading(), engine.connect() as connection:
        return connection.execute(text("SELECT n FROM counter")).scalar_one()


def add_one(engine: Engine) -> None:
    """Read, then write what follows from it: the pattern that loses updates when unguarded."""
    select = sqlalchemy.select(sqlalchemy.column("n")).select_from(sqlalchemy.table("counter"))
    with engine.begin() as connection:
        n = connection.execute(select.with_for_update()).scalar_one()
        connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})


def test_eight_writers_lose_nothing(counter: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [add_one(counter) for _ in range(25)], range(8)))
    assert value(counter) == 200


def test_a_reading_transaction_cannot_write(counter: Engine) -> None:
    with (
        database.reading(),
        pytest.raises(DBAPIError, match=r"(?i)read-?only"),
        counter.begin() as connection,
    ):
        connection.execute(text("UPDATE counter SET n = 7"))
    assert value(counter) == 0


def test_a_connection_that_has_read_may_write_the_next_time(counter: Engine) -> None:
    for _ in range(3):
        before = value(counter)
        add_one(counter)
        assert value(counter) == before + 1


def test_a_reader_waits_for_no_writer(counter: Engine) -> None:
    with counter.begin() as writer:
        writer.execute(text("UPDATE counter SET n = 9"))
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(value, counter).result(timeout=5) == 0


def test_reading_holds_for_its_own_thread_only(counter: Engine) -> None:
    with database.reading():
        other = threading.Thread(target=add_one, args=(counter,))
        other.start()
        other.join()
    assert value(counter) == 1


def test_a_unit_of_work_commits_once_or_keeps_nothing(counter: Engine) -> None:
    with Session(counter) as session:
        with database.unit_of_work(session):
            session.execute(text("UPDATE counter SET n = 1"))
        with pytest.raises(ZeroDivisionError), database.unit_of_work(session):
            session.execute(text("UPDATE counter SET n = 2"))
            raise ZeroDivisionError
    assert value(counter) == 1


@pytest.mark.databases("sqlite")
def test_sqlite_keeps_foreign_keys_and_survives_a_power_cut(databases: Databases) -> None:
    app = create_app(databases.settings())  # those of the fixtures do not wait for the disk
    with app.app_context(), db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        }
    dispose(app)
    assert pragmas == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": database.SQLITE_BUSY_MS,
    }


@pytest.mark.databases("postgres")
def test_statements_and_locks_have_limits(engine: Engine) -> None:
    with engine.connect() as connection:
        limits = [
            connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "lock_timeout", "TimeZone")
        ]
    assert limits == ["30s", "5s", "UTC"]


@pytest.mark.databases("postgres")
def test_the_application_role_changes_no_table(counter: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), counter.begin() as it:
        it.execute(text("CREATE TABLE mine (id INTEGER)"))
    with pytest.raises(DBAPIError, match="must be owner"), counter.begin() as it:
        it.execute(text("ALTER TABLE counter ADD COLUMN x INTEGER"))


@pytest.mark.databases("postgres")
def test_a_role_that_security_does_not_bind_is_refused(
    databases: Databases, engine: Engine
) -> None:
    superuser = databases.url.replace("lth_app@", "postgres@")
    engine = create_engine(databases.settings(LTH_DATABASE_URL=superuser).database_url)
    database.prepare(engine)
    with pytest.raises(database.UnsafeRoleError, match="LTH_MIGRATION_DATABASE_URL"):
        engine.connect()
    engine.dispose()


@pytest.mark.databases("sqlite")
def test_a_migration_waits_longer_than_a_person_does(databases: Databases) -> None:
    """Others write meanwhile, and SQLite lets whoever asks first go first."""
    engine = database.migration_engine(databases.settings())
    with engine.connect() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    engine.dispose()
    assert waits >= 10 * database.SQLITE_BUSY_MS
