"""Every act of the table under a plain role within the policies, and the same on SQLite.

Each act is a transaction of its own, bound to the actor's scope, as a request is. What planning
asks of a plan's content is left out here.
"""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from world import NOON, World

from lth.access.scope import Purpose, bind, system
from lth.core.errors import NotFoundError, NotNowError, NotYoursError, StaleError
from lth.models import (
    Document,
    Event,
    OutboxMessage,
    Reception,
    Remark,
    Revision,
    Target,
    UnitSettings,
)
from lth.models.document import Mode, SignForm, Status
from lth.models.kind import Kind
from lth.models.opinion import Verdict
from lth.workflow import operations, reconcile, remarks
from lth.workflow.acts import Act
from lth.workflow.context import Inputs
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.registry import guard

REASON = Inputs(reason="Cần bổ sung số liệu.")
AGREE = Inputs(verdict=Verdict.AGREE)
SIGNED = Inputs(document_number="15/KH-UBND", document_date=date(2021, 5, 7), sign_form=SignForm.TM)
REVOKED = Inputs(reason="Sai căn cứ.", document_number="16/QĐ-UBND", document_date=date(2021, 5, 7))


@pytest.fixture(autouse=True)
def _content_is_complete(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the application has brought its own guards."""
    for name in ("nothing_missing", "no_errors", "warnings_explained", "takeover_stands"):
        monkeypatch.setitem(guard._functions, name, lambda case: None)


class Cycle:
    """One plan and the acts on it, each committed before the next."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world, self.now = session, world, NOON
        self.document_id = 0

    def start(self, who: str, status: Status, kind: Kind = PLAN) -> None:
        """Start a document in the period that is named after a state."""
        self.as_(who)
        actor, period = self.world.actors[who], self.world.periods[status]
        document, _ = operations.start(self.session, actor, period, kind, now=self.now)
        self.document_id = document.id
        self.session.commit()

    def does(self, who: str, act: Act, inputs: Inputs | None = None) -> Status:
        """The state that an act leads to."""
        self.as_(who)
        actor = self.world.actors[who]
        seen = self.session.scalar(
            select(Document.lock_version).where(Document.id == self.document_id)
        )
        event = operations.do(
            self.session, actor, self.document_id, act, seen=seen or 0, now=self.now, inputs=inputs
        )
        self.session.commit()
        with system(self.session, Purpose.RECONCILE):
            return self.session.scalars(select(Event).where(Event.id == event.id)).one().to_status

    def write(self, who: str, value: int) -> None:
        """Write one figure into the newest revision."""
        self.as_(who)
        document = self.session.get_one(Document, self.document_id)
        head = self.session.scalars(
            select(Revision).where(
                Revision.document_id == document.id, Revision.number == document.head_number
            )
        ).one()
        self.session.execute(delete(Target).where(Target.revision_id == head.id))
        self.session.add(
            Target(
                revision_id=head.id,
                line_key="clubs",
                indicator_id=self.world.indicator.id,
                phase_id=self.world.phases[Status.DRAFT].id,
                value_min=value,
                edited_at=self.now,
            )
        )
        self.session.commit()

    def as_(self, who: str) -> None:
        """Go on as somebody, a minute later."""
        self.now += timedelta(minutes=1)
        bind(self.session, self.world.scope(who))

    def told(self) -> set[str]:
        """To whom the last act was told, by name."""
        with system(self.session, Purpose.RECONCILE):
            last = select(Event.id).where(Event.document_id == self.document_id)
            newest = self.session.scalars(last.order_by(Event.seq.desc()).limit(1)).one()
            ids = self.session.scalars(
                select(OutboxMessage.person_id).where(OutboxMessage.event_id == newest)
            )
            names = {person.id: name for name, person in self.world.people.items()}
            return {names[one] for one in ids}

    def drifts(self) -> list[object]:
        with system(self.session, Purpose.RECONCILE):
            return [
                one for one in reconcile.drifts(self.session) if one.document_id == self.document_id
            ]


@pytest.fixture
def cycle(session: Session, world: World) -> Cycle:
    return Cycle(session, world)


def test_the_whole_way_up_and_back(cycle: Cycle) -> None:
    cycle.start("clerk@B", Status.DRAFT)
    cycle.write("clerk@B", 5)
    assert cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.DECLINE, REASON) is Status.DRAFT
    assert cycle.does("leader@B", Act.UNDO) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.SUBMIT) is Status.SUBMITTED
    assert cycle.does("leader@B", Act.UNDO) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.SUBMIT) is Status.SUBMITTED
    assert cycle.does("leader@B", Act.RECALL) is Status.DRAFT
    cycle.write("clerk@B", 6)
    assert cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.SUBMIT) is Status.SUBMITTED
    assert cycle.told() == {"specialist@D", "clerk@B"}
    assert cycle.does("specialist@D", Act.OPEN) is Status.REVIEW
    assert cycle.does("specialist@D", Act.UNDO) is Status.SUBMITTED
    assert cycle.does("specialist@D", Act.OPEN) is Status.REVIEW
    assert cycle.drifts() == []


def _to_review(cycle: Cycle) -> None:
    cycle.start("clerk@B", Status.DRAFT)
    cycle.write("clerk@B", 5)
    cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE)
    cycle.does("leader@B", Act.SUBMIT)
    cycle.does("specialist@D", Act.OPEN)


def test_an_appraisal_returned_mended_and_approved(cycle: Cycle, session: Session) -> None:
    _to_review(cycle)
    for who in ("specialist@D", "finance_appraiser@D", "format_appraiser@D"):
        assert cycle.does(who, Act.GIVE_OPINION, AGREE) is Status.REVIEW
    assert cycle.does("format_appraiser@D", Act.UNDO) is Status.REVIEW
    cycle.as_("specialist@D")
    remarks.pin(
        session,
        cycle.world.actors["specialist@D"],
        cycle.document_id,
        "clubs",
        "Nêu rõ nguồn số liệu.",
        now=cycle.now,
    )
    session.commit()
    assert cycle.does("specialist@D", Act.RETURN, REASON) is Status.RETURNED
    assert cycle.does("specialist@D", Act.UNDO) is Status.REVIEW
    assert cycle.does("specialist@D", Act.RETURN, REASON) is Status.RETURNED
    _answer(cycle, session)
    cycle.write("clerk@B", 8)
    assert cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.DECLINE, REASON) is Status.RETURNED
    assert cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.SUBMIT) is Status.SUBMITTED
    assert cycle.does("specialist@D", Act.OPEN) is Status.REVIEW
    assert cycle.does("leader@D", Act.APPROVE) is Status.APPROVED
    assert cycle.does("leader@D", Act.UNDO) is Status.REVIEW
    assert cycle.does("leader@D", Act.APPROVE) is Status.APPROVED
    assert cycle.does("leader@D", Act.REOPEN, REASON) is Status.REVIEW
    assert cycle.does("leader@D", Act.UNDO) is Status.APPROVED
    assert cycle.does("leader@B", Act.ISSUE, SIGNED) is Status.ISSUED
    assert cycle.does("leader@B", Act.UNDO) is Status.APPROVED
    assert cycle.does("leader@B", Act.ISSUE, SIGNED) is Status.ISSUED
    assert cycle.drifts() == []


def _answer(cycle: Cycle, session: Session) -> None:
    """The clerk answers the one remark that the return has published."""
    cycle.as_("clerk@B")
    on_this = select(Revision.id).where(Revision.document_id == cycle.document_id)
    answered = session.execute(
        update(Remark)
        .where(Remark.revision_id.in_(on_this))
        .values(answer="Đã bổ sung.", answered_at=cycle.now)
    )
    assert answered.rowcount == 1
    session.commit()


def test_amended_revoked_and_undone(cycle: Cycle, session: Session) -> None:
    _to_review(cycle)
    cycle.does("leader@D", Act.APPROVE)
    cycle.does("leader@B", Act.ISSUE, SIGNED)
    assert cycle.does("clerk@B", Act.AMEND, REASON) is Status.DRAFT
    assert cycle.does("clerk@B", Act.UNDO) is Status.ISSUED
    assert cycle.does("clerk@B", Act.AMEND, REASON) is Status.DRAFT
    cycle.write("clerk@B", 9)
    cycle.as_("specialist@P")
    document = session.get_one(Document, cycle.document_id)
    assert (document.in_force_number, document.released_number) == (1, 1)
    cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE)
    cycle.does("leader@B", Act.SUBMIT)
    cycle.does("specialist@D", Act.OPEN)
    cycle.does("leader@D", Act.APPROVE)
    again = Inputs(
        document_number="17/KH-UBND", document_date=SIGNED.document_date, sign_form=SignForm.TM
    )
    cycle.does("leader@B", Act.ISSUE, again)
    assert cycle.does("leader@B", Act.REVOKE, REVOKED) is Status.REVOKED
    assert cycle.does("leader@B", Act.UNDO) is Status.ISSUED
    assert cycle.does("leader@B", Act.REVOKE, REVOKED) is Status.REVOKED
    assert cycle.drifts() == []


def test_received_by_acknowledgement(cycle: Cycle, session: Session, world: World) -> None:
    with system(session, Purpose.LOAD):
        here = {"unit_id": world.units["D"].id, "programme_id": world.programme.id}
        session.execute(update(Reception).filter_by(**here).values(mode=Mode.ACKNOWLEDGE))
    session.commit()
    cycle.start("clerk@B", Status.DRAFT)
    cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE)
    assert cycle.does("leader@B", Act.ISSUE, SIGNED) is Status.ISSUED
    assert cycle.does("leader@B", Act.UNDO) is Status.CLEARANCE
    assert cycle.does("leader@B", Act.ISSUE, SIGNED) is Status.ISSUED
    assert cycle.does("specialist@D", Act.ACKNOWLEDGE) is Status.ISSUED
    assert cycle.does("specialist@D", Act.UNDO) is Status.ISSUED
    assert cycle.does("specialist@D", Act.ACKNOWLEDGE) is Status.ISSUED
    assert cycle.drifts() == []


def test_a_synthesis_without_clearance_and_a_plan_at_the_top(
    cycle: Cycle, session: Session, world: World
) -> None:
    with system(session, Purpose.LOAD):
        session.execute(update(UnitSettings).values(clearance_needed=False))
    session.commit()
    cycle.start("specialist@D", Status.DRAFT, SYNTHESIS)
    assert cycle.does("specialist@D", Act.SUBMIT) is Status.SUBMITTED
    assert cycle.does("specialist@D", Act.RECALL) is Status.DRAFT
    assert cycle.does("specialist@D", Act.UNDO) is Status.SUBMITTED
    assert cycle.does("specialist@P", Act.OPEN) is Status.REVIEW
    assert cycle.does("leader@P", Act.APPROVE) is Status.APPROVED
    assert cycle.does("leader@D", Act.ISSUE, SIGNED) is Status.ISSUED
    assert cycle.drifts() == []


@pytest.mark.parametrize(
    ("who", "act", "error"),
    [
        ("clerk@C", Act.RECALL, NotFoundError),  # another branch
        ("clerk@A", Act.RECALL, NotFoundError),  # a sibling
        ("system_admin", Act.RECALL, NotFoundError),
        ("specialist@P", Act.OPEN, NotYoursError),  # further above
        ("observer@D", Act.OPEN, NotYoursError),
        ("observer@B", Act.RECALL, NotYoursError),
        ("unit_admin@B", Act.RECALL, NotYoursError),
        ("clerk@D", Act.OPEN, NotYoursError),
        ("leader@D", Act.APPROVE, NotNowError),  # not opened yet
        ("leader@B", Act.ISSUE, NotNowError),
    ],
)
def test_who_may_not_is_told_the_same_on_both_databases(
    cycle: Cycle, who: str, act: Act, error: type[Exception]
) -> None:
    cycle.document_id = cycle.world.documents["B.submitted"].id
    with pytest.raises(error):
        cycle.does(who, act, SIGNED)


def test_what_was_recalled_meanwhile_is_stale_and_not_out_of_reach(
    cycle: Cycle, session: Session
) -> None:
    """The district's page is out of date: it is told what happened, by whom."""
    cycle.document_id = cycle.world.documents["B.submitted"].id
    cycle.does("clerk@B", Act.RECALL)
    cycle.as_("specialist@D")
    actor = cycle.world.actors["specialist@D"]
    with pytest.raises(StaleError) as stale:
        operations.do(session, actor, cycle.document_id, Act.OPEN, seen=3, now=cycle.now)
    assert "clerk@B" in str(stale.value)


def test_an_undo_is_not_offered_once_the_unit_below_has_acted_unseen(cycle: Cycle) -> None:
    """A private act below is an act since, though the district cannot read it."""
    _to_review(cycle)
    cycle.does("specialist@D", Act.RETURN, REASON)
    cycle.does("clerk@B", Act.SEND_FOR_CLEARANCE)
    with pytest.raises(NotNowError):
        cycle.does("specialist@D", Act.UNDO)
