"""Between the HTTP server and the application: no thread is taken before a request is whole.

The server reads requests in one event loop, where thousands may wait and none costs a thread. A
body is gathered there, as fast as its client sends it but no slower than `Patience` allows; then
the request waits for a place in its *lane* and is answered in a thread. Lanes keep those who write,
who may all be waiting for one lock, from taking the threads of those who read, and both from the
threads of what asks nothing of the database. Whoever finds no place within a few seconds is
answered all the same, by the application, which is told under `REFUSAL` not to do the work.

An answer is taken whole from the application before it goes out, so that a client who reads slowly
holds no thread either.
"""

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from lth.core import secret_paths

logger = logging.getLogger(__name__)

REFUSAL = "lth.refusal"
"""In a request's environment: the code with which to refuse it, with no work done."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})

_IN_MEMORY = 256 * 1024
"""Bytes of a body that are gathered in memory; more goes to a temporary file."""

_HEARD_OUT = 96 * 1024 * 1024
"""Bytes up to which a body that is not taken is read and dropped: a browser shows no answer that
comes while it is still sending."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Patience:
    """How long clients may take, and how much they may send."""

    window: float = 10
    """Seconds in each of which at least `least` bytes of a body have to arrive."""
    least: int = 4096
    whole: float = 300
    """Seconds after which a body has to be there in full."""
    largest: int = 16 * 1024 * 1024
    largest_upload: int = 64 * 1024 * 1024
    """To paths that take files."""
    large_at_once: int = 16
    """Bodies that outgrow memory and may be on their way at the same time."""


@dataclass(frozen=True)
class Lane:
    """Threads for one kind of request, and how many seconds another one waits for its turn."""

    threads: int
    wait: float


@dataclass(frozen=True)
class Lanes:
    """The lanes of a worker; threads of Python share a core, so that a few are enough."""

    reading: Lane = Lane(4, 20)
    writing: Lane = Lane(3, 4)
    light: Lane = Lane(2, 20)
    """Needs no account and next to no database, and is there whatever the others wait for."""

    def threads(self) -> int:
        """Count them, with one for those who are refused."""
        return self.reading.threads + self.writing.threads + self.light.threads + 1


class RefusedBodyError(Exception):
    """A body that is not waited for any longer, or not taken; carries the HTTP code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gateway:
    """Serve a WSGI application through the server's event loop (Granian's RSGI)."""

    def __init__(
        self,
        application: Application,
        *,
        light: tuple[str, ...] = (),
        uploads: tuple[str, ...] = (),
        patience: Patience | None = None,
        lanes: Lanes | None = None,
    ) -> None:
        """Answer paths that begin with one of ``light`` in a lane of their own; those that end
        with one of ``uploads`` take more bytes.
        """
        self._application = application
        self._light = light
        self._uploads = uploads
        self._patience = patience or Patience()
        lanes = lanes or Lanes()
        self._pool = ThreadPoolExecutor(lanes.threads(), thread_name_prefix="lth-request")
        self._reading, self._writing, self._quick = (
            _Places(lane) for lane in (lanes.reading, lanes.writing, lanes.light)
        )
        self._refusing = _Places(Lane(1, 3600))
        self._large = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            protocol.close(None)
            return
        environ = _environ(scope)
        try:
            body = await self._gather(scope, protocol)
        except RefusedBodyError as refused:
            body = io.BytesIO()
            environ[REFUSAL] = refused.code
        with body:
            environ["wsgi.input"] = body
            environ["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
            body.seek(0)
            await self._answer(environ, protocol)

    def __rsgi_del__(self, _loop: Any) -> None:
        """End the threads once they have nothing to do."""
        self._pool.shutdown(wait=False)

    async def _answer(self, environ: dict[str, Any], protocol: Any) -> None:
        places = self._refusing if REFUSAL in environ else self._lane(environ)
        if not await places.enter():
            environ[REFUSAL] = 503
            places = self._refusing
            await places.enter()
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._pool, self._work, environ, protocol)
        finally:
            places.leave()

    def _lane(self, environ: Mapping[str, Any]) -> "_Places":
        if environ["REQUEST_METHOD"] not in READING:
            return self._writing
        return self._quick if environ["PATH_INFO"].startswith(self._light) else self._reading

    def _work(self, environ: dict[str, Any], protocol: Any) -> None:
        """Have the application answer, in a thread."""
        try:
            status, headers, body = _ask(self._application, environ)
        except Exception:
            path = secret_paths.told(environ["PATH_INFO"])
            logger.exception("no answer to %s %s", environ["REQUEST_METHOD"], path)
            status, headers, body = 500, [("content-type", "text/plain")], b"500"
        if REFUSAL in environ:
            headers = [*headers, ("connection", "close")]
        protocol.response_bytes(status, headers, body)

    async def _gather(self, scope: Any, protocol: Any) -> IO[bytes]:
        """Read a body in full. Raises RefusedBodyError for one that is too slow or too large."""
        length = scope.headers.get("content-length")
        if length is None:
            if "transfer-encoding" in scope.headers:  # its end could not be told from a break
                raise RefusedBodyError(411)
            return io.BytesIO()
        expected = int(length)  # the server has refused what is none
        if expected <= _IN_MEMORY:
            return await self._read(protocol, io.BytesIO(), expected)
        code = 413 if expected > self._largest(scope) else 503
        if code == 413 or self._large >= self._patience.large_at_once:
            if expected <= _HEARD_OUT:
                await self._read(protocol, _Nothing(), expected)
            raise RefusedBodyError(code)
        self._large += 1
        try:
            return await self._read(protocol, tempfile.TemporaryFile(), expected)
        except OSError as error:
            logger.error("a body cannot be kept while it arrives: %s", error)
            raise RefusedBodyError(507) from error
        finally:
            self._large -= 1

    def _largest(self, scope: Any) -> int:
        takes_files = scope.method == "POST" and scope.path.endswith(self._uploads)
        return self._patience.largest_upload if takes_files else self._patience.largest

    async def _read(self, protocol: Any, body: IO[bytes], expected: int) -> IO[bytes]:
        patience, loop = self._patience, asyncio.get_running_loop()
        end = loop.time() + patience.whole
        got = counted = 0
        try:
            async with asyncio.timeout(patience.window) as limit:
                async for chunk in protocol:
                    body.write(chunk)
                    got += len(chunk)
                    if got - counted >= patience.least:
                        counted = got
                        limit.reschedule(min(end, loop.time() + patience.window))
            if got != expected:  # the client has gone
                raise RefusedBodyError(400)
        except TimeoutError as error:
            body.close()
            raise RefusedBodyError(408) from error
        except BaseException:
            body.close()
            raise
        return body


class _Nothing(io.BytesIO):
    """Keeps nothing of what is written to it."""

    def write(self, chunk: Any, /) -> int:
        return len(chunk)


class _Places:
    """The places of a lane, and the queue for them."""

    def __init__(self, lane: Lane) -> None:
        self._free = asyncio.Semaphore(lane.threads)
        self._wait = lane.wait

    async def enter(self) -> bool:
        """Take a place; False when none became free in time."""
        if not self._free.locked():
            return await self._free.acquire()
        try:
            async with asyncio.timeout(self._wait):
                return await self._free.acquire()
        except TimeoutError:
            return False

    def leave(self) -> None:
        self._free.release()


def _ask(
    application: Application, environ: dict[str, Any]
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return status, headers and body of the application's answer."""
    begun: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
        begun[:] = [int(status.partition(" ")[0]), headers]

    parts = application(environ, start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = begun
    return status, headers, body


def _environ(scope: Any) -> dict[str, Any]:
    """Say a request as WSGI does, without its body."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_latin(scope.path),
        "QUERY_STRING": _as_latin(scope.query_string),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header; one with an underscore could pass for another that a proxy vouches for."""
    if "_" in name or name in {"content-length", "transfer-encoding"}:
        return
    key = name.upper().replace("-", "_")
    if name != "content-type":
        key = f"HTTP_{key}"
    if key in environ:
        value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
    environ[key] = value


def _as_latin(text: str) -> str:
    """Write text as WSGI has it: each byte of its UTF-8 a letter."""
    return text.encode().decode("latin-1")
