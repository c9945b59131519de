"""Keep bytes under their SHA-256: what is the same is kept once, and what is kept never changes."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol


def fingerprint(data: bytes) -> str:
    """Return the name that bytes are kept under: their SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class FileStore(Protocol):
    """A place for bytes, by their fingerprint.

    Nothing tells whose they are or what they are called: rows of the database do, and whoever
    reads by a fingerprint has looked at such a row within the scope first.
    """

    def put(self, data: bytes) -> str:
        """Keep bytes and return their fingerprint; once they are there, nothing is written."""

    def get(self, fingerprint: str) -> bytes:
        """Return the bytes. Raises KeyError where there are none, or not those any more."""

    def remove(self, fingerprint: str) -> None:
        """Forget the bytes, where they are there."""


class FolderStore:
    """Files in a folder of this machine, which only its owner reads: `ab/abcdef…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Write the bytes beside their place and move them there whole."""
        name = fingerprint(data)
        place = self._place(name)
        if place.exists():
            return name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        written, beside = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(written, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(place)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
        return name

    def get(self, fingerprint: str) -> bytes:
        """Read the bytes and see that they are still what they were."""
        try:
            data = self._place(fingerprint).read_bytes()
        except FileNotFoundError:
            raise KeyError(fingerprint) from None
        if hashlib.sha256(data).hexdigest() != fingerprint:
            raise KeyError(fingerprint)
        return data

    def remove(self, fingerprint: str) -> None:
        self._place(fingerprint).unlink(missing_ok=True)

    def _place(self, fingerprint: str) -> Path:
        if len(fingerprint) != _DIGITS or not set(fingerprint) <= _HEXADECIMAL:
            raise KeyError(fingerprint)
        return self._folder / fingerprint[:2] / fingerprint


_DIGITS = 64
_HEXADECIMAL = frozenset("0123456789abcdef")
