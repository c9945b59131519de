"""Add up what the reports of the units below say, whatever their number, in one statement.

Reports of units without units of their own are counted one by one; a report that adds others up
brings the counts of those that are in it. What is asked besides, of the few figures that need it:
which units gave both counts of a percentage, and how many keep to a threshold.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import CompoundSelect, Row, Subquery, select
from sqlalchemy.orm import Session, contains_eager

from lth.models import Document, Indicator, ReportValue, Revision
from lth.models.kind import Figures
from lth.models.programme import RollUp
from lth.reporting import sum_statements, sums
from lth.reporting.sum_statements import RECEIVED, RELEASED, AskedBesides, SumPart
from lth.reporting.sums import LEAST, Pair, Quotient, Sum, quotients
from lth.synthesis import sources
from lth.synthesis.adders import Writing, adds_up
from lth.synthesis.remembered import Remembered
from lth.synthesis.totals import Grid


@dataclass(frozen=True)
class _Counted:
    """Reports to add up, with their source's parameters."""

    grid: Grid
    source: Subquery
    values: Mapping[str, int]


@dataclass(frozen=True)
class _Together:
    """What reports come to, by indicator id, and the pairs of counts by the quotient's code."""

    sums: Mapping[int, Sum]
    pairs: Mapping[str, Pair]


def released(
    session: Session, document: Document, size: int | None = None
) -> tuple[Grid, dict[int, Sum]]:
    """Add up what the units below say now, by indicator id; in one query, in up to three where one
    of them has said something new since it was last asked.

    `size` is how many units without units of their own there are below; one query more where that
    is not known.
    """
    grid, revisions = sources.fingerprinted(session, document)
    values = sources.below(document)
    key = (_rules(grid), revisions)
    found = _kept.get(key)
    if found is None:
        found = _kept.keep(key, _add(session, _Counted(grid, RELEASED, values)))
    if size is None:
        size = _size(session, RELEASED, values)
    return grid, sums.with_quotients(grid, found.sums, found.pairs, size)


_kept: Remembered[_Together] = Remembered()
forget = _kept.forget


def _rules(grid: Grid) -> tuple[Any, ...]:
    """Return everything of the grid that a sum depends on."""
    names = ("id", "code", "measure", "roll_up", "numerator_code", "denominator_code")
    of_row = attrgetter(*names, "threshold_min", "threshold_max")
    rows = grid.indicators.values()
    return (*map(of_row, rows), *(repr(row.extra) for row in rows))


def received(session: Session, document: Document, revision: Revision) -> dict[int, Sum]:
    """Add up in the same way what the receipt of a revision names; in three or four queries."""
    grid = sources.grid(session, document)
    return _received(session, grid, document, revision)


def _received(
    session: Session, grid: Grid, document: Document, revision: Revision
) -> dict[int, Sum]:
    values = sources.below(document) | {"revision_id": revision.id}
    found = _add(session, _Counted(grid, RECEIVED, values))
    size = _size(session, RECEIVED, values)
    return sums.with_quotients(grid, found.sums, found.pairs, size)


def taken(session: Session, grid: Grid, revision: Revision) -> dict[int, Sum]:
    """Read what a revision has taken over, quotients computed; in one query.

    The caller has read the revision within the scope.
    """
    statement = (
        select(ReportValue)
        .join(ReportValue.indicator)
        .options(contains_eager(ReportValue.indicator))
        .where(ReportValue.revision_id == revision.id)
    )
    return sums.read(grid, session.scalars(statement))


@adds_up(Figures.DONE)
def _write(session: Session, writing: Writing) -> int:
    """Write what the reports in a receipt come to."""
    grid = sources.grid(session, writing.document)
    found = _received(session, grid, writing.document, writing.revision)
    written = sums.rows(grid, found)
    writing.replace(session, ReportValue, written)
    return len(written)


# --- Asking -------------------------------------------------------------------------------


def _add(session: Session, counted: _Counted) -> _Together:
    found = _Found(counted.grid)
    found.put_all(session.execute(sum_statements.first(counted.source), counted.values))
    more = found.besides(counted.source)
    if more is not None:
        found.put_all(session.execute(more, counted.values))
    return found.together()


def _size(session: Session, source: Subquery, values: Mapping[str, int]) -> int:
    """Count the units without units of their own that are below a unit, however far; one query.

    Of a unit whose own sum is among what is added up, those that were to be in that.
    """
    return int(session.scalar(sum_statements.size(source), dict(values)) or 0)


# --- What comes back ----------------------------------------------------------------------


class _Found:
    """What the statements have said so far."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.quotients = quotients(grid)
        self.sums: dict[int, Sum] = defaultdict(Sum)
        self.single: dict[int, Sum] = defaultdict(Sum)
        self.pairs: dict[str, Pair] = {}
        self.in_range: dict[int, int] = {}
        self.units: list[Row[Any]] = []
        self.none: dict[int, int] = {}
        self.with_gaps: list[Quotient] = []
        self.gaps: dict[tuple[int, int], tuple[int, int]] = {}
        self.inside: dict[int, dict[int, Sum]] = defaultdict(dict)
        self.documents = 0
        self.nested = 0

    def put_all(self, rows: Iterable[Row[Any]]) -> None:
        """Take in the rows of a statement."""
        for row in rows:
            self._put(row)

    def _put(self, row: Row[Any]) -> None:
        part = SumPart(row.part)
        if part is SumPart.DOCUMENTS:
            self.documents, self.nested = int(row.counted), int(row.other)
        elif part is SumPart.IN_RANGE:
            self.in_range[row.indicator_id] = int(row.counted)
        elif part is SumPart.PAIRS:
            self._pair(self.grid.indicators[row.indicator_id], row)
        elif part is SumPart.GAPS:
            self.gaps[row.indicator_id, row.other] = (int(row.value), int(row.counted))
        elif part is SumPart.NESTED:
            self.inside[row.other][row.indicator_id] = _stored(row)
        elif part is SumPart.NONE:
            self.none[row.indicator_id] = int(row.none)
        elif part is SumPart.UNITS:
            self.units.append(row)
        else:
            one = self._sum(self.grid.indicators[row.indicator_id], row, part)
            self.sums[row.indicator_id] = _added(self.sums[row.indicator_id], one)

    def _single(self) -> None:
        """Take in what single units say: what is neither a number nor not applicable is nil."""
        for row in self.units:
            id_, none = row.indicator_id, self.none.get(row.indicator_id, 0)
            one = self._sum(self.grid.indicators[id_], row, SumPart.UNITS)
            nils = int(row.other) - one.counted - none
            self.single[id_] = replace(one, nils=nils, not_applicable=none)
            self.sums[id_] = _added(self.sums[id_], self.single[id_])

    def _pair(self, indicator: Indicator, row: Row[Any]) -> None:
        held = indicator.roll_up is RollUp.COUNT_IN_RANGE
        in_range = int(row.other) if held else None
        self._add(indicator, Pair(int(row.value), int(row.cumulative), int(row.counted), in_range))

    def _add(self, indicator: Indicator, pair: Pair) -> None:
        self.pairs[indicator.code] = self.pairs.get(indicator.code, Pair()) + pair

    def _sum(self, indicator: Indicator, row: Row[Any], part: SumPart) -> Sum:
        least = _whole(row.least) if indicator.roll_up in LEAST else None
        stated = indicator.roll_up is RollUp.COUNT_IN_RANGE and part is SumPart.UNITS
        return Sum(
            value=least if least is not None else None if stated else _whole(row.value),
            cumulative=_whole(row.cumulative) if indicator.roll_up is RollUp.SUM else None,
            counted=int(row.counted),
            nils=int(row.nils),
            not_applicable=int(row.none),
            least=least,
        )

    def besides(self, source: Subquery) -> CompoundSelect | None:
        """Return what is to be asked besides of what was found; None where nothing is."""
        self._single()
        gaps, pairs = [], []
        for one in self.quotients:
            over, under = self.single.get(one.over.id), self.single.get(one.under.id)
            if over is None or under is None:
                continue
            silent = {over.said, under.said} != {self.documents}
            if silent or one.indicator.roll_up is RollUp.COUNT_IN_RANGE:
                pairs.append(one)
            elif over.not_applicable or under.not_applicable:
                gaps.append(one)
            else:
                self._add(one.indicator, Pair(over.value or 0, under.value or 0, self.documents))
        self.with_gaps = gaps
        held = [
            row
            for row in self.grid.indicators.values()
            if row.roll_up is RollUp.COUNT_IN_RANGE and row.id in self.sums
        ]
        inside = self.quotients if self.nested else ()
        return sum_statements.besides(source, AskedBesides(gaps, pairs, held, inside))

    def _close(self) -> None:
        """Leave out of both counts of a quotient what those gave to whom the other does not
        apply.
        """
        for one in self.with_gaps:
            over, under = self.single[one.over.id], self.single[one.under.id]
            above, units = self.gaps.get((one.under.id, one.over.id), (0, 0))
            beneath, _ = self.gaps.get((one.over.id, one.under.id), (0, 0))
            pair = Pair(
                (over.value or 0) - above,
                (under.value or 0) - beneath,
                over.counted + over.nils - units,
            )
            self._add(one.indicator, pair)

    def _nest(self) -> None:
        """Take in the pairs of the reports that add others up."""
        for stored in self.inside.values():
            for code, pair in sums.pairs_within(self.grid, stored):
                indicator = self.grid.by_code(code)
                if indicator is not None:
                    self._add(indicator, pair)

    def together(self) -> _Together:
        """Return everything, each pair that is not of all with its numerator."""
        self._close()
        self._nest()
        found = dict(self.sums)
        for id_, kept in self.in_range.items():
            within = kept + (found[id_].value or 0)
            found[id_] = replace(found[id_], value=within, in_range=within)
        for one in self.quotients:
            over, under = found.get(one.over.id), found.get(one.under.id)
            pair = self.pairs.get(one.indicator.code)
            if over is None or pair is None:
                continue
            plain = Pair(
                over.value or 0, (under.value or 0) if under else 0, over.counted + over.nils
            )
            if pair != plain:
                kept_with = {**over.pairs, one.indicator.code: pair}
                found[one.over.id] = replace(over, pairs=kept_with)
        return _Together(found, self.pairs)


def _added(one: Sum, other: Sum) -> Sum:
    """Add up what single units and what sums of several come to."""
    smallest = min((least for least in (one.least, other.least) if least is not None), default=None)
    return Sum(
        value=smallest if smallest is not None else _plus(one.value, other.value),
        cumulative=_plus(one.cumulative, other.cumulative),
        counted=one.counted + other.counted,
        nils=one.nils + other.nils,
        not_applicable=one.not_applicable + other.not_applicable,
        least=smallest,
    )


def _plus(one: int | None, other: int | None) -> int | None:
    return (one or 0) + (other or 0) if one is not None or other is not None else None


def _whole(value: Any) -> int | None:
    """Return a sum as an integer: PostgreSQL sums big integers as decimals."""
    return None if value is None else int(value)


def _stored(row: Row[Any]) -> Sum:
    """Return a line of a report that adds others up, as far as quotients need it."""
    said = json.loads(row.words) if row.words else None
    return Sum(
        value=_whole(row.value),
        counted=int(row.counted or 0),
        nils=int(row.nils or 0),
        pairs=sums.read_pairs(said),
    )
