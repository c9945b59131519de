"""Targets between what a clerk types, the exact integers stored, and what is shown.

The page is in Vietnamese or in English, and so are the figures on it: every function that reads
or writes one takes the language. Errors name their field: "value", "second" or "comparator".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lth.core import vietnamese
from lth.core.i18n import N_, Bilingual, Message
from lth.core.readers import numbers
from lth.models import Indicator, Target
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.programme import Measure, RollUp

COMPARATOR_LABEL = {
    Comparator.EQ: N_("bằng"),
    Comparator.GTE: N_("ít nhất"),
    Comparator.GT: N_("trên"),
    Comparator.LTE: N_("không quá"),
    Comparator.LT: N_("dưới"),
    Comparator.BETWEEN: N_("từ … đến"),
    Comparator.MAINTAIN: N_("duy trì"),
    Comparator.QUALITATIVE: N_("định tính, ghi bằng lời"),
}
SCOPE_LABEL = {
    TargetScope.UNIT: N_("toàn địa bàn"),
    TargetScope.PER_DISTRICT: N_("mỗi huyện"),
    TargetScope.PER_COMMUNE: N_("mỗi xã"),
    TargetScope.PER_CLUB: N_("mỗi câu lạc bộ"),
    TargetScope.PER_MEMBER: N_("mỗi thành viên"),
}
COUNTS_FROM_LABEL = {
    CountsFrom.NEW: N_("phát sinh mới trong kỳ"),
    CountsFrom.CUMULATIVE: N_("lũy kế đến cuối kỳ"),
    CountsFrom.YEARLY: N_("hằng năm"),
}
AREA_TYPE_LABEL = {
    AreaType.ALL: N_("mọi địa bàn"),
    AreaType.LOWLAND: N_("đồng bằng"),
    AreaType.MOUNTAIN: N_("miền núi"),
    AreaType.ETHNIC_MINORITY: N_("vùng đồng bào dân tộc thiểu số"),
    AreaType.DISADVANTAGED: N_("vùng đặc biệt khó khăn"),
    AreaType.RURAL: N_("các xã"),
    AreaType.WARD: N_("các phường"),
    AreaType.TOWN: N_("các thị trấn"),
}

UPPER = frozenset({Comparator.LTE, Comparator.LT})
"""Comparators whose one value is the upper bound."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A comparator with its values, in the indicator's measure, as `Target` stores them."""

    comparator: Comparator
    low: int | None = None
    high: int | None = None

    @property
    def value(self) -> int | None:
        """Find the one value, or the lower of two."""
        return self.high if self.comparator in UPPER else self.low


class FigureError(ValueError):
    """Something typed is no figure; `errors` says by field what was expected."""

    def __init__(self, errors: dict[str, Message]):
        super().__init__("; ".join(str(message) for message in errors.values()))
        self.errors = errors


# --- Reading ------------------------------------------------------------------------------

_EXPECTED = {
    Measure.COUNT: N_("Nhập số nguyên, ví dụ 3.444."),
    Measure.PERCENT: N_("Nhập tỷ lệ phần trăm, nhiều nhất hai chữ số thập phân, ví dụ 62,5."),
    Measure.MONEY: N_("Nhập số tiền bằng đồng, ví dụ 60.000.000 hoặc 60 triệu."),
    Measure.RATE: N_("Nhập một số, nhiều nhất hai chữ số thập phân, ví dụ 0,6."),
}
LARGEST = {
    Measure.COUNT: 10**9,
    Measure.PERCENT: 100_00,
    Measure.MONEY: 10**14,  # ten thousand communes of it still sum within 64 bits
    Measure.RATE: 1000_00,
}
_READ = {
    Measure.COUNT: numbers.read_count,
    Measure.PERCENT: partial(numbers.read_percent, most=LARGEST[Measure.PERCENT]),
    Measure.MONEY: numbers.read_money,
    Measure.RATE: partial(numbers.read_rate, most=LARGEST[Measure.RATE]),
}
_TOO_LARGE = {
    Measure.PERCENT: N_("Tỷ lệ cao nhất là 100 phần trăm."),
}
_RANGE = re.compile(
    r"(?:từ |from )?(?P<low>.*?\d[^-]*?)\s*(?:[-~]|\bđến\b|\btới\b|\bto\b)\s*(?P<high>.*\d.*)",
    re.IGNORECASE,
)
_COMPARED = {
    Comparator.GTE: r"≥|>=|ít nhất|tối thiểu|at least|(?P<or_more>(?=.*\btrở lên$))",
    Comparator.GT: r">|trên|more than|over",
    Comparator.LTE: r"≤|<=|không quá|tối đa|nhiều nhất|at most|up to",
    Comparator.LT: r"<|dưới|less than|under",
    Comparator.MAINTAIN: r"duy trì|maintain",
    Comparator.EQ: r"=|bằng|đạt",
}
_COMPARISONS = {
    comparator: re.compile(rf"(?:{words})\s*(?P<number>\d.*?)(?:\s+trở lên)?", re.IGNORECASE)
    for comparator, words in _COMPARED.items()
}
"""Ways to type a comparator before its number; "50 trở lên" is at least 50."""
_SIZE = re.compile(r"[^\W\d_].*$")
"""What follows the number in "80 triệu đồng"."""


def parse(
    measure: Measure,
    comparator: str,
    value: str,
    second: str = "",
    language: str = "vi",
) -> Figure | None:
    """Read the figure that was typed; None where nothing was. Raises FigureError.

    `second` is the upper bound of *between*; a range typed into the first field ("50–70") is
    taken apart. A qualitative target has no figure: its words are the caller's to ask for.
    """
    try:
        known = Comparator(comparator)
    except ValueError:
        raise FigureError({"comparator": Message(N_("Chọn một cách so sánh."))}) from None
    value, second = numbers.plain_signs(value), numbers.plain_signs(second)
    if known is Comparator.QUALITATIVE:
        return _qualitative(value)
    if known is Comparator.BETWEEN:
        return _between(measure, value, second, language)
    if not value:
        return None
    if looks_like_range(value):
        raise FigureError({"value": Message(N_("Muốn ghi một khoảng, hãy chọn “từ … đến”."))})
    number = _number(measure, _as_chosen(known, value), "value", language)
    return Figure(known, high=number) if known in UPPER else Figure(known, low=number)


def comparator_in(text: str) -> Comparator | None:
    """Return the comparator that stands with its number in a text: "≥ 50", "ít nhất 50"."""
    plain = numbers.plain_signs(text)
    found = (one for one, known in _COMPARISONS.items() if known.fullmatch(plain))
    return next(found, None)


def _as_chosen(chosen: Comparator, text: str) -> str:
    """Return the number behind a comparator that was typed with it ("≥ 50").

    Raises FigureError where another one is chosen: none of the two is to be lost.
    """
    for typed, comparison in _COMPARISONS.items():
        if match := comparison.fullmatch(text):
            if typed is not chosen:
                raise FigureError({"value": _another(chosen, typed, text)})
            return match["number"]
    return text


def _another(chosen: Comparator, typed: Comparator, text: str) -> Message:
    return Message(
        N_(
            "“%(text)s” là “%(typed)s”, ô này đang là “%(chosen)s”: đổi cách so sánh hoặc chỉ"
            " ghi số."
        ),
        {
            "text": text,
            "typed": Message(COMPARATOR_LABEL[typed]),
            "chosen": Message(COMPARATOR_LABEL[chosen]),
        },
    )


def _qualitative(value: str) -> Figure:
    if value:
        message = Message(
            N_("Chỉ tiêu định tính không ghi số. Xóa số hoặc chọn cách so sánh khác.")
        )
        raise FigureError({"value": message})
    return Figure(Comparator.QUALITATIVE)


def _between(measure: Measure, value: str, second: str, language: str) -> Figure | None:
    if not second:
        value, second = _taken_apart(value)
    if not value and not second:
        return None
    errors: dict[str, Message] = {}
    bounds: list[int | None] = []
    for field, text in (("value", value), ("second", second)):
        try:
            bounds.append(_number(measure, text, field, language))
        except FigureError as error:
            errors |= error.errors
    if errors:
        raise FigureError(errors)
    low, high = bounds
    if low is not None and high is not None and low > high:
        message = Message(N_("Mức cao nhất không thể thấp hơn mức thấp nhất."))
        raise FigureError({"second": message})
    return Figure(Comparator.BETWEEN, low, high)


def looks_like_range(text: str) -> bool:
    """Tell whether two bounds were typed into one field: "50-70", "từ 50 đến 70"."""
    return _RANGE.fullmatch(numbers.plain_signs(text)) is not None


def _taken_apart(text: str) -> tuple[str, str]:
    """Part the bounds of a range in one text; "50 - 80 triệu" means fifty million, not fifty."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return text, ""
    low, high = match["low"].strip(), match["high"].strip()
    size = _SIZE.search(high)
    return (f"{low} {size[0]}" if size and not _SIZE.search(low) else low), high


def _number(measure: Measure, text: str, field: str, language: str) -> int:
    """Read one number in a measure. Raises FigureError that names the field."""
    if not text:
        raise FigureError({field: Message(N_("Ghi đủ cả hai mức: từ bao nhiêu đến bao nhiêu."))})
    try:
        number = _READ[measure](text, language)
    except numbers.UnreadableNumberError as error:
        raise FigureError({field: error.message or Message(_EXPECTED[measure])}) from None
    if number < 0:
        raise FigureError({field: Message(N_("Chỉ tiêu không thể là số âm."))})
    if number > LARGEST[measure]:
        too_large = _TOO_LARGE.get(measure, N_("Số này quá lớn, hãy kiểm tra lại."))
        raise FigureError({field: Message(too_large)})
    return number


# --- Showing ------------------------------------------------------------------------------

_WORDS = {
    "vi": {
        Comparator.EQ: "{}",
        Comparator.GTE: "ít nhất {}",
        Comparator.GT: "trên {}",
        Comparator.LTE: "không quá {}",
        Comparator.LT: "dưới {}",
        Comparator.MAINTAIN: "duy trì {}",
        Comparator.QUALITATIVE: "định tính",
    },
    "en": {
        Comparator.EQ: "{}",
        Comparator.GTE: "at least {}",
        Comparator.GT: "more than {}",
        Comparator.LTE: "at most {}",
        Comparator.LT: "less than {}",
        Comparator.MAINTAIN: "maintain {}",
        Comparator.QUALITATIVE: "in words",
    },
}


def shown(target: Target, language: str = "vi") -> str:
    """Return a target as people read it: "ít nhất 50", "50–70", "60–70 %", "1.235.000.000 đồng".

    A qualitative one is its own wording, or what the units of a synthesis say. The indicator must
    be loaded.
    """
    if target.comparator is Comparator.QUALITATIVE and target.wording:
        return target.wording
    if target.comparator is Comparator.QUALITATIVE and target.said:
        units = (target.counted or 0) + (target.incomparable or 0)
        return said(read_sayings(target.said), units, target.indicator, language)
    return worded(figure_of(target), target.indicator, language)


def figure_of(target: Target) -> Figure:
    """Return a target's comparator and values."""
    return Figure(target.comparator, target.value_min, target.value_max)


def worded(figure: Figure, indicator: Indicator, language: str = "vi") -> str:
    """Return a figure with its comparator's word and its unit."""
    if figure.comparator is Comparator.BETWEEN:
        low = bare(figure.low or 0, indicator.measure, language)
        return _with_unit(low, figure.high or 0, indicator, language)
    value = "" if figure.value is None else amount(figure.value, indicator, language)
    return _WORDS[language][figure.comparator].format(value)


def amount(value: int, indicator: Indicator, language: str = "vi") -> str:
    """Return one value as a count, "64,75 %", "60.000.000 đồng" or "0,6 %/tháng"."""
    measure = indicator.measure
    if measure is Measure.PERCENT:
        return vietnamese.format_percent(value, language)
    if measure is Measure.MONEY:
        return vietnamese.format_money(value, language)
    text = bare(value, measure, language)
    unit = indicator.unit_en if language == "en" else indicator.unit_vi
    return f"{text} {unit}" if measure is Measure.RATE else text


def _with_unit(low: str, high: int, indicator: Indicator, language: str) -> str:
    """Return a range that says its unit once: "60–70 %", "VND 2,000–5,000"."""
    text = bare(high, indicator.measure, language)
    return amount(high, indicator, language).replace(text, f"{low}–{text}", 1)


def bare(value: int, measure: Measure, language: str = "vi") -> str:
    """Return one value without any unit, as an input shows it and reads it back."""
    if measure in {Measure.PERCENT, Measure.RATE}:
        return vietnamese.format_percent(value, language).rstrip("% ")
    return vietnamese.format_number(value, language)


def typed(figure: Figure, measure: Measure, language: str = "vi") -> tuple[str, str]:
    """Return the texts of a figure's two inputs; `parse` reads them back to the same figure."""
    first = "" if figure.value is None else bare(figure.value, measure, language)
    if figure.comparator is not Comparator.BETWEEN or figure.high is None:
        return first, ""
    return first, bare(figure.high, measure, language)


# --- What several units say of a quality --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saying:
    """A figure, or words where there is none, and how many units wrote just that."""

    figure: Figure
    units: int
    words: str = ""

    @property
    def bounds(self) -> tuple[int, int]:
        """Return what it is at least and at most, to put several in order."""
        low, high = self.figure.low, self.figure.high
        return (low if low is not None else high or 0, high if high is not None else low or 0)


def read_sayings(stored: Iterable[Any]) -> list[Saying]:
    """Return the sayings that a synthesis keeps, the most frequent first."""
    return [
        Saying(Figure(Comparator(word), low, high), units, words)
        for word, low, high, words, units in stored
    ]


def stored_sayings(sayings: Iterable[Saying]) -> list[Any]:
    """Return sayings as a synthesis keeps them."""
    return [
        [one.figure.comparator.value, one.figure.low, one.figure.high, one.words, one.units]
        for one in sayings
    ]


def merged(sayings: Iterable[Saying]) -> tuple[Saying, ...]:
    """Count what is said alike together, the most frequent first."""
    counted: dict[tuple[Figure, str], int] = {}
    for one in sayings:
        key = (one.figure, one.words)
        counted[key] = counted.get(key, 0) + one.units
    listed = [Saying(figure, units, words) for (figure, words), units in counted.items()]
    return tuple(
        sorted(
            listed,
            key=lambda one: (-one.units, one.bounds, one.figure.comparator.value, one.words),
        )
    )


_SAID = {
    "vi": {
        "alike": "{units}/{all} đơn vị ghi {what}",
        "some": "{units} đơn vị ghi {what}",
        "span": "từ {low} đến {high}",
        "ways": "{units} đơn vị ghi {what} cách",
        "more": "{units} đơn vị ghi cách khác",
    },
    "en": {
        "alike": "{units} of {all} units say {what}",
        "some": "{units} say {what}",
        "span": "from {low} to {high}",
        "ways": "{units} units say it in {what} ways",
        "more": "{units} say something else",
    },
}
_TOLD = 4
"""How many ways of saying it are told one by one."""


def said(sayings: Sequence[Saying], units: int, indicator: Indicator, language: str = "vi") -> str:
    """Say what units wrote: "17/17 đơn vị ghi 100 %", "từ 60–70 % đến 70 %"; `units` is all."""
    words = _SAID[language]
    if len(sayings) == 1:
        (one,) = sayings
        what = _saying(one, indicator, language)
        return words["alike"].format(units=one.units, all=max(units, one.units), what=what)
    numbers = [one for one in sayings if one.figure.comparator is not Comparator.QUALITATIVE]
    if len(numbers) < 2:
        count = sum(one.units for one in sayings)
        return words["ways"].format(units=count, what=len(sayings))
    low = min(numbers, key=lambda one: one.bounds)
    high = max(numbers, key=lambda one: one.bounds[::-1])
    return words["span"].format(
        low=_saying(low, indicator, language), high=_saying(high, indicator, language)
    )


def said_each(sayings: Sequence[Saying], indicator: Indicator, language: str = "vi") -> str:
    """Count what units wrote, way by way: "15 đơn vị ghi 100 %; 2 đơn vị ghi ít nhất 80 %"."""
    words = _SAID[language]
    told = [
        words["some"].format(units=one.units, what=_saying(one, indicator, language))
        for one in sayings[:_TOLD]
    ]
    rest = sum(one.units for one in sayings[_TOLD:])
    return "; ".join([*told, words["more"].format(units=rest)] if rest else told)


def _saying(one: Saying, indicator: Indicator, language: str) -> str:
    if one.figure.comparator is Comparator.QUALITATIVE:
        return f"“{one.words}”" if one.words else _WORDS[language][Comparator.QUALITATIVE]
    return worded(one.figure, indicator, language)


# --- Norms and lines ----------------------------------------------------------------------


def norm(indicator: Indicator) -> Figure | None:
    """Say what the programme holds a figure of this indicator to, if anything."""
    low, high = indicator.threshold_min, indicator.threshold_max
    if low is None:
        return None if high is None else Figure(Comparator.LTE, high=high)
    if high is None:
        return Figure(Comparator.GTE, low)
    return Figure(Comparator.EQ, low) if low == high else Figure(Comparator.BETWEEN, low, high)


def is_norm(target: Target) -> bool:
    """Tell whether a target says how things should be everywhere, and so is handed down as it is.

    A figure that adds up over the units below is not: each of them has its own part of it.
    """
    return target.indicator.roll_up is not RollUp.SUM or target.scope is not TargetScope.UNIT


def label(indicator: Indicator) -> Bilingual:
    """Return an indicator's name in both languages."""
    return Bilingual(indicator.label_vi, indicator.label_en)


def first_comparator(indicator: Indicator) -> Comparator:
    """Say what a new line's comparator is: figures that are added up are plain numbers."""
    held_to = norm(indicator)
    if indicator.roll_up is RollUp.SUM or held_to is None:
        return Comparator.EQ
    return held_to.comparator


def denominators(indicator: Indicator) -> list[str]:
    """List the codes a target of this indicator may name as its denominator."""
    chosen = list(indicator.extra.get("denominators") or [])
    return chosen or ([indicator.denominator_code] if indicator.denominator_code else [])


PARTS = (
    ("clubs_standard", "clubs_total"),
    ("older_members_assoc", "older_population"),
    ("members_older", "older_population"),
    ("loan_outstanding", "income_fund_balance"),
    ("loan_overdue", "loan_outstanding"),
)
"""What is part of what besides the ratios of a programme: nobody lends more than the fund has, and
no more can be overdue than was lent."""


_KEY = re.compile(r"(?P<indicator>[a-z0-9_]{1,40})@(?P<phase>[0-9-]{1,16})(?:#(?P<nth>[1-9]\d?))?")


def line_key(indicator_code: str, phase_code: str, nth: int = 1) -> str:
    """Return the key of an indicator's line in a phase; its second line ends in "#2"."""
    key = f"{indicator_code}@{phase_code}"
    return key if nth == 1 else f"{key}#{nth}"


def read_key(key: str) -> tuple[str, str, int]:
    """Return indicator code, phase code and which line. Raises ValueError for any other text."""
    match = _KEY.fullmatch(key)
    if match is None or match["nth"] == "1":
        raise ValueError(f"not the key of a target: {key!r}")
    return match["indicator"], match["phase"], int(match["nth"] or 1)


def next_key(taken: Iterable[str], indicator_code: str, phase_code: str) -> str:
    """Return a key for one more line of an indicator in a phase."""
    used = set(taken)
    nth = 1
    while line_key(indicator_code, phase_code, nth) in used:
        nth += 1
    return line_key(indicator_code, phase_code, nth)


# --- Derived percentages: always a sum over a sum, exact, never a mean of percentages ------

WHOLE = {Measure.PERCENT: 10_000, Measure.RATE: 100}
"""What a quotient of 1 is in the stored integers of a measure."""


def quotient(numerator: int, denominator: int, measure: Measure = Measure.PERCENT) -> int | None:
    """Return numerator over denominator in a measure's integers: 2240 of 3444 is 6504 (65,04 %).

    A half is rounded away from zero (up, counts being no less than nothing), in integers, so
    that it is exact and the same on every database. None where nothing is there to divide by.
    """
    if denominator <= 0:
        return None
    whole = WHOLE[measure]
    return (2 * numerator * whole + denominator) // (2 * denominator)
