"""Money by unit as an annex: a column for each source and tier, and what all units come to."""

from collections.abc import Iterable, Sequence

from lth.content.line_types import LEVEL_LABEL, SOURCE_LABEL
from lth.core.vietnamese import capitalize_first, format_number, lower_first
from lth.exchange.papers.text import Align, Block, Paragraph, Run, Table, TableColumn, TableRow
from lth.models.parts import MoneyLevel, MoneySource
from lth.synthesis.money import Money, MoneyKey, together
from lth.synthesis.received import ReceivedUnit

Pair = tuple[MoneySource | None, MoneyLevel | None]

UNIT = "Đơn vị tính: đồng"
NO_SOURCE = "Chưa ghi nguồn"

_NUMBER, _UNIT, _AMOUNT = 4, 18, 15


def blocks(units: Sequence[ReceivedUnit]) -> tuple[Block, ...]:
    """Return the table of the units' money; nothing where none of them has any."""
    there = [(unit, unit.money) for unit in units if unit.money is not None]
    all_of_them = together(money for _, money in there)
    pairs = _pairs(all_of_them.sums)
    if not pairs:
        return ()
    rows = [
        _row(str(number), capitalize_first(unit.unit.full_name), money, pairs)
        for number, (unit, money) in enumerate(there, 1)
    ]
    total = _row("", "Cộng", all_of_them, pairs, total=True)
    return (Table(_columns(pairs), (*rows, total), UNIT), *_unpriced(all_of_them))


def _pairs(keys: Iterable[MoneyKey]) -> list[Pair]:
    """List the sources and tiers that there are, in the order in which they are declared."""
    return list(dict.fromkeys(key[:2] for key in sorted(keys, key=lambda key: key.order)))


def _columns(pairs: Sequence[Pair]) -> tuple[TableColumn, ...]:
    return (
        TableColumn("TT", _NUMBER, Align.CENTRE),
        TableColumn("Đơn vị", _UNIT),
        *(TableColumn(_named(pair), _AMOUNT, Align.RIGHT) for pair in pairs),
        TableColumn("Cộng", _AMOUNT, Align.RIGHT),
    )


def _named(pair: Pair) -> str:
    """Word a source and its tier: "Ngân sách nhà nước, cấp huyện"."""
    source, level = pair
    name = SOURCE_LABEL[source] if source else NO_SOURCE
    return f"{name}, {lower_first(LEVEL_LABEL[level])}" if level else name


def _row(
    number: str, name: str, money: Money, pairs: Sequence[Pair], *, total: bool = False
) -> TableRow:
    amounts = [*(money.of(*pair) for pair in pairs), money.total]
    return TableRow(
        (number, name, *(format_number(each) if each else "–" for each in amounts)), total
    )


def _unpriced(money: Money) -> tuple[Block, ...]:
    if not money.unpriced:
        return ()
    text = f"Ghi chú: {money.unpriced} khoản chưa có số tiền nên chưa cộng."
    return (Paragraph((Run(text, italic=True),)),)
