"""Roles that a document waits for and that nobody holds: what waits, and who is asked instead.

Read from the table, as whose turn it is: a document waits on whoever may take an act that moves it
forward. Where nobody at that place holds the role, it falls back up the line: to the leaders of the
unit, else to its administrators, else to those of the unit above, else to the system's.

The callers say who may know: each read names the units, or is a tick's (`Purpose.TICK`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from lth.access.actor import Actor, in_force
from lth.access.delegations import lends
from lth.access.scope import Purpose, system
from lth.models import Delegation, Document, Opinion, Person, RoleAssignment, Unit, UnitSettings
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.person import Role
from lth.workflow.acts import Act, By, Place, Row
from lth.workflow.effects import ASPECT
from lth.workflow.registry import condition
from lth.workflow.table import FORWARD, TABLE
from lth.workflow.waiting import opinion_exists


@dataclass(frozen=True)
class Vacancy:
    """A role at a unit that nobody holds for documents that wait on it."""

    unit_id: int
    unit_name: str
    role: Role
    documents: frozenset[int]

    @property
    def count(self) -> int:
        return len(self.documents)


@dataclass(frozen=True)
class Heir:
    """Somebody to whom a vacancy falls, and the role at a unit for which it does."""

    person_id: int
    unit_id: int | None
    role: Role
    name: str
    unit_name: str


# --- What nobody holds --------------------------------------------------------------------


def find(
    session: Session,
    on: date,
    *,
    unit_ids: Collection[int] | None,
    without: Collection[int] = (),
) -> list[Vacancy]:
    """List the vacancies of a day at some units, or (None) at all, in one query.

    `without`: ids of role assignments taken for ended. Runs in a system scope.
    """
    statement = _statement(unit_ids is not None, bool(without), tuple(Kind.all()))
    asked: dict[str, Any] = {"on": on}
    asked |= {"units": list(unit_ids)} if unit_ids is not None else {}
    asked |= {"without": list(without)} if without else {}
    found: dict[tuple[int, str, Role], set[int]] = {}
    for role, unit_id, kind, name, document_id in session.execute(statement, asked):
        found.setdefault((unit_id, f"{kind} {name}", Role(role)), set()).add(document_id)
    return [
        Vacancy(unit_id, name, role, frozenset(documents))
        for (unit_id, name, role), documents in sorted(found.items())
    ]


def left_by(
    session: Session, unit_ids: Collection[int], assignment_ids: Collection[int], on: date
) -> dict[Vacancy, list[Heir]]:
    """List what would wait on nobody, and waits on somebody now, were some roles to end; and who
    would be asked instead. Runs in a system scope."""
    before = {
        (vacancy.unit_id, vacancy.role, document)
        for vacancy in find(session, on, unit_ids=unit_ids)
        for document in vacancy.documents
    }
    after = find(session, on, unit_ids=unit_ids, without=assignment_ids)
    more = (
        replace(
            one,
            documents=frozenset(
                document
                for document in one.documents
                if (one.unit_id, one.role, document) not in before
            ),
        )
        for one in after
    )
    left = [vacancy for vacancy in more if vacancy.documents]
    return heirs(session, left, on, without=assignment_ids)


def of_person(session: Session, person_id: int, unit_id: int | None) -> list[int]:
    """List the ids of somebody's roles at a unit, or (None) at all, and of those lent out of them:
    what ends with them or their account. Runs in a system scope."""
    own = RoleAssignment.person_id == person_id
    given = RoleAssignment.delegation_id.in_(_given(person_id))
    statement = select(RoleAssignment.id).where(or_(own, given))
    if unit_id is not None:
        statement = statement.where(RoleAssignment.unit_id == unit_id)
    return list(session.scalars(statement))


def ended_with(session: Session, held: RoleAssignment) -> list[int]:
    """List the ids of a role and of those that end with it: what a leader has lent others.
    Runs in a system scope."""
    if held.role is not Role.LEADER:
        return [held.id]
    lent = select(RoleAssignment.id).where(
        RoleAssignment.unit_id == held.unit_id,
        RoleAssignment.delegation_id.in_(_given(held.person_id)),
    )
    return [held.id, *session.scalars(lent)]


def lent_at(session: Session, unit_id: int, on: date) -> list[int]:
    """List the ids of the roles that are lent at a unit on a day. Runs in a system scope."""
    statement = select(RoleAssignment.id).where(
        RoleAssignment.unit_id == unit_id, RoleAssignment.delegation_id.is_not(None), in_force(on)
    )
    return list(session.scalars(statement))


def _given(person_id: int) -> Select[tuple[int]]:
    """Select the decisions that somebody gave, and those passed on from them."""
    theirs = select(Delegation.id).where(Delegation.giver_id == person_id)
    return select(Delegation.id).where(
        or_(Delegation.giver_id == person_id, Delegation.passed_on_from_id.in_(theirs))
    )


def fallen_to(session: Session, actor: Actor, on: date) -> list[Vacancy]:
    """List the vacancies that an actor is asked to see to: a leader those of their unit, its
    administrator these too, and those of the units directly below that have neither."""
    if actor.unit_id is None or actor.role not in {Role.LEADER, Role.UNIT_ADMIN}:
        return []
    with system(session, Purpose.ADMINISTER):
        if actor.role is Role.LEADER:
            found = find(session, on, unit_ids=[actor.unit_id])
            return [vacancy for vacancy in found if vacancy.role is not Role.LEADER]
        below = session.scalars(select(Unit.id).where(Unit.parent_id == actor.unit_id)).all()
        found = find(session, on, unit_ids=[actor.unit_id, *below])
        theirs = heirs(session, found, on)
    return [
        vacancy
        for vacancy in found
        if vacancy.unit_id == actor.unit_id
        or any(heir.person_id == actor.person_id for heir in theirs[vacancy])
    ]


@lru_cache(maxsize=8)
def _statement(at_units: bool, without: bool, _kinds: tuple[Kind, ...]) -> Select[Any]:
    """Select role, unit and document of every vacancy; made of the whole table, so made once."""
    choices = [
        select(literal(role.value).label("role"), column.label("unit_id"), Document.id).where(
            waits, ~_held(column, holders, without)
        )
        for role, column, waits, holders in _waits()
    ]
    vacant = union_all(*choices).subquery()
    statement = select(vacant.c.role, vacant.c.unit_id, Unit.type, Unit.name, vacant.c.id).join(
        Unit, Unit.id == vacant.c.unit_id
    )
    if at_units:
        statement = statement.where(Unit.id.in_(bindparam("units", expanding=True)))
    return statement


def _waits() -> Iterator[tuple[Role, Any, ColumnElement[bool], Sequence[By]]]:
    """Go through who is waited for: the role, the column of the unit, the documents that wait, and
    who may do it instead."""
    for row in TABLE:
        for by, others in _alternatives(row) if row.act in FORWARD else ():
            column = Document.unit_id if by.place is Place.OWN else Document.next_unit_id
            for role, kinds in _roles(by):
                waits = and_(
                    Document.status.in_(sorted(row.sources)),
                    column.is_not(None),
                    Document.kind.in_(kinds) if kinds else true(),
                    _applies(row),
                    *_opinions(row, role),
                )
                yield role, column, waits, others if by.role else (By(role, by.place),)


def _alternatives(row: Row) -> Iterator[tuple[By, Sequence[By]]]:
    """Pair who is asked first with all who may do it instead; each gives an opinion for itself."""
    if row.act is Act.GIVE_OPINION:
        yield from ((by, (by,)) for by in row.by)
    else:
        yield row.by[0], row.by


def _roles(by: By) -> list[tuple[Role, list[Kind]]]:
    """List the roles that a row's `by` stands for, each with the kinds it drafts."""
    if by.role is not None:
        return [(by.role, [])]
    kinds: dict[Role, list[Kind]] = {}
    for kind in Kind.all():
        kinds.setdefault(kind.drafter, []).append(kind)
    return list(kinds.items())


def _held(column: Any, by: Sequence[By], without: bool) -> ColumnElement[bool]:
    """Return the condition that somebody holds one of the roles for the document."""
    own = by[0].place is Place.OWN
    statement = (
        select(RoleAssignment.id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(Delegation, Delegation.id == RoleAssignment.delegation_id)
        .where(
            RoleAssignment.unit_id == column,
            RoleAssignment.role.in_([one.role for one in by if one.role is not None]),
            Person.active,
            in_force(bindparam("on")),
            lends(own, Document.programme_id),
        )
        .correlate(Document)
    )
    if without:
        statement = statement.where(RoleAssignment.id.not_in(bindparam("without", expanding=True)))
    return exists(statement)


def _applies(row: Row) -> ColumnElement[bool]:
    """Return the row's own conditions, by whether the document's unit has its leader clear."""
    if not row.when:
        return true()
    skips = exists().where(
        UnitSettings.unit_id == Document.unit_id, not_(UnitSettings.clearance_needed)
    )
    clearing = and_(*(condition.in_sql(name)(True) for name in row.when))
    skipping = and_(*(condition.in_sql(name)(False) for name in row.when))
    return or_(and_(~skips, clearing), and_(skips, skipping))


def _opinions(row: Row, role: Role) -> Iterator[ColumnElement[bool]]:
    """Say on whom a review waits: for opinions asked for and not there, then on leaders."""
    if row.act is Act.GIVE_OPINION:
        aspect = ASPECT[role]
        yield _required(aspect) & ~opinion_exists(Opinion.aspect == aspect)
    if row.act is Act.APPROVE:
        for aspect in Aspect:
            yield or_(~_required(aspect), opinion_exists(Opinion.aspect == aspect))


def _required(aspect: Aspect) -> ColumnElement[bool]:
    return exists().where(
        UnitSettings.unit_id == Document.next_unit_id,
        cast(UnitSettings.required_opinions, String).contains(f'"{aspect.value}"'),
    )


# --- To whom it falls ---------------------------------------------------------------------


def heirs(
    session: Session, vacancies: Iterable[Vacancy], on: date, *, without: Collection[int] = ()
) -> dict[Vacancy, list[Heir]]:
    """Find who is asked instead for each vacancy, in two queries. Runs in a system scope."""
    found = list(vacancies)
    if not found:
        return {}
    ids = {vacancy.unit_id for vacancy in found}
    above = dict(session.execute(select(Unit.id, Unit.parent_id).where(Unit.id.in_(ids))).all())
    people = _people(session, ids | {unit for unit in above.values() if unit}, on, without)
    return {vacancy: _line(vacancy, above.get(vacancy.unit_id), people) for vacancy in found}


People = dict[tuple[int | None, Role], list[Heir]]


def _people(
    session: Session, unit_ids: Collection[int], on: date, without: Collection[int]
) -> People:
    statement = (
        select(
            *(RoleAssignment.person_id, RoleAssignment.unit_id, RoleAssignment.role, Person.name),
            *(Unit.type, Unit.name.label("unit_name")),
        )
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            or_(
                RoleAssignment.unit_id.in_(unit_ids)
                & RoleAssignment.role.in_([Role.LEADER, Role.UNIT_ADMIN]),
                RoleAssignment.role == Role.SYSTEM_ADMIN,
            ),
            RoleAssignment.id.not_in(without),
            Person.active,
            in_force(on),
        )
        .order_by(RoleAssignment.person_id)
    )
    people: People = {}
    for person_id, unit_id, role, name, kind, unit_name in session.execute(statement):
        heir = Heir(person_id, unit_id, role, name, f"{kind} {unit_name}" if kind else "")
        people.setdefault((unit_id, role), []).append(heir)
    return people


def _line(vacancy: Vacancy, above: int | None, people: People) -> list[Heir]:
    """Go up the line to the first who are there."""
    line: list[tuple[int | None, Role]] = [(vacancy.unit_id, Role.UNIT_ADMIN)]
    if vacancy.role is not Role.LEADER:
        line.insert(0, (vacancy.unit_id, Role.LEADER))
    if above is not None:
        line.append((above, Role.UNIT_ADMIN))
    line.append((None, Role.SYSTEM_ADMIN))
    return next((people[place] for place in line if people.get(place)), [])
