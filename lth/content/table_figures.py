"""Figures as a narrow cell of a table has room for them: no unit, which stands in the head."""

from collections.abc import Iterable, Sequence

from lth.content import targets
from lth.content.targets import Figure, Saying
from lth.models import Indicator, Target
from lth.models.content import Comparator

SIGN = {
    Comparator.EQ: "",
    Comparator.GTE: "≥ ",
    Comparator.GT: "> ",
    Comparator.LTE: "≤ ",
    Comparator.LT: "< ",
    Comparator.MAINTAIN: "",
}
"""Comparators as a narrow cell has room for them."""

NOTHING = "–"
LONGEST_WORDS = 60


def said(listed: Iterable[Target], indicator: Indicator, language: str = "vi") -> str:
    """Word what one unit says of an indicator, one or more figures; "–" where it says nothing."""
    return ", ".join(_one(target, indicator, language) for target in listed) or NOTHING


def _one(target: Target, indicator: Indicator, language: str) -> str:
    if target.comparator is not Comparator.QUALITATIVE:
        return figure(targets.figure_of(target), indicator, language)
    text = targets.shown(target, language)
    return text if len(text) <= LONGEST_WORDS else text[:LONGEST_WORDS].rstrip() + "…"


def figure(one: Figure, indicator: Indicator, language: str = "vi") -> str:
    """Word a figure: "≥ 50", "50–70", "64,75"."""
    if one.comparator is Comparator.BETWEEN:
        low = targets.bare(one.low or 0, indicator.measure, language)
        return f"{low}–{targets.bare(one.high or 0, indicator.measure, language)}"
    value = number(one.value, indicator, language)
    return SIGN[one.comparator] + value if one.comparator in SIGN else NOTHING


def number(value: int | None, indicator: Indicator, language: str = "vi") -> str:
    """Word a number; "–" for none."""
    return NOTHING if value is None else targets.bare(value, indicator.measure, language)


def total(
    one: Figure | None,
    sayings: Sequence[Saying],
    heard: int,
    indicator: Indicator,
    not_added: str,
    language: str = "vi",
) -> str:
    """Word what all units come to; `not_added` where that is neither a number nor a saying."""
    if one is not None:
        return figure(one, indicator, language)
    return targets.said(sayings, heard, indicator, language) if sayings else not_added
