"""Score the reading of plans: found, expected, invented, text by text.

    PYTHONPATH=. python tests/support/plan_scores.py [-v] [--write]

prints the tables of docs/plan-reading.md; `-v` says what was missed and invented; `--write` puts
the tables into the page. How a text says what is expected: tests/exchange/plan_reading/README.md.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from lth.content.line_types import (
    Baseline,
    BudgetLine,
    Definition,
    Duty,
    LegalBasis,
    Paper,
    ReportingDuty,
)
from lth.content.model import TargetLine
from lth.core.old_encodings import converted, guess
from lth.exchange.plan_reading.found import Reading
from lth.exchange.plan_reading.offices import office_key, same_office
from lth.exchange.plan_reading.periods import key_of
from lth.exchange.plan_reading.read import read_text
from lth.models.content import Comparator
from lth.models.parts import PaperRole

TESTS = Path(__file__).parents[1]
HERE = TESTS / "exchange" / "plan_reading"
SETS = ("printed", "texts", "held_out")
PARTS = ("paper", "period", "bases", "targets", "budget", "duties", "reporting", "recipients")
PARTS += ("baseline", "other")
PAGE = TESTS.parent / "docs" / "plan-reading.md"
MEASURE = {"_pct": 100, "loan_rate_month": 100, "meetings_month": 100, "exercise_week": 100}
MEASURE |= {"health_check_year": 100, "club_size_avg": 100}


@dataclass
class Score:
    """Of one part of one text: how many were found of those expected, and what was invented."""

    expected: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)


@dataclass
class TextScore:
    """All scores of one text."""

    name: str
    parts: dict[str, Score]

    @property
    def expected(self) -> int:
        return sum(one.expected for one in self.parts.values())

    @property
    def found(self) -> int:
        return sum(one.found for one in self.parts.values())

    @property
    def invented(self) -> int:
        return sum(len(one.invented) for one in self.parts.values())


def texts(of: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield name, text and expected items of each text of a set."""
    for path in sorted((HERE / of).glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if (old := guess(text)) is not None:
            text = converted(text, old)
        yield path.stem, text, yaml.safe_load(path.with_suffix(".yaml").read_text("utf-8"))


def score(of: str) -> list[TextScore]:
    """Score every text of a set."""
    return [scored(name, read_text(text), wanted) for name, text, wanted in texts(of)]


def scored(name: str, reading: Reading, wanted: dict[str, Any]) -> TextScore:
    """Compare what was read of one text with what should have been."""
    parts = {
        "paper": _fields(_paper(reading), wanted.get("paper", {})),
        "period": _fields(_frame(reading), _wanted_frame(wanted)),
        "bases": _compared(_bases(reading), wanted.get("bases", []), wanted.get("may_bases", [])),
        "targets": _targets(reading, wanted),
        "budget": _budget(reading, wanted),
        "duties": _offices(reading, wanted.get("duties", [])),
        "reporting": _reports(reading, wanted),
        "recipients": _count(len(reading.of("recipient")), wanted.get("recipients")),
        "baseline": _baseline(reading, wanted),
        "other": _other(reading, wanted),
    }
    return TextScore(name, parts)


# --- Parts --------------------------------------------------------------------------------


def _fields(found: dict[str, Any], wanted: dict[str, Any]) -> Score:
    result = Score(len(wanted))
    for key, value in wanted.items():
        if str(found.get(key)) == str(value):
            result.found += 1
        else:
            result.missed.append(f"{key}: {value} (read: {found.get(key)})")
            if found.get(key):
                result.invented.append(f"{key}: {found.get(key)}")
    return result


def _paper(reading: Reading) -> dict[str, Any]:
    order = (PaperRole.DECISION, PaperRole.PLAN, PaperRole.DIRECTIVE)
    lines = [item.line for item in reading.of("paper") if isinstance(item.line, Paper)]
    main = next((line for role in order for line in lines if line.role is role), None)
    if main is None:
        return {}
    return {
        "role": main.role.value,
        "number": main.number,
        "date": main.dated_on,
        "issuer": main.issuer,
        "sign_form": main.sign_form and main.sign_form.value,
        "position": main.position,
    }


def _frame(reading: Reading) -> dict[str, Any]:
    return {
        "programme": reading.programme,
        "unit": reading.unit and reading.unit.name,
        "period": key_of(reading.period),
        "phases": [key_of(one) for one in reading.phases],
    }


def _wanted_frame(wanted: dict[str, Any]) -> dict[str, Any]:
    return {key: str(wanted[key]) for key in ("programme", "unit", "period") if key in wanted}


def _compared(found: Iterable[str], wanted: list[Any], may: list[Any]) -> Score:
    left, result = list(found), Score(len(wanted))
    for one in map(str, wanted):
        if one in left:
            left.remove(one)
            result.found += 1
        else:
            result.missed.append(one)
    result.invented = [one for one in left if one not in map(str, may)]
    return result


def _bases(reading: Reading) -> list[str]:
    lines = [item.line for item in reading.of("basis") if isinstance(item.line, LegalBasis)]
    return [
        " ".join(filter(None, (line.number or line.type, _iso(line.dated_on)))) for line in lines
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _targets(reading: Reading, wanted: dict[str, Any]) -> Score:
    whole = key_of(reading.period)
    lines = [item.line for item in reading.of("target") if isinstance(item.line, TargetLine)]
    left = [_said(line, whole) for line in lines]
    either = wanted.get("either_phase", {})
    result = Score(len(wanted["targets"]))
    for text in wanted["targets"]:
        match = next((one for one in left if one in _ways(text, whole, either)), None)
        if match is None:
            result.missed.append(text)
        else:
            left.remove(match)
            result.found += 1
    may = {way for text in wanted.get("may", []) for way in _ways(text, whole, either)}
    result.invented = [one for one in left if one not in may]
    return result


def _said(line: TargetLine, whole: str) -> str:
    scale = next((by for end, by in MEASURE.items() if line.indicator.endswith(end)), 1)
    bounds = [one for one in (line.low, line.high) if one is not None]
    value = "..".join(f"{one / scale:g}" if scale > 1 else str(one) for one in bounds)
    words = [line.indicator, line.comparator.value, value, f"@{line.phase or whole}"]
    if line.scope.value != "unit":
        words.append(line.scope.value)
    if line.counts_from.value == "yearly" and line.indicator.startswith("clubs"):
        words.append("yearly")
    if line.area.value != "all":
        words.append(line.area.value)
    return " ".join(filter(None, words))


def _ways(text: str, whole: str, either: dict[str, list[str]]) -> list[str]:
    """List how a target may be said that was expected: either of two comparators, or of phases."""
    indicator, comparators, *more = text.split()
    phase = next((one for one in more if one.startswith("@")), f"@{whole}")
    value = more[0] if more and (more[0][0].isdigit()) else ""
    rest = [one for one in more if one not in (phase, value)]
    found = []
    for comparator in comparators.split("|"):
        Comparator(comparator)
        for years in (phase[1:], *either.get(phase[1:], [])):
            found.append(
                " ".join(filter(None, [indicator, comparator, value, f"@{years or whole}", *rest]))
            )
    return found


def _budget(reading: Reading, wanted: dict[str, Any]) -> Score:
    """Amounts are compared one by one; of sources without amounts, only that they are named."""
    lines = [item.line for item in reading.of("budget") if isinstance(item.line, BudgetLine)]
    left = [one for line in lines for one in [_money(line)]]
    given = wanted.get("budget", [])
    result = Score(len(given))
    for text in given:
        match = next((one for one in left if _fits(one, text)), None)
        if match is None:
            result.missed.append(text)
        else:
            result.found += 1
            if any(char.isdigit() for char in text):
                left.remove(match)
    result.invented = [one for one in left if any(char.isdigit() for char in one)]
    if "budget_total" in wanted or reading.header.budget_total:
        result.expected += "budget_total" in wanted
        if reading.header.budget_total == wanted.get("budget_total"):
            result.found += 1
        elif reading.header.budget_total:
            result.invented.append(f"total {reading.header.budget_total}")
        else:
            result.missed.append(f"total {wanted['budget_total']}")
    return result


def _money(line: BudgetLine) -> str:
    parts = [line.source or "-", line.level or "-"]
    if line.amount is not None and not (line.annual_rate and line.years):
        parts.append(str(line.amount))
    if line.annual_rate is not None:
        parts.append(f"{line.annual_rate}/year")
    if line.year is not None:
        parts.append(str(line.year))
    return " ".join(map(str, parts))


def _fits(found: str, wanted: str) -> bool:
    if any(char.isdigit() for char in wanted):
        return found == wanted
    source, *level = wanted.split()
    return found.startswith(source) and (not level or level == ["-"] or level[0] in found)


def _offices(reading: Reading, wanted: list[str]) -> Score:
    lines = [item.line for item in reading.of("duty") if isinstance(item.line, Duty)]
    left, result = [line.agency for line in lines if line.text], Score(len(wanted))
    for one in wanted:
        match = next((name for name in left if same_office(name, one)), None)
        if match is None:
            result.missed.append(one)
        else:
            left.remove(match)
            result.found += 1
    result.invented = left
    return result


def _reports(reading: Reading, wanted: dict[str, Any]) -> Score:
    lines = [item.line for item in reading.of("reporting")]
    left = [line for line in lines if isinstance(line, ReportingDuty)]
    given, result = wanted.get("reporting", []), Score(len(wanted.get("reporting", [])))
    for text in given:
        match = next((line for line in left if _is_report(line, text)), None)
        if match is None:
            result.missed.append(text)
        else:
            left.remove(match)
            result.found += 1
    may = wanted.get("may_reporting", [])
    result.invented = [
        f"{line.reporter} > {', '.join(line.addressees)} | {line.frequency}"
        for line in left
        if not any(_is_report(line, text) for text in may)
    ]
    return result


def _is_report(line: ReportingDuty, text: str) -> bool:
    who, _, rest = text.partition(" > ")
    whom, _, often = rest.partition(" | ")
    return (
        line.frequency == often
        and _begins(line.reporter, who)
        and any(same_office(one, whom) for one in line.addressees)
    )


def _begins(one: str, other: str) -> bool:
    """Tell whether two writings name the same offices, or one has more of them behind."""
    a, b = sorted((office_key(one), office_key(other)), key=len)
    return len(a) > 3 and b.startswith(a)


def _baseline(reading: Reading, wanted: dict[str, Any]) -> Score:
    """Indicator and figure; the year too, where one is expected."""
    lines = [item.line for item in reading.of("baseline") if isinstance(item.line, Baseline)]
    left = [_stated(line) for line in lines]
    given = wanted.get("baseline", [])
    result = Score(len(given))
    for text in given:
        match = next((one for one in left if _is_stated(one, text)), None)
        if match is None:
            result.missed.append(text)
        else:
            left.remove(match)
            result.found += 1
    may = wanted.get("may_baseline", []) + given
    result.invented = [one for one in left if not any(_is_stated(one, text) for text in may)]
    return result


def _stated(line: Baseline) -> str:
    scale = next((by for end, by in MEASURE.items() if line.indicator.endswith(end)), 1)
    return f"{line.indicator} {(line.value or 0) / scale:.12g} @{line.as_of[-4:]}"


def _is_stated(found: str, wanted: str) -> bool:
    return found == wanted or ("@" not in wanted and found.rpartition(" @")[0] == wanted)


def _other(reading: Reading, wanted: dict[str, Any]) -> Score:
    """Definitions, the plan that a letter cites, and tasks (only counted)."""
    defined = [item.line for item in reading.of("definition")]
    terms = [f"{one.term} {one.age}" for one in defined if isinstance(one, Definition)]
    papers = [item.line for item in reading.of("paper") if isinstance(item.line, Paper)]
    cited = [one for one in papers if one.role is PaperRole.CITED]
    found = terms + [f"{one.number} {_iso(one.dated_on)}".strip() for one in cited]
    given = [*wanted.get("definitions", []), *wanted.get("cited", [])]
    result = _compared(found, given, wanted.get("may_cited", []))
    tasks = _count(len(reading.of("task")), wanted.get("tasks"))
    result.expected += tasks.expected
    result.found += tasks.found
    result.missed += tasks.missed
    result.invented += tasks.invented
    return result


def _count(found: int, wanted: int | None) -> Score:
    if wanted is None:
        return Score()
    extra = [f"{found - wanted} more"] if found > wanted else []
    missed = [f"{wanted - found} of {wanted}"] if found < wanted else []
    return Score(wanted, min(found, wanted), missed, extra)


# --- The table ----------------------------------------------------------------------------


def table(of: str) -> str:
    """Return the table of one set as Markdown: found/expected, and invented, by part."""
    rows = [f"| Text | {' | '.join(PARTS)} | all | invented |", "|---" * (len(PARTS) + 3) + "|"]
    whole = score(of)
    for one in whole:
        cells = [f"{one.parts[part].found}/{one.parts[part].expected}" for part in PARTS]
        rows.append(
            f"| {one.name} | {' | '.join(cells)} | {one.found}/{one.expected} | {one.invented} |"
        )
    sums = [
        f"{sum(one.parts[part].found for one in whole)}/"
        f"{sum(one.parts[part].expected for one in whole)}"
        for part in PARTS
    ]
    found, expected = sum(one.found for one in whole), sum(one.expected for one in whole)
    invented = sum(one.invented for one in whole)
    rows.append(f"| **all** | {' | '.join(sums)} | **{found}/{expected}** | **{invented}** |")
    return "\n".join(rows)


def told(of: str) -> Iterator[str]:
    """Yield a line for everything that was missed or invented in a set."""
    for one in score(of):
        for part in PARTS:
            score_ = one.parts[part]
            yield from (f"{one.name}: {part}: missed {text}" for text in score_.missed)
            yield from (f"{one.name}: {part}: INVENTED {text}" for text in score_.invented)


def main(arguments: list[str]) -> None:
    """Print the tables, and what they count; put them into the page where asked to."""
    chosen = set(arguments) & set(SETS) or set(SETS)
    sets = [of for of in SETS if of in chosen and (HERE / of).is_dir()]
    tables = {of: table(of) for of in sets}
    for of, text in tables.items():
        sys.stdout.write(f"{of}\n\n{text}\n\n")
        if "-v" in arguments:
            sys.stdout.write("\n".join(told(of)) + "\n\n")
    if "--write" in arguments:
        page = PAGE.read_text(encoding="utf-8")
        for of, text in tables.items():
            start, end = f"<!-- {of} -->", f"<!-- /{of} -->"
            before, _, rest = page.partition(start)
            page = f"{before}{start}\n{text}\n{end}{rest.partition(end)[2]}"
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
