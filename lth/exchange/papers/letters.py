"""Know the letters that the fonts of papers have: a PDF to be kept may hold no other."""

import struct
from functools import cache
from pathlib import Path

from lth.core.vietnamese import nfc

FONTS = Path(__file__).parents[2] / "data" / "fonts"
INSTEAD = "□"
"""What stands for a letter that no font has."""

_UNSEEN = {ord("\t"): " ", ord("\u2011"): "-", ord("\u200b"): None}
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def printable(text: str) -> str:
    """Return a text composed (NFC), in letters that every font has; □ stands for any other."""
    found = nfc(text).translate(_UNSEEN).translate(_FULL_WIDTH)
    if found.isascii():
        return found
    known = _letters()
    return "".join(char if char in known or char == "\n" else INSTEAD for char in found)


@cache
def _letters() -> frozenset[str]:
    """Return the characters that all four fonts have."""
    each = [_of_font(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*each)


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
