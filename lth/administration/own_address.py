"""Changing the address of an account: done once the new one and the old one have confirmed it.

Nothing that is answered tells whether somebody has the new address already: both mails go out in
any case, and only whoever has the mail of the new one learns it. Where the old mailbox is lost, the
system's administrator takes its place; the new one confirms all the same, and the old one is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import accounts, audit, links, mail_limits, people, sessions, throttle
from lth.administration.context import AdminContext
from lth.core.errors import RefusedError
from lth.core.i18n import C_, N_
from lth.core.vietnamese import one_line
from lth.mail import outbox
from lth.mail.declarations import Payload, Reach, declare
from lth.mail.outbox import Mail
from lth.models import AddressChange, Credential, Person
from lth.models.person import Role, SessionEnd

PATH = "/account/address/"
"""The page that takes a token is at the site's address, this, and the token."""

LIFETIME = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class AddressMail(Payload):
    """A change of address: whose, from which to which, and until when its link can be used.

    `by_administrator`: it needs no word of the old address, which can stop it.
    """

    person: str
    old: str
    new: str
    by_administrator: bool = False
    expires_at: datetime | None = None

    @property
    def addressee(self) -> str:
        return self.person


_LINKED = {
    "one_time_page": PATH,
    "at_once": True,
    "still": "change_open",
    "reach": Reach.ACCOUNT,
}
TO_NEW = declare("address_new", AddressMail, **_LINKED)
"""To the new address: that it is to be confirmed."""

TO_OLD = declare("address_old", AddressMail, **_LINKED)
"""To the old address: that it is to be confirmed, or can be stopped."""

CHANGED = declare("address_changed", AddressMail, at_once=True, reach=Reach.ACCOUNT)
"""To the old address: that the account is no longer its."""


@dataclass(frozen=True)
class ReadChange:
    """A change of address as the holder of one of its two links reads it."""

    id: int
    person_id: int
    old: str
    new: str
    is_new: bool
    """It is read by the link that went to the new address."""
    old_confirmed: bool
    new_confirmed: bool
    by_administrator: bool

    @property
    def confirmed_here(self) -> bool:
        return self.new_confirmed if self.is_new else self.old_confirmed

    @property
    def asks_here(self) -> bool:
        """Tell whether it waits for a word of this address."""
        return not self.confirmed_here and (self.is_new or not self.by_administrator)


# --- Asking for it ------------------------------------------------------------------------


def ask(session: Session, person_id: int, password: str, email: str, now: datetime) -> bool:
    """Ask both addresses to confirm a change of one's own; False where the password is wrong,
    which is counted as a try.

    Raises:
        RefusedError: it is no address, or the present one.
        ThrottledError: too many wrong tries, or too many changes asked for.
    """
    wanted = people.checked_email(email)
    often = throttle.account_key(str(person_id), "address")
    with system(session, Purpose.SIGN_IN):
        if not accounts.knows_password(session, person_id, password, now):
            return False
        account = accounts.contacts(session, [person_id])[person_id]
        text = C_("Đã yêu cầu đổi địa chỉ nhiều lần. Hãy thử lại sau %(num)s phút.")
        throttle.refuse(session, {often: throttle.LINKS_PER_ACCOUNT}, now, text)
        throttle.count(session, [often], now)
        _begin(session, account, wanted, now)
        told = {"email": (account.email, wanted)}
        audit.record(session, None, "address.asked", person_id, account.name, told, now=now)
    return True


def replace_lost(admin: AdminContext, person_id: int, email: str, reason: str) -> None:
    """Begin a change in place of a lost mailbox, as the system's administrator.

    Never one's own, which takes the password and the word of its mailbox. Raises RefusedError: no
    address, the present one, no reason, or no such administrator.
    """
    wanted, why = people.checked_email(email), one_line(reason)
    if admin.actor.role is not Role.SYSTEM_ADMIN:
        raise RefusedError("", N_("Chỉ người quản trị hệ thống thay được địa chỉ đã mất."))
    if admin.actor.person_id == person_id:
        raise RefusedError("", N_("Hãy đổi địa chỉ của mình ở trang tài khoản."))
    if not why:
        raise RefusedError("reason", N_("Hãy ghi lý do."))
    with system(admin.session, Purpose.ADMINISTER):
        account = accounts.contacts(admin.session, [person_id])[person_id]
        _begin(admin.session, account, wanted, admin.now, released_by=admin.actor.person_id)
        told = {"email": (account.email, wanted), "reason": (None, why)}
        admin.note_at(None, "address.replaced", account.name, told)


def _begin(
    session: Session,
    account: accounts.SignInData,
    email: str,
    now: datetime,
    released_by: int | None = None,
) -> None:
    """Write the change and a mail to each address; one that was asked for before is stopped."""
    if email == account.email:
        raise RefusedError("email", N_("Đây đang là địa chỉ của tài khoản."))
    mail_limits.refuse(session, TO_NEW.kind, [email], now)
    mine = AddressChange.person_id == account.person_id
    session.execute(update(AddressChange).where(mine, _UNDER_WAY).values(stopped_at=now))
    old_token, new_token = links.new_token(), links.new_token()
    session.add(
        AddressChange(
            person_id=account.person_id,
            old_email=account.email,
            new_email=email,
            old_token_hash=links.hashed(old_token),
            new_token_hash=links.hashed(new_token),
            created_at=now,
            expires_at=now + LIFETIME,
            released_by_id=released_by,
        )
    )
    payload = AddressMail(
        person=account.name,
        old=account.email,
        new=email,
        by_administrator=released_by is not None,
        expires_at=now + LIFETIME,
    )
    mails = (
        Mail(TO_NEW, payload, None, None, secret=new_token, address=email),
        Mail(TO_OLD, payload, None, None, secret=old_token, address=account.email),
    )
    outbox.write(session, mails, now)


# --- By the links -------------------------------------------------------------------------


def read(session: Session, token: str, now: datetime) -> ReadChange | None:
    """Find the change of a token that is still under way; reading it uses nothing up."""
    key = links.hashed(token)
    statement = select(AddressChange).where(
        or_(AddressChange.old_token_hash == key, AddressChange.new_token_hash == key), _open(now)
    )
    with system(session, Purpose.SIGN_IN):
        found = session.scalar(statement)
        if found is None:
            return None
        session.expunge(found)
    return ReadChange(
        id=found.id,
        person_id=found.person_id,
        old=found.old_email,
        new=found.new_email,
        is_new=found.new_token_hash == key,
        old_confirmed=found.old_confirmed_at is not None,
        new_confirmed=found.new_confirmed_at is not None,
        by_administrator=found.released_by_id is not None,
    )


def confirm(session: Session, change: ReadChange, now: datetime) -> bool:
    """Note that one address has confirmed; returns whether the change is done with it.

    Once it is done every session of the person has ended, and no link of theirs can be used.
    Raises RefusedError where somebody else has the new address.
    """
    column = "new_confirmed_at" if change.is_new else "old_confirmed_at"
    with system(session, Purpose.SIGN_IN):
        under_way = (
            select(AddressChange)
            .where(AddressChange.id == change.id, _open(now))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        row = session.scalar(under_way)
        if row is None or not change.asks_here:
            return False
        if change.is_new and accounts.by_email(session, row.new_email) is not None:
            raise _taken()
        setattr(row, column, now)
        session.flush()
        agreed = row.old_confirmed_at is not None or row.released_by_id is not None
        if row.new_confirmed_at is None or not agreed:
            return False
        _finish(session, row, now)
    return True


def _finish(session: Session, row: AddressChange, now: datetime) -> None:
    """Write the new address, if the old one is the account's still: another change may have been
    done meanwhile, and the mailbox that agreed to this one has no word any more."""
    as_asked = Credential.person_id == row.person_id, Credential.email == row.old_email
    try:
        with session.begin_nested():
            changed = session.execute(
                update(Credential).where(*as_asked).values(email=row.new_email)
            )
    except IntegrityError as error:
        raise _taken() from error
    if not changed.rowcount:
        raise RefusedError("", N_("Địa chỉ của tài khoản đã đổi từ khi yêu cầu được gửi."))
    row.done_at = now
    sessions.end_all(session, row.person_id, SessionEnd.ADDRESS, now)
    links.void(session, row.person_id, now)
    name = session.scalars(select(Person.name).where(Person.id == row.person_id)).one()
    payload = AddressMail(person=name, old=row.old_email, new=row.new_email)
    outbox.write(session, [Mail(CHANGED, payload, None, None, address=row.old_email)], now)
    told = {"email": (row.old_email, row.new_email)}
    audit.record(session, None, "address.changed", row.person_id, name, told, now=now)


def _taken() -> RefusedError:
    return RefusedError("", N_("Địa chỉ này đã là của một tài khoản khác nên không đổi sang được."))


def stop(session: Session, change: ReadChange, now: datetime) -> bool:
    """Stop a change that is under way; False where it is done or stopped already."""
    with system(session, Purpose.SIGN_IN):
        statement = (
            update(AddressChange)
            .where(AddressChange.id == change.id, _open(now))
            .values(stopped_at=now)
            .returning(AddressChange.person_id)
        )
        person_id = session.scalar(statement)
        if person_id is None:
            return False
        name = accounts.contacts(session, [person_id])[person_id].name
        told = {"email": (change.new, None)}
        audit.record(session, None, "address.stopped", None, name, told, now=now)
    return True


def stop_everybodys(session: Session, now: datetime) -> None:
    """Stop every change that is under way."""
    statement = update(AddressChange).where(_UNDER_WAY).values(stopped_at=now)
    with system(session, Purpose.SIGN_IN):
        session.execute(statement.execution_options(synchronize_session=False))


def pending(session: Session, person_id: int, now: datetime) -> tuple[str, datetime] | None:
    """Find the address that a person's own is about to change to, and until when it can."""
    mine = AddressChange.person_id == person_id
    statement = select(AddressChange.new_email, AddressChange.expires_at).where(mine, _open(now))
    with system(session, Purpose.SIGN_IN):
        row = session.execute(statement.order_by(AddressChange.id.desc())).first()
    return (row.new_email, row.expires_at) if row is not None else None


def still_open(session: Session, tokens: set[str], now: datetime) -> set[str]:
    """Return those of some tokens whose changes are under way."""
    hashes: dict[Any, str] = {links.hashed(token): token for token in tokens}
    found: set[str] = set()
    for column in (AddressChange.old_token_hash, AddressChange.new_token_hash):
        chosen = select(column).where(column.in_(hashes), _open(now))
        found |= {hashes[one] for one in session.scalars(chosen)}
    return found


_UNDER_WAY = and_(AddressChange.done_at.is_(None), AddressChange.stopped_at.is_(None))


def _open(now: datetime) -> ColumnElement[bool]:
    """Select what can be confirmed: nothing of an account that is locked."""
    unlocked = AddressChange.person_id.in_(select(Person.id).where(Person.active))
    return and_(_UNDER_WAY, AddressChange.expires_at > now, unlocked)
