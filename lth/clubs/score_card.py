"""The score card of clubs: what is asked, how many points it gives, and what rating they come to.

The official form of rating is not public: what ships is a suggested sample, and says so. A province
may set thresholds of its own. Points are 0, 1 or 2 for each criterion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.models import Area, Club, ClubBook

MOST_POINTS = 2
"""For each criterion."""


class Criterion(StrEnum):
    """A thing that is asked of a club beside its areas."""

    MEETINGS = "meetings"
    BOOKS = "books"
    BOARD = "board"
    FUNDS = "funds"
    FUND_FLOOR = "fund_floor"


class Rating(StrEnum):
    """Tốt, Khá, Trung bình, Yếu."""

    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"
    WEAK = "weak"


RATING_LABEL = {
    Rating.GOOD: N_("Tốt"),
    Rating.FAIR: N_("Khá"),
    Rating.AVERAGE: N_("Trung bình"),
    Rating.WEAK: N_("Yếu"),
}
CRITERION_LABEL = {
    Criterion.MEETINGS: N_("Sinh hoạt định kỳ hằng tháng"),
    Criterion.BOOKS: N_("Nộp sổ tháng"),
    Criterion.BOARD: N_("Ban chủ nhiệm"),
    Criterion.FUNDS: N_("Quỹ tăng thu nhập và quỹ hoạt động"),
    Criterion.FUND_FLOOR: N_("Mức quỹ tăng thu nhập"),
}
_FOUND = {
    Criterion.MEETINGS: N_("%(count)s trên %(months)s tháng có sinh hoạt"),
    Criterion.BOOKS: N_("%(count)s trên %(months)s tháng đã nộp sổ"),
    Criterion.BOARD: N_("%(count)s người"),
    Criterion.FUNDS: N_("%(count)s trên 2 quỹ"),
}
_AREA_FOUND = N_("%(count)s trên %(months)s tháng có hoạt động")
_ASKED_MONTHS = N_("2 điểm từ %(two)s %% số tháng, 1 điểm từ %(one)s %%")
_ASKED = {
    Criterion.MEETINGS: _ASKED_MONTHS,
    Criterion.BOOKS: _ASKED_MONTHS,
    Criterion.BOARD: N_("2 điểm nếu đúng %(two)s người, 1 điểm nếu lệch không quá %(one)s người"),
    Criterion.FUNDS: N_("2 điểm nếu có %(two)s quỹ, 1 điểm nếu có %(one)s quỹ"),
    Criterion.FUND_FLOOR: N_("2 điểm từ %(two)s đồng, 1 điểm từ %(one)s đồng"),
}


@dataclass(frozen=True, slots=True)
class Marks:
    """From how much on there are two points, and one.

    Shares of months in per cent, funds counted, the fund in đồng; of the board, how many there
    should be and how many more or fewer still give a point.
    """

    two: int
    one: int


@dataclass(frozen=True)
class CardTerms:
    """What a card asks: marks by criterion and for each area, the least share of all points in per
    cent by rating, and whether `standard` (đạt chuẩn) asks for every area, all meetings and the
    fund's floor.
    """

    marks: Mapping[Criterion, Marks]
    area: Marks
    levels: Mapping[Rating, int]
    is_sample: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return what is kept."""
        return {
            "marks": {str(key): [one.two, one.one] for key, one in self.marks.items()},
            "area": [self.area.two, self.area.one],
            "levels": {str(key): least for key, least in self.levels.items()},
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "CardTerms":
        """Read what was kept."""
        return cls(
            {Criterion(key): Marks(*pair) for key, pair in data["marks"].items()},
            Marks(*data["area"]),
            {Rating(key): least for key, least in data["levels"].items()},
        )

    def check(self) -> None:
        """Raise RefusedError, naming the form's field, for marks that contradict one another."""
        for key, one in [("area", self.area), *self.marks.items()]:
            if key is not Criterion.BOARD and one.one > one.two:
                raise RefusedError(
                    f"{key}_one", N_("Mức được 1 điểm phải không cao hơn mức được 2 điểm.")
                )
        good, fair, average = (
            self.levels[rating] for rating in (Rating.GOOD, Rating.FAIR, Rating.AVERAGE)
        )
        if not good > fair > average > 0:
            raise RefusedError(
                "good", N_("Mức Tốt phải cao hơn Khá, Khá cao hơn Trung bình, đều trên 0.")
            )


SAMPLE = CardTerms(
    marks={
        Criterion.MEETINGS: Marks(100, 75),
        Criterion.BOOKS: Marks(100, 75),
        Criterion.BOARD: Marks(5, 2),
        Criterion.FUNDS: Marks(2, 1),
        Criterion.FUND_FLOOR: Marks(20_000_000, 10_000_000),
    },
    area=Marks(50, 1),
    levels={Rating.GOOD: 85, Rating.FAIR: 70, Rating.AVERAGE: 50, Rating.WEAK: 0},
    is_sample=True,
)
"""The suggested sample: no official form is public. Board of 5 and meetings every month: the club
model; the fund's floor of 20 million đồng: as in the plan of huyện Hồng Ngự.
"""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A criterion of a club's rating: what is asked, what was found, and the points for it."""

    key: str
    label: Message | str
    asked: Message
    found: Message
    points: int


@dataclass(frozen=True)
class ClubScore:
    """How a club got its rating. `share` of all points, in 1/100 %; `lacking` are the keys of the
    lines that keep it from being standard (đạt chuẩn).
    """

    club: Club
    lines: Sequence[ScoreLine]
    share: int
    rating: Rating
    lacking: Sequence[str] = field(default_factory=tuple)

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def most(self) -> int:
        return MOST_POINTS * len(self.lines)

    @property
    def is_standard(self) -> bool:
        """Tell whether it is "đạt chuẩn": all areas, a meeting every month, the fund's floor."""
        return not self.lacking


def score(
    club: Club, books: Iterable[ClubBook], months: int, areas: Sequence[Area], terms: CardTerms
) -> ClubScore:
    """Rate a club by its books of some months; a month without a book counts as nothing done."""
    kept = [book for book in books if book.sent_at is not None]
    lines = [_area_line(area, kept, months, terms.area) for area in areas]
    lines += [_line(key, club, kept, months, terms.marks[key]) for key in Criterion]
    total = sum(line.points for line in lines)
    share = total * 10_000 // (MOST_POINTS * len(lines))
    return ClubScore(
        club,
        lines,
        share,
        _rating(share, terms.levels),
        tuple(line.key for line in lines if _keeps_from_standard(line)),
    )


def _keeps_from_standard(line: ScoreLine) -> bool:
    """A standard club does something in every area, meets every month and has the fund's floor."""
    if line.key in {Criterion.MEETINGS, Criterion.FUND_FLOOR}:
        return line.points < MOST_POINTS
    return line.key.startswith("area:") and line.points == 0


def _area_line(area: Area, books: Sequence[ClubBook], months: int, marks: Marks) -> ScoreLine:
    count = sum(area.code in book.areas for book in books)
    return ScoreLine(
        f"area:{area.code}",
        area.name_vi,
        _asked(_ASKED_MONTHS, marks),
        Message(_AREA_FOUND, {"count": count, "months": months}),
        _points(_per_cent(count, months), marks),
    )


def _line(
    key: Criterion, club: Club, books: Sequence[ClubBook], months: int, marks: Marks
) -> ScoreLine:
    found, points = _measured(key, club, books, months, marks)
    return ScoreLine(key, Message(CRITERION_LABEL[key]), _asked(_ASKED[key], marks), found, points)


def _measured(
    key: Criterion, club: Club, books: Sequence[ClubBook], months: int, marks: Marks
) -> tuple[Message, int]:
    if key is Criterion.FUND_FLOOR:
        return _fund(books, marks)
    if key is Criterion.BOARD:
        if club.board_size is None:
            return Message(N_("chưa ghi số người")), 0
        off = abs(club.board_size - marks.two)
        points = MOST_POINTS if off == 0 else int(off <= marks.one)
        return Message(_FOUND[key], {"count": club.board_size}), points
    if key is Criterion.FUNDS:
        count = club.has_income_fund + club.has_operating_fund
        return Message(_FOUND[key], {"count": count}), _points(count, marks)
    count = sum(bool(book.meetings) for book in books) if key is Criterion.MEETINGS else len(books)
    words = Message(_FOUND[key], {"count": count, "months": months})
    return words, _points(_per_cent(count, months), marks)


def _fund(books: Sequence[ClubBook], marks: Marks) -> tuple[Message, int]:
    """Judge the fund by the last book that says how much there is."""
    told = [book for book in books if book.income_balance is not None]
    if not told:
        return Message(N_("sổ chưa ghi số dư quỹ")), 0
    balance = max(told, key=lambda book: book.month).income_balance or 0
    return Message(N_("%(money)s đồng"), {"money": balance}), _points(balance, marks)


def _points(found: int, marks: Marks) -> int:
    if found >= marks.two:
        return MOST_POINTS
    return int(found >= marks.one)


def _per_cent(count: int, months: int) -> int:
    return count * 100 // months if months else 0


def _asked(text: str, marks: Marks) -> Message:
    return Message(text, {"two": marks.two, "one": marks.one})


def _rating(share: int, levels: Mapping[Rating, int]) -> Rating:
    return next((one for one in Rating if share >= levels[one] * 100), Rating.WEAK)


def changed(terms: CardTerms, data: Mapping[str, int]) -> CardTerms:
    """Return terms with what a form says, by its fields' names. Raises RefusedError."""
    marks = {
        key: Marks(data.get(f"{key}_two", one.two), data.get(f"{key}_one", one.one))
        for key, one in terms.marks.items()
    }
    area = Marks(data.get("area_two", terms.area.two), data.get("area_one", terms.area.one))
    levels = {key: data.get(str(key), least) for key, least in terms.levels.items()}
    made = replace(terms, marks=marks, area=area, levels=levels, is_sample=False)
    made.check()
    return made
