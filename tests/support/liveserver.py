"""``lth run`` in a process of its own on loopback, and people who use it over the wire."""

import contextlib
import gzip
import html
import http.client
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.databases import Databases
from support.smtp import free_port

from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.blueprints.web.extensions import db
from lth.blueprints.web.kept_form import AS_ROLE
from lth.demo import PASSWORD
from lth.models import Credential

CLERK = "clerk.a@example.test"
"""Of commune A in the dataset "world"; `let_in` gives them a password."""

PATIENT = 120
"""Seconds for what takes one, on a machine that does other things as well."""

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ROLE = re.compile(rf'name="{AS_ROLE}" value="(\d+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    code: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return html.unescape((gzip.decompress(self.body) if packed else self.body).decode())


@dataclass
class Live:
    """A server that runs; `log` holds all it has said."""

    environ: dict[str, str]
    port: int
    log: Path
    arguments: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "lth", "run", "--port", str(self.port), *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        until(self._answers, f"no answer of lth run: {self.log}")

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            pytest.fail(self.said())
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/static/favicon.svg", timeout=5).code == 200
        return False

    def kill(self) -> None:
        """Kill server and workers as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def worker(self) -> int:
        """Return the process that answers requests."""
        assert self.process is not None
        pid = self.process.pid
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(one) for task in tasks for one in task.read_text().split()]
        return next(one for one in children if "resource_tracker" not in _command_of(one))

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def get(self, path: str, **options: float) -> Answer:
        """Ask as nobody."""
        return Person(self.port).get(path, **options)

    def sign_in(self, email: str, password: str = PASSWORD) -> "Person":
        """Sign somebody in through the form."""
        return Person(self.port).sign_in(email, password)


class Person:
    """A browser over the wire: it keeps cookies, and fills in the forms of the pages it has."""

    def __init__(self, port: int, *, https: bool = False) -> None:
        self._port, self._https = port, https
        self._cookies: SimpleCookie = SimpleCookie()
        self._token = self._role = ""
        self.set_cookies: list[str] = []

    def sign_in(self, email: str, password: str = PASSWORD) -> "Person":
        """Sign in through the form."""
        answer = self.post("/sign-in", {"email": email, "password": password}, page="/sign-in")
        assert answer.code == 302, (answer.code, answer.text[:2000])
        return self

    def get(self, path: str, *, timeout: float = PATIENT, **headers: str) -> Answer:
        return self._ask("GET", path, b"", headers, timeout)

    def post(
        self,
        path: str,
        data: Mapping[str, object],
        *,
        page: str = "",
        timeout: float = PATIENT,
        **headers: str,
    ) -> Answer:
        """Send a form; of ``page``, which is fetched first, else of the last one."""
        if page:
            self.get(page)
        own = {"csrf_token": self._token, AS_ROLE: self._role}
        body = urlencode({**{name: value for name, value in own.items() if value}, **data})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"{'https' if self._https else 'http'}://127.0.0.1:{self._port}/",
            **headers,
        }
        return self._ask("POST", path, body.encode(), headers, timeout)

    def cookie_header(self) -> str:
        return "; ".join(f"{one.key}={one.coded_value}" for one in self._cookies.values())

    def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], timeout: float
    ) -> Answer:
        connection = self._connect(timeout)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._cookies:
            sent["Cookie"] = self.cookie_header()
        begun = time.monotonic()
        with contextlib.closing(connection):
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    self._cookies.load(value)
                    self.set_cookies.append(value)
            answer = Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
                time.monotonic() - begun,
            )
        self._learn(answer)
        return answer

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        if not self._https:
            return http.client.HTTPConnection("127.0.0.1", self._port, timeout=timeout)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # of this test's own
        return http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=timeout, context=trusting
        )

    def _learn(self, answer: Answer) -> None:
        if answer.code != 200 or "html" not in answer.headers.get("content-type", ""):
            return
        text = answer.text
        if found := _TOKEN.search(text):
            self._token = found[1]
        if found := _ROLE.search(text):
            self._role = found[1]


@contextlib.contextmanager
def live(
    environ: Mapping[str, str], folder: Path, *arguments: str, demo: bool = True
) -> Iterator[Live]:
    """Run a server with these settings until the block ends."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("LTH_")}
    server = Live(
        {**bare, "PYTHONUNBUFFERED": "1", **({"LTH_DEMO": "1"} if demo else {}), **environ},
        free_port(),
        folder / "server.log",
        arguments,
    )
    try:
        server.start()
        yield server
    finally:
        server.kill()


def until(holds: object, words: str, seconds: float = PATIENT) -> None:
    """Wait until it holds; fail with these words when it does not come to."""
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            pytest.fail(words)
        time.sleep(0.05)


def _command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def let_in(app: Flask, email: str = CLERK) -> None:
    """Give somebody of the dataset "world" the demo's password."""
    with app.app_context(), Session(db.engine) as session, system(session, Purpose.LOAD):
        credential = session.scalars(select(Credential).where(Credential.email == email)).one()
        credential.password_hash = passwords.hash_password(PASSWORD)
        session.commit()


def environ_of_world(databases: Databases, name: str) -> dict[str, str]:
    """Make a database of its own with the dataset "world", and let its clerk in."""
    databases.copy("world", name)
    let_in(databases.make_app(name))
    databases.close()
    return databases.environ(name)
