"""Lines of a plan's parts between their dataclasses and the JSON that the database keeps."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.content.model import LINE_OF, Line
from lth.models import PartLine
from lth.models.parts import Part


@cache
def field_types(line: type[Line]) -> dict[str, type]:
    """The fields of a kind of line, its key aside, in order: each with its type, None left out."""
    hints = get_type_hints(line)
    return {one.name: _type(hints[one.name]) for one in fields(line) if one.name != "key"}


@cache
def _defaults(line: type[Line]) -> dict[str, Any]:
    return {one.name: one.default for one in fields(line) if one.default is not MISSING}


def _type(hint: Any) -> type:
    """`date` of `date | None`, `tuple` of `tuple[str, ...]`."""
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(one for one in get_args(hint) if one is not types.NoneType)
    return get_origin(hint) or hint


def encode(line: Line) -> dict[str, Any]:
    """A line as the database keeps it; what is as it starts is left out."""
    defaults = _defaults(type(line))
    found = {}
    for name in field_types(type(line)):
        value = getattr(line, name)
        if name not in defaults or value != defaults[name]:
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def decode(part: Part, key: str, data: Mapping[str, Any]) -> Line:
    """The line that the database keeps. Raises TypeError for a field that its part has not."""
    line = LINE_OF[part]
    known = field_types(line)
    values = {name: _read(known.get(name, str), value) for name, value in data.items()}
    return line(key, **values)


def _read(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if kind is tuple or issubclass(kind, StrEnum) else value


def rows(session: Session, revision_id: int, keys: Iterable[str]) -> dict[str, PartLine]:
    """Some lines of a revision by key; the caller has checked the scope."""
    statement = select(PartLine).where(
        PartLine.revision_id == revision_id, PartLine.line_key.in_(list(keys))
    )
    return {one.line_key: one for one in session.scalars(statement)}


def of_revision(session: Session, revision_id: int) -> dict[Part, list[Line]]:
    """Every line of a revision by its part, in order; the caller has checked the scope."""
    statement = (
        select(PartLine)
        .where(PartLine.revision_id == revision_id)
        .order_by(PartLine.ordinal, PartLine.id)
    )
    found: dict[Part, list[Line]] = {part: [] for part in Part}
    for row in session.scalars(statement):
        found[row.part].append(decode(row.part, row.line_key, row.data))
    return found
