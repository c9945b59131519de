"""Databases for tests: built once by the migrations, then copied for every test.

For each kind there is one *working* database in a test process, whose address never changes, so
that one application serves all its tests; what changes is what it holds. A *dataset* is a template
that is built the first time a test asks for it. Before each test the working database is made to
hold one: by a copy of the file on SQLite; on PostgreSQL by undoing what the test before changed,
where it used the same dataset (see `snapshot`), else by a copy of the database.
"""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from psycopg import sql
from sqlalchemy import Engine, event
from support.formclient import FormClient
from support.snapshot import Snapshot

from lth import create_app
from lth.blueprints.reporting import kept_pages
from lth.blueprints.web.extensions import db
from lth.core import schema
from lth.core.config import Settings, load
from lth.reporting import club_sums
from lth.synthesis import sums

GRANTS = Path(__file__).parents[2] / "scripts" / "postgresql-grants.sql"
SECRET = "a key for tests only, of more than enough characters"

Fill = Callable[[Flask], None]


class Store(Protocol):
    """Where the databases of one kind are kept."""

    def url(self, name: str) -> str: ...
    def migration_url(self, name: str) -> str: ...
    def backup_url(self, name: str) -> str: ...
    def superuser_url(self, name: str) -> str: ...
    def create(self, name: str) -> None: ...
    def copy(self, source: str, target: str) -> None: ...
    def restore(self, source: str, target: str) -> bool:
        """Put ``target`` back to what ``source`` holds without cutting connections, if possible."""
        ...

    def drop(self, name: str) -> None: ...
    def hasten(self, engine: Engine) -> None:
        """Let ``engine``, which has not connected yet, trust that no power cut comes."""
        ...


class Databases:
    """The working database of one kind, its application, and the templates it is copied from."""

    WORKING = "working"

    def __init__(self, store: Store, home: Path, datasets: dict[str, Fill | None]) -> None:
        self.store = store
        self._home = home
        self._datasets = datasets
        self._built: set[str] = set()
        self._shared: dict[bool, Flask] = {}
        self._others: list[Flask] = []
        self._templates = FileSystemBytecodeCache(str(_made(home / "templates")))

    @property
    def url(self) -> str:
        return self.store.url(self.WORKING)

    @property
    def superuser_url(self) -> str:
        """The working database for somebody with all its keys."""
        return self.store.superuser_url(self.WORKING)

    @property
    def app(self) -> Flask:
        """The application on the working database, the same one for every test."""
        return self._share(guarded=False)

    @property
    def guarded(self) -> Flask:
        """The application on the working database that asks for its forms' tokens."""
        return self._share(guarded=True)

    def _share(self, *, guarded: bool) -> Flask:
        if guarded not in self._shared:
            self._shared[guarded] = self.make_app(WTF_CSRF_ENABLED=guarded)
            self._others.remove(self._shared[guarded])
        return self._shared[guarded]

    def settings(self, name: str = WORKING, **environ: str) -> Settings:
        """Return the settings for the database ``name``, with ``environ`` on top."""
        return load(self.environ(name) | environ)

    def environ(self, name: str = WORKING) -> dict[str, str]:
        """Return what a process needs in its environment to work on the database ``name``."""
        return {
            "LTH_HOME": str(self._home),
            "LTH_SECRET_KEY": SECRET,
            "LTH_DATABASE_URL": self.store.url(name),
            "LTH_MIGRATION_DATABASE_URL": self.store.migration_url(name),
            "LTH_BACKUP_DATABASE_URL": self.store.backup_url(name),
        }

    def make_app(self, name: str = WORKING, /, **config: Any) -> Flask:
        """Return another application; upper-case ``LTH_*`` names are settings, others Flask's."""
        environ = {key: value for key, value in config.items() if key.startswith("LTH_")}
        flask_config = {key: value for key, value in config.items() if key not in environ}
        app = create_app(
            self.settings(name, **environ),
            **{"TESTING": True, "WTF_CSRF_ENABLED": False} | flask_config,
        )
        app.jinja_env.bytecode_cache = self._templates
        app.test_client_class = FormClient
        with app.app_context():
            self.store.hasten(db.engine)
        self._others.append(app)
        return app

    def restore(self, dataset: str) -> None:
        """Make the working database hold ``dataset`` and nothing else."""
        if dataset not in self._built:
            self._build(dataset)
        self._close_others()
        for kept in (sums, club_sums, kept_pages):
            kept.forget()
        if self.store.restore(dataset, self.WORKING):
            return
        self.close()
        self.store.drop(self.WORKING)
        self.store.copy(dataset, self.WORKING)

    def copy(self, dataset: str, name: str) -> None:
        """Make a database ``name`` beside the working one that holds ``dataset``."""
        if dataset not in self._built:
            self._build(dataset)
        self.store.drop(name)
        self.store.copy(dataset, name)

    def trust(self, dataset: str) -> None:
        """Take a dataset that is in the store already for what it is called."""
        self._built.add(dataset)

    def blank(self, name: str) -> None:
        """Make an empty database ``name``, without any table (for tests of the migrations)."""
        self.store.drop(name)
        self.store.create(name)

    def close(self) -> None:
        """Leave no connection open, and forget the applications that one test has made."""
        self._close_others()
        for app in self._shared.values():
            dispose(app)

    def _close_others(self) -> None:
        for app in self._others:
            dispose(app)
        self._others.clear()

    def _build(self, dataset: str) -> None:
        if dataset != "empty" and "empty" not in self._built:
            self._build("empty")
        fill = self._datasets[dataset]
        if fill is None:
            self.store.create(dataset)
        else:
            self.store.copy("empty", dataset)
        app = self.make_app(dataset)
        if fill is None:
            schema.upgrade(app.config["SETTINGS"])
        else:
            fill(app)
        self.close()
        self._built.add(dataset)


class SqliteStore:
    """A folder of database files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    def url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def migration_url(self, name: str) -> str:
        return self.url(name)

    def backup_url(self, name: str) -> str:
        return self.url(name)

    def superuser_url(self, name: str) -> str:
        return self.url(name)

    def create(self, name: str) -> None:
        self._path(name).touch()

    def copy(self, source: str, target: str) -> None:
        """Copy the file; its last connection, once closed, has emptied its log into it."""
        shutil.copyfile(self._path(source), self._path(target))

    def restore(self, source: str, target: str) -> bool:
        return False  # copying is quick, and no connection may be open meanwhile

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path(name).with_name(f"{name}.db{suffix}").unlink(missing_ok=True)

    def hasten(self, engine: Engine) -> None:
        event.listen(engine, "connect", _write_without_syncing)


def _write_without_syncing(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF").close()


class PostgresStore:
    """The databases of one server. The application is ``lth_app``, migrations are ``lth_owner``."""

    def __init__(self, socket_folder: str) -> None:
        self._socket_folder = socket_folder
        self._admin = self._connect("postgres")
        self._snapshots: dict[str, tuple[str, Snapshot]] = {}
        self._admin.execute(
            "CREATE ROLE lth_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        )
        self._admin.execute(
            "CREATE ROLE lth_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        )
        self._admin.execute(
            "CREATE ROLE lth_backup LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE"
        )

    def _connect(self, name: str) -> "psycopg.Connection[Any]":
        """Connect as the superuser, which only the making and dropping of databases needs."""
        address = f"host={self._socket_folder} user=postgres dbname={name}"
        return psycopg.connect(address, autocommit=True)

    def close(self) -> None:
        for _, snapshot in self._snapshots.values():
            snapshot.close()
        self._admin.close()

    def _url(self, role: str, name: str) -> str:
        return f"postgresql://{role}@/{name}?host={self._socket_folder}"

    def url(self, name: str) -> str:
        return self._url("lth_app", name)

    def migration_url(self, name: str) -> str:
        return self._url("lth_owner", name)

    def backup_url(self, name: str) -> str:
        return self._url("lth_backup", name)

    def superuser_url(self, name: str) -> str:
        return self._url("postgres", name).replace("postgresql:", "postgresql+psycopg:")

    def create(self, name: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} OWNER lth_owner")
        self._admin.execute(statement.format(sql.Identifier(name)))
        self._grant(name)

    def _grant(self, name: str) -> None:
        with self._connect(name) as connection:
            connection.execute(GRANTS.read_text(encoding="utf-8"))

    def copy(self, source: str, target: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER lth_owner")
        self._admin.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))
        self._grant(target)  # a copy has no rights of the database's own
        if target == Databases.WORKING:
            self._snapshots[target] = source, Snapshot(self._connect(target))

    def restore(self, source: str, target: str) -> bool:
        """Undo what changed since the last time, if ``target`` came from the same ``source``."""
        name, snapshot = self._snapshots.get(target, ("", None))
        if name == source and snapshot is not None:
            return snapshot.restore()
        return False

    def drop(self, name: str) -> None:
        _, snapshot = self._snapshots.pop(name, ("", None))
        if snapshot is not None:
            snapshot.close()
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._admin.execute(statement.format(sql.Identifier(name)))

    def hasten(self, engine: Engine) -> None:
        """Nothing: the server as a whole syncs nothing (see ``postgres``)."""


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def dispose(app: Flask) -> None:
    """Close every pooled connection of ``app``."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
