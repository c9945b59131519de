"""What becomes of a club: founded, changed, merged, closed, reopened, moved to another commune.

Each act writes one row of the club's history and one entry of the unit's trail, in the caller's
transaction. Whoever acts says which version they saw: where somebody came first, nothing is done.

The commune keeps its own register. A move to another commune is the one act that is not its own:
neither commune sees the other, and a boundary is changed by a decision from above. So a specialist
or leader of a unit above both does it; the history that the club has made stays readable in the
commune where it was made, and its monthly books stay those of that commune.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, system
from lth.administration import audit
from lth.clubs import keys, register, terms
from lth.core import clock
from lth.core.errors import (
    NotFoundError,
    NotNowError,
    NotYoursError,
    RefusedError,
    StaleError,
)
from lth.core.i18n import N_, Bilingual, Message
from lth.core.vietnamese import search_key
from lth.models import Club, ClubMove, Unit
from lth.models.club import ClubAct, ClubState
from lth.models.person import Role
from lth.models.unit import Level

KEEPERS = frozenset({Role.CLERK, Role.LEADER})
"""Who keeps a commune's register."""

MOVERS = frozenset({Role.SPECIALIST, Role.LEADER})
"""Who moves a club from one commune below to another."""


@dataclass(frozen=True)
class Occasion:
    """When something became of a club, and why."""

    day: date
    reason: str = ""


# --- Founded, changed ---------------------------------------------------------------------


def found(
    session: Session,
    actor: Actor,
    values: Mapping[str, Any],
    *,
    same_name_meant: bool = False,
    reason: str = "",
    now: datetime,
) -> Club:
    """Enter a new club with the next number of its commune.

    Raises BlockedError for what the fields may not say, and, unless it is meant, for a name that a
    running club of the same village has.
    """
    _check_keeps(actor)
    areas = register.areas(session)
    blank = {"village": "", "areas": [], "founded_on": None, "name": ""}
    read = terms.checked({**blank, **values}, _today(now), areas)
    hold(session, actor.unit_id or 0)
    if not same_name_meant:
        _check_name(session, actor, read["name"], read["village"])
    club = Club(
        unit_id=actor.unit_id or 0,
        unit_path=actor.unit_path,
        number=next_number(session, actor.unit_id or 0),
        created_at=now,
        **read,
    )
    session.add(club)
    session.flush()
    occasion = Occasion(club.founded_on, terms.reason_of(reason, needed=False))
    note(session, actor, club, ClubAct.FOUND, occasion, {}, now=now)
    return club


def change(
    session: Session,
    actor: Actor,
    club_id: int,
    values: Mapping[str, Any],
    *,
    seen: int,
    same_name_meant: bool = False,
    reason: str = "",
    now: datetime,
) -> bool:
    """Write what is said anew of a club: only the fields that are given. Tells whether any differs.

    Raises BlockedError as `found` does, StaleError where somebody changed it since it was seen.
    """
    club = held(session, actor, club_id, seen)
    read = terms.checked(values, _today(now), register.areas(session))
    changes = audit.differing(terms.kept(club), read)
    if not changes:
        return False
    _check_order(club, read)
    named_anew = {"name", "village"} & changes.keys()
    if named_anew and club.state is ClubState.ACTIVE and not same_name_meant:
        name, village = read.get("name", club.name), read.get("village", club.village)
        _check_name(session, actor, name, village, but=club.id)
    for field, (_old, new) in changes.items():
        setattr(club, field, new)
    club.version += 1
    occasion = Occasion(_today(now), terms.reason_of(reason, needed=False))
    note(session, actor, club, ClubAct.CHANGE, occasion, changes, now=now)
    return True


def _check_order(club: Club, read: Mapping[str, Any]) -> None:
    founded_on = read.get("founded_on", club.founded_on)
    if club.ended_on is not None and founded_on > club.ended_on:
        text = N_("Ngày thành lập không được sau ngày câu lạc bộ kết thúc (%(date)s).")
        raise RefusedError("founded_on", text, date=club.ended_on)


def _check_name(
    session: Session, actor: Actor, name: str, village: str, but: int | None = None
) -> None:
    """Ask back where a running club of the village has the name already."""
    twin = twin_of(
        register.of_unit(session, actor.unit_id or 0, Scope.of(actor)), name, village, but
    )
    if twin is None:
        return
    text = N_(
        "Đã có câu lạc bộ “%(name)s” (số %(number)s) đang hoạt động ở cùng thôn, ấp. Nếu đúng là"
        " câu lạc bộ khác, hãy đánh dấu ô này rồi gửi lại."
    )
    raise RefusedError("same_name_meant", text, name=twin.name, number=twin.number)


def twin_of(clubs: Iterable[Club], name: str, village: str, but: int | None = None) -> Club | None:
    """Find a running club that has a name in a village, however its marks are typed."""
    wanted = (search_key(name), search_key(village))
    running = (one for one in clubs if one.state is ClubState.ACTIVE and one.id != but)
    return next(
        (one for one in running if (search_key(one.name), search_key(one.village)) == wanted), None
    )


# --- Ended, taken up again ----------------------------------------------------------------


def merge(
    session: Session,
    actor: Actor,
    club_id: int,
    into_id: int,
    occasion: Occasion,
    *,
    seen: int,
    now: datetime,
) -> Club:
    """Have a club go into another one of its commune, which goes on; returns that one.

    Raises RefusedError for itself, one that has ended, days out of order; StaleError as `change`.
    """
    if into_id == club_id:
        raise RefusedError("into", N_("Không thể sáp nhập câu lạc bộ vào chính nó."))
    # both in the order of their ids, so that two merges never wait for one another
    first, second = sorted((club_id, into_id))
    for one in (first, second):
        _locked(session, actor, one)
    club = held(session, actor, club_id, seen)
    into = _locked(session, actor, into_id)
    _check_runs(club)
    if into.state is not ClubState.ACTIVE:
        text = N_("“%(name)s” đã kết thúc, không nhận sáp nhập được.")
        raise RefusedError("into", text, name=into.name)
    occasion = _checked(occasion, now, club.founded_on)
    if occasion.day < into.founded_on:
        text = N_("“%(name)s” đến ngày %(date)s mới thành lập.")
        raise RefusedError("day", text, name=into.name, date=into.founded_on)
    club.merged_into_id = into.id
    _end(session, club, ClubState.MERGED, occasion.day, now)
    told = {"merged_into": (None, into.name), "ended_on": (None, occasion.day)}
    note(session, actor, club, ClubAct.MERGE, occasion, told, other_id=into.id, now=now)
    return into


def close(
    session: Session, actor: Actor, club_id: int, occasion: Occasion, *, seen: int, now: datetime
) -> None:
    """Close a club from a day on. Raises RefusedError, StaleError as `merge` does."""
    club = held(session, actor, club_id, seen)
    _check_runs(club)
    occasion = _checked(occasion, now, club.founded_on)
    _end(session, club, ClubState.CLOSED, occasion.day, now)
    note(
        *(session, actor, club, ClubAct.CLOSE, occasion, {"ended_on": (None, occasion.day)}),
        now=now,
    )


def reopen(
    session: Session, actor: Actor, club_id: int, occasion: Occasion, *, seen: int, now: datetime
) -> None:
    """Have a club that was closed or merged run again, also one that was ended by mistake.

    What has been reported of it meanwhile stays as it was. Raises NotNowError for one that runs.
    """
    club = held(session, actor, club_id, seen)
    if club.state is ClubState.ACTIVE or club.ended_on is None:
        raise NotNowError(Message(N_("Câu lạc bộ đang hoạt động.")))
    occasion = _checked(occasion, now, club.ended_on)
    told = {"ended_on": (club.ended_on, None)}
    club.state, club.ended_on, club.merged_into_id = ClubState.ACTIVE, None, None
    club.version += 1
    note(session, actor, club, ClubAct.REOPEN, occasion, told, now=now)


def _end(session: Session, club: Club, state: ClubState, day: date, now: datetime) -> None:
    """Have a club run no longer, so that nobody comes into its books by its link either."""
    club.state, club.ended_on = state, day
    club.version += 1
    keys.revoke_of(session, club.id, now=now)


def _check_runs(club: Club) -> None:
    if club.state is not ClubState.ACTIVE:
        raise NotNowError(Message(N_("Câu lạc bộ đã kết thúc.")))


def _checked(occasion: Occasion, now: datetime, not_before: date) -> Occasion:
    """Read the reason and hold the day between a day before which it cannot be, and today."""
    if occasion.day > _today(now):
        raise RefusedError("day", N_("Ngày này không được sau hôm nay."))
    if occasion.day < not_before:
        text = N_("Ngày này không được trước ngày %(date)s.")
        raise RefusedError("day", text, date=not_before)
    return Occasion(occasion.day, terms.reason_of(occasion.reason))


# --- Moved --------------------------------------------------------------------------------


def move(
    session: Session,
    actor: Actor,
    club_id: int,
    to_unit_id: int,
    occasion: Occasion,
    *,
    seen: int,
    now: datetime,
) -> Club:
    """Move a running club to another commune below the actor's unit, where it gets a new number.

    Both communes have it in their trails. Who could come into its books by a link can no longer:
    the new commune gives out another.

    Raises NotYoursError, NotFoundError, RefusedError, StaleError.
    """
    scope = Scope.of(actor)
    if actor.role not in MOVERS or actor.level is Level.COMMUNE:
        raise NotYoursError(Message(_NOT_KEPT))
    register.get(session, club_id, scope)
    to = register.place(session, to_unit_id, scope)
    with system(session, Purpose.ADMINISTER) as everywhere:
        club = _found_locked(session, club_id, everywhere)
        _check_seen(session, club, seen, everywhere)
        _check_runs(club)
        if to.level is not Level.COMMUNE or to.id == club.unit_id:
            raise RefusedError("to_unit", N_("Hãy chọn một xã khác với xã hiện tại."))
        occasion = _checked(occasion, now, club.founded_on)
        own = register.place(session, actor.unit_id or 0, scope)
        if not to.in_force(register.last_day(own, _today(now))):
            raise RefusedError("to_unit", N_("Xã này không còn hoạt động."))
        _move(session, actor, club, to, occasion, now)
    return club


def _move(
    session: Session, actor: Actor, club: Club, to: Unit, occasion: Occasion, now: datetime
) -> None:
    for unit_id in sorted((club.unit_id, to.id)):
        hold(session, unit_id)
    number = next_number(session, to.id)
    told = {"commune": (club.unit.full_name, to.full_name)}
    leaving, coming = {"number": (club.number, None)}, {"number": (None, number)}
    note(session, actor, club, ClubAct.MOVE, occasion, told | leaving, now=now)
    club.unit_id, club.unit_path, club.number = to.id, to.path, number
    club.version += 1
    session.flush()
    note(session, actor, club, ClubAct.MOVE, occasion, told | coming, now=now)
    keys.revoke_of(session, club.id, now=now)
    session.refresh(club, ["unit"])


# --- What every act does ------------------------------------------------------------------

_NOT_KEPT = N_("Vai trò này không thực hiện được việc này với câu lạc bộ.")


def _check_keeps(actor: Actor) -> None:
    """Raise NotYoursError for whoever does not keep a commune's register."""
    if actor.role not in KEEPERS or actor.level is not Level.COMMUNE:
        raise NotYoursError(Message(_NOT_KEPT))


def held(session: Session, actor: Actor, club_id: int, seen: int) -> Club:
    """Lock a club of the actor's commune until the transaction ends.

    Raises NotYoursError, NotFoundError; StaleError where it is no longer as it was seen.
    """
    club = _locked(session, actor, club_id)
    _check_seen(session, club, seen, Scope.of(actor))
    return club


def _locked(session: Session, actor: Actor, club_id: int) -> Club:
    _check_keeps(actor)
    club = _found_locked(session, club_id, Scope.of(actor))
    if club.unit_id != actor.unit_id:
        raise NotFoundError
    return club


def _found_locked(session: Session, club_id: int, scope: Scope) -> Club:
    statement = (
        select(Club)
        .join(Club.unit)
        .options(contains_eager(Club.unit))
        .where(Club.id == club_id, register.seen(scope))
        .with_for_update(of=Club)
        .execution_options(populate_existing=True)
    )
    club = session.scalar(statement)
    if club is None:
        raise NotFoundError
    return club


def _check_seen(session: Session, club: Club, seen: int, scope: Scope) -> None:
    if club.version == seen:
        return
    newest = (
        select(ClubMove)
        .where(ClubMove.club_id == club.id, register.seen(scope, ClubMove))
        .order_by(ClubMove.id.desc())
        .limit(1)
    )
    last = session.scalar(newest)
    if last is None or not last.person_name:
        raise StaleError(
            Message(N_("Nội dung đã thay đổi trong lúc trang này đang mở. Hãy xem lại rồi lưu."))
        )
    text = N_(
        "%(name)s đã thay đổi nội dung này lúc %(moment)s, sau khi anh/chị mở trang."
        " Hãy xem lại rồi lưu."
    )
    raise StaleError(Message(text, {"name": last.person_name, "moment": last.at}))


def hold(session: Session, unit_id: int) -> None:
    """Have a commune's clubs numbered one after the other until the transaction ends (SQLite has
    one writer anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        key = func.hashtext(f"clubs:{unit_id}")
        session.execute(select(func.pg_advisory_xact_lock(key)))


def next_number(session: Session, unit_id: int) -> int:
    """Return the number of a commune's next club, which no club has had there: also none that has
    moved away.
    """
    there = select(func.max(Club.number)).where(Club.unit_id == unit_id)
    moved = select(ClubMove.data).where(ClubMove.unit_id == unit_id, ClubMove.act == ClubAct.MOVE)
    gone = [number or 0 for data in session.scalars(moved) for number in data.get("number", ())]
    return max([session.scalar(there) or 0, *gone]) + 1


def note(
    session: Session,
    actor: Actor,
    club: Club,
    act: ClubAct,
    occasion: Occasion,
    changes: audit.Changes,
    *,
    other_id: int | None = None,
    now: datetime,
) -> None:
    """Write an act into the club's history and into the trail of its unit."""
    session.add(
        ClubMove(
            club_id=club.id,
            unit_id=club.unit_id,
            unit_path=club.unit_path,
            act=act,
            moved_on=occasion.day,
            reason=occasion.reason,
            other_club_id=other_id,
            data={field: [_plain(old), _plain(new)] for field, (old, new) in changes.items()},
            at=now,
            person_id=actor.person_id,
            person_name=actor.person_name,
            person_position=actor.position,
            unit_name=actor.unit_name,
        )
    )
    told = {_FIELD_IN_TRAIL.get(field, field): pair for field, pair in changes.items()}
    if "areas" in changes:
        known, (old, new) = register.areas(session), changes["areas"]
        told["club_areas"] = (_area_names(known, old), _area_names(known, new))
    if occasion.reason:
        told["reason"] = (None, occasion.reason)
    with system(session, Purpose.LABEL):
        audit.record(
            *(session, club.unit_id, f"clubs.{act.value}", actor.person_id),
            f"{club.number}. {club.name}",
            told,
            now=now,
            actor=actor,
        )


_FIELD_IN_TRAIL = {
    "areas": "club_areas",
    "number": "club_number",
    "commune": "club_commune",
    "note": "club_note",
    "ended_on": "club_ended_on",
}


def _area_names(known: Mapping[str, Bilingual], codes: Iterable[str]) -> str | None:
    """Name areas as they are called now, since the trail is read for good."""
    return ", ".join(str(known[code]) for code in codes if code in known) or None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _today(now: datetime) -> date:
    return clock.local(now).date()
