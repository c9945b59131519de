"""Units by name: found as people type it, and in the order of the Vietnamese alphabet."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import InstrumentedAttribute

from lth.core.vietnamese import search_key
from lth.models import Unit


class UnitName(NamedTuple):
    """A unit as a list's row shows it; read by `COLUMNS`."""

    id: int
    type: str
    name: str
    path: str

    @classmethod
    def of(cls, row: Any) -> "UnitName":
        """Read a list's row that has `COLUMNS` among its own."""
        return cls(row.unit_id, row.type, row.name, row.path)

    @property
    def full_name(self) -> str:
        """Type and name as an office writes them: "xã Tập Sơn"."""
        return f"{self.type} {self.name}"

    @property
    def ancestor_ids(self) -> list[int]:
        """Return the ids above this unit, the root first."""
        return [int(part) for part in self.path.rstrip(".").split(".")][:-1]


COLUMNS = (Unit.id.label("unit_id"), Unit.type, Unit.name, Unit.path)


def like(text: str) -> ColumnElement[bool]:
    """Make the condition that a unit's type and name hold what was typed: "dinh an", "xã Định An".

    A text in which nothing can be part of a name (`%`) finds nothing, nor does one that is longer
    than any name: SQLite does not even look for those.
    """
    return holds(Unit.search_key, text)


def holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Make the condition that a column of search keys holds what was typed, as `like` reads it."""
    key = search_key(text)
    known = 0 < len(key) <= column.type.length
    return column.contains(key, autoescape=True) if known else false()


ALPHABETICAL = (Unit.sort_key, Unit.id)
"""The order of units by name; `vietnamese.collation_key` made their keys."""
