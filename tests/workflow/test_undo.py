"""Undo: every act taken back, by who did it, within the window, if nobody has gone on since."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from support.flowworld import ACKNOWLEDGED, APPROVED, SAID, SIGNED, Flow
from workflow.test_appraisal import AGAINST, AGREE, opinions, pin, read, unpin

from lth.access.scope import Purpose, system
from lth.core.errors import BlockedError, NotNowError
from lth.drafting.replies import answer_remark
from lth.models import Event
from lth.models.document import Status
from lth.models.opinion import Aspect, Verdict
from lth.workflow.acts import Act
from lth.workflow.guards import UNDO_WINDOW
from lth.workflow.kinds import SYNTHESIS
from lth.workflow.table import TABLE

WHY = {"reason": "Bấm nhầm"}
READERS = (
    "clerk@tapson",
    "observer@tapson",
    "specialist@tracu",
    "observer@tracu",
    "specialist@travinh",
    "clerk@ngaixuyen",
)

DONE = """
draft     clerk@tapson            send_for_clearance 1336
returned  clerk@tapson            send_for_clearance 1336
draft     clerk@tapson            submit             1336 uncleared
returned  clerk@tapson            submit             1336 uncleared
clearance leader@tapson           decline            1336
clearance leader@tapson           submit             1336
submitted clerk@tapson            recall             1336
submitted leader@tapson           recall             1336
submitted specialist@tracu        open               1336
review    specialist@tracu        give_opinion       1336
review    finance_appraiser@tracu give_opinion       1336
review    specialist@tracu        return             1336
review    leader@tracu            return             1336
review    leader@tracu            approve            1336
approved  leader@tracu            reopen             1336
approved  leader@tapson           issue              1336
issued    clerk@tapson            amend              1336
issued    leader@tapson           revoke             1336
clearance leader@tapson           issue              1533
draft     leader@tapson           issue              1533 uncleared
issued    specialist@tracu        acknowledge        1533
issued    leader@tapson           revoke             1533
issued    clerk@tapson            amend              1533
clearance clerk@tapson            ask_back           1336
review    clerk@tapson            ask_back           1336
approved  leader@tapson           ask_back           1336
draft     clerk@tapson            ask_extension      1336 due
returned  leader@tapson           ask_extension      1336 due
clearance clerk@tapson            ask_extension      1336 due
draft     specialist@tracu        grant_extension    1336 due asked
returned  leader@tracu            grant_extension    1336 due asked
clearance leader@tracu            grant_extension    1336 due asked
draft     leader@tracu            refuse_extension   1336 due asked
returned  specialist@tracu        refuse_extension   1336 due asked
clearance leader@tracu            refuse_extension   1336 due asked
"""
"""Every act that can be undone, from every state: who does it, in which programme."""

FREEZES = {Act.SUBMIT, Act.ISSUE}
ACTS = [line.split() for line in DONE.strip().splitlines()]


def arranged(flow: Flow, status: Status, programme: str, words: list[str]) -> int:
    """Tập Sơn's document in a state: where no clearance is needed, where it is due, where more time
    has been asked for."""
    if "uncleared" in words:
        flow.settle("tapson", clearance_needed=False)
    document_id = flow.document("tapson", status, programme=programme)
    if "due" in words:
        flow.set_due(document_id, date(2021, 6, 30))
    if "asked" in words:
        flow.do("clerk@tapson", document_id, Act.ASK_EXTENSION, **WHY, until=date(2021, 7, 10))
    return document_id


def test_the_list_has_every_act_that_can_be_undone():
    listed = {(state, act) for state, _, act, *_ in ACTS}
    wanted = {
        (source.value, row.act.value)
        for row in TABLE
        if row.reverts is not None
        for source in row.sources
    }
    nothing_is_returned_where_nobody_approves = {("returned", "issue")}
    assert listed == wanted - nothing_is_returned_where_nobody_approves


@pytest.mark.parametrize("done", ACTS, ids="-".join)
def test_undone_it_is_as_it_was_and_the_same_people_hear(flow, done):
    """State, numbers, what each reader reads and who is told; only a frozen revision stays."""
    state, who, act, programme, *words = done
    document_id = arranged(flow, Status(state), programme, words)
    before = flow.state(document_id)
    read_before = {one: flow.reads(one, document_id) for one in READERS}
    first = flow.do(who, document_id, Act(act), **SAID | {"document_number": "200/KH-UBND"})
    told = flow.told(first)
    second = flow.do(who, document_id, Act.UNDO)
    after = flow.state(document_id)
    opened = 1 if Act(act) in FREEZES and state != "approved" else 0
    assert after == replace(
        before,
        lock_version=before.lock_version + 2,
        head_number=before.head_number + opened,
    )
    assert {one: flow.reads(one, document_id) for one in READERS} == read_before
    with system(flow.session, Purpose.RECONCILE):
        assert flow.told(second) == told
        assert (second.from_status, second.to_status) == (first.to_status, first.from_status)
        assert second.data["undoes"] == first.seq
        assert second.private == first.private


@pytest.mark.parametrize("done", ACTS, ids="-".join)
def test_what_is_undone_can_be_done_again(flow, done):
    """With the same number, too: it was never used."""
    state, who, act, programme, *words = done
    document_id = arranged(flow, Status(state), programme, words)
    said = SAID | {"document_number": "200/KH-UBND"}
    flow.do(who, document_id, Act(act), **said)
    first = flow.state(document_id)
    flow.do(who, document_id, Act.UNDO)
    flow.do(who, document_id, Act(act), **said)
    assert flow.state(document_id).status is first.status


# --- Who, and until when ------------------------------------------------------------------


def test_the_window_is_fifteen_minutes(flow, submitted, specialist):
    assert timedelta(minutes=15) == UNDO_WINDOW
    flow.do(specialist, submitted, Act.OPEN)
    opened = flow.now
    flow.now = opened + UNDO_WINDOW - timedelta(minutes=1) + timedelta(microseconds=1)
    with pytest.raises(BlockedError, match="15 phút"):
        flow.do(specialist, submitted, Act.UNDO)
    flow.now = opened + UNDO_WINDOW - timedelta(minutes=1)
    flow.do(specialist, submitted, Act.UNDO)
    assert flow.status(submitted) is Status.SUBMITTED


def test_only_who_did_it_undoes_it_in_the_role_they_did_it_in(flow, submitted, specialist):
    """Neither a colleague in the same role nor the same person in another one."""
    flow.appoint("hai vai", "specialist@tracu", "leader@tracu")
    flow.do("hai vai as specialist@tracu", submitted, Act.OPEN)
    for who in (specialist, "leader@tracu", "leader@tapson", "hai vai as leader@tracu"):
        with pytest.raises(NotNowError):
            flow.do(who, submitted, Act.UNDO)
    flow.do("hai vai as specialist@tracu", submitted, Act.UNDO)
    assert flow.status(submitted) is Status.SUBMITTED


def test_only_the_last_act_is_undone(flow, submitted, specialist, finance):
    """Also where the one in between is private to the other unit."""
    flow.do(specialist, submitted, Act.OPEN)
    flow.do(finance, submitted, Act.GIVE_OPINION, **AGREE)
    with pytest.raises(NotNowError):
        flow.do(specialist, submitted, Act.UNDO)
    flow.do(specialist, submitted, Act.RETURN, **WHY)
    flow.do("clerk@tapson", submitted, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(NotNowError):
        flow.do(specialist, submitted, Act.UNDO)
    assert flow.status(submitted) is Status.CLEARANCE


def test_an_undo_is_not_undone(flow, submitted, specialist):
    flow.do(specialist, submitted, Act.OPEN)
    flow.do(specialist, submitted, Act.UNDO)
    with pytest.raises(NotNowError):
        flow.do(specialist, submitted, Act.UNDO)
    assert flow.status(submitted) is Status.SUBMITTED


def test_a_start_is_not_undone(flow, clerk):
    document_id = flow.start(clerk)
    with pytest.raises(NotNowError):
        flow.do(clerk, document_id, Act.UNDO)


# --- If nobody has written since ----------------------------------------------------------

OPENED_FOR_WRITING = [
    ("clearance", "leader@tapson", Act.DECLINE),
    ("submitted", "clerk@tapson", Act.RECALL),
    ("review", "specialist@tracu", Act.RETURN),
    ("issued", "clerk@tapson", Act.AMEND),
]


@pytest.mark.parametrize(("state", "who", "act"), OPENED_FOR_WRITING)
def test_nothing_is_undone_once_somebody_wrote_on(flow, clerk, state, who, act):
    document_id = flow.document("tapson", Status(state))
    flow.do(who, document_id, act, **WHY)
    flow.write(clerk, document_id, "Đã viết tiếp")
    after = flow.state(document_id)
    with pytest.raises(BlockedError, match="nội dung hoặc nhận xét mới"):
        flow.do(who, document_id, Act.UNDO)
    assert flow.state(document_id) == after
    assert flow.text(document_id, after.head_number)["s.purpose"] == "Đã viết tiếp"


def test_nothing_is_undone_once_a_remark_was_answered(flow, review, clerk, specialist):
    remark_id = pin(flow, specialist, review)
    flow.do(specialist, review, Act.RETURN, **WHY)
    flow.now += timedelta(seconds=1)
    answer_remark(flow.session, flow.acting(clerk), review, remark_id, "Đã sửa", flow.now)
    flow.session.commit()
    with pytest.raises(BlockedError, match="nội dung hoặc nhận xét mới"):
        flow.do(specialist, review, Act.UNDO)


def test_nothing_is_undone_over_a_remark(flow, submitted, specialist):
    """It would stay on a document that the unit may then recall."""
    flow.do(specialist, submitted, Act.OPEN)
    flow.now += timedelta(seconds=1)
    remark_id = pin(flow, specialist, submitted)
    with pytest.raises(BlockedError, match="nội dung hoặc nhận xét mới"):
        flow.do(specialist, submitted, Act.UNDO)
    unpin(flow, specialist, submitted, remark_id)
    flow.do(specialist, submitted, Act.UNDO)
    assert flow.status(submitted) is Status.SUBMITTED


# --- What was said ------------------------------------------------------------------------


def test_what_a_return_published_is_inside_again(flow, review, clerk, finance, specialist):
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    pin(flow, specialist, review)
    flow.do(specialist, review, Act.RETURN, **WHY)
    assert read(flow, clerk, review) == ["Ghi rõ nguồn"]
    flow.do(specialist, review, Act.UNDO)
    assert read(flow, clerk, review) == []
    assert read(flow, specialist, review) == ["Ghi rõ nguồn"]
    assert [one.published_at for one in opinions(flow, review)] == [None]


def test_what_an_earlier_return_published_stays_published(
    flow, review, clerk, leader, specialist, approver
):
    """Undoing an approval takes back its own publishing only."""
    pin(flow, specialist, review, "Lần một")
    flow.do(approver, review, Act.APPROVE)
    flow.do(approver, review, Act.REOPEN, **WHY)
    pin(flow, specialist, review, "Lần hai")
    flow.do(approver, review, Act.APPROVE)
    flow.do(approver, review, Act.UNDO)
    assert read(flow, clerk, review) == ["Lần một"]


def test_an_undone_opinion_is_gone(flow, review, finance):
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    flow.do(finance, review, Act.UNDO)
    assert opinions(flow, review) == []


def test_the_opinion_that_an_undone_one_replaced_stands_again(flow, review, finance, approver):
    flow.do(finance, review, Act.GIVE_OPINION, **AGREE)
    flow.do(approver, review, Act.APPROVE)
    flow.do(approver, review, Act.REOPEN, **WHY)
    before = _said(flow, review)
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    assert _said(flow, review) != before
    flow.do(finance, review, Act.UNDO)
    assert _said(flow, review) == before


def _said(flow: Flow, document_id: int) -> list[tuple]:
    return [
        (one.aspect, one.verdict, one.text, one.given_at, one.published_at)
        for one in opinions(flow, document_id)
    ]


def test_an_opinion_in_another_role_gives_the_first_one_back(flow, review):
    flow.appoint("hai vai", "specialist@tracu", "finance_appraiser@tracu")
    flow.do("hai vai as specialist@tracu", review, Act.GIVE_OPINION, **AGREE)
    flow.do("hai vai as finance_appraiser@tracu", review, Act.GIVE_OPINION, **AGAINST)
    flow.do("hai vai as finance_appraiser@tracu", review, Act.UNDO)
    (opinion,) = opinions(flow, review)
    assert (opinion.aspect, opinion.verdict) == (Aspect.CONTENT, Verdict.AGREE)


# --- What others rely on ------------------------------------------------------------------


@pytest.mark.parametrize("programme", [APPROVED, ACKNOWLEDGED])
def test_nothing_is_taken_from_under_a_synthesis_that_was_sent(flow, programme):
    """Approved or acknowledged, then taken over and submitted (or issued), all within minutes."""
    clerk, leader, above = "clerk@tapson", "leader@tapson", "leader@tracu"
    document_id = flow.start(clerk, programme=programme)
    flow.do(clerk, document_id, Act.SEND_FOR_CLEARANCE)
    if programme == APPROVED:
        flow.do(leader, document_id, Act.SUBMIT)
        flow.do("specialist@tracu", document_id, Act.OPEN)
        flow.do(above, document_id, Act.APPROVE)
    else:
        flow.do(leader, document_id, Act.ISSUE, **SIGNED)
        flow.do("specialist@tracu", document_id, Act.ACKNOWLEDGE)
    released_by = above if programme == APPROVED else "specialist@tracu"
    synthesis = flow.start("specialist@tracu", kind=SYNTHESIS, programme=programme)
    flow.do("specialist@tracu", synthesis, Act.SEND_FOR_CLEARANCE)
    send = Act.SUBMIT if programme == APPROVED else Act.ISSUE
    flow.do(above, synthesis, send, **SIGNED)
    with pytest.raises(BlockedError, match="huyện Trà Cú"):
        flow.do(released_by, document_id, Act.UNDO)
    flow.do(above, synthesis, Act.UNDO)
    flow.do(released_by, document_id, Act.UNDO)
    assert flow.state(document_id).released_number is None


def test_a_revoked_document_does_not_come_back_beside_its_successor(flow, issued, leader, clerk):
    said = SIGNED | {"document_number": "93/QĐ-UBND"}
    flow.do(leader, issued, Act.REVOKE, **WHY, **said)
    successor = flow.start(clerk, Status.ISSUED.value)
    with pytest.raises(BlockedError, match="đã có một văn bản cùng loại"):
        flow.do(leader, issued, Act.UNDO)
    assert flow.status(issued) is Status.REVOKED
    assert flow.status(successor) is Status.DRAFT


def test_an_undone_submission_is_submitted_again_as_the_next_revision(
    flow, clearance, leader, specialist
):
    flow.do(leader, clearance, Act.SUBMIT)
    flow.do(leader, clearance, Act.UNDO)
    assert flow.reads(specialist, clearance) is None
    assert flow.revision(clearance, 1)["withdrawn_at"] == flow.now
    flow.do(leader, clearance, Act.SUBMIT)
    state = flow.state(clearance)
    assert (state.head_number, state.sent_number) == (2, 2)
    assert flow.revision(clearance, 2)["sha256"] == flow.revision(clearance, 1)["sha256"]


def test_an_undone_submission_of_a_synthesis_is_submitted_again(flow):
    """What it took over came along into the copy."""
    document_id = flow.document("tracu", Status.CLEARANCE, SYNTHESIS)
    flow.do("leader@tracu", document_id, Act.SUBMIT)
    flow.do("leader@tracu", document_id, Act.UNDO)
    flow.do("leader@tracu", document_id, Act.SUBMIT)
    assert flow.status(document_id) is Status.SUBMITTED


def test_the_trail_only_grows(flow, submitted, specialist):
    with system(flow.session, Purpose.RECONCILE):
        before = _trail(flow, submitted)
    flow.do(specialist, submitted, Act.OPEN)
    flow.do(specialist, submitted, Act.UNDO)
    with system(flow.session, Purpose.RECONCILE):
        assert _trail(flow, submitted) == [*before, "open", "undo"]


def _trail(flow: Flow, document_id: int) -> list[str]:
    statement = select(Event.action).where(Event.document_id == document_id).order_by(Event.seq)
    return list(flow.session.scalars(statement))
