"""The person acting, in one of the roles they hold."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lth.models import Person, RoleAssignment, Unit
from lth.models.person import Role
from lth.models.unit import Level


@dataclass(frozen=True)
class Actor:
    """A person in one role at one unit; a system administrator has no unit."""

    person_id: int
    person_name: str
    assignment_id: int
    role: Role
    unit_id: int | None
    unit_path: str
    unit_name: str
    level: Level | None
    office_id: int | None = None
    office_name: str = ""
    language: str = "vi"

    @classmethod
    def of(cls, assignment: RoleAssignment) -> "Actor":
        """The actor an assignment makes of its person (person, unit and office loaded)."""
        unit, office, person = assignment.unit, assignment.office, assignment.person
        return cls(
            person_id=person.id,
            person_name=person.name,
            assignment_id=assignment.id,
            role=assignment.role,
            unit_id=unit.id if unit else None,
            unit_path=unit.path if unit else "",
            unit_name=unit.full_name if unit else "",
            level=unit.level if unit else None,
            office_id=office.id if office else None,
            office_name=office.name if office else "",
            language=person.language,
        )


def assignments(session: Session, person_id: int, on: date) -> list[RoleAssignment]:
    """A person's roles in force on a day, people, units and offices loaded, in one query."""
    statement = (
        select(RoleAssignment)
        .join(RoleAssignment.person)
        .outerjoin(RoleAssignment.unit)
        .outerjoin(RoleAssignment.office)
        .options(
            contains_eager(RoleAssignment.person),
            contains_eager(RoleAssignment.unit),
            contains_eager(RoleAssignment.office),
        )
        .where(RoleAssignment.person_id == person_id, Person.active, in_force(on))
        .order_by(Unit.path, RoleAssignment.id)
    )
    return list(session.scalars(statement))


def in_force(on: date):
    """The condition that a role assignment is in force on a day."""
    open_ended = RoleAssignment.valid_to.is_(None) | (RoleAssignment.valid_to > on)
    return (RoleAssignment.valid_from <= on) & open_ended
