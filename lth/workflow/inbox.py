"""List every unit taking part below, with its document or without one: the review desk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from lth.access.actor import Actor
from lth.access.scope import Scope, documents_seen
from lth.models import Document, Participation, Period, Programme, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.units import names
from lth.units.names import UnitName
from lth.workflow import deadlines
from lth.workflow.acts import Act
from lth.workflow.deadlines import Due, due_dates
from lth.workflow.documents import LIVE, OF_PARTICIPANT
from lth.workflow.waiting import Turns, any_of, next_act, turns

PAGE = 50

_CHILD = aliased(Participation)


InboxState = StrEnum("InboxState", {"MISSING": "missing"} | {one.name: one.value for one in Status})
"""The inbox's states: that there is no document yet, or a document's own."""


ORDER = (
    InboxState.SUBMITTED,
    InboxState.REVIEW,
    InboxState.MISSING,
    InboxState.DRAFT,
    InboxState.RETURNED,
    InboxState.CLEARANCE,
    InboxState.APPROVED,
    InboxState.ISSUED,
    InboxState.REVOKED,
)
"""What the level above can act on first, then who is behind, then who is done."""


class InboxOrder(StrEnum):
    """An order of the list: by state as in `ORDER`, by how long a document has waited, by the day
    that binds, or by name.
    """

    STATE = "state"
    WAITING = "waiting"
    DUE = "due"
    UNIT = "unit"


@dataclass(frozen=True)
class InboxLine:
    """One unit below; its document if it has begun one, and which act on it is the actor's."""

    unit: UnitName
    state: InboxState
    document_id: int | None
    lock_version: int | None
    since: datetime | None
    sent_number: int | None
    act: Act | None
    due: Due | None


@dataclass(frozen=True)
class Inbox:
    """One page of the list, with the number of units in each state."""

    lines: list[InboxLine]
    counts: dict[InboxState, int]
    total: int
    matching: int


@dataclass(frozen=True)
class InboxRound:
    """A period and kind that units below send up: one tab of the inbox."""

    period: Period
    programme_code: str
    kind: Kind
    units: int


def rounds(session: Session, actor: Actor) -> list[InboxRound]:
    """List the periods in which units take part below the actor's, the newest first.

    Of a period, what is added up comes after the sums: these are what the actor is sent.
    """
    found = []
    for period, code, units, with_units in session.execute(_ROUNDS, {"unit": actor.unit_id}):
        for kind in sorted(Kind.all(), key=lambda kind: not kind.is_computed):
            owing = with_units if kind.is_computed else units
            if owing:
                found.append(InboxRound(period, code, kind, owing))
    return found


_WITH_UNITS_BELOW = exists().where(
    _CHILD.period_id == Participation.period_id, _CHILD.parent_id == Participation.unit_id
)
_TAKING_PART = (
    select(
        Participation.period_id,
        func.count().label("units"),
        func.sum(case((_WITH_UNITS_BELOW, 1), else_=0)).label("with_units"),
    )
    .where(Participation.parent_id == bindparam("unit", type_=Integer))
    .group_by(Participation.period_id)
    .subquery()
)
_ROUNDS = (
    select(Period, Programme.code, _TAKING_PART.c.units, _TAKING_PART.c.with_units)
    .join(_TAKING_PART, _TAKING_PART.c.period_id == Period.id)
    .join(Programme, Programme.id == Period.programme_id)
    .order_by(Period.starts_on.desc())
)


def listing(
    session: Session,
    actor: Actor,
    period_id: int,
    kind: Kind,
    *,
    states: frozenset[InboxState] = frozenset(),
    text: str = "",
    mine: bool = False,
    order: InboxOrder = InboxOrder.STATE,
    number: int = 1,
) -> Inbox:
    """List one page of the units taking part below, filtered by state, name or whose turn it is."""
    scope, found = Scope.of(actor), turns(session, actor)
    by_status = session.execute(_counting(scope, period_id, kind))
    counts = _in_order({status or InboxState.MISSING: count for status, count in by_status})
    chosen = _chosen(scope, period_id, kind, found, states, mine, order)
    if text.strip():
        chosen = chosen.where(names.like(text))
    here = {"limit": PAGE, "offset": (number - 1) * PAGE}
    rows = session.execute(chosen, here).all()
    units = [UnitName.of(row) for row in rows]
    due = due_dates(session, units, period_id, kind)
    matching = sum(count for state, count in counts.items() if not states or state in states)
    return Inbox(
        lines=[_line(row, unit, due.get(unit.id)) for row, unit in zip(rows, units, strict=True)],
        counts=counts,
        total=sum(counts.values()),
        matching=_matching(session, chosen) if mine or text.strip() else matching,
    )


def _joined(scope: Scope, period_id: int, kind: Kind) -> Select:
    """Join participating units below with their live document of the kind, if any."""
    document = and_(OF_PARTICIPANT, Document.kind == kind, LIVE, documents_seen(scope))
    statement = (
        select(Participation.unit_id)
        .select_from(Participation)
        .outerjoin(Document, document)
        .where(Participation.parent_id == scope.unit_id, Participation.period_id == period_id)
    )
    return statement.where(_WITH_UNITS_BELOW) if kind.is_computed else statement


@lru_cache(maxsize=512)
def _counting(scope: Scope, period_id: int, kind: Kind) -> Select:
    """Count the units in each state; made once, since that takes longer than to run it."""
    base = _joined(scope, period_id, kind)
    return base.with_only_columns(Document.status, func.count()).group_by(Document.status)


_COLUMNS = (
    *names.COLUMNS,
    Document.id.label("document_id"),
    Document.lock_version,
    Document.status_since,
    Document.sent_number,
    Document.extended_until,
)


@lru_cache(maxsize=512)
def _chosen(
    scope: Scope,
    period_id: int,
    kind: Kind,
    found: Turns,
    states: frozenset[InboxState],
    mine: bool,
    order: InboxOrder,
) -> Select:
    """Return the lines of some states, or of those whose turn is the actor's, in an order."""
    chosen = (
        _joined(scope, period_id, kind)
        .with_only_columns(*_COLUMNS, _state().label("state"), next_act(found).label("act"))
        .join(Unit, Unit.id == Participation.unit_id)
        .order_by(*_first(scope, period_id, kind, order), *names.ALPHABETICAL)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    if states:
        chosen = chosen.where(_state().in_([state.value for state in sorted(states)]))
    return chosen.where(any_of(found)) if mine else chosen


def _first(
    scope: Scope, period_id: int, kind: Kind, order: InboxOrder
) -> tuple[ColumnElement[Any], ...]:
    """Return what a list is sorted by before the name; who has begun nothing waits for nobody."""
    since = Document.status_since
    if order is InboxOrder.STATE:
        rank = case({state.value: place for place, state in enumerate(ORDER)}, value=_state())
        return rank, since
    if order is InboxOrder.DUE:
        day = deadlines.binding_day(scope, Participation.unit_id, period_id, kind)
        return day.nulls_last(), since.nulls_last()
    return (since.nulls_last(),) if order is InboxOrder.WAITING else ()


def _matching(session: Session, chosen: Select) -> int:
    every = chosen.order_by(None).limit(None).offset(None)
    return session.scalar(every.with_only_columns(func.count())) or 0


def _in_order(found: dict[str, int]) -> dict[InboxState, int]:
    counts = {InboxState(state): count for state, count in found.items()}
    return {state: counts[state] for state in ORDER if state in counts}


def _state() -> ColumnElement[str]:
    return func.coalesce(type_coerce(Document.status, String), InboxState.MISSING.value)


def _line(row: Row[Any], unit: UnitName, due: Due | None) -> InboxLine:
    return InboxLine(
        unit=unit,
        state=InboxState(row.state),
        document_id=row.document_id,
        lock_version=row.lock_version,
        since=row.status_since,
        sent_number=row.sent_number,
        act=Act(row.act) if row.act else None,
        due=due.extended(row.extended_until) if due is not None else None,
    )


_SENT_UP = (
    select(Document.period_id, Document.kind, func.count())
    .join(Participation, OF_PARTICIPANT)
    .where(
        Participation.parent_id == bindparam("unit", type_=Integer),
        LIVE,
        Document.sent_number.is_not(None),
    )
    .group_by(Document.period_id, Document.kind)
)


def progress(session: Session, actor: Actor) -> list[tuple[InboxRound, int]]:
    """Count for each round below the units that have sent theirs up: "15 trên 17"."""
    rows = session.execute(_SENT_UP, {"unit": actor.unit_id})
    sent = {(period, kind): count for period, kind, count in rows}
    return [
        (round_, sent.get((round_.period.id, round_.kind), 0)) for round_ in rounds(session, actor)
    ]
