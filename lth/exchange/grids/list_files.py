"""The sheets of a list's file: a workbook's are read in a process apart, text is read here."""

from collections.abc import Iterator

from lth.core.errors import BlockedError, RefusedError
from lth.exchange.grids import lists
from lth.exchange.grids.books import open_book
from lth.exchange.grids.cells import FileSheet
from lth.exchange.grids.lists import FILE, ListGrid, ListGridRow

_MOST_SHEETS = 12
_MOST_MERGED = 2_000


def list_grids(data: bytes) -> Iterator[ListGrid]:
    """Go through what a person sees of a list's file, sheet by sheet. Raises RefusedError."""
    lists.check_size(data)
    if lists.is_workbook(data):
        yield from _of_workbook(data)
    else:
        yield lists.read_text(data)


def _of_workbook(data: bytes) -> Iterator[ListGrid]:
    try:
        book = open_book(data, "")
    except BlockedError as error:
        raise RefusedError(FILE, error.messages[0]) from error
    seen = [sheet for sheet in book.sheets if not sheet.hidden]
    yield from map(_grid, seen[:_MOST_SHEETS])


def _grid(sheet: FileSheet) -> ListGrid:
    rows = lists.bounded(
        (number, {at: lists.cleaned(cell.text) for at, cell in row.items()})
        for number, row in sheet.rows.items()
    )
    return ListGrid(rows, name=lists.cleaned(sheet.name), merged=_merged(sheet, rows))


def _merged(sheet: FileSheet, rows: tuple[ListGridRow, ...]) -> dict[tuple[int, int], str]:
    """Spread what stands in the first of merged cells over those below it."""
    written = {row.number: row.cells for row in rows}
    found: dict[tuple[int, int], str] = {}
    for top, left, bottom, right in sheet.merged[:_MOST_MERGED]:
        text = written.get(top, {}).get(left)
        if text and left == right:
            low = min(bottom, top + lists.MOST_ROWS)
            found |= {(at, left): text for at in range(top + 1, low + 1) if at in written}
    return found
