"""Whose turn it is, what waits for whom, and the inbox over all units taking part."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from support.flowworld import ACKNOWLEDGED, APPROVED, UNIT_ROLES, UNITS, WAYS, Flow

from lth.access.scope import Purpose, Scope, documents_seen, system
from lth.core.workdays import Calendar
from lth.models import Document, Opinion, Revision
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.models.opinion import Verdict
from lth.workflow import inbox, operations, waiting, worklist
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.inbox import InboxState, Progress
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.worklist import WorkListChoice

AGREE = {"verdict": Verdict.AGREE}
ROAD = ("tapson", "ngaixuyen", "tracu", "travinh")


def everybody() -> Iterator[str]:
    yield from (f"{role}@{unit}" for unit in ROAD for role in UNIT_ROLES)
    yield "system_admin"


# --- The turn, in SQL and by the operation ------------------------------------------------


@pytest.mark.parametrize("clears", [True, False])
@pytest.mark.parametrize("required", [[], ["finance"], ["content", "finance", "format"]])
def test_the_lists_and_the_operation_agree_on_whose_turn_it_is(flow, clears, required):
    """Every document of the world for everybody on the road, with some opinions given."""
    review = flow.document("tapson", Status.REVIEW)
    flow.do("finance_appraiser@tracu", review, Act.GIVE_OPINION, **AGREE)
    for unit in ROAD:
        flow.settle(unit, clearance_needed=clears, required_opinions=required)
    wrong = []
    for who in everybody():
        listed, judged = in_lists(flow, who), by_operation(flow, who)
        if listed != judged:
            wrong.append((who, listed - judged, judged - listed))
    assert wrong == []


def in_lists(flow: Flow, who: str) -> set[int]:
    actor = flow.acting(who)
    turn = waiting.turn(flow.session, actor)
    seen = documents_seen(Scope.of(actor))
    return set(flow.session.scalars(select(Document.id).where(seen, turn)))


def by_operation(flow: Flow, who: str) -> set[int]:
    """The documents on which an act that leads forward is offered, and has all it waits for."""
    actor = flow.acting(who)
    seen = flow.session.scalars(select(Document).where(documents_seen(Scope.of(actor)))).all()
    return {
        document.id
        for document in seen
        if _may_go_on(ActContext(flow.session, document, actor, flow.now))
    }


def _may_go_on(context: ActContext) -> bool:
    for row in operations.offered(context, undo=False):
        if row.act in waiting.FORWARD and not _said_already(context, row.act):
            waits = [] if row.act is not Act.APPROVE else operations.refusals(context, row)
            if not any("bắt buộc" in str(message) for message in waits):
                return True
    return False


def _said_already(context: ActContext, act: Act) -> bool:
    statement = (
        select(Opinion.id)
        .join(Revision, Revision.id == Opinion.revision_id)
        .where(
            Revision.document_id == context.document.id,
            Opinion.person_id == context.actor.person_id,
        )
    )
    return act is Act.GIVE_OPINION and context.session.scalar(statement) is not None


def test_the_turn_by_hand(flow):
    """In programme 1336, where each unit's leader clears and no opinion is required."""
    expected = {
        "clerk@tapson": {Status.DRAFT, Status.RETURNED},
        "leader@tapson": {Status.CLEARANCE, Status.APPROVED},
        "specialist@tracu": {Status.SUBMITTED, Status.REVIEW},
        "finance_appraiser@tracu": {Status.REVIEW},
        "format_appraiser@tracu": {Status.REVIEW},
        "leader@tracu": {Status.REVIEW},
        "observer@tapson": set(),
        "observer@tracu": set(),
        "unit_admin@tracu": set(),
        "specialist@tapson": set(),
    }
    documents = {flow.document("tapson", status): status for status in WAYS[Mode.APPROVE]}
    found = {
        who: {
            documents[document_id]
            for document_id in in_lists(flow, who)
            if document_id in documents
        }
        for who in expected
    }
    assert found == expected


ASKED_OF = {
    Status.CLEARANCE: {"leader@tapson"},
    Status.REVIEW: {"specialist@tracu", "leader@tracu"},
    Status.APPROVED: {"leader@tracu"},
}
"""Who lets a unit have its document back, by the state it is in."""


@pytest.mark.parametrize("status", ASKED_OF)
def test_a_request_to_have_a_document_back_waits_on_whoever_holds_it(flow, status, clerk):
    document_id = flow.document("tapson", status)
    before = {who for who in everybody() if document_id in in_lists(flow, who)}
    assert not any(asked_back(flow, who, document_id) for who in everybody())
    flow.do(clerk, document_id, Act.ASK_BACK, reason="Ghi nhầm số câu lạc bộ")
    assert {who for who in everybody() if asked_back(flow, who, document_id)} == ASKED_OF[status]
    assert {who for who in everybody() if document_id in in_lists(flow, who)} == (
        before | ASKED_OF[status]
    )
    mine = waiting.desk(flow.session, flow.acting("leader@tracu"), limit=100).mine
    assert any(one.asked_back for one in mine) is (status is not Status.CLEARANCE)


def test_what_is_said_of_it_meanwhile_is_no_answer_and_giving_it_back_is(flow, review, clerk):
    flow.do(clerk, review, Act.ASK_BACK, reason="Ghi nhầm số câu lạc bộ")
    flow.do("finance_appraiser@tracu", review, Act.GIVE_OPINION, **AGREE)
    assert asked_back(flow, "specialist@tracu", review)
    flow.do("leader@tracu", review, Act.RETURN, reason="Sửa rồi trình lại")
    assert not any(asked_back(flow, who, review) for who in everybody())
    assert review in in_lists(flow, clerk)


def asked_back(flow: Flow, who: str, document_id: int) -> bool:
    """Whether somebody's work list has a document as one that its unit asks to have back."""
    page = worklist.listing(
        flow.session,
        flow.acting(who),
        WorkListChoice(),
        today=flow.now.date(),
        calendar=Calendar(),
    )
    acts = [one.act for one in page.items if one.document_id == document_id]
    return any(act in waiting.ANSWERS_BACK for act in acts)


def test_an_acknowledgement_is_the_specialist_s_turn_once(flow, specialist):
    document_id = flow.document("tapson", Status.ISSUED, programme=ACKNOWLEDGED)
    assert document_id in in_lists(flow, specialist)
    flow.do(specialist, document_id, Act.ACKNOWLEDGE)
    assert document_id not in in_lists(flow, specialist)


# --- The desk -----------------------------------------------------------------------------


def test_a_desk_has_what_waits_on_one_and_what_one_waits_for(flow, leader):
    desk = waiting.desk(flow.session, flow.acting(leader), limit=20)
    mine = {(one.programme_code, one.status) for one in desk.mine}
    assert mine == {
        (APPROVED, Status.CLEARANCE),
        (APPROVED, Status.APPROVED),
        (ACKNOWLEDGED, Status.CLEARANCE),
    }
    elsewhere = {(one.programme_code, one.status) for one in desk.elsewhere}
    assert elsewhere == {
        (APPROVED, Status.DRAFT),
        (APPROVED, Status.SUBMITTED),
        (APPROVED, Status.REVIEW),
        (APPROVED, Status.RETURNED),
        (ACKNOWLEDGED, Status.DRAFT),
    }
    assert desk.count == 3


def test_a_desk_counts_more_than_it_shows(flow, leader):
    desk = waiting.desk(flow.session, flow.acting(leader), limit=2)
    assert (len(desk.mine), desk.count) == (2, 3)


def test_the_longest_waiting_comes_first(flow, clearance, approved, clerk, leader):
    flow.do(leader, clearance, Act.DECLINE, reason="Sai")
    flow.do(clerk, clearance, Act.SEND_FOR_CLEARANCE)
    desk = waiting.desk(flow.session, flow.acting(leader), limit=20)
    assert desk.mine[-1].document_id == clearance
    assert desk.mine[-1].since == flow.now
    assert approved in [one.document_id for one in desk.mine[:-1]]


def test_what_may_be_started(flow, clerk):
    """Periods without a live document; a synthesis is the specialist's of units that have some."""
    free = {"revoked", "2021", "2022"}
    found = waiting.openings(flow.session, flow.acting(clerk))
    codes = {one.period.code for one in found if one.programme_code == APPROVED}
    assert codes == free
    assert {one.kind for one in found} == {PLAN}
    found = waiting.openings(flow.session, flow.acting("specialist@tracu"))
    assert {one.kind for one in found} == {SYNTHESIS}
    assert {one.period.code for one in found if one.programme_code == APPROVED} == free
    for who in ("specialist@tapson", "leader@tapson", "observer@tracu", "system_admin"):
        assert list(waiting.openings(flow.session, flow.acting(who))) == [], who


def test_ended_units_are_not_offered_what_begins_after_their_end(flow, clerk):
    found = waiting.openings(flow.session, flow.acting(clerk))
    assert "2026" not in {one.period.code for one in found}
    found = waiting.openings(flow.session, flow.acting("clerk@tapson2"))
    assert {one.period.code for one in found} == {"2026"}


# --- The inbox ----------------------------------------------------------------------------


def test_where_units_have_units_of_their_own_their_sums_come_first(flow):
    above = inbox.rounds(flow.session, flow.acting("specialist@travinh"))
    below = inbox.rounds(flow.session, flow.acting("specialist@tracu"))
    assert [one.kind for one in above][:2] == [SYNTHESIS, PLAN]
    assert {one.kind for one in below} == {PLAN}


def lines(flow: Flow, who: str, code: str, kind: Kind = PLAN, **filters) -> dict[str, InboxState]:
    """The inbox of somebody in a period: each unit's state, in the list's order."""
    keys = {unit_id: key for key, unit_id in flow.units.items()}
    found = inbox.listing(flow.session, flow.acting(who), flow.period(code).id, kind, **filters)
    return {keys[line.unit.id]: line.state for line in found.lines}


@pytest.mark.parametrize("status", Status)
def test_the_inbox_has_every_unit_taking_part(flow, specialist, status):
    """Those that have sent nothing are in it; a revoked document is none."""
    state = InboxState.MISSING if status is Status.REVOKED else InboxState(status.value)
    expected = {"tapson": state, "ngaixuyen": InboxState.MISSING}
    assert lines(flow, specialist, status.value) == expected


def test_what_can_be_acted_on_comes_first(flow, specialist):
    assert list(lines(flow, specialist, "submitted")) == ["tapson", "ngaixuyen"]
    assert list(lines(flow, specialist, "issued")) == ["ngaixuyen", "tapson"]


def test_the_inbox_is_filtered(flow, specialist):
    def found(**filters) -> set[str]:
        return set(lines(flow, specialist, "submitted", **filters))

    assert found(mine=True) == {"tapson"}
    assert found(states=frozenset({InboxState.MISSING})) == {"ngaixuyen"}
    assert found(text="tap son") == {"tapson"}
    assert found(text="Xuyên") == {"ngaixuyen"}
    assert found(text="Càng Long") == set()
    assert found(number=2) == set()


def test_the_inbox_counts_all_units_whatever_the_filter(flow, specialist):
    actor, period_id = flow.acting(specialist), flow.period("review").id
    found = inbox.listing(flow.session, actor, period_id, PLAN, mine=True)
    assert (found.total, found.matching) == (2, 1)
    assert found.counts == {InboxState.REVIEW: 1, InboxState.MISSING: 1}
    (line,) = found.lines
    assert line.act is not None
    assert line.document_id == flow.document("tapson", Status.REVIEW)
    assert line.lock_version == flow.state(line.document_id).lock_version


def test_syntheses_come_from_units_that_have_units(flow):
    who = "specialist@travinh"
    expected = {"tracu": InboxState.SUBMITTED, "canglong": InboxState.MISSING}
    assert lines(flow, who, "submitted", SYNTHESIS) == expected
    assert lines(flow, who, "submitted") == dict.fromkeys(expected, InboxState.MISSING)
    assert lines(flow, "specialist@tracu", "submitted", SYNTHESIS) == {}
    assert lines(flow, "specialist@ngaixuyen", "submitted") == {}


def test_rounds_and_how_far_the_units_are_each_counted_once(flow, specialist):
    """What was recalled, came back or waits for the unit's own leader has not been sent."""
    flow.do("clerk@tapson", flow.document("tapson", Status.SUBMITTED), Act.RECALL)
    found = {
        (one.period.code, one.kind): (counts, one.units)
        for one, counts in inbox.progress(flow.session, flow.acting(specialist))
        if one.programme_code == APPROVED
    }
    assert {kind for _, kind in found} == {PLAN}
    expected = dict.fromkeys(("review", "approved", "issued"), Progress.SENT) | {
        "returned": Progress.RETURNED,
        "clearance": Progress.CLEARANCE,
        "draft": Progress.DRAFT,
        "submitted": Progress.DRAFT,
    }
    for code, one in expected.items():
        counts, units = found[code, PLAN]
        assert counts.by_progress == {one: 1, Progress.MISSING: 1}, code
        assert counts.sent == (one is Progress.SENT)
        assert counts.units == units == 2
    for code in ("revoked", "2021"):
        assert found[code, PLAN][0].by_progress == {Progress.MISSING: 2}, code
    above = inbox.progress(flow.session, flow.acting("specialist@travinh"))
    assert {one.kind for one, _ in above} == {PLAN, SYNTHESIS}


def test_nobody_reads_the_inbox_of_another_branch(flow):
    """Càng Long's has its own commune only; nothing of Trà Cú's."""
    assert lines(flow, "specialist@canglong", "submitted") == {"huyenhoi": InboxState.MISSING}
    with system(flow.session, Purpose.RECONCILE):
        documents = flow.session.scalars(select(Document.unit_id).distinct()).all()
    assert set(documents) <= {flow.units[key] for key in UNITS}
