"""Lines of a plan's parts between their line types and the JSON that the database keeps."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.content.schema import LINE_TYPES, ContentLine, Field, Typed
from lth.models import PartLine


def encode(line: ContentLine) -> dict[str, Any]:
    """Return a line as the database keeps it; what is as it starts is left out."""
    return {
        field.name: _STORED.get(field.typed, _as_it_is)(getattr(line, field.name))
        for field in line.line_type.fields
        if field.required or getattr(line, field.name) != field.empty
    }


def decode(part: str, key: str, data: Mapping[str, Any]) -> ContentLine:
    """Return the line that the database keeps. Raises KeyError for a part or a field that is not
    declared.
    """
    declared = LINE_TYPES[part]
    fields = declared.by_name
    return declared.build(key, **{name: _read(fields[name], data[name]) for name in data})


def _as_it_is(value: Any) -> Any:
    return value


_STORED = {Typed.CHOICE: str, Typed.DAY: date.isoformat, Typed.LIST: list}
_READ = {Typed.DAY: date.fromisoformat, Typed.LIST: tuple}


def _read(field: Field, value: Any) -> Any:
    if value is None:
        return None
    read = field.words if field.typed is Typed.CHOICE else _READ.get(field.typed, _as_it_is)
    return read(value)


def rows(session: Session, revision_id: int, keys: Iterable[str]) -> dict[str, PartLine]:
    """Return some lines of a revision by key; the caller has checked the scope."""
    statement = select(PartLine).where(
        PartLine.revision_id == revision_id, PartLine.line_key.in_(list(keys))
    )
    return {row.line_key: row for row in session.scalars(statement)}


def of_revision(session: Session, revision_id: int) -> dict[str, list[ContentLine]]:
    """List every line of a revision by its part, in order; the caller has checked the scope."""
    statement = (
        select(PartLine)
        .where(PartLine.revision_id == revision_id)
        .order_by(PartLine.ordinal, PartLine.id)
    )
    found: dict[str, list[ContentLine]] = {part: [] for part in LINE_TYPES}
    for row in session.scalars(statement):
        found[row.part].append(decode(row.part, row.line_key, row.data))
    return found
