"""Workbooks for download: the form of a list, filled in as far as it can be, and rows to mend.

Nothing in them is a formula, whatever is typed in a cell of the list.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lth.access.roles import ROLE_LABEL
from lth.core.i18n import N_
from lth.core.language import gettext, say
from lth.exchange.roster.lines import CheckedLine, Post, role_words, unit_words
from lth.exchange.roster.places import Places
from lth.exchange.roster.words import COLUMN_LABEL, Column
from lth.models import Unit
from lth.models.person import Role
from lth.models.unit import Level

NEEDED = {
    Level.COMMUNE: (Role.LEADER, Role.CLERK, Role.UNIT_ADMIN),
    Level.DISTRICT: (Role.LEADER, Role.SPECIALIST, Role.UNIT_ADMIN),
    Level.PROVINCE: (Role.LEADER, Role.SPECIALIST, Role.UNIT_ADMIN),
}
"""The roles without which no unit of a level does its part."""

_COLUMNS = (
    Column.CODE,
    Column.UNIT,
    Column.OFFICE,
    Column.NAME,
    Column.POSITION,
    Column.ROLE,
    Column.EMAIL,
)
_WIDTHS = {
    Column.CODE: 12,
    Column.UNIT: 30,
    Column.OFFICE: 22,
    Column.NAME: 28,
    Column.POSITION: 26,
    Column.ROLE: 24,
    Column.EMAIL: 32,
}
_FACES = {
    "head": {"bold": True, "bg_color": "#F3E9D2", "bottom": 2, "text_wrap": True},
    "text": {"num_format": "@"},
    "wrong": {"num_format": "@", "bg_color": "#FBE3DF"},
    "told": {"text_wrap": True, "font_color": "#8F1D1D"},
}

_HOW = (
    N_("Điền tên, chức vụ, địa chỉ thư vào trang “Danh sách”; mỗi dòng một người, một vai trò."),
    N_("Người giữ hai vai trò thì ghi hai dòng với cùng họ tên và địa chỉ thư."),
    N_("Dòng nào chưa có người thì để trống: dòng đó được bỏ qua."),
    N_("Vai trò chọn trong danh sách thả xuống. Đơn vị ghi theo trang “Đơn vị”, hoặc ghi mã."),
    N_("Phòng, ban không bắt buộc; chỉ ghi khi đơn vị đã khai phòng, ban đó."),
    N_("Tải tệp lên: mọi dòng được kiểm tra và cho xem trước, chưa có thư nào được gửi."),
)


def template(places: Places, filled: Iterable[Post]) -> bytes:
    """Write a list to fill in: a row for each unit in reach and each role that it still needs.

    `filled`: the roles that somebody holds or was asked to take.
    """
    taken = {(post.unit_id, post.role) for post in filled}
    with _workbook() as (book, faces, kept):
        page = book.add_worksheet(gettext("Danh sách"))
        _head(page, faces, _COLUMNS)
        rows = [
            (unit, role)
            for unit in places.reach.units
            for role in NEEDED[unit.level]
            if (unit.id, role) not in taken
        ]
        for at, (unit, role) in enumerate(rows, 1):
            _write(page, at, faces["text"], _blank(places, unit, role))
        _offer_roles(page, len(rows))
        _list_units(book, faces, places.reach.units)
        _explain(book)
    return kept.getvalue()


def rows_to_mend(lines: Sequence[CheckedLine]) -> bytes:
    """Write the rows that have problems as they stand, with a column that says what is wrong."""
    with _workbook() as (book, faces, kept):
        page = book.add_worksheet(gettext("Cần sửa"))
        columns = (*Column,)
        _head(page, faces, columns)
        told_at = len(columns)
        page.write_string(0, told_at, gettext("Cần sửa gì"), faces["head"])
        page.set_column(told_at, told_at, 60)
        for at, line in enumerate(lines, 1):
            wrong = {problem.column for problem in line.problems}
            for place, column in enumerate(columns):
                face = faces["wrong" if column in wrong else "text"]
                page.write_string(at, place, line.typed.cell(column), face)
            page.write_string(at, told_at, told(line), faces["told"])
        _offer_roles(page, len(lines), columns.index(Column.ROLE))
    return kept.getvalue()


def told(line: CheckedLine) -> str:
    """Say in one text what is wrong with a row, and what was probably meant."""
    return " ".join(_told(line))


def _told(line: CheckedLine) -> Iterator[str]:
    for problem in line.problems:
        yield f"{say_column(problem.column)}: {say(problem.said)}"
        if problem.near:
            yield gettext("Có phải: %(near)s?", near="; ".join(problem.near))


def say_column(column: Column) -> str:
    """Name a column in the current language."""
    return gettext(COLUMN_LABEL[column])


@contextmanager
def _workbook() -> Iterator[tuple[Workbook, dict[str, object], io.BytesIO]]:
    kept = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, plain) as book:
        yield book, {name: book.add_format(how) for name, how in _FACES.items()}, kept


def _head(page: Worksheet, faces: dict[str, object], columns: Sequence[Column]) -> None:
    """Write the headings in Vietnamese, as a list is read."""
    for at, column in enumerate(columns):
        page.write_string(0, at, COLUMN_LABEL[column], faces["head"])
        page.set_column(at, at, _WIDTHS.get(column, 20), faces["text"])
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, 0, len(columns) - 1)


def _blank(places: Places, unit: Unit, role: Role) -> list[str]:
    cells = {
        Column.CODE: unit.code,
        Column.UNIT: unit_words(unit, places),
        Column.ROLE: ROLE_LABEL[role],
    }
    return [cells.get(column, "") for column in _COLUMNS]


def _write(page: Worksheet, at: int, face: object, texts: Sequence[str]) -> None:
    for place, text in enumerate(texts):
        page.write_string(at, place, text, face)


def _offer_roles(page: Worksheet, rows: int, at: int = _COLUMNS.index(Column.ROLE)) -> None:
    last = max(rows, 1) + 200
    page.data_validation(1, at, last, at, {"validate": "list", "source": role_words()})


def _list_units(book: Workbook, faces: dict[str, object], units: Sequence[Unit]) -> None:
    page = book.add_worksheet(gettext("Đơn vị"))
    for at, text in enumerate((gettext("Mã đơn vị"), gettext("Tên đơn vị"))):
        page.write_string(0, at, text, faces["head"])
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 40)
    for at, unit in enumerate(units, 1):
        _write(page, at, faces["text"], [unit.code, unit.full_name])


def _explain(book: Workbook) -> None:
    page = book.add_worksheet(gettext("Hướng dẫn"))
    page.set_column(0, 0, 110)
    for at, text in enumerate(_HOW):
        page.write_string(at, 0, f"{at + 1}. {gettext(text)}")
