"""Several people at once, each in a thread and a session of their own, on both databases.

One act counts and the other is told what happened and by whom; nothing is lost and nothing doubled.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from support.flowworld import ACKNOWLEDGED, APPROVED, ONE_MINUTE, SAID, Flow, State

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.core.errors import BlockedError, LthError, NotNowError, StaleError
from lth.drafting.saving import save_section
from lth.models import Document, Event, Opinion, OutboxMessage, Period, Remark
from lth.models.document import Status
from lth.models.opinion import Verdict
from lth.workflow import operations, remarks
from lth.workflow.acts import Act
from lth.workflow.context import Inputs
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.reconcile import drifts

Work = Callable[[Session], Any]
ROUNDS = 4


@pytest.fixture
def at_once(engine: Engine, flow: Flow) -> Callable[..., list[Any]]:
    """Do several things at the same moment; what each gave, or the refusal it met."""

    def run(*works: Work) -> list[Any]:
        flow.session.commit()
        start = Barrier(len(works), timeout=30)
        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(lambda work: _alone(engine, start, work), works))

    return run


def _alone(engine: Engine, start: Barrier, work: Work) -> Any:
    with Session(engine) as session:
        start.wait()
        try:
            result = work(session)
            session.commit()
        except LthError as error:
            session.rollback()
            return error
        return result


def act(flow: Flow, who: str, document_id: int, what: Act, **inputs: Any) -> Work:
    """An act by somebody who sees the document as it is now; it gives who did it."""
    actor, seen = flow.actor(who), flow.state(document_id).lock_version
    said = Inputs(**SAID | inputs)
    now = flow.now + ONE_MINUTE

    def work(session: Session) -> str:
        bind(session, Scope.of(actor))
        operations.do(session, actor, document_id, what, seen=seen, now=now, inputs=said)
        return what.value

    return work


def split(results: list[Any]) -> tuple[list[str], list[LthError]]:
    """What was done, and what was refused."""
    refused = [one for one in results if isinstance(one, LthError)]
    return [one for one in results if not isinstance(one, LthError)], refused


def events(flow: Flow, document_id: int) -> list[Event]:
    with system(flow.session, Purpose.RECONCILE):
        statement = select(Event).where(Event.document_id == document_id).order_by(Event.seq)
        return list(flow.session.scalars(statement))


def assert_one_act(flow: Flow, document_id: int, before: State, done: list[str]) -> None:
    """One event more, its mail once, and nothing that does not fit together."""
    assert flow.state(document_id).lock_version == before.lock_version + 1
    last = events(flow, document_id)[-1]
    assert (last.seq, last.action) == (before.lock_version + 1, done[0])
    assert flow.told(last)
    with system(flow.session, Purpose.RECONCILE):
        assert list(drifts(flow.session)) == []


# --- One counts ---------------------------------------------------------------------------


def test_of_two_who_approve_at_once_one_does(flow, review, at_once):
    flow.appoint("phó", "leader@tracu")
    before = flow.state(review)
    names = ["leader@tracu", "phó as leader@tracu"]
    done, refused = split(at_once(*[act(flow, who, review, Act.APPROVE) for who in names]))
    assert done == ["approve"]
    (error,) = refused
    assert isinstance(error, StaleError)
    people = {flow.actor(who).person_id: flow.actor(who).person_name for who in names}
    assert people[events(flow, review)[-1].person_id] in str(error)
    assert_one_act(flow, review, before, done)


def test_a_double_click_is_one_act(flow, review, approver, at_once):
    before = flow.state(review)
    done, refused = split(at_once(*[act(flow, approver, review, Act.APPROVE)] * 3))
    assert done == ["approve"]
    assert [type(error) for error in refused] == [StaleError, StaleError]
    assert_one_act(flow, review, before, done)


@pytest.mark.parametrize(
    ("state", "pair"),
    [
        (Status.SUBMITTED, [("specialist@tracu", Act.OPEN), ("clerk@tapson", Act.RECALL)]),
        (Status.REVIEW, [("leader@tracu", Act.APPROVE), ("specialist@tracu", Act.RETURN)]),
        (Status.CLEARANCE, [("leader@tapson", Act.SUBMIT), ("clerk@tapson", Act.UNDO)]),
        (Status.APPROVED, [("leader@tapson", Act.ISSUE), ("leader@tracu", Act.REOPEN)]),
        (Status.ISSUED, [("clerk@tapson", Act.AMEND), ("leader@tapson", Act.REVOKE)]),
    ],
)
def test_of_two_acts_that_exclude_each_other_one_counts(flow, state, pair, at_once):
    document_id = flow.document("tapson", state)
    before = flow.state(document_id)
    done, refused = split(
        at_once(
            *[act(flow, who, document_id, one, document_number="200/QĐ-UBND") for who, one in pair]
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [StaleError]
    assert_one_act(flow, document_id, before, done)


def test_an_approval_is_not_crossed_by_a_recall(flow, review, clerk, approver, at_once):
    """The clerk's page is from before it was opened: the recall loses, whoever comes first."""
    before = flow.state(review)
    results = at_once(
        act(flow, clerk, review, Act.RECALL), act(flow, approver, review, Act.APPROVE)
    )
    assert isinstance(results[0], (NotNowError, StaleError))
    assert results[1] == "approve"
    assert_one_act(flow, review, before, ["approve"])


def test_the_opinions_of_three_at_once_all_count(flow, review, at_once):
    who = ("specialist@tracu", "finance_appraiser@tracu", "format_appraiser@tracu")
    before = flow.state(review)
    agree = {"verdict": Verdict.AGREE, "reason": ""}
    done, refused = split(
        at_once(*[act(flow, one, review, Act.GIVE_OPINION, **agree) for one in who])
    )
    assert (len(done), refused) == (3, [])
    assert flow.state(review).lock_version == before.lock_version + 3
    with system(flow.session, Purpose.RECONCILE):
        found = flow.session.scalars(select(Opinion.person_id))
        assert set(found) == {flow.actor(one).person_id for one in who}


def test_an_opinion_and_a_return_at_once_leave_no_opinion_behind(
    flow, review, finance, specialist, at_once
):
    """Either the opinion came first and is published with the return, or it is refused."""
    agree = {"verdict": Verdict.AGREE, "reason": ""}
    results = at_once(
        act(flow, finance, review, Act.GIVE_OPINION, **agree),
        act(flow, specialist, review, Act.RETURN),
    )
    with system(flow.session, Purpose.RECONCILE):
        published = flow.session.scalars(select(Opinion.published_at)).all()
    first, second = results
    if isinstance(first, LthError):
        assert (published, second) == ([], "return")
    elif isinstance(second, LthError):
        assert published == [None]
    else:
        assert None not in published


# --- Starting -----------------------------------------------------------------------------


def starting(flow: Flow, who: str, code: str) -> Work:
    actor, period_id, now = flow.actor(who), flow.period(code).id, flow.now

    def work(session: Session) -> str:
        bind(session, Scope.of(actor))
        period = session.get_one(Period, period_id)
        operations.start(session, actor, period, PLAN, now=now)
        return "start"

    return work


def test_of_two_clerks_who_start_the_same_plan_one_does(flow, at_once):
    flow.appoint("hai", "clerk@tapson")
    names = ("clerk@tapson", "hai as clerk@tapson")
    done, refused = split(at_once(*[starting(flow, who, "2021") for who in names]))
    assert done == ["start"]
    assert [type(error) for error in refused] == [BlockedError]
    assert "đã có một văn bản cùng loại" in str(refused[0])
    assert _live(flow, "2021") == 1


def test_a_revoked_plan_does_not_come_back_while_another_is_started(flow, leader, at_once):
    revoked = flow.document("tapson", Status.REVOKED)
    done, refused = split(
        at_once(starting(flow, "clerk@tapson", "revoked"), act(flow, leader, revoked, Act.UNDO))
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [BlockedError]
    assert _live(flow, "revoked") == 1


def _live(flow: Flow, code: str) -> int:
    with system(flow.session, Purpose.RECONCILE):
        statement = select(func.count()).where(
            Document.unit_id == flow.units["tapson"],
            Document.period_id == flow.period(code).id,
            Document.status != Status.REVOKED,
        )
        return flow.session.scalar(statement)


# --- Syntheses ----------------------------------------------------------------------------


def test_a_unit_is_not_reopened_while_its_synthesis_is_sent(flow, approver, at_once):
    """Each act would find the other not yet done; one of them waits and is then refused."""
    document_id = flow.start("clerk@tapson")
    for who, what in (
        ("clerk@tapson", Act.SEND_FOR_CLEARANCE),
        ("leader@tapson", Act.SUBMIT),
        ("specialist@tracu", Act.OPEN),
        (approver, Act.APPROVE),
    ):
        flow.do(who, document_id, what)
    synthesis = flow.start("specialist@tracu", kind=SYNTHESIS)
    flow.do("specialist@tracu", synthesis, Act.SEND_FOR_CLEARANCE)
    flow.appoint("phó", "leader@tracu")
    done, refused = split(
        at_once(
            act(flow, approver, synthesis, Act.SUBMIT),
            act(flow, "phó as leader@tracu", document_id, Act.REOPEN),
        )
    )
    assert len(done) == 1
    assert [type(error) for error in refused] == [BlockedError]
    states = flow.status(synthesis), flow.status(document_id)
    assert states in {
        (Status.SUBMITTED, Status.APPROVED),
        (Status.CLEARANCE, Status.REVIEW),
    }


# --- Nothing lost -------------------------------------------------------------------------


def test_eight_writers_on_eight_plans_lose_nothing(flow, at_once):
    """Each writes, sends and has it declined, over and over, while the others do the same."""
    places = [
        (unit, period, programme)
        for unit in ("tapson", "ngaixuyen")
        for period in ("2021", "2022")
        for programme in (APPROVED, ACKNOWLEDGED)
    ]
    documents = {
        flow.start(f"clerk@{unit}", period, programme=one): unit for unit, period, one in places
    }
    works = [
        partial(
            _write_and_send,
            flow.actor(f"clerk@{unit}"),
            flow.actor(f"leader@{unit}"),
            document_id,
            flow.now,
        )
        for document_id, unit in documents.items()
    ]
    assert at_once(*works) == [ROUNDS] * 8
    for document_id in documents:
        trail = [one.action for one in events(flow, document_id)]
        assert trail == ["start", *["send_for_clearance", "decline"] * ROUNDS]
        assert flow.state(document_id).lock_version == 1 + 2 * ROUNDS
        assert flow.text(document_id, 1)["s.purpose"] == f"Lần {ROUNDS}"
        assert flow.revision(document_id, 1)["edit_count"] == ROUNDS
    with system(flow.session, Purpose.RECONCILE):
        assert list(drifts(flow.session)) == []
        statement = select(func.count()).where(OutboxMessage.event_id.in_(_ids(flow, documents)))
        assert flow.session.scalar(statement) == 8 * 2 * ROUNDS


def _ids(flow: Flow, documents: dict[int, str]) -> list[int]:
    return [one.id for document_id in documents for one in events(flow, document_id)]


def _write_and_send(
    clerk: Actor, leader: Actor, document_id: int, now: Any, session: Session
) -> int:
    version = 1
    for number in range(1, ROUNDS + 1):
        bind(session, Scope.of(clerk))
        text = f"Lần {number}"
        saved = save_section(
            session, clerk, document_id, "s.purpose", text, seen=version, now=now + ONE_MINUTE
        )
        version = saved.saved
        session.commit()
        for actor, what in ((clerk, Act.SEND_FOR_CLEARANCE), (leader, Act.DECLINE)):
            bind(session, Scope.of(actor))
            seen = session.scalar(select(Document.lock_version).where(Document.id == document_id))
            inputs = Inputs(reason="Làm rõ")
            operations.do(session, actor, document_id, what, seen=seen, now=now, inputs=inputs)
            session.commit()
    return number


def test_eight_remarks_pinned_at_once_are_eight(flow, review, specialist, at_once):
    actor, now = flow.actor(specialist), flow.now

    def pin(number: int, session: Session) -> int:
        bind(session, Scope.of(actor))
        remarks.pin(session, actor, review, "", f"Nhận xét {number}", now=now)
        return number

    assert at_once(*[partial(pin, number) for number in range(8)]) == list(range(8))
    with system(flow.session, Purpose.RECONCILE):
        assert flow.session.scalar(select(func.count()).select_from(Remark)) == 8


# --- Without the lock ---------------------------------------------------------------------


def test_an_act_that_no_lock_held_is_refused_all_the_same(flow, review, approver):
    """The UPDATE itself asks for the version that was read: a row changed in between is not hit."""
    actor = flow.acting(approver)
    session, seen = flow.session, flow.state(review).lock_version
    document = session.get_one(Document, review)
    session.execute(
        Document.__table__.update()
        .where(Document.__table__.c.id == review)
        .values(lock_version=seen + 1)
    )
    context = operations.ActContext(session, document, actor, flow.now, Inputs())
    context.row = next(row for row in operations.offered(context) if row.act is Act.APPROVE)
    with pytest.raises(StaleError):
        operations._carry_out(context)
    session.rollback()
    assert flow.state(review).lock_version == seen
