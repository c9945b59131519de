"""A document as a plan file, which reads back to the same document."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plandocs import faultless

from lth.content import targets
from lth.content.model import (
    Baseline,
    BudgetLine,
    Content,
    Header,
    PhaseSpan,
    PlanUnit,
    Recipient,
    SectionText,
    Span,
    TargetLine,
    Task,
)
from lth.core.clean_text import hidden_at
from lth.core.vietnamese import nfc
from lth.exchange.plan_file import Expected, read, scalars, write
from lth.exchange.plan_file.reader import indicators
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Stage
from lth.models.parts import MoneySource
from lth.models.programme import Measure
from lth.models.unit import Level

PLANS = sorted((Path(__file__).parents[3] / "lth" / "data" / "plans").glob("*.yaml"))
PHASES = (
    PhaseSpan("2021-2023", Span(2021, 2023)),
    PhaseSpan("2024-2025", Span(2024, 2025)),
)


def content(**changes: object) -> Content:
    """The faultless plan with the indicators that the reader gives."""
    return replace(faultless(), indicators=indicators("1336"), **changes)


def bare(**changes: object) -> Content:
    """A plan with nothing but what changes, which is quick to write and read many times."""
    known = indicators("1336")
    place, period = PlanUnit("xã Tập Sơn", Level.COMMUNE), Span(2021, 2025)
    made_on = date(2021, 5, 7)
    return replace(Content("1336", place, period, PHASES, known, made_on=made_on), **changes)


def again(plan: Content) -> Content:
    return read(write(plan), "plan.yaml").content


def test_a_whole_plan_reads_back() -> None:
    assert again(content()) == content()


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_files_that_ship_read_back(path: Path) -> None:
    first = read(path.read_bytes(), path.name)
    second = read(write(first.content, first.expected), path.name)
    assert (second.content, second.expected) == (first.content, first.expected)


def test_it_is_tidy() -> None:
    text = write(
        content(
            place=PlanUnit("xã Tập Sơn", Level.COMMUNE, "huyện Trà Cú", Level.DISTRICT),
            floors=(),
            papers=(),
            bases=(),
            definitions=(),
            tasks=(Task("task-1", "A", ("B", "C"), (), date(2021, 5, 7)),),
            duties=(),
            reporting=(),
            sections=(SectionText("section-1", "I. Mục tiêu", "một\n\nhai"),),
            recipients=(Recipient("recipient-1", "Lưu: VT"), Recipient("recipient-2", "A", "B")),
            baselines=(Baseline("baseline-1", "older_share_pct", 1926),),
            budget=(BudgetLine("budget-1", "A", MoneySource.SOCIAL),),
            header=Header("header", title="no"),
            phases=PHASES,
            targets=(
                TargetLine("a", "clubs_total", "2021-2023", Comparator.GT, 40),
                TargetLine("b", "loan_rate_month", "2024-2025", Comparator.BETWEEN, 60, 100),
            ),
            unreadable=frozenset({"tasks", "bases"}),
            final=False,
        ),
        Expected(frozenset({"V10", "V03"})),
    )
    assert text == (
        """\
format: 1
programme: '1336'
unit: {name: xã Tập Sơn, level: commune, parent: huyện Trà Cú, parent_level: district}
period: {from: 2021, to: 2025}

phases:
  - {from: 2021, to: 2023}
  - {from: 2024, to: 2025}

made_on: 2021-05-07
final: false
issuance: plan
title: 'no'

recipients:
  - 'Lưu: VT'
  - {name: A, purpose: B}

baseline:
  - {indicator: older_share_pct, value: 19.26}

targets:
  - {key: a, indicator: clubs_total, phase: 2021-2023, comparator: gt, value: 40, counts_from: new}
  - {key: b, indicator: loan_rate_month, phase: 2024-2025, from: 0.6, to: 1, scope: unit}

budget:
  lines:
    - {activity: A, source: social}

tasks:
  - title: A
    leads: [B, C]
    from: 2021-05-07

sections:
  - title: I. Mục tiêu
    text: |-
      một

      hai

inherits:
  issuer: Ủy ban nhân dân tỉnh Sông Hậu
  paper: 304/QĐ-UBND ngày 09/02/2021

unreadable: [bases, tasks]

expected:
  stage: issue
  findings: [V03, V10]
"""
    )


def test_what_is_as_it_starts_is_left_out() -> None:
    text = write(content())
    for word in ("made_on", "phases", "phase:", "final", "area", "counts_from", "scope", "key: b"):
        assert word not in text


def test_the_stage_of_what_is_expected_reads_back() -> None:
    text = write(content(), Expected(frozenset({"V01"}), Stage.DRAFT))
    assert read(text, "plan.yaml").expected == Expected(frozenset({"V01"}), Stage.DRAFT)


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"),
    max_size=60,
).map(lambda text: nfc(text).strip())
TEXT = TEXT.filter(lambda text: hidden_at(text) is None)  # a letter that no script has is refused
BODY = st.lists(TEXT, max_size=4).map("\n".join).map(str.strip)


def figures(indicator: Indicator, comparator: Comparator) -> st.SearchStrategy[tuple]:
    """The lower and the upper value that a target of this comparator has."""
    largest = targets.LARGEST[indicator.measure]
    value = st.integers(0, largest)
    if comparator is Comparator.QUALITATIVE:
        return st.just((None, None))
    if comparator is Comparator.BETWEEN:
        return st.tuples(value, value).map(sorted).map(tuple)
    return value.map(lambda one: (None, one) if comparator in targets.UPPER else (one, None))


@st.composite
def target(draw: st.DrawFn) -> TargetLine:
    """Any target that a plan may have, still without a key."""
    known = indicators("1336")
    indicator = known[draw(st.sampled_from(sorted(known)))]
    comparator = draw(st.sampled_from(Comparator))
    low, high = draw(figures(indicator, comparator))
    wording = draw(TEXT)
    if comparator is Comparator.QUALITATIVE and not wording:
        wording = "ưu tiên"
    codes = st.none() | st.sampled_from(sorted(known))
    return TargetLine(
        "",
        indicator.code,
        draw(st.sampled_from([phase.key for phase in PHASES])),
        comparator,
        low,
        high,
        draw(st.sampled_from(TargetScope)),
        draw(st.sampled_from(CountsFrom)),
        draw(codes),
        draw(codes),
        draw(st.sampled_from(AreaType)),
        None,
        wording,
        draw(TEXT),
    )


@st.composite
def target_lists(draw: st.DrawFn) -> tuple[TargetLine, ...]:
    """Targets under keys as the product gives them, in any order, some a share of another."""
    lines, keys = draw(st.lists(target(), max_size=8)), []
    for line in lines:
        keys.append(targets.next_key(keys, line.indicator, line.phase))
    keyed = [replace(line, key=key) for line, key in zip(lines, keys, strict=True)]
    shared = [
        replace(
            line,
            parent_share_key=draw(st.none() | st.sampled_from([one for one in keys if one != key]))
            if len(keys) > 1
            else None,
        )
        for line, key in zip(keyed, keys, strict=True)
    ]
    return tuple(draw(st.permutations(shared)))


@settings(max_examples=40, deadline=None)
@given(target_lists(), target_lists())
def test_any_targets_read_back(
    lines: tuple[TargetLine, ...], floors: tuple[TargetLine, ...]
) -> None:
    plan = bare(targets=lines, floors=floors)
    assert again(plan) == plan


@settings(max_examples=60, deadline=None)
@given(TEXT, BODY, st.lists(TEXT.filter(bool), max_size=3))
def test_any_text_reads_back(word: str, body: str, names: list[str]) -> None:
    plan = bare(
        header=Header("header", title=word, decided_title=body),
        recipients=(Recipient("recipient-1", word or "A", body), Recipient("r", "B")),
        sections=(SectionText("s.purpose", word, body), SectionText("section-2", body, word)),
        tasks=(Task("task-1", body, tuple(names), tuple(names)),),
    )
    assert again(plan) == plan


@pytest.mark.parametrize("measure", Measure)
def test_every_figure_of_two_places_is_exact(measure: Measure) -> None:
    indicator = next(one for one in indicators("1336").values() if one.measure is measure)
    for value in range(10_001):
        assert scalars.exact(scalars.spoken(value, measure), "value", indicator) == value
