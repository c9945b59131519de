"""What holds for all checks: a faultless plan passes, gaps do not upset them."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from functools import cache

import pytest
from support.plandocs import changed, codes, faultless, indicators, target

from lth.checks import CHECKS, run
from lth.content.model import (
    Baseline,
    BudgetLine,
    Content,
    PhaseSpan,
    PlanUnit,
    SectionText,
    Span,
    TargetLine,
    Task,
)
from lth.core.i18n import pack, unpack
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage

PARTS = (
    "papers",
    "bases",
    "recipients",
    "definitions",
    "baselines",
    "targets",
    "budget",
    "tasks",
    "duties",
    "reporting",
    "sections",
    "phases",
)
PHASES = (PhaseSpan("2021-2023", Span(2021, 2023)), PhaseSpan("2024-2025", Span(2024, 2025)))
PROSE = (
    "Duy trì 21/109 câu lạc bộ (19,26%), ít nhất từ 1-2 câu lạc bộ giai đoạn 2023 - 2025. "
    + "Phối hợp tuyên truyền, vận động, hướng dẫn người cao tuổi tham gia sinh hoạt định kỳ. " * 4
) * 5
"""Two kilobytes of what sections say, with figures in them here and there."""


@cache
def large() -> Content:
    """As large as plans get: 60 targets in each of two phases, 40 tasks, 20 sections of 2 kB."""
    return changed(
        phases=PHASES,
        targets=tuple(_targets()),
        tasks=tuple(Task(f"task-{n}", PROSE[:200], (f"Phòng số {n}",)) for n in range(40)),
        sections=tuple(SectionText(f"s{n}", f"{n}. Mục", PROSE[:2000]) for n in range(1, 21)),
        budget=tuple(BudgetLine(f"b{n}", "Tập huấn") for n in range(20)),
    )


def _targets() -> Iterator[TargetLine]:
    known = list(indicators())[:60]
    for phase in PHASES:
        for n, code in enumerate(known):
            comparator = list(Comparator)[n % 5]
            low, high = (
                (None, 9000) if comparator in {Comparator.LTE, Comparator.LT} else (7000, None)
            )
            yield target(
                code, low, high, comparator=comparator, phase=phase.key, wording=PROSE[:80]
            )


def test_all_are_there():
    assert list(CHECKS) == [f"V{n:02d}" for n in range(1, 49)]


@pytest.mark.parametrize("stage", list(Stage))
def test_a_faultless_plan_has_no_findings(stage):
    assert codes(faultless(), stage) == set()


def test_the_largest_plan_is_judged():
    content = large()
    assert len(content.targets) == 120
    assert {"V08", "V09", "V11", "V28"} <= codes(content)


def lacking(content: Content) -> Iterator[Content]:
    """The document with one thing left out, for each thing that may be missing from it."""
    for part in PARTS:
        lines = getattr(content, part)
        yield replace(content, **{part: ()})
        yield replace(content, **{part: lines[1:]})
        for at, line in enumerate(lines):
            for one in fields(line):
                if one.default is not MISSING and getattr(line, one.name) != one.default:
                    poorer = replace(line, **{one.name: one.default})
                    yield replace(content, **{part: (*lines[:at], poorer, *lines[at + 1 :])})
    yield replace(content, indicators={})
    yield replace(content, period=Span(None, 2025))
    yield replace(content, made_on=None)
    yield replace(content, place=PlanUnit("", content.place.level))


@pytest.mark.parametrize("name", ["faultless", "several kinds"])
def test_nothing_that_is_missing_upsets_a_check(name):
    content = faultless() if name == "faultless" else mixed()
    tried = 0
    for poorer in lacking(content):
        for finding in run(poorer, Stage.ISSUE):
            for message in (finding.said, finding.remedy):
                assert str(message)
                assert unpack(pack(message)) == message
        tried += 1
    assert tried > 50


def mixed() -> Content:
    """Figures of every kind, scope and area, in phases that leave a year out."""
    kinds = [
        target(code, 10, 20 if comparator is Comparator.BETWEEN else None, comparator=comparator,
               scope=scope, counts_from=counts, area=area, phase=phase, key=f"t{n}",
               denominator="older_population" if n % 7 == 0 else None,
               parent_share_key="t1" if n % 11 == 0 else None)
        for n, (code, comparator, scope, counts, area, phase) in enumerate(_kinds())
    ]  # fmt: skip
    start = (Baseline("b1", "older_population", 5000), Baseline("b2", "communes_total", 0))
    phases = (*PHASES, PhaseSpan("whole", Span(2021, 2025)))
    return changed(targets=tuple(kinds), phases=phases, baselines=start)


def _kinds() -> Iterator[tuple]:
    some = ("clubs_new", "clubs_total", "members_total", "members_older", "members_young")
    shares = ("club_size", "older_share_pct", "young_share_pct", "commune_coverage_pct", "unknown")
    lists = [
        (Comparator.EQ, Comparator.GTE, Comparator.GT, Comparator.BETWEEN, Comparator.MAINTAIN),
        tuple(TargetScope),
        tuple(CountsFrom),
        tuple(AreaType),
        ("2021-2023", "2024-2025", "whole", "elsewhere"),
    ]
    for n, code in enumerate((*some, *shares) * 8):
        yield code, *(one[(n * (at + 1) + n // 10) % len(one)] for at, one in enumerate(lists))


def test_errors_cannot_be_switched_off():
    content = replace(faultless(), header=replace(faultless().header, budget_total=1))
    assert "V01" in {one.code for one in run(content, Stage.DRAFT, off={"V01"})}
    warned = replace(faultless(), budget=())
    assert "V03" in {one.code for one in run(warned, Stage.SUBMIT)}
    assert "V03" not in {one.code for one in run(warned, Stage.SUBMIT, off={"V03"})}


def test_later_stages_find_what_earlier_ones_do():
    content = mixed()
    found = [{(one.code, one.place) for one in run(content, stage)} for stage in Stage]
    assert found[0] <= found[1] <= found[2]


def test_errors_come_first():
    severities = [one.severity for one in run(large(), Stage.ISSUE)]
    assert severities == sorted(severities, key=list(Severity).index)
