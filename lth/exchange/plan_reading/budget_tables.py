"""Read tables of money: a row for each line with its amount, source and unit price; a row for each
source with its sum; or a column for each source.
"""

import re
from fractions import Fraction

from lth.content.line_types import BudgetLine
from lth.core.vietnamese import search_key
from lth.exchange.plan_reading.budget import BudgetReader
from lth.exchange.plan_reading.budget_words import source_in, whole_dong
from lth.exchange.plan_reading.figures import FigureUnit, figures
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_under
from lth.exchange.plan_reading.tables import MONEY, NAME, SUM, TableRead, cell_of, is_sum, sum_cell
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import MoneySource, Part

_SOURCE = r"nguồn|ngân sách"
_WHOLE = r"^\W*(?:tổng|cộng)\b"


def read_budget(table: TableRead, reader: BudgetReader) -> None:
    """Read a table of money: its rows are lines, its sum the total."""
    money, name = table.column(MONEY), table.column(NAME)
    by_source = _source_columns(table)
    inside = is_under(table.rows[0], Topic.BUDGET)
    if name is None or (inside and money == name):
        name = table.column(_SOURCE)
        money = table.column(_WHOLE) if inside else None
    elif money is None and inside:
        money = table.column(_WHOLE)
    if name is None or (money is None and not (by_source and inside)):
        return
    size = _size(table)
    for row in table.rows[1:]:
        if is_sum(row) or has(SUM, cell_of(row, name)):
            _total(reader, table, row, (name, money), by_source, size)
        elif by_source and len(by_source) > 1:
            for at in by_source:
                _line(reader, row, cell_of(row, name), cell_of(row, at), table.head[at], size)
        elif money is not None:
            said = cell_of(row, table.column(r"nguồn")) or cell_of(row, name)
            _line(reader, row, cell_of(row, name), cell_of(row, money), said, size)


def _source_columns(table: TableRead) -> list[int]:
    """List the columns that are one source each: "Ngân sách tỉnh", "Xã hội hóa"."""
    return [
        at for at, cell in enumerate(table.head)
        if source_in(cell) is not None and not has(r"^\W*nguồn(?: kinh phí| vốn)?\W*$", cell)
    ]  # fmt: skip


def _size(table: TableRead) -> Fraction:
    """Return what a bare figure of a table is in đồng: its heads say it, or the words above."""
    for text in (" ".join(table.head), table.above[-160:]):
        if has(r"triệu(?: đồng|\b)|tr\.?đ\b", text):
            return Fraction(1_000_000)
        if has(r"(?:nghìn|ngàn|1\.?000) đồng", text):
            return Fraction(1000)
        if has(r"đồng|vnđ", text):
            return Fraction(1)
    return Fraction(1)


def _amount(cell: str, size: Fraction) -> int | None:
    """Return a cell's amount in đồng; a unit of its own goes before the table's."""
    found = figures(cell)
    if len(found) != 1 or found[0].unit is FigureUnit.PERCENT:
        return None
    own = found[0].unit is FigureUnit.MONEY
    return whole_dong(found[0].low * (1 if own else size))


def _line(reader: BudgetReader, row: Node, name: str, cell: str, said: str, size: Fraction) -> None:
    amount = _amount(cell, size)
    if not re.search(r"[1-9]", cell) or not name or amount is None:
        return
    source = source_in(said)
    tier = reader.tier_of(said) if source is MoneySource.STATE else None
    if source is MoneySource.STATE and tier is None and words(r"phố").search(toneless(said)):
        tier = reader.own_tier()
    line = BudgetLine("", activity=name[:480], source=source, level=tier, amount=amount)
    if any(_is_same_money(one, line) for one in reader.items):
        return
    quote = Quote(row.number, 0, " | ".join(one for one in row.cells if one))
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


def _total(
    reader: BudgetReader,
    table: TableRead,
    row: Node,
    columns: tuple[int, int | None],
    by_source: list[int],
    size: Fraction,
) -> None:
    """Take the sum of the row of sums, else what its sources are together."""
    name, money = columns
    at = money if money is not None else table.column(_WHOLE)
    if at is None:
        amounts = [_amount(sum_cell(table, row, name, one), size) for one in by_source]
        total = sum(one for one in amounts if one is not None)
    else:
        total = _amount(sum_cell(table, row, name, at), size) or 0
    if total:
        quote = Quote(row.number, 0, " | ".join(one for one in row.cells if one))
        reader.total, reader.total_quote = total, quote
