"""What the reports of several units come to, indicator by indicator. Nothing here reads SQL.

A number, nothing to report, not applicable and nothing said at all are four things, and each is
counted. A percentage is a sum over a sum, of the units that gave both counts; it is never stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lth.content import targets
from lth.content.targets import WHOLE
from lth.models import Indicator, ReportValue
from lth.models.programme import RollUp
from lth.models.report import Reported
from lth.synthesis.totals import Grid

LEAST = frozenset({RollUp.MINIMUM, RollUp.NOT_ADDITIVE})
"""The rules by which units are told by the smallest figure among them, for want of a sum."""

PAIRS = "pairs"
"""Where a sum of several reports keeps, with a numerator, what the units come to that gave both."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two counts of the same `units`: those that gave both; `in_range` of them keep to the
    programme's threshold, where that is counted unit by unit.
    """

    over: int = 0
    under: int = 0
    units: int = 0
    in_range: int | None = None

    def __add__(self, other: "Pair") -> "Pair":
        both = [one for one in (self.in_range, other.in_range) if one is not None]
        return Pair(
            self.over + other.over,
            self.under + other.under,
            self.units + other.units,
            sum(both) if both else None,
        )


@dataclass(frozen=True)
class Quotient:
    """An indicator that is one count over another, and is computed wherever both are known."""

    indicator: Indicator
    over: Indicator
    under: Indicator

    def of(self, pair: Pair) -> int | None:
        """Return it in the indicator's integers, half rounded up; None over nothing."""
        if pair.under <= 0:
            return None
        whole = WHOLE.get(self.indicator.measure, 1)
        return (2 * pair.over * whole + pair.under) // (2 * pair.under)


def quotients(grid: Grid) -> list[Quotient]:
    """List the percentages of a programme whose two counts it has, and what is judged by two."""
    found = []
    for row in grid.indicators.values():
        over = grid.by_code(row.numerator_code)
        under = _under(grid, row)
        if row.roll_up in {RollUp.RATIO, RollUp.COUNT_IN_RANGE} and over and under:
            found.append(Quotient(row, over, under))
    return found


def _under(grid: Grid, row: Indicator) -> Indicator | None:
    """Return what an indicator is divided by: its own denominator; where several are open, the one
    that is a total, of which what was done is told.
    """
    codes = [code for code in targets.denominators(row) if grid.by_code(code)]
    if row.roll_up is RollUp.RATIO and row.denominator_code:
        codes = [row.denominator_code]
    open_ones = [one for one in map(grid.by_code, codes) if one is not None]
    totals = [one for one in open_ones if one.extra.get("counts_from") == "cumulative"]
    return next(iter([*totals, *open_ones]), grid.by_code(row.denominator_code))


@dataclass(frozen=True, slots=True)
class Sum:
    """What units say of an indicator together.

    `counted` of them gave a number, `nils` had nothing to report, to `not_applicable` it does not
    apply, and `missing` have said nothing. `value` and `cumulative` are sums, `value` of what is no
    sum is the smallest (`least`) or how many are within the threshold; of a quotient, what it comes
    to over the counted ones. `in_range` of those keep to the threshold, where that is counted.
    """

    value: int | None = None
    cumulative: int | None = None
    counted: int = 0
    nils: int = 0
    not_applicable: int = 0
    missing: int = 0
    least: int | None = None
    in_range: int | None = None
    pairs: Mapping[str, Pair] = field(default_factory=dict)

    @property
    def said(self) -> int:
        """Count the units that said something."""
        return self.counted + self.nils + self.not_applicable

    @property
    def units(self) -> int:
        return self.said + self.missing

    @property
    def reported(self) -> Reported | None:
        """Return what is told of it as of one unit; None where all are missing."""
        if self.value is not None:
            return Reported.VALUE
        if self.nils:
            return Reported.NIL
        return Reported.NOT_APPLICABLE if self.not_applicable else None

    @property
    def figure(self) -> tuple[int | None, ...]:
        """Return what moves where a unit says something else."""
        counts = (self.counted, self.nils, self.not_applicable)
        return (self.value, self.cumulative, self.least, self.in_range, *counts)

    def of(self, size: int) -> "Sum":
        """Return it with those missing of so many units."""
        return replace(self, missing=max(0, size - self.said))


def with_quotients(
    grid: Grid, sums: Mapping[int, Sum], pairs: Mapping[str, Pair], size: int
) -> dict[int, Sum]:
    """Return the sums by indicator id with the quotients, in the programme's order."""
    found = {id_: one.of(size) for id_, one in sums.items()}
    for one in quotients(grid):
        pair = pairs.get(one.indicator.code)
        if pair is not None and pair.units:
            found[one.indicator.id] = _computed(one, pair, found.get(one.over.id), size)
    return {id_: found[id_] for id_ in grid.indicators if id_ in found}


def _computed(quotient: Quotient, pair: Pair, over: Sum | None, size: int) -> Sum:
    outside = min(over.not_applicable if over else 0, size - pair.units)
    return Sum(
        value=quotient.of(pair),
        counted=pair.units,
        not_applicable=max(0, outside),
        in_range=pair.in_range,
    ).of(size)


# --- Stored -------------------------------------------------------------------------------


def rows(grid: Grid, sums: Mapping[int, Sum]) -> list[dict[str, Any]]:
    """Return sums as the lines of a report that adds others up; no quotient is among them."""
    computed = {one.indicator.id for one in quotients(grid)}
    return [
        _row(grid.indicators[id_], one)
        for id_, one in sums.items()
        if id_ not in computed and one.reported is not None
    ]


def _row(indicator: Indicator, one: Sum) -> dict[str, Any]:
    return {
        "line_key": indicator.code,
        "indicator_id": indicator.id,
        "reported": one.reported,
        "value": one.value,
        "cumulative": one.cumulative,
        "reason": "",
        "counted": one.counted,
        "nils": one.nils,
        "not_applicable": one.not_applicable,
        "missing": one.missing,
        "least": one.least,
        "said": stored_pairs(one.pairs),
    }


def stored_pairs(pairs: Mapping[str, Pair]) -> dict[str, Any] | None:
    if not pairs:
        return None
    listed = {
        code: [one.over, one.under, one.units, one.in_range] for code, one in sorted(pairs.items())
    }
    return {PAIRS: listed}


def read_pairs(said: Mapping[str, Any] | None) -> dict[str, Pair]:
    return {code: Pair(*values) for code, values in (said or {}).get(PAIRS, {}).items()}


def sum_of(row: ReportValue) -> Sum:
    """Return a line of a report as it was written: of one that adds others up, with their counts;
    of a single unit's, as what one unit says.
    """
    if row.counted is None:
        return _said_by_one(row)
    return Sum(
        value=row.value,
        cumulative=row.cumulative,
        counted=row.counted,
        nils=row.nils or 0,
        not_applicable=row.not_applicable or 0,
        missing=row.missing or 0,
        least=row.least,
        in_range=row.value if row.indicator.roll_up is RollUp.COUNT_IN_RANGE else None,
        pairs=read_pairs(row.said),
    )


def _said_by_one(row: ReportValue) -> Sum:
    return Sum(
        value=row.value,
        cumulative=row.cumulative,
        counted=int(row.reported is Reported.VALUE),
        nils=int(row.reported is Reported.NIL),
        not_applicable=int(row.reported is Reported.NOT_APPLICABLE),
    )


def read(grid: Grid, stored: Iterable[ReportValue]) -> dict[int, Sum]:
    """Return what a report says by indicator id, as it was written, its quotients computed."""
    sums = {row.indicator_id: sum_of(row) for row in stored}
    size = max((one.units for one in sums.values()), default=0)
    return with_quotients(grid, sums, dict(pairs_within(grid, sums)), size)


def pairs_within(grid: Grid, sums: Mapping[int, Sum]) -> Iterator[tuple[str, Pair]]:
    """Find of each quotient what the units come to that gave both counts: as it was kept with the
    numerator, else all of them.
    """
    for one in quotients(grid):
        over, under = sums.get(one.over.id), sums.get(one.under.id)
        kept = over.pairs.get(one.indicator.code) if over else None
        if kept is not None:
            yield one.indicator.code, kept
        elif over is not None and under is not None and under.value is not None:
            pair = Pair(over.value or 0, under.value, over.counted + over.nils)
            yield one.indicator.code, pair
