"""V19: names that do not fit the plan's own level, place or day."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lth.checks.prose import as_written, lowered
from lth.checks.registry import Fault, check, filled
from lth.checks.wording import day, quoted
from lth.content.model import Content
from lth.core.i18n import N_
from lth.core.vietnamese import nfc
from lth.models.finding import Severity, Stage
from lth.models.unit import Level

TWO_TIERS = date(2025, 7, 1)
"""The end of districts and townships: Luật Tổ chức chính quyền địa phương 72/2025/QH15."""

MERGED_OFFICES = date(2025, 3, 1)
"""The merger of provincial and district offices: Nghị định 45/2025/NĐ-CP and 150/2025/NĐ-CP, of
ministries Nghị quyết 176/2025/QH15."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Names of which nothing is left from a day on; `names` as patterns over lowered text, `words`
    those of which a text has one if it has any of the names.
    """

    names: tuple[str, ...]
    since: date
    instead: str
    words: tuple[str, ...] = ("sở",)

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(self.names)})\b")


_LABOUR = r"(?:lao động|lđ) ?[-,]? ?(?:thương binh|tb) ?(?:và|&|-)? ?(?:xã hội|xh)"
_OF_DISTRICT = (
    r"(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd|hội người cao tuổi|hội nct|mttq"
    r"|mặt trận tổ quốc|cấp)"
)

ENDED = (
    Ended(
        (
            rf"(?:bộ|sở|phòng) (?:{_LABOUR}|lđ-?tb&?xh|lđ-tbxh|lao động-? ?tbxh)",
            r"(?:s|p)lđtbxh",
        ),
        MERGED_OFFICES,
        N_("cơ quan nay nhận việc này: Sở Y tế, Phòng Văn hóa - Xã hội"),
        ("lao động", "lđ"),
    ),
    Ended(
        (
            r"sở kế hoạch và đầu tư",
            r"sở kh ?& ?đt",
        ),
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
            r"phòng văn hóa ?(?:-|và) ?thông tin",
            r"phòng nông nghiệp và phát triển nông thôn",
            r"phòng giáo dục và đào tạo",
            r"phòng y tế",
        ),
        TWO_TIERS,
        N_("phòng của xã: Phòng Kinh tế, Phòng Văn hóa - Xã hội"),
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
"""Names by the day of their end; what a plan made before that day says of them is right."""

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


@check(
    "V19",
    "LEVEL_TEXT",
    N_("Lời văn đúng cấp, đúng nơi, đúng thời điểm"),
    Severity.WARNING,
    Stage.DRAFT,
)
def level_text(content: Content) -> Iterator[Fault]:
    """Find what does not fit: text taken over from the level above still speaks of its area,
    text from a neighbour of the neighbour; a body that one tier has is not of all tiers; and
    nobody is given work who is no more. A name that is said to be of the past may stand.
    """
    told: set[tuple[str, str]] = set()
    for fault in _found(content):
        if (fault.place, fault.said.text) not in told:
            told.add((fault.place, fault.said.text))
            yield fault


def _found(content: Content) -> Iterator[Fault]:
    kind = _type_of(content.place.name)
    above = [word for word in _ABOVE[content.place.level] if word != kind]
    for place, text in (*content.prose(), *_names(content)):
        low = lowered(text)
        if content.made_on and (found := _alive(content.made_on, low)):
            ended, name = found
            yield _ended(place, ended, as_written(text, name), content.made_on)
        if "địa bàn" in low or "toàn" in low:
            yield from _areas(content, kind, above, place, text)
        if "các cấp" in low and (tiers := _ONE_TIER.search(low)):
            yield _one_tier(place, as_written(text, tiers[0]))


def _areas(
    content: Content, kind: str, above: Sequence[str], place: str, text: str
) -> Iterator[Fault]:
    low = lowered(text)
    for word in above:
        if scope := _speaks_of(text, low, word):
            yield _other_area(content, place, scope)
    own = kind and (f"bàn {kind} " in low or f"toàn {kind} " in low)
    if own and (name := _neighbour(content, kind, text)):
        yield _other_place(content, place, name)


def _names(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the agencies that a plan gives work, or sends itself to."""
    for task in content.tasks:
        yield task.key, "; ".join((*task.leads, *task.coordinating))
    for duty in content.duties:
        yield duty.key, duty.agency
    for report in content.reporting:
        yield report.key, "; ".join((report.reporter, *report.addressees, report.through))
    for recipient in content.recipients:
        yield recipient.key, recipient.name


# --- What is no more ----------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _alive(made_on: date, text: str) -> tuple[Ended, str] | None:
    """Find a name that has ended by a day and is not spoken of as past."""
    for ended, pattern in _PATTERNS:
        if ended.since > made_on or not any(word in text for word in ended.words):
            continue
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if not _OLD.search(around):
                return ended, match[0]
    return None


def _ended(place: str, ended: Ended, name: str, made_on: date) -> Fault:
    return Fault.of(
        N_("%(name)s không còn từ ngày %(since)s, kế hoạch làm ngày %(made_on)s."),
        N_("Thay bằng %(instead)s; nếu nói chuyện cũ thì ghi “(cũ)”."),
        place,
        name=quoted(name),
        since=day(ended.since),
        made_on=day(made_on),
        instead=filled(ended.instead),
    )


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
    found = re.findall(rf"{last}(?!\w)(?:\s+(\S))?", nfc(text), re.IGNORECASE)
    return all(letter.isupper() for letter in found)


def _other_area(content: Content, place: str, scope: str) -> Fault:
    return Fault.of(
        N_("Đoạn này nói %(scope)s trong kế hoạch của %(place)s."),
        N_("Sửa lại cho đúng địa bàn; có thể câu này chép từ kế hoạch cấp trên."),
        place,
        scope=quoted(scope),
        place=content.place.name,
    )


def _one_tier(place: str, phrase: str) -> Fault:
    return Fault.of(
        N_("%(phrase)s: cơ quan này chỉ có ở một cấp, không có ở “các cấp”."),
        N_("Ghi rõ cơ quan của cấp nào, ví dụ “Hội Người cao tuổi các xã”."),
        place,
        phrase=quoted(phrase),
    )


_NAMED = re.compile(rf"(?:địa bàn|toàn)\s+((?:{_TYPES})(?:[^\S\n]+[A-ZĐÀ-ỴẮ-Ỹ][\w']*)+)")


def _neighbour(content: Content, kind: str, text: str) -> str:
    """Return another place of the plan's own type whose area the text speaks of."""
    own = lowered(content.place.name)
    for match in _NAMED.finditer(nfc(text)):
        name = lowered(match[1])
        if name.startswith(f"{kind} ") and not _is_one(name, own):
            return match[1]
    return ""


def _is_one(name: str, own: str) -> bool:
    return f"{name} ".startswith(f"{own} ") or f"{own} ".startswith(f"{name} ")


def _other_place(content: Content, place: str, name: str) -> Fault:
    return Fault.of(
        N_("Đoạn này nói địa bàn %(name)s, nhưng kế hoạch là của %(place)s."),
        N_("Sửa lại tên địa phương; có thể câu này chép từ kế hoạch nơi khác."),
        place,
        name=name,
        place=content.place.name,
    )
