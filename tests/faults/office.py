"""A place of work that can be broken: the demo on a database of its own, served, with a relay."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from support.databases import Databases, PostgresStore, SqliteStore
from support.datasets import DATASETS
from support.liveserver import Live, live
from support.postgres import StoppableServer, stoppable_server
from support.smtp import Post, smtp_server

from faults.work import Desk, desks

_LATER = """
import pathlib, sys
from lth.core import schema
from lth.cli import main
later = pathlib.Path(sys.argv[1])
schema.directory = lambda: later
main(sys.argv[2:])
"""


@dataclass
class Town:
    """The databases of one kind, from which each case gets its own."""

    kind: str
    folder: Path
    databases: Databases
    postgres: StoppableServer | None = None

    @contextlib.contextmanager
    def office(self, name: str, **settings: str) -> Iterator["Office"]:
        """Open one, on a new copy of the demo; `settings` are `LTH_…`."""
        self.databases.copy("demo", name)
        folder = self.folder / f"home-{name}"
        folder.mkdir()
        with smtp_server() as post:
            environ = self.databases.environ(name) | {
                "LTH_HOME": str(folder),
                "LTH_SMTP_URL": post.url,
                **settings,
            }
            with live(environ, folder) as server:
                office = Office(self, name, folder, environ, post, server)
                yield office
            self.databases.close()

    @contextlib.contextmanager
    def on_small_disk(
        self, mount: Callable[[Path], contextlib.AbstractContextManager[None]]
    ) -> Iterator["Town"]:
        """Keep the next office's database on a disk of its own."""
        disk = self.folder / "disk"
        disk.mkdir()
        self.databases.copy("demo", "whole")
        with mount(disk):
            shutil.copy(self.folder / "whole.db", disk / "demo.db")
            store = SqliteStore(disk)
            databases = Databases(store, disk, DATASETS)
            databases.trust("demo")
            yield Town(self.kind, self.folder, databases)


@contextlib.contextmanager
def town(kind: str, folder: Path) -> Iterator[Town]:
    """Found one, its demo not yet loaded."""
    home = folder / kind
    home.mkdir(mode=0o700)  # else the package keeps its lock where everybody does
    with ExitStack() as stack:
        if kind == "sqlite":
            yield Town(kind, home, Databases(SqliteStore(home), home, DATASETS))
            return
        postgres = stack.enter_context(stoppable_server(home))
        store = PostgresStore(postgres.socket_folder)
        databases = Databases(store, home, DATASETS)
        stack.callback(store.close)
        stack.callback(databases.close)
        yield Town(kind, home, databases, postgres)


@dataclass
class Office:
    """One case's server, its relay, and the people who work there."""

    town: Town
    name: str
    folder: Path
    environ: dict[str, str]
    post: Post
    server: Live
    migrations: Path | None = None
    """Where a later version keeps them, once it has migrated the database."""
    _desks: list[Desk] = field(default_factory=list)
    _app: Flask | None = None

    @property
    def desks(self) -> list[Desk]:
        """Four communes at work, signed in."""
        if not self._desks:
            self._desks = desks(self.server)
        return self._desks

    def app(self) -> Flask:
        """The application on the same database, to look at what is there."""
        if self._app is None:
            self._app = self.town.databases.make_app(self.name)
        return self._app

    def lth(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of ours to its end, as the version that the database is of."""
        command = ["-m", "lth"]
        if self.migrations is not None:
            command = ["-c", _LATER, str(self.migrations)]
        return subprocess.run(
            [sys.executable, *command, *arguments],
            env=self.server.environ | settings,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextlib.contextmanager
    def beside(self, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a command of ours meanwhile, ended by SIGTERM."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "lth", *arguments],
                env=self.server.environ | settings,
                stdout=log,
                stderr=log,
            )
        with process:
            try:
                yield process
            finally:
                process.terminate()
