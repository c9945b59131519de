"""Running text made ready for patterns: one spelling, one kind of space, numbers read exactly.

A text is prepared once and remembered, since several checks look through the same sections and
the drafting page asks after every edit.
"""

import re
from fractions import Fraction
from functools import lru_cache

from lth.core.vietnamese import nfc
from lth.models.programme import Measure

_NEW_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_NEW_TONE = re.compile(r"[ou][àáảãạèéẻẽẹỳýỷỹỵ](?!\w)")
_DASHES = "‐‑‒–—−"
CAPITALS = "A-ZĐÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_PARAGRAPH = re.compile(rf"\s*\n\s*(?=\n|[-+•*] |\d+[.)] |[a-zđ]\) |[{CAPITALS}])")
_CLUB = re.compile(r"câu (?:lạc )?bộ")

NUMBER = r"(?<![\d.,/])(?:\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)(?![\d/])"
"""A number as plans print it: 3.444, 19,26, 03. What stands in a date or a number of a paper is
none."""

_UNITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS = ("mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín")
IN_WORDS = {
    **{word: value for value, word in enumerate(_UNITS, 1)},
    "mười": 10,
    **{f"mười {'lăm' if word == 'năm' else word}": 10 + n for n, word in enumerate(_UNITS, 1)},
    **{f"{word} mươi": 10 * n for n, word in enumerate(_UNITS[1:], 2)},
    **{
        f"{tens} mươi {word}": 10 * ten + n
        for ten, tens in enumerate(_UNITS[1:], 2)
        for n, word in enumerate(_AFTER_TENS, 1)
    },
}
"""Numbers below a hundred as they are spelled."""

MONEY_WORD = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9, "đồng": 1}

SCALE = {Measure.PERCENT: 100, Measure.RATE: 100}
"""By how much a number as read aloud is multiplied to be as it is stored."""


@lru_cache(maxsize=1024)
def composed(text: str) -> str:
    """Return a text in composed letters (NFC) without what nobody sees."""
    return nfc(text)


@lru_cache(maxsize=1024)
def lowered(text: str) -> str:
    """Return a text in lower case with single spaces and plain dashes, "câu lạc bộ" as "clb" and
    tone marks where the older spelling has them (hoà as hòa). Paragraphs are parted by a "\\v".
    """
    text = composed(text)
    text = _PARAGRAPH.sub("\v", text) if "\n" in text else text
    low = text.lower()
    for dash in _DASHES:
        low = low.replace(dash, "-")
    if any(vowels in low for vowels in _NEW_TONES):
        low = _NEW_TONE.sub(_older_tone, low)
    parts = low.split("\v") if "\v" in low else (low,)
    return _CLUB.sub("clb", "\v".join(" ".join(part.split()) for part in parts))


def _older_tone(match: re.Match[str]) -> str:
    """Write hoà as hòa; the u of "quý" is no vowel."""
    at = match.start()
    return match[0] if at and match.string[at - 1] == "q" else _NEW_TONES.get(match[0], match[0])


_END = re.compile(r"[.;\v](?!\d)")


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[str, ...]:
    """List a lowered text in sentences; a ";" ends one too, the dot of a number does not."""
    return tuple(part.strip() for part in _END.split(text) if part.strip())


@lru_cache(maxsize=4096)
def exact(number: str) -> Fraction:
    """Return the value of what `NUMBER` found."""
    return Fraction(number.replace(".", "").replace(",", "."))


@lru_cache(maxsize=4096)
def stored(number: str, measure: Measure | None, word: str = "") -> int | None:
    """Find a printed number in a measure's integers: "19,26" is 1926 of 1/100 %; "20 triệu"
    20000000.

    None where it has more places than the measure.
    """
    value = exact(number) * MONEY_WORD.get(word, 1) * SCALE.get(measure, 1)
    return int(value) if value.denominator == 1 else None


def shown(piece: str) -> str:
    """Return a piece of a lowered text as a message quotes it."""
    return re.sub(r"\bclb\b", "CLB", " ".join(piece.split())).strip(" ,;.-")


def as_written(text: str, piece: str) -> str:
    """Return a piece of a lowered text in the capitals of its text, where it is found there."""
    text, low = _both_cases(text)
    at = low.find(piece)
    return text[at : at + len(piece)] if at >= 0 else shown(piece)


@lru_cache(maxsize=1024)
def _both_cases(text: str) -> tuple[str, str]:
    """Return a text in one spelling, and the same in lower case."""
    text = composed(text)
    return text, text.lower()
