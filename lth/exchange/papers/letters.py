"""Know the letters that the fonts of papers have: a PDF to be kept may hold no other."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

from lth.core.vietnamese import nfc

FONTS = Path(__file__).parents[2] / "data" / "fonts"
INSTEAD = "□"
"""What stands for a letter that no font has."""

_INSTEAD = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord("\t"): " ", ord("\u2011"): "-", 0xFB01: "fi", 0xFB02: "fl"},
}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Marks that may follow a letter; the fonts have others that they cannot set on every letter."""
_FOREIGN = range(0x0590, 0x1E00)
"""Scripts that are set from the right or joined, which a line of Vietnamese is not made for."""


def printable(text: str) -> str:
    """Return a text composed (NFC), in letters that every font has; □ stands for any other."""
    found = nfc(text).translate(_INSTEAD)
    if found.isascii():
        return found
    letters = known()
    return "".join(char if char in letters or char == "\n" else INSTEAD for char in found)


@cache
def known() -> frozenset[str]:
    """Return the characters that all four fonts have and set by themselves."""
    each = [_of_font(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(
        char
        for char in frozenset.intersection(*each)
        if (char in _TONES or not unicodedata.category(char).startswith("M"))
        and ord(char) not in _FOREIGN
        and ord(char) < 0xFB00
    )


def _of_font(font: bytes) -> frozenset[str]:
    """Read the table `cmap` of a TrueType font, its part for Unicode below 10000 (format 4)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    offsets = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * tables, 16)
    }
    cmap = offsets[b"cmap"]
    parts = struct.unpack_from(">H", font, cmap + 2)[0]
    for at in range(cmap + 4, cmap + 4 + 8 * parts, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", font, at)
        if (platform, encoding) == (3, 1):
            return _segments(font, cmap + offset)
    raise ValueError("the font has no table for Unicode")


def _segments(font: bytes, start: int) -> frozenset[str]:
    double = struct.unpack_from(">H", font, start + 6)[0]
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + double)
    deltas = struct.unpack_from(f">{count}h", font, start + 16 + 2 * double)
    ranges = start + 16 + 3 * double
    found = set()
    for index, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        at = ranges + 2 * index
        offset = struct.unpack_from(">H", font, at)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code + delta
            if offset:
                inner = struct.unpack_from(">H", font, at + offset + 2 * (code - first))[0]
                glyph = inner and inner + delta
            if glyph & 0xFFFF:
                found.add(chr(code))
    return frozenset(found)
