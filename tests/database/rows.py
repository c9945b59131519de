"""Rows of the world by name, and reading the hand-written expectations about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from sqlalchemy import select
from sqlalchemy.orm import Session
from world import World

from lth.access.scope import Purpose, Scope, bind
from lth.models import Base

Key = tuple[str, ...]
"""A row's primary key, as text."""


def primary_key(table: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[table].primary_key.columns]


class Book:
    """The names of a world's rows, by table."""

    def __init__(self, world: World) -> None:
        self._names: dict[str, dict[Key, str]] = {}
        for (table, identity), name in world.names.items():
            self._names.setdefault(table, {})[tuple(map(str, identity))] = name

    def keys(self, table: str, patterns: str) -> set[Key]:
        """The rows whose names match one of the patterns; each pattern has to match something."""
        found: set[Key] = set()
        for pattern in patterns.replace("-", "").split():
            matching = {
                key
                for key, name in self._names.get(table, {}).items()
                if fnmatchcase(name, pattern)
            }
            assert matching, f"no row of {table} is called {pattern}"
            found |= matching
        return found

    def tell(self, table: str, keys: set[Key]) -> str:
        """The rows' names, for reading what went wrong."""
        return " ".join(sorted(self._names[table].get(key, str(key)) for key in keys))


def lines(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each viewer of a block of expectations, with what stands behind the colon, cut at bars."""
    for line in block.strip().splitlines():
        who, _, what = line.partition(":")
        for viewer in who.split():
            yield viewer, [part.strip() for part in what.split("|")]


@contextmanager
def seen_as(session: Session, world: World, viewer: str) -> Iterator[None]:
    """Let the session act as a viewer, or as nobody, and forget what it did."""
    session.rollback()
    session.info.pop("scope", None)
    if viewer != "nobody":
        bind(session, scope_of(world, viewer))
    yield
    session.rollback()
    session.info.pop("scope", None)


def scope_of(world: World, viewer: str) -> Scope:
    return Scope.system(Purpose.RECONCILE) if viewer == "system" else world.scope(viewer)


def all_keys(session: Session, table: str, *conditions) -> set[Key]:
    """The primary keys of the rows that the session sees."""
    columns = Base.metadata.tables[table].primary_key.columns
    return {tuple(map(str, row)) for row in session.execute(select(*columns).where(*conditions))}
