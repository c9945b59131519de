"""The register of clubs as it is read: a commune's own, or those of all units below a unit.

Every read takes a scope. A scope sees the clubs of its own unit and of every unit below it, as
row-level security has it, too; to units beside it and above it they do not exist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager

from lth.access.scope import Scope, Sight, below
from lth.core.errors import NotFoundError
from lth.core.i18n import Bilingual
from lth.core.vietnamese import collation_key
from lth.models import Area, Club, ClubBook, ClubBookChange, ClubMove, Programme, Unit
from lth.models.club import ClubState
from lth.models.unit import Level
from lth.units import names

MOST_EVENTS = 200
"""How far a club's history is told: more acts than any club has seen."""

OfAClub = type[Club] | type[ClubMove] | type[ClubBook] | type[ClubBookChange]


def seen(scope: Scope, row: OfAClub = Club) -> ColumnElement[bool]:
    """Select what the scope sees of clubs, their history or their books: of its unit and below."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    return or_(row.unit_id == scope.unit_id, below(row.unit_path, scope.path))


@dataclass(frozen=True)
class ClubSearch:
    """What is looked for in the register; what is empty is not asked.

    `village` is one of those that clubs have, `path` that of a unit at or below the scope's own.
    """

    text: str = ""
    state: ClubState | None = None
    village: str = ""
    path: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Make the conditions on a club, but for its state."""
        found: list[ColumnElement[bool]] = []
        if self.text.strip():
            found.append(names.holds(Club.search_key, self.text))
        if self.village:
            found.append(Club.village == self.village)
        if self.path:
            found.append(or_(Club.unit_path == self.path, below(Club.unit_path, self.path)))
        return found


@dataclass(frozen=True)
class FoundClubs:
    """A page of clubs, each with its unit, and how many of each state there are in all."""

    clubs: Sequence[Club]
    counts: dict[ClubState, int]
    state: ClubState | None = None

    @property
    def total(self) -> int:
        """The number of clubs on all pages."""
        asked = ClubState if self.state is None else (self.state,)
        return sum(self.counts.get(state, 0) for state in asked)


def listed(
    session: Session, scope: Scope, wanted: ClubSearch, *, limit: int, offset: int = 0
) -> FoundClubs:
    """List clubs by the names of their units, then by their numbers."""
    where = [seen(scope), *wanted.conditions()]
    per_state = select(Club.state, func.count()).where(*where).group_by(Club.state)
    counts = dict(session.execute(per_state).all())
    if wanted.state is not None:
        where.append(Club.state == wanted.state)
    statement = _with_unit().where(*where).order_by(*_IN_ORDER).offset(offset).limit(limit)
    return FoundClubs(list(session.scalars(statement)), counts, wanted.state)


_IN_ORDER = (*names.ALPHABETICAL, Club.number)


def _with_unit() -> Select[tuple[Club]]:
    return select(Club).join(Club.unit).options(contains_eager(Club.unit))


def get(session: Session, club_id: int, scope: Scope) -> Club:
    """Find a club with its unit. Raises NotFoundError for one out of the scope."""
    club = session.scalar(_with_unit().where(Club.id == club_id, seen(scope)))
    if club is None:
        raise NotFoundError
    return club


def of_unit(session: Session, unit_id: int, scope: Scope) -> list[Club]:
    """List all clubs of one commune by number, those that have ended too."""
    statement = select(Club).where(Club.unit_id == unit_id, seen(scope)).order_by(Club.number)
    return list(session.scalars(statement))


def villages(session: Session, scope: Scope) -> list[str]:
    """List the villages that the clubs of the scope's own unit are in, by name."""
    statement = (
        select(Club.village)
        .where(Club.unit_id == scope.unit_id, seen(scope), Club.village != "")
        .distinct()
    )
    return sorted(session.scalars(statement), key=collation_key)


@dataclass(frozen=True)
class ClubEvent:
    """An act in a club's history, with the name of the other club that it was about, if any."""

    move: ClubMove
    other: str = ""
    received: bool = False
    """Whether it was done to the other club, which has gone into this one."""


def history(session: Session, club: Club, scope: Scope) -> list[ClubEvent]:
    """List what became of a club, the newest first, and which clubs have gone into it."""
    done_to, other = aliased(Club), aliased(Club)
    statement = (
        select(ClubMove, done_to.name, other.name)
        .join(done_to, done_to.id == ClubMove.club_id)
        .outerjoin(other, other.id == ClubMove.other_club_id)
        .where(or_(ClubMove.club_id == club.id, ClubMove.other_club_id == club.id))
        .where(seen(scope, ClubMove))
        .order_by(ClubMove.id.desc())
        .limit(MOST_EVENTS)
    )
    return [
        ClubEvent(move, into or "")
        if move.club_id == club.id
        else ClubEvent(move, name, received=True)
        for move, name, into in session.execute(statement)
    ]


# --- By unit ------------------------------------------------------------------------------


def place(session: Session, unit_id: int, scope: Scope) -> Unit:
    """Find a unit at or below the scope's own. Raises NotFoundError for any other."""
    unit = session.get(Unit, unit_id)
    if unit is None or not unit.path.startswith(scope.path) or scope.sight is Sight.NONE:
        raise NotFoundError
    return unit


@dataclass(frozen=True)
class UnitClubs:
    """A unit directly below, and how many clubs there are in it, by state."""

    unit: Unit
    counts: dict[ClubState, int] = field(default_factory=dict)

    def __getitem__(self, state: ClubState) -> int:
        return self.counts.get(state, 0)


def by_unit(session: Session, scope: Scope, above: Unit, today: date) -> list[UnitClubs]:
    """Count the clubs in each unit directly below one, by name; those without any, too.

    A unit that has ended is in it while clubs are in it.
    """
    children = session.scalars(
        select(Unit).where(Unit.parent_id == above.id).order_by(*names.ALPHABETICAL)
    ).all()
    per_unit = (
        select(Club.unit_path, Club.state, func.count())
        .where(seen(scope), below(Club.unit_path, above.path))
        .group_by(Club.unit_path, Club.state)
    )
    rows, day = session.execute(per_unit).all(), last_day(above, today)
    found = [UnitClubs(unit, _sums(unit, rows)) for unit in children]
    return [one for one in found if one.counts or one.unit.in_force(day)]


def last_day(unit: Unit, today: date) -> date:
    """Return today, or of a unit that has ended its last day, when it still had units below."""
    return today if unit.valid_to is None else min(today, unit.valid_to - timedelta(days=1))


def _sums(unit: Unit, rows: Iterable[Any]) -> dict[ClubState, int]:
    counts: dict[ClubState, int] = {}
    for path, state, number in rows:
        if path.startswith(unit.path):
            counts[state] = counts.get(state, 0) + number
    return counts


def units_below(session: Session, above: Unit, today: date) -> list[Unit]:
    """List the units directly below one that exist, or did when it ended, by name."""
    statement = select(Unit).where(Unit.parent_id == above.id).order_by(*names.ALPHABETICAL)
    day = last_day(above, today)
    return [unit for unit in session.scalars(statement) if unit.in_force(day)]


def communes(session: Session, scope: Scope, today: date) -> list[tuple[Unit, str]]:
    """List the communes below the scope's unit that exist, or did when it ended, each with the unit
    above it where that is not the scope's own; by name.
    """
    above = aliased(Unit)
    statement = (
        select(Unit, above)
        .join(above, above.id == Unit.parent_id)
        .where(Unit.level == Level.COMMUNE, below(Unit.path, scope.path))
        .order_by(*names.ALPHABETICAL)
    )
    own = session.get(Unit, scope.unit_id)
    day = last_day(own, today) if own is not None else today
    return [
        (unit, "" if parent.id == scope.unit_id else parent.full_name)
        for unit, parent in session.execute(statement)
        if unit.in_force(day)
    ]


# --- Areas --------------------------------------------------------------------------------


def areas(session: Session) -> dict[str, Bilingual]:
    """Return the names of the areas of activity by their codes, in the programme's order.

    A club outlives programmes: a code that is in several has the name of the newest.
    """
    statement = (
        select(Area.code, Area.name_vi, Area.name_en)
        .join(Programme, Programme.id == Area.programme_id)
        .order_by(Programme.starts_on.desc(), Area.ordinal)
    )
    found: dict[str, Bilingual] = {}
    for code, name_vi, name_en in session.execute(statement):
        found.setdefault(code, Bilingual(name_vi, name_en))
    return found
