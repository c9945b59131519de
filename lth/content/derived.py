"""Targets that nobody types: sums of the budget's lines, as the programme declares them.

An indicator says which lines it adds up, by source and, where it names any, by tier of the budget
(`budget_sources`, `budget_levels` in the programme's file). A line counts in the phase that its
year is in. One without a year counts in the only phase that there is; where there are several, by
its yearly rate in each, if that runs over the whole period, and else in none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lth.content.line_types import BudgetLine
from lth.models import Indicator, Phase
from lth.models.parts import MoneyLevel, MoneySource

DECLARED = "budget"
"""What `Indicator.extra` has the declaration under."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """The budget lines that an indicator adds up; of every tier where it names none."""

    sources: frozenset[MoneySource]
    levels: frozenset[MoneyLevel] = frozenset()

    def takes(self, line: BudgetLine) -> bool:
        """Tell whether a line is one of them."""
        return line.source in self.sources and (not self.levels or line.level in self.levels)


@dataclass(frozen=True, slots=True)
class LineSum:
    """What some lines come to in a phase, in đồng, and how many have an amount there.

    `elsewhere` is what lines of the same sources have that count in no phase of the period.
    """

    value: int = 0
    lines: int = 0
    elsewhere: int = 0


def derivation(indicator: Indicator) -> Derivation | None:
    """Return what an indicator derives from; None for one that is typed."""
    declared = indicator.extra.get(DECLARED)
    if not declared:
        return None
    return Derivation(
        frozenset(map(MoneySource, declared["sources"])),
        frozenset(map(MoneyLevel, declared["levels"])),
    )


def is_derived(indicator: Indicator) -> bool:
    """Tell whether an indicator's targets are computed from budget lines."""
    return bool(indicator.extra.get(DECLARED))


def sums(
    indicator: Indicator, lines: Iterable[BudgetLine], phases: Sequence[Phase]
) -> dict[int, LineSum]:
    """Add up an indicator's lines by phase id, each phase that there is.

    Raises ValueError for an indicator that derives from nothing.
    """
    declared = derivation(indicator)
    if declared is None:
        raise ValueError(f"{indicator.code} derives from no lines")
    values = dict.fromkeys((phase.id for phase in phases), 0)
    counted = dict.fromkeys(values, 0)
    elsewhere = 0
    for line in filter(declared.takes, lines):
        if line.amount is None:
            continue
        shares = by_phase(line, phases)
        elsewhere += line.amount - sum(shares.values())
        for phase_id, share in shares.items():
            values[phase_id] += share
            counted[phase_id] += 1
    return {
        phase_id: LineSum(values[phase_id], number, elsewhere)
        for phase_id, number in counted.items()
    }


def by_phase(line: BudgetLine, phases: Sequence[Phase]) -> dict[int, int]:
    """Divide a line's amount among the phases it counts in, in đồng, exactly; none for no phase."""
    amount = line.amount or 0
    if line.year is not None:
        return {phase.id: amount for phase in phases if line.year in years(phase)}
    if len(phases) == 1:
        return {phases[0].id: amount}
    whole = sum(len(years(phase)) for phase in phases)
    if line.annual_rate is None or line.years != whole or line.product != amount:
        return {}
    return {phase.id: line.annual_rate * len(years(phase)) for phase in phases}


def years(phase: Phase) -> range:
    """Return a phase's calendar years."""
    return range(phase.starts_on.year, phase.ends_on.year + 1)
