"""What the clubs' books and their register come to, indicator by indicator.

A stock is what the last book of the window says that says it: how many members, how much in the
fund. Only clubs that still run on the window's last day have one; of two that merged, the members
are those of the one that goes on. A flow is added up over the window's months, of every club with a
book in them. What the register knows (clubs founded, ended, running) is counted from it.

Where no club has said anything there is no figure at all, which is not 0.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from lth.access.scope import Scope, Sight, below
from lth.models import Area, Club, ClubBook, Indicator
from lth.reporting.windows import WindowSpan

STOCKS: Mapping[str, str] = {
    "members_total": "members",
    "members_older": "older",
    "members_women": "women",
    "members_older_women": "older_women",
    "members_young": "young",
    "members_poor": "poor",
    "members_ethnic": "ethnic",
    "income_fund_balance": "income_balance",
    "operating_fund_balance": "operating_balance",
    "loan_outstanding": "outstanding",
    "loan_overdue": "overdue",
    "loans_members": "borrowers",
    "volunteers": "volunteers",
    "homecare_persons": "homecare_persons",
}
"""Indicators that are how much there is at the end of a window, with their figure in a book."""

FLOWS: Mapping[str, str] = {"helped_cases": "helped", "health_checks": "health_checks"}
"""Indicators that are what happened in a window, with their figure in a book."""

MINIMA: Mapping[str, str] = {"income_fund_min": "income_balance"}
"""Indicators that are the smallest over the clubs, with their figure in a book."""

FULL_AREAS = "clubs_full8"
"""Clubs that were active in every area of the programme within the window."""

MAINTAINED = "clubs_maintained"
"""Clubs that run and have kept a book in the window."""

FLOWS_OF_REGISTER = frozenset({"clubs_new", "clubs_closed"})
"""What the register counts that happened in a window; else it counts what there is."""


@dataclass(frozen=True, slots=True)
class ClubFigure:
    """What one club contributes: its value, and the month of the book that it was read from, the
    last one of a flow; none for what the register knows.
    """

    club_id: int
    name: str
    value: int
    month: date | None = None
    unit_id: int = 0


@dataclass(frozen=True, slots=True)
class BookFigure:
    """What the books come to for an indicator, and the clubs that make it, by their number.

    Of a sum the clubs' values add up to it: a commune that has clubs is counted with the first of
    them. Of a review it may be what the unit's reports come to: then `periods` are their codes.
    """

    value: int
    clubs: tuple[ClubFigure, ...] = ()
    periods: tuple[str, ...] = ()


def is_flow(indicator: Indicator) -> bool:
    """Tell whether an indicator is what happens over time, so that windows can be added up; else
    it is how much there is.
    """
    code = indicator.code
    if code in FLOWS or code in FLOWS_OF_REGISTER:
        return True
    if code in STOCKS or code in MINIMA:
        return False
    return indicator.extra.get("counts_from", "new") != "cumulative"


def known(code: str) -> bool:
    """Tell whether clubs' books or their register can say something of an indicator."""
    return code in STOCKS or code in FLOWS or code in MINIMA or code in _OF_REGISTER


def figures(
    session: Session,
    scope: Scope,
    *,
    unit_path: str,
    span: WindowSpan,
    plan_starts_on: date,
    indicators: Iterable[Indicator],
) -> dict[str, BookFigure]:
    """Read what the clubs at and below a unit come to in a window, by the indicators' codes.

    One that no book and no register knows is not there. In one query, at any level.
    """
    asked = {one.code: one for one in indicators if known(one.code)}
    if not asked:
        return {}
    clubs, books = _read(session, scope, unit_path, span, asked)
    areas = frozenset(books[0].all_areas.split(",")) if books and FULL_AREAS in asked else ()
    read = _Reading(clubs, books, span, plan_starts_on, areas)
    found = {code: read.figure(code) for code in asked}
    return {code: figure for code, figure in found.items() if figure is not None}


def clubs_seen(scope: Scope, path: Any) -> ColumnElement[bool]:
    """Limit clubs and their books to those at and below the scope's unit."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    return _within(path, scope.path)


def _within(path: Any, top: str) -> ColumnElement[bool]:
    return or_(path == top, below(path, top))


# --- Reading ------------------------------------------------------------------------------


def _read(
    session: Session,
    scope: Scope,
    unit_path: str,
    span: WindowSpan,
    asked: Mapping[str, Indicator],
) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    """Read the clubs of a unit by their numbers, and the books of the window's months, the earliest
    first: those that were kept here, and those of clubs that are here now.
    """
    columns = _columns(asked)
    clubs = _select_clubs(scope, unit_path, columns)
    months = list(span.months())
    wanted = columns or MAINTAINED in asked
    if not wanted or not months:
        return session.execute(clubs.order_by(Club.unit_path, Club.number)).all(), ()
    books = _select_books(scope, unit_path, columns).where(
        ClubBook.month.between(months[0], months[-1])
    )
    both = union_all(books, clubs).order_by("month", "unit_path", "number")
    rows = session.execute(both).all()
    return [row for row in rows if not row.is_book], [row for row in rows if row.is_book]


_OF_CLUB = (
    *(Club.id, Club.name, Club.founded_on, Club.ended_on, Club.unit_path, Club.number),
    *(Club.has_income_fund, Club.has_operating_fund),
)


def _columns(asked: Mapping[str, Indicator]) -> list[ColumnElement[Any]]:
    """List the columns of a book that are asked for."""
    names = {source[code] for source in (STOCKS, FLOWS, MINIMA) for code in asked if code in source}
    columns: list[Any] = [getattr(ClubBook, name) for name in sorted(names)]
    if FULL_AREAS in asked:
        columns += [ClubBook.areas, _areas(asked[FULL_AREAS].programme_id)]
    return columns


def _select_clubs(
    scope: Scope, unit_path: str, columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    nothing = [null().label(column.name) for column in columns]
    return select(
        *(literal(0).label("is_book"), literal(0).label("kept_here"), *_OF_CLUB),
        *(Club.unit_id, null().label("month"), *nothing),
    ).where(_within(Club.unit_path, unit_path), clubs_seen(scope, Club.unit_path))


def _select_books(
    scope: Scope, unit_path: str, columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    here = select(Club.id).where(_within(Club.unit_path, unit_path))
    kept_here = _within(ClubBook.unit_path, unit_path)
    return (
        select(
            *(literal(1).label("is_book"), case((kept_here, 1), else_=0).label("kept_here")),
            *(*_OF_CLUB, ClubBook.unit_id, ClubBook.month, *columns),
        )
        .join(Club, Club.id == ClubBook.club_id)
        .where(or_(kept_here, ClubBook.club_id.in_(here)), clubs_seen(scope, ClubBook.unit_path))
    )


def _areas(programme_id: int) -> ColumnElement[str]:
    """Select the codes of a programme's areas, as one text with commas."""
    codes = select(func.aggregate_strings(Area.code, ","))
    return codes.where(Area.programme_id == programme_id).scalar_subquery().label("all_areas")


# --- Reckoning ----------------------------------------------------------------------------


@dataclass
class _Reading:
    """What was read for a window, to be reckoned with indicator by indicator."""

    clubs: Sequence[Row[Any]]
    books: Sequence[Row[Any]]
    span: WindowSpan
    plan_starts_on: date
    areas: Collection[str]

    def figure(self, code: str) -> BookFigure | None:
        """Reckon one indicator; nothing where nobody has said anything."""
        if code in STOCKS:
            return _added_up(self._stock(STOCKS[code]))
        if code in FLOWS:
            return _added_up(self._flow(FLOWS[code]))
        if code in MINIMA:
            found = self._stock(MINIMA[code])
            return BookFigure(min(one.value for one in found), found) if found else None
        counted = tuple(_counted(club) for club in _OF_REGISTER[code](self))
        return BookFigure(len(counted), counted)

    def _stock(self, name: str) -> tuple[ClubFigure, ...]:
        """Take the last figure of each club that still runs."""
        last: dict[int, Row[Any]] = {}
        for book in self.books:
            if getattr(book, name) is not None:
                last[book.id] = book
        return tuple(
            ClubFigure(
                *(club.id, club.name, getattr(last[club.id], name)),
                *(last[club.id].month, club.unit_id),
            )
            for club in self.running()
            if club.id in last
        )

    def _flow(self, name: str) -> tuple[ClubFigure, ...]:
        """Add up over the months what each club had while it was here."""
        found: dict[int, ClubFigure] = {}
        for book in self.books:
            value = getattr(book, name)
            if value is None or not book.kept_here:
                continue
            before = found[book.id].value if book.id in found else 0
            found[book.id] = ClubFigure(
                *(book.id, book.name, before + value),
                *(book.month, book.unit_id),
            )
        return tuple(found.values())

    # --- Of the register -------------------------------------------------------------

    def on(self, day: date) -> list[Row[Any]]:
        """List the clubs that run on a day; on its `ended_on` one runs no more."""
        return [club for club in self.clubs if _runs(club, day)]

    def running(self) -> list[Row[Any]]:
        return self.on(self.span.last)

    def existing(self) -> list[Row[Any]]:
        """List those that ran on the eve of the plan's period."""
        return self.on(self.plan_starts_on - timedelta(days=1))

    def founded(self) -> list[Row[Any]]:
        return [club for club in self.clubs if self._within(club.founded_on)]

    def ended(self) -> list[Row[Any]]:
        return [club for club in self.clubs if self._within(club.ended_on)]

    def _within(self, day: date | None) -> bool:
        return day is not None and self.span.first <= day <= self.span.last

    def maintained(self) -> list[Row[Any]]:
        """List those that run and have kept a book in the window: of all that run, their share is
        how many are managed and not only on the list.
        """
        kept = {book.id for book in self.books}
        return [club for club in self.running() if club.id in kept]

    def in_all_areas(self) -> list[Row[Any]]:
        """List those that run and had each area of the programme in some book of the window."""
        done: dict[int, set[str]] = {}
        for book in self.books:
            done.setdefault(book.id, set()).update(book.areas)
        return [
            club for club in self.running() if self.areas and _of(done, club).issuperset(self.areas)
        ]

    def one_a_commune(self) -> list[Row[Any]]:
        """List the first running club of each commune."""
        return list({club.unit_id: club for club in reversed(self.running())}.values())[::-1]


_OF_REGISTER: Mapping[str, Callable[[_Reading], Sequence[Row[Any]]]] = {
    "clubs_existing": _Reading.existing,
    "clubs_new": _Reading.founded,
    "clubs_closed": _Reading.ended,
    "clubs_total": _Reading.running,
    MAINTAINED: _Reading.maintained,
    "communes_with_club": _Reading.one_a_commune,
    "clubs_income_fund": lambda read: [one for one in read.running() if one.has_income_fund],
    "clubs_two_funds": lambda read: [
        one for one in read.running() if one.has_income_fund and one.has_operating_fund
    ],
    FULL_AREAS: _Reading.in_all_areas,
}
"""Which clubs each of the register's indicators counts."""


def _runs(club: Row[Any], day: date) -> bool:
    return club.founded_on <= day and (club.ended_on is None or club.ended_on > day)


def _of(done: Mapping[int, set[str]], club: Row[Any]) -> set[str]:
    return done.get(club.id, set())


def _counted(club: Row[Any]) -> ClubFigure:
    return ClubFigure(club.id, club.name, 1, None, club.unit_id)


def _added_up(found: tuple[ClubFigure, ...]) -> BookFigure | None:
    return BookFigure(sum(one.value for one in found), found) if found else None
