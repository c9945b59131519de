"""The file of a backup: a zip with the rows of each table as lines of JSON, and a manifest.

It is made beside where it belongs, readable by its owner only, and put there when it is whole. Of
the rows only a few are in memory at a time, here and when it is read.
"""

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from lth.exchange.backup.manifest import BackupError, KeptTable, Manifest
from lth.exchange.backup.shapes import TableShape

MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 4_000_000
_LONGEST_LINE = 64_000_000
_TOLD_EVERY = 100_000
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    OSError,
    NotImplementedError,  # a compression that none of ours has
    RecursionError,
    RuntimeError,  # a password
    TypeError,
    ValueError,
)

Tell = Callable[[str, int], None]
"""Called with a table's name and how many of its rows are done, where there are very many."""


def member(shape: TableShape) -> str:
    """Name a table's part of the file."""
    return f"tables/{shape.name}.jsonl"


class RowMeter:
    """Counts and hashes the lines of a table as they go by."""

    def __init__(self, shape: TableShape, tell: Tell | None = None):
        self._shape, self._tell = shape, tell
        self._hash, self._rows = hashlib.sha256(), 0

    def follow(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """Let the lines through."""
        for line in lines:
            self._hash.update(line)
            self._rows += 1
            if self._tell and self._rows % _TOLD_EVERY == 0:
                self._tell(self._shape.name, self._rows)
            yield line

    def kept(self) -> KeptTable:
        """Say what has gone by."""
        return KeptTable(self._shape, self._rows, self._hash.hexdigest())


class BackupWriter:
    """Writes a backup's parts into an open file."""

    def __init__(self, archive: zipfile.ZipFile):
        self._zip = archive

    def add(self, shape: TableShape, lines: Iterator[bytes], tell: Tell | None) -> KeptTable:
        """Write a table's lines, and say what they were."""
        meter = RowMeter(shape, tell)
        with self._zip.open(_private(member(shape)), "w", force_zip64=True) as part:
            for line in meter.follow(lines):
                part.write(line)
        return meter.kept()

    def seal(self, manifest: Manifest) -> None:
        """Write what vouches for the parts, as the last of them."""
        self._zip.writestr(_private(MANIFEST), manifest.to_json())


class BackupReader:
    """A backup that is read; everything in it is held to its manifest."""

    def __init__(self, archive: zipfile.ZipFile):
        self._zip = archive
        with archive.open(MANIFEST) as part:
            self.manifest = Manifest.from_json(part.read(_LONGEST_MANIFEST))
        parts = sorted([MANIFEST, *(member(one.shape) for one in self.manifest.tables)])
        if sorted(archive.namelist()) != parts:
            raise BackupError("The backup holds other parts than its manifest says.")

    def rows(self, kept: KeptTable, tell: Tell | None = None) -> Iterator[list[Any]]:
        """Read a table's rows. Raises BackupError, at the end at the latest, on any other."""
        meter = RowMeter(kept.shape, tell)
        with _damage(f"its table {kept.shape.name}"), self._zip.open(member(kept.shape)) as part:
            for line in meter.follow(iter(lambda: part.readline(_LONGEST_LINE), b"")):
                yield kept.shape.hear(line)
        if meter.kept() != kept:
            raise BackupError(f"The backup is damaged: its table {kept.shape.name} has changed.")

    def check(self, tell: Tell | None = None) -> None:
        """Read all of it. Raises BackupError."""
        for kept in self.manifest.tables:
            for _ in self.rows(kept, tell):
                pass


@contextmanager
def created(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that is there under its name once it is whole, and not at all otherwise.

    Raises:
        BackupError: when something is there already, or it cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} is there already, and a backup overwrites nothing.")
    try:
        with _beside(path) as file:
            yield file
    except OSError as error:
        raise BackupError(f"{path} cannot be written ({error.strerror or error}).") from error


@contextmanager
def opened(path: Path) -> Iterator[BackupReader]:
    """Open a backup. Raises BackupError when it is none, or damaged."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror or error}).") from error
    with file, _opened_zip(file) as archive:
        with _damage("its manifest"):
            reader = BackupReader(archive)
        yield reader


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(draft).unlink()
        raise


def _private(name: str) -> zipfile.ZipInfo:
    """Describe a part: for its owner only when it is unpacked, and with no date of its own."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part


def _opened_zip(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise BackupError("The file is no backup of lth, or only a part of one.") from error


@contextmanager
def _damage(what: str) -> Iterator[None]:
    try:
        yield
    except BackupError:
        raise
    except _DAMAGED as error:
        raise BackupError(f"The backup is damaged: {what} cannot be read ({error}).") from error
