"""V39: what is reached is not below what stands: a target under its start, totals that fall."""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from lth.checks.prose import lowered
from lth.checks.reading import START, lines_of, measure_of, proper, span_of, value_of
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, name_of, years
from lth.content.model import Content, TargetLine
from lth.content.targets import UPPER
from lth.core.i18n import N_
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure, RollUp

_MAY_FALL = frozenset(
    {
        *(
            "communes_total",
            "districts_total",
            "older_population",
            "older_members_assoc",
            "staff_total",
        ),
        *("loan_outstanding", "loan_overdue", "clubs_existing", "outreach_target", "reports_due"),
    }
)
"""Totals that nobody means to raise: what the country is like, and debts."""

_OF_THE_PHASE = frozenset(
    {"income_fund_balance", "operating_fund_balance", "volunteers", "health_books"}
)
"""Totals that a plan often gives for the clubs that a phase adds, unless its words say of all."""
_OF_ALL = re.compile(r"\b(?:tổng|lũy kế|nâng|cả thảy)\b")


@check(
    "V39",
    "NOT_BELOW",
    N_("Chỉ tiêu không thấp hơn mức đã có, tổng lũy kế không giảm"),
    Severity.WARNING,
    Stage.DRAFT,
    behind=("V07", "V11", "V32", "V40"),
)
def not_below(content: Content) -> Iterator[Fault]:
    """Require that a total to be reached, or a share of what is good, is no lower than it is at
    the start, nor than in the phase before. Debts and populations may fall, and so may who the
    members are; clubs that the plan closes are no longer there.
    """
    if content.of("clubs_closed"):
        return
    rising = [target for target in content.targets if _rises(content, target)]
    for target in rising:
        for there in lines_of(content, target.indicator, START):
            if _first_of(content, rising, target) and _lower(target, there):
                yield _below(content, target, there)
    for before, after in _followed(content, rising):
        if _lower(after, before):
            yield _falling(content, before, after)


def _rises(content: Content, target: TargetLine) -> bool:
    """Tell whether a target is of what a plan means to keep or to raise."""
    indicator = content.indicators.get(target.indicator)
    if indicator is None or target.indicator in _MAY_FALL or target.parent_share_key is not None:
        return False
    if target.comparator in {*UPPER, Comparator.QUALITATIVE} or value_of(target) is None:
        return False
    if measure_of(content, target) is Measure.PERCENT:
        return not (indicator.numerator_code or "").startswith("members_")
    if indicator.roll_up is RollUp.MINIMUM:
        return True
    if target.indicator in _OF_THE_PHASE and not _OF_ALL.search(lowered(target.wording)):
        return False
    total = target.counts_from is CountsFrom.CUMULATIVE and target.scope is TargetScope.UNIT
    return total and indicator.roll_up is RollUp.SUM


def _claim(target: TargetLine) -> tuple[str, ...]:
    return (
        target.indicator,
        target.scope,
        target.area,
        target.counts_from,
        target.denominator or "",
    )


def _first_of(content: Content, rising: list[TargetLine], target: TargetLine) -> bool:
    """Tell whether it is the earliest of its kind, so that a fall is told once; for all the area,
    as the baseline is.
    """
    if target.area is not AreaType.ALL:
        return False
    ends = [span_of(content, one.phase).end for one in rising if _claim(one) == _claim(target)]
    return span_of(content, target.phase).end == min(ends)


def _followed(
    content: Content, rising: list[TargetLine]
) -> Iterator[tuple[TargetLine, TargetLine]]:
    """Yield targets of one kind in phases that follow each other."""
    order = {phase.key: at for at, phase in enumerate(proper(content))}
    placed = [one for one in rising if one.phase in order]
    placed.sort(key=lambda one: (_claim(one), order[one.phase]))
    for _, alike in groupby(placed, key=_claim):
        yield from pairwise(alike)


def _lower(target: TargetLine, there: TargetLine) -> bool:
    """Tell whether even the most that is aimed at is less than what is there at least."""
    most = target.high if target.comparator is Comparator.BETWEEN else value_of(target)
    return (most or 0) < (value_of(there) or 0)


def _below(content: Content, target: TargetLine, there: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s ghi %(figure)s, thấp hơn mức đã có đầu kỳ là %(there)s."),
        N_("Nâng chỉ tiêu, hoặc sửa số đầu kỳ; nếu giảm thật thì ghi rõ lý do."),
        target.key,
        name=name_of(content, target.indicator),
        figure=figure(target, content),
        there=figure(there, content),
    )


def _falling(content: Content, before: TargetLine, after: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s giảm từ %(earlier)s (%(before)s) xuống %(later)s (%(after)s)."),
        N_("Giai đoạn sau ghi ít nhất bằng giai đoạn trước."),
        after.key,
        name=name_of(content, after.indicator),
        earlier=figure(before, content),
        before=years(span_of(content, before.phase)),
        later=figure(after, content),
        after=years(span_of(content, after.phase)),
    )
