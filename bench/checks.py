"""How long all plan checks take together: on the plans that ship, and on the largest there is.

`cold` is a run that has seen no text before, at its best of some; `warm` is what each further look
at a drafting page takes. No database is needed.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from bench.common import medians
from lth.checks import agencies, offices, prose, run
from lth.checks.rules import comparators, hidden, level_texts, worded_figures
from lth.content.model import Content, PhaseSpan, SectionText, Span, TargetLine
from lth.exchange import plan_file
from lth.models.content import Comparator
from lth.models.finding import Stage

PLANS = Path("lth/data/plans")
WANTED = 50
"""Milliseconds that all checks may take on the largest plan, cold or warm."""

PHASES = (PhaseSpan("2026-2030", Span(2026, 2030)), PhaseSpan("2031-2035", Span(2031, 2035)))
TARGETS, TASKS, DUTIES, SECTIONS, LONG = 60, 40, 40, 20, 2000


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where the largest plan takes more than is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    chosen, _ = parser.parse_known_args(arguments)
    plans = dict(shipped())
    plans["the largest"] = largest(list(plans.values()))
    print(f"\nall plan checks{'findings':>22}{'cold ms':>10}{'warm ms':>10}")
    worst = 0.0
    for name, content in plans.items():
        cold = min(_cold(content) for _ in range(chosen.rounds))
        warm = medians({name: _work(content)}, chosen.rounds)[name]
        print(f"{name:<20}{len(run(content, Stage.ISSUE)):>17}{cold:>10.1f}{warm:>10.1f}")
        worst = max(cold, warm)
    return int(worst > WANTED)


def shipped() -> Iterator[tuple[str, Content]]:
    """The plan files that ship, by name."""
    for path in sorted(PLANS.glob("*.yaml")):
        yield path.stem, plan_file.read(path.read_bytes(), path.name).content


def largest(documents: list[Content]) -> Content:
    """60 targets in each of two phases, 40 tasks and duties, 20 sections of 2 kB of real text."""
    base = next(one for one in documents if one.programme == "1648")
    text = " ".join(piece for one in documents for _, piece in one.prose())
    starts = [371 * n % (len(text) - LONG) for n in range(SECTIONS)]
    duties = islice(cycle(duty for one in documents for duty in one.duties), DUTIES)
    targets = tuple(_targets(base))
    return replace(
        base,
        phases=PHASES,
        targets=targets,
        floors=targets[:TARGETS],
        tasks=tuple(_renamed(islice(cycle(base.tasks), TASKS), "t")),
        duties=tuple(_renamed(duties, "d")),
        sections=tuple(
            SectionText(f"s{n}", f"{n}. Mục", text[at : at + LONG])
            for n, at in enumerate(starts, 1)
        ),
    )


def _targets(base: Content) -> Iterator[TargetLine]:
    for phase in PHASES:
        for n, code in enumerate(islice(cycle(base.indicators), TARGETS)):
            wording = f"ít nhất {10 * n} trong giai đoạn {phase.key}"
            key = f"{code}@{phase.key}#{n}"
            yield TargetLine(key, code, phase.key, Comparator.GTE, 10 * n, wording=wording)


def _renamed(lines, letter: str):
    """The lines over and over, each under a key of its own."""
    return (replace(line, key=f"{letter}{n}") for n, line in enumerate(lines))


def _work(content: Content) -> Callable[[], object]:
    return lambda: run(content, Stage.ISSUE)


def _cold(content: Content) -> float:
    """The time of one run with nothing remembered of any text, in milliseconds."""
    for module in (prose, agencies, offices, comparators, hidden, level_texts, worded_figures):
        for name in vars(module).values():
            if hasattr(name, "cache_clear") and name.__module__ == module.__name__:
                name.cache_clear()
    begun = time.perf_counter()
    run(content, Stage.ISSUE)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
