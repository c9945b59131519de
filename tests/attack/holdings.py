"""What belongs to one unit: its rows, the ids that addresses name them by, and words found nowhere
else. Read from the tables' own columns, so that a new table is in it by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from lth.models import Base, Credential, Document, Person, Revision, RoleAssignment, Unit

TABLES = Base.metadata.tables

ALIASES = {
    "role": "role_assignment",
    "message": "outbox",
    "copy": "signed_copy",
    "upload": "workbook_upload",
    "job": "long_job",
    "packet": "exchange_packet",
    "code": "agency_code",
    "regime": "report_regime",
    "request": "report_request",
    "finding": "visit_finding",
}
"""The words of addresses that are no table's name."""

PUBLIC = {"unit", "unit_lineage", "office", "programme", "period", "phase", "area", "indicator"}
PUBLIC_COLUMNS = {"name", "position", "sort_key", "search_key", "path", "unit_path", "unit_name"}
"""What a neighbour may come across: names on a common road, the tree of units."""

NEEDLE = re.compile(r"[^&<>\"'`=+\\\n\r\t]{14,60}")
MOST_NEEDLES = 150

Rows = dict[str, set[str]]


@dataclass(frozen=True)
class Holdings:
    """The ids of a unit's documents, revisions and people, read once."""

    unit_id: int
    path: str
    owners: dict[str, tuple[int, ...]]
    """Ids by the column that refers to them: `unit_id`, `document_id`, …"""

    @classmethod
    def of(cls, connection: Connection, name: str, but: str = "") -> "Holdings":
        """Find what is a unit's where people work; not what is one person's, by their address."""
        type_, _, name = name.partition(" ")
        unit = connection.execute(
            select(Unit.id, Unit.path)
            .where(Unit.type == type_, Unit.name == name)
            .join(RoleAssignment, RoleAssignment.unit_id == Unit.id)
        ).first()

        def ids(column: Any, *where: Any) -> tuple[int, ...]:
            return tuple(connection.scalars(select(column).where(*where).distinct()))

        documents = ids(Document.id, Document.unit_id == unit.id)
        elsewhere = select(RoleAssignment.person_id).where(RoleAssignment.unit_id != unit.id)
        own = RoleAssignment.unit_id == unit.id
        left_out = select(Credential.person_id).where(Credential.email == but)
        people = ids(
            RoleAssignment.person_id,
            own,
            RoleAssignment.person_id.not_in(elsewhere),
            RoleAssignment.person_id.not_in(left_out),
        )
        return cls(
            unit.id,
            unit.path,
            {
                "unit_id": (unit.id,),
                "document_id": documents,
                "revision_id": ids(Revision.id, Revision.document_id.in_(documents)),
                "person_id": people,
            },
        )

    def ids(self, connection: Connection, argument: str) -> list[int]:
        """List ids of the unit's own that an address's argument may stand for."""
        known = self.owners.get(argument)
        if known:
            return list(known)
        name = argument.removesuffix("_id")
        table = TABLES.get(ALIASES.get(name, name))
        if table is None or "id" not in table.c:
            return []
        where = self._mine(table)
        statement = select(table.c.id) if where is None else select(table.c.id).where(where)
        return list(connection.scalars(statement.order_by(table.c.id.desc()).limit(3)))

    def line_keys(self, connection: Connection) -> list[str]:
        """List some keys of lines of the unit's documents."""
        found: list[str] = []
        for table in TABLES.values():
            if "line_key" in table.c and "revision_id" in table.c:
                mine = table.c.revision_id.in_(self.owners["revision_id"])
                statement = select(table.c.line_key).where(mine).distinct().limit(2)
                found += [key for key in connection.scalars(statement) if key]
        return found

    def rows(self, connection: Connection) -> Rows:
        """Read every row that is the unit's, by table."""
        found: Rows = {}
        for table in TABLES.values():
            where = self._mine(table)
            if where is not None:
                rows = connection.execute(select(table).where(where))
                found[table.name] = {repr(tuple(row)) for row in rows}
        return found

    def needles(self, connection: Connection) -> list[str]:
        """List words that stand in the unit's rows and in nobody else's, those of drafts first."""
        mine, others = set(), set()
        for table in TABLES.values():
            where = self._mine(table)
            if table.name in PUBLIC or where is None:
                continue
            mine |= set(_words(connection, table, where))
            others |= set(_texts_of(connection, table, ~where))
        emails = select(Credential.email).where(Credential.person_id.in_(self.owners["person_id"]))
        known = "\n".join(sorted(others))
        own = sorted((mine - others), key=lambda word: (-len(word), word))
        found = [word for word in own[: 4 * MOST_NEEDLES] if word not in known][:MOST_NEEDLES]
        return [*connection.scalars(emails), *found]

    def _mine(self, table: Table) -> Any:
        """Select the rows of a table that are the unit's; None where the table has no owner."""
        if table is Person.__table__:
            return table.c.id.in_(self.owners["person_id"])
        for column in ("unit_id", "document_id", "revision_id", "person_id"):
            if column in table.c and table.name != Unit.__tablename__:
                return table.c[column].in_(self.owners[column])
        return None


def _words(connection: Connection, table: Table, where: Any) -> Iterator[str]:
    for text in _texts_of(connection, table, where):
        yield from NEEDLE.findall(text)


def _texts_of(connection: Connection, table: Table, where: Any) -> Iterator[str]:
    columns = [one for one in table.c if one.name not in PUBLIC_COLUMNS]
    for row in connection.execute(select(*columns).where(where)):
        for value in row:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts within a value, those inside JSON too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
