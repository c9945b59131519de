"""Clean what is typed before anything reads it, and find the characters that nobody sees.

Two degrees. `cleaned` takes what no text has a use for: controls, halves of characters, a byte
order mark. `visible` also takes what a reader cannot see; names are not changed in silence, but
refused by `lth.core.readers.plain_names`. Vietnamese needs nothing of either: composed (NFC), each
of its letters is one character.
"""

import re
import unicodedata

MOST_MARKS = 2
"""Combining marks that may follow one letter; composed Vietnamese has none."""

_PLAIN = re.compile("[\n -~À-ÏÑ-ïñ-\u0188\u018a-ƿẠ-ỹ–—‘’“”…]*")
"""Composed letters and signs that are all seen, without the doubles that old fonts have for đ."""

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Soft hyphens, joiners, fillers, marks of direction, selectors, tags: what shows as nothing."""
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_HIDDEN = re.compile(f"[{_UNSEEN}{_PRIVATE}]")
_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_TOO_MANY_MARKS = re.compile(f"({_MARK}{{{MOST_MARKS}}}){_MARK}+")
_BULLETS = dict.fromkeys(map(ord, "\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc"), "•")
"""What word processors write for the bullets of a list, in fonts that only they have."""
_NOTHING_SEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BROKEN = "\ufffd"
"""What stands where a text was not UTF-8."""


def is_plain(text: str) -> bool:
    """Tell whether there is nothing to clean, as of nearly every text there is."""
    return _PLAIN.fullmatch(text) is not None


def cleaned(text: str) -> str:
    """Compose a text (NFC), end its lines alike and take controls out of it."""
    if is_plain(text):
        return text
    without = _CONTROLS.sub("", _BREAKS.sub("\n", text)).removeprefix("\ufeff")
    return unicodedata.normalize("NFC", without)


def visible(text: str) -> str:
    """Clean a text and take out what nobody sees; of marks heaped on one letter the first stay."""
    if is_plain(text):
        return text
    seen = _HIDDEN.sub("", _CONTROLS.sub("", with_bullets(_BREAKS.sub("\n", text))))
    return _TOO_MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", seen))


def with_bullets(text: str) -> str:
    """Write the bullets of word processors as everybody else does; nobody meant to hide them."""
    return text.translate(_BULLETS)


def hidden_at(text: str) -> int | None:
    """Return where the first character stands that a name must not have; None without any.

    That is one that nobody sees, one that no script has yet, and a mark too many on one letter.
    """
    if text.isascii() and text.isprintable():
        return None
    found = [match.start() for match in (_HIDDEN.search(text),) if match]
    found += [match.end(1) for match in (_TOO_MANY_MARKS.search(text),) if match]
    categories = (
        at
        for at, char in enumerate(text)
        if char == _BROKEN or unicodedata.category(char) in _NOTHING_SEEN
    )
    found += [at for at in (next(categories, None),) if at is not None]
    return min(found, default=None)
