"""The five printed plans: read, made a plan file, written as papers, and read from those again.

What an office had and what it gets back stand beside each other: the same targets, budget lines
and duties. `CORRECTED` is what a person puts right in between, as the original lacks it.
"""

from collections import Counter
from collections.abc import Hashable
from datetime import date
from pathlib import Path

import pytest

from lth.content.model import Content
from lth.core.vietnamese import search_key
from lth.exchange.papers import pdf, word, writing
from lth.exchange.plan_file import read
from lth.exchange.plan_reading import draft, extract
from lth.exchange.plan_reading.found import Reading
from lth.exchange.plan_reading.read import read_text

PRINTED = Path(__file__).parent / "plan_reading" / "printed"
NAMES = sorted(path.stem for path in PRINTED.glob("*.txt"))
CORRECTED = {"binh-son": ("period: {to: 2025}", "period: {to: 2025}\nmade_on: 2024-02-15")}
"""The letter has lost its number and day: without a day it would be of today."""
ANNEX = "BIỂU CHỈ TIÊU"
TODAY = date(2026, 11, 23)


def plan_file(name: str) -> str:
    """What the reader makes of an original, corrected."""
    text = draft.plan_file(read_text((PRINTED / f"{name}.txt").read_text("utf-8")))
    before, after = CORRECTED.get(name, ("", ""))
    assert before in text
    return text.replace(before, after, 1)


def content(name: str) -> Content:
    return read(plan_file(name).encode(), f"{name}.yaml", today=TODAY).content


def targets(of: Content) -> Counter[Hashable]:
    spans = {phase.key: phase.span for phase in of.phases}
    return Counter(
        (one.indicator, spans[one.phase], one.comparator, one.low, one.high, one.scope, one.area)
        for one in of.targets
    )


def budget(of: Content) -> Counter[Hashable]:
    return Counter(
        (search_key(one.activity), one.source, one.level, one.year, one.amount, one.annual_rate)
        for one in of.budget
    )


def duties(of: Content) -> Counter[Hashable]:
    return Counter((search_key(one.agency), search_key(one.text)) for one in of.duties)


def assert_same(made: Content, again: Content) -> None:
    for part in (targets, budget, duties):
        before, after = part(made), part(again)
        assert (before - after, after - before) == (Counter(), Counter()), part.__name__
    assert again.place.name == made.place.name
    assert again.place.level is made.place.level
    assert again.period == made.period
    assert again.header.issuance is made.header.issuance
    assert search_key(again.header.title) == search_key(made.header.title)


def without_annexes(text: str, reading: Reading) -> Content:
    """The items that a person ticks: a PDF's table has no cells, what is read of its lines is
    said in the text already.
    """
    lines = text.splitlines()
    last = lines.index(ANNEX) if ANNEX in lines else len(lines)
    return draft.content_of(reading, [one for one in reading.items if one.quote.line <= last])


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_written_as_word_says_what_the_original_said(name: str) -> None:
    made = content(name)
    text = extract.text_of(word.write(writing.of_plan(made)))
    assert_same(made, draft.content_of(read_text(text)))


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_written_as_pdf_says_what_the_original_said(name: str) -> None:
    made = content(name)
    text = extract.text_of(pdf.write(writing.of_plan(made)))
    assert_same(made, without_annexes(text, read_text(text)))


def test_each_original_has_something_to_say() -> None:
    made = {name: content(name) for name in NAMES}
    assert len(made) == 5
    assert {name: len(one.targets) for name, one in made.items()} == {
        "binh-son": 0,
        "hong-ngu": 13,
        "tam-tien": 19,
        "tra-cu": 15,
        "vinh-long": 21,
    }
    assert all(one.duties for one in made.values())
    assert sum(line.amount or 0 for line in made["vinh-long"].budget) == 800_000_000
