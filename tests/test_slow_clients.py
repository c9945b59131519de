"""Clients who are slow, or stop in the middle, take no place of those who are not."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from support.databases import Databases
from support.liveserver import CLERK, PATIENT, Live, environ_of_world, live

from lth.core.gateway import Patience
from lth.core.server import HEADER_SECONDS

DESK = "/commune/"
MANY = 50
SOON = 30
"""Seconds within which a good client has its page on a machine that does much else."""

HALF_BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail=a"
)
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow"


@pytest.fixture(scope="module")
def server(
    _open_databases: Callable[[str], Databases], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    environ = environ_of_world(_open_databases("sqlite"), "slow")
    with live(environ, tmp_path_factory.mktemp("slow"), demo=False) as server:
        yield server


def connect(server: Live, begin: bytes) -> socket.socket:
    """A client that sends this much."""
    client = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENT)
    client.sendall(begin)
    return client


def left(client: socket.socket) -> bytes:
    """What a client is answered until the server hangs up."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while more := client.recv(65536):
            said += more
    return said


def drip(clients: list[socket.socket], seconds: float) -> None:
    """Have each send a byte a second, whether or not anybody listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for client in clients:
            with contextlib.suppress(OSError):
                client.sendall(b"a")
        time.sleep(1)


def test_they_are_dropped_and_nobody_waits_for_them(server: Live) -> None:
    clerk = server.sign_in(CLERK)
    with contextlib.ExitStack() as stack:
        silent, dripping, headless = (
            [stack.enter_context(connect(server, begin)) for _ in range(MANY)]
            for begin in (HALF_BODY, HALF_BODY, HALF_HEAD)
        )
        for path in (DESK, "/static/favicon.svg", "/healthz"):
            assert clerk.get(path, timeout=SOON).code == 200
        assert clerk.post("/account/language", {"language": "vi"}, timeout=SOON).code == 302
        drip([*dripping, *headless], max(Patience().window, HEADER_SECONDS) + 2)
        assert all(left(one).startswith(b"HTTP/1.1 408 ") for one in silent)
        for one in (*dripping, *headless):
            left(one)  # until the server hangs up
    assert clerk.get(DESK, timeout=SOON).code == 200


def test_who_sends_too_much_is_told(server: Live) -> None:
    """The whole is heard out: a browser that is still sending shows no answer."""
    clerk = server.sign_in(CLERK)
    answer = clerk.post("/account/language", {"language": "v" * (17 * 1024 * 1024)})
    assert answer.code == 413
    assert "16 MB" in answer.text
