"""Guessing slowed down: failures are counted by account, and by account and network address.

After a few failures of an account from one address the next try from there waits, each time twice
as long; nothing is refused for the failures of another account. Far more failures, from wherever,
slow an account for strangers alone: not where its person has signed in before. An address that
tries many accounts that do not exist waits from an account's second try on.

A failure is counted once the password has been compared, and looked at again then: of many guesses
sent at once one alone is answered, and right ones sent at once are all let in.
"""

import hashlib
from collections.abc import Iterable
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


@dataclass(frozen=True)
class Slowing:
    """So many failures are free; the wait after the next is `first`, then twice as long each time,
    up to `most`."""

    free: int
    first: timedelta
    most: timedelta

    def wait(self, failures: list[datetime], now: datetime) -> timedelta:
        """Return how much of the wait after the newest failure is left."""
        over = len(failures) - self.free
        if over < 0 or not failures:
            return timedelta(0)
        whole = min(self.first * 2 ** min(over, 20), self.most)
        return max(timedelta(0), max(failures) + whole - now)


FROM_ONE_ADDRESS = Slowing(3, timedelta(seconds=5), timedelta(minutes=15))
"""Of an account, from one network address."""

FROM_ANYWHERE = Slowing(30, timedelta(seconds=5), timedelta(minutes=5))
"""Of an account, from all addresses together; not asked where its person has signed in before."""

FROM_A_SPRAYER = Slowing(1, timedelta(minutes=1), timedelta(minutes=15))
"""Of an account, from an address that has tried many accounts that do not exist."""

SPRAYING = Limit(20, timedelta(hours=1))
"""So many accounts that do not exist make an address one that tries them all."""

LINKS_PER_ACCOUNT = Limit(3, timedelta(hours=1))
LINKS_PER_ADDRESS = Limit(20, timedelta(hours=1))

_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Tried:
    """What is tried, and from which network; neither the address nor the account is kept."""

    account: str
    network: str

    @classmethod
    def of(cls, name: str, address: str, use: str = "account") -> "Tried":
        return cls(account_key(name, use), _digest(network(address)))

    @property
    def spray_key(self) -> str:
        return f"unknown:{self.network}"


def account_key(email: str, use: str = "account") -> str:
    """Return the key of an account, whether there is one or not; the address itself is not kept."""
    return f"{use}:{_digest(email)}"


def address_key(address: str, use: str = "address") -> str:
    """Return the key of a network address."""
    return f"{use}:{network(address)}"


def network(address: str) -> str:
    """Return a network address; of IPv6 the /64, which one household has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


# --- Guessing -----------------------------------------------------------------------------


def slow(
    session: Session, tried: Tried, known_from: Iterable[str], now: datetime, *texts: str
) -> None:
    """Raise ThrottledError while the account has to wait before it is tried from this network.

    `known_from`: the addresses from which its person has signed in. `texts` say the wait in minutes
    and in seconds.
    """
    wait = _slowing(session, tried, known_from, now)
    if wait > timedelta(0):
        raise ThrottledError(wait, *texts)


def hold(session: Session, tried: Tried) -> None:
    """Have tries of this account come one after the other until the transaction ends (SQLite has
    one writer anyway)."""
    _hold(session, [tried.account])


def fail(session: Session, tried: Tried, now: datetime, *, exists: bool) -> None:
    """Count a failure. Forgets what is a day old."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - _KEPT))
    session.add(LoginAttempt(key=tried.account, network=tried.network, at=now))
    # Kept of either, so that both take alike long; only those that do not exist are counted.
    key = tried.spray_key if not exists else f"known:{tried.network}"
    session.add(LoginAttempt(key=key, network=tried.account[-48:], at=now))
    session.flush()


def forgive(session: Session, tried: Tried) -> None:
    """Forget an account's failures from one network: its person has signed in there."""
    session.execute(
        delete(LoginAttempt).where(
            LoginAttempt.key == tried.account, LoginAttempt.network == tried.network
        )
    )


def _slowing(session: Session, tried: Tried, known_from: Iterable[str], now: datetime) -> timedelta:
    statement = (
        select(LoginAttempt.network, LoginAttempt.at)
        .where(LoginAttempt.key == tried.account, LoginAttempt.at > now - _KEPT)
        .order_by(LoginAttempt.at.desc())
        .limit(1000)
    )
    failures = session.execute(statement).all()
    all_of_them = [at for _network, at in failures]
    from_here = [at for where, at in failures if where == tried.network]
    is_known = tried.network in {_digest(network(address)) for address in known_from}
    sprays = _sprays(session, tried, now)
    waits = [FROM_ONE_ADDRESS.wait(from_here, now)]
    if not is_known:
        waits.append(FROM_ANYWHERE.wait(all_of_them, now))
        if sprays:
            waits.append(FROM_A_SPRAYER.wait(from_here, now))
    return max(waits)


def _sprays(session: Session, tried: Tried, now: datetime) -> bool:
    """Tell whether this network has tried many accounts that do not exist."""
    counted = select(func.count(LoginAttempt.network.distinct())).where(
        LoginAttempt.key == tried.spray_key, LoginAttempt.at > now - SPRAYING.window
    )
    return (session.scalar(counted) or 0) >= SPRAYING.count


# --- Asking for links ---------------------------------------------------------------------


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


def count(session: Session, keys: list[str], now: datetime) -> None:
    """Note one attempt under each key. Forgets what is a day old."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - _KEPT))
    session.add_all(LoginAttempt(key=key, at=now) for key in keys)
    session.flush()


def clear(session: Session, key: str) -> None:
    """Forget a key's failures, from wherever."""
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


def _hold(session: Session, keys: Iterable[str]) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    for key in sorted(keys):  # always in one order, so that two never wait for each other
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:48]
