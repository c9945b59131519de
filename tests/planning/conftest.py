"""Fixtures of the planning tests."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.databases import Databases

from lth.blueprints.web.extensions import db


@pytest.fixture(scope="module")
def drafting_engine(
    database_kind: str, _open_databases: Callable[[str], Databases]
) -> Iterator[Engine]:
    """The drafting world, put in place once for a module whose tests never commit."""
    databases = _open_databases(database_kind)
    databases.restore("drafting")
    with databases.app.app_context():
        yield db.engine
    databases.close()


@pytest.fixture
def drafting_session(drafting_engine: Engine) -> Iterator[Session]:
    """A session in the drafting world; what the test does in it is rolled back."""
    with Session(drafting_engine) as session:
        yield session
        session.rollback()
