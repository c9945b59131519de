"""Constraints and indexes in the database have the models' names, and going down leaves nothing.

`test_migrations.py` compares tables, columns, keys and indexes; Alembic compares no CHECKs.
"""

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Engine, inspect, text
from support.databases import Databases, dispose

from lth.core import database, schema
from lth.models import Base


@pytest.fixture
def owner(app: Flask) -> Engine:
    return database.migration_engine(app.config["SETTINGS"])


def test_checks_are_those_of_the_models(owner: Engine) -> None:
    modelled = {
        name: {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        for name, table in Base.metadata.tables.items()
    }
    inspector = inspect(owner)
    found = {
        name: {one["name"] for one in inspector.get_check_constraints(name)} for name in modelled
    }
    owner.dispose()
    assert found == modelled


@pytest.mark.databases("postgres")
@pytest.mark.parametrize(("table", "column"), [("unit", "path"), ("document", "unit_path")])
def test_paths_are_compared_byte_by_byte(owner: Engine, table: str, column: str) -> None:
    """Whatever the cluster's language, or '1.2.' and '1/' would not stand in this order."""
    statement = text(
        "SELECT collname FROM pg_attribute JOIN pg_collation c ON c.oid = attcollation"
        " WHERE attrelid = cast(:table AS regclass) AND attname = :column"
    )
    with owner.connect() as connection:
        assert connection.scalar(statement, {"table": table, "column": column}) == "C"
    owner.dispose()


@pytest.mark.databases("postgres")
def test_nothing_is_left_after_going_down(databases: Databases) -> None:
    databases.blank("down")
    app = databases.make_app("down")
    schema.upgrade(app.config["SETTINGS"])
    schema.downgrade(app.config["SETTINGS"], "base")
    left = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'S')"
    )
    engine = database.migration_engine(app.config["SETTINGS"])
    with engine.connect() as connection:
        assert list(connection.scalars(left)) == ["alembic_version"]
    engine.dispose()
    dispose(app)
