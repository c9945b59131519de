"""Open the windows of regimes that say so, some days before their cut-off: a chore of the tick."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import calendar_days
from lth.core import clock, database
from lth.core.config import Settings
from lth.core.errors import NotNowError
from lth.models import Period, Programme, ReportRegime, Unit
from lth.notifications.tick import Sessions, chore
from lth.reporting import schedule, windows
from lth.reporting.regimes import terms_of
from lth.reporting.windows import WindowSpan

DueToOpen = tuple[int, int, WindowSpan]
"""The ids of a regime and of the plans' period that it reports on, and the days of a window."""


@chore("windows")
def open_due(_settings: Settings, sessions: Sessions, now: datetime) -> int:
    """Open what is due by now, each in a transaction of its own; returns how many were opened.

    A window whose first reports were due before anybody asked is left to people: nothing is ever
    opened late by itself.
    """
    today = clock.local(now).date()
    with sessions() as session, database.reading(), database.unit_of_work(session):
        found = list(_due(session, today))
    return sum(_open(sessions, one, now) for one in found)


def _due(session: Session, today: date) -> Iterator[DueToOpen]:
    """Find the windows that open by now; none in which nobody would take part."""
    with system(session, Purpose.WINDOW):
        statement = (
            select(ReportRegime)
            .join(Programme, Programme.id == ReportRegime.programme_id)
            .where(
                ReportRegime.opens_before.is_not(None),
                ReportRegime.ended_on.is_(None),
                Programme.ends_on >= today - timedelta(days=31),
            )
            .order_by(ReportRegime.id)
        )
        regimes = session.scalars(statement).all()
        calendar = calendar_days.of(session) if regimes else None
        for regime in regimes:
            there = schedule.of_regime(session, regime)
            for year in (today.year - 1, today.year, today.year + 1):
                for one in schedule.planned(terms_of(regime), year, calendar, there):
                    opens = one.span.last - timedelta(days=regime.opens_before or 0)
                    if one.window is None and opens <= today <= min(one.due.values()):
                        yield from _with_plan(session, regime, one.span, today)


def _with_plan(
    session: Session, regime: ReportRegime, span: WindowSpan, today: date
) -> Iterator[DueToOpen]:
    unit = session.get_one(Unit, regime.unit_id)
    plans = schedule.plan_periods(session, unit, regime.programme_id, span.last, today)
    if plans:
        yield regime.id, plans[0].period.id, span


def _open(sessions: Sessions, due: DueToOpen, now: datetime) -> bool:
    """Open one; tells whether it was, which it is not where somebody was first."""
    regime_id, plan_id, span = due
    with (
        sessions() as session,
        database.unit_of_work(session),
        system(session, Purpose.WINDOW),
    ):
        regime, plan = session.get_one(ReportRegime, regime_id), session.get_one(Period, plan_id)
        try:
            windows.open_by_the_clock(session, regime, plan, span, now=now)
        except NotNowError:
            return False
    return True
