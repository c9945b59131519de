"""Run embedded: one command migrates, serves and sends mail, with no other server."""

import logging
import multiprocessing
import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

logger = logging.getLogger(__name__)

_STOP_SECONDS = 10

HEADER_SECONDS = 10
"""How long a client may take over a request's head, and keep a connection open between two."""

CONNECTIONS = 512
"""To one worker at a time; those above it wait until one ends."""


def _run_beside(server: granian.Granian, work: Callable[[threading.Event], None]) -> None:
    """Have a thread drain the outbox and tick the deadlines while a server runs.

    It lives in the parent process, beside the server's workers and not inside one, so that it
    neither waits for a page nor is doubled when there are several workers. When the server ends
    it is asked to end too, and finishes the message it is sending.
    """
    ending = threading.Event()
    thread = threading.Thread(target=work, args=(ending,), name="lth-background", daemon=True)

    def stop() -> None:
        ending.set()
        thread.join(_STOP_SECONDS)
        if thread.is_alive():
            logger.warning("the background thread is still busy; its leases run out by themselves")

    server.on_startup(thread.start)
    server.on_shutdown(stop)


class PortTakenError(OSError):
    """Something else listens where we were asked to."""


def serve(
    host: str,
    port: int,
    *,
    workers: int = 1,
    clock_offset: timedelta = timedelta(0),
    background: Callable[[threading.Event], None] | None = None,
) -> None:
    """Serve until interrupted; every worker makes an application of its own.

    ``background`` is work for a thread of this process, until the event it is given is set: where
    Redis is there, RQ workers do it, and none is given.
    """
    _hand_down_clock(clock_offset.total_seconds())
    _fork_no_workers()
    server = granian.Granian(
        "lth.wsgi:gateway",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        websockets=False,
    )
    if background is not None:
        _run_beside(server, background)
    server.serve()


def check_port(host: str, port: int) -> None:
    """Fail early and in words, rather than in a worker that would be started again and again.

    Raises:
        PortTakenError: when ``host:port`` is in use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(f"{host}:{port}: {error.strerror}") from error


def _fork_no_workers() -> None:
    """Have workers begin as processes of their own, and not as copies of this one.

    A copy has SQLite's notes of the locks that this process holds at that moment, when the
    background thread writes the lock for writing among them, and then waits for it for ever.
    """
    multiprocessing.set_start_method("spawn", force=True)


def _hand_down_clock(seconds: float) -> None:
    """Have workers started now or later run on the parent's clock, not on one of their own."""
    if seconds:
        os.environ["LTH_CLOCK"] = f"{round(seconds):+d}s"
