"""How a club's board comes in without an account: a secret link and a code, from its commune.

Both are shown once; only their hashes are kept. A new key ends the one before. Wrong codes slow
the next try down (`administration.throttle`). What a key opens is its one club's book: pages ask
`of_pass` for it on every request, under the purpose BOOK, and so it ends with the key.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, system
from lth.administration import audit, passwords, throttle
from lth.administration.throttle import Tried
from lth.clubs import books
from lth.core.errors import NotYoursError, StaleError
from lth.core.i18n import C_, N_, Message
from lth.models import Club, ClubKey, Unit

CODE_DIGITS = 6

WRONG_OFTEN = (
    C_("Mã đã nhập sai nhiều lần. Hãy đợi %(num)s phút rồi thử lại."),
    C_("Mã đã nhập sai nhiều lần. Hãy đợi %(num)s giây rồi thử lại."),
)


@dataclass(frozen=True)
class NewKey:
    """A key as it is given out, once: the secret of its link, and its code."""

    key_id: int
    token: str
    code: str


@dataclass(frozen=True)
class KeyHolder:
    """The club that a key opens, read once for a request; `mark` is what its cookie proves."""

    key_id: int
    club_id: int
    club_name: str
    commune: str
    mark: str


# --- Given out ----------------------------------------------------------------------------


def in_force(session: Session, club_id: int, scope: Scope) -> ClubKey | None:
    """Find the key that a club's board comes in with now; the commune's own alone sees it."""
    books.club(session, club_id, scope)
    statement = _in_force(club_id).where(ClubKey.unit_id == scope.unit_id)
    return session.scalars(statement).first()


def give(session: Session, actor: Actor, club_id: int, seen: int, *, now: datetime) -> NewKey:
    """Give out a link and a code; the key before, whose id the page has `seen`, is over.

    Raises:
        NotFoundError: no such club here.
        NotYoursError: a club of another unit.
        StaleError: somebody has given out another one meanwhile.
    """
    one = _own(session, actor, club_id)
    _end(session, one, actor, seen, now)
    token = secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    key = ClubKey(
        club_id=one.id,
        unit_id=one.unit_id,
        token_hash=_hashed(token),
        code_hash=passwords.hash_password(code),
        created_at=now,
        person_id=actor.person_id,
        person_name=actor.person_name,
        person_position=actor.position,
        unit_name=actor.unit_name,
    )
    session.add(key)
    _note(session, actor, one, "clubs.key_given", now)
    session.flush()
    return NewKey(key.id, token, code)


def revoke(session: Session, actor: Actor, club_id: int, seen: int, *, now: datetime) -> bool:
    """Have a club's key open nothing from now on; returns whether there was one.

    Raises as `give` does.
    """
    one = _own(session, actor, club_id)
    ended = _end(session, one, actor, seen, now)
    if ended:
        _note(session, actor, one, "clubs.key_revoked", now)
    session.flush()
    return ended


def revoke_of(session: Session, club_id: int, *, now: datetime) -> None:
    """End every key of a club that has moved, merged or closed."""
    with system(session, Purpose.BOOK):
        keys = update(ClubKey).where(ClubKey.club_id == club_id, ClubKey.revoked_at.is_(None))
        session.execute(keys.values(revoked_at=now).execution_options(synchronize_session=False))


def _own(session: Session, actor: Actor, club_id: int) -> Club:
    one = books.club(session, club_id, Scope.of(actor), lock=True)
    if one.unit_id != actor.unit_id:
        raise NotYoursError(Message(N_("Chỉ xã của câu lạc bộ mới cấp được mã.")))
    return one


def _end(session: Session, one: Club, actor: Actor, seen: int, now: datetime) -> bool:
    current = session.scalars(_in_force(one.id).where(ClubKey.unit_id == actor.unit_id)).first()
    if (current.id if current else 0) != seen:
        said = N_("Mã của câu lạc bộ này vừa được cấp lại hoặc thu hồi. Hãy xem lại.")
        raise StaleError(Message(said))
    if current is not None:
        current.revoked_at = now
        session.flush()
    return current is not None


def _note(session: Session, actor: Actor, one: Club, what: str, now: datetime) -> None:
    with system(session, Purpose.BOOK):
        about = (session, actor.unit_id, what, actor.person_id, one.name)
        audit.record(*about, now=now, actor=actor)


# --- Coming in: begin, commit, compare, finish, commit ------------------------------------


@dataclass(frozen=True)
class Knock:
    """A board at the door: the key of its link, and what its code is compared with."""

    holder: KeyHolder
    code_hash: str
    tried: Tried


def of_link(session: Session, token: str) -> KeyHolder | None:
    """Find the club that a link is of; None where it is over. It opens nothing by itself."""
    with system(session, Purpose.BOOK):
        row = session.execute(_HOLDERS.where(ClubKey.token_hash == _hashed(token))).first()
    return _holder(row) if row else None


def knock(session: Session, token: str, address: str, now: datetime) -> Knock | None:
    """Find what a code is to be compared with; None where the link is over.

    Commit before comparing: argon2 must not hold a writer's lock.

    Raises:
        ThrottledError: the code has been wrong too often.
    """
    tried = Tried.of(_hashed(token), address, "club-key")
    with system(session, Purpose.BOOK):
        row = session.execute(_HOLDERS.where(ClubKey.token_hash == _hashed(token))).first()
        if row is None:
            return None
        throttle.slow(session, tried, (), now, *WRONG_OFTEN)
    return Knock(_holder(row), row.code_hash, tried)


def enter(session: Session, at: Knock, code: str, now: datetime) -> KeyHolder | None:
    """Let a board in whose code is right; None where it is wrong, which is counted.

    Raises:
        ThrottledError: of tries at once another has failed first; right or wrong is not told.
    """
    digits = "".join(sign for sign in code if sign.isdecimal())
    fits = passwords.verify(at.code_hash, digits)
    with system(session, Purpose.BOOK):
        throttle.hold(session, at.tried)
        throttle.slow(session, at.tried, (), now, *WRONG_OFTEN)
        key = session.scalars(_locked(at.holder.key_id)).first()
        if key is None:
            return None
        key.tried_at = now
        if not fits:
            key.failures += 1
            throttle.fail(session, at.tried, now, exists=True)
            return None
        key.failures, key.used_at = 0, now
        throttle.forgive(session, at.tried)
    return at.holder


def of_pass(session: Session, key_id: int, mark: str) -> KeyHolder | None:
    """Find the club that a board's cookie opens; None once its key is over."""
    with system(session, Purpose.BOOK):
        row = session.execute(_HOLDERS.where(ClubKey.id == key_id)).first()
    holder = _holder(row) if row else None
    return holder if holder and hmac.compare_digest(holder.mark, mark) else None


_HOLDERS = (
    select(
        *(ClubKey.id, ClubKey.token_hash, ClubKey.code_hash, Club.id.label("club_id")),
        *(Club.name, Unit.type, Unit.name.label("commune")),
    )
    .join(Club, (Club.id == ClubKey.club_id) & (Club.unit_id == ClubKey.unit_id))
    .join(Unit, Unit.id == Club.unit_id)
    .where(ClubKey.revoked_at.is_(None))
)
"""Keys in force with their clubs; one of a club that has moved to another commune is over."""


def _holder(row) -> KeyHolder:
    """Make the holder of a row; the mark tells this key from any other that had its number."""
    commune = f"{row.type} {row.commune}"
    mark = _hashed(f"pass:{row.token_hash}")[:24]
    return KeyHolder(row.id, row.club_id, row.name, commune, mark)


def _in_force(club_id: int):
    return (
        select(ClubKey)
        .where(ClubKey.club_id == club_id, ClubKey.revoked_at.is_(None))
        .order_by(ClubKey.id.desc())
        .limit(1)
    )


def _locked(key_id: int):
    return (
        select(ClubKey)
        .where(ClubKey.id == key_id, ClubKey.revoked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
