"""Requests of reports: up step by step, the answer down directly, and who owes what meanwhile."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import reportdocs
from support.flowworld import NOON, Flow
from support.requestway import Way

from lth.access.scope import Purpose, Scope, bind, system
from lth.core import clock
from lth.core.errors import (
    BlockedError,
    NotFoundError,
    NotNowError,
    NotYoursError,
    StaleError,
)
from lth.core.workdays import Calendar
from lth.models import Document, Reception, ReportRequest, Revision
from lth.models.document import Mode, Status
from lth.models.request import RequestState, RequestStep
from lth.models.unit import Level
from lth.reporting import request_lists, requests
from lth.reporting.request_lists import RequestSearch, RequestsShown
from lth.workflow import tasks
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.kinds import REPORT_SYNTHESIS


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def way(session: Session) -> Iterator[Way]:
    with clock.frozen(NOON):
        flow = Flow(session)
        period_id = reportdocs.open_window(session, flow.period("2021").id)
        yield Way(flow, period_id)


@pytest.fixture
def letters(way: Way) -> Callable[[str], dict[str, bool]]:
    """Who has a message of a kind, by name, and whether it calls them to act."""

    def found(kind: str) -> dict[str, bool]:
        return {name: data["turn"] for name, data in way.mailed(kind).items()}

    return found


TRAINING = "Tập huấn cho Ban chủ nhiệm câu lạc bộ"
FUNDS = "Bổ sung vốn vay cho câu lạc bộ mới"
UNITS = {"tapson": "xã Tập Sơn", "tracu": "huyện Trà Cú", "travinh": "tỉnh Trà Vinh"}
COMMUNE, DISTRICT, PROVINCE = UNITS.values()


def test_a_report_that_is_sent_raises_its_requests(way, letters):
    document = way.raised({"r1": TRAINING, "r2": (FUNDS, Level.PROVINCE)})
    first, second = way.one(document), way.one(document, "r2")
    assert (first.text, first.level, first.state) == (TRAINING, None, RequestState.OPEN)
    assert (second.text, second.level) == (FUNDS, Level.PROVINCE)
    district = way.flow.units["tracu"]
    assert {first.owed_by_id, first.held_by_id, second.held_by_id} == {district}
    assert way.steps(document) == [("raise", COMMUNE, DISTRICT)]
    assert letters("request_up") == {"specialist@tracu": True, "leader@tracu": True}
    told = way.mailed("request_up")["specialist@tracu"]
    assert [one["text"] for one in told["requests"]] == [TRAINING, FUNDS]


def test_nothing_is_raised_before_it_is_sent_and_an_empty_line_never(way):
    document = way.draft("clerk@tapson", {"r1": TRAINING, "r2": "  "})
    way.flow.do("clerk@tapson", document, Act.SEND_FOR_CLEARANCE)
    assert way.sees("specialist@tracu") == way.sees("clerk@tapson") == set()
    way.flow.do("leader@tapson", document, Act.SUBMIT)
    assert way.sees("specialist@tracu") == way.sees("clerk@tapson") == {TRAINING}


def test_up_to_the_province_and_the_answer_down(way, letters):
    document = way.raised({"r1": TRAINING})
    way.take("specialist@tracu", document, RequestStep.FORWARD, "Vượt thẩm quyền của huyện")
    request = way.one(document)
    assert request.owed_by_id == request.held_by_id == way.flow.units["travinh"]
    assert letters("request_up")["specialist@travinh"] is True
    assert letters("request_down") == {"clerk@tapson": False, "leader@tapson": False}
    way.take("leader@travinh", document, RequestStep.ANSWER, "Tháng 8 mở hai lớp tại huyện")
    request = way.one(document)
    assert (request.state, request.owed_by_id) == (
        RequestState.ANSWERED,
        way.flow.units["tapson"],
    )
    assert letters("request_down") == {"clerk@tapson": True, "leader@tapson": True}
    assert letters("request_up")["specialist@tracu"] is False, "told as news, between the two"
    way.take("clerk@tapson", document, RequestStep.SETTLE)
    request = way.one(document)
    assert (request.state, request.owed_by_id) == (RequestState.SETTLED, None)
    assert letters("request_up")["specialist@travinh"] is False
    assert way.steps(document) == [
        ("raise", COMMUNE, DISTRICT),
        ("forward", DISTRICT, PROVINCE),
        ("answer", PROVINCE, COMMUNE),
        ("settle", COMMUNE, ""),
    ]


def test_it_is_seen_as_far_as_it_has_travelled_and_by_nobody_else(way):
    document = way.raised({"r1": TRAINING})
    near = ("clerk@tapson", "observer@tapson", "specialist@tracu", "observer@tracu")
    far = ("clerk@ngaixuyen", "specialist@canglong", "clerk@huyenhoi", "specialist@vinhlong")
    assert all(way.sees(who) == {TRAINING} for who in near)
    assert all(way.sees(who) == set() for who in (*far, "specialist@travinh"))
    request_id = way.one(document).id
    with pytest.raises(NotFoundError):
        requests.get(way.session, request_id, Scope.of(way.flow.acting("leader@travinh")))
    way.take("leader@tracu", document, RequestStep.FORWARD, "Vượt thẩm quyền")
    assert way.sees("specialist@travinh") == way.sees("observer@travinh") == {TRAINING}
    assert all(way.sees(who) == {TRAINING} for who in near)
    assert all(way.sees(who) == set() for who in far)


def test_what_is_not_clear_goes_back_and_comes_again(way, letters):
    document = way.raised({"r1": TRAINING})
    way.take("specialist@tracu", document, RequestStep.ASK_CLARITY, "Bao nhiêu người?")
    request = way.one(document)
    assert (request.state, request.owed_by_id) == (
        RequestState.UNCLEAR,
        way.flow.units["tapson"],
    )
    assert letters("request_down") == {"clerk@tapson": True, "leader@tapson": True}
    with pytest.raises(NotYoursError):
        way.take("specialist@tracu", document, RequestStep.CLARIFY, "Chắc là 30")
    way.take("leader@tapson", document, RequestStep.CLARIFY, "25 người của 5 câu lạc bộ")
    assert way.one(document).owed_by_id == way.flow.units["tracu"]
    assert way.one(document).state is RequestState.OPEN


def test_it_is_asked_again_once(way):
    document = way.raised({"r1": TRAINING})
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Đã ghi nhận")
    way.take("clerk@tapson", document, RequestStep.ASK_AGAIN, "Khi nào thì mở lớp?")
    assert way.one(document).owed_by_id == way.flow.units["tracu"]
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Tuần đầu tháng 8")
    with pytest.raises(NotNowError, match="hỏi lại một lần"):
        way.take("clerk@tapson", document, RequestStep.ASK_AGAIN, "Vẫn chưa rõ")
    way.take("clerk@tapson", document, RequestStep.SETTLE)


def test_who_may_take_which_step(way):
    document = way.raised({"r1": TRAINING})
    for who in ("clerk@tracu", "finance_appraiser@tracu", "observer@tracu", "clerk@tapson"):
        with pytest.raises(NotYoursError):
            way.take(who, document, RequestStep.ANSWER, "Đồng ý")
    with pytest.raises(NotFoundError):
        way.take("specialist@canglong", document, RequestStep.ANSWER, "Đồng ý")
    with pytest.raises(NotNowError):
        way.take("clerk@tapson", document, RequestStep.SETTLE)
    with pytest.raises(BlockedError, match="Ghi nội dung trả lời"):
        way.take("specialist@tracu", document, RequestStep.ANSWER, "   ")
    with pytest.raises(NotFoundError):
        way.take("specialist@tracu", document, RequestStep.RAISE, "Tự nêu")
    way.take("leader@tracu", document, RequestStep.FORWARD, "Vượt thẩm quyền")
    with pytest.raises(NotYoursError):
        way.take("specialist@tracu", document, RequestStep.ANSWER, "Chậm mất rồi")
    with pytest.raises(NotNowError, match="Không còn cấp nào"):
        way.take("leader@travinh", document, RequestStep.FORWARD, "Lên nữa")


def test_of_two_who_act_at_once_one_is_told(way):
    document = way.raised({"r1": TRAINING})
    request = way.one(document)
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Đã ghi nhận")
    actor = way.flow.acting("leader@tracu")
    step, said = RequestStep.FORWARD, {"text": "Lên tỉnh", "now": way.flow.now}
    with pytest.raises(StaleError, match="specialist@tracu"):
        requests.take(way.session, actor, request.id, step, seen=request.version, **said)


# --- With the report ----------------------------------------------------------------------


def returned(way, document: int) -> None:
    way.flow.do("specialist@tracu", document, Act.OPEN)
    way.flow.do("specialist@tracu", document, Act.RETURN, reason="Xem lại số liệu")


def test_a_new_revision_does_not_double_what_stays(way, letters):
    document = way.raised({"r1": TRAINING, "r2": FUNDS})
    returned(way, document)
    way.send(document)
    assert way.steps(document) == [("raise", COMMUNE, DISTRICT)]
    assert way.sees("specialist@tracu") == {TRAINING, FUNDS}


def test_changed_words_go_on_with_the_same_request(way, letters):
    document = way.raised({"r1": TRAINING})
    way.take("specialist@tracu", document, RequestStep.FORWARD, "Vượt thẩm quyền")
    returned(way, document)
    since = way.one(document).owed_since
    way.say("clerk@tapson", document, {"r1": f"{TRAINING}, 25 người"})
    way.send(document)
    request = way.one(document)
    assert request.text == f"{TRAINING}, 25 người"
    assert request.owed_by_id == way.flow.units["travinh"], "whoever has it in hand keeps it"
    assert request.owed_since == since
    assert way.steps(document)[-1] == ("reword", COMMUNE, PROVINCE)
    assert way.mailed("request_up")["specialist@travinh"]["step"] == "reword"


def test_a_line_that_is_gone_is_withdrawn_and_comes_back(way, letters):
    document = way.raised({"r1": TRAINING, "r2": FUNDS})
    returned(way, document)
    way.say("clerk@tapson", document, {"r2": FUNDS})
    way.send(document)
    assert way.one(document).state is RequestState.WITHDRAWN
    assert way.one(document, "r2").state is RequestState.OPEN
    assert letters("request_up")["specialist@tracu"] is False
    returned(way, document)
    way.say("clerk@tapson", document, {"r1": TRAINING, "r2": FUNDS})
    way.send(document)
    assert [step for step, *_ in way.steps(document)] == ["raise", "withdraw", "raise"]
    assert way.one(document).state is RequestState.OPEN


def test_what_was_withdrawn_by_hand_stays_so_with_the_same_words(way):
    document = way.raised({"r1": TRAINING})
    way.take("clerk@tapson", document, RequestStep.WITHDRAW, "Xã đã tự tổ chức")
    returned(way, document)
    way.send(document)
    assert way.one(document).state is RequestState.WITHDRAWN
    returned(way, document)
    way.say("clerk@tapson", document, {"r1": f"{TRAINING}, đợt hai"})
    way.send(document)
    assert way.one(document).state is RequestState.OPEN


def test_an_answer_stays_unless_other_words_ask_anew(way):
    document = way.raised({"r1": TRAINING})
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Đã ghi nhận")
    returned(way, document)
    way.send(document)
    assert way.one(document).state is RequestState.ANSWERED
    returned(way, document)
    way.say("clerk@tapson", document, {})
    way.send(document)
    assert way.one(document).state is RequestState.ANSWERED, "the answer is still theirs"
    returned(way, document)
    way.say("clerk@tapson", document, {"r1": FUNDS})
    way.send(document)
    assert way.one(document).state is RequestState.OPEN


def test_a_recall_takes_requests_back_and_sending_again_brings_them(way):
    document = way.raised({"r1": TRAINING})
    way.flow.do("clerk@tapson", document, Act.RECALL)
    assert way.one(document).state is RequestState.WITHDRAWN
    way.flow.do("clerk@tapson", document, Act.UNDO)
    assert way.one(document).state is RequestState.OPEN
    way.flow.do("clerk@tapson", document, Act.RECALL)
    way.send(document)
    assert way.one(document).state is RequestState.OPEN


def test_an_undone_sending_takes_requests_back(way):
    document = way.raised({"r1": TRAINING})
    way.flow.do("leader@tapson", document, Act.UNDO)
    assert way.one(document).state is RequestState.WITHDRAWN
    assert way.steps(document)[-1] == ("withdraw", COMMUNE, "")


def test_a_revoked_report_asks_for_nothing_any_more(way):
    document = way.raised({"r1": TRAINING})
    way.flow.do("specialist@tracu", document, Act.OPEN)
    way.flow.do("leader@tracu", document, Act.APPROVE)
    day = {"document_date": clock.local(way.flow.now).date(), "sign_form": "TM"}
    way.flow.do("leader@tapson", document, Act.ISSUE, document_number="11/BC-UBND", **day)
    assert way.one(document).state is RequestState.OPEN
    said = {"reason": "Sai số liệu", "document_number": "12/QĐ-UBND", **day}
    way.flow.do("leader@tapson", document, Act.REVOKE, **said)
    assert way.one(document).state is RequestState.WITHDRAWN
    way.flow.do("leader@tapson", document, Act.UNDO)
    assert way.one(document).state is RequestState.OPEN


def test_a_report_that_nobody_approves_raises_them_as_it_is_issued(way):
    with system(way.session, Purpose.LOAD):
        for unit in ("tracu", "travinh"):
            way.session.add(
                Reception(
                    unit_id=way.flow.units[unit],
                    programme_id=way.flow.period("2021").programme_id,
                    kind="report",
                    mode=Mode.ACKNOWLEDGE,
                )
            )
    way.session.commit()
    document = way.draft("clerk@tapson", {"r1": TRAINING})
    way.flow.do("clerk@tapson", document, Act.SEND_FOR_CLEARANCE)
    day = {"document_date": clock.local(way.flow.now).date(), "sign_form": "TM"}
    way.flow.do("leader@tapson", document, Act.ISSUE, document_number="11/BC-UBND", **day)
    assert way.one(document).owed_by_id == way.flow.units["tracu"]


def test_a_district_asks_the_province_in_its_own_report(way, letters):
    """Those who synthesise draw it up there, and so it is they who are told of the answer."""
    document = way.draft("specialist@tracu", {"r1": FUNDS}, REPORT_SYNTHESIS)
    actor = way.flow.acting("leader@tracu")
    with system(way.session, Purpose.LOAD):  # what it adds up is not what this test is about
        stored = way.session.get_one(Document, document)
        stored.status = Status.CLEARANCE
        head = way.session.scalars(select(Revision).where(Revision.document_id == document)).one()
        head.taken_over_at = way.flow.now
        way.session.commit()
    context = ActContext(way.session, stored, actor, way.flow.now)
    bind(way.session, Scope.of(actor))
    context.set("sent_number", 1)
    requests.follow_requests(context)
    way.session.commit()
    assert letters("request_up") == {"specialist@travinh": True, "leader@travinh": True}
    way.take("specialist@travinh", document, RequestStep.ANSWER, "Bố trí quý III")
    assert letters("request_down") == {"specialist@tracu": True, "leader@tracu": True}
    assert way.sees("clerk@tapson") == set()
    with pytest.raises(NotYoursError):
        way.take("clerk@tracu", document, RequestStep.SETTLE)
    way.take("specialist@tracu", document, RequestStep.SETTLE)


# --- Lists --------------------------------------------------------------------------------


def found(way, who: str, shown: RequestsShown, over: int | None = None, days: int = 0) -> set[str]:
    way.session.rollback()
    scope = Scope.of(way.flow.acting(who))
    below = not who.endswith("tapson")
    today = clock.local(way.flow.now).date() + timedelta(days=days)
    search = RequestSearch(below, shown, over)
    rows, _ = request_lists.listed(way.session, scope, search, Calendar(), today, limit=50)
    texts = {one.text for one in rows}
    way.session.rollback()
    return texts


def test_lists_say_what_is_whose(way):
    document = way.raised({"r1": TRAINING, "r2": FUNDS, "r3": "Cấp sổ sách"})
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Đã ghi nhận", "r2")
    way.take("specialist@tracu", document, RequestStep.FORWARD, "Vượt thẩm quyền", "r3")
    assert found(way, "clerk@tapson", RequestsShown.OURS) == {FUNDS}
    assert found(way, "clerk@tapson", RequestsShown.WAITING) == {TRAINING, "Cấp sổ sách"}
    assert found(way, "clerk@tapson", RequestsShown.ANSWERED) == {FUNDS}
    assert found(way, "specialist@tracu", RequestsShown.OURS) == {TRAINING}
    assert found(way, "specialist@travinh", RequestsShown.OURS) == {"Cấp sổ sách"}
    way.take("clerk@tapson", document, RequestStep.SETTLE, "", "r2")
    assert found(way, "clerk@tapson", RequestsShown.ENDED) == {FUNDS}


def test_how_long_it_is_owed_is_counted_in_working_days(way):
    """Raised on Friday 07/5/2021: on Monday it is owed for one day, on Friday for five."""
    document = way.raised({"r1": TRAINING})
    request, calendar = way.one(document), Calendar()
    raised_on = clock.local(request.owed_since).date()
    for days, owed in ((0, 0), (2, 0), (3, 1), (7, 5)):
        today = raised_on + timedelta(days=days)
        assert request_lists.days_owed(request, calendar, today) == owed
        for over in range(7):
            seen = found(way, "specialist@tracu", RequestsShown.ALL, over, days)
            assert seen == ({TRAINING} if owed > over else set()), (days, over)


def test_the_desk_counts_what_the_lists_say_is_ours(way):
    document = way.raised({"r1": TRAINING, "r2": FUNDS})
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Đã ghi nhận", "r2")
    for who, expected in (
        ("specialist@tracu", {"requests": 1}),
        ("leader@tracu", {"requests": 1}),
        ("clerk@tracu", {}),
        ("finance_appraiser@tracu", {}),
        ("observer@tracu", {}),
        ("clerk@tapson", {"answers": 1}),
        ("leader@tapson", {"answers": 1}),
        ("specialist@travinh", {}),
        ("clerk@ngaixuyen", {}),
    ):
        actor = way.flow.acting(who)
        counts = tasks.counts(way.session, [actor])[actor.assignment_id].by_task
        named = {name: counts[name] for name in ("requests", "answers") if name in counts}
        assert named == expected, who
        listed = tasks.listed_elsewhere(way.session, actor).with_pages
        assert {message.number for message, _ in listed} == set(expected.values()), who
        way.session.rollback()


def test_a_review_quotes_the_last_answers(way):
    document = way.raised({"r1": TRAINING, "r2": FUNDS})
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Đã ghi nhận")
    way.take("clerk@tapson", document, RequestStep.ASK_AGAIN, "Khi nào?")
    way.take("specialist@tracu", document, RequestStep.ANSWER, "Tuần đầu tháng 8")
    day = clock.local(way.flow.now).date()
    scope = Scope.of(way.flow.acting("clerk@tapson"))
    programme_id = way.session.scalars(select(ReportRequest.programme_id)).first()
    quoted = request_lists.answered(way.session, scope, programme_id, day, day)
    assert [(one.request.text, one.answer, one.answered_by) for one in quoted] == [
        (TRAINING, "Tuần đầu tháng 8", DISTRICT)
    ]
    earlier = day - timedelta(days=1)
    assert request_lists.answered(way.session, scope, programme_id, earlier, earlier) == []
