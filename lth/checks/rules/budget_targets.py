"""V47: what a plan aims to spend is what the lines of its budget come to."""

from collections.abc import Iterator
from dataclasses import dataclass

from lth.checks.reading import Bounds, allowed, figures, is_whole, span_of
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, money, name_of
from lth.content.derived import Derivation, derivation
from lth.content.model import BUDGET, BudgetLine, Content, TargetLine
from lth.core.i18n import N_
from lth.models.content import CountsFrom
from lth.models.finding import Severity, Stage


@dataclass(frozen=True, slots=True)
class _Spent:
    """What lines come to, in đồng; `open` where some have no amount, no year or no source."""

    sum: int
    open: bool


@check(
    "V47",
    "BUDGET_TARGET",
    N_("Chỉ tiêu kinh phí bằng các khoản kinh phí"),
    Severity.WARNING,
    Stage.DRAFT,
)
def budget_target(content: Content) -> Iterator[Fault]:
    """Require that a target of money from a source is what the budget's lines from that source
    come to, in the years that it is for. Lines without an amount may make up what is lacking,
    none what is too much.
    """
    if BUDGET in content.unreadable or not content.budget:
        return
    for code, indicator in content.indicators.items():
        declared = derivation(indicator)
        for target in figures(content, code) if declared is not None else ():
            bounds = allowed(target)
            spent = _spent(content, target, declared)
            if bounds is not None and spent is not None and not _fits(bounds, spent):
                yield _other_sum(content, target, spent)


def _spent(content: Content, target: TargetLine, declared: Derivation) -> _Spent | None:
    """Add up the lines of a target's source and years; None for what no year can be told of."""
    lines = [line for line in content.budget if declared.takes(line)]
    parts = [_in_years(content, line, target) for line in lines]
    known = [part for part in parts if part is not None]
    sourceless = any(line.source is None for line in content.budget)
    found = _Spent(sum(known), open=sourceless or len(known) < len(parts))
    if target.counts_from is not CountsFrom.YEARLY:
        return found
    years = span_of(content, target.phase).years
    return _Spent(found.sum // years, found.open) if years and not found.sum % years else None


def _in_years(content: Content, line: BudgetLine, target: TargetLine) -> int | None:
    """Return what a line comes to in the years of a target; None where it is not said."""
    amount = line.product if line.amount is None else line.amount
    span = span_of(content, target.phase)
    if line.year is not None and line.year not in content.period:
        return None  # V44 asks which year is meant
    if line.year is not None:
        return amount if line.year in span else 0
    if amount is None or is_whole(content, target.phase):
        return amount
    over_all = line.annual_rate is not None and line.years in {None, content.period.years}
    return line.annual_rate * span.years if over_all and span.years else None


def _fits(wanted: Bounds, spent: _Spent) -> bool:
    if wanted.high is not None and spent.sum > wanted.high:
        return False
    return spent.open or spent.sum >= wanted.low


def _other_sum(content: Content, target: TargetLine, spent: _Spent) -> Fault:
    return Fault.of(
        N_("%(name)s ghi %(figure)s, nhưng các khoản từ nguồn này cộng lại bằng %(sum)s."),
        N_("Sửa chỉ tiêu hoặc các khoản kinh phí cho khớp nhau."),
        target.key,
        name=name_of(content, target.indicator),
        figure=figure(target, content),
        sum=money(spent.sum),
    )
