"""The columns of a list of people, and the people in the rows below its headings."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from lth.core.i18n import C_, N_, Message
from lth.core.vietnamese import search_key
from lth.exchange.grids import headed
from lth.exchange.grids.headed import ListColumns
from lth.exchange.grids.list_files import list_grids
from lth.exchange.grids.lists import refused
from lth.exchange.roster.words import COLUMN_LABEL, COLUMN_OF, TOTALS, WEAK, Column

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
    found = headed.find(list_grids(data), _COLUMNS_OF_ONE if one_unit else _COLUMNS)
    rows = [ListedRow(row.number, found.cells(row)) for row in found.below]
    people = tuple(row for row in rows if _is_person(row))
    if not people:
        raise refused(
            N_("Dưới dòng tiêu đề (dòng %(row)s) không có dòng nào ghi tên người."),
            row=found.number,
        )
    left = [row for row in rows if not _is_person(row) and set(row.cells) & set(_KNOWN)]
    return PeopleList(people, (*found.sheet.notes, *_about_left(left)))


_KNOWN = (Column.UNIT, Column.CODE, Column.ROLE)


def _missing(columns: Collection[Column]) -> list[Column]:
    missing = _missing_of_one(columns)
    if not {Column.UNIT, Column.CODE} & set(columns):
        missing.insert(0, Column.UNIT)
    return missing


def _missing_of_one(columns: Collection[Column]) -> list[Column]:
    return [column for column in _NEEDED if column not in columns]


def _columns(missing: Callable[[Collection[Column]], list[Column]]) -> ListColumns[Column]:
    return ListColumns(
        labels=COLUMN_LABEL,
        known=COLUMN_OF,
        missing=missing,
        unheaded=N_(
            "Không thấy dòng tiêu đề. Cần một dòng có các ô: Đơn vị, Họ và tên, Vai trò, Thư"
            " điện tử."
        ),
        weak=WEAK,
        joined=frozenset({Column.AREA}),
    )


_COLUMNS, _COLUMNS_OF_ONE = _columns(_missing), _columns(_missing_of_one)


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
    numbers = headed.numbers(row.number for row in rows)
    return [Message(text, {"rows": numbers}, number=len(rows))]
