"""What a plan's budget comes to, and how its text says so.

The text is computed of the lines and put into a section as it is asked for, so that nobody types a
sum again; it is known again by its first words, and replaced where it is put in anew.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lth.content.line_types import LEVEL_LABEL, SOURCE_LABEL, BudgetLine
from lth.core.vietnamese import format_money
from lth.models.parts import MoneyLevel, MoneySource


@dataclass(frozen=True)
class Totals:
    """What the budget's lines come to, in đồng; `gap` is the printed total less their sum."""

    total: int
    lines: int
    unpriced: int
    by_source: Mapping[MoneySource | None, int]
    by_level: Mapping[MoneyLevel | None, int]
    by_year: Mapping[int | None, int]
    printed: int | None = None

    @property
    def gap(self) -> int | None:
        return None if self.printed is None else self.printed - self.total


def totals(lines: Iterable[BudgetLine], printed: int | None) -> Totals:
    """Add a budget up by source, by level and by year; what is not said stands under None, last."""
    listed = list(lines)
    priced = [line for line in listed if line.amount is not None]
    sources: dict[MoneySource | None, int] = dict.fromkeys([*MoneySource, None], 0)
    levels: dict[MoneyLevel | None, int] = dict.fromkeys([*MoneyLevel, None], 0)
    named = sorted({line.year for line in priced if line.year is not None})
    years: dict[int | None, int] = dict.fromkeys([*named, None], 0)
    for line in priced:
        amount = line.amount or 0
        sources[line.source] += amount
        levels[line.level] += amount
        years[line.year] += amount
    return Totals(
        total=sum(sources.values()),
        lines=len(listed),
        unpriced=len(listed) - len(priced),
        by_source={key: value for key, value in sources.items() if value},
        by_level={key: value for key, value in levels.items() if value},
        by_year={key: value for key, value in years.items() if value},
        printed=printed,
    )


# --- In words: a plan is in Vietnamese, whatever the page's language ----------------------

HEAD = "Tổng kinh phí dự kiến:"
_NO_SOURCE = "Chưa ghi nguồn"
_PARAGRAPH = re.compile(
    rf"^{re.escape(HEAD)}[^\n]*(?:\n(?:- |Theo năm: |Chưa xác định số tiền: )[^\n]*)*", re.MULTILINE
)


def paragraph(lines: Iterable[BudgetLine]) -> str:
    """Say what a budget comes to, by source and tier, by year, and what has no amount yet."""
    listed = list(lines)
    found = totals(listed, None)
    said = [f"{HEAD} {format_money(found.total)}{', gồm:' if found.total else '.'}"]
    said += [f"- {text}" for text in _sources(listed, found)]
    years = [f"{year}: {format_money(sum_)}" for year, sum_ in found.by_year.items() if year]
    if years:
        said.append(f"Theo năm: {'; '.join(years)}.")
    if found.unpriced:
        said.append(f"Chưa xác định số tiền: {found.unpriced} khoản.")
    return "\n".join(said)


def _sources(lines: list[BudgetLine], found: Totals) -> Iterator[str]:
    for source, sum_ in found.by_source.items():
        name = SOURCE_LABEL[source] if source else _NO_SOURCE
        levels = totals((line for line in lines if line.source == source), None).by_level
        tiers = [
            f"{LEVEL_LABEL[level].lower()} {format_money(amount)}"
            for level, amount in levels.items()
            if level
        ]
        among = f" ({'; '.join(tiers)})" if tiers else ""
        yield f"{name}: {format_money(sum_)}{among}."


def put_into(text: str, lines: Iterable[BudgetLine]) -> str:
    """Return a section's text with the paragraph in the place of an earlier one, or at its end."""
    computed = paragraph(lines)
    if _PARAGRAPH.search(text):
        return _PARAGRAPH.sub(lambda _: computed, text, count=1)
    return f"{text.rstrip()}\n\n{computed}" if text.strip() else computed


def outdated(text: str, lines: Iterable[BudgetLine]) -> bool:
    """Tell whether a text holds a computed paragraph that the lines no longer come to."""
    found = _PARAGRAPH.search(text)
    return found is not None and found[0] != paragraph(lines)
