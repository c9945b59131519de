"""Lists of people out of files: whatever order, whatever stands around them, within bounds."""

import io
import unicodedata
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from support.lists import HEADINGS, text, with_part, workbook

from lth.core import apart
from lth.core.errors import BlockedError, RefusedError
from lth.exchange.grids import inside
from lth.exchange.grids import lists as grids
from lth.exchange.roster.headings import read
from lth.exchange.roster.words import Column

CLERK = ("xã Tập Sơn", "Cán bộ xã Tập Sơn", "Công chức", "Cán bộ lập kế hoạch", "cb@xa.test")
LEADER = ("xã Tân Sơn", "Lãnh đạo xã Tân Sơn", "Chủ tịch", "Lãnh đạo", "ld@xa.test")
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        read(data)
    assert all(message.field == "file" for message in refused.value.messages)
    return " ".join(map(str, refused.value.messages))


def cells(data: bytes) -> list[tuple[str, ...]]:
    order = (Column.UNIT, Column.NAME, Column.POSITION, Column.ROLE, Column.EMAIL)
    return [tuple(row.cells.get(column, "") for column in order) for row in read(data).rows]


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_file_is_read_whatever_parts_its_cells(sign, code):
    data = text([HEADINGS, CLERK, LEADER], sign).encode(code)
    assert cells(data) == [CLERK, LEADER]
    assert not read(data).notes


def test_a_workbook_is_read():
    assert cells(workbook([HEADINGS, CLERK, LEADER])) == [CLERK, LEADER]


def test_columns_are_known_by_their_words_in_any_order():
    said = ("STT", "E-mail (công vụ)", "VAI TRÒ", "Họ tên", "Xã/phường", "Chức danh")
    row = (1, CLERK[4], CLERK[3], CLERK[1], CLERK[0], CLERK[2])
    assert cells(workbook([said, row])) == [CLERK]


def test_what_stands_around_the_people_is_passed_over():
    rows = [
        ("ỦY BAN NHÂN DÂN TỈNH",),
        ("DANH SÁCH CÁN BỘ THAM GIA",),
        (),
        ("STT", *HEADINGS),
        (1, *CLERK),
        (),
        ("", "xã Bỏ Trống", "", "", "Lãnh đạo", ""),
        (2, *LEADER),
        ("", "Tổng cộng", "2 người", "", "", ""),
    ]
    found = read(workbook(rows))
    assert [row.number for row in found.rows] == [5, 8]
    [note] = found.notes
    assert note.number == 2
    assert "7, 9" in str(note.params["rows"])


def test_a_merged_unit_is_that_of_every_row_it_spans():
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.merge_range(1, 0, 2, 0, "xã Tập Sơn")
        page.write_row(1, 1, CLERK[1:])
        page.write_row(2, 1, LEADER[1:])
        page.write_row(3, 1, LEADER[1:])
    assert [row[0] for row in cells(kept.getvalue())] == ["xã Tập Sơn", "xã Tập Sơn", ""]


def test_the_first_sheet_that_has_the_headings_is_read():
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        book.add_worksheet("Hướng dẫn").write(0, 0, "Điền vào trang sau")
        hidden = book.add_worksheet("Cũ")
        hidden.write_row(0, 0, HEADINGS)
        hidden.write_row(1, 0, LEADER)
        hidden.hide()
        shown = book.add_worksheet("Danh sách")
        shown.write_row(0, 0, HEADINGS)
        shown.write_row(1, 0, CLERK)
    assert cells(kept.getvalue()) == [CLERK]


def test_letters_are_composed_and_a_code_stays_a_code():
    name = "Ho\u0300a Bi\u0300nh"
    rows = [("Mã đơn vị", *HEADINGS[1:]), (29392, name, *CLERK[2:])]
    [row] = read(workbook(rows)).rows
    assert row.cells[Column.CODE] == "29392"
    assert row.cells[Column.NAME] == "Hòa Bình"


def test_a_formula_is_the_value_that_stands_beside_it():
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, CLERK[:4])
        page.write_formula(1, 4, '=WEBSERVICE("http://127.0.0.1/")', value="cb@xa.test")
    assert cells(kept.getvalue()) == [CLERK]


def in_windows_1258(words: str) -> bytes:
    """Words as that code page keeps them: the letter, and after it the tone."""
    parts = [unicodedata.normalize("NFD", char) for char in words]
    tones = "\u0300\u0301\u0303\u0309\u0323"
    return "".join(
        unicodedata.normalize("NFC", "".join(c for c in part if c not in tones))
        + "".join(c for c in part if c in tones)
        for part in parts
    ).encode("cp1258")


def test_the_code_page_of_old_windows_is_converted_and_said_so():
    data = in_windows_1258(text([HEADINGS, CLERK]))
    assert cells(data) == [CLERK]
    assert "Windows-1258" in str(read(data).notes[0])


def test_words_in_an_old_font_are_refused():
    assert "TCVN3" in refusal("§¬n vÞ;Hä vµ tªn;Vai trß;Email\r\n".encode("latin-1"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n ",
        b"\xd0\xcf\x11\xe0" + b"\0" * 512,
        b"PK\x03\x04 no archive",
        b"%PDF-1.7\n\xff\xfe\xfd",
        b"\x89PNG\r\n\x1a\n\0\0\0",
        "một dòng không có gì".encode(),
        text([HEADINGS]).encode(),
        text([("Đơn vị", "Họ và tên", "Chức vụ"), CLERK[:3]]).encode(),
        text([(*HEADINGS, "Email"), (*CLERK, "x@xa.test")]).encode(),
        text([HEADINGS, (*CLERK[:3], "x" * 501, "a@xa.test")]).encode(),
        text([HEADINGS, (*CLERK, *[""] * 12, "x")]).encode(),
        text([HEADINGS, *[CLERK] * 5001]).encode(),
        b"x" * 5_000_001,
    ],
    ids=range(14),
)
def test_what_is_no_list_is_refused_with_what_to_do(data):
    assert refusal(data)


def test_a_missing_column_is_named():
    said = refusal(text([("Đơn vị", "Họ và tên", "Email"), CLERK[:3]]).encode())
    assert "Vai trò" in said


@pytest.mark.parametrize("cell", [b"", b" ", b"\xc2\xa0"])
@pytest.mark.parametrize("width", [700, 400_000])
def test_a_text_file_of_millions_of_empty_cells_costs_no_more_than_a_list(cell, width, monkeypatch):
    """Each was composed and cleaned: five megabytes took the thread, and the lock, for minutes."""
    made = []
    cleaned = grids.cleaned
    monkeypatch.setattr(grids, "cleaned", lambda one: made.append(one) or cleaned(one))
    line = (cell + b";") * width + b"\n"
    data = text([HEADINGS, CLERK], ";").encode() + line * (grids.LARGEST_FILE // len(line) - 1)
    if cell:
        assert "quá 5000 dòng" in refusal(data)
    else:
        assert cells(data) == [CLERK]
    assert len(made) <= 2 * grids.MOST_ROWS * grids.MOST_COLUMNS


def test_macros_are_refused():
    assert "macro" in refusal(with_part(workbook([HEADINGS, CLERK]), "xl/vbaProject.bin", b"x"))


def far_apart() -> bytes:
    """Two cells in opposite corners: the rectangle between them has 17 billion."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write(1_048_575, 16_383, "x")
    return kept.getvalue()


def unpacked() -> bytes:
    return with_part(workbook([HEADINGS, CLERK]), "xl/media/x.xml", b"0" * 60_000_000)


def of_nothing_but_tags() -> bytes:
    many = b"<c/>" * 400_001
    sheet = b"<worksheet><sheetData><row>" + many + b"</row></sheetData></worksheet>"
    return with_part(workbook([HEADINGS, CLERK]), SHEET, sheet)


def with_entities() -> bytes:
    sheet = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    return with_part(workbook([HEADINGS, CLERK]), SHEET, sheet)


def with_an_unknown_text() -> bytes:
    cell = b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'
    sheet = b"<worksheet><sheetData>" + cell + b"</sheetData></worksheet>"
    return with_part(workbook([HEADINGS, CLERK]), SHEET, sheet)


def twice_in_the_archive() -> bytes:
    kept = io.BytesIO(workbook([HEADINGS, CLERK]))
    with pytest.warns(UserWarning), zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return kept.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        far_apart,
        unpacked,
        of_nothing_but_tags,
        with_entities,
        with_an_unknown_text,
        twice_in_the_archive,
    ],
)
def test_a_workbook_made_to_hurt_is_refused(make):
    assert refusal(make())


@pytest.fixture(scope="module")
def at_once():
    """No process for each example: the reader's own answers are what is tried."""

    def call(_what: str, data: bytes, **_limits: int) -> object:
        try:
            return inside.read_workbook(data)
        except BlockedError:
            raise
        except BaseException as error:  # a library's panic is one, and ends the child
            raise BlockedError(apart.BROKEN) from error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(apart, "call", call)
        yield


@pytest.mark.usefixtures("at_once")
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_no_bytes_break_the_reader(data, start):
    with pytest.raises(RefusedError):
        read(start + data)


@pytest.mark.usefixtures("at_once")
@given(st.integers(0, 6000), st.binary(min_size=1, max_size=40))
def test_no_damage_to_a_workbook_breaks_the_reader(at, damage):
    good = workbook([HEADINGS, CLERK])
    at %= len(good)
    try:
        read(good[:at] + damage + good[at + len(damage) :])
    except RefusedError as error:
        assert error.messages
