"""Inviting an address to a role: nothing is attached to anybody before the person accepts it.

Whether the address has an account is not asked when it is invited, so that all that an
administrator is told, shown and charged in time is the same for every address. It is known once
the invitation is accepted, by whoever has the mail and is, or becomes, the account's person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import in_force
from lth.access.scope import Purpose, system
from lth.administration import accounts, audit, links, mail_limits, passwords, people
from lth.administration.accounts import SignInData
from lth.administration.context import AdminContext, fingerprint, insert_only
from lth.administration.people import ADMIN_ROLES, ONE_DAY, Appointment
from lth.core import clock
from lth.core.errors import NotNowError, RefusedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line
from lth.mail import outbox
from lth.mail.declarations import Payload, Reach, declare
from lth.mail.outbox import Mail
from lth.models import Credential, Invitation, Office, OutboxMessage, Person, RoleAssignment, Unit
from lth.models.outbox import Delivery
from lth.models.person import Role

PATH = "/invitation/"
"""The page that takes a token is at the site's address, this, and the token."""

LIFETIME = timedelta(days=7)
QUIET = timedelta(minutes=10)
"""So long after a mail no other one goes out for the same invitation."""


class InvitationState(StrEnum):
    """The state of an invitation at a moment."""

    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Invitee:
    """A person as an administrator describes them."""

    email: str
    name: str
    position: str = ""


@dataclass(frozen=True)
class Asked:
    """An invitation that an administrator asks for."""

    admin: AdminContext
    invitee: Invitee
    post: Appointment

    @property
    def key(self) -> "Key":
        post = self.post
        return self.admin.unit_id, self.invitee.email, post.role, post.office_id


Key = tuple[int | None, str, Role, int | None]
"""Unit, address, role and office: of these one invitation waits."""


@dataclass(frozen=True)
class ListedInvitation:
    """An invitation in a list, with what became of its last mail (None: it is there no more)."""

    invitation: Invitation
    state: InvitationState
    delivery: Delivery | None

    @property
    def version(self) -> str:
        """A digest that changes whenever the invitation does."""
        return version(self.invitation)


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


# --- Mail ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class InvitationMail(Payload):
    """An invitation: who is asked to hold which role where, from when to when, and until when the
    link can be used. Where `unit` is empty it is the system's."""

    invitee: str
    role: Role
    unit: str
    office: str
    valid_from: date
    last_day: date | None = None
    expires_at: datetime | None = None
    again: bool = False

    @property
    def addressee(self) -> str:
        return self.invitee


INVITED = declare(
    "invitation",
    InvitationMail,
    one_time_page=PATH,
    at_once=True,
    still="invitation_open",
    reach=Reach.ACCOUNT,
)


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Payload):
    """An answer to an invitation, the first of a day at the place where its inviter administers;
    the list that it leads to shows the others. `invitee`: as the inviter wrote them."""

    invitee: str
    role: Role
    unit: str
    accepted: bool
    list_page: str

    def page(self) -> str:
        """Lead to the list of invitations."""
        return self.list_page


ANSWERED = declare("invitation_answered", InvitationAnswered, page=InvitationAnswered.page)


# --- Inviting -----------------------------------------------------------------------------


def invite(admin: AdminContext, invitee: Invitee, post: Appointment) -> Invitation:
    """Invite an address to a role, whoever it may be; one that waits already is brought up to date.

    Raises RefusedError for what cannot be an address, a name, or a role in this unit.
    """
    return invite_all([Asked(admin, invitee, post)])[0]


def invite_all(asked: Iterable[Asked]) -> list[Invitation]:
    """Invite many at once, in one session and at one moment; in as many queries however many.

    Asked twice for the same role in the same office, an address has one invitation. Raises
    RefusedError at the first that cannot be.
    """
    asked = list(asked)
    if not asked:
        return []
    session, now = asked[0].admin.session, asked[0].admin.now
    with system(session, Purpose.ADMINISTER):
        offices = _offices(session, asked)
        wanted = {one.key: one for one in map(_checked, asked)}
        _hold_units(session, wanted.values())
        there = _unanswered(session, wanted.values())
        tokens = {key: links.new_token() for key, one in wanted.items() if _is_due(there, one)}
        addresses = [wanted[key].invitee.email for key in tokens]
        mail_limits.refuse(session, INVITED.kind, addresses, now)
        _add(session, [one for key, one in wanted.items() if key not in there], tokens)
        there |= _unanswered(session, wanted.values())
        for key, one in wanted.items():
            _bring_up_to_date(there[key], one, tokens.get(key))
        session.flush()
        mailed = [(there[key], wanted[key].admin.unit, token) for key, token in tokens.items()]
        _send(session, mailed, offices, now)
        for key, one in wanted.items():
            _note(one.admin, "invitations.sent", there[key])
    return [there[key] for key in wanted]


def _checked(one: Asked) -> Asked:
    people.check_post(one.admin, one.post)
    invitee = one.invitee
    email, name = people.checked_email(invitee.email), people.checked_name(invitee.name)
    return replace(one, invitee=Invitee(email, name, one_line(invitee.position)))


def _offices(session: Session, asked: Collection[Asked]) -> dict[int, Office]:
    """Read the offices in question at once; as long as they are held, none is read again."""
    ids = {one.post.office_id for one in asked} - {None}
    found = session.scalars(select(Office).where(Office.id.in_(ids))) if ids else []
    return {office.id: office for office in found}


def _hold_units(session: Session, asked: Iterable[Asked]) -> None:
    """Have whoever invites to the same units at this moment wait, so that nobody is asked twice."""
    ids = sorted({one.admin.unit_id for one in asked if one.admin.unit_id is not None})
    held = select(Unit.id).where(Unit.id.in_(ids)).order_by(Unit.id)
    session.execute(held.with_for_update(key_share=True)).all()


def _unanswered(session: Session, asked: Collection[Asked]) -> dict[Key, Invitation]:
    """Find what some addresses have not answered yet, expired or not, in the units in question."""
    statement = select(Invitation).where(
        Invitation.email.in_({one.invitee.email for one in asked}),
        UNANSWERED,
        or_(Invitation.unit_id.is_(None), Invitation.unit_id.in_(_unit_ids(asked))),
    )
    rows = session.scalars(statement)
    return {(row.unit_id, row.email, row.role, row.office_id): row for row in rows}


def _unit_ids(asked: Iterable[Asked]) -> set[int]:
    return {one.admin.unit_id for one in asked if one.admin.unit_id is not None}


def _is_due(there: Mapping[Key, Invitation], one: Asked) -> bool:
    """Tell whether a mail is due: not right after the one before it."""
    invitation = there.get(one.key)
    return invitation is None or not _is_quiet(invitation, one.admin.now)


def _is_quiet(invitation: Invitation, now: datetime) -> bool:
    return now - invitation.mailed_at < QUIET and invitation.expires_at > now


def _add(session: Session, asked: Sequence[Asked], tokens: Mapping[Key, str]) -> None:
    """Write invitations that there are not yet, in one statement."""
    rows = [
        {
            "unit_id": one.admin.unit_id,
            "email": one.invitee.email,
            "name": one.invitee.name,
            "role": one.post.role,
            "office_id": one.post.office_id,
            "valid_from": one.post.valid_from,
            "token_hash": links.hashed(tokens[one.key]),
            "created_at": one.admin.now,
            "expires_at": one.admin.now + LIFETIME,
            "mailed_at": one.admin.now,
            "times": 0,
            "invited_by_id": one.admin.actor.person_id,
        }
        for one in asked
    ]
    if rows:
        session.execute(insert(Invitation), rows)


def _bring_up_to_date(invitation: Invitation, one: Asked, token: str | None) -> None:
    """Keep what is asked for now, and the token of the mail that is due for it."""
    invitation.name, invitation.position = one.invitee.name, one.invitee.position
    invitation.valid_from, invitation.valid_to = one.post.valid_from, one.post.valid_to
    invitation.invited_by_id = one.admin.actor.person_id
    if token is not None:
        _renew(invitation, token, one.admin.now)


def renew(invitation: Invitation, now: datetime) -> str:
    """Give an invitation a new link without a mail, and return its token; see `one_time_links`."""
    token = links.new_token()
    _renew(invitation, token, now)
    return token


def _renew(invitation: Invitation, token: str, now: datetime) -> None:
    """Give an invitation a new link, and until when it can be used."""
    invitation.token_hash = links.hashed(token)
    invitation.expires_at, invitation.mailed_at = now + LIFETIME, now
    invitation.times += 1


Mailed = tuple[Invitation, Unit | None, str]
"""An invitation, its unit, and the token of its link."""


def _send(
    session: Session, mailed: Sequence[Mailed], offices: dict[int, Office], now: datetime
) -> None:
    """Write the mails, and never send those before them that have not gone out yet."""
    _discard(session, [mail_key(one, before=1) for one, _, _ in mailed if one.times > 1])
    outbox.write(session, [_mail(*one, offices) for one in mailed], now)


def _mail(
    invitation: Invitation, unit: Unit | None, token: str, offices: dict[int, Office]
) -> Mail:
    payload = InvitationMail(
        invitee=invitation.name,
        role=invitation.role,
        unit=unit.full_name if unit else "",
        office=offices[invitation.office_id].name if invitation.office_id else "",
        valid_from=invitation.valid_from,
        last_day=_last_day(invitation),
        expires_at=invitation.expires_at,
        again=invitation.times > 1,
    )
    key = mail_key(invitation)
    return Mail(INVITED, payload, None, None, key, secret=token, address=invitation.email)


def mail_key(invitation: Invitation, before: int = 0) -> str:
    """Return what the row of an invitation's last mail is known by, or so many before it."""
    return f"invitation:{invitation.id}:{invitation.times - before}"


def _discard(session: Session, keys: Collection[str]) -> None:
    if not keys:
        return
    unsent = (Delivery.HELD, Delivery.WAITING, Delivery.FAILED)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.dedupe.in_(keys), OutboxMessage.delivery.in_(unsent))
        .values(delivery=Delivery.DISCARDED, secret=None)
        .execution_options(synchronize_session=False)
    )


def _note(admin: AdminContext, what: str, invitation: Invitation) -> None:
    """Write the audit entry of what was done about an invitation."""
    admin.note_at(invitation.unit_id, what, invitation.name, _told(invitation))


def _told(invitation: Invitation) -> audit.Changes:
    return {
        "email": (None, invitation.email),
        "role": (None, invitation.role),
        "valid_from": (None, invitation.valid_from),
        "last_day": (None, _last_day(invitation)),
    }


def _last_day(invitation: Invitation) -> date | None:
    return invitation.valid_to - ONE_DAY if invitation.valid_to else None


# --- Reminding and withdrawing ------------------------------------------------------------


def for_change(admin: AdminContext, invitation_id: int, seen: str) -> Invitation | None:
    """Find an invitation of the unit (of any, for the system), held until the transaction ends.

    Raises:
        StaleError: it is no longer as it was seen.
    """
    mine = select(Invitation).where(Invitation.id == invitation_id, _of(admin.unit))
    with system(admin.session, Purpose.ADMINISTER):
        held = mine.with_for_update(of=Invitation).execution_options(populate_existing=True)
        invitation = admin.session.scalar(held)
    if invitation is not None:
        admin.check_seen(seen, version(invitation), "invitations.")
    return invitation


def version(invitation: Invitation) -> str:
    """Return what changes whenever the invitation does."""
    ends = invitation.accepted_at, invitation.declined_at, invitation.withdrawn_at
    return fingerprint(
        *(invitation.name, invitation.position, invitation.valid_from, invitation.valid_to),
        *(invitation.times, *ends),
    )


def remind(admin: AdminContext, invitation: Invitation) -> None:
    """Send an invitation anew, expired or not; the link before it no longer works. It is the
    sender's then.

    Raises NotNowError where it was answered or withdrawn, and RefusedError right after a mail.
    """
    if state(invitation, admin.now) not in OPEN:
        raise NotNowError(Message(N_("Lời mời này đã được trả lời hoặc đã rút.")))
    if not _is_quiet(invitation, admin.now):
        with system(admin.session, Purpose.ADMINISTER):
            mail_limits.refuse(admin.session, INVITED.kind, [invitation.email], admin.now)
    if not remind_all(admin, [invitation]):
        text = N_("Thư mời vừa được gửi lúc %(moment)s. Hãy chờ ít phút rồi gửi lại.")
        raise RefusedError("", text, moment=invitation.mailed_at)


def remind_all(admin: AdminContext, invitations: Collection[Invitation]) -> int:
    """Send those anew that nobody has answered and that no mail has just gone out for, but to no
    address that gets too many; returns how many."""
    session, now = admin.session, admin.now
    due = [one for one in invitations if state(one, now) in OPEN and not _is_quiet(one, now)]
    with system(session, Purpose.ADMINISTER):
        full = mail_limits.full(session, INVITED.kind, [one.email for one in due], now)
        due = [one for one in due if one.email not in full]
        office_ids = {one.office_id for one in due} - {None}
        found = session.scalars(select(Office).where(Office.id.in_(office_ids)))
        offices = {office.id: office for office in found}
        units = session.scalars(select(Unit).where(Unit.id.in_({one.unit_id for one in due})))
        by_id: dict[int | None, Unit] = {unit.id: unit for unit in units}
        mailed = [(one, by_id.get(one.unit_id), links.new_token()) for one in due]
        for one, _, token in mailed:
            _renew(one, token, now)
            one.invited_by_id = admin.actor.person_id
        session.flush()
        _send(session, mailed, offices, now)
        for one in due:
            _note(admin, "invitations.reminded", one)
    return len(due)


def withdraw(admin: AdminContext, invitation: Invitation) -> None:
    """Take an invitation back. Raises NotNowError where it was answered or withdrawn before."""
    with system(admin.session, Purpose.ADMINISTER):
        if _end(admin.session, invitation.id, UNANSWERED, withdrawn_at=admin.now) is None:
            raise NotNowError(Message(N_("Lời mời này đã được trả lời hoặc đã rút.")))
        admin.session.refresh(invitation)
        _discard(admin.session, [mail_key(invitation)])
        _note(admin, "invitations.withdrawn", invitation)


def _end(
    session: Session, invitation_id: int, where: ColumnElement[bool], **values: Any
) -> int | None:
    """End an invitation if it can still be ended so: of two answers at once one counts."""
    statement = (
        update(Invitation)
        .where(Invitation.id == invitation_id, where)
        .values(**values)
        .returning(Invitation.id)
    )
    return session.scalar(statement)


# --- Lists --------------------------------------------------------------------------------


def waiting(
    session: Session,
    unit: Unit | None,
    now: datetime,
    *,
    wanted: InvitationState | None = None,
    number: int = 1,
    size: int = 50,
) -> tuple[list[ListedInvitation], int]:
    """List a page of a unit's invitations (of all where None), those that wait first; with how
    many there are. `wanted`: those in one state only."""
    where = [_of(unit)] if wanted is None else [_of(unit), in_state(wanted, now)]
    chosen = (
        select(Invitation)
        .where(*where)
        .options(joinedload(Invitation.unit), joinedload(Invitation.office))
        .order_by(case((UNANSWERED, 0), else_=1), Invitation.mailed_at.desc(), Invitation.id.desc())
        .offset((number - 1) * size)
        .limit(size)
    )
    with system(session, Purpose.ADMINISTER):
        total = session.scalar(select(func.count()).select_from(Invitation).where(*where)) or 0
        rows = list(session.scalars(chosen))
        mails = _deliveries(session, rows)
    return [ListedInvitation(row, state(row, now), mails.get(row.id)) for row in rows], total


def tally(session: Session, unit: Unit | None, now: datetime) -> dict[InvitationState, int]:
    """Count a unit's invitations (all where None) by state, in one query."""
    counts = [func.count().filter(in_state(each, now)) for each in InvitationState]
    with system(session, Purpose.ADMINISTER):
        row = session.execute(select(*counts).select_from(Invitation).where(_of(unit))).one()
    return dict(zip(InvitationState, row, strict=True))


def state(invitation: Invitation, now: datetime) -> InvitationState:
    """Return the state of an invitation at a moment."""
    return _state(invitation, now)


def in_state(wanted: InvitationState, now: datetime) -> ColumnElement[bool]:
    """Select the invitations that are in a state at a moment."""
    return {
        InvitationState.WAITING: and_(UNANSWERED, Invitation.expires_at > now),
        InvitationState.EXPIRED: and_(UNANSWERED, Invitation.expires_at <= now),
        InvitationState.ACCEPTED: Invitation.accepted_at.is_not(None),
        InvitationState.DECLINED: Invitation.declined_at.is_not(None),
        InvitationState.WITHDRAWN: Invitation.withdrawn_at.is_not(None),
    }[wanted]


def _state(row: Invitation | Row[Any], now: datetime) -> InvitationState:
    if row.accepted_at is not None:
        return InvitationState.ACCEPTED
    if row.declined_at is not None:
        return InvitationState.DECLINED
    if row.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.WAITING if row.expires_at > now else InvitationState.EXPIRED


def _deliveries(session: Session, rows: Collection[Invitation]) -> dict[int, Delivery]:
    """Find what became of the last mail of each."""
    keys = {mail_key(row): row.id for row in rows}
    found = select(OutboxMessage.dedupe, OutboxMessage.delivery).where(
        OutboxMessage.dedupe.in_(keys)
    )
    return {keys[key]: delivery for key, delivery in session.execute(found)}


def _of(unit: Unit | None) -> ColumnElement[bool]:
    return Invitation.id.is_not(None) if unit is None else Invitation.unit_id == unit.id


UNANSWERED = and_(
    Invitation.accepted_at.is_(None),
    Invitation.declined_at.is_(None),
    Invitation.withdrawn_at.is_(None),
)
"""Select what nobody has answered or withdrawn, expired or not."""

OPEN = frozenset({InvitationState.WAITING, InvitationState.EXPIRED})
"""States in which an invitation can be sent anew and withdrawn."""


def still_open(session: Session, tokens: Collection[str], now: datetime) -> set[str]:
    """Return those of some tokens whose invitations can still be accepted."""
    hashes = {links.hashed(token): token for token in tokens}
    statement = select(Invitation.token_hash).where(
        Invitation.token_hash.in_(hashes), in_state(InvitationState.WAITING, now)
    )
    return {hashes[found] for found in session.scalars(statement)}


# --- Answering ----------------------------------------------------------------------------


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
        if _end(session, offer.id, usable, declined_at=now) is None:
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
    ended = _end(
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
        invitation.role, invitation.office_id, invitation.valid_from, _last_day(invitation)
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
        state=_state(row, now),
    )
