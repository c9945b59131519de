"""Conditions: which row of the table applies. They choose silently.

One that chooses a forward act says the same in SQL, for lists: given whether the own unit's leader
clears, the clause over `Document`. The operation asks the function again.
"""

from sqlalchemy import ColumnElement, false, true

from lth.models import Document
from lth.models.document import Mode, Status
from lth.workflow.context import Case
from lth.workflow.registry import condition


def _clears(clears: bool) -> ColumnElement[bool]:
    return true() if clears else false()


@condition(in_sql=_clears)
def clearance_needed(case: Case) -> bool:
    return case.settings(case.document.unit_id).clearance_needed


@condition(in_sql=lambda clears: _clears(not clears))
def clearance_skipped(case: Case) -> bool:
    return not clearance_needed(case)


@condition(in_sql=lambda _: Document.mode == Mode.APPROVE)
def next_approves(case: Case) -> bool:
    return case.document.mode is Mode.APPROVE


@condition(in_sql=lambda _: Document.mode != Mode.APPROVE)
def next_does_not_approve(case: Case) -> bool:
    return case.document.mode is not Mode.APPROVE


@condition(in_sql=lambda _: Document.mode == Mode.ACKNOWLEDGE)
def next_acknowledges(case: Case) -> bool:
    return case.document.mode is Mode.ACKNOWLEDGE


@condition(in_sql=lambda _: Document.released_number.is_distinct_from(Document.in_force_number))
def not_yet_released(case: Case) -> bool:
    return case.document.released_number != case.document.in_force_number


@condition
def came_from_draft(case: Case) -> bool:
    return case.document.cleared_from is not Status.RETURNED


@condition
def came_from_returned(case: Case) -> bool:
    return case.document.cleared_from is Status.RETURNED


@condition
def due_from_above(case: Case) -> bool:
    """There is a day to extend, and a step above that set it or hears of it."""
    return case.document.next_unit_id is not None and case.due is not None


@condition(in_sql=lambda _: Document.asked_until.is_not(None) & Document.asked_answer.is_(None))
def extension_waits(case: Case) -> bool:
    return case.document.asked_until is not None and case.document.asked_answer is None


@condition
def did_last_act(case: Case) -> bool:
    """The actor did the last act, in the role they hold now, and it can be undone."""
    last, lent = case.last_event, case.actor.on_behalf
    return (
        last is not None
        and last.seq == case.document.lock_version  # none after it, not even one unseen from here
        and last.data.get("reverts") is not None
        and last.person_id == case.actor.person_id
        and last.unit_id == case.actor.unit_id
        and last.role == case.actor.role
        and (last.data.get("on_behalf") or {}).get("delegation_id")
        == (lent.delegation_id if lent else None)
    )
