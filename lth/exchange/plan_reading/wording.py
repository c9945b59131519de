"""Match the genre's words whatever became of their tones.

Scanning and old keyboards lose or change tone marks far more than letters: "thể hệ", "phân đầu",
"nhăm", "tôi thiểu", "Uỷ" and "Ủy". So patterns and texts are compared without tones, the
quality of vowels kept ("mới" stays apart from "mỗi", "nữ" from "nu"): what is found stands at
the same place in the text as it was printed, as taking tones away changes no length.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_LEVEL = {unicodedata.normalize("NFC", vowel + tone): vowel for vowel in _VOWELS for tone in _TONES}
UPPER = "A-ZĐĂÂÊÔƠƯ" + "".join(char for char in _LEVEL if char.isupper())
"""Capital letters, to stand within the brackets of an expression."""

_HORNS = re.compile("ưo|uơ|ƯO|UƠ|Ưo|Uơ")
_HORNED = str.maketrans("uoUO", "ươƯƠ")
"""A scan often loses one horn of "ươ" ("ngưòi", "truờng"): both writings are read as "ươ"."""

_TONELESS = str.maketrans({char: vowel for char, vowel in _LEVEL.items() if len(char) == 1})


@lru_cache(maxsize=2048)
def toneless(text: str) -> str:
    """Return a composed text without its tones, of the same length."""
    plain = text.translate(_TONELESS)
    return _HORNS.sub(lambda match: match[0].translate(_HORNED), plain)


@cache
def words(pattern: str) -> re.Pattern[str]:
    """Compile a pattern, written in proper Vietnamese, to be searched in toneless text."""
    return re.compile(toneless(pattern), re.IGNORECASE)


def any_of(*patterns: str) -> str:
    """Return the pattern of one of several, the longest written first by who calls."""
    return "(?:" + "|".join(patterns) + ")"


def has(pattern: str, text: str) -> bool:
    """Tell whether words are in a text."""
    return words(pattern).search(toneless(text)) is not None


def first(patterns: Iterable[tuple[str, str]], text: str) -> str | None:
    """Return the value of the first pattern that is in a text."""
    plain = toneless(text)
    return next((value for value, pattern in patterns if words(pattern).search(plain)), None)
