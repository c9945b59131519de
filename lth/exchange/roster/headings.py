"""The row of headings of a list, wherever it stands, and the people in the rows below it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lth.core.i18n import C_, N_, Message, listed
from lth.core.vietnamese import search_key
from lth.exchange.grids.list_files import list_grids
from lth.exchange.grids.lists import ListGrid, ListGridRow, refused
from lth.exchange.roster.words import COLUMN_LABEL, COLUMN_OF, TOTALS, WEAK, Column

_SEARCHED = 40
"""How many rows with something in them are looked through for the headings."""

_ABOUT_A_PERSON = (Column.NAME, Column.POSITION, Column.EMAIL)
_NEEDED = (Column.NAME, Column.ROLE, Column.EMAIL)


@dataclass(frozen=True)
class ListedRow:
    """A row about somebody: its number in the file, and what stands in its columns."""

    number: int
    cells: Mapping[Column, str]


@dataclass(frozen=True)
class PeopleList:
    """The rows of a list that are about somebody, and what is to be said about the others."""

    rows: tuple[ListedRow, ...]
    notes: tuple[Message, ...] = ()


def read(data: bytes, *, one_unit: bool = False) -> PeopleList:
    """Read a list of people from a file's bytes; `one_unit`: it need not say of which unit.

    Raises RefusedError for what is no such list; nothing in a single row can bring that about but
    what is beyond all bounds.
    """
    sheet, number, columns = _found(list_grids(data), one_unit)
    below = [row for row in sheet.rows if row.number > number]
    found = [_listed(sheet, row, columns) for row in below]
    people = tuple(row for row in found if _is_person(row))
    if not people:
        raise refused(
            N_("Dưới dòng tiêu đề (dòng %(row)s) không có dòng nào ghi tên người."), row=number
        )
    left = [row for row in found if not _is_person(row) and set(row.cells) & set(_KNOWN)]
    return PeopleList(people, (*sheet.notes, *_about_left(left)))


_KNOWN = (Column.UNIT, Column.CODE, Column.ROLE)


def _found(grids: Iterable[ListGrid], one_unit: bool) -> tuple[ListGrid, int, dict[int, Column]]:
    """Find the sheet that has headings, the row they stand in, and which column each is."""
    nearest: dict[int, Column] = {}
    for sheet in grids:
        for row in sheet.rows[:_SEARCHED]:
            columns = _columns(row)
            if not _missing(columns, one_unit):
                _refuse_twins(row.number, columns)
                return sheet, row.number, columns
            nearest = max(nearest, columns, key=len)
    if len(nearest) < 2:
        raise refused(
            N_(
                "Không thấy dòng tiêu đề. Cần một dòng có các ô: Đơn vị, Họ và tên, Vai trò, Thư"
                " điện tử."
            )
        )
    missing = [Message(COLUMN_LABEL[column]) for column in _missing(nearest, one_unit)]
    raise refused(N_("Bảng thiếu cột: %(columns)s."), columns=listed(missing))


def _columns(row: ListGridRow) -> dict[int, Column]:
    """Say which column each cell of a row is the heading of, where it is one."""
    words = {at: _heading(text) for at, text in row.cells.items()}
    found = {at: COLUMN_OF[word] for at, word in words.items() if word}
    strong = {COLUMN_OF[word] for word in words.values() if word and word not in WEAK}
    return {at: of for at, of in found.items() if words[at] not in WEAK or of not in strong}


def _heading(text: str) -> str:
    """Return the word of the table that a cell says, or nothing."""
    said = (search_key(text), search_key(_before(text)))
    return next((word for word in said if word in COLUMN_OF), "")


def _before(text: str) -> str:
    """Return a heading without what it says in brackets or after a stroke: "Email (công vụ)"."""
    return text.partition("(")[0].partition("/")[0].partition("*")[0]


def _missing(columns: Mapping[int, Column], one_unit: bool) -> list[Column]:
    there = set(columns.values())
    missing = [column for column in _NEEDED if column not in there]
    if not one_unit and not there & {Column.UNIT, Column.CODE}:
        missing.insert(0, Column.UNIT)
    return missing


def _refuse_twins(number: int, columns: Mapping[int, Column]) -> None:
    kinds = [column for column in columns.values() if column is not Column.AREA]
    twin = next((column for column in kinds if kinds.count(column) > 1), None)
    if twin is not None:
        raise refused(
            N_("Dòng tiêu đề (dòng %(row)s) có hai cột “%(column)s”. Hãy bỏ một cột."),
            row=number,
            column=Message(COLUMN_LABEL[twin]),
        )


def _listed(sheet: ListGrid, row: ListGridRow, columns: Mapping[int, Column]) -> ListedRow:
    """Read a row by its columns; of the units above, which may take two, both are kept."""
    cells: dict[Column, str] = {}
    for at, column in columns.items():
        text = row.cells.get(at) or sheet.merged.get((row.number, at), "")
        if text:
            cells[column] = f"{cells[column]}, {text}" if column in cells else text
    return ListedRow(row.number, cells)


def _is_person(row: ListedRow) -> bool:
    """Tell whether a row is about somebody: no row of totals, none that waits to be filled in."""
    if not any(column in row.cells for column in _ABOUT_A_PERSON):
        return False
    first = search_key(next(iter(row.cells.values())))
    return Column.EMAIL in row.cells or first.partition(" ")[0] not in TOTALS


def _about_left(rows: Sequence[ListedRow]) -> list[Message]:
    """Say which rows are left out, unless nothing of them was to be read anyway."""
    if not rows:
        return []
    text = C_("Bỏ qua %(num)s dòng không ghi tên người (dòng %(rows)s).")
    return [Message(text, {"rows": _numbers([row.number for row in rows])}, number=len(rows))]


def _numbers(numbers: Sequence[int]) -> str:
    """Write row numbers shortly: "4, 7, 9, …"."""
    shown = ", ".join(map(str, numbers[:8]))
    return f"{shown}, …" if len(numbers) > 8 else shown
