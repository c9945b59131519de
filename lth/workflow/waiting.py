"""Tell whose turn it is: list documents that wait on an actor, and those the actor waits for.

Read from the table: a document waits on whoever may take an act that moves it forward.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.models import (
    Document,
    Opinion,
    Participation,
    Period,
    Programme,
    Revision,
    Unit,
    UnitSettings,
)
from lth.models.document import Status
from lth.models.kind import Kind, MadeBy
from lth.models.person import Role
from lth.units.on_day import takes_part
from lth.workflow import owing
from lth.workflow.acts import Act, By, Place, Row
from lth.workflow.documents import ASKED_BACK, ListedDocument, count, entries
from lth.workflow.registry import condition
from lth.workflow.states import CLOSED
from lth.workflow.table import FORWARD, TABLE

ANSWERS_BACK = (Act.DECLINE, Act.RETURN, Act.REOPEN)
"""The acts by which whoever holds a document lets its unit have it back, once it is asked for."""


@dataclass(frozen=True)
class WaitingDocuments:
    """Documents that wait on an actor, longest first, of how many; and those they wait for."""

    mine: list[ListedDocument]
    count: int
    elsewhere: list[ListedDocument]


def desk(session: Session, actor: Actor, *, limit: int) -> WaitingDocuments:
    """List the documents whose next step is this actor's, and their unit's that lie with others."""
    scope, here = Scope.of(actor), turn(session, actor)
    mine = entries(session, scope, here, limit=limit)
    elsewhere = _elsewhere(actor.unit_id, here)
    return WaitingDocuments(
        mine=mine,
        count=len(mine) if len(mine) < limit else count(session, scope, here),
        elsewhere=entries(session, scope, elsewhere, limit=limit),
    )


@lru_cache(maxsize=512)
def _elsewhere(unit_id: int | None, here: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the unit's documents under way that are somebody else's turn."""
    under_way = Document.status.not_in(CLOSED)
    return (Document.unit_id == unit_id) & under_way & ~here


def turn(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Document` that a forward act is this actor's to take."""
    return any_of(turns(session, actor))


Turns = tuple[tuple[Act, ColumnElement[bool]], ...]


def turns(session: Session, actor: Actor) -> Turns:
    """Find the forward acts of an actor's role, each with the condition that it is theirs."""
    return turns_by(actor, session.get(UnitSettings, actor.unit_id) if actor.unit_id else None)


def turns_by(actor: Actor, settings: UnitSettings | None) -> Turns:
    """Return the same by what the actor's unit has settled; None: nothing."""
    clears = settings is None or settings.clearance_needed
    required = tuple(settings.required_opinions) if settings else ()
    return _turns(actor, clears, required)


@lru_cache(maxsize=512)
def any_of(found: Turns) -> ColumnElement[bool]:
    """Return the condition that one of the acts is the actor's to take."""
    return or_(*(condition for _, condition in found)) if found else false()


@lru_cache(maxsize=512)
def _turns(actor: Actor, clears: bool, required: tuple[str, ...]) -> Turns:
    """Make the conditions once: every list of a desk asks for them, made of the whole table.

    A unit that asks to have a document back is answered before anything else is done with it.
    """
    if actor.unit_id is None:
        return ()
    found: dict[Act, list[ColumnElement[bool]]] = {act: [] for act in ANSWERS_BACK}
    for row in TABLE:
        if row.act in ANSWERS_BACK:
            besides = [ASKED_BACK]
        elif row.act in FORWARD:
            besides = _conditions(row, actor, clears, required)
        else:
            continue
        found.setdefault(row.act, []).extend(
            and_(_place(actor, by), _state(row), *besides)
            for by in row.by
            if by.role is actor.role or (by.role is None and _drafted_by(actor.role))
        )
    return tuple((act, or_(*choices)) for act, choices in found.items() if choices)


@lru_cache(maxsize=512)
def next_act(found: Turns) -> ColumnElement[str | None]:
    """Return which forward act is the actor's to take, by its value; null where none is."""
    if not found:
        return null()
    return case(*((condition, literal(act.value)) for act, condition in found))


def _place(actor: Actor, by: By) -> ColumnElement[bool]:
    if by.role is None:
        drafted = _among(Document.kind, _drafted_by(actor.role))
        return and_(drafted, _place(actor, By(actor.role, by.place)))
    own, lent = by.place is Place.OWN, actor.on_behalf
    column = Document.unit_id if own else Document.next_unit_id
    if lent is not None and not lent.lets(own):
        return false()
    if lent is not None and lent.programme_id is not None:
        return and_(column == actor.unit_id, Document.programme_id == lent.programme_id)
    return column == actor.unit_id


def _state(row: Row) -> ColumnElement[bool]:
    return _among(Document.status, sorted(row.sources))


def _among(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Compare one by one: the members of an IN are written into the statement at each execution."""
    return or_(false(), *(column == value for value in values))


def _conditions(
    row: Row, actor: Actor, clears: bool, required: tuple[str, ...]
) -> list[ColumnElement[bool]]:
    found = [condition.in_sql(name)(clears) for name in row.when]
    if row.act is Act.GIVE_OPINION:
        found.append(~opinion_exists(Opinion.person_id == actor.person_id))
    if row.act is Act.APPROVE:
        found += [opinion_exists(Opinion.aspect == aspect) for aspect in required]
    return found


def opinion_exists(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that an opinion on what was sent meets another."""
    return exists().where(
        Opinion.revision_id == Revision.id,
        Revision.document_id == Document.id,
        Revision.number == Document.sent_number,
        condition,
    )


@dataclass(frozen=True)
class Opening:
    """A document that the unit may start: a period it takes part in, without one yet."""

    period: Period
    programme_code: str
    kind: Kind


def openings(session: Session, actor: Actor) -> Sequence[Opening]:
    """Return what the actor's role may start at its unit now, the newest period first."""
    kinds = _drafted_by(actor.role)
    if actor.unit_id is None or not kinds:
        return []
    found = [
        Opening(period, code, Kind(kind))
        for period, code, kind in session.execute(_to_start(actor.unit_id, *kinds))
    ]
    return sorted(found, key=lambda opening: kinds.index(opening.kind))


@lru_cache(maxsize=512)
def _to_start(unit_id: int, *kinds: Kind) -> Select[tuple[Period, str, str]]:
    """List the periods, each with a kind that a unit has no live document of there."""
    free = union_all(
        *(
            _without_one(unit_id, kind).with_only_columns(
                Period.id.label("period_id"), literal(str(kind)).label("kind")
            )
            for kind in kinds
        )
    ).subquery()
    return (
        select(Period, Programme.code, free.c.kind)
        .join(free, free.c.period_id == Period.id)
        .join(Programme, Programme.id == Period.programme_id)
        .order_by(Period.starts_on.desc(), Period.id.desc())
    )


def may_open(actor: Actor) -> CompoundSelect[Any] | None:
    """Return a row for each document that the actor's role may start; None where it starts none."""
    found = [
        _without_one(actor.unit_id, kind).with_only_columns(Period.id)
        for kind in _drafted_by(actor.role)
    ]
    return union_all(*found) if found else None


@lru_cache(maxsize=512)
def _without_one(unit_id: int, kind: Kind) -> Select[tuple[Period]]:
    """List the periods that a unit takes part in and has no live document of a kind for."""
    row = Participation
    if kind.made_by is MadeBy.PARENTS:  # the top takes part by those below it
        joins = owing.has_units_below(unit_id, Period.id)
    else:
        here = (row.period_id == Period.id) & (row.unit_id == unit_id) & takes_part()
        joins = exists().where(here, owing.made_there(kind, row.unit_id, row.period_id))
    live = exists().where(
        Document.unit_id == unit_id,
        Document.period_id == Period.id,
        Document.kind == kind,
        Document.status != Status.REVOKED,
    )
    in_force = exists().where(
        Unit.id == unit_id,
        Unit.valid_from <= Period.tree_day,
        or_(Unit.valid_to.is_(None), Unit.valid_to > Period.tree_day),
    )
    return select(Period).where(Period.use == kind.use, joins, ~live, in_force)


def _drafted_by(role: Role) -> list[Kind]:
    """List the kinds of document that a role drafts at its own unit."""
    return [kind for kind in Kind.all() if kind.drafter is role]
