"""How the figures of many units become one, by the indicator's rule. Nothing here reads SQL.

Sum: bounds are added side by side, lower with lower, upper with upper, between as [Σmin, Σmax].
Ratio: sum over sum, never a mean of percentages. Minimum, count in range, not additive: never a
sum. What cannot be added becomes a count of units and says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lth.i18n import N_
from lth.models import Indicator, Phase
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.programme import RollUp
from lth.planning.figures import quotient
from lth.planning.targets import UPPER, Figure

Cell = tuple[int, int]
"""An indicator's id and a phase's id."""

LOWER = frozenset({Comparator.EQ, Comparator.GTE, Comparator.GT, Comparator.MAINTAIN})
STRICT = frozenset({Comparator.GT, Comparator.LT})


class Flag(StrEnum):
    """What a total has to say beside its number."""

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
    """What the units below come to in one indicator and phase; `figure` is None for no number.

    `counted` units (those with a plan of their own, however far below) made it, `incomparable`
    ones have a target that could not be added; `in_range` of the counted keep to the
    programme's threshold (a minimum: reach its floor), None where that is not counted.
    """

    figure: Figure | None
    counted: int
    incomparable: int = 0
    in_range: int | None = None
    flags: tuple[Flag, ...] = ()
    scope: TargetScope = TargetScope.UNIT
    counts_from: CountsFrom = CountsFrom.NEW
    denominator_code: str | None = None

    @property
    def units(self) -> int:
        """How many units have a target here at all."""
        return self.counted + self.incomparable

    @property
    def value(self) -> int | None:
        """The number where there is one; of a range, the lower bound."""
        return self.figure.value if self.figure else None

    @property
    def why(self) -> str | None:
        """The msgid that says why there is no number."""
        return FLAG_LABEL[self.flags[0]] if self.figure is None and self.flags else None


@dataclass(frozen=True, slots=True)
class Bucket:
    """Targets alike in everything but their values, with the sums of those.

    `nested` ones are totals of syntheses. `fingerprint` is the sum of their revisions' ids: two
    buckets with as many units and another fingerprint are of other units.
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
    fingerprint: int = 0

    @property
    def numeric(self) -> bool:
        return self.comparator is not Comparator.QUALITATIVE


@dataclass(slots=True)
class Tally:
    """All that is known of one cell: its buckets, and what was counted against the threshold.

    `judged` units have a value to hold to it, `not_judged` have a target without one, `kept`
    keep to it. `denominators` are the ids of the indicators that targets chose as denominator.
    """

    buckets: list[Bucket] = field(default_factory=list)
    judged: int = 0
    not_judged: int = 0
    kept: int = 0
    denominators: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Grid:
    """A programme's indicators and a period's phases, both in order."""

    indicators: Mapping[int, Indicator]
    phases: Mapping[int, Phase]

    def by_code(self, code: str | None) -> Indicator | None:
        return next((row for row in self.indicators.values() if row.code == code), None)

    def cells(self) -> Iterable[tuple[Indicator, Phase]]:
        for indicator in self.indicators.values():
            for phase in self.phases.values():
                yield indicator, phase


def add_up(grid: Grid, tallies: Mapping[Cell, Tally]) -> dict[Cell, Total]:
    """The total of every cell that any unit has something in."""
    totals: dict[Cell, Total] = {}
    for (indicator_id, phase_id), tally in tallies.items():
        indicator = grid.indicators[indicator_id]
        if indicator.roll_up is not RollUp.RATIO:
            totals[indicator_id, phase_id] = _RULES[indicator.roll_up](indicator, tally)
    for indicator, phase in grid.cells():
        if indicator.roll_up is RollUp.RATIO:
            found = _ratio(grid, indicator, phase, tallies, totals)
            if found is not None:
                totals[indicator.id, phase.id] = found
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
    """Bounds of one kind added side by side; None where the kinds are mixed.

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
    """The least lower bound, and how many units reach the programme's floor."""
    with_value = [bucket for bucket in tally.buckets if bucket.least is not None]
    counted = sum(bucket.units for bucket in with_value)
    left_out = _all_units(tally.buckets) - counted
    if not with_value:
        return Total(None, 0, left_out, flags=(Flag.NO_NUMBER,))
    wholes = {bucket.whole_unit for bucket in with_value}
    if len(wholes) > 1:
        return Total(None, 0, counted + left_out, flags=(Flag.MIXED,))
    exact = {bucket.comparator for bucket in with_value} == {Comparator.EQ}
    least = min(bucket.least for bucket in with_value if bucket.least is not None)
    return Total(
        Figure(Comparator.EQ if exact else Comparator.GTE, low=least),
        counted,
        left_out,
        in_range=_kept(indicator, tally),
        flags=_strict(with_value),
        scope=TargetScope.UNIT if wholes.pop() else _own_scope(indicator),
    )


def _own_scope(indicator: Indicator) -> TargetScope:
    return TargetScope(indicator.extra.get("scope", TargetScope.PER_CLUB))


def _kept(indicator: Indicator, tally: Tally) -> int | None:
    if indicator.threshold_min is None and indicator.threshold_max is None:
        return None
    return tally.kept


def _count_in_range(indicator: Indicator, tally: Tally) -> Total:
    return Total(
        None,
        tally.judged,
        tally.not_judged,
        in_range=_kept(indicator, tally),
        flags=(Flag.NOT_ADDITIVE,),
    )


def _not_additive(indicator: Indicator, tally: Tally) -> Total:
    numeric = sum(bucket.units for bucket in tally.buckets if bucket.numeric)
    return Total(None, numeric, _all_units(tally.buckets) - numeric, flags=(Flag.NOT_ADDITIVE,))


_RULES = {
    RollUp.SUM: _sum,
    RollUp.MINIMUM: _minimum,
    RollUp.COUNT_IN_RANGE: _count_in_range,
    RollUp.NOT_ADDITIVE: _not_additive,
}


def _ratio(
    grid: Grid,
    indicator: Indicator,
    phase: Phase,
    tallies: Mapping[Cell, Tally],
    totals: Mapping[Cell, Total],
) -> Total | None:
    """Σnumerator/Σdenominator of the same units; None where nobody has anything to do with it."""
    stated = tallies.get((indicator.id, phase.id), Tally())
    numerator = grid.by_code(indicator.numerator_code)
    over = totals.get((numerator.id, phase.id)) if numerator else None
    if over is None and not stated.buckets:
        return None
    denominator = _denominator(grid, indicator, stated)
    under = totals.get((denominator.id, phase.id)) if denominator else None
    value = None
    broken_below = any(bucket.nested and not bucket.numeric for bucket in stated.buckets)
    if over and under and numerator and denominator and not broken_below:
        same = _same_units(tallies[numerator.id, phase.id], tallies[denominator.id, phase.id])
        value = _divided(indicator, over, under) if same else None
    if value is None or over is None or denominator is None:
        units = max(_all_units(stated.buckets), over.units if over else 0)
        mixed = len(stated.denominators) > 1
        return Total(None, 0, units, flags=(Flag.MIXED if mixed else Flag.NO_COUNTS,))
    return replace(
        over,
        figure=Figure(Comparator.EQ, low=value),
        flags=(),
        denominator_code=denominator.code,
    )


def _denominator(grid: Grid, indicator: Indicator, stated: Tally) -> Indicator | None:
    """The one that the units' targets chose, else the programme's; None where they disagree."""
    if not stated.denominators:
        return grid.by_code(indicator.denominator_code)
    chosen = list(stated.denominators)
    return grid.indicators[chosen[0]] if len(chosen) == 1 else None


def _same_units(one: Tally, other: Tally) -> bool:
    """Whether two counts were made by the same units: else their quotient means nothing."""
    return _mark(one) == _mark(other)


def _mark(tally: Tally) -> tuple[int, int]:
    added = [bucket for bucket in tally.buckets if bucket.numeric and bucket.whole_unit]
    return (
        sum(bucket.units for bucket in added),
        sum(bucket.fingerprint for bucket in added),
    )


def _divided(indicator: Indicator, over: Total, under: Total) -> int | None:
    """The quotient of two plain numbers of one kind, in the indicator's integers."""
    if over.figure is None or under.figure is None:
        return None
    kinds = {figure.comparator in LOWER for figure in (over.figure, under.figure)}
    ranges = Comparator.BETWEEN in {over.figure.comparator, under.figure.comparator}
    if len(kinds) > 1 or ranges:
        return None
    return quotient(over.figure.value or 0, under.figure.value or 0, indicator.measure)
