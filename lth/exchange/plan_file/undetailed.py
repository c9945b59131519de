"""Money that a plan file gives as a target alone, as budget lines that say so.

In the database such a target is what the budget's lines come to, and is not typed. What a file's
figure has beyond its lines becomes one line more, "chưa chi tiết", for its drafter to divide.
"""

from collections.abc import Mapping, Sequence

from lth.content.derived import derivation, sums, years
from lth.content.model import BudgetLine, TargetLine
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import format_money
from lth.exchange.plan_file.reader import PlanFile, fault
from lth.models import Indicator, Phase
from lth.models.content import Comparator
from lth.models.parts import MoneySource

ACTIVITY = "Kinh phí chưa chi tiết, theo chỉ tiêu ghi trong kế hoạch"
"""What such a line is for; a plan is in Vietnamese, whoever brings it in."""


def lines(
    file: PlanFile,
    money: Sequence[BudgetLine],
    there: Sequence[Phase],
    phases: Mapping[str, str],
    known: Mapping[str, Indicator],
) -> list[BudgetLine]:
    """Return the lines to add to its `money`; `phases` says by the file's phase the period's code.

    A figure for the whole of a period of several phases is held against all lines of its sources.

    Raises BlockedError where a file's lines come to more than its figure allows.
    """
    by_code = {phase.code: phase for phase in there}
    found: list[BudgetLine] = []
    faults: list[Message] = []
    parts_first = sorted(file.content.targets, key=lambda one: phases[one.phase] not in by_code)
    for target in parts_first:
        indicator = known[target.indicator]
        declared = derivation(indicator)
        if declared is None:
            continue
        phase = by_code.get(phases[target.phase])
        come_to = _come_to(indicator, [*money, *found], there, phase)
        if _above(target, come_to):
            faults.append(fault(file, target.key, _too_much(target, come_to)))
            continue
        source = min(declared.sources, key=[*MoneySource].index)
        level = next(iter(declared.levels)) if len(declared.levels) == 1 else None
        line = _line(target, come_to)
        if line is not None:
            activity, amount = line
            year = years(phase)[-1] if phase is not None and len(there) > 1 else None
            found.append(BudgetLine("", activity, source, level, year, amount))
    if faults:
        raise BlockedError(*faults)
    return found


def _come_to(
    indicator: Indicator, money: Sequence[BudgetLine], there: Sequence[Phase], phase: Phase | None
) -> int:
    """Return what an indicator's lines come to in a phase, or in the whole period."""
    by_phase = sums(indicator, money, there)
    if phase is not None:
        return by_phase[phase.id].value
    return sum(one.value for one in by_phase.values()) + by_phase[there[0].id].elsewhere


def _line(target: TargetLine, come_to: int) -> tuple[str, int | None] | None:
    """Return activity and amount of the line that is lacking; no amount where there are words
    alone, and None where nothing is lacking.
    """
    figure = target.low if target.low is not None else target.high
    if target.comparator is Comparator.QUALITATIVE or figure is None:
        return (target.wording or ACTIVITY, None) if not come_to else None
    at_most = target.comparator in {Comparator.LTE, Comparator.LT}
    if figure <= come_to or (at_most and come_to):
        return None
    return ACTIVITY, figure - come_to


def _above(target: TargetLine, come_to: int) -> bool:
    top = target.low if target.comparator is Comparator.EQ else target.high
    return top is not None and come_to > top


def _too_much(target: TargetLine, come_to: int) -> Message:
    top = target.low if target.high is None else target.high
    text = N_("chỉ tiêu ghi %(figure)s, nhưng các khoản kinh phí cộng lại bằng %(sum)s")
    return Message(text, {"figure": format_money(top or 0), "sum": format_money(come_to)})
