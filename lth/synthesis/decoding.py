"""How the statement of `sums` packs a group into one number, and what comes back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sqlalchemy.engine import Row

from lth.models.content import PART_OF_UNIT, read_sum_kind
from lth.synthesis.totals import Bucket, Cell, Tally

PHASES = 1 << 14
"""A cell is its indicator's id times this and its phase's id."""

KINDS = 2 * PART_OF_UNIT
"""A bucket is its cell times this and its targets' `sum_kind`."""


class Part(IntEnum):
    """Which part of the statement a row comes from."""

    PLANS = 0
    STATED = 1
    SYNTHESES = 2
    QUOTIENTS = 3
    REPORTING = 4
    CHOSEN = 5
    PAIRS = 6


@dataclass(slots=True)
class Found:
    """What was counted: by cell, and how many documents there are in all."""

    cells: dict[Cell, Tally] = field(default_factory=dict)
    documents: int = 0

    def tally(self, cell: Cell) -> Tally:
        found = self.cells.get(cell)
        if found is None:
            found = self.cells[cell] = Tally()
        return found


def read(rows: Iterable[Row], found: dict[Any, Found], *, each: bool) -> None:
    """Sort the rows into what was found, of each revision by itself or of all together."""
    for row in rows:
        whose = (row.document_id, row.number) if each else None
        into = found.get(whose)
        if into is None:
            into = found[whose] = Found()
        _READ[row.part](into, row)


def cell_of(packed: int) -> Cell:
    return divmod(packed, PHASES)


def _bucket(row: Row, *, nested: bool) -> tuple[Cell, Bucket]:
    packed, kind = divmod(int(row.bucket), KINDS)
    comparator, counts_from, whole_unit = read_sum_kind(kind)
    return cell_of(packed), Bucket(
        comparator=comparator,
        counts_from=counts_from,
        whole_unit=whole_unit,
        nested=nested,
        units=int(row.units),
        incomparable=int(row.incomparable),
        in_range=int(row.in_range),
        low=_whole(row.low),
        high=_whole(row.high),
        least=_whole(row.least),
    )


def _whole(value: Any) -> int | None:
    """PostgreSQL sums big integers as decimals."""
    return None if value is None else int(value)


def _read_documents(found: Found, row: Row) -> None:
    cell, bucket = _bucket(row, nested=False)
    found.tally(cell).buckets.append(bucket)


def _read_stated(found: Found, row: Row) -> None:
    """The same bucket as one of the documents', with what is only asked of a few indicators."""
    cell, bucket = _bucket(row, nested=False)
    tally = found.tally(cell)
    tally.buckets = [one for one in tally.buckets if not one.same_kind(bucket)] + [bucket]


def _read_syntheses(found: Found, row: Row) -> None:
    cell, bucket = _bucket(row, nested=True)
    found.tally(cell).buckets.append(bucket)


def _read_quotients(found: Found, row: Row) -> None:
    tally = found.tally(cell_of(int(row.bucket)))
    tally.judged, tally.kept = int(row.units), int(row.in_range)


def _read_reporting(found: Found, row: Row) -> None:
    found.documents = int(row.units)


def _read_chosen(found: Found, row: Row) -> None:
    found.tally(cell_of(int(row.bucket))).chosen = frozenset({int(row.low), int(row.high)})


def _read_pairs(found: Found, row: Row) -> None:
    found.tally(cell_of(int(row.bucket))).pairs[int(row.low)] = int(row.units)


_READ = {
    Part.PLANS: _read_documents,
    Part.STATED: _read_stated,
    Part.SYNTHESES: _read_syntheses,
    Part.QUOTIENTS: _read_quotients,
    Part.REPORTING: _read_reporting,
    Part.CHOSEN: _read_chosen,
    Part.PAIRS: _read_pairs,
}
