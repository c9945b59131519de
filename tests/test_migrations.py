"""The migrations make what the models say, go both ways, run once, and refuse what is not ours."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, inspect, text
from support.databases import Databases

from lth.cli import main
from lth.core import database, schema
from lth.models import Base


@pytest.fixture
def blank_app(databases: Databases) -> Iterator[Flask]:
    """An application on a database without any table."""
    databases.blank("blank")
    app = databases.make_app("blank")
    yield app
    databases.close()


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def owner_engine(app: Flask) -> Engine:
    return database.migration_engine(app.config["SETTINGS"])


def is_current(app: Flask) -> bool:
    engine = owner_engine(app)
    try:
        return schema.is_current(app.config["SETTINGS"], engine)
    finally:
        engine.dispose()


def test_models_and_migrations_agree(databases: Databases, app: Flask) -> None:
    engine = owner_engine(app)
    assert differences(engine) == []
    engine.dispose()


def test_up_and_down_and_up_again(blank_app: Flask) -> None:
    engine = owner_engine(blank_app)
    for _ in range(2):
        schema.upgrade(blank_app.config["SETTINGS"])
        assert tables(engine) == {*Base.metadata.tables, "alembic_version"}
        schema.downgrade(blank_app.config["SETTINGS"], "base")
        assert tables(engine) == {"alembic_version"}
    engine.dispose()


def test_two_that_start_at_once_run_them_once(databases: Databases, blank_app: Flask) -> None:
    """Processes, as in life: Alembic is not made for two threads."""
    environ = os.environ | databases.environ("blank")
    command = [sys.executable, "-m", "lth", "migrate"]
    processes = [subprocess.Popen(command, env=environ) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert is_current(blank_app)


def test_a_database_without_tables_is_not_current(blank_app: Flask) -> None:
    assert not is_current(blank_app)


def stand_at(app: Flask, revision: str) -> None:
    """Leave what an older or a newer version of lth would have made, in short."""
    engine = owner_engine(app)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plan (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO plan VALUES (7)"))
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:at)"), {"at": revision})
    engine.dispose()


def content(app: Flask) -> dict[str, list[Any]]:
    engine = owner_engine(app)
    with engine.connect() as connection:
        found = {
            table: list(connection.execute(text(f"SELECT * FROM {table}")))  # noqa: S608 - its own name
            for table in tables(engine)
        }
    engine.dispose()
    return found


@pytest.fixture
def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


OLDER = "was made before the first release and is left as it is: move it away, or name an empty one"
NEWER = "was made by another version of lth (revision 5a8c0e3b71d2) and is left as it is: install"


@pytest.mark.parametrize("command", ["migrate", "run", "run --no-migrate", "tick", "walkthrough"])
@pytest.mark.parametrize(
    ("revision", "says"), [("0001", OLDER), ("0009", OLDER), ("5a8c0e3b71d2", NEWER)]
)
def test_a_database_of_another_version_is_refused_in_a_sentence_and_left_alone(
    databases: Databases,
    blank_app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    free_port: str,
    command: str,
    revision: str,
    says: str,
) -> None:
    environ = databases.environ("blank")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LTH_BASE_URL", "http://127.0.0.1")
    stand_at(blank_app, revision)
    before = content(blank_app)
    options = {
        "run": ["--port", free_port],
        "walkthrough": ["--database-url", environ["LTH_DATABASE_URL"]],
    }
    words = command.split()
    result = CliRunner().invoke(main, [*words, *options.get(words[0], [])])
    (line,) = result.output.splitlines()
    assert result.exit_code == 1
    assert line.startswith("Error: The database ")
    assert says in line
    assert content(blank_app) == before
