"""Between server and application: what is waited for, for how long, and what is said then."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from support.loops import run_apart

from lth.core import gateway
from lth.core.gateway import REFUSAL, Gateway, Lane, Lanes, Patience

QUICK = Patience(window=0.2, least=10, whole=0.6, largest=1_000_000, large_at_once=1)
LARGE = 300_000
FOREVER = 3600


class Protocol:
    """The server's side of one request: a body in pieces, each after some seconds."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self.pieces = pieces
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for seconds, piece in self.pieces:
            await asyncio.sleep(seconds)
            yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body


class Headers(dict[str, str]):
    """A request's headers."""


def request(method: str = "POST", path: str = "/", **headers: str) -> Any:
    """What the server says of a request."""
    named = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return SimpleNamespace(
        proto="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="[::1]:40000",
        scheme="http",
        method=method,
        path=path,
        query_string="q=1",
        headers=named,
    )


def tell(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """An application that says what it was asked, or that it was to refuse."""
    code = environ.get(REFUSAL, 200)
    start(f"{code} X", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


def ask(scope: Any, protocol: Protocol, **options: Any) -> Protocol:
    """Have a gateway answer one request."""
    at = Gateway(tell, **{"patience": QUICK} | options)
    run_apart(at.__rsgi__(scope, protocol))
    return protocol


def sized(size: int, *pieces: tuple[float, bytes], **options: Any) -> Protocol:
    """Send a body that says how long it is."""
    return ask(request(content_length=str(size)), Protocol(*pieces), **options)


def test_a_whole_body_reaches_the_application() -> None:
    answer = sized(4, (0, b"ab"), (0, b"cd"))
    assert (answer.status, answer.body) == (200, b"abcd")
    large = b"x" * LARGE
    assert sized(LARGE, (0, large)).body == large


@pytest.mark.parametrize(
    ("size", "pieces", "code"),
    [
        (9, [(0, b"abc"), (FOREVER, b"defghi")], 408),
        (999, [(0.05, b"a")] * 999, 408),
        (9999, [(0.05, b"a" * 20)] * 500, 408),
        (9, [(0, b"abc")], 400),
        (1_000_001, [(0, b"a" * 1_000_001)], 413),
        (10**15, [(FOREVER, b"")], 413),
    ],
    ids=["stops", "drips", "takes too long", "breaks off", "is too large", "is absurd"],
)
def test_a_body_that_is_not_waited_for(
    size: int, pieces: list[tuple[float, bytes]], code: int
) -> None:
    answer = sized(size, *pieces)
    assert (answer.status, answer.headers["connection"], answer.body) == (code, "close", b"")


def test_only_where_files_are_taken_may_a_body_be_larger() -> None:
    at = Gateway(
        tell, patience=replace(QUICK, largest_upload=2 * QUICK.largest), uploads=("/files",)
    )
    size = QUICK.largest + 1
    codes = []
    for method, path in (("POST", "/a/files"), ("POST", "/a/files/1"), ("PUT", "/a/files")):
        sent = request(method, path=path, content_length=str(size))
        protocol = Protocol((0, b"x" * size))
        run_apart(at.__rsgi__(sent, protocol))
        codes.append(protocol.status)
    assert codes == [200, 413, 413]


def test_a_body_that_does_not_say_how_long_it_is() -> None:
    """Its end could not be told from a client who has gone."""
    answer = ask(request(transfer_encoding="chunked"), Protocol((0, b"abc")))
    assert answer.status == 411


def test_large_bodies_are_few_and_keep_no_small_one_waiting() -> None:
    at = Gateway(tell, patience=QUICK)

    async def together() -> list[Protocol]:
        sent = [
            (LARGE, Protocol((0.1, b"x" * LARGE))),
            (LARGE, Protocol((0.1, b"x" * LARGE))),
            (3, Protocol((0, b"abc"))),
        ]
        asked = (at.__rsgi__(request(content_length=str(n)), one) for n, one in sent)
        await asyncio.gather(*asked)
        return [one for _, one in sent]

    assert [one.status for one in run_apart(together())] == [200, 503, 200]
    assert at._large == 0


def test_a_disk_without_room_for_a_large_body(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _piece: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    monkeypatch.setattr(gateway.tempfile, "TemporaryFile", Full)
    assert sized(LARGE, (0, b"x" * LARGE)).status == 507


def test_writers_who_wait_keep_no_reader_waiting_and_are_told() -> None:
    """Nor do readers who wait keep anybody from what asks nothing of the database."""
    held, going = threading.Event(), threading.Event()
    went: list[str] = []

    def work(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if REFUSAL not in environ and not environ["PATH_INFO"].startswith("/light/"):
            held.set()
            going.wait(60)
        went.append(environ["REQUEST_METHOD"])
        return tell(environ, start)

    lanes = Lanes(Lane(1, 0.1), Lane(1, 0.1), Lane(1, 60))
    at = Gateway(work, light=("/light/",), lanes=lanes)

    async def together() -> list[int]:
        first = asyncio.create_task(answer("POST", "/"))
        while not held.is_set():
            await asyncio.sleep(0.01)
        reading = asyncio.create_task(answer("GET", "/"))
        refused = [await answer("POST", "/"), await answer("GET", "/")]
        light = await answer("GET", "/light/")
        assert not first.done()
        assert not reading.done()
        going.set()
        return [*refused, light, await first, await reading]

    async def answer(method: str, path: str) -> int:
        protocol = Protocol()
        await at.__rsgi__(request(method, path), protocol)
        return protocol.status

    assert run_apart(together()) == [503, 503, 200, 200, 200]


def test_what_the_application_is_told() -> None:
    seen: dict[str, Any] = {}

    def look(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.update(environ)
        return tell(environ, start)

    scope = request("GET", "/kế hoạch", cookie="a=1", x_forwarded_for="203.0.113.9")
    scope.headers["x_forwarded_for"] = "192.0.2.1"  # no header of that name, though it looks so
    run_apart(Gateway(look).__rsgi__(scope, Protocol()))
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/kế hoạch"
    assert seen["REMOTE_ADDR"] == "::1"
    assert seen["HTTP_COOKIE"] == "a=1"
    assert seen["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"
    assert seen["QUERY_STRING"] == "q=1"


def test_an_application_that_fails_is_answered_for() -> None:
    def fail(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
        raise ValueError("hush")

    protocol = Protocol()
    run_apart(Gateway(fail).__rsgi__(request("GET"), protocol))
    assert protocol.status == 500
    assert b"hush" not in protocol.body
