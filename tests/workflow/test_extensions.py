"""More time: asked for, granted, refused; and the hour at which nothing is taken any more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from support.flowworld import ACKNOWLEDGED, SIGNED, Flow

from lth.access.scope import Purpose, Scope, system
from lth.core import clock
from lth.core.errors import BlockedError, NotNowError, NotYoursError, StaleError
from lth.models import Document, Unit
from lth.models.document import ExtensionAnswer, Status
from lth.workflow import deadlines, documents, waiting
from lth.workflow.acts import Act
from lth.workflow.deadlines import FINISHING, Due
from lth.workflow.kinds import PLAN

DUE, LAST, LATER = date(2021, 6, 10), date(2021, 6, 30), date(2021, 7, 15)
WHY = {"reason": "Cán bộ lập kế hoạch nghỉ thai sản"}
ASKED = WHY | {"until": LATER}


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment on a Vietnamese wall clock."""
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=clock.TIMEZONE)
    return local.astimezone(UTC)


def stands(flow: Flow, document_id: int) -> tuple:
    """What the plan knows of its extension."""
    columns = (Document.asked_until, Document.asked_answer, Document.extended_until)
    with system(flow.session, Purpose.RECONCILE):
        return tuple(flow.session.execute(select(*columns).where(Document.id == document_id)).one())


# --- Asking and answering -----------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED, Status.CLEARANCE])
def test_a_unit_asks_and_the_level_above_grants(flow, status, clerk, specialist):
    document_id = flow.document("tapson", status)
    flow.set_due(document_id, DUE)
    asked = flow.do(clerk, document_id, Act.ASK_EXTENSION, **ASKED)
    assert stands(flow, document_id) == (LATER, None, None)
    assert flow.told(asked) == {"specialist@tracu", "leader@tracu", "leader@tapson"}

    granted = flow.do(specialist, document_id, Act.GRANT_EXTENSION)
    assert stands(flow, document_id) == (LATER, ExtensionAnswer.GRANTED, LATER)
    assert flow.told(granted) == {"clerk@tapson", "leader@tapson"}
    assert flow.status(document_id) is status
    for event, until in ((asked, LATER), (granted, LATER)):
        with system(flow.session, Purpose.RECONCILE):
            flow.session.refresh(event)
        assert (event.data["until"], event.private) == (until.isoformat(), False)


def test_nobody_grants_what_they_asked_for_themselves(flow, draft, approver):
    """Somebody drafts at the commune and receives at the district."""
    flow.appoint("hai vai", "clerk@tapson", "specialist@tracu")
    flow.set_due(draft, DUE)
    flow.do("hai vai as clerk@tapson", draft, Act.ASK_EXTENSION, **ASKED)
    with pytest.raises(BlockedError, match="cần người khác trả lời"):
        flow.do("hai vai as specialist@tracu", draft, Act.GRANT_EXTENSION)
    flow.session.rollback()
    flow.do(approver, draft, Act.GRANT_EXTENSION)
    assert stands(flow, draft)[1] is ExtensionAnswer.GRANTED


def test_who_grants_may_name_another_day(flow, draft, clerk, approver):
    flow.set_due(draft, DUE)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    flow.do(approver, draft, Act.GRANT_EXTENSION, until=date(2021, 6, 20))
    assert stands(flow, draft) == (LATER, ExtensionAnswer.GRANTED, date(2021, 6, 20))


def test_a_refusal_has_its_reason_and_leaves_the_day(flow, draft, clerk, approver):
    flow.set_due(draft, DUE)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    with pytest.raises(BlockedError, match="lý do"):
        flow.do(approver, draft, Act.REFUSE_EXTENSION)
    refused = flow.do(approver, draft, Act.REFUSE_EXTENSION, reason="Các xã khác đã nộp")
    assert stands(flow, draft) == (LATER, ExtensionAnswer.REFUSED, None)
    assert flow.told(refused) == {"clerk@tapson", "leader@tapson"}
    with pytest.raises(NotNowError):
        flow.do(approver, draft, Act.GRANT_EXTENSION)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **WHY, until=date(2021, 6, 20))
    assert stands(flow, draft) == (date(2021, 6, 20), None, None)


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (None, "ngày gia hạn"),
        (DUE, "phải sau hạn hiện nay"),
        (DUE - timedelta(days=1), "phải sau hạn hiện nay"),
    ],
)
def test_more_time_ends_later_than_what_there_is(flow, draft, clerk, until, says):
    flow.set_due(draft, DUE)
    with pytest.raises(BlockedError, match=says):
        flow.do(clerk, draft, Act.ASK_EXTENSION, **WHY, until=until)
    assert stands(flow, draft) == (None, None, None)


def test_more_time_does_not_end_in_the_past(flow, draft, clerk):
    flow.set_due(draft, date(2021, 4, 1))
    with pytest.raises(BlockedError, match="quá khứ"):
        flow.do(clerk, draft, Act.ASK_EXTENSION, **WHY, until=date(2021, 5, 6))
    flow.do(clerk, draft, Act.ASK_EXTENSION, **WHY, until=date(2021, 5, 7))


def test_of_what_came_back_the_last_day_for_corrections_is_extended(flow, returned, clerk):
    flow.set_due(returned, DUE, last_correction_on=LAST)
    with pytest.raises(BlockedError, match="2021-06-30"):
        flow.do(clerk, returned, Act.ASK_EXTENSION, **WHY, until=date(2021, 6, 20))
    flow.do(clerk, returned, Act.ASK_EXTENSION, **ASKED)


def test_nothing_is_asked_where_nothing_is_due(flow, draft, clerk):
    with pytest.raises(NotNowError):
        flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)


@pytest.mark.parametrize("who", ["specialist@tapson", "specialist@travinh", "leader@travinh"])
def test_only_the_unit_asks_and_only_the_next_step_answers(flow, draft, clerk, who):
    flow.set_due(draft, DUE)
    with pytest.raises(NotYoursError):
        flow.do(who, draft, Act.ASK_EXTENSION, **ASKED)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    with pytest.raises(NotYoursError):
        flow.do(who, draft, Act.GRANT_EXTENSION)
    assert stands(flow, draft) == (LATER, None, None)


def test_of_two_who_answer_at_once_one_is_told(flow, draft, clerk, specialist, approver):
    flow.set_due(draft, DUE)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    seen = flow.state(draft).lock_version
    flow.do(specialist, draft, Act.GRANT_EXTENSION, seen=seen)
    with pytest.raises(StaleError):
        flow.do(approver, draft, Act.REFUSE_EXTENSION, reason="Không", seen=seen)
    assert stands(flow, draft)[1] is ExtensionAnswer.GRANTED


def test_a_request_waits_on_the_desks_above(flow, draft, clerk, specialist):
    flow.set_due(draft, DUE)

    def waits(who: str) -> bool:
        actor = flow.acting(who)
        here = waiting.turn(flow.session, actor) & (Document.id == draft)
        return documents.count(flow.session, Scope.of(actor), here) == 1

    assert not waits(specialist)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    assert waits(specialist)
    assert waits("leader@tracu")
    assert not waits("finance_appraiser@tracu")
    flow.do(specialist, draft, Act.GRANT_EXTENSION)
    assert not waits(specialist)


def test_the_trail_keeps_all_of_it_on_both_sides(flow, draft, clerk, approver):
    flow.set_due(draft, DUE)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    flow.do(approver, draft, Act.REFUSE_EXTENSION, reason="Chưa đủ lý do")
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    flow.do(approver, draft, Act.GRANT_EXTENSION)
    for who in (clerk, approver):
        found = documents.timeline(flow.session, draft, Scope.of(flow.acting(who)))
        acts = [one.action for one in found if "extension" in one.action]
        assert acts == ["ask_extension", "refuse_extension", "ask_extension", "grant_extension"]


# --- What it does to the days -------------------------------------------------------------


def test_an_extension_moves_every_day_forward_and_none_back():
    due = Due(on=DUE, latest=date(2021, 6, 15), last_correction_on=LAST, setter_id=1)
    assert due.extended(None) is due
    short = due.extended(date(2021, 6, 12))
    assert (short.on, short.latest, short.last_correction_on) == (
        date(2021, 6, 12),
        date(2021, 6, 15),
        LAST,
    )
    assert short.extended_from == DUE
    long = due.extended(LATER)
    assert (long.on, long.latest, long.last_correction_on) == (LATER, LATER, LATER)
    assert due.extended(date(2021, 6, 1)).extended_from is None


def test_only_the_unit_that_was_granted_more_time_has_it(flow, draft, clerk, specialist):
    flow.set_due(draft, DUE, last_correction_on=LAST)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    flow.do(specialist, draft, Act.GRANT_EXTENSION)
    with system(flow.session, Purpose.RECONCILE):
        document = flow.session.get_one(Document, draft)
        assert deadlines.schedule(flow.session, document).due.on == LATER
        other = flow.session.get_one(Unit, flow.units["ngaixuyen"])
        found = deadlines.due_dates(flow.session, [other], document.period_id, PLAN)
    assert found[other.id].on == DUE


# --- The hour at which it shuts -----------------------------------------------------------


CLOSING = [
    pytest.param(at(LAST, 23, 59, 59), True, id="the last second of the last day"),
    pytest.param(at(LAST + timedelta(days=1), 0), True, id="midnight: what is under way goes on"),
    pytest.param(at(LAST + timedelta(days=1), 0, 14, 59), True, id="the last second to finish"),
    pytest.param(at(LAST + timedelta(days=1), 0, 15), False, id="a quarter past midnight"),
    pytest.param(datetime(2021, 6, 30, 17, 14, tzinfo=UTC), True, id="as UTC writes the former"),
    pytest.param(datetime(2021, 6, 30, 17, 15, tzinfo=UTC), False, id="and the latter"),
]


@pytest.mark.parametrize(("now", "taken"), CLOSING)
def test_a_day_ends_at_midnight_in_viet_nam_and_a_quarter_of_an_hour_is_left_to_finish(
    flow, clearance, leader, now, taken
):
    flow.set_due(clearance, DUE, last_correction_on=LAST)
    flow.now = now - timedelta(minutes=1)  # an act takes place a minute later
    if taken:
        flow.do(leader, clearance, Act.SUBMIT)
        assert flow.status(clearance) is Status.SUBMITTED
        return
    with pytest.raises(BlockedError, match=r"24:00 ngày 2021-06-30.*gia hạn"):
        flow.do(leader, clearance, Act.SUBMIT)
    assert flow.status(clearance) is Status.CLEARANCE


def test_what_is_shut_and_what_is_finishing_never_overlap():
    due = Due(on=DUE, latest=DUE, last_correction_on=LAST, setter_id=1)
    end = due.shuts_at
    assert end == at(LAST + timedelta(days=1), 0)
    for seconds in range(-3600, 3600, 30):
        now = end + timedelta(seconds=seconds)
        assert due.finishing(now) == (end <= now < end + FINISHING)
        assert due.shut(now) == (now >= end + FINISHING)
        assert not (due.shut(now) and due.finishing(now))


@pytest.mark.parametrize(
    ("last", "first_refused"),
    [
        (date(2021, 2, 10), datetime(2021, 2, 10, 17, 15, tzinfo=UTC)),  # the eve of Tết
        (date(2021, 2, 28), datetime(2021, 2, 28, 17, 15, tzinfo=UTC)),  # February's end
        (date(2020, 2, 29), datetime(2020, 2, 29, 17, 15, tzinfo=UTC)),
        (date(2021, 12, 31), datetime(2021, 12, 31, 17, 15, tzinfo=UTC)),  # the year's
    ],
)
def test_month_ends_tet_and_the_new_year_shut_like_any_day(last, first_refused):
    due = Due(on=last, latest=last, last_correction_on=last, setter_id=1)
    assert not due.shut(first_refused - timedelta(seconds=1))
    assert due.shut(first_refused)


def after_the_end(flow: Flow) -> None:
    flow.now = at(LAST + timedelta(days=2), 8)


def test_what_comes_back_after_the_last_day_is_not_held_to_it(
    flow, review, clerk, leader, specialist
):
    flow.set_due(review, DUE, last_correction_on=LAST)
    after_the_end(flow)
    flow.do(specialist, review, Act.RETURN, reason="Sửa lại mục II")
    flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, review, Act.SUBMIT)
    assert flow.status(review) is Status.SUBMITTED


def test_what_came_back_before_the_last_day_is(flow, review, clerk, specialist):
    flow.set_due(review, DUE, last_correction_on=LAST)
    flow.now = at(LAST, 23, 50)
    flow.do(specialist, review, Act.RETURN, reason="Sửa lại mục II")
    after_the_end(flow)
    with pytest.raises(BlockedError, match="gia hạn"):
        flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)


def test_a_units_own_leader_cannot_open_the_door_by_declining(flow, returned, clerk, leader):
    """Only the level above sends a document back; what stays within the unit moves no day."""
    flow.set_due(returned, DUE, last_correction_on=LAST)
    flow.now = at(LAST, 23, 50)
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    after_the_end(flow)
    flow.do(leader, returned, Act.DECLINE, reason="Sửa lại mục II")
    with pytest.raises(BlockedError, match="gia hạn"):
        flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)


def test_nor_by_taking_back_what_was_sent_in_the_last_minute(flow, returned, clerk, leader):
    flow.set_due(returned, DUE, last_correction_on=LAST)
    flow.now = at(LAST, 23, 50)
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    flow.now = at(LAST + timedelta(days=1), 0, 10)
    flow.do(leader, returned, Act.SUBMIT)
    flow.now = at(LAST + timedelta(days=1), 0, 20)
    flow.do(leader, returned, Act.UNDO)
    with pytest.raises(BlockedError, match="gia hạn"):
        flow.do(leader, returned, Act.SUBMIT)


@pytest.mark.parametrize("who", ["clerk@tapson", "leader@tapson"])
def test_nothing_is_recalled_that_could_not_be_sent_again(flow, submitted, who):
    flow.set_due(submitted, DUE, last_correction_on=LAST)
    after_the_end(flow)
    with pytest.raises(BlockedError, match="không trình lại được"):
        flow.do(who, submitted, Act.RECALL)
    flow.now = at(LAST, 23, 58)
    flow.do(who, submitted, Act.RECALL)
    assert flow.status(submitted) is Status.DRAFT


def test_drafting_goes_on_but_nothing_is_sent(flow, returned, clerk):
    flow.set_due(returned, DUE, last_correction_on=LAST)
    after_the_end(flow)
    flow.write(clerk, returned, "Vẫn soạn được")
    with pytest.raises(BlockedError, match="gia hạn"):
        flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)


def test_more_time_opens_the_door_again(flow, draft, clerk, specialist, leader):
    flow.set_due(draft, DUE, last_correction_on=LAST)
    after_the_end(flow)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    with pytest.raises(BlockedError, match="gia hạn"):
        flow.do(clerk, draft, Act.SEND_FOR_CLEARANCE)
    flow.do(specialist, draft, Act.GRANT_EXTENSION)
    flow.do(clerk, draft, Act.SEND_FOR_CLEARANCE)
    flow.now = at(LATER, 23, 58)
    flow.do(leader, draft, Act.SUBMIT)


def test_without_a_last_day_nothing_ever_shuts(flow, draft, clerk):
    flow.set_due(draft, DUE)
    flow.now = at(date(2021, 12, 31), 8)
    flow.do(clerk, draft, Act.SEND_FOR_CLEARANCE)
    assert flow.status(draft) is Status.CLEARANCE


def test_an_approved_document_is_issued_whenever_it_is_signed(flow, approved, leader):
    flow.set_due(approved, DUE, last_correction_on=LAST)
    after_the_end(flow)
    flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": "300/KH-UBND"})
    assert flow.status(approved) is Status.ISSUED


def test_an_amendment_is_no_late_document(flow, issued, clerk, leader):
    flow.set_due(issued, DUE, last_correction_on=LAST)
    after_the_end(flow)
    flow.do(clerk, issued, Act.AMEND, **WHY)
    flow.do(clerk, issued, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, issued, Act.SUBMIT)
    assert flow.status(issued) is Status.SUBMITTED


def test_where_the_next_step_only_takes_note_issuing_is_what_is_too_late(flow, leader):
    document_id = flow.document("tapson", Status.CLEARANCE, programme=ACKNOWLEDGED)
    flow.set_due(document_id, DUE, last_correction_on=LAST)
    after_the_end(flow)
    with pytest.raises(BlockedError, match="gia hạn"):
        flow.do(leader, document_id, Act.ISSUE, **SIGNED | {"document_number": "301/KH-UBND"})


def test_grace_is_never_cut_off_by_the_last_day(flow, draft):
    """The calendar may move the end of grace past the last day for corrections."""
    flow.set_due(
        draft, DUE, grace_days=10, latest_on=date(2021, 6, 24), last_correction_on=date(2021, 6, 20)
    )
    with system(flow.session, Purpose.RECONCILE):
        due = deadlines.schedule(flow.session, flow.session.get_one(Document, draft)).due
    assert due.last_correction_on == due.latest == date(2021, 6, 24)


# --- Asking to have it back ---------------------------------------------------------------


def test_who_waits_for_a_review_asks_once_to_have_it_back(flow, review, clerk, specialist):
    asked = flow.do(clerk, review, Act.ASK_BACK, reason="Ghi nhầm số câu lạc bộ")
    assert flow.told(asked) == {"specialist@tracu", "leader@tracu"}
    with pytest.raises(BlockedError, match="đang chờ trả lời"):
        flow.do("leader@tapson", review, Act.ASK_BACK, reason="Xin trả lại")
    flow.do(specialist, review, Act.RETURN, reason="Theo đề nghị của xã")
    assert flow.status(review) is Status.RETURNED


def test_what_the_drafter_asks_of_the_own_leader_stays_in_the_unit(flow, clearance, clerk):
    flow.do(clerk, clearance, Act.ASK_BACK, reason="Quên một chỉ tiêu")
    found = documents.timeline(flow.session, clearance, Scope.of(flow.acting("specialist@tracu")))
    assert Act.ASK_BACK not in {one.action for one in found}
