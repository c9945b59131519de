"""The database is busy or away while people are signed in, through the server as it runs."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from support.databases import Databases, PostgresStore
from support.formclient import FormClient
from support.liveserver import (
    CLERK,
    PATIENT,
    Answer,
    Live,
    Person,
    environ_of_world,
    let_in,
    live,
)
from support.postgres import StoppableServer, stoppable_server
from world import fill_world

from lth.blueprints.web.extensions import db
from lth.core.database import SQLITE_BUSY_MS
from lth.demo import PASSWORD

TYPED = "Đề nghị xã rà soát lại số liệu của hai thôn."
OFTEN = ("/static/favicon.svg", "/healthz", "/")
LONGEST = 2 * SQLITE_BUSY_MS / 1000 + 20
"""Seconds for a writer: a wait for a place, one for the lock, and what a busy machine adds."""
WRITERS = 8


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def on_sqlite(
    _open_databases: Callable[[str], Databases], tmp_path: Path
) -> Iterator[tuple[Live, Path]]:
    """A server on SQLite, and its database file."""
    databases = _open_databases("sqlite")
    environ = environ_of_world(databases, "busy")
    file = Path(databases.store.url("busy").removeprefix("sqlite:///"))
    with live(environ, tmp_path, demo=False) as server:
        yield server, file


@pytest.fixture
def on_postgres(tmp_path: Path) -> Iterator[tuple[Live, StoppableServer]]:
    """A server on a PostgreSQL of its own, which can be stopped."""
    home = tmp_path / "home"
    home.mkdir()
    with stoppable_server(tmp_path) as postgres, ExitStack() as stack:
        store = PostgresStore(postgres.socket_folder)
        databases = Databases(store, home, {"empty": None, "world": fill_world})
        environ = environ_of_world(databases, "away")
        store.close()
        yield stack.enter_context(live(environ, tmp_path, demo=False)), postgres


def type_something(person: Person, **headers: str) -> Answer:
    """Send a form with words in it."""
    return person.post(
        "/commune/documents/1/acts/decline", {"reason": TYPED}, timeout=PATIENT, **headers
    )


def is_busy_page(answer: Answer) -> bool:
    """Tell whether it says what happened and still has what was typed."""
    words = ("<title>Máy đang bận, nội dung vẫn còn</title>", TYPED, "Gửi lại")
    return answer.code == 503 and all(one in answer.text for one in words)


def test_writers_wait_some_seconds_and_readers_not_at_all(on_sqlite: tuple[Live, Path]) -> None:
    server, file = on_sqlite
    person = server.sign_in(CLERK)
    person.get("/account")
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answers: list[Answer] = []
    writers = [
        threading.Thread(target=lambda: answers.append(type_something(person)))
        for _ in range(WRITERS)
    ]
    for one in writers:
        one.start()
    read = [person.get(path, timeout=LONGEST).code for path in ("/account", *OFTEN)]
    assert read == [200, 200, 200, 302]
    for one in writers:
        one.join()
    assert [is_busy_page(one) for one in answers] == [True] * WRITERS
    assert all(one.headers["retry-after"] for one in answers)
    assert max(one.seconds for one in answers) < LONGEST
    lock.execute("ROLLBACK")
    lock.close()
    assert type_something(person).code == 403  # no clerk's act: it got as far as looking


def test_postgresql_is_stopped_and_comes_back(
    on_postgres: tuple[Live, StoppableServer],
) -> None:
    server, postgres = on_postgres
    person = server.sign_in(CLERK)
    assert person.get("/account").code == 200
    postgres.stop()
    assert person.get("/static/favicon.svg").code == 200
    health = person.get("/healthz", timeout=LONGEST)
    assert (health.code, json.loads(health.body)["database"]) == (503, "unavailable")
    for path in ("/account", "/", "/commune/", "/no-such-page"):
        page = person.get(path)
        assert (page.code, "<h1>Máy đang bận</h1>" in page.text) == (503, True), path
    assert is_busy_page(type_something(person))
    part = type_something(person, HX_Request="true")
    assert (part.code, part.headers["lth-notice"]) == (503, "503")
    assert "nội dung vẫn còn" in part.text
    assert "<html" not in part.text
    postgres.start()
    assert person.get("/healthz").code == 200
    assert person.get("/account").code == 200
    assert "Exception on" not in server.said()  # Flask's words for a page that failed


def test_what_needs_no_account_asks_the_database_nothing(app: Flask, client: FormClient) -> None:
    """Though somebody is signed in."""
    let_in(app)
    client.post("/sign-in", data={"email": CLERK, "password": PASSWORD})
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "begin", lambda _connection: asked.append("begun"))
    for path in ("/static/favicon.svg", "/static/lth.css", "/healthz"):
        with client.get(path) as answer:
            assert answer.status_code == 200
    assert not asked
    assert client.get("/account").status_code == 200
    assert asked
