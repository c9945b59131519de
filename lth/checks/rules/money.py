"""V01 to V03: the budget's sums.

Targets of money come of the lines, and the text of the sums too: what can still differ is a total
that was printed, in the header or in words, before the lines changed.
"""

from collections.abc import Iterator

from lth.checks.registry import Fault, check
from lth.checks.wording import money, number, quoted, years
from lth.content.model import BUDGET, BudgetLine, Content
from lth.content.money import outdated
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage
from lth.models.parts import MoneySource

_ASK_AMOUNTS = N_(
    "Ghi số tiền dự kiến cho từng hoạt động, hoặc giải thích vì sao chưa xác định được."
)


@check("V01", "BUDGET_SUM", N_("Tổng kinh phí bằng tổng các khoản"), Severity.ERROR, Stage.DRAFT)
def budget_sum(content: Content) -> Iterator[Fault]:
    """Require that the printed total is what its lines add up to, in the header and in the text
    that was computed of them; lines without one are V03's. So much a year is an amount too.
    """
    yield from _outdated(content)
    amounts = [amount for line in content.budget if (amount := amount_of(content, line))]
    if (
        content.header.budget_total is None
        or not amounts
        or sum(amounts) == content.header.budget_total
    ):
        return
    total, lines = content.header.budget_total, sum(amounts)
    yield Fault.of(
        N_(
            "Tổng kinh phí ghi %(total)s, nhưng %(count)s khoản cộng lại bằng %(sum)s: lệch"
            " %(gap)s."
        ),
        _sum_remedy(content, total, lines),
        BUDGET,
        total=money(total),
        count=len(amounts),
        sum=money(lines),
        gap=money(abs(total - lines)),
    )


def _sum_remedy(content: Content, total: int, lines: int) -> str:
    """Say what mends a sum; where V02 has the lines mended, and the total is then right, that."""
    by_rate = sum(
        line.annual_rate * (line.years or content.period.years or 0)
        if line.annual_rate is not None
        else line.amount or 0
        for line in content.budget
    )
    if by_rate == total:
        return N_("Sửa các khoản theo mức mỗi năm nhân số năm thì đúng tổng này.")
    if lines > total:
        return N_("Sửa tổng thành %(sum)s, hoặc bớt các khoản.")
    return N_("Sửa tổng thành %(sum)s, hoặc bổ sung khoản còn thiếu.")


def amount_of(content: Content, line: BudgetLine) -> int | None:
    """Return what a line comes to: its amount, else its product, else its rate over the period."""
    if line.amount is not None:
        return line.amount
    if line.product is not None:
        return line.product
    years = content.period.years
    return None if line.annual_rate is None or years is None else line.annual_rate * years


def _outdated(content: Content) -> Iterator[Fault]:
    """Find sections with sums that were put in before the lines came to something else."""
    for section in content.sections:
        if outdated(section.body, content.budget):
            yield Fault.of(
                N_("Phần “%(title)s” còn ghi tổng kinh phí cũ, trước khi các khoản thay đổi."),
                N_("Bấm “Chèn bảng kinh phí” ở phần này để ghi theo các khoản hiện nay."),
                section.key,
                title=section.title,
            )


@check(
    "V02",
    "BUDGET_RATE",
    N_("Mức mỗi năm nhân số năm bằng khoản chi"),
    Severity.WARNING,
    Stage.DRAFT,
)
def budget_rate(content: Content) -> Iterator[Fault]:
    """Require an amount to be its yearly rate times the years of the line, or of the plan, or so
    many times the price of one; and what is paid each year to be paid in no more years than the
    plan has.
    """
    for line in content.budget:
        if line.annual_rate is None and line.amount is not None and line.product is not None:
            if line.product != line.amount:
                yield _product(line)
            continue
        given, period = line.years or content.period.years, content.period.years
        if line.annual_rate and period is not None and given is not None and given > period:
            yield _too_long(content, line, given)
        elif line.annual_rate is None or line.amount is None or given is None:
            continue
        elif line.annual_rate * given != line.amount:
            yield _rate(line, given)


def _too_long(content: Content, line: BudgetLine, given: int) -> Fault:
    return Fault.of(
        N_("%(activity)s chi trong %(given)s năm, nhưng kế hoạch %(period)s chỉ có %(years)s năm."),
        N_("Sửa số năm cho khớp với thời gian của kế hoạch."),
        line.key,
        activity=quoted(line.activity),
        given=given,
        period=years(content.period),
        years=content.period.years,
    )


def _rate(line: BudgetLine, given: int) -> Fault:
    product = (line.annual_rate or 0) * given
    return Fault.of(
        N_(
            "%(rate)s mỗi năm trong %(years)s năm là %(product)s, không phải %(amount)s như đã ghi."
        ),
        N_("Sửa mức mỗi năm, số năm hoặc số tiền cho khớp nhau."),
        line.key,
        rate=money(line.annual_rate or 0),
        years=given,
        product=money(product),
        amount=money(line.amount or 0),
    )


def _product(line: BudgetLine) -> Fault:
    return Fault.of(
        N_("%(quantity)s × %(price)s = %(product)s, không phải %(amount)s như đã ghi."),
        N_("Sửa số lượng, đơn giá hoặc số tiền cho khớp nhau."),
        line.key,
        quantity=number(line.quantity or 0),
        price=money(line.unit_price or 0),
        product=money(line.product or 0),
        amount=money(line.amount or 0),
    )


@check(
    "V03",
    "BUDGET_EMPTY",
    N_("Kinh phí có số tiền, mỗi hoạt động có nguồn"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def budget_empty(content: Content) -> Iterator[Fault]:
    """Require that the plan names a sum, and for each activity where its money comes from. Money
    yet to be raised needs no amount, as long as that of the state budget has one. A letter that
    sets tasks under another plan has no budget of its own; a part that the source has lost is
    not judged.
    """
    if content.is_directive or BUDGET in content.unreadable:
        return
    if not content.budget:
        yield _undivided(content.header.budget_total)
        return
    if not content.header.budget_total and not any(_priced(line) for line in content.budget):
        yield Fault.of(
            N_("Phần kinh phí có %(count)s khoản, nhưng không khoản nào ghi số tiền."),
            _ASK_AMOUNTS,
            BUDGET,
            count=len(content.budget),
        )
    else:
        yield from _unpriced(content)
    yield from _sourceless(content)


def _undivided(total: int | None) -> Fault:
    if not total:
        return Fault.of(N_("Kế hoạch không có khoản kinh phí nào."), _ASK_AMOUNTS, BUDGET)
    text = N_("Tổng kinh phí ghi %(total)s nhưng không chia cho hoạt động nào.")
    return Fault.of(text, _ASK_AMOUNTS, BUDGET, total=money(total))


def _priced(line: BudgetLine) -> bool:
    return bool(line.amount or line.annual_rate or line.product)


def _unpriced(content: Content) -> Iterator[Fault]:
    """Find activities of the state budget that have no amount while others have."""
    for line in content.budget:
        if line.source is MoneySource.STATE and not _priced(line):
            yield Fault.of(
                N_("Hoạt động %(activity)s lấy từ ngân sách nhưng không ghi số tiền."),
                N_("Ghi số tiền dự kiến cho hoạt động này."),
                line.key,
                activity=quoted(line.activity),
            )


def _sourceless(content: Content) -> Iterator[Fault]:
    for line in content.budget:
        if line.source is None:
            yield Fault.of(
                N_("Hoạt động %(activity)s không ghi nguồn kinh phí."),
                N_("Chọn nguồn: ngân sách, xã hội hóa, quỹ của địa phương hoặc nguồn khác."),
                line.key,
                activity=quoted(line.activity),
            )
