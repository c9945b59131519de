"""Rows and cells of a list, whatever file it stands in; bounded before anything is unpacked."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lth.core import clean_text
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message

FILE = "file"
"""The field of a form that refusals of a whole file are about."""

MOST_ROWS = 5_000
MOST_COLUMNS = 16
LONGEST_CELL = 500
_MOST_CELLS = 2 * MOST_ROWS * MOST_COLUMNS
"""Texts in a text file: twice as many as a list has where each cell is filled."""
LARGEST_FILE = 5_000_000
LARGEST_UNPACKED = 50_000_000

_DELIMITERS = ";,\t"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HEADING_LINES = 30


@dataclass(frozen=True)
class ListGridRow:
    """A row with something in it: its number in the file, and its texts by column from 0."""

    number: int
    cells: Mapping[int, str]


@dataclass(frozen=True)
class ListGrid:
    """The rows of one sheet, and what had to be done to read them."""

    rows: tuple[ListGridRow, ...]
    notes: tuple[Message, ...] = ()
    name: str = ""
    merged: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What merged cells show, by row number and column, beside where it is written."""


def refused(text: str, **values: object) -> RefusedError:
    """Return the refusal of a whole file; `text` is a msgid marked by `N_`."""
    return RefusedError(FILE, text, **values)


def is_workbook(data: bytes) -> bool:
    """Tell whether a file is one of Excel's. Raises RefusedError for a kind that is not read."""
    if data.startswith(_OLD_EXCEL):
        raise refused(
            N_(
                "Tệp là Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy mở tệp, bỏ mật khẩu và lưu"
                " thành .xlsx."
            )
        )
    return data.startswith(b"PK")


def check_size(data: bytes) -> None:
    """Raise RefusedError for an empty file, and for one that is too large for a list of people."""
    if not data.strip():
        raise refused(N_("Tệp trống."))
    if len(data) > LARGEST_FILE:
        raise refused(
            N_("Tệp lớn quá %(most)s MB. Hãy chỉ giữ lại trang danh sách."),
            most=LARGEST_FILE // 1_000_000,
        )


def read_text(data: bytes) -> ListGrid:
    """Read a list whose cells stand between semicolons, commas or tabs. Raises RefusedError."""
    text, notes = decoded(data)
    return ListGrid(bounded(_records(text)), notes)


def bounded(rows: Iterable[tuple[int, Mapping[int, str]]]) -> tuple[ListGridRow, ...]:
    """Gather the rows that have something in them. Raises RefusedError past the bounds."""
    found: list[ListGridRow] = []
    for number, cells in rows:
        kept = {at: text for at, text in cells.items() if text}
        if not kept:
            continue
        if len(found) == MOST_ROWS:
            raise _too_long()
        _check_cells(number, kept)
        found.append(ListGridRow(number, kept))
    return tuple(found)


def cleaned(text: str) -> str:
    """Return a cell's text, composed, on one line; what nobody sees is left for the checks."""
    return " ".join(clean_text.cleaned(text).split())


def _too_long() -> RefusedError:
    return refused(N_("Danh sách dài quá %(most)s dòng. Hãy chia nhỏ."), most=MOST_ROWS)


def _check_cells(number: int, cells: Mapping[int, str]) -> None:
    if max(cells) >= MOST_COLUMNS:
        raise refused(
            N_("Dòng %(row)s có chữ ở ngoài %(most)s cột đầu. Hãy bỏ các cột thừa."),
            row=number,
            most=MOST_COLUMNS,
        )
    if max(map(len, cells.values())) > LONGEST_CELL:
        raise refused(
            N_("Dòng %(row)s có ô dài quá %(most)s ký tự."), row=number, most=LONGEST_CELL
        )


# --- Text files ---------------------------------------------------------------------------


def decoded(data: bytes) -> tuple[str, tuple[Message, ...]]:
    """Return the text of a file, and what is to be said about how it was read."""
    try:
        if data.startswith(_MARKS_OF_UTF_16):
            return _without_nul(data.decode("utf-16")), ()
        return _without_nul(data.decode("utf-8-sig")), ()
    except UnicodeDecodeError:
        text = _windows_1258(data)
    note = N_(
        "Tệp không lưu theo UTF-8 mà theo bảng mã Windows-1258; đã chuyển đổi. Hãy xem kỹ dấu"
        " của tên người, tên đơn vị."
    )
    return _without_nul(text), (Message(note),)


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise refused(_NO_LIST)
    return text


_NO_LIST = N_("Tệp này không phải danh sách Excel (.xlsx) hay CSV.")

_LETTERS = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz")


def _windows_1258(data: bytes) -> str:
    """Read the Windows code page of Vietnamese. Raises RefusedError where that makes no words."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise refused(_NO_LIST) from error
    if not all(map(_is_vietnamese, text)):
        raise refused(
            N_(
                "Không đọc được dấu tiếng Việt trong tệp (có thể là phông TCVN3, VNI). Hãy lưu"
                " lại thành .xlsx hoặc CSV UTF-8."
            )
        )
    return text


def _is_vietnamese(char: str) -> bool:
    if char.isspace() or (char.isascii() and char.isprintable()) or char in "–—‘’“”…€đĐ\u00a0":
        return True
    letter = unicodedata.normalize("NFD", char.casefold())[0]
    return char.isalpha() and letter in _LETTERS


def _records(text: str) -> Iterator[tuple[int, dict[int, str]]]:
    """Read the lines; nothing is made of empty cells, of which a small file may have millions.

    Raises RefusedError where there are more cells than a list has.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    left = _MOST_CELLS
    try:
        for number, record in enumerate(reader, 1):
            filled = [(at, cell) for at, cell in enumerate(record) if cell]
            left -= len(filled)
            if left < 0:
                raise _too_long()
            yield number, {at: cleaned(cell) for at, cell in filled}
    except csv.Error as error:
        raise refused(_NO_LIST) from error


def delimiter(text: str) -> str:
    """Choose the sign that parts the first lines into the most cells."""
    lines = text.splitlines()[:_HEADING_LINES]
    return max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
