"""What each act does and asks, one by one, in the order of a document's life."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from support.flowworld import ACKNOWLEDGED, SAID, SIGNED, Flow

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.core.errors import BlockedError, NotNowError, NotYoursError, StaleError
from lth.models import Document, Participation, RevisionEditor
from lth.models.document import SignForm, Status
from lth.workflow.acts import Act
from lth.workflow.kinds import SYNTHESIS

WHY = {"reason": "Số hội viên nữ chưa khớp phụ lục"}
REVOKED_BY = WHY | SIGNED | {"document_number": "93/QĐ-UBND"}


# --- Sending for clearance, declining -----------------------------------------------------


def test_an_incomplete_document_goes_nowhere(flow, clerk):
    document_id = flow.start(clerk, complete=False)
    with pytest.raises(BlockedError, match=r"Chưa nhập “Câu lạc bộ mới”.*còn thiếu 3 mục"):
        flow.do(clerk, document_id, Act.SEND_FOR_CLEARANCE)
    assert flow.status(document_id) is Status.DRAFT


def test_what_is_with_the_leader_is_locked(flow, draft, clerk):
    flow.do(clerk, draft, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(NotNowError):
        flow.write(clerk, draft, "Viết thêm")


def test_a_leader_declines_with_a_reason(flow, clearance, leader, clerk):
    with pytest.raises(BlockedError, match="lý do"):
        flow.do(leader, clearance, Act.DECLINE)
    flow.do(leader, clearance, Act.DECLINE, **WHY)
    assert flow.status(clearance) is Status.DRAFT
    flow.write(clerk, clearance, "Đã bổ sung")


def test_what_was_returned_is_declined_to_returned(flow, returned, clerk, leader):
    for _ in range(2):
        flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
        flow.do(leader, returned, Act.DECLINE, **WHY)
        assert flow.status(returned) is Status.RETURNED


def test_a_recalled_document_is_declined_to_draft(flow, returned, clerk, leader):
    """It came from *returned* once; that no longer matters."""
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, returned, Act.SUBMIT)
    flow.do(clerk, returned, Act.RECALL)
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, returned, Act.DECLINE, **WHY)
    assert flow.status(returned) is Status.DRAFT


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED])
def test_where_no_clearance_is_needed_the_clerk_submits(flow, clerk, status):
    flow.settle("tapson", clearance_needed=False)
    document_id = flow.document("tapson", status)
    with pytest.raises(NotNowError):
        flow.do(clerk, document_id, Act.SEND_FOR_CLEARANCE)
    flow.do(clerk, document_id, Act.SUBMIT)
    assert flow.status(document_id) is Status.SUBMITTED


def test_where_it_is_needed_the_clerk_does_not(flow, draft, clerk):
    with pytest.raises(NotNowError):
        flow.do(clerk, draft, Act.SUBMIT)
    assert flow.status(draft) is Status.DRAFT


def test_without_clearance_an_incomplete_document_goes_nowhere_either(flow, clerk):
    flow.settle("tapson", clearance_needed=False)
    document_id = flow.start(clerk, complete=False)
    with pytest.raises(BlockedError, match="Chưa nhập"):
        flow.do(clerk, document_id, Act.SUBMIT)


def _take_part(flow: Flow, document_id: int, joins: bool) -> None:
    """Have Tập Sơn leave the period of a document today, or come back."""
    left_on = None if joins else clock.today()
    with system(flow.session, Purpose.LOAD):
        period_id = flow.session.get_one(Document, document_id).period_id
        row = update(Participation).where(
            Participation.period_id == period_id, Participation.unit_id == flow.units["tapson"]
        )
        flow.session.execute(row.values(left_on=left_on))
        flow.session.commit()


SENDING = [
    (Status.DRAFT, True, "clerk@tapson", Act.SEND_FOR_CLEARANCE, Status.CLEARANCE),
    (Status.RETURNED, True, "clerk@tapson", Act.SEND_FOR_CLEARANCE, Status.CLEARANCE),
    (Status.DRAFT, False, "clerk@tapson", Act.SUBMIT, Status.SUBMITTED),
    (Status.RETURNED, False, "clerk@tapson", Act.SUBMIT, Status.SUBMITTED),
    (Status.CLEARANCE, True, "leader@tapson", Act.SUBMIT, Status.SUBMITTED),
]


@pytest.mark.parametrize(("status", "cleared", "who", "act", "target"), SENDING)
def test_a_unit_that_has_left_sends_nothing_up_until_it_comes_back(
    flow, clerk, status, cleared, who, act, target
):
    """What it has begun stays as it is; above nobody counts it, nor has it in the inbox."""
    flow.settle("tapson", clearance_needed=cleared)
    document_id = flow.document("tapson", status)
    _take_part(flow, document_id, False)
    with pytest.raises(BlockedError, match=r"không có trong danh sách tham gia.*đề nghị"):
        flow.do(who, document_id, act)
    assert flow.status(document_id) is status
    if status is not Status.CLEARANCE:
        flow.write(clerk, document_id, "Viết tiếp")
    _take_part(flow, document_id, True)
    flow.do(who, document_id, act)
    assert flow.status(document_id) is target


@pytest.mark.parametrize(
    ("status", "cleared"),
    [(Status.CLEARANCE, True), (Status.DRAFT, False)],
)
def test_nor_does_it_issue_what_the_unit_above_would_only_acknowledge(
    flow, leader, status, cleared
):
    flow.settle("tapson", clearance_needed=cleared)
    document_id = flow.document("tapson", status, programme=ACKNOWLEDGED)
    _take_part(flow, document_id, False)
    with pytest.raises(BlockedError, match=r"không có trong danh sách tham gia.*đề nghị"):
        flow.do(leader, document_id, Act.ISSUE, **SIGNED)
    _take_part(flow, document_id, True)
    flow.do(leader, document_id, Act.ISSUE, **SIGNED)
    assert flow.status(document_id) is Status.ISSUED


# --- Submitting, recalling, opening -------------------------------------------------------


def test_a_submitted_revision_is_frozen_and_read_by_the_next_step(
    flow, clearance, leader, clerk, specialist
):
    assert flow.reads(specialist, clearance) is None
    flow.do(leader, clearance, Act.SUBMIT)
    state, revision = flow.state(clearance), flow.revision(clearance, 1)
    assert (state.sent_number, state.released_number, state.in_force_number) == (1, None, None)
    assert revision["frozen_at"] == revision["submitted_at"] == flow.now
    assert len(revision["sha256"]) == 64
    assert flow.reads(specialist, clearance) == flow.text(clearance, 1)
    assert flow.reads("specialist@travinh", clearance) is None
    with pytest.raises(NotNowError):
        flow.write(clerk, clearance, "Viết thêm")


def test_the_first_submission_fixes_who_takes_part(flow, clerk, leader):
    """The denominator of "1 of 2" is the list as it stood then; that of another unit is not."""
    document_id = flow.start(clerk)
    flow.do(clerk, document_id, Act.SEND_FOR_CLEARANCE)
    assert set(_frozen(flow).values()) == {None}
    flow.do(leader, document_id, Act.SUBMIT)
    frozen = {unit for unit, moment in _frozen(flow).items() if moment is not None}
    assert frozen == {flow.units["tapson"], flow.units["ngaixuyen"]}


def _frozen(flow: Flow) -> dict:
    with system(flow.session, Purpose.RECONCILE):
        statement = select(Participation.unit_id, Participation.frozen_at).where(
            Participation.period_id == flow.period("2021").id
        )
        return dict(flow.session.execute(statement).all())


@pytest.mark.parametrize("who", ["clerk@tapson", "leader@tapson"])
def test_a_submitted_document_is_recalled_as_a_new_draft(flow, submitted, specialist, clerk, who):
    flow.do(who, submitted, Act.RECALL)
    state = flow.state(submitted)
    assert (state.status, state.head_number, state.sent_number) == (Status.DRAFT, 2, None)
    assert flow.revision(submitted, 1)["withdrawn_at"] == flow.now
    assert flow.reads(specialist, submitted) is None
    assert flow.text(submitted, 2) == flow.text(submitted, 1)
    flow.write(clerk, submitted, "Bản sửa")
    assert flow.text(submitted, 1)["s.purpose"] == "Đã viết"


def test_what_was_sent_before_is_read_again_after_a_recall(
    flow, returned, clerk, leader, specialist
):
    """The second sending is withdrawn, the first was returned but never taken back."""
    flow.write(clerk, returned, "Bản hai")
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, returned, Act.SUBMIT)
    assert flow.reads(specialist, returned)["s.purpose"] == "Bản hai"
    flow.do(clerk, returned, Act.RECALL)
    assert flow.state(returned).sent_number == 1
    assert flow.reads(specialist, returned)["s.purpose"] == "Đã viết"


def test_nothing_is_recalled_once_it_is_opened(flow, submitted, specialist, clerk, leader):
    flow.do(specialist, submitted, Act.OPEN)
    for who in (clerk, leader):
        with pytest.raises(NotNowError):
            flow.do(who, submitted, Act.RECALL)
    assert flow.status(submitted) is Status.REVIEW


# --- Returning ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["specialist@tracu", "leader@tracu"])
def test_a_return_needs_a_reason_and_opens_a_copy(flow, review, clerk, who):
    with pytest.raises(BlockedError, match="lý do"):
        flow.do(who, review, Act.RETURN, reason="  ")
    done = flow.do(who, review, Act.RETURN, **WHY)
    assert done.reason == WHY["reason"]
    state = flow.state(review)
    assert (state.status, state.head_number, state.sent_number) == (Status.RETURNED, 2, 1)
    copy = flow.revision(review, 2)
    assert (copy["based_on_number"], copy["frozen_at"], copy["submitted_at"]) == (1, None, None)
    assert flow.text(review, 2) == flow.text(review, 1)
    flow.write(clerk, review, "Đã sửa")
    assert flow.text(review, 1)["s.purpose"] == "Đã viết"


def test_the_next_step_reads_what_was_sent_while_it_is_mended(flow, returned, clerk, specialist):
    flow.write(clerk, returned, "Đang sửa dở")
    assert flow.reads(specialist, returned)["s.purpose"] == "Đã viết"
    assert flow.reads(clerk, returned)["s.purpose"] == "Đang sửa dở"


def test_who_wrote_is_remembered_in_the_copy(flow, returned):
    editors = select(RevisionEditor.person_id).where(
        RevisionEditor.revision_id == flow.revision(returned, 2)["id"]
    )
    with system(flow.session, Purpose.RECONCILE):
        found = flow.session.scalars(editors).all()
    assert found == [flow.actor("clerk@tapson").person_id]


def test_a_returned_synthesis_has_not_to_be_taken_over_again(flow):
    """Its copy has the receipt, and that still holds."""
    document_id = flow.document("tracu", Status.RETURNED, SYNTHESIS)
    flow.do("specialist@tracu", document_id, Act.SEND_FOR_CLEARANCE)
    assert flow.status(document_id) is Status.CLEARANCE


# --- Approving, reopening -----------------------------------------------------------------


def test_what_is_approved_counts_and_is_read_further_up(flow, review, approver):
    assert flow.reads("specialist@travinh", review) is None
    flow.do(approver, review, Act.APPROVE)
    state, revision = flow.state(review), flow.revision(review, 1)
    assert (state.status, state.released_number) == (Status.APPROVED, 1)
    assert revision["released_at"] == flow.now
    assert flow.reads("specialist@travinh", review) == flow.text(review, 1)


def test_what_is_reopened_counts_no_longer(flow, approved, approver):
    with pytest.raises(BlockedError, match="lý do"):
        flow.do(approver, approved, Act.REOPEN)
    flow.do(approver, approved, Act.REOPEN, **WHY)
    state = flow.state(approved)
    assert (state.status, state.sent_number, state.released_number) == (Status.REVIEW, 1, None)
    assert flow.revision(approved, 1)["released_at"] is None
    assert flow.reads("specialist@travinh", approved) is None


def synthesis_with(flow: Flow, document_id: int, *way: tuple[str, Act]) -> int:
    """Trà Cú's synthesis of 2021 with an approved plan of that period in it, so far on its way."""
    assert flow.status(document_id) is Status.APPROVED
    synthesis = flow.start("specialist@tracu", "2021", SYNTHESIS)
    for who, act in way:
        flow.do(who, synthesis, act, **SAID)
    return synthesis


@pytest.fixture
def counted(flow) -> int:
    """Tập Sơn's plan of 2021, approved."""
    document_id = flow.start("clerk@tapson")
    flow.do("clerk@tapson", document_id, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@tapson", document_id, Act.SUBMIT)
    flow.do("specialist@tracu", document_id, Act.OPEN)
    flow.do("leader@tracu", document_id, Act.APPROVE)
    return document_id


UP = (
    ("specialist@tracu", Act.SEND_FOR_CLEARANCE),
    ("leader@tracu", Act.SUBMIT),
    ("specialist@travinh", Act.OPEN),
    ("leader@travinh", Act.APPROVE),
    ("leader@tracu", Act.ISSUE),
)


@pytest.mark.parametrize("steps", [2, 3, 4, 5])
def test_nothing_is_reopened_inside_a_synthesis_that_stands(flow, counted, approver, steps):
    """Submitted, under review, approved or issued."""
    synthesis_with(flow, counted, *UP[:steps])
    with pytest.raises(BlockedError, match="huyện Trà Cú"):
        flow.do(approver, counted, Act.REOPEN, **WHY)
    assert flow.status(counted) is Status.APPROVED


@pytest.mark.parametrize("steps", [0, 1])
def test_it_is_reopened_inside_one_that_does_not(flow, counted, approver, steps):
    synthesis_with(flow, counted, *UP[:steps])
    flow.do(approver, counted, Act.REOPEN, **WHY)
    assert flow.status(counted) is Status.REVIEW


def test_a_synthesis_that_is_returned_or_recalled_lets_its_units_go(flow, counted, approver):
    synthesis = synthesis_with(flow, counted, *UP[:3])
    flow.do("specialist@travinh", synthesis, Act.RETURN, **WHY)
    flow.do(approver, counted, Act.REOPEN, **WHY)
    flow.do(approver, counted, Act.APPROVE)
    flow.do("specialist@tracu", synthesis, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@tracu", synthesis, Act.SUBMIT)
    with pytest.raises(BlockedError, match="huyện Trà Cú"):
        flow.do(approver, counted, Act.REOPEN, **WHY)
    flow.do("specialist@tracu", synthesis, Act.RECALL)
    flow.do(approver, counted, Act.REOPEN, **WHY)
    assert flow.status(counted) is Status.REVIEW


def test_a_synthesis_does_not_hold_what_came_after_it(flow, approved, approver):
    """Trà Cú's synthesis of that period was sent before: Tập Sơn is not in it."""
    assert flow.status(flow.document("tracu", Status.APPROVED, SYNTHESIS)) is Status.APPROVED
    flow.do(approver, approved, Act.REOPEN, **WHY)
    assert flow.status(approved) is Status.REVIEW


# --- Issuing ------------------------------------------------------------------------------


def test_an_issued_document_is_numbered_dated_and_signed(flow, approved, leader):
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    revision = flow.revision(approved, 1)
    assert flow.state(approved).in_force_number == 1
    assert revision["document_number"] == "92/KH-UBND"
    assert revision["issued_on"] == SIGNED["document_date"]
    assert revision["sign_form"] is SignForm.TM
    assert revision["signed_by_id"] == flow.actor(leader).person_id
    assert revision["issued_at"] == flow.now


@pytest.mark.parametrize(
    "number",
    ["1/KH", "07/KH-UBND", "793/QĐ-UBND", "581/UBND-KGVX", "12/KH-LĐTBXH", "99999/KH-BCĐ"],
)
def test_such_a_number_is_taken(flow, approved, leader, number):
    flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": number})
    assert flow.revision(approved, 1)["document_number"] == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        "92",
        "KH-UBND",
        "92/",
        "92/KH-",
        "-1/KH",
        "123456/KH",
        "92/KH/UBND",
        "92/BC-UBND",
        "92/TTr-UBND",
        "0/KH-UBND",
    ],
)
def test_such_a_number_is_refused(flow, approved, leader, number):
    with pytest.raises(BlockedError) as refused:
        flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": number})
    assert [message.field for message in refused.value.messages] == ["document_number"]


@pytest.mark.parametrize(
    "typed",
    [
        *("92 / kh - ubnd", "92/KH-UBND\n", "92/KH--UBND", "９２/KH-UBND", "92/KH–UBND"),
        *("92/KH_UBND", "Số 92/KH-UBND", "92/Kh-Ubnd"),
    ],
)
def test_a_number_is_kept_as_numbers_are_written(flow, approved, leader, typed):
    flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": typed})
    assert flow.revision(approved, 1)["document_number"] == "92/KH-UBND"


@pytest.mark.parametrize(
    ("day", "field"),
    [
        (date(1950, 1, 1), "document_date"),
        (date(2020, 8, 30), "document_date"),
        (date(2023, 5, 7), "day_confirmed"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_one_not_likely_is_asked(
    flow, approved, leader, day, field
):
    """The programme was decided on 31 August 2020; the period is the year 2021."""
    flow.now = flow.now.replace(year=2025)
    issue = SIGNED | {"document_date": day}
    with pytest.raises(BlockedError) as refused:
        flow.do(leader, approved, Act.ISSUE, **issue)
    assert [message.field for message in refused.value.messages] == [field]
    if field == "day_confirmed":
        flow.do(leader, approved, Act.ISSUE, **issue, day_confirmed=True)
        assert flow.revision(approved, 1)["issued_on"] == day


def test_the_day_of_signing_is_asked_and_never_to_come(flow, approved, leader):
    """Today is Viet Nam's: at 23:30 on 7 May in London it is the eighth there."""
    for wrong in (None, flow.now.date() + timedelta(days=1)):
        with pytest.raises(BlockedError) as refused:
            flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_date": wrong})
        assert [message.field for message in refused.value.messages] == ["document_date"]
    tomorrow = flow.now.date() + timedelta(days=1)
    flow.now = flow.now.replace(hour=23)
    flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_date": tomorrow})
    assert flow.revision(approved, 1)["issued_on"] == tomorrow


def test_the_form_of_signature_is_asked(flow, approved, leader):
    with pytest.raises(BlockedError) as refused:
        flow.do(leader, approved, Act.ISSUE, **SIGNED | {"sign_form": None})
    assert [message.field for message in refused.value.messages] == ["sign_form"]


def test_all_that_is_wrong_is_said_at_once(flow, clearance, leader):
    """A number used and a reason missing are two messages, each beside its field."""
    flow.do(leader, flow.document("tapson", Status.APPROVED), Act.ISSUE, **SIGNED)
    issued = flow.document("tapson", Status.ISSUED)
    with pytest.raises(BlockedError) as refused:
        flow.do(leader, issued, Act.REVOKE, **SIGNED)
    fields = [message.field for message in refused.value.messages]
    assert fields == ["reason", "document_number"]


@pytest.mark.parametrize("number", ["92/KH-UBND", "092/KH-UBND"])
def test_a_number_is_used_once_a_year(flow, leader, number):
    """Whatever programme or kind of document it is for."""
    flow.do(leader, flow.document("tapson", Status.APPROVED), Act.ISSUE, **SIGNED)
    other = flow.document("tapson", Status.CLEARANCE, programme=ACKNOWLEDGED)
    with pytest.raises(BlockedError, match=r"đã dùng.*năm 2021"):
        flow.do(leader, other, Act.ISSUE, **SIGNED | {"document_number": number})
    assert flow.status(other) is Status.CLEARANCE


def test_the_number_is_free_again_next_year(flow, leader):
    flow.do(leader, flow.document("tapson", Status.APPROVED), Act.ISSUE, **SIGNED)
    flow.now += timedelta(days=365)
    other = flow.document("tapson", Status.CLEARANCE, programme=ACKNOWLEDGED)
    next_year = SIGNED["document_date"].replace(year=2022)
    flow.do(leader, other, Act.ISSUE, **SIGNED | {"document_date": next_year})
    assert flow.revision(other, 1)["document_number"] == SIGNED["document_number"]


def test_another_unit_has_numbers_of_its_own(flow, leader):
    flow.do(leader, flow.document("tapson", Status.APPROVED), Act.ISSUE, **SIGNED)
    other = flow.document("tracu", Status.APPROVED, SYNTHESIS)
    flow.do("leader@tracu", other, Act.ISSUE, **SIGNED)
    assert flow.status(other) is Status.ISSUED


# --- Acknowledging ------------------------------------------------------------------------


def test_an_issued_document_is_acknowledged_once(flow, specialist):
    document_id = flow.document("tapson", Status.ISSUED, programme=ACKNOWLEDGED)
    assert flow.reads("specialist@travinh", document_id) is None
    done = flow.do(specialist, document_id, Act.ACKNOWLEDGE, reason="Lưu ý nguồn vốn")
    state = flow.state(document_id)
    assert (state.status, state.released_number) == (Status.ISSUED, 1)
    assert (done.from_status, done.to_status) == (Status.ISSUED, Status.ISSUED)
    assert flow.reads("specialist@travinh", document_id) == flow.text(document_id, 1)
    with pytest.raises(NotNowError):
        flow.do(specialist, document_id, Act.ACKNOWLEDGE)


def test_it_may_be_acknowledged_without_a_word(flow, specialist):
    document_id = flow.document("tapson", Status.ISSUED, programme=ACKNOWLEDGED)
    assert flow.do(specialist, document_id, Act.ACKNOWLEDGE).reason == ""


def test_an_amendment_is_acknowledged_anew(flow, clerk, leader, specialist):
    document_id = flow.document("tapson", Status.ISSUED, programme=ACKNOWLEDGED)
    flow.do(specialist, document_id, Act.ACKNOWLEDGE)
    flow.do(clerk, document_id, Act.AMEND, **WHY)
    flow.do(clerk, document_id, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, document_id, Act.ISSUE, **SIGNED)
    state = flow.state(document_id)
    assert (state.in_force_number, state.released_number) == (2, 1)
    flow.do(specialist, document_id, Act.ACKNOWLEDGE)
    assert flow.state(document_id).released_number == 2


# --- Amending, revoking -------------------------------------------------------------------


def test_an_amendment_leaves_everybody_outside_reading_what_is_in_force(
    flow, clerk, leader, specialist, approver
):
    """Trà Cú's plan is read above, below and by its own observer; Tập Sơn's above."""
    document_id = flow.document("tapson", Status.ISSUED)
    outside = ["observer@tapson", specialist, "specialist@travinh"]
    with pytest.raises(BlockedError, match="lý do"):
        flow.do(clerk, document_id, Act.AMEND)
    flow.do(clerk, document_id, Act.AMEND, **WHY)
    flow.write(clerk, document_id, "Điều chỉnh")
    for act, who in ((Act.SEND_FOR_CLEARANCE, clerk), (None, clerk)):
        assert [flow.reads(one, document_id)["s.purpose"] for one in outside] == ["Đã viết"] * 3
        assert flow.reads(clerk, document_id)["s.purpose"] == "Điều chỉnh"
        if act:
            flow.do(who, document_id, act)
    state = flow.state(document_id)
    assert (state.head_number, state.sent_number) == (2, 1)
    assert (state.released_number, state.in_force_number) == (1, 1)
    flow.do(leader, document_id, Act.SUBMIT)
    assert flow.reads("specialist@travinh", document_id)["s.purpose"] == "Đã viết"
    flow.do(specialist, document_id, Act.OPEN)
    flow.do(approver, document_id, Act.APPROVE)
    assert flow.state(document_id).in_force_number == 1
    flow.do(leader, document_id, Act.ISSUE, **SIGNED)
    assert flow.state(document_id).in_force_number == 2
    everybody = [clerk, *outside]
    assert [flow.reads(one, document_id)["s.purpose"] for one in everybody] == ["Điều chỉnh"] * 4


def test_units_below_read_what_is_in_force_until_the_amendment_is(flow):
    document_id = flow.document("travinh", Status.ISSUED)
    below = ["clerk@tracu", "observer@canglong", "clerk@huyenhoi"]
    flow.do("clerk@travinh", document_id, Act.AMEND, **WHY)
    flow.write("clerk@travinh", document_id, "Điều chỉnh")
    assert [flow.reads(one, document_id)["s.purpose"] for one in below] == ["Đã viết"] * 3
    flow.do("clerk@travinh", document_id, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@travinh", document_id, Act.ISSUE, **SIGNED)
    assert [flow.reads(one, document_id)["s.purpose"] for one in below] == ["Điều chỉnh"] * 3


def test_an_approved_amendment_is_reopened_to_what_was_released_before(
    flow, issued, clerk, leader, specialist, approver
):
    for act, who in (
        (Act.AMEND, clerk),
        (Act.SEND_FOR_CLEARANCE, clerk),
        (Act.SUBMIT, leader),
        (Act.OPEN, specialist),
        (Act.APPROVE, approver),
        (Act.REOPEN, approver),
    ):
        flow.do(who, issued, act, **WHY)
    state = flow.state(issued)
    assert (state.sent_number, state.released_number, state.in_force_number) == (2, 1, 1)


def test_a_revoked_document_counts_and_binds_no_longer(flow, issued, leader):
    with pytest.raises(BlockedError, match="lý do"):
        flow.do(leader, issued, Act.REVOKE, **REVOKED_BY | {"reason": ""})
    done = flow.do(leader, issued, Act.REVOKE, **REVOKED_BY)
    state = flow.state(issued)
    assert state.status is Status.REVOKED
    assert (state.sent_number, state.released_number, state.in_force_number) == (1, None, None)
    assert done.data["document_number"] == "93/QĐ-UBND"
    assert done.data["document_date"] == "2021-05-06"


def test_units_below_no_longer_read_a_revoked_plan(flow):
    document_id = flow.document("travinh", Status.ISSUED)
    assert flow.reads("clerk@tracu", document_id) is not None
    flow.do("leader@travinh", document_id, Act.REVOKE, **REVOKED_BY)
    assert flow.reads("clerk@tracu", document_id) is None
    assert flow.reads("clerk@travinh", document_id) == flow.text(document_id, 1)


def test_a_document_is_not_revoked_by_its_own_number(flow, approved, leader):
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    with pytest.raises(BlockedError, match="đã dùng"):
        flow.do(leader, approved, Act.REVOKE, **REVOKED_BY | SIGNED)


# --- Acts from a page that is out of date -------------------------------------------------


def test_an_act_from_an_old_page_is_refused_and_told_what_happened(
    flow, review, specialist, approver
):
    seen = flow.state(review).lock_version
    flow.do(specialist, review, Act.RETURN, **WHY)
    with pytest.raises(StaleError, match=r"specialist@tracu.*Đã trả lại") as stale:
        flow.do(approver, review, Act.APPROVE, seen=seen)
    assert stale.value.event.action == "return"


def test_what_is_private_to_the_other_unit_is_not_told(flow, returned, clerk, specialist):
    """The next step's page is out of date because of an act that it does not see."""
    seen = flow.state(returned).lock_version
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(StaleError, match=r"specialist@tracu.*Đã trả lại"):
        flow.do(specialist, returned, Act.OPEN, seen=seen)


def test_a_role_ended_is_a_role_no_more(flow, draft, clerk):
    """A role at another unit, or none in the table, is told apart from a wrong state."""
    with pytest.raises(NotYoursError):
        flow.do("leader@tapson", draft, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(NotNowError):
        flow.do(clerk, draft, Act.RECALL)
