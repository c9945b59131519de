"""A PDF file measured: its letters with place, size and font, and its rules, in mm and points."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter: its box in mm from the top left of the page, its baseline, its size in points."""

    char: str
    left: float
    right: float
    top: float
    base: float
    size: float
    font: str

    @property
    def bold(self) -> bool:
        return "Bold" in self.font

    @property
    def italic(self) -> bool:
        return "Italic" in self.font


@dataclass(frozen=True)
class Words:
    """Letters that were found together, and the line that they begin in."""

    glyphs: tuple[Glyph, ...]
    line: tuple[Glyph, ...]

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return self.glyphs[-1].right

    @property
    def sizes(self) -> set[float]:
        return {round(glyph.size, 1) for glyph in self.glyphs}

    @property
    def begins_its_line(self) -> bool:
        return self.glyphs[0] == self.line[0]


@dataclass(frozen=True)
class PdfPage:
    """A page: its size in mm, its letters in reading order, its horizontal rules."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[tuple[float, float, float], ...]
    """Of each rule its left, its right and its distance from the top."""

    @cached_property
    def text(self) -> str:
        """Its letters without any space, in reading order."""
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def body(self) -> str:
        """Its letters as `text` has them, but for those in the top margin."""
        return "".join(glyph.char for glyph in self.glyphs if glyph.base > 20)

    @cached_property
    def lines(self) -> list[tuple[Glyph, ...]]:
        """Its lines from above, each from the left; what stands side by side is one line."""
        found: dict[float, list[Glyph]] = {}
        for glyph in self.glyphs:
            found.setdefault(round(glyph.base, 1), []).append(glyph)
        return [tuple(sorted(found[base], key=lambda glyph: glyph.left)) for base in sorted(found)]

    def find(self, words: str) -> list[Words]:
        """Every place where words stand in reading order, spaces aside."""
        wanted, found = "".join(words.split()), []
        at = self.text.find(wanted)
        while at >= 0:
            glyphs = self.glyphs[at : at + len(wanted)]
            line = [one for one in self.glyphs if abs(one.base - glyphs[0].base) < 0.1]
            found.append(Words(glyphs, tuple(sorted(line, key=lambda one: one.left))))
            at = self.text.find(wanted, at + 1)
        return found

    def has(self, words: str) -> bool:
        return "".join(words.split()) in self.text


def pages(data: bytes) -> list[PdfPage]:
    """Open a file again."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_page(document[number]) for number in range(len(document))]
    finally:
        document.close()


def text_of(data: bytes) -> str:
    """All text in reading order, spaces as they are found, lines joined."""
    document = pypdfium2.PdfDocument(data)
    try:
        found = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(found).split())


def _page(page: pypdfium2.PdfPage) -> PdfPage:
    width, height = page.get_size()
    text = page.get_textpage()
    glyphs = tuple(_glyphs(text, height))
    rules = tuple(_rules(page, height))
    text.close()
    return PdfPage(width / MM, height / MM, glyphs, rules)


def _glyphs(text: pypdfium2.PdfTextPage, height: float) -> Iterator[Glyph]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    across, base = ctypes.c_double(), ctypes.c_double()
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    for index in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if char.isspace() or pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        pdfium.FPDFText_GetCharOrigin(text, index, across, base)
        pdfium.FPDFText_GetFontInfo(text, index, name, 200, flags)
        yield Glyph(
            char,
            left.value / MM,
            right.value / MM,
            (height - top.value) / MM,
            (height - base.value) / MM,
            pdfium.FPDFText_GetFontSize(text, index),
            name.value.decode(),
        )


def _rules(page: pypdfium2.PdfPage, height: float) -> Iterator[tuple[float, float, float]]:
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = thing.get_bounds()
        if top - bottom < 3 and right - left > 10:
            yield left / MM, right / MM, (height - (top + bottom) / 2) / MM
