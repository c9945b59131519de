"""Accounts: people who may sign in, found by e-mail or by the id in a session, their passwords.

Everything here that runs before anybody is account runs under the named system scope SIGN_IN.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased, contains_eager

from lth.access.actor import LENT, OnBehalf, in_force, lent_rows
from lth.access.scope import Purpose, system
from lth.administration import audit, links, passwords, sessions, throttle
from lth.administration.links import LinkKind
from lth.administration.sessions import OpenSession
from lth.administration.throttle import Tried
from lth.core.i18n import C_
from lth.mail.declarations import for_nobody_else
from lth.models import (
    AddressChange,
    Credential,
    OutboxMessage,
    Person,
    RoleAssignment,
    SecondFactor,
    Unit,
    UnitSettings,
    UserSession,
)
from lth.models.outbox import Delivery
from lth.models.person import Role, SessionEnd


@dataclass(frozen=True)
class Account:
    """A person who may sign in, with the roles they hold on a day and the number of notices in
    these that they have not read; and the session in which they are at work, where it was asked by.
    """

    person_id: int
    name: str
    language: str
    email: str = ""
    assignments: list[RoleAssignment] = field(default_factory=list)
    unread: int = 0
    session: OpenSession | None = None
    has_second_factor: bool = False
    needing_second_factor: frozenset[int] = frozenset()

    def lacks_second_factor(self, assignment_id: int) -> bool:
        """Tell whether a role may be used only with a second factor, and there is none."""
        return not self.has_second_factor and assignment_id in self.needing_second_factor


@dataclass(frozen=True)
class SignInData:
    """A person's credential; read as columns, so that nothing of it stays in the session for a page
    with a narrower scope to find."""

    person_id: int
    name: str
    active: bool
    language: str
    email: str
    password_hash: str | None


@dataclass(frozen=True)
class Attempt:
    """A sign-in begun: what is tried from where, and what it is compared with."""

    person_id: int | None
    password_hash: str | None
    tried: Tried


TOO_MANY_TRIES = C_("Đã thử quá nhiều lần. Hãy thử lại sau %(num)s phút, hoặc đặt lại mật khẩu.")
TRIED_OFTEN = (
    C_("Đã nhập sai nhiều lần. Hãy đợi %(num)s phút rồi thử lại, hoặc đặt lại mật khẩu."),
    C_("Đã nhập sai nhiều lần. Hãy đợi %(num)s giây rồi thử lại, hoặc đặt lại mật khẩu."),
)
"""The wait before the next try of a sign-in, in minutes and in seconds."""

OWN_TRIED_OFTEN = (
    C_("Đã nhập sai nhiều lần. Hãy đợi %(num)s phút rồi thử lại."),
    C_("Đã nhập sai nhiều lần. Hãy đợi %(num)s giây rồi thử lại."),
)
"""The same for who has signed in."""

SIGNERS = frozenset({Role.LEADER})
"""The roles that sign, own or lent: of these a unit may ask for a second factor."""

# Made once: every request asks it, and making it anew costs more than the answer.
_held = aliased(RoleAssignment)
_UNREAD = (
    select(func.count())
    .select_from(OutboxMessage)
    .where(
        OutboxMessage.person_id == Person.id,
        OutboxMessage.read_at.is_(None),
        OutboxMessage.delivery != Delivery.DISCARDED,
        OutboxMessage.kind.not_in(bindparam("kinds", expanding=True)),
        exists().where(
            _held.person_id == OutboxMessage.person_id,
            _held.unit_id.is_not_distinct_from(OutboxMessage.unit_id),
            _held.valid_from <= bindparam("on", type_=Date),
            _held.valid_to.is_(None) | (_held.valid_to > bindparam("on", type_=Date)),
        ),
    )
    .correlate(Person)
    .scalar_subquery()
)
_ACCOUNTS = (
    select(
        *(RoleAssignment, Person.id, Person.name, Person.language, Credential.email),
        _UNREAD.label("unread"),
        exists()
        .where(SecondFactor.person_id == Person.id, SecondFactor.confirmed_at.is_not(None))
        .label("has_second_factor"),
        (UnitSettings.second_factor_required & RoleAssignment.role.in_(SIGNERS)).label("needs_one"),
    )
    .select_from(Person)
    .join(Credential, Credential.person_id == Person.id)
    .outerjoin(
        RoleAssignment,
        (RoleAssignment.person_id == Person.id) & in_force(bindparam("on", type_=Date)),
    )
    .outerjoin(RoleAssignment.unit)
    .outerjoin(RoleAssignment.office)
    .outerjoin(UnitSettings, UnitSettings.unit_id == RoleAssignment.unit_id)
    .options(
        contains_eager(RoleAssignment.person),
        contains_eager(RoleAssignment.unit),
        contains_eager(RoleAssignment.office),
    )
    .where(Person.active)
    .order_by(Unit.path, RoleAssignment.id)
)
_BY_PERSON = _ACCOUNTS.where(Person.id == bindparam("person_id"))
_BY_SESSION = (
    _ACCOUNTS.add_columns(UserSession.id, UserSession.ends_at, UserSession.second_factor_at)
    .join(UserSession, UserSession.person_id == Person.id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        ~UserSession.awaits_code,
        UserSession.ended_at.is_(None),
        UserSession.ends_at > bindparam("now", type_=UserSession.ends_at.type),
    )
)


def load(session: Session, person_id: int, on: date) -> Account | None:
    """An active person's account, in one query, two where a role is lent; None for anybody else.
    Runs in a system scope.

    The roles are detached from the session: they outlive a transaction that is rolled back, and
    what was read under the wide scope is not found again under a narrower one.
    """
    return _load(session, _BY_PERSON, on, person_id=person_id)


def of_session(session: Session, token: str, on: date, now: datetime) -> Account | None:
    """Do as `load` does, for whom a session's token signs in; None where the session is over."""
    return _load(session, _BY_SESSION, on, token_hash=sessions.hashed(token), now=now)


def _load(session: Session, statement: Select[Any], on: date, **asked: Any) -> Account | None:
    rows = session.execute(statement, {"on": on, "kinds": for_nobody_else(), **asked}).all()
    if not rows:
        return None
    held = [row[0] for row in rows if row[0] is not None]
    lent = [role.id for role in held if role.delegation_id is not None]
    if lent:
        session.scalars(
            select(RoleAssignment).options(*LENT).where(RoleAssignment.id.in_(lent))
        ).all()
    read = chain.from_iterable(
        (role, role.person, role.unit, role.office, *lent_rows(role)) for role in held
    )
    for row in set(read) - {None}:
        session.expunge(row)
    person_id, name, language, email, unread, has_factor, _needs, *of_session = rows[0][1:]
    opened = OpenSession(*of_session) if of_session else None
    needing = frozenset(row[0].id for row in rows if row.needs_one)
    return Account(
        person_id, name, language, email, held, unread, opened, bool(has_factor), needing
    )


def former(session: Session, person_id: int, assignment_id: int) -> OnBehalf | None:
    """Find the decision that lent a person a role which is over; None where it was no lent one."""
    statement = (
        select(RoleAssignment)
        .options(*LENT)
        .where(RoleAssignment.id == assignment_id, RoleAssignment.person_id == person_id)
    )
    with system(session, Purpose.SIGN_IN):
        role = session.scalars(statement).first()
        if role is None or role.delegation is None:
            return None
        lent = OnBehalf.of(role.delegation)
        for row in (role, *lent_rows(role)):
            session.expunge(row)
    return lent


def normal_email(typed: str) -> str:
    """Return an address as it is kept and compared: trimmed, in small letters."""
    return typed.strip().lower()


def by_email(session: Session, email: str) -> SignInData | None:
    """Find the person of an address. Runs in a system scope."""
    return find(session, Credential.email == normal_email(email))


def contacts(session: Session, person_ids: Collection[int]) -> dict[int, SignInData]:
    """Return how some people sign in, by their ids. Runs in a system scope."""
    rows = session.execute(_SIGN_IN_DATA.where(Person.id.in_(person_ids)))
    return {row.person_id: SignInData(*row) for row in rows}


_SIGN_IN_DATA = select(
    Credential.person_id,
    Person.name,
    Person.active,
    Person.language,
    Credential.email,
    Credential.password_hash,
).join(Credential.person)


def find(session: Session, condition: ColumnElement[bool]) -> SignInData | None:
    """Find the one person a condition is true of. Runs in a system scope."""
    row = session.execute(_SIGN_IN_DATA.where(condition)).first()
    return SignInData(*row) if row else None


# --- Signing in: begin, commit, compare, finish, commit -----------------------------------


def begin_sign_in(session: Session, email: str, address: str, now: datetime) -> Attempt:
    """Find what a password is to be compared with.

    Commit before comparing: argon2 must not hold a writer's lock.

    Raises:
        ThrottledError: this account has to wait before it is tried again from this address.
    """
    tried = Tried.of(normal_email(email), address)
    with system(session, Purpose.SIGN_IN):
        account = by_email(session, email)
        person_id = account.person_id if account is not None and account.active else None
        _slow(session, person_id, tried, now)
    return Attempt(person_id, account.password_hash if account and person_id else None, tried)


def finish_sign_in(
    session: Session, attempt: Attempt, password: str, on: date, now: datetime
) -> Account | None:
    """Return the account, if the password is right: failures here are forgotten, an old hash
    renewed. None where it is wrong, which is counted.

    Raises:
        ThrottledError: of tries at once another has failed first; right or wrong is not told.
    """
    old_hash = attempt.password_hash
    fits = passwords.verify(old_hash, password) and attempt.person_id is not None
    renewed = passwords.hash_password(password) if fits and _is_outdated(old_hash) else None
    with system(session, Purpose.SIGN_IN):
        throttle.hold(session, attempt.tried)
        _slow(session, attempt.person_id, attempt.tried, now)
        account = find(session, Person.id == attempt.person_id) if fits else None
        if account is None or account.password_hash != old_hash:  # or changed meanwhile
            throttle.fail(session, attempt.tried, now, exists=attempt.person_id is not None)
            return None
        throttle.forgive(session, attempt.tried)
        if renewed is not None:
            _write_hash(session, account.person_id, renewed)
        return load(session, account.person_id, on)


def _slow(session: Session, person_id: int | None, tried: Tried, now: datetime) -> None:
    known = sessions.known_from(session, person_id)
    throttle.slow(session, tried, known, now, *TRIED_OFTEN)


def _is_outdated(password_hash: str | None) -> bool:
    return password_hash is not None and passwords.is_outdated(password_hash)


# --- Links --------------------------------------------------------------------------------


def ask_for_link(session: Session, email: str, address: str, now: datetime) -> None:
    """Send a one-time link if the address is an active person's; tells nobody whether it is.

    Raises:
        ThrottledError: too many requests from this network address.
    """
    key = throttle.account_key(normal_email(email), "link")
    from_here = throttle.address_key(address, "link-address")
    with system(session, Purpose.SIGN_IN):
        throttle.refuse(session, {from_here: throttle.LINKS_PER_ADDRESS}, now, TOO_MANY_TRIES)
        often = throttle.wait(session, {key: throttle.LINKS_PER_ACCOUNT}, now)
        throttle.count(session, [key, from_here], now)
        account = by_email(session, email)
        if often is None and account is not None and account.active:
            links.send(session, LinkKind.PASSWORD_RESET, account.person_id, now)


def holder(session: Session, token: str, now: datetime) -> SignInData | None:
    """Find the person whose password a link sets; None where it can no longer be used."""
    with system(session, Purpose.SIGN_IN):
        link = links.open_link(session, token, now)
        account = find(session, Person.id == link.person_id) if link is not None else None
    return account if account is not None and account.active else None


def set_by_link(
    session: Session, token: str, password: str, repeated: str, now: datetime
) -> SignInData | None:
    """Set a password by its one-time link; None where the link can no longer be used.

    Raises:
        RefusedError: the password breaks a rule; the link stays good.
    """
    account = holder(session, token, now)
    if account is None:
        return None
    passwords.check(password, repeated, account.email)
    with system(session, Purpose.SIGN_IN):
        if links.use(session, token, now) is None:
            return None
        _set_password(session, account, password, now)
        throttle.clear(session, throttle.account_key(account.email))
        audit.record(session, None, "password.link", account.person_id, account.name, now=now)
    return account


def change_password(
    session: Session, person_id: int, old: str, new: str, repeated: str, now: datetime
) -> bool:
    """Set another password, knowing the old one; every session of the person ends.

    Returns False where the old one is wrong, which is counted as a try.

    Raises:
        RefusedError: the new one breaks a rule.
        ThrottledError: too many wrong tries.
    """
    with system(session, Purpose.SIGN_IN):
        if not knows_password(session, person_id, old, now):
            return False
        account = contacts(session, [person_id])[person_id]
        passwords.check(new, repeated, account.email)
        links.void(session, person_id, now)
        _set_password(session, account, new, now)
        audit.record(session, None, "password.changed", person_id, account.name, now=now)
    return True


def knows_password(session: Session, person_id: int, password: str, now: datetime) -> bool:
    """Tell whether somebody who has signed in knows their password; a wrong one is counted.

    Raises:
        ThrottledError: too many wrong tries.
    """
    tried = Tried.of(str(person_id), "", "own")
    with system(session, Purpose.SIGN_IN):
        throttle.hold(session, tried)
        throttle.slow(session, tried, (), now, *OWN_TRIED_OFTEN)
        account = contacts(session, [person_id])[person_id]
        if not passwords.verify(account.password_hash, password):
            throttle.fail(session, tried, now, exists=True)
            return False
        throttle.forgive(session, tried)
    return True


def email_of(session: Session, person_id: int) -> str:
    """Return a person's own address, for their own page."""
    with system(session, Purpose.SIGN_IN):
        return contacts(session, [person_id])[person_id].email


def choose_language(session: Session, person_id: int, language: str) -> None:
    """Set the language of a person's pages and mail from now on."""
    with system(session, Purpose.SIGN_IN):
        session.get_one(Person, person_id).language = language


def gathers_mail(session: Session, person_id: int) -> bool:
    """Tell whether a person's mail reaches them as one letter each morning."""
    with system(session, Purpose.SIGN_IN):
        return session.scalars(select(Person.digest).where(Person.id == person_id)).one()


def choose_mail(session: Session, person_id: int, *, gathered: bool) -> None:
    """Have a person's mail gathered into one letter each morning from now on, or sent at once;
    what waits for the morning is then sent as well."""
    with system(session, Purpose.SIGN_IN):
        session.get_one(Person, person_id).digest = gathered


def _set_password(session: Session, account: SignInData, password: str, now: datetime) -> None:
    """Write a new password's hash, and end every session of the person. What was asked for with
    the old one is stopped: another address."""
    _write_hash(session, account.person_id, passwords.hash_password(password))
    asked = (
        AddressChange.person_id == account.person_id,
        AddressChange.released_by_id.is_(None),
        AddressChange.done_at.is_(None),
        AddressChange.stopped_at.is_(None),
    )
    session.execute(update(AddressChange).where(*asked).values(stopped_at=now))
    sessions.end_all(session, account.person_id, SessionEnd.PASSWORD, now)


def _write_hash(session: Session, person_id: int, password_hash: str) -> None:
    session.execute(
        update(Credential)
        .where(Credential.person_id == person_id)
        .values(password_hash=password_hash)
    )
