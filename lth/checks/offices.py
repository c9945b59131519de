"""Names of offices and tiers by the days between which there are any, and how a text has them.

Offices by Nghị định 45/2025/NĐ-CP until districts end, from then on by 150/2025/NĐ-CP.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from lth.checks.tiers import MERGED_OFFICES, TWO_TIERS, has_two_tiers
from lth.content.model import Content
from lth.core.i18n import N_


@dataclass(frozen=True)
class DatedName:
    """Names of what there is from `begun` on until the day before `ended`, where either is known.

    `names` are patterns over lowered text; `words` those of which a text has one if it has any of
    the names, looked for first since that is quicker. `instead` is what there was before or is
    after; `later` what is from `TWO_TIERS` on, where that is another; `in_wards` what it is called
    in a phường.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    instead: str
    begun: date | None = None
    ended: date | None = None
    later: str = ""
    in_wards: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(self.names)})\b")

    def time_meant(self, on: date) -> re.Pattern[str] | None:
        """Return the words that place it in a time of its own on a day when there is none of it;
        None of a day when there is.
        """
        if self.ended is not None and on >= self.ended:
            return OF_BEFORE
        return _OF_LATER if self.begun is not None and on < self.begun else None

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

OFFICES = (
    DatedName(
        (rf"bộ {_LABOUR}",),
        ("bộ lao động", "bộ lđ"),
        N_("Bộ Y tế hoặc Bộ Nội vụ"),
        ended=MERGED_OFFICES,
    ),
    DatedName(
        (rf"sở {_LABOUR}", r"sở lđtbxh", r"slđtbxh"),
        ("sở lao động", "sở lđ", "slđtbxh"),
        N_("Sở Y tế hoặc Sở Nội vụ"),
        ended=MERGED_OFFICES,
    ),
    DatedName(
        (rf"phòng {_LABOUR}", r"phòng lđtbxh", r"plđtbxh"),
        ("phòng lao động", "phòng lđ", "plđtbxh"),
        N_("Phòng Y tế hoặc Phòng Nội vụ"),
        ended=MERGED_OFFICES,
        later=_CULTURE,
    ),
    DatedName(
        (r"sở kế hoạch và đầu tư", r"sở kh ?& ?đt"),
        ("sở kế hoạch", "sở kh"),
        N_("Sở Tài chính"),
        ended=MERGED_OFFICES,
    ),
    DatedName(
        (r"sở thông tin và truyền thông", r"sở tt ?& ?tt"),
        ("sở thông tin", "sở tt"),
        N_("Sở Khoa học và Công nghệ; báo chí, xuất bản: Sở Văn hóa, Thể thao và Du lịch"),
        ended=MERGED_OFFICES,
    ),
    DatedName(
        (
            r"sở nông nghiệp và phát triển nông thôn",
            r"sở nn ?& ?ptnt",
            r"sở tài nguyên và môi trường",
        ),
        ("sở nông nghiệp", "sở nn", "sở tài nguyên"),
        N_("Sở Nông nghiệp và Môi trường"),
        ended=MERGED_OFFICES,
    ),
    DatedName(
        (r"sở giao thông vận tải",),
        ("sở giao thông",),
        N_("Sở Xây dựng"),
        ended=MERGED_OFFICES,
    ),
    DatedName(
        (
            r"phòng tài chính ?(?:-|và) ?kế hoạch",
            r"phòng nông nghiệp và phát triển nông thôn",
        ),
        ("phòng tài chính", "phòng nông nghiệp"),
        N_("Phòng Kinh tế"),
        ended=TWO_TIERS,
        in_wards=N_("Phòng Kinh tế, Hạ tầng và Đô thị"),
    ),
    DatedName(
        (
            r"phòng văn hóa ?(?:-|và) ?thông tin",
            r"phòng giáo dục và đào tạo",
            r"phòng y tế",
        ),
        ("phòng văn hóa", "phòng giáo dục", "phòng y tế"),
        _CULTURE,
        ended=TWO_TIERS,
    ),
    DatedName(
        (
            r"huyện ủy",
            rf"{_OF_DISTRICT} (?:các )?(?:huyện|quận|thị xã)",
            r"(?:các|toàn|địa bàn|ban đại diện hội người cao tuổi) (?:huyện|quận|thị xã)",
            r"(?:các )?huyện,? (?:quận|thị xã|thành phố)",
        ),
        ("huyện", "quận", "thị xã"),
        N_("xã, phường, đặc khu hoặc tỉnh"),
        ended=TWO_TIERS,
    ),
    DatedName((r"thị trấn",), ("thị trấn",), N_("xã, phường, đặc khu"), ended=TWO_TIERS),
    DatedName(
        (r"sở nông nghiệp và môi trường",),
        ("sở nông nghiệp",),
        N_("Sở Nông nghiệp và Phát triển nông thôn hoặc Sở Tài nguyên và Môi trường"),
        begun=MERGED_OFFICES,
    ),
    DatedName(
        (r"sở dân tộc và tôn giáo",),
        ("sở dân tộc",),
        N_("Ban Dân tộc"),
        begun=MERGED_OFFICES,
    ),
    DatedName(
        (r"phòng văn hóa ?(?:-|và) ?xã hội",),
        ("phòng văn hóa",),
        N_("Phòng Văn hóa và Thông tin hoặc Phòng Lao động - Thương binh và Xã hội của huyện"),
        begun=TWO_TIERS,
    ),
    DatedName(
        (
            r"phòng kinh tế, hạ tầng và đô thị",
            r"trung tâm phục vụ hành chính công (?:cấp )?(?:xã|phường|đặc khu)",
        ),
        ("phòng kinh tế", "hành chính công"),
        N_("phòng của huyện hoặc công chức của xã"),
        begun=TWO_TIERS,
    ),
)
"""What a plan says of an office of its own days is right."""

OF_BEFORE = re.compile(r"\b(?:cũ|trước đây|trước khi|trước ngày|nguyên là|sáp nhập|sắp xếp)\b")
"""Words by which a text says that it speaks of what was."""

_OF_LATER = re.compile(r"\b(?:sau khi|sau ngày|từ ngày|kể từ|sẽ|sáp nhập|sắp xếp)\b")

NEAR = 40
"""How far around a name such words are looked for, in letters."""

_MONEY = "ngân sách "
"""Of a budget of a tier that is no more V45 speaks."""


@lru_cache(maxsize=1024)
def out_of_time(on: date, text: str) -> tuple[DatedName, str] | None:
    """Find in a lowered text an office that there is none of on a day, not said to be of another,
    and the words that name it.
    """
    for office in OFFICES:
        meant = office.time_meant(on)
        if meant is None or not any(word in text for word in office.words):
            continue
        for match in office.pattern.finditer(text):
            around = text[max(0, match.start() - NEAR) : match.end() + NEAR]
            if not meant.search(around) and not text[: match.start()].endswith(_MONEY):
                return office, match[0]
    return None
