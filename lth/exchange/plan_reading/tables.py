"""Read tables: targets by phase, and a budget's rows."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lth.content.line_types import BudgetLine
from lth.content.model import Span, TargetLine
from lth.core.vietnamese import search_key
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.budget import OWN_TIER, BudgetReader, source_in, whole_dong
from lth.exchange.plan_reading.figures import FigureUnit, covered, figures
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness, Unplaced
from lth.exchange.plan_reading.indicators import COUNTS, MONEY, SHARES, IndicatorRule
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic
from lth.exchange.plan_reading.target_words import FigureSaid
from lth.exchange.plan_reading.targets import NO_INDICATOR, TargetReader
from lth.exchange.plan_reading.wording import has, toneless
from lth.models.content import AreaType
from lth.models.parts import MoneySource, Part

_NAME = r"chỉ tiêu|nội dung|mục tiêu|tên|hạng mục|nhiệm vụ|hoạt động"
_UNIT = r"đơn vị(?: tính)?|đvt"
_MONEY = r"kinh phí|thành tiền|số tiền|dự toán|mức chi"
_NOTE = r"ghi chú|nguồn|cơ quan|thời gian|cơ sở"


def tables(root: Node) -> Iterator[list[Node]]:
    """Yield the tables of a text: rows that follow each other."""
    rows: list[Node] = []
    for node in root.walk():
        if node.cells:
            rows.append(node)
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def read_targets(rows: list[Node], reader: TargetReader) -> None:
    """Read a table whose rows are targets and whose columns are phases or a value."""
    head = rows[0].cells
    name = _column(head, _NAME)
    if name is None or _column(head, _MONEY) is not None:
        return
    unit = _column(head, _UNIT)
    for row in rows[1:]:
        cells = row.cells
        if len(cells) <= name or not cells[name]:
            continue
        said_unit = cells[unit] if unit is not None and unit < len(cells) else ""
        for at, cell in enumerate(cells):
            if at <= name or at == unit or at >= len(head) or has(_NOTE, head[at]):
                continue
            _cell(reader, row, cells[name], said_unit, cell, _phase(head[at], reader))


def _cell(
    reader: TargetReader, row: Node, label: str, unit: str, cell: str, phase: Span | None
) -> None:
    """Read one cell as the sentence that its row's name and its unit make of it."""
    if not re.search(r"\d", cell):
        return
    value = cell if "%" in cell or not unit else f"{cell} {unit}"
    sentence = f"{label}: {value}"
    found = [one for one in figures(sentence) if one.start >= len(label) - 2]
    quote = Quote(row.number, 0, f"{label}: {value}")
    if not found:
        return
    said = FigureSaid(
        row,
        Topic.TARGETS,
        covered(sentence),
        toneless(f"{sentence} câu lạc bộ"),
        found[-1],
        None,
        quote,
        None,
    )
    rule = _labelled(reader, label, found[-1].unit) or reader.rule_for(said)
    if rule is None:
        reader.unplaced.append(Unplaced(quote, NO_INDICATOR))
        return
    before = len(reader.items)
    reader.take(said, rule, AreaType.ALL)
    key = periods.key_of(None if phase == reader.whole else phase)
    made = [_with_phase(item, key) for item in reader.items[before:]]
    known = {_said(item) for item in reader.items[:before]}
    reader.items[before:] = [item for item in made if _said(item) not in known]


def _labelled(reader: TargetReader, label: str, unit: FigureUnit) -> IndicatorRule | None:
    """Return the rule of the indicator whose own name a row has, as our own tables do."""
    name = search_key(re.sub(r"\s*\([^()]*\)$", "", label))
    code = next(
        (one.code for one in reader.indicators.values() if name == search_key(one.label_vi)), ""
    )
    rules = (*SHARES, *COUNTS, *MONEY)
    return next((one for one in rules if one.indicator == code and one.unit is unit), None)


def _said(item: FoundItem) -> tuple[object, ...]:
    """Return what a target says, by which a table's row is what a sentence has said already."""
    line = item.line
    if not isinstance(line, TargetLine):
        return (item.part,)
    return (line.indicator, line.phase, line.area, line.comparator, line.low, line.high)


def _with_phase(item: FoundItem, key: str) -> FoundItem:
    return replace(item, line=replace(item.line, phase=key))  # type: ignore[type-var]


def _phase(head: str, reader: TargetReader) -> Span | None:
    found = periods.mentions(head)
    if not found and (match := re.fullmatch(r"\D{0,12}(20\d\d)\D{0,3}", head)):
        return Span(int(match[1]), int(match[1]))
    if not found:
        return None
    return periods.resolved(found[0], None, reader.whole, reader.phases)


def _column(head: tuple[str, ...], pattern: str) -> int | None:
    return next((at for at, cell in enumerate(head) if has(pattern, cell)), None)


def read_budget(rows: list[Node], reader: BudgetReader) -> None:
    """Read a table that has a column of money: its rows are lines, its sum the total."""
    head = rows[0].cells
    money, name = _column(head, _MONEY), _column(head, _NAME)
    if money is None or name is None:
        return
    source_at = _column(head, r"nguồn")
    size = "triệu đồng" if has(r"triệu", " ".join(head)) else "đồng"
    for row in rows[1:]:
        cells = row.cells
        if len(cells) <= money or not re.search(r"\d", cells[money]):
            continue
        found = [one for one in figures(f"{cells[money]} {size}") if one.unit is FigureUnit.MONEY]
        amount = whole_dong(found[0].low) if found else None
        quote = Quote(row.number, 0, " | ".join(cell for cell in cells if cell))
        if amount is None:
            continue
        if has(r"tổng|^\W*cộng", " ".join(cells[:money])):
            reader.total, reader.total_quote = amount, quote
            continue
        text = cells[source_at] if source_at is not None and source_at < len(cells) else ""
        source = source_in(text)
        tier = reader.tier_of(text) if source is MoneySource.STATE else None
        if source is MoneySource.STATE and tier is None and reader.level and "phố" in text:
            tier = OWN_TIER.get(reader.level)
        line = BudgetLine("", activity=cells[name][:480], source=source, level=tier, amount=amount)
        if any(_is_same_money(one, line) for one in reader.items):
            continue
        sureness = Sureness.SURE if source else Sureness.LIKELY
        reader.items.append(FoundItem(Part.BUDGET, line, quote, sureness))


def _is_same_money(item: FoundItem, row: BudgetLine) -> bool:
    """Tell whether a row says a sum again that stands in a sentence for the same thing."""
    line = item.line
    return (
        isinstance(line, BudgetLine)
        and line.amount == row.amount
        and line.source == row.source
        and search_key(row.activity).startswith(search_key(line.activity))
    )
