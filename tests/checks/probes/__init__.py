"""Probes of the checks: a clean plan, one change, and the codes of exactly what is then found.

A row of a table is a `Probe`. Its change is made by the functions here, which pick a line by what
it says: `edit("targets", "clubs_new/2026-2030", low=9)`, `add("bases", type="Luật")`,
`drop("recipients", "Lưu")`, `reword("sections", "II. ", "05 câu lạc bộ", "06 câu lạc bộ")`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from lth.content.model import Content, PhaseSpan, SectionText, TargetLine
from lth.content.schema import LINE_TYPES
from lth.exchange import plan_file

PLANS = Path(__file__).parent / "plans"
COMMUNE, DISTRICT, PROVINCE = "commune", "district", "province"
CLEAN = (COMMUNE, DISTRICT, PROVINCE)

Change = Callable[[Content], Content]


@dataclass(frozen=True)
class Probe:
    """A row: `expected` are the codes of the new findings, each as often as it is found."""

    name: str
    plan: str
    change: Change
    expected: tuple[str, ...]

    def changed(self) -> Content:
        return self.change(clean(self.plan))


def probe(name: str, plan: str, change: Change, expected: str = "") -> Probe:
    """A row with its codes as words: "V08", "V08 V09", nothing for a change that is no fault."""
    return Probe(name, plan, change, tuple(sorted(expected.split())))


def named(group: str, probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """Return rows under the name of what they have in common."""
    return tuple(replace(one, name=f"{group}: {one.name}") for one in probes)


@cache
def clean(plan: str) -> Content:
    """One of the plans in `plans`, at which no check has anything to find."""
    path = PLANS / f"{plan}.yaml"
    return plan_file.read(path.read_bytes(), path.name).content


# --- Changes ------------------------------------------------------------------------------


def edit(part: str, pick: str, **values: Any) -> Change:
    """Replace fields of the one line that says what is picked."""
    return lambda content: _put(content, part, pick, lambda line: (replace(line, **values),))


def drop(part: str, pick: str) -> Change:
    """Leave the line out."""
    return lambda content: _put(content, part, pick, lambda line: ())


def repeat(part: str, pick: str, **values: Any) -> Change:
    """Give the line once more behind itself, with some of its fields replaced."""
    return lambda content: _put(
        content, part, pick, lambda line: (line, replace(line, key=f"{line.key}-again", **values))
    )


def reword(part: str, pick: str, old: str, new: str) -> Change:
    """Replace a piece of the line's texts, which has to be there."""

    def change(line: Any) -> tuple[Any]:
        changed = {
            one.name: text.replace(old, new)
            for one in fields(line)
            if isinstance(text := getattr(line, one.name), str) and old in text
        }
        if not changed:
            raise LookupError(f"{part}: {pick} does not say {old}")
        return (replace(line, **changed),)

    return lambda content: _put(content, part, pick, change)


def add(part: str, **values: Any) -> Change:
    """Add a line at the end of a part."""

    def change(content: Content) -> Content:
        lines = getattr(content, part)
        made = _KINDS.get(part) or next(
            one.build for one in LINE_TYPES.values() if one.attribute == part
        )
        line = made(**({"key": f"{part}-added-{len(lines)}"} | values))
        return replace(content, **{part: (*lines, line)})

    return change


_KINDS = {"targets": TargetLine, "floors": TargetLine, "sections": SectionText}


def also(*changes: Change) -> Change:
    """Make several changes, for a fault that takes more than one line to show."""

    def change(content: Content) -> Content:
        for one in changes:
            content = one(content)
        return content

    return change


def whole(**values: Any) -> Change:
    """Replace fields of the plan itself."""
    return lambda content: replace(content, **values)


def header(**values: Any) -> Change:
    """Replace fields of its header."""
    return lambda content: replace(content, header=replace(content.header, **values))


def place(**values: Any) -> Change:
    """Replace what is said of the unit."""
    return lambda content: replace(content, place=replace(content.place, **values))


def _put(
    content: Content, part: str, pick: str, change: Callable[[Any], tuple[Any, ...]]
) -> Content:
    lines = getattr(content, part)
    found = [line for line in lines if pick in _names(line)] or [
        line for line in lines if any(pick in name for name in _names(line))
    ]
    if len(found) != 1:
        raise LookupError(f"{part}: {pick} names {len(found)} lines")
    made = [one for line in lines for one in (change(line) if line is found[0] else (line,))]
    return replace(content, **{part: tuple(made)})


def _names(line: Any) -> Iterator[str]:
    """Yield what picks a line: its key, its indicator with and without the phase, its texts."""
    if isinstance(line, TargetLine):
        yield from (f"{line.indicator}/{line.phase}", line.indicator, line.key, line.wording)
    elif isinstance(line, PhaseSpan):
        yield line.key
    else:
        yield from (
            text for one in fields(line) if isinstance(text := getattr(line, one.name), str)
        )
