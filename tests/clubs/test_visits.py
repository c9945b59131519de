"""Visits to clubs: planned, made, what was found, and who says what became of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lth.access.scope import Purpose, Scope, system
from lth.clubs import visit_lists, visits
from lth.clubs.visit_lists import FindingsShown, VisitsShown
from lth.clubs.visits import FollowUp, VisitPlan
from lth.core import clock
from lth.core.errors import (
    BlockedError,
    NotFoundError,
    NotNowError,
    NotYoursError,
    RefusedError,
    StaleError,
)
from lth.models import Club, OutboxMessage, Person, VisitFinding
from lth.models.club import ClubState
from lth.models.visit import FindingStage, FindingStep, Mender
from lth.workflow import tasks

from .conftest import NOW, TODAY

NEXT_WEEK, LAST_WEEK = TODAY + timedelta(days=7), TODAY - timedelta(days=7)
TEXT = "Sổ quỹ tăng thu nhập chưa ghi từ tháng 6"


@pytest.fixture
def planned(session, acting, club_of):
    """A visit to a commune's club, planned by somebody."""

    def plan(who: str = "specialist@D", commune: str = "A"):
        with acting(who) as actor:
            wanted = VisitPlan([club_of(commune)], LAST_WEEK, "Phòng LĐ-TB&XH", "Sổ sách, quỹ")
            return visits.plan(session, actor, wanted, now=NOW)

    return plan


@pytest.fixture
def found(session, acting, planned, club_of):
    """A finding of a visit that was made."""

    def find(mender: Mender = Mender.CLUB, who: str = "specialist@D", due: date = NEXT_WEEK):
        visit = planned(who)
        with acting(who) as actor:
            notes = {club_of("A"): "Sinh hoạt đều"}
            visits.note_done(session, actor, visit.id, LAST_WEEK, notes, seen=1, now=NOW)
            said = {"text": TEXT, "mender": mender, "due_on": due, "now": NOW}
            return visits.find(session, actor, visit.id, club_of("A"), **said)

    return find


@pytest.fixture
def follow(session, acting):
    """Take a step with a finding as somebody who has just looked."""

    def step(who: str, found_: VisitFinding, taken: FindingStep, text: str = "Đã làm", **more):
        with acting(who) as actor:
            seen = visit_lists.finding(session, found_.id, Scope.of(actor)).version
            said = FollowUp(taken, text, **{"done_on": TODAY, **more})
            return visits.follow_up(session, actor, found_.id, said, seen=seen, now=NOW)

    return step


@pytest.fixture
def told(session, world):
    """Who was told of what, and whether it calls them."""

    def by_kind(kind: str) -> dict[str, bool]:
        with system(session, Purpose.DELIVER):
            statement = (
                select(Person.name, OutboxMessage.data)
                .join(Person, Person.id == OutboxMessage.person_id)
                .where(OutboxMessage.kind == kind)
                .order_by(OutboxMessage.id)
            )
            return {name: data["turn"] for name, data in session.execute(statement)}

    return by_kind


def test_a_plan_says_what_it_lacks(session, acting, club_of):
    with acting("specialist@D") as actor:
        with pytest.raises(BlockedError) as refused:
            visits.plan(session, actor, VisitPlan([], None, ""), now=NOW)
        assert [one.field for one in refused.value.messages] == ["clubs", "planned_on", "visitors"]
        both = [club_of("A"), club_of("B")]
        with pytest.raises(RefusedError, match="của một xã"):
            visits.plan(session, actor, VisitPlan(both, NEXT_WEEK, "Phòng"), now=NOW)


@pytest.mark.parametrize("who", ["specialist@E", "clerk@B", "specialist@D"])
def test_one_goes_to_clubs_below_and_to_no_others(session, acting, club_of, who):
    with acting(who) as actor:
        wanted = VisitPlan([club_of("A")], NEXT_WEEK, "Phòng")
        if who == "specialist@D":
            assert visits.plan(session, actor, wanted, now=NOW).id
        else:
            with pytest.raises(NotFoundError):
                visits.plan(session, actor, wanted, now=NOW)


@pytest.mark.parametrize("who", ["observer@D", "finance_appraiser@D", "unit_admin@D"])
def test_who_plans_none(session, acting, club_of, who):
    with acting(who) as actor, pytest.raises(NotYoursError):
        visits.plan(session, actor, VisitPlan([club_of("A")], NEXT_WEEK, "Phòng"), now=NOW)


def test_a_club_that_has_ended_is_not_visited(session, acting, club_of, world):
    with system(session, Purpose.LOAD):
        club = session.get_one(Club, club_of("A"))
        club.state, club.ended_on = ClubState.CLOSED, TODAY
        session.flush()
    with acting("specialist@D") as actor, pytest.raises(RefusedError, match="đang hoạt động"):
        visits.plan(session, actor, VisitPlan([club_of("A")], NEXT_WEEK, "Phòng"), now=NOW)


def test_a_plan_is_changed_until_it_is_made_or_called_off(session, acting, planned, club_of):
    visit = planned()
    wanted = VisitPlan([club_of("A")], NEXT_WEEK, "Hội NCT huyện", "Nề nếp sinh hoạt")
    with acting("leader@D") as actor:
        visits.change(session, actor, visit.id, wanted, seen=1)
        assert (visit.visitors, visit.planned_on, visit.version) == ("Hội NCT huyện", NEXT_WEEK, 2)
        with pytest.raises(StaleError):
            visits.change(session, actor, visit.id, wanted, seen=1)
        with pytest.raises(RefusedError):
            visits.call_off(session, actor, visit.id, " ", seen=2, now=NOW)
        visits.call_off(session, actor, visit.id, "Bão", seen=2, now=NOW)
        with pytest.raises(NotNowError, match="đã hủy"):
            visits.note_done(session, actor, visit.id, TODAY, {}, seen=3, now=NOW)
    with acting("specialist@P") as actor, pytest.raises(NotYoursError):
        visits.change(session, actor, visit.id, wanted, seen=3)


def test_it_is_made_today_at_the_latest(session, acting, planned):
    visit = planned()
    with acting("specialist@D") as actor:
        for day in (None, TODAY + timedelta(days=1)):
            with pytest.raises(RefusedError, match="Ghi ngày đã đi"):
                visits.note_done(session, actor, visit.id, day, {}, seen=1, now=NOW)
        with pytest.raises(NotNowError, match="Ghi ngày đã đi trước"):
            said = {"text": TEXT, "mender": Mender.CLUB, "due_on": NEXT_WEEK, "now": NOW}
            visits.find(session, actor, visit.id, 1, **said)


def test_the_commune_is_told_and_says_what_was_done(session, acting, found, follow, told):
    one = found()
    assert told("visit_found") == {"clerk@A": True, "leader@A": True}
    with pytest.raises(NotNowError):
        follow("specialist@D", one, FindingStep.MEND)
    follow("clerk@A", one, FindingStep.MEND, "Ghi bù đủ sổ quỹ")
    assert told("visit_followed") == {"specialist@D": True, "clerk@D": True}
    assert one.stage is FindingStage.MENDED
    with pytest.raises(NotYoursError):
        follow("observer@A", one, FindingStep.CLOSE)
    with pytest.raises(NotNowError):
        follow("clerk@A", one, FindingStep.MEND)
    again = {"due_on": NEXT_WEEK + timedelta(days=7)}
    follow("specialist@D", one, FindingStep.REOPEN, "Còn thiếu tháng 7", **again)
    assert (one.stage, one.due_on) == (FindingStage.OPEN, again["due_on"])
    follow("leader@A", one, FindingStep.MEND, "Đã ghi cả tháng 7")
    follow("leader@D", one, FindingStep.CLOSE, "Đã xem sổ")
    assert one.stage is FindingStage.CLOSED
    assert told("visit_followed")["clerk@A"] is False, "news: it is over"
    with acting("clerk@A"):
        steps = [(move.step, move.unit_name) for move in visit_lists.moves(session, one)]
    assert steps == [
        (FindingStep.MEND, "đơn vị A"),
        (FindingStep.REOPEN, "đơn vị D"),
        (FindingStep.MEND, "đơn vị A"),
        (FindingStep.CLOSE, "đơn vị D"),
    ]


def test_what_the_visiting_unit_has_to_mend_calls_nobody_else(found, follow, told):
    one = found(Mender.VISITOR)
    assert told("visit_found") == {"clerk@A": False, "leader@A": False}
    with pytest.raises(NotYoursError):
        follow("clerk@A", one, FindingStep.MEND)
    follow("specialist@D", one, FindingStep.MEND)
    follow("specialist@D", one, FindingStep.CLOSE)


def test_a_communes_own_visit_tells_nobody(found, follow, told):
    one = found(who="clerk@A")
    follow("clerk@A", one, FindingStep.MEND)
    follow("leader@A", one, FindingStep.CLOSE)
    assert told("visit_found") == told("visit_followed") == {}


def test_what_a_step_has_to_say(found, follow):
    one = found()
    with pytest.raises(RefusedError, match="Ghi đã làm gì"):
        follow("clerk@A", one, FindingStep.MEND, "  ")
    for day in (LAST_WEEK - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(RefusedError, match="từ ngày đi đến hôm nay"):
            follow("clerk@A", one, FindingStep.MEND, done_on=day)
    follow("clerk@A", one, FindingStep.MEND)
    for day in (None, TODAY - timedelta(days=1)):
        with pytest.raises(RefusedError, match="Ghi hạn mới"):
            follow("specialist@D", one, FindingStep.REOPEN, due_on=day)


def test_an_older_page_takes_no_step(session, acting, found, follow):
    one = found()
    follow("clerk@A", one, FindingStep.MEND)
    said = FollowUp(FindingStep.CLOSE, "Xong", TODAY)
    with acting("specialist@D") as actor, pytest.raises(StaleError):
        visits.follow_up(session, actor, one.id, said, seen=0, now=NOW)


def test_who_sees_a_club_sees_what_was_found_there(session, acting, found, club_of):
    one = found()
    for who in ("clerk@A", "observer@A", "specialist@D", "observer@D", "specialist@P"):
        with acting(who) as actor:
            scope = Scope.of(actor)
            assert visit_lists.finding(session, one.id, scope).text == TEXT
            told = visit_lists.of_club(session, scope, club_of("A"))
            assert [each.text for each in told[0].findings] == [TEXT], who
            assert told[0].note == "Sinh hoạt đều"
    for who in ("clerk@B", "clerk@C", "specialist@E"):
        with acting(who) as actor:
            scope = Scope.of(actor)
            with pytest.raises(NotFoundError):
                visit_lists.finding(session, one.id, scope)
            with pytest.raises(NotFoundError):
                visit_lists.get(session, one.visit_id, scope)
            assert visit_lists.of_club(session, scope, club_of("A")) == []


def test_a_unit_sees_its_own_visits_and_those_to_its_clubs(session, acting):
    """The world has one of A's own, one of D's to A, and one of P's to B."""
    for who, units in {
        "clerk@A": {"A", "D"},
        "clerk@B": {"P"},
        "specialist@D": {"A", "D", "P"},
        "specialist@P": {"A", "D", "P"},
        "specialist@E": set(),
    }.items():
        with acting(who) as actor:
            rows, total = visit_lists.listed(
                session, Scope.of(actor), VisitsShown.PLANNED, limit=10
            )
            assert {one.unit_name.split()[-1] for one in rows} == units, who
            assert total == len(units)


def test_lists_of_findings_and_what_is_late_on_the_desk(session, acting, found, follow):
    """The world's finding was due in May 2021, and is still to be mended."""
    one = found(due=TODAY)

    def listed(who: str, shown: FindingsShown, today: date = TODAY) -> int:
        with acting(who) as actor:
            return visit_lists.findings(session, Scope.of(actor), shown, today, limit=9)[1]

    tomorrow = TODAY + timedelta(days=1)
    assert [listed("clerk@A", FindingsShown.LATE, day) for day in (TODAY, tomorrow)] == [1, 2]
    assert listed("clerk@A", FindingsShown.OURS) == 2
    assert listed("specialist@D", FindingsShown.OURS) == 0
    follow("clerk@A", one, FindingStep.MEND)
    assert listed("clerk@A", FindingsShown.OURS) == listed("specialist@D", FindingsShown.OURS) == 1
    assert listed("clerk@A", FindingsShown.LATE, tomorrow) == 1
    follow("specialist@D", one, FindingStep.CLOSE)
    assert listed("clerk@A", FindingsShown.CLOSED) == 1
    with clock.frozen(NOW):
        for who, late in {"clerk@A": 1, "leader@D": 1, "specialist@P": 0, "clerk@B": 0}.items():
            with acting(who) as actor:
                counts = tasks.counts(session, [actor])[actor.assignment_id].by_task
                assert counts.get("findings", 0) == late, who
