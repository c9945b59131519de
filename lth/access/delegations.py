"""Ký thay, ủy quyền: the decisions by which leaders let others sign, and whom they reach.

The power of a decision is the leader's role that its receiver is lent for its days. `deciding`
records and ends decisions.

Passing on (Nghị định 30/2020/NĐ-CP, Điều 13): who signs TUQ. may not (khoản 3), nor who signs KT.;
who signs TL. may have their deputy sign KT. for them (khoản 4); who holds Q. has the head's powers
and lets others sign KT., TL. or TUQ. What was passed on once is passed on no further. It lies
within the decision that it comes from (days, subject, programme) and ends with it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor, in_force
from lth.access.scope import Purpose, Scope, Sight, system
from lth.core.i18n import N_, Message
from lth.models import Delegation, Person, RoleAssignment
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role

RECEIVERS = (
    Role.CLERK,
    Role.LEADER,
    Role.SPECIALIST,
    Role.FINANCE_APPRAISER,
    Role.FORMAT_APPRAISER,
)
"""Who may be let sign: whoever works on documents at the unit."""

PASSED_ON = {
    SignForm.Q: (SignForm.KT, SignForm.TL, SignForm.TUQ),
    SignForm.TL: (SignForm.KT,),
}
"""The forms in which whoever holds a power by a decision may pass it on."""


class DecisionStage(StrEnum):
    """The state of a decision on a day."""

    NOW = "now"
    LATER = "later"
    OVER = "over"


@dataclass(frozen=True)
class Party:
    """Somebody who may give or receive: their role's id or their own, and how they are called."""

    id: int
    name: str
    position: str
    form: SignForm | None = None
    """The form in which a giver holds the power, where it is not their own."""


def stage(delegation: Delegation, on: date) -> DecisionStage:
    """Tell whether a decision holds on a day, will hold, or is over."""
    if delegation.in_force(on):
        return DecisionStage.NOW
    coming = delegation.ended_at is None and delegation.starts_on > on
    return DecisionStage.LATER if coming else DecisionStage.OVER


def seen(scope: Scope) -> ColumnElement[bool]:
    """Select the decisions that a scope sees: its unit's, and those that are for oneself."""
    if scope.sight is Sight.SYSTEM or scope.role == Role.SYSTEM_ADMIN:
        return true()
    return or_(Delegation.unit_id == scope.unit_id, Delegation.receiver_id == scope.person_id)


def lends(own: bool | ColumnElement[bool], programme_id: int) -> ColumnElement[bool]:
    """Select roles that reach to documents of a programme: always, where it is one's
    own; where it is lent, to those that its decision is about.

    `own`: the unit's own documents, or those from below; also as a condition on the row. For a
    query of roles that joins their delegations, if there are any.
    """
    if isinstance(own, bool):
        subject: ColumnElement[bool] = Delegation.subject.in_(
            [Subject.ALL, Subject.OWN if own else Subject.BELOW]
        )
    else:
        of_place = case((own, Subject.OWN.value), else_=Subject.BELOW.value)
        subject = or_(Delegation.subject == Subject.ALL, Delegation.subject == of_place)
    programme = or_(Delegation.programme_id.is_(None), Delegation.programme_id == programme_id)
    return or_(RoleAssignment.delegation_id.is_(None), and_(subject, programme))


# --- Reading ------------------------------------------------------------------------------


def listing(
    session: Session, scope: Scope, on: date, *, number: int, size: int
) -> tuple[list[Delegation], int]:
    """List a page of a unit's decisions, in force first, then coming, then over; and how many."""
    here = (Delegation.unit_id == scope.unit_id) & seen(scope)
    holds = Delegation.ended_at.is_(None) & (Delegation.ends_on >= on)
    rank = case((holds & (Delegation.starts_on <= on), 0), (holds, 1), else_=2)
    chosen = (
        select(Delegation)
        .where(here)
        .options(*_PARTIES)
        .order_by(rank, Delegation.starts_on.desc(), Delegation.id.desc())
        .offset((number - 1) * size)
        .limit(size)
    )
    total = session.scalar(select(func.count()).select_from(Delegation).where(here)) or 0
    return list(session.scalars(chosen)), total


_PARTIES = (
    joinedload(Delegation.giver),
    joinedload(Delegation.receiver),
    joinedload(Delegation.programme),
    joinedload(Delegation.passed_on_from),
)


def givers(session: Session, unit_id: int, on: date) -> list[Party]:
    """List who may let others sign at a unit: its leaders, in their own right or by Q. or TL.

    Read as columns, under a purpose of its own.
    """
    statement = (
        select(RoleAssignment.id, Person.name, Person.position, Delegation.form)
        .join(RoleAssignment.person)
        .outerjoin(RoleAssignment.delegation)
        .where(
            RoleAssignment.unit_id == unit_id,
            RoleAssignment.role == Role.LEADER,
            in_force(on),
            or_(
                RoleAssignment.delegation_id.is_(None),
                Delegation.form.in_(PASSED_ON) & Delegation.passed_on_from_id.is_(None),
            ),
        )
        .order_by(Person.sort_key, RoleAssignment.id)
    )
    with system(session, Purpose.DELEGATE):
        return [Party(*row) for row in session.execute(statement)]


def receivers(session: Session, unit_id: int, on: date) -> list[Party]:
    """List who may be let sign at a unit: all who work on documents there, in their own right."""
    statement = (
        select(Person.id, Person.name, Person.position, Person.sort_key)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(Person.active, *works_on_documents(unit_id, on))
        .distinct()
        .order_by(Person.sort_key, Person.id)
    )
    with system(session, Purpose.DELEGATE):
        return [Party(*named) for *named, _ in session.execute(statement)]


def works_on_documents(unit_id: int, on: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a role is one of planning at a unit, in the person's own right."""
    return (
        RoleAssignment.unit_id == unit_id,
        RoleAssignment.role.in_(RECEIVERS),
        RoleAssignment.delegation_id.is_(None),
        in_force(on),
    )


def standing(session: Session, delegation_id: int) -> Delegation:
    """Read a decision as it is now, held until the transaction ends: nobody ends it meanwhile."""
    statement = (
        select(Delegation)
        .where(Delegation.id == delegation_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def may_give(actor: Actor) -> Message | None:
    """Say what is against an actor's recording any decision; None where they may."""
    lent = actor.on_behalf
    if actor.role is Role.UNIT_ADMIN or (actor.role is Role.LEADER and lent is None):
        return None
    if lent is None:
        return Message(N_("Chỉ lãnh đạo hoặc người quản trị của đơn vị ghi quyết định này."))
    if lent.under is None and lent.form in PASSED_ON:
        return None
    return Message(N_("Người được giao ký theo quyết định này không được giao lại cho người khác."))


def may_end(actor: Actor, delegation: Delegation) -> bool:
    """Tell whether an actor ends it: the unit's administrator any; a leader what they gave."""
    if delegation.unit_id != actor.unit_id:
        return False
    above = delegation.passed_on_from if delegation.passed_on_from_id is not None else None
    gave = {delegation.giver_id, above.giver_id if above is not None else None}
    own = actor.role is Role.LEADER and actor.person_id in gave
    return actor.role is Role.UNIT_ADMIN or own
