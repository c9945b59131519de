"""The file of a backup: a zip with the rows of each table as lines of JSON, files, a manifest.

It is made beside where it belongs, readable by its owner only, and put there when it is whole. Of
the rows only a few are in memory at a time, here and when it is read.
"""

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from lth.exchange.backup import kept_files
from lth.exchange.backup.manifest import BackupError, KeptFiles, KeptTable, Manifest
from lth.exchange.backup.shapes import TableShape
from lth.exchange.files.store import FileStore

MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 4_000_000
_LONGEST_LINE = 64_000_000
_TOLD_EVERY = 100_000
_TOLD_EVERY_FILES = 1_000
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

    def add_files(self, names: Iterable[str], store: FileStore, tell: Tell | None) -> KeptFiles:
        """Write files out of a store and the list of them, and say what they were.

        They are packed already and stay as they are. Raises BackupError for one that is gone.
        """
        lines, size = [], 0
        for number, name in enumerate(names, 1):
            data = kept_files.read(store, name)
            part = _private(kept_files.member(name))
            part.compress_type = zipfile.ZIP_STORED
            self._zip.writestr(part, data)
            lines.append(kept_files.line(name, len(data)))
            size += len(data)
            if tell and number % _TOLD_EVERY_FILES == 0:
                tell("files", number)
        said = b"".join(lines)
        self._zip.writestr(_private(kept_files.LIST), said)
        return KeptFiles(len(lines), size, hashlib.sha256(said).hexdigest())

    def seal(self, manifest: Manifest) -> None:
        """Write what vouches for the parts, as the last of them."""
        self._zip.writestr(_private(MANIFEST), manifest.to_json())


class BackupReader:
    """A backup that is read; everything in it is held to its manifest."""

    def __init__(self, archive: zipfile.ZipFile):
        self._zip = archive
        with archive.open(MANIFEST) as part:
            self.manifest = Manifest.from_json(part.read(_LONGEST_MANIFEST))
        self._listed = self._list_of_files()
        parts = sorted(
            [
                *(MANIFEST, kept_files.LIST),
                *(member(one.shape) for one in self.manifest.tables),
                *(kept_files.member(name) for name, _ in self._listed),
            ]
        )
        if sorted(archive.namelist()) != parts:
            raise BackupError("The backup holds other parts than its manifest says.")

    def _list_of_files(self) -> list[tuple[str, int]]:
        """Read the list of the files, and hold it to the manifest."""
        kept = self.manifest.files
        with _damage("its list of files"):
            if self._zip.getinfo(kept_files.LIST).file_size > _LONGEST_LINE:
                raise BackupError("The backup is damaged: its list of files is too long.")
            said = self._zip.read(kept_files.LIST)
            found = [kept_files.hear(one) for one in said.splitlines()]
        size = sum(size for _, size in found)
        if KeptFiles(len(found), size, hashlib.sha256(said).hexdigest()) != kept:
            raise BackupError("The backup is damaged: its list of files has changed.")
        return found

    def files(self, tell: Tell | None = None) -> Iterator[tuple[str, bytes]]:
        """Read each file. Raises BackupError for one that is not what its fingerprint says."""
        for number, (name, size) in enumerate(self._listed, 1):
            part = kept_files.member(name)
            with _damage(f"its file {name}"):
                if self._zip.getinfo(part).file_size != size:
                    raise BackupError(f"The backup is damaged: its file {name} has changed.")
                data = self._zip.read(part)
            if hashlib.sha256(data).hexdigest() != name:
                raise BackupError(f"The backup is damaged: its file {name} has changed.")
            if tell and number % _TOLD_EVERY_FILES == 0:
                tell("files", number)
            yield name, data

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
        for _ in self.files(tell):
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
