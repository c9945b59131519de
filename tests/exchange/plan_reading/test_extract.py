"""Word, PDF and plain files as lines of text: as people make them, and as strangers send them."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
import typst
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image
from support import plan_scores

from lth.core.errors import BlockedError
from lth.core.i18n import Message
from lth.exchange.plan_reading import extract
from lth.exchange.plan_reading.lines import side_by_side
from lth.exchange.plan_reading.read import read_text

PLAN = (plan_scores.HERE / "texts" / "01-huyen-dong-khe.txt").read_text(encoding="utf-8")


def word(fill: Callable[..., None]) -> bytes:
    document = Document()
    fill(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def refusal(data: bytes) -> Message:
    with pytest.raises(BlockedError) as caught:
        extract.text_of(data)
    (message,) = caught.value.messages
    return message


# --- Word ---------------------------------------------------------------------------------


def test_a_word_plan_is_read_like_its_text() -> None:
    def fill(document) -> None:  # type: ignore[no-untyped-def]
        for line in PLAN.splitlines():
            document.add_paragraph(line.strip())

    read = read_text(extract.text_of(word(fill)))

    assert [item.line for item in read.of("target")] == [
        item.line for item in read_text(PLAN).of("target")
    ]


def test_automatic_numbers_are_written_out() -> None:
    def fill(document) -> None:  # type: ignore[no-untyped-def]
        document.add_paragraph("Mục tiêu", style="List Number")
        document.add_paragraph("Kinh phí", style="List Number")
        document.add_paragraph("Ngân sách xã", style="List Bullet")

    assert extract.text_of(word(fill)).splitlines() == [
        "1. Mục tiêu",
        "2. Kinh phí",
        "- Ngân sách xã",
    ]


def test_a_table_keeps_its_cells_and_a_head_of_two_columns_its_lines() -> None:
    def fill(document) -> None:  # type: ignore[no-untyped-def]
        head = document.add_table(1, 2)
        head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nXÃ HÒA TÂN"
        head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
        table = document.add_table(2, 3)
        rows = (("TT", "Chỉ tiêu", "2022"), ("1", "Câu lạc bộ thành lập mới", "3"))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text

    lines = extract.text_of(word(fill)).splitlines()

    assert lines[:2] == ["ỦY BAN NHÂN DÂN", "XÃ HÒA TÂN"]
    assert lines[-1] == "1\tCâu lạc bộ thành lập mới\t3"


def test_a_run_in_an_old_font_is_read_as_unicode() -> None:
    def fill(document) -> None:  # type: ignore[no-untyped-def]
        paragraph = document.add_paragraph("Thành lập ")
        run = paragraph.add_run("02 c©u l¹c bé míi")
        fonts = OxmlElement("w:rFonts")
        fonts.set(qn("w:ascii"), ".VnTime")
        run._r.get_or_add_rPr().append(fonts)

    assert extract.text_of(word(fill)) == "Thành lập 02 câu lạc bộ mới"


def test_what_was_deleted_under_track_changes_is_not_read() -> None:
    def fill(document) -> None:  # type: ignore[no-untyped-def]
        paragraph = document.add_paragraph("Thành lập 02 câu lạc bộ")
        gone = OxmlElement("w:del")
        run = paragraph.add_run(" và 05 câu lạc bộ")._r
        paragraph._p.remove(run)
        gone.append(run)
        paragraph._p.append(gone)

    assert extract.text_of(word(fill)) == "Thành lập 02 câu lạc bộ"


# --- PDF ----------------------------------------------------------------------------------


def pdf(lines: list[str], *, repeated: str = "") -> bytes:
    body = "\n\n".join(line.replace("*", r"\*").replace("#", r"\#") for line in lines)
    source = f'#set text(font: "Liberation Serif", lang: "vi")\n#set page(header: [{repeated}])\n'
    return typst.compile((source + body).encode())


def test_a_pdf_with_text_is_read_without_what_every_page_repeats() -> None:
    lines = [f"{at}. Thành lập mới ít nhất {at} câu lạc bộ." for at in range(1, 160)]
    text = extract.text_of(pdf(lines, repeated="Dự thảo lần hai"))

    assert "159. Thành lập mới ít nhất 159 câu lạc bộ." in text
    assert "Dự thảo lần hai" not in text


@pytest.mark.parametrize("of", ["printed"])
def test_a_plan_set_as_a_pdf_and_read_back_scores_as_its_text(of: str) -> None:
    """Lines are broken by the page, also at the dash of "Văn hóa - Xã hội" and of "2026 - 2030"."""
    for name, text, wanted in plan_scores.texts(of):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        again = plan_scores.scored(name, read_text(extract.text_of(page(lines))), wanted)
        whole = plan_scores.scored(name, read_text(text), wanted)

        assert (again.found, again.invented) == (whole.found, whole.invented), name


def page(lines: list[str]) -> bytes:
    """Set lines as an office would: A4, 14 pt, justified, numbered pages."""
    body = "\n\n".join(re.sub(r"([\\*_#$@<>`\[\]~=/+-])", r"\\\1", line) for line in lines)
    style = (
        '#set page(paper: "a4", margin: (left: 30mm, rest: 20mm), numbering: "1")\n'
        '#set text(font: "Liberation Serif", size: 14pt, lang: "vi", hyphenate: false)\n'
        "#set par(justify: true, first-line-indent: 1cm)\n"
    )
    return typst.compile((style + body).encode())


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 2),
        ("HUYỆN ĐÔNG KHÊ Độc lập - Tự do - Hạnh phúc", 2),
        ("Số: 118/KH-UBND Đông Khê, ngày 09 tháng 3 năm 2021", 2),
        ("Nơi nhận: TM. ỦY BAN NHÂN DÂN", 2),
        ("- UBND tỉnh (b/c); KT. CHỦ TỊCH", 2),
        ("- Sở LĐ-TBXH; PHÓ CHỦ TỊCH", 2),
        ("Chủ tịch UBND huyện chịu trách nhiệm thi hành.", 1),
        ("- Phòng Văn hóa - Xã hội; Hội Người cao tuổi.", 1),
    ],
)
def test_two_columns_that_came_as_one_line_are_parted(line: str, parts: int) -> None:
    assert len(side_by_side(line)) == parts


def test_a_scan_is_told() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(stream, "PDF")

    assert refusal(stream.getvalue()) == extract.SCAN


# --- Plain text and others ----------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plain_text_is_read_in_its_encoding(encoding: str) -> None:
    assert extract.text_of("Kế hoạch số 12".encode(encoding)) == "Kế hoạch số 12"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", extract.EMPTY),
        (b"\n \n", extract.EMPTY),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, extract.OLD_WORD),
        (b"\x7fELF\0\0\0", extract.UNKNOWN),
        (b"%PDF-1.7 broken", extract.LOCKED),
        (b"PK\x03\x04 broken", extract.NO_WORD),
    ],
)
def test_other_files_are_refused_with_what_to_do(data: bytes, message: Message) -> None:
    assert refusal(data) == message


def test_a_zip_that_is_no_word_file_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("readme.txt", "x")

    assert refusal(stream.getvalue()) == extract.NO_WORD


def test_a_word_file_that_swells_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (61 * 1024 * 1024))

    assert refusal(stream.getvalue()) == extract.TOO_LARGE


def test_an_entity_of_a_word_file_is_not_fetched_nor_expanded() -> None:
    xml = (
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "yyyy">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Kế hoạch &x;&y;</w:t></w:r></w:p></w:body></w:document>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", xml)

    assert extract.text_of(stream.getvalue()).strip() == "Kế hoạch"
