"""Opinions and pinned remarks: whose they are, when they are read, and what they hold up."""

import pytest
from sqlalchemy import select
from support.flowworld import SIGNED, Flow

from lth.access.scope import Purpose, Scope, system
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.drafting.replies import answer_remark
from lth.models import Event, Opinion, Remark, Revision
from lth.models.document import Status
from lth.models.opinion import Aspect, Verdict
from lth.workflow import documents, remarks
from lth.workflow.acts import Act
from lth.workflow.kinds import SYNTHESIS

AGREE = {"verdict": Verdict.AGREE}
AGAINST = {"verdict": Verdict.DISAGREE, "reason": "Kinh phí vượt dự toán được giao"}
WHY = {"reason": "Sửa theo nhận xét"}
APPRAISERS = {
    Aspect.CONTENT: "specialist@tracu",
    Aspect.FINANCE: "finance_appraiser@tracu",
    Aspect.FORMAT: "format_appraiser@tracu",
}


def opinions(flow: Flow, document_id: int) -> list[Opinion]:
    """Every opinion on a document, whoever is asking."""
    with system(flow.session, Purpose.RECONCILE):
        statement = (
            select(Opinion)
            .join(Revision, Revision.id == Opinion.revision_id)
            .where(Revision.document_id == document_id)
            .order_by(Opinion.id)
        )
        return list(flow.session.scalars(statement))


def said(flow: Flow, document_id: int) -> list[tuple]:
    return [(one.aspect, one.verdict, one.text) for one in opinions(flow, document_id)]


def seen_by(flow: Flow, who: str, document_id: int) -> list[tuple]:
    """The opinions on the last submitted revision that somebody reads."""
    revision_id = flow.revision(document_id, flow.state(document_id).sent_number)["id"]
    scope = Scope.of(flow.acting(who))
    found = remarks.opinions_on(flow.session, revision_id, scope)
    return [(one.aspect, one.verdict) for one in found]


# --- Opinions -----------------------------------------------------------------------------


def test_the_opinions_that_are_required_come_before_approval(flow, review, approver):
    """Each that is missing is named; the leader's turn comes with the last."""
    flow.settle("tracu", required_opinions=["content", "finance", "format"])
    names = {Aspect.CONTENT: "nội dung", Aspect.FINANCE: "kinh phí", Aspect.FORMAT: "thể thức"}
    missing = dict(names)
    for aspect, who in APPRAISERS.items():
        with pytest.raises(BlockedError, match=f"bắt buộc: {', '.join(missing.values())}"):
            flow.do(approver, review, Act.APPROVE)
        done = flow.do(who, review, Act.GIVE_OPINION, **AGREE)
        del missing[aspect]
        assert flow.told(done) == (set() if missing else {approver})
    flow.do(approver, review, Act.APPROVE)
    assert flow.status(review) is Status.APPROVED


def test_only_what_is_required_is_waited_for(flow, review, approver, finance):
    flow.settle("tracu", required_opinions=["finance"])
    flow.do(finance, review, Act.GIVE_OPINION, **AGREE)
    flow.do(approver, review, Act.APPROVE)
    assert flow.status(review) is Status.APPROVED


def test_the_requirement_is_that_of_the_receiving_unit(flow, review, approver):
    """Not of the unit whose plan it is, nor of the one above both."""
    flow.settle("tapson", required_opinions=["content"])
    flow.settle("travinh", required_opinions=["format"])
    flow.do(approver, review, Act.APPROVE)
    assert flow.status(review) is Status.APPROVED


def test_an_opinion_is_of_one_revision(flow, review, clerk, leader, specialist, approver):
    """What was said of the first sending does not count for the second."""
    flow.settle("tracu", required_opinions=["content"])
    flow.do(specialist, review, Act.GIVE_OPINION, **AGREE)
    flow.do(specialist, review, Act.RETURN, **WHY)
    flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, review, Act.SUBMIT)
    flow.do(specialist, review, Act.OPEN)
    with pytest.raises(BlockedError, match="nội dung"):
        flow.do(approver, review, Act.APPROVE)
    flow.do(specialist, review, Act.GIVE_OPINION, **AGREE)
    flow.do(approver, review, Act.APPROVE)
    assert len(opinions(flow, review)) == 2


def test_an_opinion_is_for_or_against_with_a_reason(flow, review, finance):
    for wrong, field in (({}, "verdict"), ({"verdict": Verdict.DISAGREE}, "reason")):
        with pytest.raises(BlockedError) as refused:
            flow.do(finance, review, Act.GIVE_OPINION, **wrong)
        assert [message.field for message in refused.value.messages] == [field]
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    assert said(flow, review) == [(Aspect.FINANCE, Verdict.DISAGREE, AGAINST["reason"])]


def test_a_leader_overrules_with_a_reason_only(flow, review, finance, specialist, approver):
    flow.do(specialist, review, Act.GIVE_OPINION, **AGREE)
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    with pytest.raises(BlockedError, match="1 ý kiến chưa đồng ý") as refused:
        flow.do(approver, review, Act.APPROVE)
    assert refused.value.messages[0].field == "reason"
    done = flow.do(approver, review, Act.APPROVE, reason="Nguồn xã hội hóa đã có cam kết")
    assert done.reason == "Nguồn xã hội hóa đã có cam kết"


def test_a_second_opinion_replaces_the_first(flow, review, finance, approver):
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    flow.do(finance, review, Act.GIVE_OPINION, **AGREE)
    assert said(flow, review) == [(Aspect.FINANCE, Verdict.AGREE, "")]
    flow.do(approver, review, Act.APPROVE)
    assert flow.status(review) is Status.APPROVED


def test_a_person_of_two_roles_has_one_opinion_of_the_later_role(flow, review, approver):
    flow.settle("tracu", required_opinions=["finance"])
    flow.appoint("hai vai", "specialist@tracu", "finance_appraiser@tracu")
    flow.do("hai vai as specialist@tracu", review, Act.GIVE_OPINION, **AGREE)
    flow.do("hai vai as finance_appraiser@tracu", review, Act.GIVE_OPINION, **AGREE)
    assert said(flow, review) == [(Aspect.FINANCE, Verdict.AGREE, "")]
    flow.do(approver, review, Act.APPROVE)
    assert flow.status(review) is Status.APPROVED


@pytest.mark.parametrize(
    ("who", "act"), [("leader@tracu", Act.APPROVE), ("specialist@tracu", Act.RETURN)]
)
def test_opinions_stay_inside_until_they_are_published(flow, review, clerk, finance, who, act):
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    mine = [(Aspect.FINANCE, Verdict.DISAGREE)]
    for inside in (finance, "leader@tracu", "observer@tracu"):
        assert seen_by(flow, inside, review) == mine
    for outside in (clerk, "leader@tapson", "observer@tapson", "specialist@travinh"):
        assert seen_by(flow, outside, review) == []
    flow.do(who, review, act, **WHY)
    for outside in (clerk, "leader@tapson", "observer@tapson"):
        assert seen_by(flow, outside, review) == mine
    assert seen_by(flow, "specialist@travinh", review) == []


def test_the_trail_of_the_unit_does_not_tell_opinions_either(flow, review, finance, approver):
    """Neither as the page reads it nor as the database gives it on PostgreSQL."""
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    flow.do(finance, review, Act.UNDO)
    inside = ("give_opinion", "undo")
    for who in (finance, approver, "observer@tracu"):
        assert trail(flow, who, review)[-2:] == ["give_opinion", "undo"], who
    for who in ("clerk@tapson", "leader@tapson", "observer@tapson", "specialist@travinh"):
        assert not set(inside) & set(trail(flow, who, review)), who
    for who in ("clerk@tapson", "observer@tapson", "specialist@travinh"):
        if flow.session.get_bind().dialect.name == "postgresql":
            flow.acting(who)
            found = flow.session.scalars(select(Event.action).where(Event.document_id == review))
            assert not set(inside) & set(found), who


def trail(flow: Flow, who: str, document_id: int) -> list[str]:
    scope = Scope.of(flow.acting(who))
    return [one.action for one in documents.timeline(flow.session, document_id, scope)]


def test_what_a_unit_does_by_itself_stays_with_it(flow, returned, clerk, leader):
    flow.do(clerk, returned, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, returned, Act.DECLINE, **WHY)
    own = ["start", "send_for_clearance", "submit", "open", "return"]
    assert trail(flow, clerk, returned) == [*own, "send_for_clearance", "decline"]
    for who in ("observer@tapson", "specialist@tracu", "observer@tracu"):
        assert trail(flow, who, returned) == ["submit", "open", "return"], who
    assert trail(flow, "specialist@travinh", returned) == []


def test_an_opinion_given_anew_after_a_reopening_is_inside_again(
    flow, review, clerk, finance, approver
):
    flow.do(finance, review, Act.GIVE_OPINION, **AGREE)
    flow.do(approver, review, Act.APPROVE)
    flow.do(approver, review, Act.REOPEN, **WHY)
    assert seen_by(flow, clerk, review) == [(Aspect.FINANCE, Verdict.AGREE)]
    flow.do(finance, review, Act.GIVE_OPINION, **AGAINST)
    assert seen_by(flow, clerk, review) == []
    flow.do(approver, review, Act.RETURN, **WHY)
    assert seen_by(flow, clerk, review) == [(Aspect.FINANCE, Verdict.DISAGREE)]


def test_an_opinion_does_not_wait_for_another(flow, review, specialist, finance, formatter):
    """Three have the same page open; each opinion counts."""
    seen = flow.state(review).lock_version
    for who in (specialist, finance, formatter):
        flow.do(who, review, Act.GIVE_OPINION, seen=seen, **AGREE)
    assert len(opinions(flow, review)) == 3


def test_an_opinion_does_not_fall_on_what_its_giver_has_not_seen(
    flow, review, clerk, leader, specialist, finance
):
    """The page shows the first sending; meanwhile it was returned and sent again."""
    seen = flow.state(review).lock_version
    flow.do(specialist, review, Act.RETURN, **WHY)
    flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, review, Act.SUBMIT)
    flow.do(specialist, review, Act.OPEN)
    with pytest.raises(StaleError):
        flow.do(finance, review, Act.GIVE_OPINION, seen=seen, **AGREE)
    assert opinions(flow, review) == []


# --- Remarks ------------------------------------------------------------------------------


def pin(flow: Flow, who: str, document_id: int, text: str = "Ghi rõ nguồn", key: str = "") -> int:
    actor = flow.acting(who)
    remark = remarks.pin(flow.session, actor, document_id, key, text, now=flow.now)
    remark_id = remark.id
    flow.session.commit()
    return remark_id


def unpin(flow: Flow, who: str, document_id: int, remark_id: int) -> None:
    remark = flow.session.get(Remark, remark_id)
    seen = remark.version if remark else ""
    remarks.unpin(flow.session, flow.acting(who), document_id, remark_id, seen=seen)
    flow.session.commit()


def read(flow: Flow, who: str, document_id: int) -> list[str]:
    scope = Scope.of(flow.acting(who))
    return [one.text for one in remarks.of_document(flow.session, document_id, scope)]


@pytest.mark.parametrize("who", [*APPRAISERS.values(), "leader@tracu"])
def test_whoever_appraises_pins_remarks(flow, review, who):
    pin(flow, who, review, "  Ghi rõ nguồn  ", "s.purpose")
    with system(flow.session, Purpose.RECONCILE):
        remark = flow.session.scalars(select(Remark)).one()
        assert (remark.text, remark.line_key) == ("Ghi rõ nguồn", "s.purpose")
        assert remark.unit_id == flow.units["tracu"]
        assert remark.published_at is None


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("clerk@tapson", NotYoursError),
        ("leader@tapson", NotYoursError),
        ("clerk@tracu", NotYoursError),
        ("observer@tracu", NotYoursError),
        ("unit_admin@tracu", NotYoursError),
        ("specialist@travinh", NotYoursError),
        ("specialist@canglong", NotFoundError),
        ("clerk@ngaixuyen", NotFoundError),
        ("system_admin", NotFoundError),
    ],
)
def test_nobody_else_does(flow, review, who, error):
    with pytest.raises(error):
        pin(flow, who, review)


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.REVIEW])
def test_remarks_are_pinned_under_review_only(flow, specialist, status):
    with pytest.raises(NotNowError):
        pin(flow, specialist, flow.document("tapson", status))


def test_a_remark_has_a_text_that_is_kept_whole(flow, review, specialist):
    for wrong in ("", " \n "):
        with pytest.raises(BlockedError, match="chưa có nội dung") as refused:
            pin(flow, specialist, review, wrong)
        assert refused.value.messages[0].field == "text"
    with pytest.raises(BlockedError, match="4000"):
        pin(flow, specialist, review, "x" * 4001)
    pin(flow, specialist, review, "x" * 4000)
    assert read(flow, specialist, review) == ["x" * 4000]


def test_a_remark_is_pinned_to_what_may_be_an_item(flow, review, specialist):
    with pytest.raises(NotFoundError):
        pin(flow, specialist, review, key="k" * 81)


@pytest.mark.parametrize(
    ("who", "act"), [("leader@tracu", Act.APPROVE), ("specialist@tracu", Act.RETURN)]
)
def test_remarks_stay_inside_until_they_are_published(flow, review, clerk, specialist, who, act):
    pin(flow, specialist, review)
    for inside in (specialist, "leader@tracu", "observer@tracu"):
        assert read(flow, inside, review) == ["Ghi rõ nguồn"]
    for outside in (clerk, "observer@tapson", "specialist@travinh"):
        assert read(flow, outside, review) == []
    flow.do(who, review, act, **WHY)
    for outside in (clerk, "observer@tapson"):
        assert read(flow, outside, review) == ["Ghi rõ nguồn"]
    assert read(flow, "specialist@travinh", review) == []


def test_one_s_own_remark_is_unpinned_before_it_is_published(flow, review, specialist, approver):
    first, second = pin(flow, specialist, review), pin(flow, specialist, review, "Sai đơn vị tính")
    with pytest.raises(NotFoundError):
        unpin(flow, approver, review, first)
    unpin(flow, specialist, review, first)
    assert read(flow, specialist, review) == ["Sai đơn vị tính"]
    flow.do(approver, review, Act.APPROVE)
    with pytest.raises(NotNowError):
        unpin(flow, specialist, review, second)
    flow.do(approver, review, Act.REOPEN, **WHY)
    with pytest.raises(NotFoundError):
        unpin(flow, specialist, review, second)
    assert read(flow, "clerk@tapson", review) == ["Sai đơn vị tính"]


def test_a_remark_is_not_unpinned_through_another_document(flow, review, specialist):
    remark_id = pin(flow, specialist, review)
    other = flow.start("clerk@ngaixuyen")
    flow.do("clerk@ngaixuyen", other, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@ngaixuyen", other, Act.SUBMIT)
    flow.do(specialist, other, Act.OPEN)
    with pytest.raises(NotFoundError):
        unpin(flow, specialist, other, remark_id)
    with pytest.raises(NotFoundError):
        unpin(flow, specialist, review, remark_id + 1)
    assert read(flow, specialist, review) == ["Ghi rõ nguồn"]


def test_every_remark_is_answered_before_it_is_sent_again(flow, review, clerk, specialist):
    ids = [pin(flow, specialist, review), pin(flow, specialist, review, "Sai đơn vị tính")]
    flow.do(specialist, review, Act.RETURN, **WHY)
    for left in (2, 1):
        with pytest.raises(BlockedError, match=f"Còn {left} nhận xét"):
            flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)
        answer_remark(flow.session, flow.acting(clerk), review, ids.pop(), "Đã sửa", flow.now)
        flow.session.commit()
    flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)
    assert flow.status(review) is Status.CLEARANCE


def test_without_clearance_every_remark_is_answered_too(flow, review, clerk, specialist):
    flow.settle("tapson", clearance_needed=False)
    pin(flow, specialist, review)
    flow.do(specialist, review, Act.RETURN, **WHY)
    with pytest.raises(BlockedError, match="Còn 1 nhận xét"):
        flow.do(clerk, review, Act.SUBMIT)


def test_remarks_on_what_was_approved_do_not_hold_up_its_amendment(
    flow, review, clerk, leader, specialist, approver
):
    pin(flow, specialist, review)
    flow.do(approver, review, Act.APPROVE)
    flow.do(leader, review, Act.ISSUE, **SIGNED)
    flow.do(clerk, review, Act.AMEND, **WHY)
    flow.do(clerk, review, Act.SEND_FOR_CLEARANCE)
    assert flow.status(review) is Status.CLEARANCE


# --- Separation of duties -----------------------------------------------------------------


def test_nobody_clears_what_they_wrote(flow, draft, clerk, leader):
    """Whoever is clerk and leader writes a line; the other leader must clear it."""
    flow.appoint("hai vai", "clerk@tapson", "leader@tapson")
    flow.write("hai vai as clerk@tapson", draft, "Một dòng")
    flow.write(clerk, draft, "Viết đè lên")
    flow.do(clerk, draft, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(BlockedError, match="đã soạn hoặc sửa"):
        flow.do("hai vai as leader@tapson", draft, Act.SUBMIT)
    flow.do(leader, draft, Act.SUBMIT)
    assert flow.status(draft) is Status.SUBMITTED


def test_a_leader_of_two_roles_clears_what_others_wrote(flow, clearance):
    flow.appoint("hai vai", "clerk@tapson", "leader@tapson")
    flow.do("hai vai as leader@tapson", clearance, Act.SUBMIT)
    assert flow.status(clearance) is Status.SUBMITTED


def test_who_started_it_counts_as_who_wrote_it(flow, leader):
    flow.appoint("hai vai", "clerk@tapson", "leader@tapson")
    document_id = flow.start("hai vai as clerk@tapson")
    flow.do("hai vai as clerk@tapson", document_id, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(BlockedError, match="đã soạn hoặc sửa"):
        flow.do("hai vai as leader@tapson", document_id, Act.SUBMIT)


def test_what_was_written_in_an_earlier_revision_is_still_theirs(
    flow, draft, clerk, leader, specialist
):
    """The copy that a return opens has their words in it."""
    flow.appoint("hai vai", "clerk@tapson", "leader@tapson")
    flow.write("hai vai as clerk@tapson", draft, "Một dòng")
    for who, act in (
        (clerk, Act.SEND_FOR_CLEARANCE),
        (leader, Act.SUBMIT),
        (specialist, Act.OPEN),
        (specialist, Act.RETURN),
        (clerk, Act.SEND_FOR_CLEARANCE),
    ):
        flow.do(who, draft, act, **WHY)
    with pytest.raises(BlockedError, match="đã soạn hoặc sửa"):
        flow.do("hai vai as leader@tapson", draft, Act.SUBMIT)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CLEARANCE])
def test_nobody_signs_at_once_what_they_wrote(flow, status):
    """Where nobody above approves, the leader's signature is the only other pair of eyes."""
    flow.settle("travinh", clearance_needed=status is Status.CLEARANCE)
    flow.appoint("hai vai", "clerk@travinh", "leader@travinh")
    document_id = flow.start("hai vai as clerk@travinh")
    if status is Status.CLEARANCE:
        flow.do("clerk@travinh", document_id, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(BlockedError, match="đã soạn hoặc sửa"):
        flow.do("hai vai as leader@travinh", document_id, Act.ISSUE, **SIGNED)
    flow.do("leader@travinh", document_id, Act.ISSUE, **SIGNED)
    assert flow.status(document_id) is Status.ISSUED


@pytest.mark.parametrize("post", [*APPRAISERS.values(), "leader@tracu"])
def test_nobody_judges_above_what_they_wrote_below(flow, draft, clerk, leader, specialist, post):
    flow.appoint("hai nơi", "clerk@tapson", post)
    flow.write("hai nơi as clerk@tapson", draft, "Một dòng")
    flow.do(clerk, draft, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, draft, Act.SUBMIT)
    flow.do(specialist, draft, Act.OPEN)
    act = Act.APPROVE if post.startswith("leader") else Act.GIVE_OPINION
    with pytest.raises(BlockedError, match="đã soạn hoặc sửa"):
        flow.do(f"hai nơi as {post}", draft, act, **AGREE)
    assert flow.status(draft) is Status.REVIEW


def test_a_synthesis_is_not_cleared_by_whoever_took_it_over(flow):
    flow.appoint("hai vai", "specialist@tracu", "leader@tracu")
    document_id = flow.start("hai vai as specialist@tracu", kind=SYNTHESIS)
    flow.do("specialist@tracu", document_id, Act.SEND_FOR_CLEARANCE)
    with pytest.raises(BlockedError, match="đã soạn hoặc sửa"):
        flow.do("hai vai as leader@tracu", document_id, Act.SUBMIT)
    flow.do("leader@tracu", document_id, Act.SUBMIT)
    assert flow.status(document_id) is Status.SUBMITTED
