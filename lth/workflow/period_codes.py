"""Codes of periods, and what they are called.

    2021  2026-2035           plans of a year, of several
    2021-6T  2021-9T          reports of the first six or nine months
    2021-N                    reports of the whole year
    2021-Q2  2021-T05         reports of a quarter, a month
    SK-2021-2023  TK-2021-2025   reviews: sơ kết, tổng kết

Where two regimes cut a window of one name differently, the later one has a letter after the code
("2021-Q2b"), which is not said.
"""

import re
from dataclasses import dataclass
from datetime import date

from lth.core.i18n import N_
from lth.models.parts import Frequency

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_WINDOW = re.compile(
    r"(?P<year>\d{4})-"
    r"(?:(?P<months>[69])T|(?P<all>N)|Q(?P<quarter>[1-4])|T(?P<month>\d\d))[a-z]?"
)
_REVIEW = re.compile(r"(?P<kind>SK|TK)-(?P<first>\d{4})-(?P<last>\d{4})[a-z]?")


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """A period's name: a text to translate and what fills it in."""

    text: str
    values: dict[str, str]


def read(code: str) -> PeriodWords:
    """Read what a code says; one that is none of these is said as years."""
    if found := _WINDOW.fullmatch(code):
        return _window(found)
    if found := _REVIEW.fullmatch(code):
        years = {"first": found["first"], "last": found["last"]}
        if years["first"] == years["last"]:
            first = found["kind"] == "SK"
            text = N_("sơ kết năm %(year)s") if first else N_("tổng kết năm %(year)s")
            return PeriodWords(text, {"year": years["first"]})
        if found["kind"] == "SK":
            return PeriodWords(N_("sơ kết giai đoạn %(first)s–%(last)s"), years)
        return PeriodWords(N_("tổng kết giai đoạn %(first)s–%(last)s"), years)
    if code.isdigit():
        return PeriodWords(N_("năm %(year)s"), {"year": code})
    return PeriodWords(N_("giai đoạn %(years)s"), {"years": code.replace("-", "–")})


def _window(found: re.Match[str]) -> PeriodWords:
    year = {"year": found["year"]}
    if found["months"] == "6":
        return PeriodWords(N_("6 tháng đầu năm %(year)s"), year)
    if found["months"] == "9":
        return PeriodWords(N_("9 tháng năm %(year)s"), year)
    if found["quarter"]:
        return PeriodWords(
            N_("quý %(quarter)s năm %(year)s"), year | {"quarter": _ROMAN[found["quarter"]]}
        )
    if found["month"]:
        return PeriodWords(
            N_("tháng %(month)s năm %(year)s"), year | {"month": str(int(found["month"]))}
        )
    return PeriodWords(N_("năm %(year)s"), year)


def of_window(frequency: Frequency, last: date) -> str:
    """Write the code of a window that ends on a day. Raises ValueError for a rhythm that has no
    windows of its own (by phase, ad hoc).
    """
    endings = {
        Frequency.MONTHLY: f"T{last.month:02}",
        Frequency.QUARTERLY: f"Q{(last.month + 2) // 3}",
        Frequency.HALF_YEAR: "6T" if last.month <= 6 else "N",
        Frequency.NINE_MONTHS: "9T",
        Frequency.YEARLY: "N",
    }
    if frequency not in endings:
        raise ValueError(f"{frequency} has no windows of its own")
    return f"{last.year}-{endings[frequency]}"
