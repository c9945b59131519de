"""Say what a finding is about: a target, a section, a line of a part, or the whole plan."""

from dataclasses import dataclass

from lth.content import model as whole
from lth.content import targets
from lth.content.model import Content
from lth.content.schema import LINE_TYPES, ContentLine, LineType, at_place
from lth.core.i18n import N_, Bilingual, Message

LONGEST = 60
"""How much of a line's own words names it."""

ELSEWHERE = {
    whole.WHOLE: N_("Toàn bộ kế hoạch"),
    whole.PHASES: N_("Các giai đoạn"),
    whole.TARGETS: N_("Các chỉ tiêu"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A place in words; `part` where it is in one of the parts beside targets and sections."""

    name: Message | Bilingual
    part: LineType | None = None


def name_of(content: Content, place: str) -> Named:
    """Return where a finding points, for people; a line that is gone is the whole plan."""
    if place in ELSEWHERE:
        return Named(Message(ELSEWHERE[place]))
    part = at_place(place)
    if part is not None:
        return Named(Message(part.label), part)
    if "@" in place:
        return _target(content, place)
    for section in content.sections:
        if section.key == place:
            return Named(Bilingual(section.title, section.title))
    line = next((one for one in lines(content) if one.key == place), None)
    return Named(Message(ELSEWHERE[whole.WHOLE])) if line is None else _line(line)


def _target(content: Content, place: str) -> Named:
    """Return a target by its key: it may be one that the plan lacks."""
    code, _, rest = place.partition("@")
    phase = rest.partition("#")[0]
    indicator = content.indicators.get(code)
    name = targets.label(indicator) if indicator else Bilingual(code, code)
    if len(content.phases) < 2:
        return Named(name)
    return Named(
        Message("%(indicator)s (%(phase)s)", {"indicator": name, "phase": phase.replace("-", "–")})
    )


def _line(line: ContentLine) -> Named:
    part = line.line_type
    words = next((text for name in part.told_by if (text := getattr(line, name))), "")
    if not words:
        return Named(Message(part.label), part)
    short = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    filling = {"part": Message(part.label), "line": short}
    return Named(Message("%(part)s: %(line)s", filling), part)


def lines(content: Content) -> list[ContentLine]:
    """List the lines of every part."""
    return [line for part in LINE_TYPES for line in content.lines(part)]


def is_target(place: str) -> bool:
    """Tell whether a place is a target's key."""
    try:
        targets.read_key(place)
    except ValueError:
        return False
    return True
