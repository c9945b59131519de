"""V19: names that do not fit the plan's own level, place or day, wherever they stand."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from lth.checks.agencies import is_committee, other_places
from lth.checks.prose import as_written, composed, lowered
from lth.checks.registry import Fault, check, filled
from lth.checks.tiers import (
    MERGED_OFFICES,
    TWO_TIERS,
    has_two_tiers,
    is_of_ended_tier,
    merged_province,
)
from lth.checks.wording import day, quoted
from lth.content.model import Content
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage
from lth.models.parts import PaperRole
from lth.models.unit import Level


@dataclass(frozen=True, slots=True)
class Ended:
    """Names of which nothing is left from a day on; `names` as patterns over lowered text, `words`
    those of which a text has one if it has any of the names. `later` is what stands instead from
    `TWO_TIERS` on, where that is another; `in_wards` what it is called in a phường.
    """

    names: tuple[str, ...]
    since: date
    instead: str
    words: tuple[str, ...] = ("sở",)
    later: str = ""
    in_wards: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(self.names)})\b")

    def instead_on(self, content: Content) -> str:
        """Return what there is instead on the plan's day and in its unit."""
        if not has_two_tiers(content):
            return self.instead
        in_ward = content.place.name.lower().startswith("phường ")
        return (self.in_wards if in_ward else "") or self.later or self.instead


_LABOUR = (
    r"(?:(?:lao động|lđ) ?[-,]? ?(?:thương binh|tb) ?(?:và|&|-)? ?(?:xã hội|xh)"
    r"|lđ-?tb&?xh|lđ-tbxh|lao động-? ?tbxh)"
)
_OF_DISTRICT = (
    r"(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd|hội người cao tuổi|hội nct|mttq"
    r"|mặt trận tổ quốc|cấp)"
)
_CULTURE = N_("Phòng Văn hóa - Xã hội")

ENDED = (
    Ended((rf"bộ {_LABOUR}",), MERGED_OFFICES, N_("Bộ Y tế hoặc Bộ Nội vụ"), ("lao động", "lđ")),
    Ended(
        (rf"sở {_LABOUR}", r"sở lđtbxh", r"slđtbxh"),
        MERGED_OFFICES,
        N_("Sở Y tế hoặc Sở Nội vụ"),
        ("lao động", "lđ"),
    ),
    Ended(
        (rf"phòng {_LABOUR}", r"phòng lđtbxh", r"plđtbxh"),
        MERGED_OFFICES,
        N_("Phòng Y tế hoặc Phòng Nội vụ"),
        ("lao động", "lđ"),
        later=_CULTURE,
    ),
    Ended(
        (r"sở kế hoạch và đầu tư", r"sở kh ?& ?đt"),
        MERGED_OFFICES,
        N_("Sở Tài chính"),
    ),
    Ended(
        (r"sở thông tin và truyền thông", r"sở tt ?& ?tt"),
        MERGED_OFFICES,
        N_("Sở Khoa học và Công nghệ; báo chí, xuất bản: Sở Văn hóa, Thể thao và Du lịch"),
    ),
    Ended(
        (
            r"sở nông nghiệp và phát triển nông thôn",
            r"sở nn ?& ?ptnt",
            r"sở tài nguyên và môi trường",
        ),
        MERGED_OFFICES,
        N_("Sở Nông nghiệp và Môi trường"),
    ),
    Ended((r"sở giao thông vận tải",), MERGED_OFFICES, N_("Sở Xây dựng")),
    Ended(
        (
            r"phòng tài chính ?(?:-|và) ?kế hoạch",
            r"phòng nông nghiệp và phát triển nông thôn",
        ),
        TWO_TIERS,
        N_("Phòng Kinh tế"),
        ("phòng",),
        in_wards=N_("Phòng Kinh tế, Hạ tầng và Đô thị"),
    ),
    Ended(
        (
            r"phòng văn hóa ?(?:-|và) ?thông tin",
            r"phòng giáo dục và đào tạo",
            r"phòng y tế",
        ),
        TWO_TIERS,
        _CULTURE,
        ("phòng",),
    ),
    Ended(
        (
            r"huyện ủy",
            rf"{_OF_DISTRICT} (?:các )?(?:huyện|quận|thị xã)",
            r"(?:các|toàn|địa bàn|ban đại diện hội người cao tuổi) (?:huyện|quận|thị xã)",
            r"(?:các )?huyện,? (?:quận|thị xã|thành phố)",
        ),
        TWO_TIERS,
        N_("xã, phường, đặc khu hoặc tỉnh"),
        ("huyện", "quận", "thị xã"),
    ),
    Ended((r"thị trấn",), TWO_TIERS, N_("xã, phường, đặc khu"), ("thị trấn",)),
)
"""Names by the day of their end; what a plan made before that day says of them is right. Offices
by Nghị định 45/2025/NĐ-CP until districts end, from then on by 150/2025/NĐ-CP."""

_PATTERNS = tuple((one, one.pattern) for one in ENDED)

_OLD = re.compile(r"\b(?:cũ|trước đây|trước khi|trước ngày|nguyên là|sáp nhập|sắp xếp)\b")
_NEAR = 40
"""How far around a name a word like "cũ" says that the past is meant."""

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
    above = [word for word in _ABOVE[content.place.level] if word != kind]
    names = tuple(_names(content))
    for place, text in (*_texts(content), *names, *_receiving(content)):
        low = lowered(text)
        if found := _gone(content, text, low):
            yield Slip(*found, place)
        if "các cấp" in low and (tiers := _ONE_TIER.search(low)):
            yield Slip(_one_tier, as_written(text, tiers[0]), place)
    for place, text in _texts(content):
        yield from _areas(content, above, place, text)
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


# --- What is no more ----------------------------------------------------------------------

_MONEY = "ngân sách "
"""Of a budget of a tier that is no more V45 speaks."""


def _gone(
    content: Content, text: str, low: str
) -> tuple[Callable[[Content, str, str, int], Fault], str] | None:
    """Find a name that has ended by the plan's day and is not spoken of as past."""
    if content.made_on is None or is_of_ended_tier(content):
        return None
    if found := _alive(content.made_on, low):
        ended, name = found
        return _FAULT_OF[ended.names], as_written(text, name)
    if (merged := merged_province(text, content.made_on)) and not _OLD.search(low):
        return _merged, merged.name
    return None


@lru_cache(maxsize=1024)
def _alive(made_on: date, text: str) -> tuple[Ended, str] | None:
    for ended, pattern in _PATTERNS:
        if ended.since > made_on or not any(word in text for word in ended.words):
            continue
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if not _OLD.search(around) and not text[: match.start()].endswith(_MONEY):
                return ended, match[0]
    return None


def _fault_of(ended: Ended) -> Callable[[Content, str, str, int], Fault]:
    def fault(content: Content, place: str, name: str, count: int) -> Fault:
        text = (
            N_("%(name)s không còn từ ngày %(since)s, kế hoạch làm ngày %(made_on)s.")
            if count == 1
            else N_(
                "%(name)s không còn từ ngày %(since)s, kế hoạch làm ngày %(made_on)s ghi ở"
                " %(count)s chỗ."
            )
        )
        return Fault.of(
            text,
            N_("Thay bằng %(instead)s; nếu nói chuyện cũ thì ghi “(cũ)”."),
            place,
            name=quoted(name),
            since=day(ended.since),
            made_on=day(content.made_on or ended.since),
            instead=filled(ended.instead_on(content)),
            count=str(count),
        )

    return fault


_FAULT_OF = {ended.names: _fault_of(ended) for ended in ENDED}


def _merged(content: Content, place: str, name: str, _count: int) -> Fault:
    merged = merged_province(name, content.made_on)
    return Fault.of(
        N_("%(name)s không còn từ ngày %(since)s, kế hoạch làm ngày %(made_on)s."),
        N_("Thay bằng %(instead)s; nếu nói chuyện cũ thì ghi “(cũ)”."),
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


_LEARNING = re.compile(
    r"\b(?:học tập|học hỏi|tham quan|khảo sát|kinh nghiệm|trao đổi|giao lưu|kết nghĩa|kết nối"
    r"|như ở|như tại|so với|điển hình)\b[^.;\v]*$"
)
"""Why a plan may name a place that is not its own, before that in one sentence."""

_AREA = re.compile(r"\b(?:địa bàn|toàn) $")
_AGENCY = re.compile(
    r"\b(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd|đảng ủy|hội người cao tuổi|hội nct|mttq"
    r"|mặt trận tổ quốc(?: việt nam)?|trạm y tế|ngân sách|đoàn thanh niên|sở y tế) $"
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
        if _LEARNING.search(before) or _OLD.search(low[: len(before) + len(name) + _NEAR]):
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
