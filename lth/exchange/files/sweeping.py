"""Find bytes that no row names any more, and rows whose bytes are gone.

What names a file is told by the columns themselves: each text of the length of a fingerprint
counts, of whichever table, whatever it is for. So a table that comes later is looked at without
being listed, and a hash that is none of a file keeps at most a file that nobody wants.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.exchange.files.store import FileStore, KeptFile, is_fingerprint
from lth.models import Base
from lth.models.attachment import FINGERPRINT

JUST_PUT = timedelta(hours=1)
"""So long a request that has put bytes there may take until a row names them."""
KEPT_FOR = timedelta(days=14)
"""For how long bytes stay that no row names: a request that has put them may not have ended, and a
backup that names them may be put back."""


def naming_columns() -> Iterator[Column[str]]:
    """List every column of every table that may name a file."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            plain = getattr(column.type, "impl", column.type)
            if isinstance(plain, String) and plain.length == FINGERPRINT.length:
                yield column


@dataclass(frozen=True)
class NamedFiles:
    """What rows name: `may` be files, `must` be."""

    may: set[str]
    must: set[str]


def named_on(connection: Connection) -> NamedFiles:
    """Gather what the rows of all tables name, as far as the connection sees them."""
    found = NamedFiles(set(), set())
    for column in naming_columns():
        texts = connection.scalars(select(column).where(column.is_not(None)).distinct())
        names = {text for text in texts if is_fingerprint(text)}
        found.may.update(names)
        if column.info.get("of_a_file"):
            found.must.update(names)
    return found


def named(session: Session) -> NamedFiles:
    """Gather what the rows of all tables name, whosever they are."""
    with system(session, Purpose.FILES):
        return named_on(session.connection())


@dataclass(frozen=True)
class Sweeping:
    """What was found: how many files and bytes are kept, which of them nobody names any more, and
    the fingerprints of those that rows name and that are gone.
    """

    files: int
    size: int
    stale: Collection[KeptFile]
    lost: Collection[str]


def unnamed(session: Session, names: Collection[str]) -> set[str]:
    """Tell which files no row names any more, whosever it is."""
    free = set(names)
    with system(session, Purpose.FILES):
        for column in naming_columns():
            if free:
                free -= set(session.scalars(select(column).where(column.in_(free))))
    return free


def let_go(store: FileStore, name: str, now: datetime) -> None:
    """Remove a file that nothing names, unless it was put there just now for somebody else."""
    put_at = store.put_at(name)
    if put_at is not None and put_at < now - JUST_PUT:
        store.remove(name)


def look(session: Session, store: FileStore, now: datetime) -> Sweeping:
    """Count what is kept, and find what no row has named for `KEPT_FOR`.

    The store is listed before the rows are read: what a request puts there meanwhile is not in the
    list, and what it puts there again is looked at once more by `sweep`.
    """
    kept = list(store.kept())
    rows = named(session)
    stale = [one for one in kept if one.fingerprint not in rows.may and one.put_at < now - KEPT_FOR]
    lost = rows.must - {one.fingerprint for one in kept}
    return Sweeping(len(kept), sum(one.size for one in kept), stale, sorted(_gone(store, lost)))


def _gone(store: FileStore, names: Collection[str]) -> Iterator[str]:
    """Ask once more for what was not in the list: it may have been put there since."""
    for name in names:
        try:
            store.get(name)
        except KeyError:
            yield name


def sweep(session: Session, store: FileStore, now: datetime) -> Sweeping:
    """Remove what `look` finds, unless it was put there again since."""
    found = look(session, store, now)
    if not found.stale:
        return found
    renewed = {one.fingerprint for one in store.kept() if one.put_at >= now - KEPT_FOR}
    gone = [one for one in found.stale if one.fingerprint not in renewed]
    for one in gone:
        store.remove(one.fingerprint)
    return Sweeping(found.files, found.size, gone, found.lost)
