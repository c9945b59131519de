"""One-time links by mail: to set a forgotten password anew, or an administrator's first one.

Only the hash of the token is kept. The token itself is in the outbox row's `secret` until the
mail is sent, and in the mail.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lth.mail import outbox
from lth.mail.declarations import Payload, Reach, declare
from lth.mail.outbox import Mail
from lth.models import PasswordReset

PATH = "/password/"
"""The page that takes a token is at the site's address, this, and the token."""


class LinkKind(StrEnum):
    """Also the kind of the outbox row."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - the word for a mail, no password
    FIRST_PASSWORD = "first_password"  # noqa: S105 - as above


LIFETIME = {
    LinkKind.PASSWORD_RESET: timedelta(hours=1),
    LinkKind.FIRST_PASSWORD: timedelta(days=7),
}


@dataclass(frozen=True, kw_only=True)
class LinkMail(Payload):
    """A one-time link, and until when it can be used."""

    expires_at: datetime | None = None


MAIL = {
    kind: declare(
        kind.value,
        LinkMail,
        one_time_page=PATH,
        at_once=True,
        still="link_open",
        reach=Reach.ACCOUNT,
    )
    for kind in LinkKind
}


def send(session: Session, kind: LinkKind, person_id: int, now: datetime) -> str:
    """Write a link and the mail that carries it, in the transaction under way; its token.

    The mail is its person's own, and no unit's.
    """
    token = new_token()
    ends = now + LIFETIME[kind]
    session.add(
        PasswordReset(
            person_id=person_id, token_hash=hashed(token), created_at=now, expires_at=ends
        )
    )
    payload = LinkMail(expires_at=ends)
    outbox.write(session, [Mail(MAIL[kind], payload, person_id, None, secret=token)], now)
    return token


def open_link(session: Session, token: str, now: datetime) -> PasswordReset | None:
    """Find the link of a token that can still be used; reading it uses nothing up."""
    statement = select(PasswordReset).where(
        PasswordReset.token_hash == hashed(token),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )
    return session.scalar(statement)


def still_open(session: Session, tokens: Collection[str], now: datetime) -> set[str]:
    """Return those of some tokens whose links can still be used."""
    hashes = {hashed(token): token for token in tokens}
    statement = select(PasswordReset.token_hash).where(
        PasswordReset.token_hash.in_(hashes),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )
    return {hashes[found] for found in session.scalars(statement)}


def use(session: Session, token: str, now: datetime) -> int | None:
    """Use a link up, with every other link of the same person; returns the person's id.

    None where it cannot be used (any more): of two uses at once only one counts.
    """
    statement = (
        update(PasswordReset)
        .where(
            PasswordReset.token_hash == hashed(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
        .values(used_at=now)
        .returning(PasswordReset.person_id)
    )
    person_id = session.scalar(statement)
    if person_id is not None:
        void(session, person_id, now)
    return person_id


def void(session: Session, person_id: int, now: datetime) -> None:
    """Have no link of this person be used from now on."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == person_id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )


def void_everybodys(session: Session, now: datetime) -> None:
    """Have no link that was sent until now be used any more."""
    statement = update(PasswordReset).where(PasswordReset.used_at.is_(None))
    session.execute(statement.values(used_at=now).execution_options(synchronize_session=False))


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
