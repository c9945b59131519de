"""The demo under attack, short in the test suite and long by ``make attack``; and its report."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, select, tuple_
from sqlalchemy.orm import Session
from support.databases import Databases

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import store_of
from lth.models import Unit

from .filed import put_at
from .report import Report
from .strangers import STRANGERS, VICTIMS

_REPORT = pytest.StashKey[Report]()
_TRIED = "attack"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only ``--attack long`` tries: what is marked so, and the other database."""
    if config.getoption("--attack") == "long":
        return
    left_out = [item for item in items if _is_attack(item) and _is_long(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_attack(item: pytest.Item) -> bool:
    return "attack" in item.path.parent.name


def _is_long(item: pytest.Item) -> bool:
    on_postgres = getattr(item, "callspec", None) and "postgres" in item.callspec.params.values()
    return bool(on_postgres) or item.get_closest_marker("long") is not None


@pytest.fixture
def dataset() -> str:
    return "demo"


@pytest.fixture
def connection(databases: Databases, guarded: Flask) -> Iterator[Connection]:
    """See every row: on PostgreSQL as the superuser, past row-level security."""
    engine = create_engine(
        databases.settings().database_url.replace("lth_app@", "postgres@"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(autouse=True)
def filed(guarded: Flask, session: Session) -> None:
    """Put files of every kind at each unit that is attacked or attacks, the same each time."""
    types_and_names = [
        one.line[-1].partition(" ")[::2] for one in (*VICTIMS, *STRANGERS) if one.line
    ]
    named = tuple_(Unit.type, Unit.name).in_(sorted(set(types_and_names)))
    with system(session, Purpose.LOAD):
        units = list(session.scalars(select(Unit).where(named).order_by(Unit.id)))
    session.rollback()
    for unit in units:
        put_at(session, store_of(guarded), unit)
    session.rollback()


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """Note what was tried; see `pytest_sessionfinish`."""
    return _report_of(request.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what one of several processes has tried."""
    _report_of(node.config).take_over(node.workeroutput.get(_TRIED, {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report to the file that ``--attack-report`` names."""
    report, path = _report_of(session.config), session.config.getoption("--attack-report")
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_TRIED] = report.tried()
    elif path:
        report.write(path, session.config.getoption("--attack"))


def _report_of(config: pytest.Config) -> Report:
    return config.stash.setdefault(_REPORT, Report())
