"""The monthly book of a club: read, saved as it is typed, handed in, corrected.

A save says of each figure what it is to be and what stood there when its page was written. So the
same save sent twice changes nothing the second time, two telephones may write at once, and where
somebody else has changed the same figure meanwhile both are shown and nothing is overwritten.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.clubs.book_fields import BY_NAME, NAMES, TypedMonth, mark_of, values_of
from lth.clubs.register import seen
from lth.core import clock
from lth.core.errors import NotFoundError, NotNowError, RefusedError, SentBookError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Club, ClubBook, ClubBookChange

SENT = N_("Sổ này đã gửi. Muốn sửa, hãy bấm “Sửa sổ đã gửi” và ghi lý do.")
CHANGED = N_("Trong lúc trang này đang mở, sổ đã được người khác sửa. Hãy xem lại rồi sửa tiếp.")
BOARD = N_("Ban chủ nhiệm")


@dataclass(frozen=True)
class Keeper:
    """Who keeps a book: a person of the commune, or the club's board, which has no account."""

    name: str
    person_id: int | None = None

    @classmethod
    def of(cls, actor: Actor) -> "Keeper":
        return cls(actor.person_name, actor.person_id)


@dataclass(frozen=True)
class BookConflict:
    """A figure that was typed, and what somebody else has written there since."""

    name: str
    typed: Any
    there: Any
    by: str


@dataclass(frozen=True)
class SavedBook:
    """What a save has done: the version after it, the figures changed, those to be decided."""

    version: int
    changed: tuple[str, ...] = ()
    conflicts: tuple[BookConflict, ...] = ()


# --- Which clubs, which months ------------------------------------------------------------


def club(session: Session, club_id: int, scope: Scope, *, lock: bool = False) -> Club:
    """Find a club within a scope, with its commune unless it is locked. Raises NotFoundError."""
    statement = select(Club).where(Club.id == club_id, seen(scope))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    else:
        statement = statement.join(Club.unit).options(contains_eager(Club.unit))
    found = session.scalars(statement).first()
    if found is None:
        raise NotFoundError
    return found


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def month_word(month: date) -> str:
    """Write a month as addresses have it: "2026-11"."""
    return f"{month:%Y-%m}"


def month_of(word: str) -> date | None:
    """Read a month as addresses write it; None for what is none."""
    match = _MONTH.fullmatch(word)
    if match is None or not 1900 <= int(match[1]) <= 2200:
        return None
    return date(int(match[1]), int(match[2]), 1)


def read_month(word: str) -> date:
    """Read a month of an address. Raises NotFoundError for what is none."""
    month = month_of(word)
    if month is None:
        raise NotFoundError
    return month


def month_before(month: date) -> date:
    return first_of(month - timedelta(days=1))


def months_of(one: Club, today: date) -> list[date]:
    """List the months that a club keeps a book of, the newest first: from its founding to its
    end, and none of the future."""
    last = today if one.ended_on is None else min(today, one.ended_on - timedelta(days=1))
    month, found = first_of(last), []
    while month >= first_of(one.founded_on):
        found.append(month)
        month = month_before(month)
    return found


def check_month(one: Club, month: date, today: date) -> None:
    """Raise NotFoundError for a month that a club has no book of."""
    if month not in months_of(one, today):
        raise NotFoundError


# --- Reading ------------------------------------------------------------------------------


@dataclass(frozen=True)
class BookState:
    """A book as pages show it, apart from the session: its values and what became of it."""

    month: date
    values: Mapping[str, Any] = field(default_factory=lambda: values_of(None))
    version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""
    sent_at: datetime | None = None
    book_id: int | None = None

    @classmethod
    def of(cls, month: date, book: ClubBook | None) -> "BookState":
        if book is None:
            return cls(month)
        how = (book.version, book.saved_at, book.saved_by, book.sent_at, book.id)
        return cls(month, values_of(book), *how)

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def given(self) -> int:
        """Return how many of the figures were given."""
        return sum(self.values[name] is not None for name in BY_NAME)


def state(session: Session, club_id: int, month: date, scope: Scope) -> BookState:
    """Read one month of a club."""
    return states(session, club_id, [month], scope)[month]


def states(
    session: Session, club_id: int, months: list[date], scope: Scope
) -> dict[date, BookState]:
    """Read some months of a club, in one query; a month without a book is empty."""
    statement = select(ClubBook).where(
        ClubBook.club_id == club_id, ClubBook.month.in_(months), seen(scope, ClubBook)
    )
    books = {book.month: book for book in session.scalars(statement)}
    return {month: BookState.of(month, books.get(month)) for month in months}


def history(session: Session, book_id: int | None, scope: Scope) -> list[ClubBookChange]:
    """List the corrections of a book, the newest first."""
    statement = (
        select(ClubBookChange)
        .where(ClubBookChange.book_id == book_id, seen(scope, ClubBookChange))
        .order_by(ClubBookChange.id.desc())
    )
    return list(session.scalars(statement))


# --- Writing ------------------------------------------------------------------------------


def save(
    session: Session,
    scope: Scope,
    club_id: int,
    month: date,
    typed: TypedMonth,
    seen: int,
    keeper: Keeper,
    *,
    now: datetime,
) -> SavedBook:
    """Write the figures that were sent and differ from what stands there. The caller commits.

    A figure that somebody else has changed since is not written: it comes back as a conflict,
    beside what stands there. Its mark tells; where none was sent, the version that the page has
    `seen`.

    Raises:
        NotFoundError: a club or month that there is not.
        SentBookError: the book has been handed in, and something would change.
    """
    one, book = _locked(session, scope, club_id, month, now)
    wanted, conflicts = _sort_out(book, typed, seen)
    if not wanted:
        return SavedBook(book.version if book else 0, conflicts=conflicts)
    if book is not None and book.sent_at is not None:
        raise SentBookError(Message(SENT))
    book = book or _begin(session, one, month)
    _write(book, wanted, keeper, now)
    session.flush()
    return SavedBook(book.version, tuple(wanted), conflicts)


def hand_in(
    session: Session, scope: Scope, club_id: int, month: date, keeper: Keeper, *, now: datetime
) -> datetime:
    """Hand a month in as complete; returns when it was. A second time changes nothing.

    Raises:
        NotFoundError: a club or month that there is not.
        RefusedError: no figure has been given.
    """
    _one, book = _locked(session, scope, club_id, month, now)
    if book is None or all(getattr(book, name) is None for name in BY_NAME):
        raise RefusedError("", N_("Sổ chưa có số nào. Hãy ghi ít nhất một ô rồi gửi."))
    if book.sent_at is None:
        book.sent_at, book.version = now, book.version + 1
        book.saved_by, book.person_id = keeper.name, keeper.person_id
        session.flush()
    return book.sent_at


def correct(
    session: Session,
    scope: Scope,
    club_id: int,
    month: date,
    typed: TypedMonth,
    seen: int,
    reason: str,
    keeper: Keeper,
    *,
    now: datetime,
) -> ClubBookChange:
    """Correct a book that has been handed in, and keep what each figure was. The caller commits.

    Raises:
        NotFoundError: a club or month that there is not.
        NotNowError: it has not been handed in: it is simply saved.
        StaleError: somebody has changed it since the page was written.
        RefusedError: no reason, or nothing that differs.
    """
    _one, book = _locked(session, scope, club_id, month, now)
    if book is None or book.sent_at is None:
        raise NotNowError(Message(N_("Sổ này chưa gửi, cứ ghi tiếp rồi lưu.")))
    if book.version != seen:
        raise StaleError(Message(CHANGED))
    wanted = {name: new for name, new in typed.values.items() if _differs(book, name, new)}
    if not wanted:
        raise RefusedError("", N_("Chưa có số nào khác với sổ đã gửi."))
    if not reason.strip():
        raise RefusedError("reason", N_("Hãy ghi vì sao sửa, ví dụ: đếm thiếu hai người."))
    change = ClubBookChange(
        book_id=book.id,
        unit_id=book.unit_id,
        unit_path=book.unit_path,
        data={name: [getattr(book, name), new] for name, new in wanted.items()},
        reason=reason.strip(),
        at=now,
        person_id=keeper.person_id,
        saved_by=keeper.name,
    )
    session.add(change)
    _write(book, wanted, keeper, now)
    session.flush()
    return change


def _locked(
    session: Session, scope: Scope, club_id: int, month: date, now: datetime
) -> tuple[Club, ClubBook | None]:
    """Lock a club, so that its books are written one after the other, and read one of them."""
    one = club(session, club_id, scope, lock=True)
    check_month(one, month, clock.local(now).date())
    statement = (
        select(ClubBook)
        .where(ClubBook.club_id == one.id, ClubBook.month == month)
        .execution_options(populate_existing=True)
    )
    return one, session.scalars(statement).first()


def _sort_out(
    book: ClubBook | None, typed: TypedMonth, seen: int
) -> tuple[dict[str, Any], tuple[BookConflict, ...]]:
    """Part what is to be written from what somebody else has changed since the page was written."""
    wanted, conflicts = {}, []
    is_current = seen == (book.version if book else 0)
    there = values_of(book)
    for name in NAMES:
        if name not in typed.values or not _differs(book, name, typed.values[name]):
            continue
        new, old = typed.values[name], mark_of(name, there[name])
        mark = typed.marks.get(name)
        if mark is not None and mark == mark_of(name, new):
            continue  # it was left as the page showed it; what somebody else wrote stays
        if is_current if mark is None else mark == old:
            wanted[name] = new
        else:
            by = book.saved_by if book else ""
            conflicts.append(BookConflict(name, new, there[name], by))
    return wanted, tuple(conflicts)


def _differs(book: ClubBook | None, name: str, new: Any) -> bool:
    return mark_of(name, values_of(book)[name]) != mark_of(name, new)


def _begin(session: Session, one: Club, month: date) -> ClubBook:
    place = {"unit_id": one.unit_id, "unit_path": one.unit_path}
    book = ClubBook(club_id=one.id, month=month, areas=[], difficulties="", version=0, **place)
    session.add(book)
    return book


def _write(book: ClubBook, wanted: Mapping[str, Any], keeper: Keeper, now: datetime) -> None:
    for name, new in wanted.items():
        setattr(book, name, new)
    book.version += 1
    book.saved_at, book.saved_by, book.person_id = now, keeper.name, keeper.person_id
