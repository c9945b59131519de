"""Write the register of a unit for a spreadsheet: as Excel's own file, and as CSV that Excel opens.

Nothing in it is a formula, whatever a subject says.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from lth.exchange.trail_sheet import FORMULAS, LONGEST_CELL

Cells = Sequence[str | int]

WIDTHS = (8, 16, 12, 16, 60, 36, 24, 40, 14)


@dataclass(frozen=True)
class RegisterSheet:
    """What was found in a register: its title, its heads, its rows, when it was written out."""

    title: str
    unit: str
    head: Cells
    rows: Sequence[Cells]
    note: str


def as_csv(sheet: RegisterSheet) -> bytes:
    """Write CSV as Excel reads it in Vietnamese: UTF-8 with its mark, semicolons between."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_safe(sheet.head))
    writer.writerows(_safe(row) for row in sheet.rows)
    writer.writerow([])
    writer.writerow(_safe([f"{sheet.title}, {sheet.unit}. {sheet.note}"]))
    return ("\ufeff" + text.getvalue()).encode()


def as_excel(sheet: RegisterSheet) -> bytes:
    """Write a workbook of one sheet, the head of its table repeated on each printed page."""
    data = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(data, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        cell = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
        page = book.add_worksheet(sheet.title)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, f"{sheet.title}, {sheet.unit}"[:LONGEST_CELL])
        page.write_string(1, 0, sheet.note[:LONGEST_CELL])
        page.repeat_rows(2)
        page.freeze_panes(3, 0)
        for column, width in enumerate(WIDTHS[: len(sheet.head)]):
            page.set_column(column, column, width)
        page.write_row(2, 0, sheet.head, bold)
        for number, row in enumerate(sheet.rows, start=3):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(number, column, value, cell)
                else:
                    page.write_string(number, column, value[:LONGEST_CELL], cell)
    return data.getvalue()


def _safe(row: Cells) -> list[str | int]:
    return [f"'{one}" if isinstance(one, str) and one.startswith(FORMULAS) else one for one in row]
