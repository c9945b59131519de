"""People and units as administrators see them: their own unit's, or for the system's any.

Whose people: a unit's, or where `None` stands for a unit, everybody's. The unit is found by
`unit_within`, within the actor's scope; all else takes the unit that was found.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import LENT, in_force
from lth.access.scope import Purpose, Scope, system
from lth.administration import accounts
from lth.administration.context import fingerprint
from lth.core.vietnamese import one_line
from lth.models import Credential, Office, Person, RoleAssignment, Unit
from lth.models.person import Role
from lth.models.unit import Level
from lth.units import names


@dataclass(frozen=True)
class Membership:
    """A person with the roles that the asking administrator may see."""

    person: Person
    email: str
    invited: bool
    """Has not set a password yet."""
    assignments: list[RoleAssignment]

    def email_on(self, on: date, unit: Unit | None) -> str:
        """The address, which a unit reads as long as a role there is held or to come; "–" then.

        It may be of another place since.
        """
        stays = any(role.valid_to is None or role.valid_to > on for role in self.assignments)
        return self.email if unit is None or stays else "–"

    @property
    def version(self) -> str:
        """A digest that changes whenever the person or one of these roles does."""
        person = self.person
        held = [(role.id, role.valid_to) for role in self.assignments]
        return fingerprint(person.name, person.position, person.active, held)


@dataclass(frozen=True)
class ListedUnit:
    """A unit in the list of units."""

    unit: Unit
    parent_name: str
    people: int


def unit_within(session: Session, unit_id: int, scope: Scope) -> Unit | None:
    """Find a unit that the scope's administrator manages; None for any other."""
    if scope.role != Role.SYSTEM_ADMIN and unit_id != scope.unit_id:
        return None
    return session.get(Unit, unit_id)


def people(
    session: Session,
    unit: Unit | None,
    on: date,
    *,
    search: str = "",
    number: int = 1,
    size: int = 50,
) -> tuple[list[Membership], int]:
    """List a page of those who hold, held or will hold a role in a unit; of everybody where None.

    With how many there are in all. By their addresses those are found who hold one on a day or
    later.
    """
    where = _people_where(unit)
    if search:
        where.append(or_(names.holds(Person.search_key, search), _written_so(unit, search, on)))
    chosen = (
        select(Person)
        .where(*where)
        .order_by(Person.active.desc(), Person.sort_key, Person.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    with system(session, Purpose.ADMINISTER):
        total = session.scalar(select(func.count()).select_from(Person).where(*where)) or 0
        return _memberships(session, list(session.scalars(chosen)), unit), total


def member(session: Session, unit: Unit | None, person_id: int) -> Membership | None:
    """Find a person with their roles in a unit, if they have any; with all where unit is None."""
    chosen = select(Person).where(Person.id == person_id, *_people_where(unit))
    with system(session, Purpose.ADMINISTER):
        person = session.scalar(chosen)
        return _memberships(session, [person], unit)[0] if person is not None else None


def offices(session: Session, unit: Unit) -> list[Office]:
    """List a unit's offices by name."""
    chosen = select(Office).where(Office.unit_id == unit.id).order_by(Office.sort_key, Office.id)
    return list(session.scalars(chosen))


def units(
    session: Session,
    on: date,
    *,
    search: str = "",
    level: Level | None = None,
    ended: bool = False,
    number: int = 1,
    size: int = 50,
) -> tuple[list[ListedUnit], int]:
    """List a page of the units in force on a day (or that ended before); with their number."""
    where = _units_where(on, search, level, ended)
    total = session.scalar(select(func.count()).select_from(Unit).where(*where)) or 0
    chosen = (
        select(Unit)
        .where(*where)
        .options(joinedload(Unit.parent))
        .order_by(Unit.sort_key, Unit.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    rows = list(session.scalars(chosen))
    counts = _people_counts(session, [unit.id for unit in rows], on)
    lines = [
        ListedUnit(unit, unit.parent.full_name if unit.parent else "", counts.get(unit.id, 0))
        for unit in rows
    ]
    return lines, total


def _people_where(unit: Unit | None) -> list[ColumnElement[bool]]:
    if unit is None:
        return []
    here = select(RoleAssignment.person_id).where(RoleAssignment.unit_id == unit.id)
    return [Person.id.in_(here)]


def _written_so(unit: Unit | None, search: str, on: date) -> ColumnElement[bool]:
    """Select those whose address holds a text, as far as a unit may read it."""
    found = select(Credential.person_id).where(
        Credential.email.icontains(one_line(search), autoescape=True)
    )
    if unit is not None:
        stay = select(RoleAssignment.person_id).where(
            RoleAssignment.unit_id == unit.id,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > on),
        )
        found = found.where(Credential.person_id.in_(stay))
    return Person.id.in_(found)


def _memberships(session: Session, persons: list[Person], unit: Unit | None) -> list[Membership]:
    """Return people with their addresses and roles, in two queries."""
    ids = [person.id for person in persons]
    held = _held(session, ids, unit)
    contacts = accounts.contacts(session, ids)
    return [
        Membership(
            person,
            contacts[person.id].email,
            contacts[person.id].password_hash is None,
            held.get(person.id, []),
        )
        for person in persons
    ]


def _held(
    session: Session, person_ids: list[int], unit: Unit | None
) -> dict[int, list[RoleAssignment]]:
    statement = (
        select(RoleAssignment)
        .options(joinedload(RoleAssignment.unit), joinedload(RoleAssignment.office), *LENT)
        .where(RoleAssignment.person_id.in_(person_ids))
        .order_by(RoleAssignment.valid_from, RoleAssignment.id)
    )
    if unit is not None:
        statement = statement.where(RoleAssignment.unit_id == unit.id)
    roles: dict[int, list[RoleAssignment]] = {}
    for role in session.scalars(statement):
        roles.setdefault(role.person_id, []).append(role)
    return roles


def _units_where(
    on: date, search: str, level: Level | None, ended: bool
) -> list[ColumnElement[bool]]:
    over = Unit.valid_to.is_not(None) & (Unit.valid_to <= on)
    where: list[ColumnElement[bool]] = [over if ended else ~over]
    if search.strip():
        where.append(names.like(search))
    if level is not None:
        where.append(Unit.level == level)
    return where


def _people_counts(session: Session, unit_ids: list[int], on: date) -> dict[int, int]:
    statement = (
        select(RoleAssignment.unit_id, func.count(RoleAssignment.person_id.distinct()))
        .join(RoleAssignment.person)
        .where(RoleAssignment.unit_id.in_(unit_ids), in_force(on), Person.active)
        .group_by(RoleAssignment.unit_id)
    )
    with system(session, Purpose.ADMINISTER):
        return {unit_id: count for unit_id, count in session.execute(statement) if unit_id}
