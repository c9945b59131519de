"""Vietnamese from before Unicode: what the fonts of TCVN3 (ABC) and VNI draw, read as letters.

Such a text is Latin-1 to every program; only its font draws it as Vietnamese: "Céng hoµ" is
"Cộng hoà" in .VnTime, "DAÂN" is "DÂN" in VNI-Times. The name of the font says so for certain.
Where there is none, `guess` suggests: a person is asked before anything is converted. Convert
before a text is cleaned: in TCVN3 "ư" is the soft hyphen, which cleaning takes away.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum


class Encoding(StrEnum):
    """A way of writing Vietnamese that only its fonts show; `tcvn3_upper` draws all as capitals."""

    TCVN3 = "tcvn3"
    TCVN3_UPPER = "tcvn3_upper"
    VNI = "vni"


_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300\u0309\u0303\u0301\u0323"

_TCVN3_ROWS = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ ằẳẵắ"),
    (0xC6, "ặầẩẫấậè ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ"),
)
TCVN3: Mapping[str, str] = {
    chr(first + at): letter
    for first, letters in _TCVN3_ROWS
    for at, letter in enumerate(letters)
    if letter != " "
}
"""What each sign of a .Vn… font is. Capitals with a tone have none of their own."""

_TCVN3_TONES = dict(zip("°±²³´", (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT), strict=True))
_TONED_CAPITAL = re.compile("([AEIOUY\u00a1-\u00a6])([\u00b0-\u00b4])")

_VNI_TONES = dict(zip("ùøûõï", (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT), strict=True))
_VNI_CIRCUMFLEX = dict(zip("âáàåãä", "âấầẩẫậ", strict=True))
_VNI_BREVE = dict(zip("êéèúüë", "ăắằẳẵặ", strict=True))
_VNI_SINGLE = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))
_VNI_VOWELS = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}


def _vni_letters() -> dict[str, str]:
    """Return the small letters: a base with its mark, or a sign of its own."""
    found = dict(_VNI_SINGLE)
    for base, vowel in _VNI_VOWELS.items():
        found |= {base + sign: _composed(vowel + tone) for sign, tone in _VNI_TONES.items()}
    for sign, letter in _VNI_CIRCUMFLEX.items():
        tone = unicodedata.normalize("NFD", letter)[1:].replace("\u0302", "")
        found |= {base + sign: _composed(f"{base}\u0302{tone}") for base in "aeo"}
    found |= {"a" + sign: letter for sign, letter in _VNI_BREVE.items()}
    del found["yï"]  # "ỵ" is a sign of its own
    return found


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_VNI_SMALL = _vni_letters()
VNI: Mapping[str, str] = _VNI_SMALL | {
    signs.upper(): letter.upper() for signs, letter in _VNI_SMALL.items()
}
"""What one or two signs of a VNI-… font are."""

_VNI_SIGNS = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)), re.IGNORECASE)


# --- By the font --------------------------------------------------------------------------

_SUBSET = re.compile(r"[A-Z]{6}\+")
_STYLE = re.compile(r"(?:[ ,-]*(?:bold|italic|oblique|regular|normal|mt))+$", re.IGNORECASE)


def of_font(name: str) -> Encoding | None:
    """Tell what a font's name says its texts are written in: ".VnTimeH", "ABCDEF+VNI-Times,Bold".

    None for every other font, whose texts are what they are.
    """
    bare = _STYLE.sub("", _SUBSET.sub("", name.strip(), count=1).replace("#2E", "."))
    if re.match(r"vni[- ]", bare, re.IGNORECASE):
        return Encoding.VNI
    if re.match(r"\.vn[a-z]", bare, re.IGNORECASE):
        upper = bare.endswith(("H", "h"))
        return Encoding.TCVN3_UPPER if upper else Encoding.TCVN3
    return None


# --- Converting ---------------------------------------------------------------------------

_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)


def is_unicode(text: str) -> bool:
    """Tell whether a text has letters that only Unicode has: it is in none of the old fonts."""
    return _UNICODE.search(text) is not None


def converted(text: str, encoding: Encoding) -> str:
    """Return a text in composed Unicode; one that has Vietnamese letters already stays as it is."""
    if is_unicode(text):
        return _composed(text)
    if encoding is Encoding.VNI:
        return _composed(_VNI_SIGNS.sub(_vni_letter, text))
    toned = _TONED_CAPITAL.sub(lambda found: found[1] + _TCVN3_TONES[found[2]], text)
    plain = _composed("".join(TCVN3.get(sign, sign) for sign in toned))
    return plain.upper() if encoding is Encoding.TCVN3_UPPER else plain


def _vni_letter(found: re.Match[str]) -> str:
    """Return a letter; where base and mark differ in case, the base's counts."""
    signs = found[0]
    letter = _VNI_SMALL[signs.lower()]
    return letter.upper() if signs[0].isupper() else letter


# --- By what it says ----------------------------------------------------------------------

_WORD = re.compile("[A-Za-z\u00a1-\u00ff]+")
_TONE = re.compile(f"[{_GRAVE}{_HOOK}{_TILDE}{_ACUTE}{_DOT}]")
_ONSET = (
    "(?:ngh(?=[eêi])|ng(?![eêiy])|nh|gh(?=[eêi])|gi|kh|ph|th|tr|ch|qu|c(?![eêiy])|k(?=[eêiy])"
    "|g(?![eêy])|[bdđhlmnprstvx])?"
)
_CLOSED = "(?:uyê|iê|yê|uô|ươ|oa|oă|oe|oo|uâ|uê|uy|[aăâeêioôơuưy])(?:(?P<stop>ch|[cpt])|ng|nh|[mn])"
_OPEN = (
    "(?:oai|oay|oao|oeo|uây|uyu|uya|uôi|ươi|ươu|iêu|yêu|ia|ya|ua|ưa|oa|oe|uê|uy|uơ|ai|ao|au|ay"
    "|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|[aeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_CLOSED}|{_OPEN})")
_FEWEST_WORDS = 2
_MOST_READ = 20_000


def guess(text: str) -> Encoding | None:
    """Suggest what a text is written in, by how many of its words become Vietnamese syllables.

    At least two different words must be syllables only once they are converted, and three times
    as many as those that are none even then. Never for a text in ASCII or with letters that only
    Unicode has. Whether a font draws it all as capitals, the text cannot say.
    """
    if text.isascii() or is_unicode(unicodedata.normalize("NFC", text)):
        return None
    words = {word for word in _WORD.findall(text[:_MOST_READ]) if not word.isascii()}
    scores = {one: _score(words, one) for one in (Encoding.TCVN3, Encoding.VNI)}
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= _FEWEST_WORDS else None


def _score(words: set[str], encoding: Encoding) -> int:
    """Count the words that only converting makes syllables; 0 where others speak against it."""
    speak_for = against = neither = 0
    for word in words:
        is_read = converted(word, encoding)
        if is_read == word or not _is_syllable(is_read):
            against += 1
        elif _is_syllable(word):
            neither += 1
        else:
            speak_for += 1
    outweighed = speak_for < 3 * against or 2 * speak_for < neither
    return 0 if outweighed else speak_for


def _is_syllable(word: str) -> bool:
    """Tell whether a word is spelt as a Vietnamese syllable; a stop needs the tone it can have."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(apart)
    found = _SYLLABLE.fullmatch(_composed(_TONE.sub("", apart)))
    if found is None or len(tones) > 1:
        return False
    return found["stop"] is None or tones in ([_ACUTE], [_DOT])
