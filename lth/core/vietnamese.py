"""Vietnamese text and numbers: order, search, tone marks; dates, counts, percentages, money as
they are written.

Free of any language setting: the caller says `language`, "vi" or "en". What is written here is
read back by `lth.core.readers`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from lth.core.clean_text import is_plain, visible

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


# Icelandic and African letters that keyboards and old fonts give for đ.
_LOOKS_LIKE = {
    **{ord(letter): "Đ" for letter in "\u00d0\u0189"},
    **{ord(letter): "đ" for letter in "\u00f0\u0256"},
}
_FULL_WIDTH = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}


def nfc(text: str) -> str:
    """Compose a text (NFC) as all are stored: đ is đ, and nothing in it that nobody sees."""
    return text if is_plain(text) else visible(text.translate(_LOOKS_LIKE))


def one_line(text: str) -> str:
    """Return a text as a field of one line keeps it: full-width forms plain, spaces single."""
    return " ".join(nfc(text).translate(_FULL_WIDTH).split())


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
    written = one_line(text)
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
    plain = "".join(_plain(char) for char in nfc(one_line(text).casefold()))
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
class Style:
    """Signs that a language writes numbers with, and what stands beside them."""

    group: str
    decimal: str
    percent: str
    money: str


_STYLES = {
    "vi": Style(group=".", decimal=",", percent="{} %", money="{} đồng"),
    "en": Style(group=",", decimal=".", percent="{}%", money="VND {}"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def style_of(language: str) -> Style:
    """Return a language's signs. Raises ValueError for one that has none here."""
    try:
        return _STYLES[language]
    except KeyError:
        raise ValueError(f"no formats for the language {language!r}") from None


def format_date(day: date, language: str = "vi") -> str:
    """Write 07/5/2021, 09/02/2021 as offices do (January and February get a zero); 7 May 2021."""
    style_of(language)
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def format_number(value: int | Decimal, language: str = "vi") -> str:
    """Write 3.444 and 12,5 in Vietnamese, 3,444 and 12.5 in English; a Decimal keeps its places."""
    style = style_of(language)
    if isinstance(value, int):
        return _localised(f"{value:,d}", style)
    if not value.is_finite():
        raise ValueError(f"{value} cannot be written as a number")
    return _localised(f"{value:,f}", style)


def format_percent(hundredths: int, language: str = "vi") -> str:
    """Write hundredths of a per cent as 19,26 %, 19,5 %, 60 %; 19.26% in English."""
    style = style_of(language)
    whole, places = divmod(abs(hundredths), 100)
    text = f"{whole:,d}.{places:02d}".rstrip("0").rstrip(".")
    sign = "-" if hundredths < 0 else ""
    return style.percent.format(sign + _localised(text, style))


def format_money(dong: int, language: str = "vi") -> str:
    """Write whole đồng as 1.000.000.000 đồng; VND 1,000,000,000 in English."""
    return style_of(language).money.format(format_number(dong, language))


def _localised(text: str, style: Style) -> str:
    """Write a number written with "," for groups and "." for places, in the style's signs."""
    return text.translate({ord(","): style.group, ord("."): style.decimal})


# --- Texts as they are kept ---------------------------------------------------------------


def plain_text(text: str) -> str:
    """Compose the letters of a typed text, end its lines alike and take the space at their ends."""
    lines = nfc(text).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def without_marks(text: str) -> str:
    """Return a text in the letters that every machine has: "Kế hoạch Đợt 2" → "Ke hoach Dot 2"."""
    return "".join(map(_plain, text.replace("Đ", "D")))


def capitalize_first(text: str) -> str:
    """Return the text with a capital at its start and the rest as it is: "Xã Tập Sơn"."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return the text as it stands within a sentence: "cán bộ lập kế hoạch"."""
    return text[:1].lower() + text[1:]
