"""The actor, role, scope, session and moment of a request: read once for each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, abort, current_app, g, request
from flask import session as cookie
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import accounts, calendar_days, sessions
from lth.administration.sessions import Origin
from lth.blueprints.web import in_place
from lth.blueprints.web.extensions import db, login
from lth.core import clock, language
from lth.core.workdays import Calendar
from lth.models.person import RoleAssignment, SessionEnd

LANGUAGE_KEY, ROLE_KEY, SEEN_KEY = "language", "role", "seen"
"""What a browser's cookie keeps beside who is signed in; the last is the minute of its last request
(`sessions.pause_allowed`)."""

AWAITING_KEY = "awaiting"
"""Where the cookie keeps the token of a session in which the second factor is asked for."""

TOKEN_KEY = "_user_id"  # noqa: S105 - where Flask-Login keeps what `SignedIn.get_id` gives

NOBODYS = frozenset({"static", "health.healthz"})
"""Endpoints that need no account: nobody is looked for, whatever the cookie says, so that they are
there while the database is away."""


@dataclass
class SignedIn(UserMixin):
    """The person whom Flask-Login knows, with the roles they hold today."""

    account: accounts.Account
    token: str

    def get_id(self) -> str:
        """Return the token of the session."""
        return self.token


def database() -> Session:
    """Return the request's one session."""
    return db.session()


def now() -> datetime:
    """Return the moment of this request, the same throughout it."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


def calendar() -> Calendar:
    """Return the working days as decided; read once, unless a request has them already."""
    if "calendar" not in g:
        g.calendar = calendar_days.of(database())
    return g.calendar


def know_calendar(calendar: Calendar) -> None:
    """Keep what this request has read of the working days together with something else."""
    g.calendar = calendar


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)


def assignments() -> list[RoleAssignment]:
    """List the roles the signed-in person holds today."""
    return current_user.account.assignments if is_signed_in() else []


def unread() -> int:
    """Return the number of notices that the signed-in person has not read; read with who it is."""
    return current_user.account.unread if is_signed_in() else 0


def actor_or_none() -> Actor | None:
    """Return the signed-in person in the role they chose, else in the one they begin in."""
    if "actor" not in g:
        g.actor = _choose()
        if g.actor is not None:
            bind(database(), Scope.of(g.actor))
    return g.actor


def actor() -> Actor:
    """Return the actor of a page that needs one; 403 where there is none."""
    return actor_or_none() or abort(403)


def scope() -> Scope:
    """Return what the actor may see."""
    return Scope.of(actor())


def origin() -> Origin:
    """Return from where this request comes."""
    return Origin(request.remote_addr or "", request.user_agent.string)


def begin_session(person_id: int, *, second_factor_at: datetime | None = None) -> None:
    """Sign a browser in, in the transaction under way, with a new session and an empty cookie.

    Nothing set before goes on after it, and the session that the browser was in is over. Who it is
    for is read anew at the next request.
    """
    end_session(SessionEnd.REPLACED)
    age = timedelta(hours=current_app.config["SETTINGS"].session_hours)
    token = sessions.begin(
        database(), person_id, origin(), age, now(), second_factor_at=second_factor_at
    )
    cookie.permanent = True
    cookie[SEEN_KEY] = _minute()
    login_user(SignedIn(accounts.Account(person_id, "", ""), token))


def begin_half_session(account: accounts.Account) -> None:
    """Have this browser prove the second factor, in the transaction under way: it is signed in as
    nobody until then."""
    end_session(SessionEnd.REPLACED)
    cookie[LANGUAGE_KEY] = account.language
    cookie[AWAITING_KEY] = sessions.begin(
        database(), account.person_id, origin(), sessions.CODE_AWAITED, now(), awaits_code=True
    )


def end_session(why: SessionEnd) -> None:
    """Sign this browser out, in the transaction under way; its cookie is empty then."""
    for token in (session_token(), cookie.get(AWAITING_KEY)):
        if token:
            sessions.end(database(), str(token), why, now())
    logout_user()
    cookie.clear()
    g.pop("csrf_token", None)  # made for the cookie that was


def session_token() -> str:
    """Return the token of the session this browser is in, or was; empty where there is none."""
    return str(cookie.get(TOKEN_KEY, ""))


def read_again() -> None:
    """Read who has just signed in, for a page that this request itself answers with."""
    known = _load(current_user.get_id())
    if known is not None:
        login_user(known)
    g.pop("actor", None)
    actor_or_none()


def choose_role(assignment_id: int) -> Actor | None:
    """Act in another of one's roles from now on; None where it is not one's own."""
    if all(held.id != assignment_id for held in assignments()):
        return None
    cookie[ROLE_KEY] = assignment_id
    g.pop("actor", None)
    return actor_or_none()


def _choose() -> Actor | None:
    held = assignments()
    if not held:
        return None
    chosen = next((role for role in held if role.id == cookie.get(ROLE_KEY)), None)
    return Actor.of(chosen or begun_in(held))


def begun_in(held: list[RoleAssignment]) -> RoleAssignment:
    """Return the role that one begins in: the one that was chosen for it, else the one that was
    given first, and none that is lent while there is another. So nobody else moves one's desk."""
    own = [role for role in held if role.delegation_id is None] or held
    return min(own, key=lambda role: (not role.preferred, role.id))


def register(app: Flask) -> None:
    """Have Flask-Login find people here; `begin` has every request know its actor."""
    login.user_loader(_load)
    app.teardown_request(lambda _error: language.speak(language.DEFAULT))


def begin() -> None:
    """Find out who is asking, and speak their language, else the one chosen in this browser."""
    language.speak(cookie.get(LANGUAGE_KEY))
    if request.endpoint in NOBODYS:
        return
    acting = actor_or_none()
    person_id = current_user.account.person_id if is_signed_in() else None
    in_place.know(person_id, acting.assignment_id if acting else None)
    if person_id is not None and cookie.get(SEEN_KEY) != _minute():
        cookie[SEEN_KEY] = _minute()


def _load(token: str) -> SignedIn | None:
    with system(database(), Purpose.SIGN_IN):
        account = accounts.of_session(database(), token, clock.today(), now())
    if account is None or _has_paused_too_long(account):
        return None
    language.speak(account.language)
    return SignedIn(account, token)


def _has_paused_too_long(account: accounts.Account) -> bool:
    """Tell whether the last request in this session is longer ago than its roles allow."""
    seen = cookie.get(SEEN_KEY)
    if not isinstance(seen, int):
        return True
    allowed = sessions.pause_allowed(held.role for held in account.assignments)
    return timedelta(minutes=_minute() - seen) > allowed


def _minute() -> int:
    """Return the minute of this request, counted from 1970."""
    return int(now().timestamp()) // 60
