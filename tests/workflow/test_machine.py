"""Anybody doing anything to a few documents: what must hold, holds after every step."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session
from support.databases import Databases
from support.flowworld import ACKNOWLEDGED, APPROVED, ONE_MINUTE, UNITS, Flow

from lth.access.scope import Purpose, Scope, revisions_seen, system
from lth.blueprints.web.extensions import db
from lth.core.errors import BlockedError, LthError
from lth.drafting.replies import answer_remark
from lth.models import (
    Document,
    Event,
    OutboxMessage,
    Remark,
    Revision,
    RevisionEditor,
    RoleAssignment,
)
from lth.models.document import SignForm, Status
from lth.models.opinion import Verdict
from lth.synthesis import take_over
from lth.workflow import operations, remarks
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.reconcile import drifts
from lth.workflow.table import rows

PLACES = (
    ("hai nơi as clerk@tapson", PLAN, APPROVED),
    ("clerk@ngaixuyen", PLAN, APPROVED),
    ("hai vai as clerk@tapson", PLAN, ACKNOWLEDGED),
    ("specialist@tracu", SYNTHESIS, APPROVED),
)
"""Who starts what: documents of 2021 that may feed one another, some by people of two posts, who
must then not judge them."""

ACTORS = (
    *("clerk@tapson", "leader@tapson", "observer@tapson", "clerk@ngaixuyen", "leader@ngaixuyen"),
    *("specialist@tracu", "finance_appraiser@tracu", "format_appraiser@tracu", "leader@tracu"),
    *("specialist@travinh", "leader@travinh"),
    *("hai vai as clerk@tapson", "hai vai as leader@tapson"),
    *("hai nơi as clerk@tapson", "hai nơi as specialist@tracu", "hai nơi as leader@tracu"),
)
DRAFTERS = tuple(who for who in ACTORS if "clerk@" in who or who.endswith("specialist@tracu"))
ONWARD = {
    Status.DRAFT: (Act.SEND_FOR_CLEARANCE, "drafter"),
    Status.RETURNED: (Act.SEND_FOR_CLEARANCE, "drafter"),
    Status.CLEARANCE: (Act.SUBMIT, "leader"),
    Status.SUBMITTED: (Act.OPEN, "specialist above"),
    Status.REVIEW: (Act.APPROVE, "leader above"),
    Status.APPROVED: (Act.ISSUE, "leader"),
}
JUDGING = {Act.GIVE_OPINION.value, Act.APPROVE.value}
SIGNING = {Act.SUBMIT.value, Act.ISSUE.value}

said = st.fixed_dictionaries(
    {
        "reason": st.sampled_from(["Làm rõ", "Làm rõ", ""]),
        "verdict": st.sampled_from([Verdict.AGREE, Verdict.AGREE, Verdict.DISAGREE, None]),
        "document_number": st.integers(1, 60).map("{}/KH-UBND".format),
        "sign_form": st.sampled_from([SignForm.TM, SignForm.KT, None]),
    }
)


class Workflow(RuleBasedStateMachine):
    """A few documents and everybody who may come near them."""

    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self.databases.restore("workflow")
        with self.databases.app.app_context():
            self.session = Session(db.engine)
        self.flow = Flow(self.session)
        self.hashes: dict[int, str] = {}
        self.acts = 0

    def teardown(self) -> None:
        with system(self.session, Purpose.RECONCILE):
            found = list(drifts(self.session))
        self.session.close()
        assert found == []

    @initialize(required=st.sampled_from([[], ["finance"]]), clears=st.booleans())
    def begin(self, required: list[str], clears: bool) -> None:
        self.flow.appoint("hai vai", "clerk@tapson", "leader@tapson")
        self.flow.appoint("hai nơi", "clerk@tapson", "specialist@tracu", "leader@tracu")
        self.flow.settle("tracu", required_opinions=required)
        self.flow.settle("ngaixuyen", clearance_needed=clears)
        self.documents = [self.flow.start(who, "2021", kind, one) for who, kind, one in PLACES]

    # --- What anybody may do --------------------------------------------------------------

    @rule(data=st.data(), index=st.integers(0, len(PLACES) - 1), steps=st.integers(1, 6))
    def go_on(self, data: st.DataObject, index: int, steps: int) -> None:
        """Some acts that pages offer, one after the other; guards may still refuse."""
        for _ in range(steps):
            offered = self._offered(self.documents[index])
            if offered:
                who, act = data.draw(st.sampled_from(offered))
                verdict = data.draw(st.sampled_from(Verdict)) if act is Act.GIVE_OPINION else None
                inputs = self._filled_in() | {"verdict": verdict}
                self._do(who, self.documents[index], act, inputs, allowed=(BlockedError,))

    @rule(index=st.integers(0, len(PLACES) - 1), steps=st.integers(1, 5))
    def hurry(self, index: int, steps: int) -> None:
        """Several acts up the road in a row, each by whoever should do it."""
        document_id, (drafter, _, programme) = self.documents[index], PLACES[index]
        unit = drafter.rpartition("@")[2]
        for _ in range(steps):
            step = ONWARD.get(self.flow.status(document_id))
            if step is None:
                return
            act, who = step
            if act is Act.SUBMIT and programme == ACKNOWLEDGED:
                act = Act.ISSUE
            name = drafter if who == "drafter" else f"{who}@{unit}"
            if who.endswith(" above"):
                name = f"{who.split()[0]}@{UNITS[unit][3]}"
            self._do(name, document_id, act, self._filled_in(), allowed=(LthError,))

    @rule(
        index=st.integers(0, len(PLACES) - 1),
        who=st.sampled_from(ACTORS),
        act=st.sampled_from(list(Act)),
        inputs=said,
        behind=st.sampled_from([0, 0, 1]),
    )
    def try_anything(
        self, index: int, who: str, act: Act, inputs: dict[str, Any], behind: int
    ) -> None:
        """An act that nobody offered, perhaps from a page that is out of date."""
        document_id = self.documents[index]
        seen = self.flow.state(document_id).lock_version - behind
        self._do(who, document_id, act, inputs, seen=max(seen, 1), allowed=(LthError,))

    @rule(index=st.integers(0, 2), who=st.sampled_from(DRAFTERS), text=st.sampled_from("ab"))
    def write(self, index: int, who: str, text: str) -> None:
        self._attempt(
            lambda: self.flow.write(who, self.documents[index], text), self.documents[index]
        )

    @rule(
        index=st.integers(0, 3),
        who=st.sampled_from(ACTORS),
        key=st.sampled_from(["", "s.purpose", "s.tasks"]),
    )
    def remark(self, index: int, who: str, key: str) -> None:
        actor, document_id = self.flow.acting(who), self.documents[index]
        self._attempt(
            lambda: remarks.pin(self.session, actor, document_id, key, "Rõ hơn", now=self.flow.now),
            document_id,
        )

    @precondition(lambda self: self._open_remarks())
    @rule()
    def answer(self) -> None:
        for remark_id, document_id, who in self._open_remarks():
            actor, now = self.flow.acting(who), self.flow.now
            self._attempt(
                lambda pair=(document_id, remark_id), actor=actor, now=now: answer_remark(
                    self.session, actor, *pair, "Đã rõ", now
                ),
                document_id,
            )

    @rule()
    def take_over_again(self) -> None:
        actor, document_id = self.flow.acting("specialist@tracu"), self.documents[3]
        self._attempt(
            lambda: take_over(self.session, actor, document_id, now=self.flow.now), document_id
        )

    @rule(index=st.integers(0, len(PLACES) - 1))
    def start_again(self, index: int) -> None:
        """Only where the one before was revoked."""
        who, kind, programme = PLACES[index]
        revoked = self.flow.status(self.documents[index]) is Status.REVOKED
        try:
            self.documents[index] = self.flow.start(who, "2021", kind, programme)
            assert revoked
        except BlockedError:
            self.session.rollback()
            assert not revoked

    @rule(minutes=st.sampled_from([1, 16]))
    def wait(self, minutes: int) -> None:
        self.flow.now += timedelta(minutes=minutes)

    def _filled_in(self) -> dict[str, Any]:
        number = f"{100 + self.acts}/KH-UBND"
        return {"reason": "Làm rõ", "document_number": number, "sign_form": SignForm.TM}

    def _offered(self, document_id: int) -> list[tuple[str, Act]]:
        found = []
        for who in ACTORS:
            actor = self.flow.acting(who)
            document = self.session.get_one(Document, document_id)
            if actor.unit_id in {document.unit_id, document.next_unit_id}:
                context = ActContext(self.session, document, actor, self.flow.now)
                found += [(who, row.act) for row in operations.offered(context)]
        return found

    def _do(
        self, who: str, document_id: int, act: Act, inputs: dict, *, allowed, seen=None
    ) -> None:
        day = self.flow.now.date()
        before = self.flow.state(document_id)
        try:
            done = self.flow.do(who, document_id, act, seen=seen, document_date=day, **inputs)
        except allowed:
            self.session.rollback()
            assert self.flow.state(document_id) == before
            return
        self.acts += 1
        assert self.flow.state(document_id).lock_version == before.lock_version + 1
        with system(self.session, Purpose.RECONCILE):
            moved = done.from_status, done.to_status
            assert moved[0] is before.status
            if act is not Act.UNDO:
                targets = {one.target or moved[0] for one in rows(moved[0], act)}
                assert moved[1] in targets

    def _attempt(self, work: Any, document_id: int) -> None:
        """Something beside the acts: done and committed, or refused; the state stays."""
        before = self.flow.state(document_id)
        self.flow.now += ONE_MINUTE
        try:
            work()
            self.session.commit()
        except LthError:
            self.session.rollback()
        assert self.flow.state(document_id) == before

    def _open_remarks(self) -> list[tuple[int, int, str]]:
        owners = dict(zip(getattr(self, "documents", ()), PLACES, strict=False))
        with system(self.session, Purpose.RECONCILE):
            statement = (
                select(Remark.id, Revision.document_id)
                .join(Revision, Revision.id == Remark.revision_id)
                .where(Remark.answered_at.is_(None), Remark.published_at.is_not(None))
            )
            found = self.session.execute(statement).all()
        return [
            (one, document_id, owners[document_id][0])
            for one, document_id in found
            if document_id in owners
        ]

    # --- What must hold -------------------------------------------------------------------

    def _all(self, statement: Any) -> list[Row]:
        with system(self.session, Purpose.RECONCILE):
            return list(self.session.execute(statement))

    @invariant()
    def stored_is_what_the_trail_says(self) -> None:
        with system(self.session, Purpose.RECONCILE):
            assert list(drifts(self.session, hashes=False)) == []

    @invariant()
    def one_document_is_live_at_each_place(self) -> None:
        live = select(func.count()).where(Document.status != Status.REVOKED)
        several = live.group_by(Document.unit_id, Document.period_id, Document.kind).having(
            func.count() > 1
        )
        assert self._all(several) == []

    @invariant()
    def what_is_frozen_keeps_its_hash(self) -> None:
        frozen = select(Revision.id, Revision.sha256).where(Revision.sha256.is_not(None))
        now = dict(tuple(row) for row in self._all(frozen))
        assert now | self.hashes == now
        self.hashes = now

    @invariant()
    def mail_goes_once_to_who_holds_a_role_there(self) -> None:
        key = (OutboxMessage.event_id, OutboxMessage.person_id, OutboxMessage.kind)
        assert self._all(select(*key).group_by(*key).having(func.count() > 1)) == []
        held = select(RoleAssignment.id).where(
            RoleAssignment.person_id == OutboxMessage.person_id,
            RoleAssignment.unit_id == OutboxMessage.unit_id,
        )
        assert self._all(select(OutboxMessage.id).where(~held.exists())) == []
        to_self = select(OutboxMessage.id).join(Event, Event.id == OutboxMessage.event_id)
        assert self._all(to_self.where(Event.person_id == OutboxMessage.person_id)) == []

    @invariant()
    def nobody_judged_or_signed_what_they_wrote(self) -> None:
        """Signing off what the next step approved is no judgement: issuing from *approved*."""
        judged = Event.action.in_(JUDGING) | (
            Event.action.in_(SIGNING) & (Event.from_status != Status.APPROVED)
        )
        cleared = (
            judged
            & (Event.role != "clerk")
            & ~((Event.role == "specialist") & Event.action.in_(SIGNING))
        )
        statement = (
            select(Event.id)
            .join(
                Revision,
                (Revision.document_id == Event.document_id)
                & (Revision.number == Event.revision_number),
            )
            .join(RevisionEditor, RevisionEditor.revision_id == Revision.id)
            .where(cleared, RevisionEditor.person_id == Event.person_id)
        )
        assert self._all(statement) == []

    @invariant()
    def nobody_outside_sees_a_draft(self) -> None:
        for who in ("specialist@tracu", "specialist@travinh", "clerk@ngaixuyen"):
            actor = self.flow.acting(who)
            scope = Scope.of(actor)
            foreign = select(Revision).where(
                revisions_seen(scope), Revision.unit_id != actor.unit_id
            )
            for revision in self.session.scalars(foreign):
                self._assert_may_see(revision, actor.unit_id, scope)
        self.session.rollback()

    def _assert_may_see(self, revision: Revision, unit_id: int, scope: Scope) -> None:
        assert revision.frozen_at is not None
        if revision.unit_id in scope.ancestor_ids:
            assert revision.issued_at is not None
        else:
            assert revision.unit_path.startswith(scope.path)
            assert revision.withdrawn_at is None
            if revision.next_unit_id != unit_id:
                assert revision.released_at is not None


@pytest.fixture
def machine(databases: Databases) -> Iterator[type[Workflow]]:
    yield type("BoundWorkflow", (Workflow,), {"databases": databases})


@pytest.mark.databases("sqlite")
def test_anybody_may_do_anything(machine: type[Workflow]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
