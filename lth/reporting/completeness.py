"""Who has reported on a window, in time or late, and who has not: held to who was to.

Who was to is frozen when a window is opened (`Participation` of its period). A unit that comes to
take part later is added, one that left within the window without a word is not waited for, and one
that has reported counts whatever became of it: so nobody reports more than all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Purpose, Scope, Sight, system
from lth.access.scope import below as path_below
from lth.administration import calendar_days
from lth.core.errors import NotFoundError
from lth.core.workdays import Calendar
from lth.models import Document, Participation, Period, ReportWindow, Revision, Unit
from lth.models.kind import Kind
from lth.models.programme import PeriodUse
from lth.models.unit import Level
from lth.units.names import ALPHABETICAL, COLUMNS, UnitName
from lth.units.on_day import TODAY, takes_part
from lth.workflow import owing
from lth.workflow.deadlines import Due, due_dates, of_document
from lth.workflow.documents import LIVE


class Punctuality(StrEnum):
    """Where the report of a unit stands against its day; GONE: nobody waits for it any more."""

    OVERDUE = "overdue"
    LATE = "late"
    WAITING = "waiting"
    IN_TIME = "in_time"
    GONE = "gone"


@dataclass(frozen=True)
class ReportRecord:
    """One unit that takes part in a window, and what is on record of its report.

    `days_late` counts working days after the day then in force, 0 where none was between: of its
    first sending, or, where nothing was sent, until today. `corrections` counts the sendings after
    the first; `within` is the unit above.
    """

    unit: UnitName
    level: Level
    within: str
    punctuality: Punctuality
    document_id: int | None
    sent_at: datetime | None
    days_late: int | None
    corrections: int
    due_on: date | None
    joined_on: date | None
    left_on: date | None

    @property
    def expected(self) -> bool:
        return self.punctuality is not Punctuality.GONE


@dataclass(frozen=True)
class SentCounts:
    """Units of one level in a window: of `expected` ones so many have `sent` theirs, `late` of them
    after the day; `corrected` sent again.
    """

    level: Level
    expected: int
    sent: int
    late: int
    corrected: int

    @property
    def in_time(self) -> int:
        return self.sent - self.late

    @property
    def missing(self) -> int:
        return self.expected - self.sent

    def share(self, part: int) -> int | None:
        """Return a part of the expected in hundredths of a per cent; None of nobody."""
        return (2 * part * 10_000 + self.expected) // (2 * self.expected) if self.expected else None


@dataclass(frozen=True)
class WindowRecord:
    """A window's period with its counts by level, the lowest first."""

    period: Period
    counts: Sequence[SentCounts]


# --- The statement ------------------------------------------------------------------------

_SENT, _FIRST, _ABOVE = aliased(Revision), aliased(Revision), aliased(Unit)


def _standing(revision: Any) -> ColumnElement[bool]:
    """Say that a revision has gone up and was not taken back."""
    went = or_(revision.submitted_at.is_not(None), revision.issued_at.is_not(None))
    return and_(revision.document_id == Document.id, went, revision.withdrawn_at.is_(None))


_FIRST_NUMBER = select(func.min(_SENT.number)).where(_standing(_SENT)).scalar_subquery()
_TIMES = select(func.count()).select_from(_SENT).where(_standing(_SENT)).scalar_subquery()
_SENT_AT = func.coalesce(_FIRST.submitted_at, _FIRST.issued_at)
_EXPECTED = or_(
    _FIRST.id.is_not(None),
    and_(
        takes_part(until=Period.ends_on),
        or_(Unit.valid_to.is_(None), Unit.valid_to > Period.ends_on),
    ),
)
"""Over `_records`: that somebody waits, or waited, for a unit's report."""

_USES = (PeriodUse.REPORT, PeriodUse.REVIEW)


def _owed() -> ColumnElement[bool]:
    """Say that a document is of a kind that its unit makes in the period."""
    place = Participation.unit_id, Participation.period_id
    return or_(
        *(
            and_(Document.kind == kind, owing.made_there(kind, *place))
            for use in _USES
            for kind in Kind.of(use)
        )
    )


def _records(scope: Scope, *columns: Any) -> Select:
    """Join taking part → unit → report → its first sending, at and below the scope's unit."""
    document = and_(
        Document.unit_id == Participation.unit_id,
        Document.period_id == Participation.period_id,
        LIVE,
        _owed(),
    )
    return (
        select(*columns)
        .select_from(Participation)
        .join(Period, Period.id == Participation.period_id)
        .join(Unit, Unit.id == Participation.unit_id)
        .outerjoin(_ABOVE, _ABOVE.id == Participation.parent_id)
        .outerjoin(Document, document)
        .outerjoin(_FIRST, and_(_FIRST.document_id == Document.id, _FIRST.number == _FIRST_NUMBER))
        .where(
            Period.use.in_(_USES),
            or_(Unit.path == scope.path, path_below(Unit.path, scope.path)),
        )
    )


def _sees(scope: Scope) -> bool:
    return scope.sight not in {Sight.NONE, Sight.SYSTEM} and bool(scope.path)


def _of_windows(scope: Scope) -> ColumnElement[bool]:
    """Say that a period is one whose window a unit of the scope's road, or below, has opened."""
    road = [*scope.ancestor_ids, scope.unit_id]
    opened = select(ReportWindow.period_id).where(ReportWindow.unit_id.in_(road))
    return Period.id.in_(opened)


# --- All windows --------------------------------------------------------------------------


def windows(
    session: Session, scope: Scope, today: date, *, page: int = 1, size: int = 20
) -> tuple[list[WindowRecord], int]:
    """List the windows that bind the scope's unit, the latest first, with how many there are; in
    three queries. `today` is the day in Viet Nam.
    """
    if not _sees(scope):
        return [], 0
    listed = select(Period).where(_of_windows(scope))
    total = session.scalar(select(func.count()).select_from(listed.subquery())) or 0
    ordered = listed.order_by(Period.ends_on.desc(), Period.starts_on, Period.id)
    periods = list(session.scalars(ordered.limit(size).offset((max(1, page) - 1) * size)))
    counted = _counted(session, scope, [period.id for period in periods], today)
    return [WindowRecord(period, counted.get(period.id, ())) for period in periods], total


def _counted(
    session: Session, scope: Scope, period_ids: Sequence[int], today: date
) -> Mapping[int, Sequence[SentCounts]]:
    """Count what is on record by period and level: status, which everybody above may know."""

    def so_many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((and_(*conditions), 1), else_=0))

    sent = _FIRST.id.is_not(None)
    statement = (
        _records(
            scope,
            Period.id.label("period_id"),
            Unit.level,
            so_many(_EXPECTED).label("expected"),
            so_many(sent).label("sent"),
            so_many(sent, _FIRST.days_late.is_not(None)).label("late"),
            so_many(sent, _TIMES > 1).label("corrected"),
        )
        .where(Period.id.in_(period_ids))
        .group_by(Period.id, Unit.level)
    )
    found: dict[int, list[SentCounts]] = {}
    with system(session, Purpose.PUNCTUALITY):
        for row in session.execute(statement, {TODAY: today}):
            numbers = map(int, (row.expected, row.sent, row.late, row.corrected))
            found.setdefault(row.period_id, []).append(SentCounts(Level(row.level), *numbers))
    order = list(Level)
    return {
        id_: sorted((one for one in counts if one.expected), key=lambda one: order.index(one.level))
        for id_, counts in found.items()
    }


# --- One window ---------------------------------------------------------------------------


def records(
    session: Session, scope: Scope, period_id: int, today: date
) -> tuple[Period, list[ReportRecord]]:
    """List every unit at and below the scope's that takes part in a window, those that need a look
    first; four queries, five where they report by several kinds.

    What is on record of each is status, which everybody above may know. Raises NotFoundError for a
    period that no window of the scope's road is of. `today` is the day in Viet Nam.
    """
    found = select(Period).where(Period.id == period_id, _of_windows(scope))
    period = session.scalars(found).first() if _sees(scope) else None
    if period is None:
        raise NotFoundError
    statement = (
        _records(
            scope,
            *COLUMNS,
            Unit.level,
            _ABOVE.type.label("above_type"),
            _ABOVE.name.label("above_name"),
            Participation.joined_on,
            Participation.left_on,
            Document.id.label("document_id"),
            Document.status,
            Document.cleared_from,
            Document.in_force_number,
            Document.extended_until,
            _SENT_AT.label("sent_at"),
            _FIRST.days_late,
            _TIMES.label("times"),
            _EXPECTED.label("expected"),
            owing.has_units_below(Participation.unit_id, Participation.period_id).label(
                "has_units"
            ),
        )
        .where(Period.id == period_id)
        .order_by(*ALPHABETICAL)
    )
    with system(session, Purpose.PUNCTUALITY):
        rows = session.execute(statement, {TODAY: today}).all()
        due = _due(session, period, rows)
        calendar = calendar_days.of(session)
    listed = [_record(row, due.get(row.unit_id), today, calendar) for row in rows]
    place = {one: at for at, one in enumerate(Punctuality)}
    return period, sorted(listed, key=lambda one: place[one.punctuality])


def counts(listed: Iterable[ReportRecord]) -> list[SentCounts]:
    """Count records by level, the lowest first; those that nobody waits for are not counted."""
    by_level: dict[Level, list[ReportRecord]] = {}
    for one in listed:
        if one.expected:
            by_level.setdefault(one.level, []).append(one)
    return [
        SentCounts(
            level,
            expected=len(ones),
            sent=sum(one.sent_at is not None for one in ones),
            late=sum(one.punctuality is Punctuality.LATE for one in ones),
            corrected=sum(one.corrections > 0 for one in ones),
        )
        for level in Level
        if (ones := by_level.get(level))
    ]


def _due(session: Session, period: Period, rows: Sequence[Row[Any]]) -> dict[int, Due]:
    """Find by when each unit is to report, its extensions counted in."""
    by_kind: dict[Kind, list[UnitName]] = {}
    for row in rows:
        for kind in Kind.of(period.use):
            if owing.makes(kind, has_below=row.has_units):
                by_kind.setdefault(kind, []).append(UnitName.of(row))
    found: dict[int, Due] = {}
    for kind, units in by_kind.items():
        found |= due_dates(session, units, period.id, kind)
    return found


def _record(row: Row[Any], due: Due | None, today: date, calendar: Calendar) -> ReportRecord:
    counted = of_document(due, row if row.document_id else None, bound=bool(row.expected))
    overdue = counted.days_late(today, calendar) if counted and row.sent_at is None else None
    return ReportRecord(
        unit=UnitName.of(row),
        level=Level(row.level),
        within=f"{row.above_type} {row.above_name}" if row.above_name else "",
        punctuality=_punctuality(row, counted, today),
        document_id=row.document_id,
        sent_at=row.sent_at,
        days_late=row.days_late if row.sent_at is not None else overdue,
        corrections=max(0, int(row.times or 0) - 1),
        due_on=counted.on if counted else None,
        joined_on=row.joined_on,
        left_on=row.left_on,
    )


def _punctuality(row: Row[Any], due: Due | None, today: date) -> Punctuality:
    if row.sent_at is not None:
        return Punctuality.IN_TIME if row.days_late is None else Punctuality.LATE
    if not row.expected:
        return Punctuality.GONE
    return Punctuality.OVERDUE if due is not None and due.late(today) else Punctuality.WAITING
