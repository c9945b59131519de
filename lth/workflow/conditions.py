"""Conditions: which row of the table applies. They choose silently.

One that chooses a forward act says the same in SQL, for lists: given whether the own unit's leader
clears, the clause over `Document`. The operation asks the function again.
"""

from sqlalchemy import ColumnElement, false, true

from lth.models import Document
from lth.models.document import Mode, Status
from lth.workflow.context import ActContext
from lth.workflow.registry import condition


def _clears(clears: bool) -> ColumnElement[bool]:
    return true() if clears else false()


@condition(in_sql=_clears)
def clearance_needed(context: ActContext) -> bool:
    return context.settings(context.document.unit_id).clearance_needed


@condition(in_sql=lambda clears: _clears(not clears))
def clearance_skipped(context: ActContext) -> bool:
    return not clearance_needed(context)


@condition(in_sql=lambda _: Document.mode == Mode.APPROVE)
def next_approves(context: ActContext) -> bool:
    return context.document.mode is Mode.APPROVE


@condition(in_sql=lambda _: Document.mode != Mode.APPROVE)
def next_does_not_approve(context: ActContext) -> bool:
    return context.document.mode is not Mode.APPROVE


@condition(in_sql=lambda _: Document.mode == Mode.ACKNOWLEDGE)
def next_acknowledges(context: ActContext) -> bool:
    return context.document.mode is Mode.ACKNOWLEDGE


@condition(in_sql=lambda _: Document.released_number.is_distinct_from(Document.in_force_number))
def not_yet_released(context: ActContext) -> bool:
    return context.document.released_number != context.document.in_force_number


@condition
def came_from_draft(context: ActContext) -> bool:
    return context.document.cleared_from is not Status.RETURNED


@condition
def came_from_returned(context: ActContext) -> bool:
    return context.document.cleared_from is Status.RETURNED


@condition
def due_from_above(context: ActContext) -> bool:
    """Tell whether there is a day to extend, and a step above that set it or hears of it."""
    due = context.due
    return context.document.next_unit_id is not None and due is not None and due.binding


@condition(in_sql=lambda _: Document.asked_until.is_not(None) & Document.asked_answer.is_(None))
def extension_waits(context: ActContext) -> bool:
    return context.document.asked_until is not None and context.document.asked_answer is None


@condition
def did_last_act(context: ActContext) -> bool:
    """Tell whether the actor did the last act, in the role they hold now, and it can be undone."""
    last, lent = context.last_event, context.actor.on_behalf
    return (
        last is not None
        and last.seq
        == context.document.lock_version  # none after it, not even one unseen from here
        and last.data.get("reverts") is not None
        and last.person_id == context.actor.person_id
        and last.unit_id == context.actor.unit_id
        and last.role == context.actor.role
        and (last.data.get("on_behalf") or {}).get("delegation_id")
        == (lent.delegation_id if lent else None)
    )
