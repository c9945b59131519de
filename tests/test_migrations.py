"""The migrations make exactly what the models say, go both ways, and run once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, inspect
from support.databases import Databases

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
