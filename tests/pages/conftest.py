"""The demo, signed in to by role."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from support.changes import Changes, changes_in
from support.databases import Databases
from support.sentwalk import Found, Place, first, places
from support.visitors import PEOPLE, TOKEN, Visitor, sign_in, walk

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.models import Credential, Document, Unit
from lth.models.kind import Kind
from lth.workflow.kinds import PLAN

__all__ = ["PEOPLE", "TOKEN", "Visitor", "walk"]


@pytest.fixture
def dataset() -> str:
    return "demo"


@pytest.fixture
def visitor(guarded: Flask) -> Callable[[str], Visitor]:
    """Sign in as one of `PEOPLE`, or by e-mail."""

    return partial(sign_in, guarded)


@pytest.fixture
def read(session):
    """What the database holds now; no lock is left for a request to wait for."""

    def rows(statement) -> list:
        session.rollback()
        with system(session, Purpose.LOAD):
            found = list(session.scalars(statement))
        session.expunge_all()
        session.rollback()
        return found

    return rows


@pytest.fixture
def id_of(read):
    """A person's id by their address."""

    def find(email: str) -> int:
        (found,) = read(select(Credential.person_id).where(Credential.email == email))
        return found

    return find


# --- Forms --------------------------------------------------------------------------------


@pytest.fixture
def deep(request: pytest.FixtureRequest) -> bool:
    """Whether much is to be tried, as ``make attack`` does."""
    return request.config.getoption("--attack") == "long"


@pytest.fixture(scope="session")
def walked() -> dict[str, list[Place]]:
    """Where forms stand in the demo, by the kind of database; one walk is enough for all tests."""
    return {}


@pytest.fixture
def commits(databases: Databases, guarded: Flask) -> Iterator[Changes]:
    """Tell whether anything was committed since the last time it was asked."""
    with changes_in(databases.superuser_url) as asked:
        yield asked


@pytest.fixture
def found(
    guarded: Flask,
    visitor: Callable[[str], Visitor],
    commits: Changes,
    walked: dict[str, list[Place]],
    database_kind: str,
    deep: bool,
) -> list[Found]:
    """List the forms of each kind, each with a browser that is at it: one, or a few."""
    if database_kind not in walked:
        walked[database_kind] = places(guarded)
    listed = first(walked[database_kind], 3 if deep else 1)
    browsers = {who: visitor(who) for who in {one.who for one in listed}}
    return [Found(one, browsers[one.who], commits) for one in listed]


@pytest.fixture
def document_of(session: Session) -> Callable[..., Document]:
    """A unit's document in the demo, by the unit's type and name."""

    def find(full_name: str, kind: Kind = PLAN) -> Document:
        type_, _, name = full_name.partition(" ")
        if type_ == "thị":
            type_, name = "thị trấn", full_name.removeprefix("thị trấn ")
        statement = (
            select(Document)
            .join(Unit, Unit.id == Document.unit_id)
            .where(Unit.type == type_, Unit.name == name, Document.kind == kind)
        )
        session.rollback()
        with system(session, Purpose.LOAD):
            document = session.scalars(statement).one()
            session.expunge(document)
        session.rollback()
        return document

    return find


@pytest.fixture
def engine_of(guarded: Flask) -> Engine:
    with guarded.app_context():
        return db.engine


@pytest.fixture
def statements(engine_of: Engine) -> Iterator[list[str]]:
    """What the application has asked of the database since the test last cleared it."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SELECT set_config")):
            asked.append(statement)

    event.listen(engine_of, "before_cursor_execute", note)
    yield asked
    event.remove(engine_of, "before_cursor_execute", note)
