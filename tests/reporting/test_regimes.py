"""Regimes laid down, changed and ended; their windows on real days; opened by hand and clock."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.flowworld import Flow

from lth.access.scope import Purpose, Scope, system
from lth.core import clock
from lth.core.errors import NotFoundError, NotNowError, NotYoursError, RefusedError, StaleError
from lth.core.workdays import Calendar
from lth.models import (
    AuditEntry,
    Deadline,
    Indicator,
    Participation,
    Period,
    Programme,
    ReportRegime,
    ReportValue,
    ReportWindow,
    Revision,
    Unit,
)
from lth.models.parts import Frequency
from lth.models.programme import Measure, PeriodUse, RollUp
from lth.models.report import Reported, WindowBasis
from lth.models.unit import Level
from lth.notifications import tick
from lth.programmes import changes
from lth.reporting import by_the_clock, regimes, schedule, windows
from lth.reporting.of_documents import of_documents
from lth.reporting.regimes import RegimeTerms
from lth.reporting.schedule import WindowState
from lth.reporting.windows import WindowSpan
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS, REVIEW

FIRST_HALF = WindowSpan(date(2020, 12, 15), date(2021, 6, 14))
KEEPER = "specialist@travinh"


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def flow(session: Session) -> Iterator[Flow]:
    yield Flow(session)
    session.rollback()


@pytest.fixture
def programme(flow: Flow) -> Programme:
    return flow.session.scalars(select(Programme).where(Programme.code == "1336")).one()


@pytest.fixture
def terms(programme: Programme) -> RegimeTerms:
    frequency = Frequency.HALF_YEAR
    return RegimeTerms(programme_id=programme.id, name="Báo cáo 6 tháng", frequency=frequency)


@pytest.fixture
def regime(flow: Flow, terms: RegimeTerms) -> ReportRegime:
    return regimes.add(flow.session, flow.acting(KEEPER), terms, now=flow.now)


@pytest.fixture
def plan(flow: Flow, programme: Programme) -> Period:
    statement = select(Period).where(Period.programme_id == programme.id, Period.code == "2021")
    return flow.session.scalars(statement).one()


@pytest.fixture
def opened(flow: Flow, regime: ReportRegime, plan: Period) -> ReportWindow:
    actor = flow.acting(KEEPER)
    return windows.open_window(flow.session, actor, regime, plan, FIRST_HALF, now=flow.now)


# --- On real days -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2021, (date(2021, 6, 16), date(2021, 6, 21), date(2021, 6, 24))),
        (2026, (date(2026, 6, 16), date(2026, 6, 19), date(2026, 6, 24))),
    ],
)
def test_the_deadlines_of_the_first_half_are_those_of_the_decree(terms, year, days):
    first, whole = schedule.planned(terms, year, Calendar())
    assert (first.code, whole.code) == (f"{year}-6T", f"{year}-N")
    assert tuple(first.due[level] for level in Level) == days


def test_a_holiday_after_the_cut_off_is_no_working_day(terms):
    quarterly = replace(terms, frequency=Frequency.QUARTERLY, basis=WindowBasis.CALENDAR)
    first, second = schedule.planned(quarterly, 2026, Calendar())[:2]
    assert first.due[Level.COMMUNE] == date(2026, 4, 2)
    assert second.due[Level.COMMUNE] == date(2026, 7, 2)
    local = Calendar({date(2026, 4, 1): False})
    assert schedule.planned(quarterly, 2026, local)[0].due[Level.COMMUNE] == date(2026, 4, 3)


# --- Laid down, changed, ended ------------------------------------------------------------


def test_a_regime_is_read_by_those_whom_it_binds_and_by_nobody_else(flow, regime):
    for who in ("clerk@tapson", "specialist@tracu", "observer@travinh", KEEPER):
        scope = Scope.of(flow.acting(who))
        assert [one.id for one in regimes.binding(flow.session, scope)] == [regime.id], who
        assert regimes.find(flow.session, scope, regime.id) is regime
    scope = Scope.of(flow.acting("specialist@vinhlong"))
    assert regimes.binding(flow.session, scope) == []
    with pytest.raises(NotFoundError):
        regimes.find(flow.session, scope, regime.id)


@pytest.mark.parametrize("who", ["clerk@tapson", "leader@tapson", "observer@tracu"])
def test_who_lays_down_no_regime(flow, terms, who):
    with pytest.raises(NotYoursError):
        regimes.add(flow.session, flow.acting(who), terms, now=flow.now)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("frequency", Frequency.AD_HOC),
        ("commune_days", 61),
        ("province_days", -1),
        ("opens_before", 367),
        ("indicators", ("no_such_thing",)),
        ("programme_id", 0),
    ],
)
def test_what_a_regime_cannot_say(flow, terms, field, value):
    with pytest.raises(RefusedError) as refused:
        wrong = replace(terms, **{field: value})
        regimes.add(flow.session, flow.acting(KEEPER), wrong, now=flow.now)
    assert refused.value.messages[0].field == field


def test_a_second_regime_of_one_rhythm_is_refused_until_the_first_has_ended(flow, regime, terms):
    actor = flow.acting(KEEPER)
    with pytest.raises(RefusedError):
        regimes.add(flow.session, actor, replace(terms, name="Khác"), now=flow.now)
    calendar = replace(terms, basis=WindowBasis.CALENDAR)
    regimes.add(flow.session, actor, calendar, now=flow.now)
    regimes.end(flow.session, actor, regime, seen=1, now=flow.now)
    assert regime.ended_on == clock.local(flow.now).date()
    regimes.add(flow.session, actor, terms, now=flow.now)


def test_a_change_is_told_and_an_older_page_changes_nothing(flow, regime, terms):
    actor, wanted = flow.acting(KEEPER), replace(terms, commune_days=3, opens_before=30)
    assert regimes.change(flow.session, actor, regime, wanted, seen=1, now=flow.now)
    assert (regime.commune_days, regime.version) == (3, 2)
    assert not regimes.change(flow.session, actor, regime, wanted, seen=2, now=flow.now)
    with pytest.raises(StaleError):
        regimes.change(flow.session, actor, regime, terms, seen=1, now=flow.now)
    flow.session.flush()
    with system(flow.session, Purpose.LOAD):
        entry = flow.session.scalars(
            select(AuditEntry).where(AuditEntry.what == "regimes.changed")
        ).one()
    assert entry.data["changes"] == {"commune_days": [2, 3], "opens_before": [None, 30]}


def test_a_regime_of_the_unit_above_is_not_ours_to_change(flow, regime, terms):
    actor = flow.acting("specialist@tracu")
    with pytest.raises(NotYoursError):
        regimes.change(flow.session, actor, regime, terms, seen=1, now=flow.now)
    with pytest.raises(NotYoursError):
        regimes.end(flow.session, actor, regime, seen=1, now=flow.now)


# --- Opening ------------------------------------------------------------------------------


def test_who_owes_what_by_when_once_a_window_is_open(flow, opened):
    found = {one.kind: (one.units, list(one.due_on)) for one in schedule.owed(flow.session, opened)}
    assert found == {
        REPORT: (3, [date(2021, 6, 16)]),
        REPORT_SYNTHESIS: (2, [date(2021, 6, 21)]),
    }
    assert opened.own_due_on == date(2021, 6, 24)


def test_a_district_asks_nobody_for_what_is_added_up(flow, terms, plan):
    actor = flow.acting("specialist@tracu")
    regime = regimes.add(flow.session, actor, terms, now=flow.now)
    window = windows.open_window(flow.session, actor, regime, plan, FIRST_HALF, now=flow.now)
    set_here = flow.session.scalars(
        select(Deadline.kind).where(Deadline.period_id == window.period_id)
    ).all()
    assert set_here == [REPORT]


def test_two_regimes_share_the_period_of_one_name_and_the_lists_are_put_together(
    flow, terms, plan, regime
):
    own = flow.acting("specialist@tracu")
    mine = regimes.add(flow.session, own, terms, now=flow.now)
    first = windows.open_window(flow.session, own, mine, plan, FIRST_HALF, now=flow.now)

    def members() -> int:
        rows = select(Participation).where(Participation.period_id == first.period_id)
        return len(flow.session.scalars(rows).all())

    assert members() == 3
    above = flow.acting(KEEPER)
    second = windows.open_window(flow.session, above, regime, plan, FIRST_HALF, now=flow.now)
    assert second.period_id == first.period_id
    assert members() == 6
    with pytest.raises(NotNowError):
        windows.open_window(flow.session, above, regime, plan, FIRST_HALF, now=flow.now)


def test_a_regime_that_has_ended_opens_nothing_more(flow, regime, plan):
    actor = flow.acting(KEEPER)
    regimes.end(flow.session, actor, regime, seen=1, now=flow.now)
    with pytest.raises(NotNowError):
        windows.open_window(flow.session, actor, regime, plan, FIRST_HALF, now=flow.now)


def test_a_review_is_owed_by_all_and_later_by_those_who_wait_for_others(flow, terms, plan):
    actor = flow.acting(KEEPER)
    phase = replace(terms, frequency=Frequency.PHASE)
    regime = regimes.add(flow.session, actor, phase, now=flow.now)
    window = windows.open_window(
        *(flow.session, actor, regime, plan, WindowSpan(date(2020, 12, 15), date(2021, 12, 14))),
        now=flow.now,
        use=PeriodUse.REVIEW,
        code="SK-2021-2021",
    )
    (owed,) = schedule.owed(flow.session, window)
    assert (owed.kind, owed.units) == (REVIEW, 5)
    assert list(owed.due_on) == [date(2021, 12, 16), date(2021, 12, 21)]


def test_the_plan_that_most_take_part_in_is_reported_on(flow, regime, programme, plan):
    unit = flow.session.get_one(Unit, flow.units["travinh"])
    today = clock.local(flow.now).date()
    found = schedule.plan_periods(flow.session, unit, programme.id, FIRST_HALF.last, today)
    assert found[0].units == max(one.units for one in found) == 5
    assert all(one.period.use is PeriodUse.PLAN for one in found)
    assert schedule.plan_periods(flow.session, unit, programme.id, date(2030, 1, 1), today) == []


# --- Where windows stand ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2020, 12, 14), WindowState.COMING),
        (date(2020, 12, 15), WindowState.RUNNING),
        (date(2021, 6, 14), WindowState.RUNNING),
        (date(2021, 6, 15), WindowState.DUE),
        (date(2021, 6, 24), WindowState.DUE),
        (date(2021, 6, 25), WindowState.CLOSED),
    ],
)
def test_where_a_window_stands(flow, opened, today, state):
    ((line,), total) = schedule.opened(flow.session, Scope.of(flow.acting(KEEPER)))
    assert (line.state(today), total) == (state, 1)


@pytest.mark.parametrize(
    ("who", "day"),
    [
        ("clerk@tapson", date(2021, 6, 16)),
        ("specialist@tracu", date(2021, 6, 21)),
        (KEEPER, date(2021, 6, 24)),
    ],
)
def test_each_unit_sees_its_own_day(flow, opened, who, day):
    ((line,), _) = schedule.opened(flow.session, Scope.of(flow.acting(who)))
    assert line.own_due_on == day
    assert line.last_due_on == date(2021, 6, 24)


# --- By the clock -------------------------------------------------------------------------


@pytest.fixture
def clockwork(flow, regime):
    """Run the chore at a moment, on this test's own transaction."""

    def run(now: datetime) -> int:
        flow.session.flush()
        due = list(by_the_clock._due(flow.session, clock.local(now).date()))
        return sum(by_the_clock._open(lambda: nullcontext(flow.session), one, now) for one in due)

    return run


@pytest.mark.parametrize(
    ("day", "days", "count"),
    [
        (date(2021, 5, 14), 30, 0),
        (date(2021, 5, 15), 30, 1),
        (date(2021, 6, 16), 30, 1),
        (date(2021, 6, 17), 30, 0),
        (date(2021, 6, 14), 0, 1),
        (date(2021, 6, 13), 0, 0),
        (date(2021, 6, 14), None, 0),
    ],
)
def test_a_window_opens_by_itself_some_days_before_its_cut_off(
    flow, regime, clockwork, monkeypatch, day, days, count
):
    monkeypatch.setattr(flow.session, "commit", flow.session.flush)
    regime.opens_before = days
    now = datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)
    assert clockwork(now) == count
    assert clockwork(now) == 0
    found = flow.session.scalars(select(ReportWindow)).all()
    assert [(one.person_id, one.person_name) for one in found] == [(None, "")] * count


def test_the_tick_opens_what_is_due():
    assert tick._CHORES["windows"] is by_the_clock.open_due


# --- Of the five documents ----------------------------------------------------------------


def test_the_documents_regimes_are_what_their_plans_say():
    """Each is a line of the document's own reporting part; the one that says nothing has none."""
    folder = files("lth") / "data" / "plans"
    for plan in ("tra-cu", "binh-son", "vinh-long", "tam-tien", "hong-ngu"):
        said = yaml.safe_load((folder / f"{plan}.yaml").read_text("utf-8")).get("reporting", [])
        rhythms = {(line["frequency"], line.get("content")) for line in said}
        for one in of_documents():
            if one.plan == plan and one.reporter != "Câu lạc bộ":
                assert (one.frequency.value, one.content) in rhythms, one
    assert {one.plan for one in of_documents()} == {"tra-cu", "binh-son", "vinh-long", "tam-tien"}


def test_a_documents_regime_can_be_laid_down(flow, programme):
    (yearly,) = [one for one in of_documents() if one.plan == "tra-cu"]
    actor, terms = flow.acting("specialist@tracu"), yearly.terms(programme.id)
    regime = regimes.add(flow.session, actor, terms, now=flow.now)
    assert regimes.terms_of(regime) == terms


# --- What stands on a programme -----------------------------------------------------------


def test_an_indicator_that_a_report_speaks_of_is_in_use(flow, programme):
    """So that a programme's file neither takes it away nor changes what it means."""
    with system(flow.session, Purpose.LOAD):
        used = changes._used(flow.session, programme)
        words = dict.fromkeys(("label_vi", "label_en", "unit_vi", "unit_en", "topic"), "x")
        rules = {"measure": Measure.COUNT, "roll_up": RollUp.SUM}
        free = Indicator(programme_id=programme.id, code="free", ordinal=99, **words, **rules)
        flow.session.add(free)
        flow.session.flush()
        revision = flow.session.scalars(
            select(Revision).where(Revision.frozen_at.is_(None))
        ).first()
        place = {"revision_id": revision.id, "indicator_id": free.id, "line_key": free.code}
        flow.session.add(ReportValue(**place, reported=Reported.NIL, version=1))
        flow.session.flush()
        assert changes._used(flow.session, programme) == used | {free.id}
