"""Blocks of a paper as Word's own elements: paragraphs in named styles, tables, the QR picture."""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO

import segno
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml.etree import _Element as Element

from lth.core.urgency import STAMP_HEIGHT, STAMP_WIDTH
from lth.core.vietnamese import nfc
from lth.exchange.papers.text import (
    Align,
    Block,
    Checked,
    PaperText,
    Paragraph,
    Run,
    Runs,
    Table,
    TableRow,
)
from lth.exchange.papers.word.styles import OF_PARAGRAPH, StyleSheet, WordStyle

RED = "FF0000"
"""The colour of a stamp."""

DRAFT = "DỰ THẢO"
"""What a paper says until it is issued."""

_JUSTIFICATION = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
_QR_WIDTH = Mm(18)
_SMALLER = ((14, 9), (8, 10), (6, 11))
"""From how many columns on a table is set in smaller letters, and in which size."""

_LONG = 900
"""A cell with more letters than that goes on on the next page; other rows stay whole."""


@dataclass(frozen=True, slots=True)
class WordLine:
    """A paragraph in a named style."""

    style: WordStyle
    runs: Runs


@dataclass(frozen=True, slots=True)
class Mark:
    """A QR picture of an address."""

    url: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of an urgent paper (ô 10b): its text, in a red box so many mm wide."""

    text: str
    width: int


def runs(text: str) -> Runs:
    """Return a text in the letters of its style."""
    return (Run(text),)


def checked_blocks(checked: Checked | None) -> tuple[WordLine | Mark, ...]:
    """Return the QR picture with its code below, nothing where a paper has none."""
    if checked is None:
        return ()
    return (
        Mark(checked.url),
        WordLine(WordStyle.CHECKED, runs(f"Mã kiểm tra: {checked.code}")),
        WordLine(WordStyle.CHECKED, runs(checked.url)),
    )


def stamp_blocks(paper: PaperText) -> tuple[Stamp, ...]:
    """Return the stamp of how urgent a paper is, nothing where it has none."""
    return (Stamp(paper.stamp, STAMP_WIDTH[paper.urgency]),) if paper.stamp else ()


_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """Return a text composed (NFC) and without what no XML may hold."""
    return _ILLEGAL.sub("", nfc(text))


class BlockWriter:
    """Makes elements for one Word file, whose styles it knows."""

    def __init__(self, document: WordDocument, sheet: StyleSheet) -> None:
        self._document = document
        self._sheet = sheet
        self._cells: dict[tuple[int, int, str, Align | None], Element] = {}
        self._runs: dict[tuple[bool, int | None], Element] = {}

    def blocks(self, blocks: Iterable[Block], width: int) -> list[Element]:
        """Return paragraphs and tables in order; tables are `width` twentieths of a point wide."""
        made: list[Element] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                made.append(self.line(WordLine(OF_PARAGRAPH[block.style], block.runs)))
                continue
            if block.unit or block.apart:
                above = self.line(WordLine(WordStyle.TABLE_UNIT, runs(block.unit)))
                above.get_or_add_pPr().get_or_add_pageBreakBefore().val = block.apart
                made.append(above)
            made.extend((self._table(block, width), self._gap()))
        return made

    def lines(self, lines: Iterable[WordLine | Mark | Stamp]) -> list[Element]:
        """Return lines; pictures and stamps on lines of their own."""
        made: list[Element] = []
        for one in lines:
            if isinstance(one, Stamp):
                made.extend((self._gap(), self._stamp(one), self._gap()))
            else:
                made.append(self.line(one) if isinstance(one, WordLine) else self._picture(one))
        return made

    def _stamp(self, stamp: Stamp) -> Element:
        """Return a red box of one cell, its sides exact, the text in its middle."""
        width = str(_twips(stamp.width))
        made, row, shape = OxmlElement("w:tbl"), OxmlElement("w:tr"), OxmlElement("w:trPr")
        properties, borders = OxmlElement("w:tblPr"), OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right"):
            line = {"val": "single", "sz": "6", "space": "0", "color": RED}
            borders.append(_element(f"w:{side}", line))
        properties.extend(
            (
                _element("w:tblW", {"w": width, "type": "dxa"}),
                _element("w:jc", {"val": "center"}),
                borders,
                _element("w:tblLayout", {"type": "fixed"}),
                _no_margins(),
            )
        )
        shape.append(_element("w:trHeight", {"val": str(_twips(STAMP_HEIGHT)), "hRule": "exact"}))
        row.extend((shape, self._stamp_cell(stamp.text, width)))
        made.extend((properties, _grid([int(width)]), row))
        return made

    def _stamp_cell(self, text: str, width: str) -> Element:
        cell, shape = OxmlElement("w:tc"), OxmlElement("w:tcPr")
        shape.extend(
            (
                _element("w:tcW", {"w": width, "type": "dxa"}),
                OxmlElement("w:noWrap"),
                _element("w:vAlign", {"val": "center"}),
            )
        )
        cell.extend((shape, self.line(WordLine(WordStyle.STAMP, runs(text)))))
        return cell

    def line(self, line: WordLine) -> Element:
        """Return a paragraph; a line break within its text stays one."""
        made = self._paragraph(line.style)
        for run in line.runs:
            made.append(_run(run.text, bold=run.bold, italic=run.italic))
        return made

    def end(self) -> Element:
        """Return the line, of no height, that a section ends with."""
        return self._paragraph(WordStyle.END)

    def _paragraph(self, style: WordStyle) -> Element:
        made = OxmlElement("w:p")
        made.get_or_add_pPr().style = self._sheet.id(style)
        return made

    def _gap(self) -> Element:
        """Return the line after a table, without which Word joins it to the next."""
        return self._paragraph(WordStyle.TABLE_END)

    def _picture(self, mark: Mark) -> Element:
        made, image = self._paragraph(WordStyle.CHECKED), BytesIO()
        segno.make(mark.url, error="m").save(image, kind="png", scale=8, border=2)
        image.seek(0)
        inline = self._document.part.new_pic_inline(image, width=_QR_WIDTH)
        inline.docPr.set("descr", f"Mã QR dẫn tới {mark.url}")
        drawing, run = OxmlElement("w:drawing"), OxmlElement("w:r")
        drawing.append(inline)
        run.append(drawing)
        made.append(run)
        return made

    def _table(self, table: Table, width: int) -> Element:
        shares = [column.share for column in table.columns]
        widths = [width * share // sum(shares) for share in shares]
        made = OxmlElement("w:tbl")
        made.extend((self._table_properties(width), _grid(widths)))
        head = TableRow(tuple(column.title for column in table.columns))
        size = next((size for count, size in _SMALLER if len(widths) > count), None)
        made.append(self._row(table, head, widths, is_head=True, size=size))
        for row in table.rows:
            made.append(self._row(table, row, widths, size=size))
        return made

    def _table_properties(self, width: int) -> Element:
        made = OxmlElement("w:tblPr")
        for name, value in (
            ("w:tblStyle", {"val": self._sheet.id(WordStyle.TABLE)}),
            ("w:tblW", {"w": str(width), "type": "dxa"}),
            ("w:jc", {"val": "center"}),
            ("w:tblLayout", {"type": "fixed"}),
            ("w:tblCellMar", {}),
            ("w:tblLook", {"val": "0020", "firstRow": "1"}),
        ):
            part = _element(name, value)
            if name == "w:tblCellMar":
                for side in ("w:left", "w:right"):
                    part.append(_element(side, {"w": "85", "type": "dxa"}))
            made.append(part)
        return made

    def _row(
        self,
        table: Table,
        row: TableRow,
        widths: list[int],
        *,
        is_head: bool = False,
        size: int | None = None,
    ) -> Element:
        made, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
        is_long = any(len(text) > _LONG for text in row.cells)
        if not is_long:
            properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        made.append(properties)
        for place, span in _spans(row):
            align = Align.LEFT if row.heading else table.columns[place].align
            cell = self._cell(
                sum(widths[place : place + span]),
                span,
                "top" if is_long else "center",
                None if is_head else align,
            )
            if text := row.cells[place]:
                run = self._cell_run(bold=row.total or row.heading, size=size)
                run.text = legible(text)
                cell[-1].append(run)
            made.append(cell)
        return made

    def _cell(self, wide: int, span: int, upright: str, align: Align | None) -> Element:
        """Return an empty cell, of the head where it is not aligned.

        Cells of a table are alike: copying one takes a tenth of the time of making it.
        """
        key = (wide, span, upright, align)
        if key not in self._cells:
            cell, shape = OxmlElement("w:tc"), OxmlElement("w:tcPr")
            shape.append(_element("w:tcW", {"w": str(wide), "type": "dxa"}))
            if span > 1:
                shape.append(_element("w:gridSpan", {"val": str(span)}))
            shape.append(_element("w:vAlign", {"val": upright}))
            paragraph = self._paragraph(WordStyle.CELL if align else WordStyle.HEAD_CELL)
            if align:
                paragraph.pPr.append(_element("w:jc", {"val": _JUSTIFICATION[align]}))
            cell.extend((shape, paragraph))
            self._cells[key] = cell
        return deepcopy(self._cells[key])

    def _cell_run(self, *, bold: bool, size: int | None) -> Element:
        """Return a run without text, as `_cell`."""
        key = (bold, size)
        if key not in self._runs:
            self._runs[key] = _run("", bold=bold, size=size)
        return deepcopy(self._runs[key])


def _twips(length: float) -> int:
    """Return a length in mm in twentieths of a point."""
    return round(length * 1440 / 25.4)


def _no_margins() -> Element:
    made = OxmlElement("w:tblCellMar")
    made.extend(_element(f"w:{side}", {"w": "0", "type": "dxa"}) for side in ("left", "right"))
    return made


def _spans(row: TableRow) -> list[tuple[int, int]]:
    """Return the place of each cell and how many columns it covers.

    In a heading a text covers the empty places on its right.
    """
    if not row.heading:
        return [(place, 1) for place in range(len(row.cells))]
    filled = [place for place, text in enumerate(row.cells) if text or not place]
    ends = [*filled[1:], len(row.cells)]
    return [(place, end - place) for place, end in zip(filled, ends, strict=True)]


def _grid(widths: list[int]) -> Element:
    made = OxmlElement("w:tblGrid")
    made.extend(_element("w:gridCol", {"w": str(width)}) for width in widths)
    return made


def _run(
    text: str, *, bold: bool = False, italic: bool = False, size: int | None = None
) -> Element:
    made = OxmlElement("w:r")
    if bold or italic or size:
        properties = made.get_or_add_rPr()
        if bold:
            properties.append(OxmlElement("w:b"))
        if italic:
            properties.append(OxmlElement("w:i"))
        if size:
            properties.append(_element("w:sz", {"val": str(2 * size)}))
    made.text = legible(text)
    return made


def _element(name: str, values: dict[str, str]) -> Element:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made
