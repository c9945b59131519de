"""Units × indicators: a table a phase, parted by columns so that each head can be read."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lth.content import table_figures
from lth.core.vietnamese import capitalize_first
from lth.exchange.papers.text import Align, Block, Paragraph, Run, Table, TableColumn, TableRow
from lth.models import Indicator, Phase
from lth.models.programme import Measure
from lth.synthesis.received import ReceivedUnit
from lth.synthesis.totals import Cell, Total

MOST_COLUMNS = 8
"""How many indicators stand side by side on A4 landscape."""

MOST_UNITS = 8
"""Of how many units two tables may share a page."""

NOT_ADDED = "không cộng"
TOTAL = "Cộng"
MISSING = "chưa có"

_NUMBER, _UNIT, _FIGURE, _MONEY = 5, 20, 14, 18
"""Shares of the width: the row's number, the unit's name, one indicator, one of đồng."""


def blocks(
    units: Sequence[ReceivedUnit],
    indicators: Sequence[Indicator],
    phases: Sequence[Phase],
    totals: dict[Cell, Total],
) -> tuple[Block, ...]:
    """Return the tables of all phases: for each, every unit's figures and what they come to.

    An indicator of which nobody says anything in a phase is left out there. Units that the
    synthesis went without stand in their place, and are named below.
    """
    found: list[Block] = []
    for phase in phases:
        spoken = [one for one in indicators if _spoken(units, totals, (one.id, phase.id))]
        parts = parted(spoken)
        for number, part in enumerate(parts, 1):
            label = _label(phase, number, len(parts), several=len(phases) > 1)
            table = _table(units, part, phase, totals, label)
            found.append(replace(table, apart=bool(found) and len(units) > MOST_UNITS))
    missing = [unit.unit.full_name for unit in units if unit.missing]
    return (*found, *without(missing)) if found else ()


def _spoken(units: Sequence[ReceivedUnit], totals: dict[Cell, Total], cell: Cell) -> bool:
    return cell in totals or any(cell in unit.says for unit in units)


def parted(indicators: Sequence[Indicator]) -> list[Sequence[Indicator]]:
    """Part the indicators into tables of about as many columns each."""
    tables = -(-len(indicators) // MOST_COLUMNS)
    if not tables:
        return []
    each, more = divmod(len(indicators), tables)
    starts = [number * each + min(number, more) for number in range(tables + 1)]
    return [indicators[start:end] for start, end in pairwise(starts)]


def _label(phase: Phase, number: int, of: int, *, several: bool) -> str:
    """Say which table it is: "Giai đoạn 2026–2030, bảng 1/3"; nothing where there is but one."""
    said = [f"giai đoạn {phase.code.replace('-', '–')}"] if several else []
    said += [f"bảng {number}/{of}"] if of > 1 else []
    return capitalize_first(", ".join(said))


def _table(
    units: Sequence[ReceivedUnit],
    indicators: Sequence[Indicator],
    phase: Phase,
    totals: dict[Cell, Total],
    label: str,
) -> Table:
    heard = max([sum(not unit.missing for unit in units), *(one.units for one in totals.values())])
    return Table(
        columns=columns(indicators),
        rows=(
            *(
                TableRow((str(number), *_row(unit, indicators, phase)))
                for number, unit in enumerate(units, 1)
            ),
            TableRow(("", TOTAL, *(_total(totals, one, phase, heard) for one in indicators)), True),
        ),
        unit=label,
    )


def columns(indicators: Sequence[Indicator]) -> tuple[TableColumn, ...]:
    """Return the columns: the row's number, the unit, and one for each indicator."""
    return (
        TableColumn("TT", _NUMBER, Align.CENTRE),
        TableColumn("Đơn vị", _UNIT),
        *(TableColumn(head(one), _share(one), Align.RIGHT) for one in indicators),
    )


def head(indicator: Indicator) -> str:
    """Word the head of a column: the indicator and its unit, where its name does not say it."""
    unit = "đồng" if indicator.measure is Measure.MONEY else indicator.unit_vi
    return f"{indicator.label_vi} ({unit})" if unit else indicator.label_vi


def _share(indicator: Indicator) -> int:
    return _MONEY if indicator.measure is Measure.MONEY else _FIGURE


def _row(unit: ReceivedUnit, indicators: Sequence[Indicator], phase: Phase) -> tuple[str, ...]:
    name = capitalize_first(unit.unit.full_name)
    if unit.missing:
        return (f"{name} ({MISSING})", *(table_figures.NOTHING for _ in indicators))
    cells = (unit.says.get((one.id, phase.id), ()) for one in indicators)
    said = (table_figures.said(cell, one) for cell, one in zip(cells, indicators, strict=True))
    return (name, *said)


def _total(totals: dict[Cell, Total], indicator: Indicator, phase: Phase, heard: int) -> str:
    total = totals.get((indicator.id, phase.id))
    if total is None:
        return table_figures.NOTHING
    return table_figures.total(total.figure, total.sayings, heard, indicator, NOT_ADDED)


def without(names: Sequence[str]) -> tuple[Block, ...]:
    """Name the units that have sent nothing so far."""
    if not names:
        return ()
    text = f"Ghi chú: {len(names)} đơn vị chưa có số liệu: {', '.join(names)}."
    return (Paragraph((Run(text, italic=True),)),)
