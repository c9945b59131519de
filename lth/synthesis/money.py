"""Add up the budget lines of the units below, by source, tier and year.

A plan has its own lines; a synthesis has those that it took over, one for each source, tier and
year. Both lie in one place, so that one statement adds up whatever is below.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, cast, func, select
from sqlalchemy.orm import Session

from lth.content.line_storage import encode
from lth.content.line_types import BudgetLine
from lth.models import Document, PartLine
from lth.models.parts import MoneyLevel, MoneySource, Part
from lth.synthesis import sources

ACTIVITY = "Cộng các khoản của đơn vị cấp dưới"
"""What a line of a synthesis is for; documents are in Vietnamese."""


class MoneyKey(NamedTuple):
    """What money is told apart by; None where a line does not say."""

    source: MoneySource | None
    level: MoneyLevel | None
    year: int | None

    @property
    def order(self) -> tuple[int, int, int]:
        """Return its place among others: as the words are declared, what is not said last."""
        return (
            _place(MoneySource, self.source),
            _place(MoneyLevel, self.level),
            self.year or _NO_YEAR,
        )


_NO_YEAR = 9999


def _place(words: type[MoneySource] | type[MoneyLevel], one: Any) -> int:
    listed = list(words)
    return listed.index(one) if one is not None else len(listed)


@dataclass
class Money:
    """Money of one or more units, in đồng by key; `unpriced` lines have no amount yet."""

    sums: dict[MoneyKey, int] = field(default_factory=dict)
    unpriced: int = 0

    @property
    def total(self) -> int:
        return sum(self.sums.values())

    def add(self, other: "Money") -> None:
        """Add another's money to this."""
        for of, amount in other.sums.items():
            self.sums[of] = self.sums.get(of, 0) + amount
        self.unpriced += other.unpriced

    def of(
        self,
        source: MoneySource | None,
        level: MoneyLevel | None,
        years: Iterable[int | None] | None = None,
    ) -> int:
        """Return what one source and tier has in some years, or in all."""
        wanted = None if years is None else set(years)
        return sum(
            amount
            for key, amount in self.sums.items()
            if key[:2] == (source, level) and (wanted is None or key.year in wanted)
        )


def by_document(session: Session, document: Document) -> dict[int, Money]:
    """Add up what each unit below has released now, by its document's id; in one query.

    One without any budget line has no entry. The caller has asked `children.sees_below`.
    """
    return _read(session, sources.released(), sources.below(document))


def received_by_document(session: Session, revision_id: int) -> dict[int, Money]:
    """Add up in the same way what a receipt names."""
    return _read(session, sources.received(), {"revision_id": revision_id})


def together(each: Iterable[Money]) -> Money:
    """Add up the money of several."""
    found = Money()
    for one in each:
        found.add(one)
    return found


def taken(session: Session, revision_id: int) -> Money:
    """Read what a synthesis has taken over; the caller has checked the scope."""
    statement = select(PartLine.data).where(
        PartLine.revision_id == revision_id, PartLine.part == Part.BUDGET
    )
    found = Money()
    for data in session.scalars(statement):
        of = key(data.get("source"), data.get("level"), data.get("year"))
        found.add(Money({of: data["amount"]} if "amount" in data else {}))
    return found


def rows(money: Money) -> list[dict[str, Any]]:
    """Return a synthesis's lines, as columns of `PartLine`, in order.

    A line's number is made of what it is of, so that it is the same in every revision.
    """
    return [
        {
            "line_key": f"{Part.BUDGET}-{_number(key)}",
            "part": Part.BUDGET.value,
            "ordinal": ordinal,
            "data": encode(
                BudgetLine("", ACTIVITY, key.source, key.level, key.year, amount=money.sums[key])
            ),
        }
        for ordinal, key in enumerate(sorted(money.sums, key=lambda key: key.order), 1)
    ]


def _number(key: MoneyKey) -> int:
    source, level, year = key.order
    return (1 + source * (len(MoneyLevel) + 1) + level) * (_NO_YEAR + 1) + year


# --- The statement ------------------------------------------------------------------------


def columns(data: Any) -> tuple[tuple[ColumnElement[Any], ...], ColumnElement[int]]:
    """Return source, tier and year of a stored line, and its amount, as a statement reads them."""
    by = (
        data["source"].as_string().label("source"),
        data["level"].as_string().label("level"),
        cast(data["year"].as_string(), BigInteger).label("year"),
    )
    return by, cast(data["amount"].as_string(), BigInteger)


def _read(session: Session, source: Subquery, values: Mapping[str, int]) -> dict[int, Money]:
    found: dict[int, Money] = defaultdict(Money)
    for row in session.execute(_added(source), values):
        money = found[row.document_id]
        if row.priced:
            money.sums[key(row.source, row.level, row.year)] = int(row.amount)
        money.unpriced += int(row.lines) - int(row.priced)
    return dict(found)


def _added(source: Subquery) -> Select:
    by, amount = columns(PartLine.data)
    return (
        select(
            source.c.document_id,
            *by,
            func.sum(amount).label("amount"),
            func.count(amount).label("priced"),
            func.count().label("lines"),
        )
        .join(PartLine, PartLine.revision_id == source.c.revision_id)
        .where(PartLine.part == Part.BUDGET)
        .group_by(source.c.document_id, *by)
    )


def key(source: str | None, level: str | None, year: Any) -> MoneyKey:
    """Return the key of what is stored; nothing is what was not said."""
    return MoneyKey(
        MoneySource(source) if source else None,
        MoneyLevel(level) if level else None,
        int(year) if year else None,
    )


# --- As a table ---------------------------------------------------------------------------


@dataclass(frozen=True)
class MoneyRow:
    """One source and tier, over the table's years; None where nothing was taken over yet."""

    source: MoneySource | None
    level: MoneyLevel | None
    taken: tuple[int, ...] | None
    live: tuple[int, ...] | None


@dataclass(frozen=True)
class MoneyTable:
    """What was taken over beside what the units below say now, by source and tier, over `years`.

    `unpriced` lines of units below have no amount.
    """

    years: Sequence[int | None]
    rows: Sequence[MoneyRow]
    taken: Money | None
    live: Money | None
    unpriced: int

    @property
    def drifted(self) -> bool:
        """Tell whether what was taken over is not what there is now."""
        both = self.taken is not None and self.live is not None
        return both and self.taken.sums != self.live.sums


def table(taken: Money | None, live: Money | None) -> MoneyTable:
    """Put both side by side; None for what was not taken over, or what is not to be seen."""
    keys = {key for money in (taken, live) if money is not None for key in money.sums}
    years = sorted({key.year for key in keys}, key=lambda year: year or _NO_YEAR)
    pairs = dict.fromkeys(key[:2] for key in sorted(keys, key=lambda key: key.order))

    def over(money: Money | None, pair: tuple[Any, Any]) -> tuple[int, ...] | None:
        return None if money is None else tuple(money.of(*pair, [year]) for year in years)

    return MoneyTable(
        years=years,
        rows=[MoneyRow(*pair, over(taken, pair), over(live, pair)) for pair in pairs],
        taken=taken,
        live=live,
        unpriced=live.unpriced if live else 0,
    )
