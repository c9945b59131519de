"""Write docs/faults.md: what was broken, and what was left."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from faults.cases import CASES
from faults.tally import Tally

FILE = Path(__file__).parents[2] / "docs" / "faults.md"

_HEAD = """# What became of people's work when things broke

Made by `make faults` with lth {version}; do not edit. Each case runs the demo under `lth run` on a
database of its own, over loopback alone, with four communes at work: in each the clerk sends the
plan to the leader and the leader gives it back, over and over, and both are told by mail. Meanwhile
something breaks. Afterwards the mail is settled and everything is counted:

- what was answered with success is there, once;
- what was not answered with success is there once or not at all;
- each mail that says “sent” has arrived, and under one Message-ID only;
- no page failed without a word, and `lth reconcile` finds every plan as its trail says.

| broken | database | times | acts done | not answered with success | of these done | mails | \
again under the same Message-ID | longest answer | lost or doubled |
|---|---|---|---|---|---|---|---|---|---|
"""

_FOOT = """
All of it took {minutes} minutes, both databases at once. The numbers of acts, and the longest
answer, are a machine's and a day's; the last column is not. A mail goes out again where the process
that sent it died between the relay's “taken” and the commit that says so: the reader's program
shows it once, since its Message-ID is the same.

`tests/faults/cases.py` says what each case does; `make faults ARGS="--case kill"` runs one.
"""

_KINDS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


@dataclass(frozen=True)
class Line:
    """A case as it went."""

    name: str
    kind: str
    tally: Tally
    seconds: float


def write(lines: list[Line], seconds: float) -> None:
    """Write the report of a whole run."""
    head = _HEAD.format(version=version("lth"))
    foot = _FOOT.format(minutes=round(seconds / 60))
    FILE.write_text(head + "".join(_row(line) for line in lines) + foot, "utf-8")


def _row(line: Line) -> str:
    tally = line.tally
    case = next(one for one in CASES if one.name == line.name)
    cells = (
        case.title,
        _KINDS[line.kind],
        case.times,
        tally.acts,
        tally.unanswered,
        tally.of_these_there,
        tally.mails,
        tally.sent_again,
        f"{tally.slowest:.1f} s",
        "; ".join(tally.wrong) or "nothing",
    )
    return f"| {' | '.join(map(str, cells))} |\n"
