"""A disk without room: the page, the log and the health say so, and it goes on by itself."""

import errno
import json
import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from faults.cases import _fill, small_disk
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from support.databases import Databases
from support.liveserver import CLERK, Person, environ_of_world, live, until

from lth.blueprints.web import kept_form
from lth.blueprints.web.extensions import db
from lth.blueprints.web.permissions import Permission, needs
from lth.core import disk

TITLE = "<h1>Máy chủ hết chỗ lưu</h1>"
KEPT = "<h1>Máy chủ hết chỗ lưu, nội dung vẫn còn</h1>"
TYPED = "Đề nghị xã rà soát lại."


class FullError(Exception):
    """What a driver raises; PostgreSQL's has the state, SQLite's the code."""

    def __init__(self, **said: object) -> None:
        super().__init__("no room")
        self.__dict__.update(said)


ERRORS = {
    "postgres": OperationalError("INSERT", {}, FullError(sqlstate="53100")),
    "sqlite": OperationalError("INSERT", {}, FullError(sqlite_errorcode=13)),
    "file": OSError(errno.ENOSPC, "No space left on device"),
    "quota": OSError(errno.EDQUOT, "Disk quota exceeded"),
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", ERRORS)
def test_whatever_says_so_is_said_on_page_and_in_log(
    make_app: Callable[..., Flask], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(TESTING=False)

    def fail() -> str:
        raise ERRORS[kind]

    app.add_url_rule("/full", "full", needs(Permission.SIGNED_IN)(fail))
    app.view_functions["full"] = needs(Permission.PUBLIC)(fail)
    answer = app.test_client().get("/full")
    assert answer.status_code == 503
    assert TITLE in answer.text
    assert answer.headers["Retry-After"]
    assert "the disk is full at /full" in caplog.text


def test_other_errors_of_files_are_no_full_disk(make_app: Callable[..., Flask]) -> None:
    app = make_app(TESTING=False)

    def fail() -> str:
        raise FileNotFoundError(errno.ENOENT, "hush")

    app.add_url_rule("/gone", "gone", needs(Permission.PUBLIC)(fail))
    assert app.test_client().get("/gone").status_code == 500


@pytest.mark.databases("sqlite")
def test_a_database_that_may_not_grow_and_then_may(make_app: Callable[..., Flask]) -> None:
    """SQLite's own error, of a real statement."""
    app = make_app(TESTING=False)

    def write() -> str:
        letters = "x" * 200_000
        db.session.execute(text("CREATE TABLE IF NOT EXISTS wide (letters TEXT)"))
        db.session.execute(text("INSERT INTO wide VALUES (:letters)"), {"letters": letters})
        db.session.commit()
        return "written"

    app.add_url_rule("/write", "write", needs(Permission.PUBLIC)(write), methods=["POST"])
    pages = {"limit": 1}
    with app.app_context():
        event.listen(db.engine, "begin", lambda one: _limit(one.connection, pages["limit"]))
    client = app.test_client()
    refused = client.post("/write")
    assert (refused.status_code, TITLE in refused.text) == (503, True)
    assert client.get("/healthz").json == {
        "status": "unavailable",
        "database": "ok",
        "disk": "full",
    }
    pages["limit"] = 1_000_000
    assert client.post("/write").text == "written"


def _limit(connection: sqlite3.Connection, pages: int) -> None:
    connection.execute(f"PRAGMA max_page_count = {pages}").close()


@pytest.mark.databases("sqlite")
def test_health_looks_before_anybody_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = {"free": disk.LEAST_FREE - 1}
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _place: SimpleNamespace(**usage))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["disk"]) == (503, "full")
    usage["free"] = disk.LEAST_FREE
    assert app.test_client().get("/healthz").status_code == 200


@pytest.mark.databases("sqlite")
def test_what_cannot_be_read_for_want_of_room_is_no_second_error(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large upload goes to a temporary file, which the page of the error would read again."""

    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with app.test_request_context("/account/mail", method="POST", data={"reason": TYPED}):
        assert kept_form.of_request() is not None
    with app.test_request_context("/account/mail", method="POST", data={"reason": TYPED}):
        monkeypatch.setattr("werkzeug.wrappers.request.Request._load_form_data", no_room)
        assert kept_form.of_request() is None


@pytest.fixture
def disk_of_its_own(tmp_path: Path) -> Path:
    """A small file system, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with ExitStack() as stack:
        try:
            stack.enter_context(small_disk(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            if os.geteuid() == 0 and os.environ.get("LTH_REQUIRE_ALL"):
                pytest.fail(f"no small disk: {error}")
            pytest.skip("needs to be root, to mount a small disk")
        yield folder


def test_the_server_says_so_and_goes_on_without_a_restart(
    _open_databases: Callable[[str], Databases], disk_of_its_own: Path, tmp_path: Path
) -> None:
    databases = _open_databases("sqlite")
    environ = environ_of_world(databases, "disk")
    file = disk_of_its_own / "lth.db"
    file.write_bytes(Path(databases.store.url("disk").removeprefix("sqlite:///")).read_bytes())
    settings = {"LTH_DATABASE_URL": f"sqlite:///{file}", "LTH_HOME": str(tmp_path)}
    with live(environ | settings, tmp_path, demo=False) as server:
        clerk = server.sign_in(CLERK)
        clerk.get("/account")
        filler = disk_of_its_own / "filler"
        _fill(filler)
        refused = until_refused(clerk)
        assert KEPT in refused.text
        assert TYPED in refused.text
        assert clerk.get("/commune/").code == 200
        health = clerk.get("/healthz")
        assert (health.code, json.loads(health.body)["disk"]) == (503, "full")
        assert "the disk is full at" in server.said()
        filler.unlink()
        until(lambda: clerk.get("/healthz").code == 200, "health never came back")
        assert say(clerk).code != 503


def say(clerk: Person) -> object:
    """Write something: a new address of one's calendar, and words beside."""
    return clerk.post("/account/calendar", {"reason": TYPED}, page="/account")


def until_refused(clerk: Person) -> object:
    """Write until the log of the database has no room to grow."""
    for _ in range(50):
        answer = say(clerk)
        if answer.code == 503:
            return answer
    return pytest.fail("a full disk refused nothing")
