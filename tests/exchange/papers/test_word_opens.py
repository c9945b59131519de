"""LibreOffice opens every paper: its pages, where things stand on them, lengths in mm."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from exchange.papers.layout_table import LANDSCAPE, PAGE, RULES, SAMPLES
from support.office import Office

from lth.core.vietnamese import search_key
from lth.exchange.papers import word
from lth.exchange.papers.text import PaperText, Table, TableColumn, TableRow, plain
from lth.exchange.papers.word import child
from lth.exchange.papers.writing import of_plan
from lth.exchange.plan_file import read

FONTS = Path(word.__file__).parents[3] / "data" / "fonts"
POINT = 25.4 / 72
PLANS = sorted((FONTS.parent / "plans").glob("*.yaml"))
PAGE_NUMBER = re.compile(r"\A\s*\d+\s")

Convert = Callable[[dict[str, PaperText]], dict[str, pypdfium2.PdfDocument]]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Convert:
    """Papers written as Word and converted to PDF, all in one go."""

    def run(papers: dict[str, PaperText]) -> dict[str, pypdfium2.PdfDocument]:
        folder = tmp_path_factory.mktemp("papers")
        for name, paper in papers.items():
            (folder / f"{name}.docx").write_bytes(word.write(paper))
        office(folder, [f"{name}.docx" for name in papers], "pdf")
        return {name: pypdfium2.PdfDocument(folder / f"{name}.pdf") for name in papers}

    return run


@pytest.fixture(scope="module")
def opened(convert: Convert) -> dict[str, pypdfium2.PdfDocument]:
    return convert(SAMPLES)


def page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    return str(document[number].get_textpage().get_text_range()).replace("\r\n", "\n")


def squeezed(text: str) -> str:
    """Letters and digits alone: lines are cut anywhere."""
    return search_key(text).replace(" ", "")


def in_mm(page: pypdfium2.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return width * POINT, height * POINT


def place(page: pypdfium2.PdfPage, words: str) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of the words' letters on a page, in mm."""
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found, words
    boxes = [text.get_charbox(found[0] + at) for at in range(found[1])]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return (
        min(lefts) * POINT,
        min(bottoms) * POINT,
        max(rights) * POINT,
        max(tops) * POINT,
    )


def rules(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """List the thin lines across a page that are no part of a table, from the top, in mm."""
    found = []
    for one in page.get_objects():
        left, bottom, right, top = (side * POINT for side in one.get_bounds())
        if one.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH and top - bottom < 1 < right - left:
            found.append((left, bottom, right, top))
    return sorted(found, key=lambda line: -line[1])


def test_pages_are_a4_and_as_many_as_there_should_be(
    opened: dict[str, pypdfium2.PdfDocument],
) -> None:
    counts = {name: len(document) for name, document in opened.items()}
    assert counts == {
        "plan": 3,
        "decision": 2,
        "letter": 1,
        "letter_to_one": 1,
        "draft": 1,
        "checked": 1,
        "urgent": 1,
        "very_urgent": 1,
        "express": 1,
    }
    for name, document in opened.items():
        for number in range(len(document)):
            turned = name == "plan" and number == 2
            wanted = LANDSCAPE if turned else PAGE
            assert in_mm(document[number]) == pytest.approx(wanted, abs=0.5)


def test_each_page_has_its_text(opened: dict[str, pypdfium2.PdfDocument]) -> None:
    first, second, third = (page_text(opened["plan"], number) for number in range(3))
    assert "Số: 05/KH-UBND" in first
    assert "PHÓ CHỦ TỊCH" in first
    assert "Phụ lục" not in first
    assert "BIỂU CHỈ TIÊU" in second
    assert "BIỂU KINH PHÍ" in third
    assert "Kèm theo Quyết định số 793" in page_text(opened["decision"], 1)


def test_number_and_date_stand_on_one_line(opened: dict[str, pypdfium2.PdfDocument]) -> None:
    for name in ("plan", "letter"):
        page = opened[name][0]
        number = place(page, "Số:")
        day = place(page, "Trà Cú, ngày")
        assert number[1] == pytest.approx(day[1], abs=1)
        assert number[2] < day[0]


def test_rules_are_as_long_as_the_decree_says(opened: dict[str, pypdfium2.PdfDocument]) -> None:
    page = opened["plan"][0]
    above = {
        "motto": ("Độc lập - Tự do - Hạnh phúc", "Độc lập - Tự do - Hạnh phúc"),
        "agency": ("ỦY BAN NHÂN DÂN", "HUYỆN TRÀ CÚ"),
        "title": (SAMPLES["plan"].subject, SAMPLES["plan"].subject),
    }
    for name, (longest, last) in above.items():
        left, _, right, _ = place(page, longest)
        bottom = place(page, last)[1]
        middle, (least, most) = (left + right) / 2, RULES[name]
        near = [one for one in rules(page) if abs((one[0] + one[2]) / 2 - middle) < 1]
        rule = next(one for one in near if one[1] < bottom)
        assert least <= (rule[2] - rule[0]) / (right - left) <= most, name
        assert 0.2 < bottom - rule[1] < 3, name


def test_page_numbers_begin_on_the_second_page_and_anew_in_an_annex(convert: Convert) -> None:
    long = (plain("Nội dung dài của văn bản. " * 30),) * 12
    plan = SAMPLES["plan"]
    annex = replace(plan.annexes[0], body=long)
    paper = replace(plan, body=long, annexes=(annex, annex))
    document = convert({"long": paper})["long"]
    heads = []
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        top = page.get_textpage().get_text_bounded(bottom=height - 20 / POINT)
        heads.append(top.strip())
        if top.strip():
            left, _, right, _ = place(page, top.strip())
            assert (left + right) / 2 * 1 == pytest.approx((width * POINT + 15) / 2, abs=1)
    starts = [at for at, head in enumerate(heads) if head == ""]
    assert len(starts) == 3
    assert starts[0] == 0
    for start, end in zip(starts, [*starts[1:], len(heads)], strict=True):
        assert heads[start + 1 : end] == [str(one) for one in range(2, end - start + 1)]
        assert end - start > 1


def test_the_plans_of_the_examples_open(convert: Convert) -> None:
    """Everything of the five plans stands in their Word files, and on pages of A4."""
    files = {path.stem: read(path.read_bytes(), path.name) for path in PLANS}
    papers = {name: of_plan(file.content) for name, file in files.items()}
    for name, document in convert(papers).items():
        paper = papers[name]
        sizes = {tuple(map(round, in_mm(document[number]))) for number in range(len(document))}
        wide = any(annex.landscape for annex in paper.annexes)
        assert sizes == {(210, 297), (297, 210)} if wide else {(210, 297)}
        pages = (page_text(document, number) for number in range(len(document)))
        whole = squeezed("".join(PAGE_NUMBER.sub("", page) for page in pages))
        for paragraph in paper.paragraphs():
            assert squeezed(paragraph.text) in whole, paragraph.text
        for annex in paper.annexes:
            assert squeezed(annex.title.upper()) in whole
        assert 3 <= len(document) <= 9


def test_a_wide_table_and_a_long_cell_lose_nothing(convert: Convert) -> None:
    """Twenty units across, and a cell longer than a page, which goes on on the next."""
    columns = (TableColumn("TT"), *(TableColumn(f"Xã {one}", 2) for one in range(20)))
    rows = tuple(TableRow((str(at), *(f"{at}.{one:03}" for one in range(20)))) for at in range(60))
    words = " ".join(f"chữ{one}" for one in range(1500))
    long = Table((TableColumn("TT"), TableColumn("Nội dung", 6)), (TableRow(("1", words)),))
    plan = SAMPLES["plan"]
    wide = replace(plan.annexes[1], body=(Table(columns, rows),))
    document = convert({"wide": replace(plan, body=(long,), annexes=(wide,))})["wide"]
    pages = [page_text(document, number) for number in range(len(document))]
    assert all(f"chữ{one}" in "".join(pages) for one in range(1500))
    turned = [text for at, text in enumerate(pages) if in_mm(document[at])[0] > 290]
    assert len(turned) > 1
    assert all("Xã 19" in text for text in turned), "the head is on each page"
    for at in range(60):
        (page,) = (text for text in turned if f"{at}.000" in re.split(r"\s+", text))
        assert f"{at}.019" in page, "a row stays whole"


def test_the_signature_takes_the_last_words_with_it(convert: Convert) -> None:
    """However long the body is, no page has the signature alone."""
    papers = {
        f"lines{count}": replace(
            SAMPLES["plan"], body=tuple(plain(f"Dòng {at}.") for at in range(count)), annexes=()
        )
        for count in range(14, 24)
    }
    turned = 0
    for name, document in convert(papers).items():
        last = page_text(document, len(document) - 1)
        assert "PHÓ CHỦ TỊCH" in last, name
        assert "Dòng" in last, name
        turned += len(document) == 2
    assert 0 < turned < len(papers)


@pytest.mark.parametrize("layout", word.SHIPPED)
def test_a_template_that_libreoffice_has_saved_is_taken(
    office: Office, tmp_path: Path, layout: str
) -> None:
    """It renames styles and writes everything anew, as an office does that has no Word."""
    (tmp_path / "template.docx").write_bytes(word.shipped(layout))
    office(tmp_path, ["template.docx"], "odt")
    office(tmp_path, ["template.odt"], "docx:MS Word 2007 XML")
    template = (tmp_path / "template.docx").read_bytes()
    assert template != word.shipped(layout)
    child.tried(template, layout)
    paper = SAMPLES["plan" if layout == "named" else "letter"]
    (tmp_path / "paper.docx").write_bytes(word.write(paper, template))
    office(tmp_path, ["paper.docx"], "pdf")
    document = pypdfium2.PdfDocument(tmp_path / "paper.pdf")
    assert len(document) == 1 + len(paper.annexes)
    text = page_text(document, 0)
    assert text.index(f"Số: {paper.numbered}") < text.index("Huy động") < text.index("Họ Và Tên")
