"""Audiences: who is told of an act, as (person, unit) pairs."""

from sqlalchemy import select

from lth.mail import recipients
from lth.models import OutboxMessage, Participation, RevisionEditor, RoleAssignment
from lth.models.person import Role
from lth.workflow.context import Case
from lth.workflow.guards import missing_opinions
from lth.workflow.registry import audience

Pair = tuple[int, int]


def holders(case: Case, unit_ids, *roles: Role) -> list[Pair]:
    """The active people who hold one of the roles at the units today; a role that is lent only
    for some documents counts for those."""
    found = recipients.holders(
        case.session,
        roles,
        case.today,
        programme_id=case.document.programme_id,
        unit_ids=unit_ids,
        own=RoleAssignment.unit_id == case.document.unit_id,
    )
    return [(holder.person_id, holder.unit_id) for holder in found]


def _above(case: Case) -> list[int]:
    return [case.document.next_unit_id] if case.document.next_unit_id else []


@audience
def own_leaders(case: Case) -> list[Pair]:
    return holders(case, [case.document.unit_id], Role.LEADER)


@audience
def drafters(case: Case) -> list[Pair]:
    """Those of the unit's drafters who wrote in the document; if none is left, all of them."""
    found = dict(holders(case, [case.document.unit_id], case.document.kind.drafter))
    edited = select(RevisionEditor.person_id).where(RevisionEditor.revision_id == case.head.id)
    wrote = set(case.session.scalars(edited))
    return [(person_id, found[person_id]) for person_id in recipients.writers(found, wrote)]


@audience
def next_specialists(case: Case) -> list[Pair]:
    return holders(case, _above(case), Role.SPECIALIST)


@audience
def next_appraisers(case: Case) -> list[Pair]:
    """The finance and format appraisers whose opinion the next step requires."""
    required = case.settings(case.document.next_unit_id).required_opinions
    roles = [
        role
        for role, aspect in (
            (Role.FINANCE_APPRAISER, "finance"),
            (Role.FORMAT_APPRAISER, "format"),
        )
        if aspect in required
    ]
    return holders(case, _above(case), *roles) if roles else []


@audience
def next_leaders(case: Case) -> list[Pair]:
    return holders(case, _above(case), Role.LEADER)


@audience
def next_leaders_when_opinions_in(case: Case) -> list[Pair]:
    """The leader's turn comes when the last required opinion is in."""
    return [] if missing_opinions(case) else holders(case, _above(case), Role.LEADER)


@audience
def units_below(case: Case) -> list[Pair]:
    """The clerks of the units that a document's figures are handed to."""
    if not case.document.kind.hands_down:
        return []
    children = select(Participation.unit_id).where(
        Participation.period_id == case.document.period_id,
        Participation.parent_id == case.document.unit_id,
    )
    return holders(case, children, Role.CLERK)


@audience
def told_of_undone(case: Case) -> list[Pair]:
    """Everyone who got mail of the act that is taken back."""
    statement = select(OutboxMessage.person_id, OutboxMessage.unit_id).where(
        OutboxMessage.event_id == case.last_event.id
    )
    return [tuple(pair) for pair in case.session.execute(statement)]
