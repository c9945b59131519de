"""Guessing slowed down: failures are counted by account and by address over a sliding window.

An attempt is counted before the password is looked at and taken back when it was right, so that
many guesses sent at once are counted too.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lth.core.errors import ThrottledError
from lth.models import LoginAttempt


@dataclass(frozen=True)
class Limit:
    """So many within such a time."""

    count: int
    window: timedelta


PER_ACCOUNT = Limit(5, timedelta(minutes=15))
PER_ADDRESS = Limit(30, timedelta(minutes=15))
LINKS_PER_ACCOUNT = Limit(3, timedelta(hours=1))
LINKS_PER_ADDRESS = Limit(20, timedelta(hours=1))

_KEPT = timedelta(days=1)


def account_key(email: str, use: str = "account") -> str:
    """Return the key of an account, whether there is one or not; the address itself is not kept."""
    return f"{use}:{hashlib.sha256(email.encode()).hexdigest()[:48]}"


def address_key(address: str, use: str = "address") -> str:
    """Return the key of a network address; of IPv6 the /64, which one household has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"{use}:unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return f"{use}:{mapped or IPv6Address(int(parsed) >> 64 << 64)}"
    return f"{use}:{parsed}"


def wait(session: Session, limits: dict[str, Limit], now: datetime) -> timedelta | None:
    """Return how long until every key is under its limit again; None where all are.

    Holds the keys until the transaction ends, so that attempts at once are counted one by one
    (SQLite has one writer anyway).
    """
    _hold(session, limits)
    waits = [_wait_for(session, key, limit, now) for key, limit in limits.items()]
    longest = max(waits, default=timedelta(0))
    return longest if longest > timedelta(0) else None


def refuse(session: Session, limits: dict[str, Limit], now: datetime, text: str) -> None:
    """Raise ThrottledError, in the words of `text`, where a key has reached its limit."""
    longest = wait(session, limits, now)
    if longest is not None:
        raise ThrottledError(longest, text)


def count(session: Session, keys: list[str], now: datetime) -> list[int]:
    """Note one attempt under each key; returns their ids. Forgets what is a day old."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - _KEPT))
    rows = [LoginAttempt(key=key, at=now) for key in keys]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def take_back(session: Session, ids: list[int]) -> None:
    """Forget attempts that turned out to be no failures."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(ids)))


def clear(session: Session, key: str) -> None:
    """Forget a key's failures."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == key))


def _wait_for(session: Session, key: str, limit: Limit, now: datetime) -> timedelta:
    """Return how long until the oldest of the last `limit.count` attempts leaves the window."""
    since = now - limit.window
    recent = (
        select(LoginAttempt.at)
        .where(LoginAttempt.key == key, LoginAttempt.at > since)
        .order_by(LoginAttempt.at.desc())
        .limit(limit.count)
    )
    times = list(session.scalars(recent))
    if len(times) < limit.count:
        return timedelta(0)
    return times[-1] + limit.window - now


def _hold(session: Session, limits: dict[str, Limit]) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    for key in sorted(limits):  # always in one order, so that two never wait for each other
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))
