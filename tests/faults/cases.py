"""The breakdowns, each with people at work meanwhile."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.liveserver import until
from support.services import redis_server
from support.smtp import DROP, accept

from faults.office import Office
from faults.work import at_work, wait_for_more
from lth.core import schema
from lth.core.gateway import Patience
from lth.core.server import HEADER_SECONDS

BOTH = ("sqlite", "postgres")

HALF_BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail=a"
)
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow"
SMALL_DISK = "48m"


@dataclass(frozen=True)
class Case:
    """A breakdown: what it is called, on which databases, and how often it happens."""

    name: str
    title: str
    run: Callable[[Office, int], list[str]]
    kinds: tuple[str, ...] = BOTH
    times: int = 1
    settings: Callable[[Path], dict[str, str]] = lambda _folder: {}


def kill(office: Office, times: int) -> list[str]:
    """Kill the worker and, every other time, the server with it, somewhere in an act."""
    for turn in range(times):
        wait_for_more(office.desks, 2)
        time.sleep(turn % 10 * 0.017)  # each time at another place of an act
        if turn % 2:
            os.kill(office.server.worker(), signal.SIGKILL)
        else:
            office.server.kill()
            office.server.start()
    wait_for_more(office.desks, 4)
    return []


def stop_postgres(office: Office, times: int) -> list[str]:
    """Stop PostgreSQL, look at what is still there, start it again."""
    postgres, wrong = office.town.postgres, []
    assert postgres is not None
    for _ in range(times):
        wait_for_more(office.desks, 4)
        postgres.stop()
        health = office.server.get("/healthz")
        if (health.code, json.loads(health.body)["database"]) != (503, "unavailable"):
            wrong.append(f"health with PostgreSQL stopped: {health.code} {health.text}")
        if office.server.get("/static/favicon.svg").code != 200:
            wrong.append("no static files with PostgreSQL stopped")
        time.sleep(2)
        postgres.start()
        wait_for_more(office.desks, 4)
    return wrong


def hold_lock(office: Office, times: int) -> list[str]:
    """Hold SQLite's write lock for longer than a writer waits; readers go on."""
    wrong = []
    for _ in range(times):
        wait_for_more(office.desks, 4)
        lock = sqlite3.connect(_file_of(office), isolation_level=None, timeout=60)
        lock.execute("BEGIN IMMEDIATE")
        time.sleep(1)  # by then all who write wait
        if office.server.get("/sign-in").code != 200:
            wrong.append("nobody could read while others waited to write")
        time.sleep(8)
        lock.execute("ROLLBACK")
        lock.close()
    wait_for_more(office.desks, 4)
    return wrong


def lose_redis(office: Office, times: int) -> list[str]:
    """Take Redis away from server, workers and cron, and kill a worker on top."""
    folder = office.folder
    with office.beside("worker"), office.beside("cron"):
        for _ in range(times):
            with redis_server(folder):
                wait_for_more(office.desks, 6)
            wait_for_more(office.desks, 6)
        with redis_server(folder):
            with office.beside("worker") as second:
                wait_for_more(office.desks, 4)
                second.kill()
            wait_for_more(office.desks, 4)
    return []


def redis_settings(folder: Path) -> dict[str, str]:
    return {"LTH_REDIS_URL": f"unix://{folder / 'redis.sock'}"}


def refuse_mail(office: Office, times: int) -> list[str]:
    """Have the relay put mail off, hang up without an answer, and take its time."""
    for _ in range(times):
        for judge in (lambda _to: "451 4.3.0 later", lambda _to: DROP, _slowly, accept):
            office.post.at_data = judge
            wait_for_more(office.desks, 4)
            time.sleep(2)
    return []


def _slowly(_address: str) -> str:
    time.sleep(0.5)
    return "250 OK"


def send_halves(office: Office, times: int) -> list[str]:
    """Open lines that send a half: of a body, of a body byte by byte, of a head."""
    wrong = []
    for _ in range(times):
        with contextlib.ExitStack() as stack:
            silent, dripping, headless = (
                [stack.enter_context(_connect(office, begin)) for _ in range(50)]
                for begin in (HALF_BODY, HALF_BODY, HALF_HEAD)
            )
            wait_for_more(office.desks, 8, 60)
            end = time.monotonic() + max(Patience().window, HEADER_SECONDS) + 2
            while time.monotonic() < end:
                for client in (*dripping, *headless):
                    with contextlib.suppress(OSError):
                        client.sendall(b"a")
                time.sleep(1)
            held = sum(not _is_dropped(one) for one in (*silent, *dripping, *headless))
            if held:
                wrong.append(f"{held} half-sent requests are still held")
    wait_for_more(office.desks, 4)
    return wrong


def _connect(office: Office, begin: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", office.server.port), timeout=30)
    client.sendall(begin)
    return client


def _is_dropped(client: socket.socket) -> bool:
    with contextlib.suppress(ConnectionError):
        try:
            while client.recv(65536):
                pass
        except TimeoutError:
            return False
    return True


def fill_disk(office: Office, times: int) -> list[str]:
    """Fill the disk that the database is on, look at what is said, and make room again."""
    wrong = []
    for _ in range(times):
        wait_for_more(office.desks, 4)
        filler = _file_of(office).with_name("filler")
        _fill(filler)
        until(lambda: _refusals(office) > 0, "nothing was refused on a full disk")
        health = office.server.get("/healthz")
        if (health.code, json.loads(health.body)["disk"]) != (503, "full"):
            wrong.append(f"health with a full disk: {health.code} {health.text}")
        if office.desks[0].clerk.get("/commune/").code != 200:
            wrong.append("nobody could read with a full disk")
        page = office.desks[0].clerk.post(
            "/commune/documents/41/acts/decline", {"reason": "Viết trong lúc đầy"}
        )
        if page.code == 503 and "hết chỗ lưu, nội dung vẫn còn" not in page.text:
            wrong.append(f"no word of the disk on the page: {page.text[:400]}")
        filler.unlink()
        wait_for_more(office.desks, 4)
        if "the disk is full" not in office.server.said():
            wrong.append("no word of the disk in the log")
    return wrong


def _fill(filler: Path) -> None:
    """Write until there is no byte left."""
    with filler.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass


def _refusals(office: Office) -> int:
    return sum(desk.codes.get(503, 0) for desk in office.desks)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a small file system there, which only root can. Raises CalledProcessError."""
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=0755", "lth-faults", str(folder)],
        check=True,
        capture_output=True,
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def upgrade(office: Office, times: int) -> list[str]:
    """Migrate the database to a later version while this one serves; it goes on."""
    wrong = []
    wait_for_more(office.desks, 4)
    later = office.folder / "migrations"
    shutil.copytree(schema.directory(), later, ignore=shutil.ignore_patterns("__pycache__"))
    for turn in range(times):
        _add_revision(later, turn)
        office.migrations = later
        said = office.lth("migrate")
        if said.returncode != 0:
            wrong.append(f"the later version did not migrate: {said.stdout}{said.stderr}")
        wait_for_more(office.desks, 4)
    return wrong


_REVISION = '''"""Add what a later version needs."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "later{turn}", {after!r}, None, None


def upgrade() -> None:
    op.add_column("document", sa.Column("later{turn}", sa.Text(), nullable=True))
    op.create_table("later_{turn}", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("later_{turn}")
    op.drop_column("document", "later{turn}")
'''


def _add_revision(later: Path, turn: int) -> None:
    after = f"later{turn - 1}" if turn else _head(later)
    text = _REVISION.format(turn=turn, after=after)
    (later / "versions" / f"9{turn:03}_later.py").write_text(text, "utf-8")


def _head(folder: Path) -> str:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - for this case alone

    (head,) = ScriptDirectory(str(folder)).get_heads()
    return head


def _file_of(office: Office) -> Path:
    return Path(office.environ["LTH_DATABASE_URL"].removeprefix("sqlite:///"))


CASES = (
    Case("kill", "Worker or server killed (SIGKILL) in mid-act", kill, times=10),
    Case("lock", "The write lock held for nine seconds", hold_lock, ("sqlite",), 2),
    Case("halves", "150 half-sent requests at once", send_halves),
    Case("relay", "The relay puts off, hangs up, is slow", refuse_mail, ("sqlite",)),
    Case("disk", "The disk is full", fill_disk, ("sqlite",), 2),
    Case("upgrade", "A later version migrates while this one serves", upgrade, times=2),
    Case(
        "redis",
        "Redis goes and comes back; a worker of the queue killed",
        lose_redis,
        ("postgres",),
        2,
        redis_settings,
    ),
    Case("stop", "PostgreSQL stopped and started again", stop_postgres, ("postgres",), 3),
)
"""In order; the one that stops the server comes last."""


def run(case: Case, office: Office, times: int | None = None) -> list[str]:
    """Have it happen while people work; return what was wrong meanwhile."""
    with at_work(office.desks):
        try:
            return case.run(office, case.times if times is None else times)
        except (AssertionError, pytest.fail.Exception) as error:
            codes = [desk.codes for desk in office.desks]
            return [f"{error}; answers {codes}; {office.server.said()[-2000:]}"]
