"""Audiences, as people in a role at a unit, and the mail of an act, written in its transaction."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select

from lth.access.scope import Purpose, system
from lth.mail import outbox, recipients
from lth.mail.codec import decode
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.mail.recipients import told_as
from lth.models import OutboxMessage, Participation, RevisionEditor, RoleAssignment
from lth.models.person import Role
from lth.units.on_day import takes_part
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.guards import missing_opinions
from lth.workflow.registry import audience


class AudienceMember(NamedTuple):
    """A person of an audience, and the role at a unit for which they are told."""

    person_id: int
    unit_id: int | None
    role: Role


def holders(context: ActContext, unit_ids, *roles: Role) -> list[AudienceMember]:
    """Find who holds one of the roles at the units today, lent ones for their documents alone."""
    found = recipients.holders(
        context.session,
        roles,
        context.today,
        programme_id=context.document.programme_id,
        unit_ids=unit_ids,
        own=RoleAssignment.unit_id == context.document.unit_id,
    )
    return [AudienceMember(*holder) for holder in found]


def _above(context: ActContext) -> list[int]:
    return [context.document.next_unit_id] if context.document.next_unit_id else []


@audience
def own_leaders(context: ActContext) -> list[AudienceMember]:
    return holders(context, [context.document.unit_id], Role.LEADER)


@audience
def drafters(context: ActContext) -> list[AudienceMember]:
    """Find those of the unit's drafters who wrote in the document; if none is left, all of them."""
    drafters = holders(context, [context.document.unit_id], context.document.kind.drafter)
    found = {drafter.person_id: drafter for drafter in drafters}
    edited = select(RevisionEditor.person_id).where(RevisionEditor.revision_id == context.head.id)
    wrote = set(context.session.scalars(edited))
    return [found[person_id] for person_id in recipients.writers(found, wrote)]


@audience
def next_specialists(context: ActContext) -> list[AudienceMember]:
    return holders(context, _above(context), Role.SPECIALIST)


@audience
def next_appraisers(context: ActContext) -> list[AudienceMember]:
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
def next_leaders(context: ActContext) -> list[AudienceMember]:
    return holders(context, _above(context), Role.LEADER)


@audience
def next_leaders_when_opinions_in(context: ActContext) -> list[AudienceMember]:
    """Find the next leaders once the last required opinion is in: then it is their turn."""
    return [] if missing_opinions(context) else holders(context, _above(context), Role.LEADER)


@audience
def units_below(context: ActContext) -> list[AudienceMember]:
    """Find the clerks of the units that a document's figures are handed to."""
    if not context.document.kind.hands_down:
        return []
    children = select(Participation.unit_id).where(
        Participation.period_id == context.document.period_id,
        Participation.parent_id == context.document.unit_id,
        takes_part(),
    )
    return holders(context, children, Role.CLERK)


@audience
def told_of_undone(context: ActContext) -> list[AudienceMember]:
    """Find everyone who was to be told of the act that is taken back, as they were told of it."""
    statement = select(OutboxMessage.person_id, OutboxMessage.unit_id, OutboxMessage.data).where(
        OutboxMessage.event_id == context.last_event.id
    )
    return [
        AudienceMember(row.person_id, row.unit_id, role)
        for row in context.session.execute(statement)
        for role in _roles(row.data)
    ]


def _roles(data: dict[str, Any]) -> set[Role]:
    told = decode(Payload, data)
    return {*told.turn_as, *told.news_as}


# --- The mail ----------------------------------------------------------------------------

MAIL = {act: declare(act.value, Payload, still="act") for act in Act if act is not Act.START}
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
    """Make one mail for each person, at the unit of the first audience they are in."""
    found = [
        (tell, member)
        for tell in sorted(context.row.tells, key=lambda tell: not tell.turn)
        for member in audience[tell.audience](context)
        if member.person_id != context.actor.person_id
    ]
    units: dict[int, int | None] = {}
    for _, member in found:
        units.setdefault(member.person_id, member.unit_id)
    here = [(tell, one) for tell, one in found if units[one.person_id] == one.unit_id]
    turns = _by_person(one for tell, one in here if tell.turn)
    news = _by_person(one for tell, one in here if not tell.turn)
    message, event_id = MAIL[context.row.act], context.event.id
    payloads = {person_id: told_as(turns, news, person_id) for person_id in units}
    return [
        Mail(message, Payload(**payloads[person_id]), person_id, unit_id, event_id=event_id)
        for person_id, unit_id in units.items()
    ]


def _by_person(members: Iterable[AudienceMember]) -> dict[int, set[Role]]:
    roles: dict[int, set[Role]] = {}
    for one in members:
        roles.setdefault(one.person_id, set()).add(one.role)
    return roles
