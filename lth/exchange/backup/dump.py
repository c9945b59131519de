"""Write a backup of a database that is at work: one reading transaction, which waits for nobody."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from lth.core import database, schema
from lth.core.config import Settings
from lth.exchange.backup import kept_files
from lth.exchange.backup.archive import BackupReader, BackupWriter, RowMeter, Tell, created
from lth.exchange.backup.manifest import BackupError, KeptTable, Manifest, Provenance
from lth.exchange.backup.shapes import TableShape, shapes_of
from lth.exchange.files import sweeping
from lth.exchange.files.stores import store_at
from lth.models import Base


def write(
    settings: Settings,
    path: Path,
    *,
    now: datetime,
    tell: Tell | None = None,
    lost: list[str] | None = None,
) -> Manifest:
    """Write all rows of all tables, and the files that they name, into a new file, read it once
    more, and say what it holds.

    Files that are lost end it, unless there is a list that takes their fingerprints.

    Raises:
        BackupError: when it cannot be all of them; nothing is there then.
        SettingError: when the database is none that this version works on.
    """
    shapes, store = shapes_of(Base.metadata), store_at(settings.files)
    with created(path) as file:
        with _snapshot(settings) as connection, zipfile.ZipFile(file, "w") as archive:
            _require_no_other_tables(connection, shapes)
            writer = BackupWriter(archive)
            tables = tuple(_added(writer, connection, shape, tell) for shape in shapes)
            named = sweeping.named_on(connection)
            names, gone = kept_files.wanted(store, named, lost_too=lost is not None)
            if lost is not None:
                lost.extend(gone)
            files = writer.add_files(names, store, tell)
            manifest = Manifest(_origin(settings, connection, now), tables, files)
            writer.seal(manifest)
        with zipfile.ZipFile(file) as archive:
            BackupReader(archive).check(tell)
    return manifest


def _origin(settings: Settings, connection: Connection, now: datetime) -> Provenance:
    made_at = now.astimezone(UTC).isoformat(timespec="seconds")
    return Provenance(version("lth"), schema.head(settings), connection.dialect.name, made_at)


def tallied(connection: Connection, shapes: Sequence[TableShape]) -> tuple[KeptTable, ...]:
    """Count and hash what stands in tables, as a backup of them would."""
    found = []
    for shape in shapes:
        meter = RowMeter(shape)
        for _ in meter.follow(shape.lines(connection)):
            pass
        found.append(meter.kept())
    return tuple(found)


def _added(
    writer: BackupWriter, connection: Connection, shape: TableShape, tell: Tell | None
) -> KeptTable:
    kept = writer.add(shape, shape.lines(connection), tell)
    counted = shape.count(connection)
    if kept.rows != counted:
        raise BackupError(
            f"The table {shape.name} has {counted} rows and {kept.rows} of them were read:"
            " no backup was made."
        )
    return kept


@contextmanager
def _snapshot(settings: Settings) -> Iterator[Connection]:
    """Read everything as it stood at one moment."""
    schema.require_current(settings)
    engine = database.backup_engine(settings)
    try:
        with database.reading(), engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                _require_every_row(connection)
            yield connection
    finally:
        engine.dispose()


_BOUND = sa.text(
    "SELECT count(*) FROM pg_catalog.pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND (pg_catalog.row_security_active(oid)"
    " OR NOT pg_catalog.has_table_privilege(oid, 'SELECT'))"
)


def _require_every_row(connection: Connection) -> None:
    """Refuse a role that policies keep rows from; and have the database refuse it once more."""
    connection.execute(sa.text("SET LOCAL row_security = off"))
    if connection.scalar(_BOUND):
        role = connection.scalar(sa.text("SELECT current_user"))
        raise BackupError(
            f"The role {role} does not see every row, so that its backup would lack some. Set"
            " LTH_BACKUP_DATABASE_URL to postgresql://lth_backup:PASSWORD@HOST/DATABASE, the role"
            " that scripts/postgresql-grants.sql speaks of."
        )


def _require_no_other_tables(connection: Connection, shapes: Sequence[TableShape]) -> None:
    known = {"alembic_version", *(shape.name for shape in shapes)}
    others = sorted(set(sa.inspect(connection).get_table_names()) - known)
    if others:
        raise BackupError(
            f"The database holds tables that are not lth's ({', '.join(others)}), which a backup"
            " would lack: move them elsewhere."
        )
