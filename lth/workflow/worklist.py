"""List every document whose next act is the actor's, across periods and kinds, of their own unit
and of those below.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, documents_seen
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Document, Event, Period, Programme, Revision, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.units import names
from lth.units.names import UnitName
from lth.units.on_day import TODAY
from lth.workflow import deadlines
from lth.workflow.acts import Act
from lth.workflow.deadlines import Due, due_dates_of
from lth.workflow.documents import SENDING, sent_revision
from lth.workflow.waiting import Turns, any_of, next_act, turns

PAGE = 50

PeriodKind = tuple[int, Kind]
"""A period's id and a kind: what units send up in one round."""


class WorkListOrder(StrEnum):
    """An order of the list."""

    WAITING = "waiting"
    DUE = "due"
    UNIT = "unit"
    DOCUMENT = "document"


@dataclass(frozen=True)
class WorkListChoice:
    """A choice of what to show, and in which order."""

    act: Act | None = None
    document: PeriodKind | None = None
    late: bool = False
    text: str = ""
    order: WorkListOrder = WorkListOrder.WAITING

    @property
    def narrows(self) -> bool:
        return self != WorkListChoice(order=self.order)


@dataclass(frozen=True)
class WorkListItem:
    """A document that waits, for which act, since when, and for how many working days."""

    document_id: int
    lock_version: int
    unit: UnitName
    period: Period
    programme_code: str
    kind: Kind
    status: Status
    sent_number: int | None
    act: Act
    asked_until: date | None
    since: datetime
    waited: int
    due: Due | None
    sent_at: datetime | None
    days_late: int | None


@dataclass(frozen=True)
class Counts:
    """Documents counted under the other filters, for each choice of one."""

    acts: dict[Act, int]
    documents: dict[PeriodKind, int]
    late: int
    any_act: int
    matching: int


@dataclass(frozen=True)
class WorkList:
    """One page of the list; `periods` are those that documents wait in, with programme codes."""

    items: list[WorkListItem]
    counts: Counts
    periods: dict[int, tuple[Period, str]]


def listing(
    session: Session,
    actor: Actor,
    choice: WorkListChoice,
    *,
    today: date,
    calendar: Calendar,
    number: int = 1,
) -> WorkList:
    """List one page of what waits on the actor; `today` is the day in Viet Nam."""
    scope, found = Scope.of(actor), turns(session, actor)
    day = {TODAY: today}
    grouped = session.execute(_grouping(scope, found, choice.text), day)
    groups = [
        _Group(Act(act), (period, kind), late, number)
        for act, period, kind, late, number in grouped
        if act
    ]
    counts = _counts(groups, choice)
    here = day | {"limit": PAGE, "offset": (number - 1) * PAGE}
    rows = session.execute(_chosen(scope, found, choice), here).all() if counts.matching else []
    units = [UnitName.of(row) for row in rows]
    placed = list(zip(units, rows, strict=True))
    due = due_dates_of(session, placed) if rows else {}
    shown = {row.period_id for row in rows}
    periods = _periods(session, shown.union(group.document[0] for group in groups))
    items = [_item(row, unit, periods, due, _waited(row, calendar, today)) for unit, row in placed]
    return WorkList(items, counts, periods)


def _waited(row: Row[Any], calendar: Calendar, today: date) -> int:
    """Count the working days since a document came to wait."""
    return calendar.between(clock.local(row.since).date(), today)


# --- How many -----------------------------------------------------------------------------


class _Group(NamedTuple):
    """Documents that the filters cannot tell apart, counted."""

    act: Act
    document: PeriodKind
    late: bool
    number: int


@lru_cache(maxsize=512)
def _grouping(scope: Scope, found: Turns, text: str) -> Select[tuple[str, int, Kind, bool, int]]:
    """Select all that waits on an actor, narrowed by name alone; with a null act what does not.

    Whether an act is theirs is asked once of each document that could wait on their unit at all.
    Statements are kept: to make one takes longer than to run it.
    """
    late = func.coalesce(deadlines.late(scope), false())
    each = select(
        next_act(found).label("act"), Document.period_id, Document.kind, late.label("late")
    )
    near = or_(Document.unit_id == scope.unit_id, Document.next_unit_id == scope.unit_id)
    each = each.where(documents_seen(scope), near)
    if text.strip():
        each = each.join(Unit, Unit.id == Document.unit_id).where(names.like(text))
    keys = each.subquery().c
    return select(*keys, func.count()).group_by(*keys)


def _counts(groups: Iterable[_Group], choice: WorkListChoice) -> Counts:
    acts: dict[Act, int] = {}
    documents: dict[PeriodKind, int] = {}
    late = matching = 0
    for group in groups:
        of_act = choice.act in {None, group.act}
        of_document = choice.document in {None, group.document}
        late_enough = group.late or not choice.late
        if of_document and late_enough:
            acts[group.act] = acts.get(group.act, 0) + group.number
        if of_act and late_enough:
            documents[group.document] = documents.get(group.document, 0) + group.number
        if of_act and of_document:
            late += group.number * group.late
            matching += group.number * late_enough
    in_order = {act: acts[act] for act in Act if act in acts}
    return Counts(in_order, documents, late, sum(acts.values()), matching)


# --- The rows -----------------------------------------------------------------------------


_COLUMNS = (
    Document.id,
    Document.lock_version,
    Document.period_id,
    Document.kind,
    Document.sent_number,
    Document.asked_until,
    *deadlines.OF_DOCUMENT,
    *names.COLUMNS,
)


@lru_cache(maxsize=512)
def _chosen(scope: Scope, found: Turns, choice: WorkListChoice) -> Select:
    since = _since(found)
    statement = (
        select(
            *_COLUMNS,
            *SENDING,
            deadlines.bound().label("bound"),
            next_act(found).label("act"),
            since.label("since"),
        )
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(Revision, sent_revision(scope))
        .where(documents_seen(scope), any_of(found))
    )
    if choice.order is WorkListOrder.DOCUMENT:
        statement = statement.join(Period, Period.id == Document.period_id)
    for condition in _narrowed(scope, found, choice):
        statement = statement.where(condition)
    ordered = statement.order_by(*_ordered(scope, choice.order), since, Document.id)
    return ordered.limit(bindparam("limit", type_=Integer)).offset(
        bindparam("offset", type_=Integer)
    )


def _since(found: Turns) -> ColumnElement[datetime]:
    """Find since when a document waits: in its state, or for an answer since its unit asked."""
    answers = dict(found).get(Act.GRANT_EXTENSION)
    if answers is None:
        return Document.status_since
    asked = (
        select(func.max(Event.at))
        .where(Event.document_id == Document.id, Event.action == Act.ASK_EXTENSION.value)
        .correlate(Document)
        .scalar_subquery()
    )
    return type_coerce(
        case((answers, func.coalesce(asked, Document.status_since)), else_=Document.status_since),
        Document.status_since.type,
    )


def _narrowed(scope: Scope, found: Turns, choice: WorkListChoice) -> Iterator[ColumnElement[bool]]:
    if choice.act is not None:
        yield next_act(found) == choice.act.value
    if choice.document is not None:
        period_id, kind = choice.document
        yield and_(Document.period_id == period_id, Document.kind == kind)
    if choice.late:
        yield deadlines.late(scope)
    if choice.text.strip():
        yield names.like(choice.text)


def _ordered(scope: Scope, order: WorkListOrder) -> tuple[ColumnElement, ...]:
    """Return what comes before the longest waiting."""
    return {
        WorkListOrder.WAITING: (),
        WorkListOrder.DUE: (deadlines.binding_day(scope).nulls_last(),),
        WorkListOrder.UNIT: names.ALPHABETICAL,
        WorkListOrder.DOCUMENT: (Period.starts_on.desc(), Period.id, Document.kind),
    }[order]


def _periods(session: Session, ids: set[int]) -> dict[int, tuple[Period, str]]:
    """List the periods of some documents with their programmes' codes, the newest first."""
    if not ids:
        return {}
    statement = (
        select(Period, Programme.code)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Period.id.in_(ids))
        .order_by(Period.starts_on.desc(), Period.id)
    )
    return {period.id: (period, code) for period, code in session.execute(statement)}


def _item(
    row: Row[Any],
    unit: UnitName,
    periods: dict[int, tuple[Period, str]],
    due: dict[int, Due],
    waited: int,
) -> WorkListItem:
    period, code = periods[row.period_id]
    return WorkListItem(
        document_id=row.id,
        lock_version=row.lock_version,
        unit=unit,
        period=period,
        programme_code=code,
        kind=row.kind,
        status=row.status,
        sent_number=row.sent_number,
        act=Act(row.act),
        asked_until=row.asked_until if row.act == Act.GRANT_EXTENSION else None,
        since=row.since,
        waited=waited,
        due=due.get(row.id),
        sent_at=row.sent_at,
        days_late=row.days_late,
    )


# --- Documents by id ----------------------------------------------------------------------


@dataclass(frozen=True)
class Mention:
    """A document as a sentence names it."""

    document_id: int
    kind: Kind
    unit: Unit
    period: Period


def mentions(session: Session, scope: Scope, ids: Collection[int]) -> dict[int, Mention]:
    """Return those of some documents that the scope sees, by id."""
    statement = (
        select(Document.id, Document.kind, Unit, Period)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(documents_seen(scope), Document.id.in_(ids))
    )
    found = session.execute(statement) if ids else ()
    return {row[0]: Mention(*row) for row in found}


def waiting_for(session: Session, actor: Actor, act: Act, ids: Collection[int]) -> set[int]:
    """Return those of some documents on which a forward act is the actor's to take now."""
    theirs = dict(turns(session, actor)).get(act)
    if theirs is None or not ids:
        return set()
    seen = documents_seen(Scope.of(actor))
    return set(session.scalars(select(Document.id).where(seen, Document.id.in_(ids), theirs)))
