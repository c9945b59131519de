"""Writing rows of the trail for a spreadsheet: as CSV that Excel opens, and as Excel's own.

Nothing in it is a formula, whatever somebody has typed as a reason.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from lth.exchange.grids.tables import safe

Row = Sequence[str | int]

LONGEST_CELL = 32_767
WIDTH = 22


@dataclass(frozen=True)
class TrailSheet:
    """What was found, and the ends of the chains it lies in as they were at that moment."""

    title: str
    head: Row
    rows: Sequence[Row]
    ends_title: str
    ends_head: Row
    ends: Sequence[Row]
    note: str


def as_csv(sheet: TrailSheet) -> bytes:
    """Write CSV as Excel reads it in Vietnamese: UTF-8 with its mark, semicolons between."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_safe(sheet.head))
    writer.writerows(_safe(row) for row in sheet.rows)
    writer.writerow([])
    writer.writerow(_safe([sheet.note]))
    writer.writerow(_safe([sheet.ends_title]))
    writer.writerow(_safe(sheet.ends_head))
    writer.writerows(_safe(row) for row in sheet.ends)
    return ("\ufeff" + text.getvalue()).encode()


def _safe(row: Row) -> list[str | int]:
    return [safe(one) for one in row]


def as_excel(sheet: TrailSheet) -> bytes:
    """Write a workbook of two sheets: what was found, and the ends of the chains."""
    data = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(data, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for title, head, rows in (
            (sheet.title, sheet.head, sheet.rows),
            (sheet.ends_title, sheet.ends_head, [*sheet.ends, [sheet.note]]),
        ):
            page = book.add_worksheet(title)
            page.freeze_panes(1, 0)
            page.set_column(0, len(head) - 1, WIDTH, wrapped)
            page.write_row(0, 0, head, bold)
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        page.write_number(number, column, value)
                    else:
                        page.write_string(number, column, value[:LONGEST_CELL])
    return data.getvalue()
