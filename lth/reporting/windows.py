"""Windows of a regime: which days one covers, and opening one for the units below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, system
from lth.administration import audit, calendar_days
from lth.core.errors import NotNowError, NotYoursError
from lth.core.i18n import N_, Message
from lth.core.workdays import Calendar
from lth.models import (
    Deadline,
    Participation,
    Period,
    Phase,
    Programme,
    ReportRegime,
    ReportWindow,
    Unit,
)
from lth.models.kind import Kind, MadeBy
from lth.models.parts import Frequency
from lth.models.programme import PeriodUse
from lth.models.report import WindowBasis
from lth.models.unit import Level
from lth.units.on_day import takes_part
from lth.workflow import owing, period_codes

CUT_OFF = 14
"""The last day of the data in a month (Nghị định 09/2019/NĐ-CP, Điều 12)."""

_LAST_MONTHS = {
    Frequency.MONTHLY: tuple(range(1, 13)),
    Frequency.QUARTERLY: (3, 6, 9, 12),
    Frequency.HALF_YEAR: (6, 12),
    Frequency.NINE_MONTHS: (9,),
    Frequency.YEARLY: (12,),
}
_MONTHS_BEFORE = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}


@dataclass(frozen=True, slots=True)
class WindowSpan:
    """The days of a window's data, both of them in it."""

    first: date
    last: date

    def months(self) -> Iterator[date]:
        """List the first days of the months whose books are in it: those whose 14th is."""
        month = self.first.replace(day=1)
        while month <= self.last:
            if self.first <= month.replace(day=CUT_OFF) <= self.last:
                yield month
            month = (month + timedelta(days=31)).replace(day=1)


def spans(frequency: Frequency, basis: WindowBasis, year: int) -> list[WindowSpan]:
    """List the windows of a year, the earliest first; none for a rhythm without windows.

    Half-yearly is the first six months and the whole year; from the start of the year, all but
    months and quarters.
    """
    found = []
    for month in _LAST_MONTHS.get(frequency, ()):
        months = _MONTHS_BEFORE.get(frequency, month)
        if basis is WindowBasis.DECREE:
            last = date(year, month, CUT_OFF)
            first = _months_earlier(last, months) + timedelta(days=1)
        else:
            first = date(year, month - months + 1, 1)
            last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        found.append(WindowSpan(first, last))
    return found


def _months_earlier(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 - months
    return day.replace(year=at // 12, month=at % 12 + 1)


def years_span(basis: WindowBasis, first: int, last: int) -> WindowSpan:
    """Return the days of the data of whole years, as a review has them."""
    if basis is WindowBasis.DECREE:
        return WindowSpan(date(first - 1, 12, CUT_OFF + 1), date(last, 12, CUT_OFF))
    return WindowSpan(date(first, 1, 1), date(last, 12, 31))


def days_of(regime: ReportRegime) -> dict[Level, int]:
    """Return how many working days after the cut-off each level has."""
    return {
        Level.COMMUNE: regime.commune_days,
        Level.DISTRICT: regime.district_days,
        Level.PROVINCE: regime.province_days,
    }


def open_window(
    session: Session,
    actor: Actor,
    regime: ReportRegime,
    plan_period: Period,
    span: WindowSpan,
    *,
    now: datetime,
    use: PeriodUse = PeriodUse.REPORT,
    code: str = "",
) -> ReportWindow:
    """Open a window of a regime: from now on the units below owe their reports in it.

    Who takes part is taken over from the plan's period and frozen: it is the denominator. A
    deadline is set for each level; it is a row that the regime's unit may move. `code` is made of
    the rhythm unless it is given, as of a review. The caller commits.

    Raises:
        NotYoursError: for anybody who does not write in the regime's unit.
        NotNowError: where the regime has ended or the window is open already.
    """
    scope = Scope.of(actor)
    if actor.unit_id != regime.unit_id or not scope.writes:
        raise NotYoursError(Message(N_("Chỉ đơn vị đặt chế độ báo cáo mới mở được kỳ báo cáo.")))
    opening = _Opening(session, regime, plan_period, span, now, use, code)
    return opening.do(actor)


def open_by_the_clock(
    session: Session, regime: ReportRegime, plan_period: Period, span: WindowSpan, *, now: datetime
) -> ReportWindow:
    """Open a window of a regime for nobody, as `open_window` does; the caller commits.

    Raises NotNowError where the regime has ended or the window is open already.
    """
    return _Opening(session, regime, plan_period, span, now).do(None)


@dataclass(frozen=True, slots=True)
class _Opening:
    session: Session
    regime: ReportRegime
    plan_period: Period
    span: WindowSpan
    now: datetime
    use: PeriodUse = PeriodUse.REPORT
    code: str = ""

    def do(self, actor: Actor | None) -> ReportWindow:
        """Make the window, once nobody else is opening one of the programme."""
        session, regime, span = self.session, self.regime, self.span
        code = self.code or period_codes.of_window(regime.frequency, span.last)
        with system(session, Purpose.WINDOW):
            one_at_a_time = select(Programme.id).where(Programme.id == regime.programme_id)
            session.execute(one_at_a_time.with_for_update())
            session.refresh(regime, ["ended_on", "version"])
            if regime.ended_on is not None and regime.ended_on <= span.last:
                raise NotNowError(Message(N_("Chế độ báo cáo này đã kết thúc.")))
            unit = session.get_one(Unit, regime.unit_id)
            period = _period(session, regime, span, self.use, code)
            there = (ReportWindow.regime_id == regime.id) & (ReportWindow.period_id == period.id)
            if session.scalar(select(ReportWindow.id).where(there)) is not None:
                raise NotNowError(Message(N_("Kỳ báo cáo này đã được mở.")))
            _take_over_participants(session, unit, self.plan_period, period, self.now)
            calendar = calendar_days.of(session)
            _set_deadlines(session, regime, unit, period, calendar)
            window = ReportWindow(
                regime_id=regime.id,
                unit_id=regime.unit_id,
                period_id=period.id,
                plan_period_id=self.plan_period.id,
                own_due_on=calendar.shift(span.last, days_of(regime)[unit.level]),
                opened_at=self.now,
                person_id=actor.person_id if actor else None,
                person_name=actor.person_name if actor else "",
            )
            session.add(window)
            audit.record(
                *(session, regime.unit_id, "reports.opened", actor and actor.person_id),
                f"{regime.name}|{period.code}",
                now=self.now,
                actor=actor,
            )
            session.flush()
        return window


def _period(
    session: Session, regime: ReportRegime, span: WindowSpan, use: PeriodUse, code: str
) -> Period:
    """Find the period of a window, which two regimes may share, or make it."""
    statement = select(Period).where(
        Period.programme_id == regime.programme_id, Period.code.startswith(code)
    )
    alike = {one.code: one for one in session.scalars(statement)}
    for letter in ("", *"bcdefghijklmnopqrstuvwxyz"):
        there = alike.get(code + letter)
        if there is None:
            code += letter
            break
        if (there.use, there.starts_on, there.ends_on) == (use, span.first, span.last):
            return there
    days = {"starts_on": span.first, "ends_on": span.last}
    period = Period(programme_id=regime.programme_id, code=code, use=use, **days)
    session.add(period)
    session.flush()
    session.add(Phase(period_id=period.id, ordinal=1, code=code, **days))
    return period


def _take_over_participants(
    session: Session, unit: Unit, plan_period: Period, period: Period, now: datetime
) -> None:
    """Copy who takes part in the plan, at and below a unit, where it is not there already."""
    statement = (
        select(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .where(
            Participation.period_id == plan_period.id,
            Unit.path.startswith(unit.path, autoescape=True),
            takes_part(),
        )
    )
    there = set(
        session.scalars(select(Participation.unit_id).where(Participation.period_id == period.id))
    )
    session.add_all(
        Participation(
            period_id=period.id,
            unit_id=row.unit_id,
            parent_id=row.parent_id,
            frozen_at=now,
            older_population=row.older_population,
        )
        for row in session.scalars(statement).all()
        if row.unit_id not in there
    )


def _set_deadlines(
    session: Session, regime: ReportRegime, unit: Unit, period: Period, calendar: Calendar
) -> None:
    """Set by when each kind of report that somebody below owes is due, unless the unit has said so
    already.

    What is added up comes from the level between the communes and the regime's unit. Where all
    make one, as of a review, those between have their own day, later than that of the communes.
    """
    session.flush()
    days = days_of(regime)
    there = set(
        session.execute(
            select(Deadline.kind, Deadline.unit_id).where(
                Deadline.setter_id == unit.id, Deadline.period_id == period.id
            )
        )
    )
    for kind in Kind.of(period.use):
        between = _between(session, unit, period, kind) if kind.made_by is MadeBy.ALL else []
        level = Level.DISTRICT if kind.made_by is MadeBy.PARENTS else Level.COMMUNE
        wanted = [(None, level)] if _somebody_owes(session, unit, period, kind) else []
        for unit_id, of_level in [*wanted, *((one, Level.DISTRICT) for one in between)]:
            if (kind, unit_id) in there:
                continue
            due = calendar.shift(period.ends_on, days[of_level])
            place = {"setter_id": unit.id, "unit_id": unit_id, "period_id": period.id}
            session.add(Deadline(**place, kind=kind, due_on=due, latest_on=due))


def _somebody_owes(session: Session, unit: Unit, period: Period, kind: Kind) -> bool:
    """Tell whether a unit below owes a kind of document in a period."""
    statement = (
        select(Participation.unit_id)
        .join(Unit, Unit.id == Participation.unit_id)
        .where(
            Participation.period_id == period.id,
            Unit.path.startswith(unit.path, autoescape=True),
            Unit.id != unit.id,
            owing.owes(kind),
        )
    )
    return session.scalar(statement.limit(1)) is not None


def _between(session: Session, unit: Unit, period: Period, kind: Kind) -> Sequence[int]:
    """List the units directly below that have units below them in turn."""
    statement = select(Participation.unit_id).where(
        Participation.period_id == period.id,
        Participation.parent_id == unit.id,
        owing.of_use(kind, Participation.period_id),
        owing.has_units_below(Participation.unit_id, Participation.period_id),
    )
    return session.scalars(statement).all()
