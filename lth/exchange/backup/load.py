"""Put a backup into an empty database: all of it, as it was, or nothing.

One transaction makes the schema, fills it, holds what stands in it then to the backup's counts and
hashes, and every plan to its trail. Nobody is signed in afterwards.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lth.access.chain_check import ChainCheck
from lth.access.scope import Purpose, system
from lth.administration import links, own_address, sessions
from lth.core import clock, database, home, schema
from lth.core.config import Settings
from lth.exchange.backup import doors
from lth.exchange.backup.archive import BackupReader, Tell, opened
from lth.exchange.backup.dump import tallied
from lth.exchange.backup.kept_files import FilesReturn
from lth.exchange.backup.manifest import BackupError, KeptTable, Manifest, differing
from lth.exchange.backup.shapes import TableShape
from lth.exchange.files.stores import store_at
from lth.models.person import SessionEnd
from lth.workflow.reconcile import drifts

_AT_ONCE = 1_000
_SHOWN = 3


def restore(settings: Settings, path: Path, *, tell: Tell | None = None) -> Manifest:
    """Read a backup through, then put its rows into the database, which must hold none, and its
    files into their store.

    Raises:
        BackupError: when that cannot be; the database is as it was.
        SettingError: when the database is none of lth's.
    """
    with opened(path) as reader:
        _require_known_revision(settings, reader.manifest)
        reader.check(tell)
        schema.check(settings)
        home.make_database(settings)
        engine = database.migration_engine(settings)
        files = FilesReturn(store_at(settings.files))
        try:
            with engine.begin() as connection:
                _fill(settings, connection, reader, tell)
                for name, data in reader.files(tell):
                    files.put(name, data)
        except BaseException:
            files.undo()
            raise
        finally:
            engine.dispose()
        return reader.manifest


def _fill(
    settings: Settings, connection: Connection, reader: BackupReader, tell: Tell | None
) -> None:
    manifest = reader.manifest
    shapes = [kept.shape for kept in manifest.tables]
    _make_schema(settings, connection, manifest.origin.revision)
    _require_same_tables(connection, shapes)
    with doors.open_for_rows(connection):
        _require_empty(connection, shapes)
        for kept in manifest.tables:
            _load(connection, kept, reader.rows(kept, tell))
        _require_same_rows(manifest, tallied(connection, shapes))
        doors.check_references(connection)
        doors.number_on(connection, shapes)
    schema.upgrade_on(connection, settings)
    _require_no_drift(connection)
    _require_whole_chains(connection)
    _sign_everybody_out(connection)


def _sign_everybody_out(connection: Connection) -> None:
    """End the sessions of the backup's moment: some have ended since, but for their cookies. So it
    is with the links to passwords and addresses, which may have been used or stopped since."""
    now = clock.now()
    with Session(connection) as session:
        sessions.end_everybodys(session, SessionEnd.RESTORED, now)
        own_address.stop_everybodys(session, now)
        with system(session, Purpose.SIGN_IN):
            links.void_everybodys(session, now)


def _make_schema(settings: Settings, connection: Connection, revision: str) -> None:
    standing = schema.stands_at(connection)
    if standing - {revision}:
        raise BackupError(
            f"The database stands at revision {min(standing)} of the schema and the backup is of"
            f" {revision}: name a database without tables."
        )
    schema.upgrade_on(connection, settings, revision)


def _load(connection: Connection, kept: KeptTable, rows: Iterator[list[Any]]) -> None:
    loads = _copy if connection.dialect.name == "postgresql" else _insert
    try:
        loads(connection, kept.shape, rows)
    except (DBAPIError, connection.dialect.loaded_dbapi.Error) as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise BackupError(
            f"The database refuses a row of the table {kept.shape.name} ({reason})."
        ) from error


def _insert(connection: Connection, shape: TableShape, rows: Iterator[list[Any]]) -> None:
    statement = sa.insert(shape.table)
    while batch := list(islice(rows, _AT_ONCE)):
        connection.execute(statement, [dict(zip(shape.kinds, row, strict=True)) for row in batch])


def _copy(connection: Connection, shape: TableShape, rows: Iterator[list[Any]]) -> None:
    """Send all rows in one statement: a row may then point to one that comes after it."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, shape.kinds))
    driver: Any = connection.connection.dbapi_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {quote(shape.name)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


# --- What is required ---------------------------------------------------------------------


def _require_known_revision(settings: Settings, manifest: Manifest) -> None:
    origin = manifest.origin
    if origin.revision not in schema.revisions(settings):
        raise BackupError(
            f"The backup was made by another version of lth ({origin.lth}, revision"
            f" {origin.revision} of the schema): install that version."
        )


def _require_same_tables(connection: Connection, shapes: list[TableShape]) -> None:
    inspector = sa.inspect(connection)
    names = [name for name in inspector.get_table_names() if name != schema.VERSION_TABLE]
    stands = {name: {one["name"] for one in inspector.get_columns(name)} for name in names}
    wanted = {shape.name: set(shape.kinds) for shape in shapes}
    names = sorted(
        name for name in stands.keys() | wanted.keys() if stands.get(name) != wanted.get(name)
    )
    if names:
        raise BackupError(
            "The backup was made by another version of lth, whose tables are not the same"
            f" ({_few(names)}): install that version."
        )


def _require_empty(connection: Connection, shapes: list[TableShape]) -> None:
    if any(shape.count(connection) for shape in shapes):
        raise BackupError(
            "The database holds rows already, and a backup is put into an empty one only: name"
            " another in LTH_DATABASE_URL, or move this one away."
        )


def _require_same_rows(manifest: Manifest, found: tuple[KeptTable, ...]) -> None:
    names = differing(manifest.tables, found)
    if names:
        raise BackupError(f"The database keeps other rows than the backup has ({_few(names)}).")


def _require_no_drift(connection: Connection) -> None:
    """Hold every plan to its trail, as `lth reconcile` does."""
    with Session(connection) as session, system(session, Purpose.RECONCILE):
        found = list(islice(drifts(session), _SHOWN + 1))
    if found:
        plans = _few([f"{drift.what} of document {drift.document_id}" for drift in found])
        raise BackupError(f"Plans in the backup are not what their trail says ({plans}).")


def _require_whole_chains(connection: Connection) -> None:
    """Hold the trail to its chains, as `lth audit verify` does."""
    with Session(connection) as session, system(session, Purpose.CHAIN):
        found = list(islice(ChainCheck(session, []).faults(), _SHOWN + 1))
    if found:
        places = _few([f"{fault.what} in chain {fault.chain}" for fault in found])
        raise BackupError(f"The trail in the backup is not as it was written ({places}).")


def _few(names: list[str]) -> str:
    more = ", …" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
