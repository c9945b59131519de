"""Who has handed in a month: a unit's clubs and all below it, with what became of each book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.clubs.register import seen
from lth.models import Club, ClubBook, Unit


@dataclass(frozen=True)
class ClubMonth:
    """One club in a month; without a book `version` is 0."""

    club_id: int
    club_name: str
    unit_name: str
    version: int
    saved_at: datetime | None
    sent_at: datetime | None
    saved_by: str


@dataclass(frozen=True)
class MonthCount:
    """How many clubs there are in a month, how many have begun their book, have handed it in."""

    clubs: int
    begun: int
    sent: int


def club_months(
    session: Session, scope: Scope, month: date, *, limit: int, offset: int = 0
) -> list[ClubMonth]:
    """List the clubs that the scope sees in a month, by commune and name."""
    shown = (
        *(Club.id, Club.name, Unit.type, Unit.name.label("unit")),
        *(ClubBook.version, ClubBook.saved_at, ClubBook.sent_at, ClubBook.saved_by),
    )
    statement = (
        _books(select(*shown).join(Unit, Unit.id == Club.unit_id), month)
        .where(*_running(scope, month))
        .order_by(Unit.sort_key, Unit.id, Club.sort_key, Club.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        ClubMonth(
            *(row.id, row.name, f"{row.type} {row.unit}"),
            *(row.version or 0, row.saved_at, row.sent_at, row.saved_by or ""),
        )
        for row in session.execute(statement)
    ]


def count(session: Session, scope: Scope, month: date) -> MonthCount:
    """Count the clubs of a month and their books."""
    counted = select(func.count(Club.id), func.count(ClubBook.id), func.count(ClubBook.sent_at))
    statement = _books(counted, month).where(*_running(scope, month))
    return MonthCount(*session.execute(statement).one())


def _books(statement: Select[Any], month: date) -> Select[Any]:
    of_month = (ClubBook.club_id == Club.id) & (ClubBook.month == month)
    return statement.select_from(Club).outerjoin(ClubBook, of_month)


def _running(scope: Scope, month: date) -> Sequence[ColumnElement[bool]]:
    """Select the clubs that were there on at least a day of the month."""
    following = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return (
        seen(scope),
        Club.founded_on < following,
        or_(Club.ended_on.is_(None), Club.ended_on > month),
    )
