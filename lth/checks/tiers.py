"""Which tiers, units and offices there are on a day, for rules that speak of them."""

from dataclasses import dataclass
from datetime import date

from lth.checks.agencies import places_in
from lth.content.model import Content
from lth.core.vietnamese import search_key
from lth.models.unit import Level

TWO_TIERS = date(2025, 7, 1)
"""The end of districts and townships: Luật Tổ chức chính quyền địa phương 72/2025/QH15."""

MERGED_OFFICES = date(2025, 3, 1)
"""The merger of provincial and district offices: Nghị định 45/2025/NĐ-CP and 150/2025/NĐ-CP, of
ministries Nghị quyết 176/2025/QH15."""

ENDED_TYPES = frozenset({"huyện", "quận", "thị xã", "thị trấn"})
"""Types of units that are no more from `TWO_TIERS` on."""

NEW_TYPES = frozenset({"đặc khu"})
"""Types of units that there were not before it."""

MERGED_PROVINCES = {
    "Bà Rịa - Vũng Tàu": "Hồ Chí Minh", "Bình Dương": "Hồ Chí Minh", "Bình Phước": "Đồng Nai",
    "Bình Thuận": "Lâm Đồng", "Đắk Nông": "Lâm Đồng", "Bình Định": "Gia Lai",
    "Bạc Liêu": "Cà Mau", "Bắc Giang": "Bắc Ninh", "Bắc Kạn": "Thái Nguyên",
    "Bến Tre": "Vĩnh Long", "Trà Vinh": "Vĩnh Long", "Hà Giang": "Tuyên Quang",
    "Hà Nam": "Ninh Bình", "Nam Định": "Ninh Bình", "Hòa Bình": "Phú Thọ",
    "Vĩnh Phúc": "Phú Thọ", "Hải Dương": "Hải Phòng", "Hậu Giang": "Cần Thơ",
    "Sóc Trăng": "Cần Thơ", "Kiên Giang": "An Giang", "Kon Tum": "Quảng Ngãi",
    "Long An": "Tây Ninh", "Ninh Thuận": "Khánh Hòa", "Phú Yên": "Đắk Lắk",
    "Quảng Bình": "Quảng Trị", "Quảng Nam": "Đà Nẵng", "Thái Bình": "Hưng Yên",
    "Tiền Giang": "Đồng Tháp", "Yên Bái": "Lào Cai",
}  # fmt: skip
"""Provinces that went into another on `TWO_TIERS` (Nghị quyết 202/2025/QH15), and into which."""

_MERGED = {search_key(name): into for name, into in MERGED_PROVINCES.items()}


@dataclass(frozen=True, slots=True)
class MergedProvince:
    """A province that is no more, as a text names it, and the one that it is in now."""

    name: str
    now: str


def merged_province(text: str, on: date | None) -> MergedProvince | None:
    """Find a province in a text that had ended by a day."""
    if on is None or on < TWO_TIERS:
        return None
    for place in places_in(text):
        if place.type == "tỉnh" and (now := _MERGED.get(place.bare)):
            return MergedProvince(str(place), now)
    return None


_FROM_THE_TOP = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)


def is_above(one: Level, other: Level) -> bool:
    """Tell whether a tier is above another."""
    return _FROM_THE_TOP.index(one) < _FROM_THE_TOP.index(other)


def has_two_tiers(content: Content) -> bool:
    """Tell whether a plan is of a day without districts; without a day nothing has ended."""
    return content.made_on is not None and content.made_on >= TWO_TIERS


def is_of_ended_tier(content: Content) -> bool:
    """Tell whether a plan is of a district after their end, which is one fault for all of it."""
    return content.place.level is Level.DISTRICT and has_two_tiers(content)
