"""A return that points at items: what it unlocks, what its undo takes away, what is carried on."""

import pytest
from sqlalchemy import select
from support.flowworld import ONE_MINUTE, Flow
from workflow.test_appraisal import WHY, pin, read

from lth.access.scope import Purpose, Scope, system
from lth.core.errors import BlockedError, NotFoundError, NotNowError, StaleError
from lth.drafting.replies import answer_remark, open_line
from lth.drafting.saving import save_section
from lth.models import Remark, Revision, UnlockedLine
from lth.models.document import Status
from lth.models.opinion import AnswerKind
from lth.synthesis import take_over
from lth.workflow import remarks, revisions
from lth.workflow.acts import Act
from lth.workflow.kinds import SYNTHESIS


def unlocked(flow: Flow, document_id: int, number: int | None = None) -> set[str]:
    """The keys that are unlocked in a revision, the newest one unless told otherwise."""
    with system(flow.session, Purpose.RECONCILE):
        statement = (
            select(UnlockedLine.line_key)
            .join(Revision, Revision.id == UnlockedLine.revision_id)
            .where(
                Revision.document_id == document_id,
                Revision.number == (number or flow.state(document_id).head_number),
            )
        )
        return set(flow.session.scalars(statement))


def answer_all(flow: Flow, who: str, document_id: int, kind=AnswerKind.EXPLAINED) -> None:
    actor = flow.acting(who)
    statement = (
        select(Remark.id)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(Revision.document_id == document_id, Remark.answered_at.is_(None))
    )
    for remark_id in flow.session.scalars(statement).all():
        text = "Đã rõ" if kind is AnswerKind.EXPLAINED else ""
        answer_remark(flow.session, actor, document_id, remark_id, text, flow.now, kind=kind)
    flow.session.commit()


def send_again(flow: Flow, document_id: int) -> None:
    """From the clerk to the review at the next step."""
    for who, act in (
        ("clerk@tapson", Act.SEND_FOR_CLEARANCE),
        ("leader@tapson", Act.SUBMIT),
        ("specialist@tracu", Act.OPEN),
    ):
        flow.do(who, document_id, act)


@pytest.fixture
def pointed(flow, review, specialist) -> int:
    """Tập Sơn's plan, returned with two of its items pointed at."""
    for key in ("s.purpose", "clubs_new@2021"):
        pin(flow, specialist, review, "Ghi rõ nguồn", key)
    flow.do(specialist, review, Act.RETURN, **WHY)
    return review


def test_a_return_unlocks_what_it_points_at(flow, pointed):
    assert unlocked(flow, pointed) == {"s.purpose", "clubs_new@2021"}
    assert unlocked(flow, pointed, flow.state(pointed).sent_number) == set()


@pytest.mark.parametrize("keys", [(), ("",), ("s.purpose", "")])
def test_a_return_of_the_whole_locks_nothing(flow, review, specialist, keys):
    for key in keys:
        pin(flow, specialist, review, key=key)
    flow.do(specialist, review, Act.RETURN, **WHY)
    assert unlocked(flow, review) == set()


def test_what_was_said_before_a_reopening_is_pointed_at_too(
    flow, review, specialist, approver, clerk
):
    """Published by the approval already, it wants its answer all the same."""
    pin(flow, specialist, review, key="s.tasks")
    flow.do(approver, review, Act.APPROVE)
    flow.do(approver, review, Act.REOPEN, **WHY)
    pin(flow, specialist, review, key="s.purpose")
    flow.do(specialist, review, Act.RETURN, **WHY)
    assert unlocked(flow, review) == {"s.tasks", "s.purpose"}


def test_undone_nothing_is_unlocked_and_done_again_it_is(flow, review, pointed, specialist):
    flow.do(specialist, pointed, Act.UNDO)
    assert flow.status(pointed) is Status.REVIEW
    assert unlocked(flow, pointed) == set()
    with system(flow.session, Purpose.RECONCILE):
        assert flow.session.scalars(select(UnlockedLine)).all() == []
    pin(flow, specialist, pointed, key="s.scope")
    flow.do(specialist, pointed, Act.RETURN, **WHY)
    assert unlocked(flow, pointed) == {"s.purpose", "clubs_new@2021", "s.scope"}


def test_a_return_is_not_undone_once_something_was_opened(flow, pointed, clerk, specialist):
    flow.now += ONE_MINUTE
    open_line(flow.session, flow.acting(clerk), pointed, "s.tasks", "Sửa theo", flow.now)
    flow.session.commit()
    with pytest.raises(BlockedError, match="nội dung hoặc nhận xét mới"):
        flow.do(specialist, pointed, Act.UNDO)


def test_declined_by_the_own_leader_it_stays_as_locked(flow, pointed, clerk, leader):
    answer_all(flow, clerk, pointed)
    flow.do(clerk, pointed, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, pointed, Act.DECLINE, **WHY)
    assert unlocked(flow, pointed) == {"s.purpose", "clubs_new@2021"}


@pytest.mark.parametrize("cleared", [True, False])
def test_a_sending_that_is_undone_leaves_it_as_locked(flow, pointed, clerk, leader, cleared):
    """With what was opened besides, and why."""
    flow.settle("tapson", clearance_needed=cleared)
    answer_all(flow, clerk, pointed)
    open_line(flow.session, flow.acting(clerk), pointed, "s.tasks", "Sửa theo", flow.now)
    flow.session.commit()
    if cleared:
        flow.do(clerk, pointed, Act.SEND_FOR_CLEARANCE)
    who = leader if cleared else clerk
    flow.do(who, pointed, Act.SUBMIT)
    flow.do(who, pointed, Act.UNDO)
    assert unlocked(flow, pointed) == {"s.purpose", "clubs_new@2021", "s.tasks"}
    with system(flow.session, Purpose.RECONCILE):
        reasons = flow.session.scalars(
            select(UnlockedLine.reason).where(UnlockedLine.line_key == "s.tasks")
        ).all()
    assert reasons == ["Sửa theo"] * 2


def test_recalled_it_is_a_draft_in_which_nothing_is_locked(flow, pointed, clerk, leader):
    answer_all(flow, clerk, pointed)
    flow.do(clerk, pointed, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, pointed, Act.SUBMIT)
    flow.do(clerk, pointed, Act.RECALL)
    assert unlocked(flow, pointed) == set()
    flow.write(clerk, pointed, "Viết lại", key="s.tasks")
    assert flow.text(pointed, flow.state(pointed).head_number)["s.tasks"] == "Viết lại"


def test_each_return_unlocks_its_own(flow, pointed, clerk, specialist):
    answer_all(flow, clerk, pointed)
    send_again(flow, pointed)
    pin(flow, specialist, pointed, key="s.tasks")
    flow.do(specialist, pointed, Act.RETURN, **WHY)
    assert unlocked(flow, pointed) == {"s.tasks"}


def test_the_reviewer_reads_why_more_was_opened(flow, pointed, clerk, specialist):
    answer_all(flow, clerk, pointed)
    open_line(flow.session, flow.acting(clerk), pointed, "s.tasks", "Sửa theo", flow.now)
    flow.session.commit()
    send_again(flow, pointed)
    scope = Scope.of(flow.acting(specialist))
    sent = revisions.all_seen(flow.session, pointed, scope)[flow.state(pointed).sent_number]
    found = {one.line_key: (one.reason, one.person_name) for one in sent.unlocked}
    assert found == {
        "s.purpose": ("", ""),
        "clubs_new@2021": ("", ""),
        "s.tasks": ("Sửa theo", clerk),
    }


def test_what_is_answered_as_changed_is_so_when_it_is_sent(flow, pointed, clerk):
    was = flow.text(pointed, flow.state(pointed).sent_number)["s.purpose"]
    actor, ids = flow.acting(clerk), ids_by_key(flow, pointed)
    flow.write(clerk, pointed, "Nói rõ hơn", key="s.purpose")
    changed = AnswerKind.CHANGED
    answer_remark(flow.session, actor, pointed, ids["s.purpose"], "", flow.now, kind=changed)
    answer_remark(flow.session, actor, pointed, ids["clubs_new@2021"], "Giữ nguyên", flow.now)
    flow.session.commit()
    flow.write(clerk, pointed, was, key="s.purpose")
    with pytest.raises(BlockedError, match="1 mục trả lời “Đã sửa”"):
        flow.do(clerk, pointed, Act.SEND_FOR_CLEARANCE)
    flow.write(clerk, pointed, "Nói rõ hẳn", key="s.purpose")
    flow.do(clerk, pointed, Act.SEND_FOR_CLEARANCE)
    assert flow.status(pointed) is Status.CLEARANCE


def ids_by_key(flow: Flow, document_id: int) -> dict[str, int]:
    statement = (
        select(Remark.line_key, Remark.id)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(Revision.document_id == document_id)
    )
    return dict(flow.session.execute(statement).all())


def test_a_locked_section_of_a_synthesis_is_locked_and_taking_over_is_not(flow):
    """Its figures are computed from the units below, whatever was pointed at."""
    document_id = flow.start("specialist@tracu", kind=SYNTHESIS)
    for who, act in (
        ("specialist@tracu", Act.SEND_FOR_CLEARANCE),
        ("leader@tracu", Act.SUBMIT),
        ("specialist@travinh", Act.OPEN),
    ):
        flow.do(who, document_id, act)
    pin(flow, "specialist@travinh", document_id, key="s.situation")
    flow.do("specialist@travinh", document_id, Act.RETURN, **WHY)
    actor = flow.acting("specialist@tracu")
    keys = flow.text(document_id, flow.state(document_id).head_number)
    locked = next(key for key in keys if key != "s.situation")
    result = save_section(flow.session, actor, document_id, locked, "Khác", seen=1, now=flow.now)
    assert "không bị trả lại" in str(result.errors["body"])
    flow.session.rollback()
    actor = flow.acting("specialist@tracu")
    assert take_over(flow.session, actor, document_id, now=flow.now) is not None


# --- Rewording ----------------------------------------------------------------------------


def reword(flow: Flow, who: str, document_id: int, remark_id: int, text: str = "Khác") -> None:
    seen = flow.session.get_one(Remark, remark_id).version
    remarks.reword(flow.session, flow.acting(who), document_id, remark_id, text, seen=seen)
    flow.session.commit()


def test_one_s_own_remark_is_reworded_until_it_is_published(flow, review, specialist, approver):
    remark_id = pin(flow, specialist, review)
    reword(flow, specialist, review, remark_id, " Ghi rõ hơn ")
    assert read(flow, specialist, review) == ["Ghi rõ hơn"]
    for wrong in ("", "x" * 4001):
        with pytest.raises(BlockedError) as refused:
            reword(flow, specialist, review, remark_id, wrong)
        assert refused.value.messages[0].field == "text"
    with pytest.raises(StaleError):
        remarks.reword(
            flow.session, flow.acting(specialist), review, remark_id, "Cũ", seen="another wording"
        )
    with pytest.raises(NotFoundError):
        reword(flow, approver, review, remark_id)
    flow.do(specialist, review, Act.RETURN, **WHY)
    with pytest.raises(NotNowError):
        reword(flow, specialist, review, remark_id)
    assert read(flow, "clerk@tapson", review) == ["Ghi rõ hơn"]
