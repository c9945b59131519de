"""The stamp of an urgent paper (ô 10b), measured in both files: red, its box as the decree says."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from exchange.papers.layout_table import DRAFT, PLAN, SAMPLES, STAMPS
from support.pdfpages import MM, pages

from lth.core.urgency import Urgency
from lth.exchange.papers import pdf, word
from lth.exchange.papers.packing import packed_paper, unpacked_paper
from lth.exchange.papers.word import rules

RED = (255, 0, 0)


def colour(thing: object, read: object) -> tuple[int, int, int]:
    found = [pdfium.c_uint() for _ in range(4)]
    assert read(thing, *found)
    return tuple(one.value for one in found[:3])


def red_paths(data: bytes) -> list[tuple[float, float, float, float]]:
    """The boxes, in mm from the bottom left, of what is drawn in red on the first page."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            tuple(side / MM for side in one.get_bounds())
            for one in document[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=8)
            if colour(one.raw, pdfium.FPDFPageObj_GetStrokeColor) == RED
        ]
    finally:
        document.close()


@pytest.mark.parametrize("name", STAMPS)
def test_the_box_in_pdf_is_as_large_as_the_decree_says(name: str) -> None:
    words, width, height = STAMPS[name]
    data = pdf.write(SAMPLES[name])
    paths = red_paths(data)
    left, right = min(one[0] for one in paths), max(one[2] for one in paths)
    bottom, top = min(one[1] for one in paths), max(one[3] for one in paths)
    assert right - left == pytest.approx(width, abs=0.3)
    assert top - bottom == pytest.approx(height, abs=0.3)
    (page, *_) = pages(data)
    (found,) = page.find(words)
    assert left + 0.5 < found.left < found.right < right - 0.5, "the words stand within"
    assert found.left - left == pytest.approx(right - found.right, abs=1), "in its middle"
    (number,) = page.find("Số:")
    assert found.glyphs[0].base > number.glyphs[0].base, "below the number"


@pytest.mark.parametrize("name", STAMPS)
def test_the_box_in_word_is_as_large_as_the_decree_says(name: str) -> None:
    words, width, height = STAMPS[name]
    document = Document(BytesIO(word.write(SAMPLES[name])))
    (found,) = [
        one
        for one in document.element.body.iter(qn("w:tbl"))
        if "".join(text.text or "" for text in one.iter(qn("w:t"))) == words
    ]
    table = Table(found, document)
    (row,) = table.rows
    assert row.cells[0].width.mm == pytest.approx(width, abs=0.1)
    assert row.height.mm == pytest.approx(height, abs=0.1)
    assert row._tr.trPr.find(qn("w:trHeight")).get(qn("w:hRule")) == "exact"
    borders = found.tblPr.find(qn("w:tblBorders"))
    assert {one.get(qn("w:color")) for one in borders} == {"FF0000"}
    assert len(borders) == 4
    style = row.cells[0].paragraphs[0].style
    assert (style.font.color.rgb, style.font.bold, style.font.size.pt) == (RED, True, 13)
    letters = sum(rules._length(one, bold=True) for one in words.split())
    space = rules._length(" ", bold=True) * (len(words.split()) - 1)
    assert (letters + space) * 13 / 1000 < (width - 0.5) * MM, "on one line"
    assert found.getnext().tag == qn("w:p"), "a cell ends with a line"


@pytest.mark.parametrize("paper", [PLAN, DRAFT], ids=["plan", "draft"])
def test_an_unhurried_paper_has_no_stamp(paper) -> None:
    assert red_paths(pdf.write(paper)) == []
    document = Document(BytesIO(word.write(paper)))
    assert len(document.element.body.findall(f".//{qn('w:tbl')}//{qn('w:tbl')}")) == 0
    assert all("do_khan" not in (one.text or "") for one in document.element.body.iter(qn("w:t")))


def test_a_paper_that_goes_to_another_process_keeps_its_stamp() -> None:
    paper = replace(PLAN, urgency=Urgency.EXPRESS)
    assert unpacked_paper(packed_paper(paper)) == paper
    assert paper.stamp == "HỎA TỐC"
