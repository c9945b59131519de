"""Sessions: the browsers in which a person is signed in, each with its end.

A row for each; its random token is in the browser's signed cookie, and only the token's hash is
kept. A session is over when its row says so (`SessionEnd`) or after `ends_at`, and no copy of the
cookie opens anything then. How long somebody has paused is in the signed cookie alone, so that
reading a page writes nothing.

Everything here runs under the named system scope SIGN_IN.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.models import UserSession
from lth.models.person import Role, SessionEnd

PAUSE = timedelta(hours=4)
"""The longest time without a request after which one signs in again."""

PAUSES = {
    Role.LEADER: timedelta(minutes=60),
    Role.UNIT_ADMIN: timedelta(minutes=60),
    Role.SYSTEM_ADMIN: timedelta(minutes=30),
}
"""The same for who holds a role that signs, own or lent, or that administers."""

CODE_AWAITED = timedelta(minutes=10)
"""So long the second factor may be proved after the password."""

KEPT = timedelta(days=30)
"""So long the rows of sessions that are over tell from where somebody has signed in."""

# Each is looked for in this order: most programs name others beside themselves.
_BROWSERS = {
    "Zalo": "Zalo",
    "coc_coc_browser": "Cốc Cốc",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Origin:
    """From where somebody signs in: the network address and what the browser calls itself."""

    address: str = ""
    user_agent: str = ""

    @property
    def browser(self) -> str:
        """The browser and the system by name, "Chrome, Windows"; empty for what is neither."""
        found = (_first(_BROWSERS, self.user_agent), _first(_SYSTEMS, self.user_agent))
        return ", ".join(name for name in found if name)


@dataclass(frozen=True)
class OpenSession:
    """A session in which somebody is at work."""

    id: int
    ends_at: datetime
    second_factor_at: datetime | None


@dataclass(frozen=True)
class SignedInPlace:
    """A session as its owner sees it."""

    id: int
    browser: str
    address: str
    created_at: datetime
    ends_at: datetime
    is_this_one: bool


def pause_allowed(roles: Iterable[Role]) -> timedelta:
    """Return after what time without a request somebody of these roles signs in again."""
    return min((PAUSES.get(role, PAUSE) for role in roles), default=PAUSE)


def begin(
    session: Session,
    person_id: int,
    origin: Origin,
    age: timedelta,
    now: datetime,
    *,
    second_factor_at: datetime | None = None,
    awaits_code: bool = False,
) -> str:
    """Sign somebody in for `age` at the most; returns the token. Forgets what is long over.

    One that `awaits_code` opens nothing until another is begun in its place.
    """
    token = secrets.token_urlsafe(32)
    row = UserSession(
        person_id=person_id,
        token_hash=hashed(token),
        created_at=now,
        ends_at=now + age,
        browser=origin.browser,
        address=origin.address[:45],
        awaits_code=awaits_code,
        second_factor_at=second_factor_at,
    )
    with system(session, Purpose.SIGN_IN):
        session.execute(delete(UserSession).where(UserSession.ends_at < now - KEPT))
        session.add(row)
    return token


def awaiting_code(session: Session, token: str, now: datetime) -> int | None:
    """Find whose second factor is asked for in the session of a token; None where it is over."""
    statement = select(UserSession.person_id).where(
        UserSession.token_hash == hashed(token), UserSession.awaits_code, *is_open(now)
    )
    with system(session, Purpose.SIGN_IN):
        return session.scalar(statement)


def end(session: Session, token: str, why: SessionEnd, now: datetime) -> None:
    """End the session of a token, if there is one."""
    _end(session, UserSession.token_hash == hashed(token), why=why, now=now)


def end_one(session: Session, person_id: int, session_id: int, now: datetime) -> bool:
    """End one of a person's own sessions; returns whether there was one by that id."""
    own = UserSession.person_id == person_id, UserSession.id == session_id
    return _end(session, *own, why=SessionEnd.ENDED_BY_OWNER, now=now) > 0


def end_all(
    session: Session,
    person_id: int,
    why: SessionEnd,
    now: datetime,
    *,
    but: str | None = None,
) -> int:
    """End a person's sessions, all but the one of a token; returns how many were open."""
    which = [UserSession.person_id == person_id]
    if but is not None:
        which.append(UserSession.token_hash != hashed(but))
    return _end(session, *which, why=why, now=now)


def end_everybodys(session: Session, why: SessionEnd, now: datetime) -> int:
    """End every session that is open; returns how many were."""
    return _end(session, why=why, now=now)


def places(session: Session, person_id: int, token: str, now: datetime) -> list[SignedInPlace]:
    """List where a person is signed in, the place of the token first, then the newest."""
    shown = UserSession.id, UserSession.browser, UserSession.address
    times = UserSession.created_at, UserSession.ends_at
    is_this_one = UserSession.token_hash == hashed(token)
    statement = (
        select(*shown, *times, is_this_one.label("is_this_one"))
        .where(UserSession.person_id == person_id, ~UserSession.awaits_code, *is_open(now))
        .order_by(is_this_one.desc(), UserSession.id.desc())
    )
    with system(session, Purpose.SIGN_IN):
        return [SignedInPlace(*row) for row in session.execute(statement)]


def known_from(session: Session, person_id: int | None) -> list[str]:
    """List the network addresses from which a person has signed in of late; none for nobody."""
    signed_in = UserSession.person_id == person_id, ~UserSession.awaits_code
    statement = select(UserSession.address).where(*signed_in).distinct()
    with system(session, Purpose.SIGN_IN):
        return list(session.scalars(statement))


def is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Select sessions that are not over."""
    return UserSession.ended_at.is_(None), UserSession.ends_at > now


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end(session: Session, *which: ColumnElement[bool], why: SessionEnd, now: datetime) -> int:
    statement = (
        update(UserSession)
        .where(*which, *is_open(now))
        .values(ended_at=now, end_reason=why)
        .execution_options(synchronize_session=False)
    )
    with system(session, Purpose.SIGN_IN):
        return int(session.execute(statement).rowcount)


def _first(names: dict[str, str], text: str) -> str:
    return next((name for mark, name in names.items() if mark in text), "")
