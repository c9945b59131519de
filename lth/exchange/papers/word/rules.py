"""The rules under motto, agency and title, as long as the decree wants them for the text above."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml.etree import _Element as Element
from PIL import ImageFont

from lth.exchange.papers.word.styles import StyleSheet, WordStyle

SHORT = 0.4
"""A rule is one third to one half of its text."""

_FONTS = Path(__file__).parents[3] / "data" / "fonts"
_UNITS = 1000
_POINT = 20


def set_rules(document: WordDocument, sheet: StyleSheet) -> None:
    """Set the ends of each rule by the text of the line above it; nothing above, no rule."""
    full, short = sheet.id(WordStyle.FULL_RULE), sheet.id(WordStyle.SHORT_RULE)
    for element in document.element.body.iter(qn("w:p")):
        properties = element.pPr
        if properties is None or properties.style not in {full, short}:
            continue
        above = element.getprevious()
        if above is None or above.tag != qn("w:p"):
            continue
        room = room_of(document, element)
        share = 1.0 if properties.style == full else SHORT
        length = share * _longest_line(Paragraph(above, document.part), sheet, room)
        side = max(0, round((room - length) / 2))
        indents = properties.get_or_add_ind()
        indents.set(qn("w:left"), str(side))
        indents.set(qn("w:right"), str(side))


def _longest_line(paragraph: Paragraph, sheet: StyleSheet, room: int) -> float:
    """Return how wide a text comes out within `room`, in twentieths of a point."""
    size, bold = sheet.letters(paragraph)
    scale = size * _POINT / _UNITS
    space, widest = scale * _length(" ", bold=bold), 0.0
    for text in paragraph.text.split("\n"):
        line = 0.0
        for word in text.split():
            length = scale * _length(word, bold=bold)
            longer = line + space + length if line else length
            line = longer if longer <= room else length
            widest = max(widest, line)
    return min(widest, room)


@lru_cache(maxsize=4096)
def _length(word: str, *, bold: bool) -> float:
    return _font(bold=bold).getlength(word)


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    name = f"LiberationSerif-{'Bold' if bold else 'Regular'}.ttf"
    return ImageFont.truetype(str(_FONTS / name), _UNITS, layout_engine=ImageFont.Layout.BASIC)


def room_of(document: WordDocument, element: Element) -> int:
    """Return the width of the cell or page that a line stands in, in twentieths of a point."""
    for around in element.iterancestors(qn("w:tc")):
        width = around.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
        if width is not None and width.get(qn("w:type")) == "dxa":
            return int(width.get(qn("w:w")))
    section = document.sections[0]
    sides: Any = (section.page_width, section.left_margin, section.right_margin)
    page, left, right = (int(side.twips) for side in sides)
    return page - left - right
