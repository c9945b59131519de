"""How long all the checks take on a whole plan: the largest that ships, and a larger one.

    python -m bench.checks

`read` is the file's text as a plan, `checks` all of them at the last stage. The larger plan says
each of its targets, tasks and duties several times over, which nobody would.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.common import medians
from lth.models.finding import Stage
from lth.planning.checks import run
from lth.planning.document import Document
from lth.planning.plan_file import reader

PLANS = Path(__file__).parents[1] / "lth" / "data" / "plans"
WANTED_MS = 50.0
LARGER = 4
"""How many times over the larger plan says what the largest that ships says once."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where the checks take longer than wanted on a plan that ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args(arguments).rounds
    taken = [measure(path, rounds) for path in sorted(PLANS.glob("*.yaml"))]
    return int(max(taken) > WANTED_MS)


def measure(path: Path, rounds: int) -> float:
    """How many milliseconds the checks take on a file's plan."""
    text = path.read_bytes()
    document = reader.read(text, path.name).document
    larger = _larger(document)
    times = medians(
        {
            "read": lambda: reader.read(text, path.name),
            "checks": lambda: run(document, Stage.ISSUE),
            "checks, larger": lambda: run(larger, Stage.ISSUE),
        },
        rounds,
    )
    shown = "  ".join(f"{name} {time:6.1f} ms" for name, time in times.items())
    print(f"{path.stem:12} {len(document.targets):3} targets  {shown}")
    return times["checks"]


def _larger(document: Document) -> Document:
    parts = ("targets", "tasks", "duties", "reporting", "sections", "budget", "bases")
    return replace(document, **{part: tuple(_again(getattr(document, part))) for part in parts})


def _again(lines: tuple[Any, ...]) -> Iterator[Any]:
    for number in range(LARGER):
        for line in lines:
            yield replace(line, key=f"{line.key}~{number}")


if __name__ == "__main__":
    sys.exit(main())
