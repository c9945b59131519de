"""Figures, days and names as the messages of the checks say them, in both languages.

Counts and đồng are whole, percentages in 1/100 %, as `lth.content.model` has them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import takewhile

from lth.content import targets
from lth.content.model import Content, Span, TargetLine
from lth.content.targets import Figure, label, worded
from lth.core.i18n import Bilingual
from lth.core.vietnamese import (
    format_date,
    format_money,
    format_number,
    format_percent,
    search_key,
)
from lth.models import Indicator
from lth.models.content import Comparator

_LONGEST = 80
"""How much of the plan's own text a message quotes."""


def number(value: int | Decimal) -> Bilingual:
    """Return 3.444; 3,444."""
    return Bilingual(format_number(value), format_number(value, "en"))


def percent(hundredths: int) -> Bilingual:
    """Return 19,26 %; 19.26%."""
    return Bilingual(format_percent(hundredths), format_percent(hundredths, "en"))


def money(dong: int) -> Bilingual:
    """Return 1.000.000.000 đồng; VND 1,000,000,000."""
    return Bilingual(format_money(dong), format_money(dong, "en"))


def day(on: date) -> Bilingual:
    """Return 07/5/2021; 7 May 2021."""
    return Bilingual(format_date(on), format_date(on, "en"))


def quotient(numerator: int, denominator: int) -> Bilingual:
    """Write 3444 over 50 as 68,88: two places at most, a half rounded up, no zeros at the end."""
    value = (Decimal(numerator) / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return number(int(value) if value == int(value) else Decimal(f"{value:f}".rstrip("0")))


_MOST_PLACES = 6


def share_beside(numerator: int, denominator: int, *others: int) -> Bilingual:
    """Return a share with the places that tell it from others, in 1/100 %: 59,996 % beside 60."""
    value, beside = Decimal(numerator * 100) / denominator, [Decimal(one) / 100 for one in others]
    shown = _told_apart(value, beside)
    return Bilingual(f"{format_number(shown)} %", f"{format_number(shown, 'en')}%")


def quotient_beside(numerator: int, denominator: int, *others: int | Fraction) -> Bilingual:
    """Return a quotient with as many places as tell it from others: 49,998 beside 50."""
    return number(_told_apart(Decimal(numerator) / denominator, [_decimal(one) for one in others]))


def _decimal(value: int | Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def _told_apart(value: Decimal, beside: Sequence[Decimal]) -> int | Decimal:
    """Round to two places, or to more where that would make it one of the others."""
    for places in range(2, _MOST_PLACES + 1):
        shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if shown == value or shown not in beside:
            break
    return int(shown) if shown == int(shown) else Decimal(f"{shown:f}".rstrip("0"))


def share(numerator: int, denominator: int) -> Bilingual:
    """Return 2240 of 3444 as 65,04 %; the denominator must not be 0."""
    return percent(targets.quotient(numerator, denominator) or 0)


def years(span: Span) -> Bilingual:
    """Return 2026–2030; 2016 where it is one year; "đến năm 2025" where no start is said."""
    if span.start is None:
        return Bilingual(f"đến năm {span.end}", f"to {span.end}")
    text = str(span.end) if span.start == span.end else f"{span.start}–{span.end}"
    return Bilingual(text, text)


def name_of(content: Content, code: str) -> Bilingual | str:
    """Return an indicator's name by its code; the code where the programme does not know it."""
    indicator = content.indicators.get(code)
    return code if indicator is None else label(indicator)


def amount(value: int, indicator: Indicator) -> Bilingual:
    """Return a value in an indicator's measure: 50, 65,04 %, 20.000.000 đồng, 0,6 %/tháng."""
    return Bilingual(targets.amount(value, indicator), targets.amount(value, indicator, "en"))


def between(low: int | None, high: int | None, indicator: Indicator) -> Bilingual:
    """Write bounds in an indicator's measure, either may be open: "50–70", "ít nhất 60 %"."""
    return _worded(Figure(_comparator(low, high), low, high), indicator)


def _comparator(low: int | None, high: int | None) -> Comparator:
    if low is None:
        return Comparator.LTE
    if high is None:
        return Comparator.GTE
    return Comparator.EQ if low == high else Comparator.BETWEEN


def figure(target: TargetLine, content: Content) -> Bilingual | str:
    """Return a target's figure with its comparator: "ít nhất 50", "60–70 %".

    Its wording where it has no figure, or where the programme does not know its indicator.
    """
    indicator = content.indicators.get(target.indicator)
    if indicator is None or (target.low is None and target.high is None):
        return target.wording
    return _worded(Figure(target.comparator, target.low, target.high), indicator)


def _worded(figure: Figure, indicator: Indicator) -> Bilingual:
    return Bilingual(worded(figure, indicator), worded(figure, indicator, "en"))


def quoted(text: str) -> str:
    """Return a piece of the plan's own text in quotation marks, shortened where it is long."""
    text = " ".join(text.split())
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"


def from_parting(one: str, other: str) -> str:
    """Return a text from a few words before it differs from another: titles begin alike."""
    words = one.split()
    pairs = zip(words, other.split(), strict=False)
    alike = sum(
        1 for _ in takewhile(lambda pair: search_key(pair[0]) == search_key(pair[1]), pairs)
    )
    start = max(0, alike - 3)
    return f"… {' '.join(words[start:])}" if start else one


def joined(parts: Iterable[Bilingual | str], sign: str = ", ") -> Bilingual:
    """Return parts with a sign between them: 17 and 17 with " + " are "17 + 17"."""
    parts = list(parts)
    english = (one.en if isinstance(one, Bilingual) else one for one in parts)
    return Bilingual(sign.join(map(str, parts)), sign.join(english))
