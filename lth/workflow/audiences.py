"""Audiences, as (person, unit) pairs, and the mail of an act, written in its transaction."""

from sqlalchemy import select

from lth.access.scope import Purpose, system
from lth.mail import outbox, recipients
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.models import OutboxMessage, Participation, RevisionEditor, RoleAssignment
from lth.models.person import Role
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.guards import missing_opinions
from lth.workflow.registry import audience

Pair = tuple[int, int]


def holders(context: ActContext, unit_ids, *roles: Role) -> list[Pair]:
    """Find who holds one of the roles at the units today, lent ones for their documents alone."""
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
    """Find those of the unit's drafters who wrote in the document; if none is left, all of them."""
    found = dict(holders(context, [context.document.unit_id], context.document.kind.drafter))
    edited = select(RevisionEditor.person_id).where(RevisionEditor.revision_id == context.head.id)
    wrote = set(context.session.scalars(edited))
    return [(person_id, found[person_id]) for person_id in recipients.writers(found, wrote)]


@audience
def next_specialists(context: ActContext) -> list[Pair]:
    return holders(context, _above(context), Role.SPECIALIST)


@audience
def next_appraisers(context: ActContext) -> list[Pair]:
    """Find the finance and format appraisers whose opinion the next step requires."""
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
    """Find the next leaders once the last required opinion is in: then it is their turn."""
    return [] if missing_opinions(context) else holders(context, _above(context), Role.LEADER)


@audience
def units_below(context: ActContext) -> list[Pair]:
    """Find the clerks of the units that a document's figures are handed to."""
    if not context.document.kind.hands_down:
        return []
    children = select(Participation.unit_id).where(
        Participation.period_id == context.document.period_id,
        Participation.parent_id == context.document.unit_id,
    )
    return holders(context, children, Role.CLERK)


@audience
def told_of_undone(context: ActContext) -> list[Pair]:
    """Find everyone who got mail of the act that is taken back."""
    statement = select(OutboxMessage.person_id, OutboxMessage.unit_id).where(
        OutboxMessage.event_id == context.last_event.id
    )
    return [tuple(pair) for pair in context.session.execute(statement)]


# --- The mail ----------------------------------------------------------------------------

MAIL = {act: declare(act.value, Payload) for act in Act if act is not Act.START}
"""The message of each act. Its row keeps whether it calls to act; what else it tells is read from
the event that it hangs on, and whom it tells stands in the table (`Row.tells`)."""


def tell(context: ActContext) -> int:
    """Write to each person whom the act's row of the table tells; returns how many.

    Whoever acts is not told of it. Who is in two audiences gets one message, and the one
    that calls for an act goes before mere news.
    """
    with system(context.session, Purpose.TELL):
        return len(outbox.write(context.session, _mails(context), context.now))


def _mails(context: ActContext) -> list[Mail]:
    message, chosen = MAIL[context.row.act], dict[int, Mail]()
    for tell in sorted(context.row.tells, key=lambda tell: not tell.turn):
        payload = Payload(turn=tell.turn)
        for person_id, unit_id in audience[tell.audience](context):
            mail = Mail(message, payload, person_id, unit_id, event_id=context.event.id)
            chosen.setdefault(person_id, mail)
    chosen.pop(context.actor.person_id, None)
    return list(chosen.values())
