"""Read a count, a percentage or an amount of money as people type it.

A Vietnamese office writes 1.234,5 and an English one 1,234.5; people type both, and paste more.
A text is read by the signs of the page's language and by those of the other one. Here for
Vietnamese (in English the signs change places):

=================  ==========================  ======================  =======================
typed              count                       percentage, rate        money
=================  ==========================  ======================  =======================
1.234              1234                        refused, both are       1234 đồng
                                               shown
1,234              1234: no count has places   refused: three places   1234 đồng
1.5, 1,5           refused                     1,5                     refused: 1,5 triệu? tỷ?
0.625              refused                     refused: three places   refused
12.500             12500                       12,5 where 12500 is     12500 đồng
                                               more than may be
1.234,00           1234                        1234                    1234 đồng
150,000,000        150000000                   150000000               150000000 đồng
1,5 tỷ, 1.5 tỷ     1500000000                  refused                 1500000000 đồng
1,235 tỷ           1235000000                  refused                 1235000000 đồng
1.235 triệu        1235000000                  refused                 1235000000 đồng
1.235 tỷ           refused, both are shown     refused                 refused, both are shown
=================  ==========================  ======================  =======================

So: the one reading that the measure can hold is taken; where the language's own decimal sign may
stand for places, it does; three digits after the other sign are places only if the last is not a
nought, and nobody writes thousandths of a million. What is left with two readings is refused, and
both are told. Nothing is rounded, and "khoảng 50" is not taken for 50.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lth.core.i18n import N_, Message
from lth.core.vietnamese import (
    Style,
    format_money,
    format_number,
    one_line,
    search_key,
    style_of,
)

_MOST_DIGITS = 60
"""More than any figure has, in characters; Python itself reads no thousands of digits."""


class UnreadableNumberError(ValueError):
    """A text is no number of its measure; `message` says why, where more is known than that."""

    def __init__(self, text: str, message: Message | None = None):
        super().__init__(f"not a number of this measure: {text!r}")
        self.message = message


def read_count(text: str, language: str = "vi") -> int:
    """Read a whole number: 3.444, "3 444", "207 người", "1,2 triệu lượt".

    Raises UnreadableNumberError, as all these readers do.
    """
    sign, typed = _signed(text)
    value, rest = _sum(typed, _Measure(style_of(language), language))
    if not _is_unit(rest):
        raise UnreadableNumberError(text)
    return sign * value


def read_percent(text: str, language: str = "vi", most: int | None = None) -> int:
    """Read hundredths of a per cent: "19,26 %", 19.26, 60%, "60 phần trăm".

    `most` helps to choose between two readings; what is more comes back all the same.
    """
    sign, typed = _signed(text)
    digits = _PERCENT.sub("", typed)
    measure = _Measure(style_of(language), language, size=100, places=True, most=most)
    return sign * _choose(digits, measure)


def read_rate(text: str, language: str = "vi", most: int | None = None) -> int:
    """Read hundredths of a per cent in a time: as `read_percent`, also "0,6 %/tháng"."""
    return read_percent(_IN_A_TIME.sub("", plain_signs(text)), language, most)


def read_money(text: str, language: str = "vi") -> int:
    """Read whole đồng: 50.000.000, "50 triệu đồng", "1.5 tỷ", "1 tỷ 500 triệu", "2 tỷ rưỡi".

    Places need a word of size behind them, and what comes out must be whole đồng.
    """
    sign, amount = _signed(_CURRENCY.sub("", plain_signs(text)))
    value, rest = _sum(amount, _Measure(style_of(language), language, money=True))
    if rest:
        raise UnreadableNumberError(text)
    return sign * value


# --- Signs and words ----------------------------------------------------------------------

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]")
_CURRENCY = re.compile(
    r"^(?:vnd|vnđ|₫)\s*|\s*(?:đồng|đ|vnd|vnđ|₫)(?:\s+việt nam)?\s*[.;]?$", re.IGNORECASE
)
_PERCENT = re.compile(r"\s*(?:%|phần trăm|per ?cent|pct)\s*[.;]?$", re.IGNORECASE)
_IN_A_TIME = re.compile(
    r"\s*(?:/|mỗi|một|a|per)\s*(?:tháng|quý|năm|month|quarter|year)$", re.IGNORECASE
)
_VAGUE = re.compile(
    r"(?P<word>[~≈]|khoảng|chừng|gần|ước(?: tính| đạt)?|hơn|trên dưới|about|around|nearly|almost)"
    r"\s*(?=\d)",
    re.IGNORECASE,
)
_SIZES = {
    **{"nghin": 10**3, "ngan": 10**3, "thousand": 10**3},
    **{"trieu": 10**6, "tr": 10**6, "million": 10**6},
    **{"ty": 10**9, "ti": 10**9, "billion": 10**9},
}
_NUMBER = re.compile(r"[0-9](?:[0-9.,]|\s(?=[0-9]))*")
_WORD = re.compile(r"\s*(?P<word>[^\W\d_]+)")
_HALF = re.compile(r"\s*rưỡi\b", re.IGNORECASE)
_UNIT = re.compile(r"[^\W\d_]{2,}(?:[ /-][^\W\d_]{2,}){0,4}")
_NO_UNIT = frozenset(
    {
        *("chuc", "tram", "van", "ta", "ruoi", "nua", "muoi", "mot", "hai", "phan"),
        *("dong", "vnd", "usd", "do", "eur", "euro", "percent"),
        *("den", "toi", "to", "hoac", "hay", "or", "va", "and", "tro", "len", "hon"),
        *_SIZES,
    }
)
"""Words that say how much, in what money, or up to what: no name of what is counted."""


def plain_signs(text: str) -> str:
    """Return a text with every dash as a hyphen, full-width forms plain and spaces single."""
    return _DASHES.sub("-", one_line(text))


def _signed(text: str) -> tuple[int, str]:
    """Take a leading minus off: -1 or 1, and the rest."""
    spaced = plain_signs(text)
    vague = _VAGUE.match(spaced)
    if vague is not None:
        said = Message(N_("Ghi một con số cụ thể, không ghi “%(word)s”."), {"word": vague["word"]})
        raise UnreadableNumberError(text, said)
    if spaced[:1] == "-":
        return -1, spaced[1:].lstrip()
    return 1, spaced


def _is_unit(rest: str) -> bool:
    """Tell whether what follows a count names what is counted ("người", "câu lạc bộ"), if any."""
    words = rest.strip(" .;")
    if not words:
        return True
    known = _UNIT.fullmatch(words) is not None
    return known and not _NO_UNIT.intersection(re.split(r"[ /-]", search_key(words)))


# --- Readings -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Measure:
    """A field's measure: how many of the stored integers make one, and whether it has places."""

    style: Style
    language: str
    size: int = 1
    places: bool = False
    money: bool = False
    most: int | None = None

    def fit(self, value: Fraction | None) -> int | None:
        """Return a reading in the stored integers; None where it has too many places."""
        stored = None if value is None else value * self.size
        return stored.numerator if stored is not None and stored.denominator == 1 else None

    def written(self, value: Fraction) -> str:
        """Write a reading, so that two can be told apart."""
        if self.money and (value * self.size).denominator == 1:
            return format_money(int(value * self.size), self.language)
        value = value * (1 if self.size == 100 else self.size)
        exact = Decimal(value.numerator) / value.denominator
        return format_number(exact if value.denominator > 1 else int(value), self.language)


def _sum(text: str, measure: _Measure) -> tuple[int, str]:
    """Add up "1 tỷ 500 triệu", each size smaller than the one before; with what follows it."""
    total, at, last = 0, 0, 0
    while number := _NUMBER.match(text, at):
        word = _WORD.match(text, number.end())
        size = _SIZES.get(search_key(word["word"])) if word else None
        if size is None and not last:
            return _choose(number[0], measure), text[number.end() :].lstrip()
        if word is None or size is None or (last and size >= last):
            raise UnreadableNumberError(text)
        total += _choose(
            number[0],
            _Measure(measure.style, measure.language, size, places=True, money=measure.money),
        )
        last, at = size, word.end()
        if half := _HALF.match(text, at):
            return total + size // 2, text[half.end() :].strip(" .;")
        at += len(text[at:]) - len(text[at:].lstrip())
    if not last:
        raise UnreadableNumberError(text)
    return total, text[at:].strip(" .;")


def _choose(digits: str, measure: _Measure) -> int:
    """Choose between the readings of a number by the rules of this module's table."""
    if len(digits) > _MOST_DIGITS:
        raise UnreadableNumberError(digits[:_MOST_DIGITS])
    own = _reading(digits, measure.style.group, measure.style.decimal)
    other = _reading(digits, measure.style.decimal, measure.style.group)
    if not measure.places:
        own, other = _whole_only(digits, own), _whole_only(digits, other)
    elif _has_places(digits, measure.style.decimal):
        other = None
    fitting = {value for reading in (own, other) if (value := measure.fit(reading)) is not None}
    sensible = {value for value in fitting if measure.most is None or value <= measure.most}
    if len(sensible) == 2 and (_ends_in_nought(digits) or measure.size < _SIZES["ty"]):
        sensible = {measure.fit(own)}
    elif not sensible and len({own, other} - {None}) == 1:
        sensible = fitting  # too large, as the field will say
    if len(sensible) == 1:
        return sensible.pop()
    raise UnreadableNumberError(digits, _why(digits, own, other, measure))


def _reading(digits: str, group: str, decimal: str) -> Fraction | None:
    """Read a number whose groups of three one sign parts (or spaces do) and whose places another
    does; None for what is not written so.
    """
    sign, places = re.escape(group), re.escape(decimal)
    whole = rf"[0-9]+|[1-9][0-9]{{0,2}}(?:({sign}|\s)[0-9]{{3}})(?:\2[0-9]{{3}})*"
    match = re.fullmatch(rf"({whole})(?:{places}([0-9]+))?", digits)
    if match is None:
        return None
    return Fraction(f"{re.sub(r'[^0-9]', '', match[1])}.{match[3] or 0}")


def _has_places(digits: str, decimal: str) -> bool:
    """Tell whether the language's own decimal sign stands once, before the last digits."""
    return re.fullmatch(rf"[0-9]+{re.escape(decimal)}[0-9]+", digits) is not None


def _whole_only(digits: str, reading: Fraction | None) -> Fraction | None:
    """Leave a reading out in which three noughts would be the places of a whole number."""
    tail = re.fullmatch(r"[0-9]{1,3}[.,]000", digits)
    return None if tail and reading is not None and reading < 1000 else reading


def _ends_in_nought(digits: str) -> bool:
    return re.fullmatch(r"[0-9]+[.,][0-9]{2}0", digits) is not None


def _why(
    digits: str, own: Fraction | None, other: Fraction | None, measure: _Measure
) -> Message | None:
    """Say what stands against a number: two readings, or places where none may be."""
    read = [value for value in (own, other) if value is not None]
    if not read:
        return None
    typed = {"typed": digits}
    written = [measure.written(value) for value in read]
    if len(set(written)) == 2:
        return Message(
            N_("“%(typed)s” có thể là %(one)s hoặc %(other)s: hãy ghi rõ số nào."),
            {**typed, "one": written[0], "other": written[1]},
        )
    if measure.money:
        text = N_("“%(typed)s” là %(value)s đồng? Hãy ghi rõ: %(value)s triệu hay %(value)s tỷ.")
        return Message(text, {**typed, "value": written[0]})
    return Message(_PLACES[measure.places], {**typed, "value": written[0]})


_PLACES = {
    True: N_("“%(typed)s” là %(value)s: ô này nhận nhiều nhất hai chữ số sau dấu phẩy."),
    False: N_("“%(typed)s” là %(value)s, không phải số nguyên."),
}
