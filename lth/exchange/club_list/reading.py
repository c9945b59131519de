"""The rows of a file that are about a club, and what is to be said about the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lth.core.i18n import C_, N_, Message
from lth.core.vietnamese import search_key
from lth.exchange.club_list.words import COLUMNS, TOTALS, ClubColumn
from lth.exchange.grids import headed
from lth.exchange.grids.list_files import list_grids
from lth.exchange.grids.lists import refused

MOST_CLUBS = 500
"""More clubs than any commune has."""


@dataclass(frozen=True)
class ClubRow:
    """A row about a club: its number in the file, and what stands in its columns."""

    number: int
    cells: Mapping[ClubColumn, str]

    def cell(self, column: ClubColumn) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class ReadList:
    """The rows of a list, in the file's order, and what was to be done to read it."""

    rows: tuple[ClubRow, ...]
    notes: tuple[Message, ...] = ()


def read(data: bytes) -> ReadList:
    """Read a list of clubs from a file's bytes; whoever calls it holds no lock meanwhile.

    Raises RefusedError for what is no such list.
    """
    found = headed.find(list_grids(data), COLUMNS)
    rows = [ClubRow(row.number, found.cells(row)) for row in found.below]
    clubs = tuple(row for row in rows if _is_club(row))
    if not clubs:
        text = N_("Dưới dòng tiêu đề (dòng %(row)s) không có dòng nào ghi tên câu lạc bộ.")
        raise refused(text, row=found.number)
    if len(clubs) > MOST_CLUBS:
        raise refused(N_("Danh sách dài quá %(most)s dòng. Hãy chia nhỏ."), most=MOST_CLUBS)
    left = [row.number for row in rows if row.cells and not _is_club(row)]
    return ReadList(clubs, (*found.sheet.notes, *_about_left(left)))


def _is_club(row: ClubRow) -> bool:
    """Tell whether a row is about a club: no row of totals, none that waits to be filled in."""
    name = row.cell(ClubColumn.NAME)
    first = search_key(next(iter(row.cells.values()), ""))
    if first in TOTALS or search_key(name) in TOTALS:
        return False
    return bool(name) or bool(row.cell(ClubColumn.NUMBER) and len(row.cells) > 1)


def _about_left(left: Sequence[int]) -> list[Message]:
    if not left:
        return []
    text = C_("Bỏ qua %(num)s dòng không ghi tên câu lạc bộ (dòng %(rows)s).")
    return [Message(text, {"rows": headed.numbers(left)}, number=len(left))]
