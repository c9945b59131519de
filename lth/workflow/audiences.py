"""Audiences: who is told of an act, as (person, unit) pairs."""

from sqlalchemy import select

from lth.mail import recipients
from lth.models import OutboxMessage, Participation, RevisionEditor, RoleAssignment
from lth.models.person import Role
from lth.workflow.context import ActContext
from lth.workflow.guards import missing_opinions
from lth.workflow.registry import audience

Pair = tuple[int, int]


def holders(context: ActContext, unit_ids, *roles: Role) -> list[Pair]:
    """The active people who hold one of the roles at the units today; a role that is lent only
    for some documents counts for those."""
    found = recipients.holders(
        context.session,
        roles,
        context.today,
        programme_id=context.document.programme_id,
        unit_ids=unit_ids,
        own=RoleAssignment.unit_id == context.document.unit_id,
    )
    return [(holder.person_id, holder.unit_id) for holder in found]


def _above(context: ActContext) -> list[int]:
    return [context.document.next_unit_id] if context.document.next_unit_id else []


@audience
def own_leaders(context: ActContext) -> list[Pair]:
    return holders(context, [context.document.unit_id], Role.LEADER)


@audience
def drafters(context: ActContext) -> list[Pair]:
    """Those of the unit's drafters who wrote in the document; if none is left, all of them."""
    found = dict(holders(context, [context.document.unit_id], context.document.kind.drafter))
    edited = select(RevisionEditor.person_id).where(RevisionEditor.revision_id == context.head.id)
    wrote = set(context.session.scalars(edited))
    return [(person_id, found[person_id]) for person_id in recipients.writers(found, wrote)]


@audience
def next_specialists(context: ActContext) -> list[Pair]:
    return holders(context, _above(context), Role.SPECIALIST)


@audience
def next_appraisers(context: ActContext) -> list[Pair]:
    """The finance and format appraisers whose opinion the next step requires."""
    required = context.settings(context.document.next_unit_id).required_opinions
    roles = [
        role
        for role, aspect in (
            (Role.FINANCE_APPRAISER, "finance"),
            (Role.FORMAT_APPRAISER, "format"),
        )
        if aspect in required
    ]
    return holders(context, _above(context), *roles) if roles else []


@audience
def next_leaders(context: ActContext) -> list[Pair]:
    return holders(context, _above(context), Role.LEADER)


@audience
def next_leaders_when_opinions_in(context: ActContext) -> list[Pair]:
    """The leader's turn comes when the last required opinion is in."""
    return [] if missing_opinions(context) else holders(context, _above(context), Role.LEADER)


@audience
def units_below(context: ActContext) -> list[Pair]:
    """The clerks of the units that a document's figures are handed to."""
    if not context.document.kind.hands_down:
        return []
    children = select(Participation.unit_id).where(
        Participation.period_id == context.document.period_id,
        Participation.parent_id == context.document.unit_id,
    )
    return holders(context, children, Role.CLERK)


@audience
def told_of_undone(context: ActContext) -> list[Pair]:
    """Everyone who got mail of the act that is taken back."""
    statement = select(OutboxMessage.person_id, OutboxMessage.unit_id).where(
        OutboxMessage.event_id == context.last_event.id
    )
    return [tuple(pair) for pair in context.session.execute(statement)]
