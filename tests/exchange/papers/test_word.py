"""A paper in Word, opened again and measured against the decree's layout, cell by cell."""

from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun
from exchange.papers import layout_table
from exchange.papers.layout_table import BODY, CELLS, LANDSCAPE, MARGINS, PAGE, SAMPLES, Cell

from lth.exchange.papers import word
from lth.exchange.papers.text import (
    PaperText,
    Paragraph,
    ParagraphStyle,
    Run,
    Table,
    TableColumn,
    TableRow,
    plain,
)

VIETNAMESE = "".join(
    f"{letter}{letter.upper()}"
    for letter in "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợ"
    "pqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


@pytest.fixture(scope="module")
def papers() -> dict[str, WordDocument]:
    """The samples, written and opened again."""
    return {name: opened(paper) for name, paper in SAMPLES.items()}


def opened(paper: PaperText) -> WordDocument:
    return Document(BytesIO(word.write(paper)))


def lines(document: WordDocument) -> list[WordParagraph]:
    """List every paragraph of a file in order, those in tables as well."""
    found = document.element.body.iter(qn("w:p"))
    return [WordParagraph(one, document._body) for one in found]


def texts(document: WordDocument) -> list[str]:
    return [line.text for line in lines(document) if line.text]


# --- How letters come out -----------------------------------------------------------------


def effective(run: WordRun, line: WordParagraph, name: str) -> Any:
    """Return what a run's letters are: its own, its style's, those that the style stands on."""
    own = getattr(run.font, name)
    style = line.style
    while own is None and style is not None:
        own = getattr(style.font, name)
        style = style.base_style
    return own


def shape(line: WordParagraph, name: str) -> Any:
    own = getattr(line.paragraph_format, name)
    style = line.style
    while own is None and style is not None:
        own = getattr(style.paragraph_format, name)
        style = style.base_style
    return own


def found_at(document: WordDocument, cell: Cell) -> tuple[WordParagraph, WordRun]:
    """Return the line and the run in which a cell's words begin, where these look as they must.

    A text may stand at several places ("QUYẾT ĐỊNH"): one of them is to be as the cell says.
    """
    tried = []
    for line in lines(document):
        place = line.text.find(cell.words)
        if place < 0:
            continue
        for run in line.runs:
            if place < len(run.text):
                tried.append((line, run))
                break
            place -= len(run.text)
    assert tried, f"{cell.words} is missing"
    return next((one for one in tried if looks(*one, cell) == ""), tried[0])


def looks(line: WordParagraph, run: WordRun, cell: Cell) -> str:
    """Return what is not as the cell says, empty where all is."""
    size = effective(run, line, "size").pt
    if not cell.size[0] <= size <= cell.size[1]:
        return f"{size} pt"
    for name, wanted in (("bold", cell.bold), ("italic", cell.italic)):
        if bool(effective(run, line, name)) is not wanted:
            return f"{name} is not {wanted}"
    return "" if stands(line, cell.at) else f"stands otherwise than {cell.at}"


def stands(line: WordParagraph, at: str) -> bool:
    around = next(reversed(list(line._p.iterancestors(qn("w:tc")))), None)
    aligned = shape(line, "alignment")
    if at in {"left half", "right half"}:
        cells = around.getparent().findall(qn("w:tc")) if around is not None else []
        return len(cells) == 2 and cells.index(around) == (at == "right half")
    if at == "right":
        return around is not None and aligned == WD_ALIGN_PARAGRAPH.RIGHT
    if at == "anywhere":
        return True
    wanted = {
        "justified": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "centre": WD_ALIGN_PARAGRAPH.CENTER,
        "right edge": WD_ALIGN_PARAGRAPH.RIGHT,
    }
    return around is None and (at == "body" or aligned == wanted[at])


EACH = [(name, cell) for name, cells in CELLS.items() for cell in cells]


@pytest.mark.parametrize(("name", "cell"), EACH, ids=lambda one: getattr(one, "words", one))
def test_a_cell_looks_as_the_decree_says(
    papers: dict[str, WordDocument], name: str, cell: Cell
) -> None:
    line, run = found_at(papers[name], cell)
    assert looks(line, run, cell) == ""


def test_the_font_is_times_new_roman_everywhere(papers: dict[str, WordDocument]) -> None:
    for document in papers.values():
        defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
        assert {defaults.get(qn(f"w:{one}")) for one in ("ascii", "hAnsi", "cs", "eastAsia")} == {
            "Times New Roman"
        }
        others = document.styles.element.iter(qn("w:rFonts"))
        named = {value for one in others for value in one.attrib.values()}
        assert named == {"Times New Roman"}
        assert not list(document.element.body.iter(qn("w:rFonts")))


def test_a_text_stands_in_order(papers: dict[str, WordDocument]) -> None:
    """All cells of a sample but those that stand side by side come one after the other."""
    for name in ("plan", "decision"):
        whole = "\n".join(texts(papers[name]))
        place = 0
        for cell in CELLS[name]:
            if "half" not in cell.at:
                place = whole.index(cell.words, place) if cell.at != "centre" else place
        assert place


# --- The page -----------------------------------------------------------------------------


def test_paper_and_margins(papers: dict[str, WordDocument]) -> None:
    for document in papers.values():
        for section in document.sections:
            size = (section.page_width.mm, section.page_height.mm)
            wanted = LANDSCAPE if size[0] > size[1] else PAGE
            assert size == pytest.approx(wanted, abs=0.1)
            assert (section._sectPr.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape") is (
                wanted == LANDSCAPE
            )
            for side, (least, most) in MARGINS.items():
                length = getattr(section, f"{side}_margin").mm
                assert least - 0.01 <= length <= most + 0.01, side


def test_the_body_is_set_as_the_decree_says(papers: dict[str, WordDocument]) -> None:
    styles = {"VB Nội dung", "VB Căn cứ", "VB Điều", "VB Điểm", "VB Gạch đầu dòng"}
    measured = 0
    for line in chain.from_iterable(lines(one) for one in papers.values()):
        if line.style.name not in styles | {"Heading 1", "Heading 2"}:
            continue
        measured += 1
        least, most = BODY["indent"]
        assert least <= shape(line, "first_line_indent").mm <= most + 0.02
        least, most = BODY["line"]
        assert least <= shape(line, "line_spacing") <= most
        gap = shape(line, "space_before").pt + shape(line, "space_after").pt
        assert gap >= BODY["gap"][0]
        assert shape(line, "alignment") == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert measured > 30


def test_pages_are_numbered_in_the_top_margin_but_the_first(
    papers: dict[str, WordDocument],
) -> None:
    for document in papers.values():
        for section in document.sections:
            assert section.different_first_page_header_footer
            assert section.first_page_header.paragraphs[0].text == ""
            number = section.header.paragraphs[-1]
            assert [one.get(qn("w:instr")) for one in number._p.iter(qn("w:fldSimple"))] == ["PAGE"]
            assert shape(number, "alignment") == WD_ALIGN_PARAGRAPH.CENTER
            least, most = layout_table.PAGE_NUMBER["size"]
            assert least <= number.style.font.size.pt <= most
            assert 0 < section.header_distance.mm < section.top_margin.mm
            assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_a_draft_says_so_on_every_page(papers: dict[str, WordDocument]) -> None:
    """On the first, in the head of the others, and where an annex begins."""
    with_annexes = opened(replace(SAMPLES["draft"], annexes=SAMPLES["plan"].annexes))
    assert texts(with_annexes).count("DỰ THẢO") == 3
    for name, document in papers.items():
        heads = [one.text for one in document.sections[0].header.paragraphs]
        assert ("DỰ THẢO" in heads) is (name == "draft")
        assert ("DỰ THẢO" in texts(document)) is (name == "draft")


def test_annexes_and_what_is_attached_are_sections_of_their_own(
    papers: dict[str, WordDocument],
) -> None:
    several = {name: len(one.sections) for name, one in papers.items() if len(one.sections) > 1}
    assert several == {"plan": 3, "decision": 2}
    widths = [round(section.page_width.mm) for section in papers["plan"].sections]
    assert widths == [210, 210, 297]


def test_rules_are_as_long_as_the_text_wants(papers: dict[str, WordDocument]) -> None:
    """A motto's rule is longer than that of the agency, and both stand in the middle."""
    found = {}
    for line in lines(papers["plan"]):
        if line.style.name.startswith("VB Kẻ"):
            left, right = line.paragraph_format.left_indent, line.paragraph_format.right_indent
            assert left == right
            found[WordParagraph(line._p.getprevious(), None).text] = left.mm
    assert 100 - 2 * found["Độc lập - Tự do - Hạnh phúc"] == pytest.approx(60.4, abs=1)
    longest_line = 41.1  # "ỦY BAN NHÂN DÂN" in bold 13 pt, in mm
    assert 1 / 3 <= (65 - 2 * found["ỦY BAN NHÂN DÂN\nHUYỆN TRÀ CÚ"]) / longest_line <= 1 / 2


# --- What Word needs ----------------------------------------------------------------------


def test_headings_lead_through_the_file(papers: dict[str, WordDocument]) -> None:
    named = [(line.style.name, line.text) for line in lines(papers["plan"])]
    assert ("Heading 1", "I. MỤC TIÊU") in named
    assert ("Heading 2", "1. Mục tiêu chung") in named
    outline = papers["plan"].styles["VB Phụ lục"].element.find(f".//{qn('w:outlineLvl')}")
    assert outline.get(qn("w:val")) == "0"


def test_a_table_repeats_its_head_and_breaks_no_row(papers: dict[str, WordDocument]) -> None:
    table = papers["plan"].sections[0] and papers["plan"].tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["TT", "Nội dung chi", "Số tiền"]
    first, *others = table._tbl.tr_lst
    assert first.trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:tblHeader")) is None for row in others)
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in [first, *others])
    widths = [cell.width.mm for cell in table.rows[0].cells]
    assert widths == pytest.approx([165 / 9, 165 * 5 / 9, 165 / 3], abs=0.1)
    assert len(table._tbl.tr_lst[1].tc_lst) == 1, "a heading spans the table"


def test_language_and_properties(papers: dict[str, WordDocument]) -> None:
    document = papers["plan"]
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "vi-VN"
    about = document.core_properties
    assert about.title.startswith("Kế hoạch: Thực hiện Đề án")
    assert about.author == about.last_modified_by == "ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ"
    assert (about.comments, about.keywords, about.revision) == ("", "", 1)


def test_the_same_paper_gives_the_same_bytes() -> None:
    for paper in SAMPLES.values():
        data = word.write(paper)
        assert data == word.write(paper)
        with ZipFile(BytesIO(data)) as packed:
            assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_signature_is_never_alone_on_a_page(papers: dict[str, WordDocument]) -> None:
    line = next(one for one in lines(papers["plan"]) if one.text.endswith("./."))
    assert line.paragraph_format.keep_with_next


def test_the_code_has_its_picture(papers: dict[str, WordDocument]) -> None:
    (picture,) = papers["checked"].inline_shapes
    assert picture.width.mm == pytest.approx(18, abs=0.1)
    assert "https://lth.example/c/7K2M-9QXD" in picture._inline.docPr.get("descr")
    assert not papers["plan"].inline_shapes


def test_what_a_paper_has_not_leaves_no_line() -> None:
    bare = replace(SAMPLES["plan"], parent="", bases=(), annexes=())
    document = opened(bare)
    agency = document.tables[0].cell(0, 0)
    assert [one.text for one in agency.paragraphs] == ["ỦY BAN NHÂN DÂN\nHUYỆN TRÀ CÚ", ""]
    empty = [line.style.name for line in lines(document) if not line.text]
    assert set(empty) <= {
        *("VB Kẻ ngắn", "VB Kẻ bằng chữ", "VB Chỗ ký", "VB Hết phần", "VB Hết bảng"),
        "VB Ô bảng",
    }


# --- Texts of strangers -------------------------------------------------------------------

HOSTILE = (
    "A & B <x> \"y\" 'z'",
    "{{ 7*7 }} {% for x in y %} {# z #} {_{ noi_dung }_}",
    "]]> <!-- --> <w:t>đậm</w:t> &amp;lt;",
    VIETNAMESE,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_out_as_it_was_typed(text: str) -> None:
    column = TableColumn(text)
    paper = replace(
        SAMPLES["plan"],
        subject=text,
        parent=text,
        agency=text,
        place=text,
        addressees=(text, text),
        bases=(text,),
        recipients=(text,),
        body=(plain(text), Table((column,), (TableRow((text,)),), unit=text)),
        signature=replace(SAMPLES["plan"].signature, lines=(text,), name=text),
    )
    whole = "\n".join(texts(opened(paper)))
    assert whole.count(text) == 14


def test_a_text_is_never_taken_for_the_mark_of_another() -> None:
    paper = replace(SAMPLES["plan"], subject="\ue000noi_dung\ue001")
    assert "noi_dung" in texts(opened(paper))


def test_letters_are_composed_and_what_no_file_may_hold_is_left_out() -> None:
    paper = replace(SAMPLES["plan"], subject="Ke\u0302\u0301 hoa\u0323ch\x00\x07", annexes=())
    document = opened(paper)
    assert "Kế hoạch" in texts(document)
    assert document.core_properties.title == "Kế hoạch: Kế hoạch"


def test_a_subject_may_be_longer_than_a_property_of_the_file() -> None:
    paper = replace(SAMPLES["plan"], subject="rất dài " * 60 + "hết", annexes=())
    assert any(one.endswith("hết") for one in texts(opened(paper)))


def test_a_line_break_stays_one() -> None:
    run = Run("dòng một\ndòng hai")
    paper = replace(SAMPLES["plan"], body=(Paragraph((run,), ParagraphStyle.PLAIN),), annexes=())
    assert "dòng một\ndòng hai" in texts(opened(paper))
