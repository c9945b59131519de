"""Tell that a disk is full: from an error that says so, or by looking."""

import errno
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

LEAST_FREE = 4 * 1024 * 1024
"""Bytes below which a disk counts as full: a few acts would no longer fit."""

_REMEMBERED = 30
"""Seconds for which a disk counts as full after an error said so: another machine's is not seen."""

_OF_FILES = frozenset({errno.ENOSPC, errno.EDQUOT})
_OF_SQLITE = 13
_OF_POSTGRESQL = "53100"


def is_full(error: BaseException) -> bool:
    """Tell whether an error, or what it came from, says that there is no room left."""
    return any(_says_full(one) for one in _chain(error))


class DiskWatch:
    """Whether there is room: looked for where our own files are, remembered for the database's."""

    def __init__(self, *places: Path) -> None:
        """Watch ``places`` and where temporary files go."""
        self._places = (*places, Path(tempfile.gettempdir()))
        self._seen: float | None = None

    def caused(self, error: BaseException) -> bool:
        """Tell whether an error came of a full disk, and remember it."""
        full = is_full(error) or not self._has_room()
        if full:
            self._seen = time.monotonic()
        return full

    def is_full(self) -> bool:
        """Tell whether there is no room now, as far as can be told from here."""
        lately = self._seen is not None and time.monotonic() - self._seen < _REMEMBERED
        return lately or not self._has_room()

    def _has_room(self) -> bool:
        return all(_free(place) >= LEAST_FREE for place in self._places)


def _free(place: Path) -> int:
    """Return the bytes that are free; of a folder that is gone somebody else tells."""
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return LEAST_FREE


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _OF_FILES:
        return True
    in_sqlite = getattr(error, "sqlite_errorcode", None)
    if in_sqlite is not None and in_sqlite & 0xFF == _OF_SQLITE:
        return True
    return getattr(error, "sqlstate", None) == _OF_POSTGRESQL
