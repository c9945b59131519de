"""Inviting an address to a role, reminding it, and taking the invitation back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import audit, links, mail_limits, people
from lth.administration.context import AdminContext
from lth.administration.invitations.messages import INVITED, InvitationMail, discard, mail_key
from lth.administration.invitations.states import (
    OPEN,
    UNANSWERED,
    end,
    last_day,
    of_unit,
    state,
    version,
)
from lth.administration.people import Appointment
from lth.core.errors import NotNowError, RefusedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line
from lth.mail import outbox
from lth.mail.outbox import Mail
from lth.models import Invitation, Office, Unit
from lth.models.person import Role

LIFETIME = timedelta(days=7)
QUIET = timedelta(minutes=10)
"""So long after a mail no other one goes out for the same invitation."""


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
    discard(session, [mail_key(one, before=1) for one, _, _ in mailed if one.times > 1])
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
        last_day=last_day(invitation),
        expires_at=invitation.expires_at,
        again=invitation.times > 1,
    )
    key = mail_key(invitation)
    return Mail(INVITED, payload, None, None, key, secret=token, address=invitation.email)


def _note(admin: AdminContext, what: str, invitation: Invitation) -> None:
    """Write the audit entry of what was done about an invitation."""
    admin.note_at(invitation.unit_id, what, invitation.name, _told(invitation))


def _told(invitation: Invitation) -> audit.Changes:
    return {
        "email": (None, invitation.email),
        "role": (None, invitation.role),
        "valid_from": (None, invitation.valid_from),
        "last_day": (None, last_day(invitation)),
    }


def for_change(admin: AdminContext, invitation_id: int, seen: str) -> Invitation | None:
    """Find an invitation of the unit (of any, for the system), held until the transaction ends.

    Raises:
        StaleError: it is no longer as it was seen.
    """
    mine = select(Invitation).where(Invitation.id == invitation_id, of_unit(admin.unit))
    with system(admin.session, Purpose.ADMINISTER):
        held = mine.with_for_update(of=Invitation).execution_options(populate_existing=True)
        invitation = admin.session.scalar(held)
    if invitation is not None:
        admin.check_seen(seen, version(invitation), "invitations.")
    return invitation


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
        if end(admin.session, invitation.id, UNANSWERED, withdrawn_at=admin.now) is None:
            raise NotNowError(Message(N_("Lời mời này đã được trả lời hoặc đã rút.")))
        admin.session.refresh(invitation)
        discard(admin.session, [mail_key(invitation)])
        _note(admin, "invitations.withdrawn", invitation)
