"""What a document still lacks, judged from its content."""

from dataclasses import dataclass

from lth.content import targets
from lth.content.model import Content
from lth.core.i18n import N_, Bilingual, Message
from lth.models import Indicator
from lth.models.content import Comparator
from lth.models.kind import Kind, StandardSection
from lth.models.parts import Part


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is still missing, by the key of the line or section it belongs to."""

    key: str
    message: Message


def missing(content: Content, kind: Kind) -> list[Gap]:
    """List what must still be written before a document of a kind may be sent, in page order.

    A plan needs a figure for every required indicator; a synthesis gets its own by taking over, and
    a directive has none.
    """
    figures = _missing_figures(content) if kind.figures_required else []
    titles = {section.key: section.title for section in content.sections}
    written = {section.key for section in content.sections if section.body.strip()}
    sections = [
        Gap(
            section.key,
            Message(
                N_("Phần “%(title)s” chưa có nội dung."),
                {"title": titles.get(section.key, section.title)},
            ),
        )
        for section in required_sections(content, kind)
        if section.key not in written
    ]
    return figures + sections


def _missing_figures(content: Content) -> list[Gap]:
    if content.is_directive:
        return []
    keys: dict[tuple[str, str], str] = {}
    filled = set()
    for target in content.targets:
        place = (target.indicator, target.phase)
        keys.setdefault(place, target.key)
        if target.comparator is not Comparator.QUALITATIVE:
            filled.add(place)
    phased = len(content.phases) > 1
    return [
        Gap(
            keys.get((code, phase.key)) or targets.line_key(code, phase.key),
            _no_figure(indicator, phase.key, phased),
        )
        for code, indicator in content.indicators.items()
        if indicator.required
        for phase in content.phases
        if (code, phase.key) not in filled and not (phased and phase.span == content.period)
    ]


def _no_figure(indicator: Indicator, phase: str, phased: bool) -> Message:
    label = Bilingual(indicator.label_vi, indicator.label_en)
    if not phased:
        return Message(N_("Chưa nhập “%(indicator)s”."), {"indicator": label})
    return Message(
        N_("Chưa nhập “%(indicator)s” giai đoạn %(phase)s."),
        {"indicator": label, "phase": phase.replace("-", "–")},
    )


_IN_LINES = {"s.tasks": (Part.TASK,), "s.organisation": (Part.DUTY,)}
"""Sections that need no text where the lines of a part say what belongs into them."""


def required_sections(content: Content, kind: Kind) -> list[StandardSection]:
    """List the sections that must not stay empty: of a directive its tasks alone."""
    return [
        section
        for section in content.standard or kind.sections
        if section.required
        and (section.key == "s.tasks" or not content.is_directive)
        and not any(content.lines(part) for part in _IN_LINES.get(section.key, ()))
    ]
