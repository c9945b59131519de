"""The embedded run: one command that migrates, serves and sends mail, with no other server."""

import logging
import os
import socket
import threading
from collections.abc import Callable

import granian
from granian.constants import Interfaces

from lth.config import Settings

logger = logging.getLogger(__name__)

_STOP_SECONDS = 10


class BackgroundThread:
    """The thread that drains the outbox and ticks the deadlines.

    It lives in the parent process, beside the server's workers and not inside one, so that it
    neither waits for a page nor is doubled when there are several workers.
    """

    def __init__(self, work: Callable[[threading.Event], None]) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=work, args=(self._stop,), name="lth-background", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end and wait: it finishes the message it is sending."""
        self._stop.set()
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            logger.warning("the background thread is still busy; its leases run out by themselves")


class PortTakenError(OSError):
    """Something else listens where we were asked to."""


def serve(
    settings: Settings,
    host: str,
    port: int,
    workers: int = 1,
    *,
    work: Callable[[threading.Event], None],
) -> None:
    """Serve until interrupted; every worker makes its own application.

    A thread of the parent does ``work``: with Redis set, RQ workers do it, and none is started.
    """
    _hand_down_clock(settings.clock_offset.total_seconds())
    server = granian.Granian(
        "lth.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        websockets=False,
    )
    if settings.redis_url is None:
        background = BackgroundThread(work)
        server.on_startup(background.start)
        server.on_shutdown(background.stop)
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


def _hand_down_clock(seconds: float) -> None:
    """Have workers started now or later run on the parent's clock, not on one of their own."""
    if seconds:
        os.environ["LTH_CLOCK"] = f"{round(seconds):+d}s"
