"""Personal calendar feeds: the secret address under which a person's own deadlines are read.

Only the hash of an address's token is kept, so that it is shown once. Everything here runs under
the named system scope FEED: whoever reads a feed has not signed in, and whoever makes one does so
for themselves, in whichever role.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import accounts, audit
from lth.administration.accounts import Account
from lth.models import AuditEntry, CalendarFeed, Person


@dataclass(frozen=True)
class Feed:
    """A feed in force, for whom it is, with the roles that they hold on the day it is read."""

    language: str
    created_at: datetime
    account: Account


@dataclass(frozen=True)
class DeadlineChanges:
    """The number of a unit's changes of deadlines, or of the calendar, and the last moment."""

    count: int
    last: datetime


def made_at(session: Session, person_id: int) -> datetime | None:
    """Find since when a person has had the address in force; None where they have none."""
    statement = select(func.max(CalendarFeed.created_at)).where(*_in_force(person_id))
    with system(session, Purpose.FEED):
        return session.scalar(statement)


def make(session: Session, person_id: int, language: str, now: datetime) -> str:
    """Return a new address's token, to be shown once; the address before it is revoked."""
    token = secrets.token_urlsafe(32)
    with system(session, Purpose.FEED):
        name = _lock(session, person_id)
        replaced = _revoke(session, person_id, now)
        session.add(
            CalendarFeed(
                person_id=person_id, token_hash=_hash(token), language=language, created_at=now
            )
        )
        what = "feed.replaced" if replaced else "feed.made"
        audit.record(session, None, what, person_id, name, now=now)
    return token


def revoke(session: Session, person_id: int, now: datetime) -> bool:
    """Have a person's address lead nowhere from now on; returns whether there was one."""
    with system(session, Purpose.FEED):
        name = _lock(session, person_id)
        revoked = _revoke(session, person_id, now)
        if revoked:
            audit.record(session, None, "feed.revoked", person_id, name, now=now)
    return revoked


def find(session: Session, token: str, on: date) -> Feed | None:
    """Find the feed of a token; None if unknown or revoked, or its person is no longer active."""
    statement = select(
        CalendarFeed.person_id, CalendarFeed.language, CalendarFeed.created_at
    ).where(CalendarFeed.token_hash == _hash(token), CalendarFeed.revoked_at.is_(None))
    with system(session, Purpose.FEED):
        row = session.execute(statement).first()
        account = accounts.load(session, row.person_id, on) if row is not None else None
    if row is None or account is None:
        return None
    return Feed(row.language, row.created_at, account)


def deadline_changes(session: Session, unit_ids: set[int]) -> dict[int | None, DeadlineChanges]:
    """Count some units' changes of deadlines, and under None those of the calendar by which
    their grace is counted: by this a calendar program sees that a day was moved. Counts and moments
    only, of the units that a feed's entries name.
    """
    deadlines = AuditEntry.unit_id.in_(unit_ids) & AuditEntry.what.startswith("deadlines.")
    calendar = AuditEntry.unit_id.is_(None) & AuditEntry.what.startswith("calendar.")
    statement = (
        select(AuditEntry.unit_id, func.count(), func.max(AuditEntry.at))
        .where(deadlines | calendar)
        .group_by(AuditEntry.unit_id)
    )
    with system(session, Purpose.FEED):
        rows = session.execute(statement).all()
    return {unit_id: DeadlineChanges(count, last) for unit_id, count, last in rows}


def _lock(session: Session, person_id: int) -> str:
    """Return the person's name; they are locked: of two addresses made at once one stays."""
    statement = select(Person.name).where(Person.id == person_id).with_for_update()
    return session.scalars(statement).one()


def _in_force(person_id: int) -> tuple:
    return CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None)


def _revoke(session: Session, person_id: int, now: datetime) -> bool:
    statement = update(CalendarFeed).where(*_in_force(person_id)).values(revoked_at=now)
    return bool(session.execute(statement).rowcount)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
