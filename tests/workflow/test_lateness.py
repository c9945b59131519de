"""Lateness stays on record: with the act, by the day then in force, whatever is moved later."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from support.flowworld import NOON, Flow

from lth.access.scope import Purpose, Scope, system
from lth.blueprints.document.timeline import timeline
from lth.blueprints.document.wording import sent_late
from lth.models import Deadline, Document, Event, Revision
from lth.models.document import Status
from lth.workflow import documents, inbox
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN

FRIDAY = NOON.date()
"""The day on which the flow's acts are done, 7 May 2021."""


def days_late(flow: Flow, document_id: int) -> int | None:
    """What the revision that was sent last keeps."""
    with system(flow.session, Purpose.RECONCILE):
        return flow.session.scalar(
            select(Revision.days_late)
            .join(Document, Document.id == Revision.document_id)
            .where(Document.id == document_id, Revision.number == Document.sent_number)
        )


def recorded(flow: Flow, document_id: int) -> list[dict | None]:
    """What each event keeps of lateness, the oldest first."""
    with system(flow.session, Purpose.RECONCILE):
        events = flow.session.scalars(
            select(Event).where(Event.document_id == document_id).order_by(Event.seq)
        )
        return [event.data.get("late") for event in events]


def move(flow: Flow, document_id: int, **columns: date) -> None:
    with system(flow.session, Purpose.LOAD):
        document = flow.session.get_one(Document, document_id)
        flow.session.execute(
            update(Deadline).where(Deadline.period_id == document.period_id).values(**columns)
        )
    flow.session.commit()


@pytest.mark.parametrize(
    ("due", "late"),
    [
        (FRIDAY + timedelta(days=1), None),
        (FRIDAY, None),
        (FRIDAY - timedelta(days=1), 1),
        (FRIDAY - timedelta(days=7), 4),  # Friday 30 April; the Monday after is off for 1 May
    ],
)
def test_working_days_after_the_day_in_force_are_kept(flow, clearance, leader, due, late):
    flow.set_due(clearance, due)
    flow.do(leader, clearance, Act.SUBMIT)
    assert days_late(flow, clearance) == late
    last = recorded(flow, clearance)[-1]
    assert last == (None if late is None else {"day": due.isoformat(), "workdays": late})


def test_it_does_not_change_when_the_deadline_is_moved_or_taken_back(flow, clearance, leader):
    flow.set_due(clearance, FRIDAY - timedelta(days=1))
    flow.do(leader, clearance, Act.SUBMIT)
    move(flow, clearance, due_on=date(2021, 12, 31), latest_on=date(2021, 12, 31))
    assert days_late(flow, clearance) == 1
    assert recorded(flow, clearance)[-1]["workdays"] == 1


def test_the_time_that_was_granted_counts(flow, clearance, leader, specialist, clerk):
    flow.set_due(clearance, FRIDAY - timedelta(days=1))
    flow.do(clerk, clearance, Act.ASK_EXTENSION, reason="Nghỉ", until=FRIDAY)
    flow.do(specialist, clearance, Act.GRANT_EXTENSION)
    flow.do(leader, clearance, Act.SUBMIT)
    assert days_late(flow, clearance) is None


def test_a_sending_that_is_undone_or_recalled_leaves_the_one_before(flow, clearance, leader):
    flow.set_due(clearance, FRIDAY - timedelta(days=1))
    flow.do(leader, clearance, Act.SUBMIT)
    flow.do(leader, clearance, Act.UNDO)
    assert days_late(flow, clearance) is None
    flow.do(leader, clearance, Act.SUBMIT)
    flow.do(leader, clearance, Act.RECALL)
    flow.do(leader, clearance, Act.UNDO)
    assert days_late(flow, clearance) == 1
    assert recorded(flow, clearance)[-1] is None  # it was sent late then, not now


def test_what_came_back_is_late_by_its_last_day_for_corrections(flow, returned, clerk, leader):
    flow.set_due(returned, date(2021, 4, 1), last_correction_on=FRIDAY)
    with system(flow.session, Purpose.LOAD):
        document = flow.session.get_one(Document, returned)
        document.status, document.cleared_from = Status.CLEARANCE, Status.RETURNED
    flow.session.commit()
    flow.do(leader, returned, Act.SUBMIT)
    assert days_late(flow, returned) is None


def test_timeline_lists_and_inbox_say_it_and_count_it(flow, clearance, leader, specialist):
    flow.set_due(clearance, FRIDAY - timedelta(days=1))
    flow.do(leader, clearance, Act.SUBMIT)
    said = "sau hạn 1 ngày làm việc"
    actor = flow.acting(leader)
    events = documents.timeline(flow.session, clearance, Scope.of(actor))
    assert said in timeline(events)[0].what
    own = documents.own(flow.session, Scope.of(actor), limit=50)
    one = next(entry for entry in own if entry.document_id == clearance)
    assert sent_late(one.sent_at, one.days_late) == f"trình 07/5/2021, {said}"
    above = flow.acting(specialist)
    period_id = flow.period("clearance").id
    lines = inbox.listing(flow.session, above, period_id, PLAN).lines
    line = next(line for line in lines if line.document_id == clearance)
    assert (line.sent_at, line.days_late) == (one.sent_at, 1)
    counts = next(
        counts
        for round_, counts in inbox.progress(flow.session, above)
        if (round_.period.id, round_.kind) == (period_id, PLAN)
    )
    assert (counts.sent, counts.sent_late, counts.overdue) == (1, 1, 1)  # the other commune's


def test_nothing_changes_what_was_sent_late(flow, clearance, leader):
    flow.set_due(clearance, FRIDAY - timedelta(days=1))
    flow.do(leader, clearance, Act.SUBMIT)
    with system(flow.session, Purpose.LOAD):
        statement = update(Revision).where(Revision.document_id == clearance)
        late = pytest.raises(Exception, match="stays sent late")
        with late, flow.session.begin_nested():
            flow.session.execute(statement.values(days_late=None))
    flow.session.rollback()


def test_in_words() -> None:
    at = datetime(2026, 11, 29, 9, tzinfo=NOON.tzinfo)
    assert sent_late(at, 1) == "trình 29/11/2026, sau hạn 1 ngày làm việc"
    assert sent_late(at, 0) == "trình 29/11/2026, sau hạn, chưa hết một ngày làm việc"
    assert sent_late(at, None) == sent_late(None, 3) == ""
