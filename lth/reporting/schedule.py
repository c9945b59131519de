"""The windows of a regime on real days: those of a year, those that are open, who owes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Purpose, Scope, Sight, below, system
from lth.core.workdays import Calendar
from lth.models import Deadline, Participation, Period, ReportRegime, ReportWindow, Unit
from lth.models.kind import Kind
from lth.models.programme import PeriodUse
from lth.models.unit import Level
from lth.reporting.regimes import RegimeTerms
from lth.reporting.windows import WindowSpan, spans
from lth.units.on_day import TODAY, takes_part
from lth.workflow import deadlines, owing, period_codes


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """A window as a regime lays it down: the days of its data and by when each level reports.

    `window` is set once it is open.
    """

    code: str
    span: WindowSpan
    due: Mapping[Level, date]
    window: ReportWindow | None = None


def due_dates(terms: RegimeTerms, span: WindowSpan, calendar: Calendar) -> dict[Level, date]:
    """Return by when each level reports on some days."""
    return {level: calendar.shift(span.last, days) for level, days in terms.days.items()}


def planned(
    terms: RegimeTerms,
    year: int,
    calendar: Calendar,
    opened: Mapping[WindowSpan, ReportWindow] | None = None,
) -> list[PlannedWindow]:
    """List the windows of a year; none of a regime whose windows are told at each opening."""
    return [
        PlannedWindow(
            period_codes.of_window(terms.frequency, span.last),
            span,
            due_dates(terms, span, calendar),
            (opened or {}).get(span),
        )
        for span in spans(terms.frequency, terms.basis, year)
    ]


class WindowState(StrEnum):
    """Where a window stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    DUE = "due"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window that is open, as a unit sees it: by when it reports itself, and the last day of
    anybody.
    """

    window: ReportWindow
    own_due_on: date | None
    last_due_on: date

    def state(self, today: date) -> WindowState:
        """Tell whether its days have begun, run, are over and reports are due, or all is past."""
        period = self.window.period
        if today < period.starts_on:
            return WindowState.COMING
        if today <= period.ends_on:
            return WindowState.RUNNING
        return WindowState.DUE if today <= self.last_due_on else WindowState.CLOSED


def of_regime(session: Session, regime: ReportRegime) -> dict[WindowSpan, ReportWindow]:
    """Return the windows of a regime that are open, by their days; the caller may read it."""
    statement = (
        select(ReportWindow)
        .where(ReportWindow.regime_id == regime.id)
        .options(joinedload(ReportWindow.period))
        .order_by(ReportWindow.id)
    )
    rows = session.scalars(statement)
    return {WindowSpan(one.period.starts_on, one.period.ends_on): one for one in rows}


def opened(
    session: Session, scope: Scope, *, number: int = 1, size: int = 50
) -> tuple[list[OpenWindow], int]:
    """List a page of the windows of a unit's own regimes and of those above it, the newest first;
    and how many there are.
    """
    if scope.sight is Sight.NONE:
        return [], 0
    mine = ReportWindow.unit_id.in_([scope.unit_id, *scope.ancestor_ids])
    total = session.scalar(select(func.count()).select_from(ReportWindow).where(mine)) or 0
    statement = (
        select(ReportWindow)
        .join(Period, Period.id == ReportWindow.period_id)
        .where(mine)
        .options(
            joinedload(ReportWindow.period).joinedload(Period.programme),
            joinedload(ReportWindow.regime).joinedload(ReportRegime.unit),
        )
        .order_by(Period.ends_on.desc(), ReportWindow.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    found = session.scalars(statement).all()
    days = _own_days(
        session, scope, {one.period_id for one in found if one.unit_id != scope.unit_id}
    )
    return [_seen(one, scope, days) for one in found], total


def _seen(window: ReportWindow, scope: Scope, days: Mapping[int, date]) -> OpenWindow:
    own = window.own_due_on if window.unit_id == scope.unit_id else days.get(window.period_id)
    last = max(one for one in (own, window.own_due_on) if one is not None)
    return OpenWindow(window, own, last)


def _own_days(session: Session, scope: Scope, period_ids: Iterable[int]) -> dict[int, date]:
    """Return by when a unit reports in some periods: by the first day where it owes two."""
    ids = list(period_ids)
    if not ids:
        return {}
    with_units = owing.has_units_below(scope.unit_id, Participation.period_id)
    statement = (
        select(Participation.period_id, Period.use, with_units)
        .join(Period, Period.id == Participation.period_id)
        .where(
            Participation.unit_id == scope.unit_id, Participation.period_id.in_(ids), takes_part()
        )
    )
    wanted = {
        (period_id, kind)
        for period_id, use, has_below in session.execute(statement)
        for kind in Kind.of(use)
        if owing.makes(kind, has_below=has_below)
    }
    found: dict[int, date] = {}
    unit = session.get_one(Unit, scope.unit_id)
    for (period_id, kind), due in deadlines.own_due_dates(session, unit).items():
        if (period_id, kind) in wanted:
            found[period_id] = min(due.on, found.get(period_id, due.on))
    return found


# --- Opening ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A period of plans that a window can report on, and how many units below take part in it."""

    period: Period
    units: int


def plan_periods(
    session: Session, unit: Unit, programme_id: int, last: date, today: date
) -> list[PlanChoice]:
    """List the periods of plans that a day is in and that units below a unit take part in: that of
    most units first, of as many the shortest (the year's plan before that of ten).
    """
    statement = (
        select(Period, func.count())
        .join(Participation, Participation.period_id == Period.id)
        .join(Unit, Unit.id == Participation.unit_id)
        .where(
            Period.programme_id == programme_id,
            Period.use == PeriodUse.PLAN,
            Period.starts_on <= last,
            Period.ends_on >= last,
            below(Unit.path, unit.path),
            takes_part(),
        )
        .group_by(Period.id)
    )
    with system(session, Purpose.WINDOW):
        found = [PlanChoice(*row) for row in session.execute(statement, {TODAY: today})]
    return sorted(found, key=_by_fitness)


def _by_fitness(choice: PlanChoice) -> tuple[int, int, int]:
    period = choice.period
    return -choice.units, (period.ends_on - period.starts_on).days, period.id


@dataclass(frozen=True, slots=True)
class OwedReports:
    """How many units owe a kind of report in a window, and the days by which they do."""

    kind: Kind
    units: int
    due_on: Sequence[date]


def owed(session: Session, window: ReportWindow) -> list[OwedReports]:
    """Count who owes what in a window of a unit's own."""
    period = session.get_one(Period, window.period_id)
    unit = session.get_one(Unit, window.unit_id)
    found = []
    for kind in Kind.of(period.use):
        statement = (
            select(func.count())
            .select_from(Participation)
            .join(Unit, Unit.id == Participation.unit_id)
            .where(
                Participation.period_id == period.id,
                below(Unit.path, unit.path),
                takes_part(),
                owing.owes(kind),
            )
        )
        if units := session.scalar(statement):
            found.append(OwedReports(kind, units, _days(session, window, kind)))
    return found


def _days(session: Session, window: ReportWindow, kind: Kind) -> list[date]:
    statement = (
        select(Deadline.due_on)
        .where(
            Deadline.setter_id == window.unit_id,
            Deadline.period_id == window.period_id,
            Deadline.kind == kind,
        )
        .distinct()
        .order_by(Deadline.due_on)
    )
    return list(session.scalars(statement))
