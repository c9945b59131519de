"""Reading, accepting and declining an invitation, by whoever it is for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from lth.access.actor import in_force
from lth.access.scope import Purpose, system
from lth.administration import accounts, audit, links, passwords, people
from lth.administration.accounts import SignInData
from lth.administration.context import insert_only
from lth.administration.invitations.inviting import Invitee
from lth.administration.invitations.messages import ANSWERED, InvitationAnswered
from lth.administration.invitations.states import InvitationState, end, in_state, last_day, state
from lth.administration.people import ADMIN_ROLES, ONE_DAY, Appointment
from lth.core import clock
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.vietnamese import one_line
from lth.mail import outbox
from lth.mail.outbox import Mail
from lth.models import Credential, Invitation, Office, Person, RoleAssignment, Unit
from lth.models.person import Role


@dataclass(frozen=True)
class OfferedRole:
    """An invitation as the person it is for reads it."""

    id: int
    email: str
    name: str
    position: str
    role: Role
    unit_id: int | None
    unit_name: str
    office_name: str
    valid_from: date
    valid_to: date | None
    expires_at: datetime
    state: InvitationState

    @property
    def last_day(self) -> date | None:
        return self.valid_to - ONE_DAY if self.valid_to else None


def still_open(session: Session, tokens: Collection[str], now: datetime) -> set[str]:
    """Return those of some tokens whose invitations can still be accepted."""
    hashes = {links.hashed(token): token for token in tokens}
    statement = select(Invitation.token_hash).where(
        Invitation.token_hash.in_(hashes), in_state(InvitationState.WAITING, now)
    )
    return {hashes[found] for found in session.scalars(statement)}


def offered(session: Session, token: str, now: datetime) -> OfferedRole | None:
    """Find the invitation of a token, in whatever state; reading it uses nothing up."""
    with system(session, Purpose.SIGN_IN):
        row = session.execute(_OFFER.where(Invitation.token_hash == links.hashed(token))).first()
    return _offer(row, now) if row is not None else None


def offers_to(session: Session, person_id: int, now: datetime) -> list[OfferedRole]:
    """List the invitations that wait for a person, found by the address of their own account."""
    own = select(Credential.email).where(Credential.person_id == person_id).scalar_subquery()
    chosen = _OFFER.where(Invitation.email == own, in_state(InvitationState.WAITING, now))
    with system(session, Purpose.SIGN_IN):
        return [_offer(row, now) for row in session.execute(chosen.order_by(Invitation.id))]


def offer_to(
    session: Session, person_id: int, invitation_id: int, now: datetime
) -> OfferedRole | None:
    """Find one of the invitations that wait for a person."""
    mine = offers_to(session, person_id, now)
    return next((offer for offer in mine if offer.id == invitation_id), None)


def is_for(session: Session, offer: OfferedRole, person_id: int) -> bool:
    """Tell whether an invitation is for the address of a person's own account."""
    return accounts.email_of(session, person_id) == offer.email


def has_account(session: Session, offer: OfferedRole) -> bool:
    """Tell whoever has the link whether there is an account to accept it with."""
    with system(session, Purpose.SIGN_IN):
        return accounts.by_email(session, offer.email) is not None


def accept(session: Session, offer: OfferedRole, person_id: int, now: datetime) -> bool:
    """Give the person what they are offered; False where it cannot be accepted any more.

    Raises RefusedError where it is for another address, and where there is no such role to hold:
    the person has it already, its time is over, or the unit has ended since.
    """
    if not is_for(session, offer, person_id):
        raise RefusedError("", N_("Lời mời này dành cho một địa chỉ thư khác."))
    with system(session, Purpose.SIGN_IN):
        return _accept(session, offer, person_id, now)


def join(
    session: Session,
    offer: OfferedRole,
    who: Invitee,
    password: str,
    repeated: str,
    now: datetime,
) -> SignInData | None:
    """Make the account of an address that has none, and accept; None where that is over.

    The address is the invitation's, whatever `who` says. Raises RefusedError: the name or the
    password breaks a rule, somebody has the address by now, or `accept` refuses.
    """
    name = people.checked_name(who.name)
    passwords.check(password, repeated, offer.email)
    person = Person(name=name, position=one_line(who.position), created_at=now)
    hashed = passwords.hash_password(password)
    person.credential = Credential(email=offer.email, password_hash=hashed)
    taken = RefusedError("", N_("Địa chỉ này đã có tài khoản. Hãy đăng nhập để trả lời lời mời."))
    with system(session, Purpose.SIGN_IN):
        if not _holds(session, offer, now):
            return None
        insert_only(session, person, taken)
        if not _accept(session, offer, person.id, now):
            return None
        return accounts.find(session, Person.id == person.id)


def decline(session: Session, offer: OfferedRole, now: datetime) -> bool:
    """Decline an invitation; False where it can no longer be answered.

    Nothing of the account that its address may have is written where the inviter reads it.
    """
    with system(session, Purpose.SIGN_IN):
        usable = in_state(InvitationState.WAITING, now)
        if end(session, offer.id, usable, declined_at=now) is None:
            return False
        told = {"role": (None, offer.role)}
        what = "invitations.declined"
        audit.record(session, offer.unit_id, what, None, offer.name, told, now=now)
        _tell_inviter(session, offer, now, accepted=False)
    return True


def _holds(session: Session, offer: OfferedRole, now: datetime) -> bool:
    """Hold an invitation that can still be accepted until the transaction ends."""
    usable = select(Invitation.id).where(
        Invitation.id == offer.id, in_state(InvitationState.WAITING, now)
    )
    return session.scalar(usable.with_for_update()) is not None


def _accept(session: Session, offer: OfferedRole, person_id: int, now: datetime) -> bool:
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    ended = end(
        session,
        offer.id,
        in_state(InvitationState.WAITING, now),
        accepted_at=now,
        person_id=person_id,
    )
    if ended is None:
        return False
    invitation = session.get_one(Invitation, offer.id, populate_existing=True)
    _check_still_there(session, invitation, now)
    post = Appointment(
        invitation.role, invitation.office_id, invitation.valid_from, last_day(invitation)
    )
    people.appoint(session, person, invitation.unit_id, post)
    changes = people.given(post)
    audit.record(
        *(session, invitation.unit_id, "invitations.accepted", person_id, invitation.name),
        changes,
        now=now,
    )
    _tell_inviter(session, offer, now, accepted=True)
    return True


def _check_still_there(session: Session, invitation: Invitation, now: datetime) -> None:
    """Refuse a role whose time is over, at a unit that has ended since it was offered, or from
    somebody whose account is locked since: nobody gives anything any more who was shut out."""
    today = clock.local(now).date()
    inviter = invitation.invited_by_id
    if inviter is not None and not session.get_one(Person, inviter).active:
        text = N_("Tài khoản của người mời đã bị khóa. Hãy nhờ đơn vị gửi lại lời mời.")
        raise RefusedError("", text)
    if invitation.valid_to is not None and invitation.valid_to <= today:
        raise RefusedError("", N_("Thời gian giữ vai trò này đã qua. Hãy nhờ đơn vị mời lại."))
    unit = session.get(Unit, invitation.unit_id) if invitation.unit_id is not None else None
    if unit is None or unit.valid_to is None or unit.valid_to > today:
        return
    if clock.local(invitation.created_at).date() < unit.valid_to:
        raise RefusedError("", N_("Đơn vị này đã kết thúc từ khi lời mời được gửi."))


def _tell_inviter(session: Session, offer: OfferedRole, now: datetime, *, accepted: bool) -> None:
    """Tell whoever invited, once a day at the place where they administer; nobody where they do
    so no more."""
    today = clock.local(now).date()
    inviter = select(Invitation.invited_by_id).where(Invitation.id == offer.id).scalar_subquery()
    place = (
        select(RoleAssignment.person_id, RoleAssignment.unit_id, RoleAssignment.role)
        .where(
            RoleAssignment.person_id == inviter,
            RoleAssignment.role.in_(ADMIN_ROLES),
            or_(RoleAssignment.unit_id.is_(None), RoleAssignment.unit_id == offer.unit_id),
            in_force(today),
        )
        .order_by(RoleAssignment.unit_id.is_(None), RoleAssignment.id)
        .limit(1)
    )
    held = session.execute(place).first()
    if held is None:
        return
    within = "" if held.unit_id is not None or offer.unit_id is None else f"/units/{offer.unit_id}"
    payload = InvitationAnswered(
        invitee=offer.name,
        role=offer.role,
        unit=offer.unit_name,
        accepted=accepted,
        list_page=f"/admin{within}/people/invitations",
        news_as=(held.role,),
    )
    key = f"invitation_answered:{held.person_id}:{held.unit_id or 0}:{today}"
    outbox.write(session, [Mail(ANSWERED, payload, held.person_id, held.unit_id, key)], now)


_OFFER: Select[Any] = (
    select(
        *(Invitation.id, Invitation.email, Invitation.name, Invitation.position),
        *(Invitation.role, Invitation.unit_id, Invitation.valid_from, Invitation.valid_to),
        *(Invitation.expires_at, Invitation.accepted_at, Invitation.declined_at),
        Invitation.withdrawn_at,
        func.coalesce(Unit.type + " " + Unit.name, "").label("unit_name"),
        func.coalesce(Office.name, "").label("office_name"),
    )
    .select_from(Invitation)
    .outerjoin(Unit, Unit.id == Invitation.unit_id)
    .outerjoin(Office, Office.id == Invitation.office_id)
)


def _offer(row: Row[Any], now: datetime) -> OfferedRole:
    return OfferedRole(
        id=row.id,
        email=row.email,
        name=row.name,
        position=row.position,
        role=row.role,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        office_name=row.office_name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        expires_at=row.expires_at,
        state=state(row, now),
    )
