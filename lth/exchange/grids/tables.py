"""Write a list as it stands on a page for a spreadsheet: as Excel's own file, and as CSV.

Texts are texts, whatever sign they begin with, and whole numbers are numbers, so that a list can be
added up and sorted where it is opened.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter

from lth.exchange.grids.cells import FORMULAS

TableValue = str | int | date | None

_LONGEST_CELL = 32_767
_WIDEST = 60
_NARROWEST = 8


@dataclass(frozen=True)
class ListTable:
    """A list with its title (also the sheet's name), the heads of its columns, and its rows."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[TableValue]]
    note: str = ""


def as_csv(table: ListTable) -> bytes:
    """Write CSV as Excel reads it in Vietnamese: UTF-8 with its mark, semicolons between."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(safe, table.head))
    writer.writerows(map(safe, row) for row in table.rows)
    if table.note:
        writer.writerows(([], [safe(table.note)]))
    return ("\ufeff" + text.getvalue()).encode()


def safe(value: TableValue) -> str | int:
    """Return a value as CSV has it: a text that a spreadsheet would calculate begins with "'"."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    return "" if value is None else value


def as_excel(*tables: ListTable) -> bytes:
    """Write a workbook of a sheet a list, each head fixed and filtered, fit to a page's width."""
    kept = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, plain) as book:
        grid = {"border": 1, "border_color": "#D8CFBE", "valign": "top", "text_wrap": True}
        head = book.add_format(grid | {"bold": True, "bg_color": "#F3E9D2"})
        faces = {
            str: book.add_format(grid),
            int: book.add_format(grid | {"num_format": "#,##0"}),
            date: book.add_format(grid | {"num_format": "dd/mm/yyyy", "align": "left"}),
        }
        for table in tables:
            _add_sheet(book, table, head, faces)
    return kept.getvalue()


def _add_sheet(book: xlsxwriter.Workbook, table: ListTable, head: object, faces: dict) -> None:
    page = book.add_worksheet(_sheet_name(table.title))
    for at, text in enumerate(table.head):
        page.write_string(0, at, text, head)
        page.set_column(at, at, _width(table, at))
    for number, row in enumerate(table.rows, 1):
        for at, value in enumerate(row):
            _write(page, number, at, value, faces)
    if table.note:
        page.write_string(len(table.rows) + 2, 0, table.note)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(table.rows), 1), max(len(table.head) - 1, 0))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _sheet_name(title: str) -> str:
    """Return a title as Excel allows it for a sheet."""
    return "".join(char for char in title if char not in "[]:*?/\\")[:31].strip("' ") or "1"


def _write(page: object, row: int, at: int, value: TableValue, faces: dict) -> None:
    if isinstance(value, int):
        page.write_number(row, at, value, faces[int])  # type: ignore[attr-defined] # a worksheet
    elif isinstance(value, date):
        page.write_datetime(row, at, value, faces[date])  # type: ignore[attr-defined] # as above
    else:
        text = (value or "")[:_LONGEST_CELL]
        page.write_string(row, at, text, faces[str])  # type: ignore[attr-defined] # as above


def _width(table: ListTable, at: int) -> float:
    texts = [table.head[at], *(str(row[at] or "") for row in table.rows if at < len(row))]
    longest = max(len(line) for text in texts for line in text.split("\n"))
    return min(max(longest + 2, _NARROWEST), _WIDEST)
