"""Say a value of a column in JSON: exact, and alike whichever database it comes from.

A value is what SQLAlchemy reads by the plain type of its kind. JSON stays the text it was stored
as, so that no number and no order of keys is made anew.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine


@dataclass(frozen=True)
class ColumnKind:
    """How values of one sort are read from a database, said in JSON, and read from it again."""

    type: TypeEngine[Any]
    holds: type
    say: Callable[[Any], Any] | None = None
    """None: JSON says such a value as it is."""
    hear: Callable[[Any], Any] | None = None


def _say_instant(value: datetime) -> str:
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _hear_instant(said: str) -> datetime:
    if not said.endswith("Z"):
        raise ValueError(f"{said!r} is no instant in UTC")
    return datetime.fromisoformat(said)


def _say_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _hear_bytes(said: str) -> bytes:
    return base64.b64decode(said, validate=True)


KINDS = {
    "boolean": ColumnKind(sa.Boolean(), bool),
    "integer": ColumnKind(sa.BigInteger(), int),
    "text": ColumnKind(sa.Text(), str),
    "json": ColumnKind(sa.Text(), str),
    "date": ColumnKind(sa.Date(), str, date.isoformat, date.fromisoformat),
    "instant": ColumnKind(sa.DateTime(timezone=True), str, _say_instant, _hear_instant),
    "bytes": ColumnKind(sa.LargeBinary(), str, _say_bytes, _hear_bytes),
}

_NAMES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.DateTime, "instant"),
    (sa.Date, "date"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


def name_of(type_: TypeEngine[Any]) -> str:
    """Name the kind of a column's type. Raises TypeError on one that no kind keeps exactly."""
    plain = type_.impl_instance if isinstance(type_, TypeDecorator) else type_
    for class_, name in _NAMES:
        if isinstance(plain, class_):
            return name
    raise TypeError(f"a backup has no kind for {type_!r}: add one to {__name__}")


def hear(kind: str, said: Any) -> Any:
    """Return the value that JSON says. Raises ValueError where it says no value of the kind."""
    if said is None:
        return None
    of = KINDS[kind]
    if type(said) is not of.holds:
        raise ValueError(f"{said!r} is no {kind}")
    return of.hear(said) if of.hear else said
