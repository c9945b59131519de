"""V01 to V03: the budget's sums."""

from collections.abc import Iterator

from lth.i18n import N_, Bilingual
from lth.models.finding import Severity, Stage
from lth.planning.checks.registry import Fault, check, said
from lth.planning.document import BUDGET, BudgetLine, Document
from lth.vietnamese import format_money


@check("V01", "BUDGET_SUM", N_("Tổng kinh phí bằng tổng các khoản"), Severity.ERROR, Stage.DRAFT)
def budget_sum(document: Document) -> Iterator[Fault]:
    """The printed total is what its lines add up to; lines without an amount are V03's."""
    amounts = [line.amount for line in document.budget if line.amount is not None]
    if (
        document.header.budget_total is None
        or not amounts
        or sum(amounts) == document.header.budget_total
    ):
        return
    total, lines = document.header.budget_total, sum(amounts)
    yield Fault(
        said(
            N_(
                "Tổng kinh phí ghi %(total)s, nhưng %(count)s khoản cộng lại bằng %(sum)s: lệch"
                " %(gap)s."
            ),
            total=_money(total),
            count=len(amounts),
            sum=_money(lines),
            gap=_money(abs(total - lines)),
        ),
        said(N_("Sửa tổng thành %(sum)s, hoặc bổ sung khoản còn thiếu."), sum=_money(lines)),
        BUDGET,
    )


@check(
    "V02",
    "BUDGET_RATE",
    N_("Mức mỗi năm nhân số năm bằng khoản chi"),
    Severity.WARNING,
    Stage.DRAFT,
)
def budget_rate(document: Document) -> Iterator[Fault]:
    """An amount is its yearly rate times the years of the line, or of the plan's period."""
    for line in document.budget:
        years = line.years or document.period.years
        if line.annual_rate is None or line.amount is None or years is None:
            continue
        if line.annual_rate * years != line.amount:
            yield _rate(line, years)


def _rate(line: BudgetLine, years: int) -> Fault:
    product = (line.annual_rate or 0) * years
    return Fault(
        said(
            N_(
                "%(rate)s mỗi năm trong %(years)s năm là %(product)s, không phải %(amount)s như đã"
                " ghi."
            ),
            rate=_money(line.annual_rate or 0),
            years=years,
            product=_money(product),
            amount=_money(line.amount or 0),
        ),
        said(N_("Sửa mức mỗi năm, số năm hoặc số tiền cho khớp nhau.")),
        line.key,
    )


def _money(amount: int) -> Bilingual:
    return Bilingual(format_money(amount), format_money(amount, "en"))
