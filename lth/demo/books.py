"""Keep two years of monthly books for the demo's clubs: made up, and the same at every load.

Clubs grow a little, lend and are paid back, met less in the months of the epidemic; now and then a
month was not sent, and a few figures were corrected afterwards.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lth.core import clock
from lth.demo import clubs
from lth.demo.clubs import DemoClub, HalfYear
from lth.demo.figures import CommuneFigures
from lth.demo.places import Branch
from lth.models import Club, ClubBook, ClubBookChange

Figures = dict[str, Any]
"""Columns of a book, by name."""

CUT_OFF = 14
BOARD = "Ban chủ nhiệm câu lạc bộ"

_EPIDEMIC = {date(2020, 4, 1)}
_KHMER = {"849": (35, 60), "844": (3, 8), "845": (20, 35), None: (25, 45)}
"""Members of ethnic minorities per hundred, by district."""

_SILENT_IN_JUNE = {("29461", 1), ("29272", 2), ("07288", 1)}
"""Clubs that have not sent the last month of the half-year."""

_DIFFICULTIES = (
    "Thiếu dụng cụ tập dưỡng sinh.",
    "Một số thành viên đi làm xa, sinh hoạt chưa đều.",
    "Nhà văn hóa đang sửa, phải sinh hoạt nhờ nhà dân.",
    "Nhu cầu vay nhiều hơn quỹ hiện có.",
)
_STOPPED = "Tạm dừng sinh hoạt đông người theo chỉ đạo phòng, chống dịch."

_CORRECTED = (
    ("poor", "Đếm sót một thành viên thuộc hộ cận nghèo mới được công nhận."),
    ("homecare_visits", "Ghi thiếu một lượt thăm của tình nguyện viên."),
    ("exercise", "Ghi thiếu một buổi tập."),
)


@dataclass
class _Purse:
    """What a club's funds and loans stand at."""

    income: int = 0
    operating: int = 0
    outstanding: int = 0

    @classmethod
    def before(cls, club: DemoClub) -> "_Purse":
        """Return what a club that is older than its first book here had by then."""
        income = club.size.fund * 9 // 10
        lent = income * club.dice.roll("lent", 60, 80) // 100 // 100_000 * 100_000
        return cls(income, club.dice.roll("kept", 8, 20) * 100_000, lent)


def of_club(club: DemoClub, district: str | None, half: HalfYear) -> Iterator[Figures]:
    """Yield a club's books, the oldest first, without those that were never sent."""
    return (book for book in _all(club, district, half) if _was_sent(club, book["month"], half))


def unsent(club: DemoClub, district: str | None, half: HalfYear) -> Iterator[Figures]:
    """Yield what a club's board would write for the months that it has not sent."""
    return (book for book in _all(club, district, half) if not _was_sent(club, book["month"], half))


def _all(club: DemoClub, district: str | None, half: HalfYear) -> Iterator[Figures]:
    months = [month for month in half.months() if _runs(club, month)]
    is_new = club.founded_on >= half.months()[0]
    purse, before = (
        _Purse() if is_new else _Purse.before(club),
        None if is_new else _members(club, len(months)),
    )
    for turn, month in enumerate(months):
        people = _people(club, district, len(months) - 1 - turn)
        moves = _comings(club, month, people["members"], before)
        money = _money(club, month, people["members"], purse, is_first=is_new and turn == 0)
        before = people["members"]
        yield {"month": month, **people, **moves, **money, **_work(club, month, people)}


def _runs(club: DemoClub, month: date) -> bool:
    cut = month.replace(day=CUT_OFF)
    return club.founded_on <= cut and (club.ended_on is None or cut < club.ended_on)


def _was_sent(club: DemoClub, month: date, half: HalfYear) -> bool:
    if month >= date(half.year, 1, 1):
        return month != half.last_month or (club.code, club.number) not in _SILENT_IN_JUNE
    return not club.dice.one_in(("silent", month), 40)


def _people(club: DemoClub, district: str | None, ahead: int) -> Figures:
    """Count the members so many months before the last one: a few fewer than they are at last."""
    dice, size, members = club.dice, club.size, _members(club, ahead)
    older = size.older * members // size.members
    low, high = _KHMER[district]
    return {
        "members": members,
        "women": size.women * members // size.members,
        "older": older,
        "older_women": older * dice.roll("older women", 58, 66) // 100,
        "young": members - older,
        "poor": members * dice.roll("poor", 12, 26) // 100,
        "ethnic": members * dice.roll("ethnic", low, high) // 100,
    }


def _members(club: DemoClub, ahead: int) -> int:
    lag = min(club.dice.roll("lag", 3, 6), club.size.members - 40)
    return club.size.members - min(lag * ahead // 6, lag)


def _comings(club: DemoClub, month: date, members: int, before: int | None) -> Figures:
    """Say who joined and who left since the month before; at the founding all join."""
    if before is None:
        return {"joined": members, "left": 0}
    left = club.dice.roll(("left", month), 0, 1) + max(before - members, 0)
    return {"joined": members - before + left, "left": left}


def _money(club: DemoClub, month: date, members: int, purse: _Purse, *, is_first: bool) -> Figures:
    """Move the funds of a month: what is lent comes from the income fund and stays in it."""
    dice = club.dice
    interest = purse.outstanding * 8 // 1000 // 1000 * 1000
    given = interest + (dice.roll(("gift", month), 1, 4) * 100_000 if not is_first else 0)
    income_in = club.size.fund * 9 // 10 if is_first else given
    income_out = 200_000 if dice.one_in(("costs", month), 5) and not is_first else 0
    purse.income += income_in - income_out
    repaid = purse.outstanding * dice.roll(("repaid", month), 8, 16) // 100 // 100_000 * 100_000
    room = purse.income * 85 // 100 - (purse.outstanding - repaid)
    loans = max(min(dice.roll(("loans", month), 3, 12), room // 700_000), 0)
    purse.outstanding += loans * 700_000 - repaid
    fees = members * 3_000
    operating_in = (1_500_000 + fees if is_first else fees) if club.two_funds else 0
    spent = min(dice.roll(("spent", month), 8, 20) * 10_000, purse.operating + operating_in)
    operating_out = spent if club.two_funds else 0
    purse.operating += operating_in - operating_out
    late = dice.one_in("late", 5) and purse.outstanding > 5_000_000
    return {
        "income_in": income_in,
        "income_out": income_out,
        "income_balance": purse.income,
        "operating_in": operating_in,
        "operating_out": operating_out,
        "operating_balance": purse.operating,
        "loans_given": loans,
        "borrowers": min(
            club.size.borrowers * members // club.size.members,
            purse.outstanding // 300_000,
        ),
        "lent": loans * 700_000,
        "repaid": repaid,
        "outstanding": purse.outstanding,
        "overdue": dice.roll(("overdue", month), 5, 20) * 100_000 if late else 0,
        "interest": interest,
    }


def _work(club: DemoClub, month: date, people: Figures) -> Figures:
    dice, members = club.dice, people["members"]
    if month in _EPIDEMIC:
        quiet = dict.fromkeys(("meetings", "attended", "exercise", "health_checks", "helped"), 0)
        return quiet | {
            "volunteers": 5,
            "homecare_persons": 3,
            "homecare_visits": 6,
            "areas": [area for area in club.areas if area in {"income", "homecare"}],
            "difficulties": _STOPPED,
        }
    checked = month.month in {4, 10}
    persons = dice.roll("homecare", 2, 6)
    skipped = AREA_AT_A_TIME[dice.roll(("skipped", month), 0, len(AREA_AT_A_TIME) - 1)]
    trouble = dice.roll(("trouble", month), 0, 15)
    meetings = 1 + dice.one_in(("meetings", month), 6)
    return {
        "meetings": meetings,
        "attended": meetings * members * dice.roll(("attended", month), 78, 95) // 100,
        "exercise": dice.roll("exercise", 12, 20),
        "health_checks": members * dice.roll(("checks", month), 80, 97) // 100 if checked else 0,
        "volunteers": dice.roll("volunteers", 5, 7),
        "homecare_persons": persons,
        "homecare_visits": persons * dice.roll(("visits", month), 4, 8),
        "helped": dice.roll(("helped", month), 0, 3),
        "areas": [area for area in club.areas if area != skipped],
        "difficulties": _DIFFICULTIES[trouble] if trouble < len(_DIFFICULTIES) else "",
    }


AREA_AT_A_TIME = ("", "", "rights", "culture", "resource")
"""An area that is not everybody's every month; over a half-year all of them come up."""


# --- Into the database ------------------------------------------------------------------------


def write(
    session: Session, branch: Branch, figures: Mapping[str, CommuneFigures], half: HalfYear
) -> None:
    """Write the clubs of a branch with their books; the session must be one that may load."""
    written = clubs.write(session, branch, figures, half)
    rows, changes = [], []
    for code, commune in figures.items():
        for one in clubs.of_commune(branch.communes[code].type, commune, half):
            club = written[one.code, one.number]
            for book in of_club(one, commune.district_code, half):
                rows.append(_row(club, one, book))
                if book["month"].year < half.year and one.dice.one_in(
                    ("mended", book["month"]), 40
                ):
                    changes.append(_correct(one, rows[-1]))
    session.execute(insert(ClubBook), rows)
    _write_changes(session, changes)


def _row(club: Club, one: DemoClub, book: Figures) -> Figures:
    sent = _sent_at(one, book["month"])
    return {
        "club_id": club.id,
        "unit_id": club.unit_id,
        "unit_path": club.unit_path,
        **book,
        "version": 1,
        "saved_at": sent,
        "sent_at": sent,
        "saved_by": BOARD,
    }


def _sent_at(club: DemoClub, month: date) -> datetime:
    """Say when a board handed a book in: from the day of the cut-off, some days later."""
    day = month.replace(day=CUT_OFF) + timedelta(days=club.dice.roll(("sent", month), 1, 6))
    return datetime.combine(day, time(19, club.dice.roll(("minute", month), 0, 59)), clock.TIMEZONE)


def _correct(one: DemoClub, row: Figures) -> tuple[Figures, Figures]:
    """Correct one figure of a book that was sent; return the book and what to write of it."""
    field, reason = _CORRECTED[one.dice.roll(("figure", row["month"]), 0, len(_CORRECTED) - 1)]
    right = row[field]
    row |= {"version": 2, "saved_at": row["sent_at"] + timedelta(days=9)}
    return row, {
        "unit_id": row["unit_id"],
        "unit_path": row["unit_path"],
        "data": {field: [max(right - 1, 0) if right else None, right]},
        "reason": reason,
        "at": row["saved_at"],
        "saved_by": BOARD,
    }


def _write_changes(session: Session, changes: list[tuple[Figures, Figures]]) -> None:
    clubs_ids = {row["club_id"] for row, _ in changes}
    statement = select(ClubBook.club_id, ClubBook.month, ClubBook.id).where(
        ClubBook.club_id.in_(clubs_ids)
    )
    ids = {(club_id, month): book_id for club_id, month, book_id in session.execute(statement)}
    session.execute(
        insert(ClubBookChange),
        [{"book_id": ids[row["club_id"], row["month"]], **change} for row, change in changes],
    )
