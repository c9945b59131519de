"""A whole plan as the text of a plan file, which reads back to the same plan.

What is as it starts is left out, so that the text says what the plan says. Keys of lines are
written only where they are others than the reader would give.
"""

from collections import abc
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

import yaml

from lth.content import targets
from lth.content.model import Content, PhaseSpan, SectionText, TargetLine
from lth.content.schema import LINE_TYPES, ContentLine
from lth.exchange.plan_file import form
from lth.exchange.plan_file.reader import Expected, newest, phase_key
from lth.exchange.plan_file.scalars import spoken
from lth.exchange.plan_file.target_lines import own_counts_from, own_scope
from lth.models import Indicator
from lth.models.content import Comparator

WIDTH = 92
LONGEST_FLOW = 100
"""A mapping of single words and numbers stands on one line, if it is no longer than this."""
LONGEST_WORDS = 48

Value = Any
Mapping = dict[str, Value]
Indicators = abc.Mapping[str, Indicator]


class _Flow(dict[str, Value]):
    """A mapping that is written on one line."""


class _FlowList(list[Value]):
    """A list that is written on one line."""


def write(content: Content, expected: Expected | None = None) -> str:
    """Return the text of a plan file; `read` makes an equal document of it."""
    blocks: list[list[str]] = [[]]
    for name, value in _plan(content, expected).items():
        text = _dumped({name: value})
        if isinstance(value, (list, dict)) and not isinstance(value, (_Flow, _FlowList)):
            blocks += [[text], []]
        else:
            blocks[-1].append(text)
    return "\n".join("".join(block) for block in blocks if block)


# --- The plan as mappings -----------------------------------------------------------------


def _plan(content: Content, expected: Expected | None) -> Mapping:
    """Map everything that a plan says, by the keys of the file and in their order."""
    said: Mapping = {
        "format": form.FORMAT,
        "programme": content.programme,
        "unit": _short(_fields(content.place, form.UNIT)),
        "period": _short(_fields(content.period, form.PERIOD)),
        "phases": _phases(content),
        "made_on": None if content.made_on == newest(content) else content.made_on,
        "final": None if content.final else False,
        **_declared(content),
        "targets": _targets(content, content.targets),
        "sections": _lines("section", content.sections, form.SECTION),
        "inherits": _without_empty(
            {
                "issuer": content.parent_issuer,
                "paper": content.parent_paper,
                "targets": _targets(content, content.floors),
            }
        ),
        "unreadable": _FlowList(text for text in form.parts() if text in content.unreadable),
        "expected": _expected(expected),
    }
    return _without_empty({key.name: said[key.name] for key in form.PLAN})


def _declared(content: Content) -> Mapping:
    """Map what the line types say: a single line its fields, the others their lists."""
    said: Mapping = {}
    for of in LINE_TYPES.values():
        lines = content.lines(of.part)
        if of.single:
            values = {
                field.file: _value(getattr(lines[0], field.name))
                for field in of.fields
                if field.file
            }
        else:
            values = {of.file: _lines(of.part, lines, form.line_form(of), content.indicators)}
        for path, value in values.items():
            around, _, name = path.rpartition(".")
            within = said.setdefault(around, {}) if around else said
            if not _is_empty(value) or not around:
                within[name] = value
    return said


def _phases(content: Content) -> list[Value]:
    alone = (PhaseSpan(phase_key(content.period), content.period),)
    if content.phases == alone:
        return []
    return [
        _short(
            _without_empty(
                {
                    "key": None if phase.key == phase_key(phase.span) else phase.key,
                    "from": phase.span.start,
                    "to": phase.span.end,
                }
            )
        )
        for phase in content.phases
    ]


def _expected(expected: Expected | None) -> Value:
    if expected is None:
        return None
    return {"stage": expected.stage.value, "findings": _FlowList(sorted(expected.findings))}


# --- Lines --------------------------------------------------------------------------------


def _lines(
    prefix: str,
    lines: Sequence[ContentLine | SectionText],
    of: form.KeyForm,
    indicators: Indicators | None = None,
) -> list[Value]:
    """List the lines of a part; a recipient that is only a name is written as one."""
    named = [f"{prefix}-{number}" for number, _ in enumerate(lines, 1)]
    keyed = [line.key for line in lines] != named
    found = []
    for line in lines:
        said = {"key": line.key} if keyed else {}
        said |= _fields(line, of, indicators)
        found.append(said[of.short] if of.short and list(said) == [of.short] else _short(said))
    return found


def _fields(line: Any, of: form.KeyForm, indicators: Indicators | None = None) -> Mapping:
    """Return a line's fields under the names of the file, but for those that are as they start;
    figures as they are read aloud.
    """
    starts = {field.name: field.default for field in fields(line) if field.default is not MISSING}
    found = {}
    for key in of:
        if key.name == "key":
            continue
        value = getattr(line, key.fills)
        if indicators is not None and key.holds is form.Holds.FIGURE and value is not None:
            value = _figure(value, indicators[line.indicator])
        if key.required or value != starts.get(key.fills):
            found[key.name] = _value(value)
    return found


def _targets(content: Content, lines: Sequence[TargetLine]) -> list[Value]:
    keyed = [line.key for line in lines] != list(_own_keys(lines))
    return [_short(_target(content, line, keyed=keyed)) for line in lines]


def _own_keys(lines: Iterable[TargetLine]) -> Iterable[str]:
    """List the keys that the reader gives to targets that have none."""
    taken: set[str] = set()
    for line in lines:
        key = targets.next_key(taken, line.indicator, line.phase)
        taken.add(key)
        yield key


_WORDS = form.KeyForm(
    tuple(
        form.TARGET.by_name[name]
        for name in ("numerator", "denominator", "area", "share_of", "wording", "source")
    )
)
"""The keys of a target that are written as any line's are."""


def _target(content: Content, line: TargetLine, *, keyed: bool) -> Mapping:
    indicator = content.indicators[line.indicator]
    implied = line.comparator in {Comparator.EQ, Comparator.BETWEEN}
    own = {"scope": own_scope(indicator), "counts_from": own_counts_from(indicator)}
    given = _fields(line, _WORDS)
    return _without_empty(
        {
            "key": line.key if keyed else None,
            "indicator": line.indicator,
            "phase": line.phase if len(content.phases) > 1 else None,
            "comparator": None if implied else line.comparator.value,
            **_figures(line, indicator),
            **{
                name: None if getattr(line, name) is start else getattr(line, name).value
                for name, start in own.items()
            },
            **given,
        }
    )


def _figures(line: TargetLine, indicator: Indicator) -> Mapping:
    """Map the figure as it is read aloud, under the keys of its comparator."""
    if line.comparator is Comparator.BETWEEN:
        bounds = {"from": line.low, "to": line.high}
    else:
        bounds = {"value": line.high if line.comparator in targets.UPPER else line.low}
    return {name: _figure(value, indicator) for name, value in bounds.items()}


def _figure(value: int | None, indicator: Indicator) -> Decimal | int | None:
    if value is None:
        return None
    text = spoken(value, indicator.measure)
    return Decimal(text) if "." in text else int(text)


# --- Text ---------------------------------------------------------------------------------


def _value(value: Any) -> Value:
    if isinstance(value, StrEnum):
        return value.value
    return _FlowList(value) if isinstance(value, tuple) else value


def _without_empty(mapping: Mapping) -> Mapping:
    return {name: value for name, value in mapping.items() if not _is_empty(value)}


def _is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def _short(mapping: Mapping) -> Mapping:
    """Return the mapping, on one line if all of it is short."""
    if any(isinstance(value, (list, dict)) for value in mapping.values()):
        return mapping
    texts = [str(value) for value in mapping.values()]
    length = sum(map(len, mapping)) + sum(map(len, texts)) + 4 * len(texts)
    if length > LONGEST_FLOW or any("\n" in text or len(text) > LONGEST_WORDS for text in texts):
        return mapping
    return _Flow(mapping)


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their key, and long texts over several lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value))
)
_Dumper.add_representer(
    _Flow,
    lambda dumper, value: dumper.represent_mapping(
        "tag:yaml.org,2002:map", value.items(), flow_style=True
    ),
)
_Dumper.add_representer(
    _FlowList,
    lambda dumper, value: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", value, flow_style=True
    ),
)


def _dumped(mapping: Mapping) -> str:
    return yaml.dump(
        mapping,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=WIDTH,
    )
