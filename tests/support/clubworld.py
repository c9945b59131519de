"""Clubs and their books, for tests of what is reported from them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.models import Area, Club, ClubBook, Unit

SAVED = datetime(2021, 6, 1, 5, 0, tzinfo=UTC)
LONG_AGO = date(2019, 5, 1)


def found(session: Session, unit_id: int, number: int, **more: Any) -> int:
    """Put a club into a commune's register; its id."""
    with system(session, Purpose.LOAD):
        unit = session.get_one(Unit, unit_id)
        values = {"name": f"Câu lạc bộ số {number}", "founded_on": LONG_AGO, "created_at": SAVED}
        club = Club(unit_id=unit.id, unit_path=unit.path, number=number, **values | more)
        session.add(club)
        session.flush()
        return club.id


def keep(session: Session, club_id: int, month: date, **figures: Any) -> ClubBook:
    """Write a month's book of a club, or over it."""
    with system(session, Purpose.LOAD):
        club = session.get_one(Club, club_id)
        of_month = (ClubBook.club_id == club_id) & (ClubBook.month == month)
        book = session.scalars(select(ClubBook).where(of_month)).first()
        if book is None:
            place = {"unit_id": club.unit_id, "unit_path": club.unit_path}
            book = ClubBook(club_id=club_id, month=month, saved_at=SAVED, **place)
            session.add(book)
        for name, value in figures.items():
            setattr(book, name, value)
        session.flush()
        return book


def areas(session: Session, programme_id: int) -> list[str]:
    """The codes of a programme's areas."""
    statement = select(Area.code).where(Area.programme_id == programme_id).order_by(Area.ordinal)
    return list(session.scalars(statement))
