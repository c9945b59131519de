"""Keep bytes under their SHA-256: what is the same is kept once, and what is kept never changes."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from lth.core.errors import StoreAwayError


def fingerprint(data: bytes) -> str:
    """Return the name that bytes are kept under: their SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def is_fingerprint(text: str) -> bool:
    """Tell whether a text may name bytes at all."""
    return _FINGERPRINT.fullmatch(text) is not None


_FINGERPRINT = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class KeptFile:
    """Bytes that are kept: their fingerprint, how many, and when they were last put there."""

    fingerprint: str
    size: int
    put_at: datetime


class FileStore(Protocol):
    """A place for bytes, by their fingerprint.

    Nothing tells whose they are or what they are called: rows of the database do, and whoever
    reads by a fingerprint has looked at such a row within the scope first. Each of its methods
    raises StoreAwayError where the place cannot be reached.
    """

    def put(self, data: bytes) -> str:
        """Keep bytes and return their fingerprint; of what is there already only the moment of
        `KeptFile` is renewed.
        """

    def get(self, fingerprint: str) -> bytes:
        """Return the bytes. Raises KeyError where there are none, or not those any more."""

    def remove(self, fingerprint: str) -> None:
        """Forget the bytes, where they are there."""

    def put_at(self, fingerprint: str) -> datetime | None:
        """Return when the bytes were last put there; None where they are not."""

    def kept(self) -> Iterator[KeptFile]:
        """List what is there, in no order."""


class FolderStore:
    """Files in a folder of this machine, which only its owner reads: `ab/abcdef…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Write the bytes beside their place and move them there whole."""
        name = fingerprint(data)
        place = self._place(name)
        try:
            if place.exists():
                os.utime(place)
            else:
                self._write(place, data)
        except OSError as error:
            raise StoreAwayError from error
        return name

    def _write(self, place: Path, data: bytes) -> None:
        for folder in (self._folder, place.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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

    def get(self, fingerprint: str) -> bytes:
        """Read the bytes and see that they are still what they were."""
        try:
            data = self._place(fingerprint).read_bytes()
        except FileNotFoundError:
            raise KeyError(fingerprint) from None
        except OSError as error:
            raise StoreAwayError from error
        return checked(data, fingerprint)

    def remove(self, fingerprint: str) -> None:
        self._place(fingerprint).unlink(missing_ok=True)

    def put_at(self, fingerprint: str) -> datetime | None:
        try:
            seconds = self._place(fingerprint).stat().st_mtime
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreAwayError from error
        return datetime.fromtimestamp(seconds, UTC)

    def kept(self) -> Iterator[KeptFile]:
        for path in self._folder.glob("??/*"):
            if is_fingerprint(path.name):
                about = path.stat()
                put_at = datetime.fromtimestamp(about.st_mtime, UTC)
                yield KeptFile(path.name, about.st_size, put_at)

    def _place(self, fingerprint: str) -> Path:
        if not is_fingerprint(fingerprint):
            raise KeyError(fingerprint)
        return self._folder / fingerprint[:2] / fingerprint


def checked(data: bytes, name: str) -> bytes:
    """Return bytes that are what their fingerprint says. Raises KeyError for others."""
    if fingerprint(data) != name:
        raise KeyError(name)
    return data
