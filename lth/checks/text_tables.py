"""The tables in running text: rows whose cells are parted by tabs, as pasted ones, or by bars."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from lth.checks.prose import NUMBER, composed, exact

_SUM = re.compile(r"(?:tổng|cộng|toàn (?:tỉnh|thành phố|huyện|xã|phường))\b", re.IGNORECASE)
_NUMBER = re.compile(NUMBER)
_NOTHING = frozenset({"", "-", "–", "x"})

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """Titles of the columns, the rows above that of totals, and that one where there is one; and
    the line that stands before it.
    """

    caption: str
    head: Row
    rows: tuple[Row, ...]
    total: Row | None


@lru_cache(maxsize=256)
def tables_in(text: str) -> tuple[TextTable, ...]:
    """List the tables in a text: two rows or more of equal length."""
    if "\t" not in text and "|" not in text:
        return ()
    found, caption = [], ""
    lines = composed(text).split("\n")
    for in_table, run in groupby(lines, key=_is_row):
        if not in_table:
            caption = next((line for line in reversed([*run]) if line.strip()), "")
            continue
        rows = [cells for line in run if any(cells := _cells(line))]
        if len(rows) > 1 and len({len(row) for row in rows}) == 1:
            found.append(_table(caption, rows))
    return tuple(found)


@lru_cache(maxsize=256)
def without_tables(text: str) -> str:
    """Return a text without the rows of its tables: their figures are told by their heads."""
    if "\t" not in text and "|" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if not _is_row(line))


def _is_row(line: str) -> bool:
    return "\t" in line or line.count("|") > 1


def _cells(line: str) -> Row:
    parted = line.split("\t") if "\t" in line else line.strip().strip("|").split("|")
    cells = tuple(" ".join(cell.split()) for cell in parted)
    return () if all(set(cell) <= set("-: ") for cell in cells) else cells


def _table(caption: str, rows: list[Row]) -> TextTable:
    head, *body = rows
    at = next((n for n, row in enumerate(body) if is_total(name_of_row(row))), None)
    if at is None:
        return TextTable(caption, head, tuple(body), None)
    return TextTable(caption, head, tuple(body[:at]), body[at])


def is_total(name: str) -> bool:
    """Tell whether a row or column so named is of totals."""
    return _SUM.match(name) is not None


def name_of_row(row: Sequence[str]) -> str:
    """Return the first text of a row."""
    return next((cell for cell in row if cell and number_in(cell) is None), "")


def number_in(cell: str) -> Fraction | None:
    """Return the number in a cell; nought where nothing is written, None of a text."""
    if cell in _NOTHING:
        return Fraction(0)
    return exact(cell) if _NUMBER.fullmatch(cell) else None


def is_blank(cell: str) -> bool:
    return cell in _NOTHING
