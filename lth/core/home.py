"""The files of an embedded run: its folder, its secret key, its database; nobody else reads them.

Settings are read without making anything. What begins an installation makes its files, and takes
them away again when it fails; everything else finds them there, or says that they are not.
"""

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from lth.core.config import SettingError, Settings, read_key

PRIVATE = 0o600

logger = logging.getLogger(__name__)


def settle(settings: Settings) -> Settings:
    """Make the folder and the key of an embedded run if need be; return the settings with its key.

    What was there already, and others could read, is closed to them.

    Raises:
        SettingError: when that cannot be.
    """
    if not settings.is_sqlite:
        return settings
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = replace(settings, secret_key=_kept_key(settings))
    except OSError as error:
        raise SettingError(
            f"LTH_HOME: the folder {settings.home} cannot be written ({error.strerror});"
            " expected: a folder that may be written."
        ) from error
    for path in (settings.key_file, *database_files(settings)):
        _close_to_others(path)
    return kept


def make_database(settings: Settings) -> None:
    """Make the file of a SQLite database, empty, where there is none.

    SQLite gives its log the rights of this file.
    """
    path = database_file(settings)
    if path is None or path.exists():
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))
    except OSError as error:
        raise SettingError(
            f"LTH_DATABASE_URL: the file {path} cannot be made ({error.strerror});"
            " expected: sqlite:///FILE in a folder that may be written."
        ) from error


@contextmanager
def founding(settings: Settings) -> Iterator[Settings]:
    """Begin an installation, or go on with one; what was made is gone again if the block fails."""
    new = [path for path in _all_files(settings) if not path.exists()]
    try:
        yield settle(settings)
    except BaseException:
        for path in new:
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def database_file(settings: Settings) -> Path | None:
    """Return where a SQLite database is; None on PostgreSQL."""
    prefix = "sqlite:///"
    return Path(settings.database_url.removeprefix(prefix)) if settings.is_sqlite else None


def database_files(settings: Settings) -> list[Path]:
    """List the files that a SQLite database may consist of."""
    path = database_file(settings)
    if path is None:
        return []
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def _all_files(settings: Settings) -> list[Path]:
    """List everything of an embedded run, what is inside a folder before the folder."""
    if not settings.is_sqlite:
        return []
    files = [*database_files(settings), settings.key_file]
    return [*files, settings.home, *settings.home.parents]


def _close_to_others(path: Path) -> None:
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            try:
                path.chmod(mode & 0o700)
            except PermissionError:
                logger.warning("others on this machine may read %s, which belongs to another", path)


def _kept_key(settings: Settings) -> str:
    """Return the key that is set or kept, or keep the new one.

    It is written elsewhere first and linked into place, so that of two processes starting at once
    neither sees half a key and both end with the same one.
    """
    if settings.key_is_set:
        return settings.secret_key
    path = settings.key_file
    if not path.exists():
        with tempfile.NamedTemporaryFile(  # made with mode 0600
            "w", dir=path.parent, prefix=".secret_key", encoding="ascii"
        ) as draft:
            draft.write(settings.secret_key)
            draft.flush()
            with suppress(FileExistsError):  # the other process was first: its key is read below
                os.link(draft.name, path)
    return read_key(path)
