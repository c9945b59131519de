"""Make a plan's content of what was read: of all items, or of those that a person has ticked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lth.content import targets as target_values
from lth.content.model import Content, PhaseSpan, SectionText, Span, TargetLine, of_parts
from lth.content.schema import LINE_TYPES, ContentLine
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.plan_file.reader import indicators, newest, phase_key
from lth.exchange.plan_file.writer import write
from lth.exchange.plan_reading.found import FoundItem, Reading
from lth.exchange.plan_reading.periods import key_of
from lth.exchange.plan_reading.targets import TARGET
from lth.models.content import Comparator
from lth.models.parts import Part

NOT_ENOUGH = N_(
    "Chưa thể lập bản thảo: chưa đọc được %(what)s. Hãy mở văn bản và nhập tay phần này."
)
_UNIT, _PERIOD = N_("tên đơn vị"), N_("những năm của kế hoạch")


def content_of(reading: Reading, items: Iterable[FoundItem] | None = None) -> Content:
    """Return a plan with the items given, or all. Raises BlockedError where it is not known whose
    plan it is, or of which years.
    """
    chosen = list(reading.items if items is None else items)
    if reading.unit is None or reading.period is None:
        what = Message(_UNIT if reading.unit is None else _PERIOD)
        raise BlockedError(Message(NOT_ENOUGH, {"what": what}))
    known = indicators(reading.programme)
    phases = _phases(reading, chosen)
    keys = {key_of(phase.span): phase.key for phase in phases}
    keys[""] = keys.get(key_of(reading.period), phases[0].key)
    made = Content(
        programme=reading.programme,
        place=reading.unit,
        period=reading.period,
        phases=tuple(phases),
        indicators=known,
        targets=targets_of(chosen, keys),
        sections=tuple(_keyed("section", reading.sections)),
        **of_parts(_parts(reading, chosen)),
    )
    return replace(made, made_on=newest(made))


def plan_file(reading: Reading, items: Iterable[FoundItem] | None = None) -> str:
    """Return the text of a plan file of what was read. Raises what `content_of` raises."""
    return write(content_of(reading, items))


def _phases(reading: Reading, chosen: list[FoundItem]) -> list[PhaseSpan]:
    """List the whole period, where a target is for it or nothing else is there, and the phases."""
    used = {item.line.phase for item in chosen if isinstance(item.line, TargetLine)}
    spans: list[Span] = [one for one in reading.phases if key_of(one) in used or one.start]
    if reading.period is not None and ("" in used or not spans):
        spans.insert(0, reading.period)
    found: dict[str, PhaseSpan] = {}
    for span in spans:
        found.setdefault(phase_key(span), PhaseSpan(phase_key(span), span))
    return list(found.values())


def targets_of(chosen: Iterable[FoundItem], keys: Mapping[str, str]) -> tuple[TargetLine, ...]:
    """Return the targets with keys; the floor of a fund is a share of the clubs that have one
    where one sentence says both.
    """
    found: list[TargetLine] = []
    lines: list[int] = []
    for item in chosen:
        if item.part != TARGET or not isinstance(item.line, TargetLine):
            continue
        phase = keys.get(item.line.phase, keys[""])
        taken = [one.key for one in found]
        key = target_values.next_key(taken, item.line.indicator, phase)
        line = replace(item.line, key=key, phase=phase)
        before = found[-1] if found and lines[-1] == item.quote.line else None
        whole = before is not None and before.indicator == "clubs_income_fund_pct"
        if before and whole and line.indicator == "income_fund_min" and before.phase == phase:
            line = replace(line, parent_share_key=before.key)
        if line.comparator is Comparator.QUALITATIVE:
            line = replace(line, low=None, high=None)
        found.append(line)
        lines.append(item.quote.line)
    return tuple(found)


def _parts(reading: Reading, chosen: list[FoundItem]) -> dict[str, Any]:
    parts: dict[str, Any] = {Part.HEADER: [reading.header]}
    for of in LINE_TYPES.values():
        if not of.single:
            lines = [item.line for item in chosen if item.part == of.part]
            parts[of.part] = _keyed(of.part, lines)
    return parts


def _keyed(part: str, lines: Iterable[Any]) -> list[Any]:
    """Return lines with the keys that a plan file's reader would give them."""
    made: list[ContentLine | SectionText] = []
    for number, line in enumerate(lines, 1):
        made.append(replace(line, key=f"{part}-{number}"))
    return made
