"""Those who sign for others: what they may do, when, as whom, and what is kept of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support.flowworld import ACKNOWLEDGED, APPROVED, SAID, SIGNED, Flow
from support.standin import NUMBER, TODAY, called, desk_of, end, let_sign

from lth import quotas
from lth.access import delegations
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import delegation_commands
from lth.administration.context import AdminContext
from lth.core.errors import BlockedError, LthError, NotYoursError, StaleError
from lth.models import Document, Unit
from lth.models.delegation import Subject
from lth.models.document import SignForm, Status
from lth.workflow import audiences, documents, operations, remarks, revisions, waiting
from lth.workflow.acts import Act, By, Place
from lth.workflow.context import ActContext, Inputs
from lth.workflow.inbox import InboxState, listing
from lth.workflow.kinds import PLAN, SYNTHESIS

WHO = {"own": ("leader@tapson", "specialist@tapson"), "below": ("leader@tracu", "clerk@tracu")}


@pytest.fixture
def deputy(flow: Flow) -> str:
    """Signs KT. for the leader of Tập Sơn this week."""
    return let_sign(flow, "leader@tapson", "specialist@tapson")


@pytest.fixture
def deputy_above(flow: Flow) -> str:
    """Signs KT. for the leader of Trà Cú this week."""
    return let_sign(flow, "leader@tracu", "clerk@tracu")


def offered(flow: Flow, who: str, document_id: int) -> set[Act]:
    """The acts that the page offers somebody, apart from undoing."""
    actor = flow.acting(who)
    document = documents.get(flow.session, document_id, Scope.of(actor))
    context = ActContext(flow.session, document, actor, flow.now)
    return {row.act for row in operations.offered(context, undo=False)}


def waits(flow: Flow, who: str) -> set[int]:
    """The documents that are somebody's to move on."""
    actor = flow.acting(who)
    chosen = select(Document.id).where(waiting.turn(flow.session, actor))
    return set(flow.session.scalars(chosen))


def edits(flow: Flow, who: str, document_id: int) -> None:
    """Have somebody count as one who wrote in the newest revision."""
    number = flow.state(document_id).head_number
    with system(flow.session, Purpose.LOAD):
        revision_id = flow.revision(document_id, number)["id"]
        revisions.note_editor(flow.session, revision_id, flow.actor(who).person_id)
    flow.session.commit()


# --- What they may do ---------------------------------------------------------------------


def test_a_deputy_does_what_the_leader_does(flow, deputy, clearance):
    assert offered(flow, deputy, clearance) == offered(flow, "leader@tapson", clearance)
    assert waits(flow, deputy) == waits(flow, "leader@tapson")
    flow.do(deputy, clearance, Act.SUBMIT)
    assert flow.status(clearance) is Status.SUBMITTED


def test_a_deputy_above_approves(flow, deputy_above, review):
    flow.do(deputy_above, review, Act.APPROVE)
    assert flow.status(review) is Status.APPROVED


SUBJECTS = {Subject.ALL: (True, True), Subject.OWN: (True, False), Subject.BELOW: (False, True)}


@pytest.mark.parametrize("subject", Subject)
def test_only_documents_of_the_subject_are_offered(flow, subject):
    """Of huyện Trà Cú's own documents and of those that its communes send up."""
    who = let_sign(flow, "leader@tracu", "clerk@tracu", subject=subject)
    own, below = SUBJECTS[subject]
    mine = flow.document("tracu", Status.CLEARANCE, SYNTHESIS)
    theirs = flow.document("tapson", Status.REVIEW)
    assert (Act.SUBMIT in offered(flow, who, mine)) is own
    assert (Act.APPROVE in offered(flow, who, theirs)) is below
    assert (mine in waits(flow, who)) is own
    assert (theirs in waits(flow, who)) is below
    document = documents.get(flow.session, theirs, Scope.of(flow.acting(who)))
    assert remarks.may_pin(document, flow.actor(who)) is below


@pytest.mark.parametrize(
    ("subject", "unit", "state", "act"),
    [
        (Subject.OWN, "tapson", Status.REVIEW, Act.APPROVE),
        (Subject.BELOW, "tracu", Status.CLEARANCE, Act.SUBMIT),
    ],
)
def test_an_act_outside_the_subject_is_refused(flow, subject, unit, state, act):
    who = let_sign(flow, "leader@tracu", "clerk@tracu", subject=subject)
    kind = PLAN if unit == "tapson" else SYNTHESIS
    with pytest.raises(NotYoursError):
        flow.do(who, flow.document(unit, state, kind), act)


@pytest.mark.parametrize("programme", [APPROVED, ACKNOWLEDGED])
def test_only_documents_of_the_programme_are_offered(flow, programme):
    lent = flow.period("2021", programme).programme_id
    who = let_sign(flow, "leader@tapson", "specialist@tapson", programme_id=lent)
    for one in (APPROVED, ACKNOWLEDGED):
        document_id = flow.document("tapson", Status.CLEARANCE, programme=one)
        wanted = one == programme
        assert bool(offered(flow, who, document_id)) is wanted
        assert (document_id in waits(flow, who)) is wanted
        programme_id = flow.period("2021", one).programme_id
        assert quotas.gives(flow.actor(who), programme_id) is wanted
        assert quotas.receives(flow.actor(who), programme_id) is wanted


def test_quotas_belong_to_ones_own_documents(flow):
    who = let_sign(flow, "leader@tracu", "clerk@tracu", subject=Subject.BELOW)
    programme_id = flow.period("2021").programme_id
    assert not quotas.gives(flow.actor(who), programme_id)
    assert not quotas.receives(flow.actor(who), programme_id)


def test_lists_and_offers_agree_for_whoever_signs_for_another(flow):
    """What the review desk marks as one's turn is what the document's page lets one do."""
    lent = flow.period("2021", APPROVED).programme_id
    said = {"subject": Subject.BELOW, "programme_id": lent}
    who = let_sign(flow, "leader@tracu", "clerk@tracu", **said)
    turned = 0
    for state in (Status.REVIEW, Status.SUBMITTED, Status.APPROVED):
        for programme in (APPROVED, ACKNOWLEDGED):
            if programme == ACKNOWLEDGED and state is not Status.REVIEW:
                continue
            period = flow.period(state.value, programme)
            found = listing(flow.session, flow.acting(who), period.id, PLAN)
            for line in found.lines:
                if line.state is InboxState.MISSING:
                    continue
                forward = offered(flow, who, line.document_id) & waiting.FORWARD
                assert (line.act is not None) is bool(forward)
                turned += line.act is not None
    assert turned


def test_they_draft_nothing_in_the_leaders_role(flow, deputy):
    with pytest.raises(NotYoursError):
        flow.start(deputy)


# --- When ---------------------------------------------------------------------------------

HANOI_MIDNIGHT = datetime(2021, 5, 12, 17, tzinfo=UTC)
"""00:00 of 13 May 2021 in Viet Nam."""


def days(flow: Flow, first: int, last: int) -> str:
    may = TODAY.replace(day=1)
    said = {"starts_on": may.replace(day=first), "ends_on": may.replace(day=last)}
    return let_sign(flow, "leader@tapson", "specialist@tapson", **said)


def tries(flow: Flow, who: str, document_id: int, moment: datetime) -> str:
    """What an act at a moment comes to: the refusal's words, or none."""
    actor, seen = flow.acting(who), flow.state(document_id).lock_version
    flow.acting(who)
    try:
        operations.do(flow.session, actor, document_id, Act.SUBMIT, seen=seen, now=moment)
    except NotYoursError as error:
        return str(error)
    finally:
        flow.session.rollback()
    return ""


def test_the_last_day_ends_at_midnight_in_viet_nam(flow, clearance):
    who = days(flow, 7, 12)
    assert tries(flow, who, clearance, HANOI_MIDNIGHT - timedelta(seconds=1)) == ""
    refused = tries(flow, who, clearance, HANOI_MIDNIGHT)
    assert f"QĐ số {NUMBER} ngày 2021-05-07" in refused
    assert "chỉ có hiệu lực đến hết ngày 2021-05-12" in refused


def test_the_first_day_begins_at_midnight_in_viet_nam(flow, clearance):
    who = days(flow, 13, 14)
    refused = tries(flow, who, clearance, HANOI_MIDNIGHT - timedelta(seconds=1))
    assert "có hiệu lực từ ngày 2021-05-13" in refused
    assert tries(flow, who, clearance, HANOI_MIDNIGHT) == ""


def test_what_was_ended_lends_nothing_from_then_on(flow, deputy, clearance):
    end(flow, "leader@tapson", deputy)
    refused = tries(flow, deputy, clearance, flow.now + timedelta(minutes=1))
    assert f"QĐ số {NUMBER} ngày 2021-05-07 đã được kết thúc lúc" in refused
    assert "thay leader@tapson" in refused
    assert flow.status(clearance) is Status.CLEARANCE


def test_it_is_read_anew_under_the_transaction(flow, clearance, engine: Engine):
    """Another session knows nothing of what this one has loaded before."""
    deputy = let_sign(flow, "leader@tapson", "specialist@tapson")
    with Session(engine) as other:
        actor = flow.actor(deputy)
        bind(other, Scope.of(actor))
        delegations.standing(other, actor.on_behalf.delegation_id)
        other.rollback()
        end(flow, "leader@tapson", deputy)
        seen = flow.state(clearance).lock_version
        flow.session.commit()
        with pytest.raises(NotYoursError):
            operations.do(other, actor, clearance, Act.SUBMIT, seen=seen, now=flow.now)


# --- Separation ---------------------------------------------------------------------------


@pytest.mark.parametrize("author", ["specialist@tapson", "leader@tapson"])
def test_nobody_clears_what_they_or_the_giver_wrote(flow, deputy, clearance, author):
    edits(flow, author, clearance)
    with pytest.raises(BlockedError, match="hoặc người giao ký đã soạn"):
        flow.do(deputy, clearance, Act.SUBMIT)


@pytest.mark.parametrize("author", ["clerk@tracu", "leader@tracu"])
def test_nobody_approves_what_they_or_the_giver_wrote(flow, deputy_above, draft, author):
    edits(flow, author, draft)
    flow.do("clerk@tapson", draft, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@tapson", draft, Act.SUBMIT)
    flow.do("specialist@tracu", draft, Act.OPEN)
    with pytest.raises(BlockedError, match="hoặc người giao ký đã soạn"):
        flow.do(deputy_above, draft, Act.APPROVE)


def test_the_drafter_does_not_sign_their_own_approved_draft_this_way(flow, approved):
    who = let_sign(flow, "leader@tapson", "clerk@tapson")
    with pytest.raises(BlockedError) as refused:
        flow.do(who, approved, Act.ISSUE, **SIGNED | {"sign_form": SignForm.TM_KT})
    assert len(refused.value.messages) == 1


def test_of_a_power_passed_on_the_first_giver_counts_too(flow, clearance):
    acting = let_sign(flow, "leader@tapson", "specialist@tapson", form=SignForm.Q)
    who = let_sign(flow, acting, "finance_appraiser@tapson")
    edits(flow, "leader@tapson", clearance)
    with pytest.raises(BlockedError):
        flow.do(who, clearance, Act.SUBMIT)


# --- What is kept -------------------------------------------------------------------------


def test_the_event_keeps_both_names_and_the_decision_as_they_were(flow, deputy, clearance):
    event = flow.do(deputy, clearance, Act.SUBMIT)
    assert event.data["on_behalf"] == {
        "delegation_id": flow.actor(deputy).on_behalf.delegation_id,
        "person": "specialist@tapson",
        "giver": "leader@tapson",
        "form": "KT",
        "number": NUMBER,
        "decided_on": TODAY.isoformat(),
    }
    assert event.person_id == flow.actor("specialist@tapson").person_id


def test_an_act_in_ones_own_right_keeps_no_decision(flow, clearance):
    assert "on_behalf" not in flow.do("leader@tapson", clearance, Act.SUBMIT).data


def test_whoever_comes_late_is_told_who_signed_for_whom(flow, deputy, clearance):
    seen = flow.state(clearance).lock_version
    flow.do(deputy, clearance, Act.SUBMIT)
    with pytest.raises(StaleError, match=r"specialist@tapson ký thay leader@tapson theo QĐ số"):
        flow.do("leader@tapson", clearance, Act.SUBMIT, seen=seen)


def test_undoing_belongs_to_the_same_decision(flow, clearance):
    """A leader of the unit who also signs for the head takes back what was done so, and only so."""
    flow.appoint("phó", "leader@tapson")
    deputy = let_sign(flow, "leader@tapson", "phó as leader@tapson")
    flow.do(deputy, clearance, Act.SUBMIT)
    with pytest.raises(LthError):
        flow.do("phó as leader@tapson", clearance, Act.UNDO)
    flow.do(deputy, clearance, Act.UNDO)
    assert flow.status(clearance) is Status.CLEARANCE


# --- Signing ------------------------------------------------------------------------------


@pytest.fixture
def of_age(flow: Flow) -> None:
    called(flow, "leader@tapson", "Chủ tịch UBND xã")
    called(flow, "specialist@tapson", "Phó Chủ tịch UBND xã")


@pytest.mark.parametrize(
    ("form", "signed", "lines"),
    [
        (
            SignForm.KT,
            SignForm.TM_KT,
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ),
        (SignForm.TL, SignForm.TL, ["TL. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (SignForm.TUQ, SignForm.TUQ, ["TUQ. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (SignForm.Q, SignForm.Q, ["Q. CHỦ TỊCH"]),
    ],
)
def test_issuing_writes_the_block_and_undoing_takes_it_away(
    flow, of_age, approved, form, signed, lines
):
    who = let_sign(flow, "leader@tapson", "specialist@tapson", form=form)
    flow.do(who, approved, Act.ISSUE, **SIGNED | {"sign_form": signed})
    head = flow.revision(approved, flow.state(approved).head_number)
    assert head["signature"]["lines"] == lines
    assert head["signature"]["for_name"] == "leader@tapson"
    assert head["signed_by_id"] == flow.actor("specialist@tapson").person_id
    flow.do(who, approved, Act.UNDO)
    assert flow.revision(approved, flow.state(approved).head_number)["signature"] is None


@pytest.mark.parametrize("form", [SignForm.KT, SignForm.TL, SignForm.TUQ, SignForm.Q])
@pytest.mark.parametrize("signed", SignForm)
def test_a_signature_that_does_not_fit_the_decision_is_refused(flow, approved, form, signed):
    who = let_sign(flow, "leader@tapson", "specialist@tapson", form=form)
    fitting = {
        SignForm.KT: {SignForm.KT, SignForm.TM_KT},
        SignForm.TL: {SignForm.TL},
        SignForm.TUQ: {SignForm.TUQ},
        SignForm.Q: {SignForm.Q, SignForm.TM},
    }[form]
    if signed in fitting:
        flow.do(who, approved, Act.ISSUE, **SIGNED | {"sign_form": signed})
        return
    with pytest.raises(BlockedError, match="hình thức ký phải là") as refused:
        flow.do(who, approved, Act.ISSUE, **SIGNED | {"sign_form": signed})
    assert refused.value.messages[0].field == "sign_form"


def test_the_leaders_own_signature_leaves_no_block(flow, approved):
    flow.do("leader@tapson", approved, Act.ISSUE, **SIGNED)
    assert flow.revision(approved, flow.state(approved).head_number)["signature"] is None


def test_a_deputy_revokes(flow, deputy, issued):
    said = SAID | {"document_number": "300/QĐ-UBND"}
    event = flow.do(deputy, issued, Act.REVOKE, **said)
    assert event.data["on_behalf"]["giver"] == "leader@tapson"


# --- Mail ---------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", Subject)
def test_mail_reaches_whoever_the_document_is_for(flow, submitted, subject):
    """The leaders of the next step hear of what is asked back; a deputy only of their subject."""
    who = let_sign(flow, "leader@tracu", "clerk@tracu", subject=subject)
    document = documents.get(flow.session, submitted, Scope.of(flow.acting("leader@tracu")))
    context = ActContext(flow.session, document, flow.actor("leader@tracu"), flow.now)
    with system(flow.session, Purpose.TELL):
        told = {person_id for person_id, *_ in audiences.next_leaders(context)}
    wanted = {flow.actor("leader@tracu").person_id}
    if subject is not Subject.OWN:
        wanted.add(flow.actor(who).person_id)
    assert told == wanted


def test_mail_stops_with_the_decision(flow, deputy, draft):
    event = flow.do("clerk@tapson", draft, Act.SEND_FOR_CLEARANCE)
    assert flow.told(event) == {"leader@tapson", "specialist@tapson"}
    flow.do("leader@tapson", draft, Act.DECLINE, reason="Xem lại")
    end(flow, "leader@tapson", deputy)
    event = flow.do("clerk@tapson", draft, Act.SEND_FOR_CLEARANCE)
    assert flow.told(event) == {"leader@tapson"}


def test_mail_keeps_to_the_programme(flow, draft):
    other = flow.period("2021", ACKNOWLEDGED).programme_id
    let_sign(flow, "leader@tapson", "specialist@tapson", programme_id=other)
    event = flow.do("clerk@tapson", draft, Act.SEND_FOR_CLEARANCE)
    assert flow.told(event) == {"leader@tapson"}


# --- At once ------------------------------------------------------------------------------


@pytest.fixture
def at_once(engine: Engine, flow: Flow):
    """Do two things at the same moment; what each gave, or the refusal it met."""

    def run(*works):
        flow.session.commit()
        start = Barrier(len(works), timeout=30)
        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(lambda work: alone(engine, start, work), works))

    return run


def alone(engine: Engine, start: Barrier, work):
    with Session(engine) as session:
        start.wait()
        try:
            done = work(session)
            session.commit()
        except LthError as error:
            session.rollback()
            return error
        return done


def approving(flow: Flow, who: str, document_id: int):
    actor, seen, now = flow.actor(who), flow.state(document_id).lock_version, flow.now

    def work(session: Session) -> str:
        bind(session, Scope.of(actor))
        said = Inputs(**SAID)
        operations.do(session, actor, document_id, Act.APPROVE, seen=seen, now=now, inputs=said)
        return "approve"

    return work


def ending(flow: Flow, who: str, delegation_id: int):
    def work(session: Session) -> str:
        actor = flow.actor(who)
        bind(session, Scope.of(actor))
        work = AdminContext(session, actor, session.get_one(Unit, actor.unit_id), flow.now)
        assert delegation_commands.end(work, delegation_id)
        return "end"

    return work


@pytest.mark.parametrize("round_", range(4))
def test_an_end_and_an_approval_at_once_leave_no_approval_after_the_end(
    flow, deputy_above, review, at_once, round_
):
    """Either the approval came first and stands, or it is refused; the end stands in any case."""
    lent = flow.actor(deputy_above).on_behalf
    flow.actor("leader@tracu")
    works = [
        approving(flow, deputy_above, review),
        ending(flow, "leader@tracu", lent.delegation_id),
    ]
    if round_ % 2:
        works.reverse()
    results = at_once(*works)
    approved, ended = results if round_ % 2 == 0 else reversed(results)
    assert ended == "end"
    if isinstance(approved, LthError):
        assert isinstance(approved, NotYoursError)
        assert flow.status(review) is Status.REVIEW
    else:
        assert flow.status(review) is Status.APPROVED
    with pytest.raises(LthError):
        flow.do(deputy_above, review, Act.REOPEN, reason="Xem lại")


LOOKS = 0.4
"""Seconds given to the second one to go wrong while the first has not finished."""


def test_an_approval_waits_for_an_end_that_is_not_yet_committed(
    flow, deputy_above, review, engine: Engine
):
    lent, approve = flow.actor(deputy_above).on_behalf, approving(flow, deputy_above, review)
    flow.session.commit()
    assert delegation_commands.end(desk_of(flow, "leader@tracu"), lent.delegation_id)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(alone, engine, Barrier(1), approve)
        with pytest.raises(TimeoutError):
            other.result(LOOKS)
        flow.session.commit()
        assert isinstance(other.result(), NotYoursError)
    assert flow.status(review) is Status.REVIEW


def test_an_end_waits_for_an_approval_that_is_not_yet_committed(
    flow, deputy_above, review, engine: Engine
):
    lent, approve = flow.actor(deputy_above).on_behalf, approving(flow, deputy_above, review)
    end_it = ending(flow, "leader@tracu", lent.delegation_id)
    flow.session.commit()
    with Session(engine) as first, ThreadPoolExecutor(1) as pool:
        approve(first)
        other = pool.submit(alone, engine, Barrier(1), end_it)
        with pytest.raises(TimeoutError):
            other.result(LOOKS)
        first.commit()
        assert other.result() == "end"
    assert flow.status(review) is Status.APPROVED


# --- The table ----------------------------------------------------------------------------


def test_no_act_of_the_table_reaches_beyond_what_was_lent(flow):
    """Each state, each place: the acts of a deputy are the leader's, cut to the subject."""
    lent = {one: let_sign_as(flow, one) for one in (Subject.OWN, Subject.BELOW)}
    for state in Status:
        document_id = flow.document("tapson", state)
        for subject, (unit, who) in lent.items():
            full = offered(flow, f"leader@{unit}", document_id)
            document = documents.get(flow.session, document_id, Scope.of(flow.acting(who)))
            places = ActContext(flow.session, document, flow.actor(who), flow.now).places
            own = unit == "tapson"
            reaches = (subject is Subject.OWN) is own
            assert bool(places) is reaches
            assert offered(flow, who, document_id) == (full if reaches else set())
            role = flow.actor(who).role
            assert places <= {By(role, Place.OWN if own else Place.NEXT)}


def let_sign_as(flow: Flow, subject: Subject) -> tuple[str, str]:
    giver, receiver = WHO["own" if subject is Subject.OWN else "below"]
    unit = giver.partition("@")[2]
    return unit, let_sign(flow, giver, receiver, subject=subject)
