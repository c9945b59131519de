"""Letting people of the workflow's world sign for others, as the pages do."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from support.flowworld import NOON, Flow

from lth.access.actor import LENT, Actor
from lth.access.scope import Purpose, system
from lth.administration import delegation_commands
from lth.administration.context import AdminContext
from lth.administration.delegation_commands import Decision
from lth.models import Delegation, Person, RoleAssignment, Unit
from lth.models.delegation import Subject
from lth.models.document import SignForm

TODAY = NOON.date()
NUMBER = "12/QĐ-UBND"
WEEK = {"decided_on": TODAY, "starts_on": TODAY, "ends_on": TODAY + timedelta(days=6)}
USUAL = {
    "form": SignForm.KT,
    "subject": Subject.ALL,
    "programme_id": None,
    "number": NUMBER,
    **WEEK,
}
"""A deputy signs everything for the head, this week."""


def desk_of(flow: Flow, who: str) -> AdminContext:
    """Somebody's desk, the session bound to their scope."""
    actor = flow.acting(who)
    return AdminContext(flow.session, actor, flow.session.get_one(Unit, actor.unit_id), flow.now)


def decision(flow: Flow, giver: str, receiver: str, **said: Any) -> Decision:
    """What the paper says: this week's KT. of everything, unless told otherwise."""
    people = {
        "giver_role_id": flow.actor(giver).assignment_id,
        "receiver_id": flow.actor(receiver).person_id,
    }
    return Decision(**people, **(USUAL | said))


def let_sign(flow: Flow, giver: str, receiver: str, by: str | None = None, **said: Any) -> str:
    """Record it, by the giver or by somebody else; the name of the actor that it makes."""
    work = desk_of(flow, by or giver)
    one = delegation_commands.record(work, decision(flow, giver, receiver, **said))
    delegation_id = one.id
    flow.session.commit()
    name = f"{receiver.partition(' for ')[0]} for {giver}"
    flow._actors[name] = lent_actor(flow.session, delegation_id)
    flow.session.commit()
    return name


def lent_actor(session: Session, delegation_id: int) -> Actor:
    """Whoever holds the role that a decision lends."""
    with system(session, Purpose.SIGN_IN):
        chosen = select(RoleAssignment).where(RoleAssignment.delegation_id == delegation_id)
        return Actor.of(session.scalars(chosen.options(*LENT)).one())


def end(flow: Flow, who: str, receiver: str) -> None:
    """End the decision under which somebody signs."""
    lent = flow.actor(receiver).on_behalf
    assert delegation_commands.end(desk_of(flow, who), lent.delegation_id)
    flow.session.commit()


def kept(flow: Flow) -> list[Delegation]:
    """Every decision, oldest first, whoever is asking."""
    with system(flow.session, Purpose.LOAD):
        found = flow.session.scalars(select(Delegation).order_by(Delegation.id))
        return list(found.unique())


def called(flow: Flow, who: str, position: str) -> None:
    """Give somebody a position."""
    with system(flow.session, Purpose.LOAD):
        flow.session.get_one(Person, flow.actor(who).person_id).position = position
    flow.session.commit()


def day(text: str) -> date:
    return date.fromisoformat(text)
