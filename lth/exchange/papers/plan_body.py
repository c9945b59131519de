"""Set the text of a plan: its sections in order, each with the lines that belong in it.

The rule about what is said twice. A line (a target, a sum, a duty, …) stands as a sentence in the
section whose title is about it, under that section's own text; where no title is, in a section of
its own at the end. A line whose words some section's own text has already is not said again there.
The annexes hold every target, every sum and every task all the same, since people look them up.
Tasks stand in their annex alone, and so do budget lines where they have amounts: a sentence only
says where, and what each source gives.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from lth.content import money, targets
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
from lth.models.content import Comparator, TargetScope
from lth.models.parts import MoneySource
from lth.models.programme import Measure

BASELINE, TARGETS, TERMS, BUDGET, TASKS, DUTIES, REPORTING = (
    *("baseline", "targets", "terms", "budget", "tasks", "duties", "reporting"),
)
HOMES = {
    BASELINE: ("thuc trang", "su can thiet", "tinh hinh", "chi tieu", "muc tieu", "muc dich"),
    TARGETS: ("chi tieu", "muc tieu", "muc dich"),
    TERMS: ("giai thich", "doi tuong", "chi tieu", "muc tieu", "muc dich"),
    BUDGET: ("kinh phi", "ngan sach", "nguon luc", "noi dung"),
    TASKS: ("nhiem vu", "giai phap", "noi dung", "to chuc thuc hien"),
    DUTIES: ("to chuc thuc hien", "phan cong", "trach nhiem"),
    REPORTING: ("che do bao cao", "to chuc thuc hien", "phan cong", "trach nhiem"),
}
"""Words of a section's title that make it the home of some lines, the surest first."""
OWN_TITLES = {
    BASELINE: "Thực trạng",
    TARGETS: "Chỉ tiêu",
    TERMS: "Giải thích từ ngữ",
    BUDGET: "Kinh phí thực hiện",
    TASKS: "Nhiệm vụ",
    DUTIES: "Tổ chức thực hiện",
    REPORTING: "Chế độ báo cáo",
}

_LAST = frozenset({DUTIES, REPORTING})
"""Topics that a plan ends with: of several sections that may be their home the last is."""
_ROMAN = re.compile(r"[IVXLC]+\.\s")
_TELLING = 100
"""A figure of three digits (hundredths of a per cent among them) is taken for the same thing."""
_SINGLE_DIGIT = re.compile(r"(?<![\d.,])(\d)(?![\d.,]*\d)")


def plan_body(content: Content, annexed: Mapping[str, str]) -> tuple[Block, ...]:
    """Return the whole text of a plan; `annexed` says in which annex a topic's table is."""
    text = search_key("\n".join(section.body for section in content.sections))
    listed = {
        BASELINE: _baseline(content, text),
        TARGETS: _targets(content, text, annexed),
        TERMS: _terms(content, text),
        BUDGET: _budget(content, text, annexed),
        TASKS: _tasks(annexed),
    }
    homes = {topic: _home(content, topic) for topic in HOMES}
    numbered = any(_ROMAN.match(section.title) for section in content.sections)
    made: list[Block] = []
    for at, section in enumerate(content.sections):
        own = [*blocks(section.body)]
        made += [_title(section.title, 0 if numbered else at + 1), *own]
        first = _next_number(own)
        for topic, lines in listed.items():
            made += lines if homes[topic] == at else ()
        made += _organised(content, text, homes, at, first)
    number = len(content.sections)
    for topic in HOMES:
        if homes[topic] is None:
            lines = listed.get(topic) or _organised_alone(content, text, topic)
            number += bool(lines)
            made += [_title(OWN_TITLES[topic], number), *lines] if lines else ()
    return tuple(made)


def _home(content: Content, topic: str) -> int | None:
    """Find the section that a topic's lines stand in."""
    titles = [*enumerate(search_key(section.title) for section in content.sections)]
    if topic in _LAST:
        titles.reverse()
    for words in HOMES[topic]:
        for at, title in titles:
            if words in title:
                return at
    return None


def _title(title: str, number: int) -> Paragraph:
    """Return a section's title as a part; it gets a numeral where the plan's titles have none."""
    text = title.strip().rstrip(".")
    numeral = f"{roman(number)}. " if number and not _ROMAN.match(text) else ""
    return Paragraph((Run(f"{numeral}{text}".upper(), bold=True),), ParagraphStyle.PART)


def roman(number: int) -> str:
    """Write a number below 40 as a Roman numeral."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _next_number(own: Sequence[Block]) -> int:
    """Return the number after the last that a section's own text begins a line with."""
    found = [
        re.match(r"(\d{1,2})[.)]?\s", block.text) for block in own if isinstance(block, Paragraph)
    ]
    return max((int(match[1]) for match in found if match), default=0) + 1


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


def _headed(words: str, listed: list[Paragraph], *, italic: bool = False) -> list[Paragraph]:
    """Return a list under a line that says what it is; nothing where there is nothing."""
    return [Paragraph((Run(words, bold=True, italic=italic),)), *listed] if listed else []


def _targets(content: Content, text: str, annexed: Mapping[str, str]) -> list[Paragraph]:
    said = {target.key: sentence(content, target) for target in content.targets}
    left = [target for target in content.targets if not _is_said(said[target.key], text)]
    where = annexed.get(TARGETS)
    told = [plain(f"Chi tiết các chỉ tiêu tại {where}.")] if where else []
    if len(content.phases) == 1:
        return [*_headed("Chỉ tiêu cụ thể:", items(said[one.key] for one in left)), *told]
    made: list[Paragraph] = []
    for phase in content.phases:
        listed = items(said[one.key] for one in left if one.phase == phase.key)
        made += _headed(f"{phase_name(content, phase)}:", listed, italic=True)
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
    """Name an indicator with the scope that a target of it has."""
    if target.scope is TargetScope.UNIT:
        return indicator.label_vi
    return f"{indicator.label_vi} ({targets.SCOPE_LABEL[target.scope]})"


def figure(indicator: Indicator, target: TargetLine) -> str:
    """Write a target's figure with comparator and unit: "ít nhất 03 câu lạc bộ"."""
    text = bare_figure(indicator, target)
    if indicator.measure is not Measure.COUNT or target.comparator is Comparator.QUALITATIVE:
        return text
    unit = indicator.unit_vi.partition("/")[0].replace("CLB", "câu lạc bộ")
    return f"{text} {unit}"


def bare_figure(indicator: Indicator, target: TargetLine) -> str:
    """Write a target's figure with its comparator; of what is counted "ít nhất 03"."""
    if target.comparator is Comparator.QUALITATIVE:
        return target.wording or "định tính"
    value = targets.Figure(target.comparator, target.low, target.high)
    text = targets.worded(value, indicator)
    return _SINGLE_DIGIT.sub(r"0\1", text) if indicator.measure is Measure.COUNT else text


def _is_told(value: int | None, figure: str, text: str) -> bool:
    """Tell whether a text has a figure that is long enough to be no other's."""
    return value is not None and value >= _TELLING and _is_said(figure, text)


def _terms(content: Content, text: str) -> list[Paragraph]:
    said = [
        f"{TERM_LABEL[line.term]}: {lower_first(line.text) or f'từ {line.age} tuổi'}"
        for line in content.definitions
        if (line.text or line.age) and not (line.text and _is_said(line.text, text))
    ]
    return _headed("Trong Kế hoạch này, các từ ngữ được hiểu như sau:", items(said))


def _baseline(content: Content, text: str) -> list[Paragraph]:
    said = []
    for line in content.baselines:
        indicator = content.indicators[line.indicator]
        value = "" if line.value is None else targets.amount(line.value, indicator)
        words = line.wording or value
        if not words or _is_said(line.wording, text) or _is_told(line.value, value, text):
            continue
        when = f" ({line.as_of})" if line.as_of else ""
        said.append(f"{indicator.label_vi}: {words}{when}")
    return _headed("Số liệu thực trạng:", items(said))


# --- Money --------------------------------------------------------------------------------


def _budget(content: Content, text: str, annexed: Mapping[str, str]) -> list[Paragraph]:
    """Return the total and what each source gives; line by line where no annex has them."""
    made = _total(content, text)
    if BUDGET in annexed:
        found = money.totals(content.budget, None).by_source
        given = [f"{_source(one)}: {format_money(sum_)}" for one, sum_ in found.items()]
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


def _tasks(annexed: Mapping[str, str]) -> list[Paragraph]:
    if TASKS not in annexed:
        return []
    return [plain(f"Nhiệm vụ cụ thể, cơ quan chủ trì và phối hợp theo {annexed[TASKS]}.")]


def _organised(
    content: Content, text: str, homes: Mapping[str, int | None], at: int, number: int
) -> list[Block]:
    """Return duties and reporting lines of a section, numbered on from its own text."""
    made: list[Block] = []
    if homes[DUTIES] == at:
        made += duties(content, text, number)
        number = _next_number(made) if made else number
    if homes[REPORTING] == at and (listed := reports(content, text)):
        made += [plain(f"{number}. Chế độ báo cáo", ParagraphStyle.CLAUSE, bold=True), *listed]
    return made


def _organised_alone(content: Content, text: str, topic: str) -> list[Block]:
    if topic == DUTIES:
        return duties(content, text, 1)
    return [*reports(content, text)] if topic == REPORTING else []


def duties(content: Content, text: str, number: int) -> list[Block]:
    """Return each agency as a numbered clause with its duty below, but for what is said already."""
    made: list[Block] = []
    for line in content.duties:
        if line.text and _is_said(line.text, text):
            continue
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
        when = ", ".join(part for part in (often, line.due) if part)
        what = f": {lower_first(line.content)}" if line.content else ""
        said.append(f"{line.reporter}{to}{through}{', ' if when else ''}{when}{what}")
    return items(one for one in said if not _is_said(one, text))
