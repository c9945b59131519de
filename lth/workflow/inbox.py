"""List every unit taking part below, with its document or without one: the review desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lth.access.actor import Actor
from lth.access.scope import Scope, documents_seen
from lth.models import Document, Participation, Period, Programme, Revision, Unit
from lth.models.document import Status
from lth.models.kind import Kind, MadeBy
from lth.units import names
from lth.units.names import UnitName
from lth.units.on_day import takes_part
from lth.workflow import deadlines, owing
from lth.workflow.acts import Act
from lth.workflow.deadlines import Due, due_dates
from lth.workflow.documents import LIVE, OF_PARTICIPANT, SENDING, sent_revision
from lth.workflow.states import OWED
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
    sent_at: datetime | None
    days_late: int | None


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
        for kind in sorted(Kind.of(period.use), key=lambda kind: not kind.is_computed):
            makers = {
                MadeBy.ALL: units,
                MadeBy.LOWEST: units - with_units,
                MadeBy.PARENTS: with_units,
            }[kind.made_by]
            if makers:
                found.append(InboxRound(period, code, kind, makers))
    return found


_TAKING_PART = (
    select(
        Participation.period_id,
        func.count().label("units"),
        func.sum(
            case(
                (owing.has_units_below(Participation.unit_id, Participation.period_id), 1), else_=0
            )
        ).label("with_units"),
    )
    .where(Participation.parent_id == bindparam("unit", type_=Integer), takes_part())
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
    return (
        select(Participation.unit_id)
        .select_from(Participation)
        .outerjoin(Document, document)
        .where(
            Participation.parent_id == scope.unit_id,
            Participation.period_id == period_id,
            takes_part(),
            owing.owes(kind),
        )
    )


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
    *deadlines.OF_DOCUMENT,
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
        .with_only_columns(
            *_COLUMNS, *SENDING, _state().label("state"), next_act(found).label("act")
        )
        .join(Unit, Unit.id == Participation.unit_id)
        .outerjoin(Revision, sent_revision(scope))
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
        due=deadlines.of_document(due, row if row.document_id else None, bound=True),
        sent_at=row.sent_at,
        days_late=row.days_late,
    )


# --- How far the units below are ----------------------------------------------------------


class Progress(StrEnum):
    """How far a unit is with its document: each is counted in one of them, and in one only.

    What came back is no longer sent; what waits for the unit's own leader is not sent yet.
    """

    SENT = "sent"
    RETURNED = "returned"
    CLEARANCE = "clearance"
    DRAFT = "draft"
    MISSING = "missing"


PROGRESS = {status: Progress(status.value) for status in sorted(OWED)}
"""By the states in which a unit still owes its document; with any other it has sent it."""


@dataclass(frozen=True)
class ProgressCounts:
    """Units counted by how far they are; of those that have sent, how many did so late, and of
    those that have not, how many are past their day.
    """

    by_progress: dict[Progress, int]
    sent_late: int
    overdue: int

    @property
    def units(self) -> int:
        return sum(self.by_progress.values())

    @property
    def sent(self) -> int:
        return self.by_progress.get(Progress.SENT, 0)


def progress(session: Session, actor: Actor) -> list[tuple[InboxRound, ProgressCounts]]:
    """Count for each round below how far the units are; in two queries."""
    found = rounds(session, actor)
    if not found:
        return []
    counted = _progress(session, Scope.of(actor), Scope.of(actor), None)
    return [(round_, counted.get((round_.period.id, round_.kind), _NONE)) for round_ in found]


def progress_of(
    session: Session, scope: Scope, above: Unit, period_id: int, kinds: tuple[Kind, ...]
) -> dict[Kind, ProgressCounts]:
    """Count how far the units below `above` are with their documents of a period, by kind; in one
    query.
    """
    place = replace(scope, unit_id=above.id, path=above.path)
    counted = _progress(session, scope, place, period_id)
    return {kind: counted.get((period_id, kind), _NONE) for kind in kinds}


class FarAlong(Protocol):
    """A unit with what it has sent, as a list's row has it."""

    @property
    def state(self) -> InboxState: ...

    @property
    def days_late(self) -> int | None: ...

    @property
    def due(self) -> Due | None: ...

    @property
    def released_number(self) -> int | None: ...


def progress_among(units: Iterable[FarAlong], today: date) -> ProgressCounts:
    """Count the same of all units that a page has read; what was released and is written in again
    is an amendment, and sent.
    """
    behind = {InboxState.MISSING: Progress.MISSING} | {
        InboxState(status.value): progress for status, progress in PROGRESS.items()
    }
    by_progress, sent_late, overdue = dict.fromkeys(Progress, 0), 0, 0
    for unit in units:
        amends = unit.released_number is not None
        progress = Progress.SENT if amends else behind.get(unit.state, Progress.SENT)
        by_progress[progress] += 1
        if progress is Progress.SENT:
            sent_late += unit.days_late is not None
        else:
            overdue += unit.due is not None and unit.due.late(today)
    counted = {one: count for one, count in by_progress.items() if count}
    return ProgressCounts(counted, sent_late, overdue)


_NONE = ProgressCounts({}, 0, 0)


def _progress(
    session: Session, scope: Scope, place: Scope, period_id: int | None
) -> dict[tuple[int, Kind], ProgressCounts]:
    """Count the units below a place by period and kind, as far as a scope sees their documents."""
    groups: dict[tuple[int, Kind], list[Row[Any]]] = {}
    for row in session.execute(_progressing(scope, place, *Kind.all()), {"period": period_id}):
        groups.setdefault((row.period_id, Kind(row.kind)), []).append(row)
    return {round_: _counted(rows) for round_, rows in groups.items()}


def _counted(rows: Sequence[Row[Any]]) -> ProgressCounts:
    by_progress = dict.fromkeys(Progress, 0)
    for row in rows:
        by_progress[Progress(row.progress)] += row.units
    return ProgressCounts(
        {one: count for one, count in by_progress.items() if count},
        sent_late=sum(row.sent_late for row in rows),
        overdue=sum(row.overdue for row in rows),
    )


@lru_cache(maxsize=512)
def _progressing(scope: Scope, place: Scope, *kinds: Kind) -> Select[Any]:
    """Make the statement once; a part of it for each kind, since who owes none has no document that
    would say of which kind.
    """
    each = union_all(*(_each(scope, place, kind) for kind in kinds)).subquery().c
    keys = each.period_id, each.kind, each.progress
    return select(
        *keys,
        func.count().label("units"),
        func.sum(each.sent_late).label("sent_late"),
        func.sum(each.overdue).label("overdue"),
    ).group_by(*keys)


def _each(scope: Scope, place: Scope, kind: Kind) -> Select:
    """List the units that take part below a place, each with how far it is."""
    owed = or_(Document.id.is_(None), deadlines.OWES)
    day = deadlines.binding_day(place, Participation.unit_id, Participation.period_id, kind)
    document = and_(OF_PARTICIPANT, Document.kind == kind, LIVE, documents_seen(scope))
    of = case(
        (Document.id.is_(None), Progress.MISSING.value),
        *((and_(deadlines.OWES, Document.status == one), word.value) for one, word in _IN_ORDER),
        else_=Progress.SENT.value,
    )
    return (
        select(
            Participation.period_id.label("period_id"),
            literal(str(kind)).label("kind"),
            of.label("progress"),
            case((and_(not_(owed), Revision.days_late.is_not(None)), 1), else_=0).label(
                "sent_late"
            ),
            case((and_(owed, deadlines.past(day)), 1), else_=0).label("overdue"),
        )
        .select_from(Participation)
        .outerjoin(Document, document)
        .outerjoin(Revision, sent_revision(scope))
        .where(
            Participation.parent_id == place.unit_id,
            takes_part(),
            or_(_PERIOD.is_(None), Participation.period_id == _PERIOD),
            owing.owes(kind),
        )
    )


_PERIOD = bindparam("period", type_=Integer)
_IN_ORDER = tuple(PROGRESS.items())
