"""Cells of a spreadsheet as they stand in a file, before anybody says what they mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from lth.core import clean_text
from lth.core.old_encodings import Encoding, converted, guess, is_unicode

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would calculate."""


class CellKind(StrEnum):
    """A kind of value as the file keeps it; NUMBER has its text with a comma before the places."""

    TEXT = "t"
    NUMBER = "n"
    DAY = "d"
    FAULT = "e"


class FileCell(NamedTuple):
    """A cell: its text as a person reads it, and what it was in the file.

    A tuple, since a workbook has a hundred thousand of them.

    `computed` tells that Excel had computed it; `encoding` that its font is one of before Unicode.
    """

    text: str
    kind: CellKind = CellKind.TEXT
    computed: bool = False
    encoding: Encoding | None = None

    def read_as(self, old: Encoding | None) -> "FileCell":
        """Return the cell in Unicode: as its font says, else as `old` says of the whole file."""
        encoding = self.encoding or old
        if self.kind is not CellKind.TEXT or encoding is None or self.text.isascii():
            return self
        return FileCell(converted(self.text, encoding), self.kind, self.computed)

    @property
    def clean(self) -> str:
        """Return the text composed, without controls and space around its lines."""
        lines = clean_text.visible(self.text).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines).strip()


Row = Mapping[int, FileCell]
"""The cells of a row that hold something, by column from 0."""


@dataclass(frozen=True)
class FileSheet:
    """A sheet: its rows by number from 1, those that hold something, in order.

    `merged` are the corners of merged cells: row and column of the first, and of the last.
    """

    name: str
    rows: Mapping[int, Row]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False

    def text(self, row: int, column: int) -> str:
        """Return the clean text of a cell, empty where there is none."""
        cell = self.rows.get(row, {}).get(column)
        return cell.clean if cell else ""

    def cells(self) -> Iterator[tuple[int, int, FileCell]]:
        """Go through all cells with row and column."""
        for number, row in self.rows.items():
            for column, cell in row.items():
                yield number, column, cell

    @cached_property
    def width(self) -> int:
        """Count the columns up to the last that holds something."""
        return max((max(row) + 1 for row in self.rows.values()), default=0)


@dataclass(frozen=True)
class FileBook:
    """A workbook, or the one sheet of a text file; `file_name` as it was sent."""

    sheets: tuple[FileSheet, ...]
    file_name: str = ""
    text_file: bool = field(default=False)

    def sheet(self, name: str) -> FileSheet | None:
        """Find a sheet by its name."""
        return next((one for one in self.sheets if one.name.strip() == name), None)

    @property
    def visible(self) -> list[FileSheet]:
        """List the sheets that a person sees and that hold something."""
        return [one for one in self.sheets if one.rows and not one.hidden]

    def old_texts(self) -> Iterator[str]:
        """Go through the texts that may be of before Unicode."""
        for sheet in self.visible:
            for _, _, cell in sheet.cells():
                is_old = cell.kind is CellKind.TEXT and not cell.text.isascii()
                if is_old and not is_unicode(cell.text):
                    yield cell.text

    @cached_property
    def guessed(self) -> Encoding | None:
        """Suggest what the texts are written in that no font speaks for."""
        return guess("\n".join(self.old_texts()))

    @property
    def is_old(self) -> bool:
        """Tell whether something in it may be of before Unicode, so that a person is asked."""
        fonts = (
            cell.encoding and not cell.text.isascii() and not is_unicode(cell.text)
            for sheet in self.visible
            for _, _, cell in sheet.cells()
        )
        return self.guessed is not None or any(fonts)

    def read_as(self, old: Encoding | None) -> "FileBook":
        """Return the book in Unicode."""
        sheets = tuple(
            FileSheet(
                sheet.name,
                {
                    number: {at: cell.read_as(old) for at, cell in row.items()}
                    for number, row in sheet.rows.items()
                },
                sheet.merged,
                sheet.hidden,
            )
            for sheet in self.sheets
        )
        return FileBook(sheets, self.file_name, self.text_file)


def letters(column: int) -> str:
    """Return the letters of a column from 0: "A", "Z", "AA"."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def address(sheet: str, row: int, column: int) -> str:
    """Return where a cell stands, as Excel says it: "Chỉ tiêu!D14"."""
    place = f"{letters(column)}{row}"
    return f"{sheet}!{place}" if sheet else place


# --- Kept as JSON -------------------------------------------------------------------------


def packed(book: FileBook) -> dict[str, Any]:
    """Return a book as JSON has it; see `unpacked`."""
    return {
        "text_file": book.text_file,
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "merged": [list(one) for one in sheet.merged],
                "rows": [
                    [number, [[at, *_packed(cell)] for at, cell in row.items()]]
                    for number, row in sheet.rows.items()
                ],
            }
            for sheet in book.sheets
        ],
    }


def _packed(cell: FileCell) -> tuple[str, str, int, str]:
    return cell.text, cell.kind.value, int(cell.computed), cell.encoding or ""


def unpacked(kept: Mapping[str, Any], file_name: str = "") -> FileBook:
    """Make the book that was packed."""
    sheets = tuple(
        FileSheet(
            sheet["name"],
            {number: {at: _unpacked(*cell) for at, *cell in row} for number, row in sheet["rows"]},
            tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
            sheet["hidden"],
        )
        for sheet in kept["sheets"]
    )
    return FileBook(sheets, file_name, kept.get("text_file", False))


def _unpacked(text: str, kind: str = "t", computed: int = 0, encoding: str = "") -> FileCell:
    if kind == "t" and not computed and not encoding:
        return FileCell(text)
    known = Encoding(encoding) if encoding else None
    return FileCell(text, _KINDS[kind], bool(computed), known)


_KINDS = {kind.value: kind for kind in CellKind}
