"""Taking mail rows to send, under a lease, and saying what became of them.

Every statement that settles a row asks for the lease it was taken under: a drain that was so slow
that another took the row over can say nothing about it any more. Runs within a system scope
(`Purpose.DELIVER`); the callers commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update, and_, or_, select, update
from sqlalchemy.orm import Session

from lth.models import OutboxMessage
from lth.models.outbox import Delivery
from lth.notifications import digests

LEASE = timedelta(seconds=120)
RENEW_BELOW = timedelta(seconds=80)
"""A lease shorter than one mail may take (see `smtp.TIMEOUT_SECONDS`) is renewed before it."""

MAX_ATTEMPTS = 15
"""With the pauses below: given up after about a day and a half."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True)
class Claim:
    """A row that is ours to send until `lease` ends; `attempt` counts this try, from 1."""

    id: int
    attempt: int
    lease: datetime


def pause_after(attempt: int) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, up to a limit."""
    return min(FIRST_PAUSE * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)


def any_due(session: Session, now: datetime) -> bool:
    """Tell whether anything could be claimed; cheap enough to ask every second."""
    return session.scalar(select(OutboxMessage.id).where(_due(now)).limit(1)) is not None


def claim(session: Session, now: datetime, limit: int) -> list[Claim]:
    """Take up to `limit` due rows, the oldest first, in one statement.

    On PostgreSQL rows that another drain is taking are skipped; on SQLite there is one writer. A
    row whose lease has run out (its drain was killed) is due again.
    """
    due = (
        select(OutboxMessage.id)
        .where(_due(now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    lease = now + LEASE
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(due.c.id)))
        .values(delivery=Delivery.SENDING, leased_until=lease, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.id, OutboxMessage.attempts, OutboxMessage.due_at)
        .execution_options(synchronize_session=False)
    )
    taken = sorted(session.execute(statement), key=lambda row: (row.due_at, row.id))
    return [Claim(row.id, row.attempts, lease) for row in taken]


def renew(session: Session, claims: Sequence[Claim], now: datetime) -> list[Claim]:
    """Extend the leases that are still ours; the others are left to whoever took them over."""
    if not claims:
        return []
    lease = now + LEASE
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_([claim.id for claim in claims]),
            OutboxMessage.delivery == Delivery.SENDING,
            OutboxMessage.leased_until == claims[0].lease,
        )
        .values(leased_until=lease)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    ours = set(session.scalars(statement))
    return [Claim(claim.id, claim.attempt, lease) for claim in claims if claim.id in ours]


def settle(session: Session, claim: Claim, outcome: Delivery, now: datetime, note: str) -> bool:
    """Say what became of a mail; False where it was taken over and is no longer ours to settle.

    SENT: the relay has it, and its one-time token, having done its work, is wiped. WAITING: tried
    again after a pause. FAILED: given up, until a person has it tried again. DISCARDED: there is no
    sense in sending it any more.
    """
    values: dict[str, Any] = {"delivery": outcome, "last_error": note}
    if outcome is Delivery.SENT:
        values["sent_at"] = now
    if outcome in {Delivery.SENT, Delivery.DISCARDED}:
        values["secret"] = None
    if outcome is Delivery.WAITING:
        values["due_at"] = now + pause_after(claim.attempt)
    return _settle(session, claim, values)


def give_back(session: Session, claims: Sequence[Claim]) -> None:
    """Give back what was not tried after all: due as before, and it counts as no attempt."""
    for claim in claims:
        _settle(session, claim, {"delivery": Delivery.WAITING, "attempts": claim.attempt - 1})


def any_to_hold(session: Session, now: datetime) -> bool:
    """Tell whether `hold` would find anything."""
    return session.scalar(select(OutboxMessage.id).where(_unsent(now)).limit(1)) is not None


def hold(session: Session, now: datetime) -> int:
    """Hold everything unsent, without SMTP, for a person to release or discard, but for
    what a digest gathers, which is then held itself."""
    statement = (
        update(OutboxMessage).where(_unsent(now)).values(delivery=Delivery.HELD, leased_until=None)
    )
    return _count(session, statement)


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(and_(_waits(), OutboxMessage.due_at <= now), _left_behind(now))


def _unsent(now: datetime) -> ColumnElement[bool]:
    return or_(_waits(), _left_behind(now))


def _waits() -> ColumnElement[bool]:
    """Select what waits for a drain: not for a digest, unless mail is wanted at once again."""
    return and_(OutboxMessage.delivery == Delivery.WAITING, ~digests.gathered())


def _left_behind(now: datetime) -> ColumnElement[bool]:
    """Select what was taken by a drain that was killed."""
    return and_(OutboxMessage.delivery == Delivery.SENDING, OutboxMessage.leased_until <= now)


def _settle(session: Session, claim: Claim, values: dict[str, Any]) -> bool:
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.id == claim.id,
            OutboxMessage.delivery == Delivery.SENDING,
            OutboxMessage.leased_until == claim.lease,
        )
        .values(leased_until=None, **values)
    )
    return _count(session, statement) == 1


def _count(session: Session, statement: Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101 - what an UPDATE without RETURNING gives
    return result.rowcount
