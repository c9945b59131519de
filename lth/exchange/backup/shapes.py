"""The tables that a backup holds, and their rows as lines of text, the same on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData

from lth.exchange.backup import columns
from lth.exchange.backup.columns import KINDS

_AT_ONCE = 1_000
"""Rows that are in memory at a time."""


@dataclass(frozen=True)
class TableShape:
    """A table's name, the kinds of its columns by name, and the columns its rows are ordered by."""

    name: str
    kinds: dict[str, str]
    key: tuple[str, ...]

    @property
    def table(self) -> sa.TableClause:
        """The table with the plain types of its kinds."""
        kinds = self.kinds.items()
        return sa.table(self.name, *[sa.column(name, KINDS[kind].type) for name, kind in kinds])

    def lines(self, connection: Connection) -> Iterator[bytes]:
        """Read the rows in the order of their key, each a JSON array in a line of its own."""
        sayers = [KINDS[kind].say for kind in self.kinds.values()]
        turned = [(at, say) for at, say in enumerate(sayers) if say]
        statement = self._statement(connection.dialect.name)
        for row in connection.execute(statement.execution_options(yield_per=_AT_ONCE)):
            values: list[Any] = list(row)
            for at, say in turned:
                if values[at] is not None:
                    values[at] = say(values[at])
            said = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
            yield said.encode() + b"\n"

    def count(self, connection: Connection) -> int:
        """Count the rows, by another statement than the one that reads them."""
        counted = connection.scalar(sa.select(sa.func.count()).select_from(self.table))
        return counted or 0

    def hear(self, line: bytes) -> list[Any]:
        """Return a row's values. Raises ValueError where the line says no row of this table."""
        said = json.loads(line)
        if not isinstance(said, list) or len(said) != len(self.kinds):
            raise ValueError(f"expected {len(self.kinds)} values")
        return [
            columns.hear(kind, one) for kind, one in zip(self.kinds.values(), said, strict=True)
        ]

    def _statement(self, dialect: str) -> sa.Select[Any]:
        """Select all rows; texts are ordered byte by byte, whatever the database's language."""
        table = self.table
        read = [
            sa.cast(table.c[name], sa.Text()).label(name) if kind == "json" else table.c[name]
            for name, kind in self.kinds.items()
        ]
        by_bytes = "C" if dialect == "postgresql" else "BINARY"
        order = [
            sa.collate(table.c[name], by_bytes) if self.kinds[name] == "text" else table.c[name]
            for name in self.key
        ]
        return sa.select(*read).order_by(*order)


def shapes_of(metadata: MetaData) -> list[TableShape]:
    """Return the shape of every table, each after those that its rows point to."""
    return [
        TableShape(
            table.name,
            {column.name: columns.name_of(column.type) for column in table.columns},
            tuple(column.name for column in table.primary_key),
        )
        for table in metadata.sorted_tables
    ]
