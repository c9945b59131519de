"""Word the lines of a plan as they stand under the text of its sections."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lth.content import money
from lth.content import targets as figures
from lth.content.line_types import (
    FREQUENCY_LABEL,
    LEVEL_LABEL,
    SOURCE_LABEL,
    TERM_LABEL,
    BudgetLine,
)
from lth.content.model import Content, PhaseSpan, TargetLine
from lth.core.vietnamese import capitalize_first, format_money, lower_first, search_key
from lth.exchange.papers.body import blocks, runs
from lth.exchange.papers.letterhead import ended
from lth.exchange.papers.text import Block, Paragraph, ParagraphStyle, Run, plain
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, TargetScope
from lth.models.parts import MoneySource
from lth.models.programme import Measure

BASELINE, TARGETS, TERMS, BUDGET, TASKS, DUTIES, REPORTING = (
    *("baseline", "targets", "terms", "budget", "tasks", "duties", "reporting"),
)

_TELLING = 3
"""Digits from which on a figure that a text has is taken for the same thing."""
_SINGLE_DIGIT = re.compile(r"(?<![\d.,])([1-9])(?![\d.,]*\d)")


def roman(number: int) -> str:
    """Write a number below 40 as a Roman numeral."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


# --- Lists --------------------------------------------------------------------------------


def _is_said(words: str, text: str) -> bool:
    """Tell whether words stand in a text already, whatever its letters and marks."""
    key = search_key(words)
    return bool(key) and f" {key} " in f" {text} "


def items(texts: Iterable[str]) -> list[Paragraph]:
    """Return a dash list: "- …;" and the last "- …."."""
    return [
        Paragraph(runs(f"- {capitalize_first(text)}"), ParagraphStyle.ITEM) for text in ended(texts)
    ]


def lettered(number: int) -> str:
    """Return the letter of a point: a, b, c, d, đ, e …"""
    return "abcdđeghiklmnopqrstuvxy"[number - 1]


def _headed(words: str, listed: list[Paragraph]) -> list[Paragraph]:
    """Return a list under a line that says what it is; nothing where there is nothing.

    A line that begins with its letter is a point: what stands below it is of its phase.
    """
    style = ParagraphStyle.POINT if words[1] == ")" else ParagraphStyle.PLAIN
    return [Paragraph((Run(words, bold=True),), style), *listed] if listed else []


def targets(content: Content, text: str, annexed: Mapping[str, str]) -> list[Paragraph]:
    """Return the targets as a list, by phase where there are several, and where all stand."""
    said = {target.key: sentence(content, target) for target in content.targets}
    left = [target for target in content.targets if not _is_said(said[target.key], text)]
    where = annexed.get(TARGETS)
    told = [plain(f"Chi tiết các chỉ tiêu tại {where}.")] if where else []
    if len(content.phases) == 1:
        return [*_headed("Chỉ tiêu cụ thể:", items(said[one.key] for one in left)), *told]
    made: list[Paragraph] = []
    phases = 0
    for phase in content.phases:
        if listed := items(said[one.key] for one in left if one.phase == phase.key):
            phases += 1
            made += _headed(f"{lettered(phases)}) {phase_name(content, phase)}:", listed)
    return [*_headed("Chỉ tiêu cụ thể:", made), *told]


def phase_name(content: Content, phase: PhaseSpan) -> str:
    """Say "Giai đoạn 2026 - 2030", "Năm 2026", "Đến năm 2025"; "Cả giai đoạn" of the period."""
    span = phase.span
    if span.start is None:
        return f"Đến năm {span.end}"
    if span.start == span.end:
        return f"Năm {span.end}"
    whole = "Cả giai đoạn" if span == content.period and len(content.phases) > 1 else "Giai đoạn"
    return f"{whole} {span.start} - {span.end}"


def sentence(content: Content, target: TargetLine) -> str:
    """Say a target in the plan's own words, else by its indicator's name and figure."""
    if target.wording:
        return " ".join(target.wording.split())
    indicator = content.indicators[target.indicator]
    return f"{named(indicator, target)}: {figure(indicator, target)}"


def named(indicator: Indicator, target: TargetLine) -> str:
    """Name an indicator with the scope and the area that a target of it has."""
    scope = figures.SCOPE_LABEL[target.scope]
    named_already = target.scope is TargetScope.UNIT or scope in indicator.label_vi
    said = [] if named_already else [scope]
    if target.area is not AreaType.ALL:
        said.append(figures.AREA_TYPE_LABEL[target.area])
    return f"{indicator.label_vi} ({', '.join(said)})" if said else indicator.label_vi


def figure(indicator: Indicator, target: TargetLine) -> str:
    """Write a target's figure with comparator and unit: "ít nhất 03 câu lạc bộ"."""
    text = bare_figure(indicator, target)
    if indicator.measure is not Measure.COUNT or target.comparator is Comparator.QUALITATIVE:
        return text
    return f"{text} {_unit(indicator)}"


def _unit(indicator: Indicator) -> str:
    """Return what a count is of, as it stands in a sentence: "người" of "người/CLB"."""
    return indicator.unit_vi.partition("/")[0].replace("CLB", "câu lạc bộ")


def bare_figure(indicator: Indicator, target: TargetLine) -> str:
    """Write a target's figure with its comparator; of what is counted "ít nhất 03"."""
    if target.comparator is Comparator.QUALITATIVE:
        return target.wording or "định tính"
    value = figures.Figure(target.comparator, target.low, target.high)
    return _padded(figures.worded(value, indicator), indicator)


def _padded(text: str, indicator: Indicator) -> str:
    """Write counts below ten with a zero, as papers do."""
    return _SINGLE_DIGIT.sub(r"0\1", text) if indicator.measure is Measure.COUNT else text


def _is_told(value: int | None, figure: str, text: str) -> bool:
    """Tell whether a text has a figure that is long enough to be no other's."""
    long = sum(char.isdigit() for char in figure) >= _TELLING
    return value is not None and long and _is_said(figure, text)


def terms(content: Content, text: str) -> list[Paragraph]:
    """Return what the plan means by its terms."""
    said = [
        f"{TERM_LABEL[line.term]}: {lower_first(line.text) or f'từ {line.age} tuổi'}"
        for line in content.definitions
        if (line.text or line.age) and not (line.text and _is_said(line.text, text))
    ]
    return _headed("Trong Kế hoạch này, các từ ngữ được hiểu như sau:", items(said))


def baseline(content: Content, text: str) -> list[Paragraph]:
    """Return the figures at the start."""
    said = []
    for line in content.baselines:
        indicator = content.indicators[line.indicator]
        value = "" if line.value is None else figures.amount(line.value, indicator)
        counted = f" {_unit(indicator)}" if value and indicator.measure is Measure.COUNT else ""
        tells = not value or any(char.isdigit() for char in line.wording)
        words = (tells and line.wording) or f"{_padded(value, indicator)}{counted}"
        if not words or _is_said(line.wording, text) or _is_told(line.value, value, text):
            continue
        when = f" ({line.as_of})" if line.as_of else ""
        said.append(f"{indicator.label_vi}: {words}{when}")
    return _headed("Số liệu thực trạng:", items(said))


# --- Money --------------------------------------------------------------------------------


def budget(content: Content, text: str, annexed: Mapping[str, str]) -> list[Paragraph]:
    """Return the total and what each of several sources gives; line by line where no annex has
    them.
    """
    made = _total(content, text)
    if BUDGET in annexed:
        found = money.totals(content.budget, None).by_source
        several = found.items() if len(found) > 1 else ()
        given = [f"{_source(one)}: {format_money(sum_)}" for one, sum_ in several]
        told = plain(f"Chi tiết các khoản tại {annexed[BUDGET]}.")
        return [*made, *items(one for one in given if not _is_said(one, text)), told]
    left = [line for line in content.budget if not _is_said(_spent(line), text)]
    for source in (*MoneySource, None):
        listed = items(_spent(line) for line in left if line.source == source)
        made += _headed(f"{_source(source)}:", listed)
    return made


def _total(content: Content, text: str) -> list[Paragraph]:
    """Return the total as printed, else the sum of the lines; none where the text has it."""
    total = content.header.budget_total
    if total is None and any(line.amount for line in content.budget):
        total = money.totals(content.budget, None).total
    computed = any(money.HEAD in section.body for section in content.sections)
    if total is None or computed or _is_said(format_money(total), text):
        return []
    return [plain(f"{money.HEAD} {format_money(total)}.")]


def _source(source: MoneySource | None) -> str:
    return SOURCE_LABEL[source] if source else "Chưa ghi nguồn"


def _spent(line: BudgetLine) -> str:
    """Say what money is for, and how much, from which tier, in which year."""
    said = [
        format_money(line.amount) if line.amount is not None else "",
        f"{format_money(line.annual_rate)} mỗi năm" if line.annual_rate is not None else "",
        f"ngân sách {LEVEL_LABEL[line.level].lower()}" if line.level else "",
        f"năm {line.year}" if line.year else "",
    ]
    more = ", ".join(part for part in said if part)
    return f"{line.activity}: {more}" if more else line.activity


# --- Work ---------------------------------------------------------------------------------


def tasks(annexed: Mapping[str, str]) -> list[Paragraph]:
    """Say in which annex the tasks stand."""
    if TASKS not in annexed:
        return []
    return [plain(f"Nhiệm vụ cụ thể, cơ quan chủ trì và phối hợp theo {annexed[TASKS]}.")]


def unsaid_duties(content: Content, text: str) -> list[Any]:
    """List the duties whose words, or whose agency, no section has."""
    return [
        line
        for line in content.duties
        if not (_is_said(line.text, text) and _is_said(line.agency, text))
    ]


def duties(content: Content, text: str, number: int) -> list[Block]:
    """Return each agency as a numbered clause with its duty below, but for what is said already."""
    made: list[Block] = []
    for line in unsaid_duties(content, text):
        made.append(plain(f"{number}. {line.agency}", ParagraphStyle.CLAUSE, bold=True))
        made += blocks(line.text)
        number += 1
    return made


def reports(content: Content, text: str) -> list[Paragraph]:
    """Return who reports to whom, as a list."""
    said = []
    for line in content.reporting:
        to = f" báo cáo {', '.join(line.addressees)}" if line.addressees else " báo cáo"
        through = f" (qua {line.through})" if line.through else ""
        often = lower_first(FREQUENCY_LABEL[line.frequency]) if line.frequency else ""
        when = line.due if often in line.due else ", ".join(filter(None, (often, line.due)))
        what = f": {lower_first(line.content)}" if line.content else ""
        said.append(f"{line.reporter}{to}{through}{', ' if when else ''}{when}{what}")
    return items(one for one in said if not _is_said(one, text))
