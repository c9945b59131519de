"""Hold the form of a plan file as one table: which keys there are, and what each of them holds.

The reader, the writer and the JSON Schema all go by it, so that they cannot disagree. A key has
the name that people write and the field of the dataclass that it fills; where the two differ the
file speaks as a plan does ("from", "with", "to"). The forms of lines are made of what is declared
in `lth.content.line_types`; what else a file holds stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lth.content import model
from lth.content.schema import LINE_TYPES, Field, LineType, Typed
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Stage
from lth.models.unit import Level

FORMAT = 1


class Holds(StrEnum):
    """Kind of a scalar's value. FIGURE is a number in the measure of its line's indicator.

    A TEXT is a name, a title, a number, with nothing in it that nobody sees; PROSE loses that.
    """

    TEXT = "text"
    PROSE = "prose"
    NAMES = "names"
    WHOLE = "whole"
    YEAR = "year"
    DAY = "day"
    FLAG = "flag"
    FIGURE = "figure"
    INDICATOR = "indicator"
    PHASE = "phase"
    FINDINGS = "findings"
    PARTS = "parts"
    PROGRAMME = "programme"
    FORMAT = "format"


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A mapping's keys, by name and in the order in which they are written.

    `short` names the key that a line may consist of alone: "- Thường trực Huyện ủy". A form with
    a `name` is described once in the JSON Schema.
    """

    keys: tuple["Key", ...]
    builds: type | None = None
    short: str = ""
    name: str = ""

    def __iter__(self):
        return iter(self.keys)

    @property
    def by_name(self) -> Mapping[str, "Key"]:
        return {key.name: key for key in self.keys}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, what it holds, what it is for, and the field it fills.

    A `Form` holds a mapping; with `many` it is a list of them. `field` is empty where the name
    is the same. A `part` of the paper is what `unreadable` may name.
    """

    name: str
    holds: Holds | type[StrEnum] | KeyForm
    help: str
    field: str = ""
    required: bool = False
    many: bool = False
    part: bool = False

    @property
    def fills(self) -> str:
        return self.field or self.name


def _line_key(example: str) -> Key:
    text = f"Name of this line, to be kept over revisions; {example} and so on unless given."
    return Key("key", Holds.TEXT, text)


UNIT = KeyForm(
    (
        Key("name", Holds.TEXT, "Type and name: huyện Trà Cú.", required=True),
        Key("level", Level, "Tier of the unit.", required=True),
        Key("parent", Holds.TEXT, "Type and name of the unit above: tỉnh Trà Vinh.", "parent_name"),
        Key("parent_level", Level, "Tier of the unit above."),
        Key("communes", Holds.WHOLE, "How many units of the lowest tier are within it."),
    ),
    model.PlanUnit,
)

SPAN = (
    Key("from", Holds.YEAR, "First year; left out where a plan says only “đến năm …”.", "start"),
    Key("to", Holds.YEAR, "Last year, in it.", "end", required=True),
)
PERIOD = KeyForm(SPAN, model.Span)
PHASE = KeyForm((Key("key", Holds.TEXT, "Name that targets use; “2026-2030” unless given."), *SPAN))

TARGET = KeyForm(
    (
        Key(
            "key",
            Holds.TEXT,
            "Name of this line, to be kept over revisions; clubs_new@2026-2030 unless given.",
        ),
        Key("id", Holds.TEXT, "A short name within this file, for share_of."),
        Key("indicator", Holds.INDICATOR, "Code of the indicator.", required=True),
        Key("phase", Holds.PHASE, "Key of the phase; needed where there are several."),
        Key("comparator", Comparator, "eq unless given; between where from and to stand."),
        Key("value", Holds.FIGURE, "The figure as read aloud: 70 for 70 %, đồng for money."),
        Key("from", Holds.FIGURE, "Lower bound of between.", "low"),
        Key("to", Holds.FIGURE, "Upper bound of between.", "high"),
        Key("scope", TargetScope, "What one value speaks of; the indicator's own unless given."),
        Key("counts_from", CountsFrom, "What is counted; the indicator's own unless given."),
        Key("numerator", Holds.INDICATOR, "Indicator counted above the line, if named."),
        Key("denominator", Holds.INDICATOR, "Indicator counted below the line, if named."),
        Key("area", AreaType, "Kind of area that the figure holds for; all unless given."),
        Key(
            "share_of",
            Holds.TEXT,
            "key or id of the target that it is a part of.",
            "parent_share_key",
        ),
        Key("wording", Holds.PROSE, "The plan's words."),
        Key("source", Holds.TEXT, "Where it stands in the plan: I.2.", "source_ref"),
    ),
    model.TargetLine,
    name="target",
)

SECTION = KeyForm(
    (
        _line_key("section-1"),
        Key("title", Holds.TEXT, "Heading with its numeral: I. Mục tiêu.", required=True),
        Key("text", Holds.PROSE, "Its text.", "body"),
    ),
    model.SectionText,
)

INHERITS = KeyForm(
    (
        Key("issuer", Holds.TEXT, "Who issued the plan above.", "parent_issuer"),
        Key("paper", Holds.TEXT, "Its number and day.", "parent_paper"),
        Key("targets", TARGET, "Its targets, which this plan has to keep to.", "floors", many=True),
    )
)

EXPECTED = KeyForm(
    (
        Key("stage", Stage, "Stage of the checks; issue unless given."),
        Key("findings", Holds.FINDINGS, "Codes of the checks that fire, no others."),
    )
)

# --- Lines --------------------------------------------------------------------------------

_HOLDS = {
    Typed.LONG: Holds.PROSE,
    Typed.LIST: Holds.NAMES,
    Typed.MONEY: Holds.WHOLE,
    Typed.NUMBER: Holds.WHOLE,
}
_AROUND = {"budget": "Kinh phí."}
"""The mappings that several of what is declared stand in."""


@cache
def line_form(of: LineType) -> KeyForm:
    """Return the form of a line type's lines."""
    keys = (_line_key(f"{of.part}-1"), *map(_key_of, of.fields))
    return KeyForm(keys, of.build, of.short, name=str(of.part) if of.short else "")


def _key_of(one: Field) -> Key:
    name = one.file.rpartition(".")[2]
    holds = one.words if one.labels else _HOLDS.get(one.typed) or Holds(one.typed.value)
    return Key(name, holds, one.about, one.name, required=one.required)


def _declared() -> list[Key]:
    """List the keys of what is declared: of a single line its fields, of others the lines."""
    found: dict[str, Key] = {}
    for of in LINE_TYPES.values():
        if of.single:
            for field in filter(lambda one: one.file, of.fields):
                _put(found, field.file, _key_of(field))
        else:
            name = of.file.rpartition(".")[2]
            lines = Key(name, line_form(of), of.about, of.attribute, many=True, part=True)
            _put(found, of.file, lines)
    return list(found.values())


def _put(found: dict[str, Key], path: str, key: Key) -> None:
    """Add a key, or the mapping around it, which stands where the last key within it would."""
    around = path.rpartition(".")[0]
    if around:
        there = found.pop(around).holds.keys if around in found else ()
        key = Key(around, KeyForm((*there, key)), _AROUND[around], part=True)
    found[key.name] = key


def plan() -> KeyForm:
    """Return the form of a whole plan, with the line types that are declared by now."""
    declared = _declared()
    money = [key.name for key in declared].index("budget")
    return KeyForm((*_FIRST, *declared[:money], _TARGETS, *declared[money:], *_LAST))


_FIRST = (
    Key("format", Holds.FORMAT, "Version of this form: 1.", required=True),
    Key("programme", Holds.PROGRAMME, "Programme version: 1533, 1336, 1648.", required=True),
    Key("unit", UNIT, "Whose plan it is.", "place", required=True),
    Key("period", PERIOD, "Years of the plan, both in it.", required=True),
    Key("phases", PHASE, "Its phases; one, the whole period, unless given.", many=True),
    Key("made_on", Holds.DAY, "Day by whose rules it is judged; the newest paper's, or today."),
    Key("final", Holds.FLAG, "false for a draft whose number and day come with issuing."),
)
_TARGETS = Key("targets", TARGET, "Chỉ tiêu.", many=True, part=True)
_LAST = (
    Key("sections", SECTION, "Narrative parts, in order.", many=True, part=True),
    Key("inherits", INHERITS, "What the level above asks for."),
    Key("unreadable", Holds.PARTS, "Parts that the source has lost."),
    Key("expected", EXPECTED, "What the checks are expected to find in this file."),
)
PLAN = plan()


def parts() -> tuple[str, ...]:
    """List what `unreadable` may name: the keys of a plan that are a part of the paper."""
    return tuple(key.name for key in PLAN if key.part)
