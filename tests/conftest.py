"""Fixtures that every test may use. A test that asks for none of them needs no database.

``app`` and what builds on it run once on SQLite and once on PostgreSQL. A test that is about one of
them says ``@pytest.mark.databases("sqlite")``; ``pytest --database sqlite`` runs that half only.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.databases import Databases, PostgresStore, SqliteStore
from support.datasets import DATASETS
from support.formclient import FormClient
from support.postgres import postgres_server
from support.services import CHROMIUM_NAMES, program, redis_server

from lth import drafting, synthesis  # noqa: F401 - they register what the table names
from lth.administration import passwords
from lth.blueprints.web.extensions import db
from lth.reporting import room  # noqa: F401 - as above

KINDS = ("sqlite", "postgres")

# A slow machine is no failure, and the same commit finds the same things.
hypothesis_settings.register_profile("lth", deadline=None, derandomize=True)
hypothesis_settings.load_profile("lth")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, help="run database tests on this kind only")
    parser.addoption(
        "--attack", choices=("short", "long"), default="short", help="how much tests/attack tries"
    )
    parser.addoption("--attack-report", help="the file in which tests/attack says what it tried")


_OWN_FOLDER = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """As root, give this run a temporary folder that no other run of pytest closes.

    PostgreSQL does not run as root, and so needs a way through every folder above its data. Pytest
    closes the one that all its runs have in common whenever one starts, and the server dies.
    """
    is_worker = hasattr(config, "workerinput")
    if os.geteuid() == 0 and not is_worker and config.option.basetemp is None:
        config.stash[_OWN_FOLDER] = Path(tempfile.mkdtemp(prefix="lth-tests-"))
        config.option.basetemp = str(config.stash[_OWN_FOLDER] / "run")


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(_OWN_FOLDER, None)
    if folder is not None:
        shutil.rmtree(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that touches a database on each kind, unless it is marked for one."""
    if "database_kind" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("databases")
    only = metafunc.config.getoption("--database")
    kinds = [kind for kind in (marker.args if marker else KINDS) if only in {None, kind}]
    metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session", autouse=True)
def production_hasher() -> Iterator[PasswordHasher]:
    """Hash at the least cost that argon2 has, so that signing in takes no time.

    The value is the hasher that `lth` begins with.
    """
    before = passwords._Hashing.hasher
    passwords.set_cost(1, 8, 1)
    yield before
    passwords._Hashing.hasher = before


@pytest.fixture(scope="session")
def _open_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Databases]]:
    """Start each kind the first time a test asks for it."""
    started: dict[str, Databases] = {}
    with ExitStack() as stack:

        def start(kind: str) -> Databases:
            if kind not in started:
                home = tmp_path_factory.mktemp(kind)
                started[kind] = Databases(_open_store(kind, home, stack), home, DATASETS)
                stack.callback(started[kind].close)
            return started[kind]

        yield start


def _open_store(kind: str, home: Path, stack: ExitStack) -> SqliteStore | PostgresStore:
    if kind == "sqlite":
        return SqliteStore(home)
    store = PostgresStore(stack.enter_context(postgres_server(home)))
    stack.callback(store.close)
    return store


@pytest.fixture
def databases(database_kind: str, _open_databases: Callable[[str], Databases]) -> Databases:
    """The databases of the kind this test runs on, for tests that make their own."""
    return _open_databases(database_kind)


@pytest.fixture
def dataset() -> str:
    """What the database holds when the test begins; see ``support/datasets.py``."""
    return "empty"


@pytest.fixture
def database(databases: Databases, dataset: str) -> str:
    """The address of a database that holds the dataset; what the test does to it is forgotten."""
    databases.restore(dataset)
    return databases.url


@pytest.fixture
def app(databases: Databases, database: str) -> Flask:
    """The application on that database. It is shared: change its config by monkeypatch only."""
    return databases.app


@pytest.fixture
def guarded(databases: Databases, database: str) -> Flask:
    """The application with its forms' tokens asked for, as in earnest; shared as ``app`` is."""
    return databases.guarded


@pytest.fixture
def make_app(databases: Databases, database: str) -> Callable[..., Flask]:
    """Make another application on that database, with ``LTH_…`` or Flask settings of its own."""
    return databases.make_app


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of the test's own, outside of any request; `client` commits it before a request."""
    with Session(engine) as session:
        yield session


class Client(FormClient):
    """A browser. What the test's session holds is committed before each request.

    So a request sees what the test has set up, waits for no lock of the test's own, and the test
    reads afterwards what the request has changed.
    """

    test_session: Session | None = None

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if self.test_session is not None:
            self.test_session.commit()
        return super().open(*args, **kwargs)


@pytest.fixture
def new_client(app: Flask, session: Session) -> Callable[[], Client]:
    """Open another browser, with cookies of its own."""

    def make() -> Client:
        client = Client(app, app.response_class, use_cookies=True)
        client.test_session = session
        return client

    return make


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Client:
    return new_client()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this run's own; the test is skipped where none is installed."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; the test is skipped where none is installed."""
    return program(CHROMIUM_NAMES, "chromium")


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
