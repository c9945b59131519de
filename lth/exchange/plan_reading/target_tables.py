"""Read targets that stand in tables: a row for each, a column for each phase; or a row for each
commune, with the sum of the new clubs below.
"""

import re
from dataclasses import replace

from lth.content.model import Span, TargetLine
from lth.core.i18n import N_, Message
from lth.core.vietnamese import search_key
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.baseline import BaselineReader
from lth.exchange.plan_reading.counts import COUNTS
from lth.exchange.plan_reading.counts import MONEY as SUMS_OF_MONEY
from lth.exchange.plan_reading.figures import covered, figures
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness, Unplaced
from lth.exchange.plan_reading.indicator_rules import IndicatorRule
from lth.exchange.plan_reading.indicator_words import CLUB, COMMUNE
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic
from lth.exchange.plan_reading.shares import SHARES
from lth.exchange.plan_reading.tables import (
    BEFORE,
    MONEY,
    NAME,
    NOTE,
    UNIT,
    TableRead,
    cell_of,
    is_sum,
    sum_cell,
)
from lth.exchange.plan_reading.target_doubts import NO_INDICATOR
from lth.exchange.plan_reading.target_list import TARGET
from lth.exchange.plan_reading.target_words import FigureSaid
from lth.exchange.plan_reading.targets import TargetReader
from lth.exchange.plan_reading.wording import has, toneless
from lth.models.content import AreaType, Comparator

SUM_OF_TABLE = Message(N_("Lấy theo dòng cộng của bảng giao chỉ tiêu."))
_PLACES = r"^(?:tên )?(?:huyện|xã|phường|thôn|địa phương|đơn vị(?! tính)|địa bàn|khu|tổ dân phố|ấp)"
_FOUNDING = rf"(?:thành lập|xây dựng|nhân rộng|phát triển)[^.;]*{CLUB}"


def read_targets(table: TableRead, reader: TargetReader, baseline: BaselineReader) -> None:
    """Read a table whose rows are targets and whose columns are phases or a value."""
    name = table.column(NAME)
    if name is None or table.column(MONEY) is not None:
        _read_places(table, reader)
        return
    unit = table.column(UNIT)
    for row in table.rows[1:]:
        label = cell_of(row, name)
        if not label:
            continue
        for at, cell in enumerate(row.cells):
            if at <= name or at == unit or at >= len(table.head) or has(NOTE, table.head[at]):
                continue
            said = _said(row, label, cell_of(row, unit) or _unit_of(label), cell)
            if said is None:
                continue
            if has(BEFORE, table.head[at]):
                baseline.take(said, reader.rule_for(said), table.head[at])
            else:
                _target(reader, said, _phase(table.head[at], reader))


_COUNTED = (
    (rf"^(?:tổng )?(?:số )?(?:lượng )?{CLUB}", "câu lạc bộ"),
    (rf"^(?:tổng )?(?:số )?{COMMUNE}", "xã"),
    (r"^(?:tổng )?(?:số )?thành viên", "thành viên"),
)


def _unit_of(label: str) -> str:
    """Return what a row without a unit counts: "… (CLB)", or what its name begins with."""
    bracket = re.search(r"\(([^()\d]{1,20})\)\W*$", label)
    if bracket is not None:
        return bracket[1]
    return next((unit for pattern, unit in _COUNTED if has(pattern, label)), "")


def _said(row: Node, label: str, unit: str, cell: str) -> FigureSaid | None:
    """Return a cell as the sentence that its row's name and its unit make of it."""
    if not re.search(r"\d", cell):
        return None
    value = cell if "%" in cell or not unit else f"{cell} {unit}"
    sentence = f"{label}: {value}"
    found = [one for one in figures(sentence) if one.start >= len(label) - 2]
    if not found:
        return None
    plain = covered(sentence)
    figure = replace(found[-1], left=re.sub(r"\d", "¤", plain[: found[-1].start]))
    near = toneless(f"{sentence} câu lạc bộ")
    quote = Quote(row.number, 0, sentence)
    return FigureSaid(row, Topic.TARGETS, plain, near, figure, None, quote, None)


def _target(reader: TargetReader, said: FigureSaid, phase: Span | None) -> None:
    rule = _labelled(reader, said) or reader.rule_for(said)
    if rule is None:
        reader.unplaced.append(Unplaced(said.quote, NO_INDICATOR))
        return
    if said.figure.comparator is None:
        reader.leave_vague(said, rule)
        return
    before = len(reader.items)
    reader.take(said, rule, AreaType.ALL)
    key = periods.key_of(None if phase == reader.whole else phase)
    made = [replace(one, line=replace(one.line, phase=key)) for one in reader.items[before:]]  # type: ignore[type-var]
    known = {_what(item) for item in reader.items[:before]}
    reader.items[before:] = [item for item in made if _what(item) not in known]


def _labelled(reader: TargetReader, said: FigureSaid) -> IndicatorRule | None:
    """Return the rule of the indicator whose own name a row has, as our own tables do."""
    label = said.quote.text.rpartition(": ")[0]
    name = search_key(re.sub(r"\s*\([^()]*\)$", "", label))
    known = reader.indicators.values()
    code = next((one.code for one in known if name == search_key(one.label_vi)), "")
    rules = (*SHARES, *COUNTS, *SUMS_OF_MONEY)
    unit = said.figure.unit
    return next((one for one in rules if one.indicator == code and one.unit is unit), None)


def _what(item: FoundItem) -> tuple[object, ...]:
    """Return what a target says, by which a table's row is what a sentence has said already."""
    line = item.line
    if not isinstance(line, TargetLine):
        return (item.part,)
    return (line.indicator, line.phase, line.area, line.comparator, line.low, line.high)


def _phase(head: str, reader: TargetReader) -> Span | None:
    found = periods.mentions(head)
    if not found and (match := re.fullmatch(r"\D{0,12}(20\d\d)\D{0,3}", head)):
        return Span(int(match[1]), int(match[1]))
    if not found:
        return None
    return periods.resolved(found[0], None, reader.whole, reader.phases)


def _read_places(table: TableRead, reader: TargetReader) -> None:
    """Read the sum of a table of new clubs by place and year, where nothing else says it."""
    place, below = table.column(_PLACES), [row for row in table.rows[1:] if is_sum(row)]
    if place is None or len(below) != 1 or not has(_FOUNDING, table.above):
        return
    for at, head in enumerate(table.head):
        cell = sum_cell(table, below[0], place, at)
        if not re.fullmatch(r"\D{0,6}20\d\d\D{0,3}", head) or not re.fullmatch(r"\d{1,4}", cell):
            continue
        year = re.findall(r"20\d\d", head)[0]
        taken = [item.line for item in reader.items if isinstance(item.line, TargetLine)]
        if int(cell) == 0 or any(
            one.indicator == "clubs_new" and _has_year(one.phase, int(year)) for one in taken
        ):
            continue
        text = f"{head}: {cell} câu lạc bộ"
        line = TargetLine(
            "", "clubs_new", year, Comparator.EQ, low=int(cell), wording=text, high=int(cell)
        )
        quote = Quote(below[0].number, 0, " | ".join(filter(None, below[0].cells)))
        reader.items.append(FoundItem(TARGET, line, quote, Sureness.LIKELY, (SUM_OF_TABLE,)))


def _has_year(phase: str, year: int) -> bool:
    """Tell whether a phase of less than the whole period has a year in it."""
    first, _, last = phase.rpartition("-")
    return bool(phase) and int(first or last) <= year <= int(last)
