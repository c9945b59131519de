"""Fixtures of the demo's tests: the demo put in place once for a module, read and not changed."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.databases import Databases

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db


@pytest.fixture(scope="module")
def demo_engine(
    database_kind: str, _open_databases: Callable[[str], Databases]
) -> Iterator[Engine]:
    """The loaded demo, put in place once for a module whose tests never commit."""
    databases = _open_databases(database_kind)
    databases.restore("demo")
    with databases.app.app_context():
        yield db.engine
    databases.close()


@pytest.fixture
def told(demo_engine: Engine) -> Iterator[Session]:
    """A session that sees all of the demo; what a test does in it is rolled back."""
    with Session(demo_engine) as session, system(session, Purpose.LOAD):
        yield session
        session.rollback()
