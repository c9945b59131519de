"""V40: figures that can only have been written in another unit: a fund of 50 đồng, 0,7 for 70 %."""

import re
from collections.abc import Iterator

from lth.checks.prose import lowered
from lth.checks.reading import START, baseline_lines, measure_of
from lth.checks.registry import Fault, check
from lth.checks.rules.money import amount_of
from lth.checks.wording import figure, money, name_of, quoted
from lth.content.model import BUDGET, BudgetLine, Content, TargetLine
from lth.core.i18n import N_
from lth.models.content import Comparator
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure
from lth.models.unit import Level

MILLION = 10**6
_LIKELY = {
    "income_fund_min": (MILLION, 1000 * MILLION),
    "income_fund_balance": (MILLION, None),
    "operating_fund_balance": (MILLION // 10, None),
    "loan_outstanding": (MILLION // 10, None),
    "loan_overdue": (MILLION // 100, None),
    "budget_state": (MILLION, None),
    "budget_social": (MILLION // 10, None),
    "member_fee_month": (500, 200_000),
    "loan_rate_month": (10, 300),
    "meetings_month": (None, 8_00),
    "exercise_week": (None, 14_00),
    "health_check_year": (None, 12_00),
}
"""From where to where a figure can be meant as it stands, in đồng and in 1/100 of a per cent or of
a time. Far wider than any norm: what lies outside was not weighed but written in another unit,
such as in millions, or of a year where it is of a month."""

_WHOLE_IN_ONES = 1_00
"""1 %: so small a share of clubs, communes or members is one that was written as a part of 1."""
_SMALL_SHARES = frozenset({"older_reach_pct", "outreach_pct"})

_EQUIPMENT = re.compile(
    r"\b(?:mua sắm|trang thiết bị|thiết bị|tập huấn|hội thảo|hội nghị|hỗ trợ)\b"
)
_SMALLEST, _SMALLEST_EQUIPMENT = 300_000, MILLION
_LARGEST = {
    Level.COMMUNE: 100_000 * MILLION,
    Level.DISTRICT: 1_000_000 * MILLION,
    Level.PROVINCE: 10_000_000 * MILLION,
}
"""The most that a plan of a level can come to, in đồng: 100 tỷ, 1.000 tỷ, 10.000 tỷ."""


@check(
    "V40",
    "UNIT_SLIP",
    N_("Số liệu đúng đơn vị tính"),
    Severity.WARNING,
    Stage.DRAFT,
)
def unit_slip(content: Content) -> Iterator[Fault]:
    """Point out figures that nobody means as they stand: money of a few đồng or of too many, a
    share of less than one per cent, a rate of a year in the place of a month's.
    """
    for line in (*baseline_lines(content), *content.targets):
        if line.comparator is not Comparator.QUALITATIVE and _is_slip(content, line):
            yield _slip(content, line)
    for line in content.budget:
        amount = amount_of(content, line)
        if amount and amount < _least(line):
            yield _small_amount(line, amount)
    total = content.header.budget_total or sum(
        amount_of(content, line) or 0 for line in content.budget
    )
    if total > _LARGEST.get(content.place.level, total):
        yield _large_total(total)


def _is_slip(content: Content, line: TargetLine) -> bool:
    values = [value for value in (line.low, line.high) if value]
    if measure_of(content, line) is Measure.PERCENT:
        small = line.indicator in _SMALL_SHARES or line.phase == START
        return not small and any(value <= _WHOLE_IN_ONES for value in values)
    least, most = _LIKELY.get(line.indicator, (None, None))
    return any(
        (least is not None and value < least) or (most is not None and value > most)
        for value in values
    )


def _slip(content: Content, line: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s ghi %(figure)s: có thể nhầm đơn vị tính."),
        N_("Xem lại đơn vị: đồng hay triệu đồng, phần trăm hay phần của 1, tháng hay năm."),
        line.key,
        name=name_of(content, line.indicator),
        figure=figure(line, content),
    )


def _least(line: BudgetLine) -> int:
    """Return the least that a line can be meant to come to; a price times a number is meant."""
    if line.quantity is not None and line.unit_price is not None:
        return 0
    return _SMALLEST_EQUIPMENT if _EQUIPMENT.search(lowered(line.activity)) else _SMALLEST


def _small_amount(line: BudgetLine, amount: int) -> Fault:
    return Fault.of(
        N_("%(activity)s chỉ ghi %(amount)s: có thể nhầm đơn vị tính."),
        N_("Ghi số tiền bằng đồng, ví dụ 100 triệu là 100.000.000."),
        line.key,
        activity=quoted(line.activity),
        amount=money(amount),
    )


def _large_total(total: int) -> Fault:
    return Fault.of(
        N_("Tổng kinh phí ghi %(total)s, quá lớn so với cấp này: có thể nhầm đơn vị tính."),
        N_("Ghi số tiền bằng đồng, ví dụ 100 triệu là 100.000.000."),
        BUDGET,
        total=money(total),
    )
