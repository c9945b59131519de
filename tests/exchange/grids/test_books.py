"""Spreadsheets of strangers as cells: what stands where, in what font, within which bounds."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from lth.core.errors import BlockedError, RefusedError
from lth.core.old_encodings import Encoding
from lth.exchange.grids.books import of_text, open_book
from lth.exchange.grids.cells import CellKind, address, letters, packed, unpacked


def made(fill) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        fill(book)
    return kept.getvalue()


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(kept, "w") as after:
        for one in before.infolist():
            text = before.read(one)
            after.writestr(one, text.replace(old, new) if one.filename == part else text)
    return kept.getvalue()


def one_cell(book) -> None:
    book.add_worksheet("A").write_string(0, 0, "Xã")


def test_values_are_what_a_person_sees():
    def fill(book):
        page = book.add_worksheet("Số")
        share, day = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": 14})
        page.write_number(0, 0, 0.1926, share)
        page.write_number(0, 1, 1000)
        page.write_number(0, 2, 0.1 + 0.2)
        page.write_datetime(0, 3, date(2021, 5, 7), day)
        page.write_formula(0, 4, "=6*7", None, 42)
        page.write_formula(0, 5, "=1/0", None, "#DIV/0!")
        page.write_string(0, 6, "1.000")
        page.merge_range(2, 0, 4, 0, "gộp")

    (sheet,) = open_book(made(fill), "a.xlsx").sheets
    row = sheet.rows[1]
    texts = [row[at].text for at in range(7)]
    assert texts == ["19,26 %", "1000", "0,3", "07/05/2021", "42", "", "1.000"]
    assert [row[at].computed for at in (4, 5)] == [True, True]
    assert (row[3].kind, row[5].kind) == (CellKind.DAY, CellKind.FAULT)
    assert sheet.merged == ((3, 0, 5, 0),)


def test_fonts_of_old_say_how_their_cells_are_read():
    def fill(book):
        page = book.add_worksheet("A")
        old, upper = (book.add_format({"font_name": one}) for one in (".VnTime", ".VnTimeH"))
        vni = book.add_format({"font_name": "VNI-Times"})
        page.write_string(0, 0, "ng\u00adêi cao tuæi", old)
        page.write_string(0, 1, "ñy ban", upper)
        page.write_string(0, 2, "Soá caâu laïc boä", vni)
        page.write_string(0, 3, "Kế hoạch")

    book = open_book(made(fill), "a.xlsx")
    assert book.is_old
    row = book.read_as(None).sheets[0].rows[1]
    texts = [row[at].text for at in range(4)]
    assert texts == ["người cao tuổi", "ỦY BAN", "Số câu lạc bộ", "Kế hoạch"]
    assert not open_book(made(one_cell), "a.xlsx").is_old


def test_texts_in_an_old_font_of_a_csv_are_suggested():
    book = open_book("Sè c©u l¹c bé;Thµnh viªn\n3;4\n".encode("latin-1"), "a.csv")
    assert book.guessed is Encoding.TCVN3
    assert book.read_as(Encoding.TCVN3).sheets[0].text(1, 0) == "Số câu lạc bộ"


def test_a_cell_in_the_far_corner_is_no_half_terabyte():
    def fill(book):
        page = book.add_worksheet("A")
        page.write_string(0, 0, "a")
        page.write_string(1_048_575, 16_383, "z")

    with pytest.raises(BlockedError, match="quá xa"):
        open_book(made(fill), "a.xlsx")


@pytest.mark.parametrize(
    "part, old, new",
    [
        ("xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook'),
        ("xl/_rels/workbook.xml.rels", b"<Relationships", b"<Other"),
    ],
)
def test_a_broken_file_is_told_and_nothing_else(part, old, new):
    with pytest.raises(BlockedError, match="hỏng"):
        open_book(replaced(made(one_cell), part, old, new), "a.xlsx")


def test_a_book_is_kept_as_json_and_comes_back():
    book = open_book(made(one_cell), "a.xlsx")
    assert unpacked(packed(book), "a.xlsx") == book


def test_a_pasted_range_has_its_rows_by_number():
    (sheet,) = of_text('Tên\tSố\n\n"hai\ndòng"\t3\n').sheets
    assert sheet.text(1, 1) == "Số"
    assert sheet.text(3, 0) == "hai\ndòng"
    with pytest.raises(RefusedError, match="có nội dung"):
        of_text("\t\t\n")


@pytest.mark.parametrize("at, named", [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_excel_names_them(at, named):
    assert letters(at) == named
    assert address("Chỉ tiêu", 14, at) == f"Chỉ tiêu!{named}14"
