"""Read a day as people type it: 07/5/2021, 7-5-2021, "ngày 7 tháng 5 năm 2021", 2021-05-07."""

import re
from collections.abc import Iterator
from datetime import date

from lth.core.i18n import N_, Message
from lth.core.vietnamese import format_date, one_line

YEARS = range(1900, 2200)
"""Of which years a day can be typed: with others there is no counting on from it."""

CENTURY_ENDS = 50
"""Two digits below this are a year of 20xx; from here on they might be one of 19xx."""

EXAMPLE = N_("Hãy nhập ngày theo mẫu 07/5/2021.")


class UnreadableDayError(ValueError):
    """A text is no day; `message` says why, for people."""

    def __init__(self, text: str, message: Message):
        super().__init__(f"not a day: {text!r}")
        self.message = message


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *(("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr")),
            *(("may",), ("june", "jun"), ("july", "jul"), ("august", "aug")),
            *(("september", "sep"), ("october", "oct"), ("november", "nov"), ("december", "dec")),
        ),
        start=1,
    )
    for name in names
}
_BEFORE = re.compile(r"^(?:(?:thứ \w+|chủ nhật),?\s*)?(?:ngày\s*)?", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[t ]0?0:00(?::00(?:\.0+)?)?$", re.IGNORECASE)
_BETWEEN = r"(?:\s*[-\u2010-\u2015\u2212/.\\,]\s*|\s+)"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}|\d{{2}})", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})", re.ASCII)
_SHORT_YEAR_FIRST = re.compile(r"(\d\d)-(\d\d)-(\d\d)", re.ASCII)
_IN_WORDS = re.compile(
    r"(\d{1,2})\s*(?:tháng|thg\.?|th\.?)\s*(\d{1,2})\s*,?\s*(?:năm\s*)?(\d{4})",
    re.IGNORECASE | re.ASCII,
)
_IN_ENGLISH = re.compile(r"(\d{1,2})\s+([a-z]+)\.?,?\s+(\d{4})", re.IGNORECASE | re.ASCII)
_TOGETHER = re.compile(r"\d{8}", re.ASCII)


def read_day(text: str) -> date:
    """Read a day, the day before the month unless the year comes first.

    Raises UnreadableDayError for what the calendar does not have, for years beyond `YEARS`, and
    where a year of two digits leaves two days to choose from; both are told then.
    """
    typed = one_line(text).rstrip(".,; ")
    bare = _MIDNIGHT.sub("", _BEFORE.sub("", typed))
    parts = list(dict.fromkeys(_readings(bare)))
    found = {day for year, month, of_month in parts if (day := _of(year, month, of_month))}
    if len(found) == 1:
        return found.pop()
    if len(found) > 1:
        one, other = sorted(found)
        both = {"typed": typed, "one": format_date(one), "other": format_date(other)}
        said = N_("“%(typed)s” có thể là %(one)s hoặc %(other)s: hãy ghi năm bốn chữ số.")
        raise UnreadableDayError(text, Message(said, both))
    raise UnreadableDayError(text, _why(typed, parts))


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day of each way to read a text."""
    for pattern in (_DAY_FIRST, _IN_WORDS):
        if match := pattern.fullmatch(text):
            for year in _years(match[3]):
                yield year, int(match[2]), int(match[1])
    if match := _YEAR_FIRST.fullmatch(text):
        yield int(match[1]), int(match[2]), int(match[3])
    if match := _SHORT_YEAR_FIRST.fullmatch(text):
        yield 2000 + int(match[1]), int(match[2]), int(match[3])
    if (match := _IN_ENGLISH.fullmatch(text)) and match[2].lower() in _MONTHS:
        yield int(match[3]), _MONTHS[match[2].lower()], int(match[1])
    if _TOGETHER.fullmatch(text):
        yield int(text[4:]), int(text[2:4]), int(text[:2])
        yield int(text[:4]), int(text[4:6]), int(text[6:])


def _years(digits: str) -> tuple[int, ...]:
    """List the years that two or four digits may name."""
    year = int(digits)
    if len(digits) == 4:
        return (year,)
    return (2000 + year,) if year < CENTURY_ENDS else (1900 + year, 2000 + year)


def _of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _why(typed: str, parts: list[tuple[int, int, int]]) -> Message:
    if not parts:
        return Message(EXAMPLE)
    year, month, _ = parts[0]
    if year not in YEARS:
        said = N_("Năm %(year)s không dùng được. Hãy nhập ngày theo mẫu 07/5/2021.")
        return Message(said, {"year": str(year)})
    if not 1 <= month <= 12:
        said = N_("Không có tháng %(month)s. Hãy nhập ngày theo mẫu 07/5/2021, ngày trước.")
        return Message(said, {"month": str(month)})
    said = N_("Lịch không có ngày %(typed)s. Hãy nhập ngày theo mẫu 07/5/2021.")
    return Message(said, {"typed": typed})
