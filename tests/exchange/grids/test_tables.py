"""Lists as files: nothing is calculated, numbers stay numbers, Excel opens both."""

from datetime import date

from lth.exchange.grids.books import of_text, open_book
from lth.exchange.grids.cells import CellKind
from lth.exchange.grids.tables import ListTable, as_csv, as_excel

TABLE = ListTable(
    "Việc: chờ/xử lý [2021]",
    ("Đơn vị", "Số", "Ngày"),
    [
        ("Xã Tập Sơn", 3444, date(2021, 5, 7)),
        ('=HYPERLINK("http://x")', -14, None),
        ("@cmd; xã “Ngãi”", None, date(2021, 12, 31)),
    ],
    note="+ ghi chú",
)


def test_csv_is_what_a_vietnamese_excel_opens():
    data = as_csv(TABLE)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Đơn vị;Số;Ngày"
    assert lines[1] == "Xã Tập Sơn;3444;07/05/2021"
    assert lines[2].startswith("\"'=HYPERLINK")
    assert lines[3].startswith("\"'@cmd; xã")
    assert lines[-1] == "'+ ghi chú"
    assert of_text(data.decode("utf-8-sig")).sheets[0].text(2, 1) == "3444"


def test_excel_keeps_numbers_days_and_texts():
    (sheet,) = open_book(as_excel(TABLE), "a.xlsx").sheets
    assert sheet.name == "Việc chờxử lý 2021"
    assert sheet.rows[2][1].kind is CellKind.NUMBER
    assert sheet.rows[2][2].kind is CellKind.DAY
    assert sheet.rows[3][0].text == '=HYPERLINK("http://x")'
    assert not any(cell.computed for _, _, cell in sheet.cells())


def test_an_empty_list_is_a_file_too():
    empty = ListTable("", ("Đơn vị",), [])
    assert open_book(as_excel(empty), "a.xlsx").sheets[0].text(1, 0) == "Đơn vị"
    assert as_csv(empty).decode("utf-8-sig") == "Đơn vị\r\n"
