"""V19: names that do not fit the plan's own level, place or day, wherever they stand."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from lth.checks.agencies import agency, is_committee, is_national, names_in, other_places
from lth.checks.offices import NEAR, OF_BEFORE, OFFICES, DatedName, out_of_time
from lth.checks.prose import as_written, composed, lowered, sentences
from lth.checks.registry import Fault, check, filled
from lth.checks.tiers import (
    ENDED_TYPES,
    TWO_TIERS,
    has_two_tiers,
    is_above,
    is_of_ended_tier,
    merged_province,
)
from lth.checks.wording import day, quoted
from lth.content.model import Content
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage
from lth.models.parts import PaperRole
from lth.models.unit import Level

_ONE_TIER = re.compile(
    r"\bban đại diện (?:hội )?(?:người cao tuổi|nct)(?! (?:tỉnh|thành phố|huyện|quận|thị xã))"
    r"[^.;:\v]{0,40}? các cấp\b"
    r"|\btrạm y tế(?:,? (?:các|xã|phường|thị trấn|và))*? các cấp\b"
)
"""Bodies that one tier has, spoken of as if each had them."""

_ABOVE = {
    Level.COMMUNE: ("tỉnh", "huyện", "quận", "thị xã"),
    Level.DISTRICT: ("tỉnh",),
    Level.PROVINCE: (),
}
_BELOW = {Level.PROVINCE: ("huyện",)}
"""The word for a part of the area that a plan does not mean where it speaks of all of one: what is
written for one district stays in the text of the province that took it over."""

_TYPES = "đặc khu|thị trấn|thị xã|thành phố|tỉnh|huyện|quận|phường|xã"
_TYPE = re.compile(rf"^(?:{_TYPES})\b")


class Slip(NamedTuple):
    """Something that does not fit, in the words that make it the same wherever it stands again."""

    fault: Callable[[Content, str, str, int], Fault]
    words: str
    place: str


@check(
    "V19",
    "LEVEL_TEXT",
    N_("Lời văn đúng cấp, đúng nơi, đúng thời điểm"),
    Severity.WARNING,
    Stage.DRAFT,
)
def level_text(content: Content) -> Iterator[Fault]:
    """Find what does not fit, in text, target wordings, title, issuers and names of agencies:
    text taken over from the level above still speaks of its area, text from a neighbour of the
    neighbour; a body that one tier has is not of all tiers; and nobody is given work who is no
    more. A name that is said to be of the past may stand, and so may a place that people go to
    learn from. What stands in several places is found once; of a plan of a tier that is no more
    V43 speaks, and of recipients of another place V26.
    """
    places: dict[tuple[object, str], list[Slip]] = {}
    for slip in _slips(content):
        found = places.setdefault((slip.fault, lowered(slip.words)), [])
        if slip.place not in {one.place for one in found}:
            found.append(slip)
    for slips in places.values():
        first = slips[0]
        yield first.fault(content, first.place, first.words, len(slips))


def _slips(content: Content) -> Iterator[Slip]:
    kind = _type_of(content.place.name)
    gone = ENDED_TYPES if has_two_tiers(content) else ()  # found as what is no more
    above = [word for word in _ABOVE[content.place.level] if word != kind and word not in gone]
    if content.place.level is Level.PROVINCE and kind == "thành phố":
        above.append("tỉnh")  # what is copied from a province's plan
    names = tuple(_names(content))
    for place, text in (*_texts(content), *names, *_receiving(content)):
        low = lowered(text)
        if found := _gone(content, text, low):
            yield Slip(*found, place)
        if "các cấp" in low and (tiers := _ONE_TIER.search(low)):
            yield Slip(_one_tier, as_written(text, tiers[0]), place)
    for place, text in _texts(content):
        yield from _areas(content, above, place, text)
    yield from _led_from_above(content)
    wordings = {target.key for target in content.targets}
    for place, text in (*content.worded(), *names):
        anywhere = place in wordings or (place, text) in names
        if name := _elsewhere(content, text, anywhere=anywhere):
            yield Slip(_other_place, name, place)


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    yield content.header.key, f"{content.header.title}\n{content.header.decided_title}"
    yield from content.worded()


def _areas(content: Content, above: Sequence[str], place: str, text: str) -> Iterator[Slip]:
    low = lowered(text)
    if "địa bàn" not in low and "toàn" not in low:
        return
    for word in above:
        if scope := _speaks_of(text, low, word):
            yield Slip(_other_area, scope, place)
    for word in _BELOW.get(content.place.level, ()):
        if scope := _left_from_below(low, word):
            yield Slip(_other_area, scope, place)


def _names(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the agencies that a plan gives work."""
    for task in content.tasks:
        yield from ((task.key, name) for name in (*task.leads, *task.coordinating))
    for duty in content.duties:
        yield duty.key, duty.agency
    for report in content.reporting:
        for name in (report.reporter, *report.addressees, report.through):
            yield report.key, name


def _receiving(content: Content) -> Iterator[tuple[str, str]]:
    """Yield to whom it is sent, and the offices that issue papers of it; of committees V43
    speaks.
    """
    for recipient in content.recipients:
        yield recipient.key, recipient.name
    for paper in content.papers:
        if paper.role is not PaperRole.CITED and not is_committee(paper.issuer):
            yield paper.key, paper.issuer


# --- What is no more, or not yet ----------------------------------------------------------


def _gone(
    content: Content, text: str, low: str
) -> tuple[Callable[[Content, str, str, int], Fault], str] | None:
    """Find a name of what there is none of on the plan's day, not spoken of as of another."""
    if content.made_on is None or is_of_ended_tier(content):
        return None
    if found := out_of_time(content.made_on, low):
        office, name = found
        return _FAULT_OF[office.names], as_written(text, name)
    if (merged := merged_province(text, content.made_on)) and not OF_BEFORE.search(low):
        return _merged, merged.name
    return None


_ONCE = {
    True: N_("%(name)s không còn từ ngày %(since)s, kế hoạch làm ngày %(made_on)s."),
    False: N_("%(name)s từ ngày %(since)s mới có, kế hoạch làm ngày %(made_on)s."),
}
_OFTEN = {
    True: N_(
        "%(name)s không còn từ ngày %(since)s, kế hoạch làm ngày %(made_on)s ghi ở %(count)s chỗ."
    ),
    False: N_(
        "%(name)s từ ngày %(since)s mới có, kế hoạch làm ngày %(made_on)s ghi ở %(count)s chỗ."
    ),
}
_REMEDY = {
    True: N_("Thay bằng %(instead)s; nếu nói chuyện cũ thì ghi “(cũ)”."),
    False: N_("Thay bằng %(instead)s; nếu nói việc về sau thì ghi “từ ngày …”."),
}
"""Of what is no more, and of what is not yet."""


def _fault_of(office: DatedName) -> Callable[[Content, str, str, int], Fault]:
    def fault(content: Content, place: str, name: str, count: int) -> Fault:
        since = office.ended or office.begun
        return Fault.of(
            (_ONCE if count == 1 else _OFTEN)[office.ended is not None],
            _REMEDY[office.ended is not None],
            place,
            name=quoted(name),
            since=day(since) if since else "",
            made_on=day(content.made_on) if content.made_on else "",
            instead=filled(office.instead_on(content)),
            count=str(count),
        )

    return fault


_FAULT_OF = {office.names: _fault_of(office) for office in OFFICES}


def _merged(content: Content, place: str, name: str, _count: int) -> Fault:
    merged = merged_province(name, content.made_on)
    return Fault.of(
        _ONCE[True],
        _REMEDY[True],
        place,
        name=quoted(name),
        since=day(TWO_TIERS),
        made_on=day(content.made_on or TWO_TIERS),
        instead=merged.now if merged else "",
    )


def is_gone(content: Content, name: str) -> bool:
    """Tell whether a name is said to be of nobody any more, which needs no other finding."""
    return _gone(content, name, lowered(name)) is not None


# --- Another level, another place ---------------------------------------------------------


def _type_of(name: str) -> str:
    match = _TYPE.match(lowered(name))
    return match[0] if match else ""


_TOGETHER = ("cùng ", "của ", "so với ")
"""What makes a whole area the background of a sentence: "góp phần cùng toàn tỉnh"."""


def _speaks_of(text: str, low: str, word: str) -> str:
    """Return the words by which a text speaks of all of another area. In the title of a plan
    above it goes on with a name, "trên địa bàn tỉnh Bắc Ninh", which is right.
    """
    for scope in (f"địa bàn {word}", f"toàn {word}"):
        at = low.find(scope)
        if at >= 0 and not low[:at].endswith(_TOGETHER) and not _named_after(text, scope):
            return scope
    return ""


def _left_from_below(low: str, word: str) -> str:
    """Return the words by which a sentence speaks of all of one part, with no other word of parts
    in it: "UBND huyện chỉ đạo trên địa bàn huyện" is right.
    """
    for sentence in sentences(low):
        for scope in (f"địa bàn {word}", f"toàn {word}"):
            at = sentence.find(scope)
            if at >= 0 and sentence.count(word) == 1 and not sentence[at:].startswith(f"{scope},"):
                return scope
    return ""


def _named_after(text: str, scope: str) -> bool:
    last = scope.replace(" ", r"\s+")
    found = re.findall(rf"{last}(?!\w)(?:\s+(\S))?", composed(text), re.IGNORECASE)
    return all(letter.isupper() for letter in found)


def _other_area(content: Content, place: str, scope: str, count: int) -> Fault:
    text = (
        N_("Đoạn này nói %(scope)s trong kế hoạch của %(place)s.")
        if count == 1
        else N_("Kế hoạch của %(place)s nói %(scope)s ở %(count)s đoạn.")
    )
    return Fault.of(
        text,
        N_("Sửa lại cho đúng địa bàn; có thể câu này chép từ kế hoạch cấp trên."),
        place,
        scope=quoted(scope),
        place=content.place.name,
        count=str(count),
    )


def _one_tier(_content: Content, place: str, phrase: str, _count: int) -> Fault:
    return Fault.of(
        N_("%(phrase)s: cơ quan này chỉ có ở một cấp, không có ở “các cấp”."),
        N_("Ghi rõ cơ quan của cấp nào, ví dụ “Hội Người cao tuổi các xã”."),
        place,
        phrase=quoted(phrase),
    )


def _led_from_above(content: Content) -> Iterator[Slip]:
    """Find whom a plan has lead its work although they are of a tier above."""
    leads = [(task.key, name) for task in content.tasks for name in task.leads]
    leads += [(one.key, one.agency) for one in content.duties if "chủ trì" in lowered(one.text)]
    for place, name in leads:
        if _is_above(content, name) and not _gone(content, name, lowered(name)):
            yield Slip(_not_theirs_to_order, name, place)


def _is_above(content: Content, name: str) -> bool:
    if is_national(name):
        return content.place.level is not Level.PROVINCE
    level = agency(name, names_in(content)).level
    if level is None and lowered(name).startswith("phòng ") and not has_two_tiers(content):
        level = Level.DISTRICT  # communes have had none of their own until then
    return level is not None and is_above(level, content.place.level)


def _not_theirs_to_order(content: Content, place: str, name: str, _count: int) -> Fault:
    return Fault.of(
        N_("%(name)s là cơ quan cấp trên, kế hoạch của %(place)s không giao chủ trì được."),
        N_("Giao cho cơ quan của mình; với cấp trên thì ghi “đề nghị …” và để phối hợp."),
        place,
        name=name,
        place=content.place.name,
    )


_LEARNING = re.compile(
    r"\b(?:học tập|học hỏi|tham quan|khảo sát|kinh nghiệm|trao đổi|giao lưu|kết nghĩa|kết nối"
    r"|như ở|như tại|so với|điển hình)\b[^.;\v]*$"
)
"""Why a plan may name a place that is not its own, before that in one sentence."""

_AREA = re.compile(r"\b(?:địa bàn|toàn) $")
_AGENCY = re.compile(
    r"\b(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd|đảng ủy|hội người cao tuổi|hội nct|mttq"
    r"|mặt trận tổ quốc(?: việt nam)?|trạm y tế|ngân sách|đoàn thanh niên|sở y tế"
    r"|nhân dân|người dân|hội viên|người cao tuổi|clb(?: liên thế hệ tự giúp nhau)?) $"
)


def _elsewhere(content: Content, text: str, *, anywhere: bool) -> str:
    """Return another place of the plan's own tier or of that above whose area or agency a text
    speaks of; `anywhere` whatever it says of it.
    """
    low = lowered(text)
    for other in other_places(text, content):
        name = lowered(str(other))
        before = low[: low.find(name)] if name in low else ""
        if merged_province(str(other), content.made_on):
            continue  # found already as one that is no more
        if _LEARNING.search(before) or OF_BEFORE.search(low[: len(before) + len(name) + NEAR]):
            continue
        if anywhere or _AREA.search(before) or _AGENCY.search(before):
            return str(other)
    return ""


def _other_place(content: Content, place: str, name: str, count: int) -> Fault:
    text = (
        N_("Đoạn này nói %(name)s, nhưng kế hoạch là của %(place)s.")
        if count == 1
        else N_("Kế hoạch của %(place)s nói %(name)s ở %(count)s chỗ.")
    )
    return Fault.of(
        text,
        N_("Sửa lại tên địa phương; có thể câu này chép từ kế hoạch nơi khác."),
        place,
        name=name,
        place=_own_place(content),
        count=str(count),
    )


def _own_place(content: Content) -> str:
    unit = content.place
    return f"{unit.name}, {unit.parent_name}" if unit.parent_name else unit.name
