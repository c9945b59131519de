"""Make the annexes of a plan: its targets, its money and its tasks as tables."""

from collections.abc import Mapping, Sequence

from lth.content import money
from lth.content.line_types import LEVEL_LABEL, SOURCE_LABEL, BudgetLine
from lth.content.model import Content, TargetLine
from lth.core.vietnamese import format_date, format_money, format_number
from lth.exchange.papers.plan_lines import (
    BUDGET,
    TARGETS,
    TASKS,
    bare_figure,
    named,
    phase_name,
    roman,
)
from lth.exchange.papers.text import Align, Annex, Table, TableColumn, TableRow
from lth.models.content import Comparator
from lth.models.programme import Measure

TITLES = {
    TARGETS: "Biểu chỉ tiêu",
    BUDGET: "Biểu kinh phí",
    TASKS: "Phân công nhiệm vụ",
}
_WIDE = 3
"""Phases from which on the table of targets lies across the page."""


def labels(content: Content) -> dict[str, str]:
    """Name the annexes that a plan has, by topic: "Phụ lục I"; without a number where it is one."""
    topics = [
        topic
        for topic, there in (
            (TARGETS, bool(content.targets)),
            (BUDGET, any(line.amount is not None for line in content.budget)),
            (TASKS, bool(content.tasks)),
        )
        if there
    ]
    if len(topics) == 1:
        return {topics[0]: "Phụ lục"}
    return {topic: f"Phụ lục {roman(at)}" for at, topic in enumerate(topics, 1)}


def annexes(content: Content, named_as: Mapping[str, str], belongs: str) -> tuple[Annex, ...]:
    """Return the annexes under the labels they have."""
    tables = {TARGETS: _targets, BUDGET: _budget, TASKS: _tasks}
    across = {TARGETS: len(content.phases) >= _WIDE, BUDGET: False, TASKS: True}
    return tuple(
        Annex(label, TITLES[topic], belongs, (tables[topic](content),), across[topic])
        for topic, label in named_as.items()
    )


def _targets(content: Content) -> Table:
    """Return a row an indicator and scope, a column a phase."""
    rows: dict[tuple[str, str], list[TargetLine]] = {}
    for target in content.targets:
        name = named(content.indicators[target.indicator], target)
        rows.setdefault((target.indicator, name), []).append(target)
    phases = content.phases
    return Table(
        columns=(
            TableColumn("TT", 2, Align.CENTRE),
            TableColumn("Chỉ tiêu", 10),
            TableColumn("Đơn vị tính", 4, Align.CENTRE),
            *(TableColumn(phase_name(content, one), 5, Align.CENTRE) for one in phases),
        ),
        rows=tuple(
            TableRow(
                (
                    str(at),
                    name,
                    content.indicators[code].unit_vi,
                    *(_figures(content, listed, phase.key) for phase in phases),
                )
            )
            for at, ((code, name), listed) in enumerate(rows.items(), 1)
        ),
    )


def _figures(content: Content, listed: Sequence[TargetLine], phase: str) -> str:
    return "; ".join(_figure(content, one) for one in listed if one.phase == phase)


def _figure(content: Content, target: TargetLine) -> str:
    """Write a figure without its unit, which has a column of its own."""
    indicator = content.indicators[target.indicator]
    text = bare_figure(indicator, target)
    if target.comparator is Comparator.QUALITATIVE or indicator.measure is Measure.PERCENT:
        return text
    return text.removesuffix(" đồng").removesuffix(f" {indicator.unit_vi}")


def _budget(content: Content) -> Table:
    """Return a row a line of the budget, and its sum; columns that say nothing are left out."""
    lines = content.budget
    tiers = any(line.level for line in lines)
    years = any(line.year for line in lines)
    return Table(
        columns=(
            TableColumn("TT", 2, Align.CENTRE),
            TableColumn("Nội dung chi", 12),
            TableColumn("Nguồn", 6),
            *([TableColumn("Cấp ngân sách", 5)] * tiers),
            *([TableColumn("Năm", 3, Align.CENTRE)] * years),
            TableColumn("Số tiền", 6, Align.RIGHT),
        ),
        rows=(
            *(
                TableRow(
                    (
                        str(at),
                        _activity(line),
                        SOURCE_LABEL[line.source] if line.source else "",
                        *([LEVEL_LABEL[line.level] if line.level else ""] * tiers),
                        *([str(line.year or "")] * years),
                        "" if line.amount is None else format_number(line.amount),
                    )
                )
                for at, line in enumerate(lines, 1)
            ),
            *_sums(content, tiers + years),
        ),
        unit="Đơn vị tính: đồng",
    )


def _activity(line: BudgetLine) -> str:
    """Say what money is for and how the amount comes about."""
    if line.quantity is not None and line.unit_price is not None:
        counted = f"{format_number(line.quantity)} {line.unit}".strip()
        return f"{line.activity} ({counted} × {format_money(line.unit_price)})"
    if line.annual_rate is not None:
        years = f" × {line.years} năm" if line.years else " mỗi năm"
        return f"{line.activity} ({format_money(line.annual_rate)}{years})"
    return line.activity


def _sums(content: Content, more: int) -> tuple[TableRow, ...]:
    """Return the sum of the lines, and the printed total where the plan gives another."""
    total = money.totals(content.budget, None).total
    printed = content.header.budget_total
    said = [("Tổng cộng các khoản", total)] if printed not in {None, total} else []
    said.append(("Tổng cộng", total) if not said else ("Tổng kinh phí của Kế hoạch", printed or 0))
    blank = [""] * (1 + more)
    return tuple(
        TableRow(("", name, *blank, format_number(sum_)), total=True) for name, sum_ in said
    )


def _tasks(content: Content) -> Table:
    timed = any(line.starts_on or line.ends_on for line in content.tasks)
    return Table(
        columns=(
            TableColumn("TT", 2, Align.CENTRE),
            TableColumn("Nhiệm vụ", 12),
            TableColumn("Chủ trì", 8),
            TableColumn("Phối hợp", 8),
            *([TableColumn("Thời gian", 5)] * timed),
        ),
        rows=tuple(
            TableRow(
                (
                    str(at),
                    line.title,
                    "; ".join(line.leads),
                    "; ".join(line.coordinating),
                    *([_days(line)] * timed),
                )
            )
            for at, line in enumerate(content.tasks, 1)
        ),
    )


def _days(line: object) -> str:
    days = (getattr(line, "starts_on", None), getattr(line, "ends_on", None))
    return " - ".join(format_date(day) for day in days if day)
