"""What was tried and what came of it, as a page of the documentation."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from .strangers import Findings

HEAD = """# What `make attack` tried

Made by `make attack`; the figures are those of its last run. Each line is one kind of attack; what
a request must never get is an answer of the 500s, a word that stands only in rows of another unit,
a way out of the site, or a change of another unit's rows. A new route is in it by itself, since the
addresses are made from the application's own URL map.

"""


Tried = dict[str, Any]
"""What one process tells another: plain lists and numbers."""


class Report:
    """Counts by kind of attack and by who tried it."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._faults: list[str] = []

    def note(self, kind: str, who: str, findings: Findings) -> None:
        """Add what somebody has tried of a kind."""
        self._answers[kind, who].update(Counter(map(str, findings.answers.elements())))
        self._faults += findings.faults

    def tried(self) -> Tried:
        """Return all that was noted."""
        answers = [[*key, dict(counts)] for key, counts in self._answers.items()]
        return {"answers": answers, "faults": self._faults}

    def take_over(self, tried: Tried) -> None:
        """Add what another process has noted."""
        for kind, who, counts in tried.get("answers", []):
            self._answers[kind, who].update(counts)
        self._faults += tried.get("faults", [])

    def write(self, path: str, extent: str) -> None:
        """Write the page; `extent` is how much was tried, long or short."""
        lines = self._lines(extent)
        Path(path).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")

    def _lines(self, extent: str) -> list[str]:
        total = sum(counts.total() for counts in self._answers.values())
        lines = [f"**{total:,} requests in the {extent} form, {len(self._faults)} faults.**"]
        for kind in sorted({kind for kind, _ in self._answers}):
            lines += ["", f"## {kind}", ""]
            lines += ["| who | requests | answers |", "|---|---:|---|"]
            whos = sorted(who for known, who in self._answers if known == kind)
            lines += [_line(who, self._answers[kind, who]) for who in whos]
        return lines + [f"\n- {fault}" for fault in self._faults]


def _line(who: str, counts: Counter[str]) -> str:
    said = ", ".join(f"{code}: {number:,}" for code, number in sorted(counts.items()))
    return f"| {who} | {counts.total():,} | {said} |"
