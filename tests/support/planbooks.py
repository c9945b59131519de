"""Workbooks of plans as people send them back: some cells typed over, or built anew."""

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.exchange.grids.books import open_book
from lth.exchange.grids.cells import CellKind, FileBook, FileCell, FileSheet
from lth.exchange.workbook import contents, reading, writing
from lth.exchange.workbook.layout import PART_SHEETS, TARGET_SHEET
from lth.models import Document

from .draftworld import NOON

KEY = "a key that only the tests have"


def taken(session: Session, actor: Actor, document: Document, key: str = KEY) -> FileBook:
    """The workbook of a draft as its drafter gets it now."""
    state = contents.drafted(session, actor, document.id)
    return open_book(writing.write(state, key, NOON), "ke-hoach.xlsx")


def row_of(book: FileBook, sheet: str, code: str) -> int:
    """The number of the row with a code."""
    rows = book.sheet(sheet).rows
    return next(number for number, row in rows.items() if 0 in row and row[0].text == code)


def column_of(book: FileBook, sheet: str, name: str) -> int:
    """The column of a name on one of our sheets."""
    typed = reading.read(book, None)
    rows = typed.targets if sheet == TARGET_SHEET else typed.parts.get(_part(sheet), ())
    if rows:
        return rows[0].places[name]
    _, places = reading._found(book.sheet(sheet))
    return places[name]


def _part(sheet: str) -> str:
    return next(part for part, name in PART_SHEETS.items() if name == sheet)


def typed(book: FileBook, sheet: str, number: int, cells: Mapping[str, Any]) -> FileBook:
    """The book with cells typed over; None empties one, a FileCell stands as it is."""
    found = book.sheet(sheet)
    row = dict(found.rows.get(number, {}))
    for name, value in cells.items():
        at = column_of(book, sheet, name)
        row.pop(at, None)
        if value is not None:
            row[at] = value if isinstance(value, FileCell) else FileCell(str(value))
    rows = dict(sorted({**found.rows, number: row}.items()))
    changed = FileSheet(found.name, rows, found.merged, found.hidden)
    sheets = tuple(changed if one is found else one for one in book.sheets)
    return replace(book, sheets=sheets)


def typed_at(book: FileBook, sheet: str, code: str, **cells: Any) -> FileBook:
    """The book with cells of the row with a code typed over."""
    return typed(book, sheet, row_of(book, sheet, code), cells)


def blank_row(book: FileBook, sheet: str) -> int:
    """The first row below all that is filled."""
    return max(book.sheet(sheet).rows) + 1


def as_file(book: FileBook, change: Any = None) -> bytes:
    """The book as an Excel file; `change` may add to it."""
    kept = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(kept, plain) as made:
        share = made.add_format({"num_format": "0.00%"})
        for sheet in book.sheets:
            page = made.add_worksheet(sheet.name)
            for number, at, cell in sheet.cells():
                if cell.kind is CellKind.NUMBER and cell.text.endswith(" %"):
                    value = float(cell.text.removesuffix(" %").replace(",", ".")) / 100
                    page.write_number(number - 1, at, value, share)
                elif cell.kind is CellKind.NUMBER:
                    page.write_number(number - 1, at, float(cell.text.replace(",", ".")))
                else:
                    page.write_string(number - 1, at, cell.text)
            if sheet.hidden:
                page.hide()
        if change is not None:
            change(made)
    return kept.getvalue()
