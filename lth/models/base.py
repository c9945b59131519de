"""The declarative base: plain SQLAlchemy, so that nothing below the pages needs Flask."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates
from sqlalchemy.types import TypeDecorator

from lth.core.vietnamese import collation_key, one_line, search_key

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware moment in UTC, on databases with and without time zones alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of a StrEnum, kept as its text; `one_of` writes the matching CHECK."""

    impl = String(24)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]):
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: StrEnum | str | None, dialect: Any) -> str | None:
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        return None if value is None else self.enum(value)


TREE_PATH = String(80).with_variant(String(80, collation="C"), "postgresql")
"""A unit's path, compared byte by byte on both databases, so that `path > '1.' AND path < '1/'`
is the subtree and an index serves it, whatever the language of the PostgreSQL cluster."""

SORT_KEY = String(240).with_variant(String(240, collation="C"), "postgresql")
"""A key of `vietnamese.collation_key`: compared byte by byte it gives the Vietnamese order."""


SEARCH_KEY = String(160)
"""A key of `vietnamese.search_key`, which finds a name without its marks."""


def kept_sort_key(name: str) -> str:
    """Return the key that a name is sorted by, as long as its column."""
    return collation_key(name)[: SORT_KEY.length]


def kept_search_key(name: str) -> str:
    """Return the key that a name is found by, as long as its column."""
    return search_key(name)[: SEARCH_KEY.length]


def _of_name(key: Callable[[str], str]) -> Callable[[Any], str]:
    """Make the default of a key's column: made of the name that is written in the same row."""
    return lambda context: key(context.get_current_parameters()["name"])


class SortedByName:
    """A row with a `name`, one line, and the key by which lists put it in the Vietnamese order."""

    sort_key: Mapped[str] = mapped_column(SORT_KEY, default=_of_name(kept_sort_key), sort_order=1)

    @validates("name")
    def _keep_keys(self, _key: str, name: str) -> str:
        self.sort_key = kept_sort_key(name)
        return one_line(name)


class FoundByName(SortedByName):
    """A row that is also searched by its name."""

    search_key: Mapped[str] = mapped_column(
        SEARCH_KEY, default=_of_name(kept_search_key), sort_order=1
    )

    @validates("name")
    def _keep_keys(self, key: str, name: str) -> str:
        self.search_key = kept_search_key(name)
        return super()._keep_keys(key, name)


def one_of(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """Return the CHECK that holds a `Word` column to the words of its enum."""
    words = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        datetime: Instant(),
        int: Integer(),
    }


class Keyed:
    """Give a table a number of its own as its key."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
