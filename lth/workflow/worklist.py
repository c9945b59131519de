"""The work list: every document whose next act is the actor's, across periods and kinds, of their
own unit and of those below.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, documents_seen
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Document, Event, Period, Programme, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.units import names
from lth.workflow import due_order
from lth.workflow.acts import Act
from lth.workflow.deadlines import Due, amends, due_dates_of
from lth.workflow.waiting import Turns, any_of, next_act, turns

PAGE = 50

PeriodKind = tuple[int, Kind]
"""A period's id and a kind: what units send up in one round."""


class Order(StrEnum):
    """How the list can be sorted."""

    WAITING = "waiting"
    DUE = "due"
    UNIT = "unit"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Choice:
    """What to show of the list, and in which order."""

    act: Act | None = None
    document: PeriodKind | None = None
    late: bool = False
    text: str = ""
    order: Order = Order.WAITING

    @property
    def narrows(self) -> bool:
        return self != Choice(order=self.order)


@dataclass(frozen=True)
class Item:
    """A document that waits, for which act, since when, and for how many working days."""

    document_id: int
    lock_version: int
    unit: Unit
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


@dataclass(frozen=True)
class Counts:
    """How many documents there are under the other filters, for each choice of one."""

    acts: dict[Act, int]
    documents: dict[PeriodKind, int]
    late: int
    any_act: int
    matching: int


@dataclass(frozen=True)
class WorkList:
    """One page of the list; `periods` are those that documents wait in, with programme codes."""

    items: list[Item]
    counts: Counts
    periods: dict[int, tuple[Period, str]]


def listing(
    session: Session,
    actor: Actor,
    choice: Choice,
    *,
    today: date,
    calendar: Calendar,
    number: int = 1,
) -> WorkList:
    """One page of what waits on the actor; `today` is the day in Viet Nam."""
    scope, found = Scope.of(actor), turns(session, actor)
    day = {due_order.TODAY: today}
    groups = [_group(row) for row in session.execute(_grouping(scope, found, choice.text), day)]
    counts = _counts(groups, choice)
    page = _chosen(scope, found, choice).limit(PAGE).offset((number - 1) * PAGE)
    rows = session.execute(page, day).all() if counts.matching else []
    due = due_dates_of(session, [(row.Unit, row.Document) for row in rows]) if rows else {}
    shown = {row.Document.period_id for row in rows}
    periods = _periods(session, shown.union(one.document[0] for one in groups))
    waited = _waited(calendar, {_day(row.since) for row in rows}, today)
    items = [_item(row, periods, due, waited[_day(row.since)]) for row in rows]
    return WorkList(items, counts, periods)


def _day(moment: datetime) -> date:
    return clock.local(moment).date()


# --- How many -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """How many documents the filters cannot tell apart."""

    act: Act
    document: PeriodKind
    late: bool
    count: int


def _group(row: Row[tuple[str, int, Kind, bool, int]]) -> _Group:
    act, period_id, kind, late, count = row
    return _Group(Act(act), (period_id, kind), bool(late), count)


@lru_cache(maxsize=512)
def _grouping(scope: Scope, found: Turns, text: str) -> Select[tuple[str, int, Kind, bool, int]]:
    """Everything that waits on an actor, narrowed by name alone.

    Statements are kept: to make one takes longer than to run it.
    """
    late = func.coalesce(due_order.late(scope), false())
    each = select(
        next_act(found).label("act"), Document.period_id, Document.kind, late.label("late")
    )
    keys = _waiting(each, scope, found, text).subquery().c
    return select(*keys, func.count()).group_by(*keys)


def _waiting(statement: Select, scope: Scope, found: Turns, text: str) -> Select:
    mine = statement.where(documents_seen(scope), any_of(found))
    if not text.strip():
        return mine
    return mine.join(Unit, Unit.id == Document.unit_id).where(names.like(text))


def _counts(groups: Iterable[_Group], choice: Choice) -> Counts:
    acts: dict[Act, int] = {}
    documents: dict[PeriodKind, int] = {}
    late = matching = 0
    for one in groups:
        of_act = choice.act in {None, one.act}
        of_document = choice.document in {None, one.document}
        late_enough = one.late or not choice.late
        if of_document and late_enough:
            acts[one.act] = acts.get(one.act, 0) + one.count
        if of_act and late_enough:
            documents[one.document] = documents.get(one.document, 0) + one.count
        if of_act and of_document:
            late += one.count * one.late
            matching += one.count * late_enough
    in_order = {act: acts[act] for act in Act if act in acts}
    return Counts(in_order, documents, late, sum(acts.values()), matching)


# --- The rows -----------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _chosen(scope: Scope, found: Turns, choice: Choice) -> Select:
    since = _since(found)
    statement = (
        select(Document, Unit, next_act(found), since.label("since"))
        .join(Unit, Unit.id == Document.unit_id)
        .where(documents_seen(scope), any_of(found))
    )
    if choice.order is Order.DOCUMENT:
        statement = statement.join(Period, Period.id == Document.period_id)
    for condition in _narrowed(scope, found, choice):
        statement = statement.where(condition)
    return statement.order_by(*_ordered(scope, choice.order), since, Document.id)


def _since(found: Turns) -> ColumnElement[datetime]:
    """Since when a document waits: in its state, or for an answer since its unit asked."""
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


def _narrowed(scope: Scope, found: Turns, choice: Choice) -> Iterator[ColumnElement[bool]]:
    if choice.act is not None:
        yield dict(found).get(choice.act, false())
    if choice.document is not None:
        period_id, kind = choice.document
        yield and_(Document.period_id == period_id, Document.kind == kind)
    if choice.late:
        yield due_order.late(scope)
    if choice.text.strip():
        yield names.like(choice.text)


def _ordered(scope: Scope, order: Order) -> tuple[ColumnElement, ...]:
    """What comes before the longest waiting."""
    return {
        Order.WAITING: (),
        Order.DUE: (due_order.shown_day(scope).nulls_last(),),
        Order.UNIT: names.ALPHABETICAL,
        Order.DOCUMENT: (Period.starts_on.desc(), Period.id, Document.kind),
    }[order]


def _periods(session: Session, ids: set[int]) -> dict[int, tuple[Period, str]]:
    """The periods of some documents with their programmes' codes, the newest first."""
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
    row: Row[tuple[Document, Unit, str, datetime]],
    periods: dict[int, tuple[Period, str]],
    due: dict[int, Due],
    waited: int,
) -> Item:
    document, unit, act, since = row
    period, code = periods[document.period_id]
    return Item(
        document_id=document.id,
        lock_version=document.lock_version,
        unit=unit,
        period=period,
        programme_code=code,
        kind=document.kind,
        status=document.status,
        sent_number=document.sent_number,
        act=Act(act),
        asked_until=document.asked_until if act == Act.GRANT_EXTENSION else None,
        since=since,
        waited=waited,
        due=None if amends(document) else due.get(document.id),
    )


def _waited(calendar: Calendar, days: set[date], today: date) -> dict[date, int]:
    """How many working days have passed since each day, each stretch counted once."""
    latest_first = sorted(days | {today}, reverse=True)
    found, passed = {latest_first[0]: 0}, 0
    for later, earlier in pairwise(latest_first):
        passed += calendar.between(earlier, later)
        found[earlier] = passed
    return found


# --- Documents by id ----------------------------------------------------------------------


@dataclass(frozen=True)
class Mention:
    """A document as a sentence names it."""

    document_id: int
    kind: Kind
    unit: Unit
    period: Period


def mentions(session: Session, scope: Scope, ids: Collection[int]) -> dict[int, Mention]:
    """Those of some documents that the scope sees, by id."""
    statement = (
        select(Document.id, Document.kind, Unit, Period)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .where(documents_seen(scope), Document.id.in_(ids))
    )
    found = session.execute(statement) if ids else ()
    return {row[0]: Mention(*row) for row in found}
