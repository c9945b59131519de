"""What a backup says of itself: where it comes from, and which rows of which tables it holds."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lth.exchange.backup.columns import KINDS
from lth.exchange.backup.shapes import TableShape

FORMAT = 2


class BackupError(ValueError):
    """A backup cannot be made, read or put back; the text is a sentence that says why."""


@dataclass(frozen=True)
class KeptTable:
    """A table in a backup: its shape, how many rows it has, and the hash of their lines."""

    shape: TableShape
    rows: int
    sha256: str

    def data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        shape = self.shape
        columns = [[name, kind] for name, kind in shape.kinds.items()]
        return {
            "name": shape.name,
            "columns": columns,
            "key": list(shape.key),
            "rows": self.rows,
            "sha256": self.sha256,
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> "KeptTable":
        kinds = dict(data["columns"])
        shape = TableShape(data["name"], kinds, tuple(data["key"]))
        words = (shape.name, *kinds)
        if not all(isinstance(word, str) and word.isidentifier() for word in words):
            raise ValueError("a table or column has no name")
        if not set(kinds.values()) <= set(KINDS) or not set(shape.key) <= set(kinds):
            raise ValueError(f"the table {shape.name} has columns of no known kind")
        return cls(shape, int(data["rows"]), str(data["sha256"]))


@dataclass(frozen=True)
class KeptFiles:
    """The files in a backup: how many, of how many bytes, and the hash of their list."""

    count: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """Where and when a backup was made."""

    lth: str
    """The version that made it."""
    revision: str
    """Of the schema."""
    database: str
    """sqlite or postgresql."""
    made_at: str


@dataclass(frozen=True)
class Manifest:
    """The head of a backup."""

    origin: Provenance
    tables: tuple[KeptTable, ...]
    files: KeptFiles

    @property
    def rows(self) -> int:
        """Count the rows of all tables."""
        return sum(one.rows for one in self.tables)

    @property
    def contents(self) -> str:
        """Vouch for tables and files alone: the same wherever and whenever they were read."""
        return _sha256([*(one.data() for one in self.tables), asdict(self.files)])

    def to_json(self) -> bytes:
        """Write it, with the hash that vouches for all of it."""
        data = {
            "format": FORMAT,
            **asdict(self.origin),
            "contents": self.contents,
            "tables": [one.data() for one in self.tables],
            "files": asdict(self.files),
        }
        return json.dumps(data | {"sha256": _sha256(data)}, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Read it. Raises BackupError on another format, ValueError or the like on none."""
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise BackupError(
                f"The backup has format {data['format']!r}, and this version of lth reads format"
                f" {FORMAT}: install the version that made it."
            )
        stated = data.pop("sha256")
        if stated != _sha256(data):
            raise ValueError("its manifest is not what its hash says")
        origin = Provenance(*(str(data[name]) for name in Provenance.__dataclass_fields__))
        files = data["files"]
        kept = KeptFiles(int(files["count"]), int(files["size"]), str(files["sha256"]))
        return cls(origin, tuple(map(KeptTable.of, data["tables"])), kept)


def differing(some: Sequence[KeptTable], others: Sequence[KeptTable]) -> list[str]:
    """Name the tables that are not the same on both sides."""
    left, right = ({one.shape.name: one for one in side} for side in (some, others))
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def _sha256(data: Any) -> str:
    said = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
