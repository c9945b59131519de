"""Papers as PDF, opened again and measured against the decree's layout, cell by cell."""

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pikepdf
import pytest
from exchange.papers.layout_table import (
    BODY,
    CELLS,
    FONTS,
    LANDSCAPE,
    MARGINS,
    PAGE,
    PAGE_NUMBER,
    PLAN,
    RULES,
    SAMPLES,
    Cell,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pdfpages import MM, PdfPage, Words, pages, text_of

from lth.exchange.papers import letters, pdf
from lth.exchange.papers.text import (
    END,
    Align,
    Paragraph,
    ParagraphStyle,
    Run,
    Signature,
    Table,
    TableColumn,
    TableRow,
    closed,
    plain,
)

NEAR = 0.6
"""Difference in mm that no ruler shows."""
LETTER = 1.5
"""Room in mm beside a letter within its own width."""


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return {name: pdf.write(paper) for name, paper in SAMPLES.items()}


@pytest.fixture(scope="module")
def opened(written: dict[str, bytes]) -> dict[str, list[PdfPage]]:
    return {name: pages(data) for name, data in written.items()}


def where(found: list[PdfPage], words: str) -> list[tuple[PdfPage, Words]]:
    return [(page, one) for page in found for one in page.find(words)]


def edges(page: PdfPage) -> tuple[float, float]:
    """The left and the right edge of the text, in mm."""
    return MARGINS["left"][0], page.width - MARGINS["right"][0]


# --- The table, cell by cell --------------------------------------------------------------


def standing(page: PdfPage, words: Words, at: str) -> bool:
    """Whether words stand where a cell says."""
    left, right = edges(page)
    middle = (words.left + words.right) / 2
    first = words.left - left
    indented = not words.begins_its_line or BODY["indent"][0] <= first <= BODY["indent"][1] + LETTER
    return {
        "left half": words.right < page.width / 2 + 5,
        "right half": words.left > page.width / 2 - 10,
        "centre": abs((words.line[0].left + words.line[-1].right) / 2 - (left + right) / 2) < NEAR,
        "body": indented or (words.begins_its_line and first > 30),  # Kính gửi stands further in
        "justified": indented and abs(words.line[-1].right - right) < NEAR + LETTER / 2,
        "right edge": abs(words.right - right) < NEAR,
        "right": right - 3 < words.right < right,
        "anywhere": middle > 0,
        "left": first > -NEAR,
    }[at]


@pytest.mark.parametrize(
    ("sample", "cell"),
    [
        pytest.param(name, cell, id=f"{name}-{cell.number}-{cell.words}")
        for name, cells in CELLS.items()
        for cell in cells
    ],
)
def test_each_cell_is_as_the_decree_says(
    sample: str, cell: Cell, opened: dict[str, list[PdfPage]]
) -> None:
    found = [
        (page, words)
        for page, words in where(opened[sample], cell.words)
        if {(glyph.bold, glyph.italic) for glyph in words.glyphs} == {(cell.bold, cell.italic)}
        and cell.size[0] <= min(words.sizes) <= max(words.sizes) <= cell.size[1]
        and standing(page, words, cell.at)
    ]
    seen = [
        (words.sizes, {glyph.font for glyph in words.glyphs}, words.left, words.right)
        for _, words in where(opened[sample], cell.words)
    ]
    assert found, seen


@pytest.mark.parametrize("sample", SAMPLES)
def test_pages_are_a4_and_nothing_stands_in_a_margin(
    sample: str, opened: dict[str, list[PdfPage]]
) -> None:
    for page in opened[sample]:
        size = (round(page.width), round(page.height))
        assert size in {PAGE, LANDSCAPE}
        left, right = edges(page)
        body = [
            glyph
            for glyph in page.glyphs
            if glyph.base > MARGINS["top"][0] and glyph.size > 8.5  # page numbers, the check code
        ]
        assert min(glyph.top for glyph in body) >= MARGINS["top"][0] - NEAR  # the tip of "Ế"
        assert min(glyph.left for glyph in body) >= left - 0.05
        assert max(glyph.right for glyph in body) <= right + 0.05
        assert max(glyph.base for glyph in body) <= page.height - MARGINS["bottom"][0]
        above = {glyph.char for glyph in page.glyphs if glyph.base <= MARGINS["top"][0]}
        assert all(char.isdigit() or char in "DỰTHẢO" for char in above)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_letter_is_as_wide_as_times_and_black(
    sample: str, written: dict[str, bytes], opened: dict[str, list[PdfPage]]
) -> None:
    fonts = {glyph.font.partition("+")[2] for page in opened[sample] for glyph in page.glyphs}
    assert fonts
    assert all(font.startswith(FONTS) for font in fonts)
    with pikepdf.open(io.BytesIO(written[sample])) as file:
        embedded = [
            descendant.FontDescriptor
            for thing in file.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"
            for descendant in thing.get("/DescendantFonts", [])
        ]
    assert embedded
    assert all("/FontFile2" in one or "/FontFile3" in one for one in embedded)


def length(page: PdfPage, below: Words) -> float:
    """The length in mm of the first rule under words, its own thickness aside."""
    base = below.glyphs[0].base
    under = [rule for rule in page.rules if 0 < rule[2] - base < 8]
    left, right, _ = min(under, key=lambda rule: rule[2])
    return right - left - 0.53


def longest(page: PdfPage, *lines: str) -> float:
    found = [page.find(words)[0] for words in lines]
    return max(one.right - one.left for one in found)


def test_rules_are_as_long_as_the_decree_says(opened: dict[str, list[PdfPage]]) -> None:
    (page, *_) = opened["plan"]
    motto = page.find("Độc lập - Tự do - Hạnh phúc")[0]
    agency = page.find("HUYỆN TRÀ CÚ")[0]
    title = page.find("Câu lạc bộ Liên thế hệ tự giúp nhau")[0]
    found = {
        "motto": length(page, motto) / (motto.right - motto.left),
        "agency": length(page, agency) / longest(page, "ỦY BAN NHÂN DÂN", "HUYỆN TRÀ CÚ"),
        "title": length(page, title)
        / longest(page, "Thực hiện Đề án nhân rộng mô hình", "Câu lạc bộ Liên thế hệ tự giúp nhau"),
    }
    assert all(RULES[name][0] <= share <= RULES[name][1] for name, share in found.items()), found


@pytest.mark.parametrize("sample", SAMPLES)
def test_number_and_day_stand_on_one_line(sample: str, opened: dict[str, list[PdfPage]]) -> None:
    (page, *_) = opened[sample]
    number, place = page.find("Số:")[0], page.find("Trà Cú, ngày")[0]
    assert abs(number.glyphs[0].base - place.glyphs[0].base) < 0.1
    assert number.right < place.left


def test_lines_and_paragraphs_are_apart_as_the_decree_says(
    opened: dict[str, list[PdfPage]],
) -> None:
    (page, *_) = opened["plan"]
    first = page.find("Huy động các cấp, các ngành")[0].glyphs[0]
    second = page.find("giảm nghèo và bảo vệ")[0].glyphs[0]
    last = page.find("giúp đỡ ngay tại nơi mình ở.")[0].glyphs[0]
    after = page.find("1. Mục tiêu chung")[0].glyphs[0]
    pitch = (second.base - first.base) * MM
    single = 1.149 * first.size
    assert BODY["line"][0] <= pitch / single <= BODY["line"][1]
    gap = (after.base - last.base) * MM - pitch
    assert BODY["gap"][0] - 0.01 <= gap <= BODY["gap"][1]


def test_the_subject_of_a_letter_is_6_points_below_its_number(
    opened: dict[str, list[PdfPage]],
) -> None:
    (page, *_) = opened["letter"]
    number, subject = page.find("Số: 581")[0], page.find("V/v tiếp tục")[0]
    below = (subject.glyphs[0].base - number.glyphs[0].base) * MM - 1.107 * number.glyphs[0].size
    assert 6 <= below <= 10
    assert subject.right < page.width / 2


def test_the_two_lines_of_the_motto_follow_on_each_other(
    opened: dict[str, list[PdfPage]],
) -> None:
    (page, *_) = opened["plan"]
    above, below = page.find("CỘNG HÒA XÃ HỘI")[0], page.find("Độc lập")[0]
    lines = (below.glyphs[0].base - above.glyphs[0].base) * MM / below.glyphs[0].size
    assert 1 <= lines <= 1.3


def test_there_is_room_for_signature_and_seal(opened: dict[str, list[PdfPage]]) -> None:
    (page, *_) = opened["plan"]
    position, name = page.find("PHÓ CHỦ TỊCH")[0], page.find("Họ Và Tên")[0]
    assert name.glyphs[0].top - position.glyphs[0].base >= 28
    middles = [(one.left + one.right) / 2 for one in (position, name)]
    assert abs(middles[0] - middles[1]) < NEAR


# --- Pages --------------------------------------------------------------------------------


def long_plan(paragraphs: int = 90) -> bytes:
    body = closed(
        tuple(
            plain(f"Nội dung thứ {n}. " + "Câu lạc bộ tự giúp nhau. " * 12)
            for n in range(paragraphs)
        )
    )
    return pdf.write(replace(PLAN, body=body))


def numbers(found: list[PdfPage]) -> list[str]:
    """What stands in the top margin of each page."""
    return [
        "".join(glyph.char for glyph in page.glyphs if glyph.base < MARGINS["top"][0])
        for page in found
    ]


def test_pages_are_numbered_from_the_second_on_and_annexes_apart() -> None:
    found = pages(long_plan())
    own = len(found) - 2
    assert own > 5
    assert numbers(found) == ["", *(str(number) for number in range(2, own + 1)), "", ""]
    for page in found[1:own]:
        number = page.lines[0]
        middle = (number[0].left + number[-1].right) / 2
        left, right = edges(page)
        assert abs(middle - (left + right) / 2) < NEAR
        assert PAGE_NUMBER["size"][0] <= number[0].size <= PAGE_NUMBER["size"][1]
        assert not number[0].bold
        assert not number[0].italic


def test_a_decision_and_what_it_issues_are_numbered_apart() -> None:
    decision = SAMPLES["decision"]
    assert decision.attached is not None
    text = tuple(plain(f"Nội dung thứ {n}. " + "Câu lạc bộ tự giúp nhau. " * 12) for n in range(40))
    attached = replace(decision.attached, body=text)
    found = pages(pdf.write(replace(decision, attached=attached)))
    assert numbers(found)[:4] == ["", "", "2", "3"]


def test_only_an_annex_that_asks_for_it_lies_across(opened: dict[str, list[PdfPage]]) -> None:
    assert [page.width > page.height for page in opened["plan"]] == [False, False, True]


@pytest.mark.parametrize("lines", range(1, 40, 3))
def test_a_signature_is_never_alone_and_no_title_is_left_behind(lines: int) -> None:
    body = (
        *(plain(f"Nội dung thứ {n} của Kế hoạch.") for n in range(lines)),
        plain("II. TỔ CHỨC THỰC HIỆN", ParagraphStyle.PART, bold=True),
        plain("1. Phòng Y tế", ParagraphStyle.CLAUSE, bold=True),
        plain("Nhiệm vụ:", bold=True),
        plain("Khám sức khỏe định kỳ cho người cao tuổi. " * 6 + END),
    )
    found = pages(pdf.write(replace(PLAN, body=body, annexes=())))
    last = found[-1]
    assert last.has("Họ Và Tên")
    assert last.has(END)
    for page in found[:-1]:
        assert not any(glyph.bold for glyph in page.lines[-1])


def test_a_table_repeats_its_head_and_sets_figures_right() -> None:
    rows = tuple(TableRow((str(n), f"Khoản {n}", f"{n}.000.000")) for n in range(1, 120))
    table = replace(next(one for one in PLAN.body if isinstance(one, Table)), rows=rows)
    found = pages(pdf.write(replace(PLAN, body=(table, plain(END)), annexes=())))
    assert len(found) > 3
    shown = [page for page in found if page.has("Khoản")]
    assert all(page.has("Nội dung chi") for page in shown)
    ends = {
        round(words.right, 1)
        for page in shown
        for n in (1, 55, 119)
        for words in page.find(f"Khoản {n}{n}.000.000")
    }
    assert len(ends) == 1


def test_a_draft_says_so_on_each_page_and_has_no_number() -> None:
    body = closed(tuple(plain("Câu lạc bộ tự giúp nhau. " * 12) for _ in range(40)))
    found = pages(pdf.write(replace(SAMPLES["draft"], body=body)))
    assert all(page.has("DỰ THẢO") for page in found)
    assert all(10 < page.find("DỰ THẢO")[0].glyphs[0].base < 20 for page in found[1:])
    assert found[0].has("Số:/KH-UBND")
    assert found[0].has("ngày tháng năm 2021")


def test_a_paper_that_can_be_checked_has_its_code_on_the_last_page(
    opened: dict[str, list[PdfPage]],
) -> None:
    last = opened["checked"][-1]
    code = last.find("7K2M-9QXD")[0]
    assert code.glyphs[0].base > last.height - MARGINS["bottom"][1]
    assert max(code.sizes) <= 9
    assert code.glyphs[0].base < last.height - 5


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_code_takes_no_page_of_its_own(sample: str, opened: dict[str, list[PdfPage]]) -> None:
    found = pages(pdf.write(replace(SAMPLES[sample], checked=SAMPLES["checked"].checked)))
    assert len(found) == len(opened[sample])
    assert [page.has("7K2M-9QXD") for page in found] == [False] * (len(found) - 1) + [True]


# --- What it says, and is -----------------------------------------------------------------

LETTERS = "".join(
    unicodedata.normalize("NFC", f"{letter}{tone}")
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
)
ALL = f"{LETTERS}đĐ"


@pytest.mark.parametrize(
    ("bold", "italic"), [(False, False), (True, False), (False, True), (True, True)]
)
def test_every_vietnamese_letter_comes_back(bold: bool, italic: bool) -> None:
    accented = {letter for letter in ALL if not letter.isascii()}
    assert len(accented) == 134
    text = " ".join(ALL)
    paper = replace(PLAN, body=(Paragraph((Run(text, bold, italic),)),), annexes=())
    assert text in text_of(pdf.write(paper))


def test_decomposed_letters_are_composed() -> None:
    loose = unicodedata.normalize("NFD", "Nhân rộng câu lạc bộ, đẩy mạnh tuyên truyền")
    found = text_of(pdf.write(replace(PLAN, body=(plain(loose),), annexes=())))
    assert unicodedata.normalize("NFC", loose) in found


@pytest.mark.parametrize("sample", SAMPLES)
def test_text_is_read_in_its_order(sample: str, written: dict[str, bytes]) -> None:
    paper, found = SAMPLES[sample], text_of(written[sample])
    wanted = [
        paper.parent,
        "Độc lập - Tự do - Hạnh phúc",
        "Số:",
        *([paper.heading] if paper.heading.startswith("V/v") else []),
        *paper.addressee_lines,
        *paper.bases,
        *(one.text for one in paper.body if isinstance(one, Paragraph)),
        *paper.recipient_lines,
        paper.signature.name,
        *((paper.attached.belongs,) if paper.attached else ()),
        *(annex.title.upper() for annex in paper.annexes),
    ]
    at = 0
    for words in wanted:
        assert words in found[at:], words
        at = found.index(words, at) + len(words)


HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0": *',
    "]] $x^2$ *đậm* _nghiêng_ `mã` <nhãn> @nhãn \\ // /* */ ~ -- --- ... '\" = == + - 1. https://a.b",
    "{{ 7*7 }} {% for x in y %} </w:t> & < >",
    '"}]} , "kind": "table"',
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_looks_like_source_is_printed_as_it_is(words: str) -> None:
    table = Table(
        (TableColumn(words),), (TableRow((words,)), TableRow((words,), heading=True)), words
    )
    paper = replace(
        PLAN,
        agency=words,
        subject=words,
        place=words,
        bases=(words,),
        body=(plain(words), plain(words, ParagraphStyle.PART, bold=True), table),
        recipients=(words,),
        signature=Signature((words,), words),
        annexes=(replace(PLAN.annexes[0], title=words, belongs=words, body=(table,)),),
    )
    data = pdf.write(paper)
    wanted = "".join(words.split())
    found = "".join(page.text for page in pages(data))
    assert found.count(wanted) >= 12
    assert b"root:" not in data


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Cờ \U0001f1fb\U0001f1f3 đỏ", "Cờ □□ đỏ"),
        ("Chữ 漢字 lạ", "Chữ □□ lạ"),
        ("Mép\u200bngầm\u202e ẩn\ufeff", "Mépngầm ẩn"),
        ("Điều\x07 khiển\x1b", "Điều khiển"),
        ("Số １２", "Số 12"),
        ("ô ☐ đánh dấu", "ô □ đánh dấu"),
    ],
)
def test_a_letter_that_no_font_has_is_a_box(typed: str, printed: str) -> None:
    assert printed in text_of(pdf.write(replace(PLAN, body=(plain(typed),), annexes=())))


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("italic", [False, True])
def test_every_letter_that_is_kept_can_be_printed(bold: bool, italic: bool) -> None:
    text = " ".join(sorted(char for char in letters.known() if letters.printable(char) == char))
    found = "".join(
        page.text
        for page in pages(pdf.write(replace(PLAN, body=(Paragraph((Run(text, bold, italic),)),))))
    )
    assert {char for char in text if not char.isspace()} - set(found) == set()


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_is_a_paper(text: str) -> None:
    table = Table((TableColumn(text),), (TableRow((text,)),), text)
    paper = replace(
        PLAN,
        agency=text,
        subject=text,
        addressees=(text,),
        bases=(text,),
        body=(plain(text), plain(text, ParagraphStyle.PART, bold=True), table),
        recipients=(text,),
        signature=Signature((text,), text),
        annexes=(replace(PLAN.annexes[0], label=text, title=text, belongs=text),),
    )
    assert pdf.write(paper).startswith(b"%PDF")


def test_papers_are_written_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(pdf.write, [PLAN] * 12))) == 1


def test_an_empty_paper_is_one_page() -> None:
    empty = replace(
        PLAN, parent="", agency="", symbol="", place="", subject="", bases=(), body=(),
        signature=Signature(()), recipients=(), annexes=(), number="",
    )  # fmt: skip
    assert len(pages(pdf.write(empty))) == 1


def test_a_word_without_end_does_not_leave_the_page() -> None:
    long = "a" * 3000
    table = Table((TableColumn("TT"), TableColumn("x", 3)), (TableRow(("1", long)),))
    assert pages(pdf.write(replace(PLAN, body=(plain(long), table), subject=long, annexes=())))


def inside(found: list[PdfPage]) -> bool:
    """Whether everything stands within the margins of its page."""
    return all(
        edges(page)[0] - 0.1 <= glyph.left
        and glyph.right <= edges(page)[1] + 0.1
        and glyph.base <= page.height - MARGINS["bottom"][0]
        for page in found
        for glyph in page.glyphs
    )


def test_a_cell_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    text = " ".join(f"Việc {n} của câu lạc bộ." for n in range(900))
    table = Table((TableColumn("TT"), TableColumn("Việc", 4)), (TableRow(("1", text)),))
    found = pages(pdf.write(replace(PLAN, body=(table,), annexes=())))
    shown = "".join(page.body for page in found)
    assert all(f"Việc{n}củacâulạcbộ." in shown.replace("TTViệc", "") for n in range(900))
    assert inside(found)


@pytest.mark.parametrize(("columns", "size"), [(8, 12), (9, 10), (14, 10), (20, 9)])
def test_the_more_columns_the_smaller_the_letters(columns: int, size: float) -> None:
    table = Table(
        tuple(TableColumn(f"Xã {n}", align=Align.RIGHT) for n in range(columns)),
        (TableRow(tuple(f"{n}.444" for n in range(columns))),),
    )
    annex = replace(PLAN.annexes[1], body=(table,))
    (_, across) = pages(pdf.write(replace(PLAN, body=(plain(END),), annexes=(annex,))))
    found = [across.find(f"{n}.444")[0] for n in range(1, columns)]
    assert {size} == set().union(*(one.sizes for one in found))
    assert all(one.right < other.left for one, other in pairwise(found))
    assert inside([across])


def test_many_recipients_and_addressees_are_all_there() -> None:
    names = tuple(f"Ủy ban nhân dân xã số {n}" for n in range(150))
    letter = replace(SAMPLES["letter"], addressees=names, recipients=names)
    found = pages(pdf.write(letter))
    shown = "".join(page.body for page in found)
    assert all(shown.count(f"-Ủybannhândânxãsố{n};") == 2 for n in range(149))
    assert "Họ VàTên".replace(" ", "") in shown
    assert inside(found)


def test_long_names_stay_in_their_half() -> None:
    paper = replace(
        SAMPLES["letter"],
        parent="ỦY BAN NHÂN DÂN THÀNH PHỐ TRỰC THUỘC TRUNG ƯƠNG",
        agency="SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI VÀ CÁC VẤN ĐỀ NGƯỜI CAO TUỔI",
        symbol="TTr-SLĐTBXH-NCT",
        place="Thành phố Hồ Chí Minh",
        subject="tiếp tục triển khai thực hiện Đề án nhân rộng mô hình Câu lạc bộ " * 3,
        signature=Signature(("TUQ. CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",), "Họ Và Tên"),
    )
    (page, *_) = found = pages(pdf.write(paper))
    assert inside(found)
    assert page.find("Thành phố Hồ Chí Minh, ngày 31 tháng 01 năm 2024")
    assert page.find("Số:")[0].line[0].char == "S"


def test_a_title_may_be_as_long_as_it_likes() -> None:
    found = pages(pdf.write(replace(PLAN, subject="Thực hiện Đề án nhân rộng câu lạc bộ " * 12)))
    left, right = edges(found[0])
    assert all(left - 0.1 <= glyph.left and glyph.right <= right + 0.1 for glyph in found[0].glyphs)


# --- Tags, metadata -----------------------------------------------------------------------


def tags(file: pikepdf.Pdf) -> list[str]:
    """The structure's roles in order."""
    found: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S).lstrip("/"))
            if "/K" in node:
                walk(node.K)

    walk(file.Root.StructTreeRoot.K)
    return found


def test_a_paper_is_tagged_and_says_what_it_is(written: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(written["checked"])) as file:
        root = file.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "vi-VN"
        assert root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
            assert about["dc:title"] == f"Kế hoạch số 05/KH-UBND: {PLAN.subject}"
        roles = tags(file)
        assert "/OutputIntents" in root
    wanted = {"Document", "P", "H1", "H2", "Table", "THead", "TH", "TR", "TD", "Figure"}
    assert wanted <= set(roles), set(roles)


@pytest.mark.parametrize("sample", SAMPLES)
def test_all_that_is_seen_is_tagged_or_an_artifact(sample: str, written: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(written[sample])) as file:
        assert "/ParentTree" in file.Root.StructTreeRoot
        for page in file.pages:
            depth, seen = 0, 0
            for operation in pikepdf.parse_content_stream(page):
                name = str(operation.operator)
                depth += (name in {"BDC", "BMC"}) - (name == "EMC")
                if name in {"Tj", "TJ", "f", "S", "Do"}:
                    seen += 1
                    assert depth > 0, name
            assert seen > 10
            assert page.obj.Tabs == pikepdf.Name.S or "/Annots" not in page
        fonts = [
            one
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type0"
        ]
        assert fonts
        assert all("/ToUnicode" in font for font in fonts)
        assert not {"/OpenAction", "/AA", "/AcroForm", "/Names"} & set(file.Root.keys())
        assert not file.is_encrypted


def test_heads_of_tables_say_what_they_are_over(written: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(written["plan"])) as file:
        heads = [
            one
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TH"
        ]
        scopes = {
            str(item.Scope)
            for one in heads
            for item in (one.A if isinstance(one.A, pikepdf.Array) else [one.A])
            if "/Scope" in item
        }
    assert len(heads) == 9
    assert scopes == {"/Column"}


def test_titles_follow_on_each_other_whatever_the_order() -> None:
    body = (
        plain("1. Không có phần ở trên", ParagraphStyle.CLAUSE, bold=True),
        plain("I. PHẦN", ParagraphStyle.PART, bold=True),
        plain("1. Khoản", ParagraphStyle.CLAUSE, bold=True),
        plain("Lời."),
    )
    with pikepdf.open(io.BytesIO(pdf.write(replace(PLAN, body=body, annexes=())))) as file:
        assert [role for role in tags(file) if role[:1] == "H"] == ["H1", "H1", "H2"]


def outline(file: pikepdf.Pdf) -> list[str]:
    with file.open_outline() as listed:

        def walk(items: list[pikepdf.OutlineItem], depth: int) -> list[str]:
            return [
                line
                for item in items
                for line in (f"{'  ' * depth}{item.title}", *walk(item.children, depth + 1))
            ]

        return walk(list(listed.root), 0)


def test_parts_and_annexes_are_bookmarks(written: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(written["plan"])) as file:
        assert outline(file) == [
            "I. MỤC TIÊU",
            "  1. Mục tiêu chung",
            "Phụ lục I BIỂU CHỈ TIÊU",
            "Phụ lục II BIỂU KINH PHÍ",
        ]
    with pikepdf.open(io.BytesIO(written["decision"])) as file:
        assert outline(file) == ["KẾ HOẠCH", "  I. MỤC TIÊU", "    1. Mục tiêu chung"]


def test_a_paper_is_the_same_bytes_each_time() -> None:
    assert pdf.write(PLAN) == pdf.write(PLAN)
    assert pdf.write(PLAN) != pdf.write(replace(PLAN, day=date(2021, 2, 8)))


def test_pages_can_be_looked_at() -> None:
    found = pdf.pictures(PLAN)
    assert len(found) == 3
    assert all(page.startswith(b"\x89PNG") for page in found)


def test_an_annex_is_a_file_of_its_own_too() -> None:
    paper = SAMPLES["plan"]
    whole = text_of(pdf.write(paper))
    for at, annex in enumerate(paper.annexes):
        data = pdf.annex(paper, at)
        text = text_of(data)
        assert text.strip().startswith(annex.label)
        assert set(text.split()) <= set(whole.split())
        assert "CỘNG HÒA" not in text
        with pikepdf.open(io.BytesIO(data)) as opened:
            turned = opened.pages[0].mediabox[2] > opened.pages[0].mediabox[3]
            assert turned == annex.landscape
            assert annex.label in str(opened.docinfo["/Title"])
