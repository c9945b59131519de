"""What a finding is about, in words: a target, a section, a line of a part, or the whole plan."""

from dataclasses import dataclass

from lth.content import model as whole
from lth.content import targets
from lth.content.model import LINE_OF, Content, Line
from lth.content.part_fields import PART_LABEL
from lth.core.i18n import N_, Bilingual, Message
from lth.models import Indicator
from lth.models.parts import Part

LONGEST = 60
"""How much of a line's own words names it."""

PART_OF = {
    whole.HEADER: Part.HEADER,
    whole.BUDGET: Part.BUDGET,
    whole.RECIPIENTS: Part.RECIPIENT,
    whole.REPORTING: Part.REPORTING,
    whole.TASKS: Part.TASK,
    whole.BASES: Part.BASIS,
    whole.BASELINE: Part.BASELINE,
    whole.DEFINITIONS: Part.DEFINITION,
}
"""The part that a place stands for when it is about none of its lines."""

ELSEWHERE = {
    whole.WHOLE: N_("Toàn bộ kế hoạch"),
    whole.PHASES: N_("Các giai đoạn"),
    whole.TARGETS: N_("Các chỉ tiêu"),
}

_WORDS = ("activity", "title", "agency", "reporter", "name", "text", "number", "type")
"""The fields that name a line, the first that says something."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place in words; `part` where it is in one of the parts beside targets and sections."""

    name: Message | Bilingual
    part: Part | None = None


def name_of(content: Content, place: str) -> Named:
    """Where a finding points, for people; a line that is gone is the whole plan."""
    if place in ELSEWHERE:
        return Named(Message(ELSEWHERE[place]))
    if place in PART_OF:
        return Named(Message(PART_LABEL[PART_OF[place]]), PART_OF[place])
    if "@" in place:
        return _target(content, place)
    for section in content.sections:
        if section.key == place:
            return Named(Bilingual(section.title, section.title))
    line = next((one for one in lines(content) if one.key == place), None)
    return Named(Message(ELSEWHERE[whole.WHOLE])) if line is None else _line(line)


def _target(content: Content, place: str) -> Named:
    """A target by its key: it may be one that the plan lacks."""
    code, _, rest = place.partition("@")
    phase = rest.partition("#")[0]
    indicator = content.indicators.get(code)
    name = label(indicator) if indicator else Bilingual(code, code)
    if len(content.phases) < 2:
        return Named(name)
    return Named(
        Message("%(indicator)s (%(phase)s)", {"indicator": name, "phase": phase.replace("-", "–")})
    )


def label(indicator: Indicator) -> Bilingual:
    """An indicator's name in both languages."""
    return Bilingual(indicator.label_vi, indicator.label_en)


def _line(line: Line) -> Named:
    part = next(part for part, kind in LINE_OF.items() if kind is type(line))
    words = next((text for name in _WORDS if (text := getattr(line, name, ""))), "")
    if not words:
        return Named(Message(PART_LABEL[part]), part)
    short = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    filling = {"part": Message(PART_LABEL[part]), "line": short}
    return Named(Message("%(part)s: %(line)s", filling), part)


def lines(content: Content) -> list[Line]:
    """The lines of every part."""
    return [
        content.header,
        *content.papers,
        *content.bases,
        *content.recipients,
        *content.definitions,
        *content.baselines,
        *content.budget,
        *content.tasks,
        *content.duties,
        *content.reporting,
    ]


def is_target(place: str) -> bool:
    """Whether a place is a target's key."""
    try:
        targets.read_key(place)
    except ValueError:
        return False
    return True
