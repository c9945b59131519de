"""Names in records of acts: as they were at the moment, whatever people and units are called later.

Who writes a record passes on the names that the actor carries. Where they are not given, the
database is asked for them as the row is written, so that no record is ever without.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, String, select
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.person import Person
from lth.models.unit import Unit

NAME = 160
"""How long the name of a person, a position, a unit or an office may be."""


def _now(column: ColumnElement[str], id_: ColumnElement[int], by: str) -> Callable[[Any], str]:
    """Make the default of a name's column: what the row that `by` points at is called now."""
    statement = select(column)

    def read(context: Any) -> str:
        key = context.get_current_parameters().get(by)
        name = None if key is None else context.connection.scalar(statement.where(id_ == key))
        return name or ""

    return read


class NamedPerson:
    """A record of an act with `person_id`, and the name that this person had then."""

    person_name: Mapped[str] = mapped_column(
        String(NAME), default=_now(Person.name, Person.id, "person_id"), sort_order=2
    )


class NamedUnit:
    """A record of an act with `unit_id`, and what this unit, with its type, was called then."""

    unit_name: Mapped[str] = mapped_column(
        String(NAME), default=_now(Unit.type + " " + Unit.name, Unit.id, "unit_id"), sort_order=3
    )


class NamedDoer(NamedPerson, NamedUnit):
    """A record of an act with who did it, in which position, for or at which unit."""

    person_position: Mapped[str] = mapped_column(
        String(NAME), default=_now(Person.position, Person.id, "person_id"), sort_order=2
    )
