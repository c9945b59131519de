"""Make one figure of those of many units, by the indicator's rule. Nothing here reads SQL.

Sum: bounds are added side by side, lower with lower, upper with upper, between as [Σmin, Σmax].
Ratio: sum over sum, never a mean of percentages. Minimum, count in range, not additive: never a
sum. What cannot be added becomes a count of units and says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from lth.content.targets import UPPER, Figure, Saying, merged, quotient
from lth.core.i18n import N_
from lth.models import Indicator, Phase
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.programme import RollUp

Cell = tuple[int, int]
"""An indicator's id and a phase's id."""

LOWER = frozenset({Comparator.EQ, Comparator.GTE, Comparator.GT, Comparator.MAINTAIN})
STRICT = frozenset({Comparator.GT, Comparator.LT})


class Flag(StrEnum):
    """Something that a total has to say beside its number."""

    STRICT = "strict"
    MIXED = "mixed"
    NO_NUMBER = "no_number"
    NO_COUNTS = "no_counts"
    NOT_ADDITIVE = "not_additive"


FLAG_LABEL = {
    Flag.STRICT: N_("có đơn vị ghi “trên” hoặc “dưới”: phải vượt hẳn mức này"),
    Flag.MIXED: N_("không cộng được: các đơn vị ghi theo cách khác nhau"),
    Flag.NO_NUMBER: N_("không cộng được: không đơn vị nào ghi một số cho toàn địa bàn"),
    Flag.NO_COUNTS: N_("không cộng được: thiếu số đếm để tính tỷ lệ"),
    Flag.NOT_ADDITIVE: N_("không cộng, chỉ đếm số đơn vị"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """A total of the units below in one indicator and phase; `figure` is None for no number.

    `counted` units (those with a document of their own, however far below) made it, `incomparable`
    ones have a target that could not be added; `in_range` of the counted keep to the
    programme's threshold (a minimum: reach its floor), None where that is not counted. Of what is
    not simply added up, `sayings` are what the units wrote.
    """

    figure: Figure | None
    counted: int
    incomparable: int = 0
    in_range: int | None = None
    flags: tuple[Flag, ...] = ()
    scope: TargetScope = TargetScope.UNIT
    counts_from: CountsFrom = CountsFrom.NEW
    denominator_code: str | None = None
    sayings: tuple[Saying, ...] = ()

    @property
    def units(self) -> int:
        """Count the units that have a target here at all."""
        return self.counted + self.incomparable

    @property
    def value(self) -> int | None:
        """Return the number where there is one; of a range, the lower bound."""
        return self.figure.value if self.figure else None

    @property
    def why(self) -> str | None:
        """Return the msgid that says why there is no number."""
        return FLAG_LABEL[self.flags[0]] if self.figure is None and self.flags else None


@dataclass(frozen=True, slots=True)
class Bucket:
    """Targets alike in everything but their values, with the sums of those.

    `nested` ones are totals of syntheses. `in_range` of the units keep to the threshold that a
    stated figure is held to; `least` is known where a minimum is asked for.
    """

    comparator: Comparator
    counts_from: CountsFrom
    whole_unit: bool
    nested: bool
    units: int
    incomparable: int = 0
    in_range: int = 0
    low: int | None = None
    high: int | None = None
    least: int | None = None

    @property
    def numeric(self) -> bool:
        return self.comparator is not Comparator.QUALITATIVE


@dataclass(slots=True)
class Tally:
    """All that is known of one cell.

    Of an indicator that is judged by two counts: `judged` documents have both, `kept` of them keep
    to its threshold. Of a quality: `sayings` as they were written. Of a ratio: `chosen` are the ids
    of the denominators that targets name where the programme leaves it open, `pairs` says by
    denominator how many documents have both counts.
    """

    buckets: list[Bucket] = field(default_factory=list)
    judged: int = 0
    kept: int = 0
    chosen: frozenset[int] = frozenset()
    sayings: list[Saying] = field(default_factory=list)
    pairs: dict[int, int] = field(default_factory=dict)

    def added(self, *, nested: bool) -> int:
        """Count the units that have a number of their whole unit here."""
        return sum(
            bucket.units
            for bucket in self.buckets
            if bucket.numeric and bucket.whole_unit and bucket.nested is nested
        )


@dataclass(frozen=True)
class Ratio:
    """A percentage, its numerator, and its denominator: one, or several to choose from."""

    indicator: Indicator
    over: Indicator
    under: tuple[Indicator, ...]

    def denominator(self, chosen: frozenset[int]) -> Indicator | None:
        """Return the one to divide by; None where nobody chose one, or not all the same."""
        if len(self.under) == 1:
            return self.under[0]
        named = [row for row in self.under if row.id in chosen]
        return named[0] if len(named) == 1 else None


@dataclass(frozen=True)
class Grid:
    """A programme's indicators and a period's phases, both in order."""

    indicators: dict[int, Indicator]
    phases: dict[int, Phase]

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {row.code: row for row in self.indicators.values()}

    def by_code(self, code: str | None) -> Indicator | None:
        return self._by_code.get(code or "")

    def cells(self) -> Iterator[tuple[Indicator, Phase]]:
        for indicator in self.indicators.values():
            for phase in self.phases.values():
                yield indicator, phase

    @cached_property
    def ratios(self) -> list[Ratio]:
        """List the indicators that are quotients of two counts, as far as the counts are known."""
        rows = [row for row in self.indicators.values() if row.roll_up is RollUp.RATIO]
        found = [(row, self.by_code(row.numerator_code)) for row in rows]
        return [Ratio(row, over, self._denominators(row)) for row, over in found if over]

    def _denominators(self, indicator: Indicator) -> tuple[Indicator, ...]:
        """Return the programme's own, else those that a target may choose."""
        own = self.by_code(indicator.denominator_code)
        if own is not None:
            return (own,)
        open_ones = map(self.by_code, indicator.extra.get("denominators", ()))
        return tuple(row for row in open_ones if row is not None)

    def counts_of(self, indicator: Indicator) -> tuple[Indicator, Indicator] | None:
        """Return the two counts that a range is judged by, where it is: members and clubs."""
        over, under = (
            self.by_code(indicator.numerator_code),
            self.by_code(indicator.denominator_code),
        )
        counted = indicator.roll_up is RollUp.COUNT_IN_RANGE
        return (over, under) if counted and over and under else None


def add_up(grid: Grid, tallies: Mapping[Cell, Tally]) -> dict[Cell, Total]:
    """Return the total of every cell that any unit has something in."""
    totals: dict[Cell, Total] = {}
    for (indicator_id, phase_id), tally in tallies.items():
        indicator = grid.indicators[indicator_id]
        if indicator.roll_up is RollUp.COUNT_IN_RANGE:
            by_counts = grid.counts_of(indicator) is not None
            totals[indicator_id, phase_id] = _count_in_range(indicator, tally, by_counts)
        elif indicator.roll_up is not RollUp.RATIO:
            totals[indicator_id, phase_id] = _RULES[indicator.roll_up](indicator, tally)
    for ratio in grid.ratios:
        for phase_id in grid.phases:
            found = _ratio(ratio, phase_id, tallies, totals)
            if found is not None:
                totals[ratio.indicator.id, phase_id] = found
    for cell in totals.keys() & tallies.keys():
        if tallies[cell].sayings:
            totals[cell] = replace(totals[cell], sayings=merged(tallies[cell].sayings))
    return totals


def _sum(indicator: Indicator, tally: Tally) -> Total:
    whole = [bucket for bucket in tally.buckets if bucket.numeric and bucket.whole_unit]
    counted = sum(bucket.units for bucket in whole)
    left_out = _all_units(tally.buckets) - counted
    if not whole:
        return Total(None, 0, left_out, flags=(Flag.NO_NUMBER,))
    meanings = {bucket.counts_from for bucket in whole}
    figure = _added(whole) if len(meanings) == 1 else None
    if figure is None:
        return Total(None, 0, counted + left_out, flags=(Flag.MIXED,))
    return Total(figure, counted, left_out, flags=_strict(whole), counts_from=meanings.pop())


def _added(buckets: list[Bucket]) -> Figure | None:
    """Add bounds of one kind side by side; None where the kinds are mixed.

    One strict bound makes the sum strict: more than 3 and at least 3 are together more than 6.
    """
    used = {bucket.comparator for bucket in buckets}
    if used <= LOWER:
        comparator = _common(used, Comparator.GT, Comparator.GTE)
        return Figure(comparator, low=_sum_of(bucket.low for bucket in buckets))
    if used <= UPPER:
        comparator = _common(used, Comparator.LT, Comparator.LTE)
        return Figure(comparator, high=_sum_of(bucket.high for bucket in buckets))
    if used == {Comparator.BETWEEN}:
        low = _sum_of(bucket.low for bucket in buckets)
        return Figure(Comparator.BETWEEN, low, _sum_of(bucket.high for bucket in buckets))
    return None


def _common(used: set[Comparator], strict: Comparator, plain: Comparator) -> Comparator:
    if len(used) == 1:
        return next(iter(used))
    return strict if strict in used else plain


def _sum_of(values: Iterable[int | None]) -> int:
    return sum(value or 0 for value in values)


def _strict(buckets: Iterable[Bucket]) -> tuple[Flag, ...]:
    return (Flag.STRICT,) if any(bucket.comparator in STRICT for bucket in buckets) else ()


def _all_units(buckets: Iterable[Bucket]) -> int:
    return sum(bucket.units + bucket.incomparable for bucket in buckets)


def _minimum(indicator: Indicator, tally: Tally) -> Total:
    """Find the least lower bound, and count the units that reach the programme's floor.

    Figures of the indicator's own scope only: a floor per club says nothing of a whole unit.
    """
    own = [bucket for bucket in _of_own_scope(indicator, tally) if bucket.least is not None]
    counted = sum(bucket.units for bucket in own)
    left_out = _all_units(tally.buckets) - counted
    if not own:
        return Total(None, 0, left_out, flags=(Flag.NO_NUMBER,))
    exact = {bucket.comparator for bucket in own} == {Comparator.EQ}
    least = min(bucket.least for bucket in own if bucket.least is not None)
    return Total(
        Figure(Comparator.EQ if exact else Comparator.GTE, low=least),
        counted,
        left_out,
        in_range=_kept(indicator, own),
        flags=_strict(own),
        scope=own_scope(indicator),
    )


def own_scope(indicator: Indicator) -> TargetScope:
    """Return what a figure of the indicator speaks of, as the programme means it."""
    return TargetScope(indicator.extra.get("scope", TargetScope.UNIT))


def _of_own_scope(indicator: Indicator, tally: Tally) -> list[Bucket]:
    whole = own_scope(indicator) is TargetScope.UNIT
    return [bucket for bucket in tally.buckets if bucket.whole_unit is whole]


def _kept(indicator: Indicator, buckets: Iterable[Bucket], more: int = 0) -> int | None:
    if indicator.threshold_min is None and indicator.threshold_max is None:
        return None
    return more + sum(bucket.in_range for bucket in buckets)


def _count_in_range(indicator: Indicator, tally: Tally, by_counts: bool) -> Total:
    """Count the units that keep to the threshold: by their counts where these make the figure.

    What a unit states of such a figure is the norm that was handed down to it.
    """
    judged = [bucket for bucket in tally.buckets if bucket.nested]
    if not by_counts:
        judged += [bucket for bucket in _of_own_scope(indicator, tally) if bucket.numeric]
        judged = [bucket for bucket in judged if bucket.numeric or bucket.nested]
    counted = tally.judged + sum(bucket.units for bucket in judged)
    every = sum(bucket.units + bucket.incomparable for bucket in tally.buckets)
    return Total(
        None,
        counted,
        max(0, every - counted),
        in_range=_kept(indicator, judged, tally.kept),
        flags=(Flag.NOT_ADDITIVE,),
    )


def _not_additive(indicator: Indicator, tally: Tally) -> Total:
    numeric = sum(bucket.units for bucket in tally.buckets if bucket.numeric)
    return Total(None, numeric, _all_units(tally.buckets) - numeric, flags=(Flag.NOT_ADDITIVE,))


_RULES = {
    RollUp.SUM: _sum,
    RollUp.MINIMUM: _minimum,
    RollUp.NOT_ADDITIVE: _not_additive,
}


def _ratio(
    ratio: Ratio, phase_id: int, tallies: Mapping[Cell, Tally], totals: Mapping[Cell, Total]
) -> Total | None:
    """Divide Σnumerator by Σdenominator of the same units; None where nobody has to do with it."""
    stated = tallies.get((ratio.indicator.id, phase_id), Tally())
    over = totals.get((ratio.over.id, phase_id))
    if over is None and not stated.buckets:
        return None
    under = ratio.denominator(stated.chosen)
    value = None
    if over and under and (under.id, phase_id) in totals:
        cells = [tallies[ratio.over.id, phase_id], tallies[under.id, phase_id]]
        if _same_units(stated, under.id, *cells):
            value = _divided(ratio.indicator, over, totals[under.id, phase_id])
    if value is None or over is None or under is None:
        units = max(_all_units(stated.buckets), over.units if over else 0)
        mixed = len(stated.chosen) > 1
        return Total(None, 0, units, flags=(Flag.MIXED if mixed else Flag.NO_COUNTS,))
    figure = Figure(Comparator.EQ, low=value)
    return replace(over, figure=figure, flags=(), denominator_code=under.code)


def _same_units(stated: Tally, under_id: int, over: Tally, under: Tally) -> bool:
    """Tell whether both counts were made by the same units: else their quotient means nothing.

    Of syntheses that is so where each could divide them itself.
    """
    below = sum(bucket.units for bucket in stated.buckets if bucket.nested and bucket.numeric)
    return (
        over.added(nested=False) == under.added(nested=False) == stated.pairs.get(under_id, 0)
        and over.added(nested=True) == under.added(nested=True) == below
    )


def _divided(indicator: Indicator, over: Total, under: Total) -> int | None:
    """Return the quotient of two plain numbers of one kind, in the indicator's integers."""
    if over.figure is None or under.figure is None:
        return None
    used = {over.figure.comparator, under.figure.comparator}
    if not (used <= LOWER or used <= UPPER):
        return None
    return quotient(over.figure.value or 0, under.figure.value or 0, indicator.measure)
