"""Writing rows of the trail for a spreadsheet: as CSV that Excel opens, and as Excel's own.

Nothing in it is a formula, whatever somebody has typed as a reason.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from lth.exchange.grids import tables
from lth.exchange.grids.tables import ListTable, safe

Row = Sequence[str | int]


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
    return tables.as_excel(
        ListTable(sheet.title, sheet.head, sheet.rows),
        ListTable(sheet.ends_title, sheet.ends_head, sheet.ends, sheet.note),
    )
