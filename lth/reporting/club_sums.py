"""What each club below a unit comes to in a window, added up in SQL and kept while no book changes.

The same figures as `from_books.figures` reads book by book, and by the same tables of it: there to
be followed down, here for pages about very many clubs at once.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, below
from lth.models import Club, ClubBook
from lth.reporting.from_books import FLOWS, FULL_AREAS, MAINTAINED, MINIMA, STOCKS, clubs_seen
from lth.reporting.windows import WindowSpan

KEPT = 32
"""Of how many units and windows a process remembers what their clubs come to."""

STOCK_NAMES = tuple(sorted({*STOCKS.values(), *MINIMA.values()}))
FLOW_NAMES = tuple(sorted(FLOWS.values()))
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class ClubSum:
    """A club with how much it had last in a window, by the names of a book's figures.

    `month` is that of its last book there, None where it has none; `active` are the areas that its
    books of the window have, `areas` those that it carries out by the register.
    """

    id: int
    name: str
    unit_id: int
    unit_path: str
    founded_on: date
    ended_on: date | None
    has_income_fund: bool
    has_operating_fund: bool
    board_size: int | None
    areas: frozenset[str]
    month: date | None
    stocks: Mapping[str, int | None]
    active: frozenset[str]

    def runs(self, day: date) -> bool:
        """Tell whether it runs on a day; on the day it ends it does no more."""
        return self.founded_on <= day and (self.ended_on is None or self.ended_on > day)


@dataclass(frozen=True, slots=True)
class FlowSum:
    """What happened in a commune's clubs in the window, and since the plan began, by figure."""

    unit_path: str
    window: Mapping[str, int | None]
    so_far: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class ClubSums:
    """The clubs at and below a unit in a window, and what happened since the plan began."""

    span: WindowSpan
    so_far: WindowSpan
    clubs: tuple[ClubSum, ...]
    flows: tuple[FlowSum, ...]

    @property
    def running(self) -> list[ClubSum]:
        """List those that run on the window's last day."""
        return [club for club in self.clubs if club.runs(self.span.last)]


def read(
    session: Session, scope: Scope, unit_path: str, span: WindowSpan, so_far: WindowSpan
) -> ClubSums:
    """Read what clubs come to: in one query while nothing has changed, in two for the first time,
    in three else.
    """
    key = (session.get_bind(), scope, unit_path, span, so_far)
    kept = _kept.get(key)
    if kept is not None and kept[0] == _fingerprint(session, scope, unit_path, so_far):
        return kept[1]
    mark, found = _read(session, scope, unit_path, span, so_far)
    with _keeping:
        if len(_kept) >= KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = mark, found
    return found


_kept: dict[Any, tuple[tuple[Any, ...], ClubSums]] = {}
_keeping = Lock()


def forget() -> None:
    """Drop what was added up, as a process that has just begun."""
    with _keeping:
        _kept.clear()


def _at_or_below(column: Any, top: str) -> Any:
    return or_(column == top, below(column, top))


def _months(span: WindowSpan) -> tuple[date, date]:
    months = list(span.months())
    return (months[0], months[-1]) if months else (date.max, date.min)


def _fingerprint(
    session: Session, scope: Scope, unit_path: str, span: WindowSpan
) -> tuple[Any, ...]:
    """Return what changes with every book that is saved and every club that is changed."""
    return tuple(session.execute(select(*_marks(scope, unit_path, span))).one())


def _marks(scope: Scope, unit_path: str, span: WindowSpan) -> list[ColumnElement[Any]]:
    """List the columns of the fingerprint, for a statement of its own or beside another's."""
    books = (
        ClubBook.month.between(*_months(span)),
        _at_or_below(ClubBook.unit_path, unit_path),
        clubs_seen(scope, ClubBook.unit_path),
    )
    clubs = (_at_or_below(Club.unit_path, unit_path), clubs_seen(scope, Club.unit_path))
    return [
        select(what).where(*where).scalar_subquery().label(name)
        for name, what, where in (
            ("books", func.count(ClubBook.id), books),
            ("book_versions", func.sum(ClubBook.version), books),
            ("clubs", func.count(Club.id), clubs),
            ("club_versions", func.sum(Club.version), clubs),
        )
    ]


def _read(
    session: Session, scope: Scope, unit_path: str, span: WindowSpan, so_far: WindowSpan
) -> tuple[tuple[Any, ...], ClubSums]:
    """Read all anew, with the fingerprint that it had; of no club there is nothing to mark."""
    rows = _clubs(session, scope, unit_path, span, so_far)
    flows, active = _flows(session, scope, unit_path, span, so_far)
    clubs = (_club(row, active.get(row.id, frozenset())) for row in rows)
    mark = tuple(getattr(rows[0], name) for name in _MARKS) if rows else ()
    return mark, ClubSums(span, so_far, tuple(clubs), flows)


_MARKS = ("books", "book_versions", "clubs", "club_versions")


def _clubs(
    session: Session, scope: Scope, unit_path: str, span: WindowSpan, so_far: WindowSpan
) -> Sequence[Row[Any]]:
    """Read the clubs, each with its last book of the window, and where that does not say a figure,
    with the last one that does.
    """
    months = _months(span)
    newest = (
        select(func.max(ClubBook.month))
        .where(
            ClubBook.club_id == Club.id,
            ClubBook.month.between(*months),
            clubs_seen(scope, ClubBook.unit_path),
        )
        .correlate(Club)
        .scalar_subquery()
    )
    last, earlier = aliased(ClubBook), aliased(ClubBook)

    def figure(name: str) -> Any:
        column = getattr(earlier, name)
        before = (
            select(column)
            .where(
                earlier.club_id == Club.id,
                earlier.month.between(*months),
                clubs_seen(scope, earlier.unit_path),
                column.is_not(None),
            )
            .order_by(earlier.month.desc())
            .limit(1)
            .correlate(Club)
            .scalar_subquery()
        )
        value = getattr(last, name)
        return case((last.id.is_(None) | value.is_not(None), value), else_=before).label(name)

    statement = (
        select(
            *(Club.id, Club.name, Club.unit_id, Club.unit_path, Club.founded_on, Club.ended_on),
            *(Club.has_income_fund, Club.has_operating_fund, Club.board_size),
            *(cast(Club.areas, Text).label("areas"), last.month),
            *(figure(name) for name in STOCK_NAMES),
            *_marks(scope, unit_path, so_far),
        )
        .outerjoin(last, and_(last.club_id == Club.id, last.month == newest))
        .where(_at_or_below(Club.unit_path, unit_path), clubs_seen(scope, Club.unit_path))
        .order_by(Club.unit_path, Club.number)
    )
    return session.execute(statement).all()


def _flows(
    session: Session, scope: Scope, unit_path: str, span: WindowSpan, so_far: WindowSpan
) -> tuple[tuple[FlowSum, ...], dict[int, frozenset[str]]]:
    """Add up what happened, by commune; and read in which areas each club was active."""
    first, last = _months(span)
    begun = min(first, _months(so_far)[0])
    in_window = ClubBook.month.between(first, last)
    sums = [func.sum(getattr(ClubBook, name)).label(f"far_{name}") for name in FLOW_NAMES]
    sums += [
        func.sum(case((in_window, getattr(ClubBook, name)))).label(name) for name in FLOW_NAMES
    ]
    areas = func.aggregate_strings(case((in_window, cast(ClubBook.areas, Text))), _SEPARATOR)
    here = select(Club.id).where(_at_or_below(Club.unit_path, unit_path))
    kept_here = _at_or_below(ClubBook.unit_path, unit_path)
    statement = (
        select(ClubBook.club_id, ClubBook.unit_path, *sums, areas.label("areas"))
        .where(
            ClubBook.month.between(begun, last),
            or_(kept_here, ClubBook.club_id.in_(here)),
            clubs_seen(scope, ClubBook.unit_path),
        )
        .group_by(ClubBook.club_id, ClubBook.unit_path)
    )
    flows, active = [], defaultdict(frozenset)
    for row in session.execute(statement):
        if row.unit_path.startswith(unit_path):
            window = {name: _whole(getattr(row, name)) for name in FLOW_NAMES}
            so_far_ = {name: _whole(getattr(row, f"far_{name}")) for name in FLOW_NAMES}
            flows.append(FlowSum(row.unit_path, window, so_far_))
        for text in set((row.areas or "").split(_SEPARATOR)) - {""}:
            active[row.club_id] |= _codes(text)
    return tuple(flows), active


@lru_cache(maxsize=1024)
def _codes(text: str | None) -> frozenset[str]:
    return frozenset(json.loads(text)) if text else frozenset()


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _club(row: Row[Any], active: frozenset[str]) -> ClubSum:
    return ClubSum(
        *(row.id, row.name, row.unit_id, row.unit_path, row.founded_on, row.ended_on),
        *(row.has_income_fund, row.has_operating_fund, row.board_size, _codes(row.areas)),
        *(row.month, {name: getattr(row, name) for name in STOCK_NAMES}, active),
    )


# --- Figures by unit ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeSum:
    """What the books and the register come to: how much there is or was in the window, and, of what
    is added up over time, since the plan began.
    """

    value: int | None
    so_far: int | None = None


def by_unit(
    sums: ClubSums,
    unit_path: str,
    unit_ids: Iterable[int],
    codes: Iterable[str],
    codes_below: Collection[str],
    plan_starts_on: date,
    all_areas: frozenset[str],
) -> dict[int, dict[str, CodeSum]]:
    """Add up for a unit (in all codes) and for those directly below it (in fewer), by the unit's id
    and the indicator's code.

    Where no book says anything of an indicator there is no figure; the register always knows.
    """
    ids, below = tuple(unit_ids), set(codes_below)
    every = _Reckoning(sums, unit_path, ids, plan_starts_on, all_areas)
    own = _Reckoning(sums, unit_path, ids[:1], plan_starts_on, all_areas, alone=True)
    found: dict[int, dict[str, CodeSum]] = defaultdict(dict)
    for code in codes:
        for unit_id, figure in (every if code in below else own).figures(code).items():
            found[unit_id][code] = figure
    return found


@dataclass(slots=True)
class _Reckoning:
    """Clubs to be reckoned with, each counting for the unit and for the one below it."""

    sums: ClubSums
    unit_path: str
    unit_ids: tuple[int, ...]
    plan_starts_on: date
    all_areas: frozenset[str]
    alone: bool = False

    def figures(self, code: str) -> dict[int, CodeSum]:
        if code in STOCKS or code in MINIMA:
            return self._stock(code)
        if code in FLOWS:
            return self._flow(FLOWS[code])
        if code in {"clubs_new", "clubs_closed"}:
            return self._moved(code)
        return self._counted(code)

    def _units(self, path: str) -> tuple[int, ...]:
        """Return the ids of the unit itself and of the one below it in which a path lies."""
        return self.unit_ids if self.alone else units_at(self.unit_path, path)

    def _stock(self, code: str) -> dict[int, CodeSum]:
        name = STOCKS.get(code) or MINIMA[code]
        found: dict[int, list[int]] = defaultdict(list)
        for club in self.sums.running:
            value = club.stocks[name]
            if value is not None:
                for unit_id in self._units(club.unit_path):
                    found[unit_id].append(value)
        add = min if code in MINIMA else sum
        return {unit_id: CodeSum(add(values)) for unit_id, values in found.items()}

    def _flow(self, name: str) -> dict[int, CodeSum]:
        found: dict[int, list[list[int]]] = defaultdict(lambda: [[], []])
        for flow in self.sums.flows:
            for unit_id in self._units(flow.unit_path):
                for values, of in zip(found[unit_id], (flow.window, flow.so_far), strict=True):
                    if of[name] is not None:
                        values.append(of[name])
        return {
            unit_id: CodeSum(*(sum(values) if values else None for values in both))
            for unit_id, both in found.items()
            if any(both)
        }

    def _moved(self, code: str) -> dict[int, CodeSum]:
        days = [
            (club.unit_path, club.founded_on if code == "clubs_new" else club.ended_on)
            for club in self.sums.clubs
        ]
        window, so_far = (
            self._count(path for path, day in days if day and span.first <= day <= span.last)
            for span in (self.sums.span, self.sums.so_far)
        )
        return {unit_id: CodeSum(window.get(unit_id, 0), so_far[unit_id]) for unit_id in so_far}

    def _counted(self, code: str) -> dict[int, CodeSum]:
        if code not in _COUNTED:
            return {}
        listed = _COUNTED[code](self)
        if code == "communes_with_club":
            listed = {club.unit_id: club for club in listed}.values()
        counts = self._count(club.unit_path for club in listed)
        return {unit_id: CodeSum(count) for unit_id, count in counts.items()}

    def _count(self, paths: Iterable[str]) -> dict[int, int]:
        """Count by unit; one in which none counts has 0."""
        found = dict.fromkeys(self.unit_ids, 0)
        for path in paths:
            for unit_id in self._units(path):
                found[unit_id] = found.get(unit_id, 0) + 1
        return found

    def existing(self) -> list[ClubSum]:
        eve = self.plan_starts_on - timedelta(days=1)
        return [club for club in self.sums.clubs if club.runs(eve)]


@lru_cache(maxsize=16384)
def units_at(unit_path: str, path: str) -> tuple[int, ...]:
    """Return the ids of a unit and of the one directly below it in which a path lies."""
    rest = path.removeprefix(unit_path)
    own = int(unit_path.rstrip(".").rpartition(".")[2])
    return (own, int(rest.partition(".")[0])) if rest else (own,)


_COUNTED = {
    "clubs_existing": _Reckoning.existing,
    "clubs_total": lambda read: read.sums.running,
    MAINTAINED: lambda read: [one for one in read.sums.running if one.month is not None],
    "communes_with_club": lambda read: read.sums.running,
    "clubs_income_fund": lambda read: [one for one in read.sums.running if one.has_income_fund],
    "clubs_two_funds": lambda read: [
        one for one in read.sums.running if one.has_income_fund and one.has_operating_fund
    ],
    FULL_AREAS: lambda read: [
        one for one in read.sums.running if read.all_areas and read.all_areas <= one.active
    ],
}
"""Which clubs each of the register's indicators counts."""
