"""The row of headings of a list, wherever it stands, and the rows below it by their columns."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from lth.core.i18n import N_, Message, listed
from lth.core.vietnamese import search_key
from lth.exchange.grids.lists import ListGrid, ListGridRow, refused

Column = TypeVar("Column", bound=StrEnum)

SEARCHED = 40
"""How many rows with something in them are looked through for the headings."""


@dataclass(frozen=True)
class ListColumns(Generic[Column]):
    """The columns that a list may have: how each is named, by which search keys it is known.

    Keys that are `weak` count only where no other names the same column. `missing` says which
    columns a list lacks, by those that it has; `joined` are those that may take two columns of the
    file. `unheaded` is what a file is told that has no headings at all.
    """

    labels: Mapping[Column, str]
    known: Mapping[str, Column]
    missing: Callable[[Collection[Column]], list[Column]]
    unheaded: str
    weak: frozenset[str] = frozenset()
    joined: frozenset[Column] = field(default_factory=frozenset)


def by_word(words: Mapping[Column, str], labels: Mapping[Column, str]) -> dict[str, Column]:
    """Return columns by the search keys that they are known by: those of words parted by ";", and
    of their labels.
    """
    found = {search_key(label): column for column, label in labels.items()}
    return found | {
        word.strip(): column for column, text in words.items() for word in text.split(";")
    }


@dataclass(frozen=True)
class HeadedSheet(Generic[Column]):
    """The sheet of a list, the number of its row of headings, and which column each is."""

    sheet: ListGrid
    number: int
    columns: Mapping[int, Column]

    @property
    def below(self) -> list[ListGridRow]:
        """List the rows below the headings."""
        return [row for row in self.sheet.rows if row.number > self.number]

    def cells(self, row: ListGridRow) -> dict[Column, str]:
        """Read a row by its columns; of a column that takes two, both are kept."""
        cells: dict[Column, str] = {}
        for at, column in self.columns.items():
            text = row.cells.get(at) or self.sheet.merged.get((row.number, at), "")
            if text:
                cells[column] = f"{cells[column]}, {text}" if column in cells else text
        return cells


def find(grids: Iterable[ListGrid], wanted: ListColumns[Column]) -> HeadedSheet[Column]:
    """Find the sheet that has the headings. Raises RefusedError that says what is missing."""
    nearest: dict[int, Column] = {}
    for sheet in grids:
        for row in sheet.rows[:SEARCHED]:
            columns = columns_of(row, wanted)
            if not wanted.missing(columns.values()):
                _refuse_twins(row.number, columns, wanted)
                return HeadedSheet(sheet, row.number, columns)
            nearest = max(nearest, columns, key=len)
    if len(nearest) < 2:
        raise refused(wanted.unheaded)
    missing = [Message(wanted.labels[column]) for column in wanted.missing(nearest.values())]
    raise refused(N_("Bảng thiếu cột: %(columns)s."), columns=listed(missing))


def columns_of(row: ListGridRow, wanted: ListColumns[Column]) -> dict[int, Column]:
    """Say which column each cell of a row is the heading of, where it is one."""
    words = {at: _heading(text, wanted) for at, text in row.cells.items()}
    found = {at: wanted.known[word] for at, word in words.items() if word}
    strong = {wanted.known[word] for word in words.values() if word and word not in wanted.weak}
    return {at: of for at, of in found.items() if words[at] not in wanted.weak or of not in strong}


def _heading(text: str, wanted: ListColumns[Column]) -> str:
    """Return the word of the table that a cell says, or nothing."""
    said = (search_key(text), search_key(_before(text)))
    return next((word for word in said if word in wanted.known), "")


def _before(text: str) -> str:
    """Return a heading without what it says in brackets or after a stroke: "Email (công vụ)"."""
    return text.partition("(")[0].partition("/")[0].partition("*")[0]


def _refuse_twins(number: int, columns: Mapping[int, Column], wanted: ListColumns[Column]) -> None:
    kinds = [column for column in columns.values() if column not in wanted.joined]
    twin = next((column for column in kinds if kinds.count(column) > 1), None)
    if twin is not None:
        raise refused(
            N_("Dòng tiêu đề (dòng %(row)s) có hai cột “%(column)s”. Hãy bỏ một cột."),
            row=number,
            column=Message(wanted.labels[twin]),
        )


def numbers(rows: Iterable[int]) -> str:
    """Write row numbers shortly: "4, 7, 9, …"."""
    all_of_them = list(rows)
    shown = ", ".join(map(str, all_of_them[:8]))
    return f"{shown}, …" if len(all_of_them) > 8 else shown
