"""Which results there are to look at: a programme's period of plans, and the windows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, Sight, below
from lth.core.errors import NotFoundError
from lth.models import Participation, Period, Programme, ReportRegime, ReportWindow, Unit
from lth.models.programme import PeriodUse
from lth.reporting.windows import WindowSpan
from lth.units.on_day import takes_part

WHOLE = 10_000
"""All of it, in hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class ResultWindow:
    """A window of a regime, by the period in which its reports are written."""

    period_id: int
    code: str
    first: date
    last: date
    regime_id: int
    regime_name: str
    indicators: tuple[str, ...]

    @property
    def span(self) -> WindowSpan:
        """Return the days of its data."""
        return WindowSpan(self.first, self.last)


@dataclass(frozen=True, slots=True)
class ResultPeriod:
    """A period of plans that a unit, or one below it, takes part in; its windows, newest first."""

    id: int
    code: str
    programme_id: int
    programme_code: str
    first: date
    last: date
    windows: tuple[ResultWindow, ...]

    def begun(self, today: date) -> list[ResultWindow]:
        """List the windows whose data have begun, the newest first."""
        return [window for window in self.windows if window.first <= today]


@dataclass(frozen=True, slots=True)
class ResultChoice:
    """The results that are looked at: of a period, up to a window's end or, of none, to today."""

    period: ResultPeriod
    window: ResultWindow | None
    today: date

    @property
    def until(self) -> date:
        """Return the last day that is counted."""
        if self.window is not None:
            return self.window.last
        return min(max(self.today, self.period.first), self.period.last)

    @property
    def span(self) -> WindowSpan:
        """Return the days whose books tell how much there is, and what happened in the window."""
        if self.window is not None:
            return self.window.span
        return WindowSpan(self.period.first, self.until)

    @property
    def series(self) -> list[ResultWindow]:
        """List the windows of the same regime up to the one that is looked at, the oldest first."""
        here = self.window
        if here is None:
            return []
        alike = [one for one in self.period.windows if one.regime_id == here.regime_id]
        return [one for one in reversed(alike) if one.last <= here.last]

    @property
    def so_far(self) -> WindowSpan:
        """Return the days since the first window of the same regime began; of none, the plan."""
        begun = [window.first for window in self.series]
        return WindowSpan(min([self.period.first, *begun]), self.until)

    @property
    def elapsed(self) -> int:
        """Return how much of the period is over on the last day, in hundredths of a per cent."""
        days = (self.period.last - self.period.first).days + 1
        over = (min(self.until, self.period.last) - self.period.first).days + 1
        return max(0, over) * WHOLE // days


def unit_seen(session: Session, scope: Scope, unit_id: int) -> Unit:
    """Read the scope's own unit or one below it. Raises NotFoundError for any other."""
    at_or_below = or_(Unit.path == scope.path, below(Unit.path, scope.path))
    unit = session.scalars(select(Unit).where(Unit.id == unit_id, at_or_below)).first()
    if unit is None or scope.sight is Sight.NONE:
        raise NotFoundError
    return unit


_MINE = aliased(Participation)


def periods(session: Session, scope: Scope, unit_path: str) -> list[ResultPeriod]:
    """List the periods of plans of a unit and their windows, the newest first; one query.

    Windows are those of the regimes of the unit and of those above it.
    """
    ids = [int(part) for part in unit_path.rstrip(".").split(".") if part]
    reported = aliased(Period)
    mine = exists().where(
        _MINE.period_id == Period.id,
        or_(_MINE.unit_id == ids[-1], _MINE.parent_id == ids[-1]),
        takes_part(_MINE),
    )
    window = and_(ReportWindow.plan_period_id == Period.id, ReportWindow.unit_id.in_(ids))
    statement = (
        select(
            *(Period.id, Period.code, Period.programme_id, Programme.code.label("programme_code")),
            *(Period.starts_on, Period.ends_on, reported.id.label("window_id")),
            *(reported.code.label("window_code"), reported.starts_on.label("first")),
            *(reported.ends_on.label("last"), ReportRegime.id.label("regime_id")),
            *(ReportRegime.name.label("regime_name"), ReportRegime.indicators),
        )
        .join(Programme, Programme.id == Period.programme_id)
        .outerjoin(ReportWindow, window)
        .outerjoin(
            reported, and_(reported.id == ReportWindow.period_id, reported.use == PeriodUse.REPORT)
        )
        .outerjoin(ReportRegime, ReportRegime.id == ReportWindow.regime_id)
        .where(Period.use == PeriodUse.PLAN, mine)
        .order_by(
            Period.starts_on.desc(), Period.id, reported.ends_on.desc(), reported.starts_on.desc()
        )
    )
    found: dict[int, list] = {}
    for row in session.execute(statement):
        found.setdefault(row.id, []).append(row)
    return [_period(rows) for rows in found.values()]


def _period(rows: Sequence) -> ResultPeriod:
    first = rows[0]
    windows = (
        ResultWindow(
            period_id=row.window_id,
            code=row.window_code,
            first=row.first,
            last=row.last,
            regime_id=row.regime_id,
            regime_name=row.regime_name,
            indicators=tuple(row.indicators),
        )
        for row in rows
        if row.window_id is not None
    )
    return ResultPeriod(
        id=first.id,
        code=first.code,
        programme_id=first.programme_id,
        programme_code=first.programme_code,
        first=first.starts_on,
        last=first.ends_on,
        windows=tuple(windows),
    )


def choose(
    listed: Sequence[ResultPeriod],
    today: date,
    *,
    period_id: int | None = None,
    window_id: int | None = None,
) -> ResultChoice | None:
    """Choose what is asked for; else the newest period of which there is a window, and in it the
    newest window whose data are complete, or have begun. None where there is no period at all.

    `window_id` is the id of the period of its reports; 0 asks for no window: up to today. One of
    another period than the one that is asked for is passed over: whoever changes the one in a form
    sends the other with it. Raises NotFoundError for a period or a window that there is not.
    """
    if not listed and not period_id and not window_id:
        return None
    having = _having(listed, window_id) if window_id else None
    if window_id and having is None:
        raise NotFoundError
    if period_id is None:
        chosen = having or next((one for one in listed if one.begun(today)), listed[0])
    else:
        chosen = next((one for one in listed if one.id == period_id), None)
    if chosen is None:
        raise NotFoundError
    if window_id == 0:
        return ResultChoice(chosen, None, today)
    window = next((one for one in chosen.windows if one.period_id == window_id), None)
    return ResultChoice(chosen, window or _newest(chosen, today), today)


def _having(listed: Sequence[ResultPeriod], window_id: int) -> ResultPeriod | None:
    return next(
        (one for one in listed if any(each.period_id == window_id for each in one.windows)), None
    )


def _newest(period: ResultPeriod, today: date) -> ResultWindow | None:
    begun = period.begun(today)
    over = [window for window in begun if window.last < today]
    return next(iter(over or begun), None)
