"""Vietnamese text and numbers: order, search, tone marks, dates, counts, percentages, money.

Standard library only and free of any language setting: the caller says `language`, "vi" or
"en". Everything read from a form comes back as an exact integer (counts, đồng, hundredths of a
per cent) or fails with ValueError, whose text is for the log; the form words its own message.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

# --- Text ---------------------------------------------------------------------------------

# In the order of the dictionaries: level, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_NO_TONE = "0"

# "{" and "|" come after "z", so that ă follows every a-, whatever letter comes next.
_OWN_LETTERS = {"ă": "a{", "â": "a|", "đ": "d{", "ê": "e{", "ô": "o{", "ơ": "o|", "ư": "u{"}

_LEVEL_END = " "  # below _WORD_END, so that "An" comes before "An Bình"
_WORD_END = "-"  # below digits and letters, so that "An Bình" comes before "Anh"

_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_DIGITS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]+")

_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|ch|gh|gi(?=[aăâeêioôơuưy])|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?P<vowels>[aăâeêioôơuưy]{1,3})"
    r"(?P<coda>ch|ng|nh|[cmnpt])?",
    re.IGNORECASE,
)


DOCUMENT_NUMBER = re.compile(r"[0-9]{1,5}/[A-ZĐƠƯa-zđ&]+(-[A-ZĐƠƯa-zđ&]+)*")
"""Số/ký hiệu (Nghị định 30/2020/NĐ-CP, Phụ lục III): 793/QĐ-UBND, 581/UBND-KGVX."""


def nfc(text: str) -> str:
    """Compose a text (NFC), as all are stored; without NULs, which PostgreSQL refuses."""
    return unicodedata.normalize("NFC", text.replace("\0", ""))


@lru_cache(maxsize=2048)
def _letter_and_tone(char: str) -> tuple[str, str]:
    """Part a character from its tone mark (ậ → â), which may be an empty string."""
    parts = unicodedata.normalize("NFD", char)
    toneless = "".join(part for part in parts if part not in _TONES)
    return nfc(toneless), "".join(part for part in parts if part in _TONES)


@lru_cache(maxsize=2048)
def _plain(char: str) -> str:
    """Return a character without any mark: ậ → a, đ → d, ñ → n."""
    if char == "đ":
        return "d"
    parts = unicodedata.normalize("NFD", char)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _number_key(match: re.Match[str]) -> str:
    """Return a run of digits preceded by its length, so that code-point order is numeric order."""
    digits = match[0].lstrip("0") or "0"
    nines, rest = divmod(len(digits), 9)
    return "9" * nines + str(rest) + digits


def _word_keys(word: str) -> tuple[str, str]:
    """Return the letters of a word as a sortable text, and its tone as a digit."""
    letters, marks = [], []
    for char in word:
        letter, mark = _letter_and_tone(char)
        letters.append(_OWN_LETTERS.get(letter) or _plain(letter))
        marks.extend(_TONES[part] for part in mark)
    return _DIGITS.sub(_number_key, "".join(letters)), "".join(marks) or _NO_TONE


def collation_key(text: str) -> str:
    """Return a text whose plain code-point order is Vietnamese alphabetical order.

    Letters first (ă, â, đ, ê, ô, ơ, ư being letters of their own; case and punctuation
    ignored; numbers by value, so Quận 2 < Quận 10), then tones (none, huyền, hỏi, ngã, sắc,
    nặng), and last the text as written, which alone tells Hoà from Hòa. A database must
    compare it byte by byte (COLLATE "C" on PostgreSQL).
    """
    written = " ".join(nfc(text).split())
    words = _WORD.findall(_APOSTROPHES.sub("", _western_digits(nfc(written.casefold()))))
    keys = [_word_keys(word) for word in words]
    letters = _WORD_END.join(key for key, _ in keys)
    tones = _WORD_END.join(tone for _, tone in keys)
    return _LEVEL_END.join((letters, tones, written))


def _western_digits(text: str) -> str:
    """Return digits of other scripts as 0-9; everything else unchanged."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def search_key(text: str) -> str:
    """Return what a search compares: lower case, no diacritics, đ as d, words parted by one space.

    Apostrophes vanish and other punctuation parts words, so that "p'rao" finds Prao and
    "ba ria vung tau" finds Bà Rịa - Vũng Tàu. Both sides of a comparison go through here.
    """
    plain = "".join(_plain(char) for char in nfc(nfc(text).casefold()))
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", plain)))


def fold_tone_position(text: str) -> str:
    """Return the text with each tone mark where the older spelling puts it: Hoà → Hòa, Uỷ → Ủy.

    For matching names between lists, not for display. Words that are no Vietnamese syllable
    (Krông, M'Drắk) stay as they are.
    """
    return _LETTERS.sub(lambda match: _fold_word(match[0]), nfc(text))


def _fold_word(word: str) -> str:
    split = [_letter_and_tone(char) for char in word]
    marks = "".join(mark for _, mark in split)
    letters = [letter for letter, _ in split]
    syllable = _SYLLABLE.fullmatch("".join(letters))
    if len(marks) != 1 or syllable is None:
        return word
    at = _tone_position(syllable)
    letters[at] = nfc(letters[at] + marks)
    return "".join(letters)


def _tone_position(syllable: re.Match[str]) -> int:
    """Return the index of the letter that carries the tone, by the older spelling."""
    start, vowels = syllable.start("vowels"), syllable["vowels"].lower()
    marked = [index for index, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if marked:
        return start + marked[-1]
    if syllable["coda"]:
        return start + len(vowels) - 1
    return start + (1 if len(vowels) == 3 else 0)


# --- Formats ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    group: str
    decimal: str
    percent: str
    money: str


_STYLES = {
    "vi": _Style(group=".", decimal=",", percent="{} %", money="{} đồng"),
    "en": _Style(group=",", decimal=".", percent="{}%", money="VND {}"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _style(language: str) -> _Style:
    try:
        return _STYLES[language]
    except KeyError:
        raise ValueError(f"no formats for the language {language!r}") from None


def format_date(day: date, language: str = "vi") -> str:
    """Write 07/5/2021, 09/02/2021 as offices do (January and February get a zero); 7 May 2021."""
    _style(language)
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def format_number(value: int | Decimal, language: str = "vi") -> str:
    """Write 3.444 and 12,5 in Vietnamese, 3,444 and 12.5 in English; a Decimal keeps its places."""
    style = _style(language)
    if isinstance(value, int):
        return _localised(f"{value:,d}", style)
    if not value.is_finite():
        raise ValueError(f"{value} cannot be written as a number")
    return _localised(f"{value:,f}", style)


def format_percent(hundredths: int, language: str = "vi") -> str:
    """Write hundredths of a per cent as 19,26 %, 19,5 %, 60 %; 19.26% in English."""
    style = _style(language)
    whole, places = divmod(abs(hundredths), 100)
    text = f"{whole:,d}.{places:02d}".rstrip("0").rstrip(".")
    sign = "-" if hundredths < 0 else ""
    return style.percent.format(sign + _localised(text, style))


def format_money(dong: int, language: str = "vi") -> str:
    """Write whole đồng as 1.000.000.000 đồng; VND 1,000,000,000 in English."""
    return _style(language).money.format(format_number(dong, language))


def _localised(text: str, style: _Style) -> str:
    """Write a number written with "," for groups and "." for places, in the style's signs."""
    return text.translate({ord(","): style.group, ord("."): style.decimal})


# --- Reading what a person typed ----------------------------------------------------------

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_CURRENCY = re.compile(r"^(?:vnd|vnđ|₫)\s*|\s*(?:đồng|đ|vnd|vnđ|₫)$", re.IGNORECASE)
_MONEY_PART = re.compile(r"(?P<number>[0-9][0-9.,\s]*?)\s*(?P<word>[^\W\d_]+)\s*")
_MONEY_WORDS = {
    "nghin": 10**3,
    "ngan": 10**3,
    "thousand": 10**3,
    "trieu": 10**6,
    "tr": 10**6,
    "million": 10**6,
    "ty": 10**9,
    "ti": 10**9,
    "billion": 10**9,
}


def parse_number(text: str, language: str = "vi") -> int:
    """Read a count typed as 3.444, 3444 or 3 444 (English: 3,444).

    Raises ValueError for anything else: places (3,4), groups that are not of three (3.44).
    """
    sign, digits = _signed(text)
    return sign * _whole(digits, _style(language))


def parse_percent(text: str, language: str = "vi") -> int:
    """Read hundredths of a per cent from 19,26, "19,26 %", 60%, 60.

    One or two digits after a dot or a comma are places in either language (19.26); three are
    a group where the language groups so. Raises ValueError for more than two places.
    """
    sign, digits = _signed(text)
    value = _exact(digits.removesuffix("%").rstrip(), _style(language)) * 100
    return sign * _integral(value, text)


def parse_money(text: str, language: str = "vi") -> int:
    """Read whole đồng from 50.000.000, 50.000.000 đồng, 50 triệu, 1,5 tỷ, 1 tỷ 500 triệu.

    Places need a word of size behind them, and what comes out must be whole đồng; else
    ValueError.
    """
    style = _style(language)
    sign, amount = _signed(_CURRENCY.sub("", _spaced(text)))
    if not any(char.isalpha() for char in amount):
        return sign * _whole(amount, style)
    return sign * sum(_money_parts(amount, style))


def _money_parts(amount: str, style: _Style) -> list[int]:
    """Return the parts of "1 tỷ 500 triệu" in đồng; each size smaller than the one before it."""
    parts, at, last_size = [], 0, None
    while at < len(amount):
        match = _MONEY_PART.match(amount, at)
        size = _MONEY_WORDS.get(search_key(match["word"])) if match else None
        if match is None or size is None or (last_size is not None and size >= last_size):
            raise ValueError(f"not an amount of money: {amount!r}")
        parts.append(_integral(_exact(match["number"], style) * size, amount))
        at, last_size = match.end(), size
    return parts


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", nfc(text)).strip()


def _signed(text: str) -> tuple[int, str]:
    """Take a leading minus off: -1 or 1, and the rest."""
    text = _spaced(text)
    if text[:1] in ("-", "\u2212"):
        return -1, text[1:].lstrip()
    return 1, text


def _whole(digits: str, style: _Style) -> int:
    """Read a whole number, bare or in groups of three parted by the style's sign or by spaces."""
    group = re.escape(style.group)
    if not re.fullmatch(rf"[0-9]+|[0-9]{{1,3}}(?:({group}| )[0-9]{{3}})(?:\1[0-9]{{3}})*", digits):
        raise ValueError(f"not a whole number: {digits!r}")
    return int(digits.replace(style.group, "").replace(" ", ""))


def _exact(digits: str, style: _Style) -> Fraction:
    """Read a number with or without places; the other language's sign may part one or two."""
    own = re.fullmatch(rf"(.+){re.escape(style.decimal)}([0-9]+)", digits)
    other = re.fullmatch(rf"([0-9 ]+){re.escape(style.group)}([0-9]{{1,2}})", digits)
    match = own or other
    if match is None:
        return Fraction(_whole(digits, style))
    return Fraction(f"{_whole(match[1], style)}.{match[2]}")


def _integral(value: Fraction, text: str) -> int:
    if value.denominator != 1:
        raise ValueError(f"too many places: {text!r}")
    return value.numerator


def plain_text(text: str) -> str:
    """Compose the letters of a typed text, end its lines alike and take the space at their ends."""
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def capitalize_first(text: str) -> str:
    """Return the text with a capital at its start and the rest as it is: "Xã Tập Sơn"."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text as it stands within a sentence: "cán bộ lập kế hoạch"."""
    return text[:1].lower() + text[1:]
