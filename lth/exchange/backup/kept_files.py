"""The files in a backup: their bytes under their fingerprints, and a list of them that is hashed.

A file is its own proof: it is read anew and hashed wherever it goes.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress

from lth.core.errors import StoreAwayError
from lth.exchange.backup.manifest import BackupError
from lth.exchange.files.store import FileStore, is_fingerprint
from lth.exchange.files.sweeping import NamedFiles

LIST = "files.jsonl"
_SHOWN = 3


def member(fingerprint: str) -> str:
    """Name a file's part of the backup."""
    return f"files/{fingerprint[:2]}/{fingerprint}"


def line(fingerprint: str, size: int) -> bytes:
    """Write a file's line of the list."""
    return json.dumps([fingerprint, size]).encode() + b"\n"


def hear(said: bytes) -> tuple[str, int]:
    """Read a line of the list. Raises ValueError for any other."""
    fingerprint, size = json.loads(said)
    if not isinstance(fingerprint, str) or not is_fingerprint(fingerprint):
        raise ValueError("no fingerprint of a file")
    return fingerprint, int(size)


def wanted(store: FileStore, named: NamedFiles, *, lost_too: bool) -> tuple[list[str], list[str]]:
    """Return which files a backup takes along, in order, and which are lost.

    Raises BackupError for a file that a row names and that is not in the store, unless it may be.
    """
    try:
        there = {one.fingerprint for one in store.kept()}
    except StoreAwayError as error:
        raise BackupError("The store of the files (LTH_FILES) cannot be reached.") from error
    lost = sorted(named.must - there)
    if lost and not lost_too:
        raise BackupError(
            f"The store of the files (LTH_FILES) lacks {len(lost)} that the database names"
            f" ({_few(lost)}). Put them back from an older backup, or give --without-lost-files."
        )
    return sorted(named.may & there), lost


def read(store: FileStore, fingerprint: str) -> bytes:
    """Return a file out of a store. Raises BackupError where it is gone, or not what it was."""
    try:
        return store.get(fingerprint)
    except (KeyError, StoreAwayError) as error:
        raise BackupError(
            f"A file cannot be read from its store, or has changed there ({fingerprint})."
        ) from error


class FilesReturn:
    """Puts files back into a store; what was not there before can be taken out again."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        try:
            self._before = {one.fingerprint for one in store.kept()}
        except StoreAwayError as error:
            raise BackupError("The store of the files (LTH_FILES) cannot be reached.") from error
        self._added: list[str] = []

    def put(self, fingerprint: str, data: bytes) -> None:
        """Put a file back and read it once more. Raises BackupError."""
        if hashlib.sha256(data).hexdigest() != fingerprint:
            raise BackupError(f"The backup is damaged: a file in it has changed ({fingerprint}).")
        if fingerprint not in self._before:
            self._added.append(fingerprint)
        try:
            self._store.put(data)
        except StoreAwayError as error:
            raise BackupError("The store of the files (LTH_FILES) takes nothing.") from error
        read(self._store, fingerprint)

    def undo(self) -> None:
        """Take out what was put in, as far as the store can be reached."""
        for fingerprint in self._added:
            with suppress(OSError, StoreAwayError):
                self._store.remove(fingerprint)


def _few(names: Sequence[str]) -> str:
    more = ", …" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
