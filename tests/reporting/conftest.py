"""The reporting world, put in place once for a module whose tests never commit; and units below one
another whose reports are added up.
"""

from collections.abc import Callable, Iterator

import pytest
from reporting.reporttree import ReportTree
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.databases import Databases

from lth.blueprints.web.extensions import db
from lth.models.unit import Level


@pytest.fixture(scope="module")
def reporting_engine(
    database_kind: str, _open_databases: Callable[[str], Databases]
) -> Iterator[Engine]:
    databases = _open_databases(database_kind)
    databases.restore("reporting")
    with databases.app.app_context():
        yield db.engine
    databases.close()


@pytest.fixture
def world(reporting_engine: Engine) -> Iterator[Session]:
    """A session in the reporting world; what the test does in it is rolled back."""
    with Session(reporting_engine) as session:
        yield session
        session.rollback()


@pytest.fixture
def tree(session):
    return ReportTree(session)


@pytest.fixture
def province(tree):
    return tree.unit(Level.PROVINCE, "Trà Vinh")
