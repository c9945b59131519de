"""Names of agencies as plans write them: "UBND huyện", "BĐD Hội NCT", "Phòng LĐ-TBXH".

Two names are compared by their words without the small ones, with abbreviations written out, and
by the tier they speak of. A tier left unsaid agrees with any.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lth.checks.prose import CAPITALS, composed
from lth.content.model import Content, PlanUnit
from lth.core.vietnamese import nfc, search_key
from lth.models.unit import Level

_WRITTEN_OUT = (
    (r"ubnd", "uy ban nhan dan"),
    (r"hdnd", "hoi dong nhan dan"),
    (r"(?:uy ban )?(?:mttq|mat tran to quoc)(?: ?vn| viet nam)?", "mat tran"),
    (r"bdd", "ban dai dien"),
    (r"nct", "nguoi cao tuoi"),
    (r"pldtbxh", "phong lao dong thuong binh xa hoi"),
    (r"sldtbxh", "so lao dong thuong binh xa hoi"),
    (r"(?:ld|lao dong) ?(?:tb|thuong binh) ?(?:va )?(?:xh|xa hoi)", "lao dong thuong binh xa hoi"),
    (r"tc ?kh", "tai chinh ke hoach"),
    (r"vh ?tt ?(?:va )?dl", "van hoa the thao du lich"),
    (r"vh ?tt", "van hoa thong tin"),
    (r"vh ?xh", "van hoa xa hoi"),
    (r"kh ?dt", "ke hoach dau tu"),
    (r"nn ?(?:va )?ptnt", "nong nghiep phat trien nong thon"),
    (r"ttyt", "trung tam y te"),
    (r"lhpn", "lien hiep phu nu"),
    (r"(?:tu|trung uong)", "trung uong"),
    # above the commune the association works through a board that stands for it
    (r"ban dai dien hoi nguoi cao tuoi", "hoi nguoi cao tuoi"),
    (r"ban dai dien nguoi cao tuoi", "hoi nguoi cao tuoi"),
    (r"thu tuong chinh phu", "chinh phu"),
    (r"(?:tw|trung uong) (?=hoi )", ""),
)
_ABBREVIATIONS = tuple(
    (re.compile(rf"\b{pattern}\b"), written) for pattern, written in _WRITTEN_OUT
)
_SMALL = re.compile(r"\b(?:va|cac|cua|nhung|de nghi|viet nam|thuong truc)\b")
_TIER = re.compile(
    r"\b(thi tran|thi xa|thanh pho|dac khu|trung uong|tinh|huyen|quan|phuong|xa|thon|ap|khom)"
    r"\b(?! hoi\b)"
)
_TIER_OF = {
    "tinh": Level.PROVINCE,
    "huyen": Level.DISTRICT,
    "quan": Level.DISTRICT,
    "thi xa": Level.DISTRICT,
    "xa": Level.COMMUNE,
    "phuong": Level.COMMUNE,
    "thi tran": Level.COMMUNE,
    "dac khu": Level.COMMUNE,
}
_GROUP = re.compile(
    r"^(?:nhu (?:tren|dieu|muc|kinh gui)\b"
    r"|cac (?:don vi|co quan|phong|ban|so|nganh|to chuc|thanh vien)"
    r"|thu truong cac|(?:phong|ban|so) ban nganh)"
)


@dataclass(frozen=True, slots=True)
class Agency:
    """A name taken apart: its own words, and the words for tiers that stand in it."""

    body: str
    tiers: frozenset[str]

    @property
    def level(self) -> Level | None:
        """Find the tier it is of, where its name says one: a Sở is the province's."""
        if self.body.startswith("so "):
            return Level.PROVINCE
        found = {_TIER_OF[one] for one in self.tiers if one in _TIER_OF}
        return found.pop() if len(found) == 1 else None

    def agrees(self, other: "Agency") -> bool:
        return not self.tiers or not other.tiers or bool(self.tiers & other.tiers)


@lru_cache(maxsize=4096)
def agency(name: str, places: tuple[str, ...] = ()) -> Agency:
    """Take a name apart; `places` are names of places that say nothing, as `names_in` has them."""
    text = _plain(name)
    for place in places:
        text = _nameless(place).sub(" ", text)
    tiers = frozenset(_TIER.findall(text))
    body = " ".join(_TIER.sub(" ", text).split())
    return Agency(body, tiers or (_CENTRE if is_national(name) else tiers))


@lru_cache(maxsize=512)
def _nameless(place: str) -> re.Pattern[str]:
    """Find a place's name. One of a single syllable may be a word too ("xã Hóa", "văn hóa"):
    only behind a word for a tier it is a name.
    """
    behind = "" if " " in place else r"(?<=xa )|(?<=phuong )|(?<=tran )|(?<=huyen )|(?<=tinh )"
    return re.compile(rf"\b(?:{behind}){re.escape(place)}\b")


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    text = search_key(name)
    for pattern, written in _ABBREVIATIONS:
        text = pattern.sub(written, text)
    return " ".join(_SMALL.sub(" ", text).split())


def names_in(content: Content) -> tuple[str, ...]:
    """List the bare names of the plan's own place and of the one above: "tra cu", "tra vinh"."""
    return _bare_names(content.place)


@lru_cache(maxsize=256)
def _bare_names(place: PlanUnit) -> tuple[str, ...]:
    return tuple(
        bare
        for name in (place.name, place.parent_name)
        if (bare := _TIER.sub("", search_key(name), count=1).strip())
    )


# --- Places by name -----------------------------------------------------------------------

TYPES_OF = {
    Level.PROVINCE: ("tỉnh", "thành phố"),
    Level.DISTRICT: ("huyện", "quận", "thị xã", "thành phố"),
    Level.COMMUNE: ("xã", "phường", "thị trấn", "đặc khu"),
}
"""What the units of a tier are called."""


@lru_cache(maxsize=1024)
def type_of(name: str) -> str:
    """Return the type with which a unit's name begins, if any: "thị xã" of "Thị xã Bình Minh"."""
    low = f"{nfc(name).lower()} "
    words = (word for words in TYPES_OF.values() for word in words)
    return next((word for word in words if low.startswith(f"{word} ")), "")


@lru_cache(maxsize=256)
def has_its_tier(unit: PlanUnit) -> bool:
    """Tell whether a unit is called as those of its tier are; one without a type may be any."""
    kind = type_of(unit.name)
    return not kind or kind in TYPES_OF[unit.level]


_TYPE_WORDS = [
    "đặc khu",
    "thị trấn",
    "thị xã",
    "thành phố",
    "tỉnh",
    "huyện",
    "quận",
    "phường",
    "xã",
]
_TYPE = "|".join(
    written
    for word in _TYPE_WORDS
    for written in (word, word.capitalize(), word.title(), word.upper())
)
_WORD = rf"[{CAPITALS}][\w']*"
_GAP = r"[^\S\r\n]+"
"""Space within a line: what stands on the next is no name."""
_NAMED_PLACE = re.compile(
    rf"(?<!\w)(?P<type>{_TYPE}){_GAP}(?P<name>{_WORD}(?:(?:{_GAP}|[ ]?-[ ]?){_WORD})*)"
)
_NO_NAME = re.compile(
    r"\b(?:Ủy|Uỷ|UBND|HĐND|MTTQ|TW|Mặt trận|Sở|Phòng|Đảng|Đoàn|Thường trực|Trung tâm|Văn phòng"
    r"|Hội(?! An\b)|Ban|Chủ tịch|Công an|Tờ|Số|Căn cứ|Kế hoạch|Quyết định|Lưu"
    r"|Đội|Trạm|Trưởng|Phó|Bí thư|Năm|Giai đoạn)(?!\w)",
    re.IGNORECASE,
)
"""Words that begin another agency's name, not a place's: "UBND tỉnh Hội Người cao tuổi"."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a text names: "tỉnh Trà Vinh"."""

    type: str
    name: str

    def __str__(self) -> str:
        return f"{self.type} {self.name}"

    def is_called(self, full_name: str) -> bool:
        """Tell whether it is the unit of a full name; words that follow a name say nothing."""
        own, other = f"{self.bare} ", f"{_bare(full_name)} "
        return own.startswith(other) or other.startswith(own)

    @property
    def bare(self) -> str:
        return _folded(self.name)


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    return search_key(name)


@lru_cache(maxsize=256)
def _bare(full_name: str) -> str:
    return _TIER.sub("", search_key(full_name), count=1).strip()


@lru_cache(maxsize=4096)
def places_in(text: str) -> tuple[NamedPlace, ...]:
    """List the places that a text names by type and name, in its capitals."""
    found = []
    for match in _NAMED_PLACE.finditer(composed(text)):
        name = _NO_NAME.split(match["name"], maxsplit=1)[0].strip(" -")
        if name:
            found.append(NamedPlace(match["type"].lower(), " ".join(name.split())))
    return tuple(found)


def level_of(place: NamedPlace, content: Content) -> Level | None:
    """Find the tier of a named place; a "thành phố" is of the tier that the plan's own is of."""
    level = _TIER_OF.get(_folded(place.type))
    if level is not None:
        return level
    unit = content.place
    names = ((unit.name, unit.level), (unit.parent_name, unit.parent_level))
    return next((one for name, one in names if type_of(name) == "thành phố"), None)


def other_places(text: str, content: Content) -> Iterator[NamedPlace]:
    """Yield the places of a text that are neither the plan's own nor the one above, though of
    their tiers.
    """
    unit = content.place
    if not has_its_tier(unit):
        return
    for place in places_in(text):
        level = level_of(place, content)
        if level is unit.level and unit.name:
            right = unit.name
        elif level is not None and level is unit.parent_level and unit.parent_name:
            right = unit.parent_name
        else:
            continue
        # where all is in capitals, nothing says where a name ends
        if not place.is_called(right) and not place.name.isupper():
            yield place


def other_place_in(text: str, content: Content) -> str:
    """Return the first of these, or nothing."""
    return str(next(other_places(text, content), ""))


# --- Comparing ----------------------------------------------------------------------------


def same(one: str, other: str, content: Content) -> bool:
    """Tell whether two names mean one agency, or the second is a list that has the first in it."""
    places = names_in(content)
    first, second = agency(one, places), agency(other, places)
    if not first.body or not second.body:
        return first.body == second.body and bool(first.tiers & second.tiers)
    return first.agrees(second) and f" {first.body} " in f" {second.body} "


def named_in(name: str, recipient: str, content: Content) -> bool:
    """Tell whether a recipient's line names an agency, or its leaders: "CT, các PCT UBND tỉnh".

    An agency of a tier is named by its words right before that tier's: of "HĐND xã, UBND tỉnh"
    the province has one committee.
    """
    places = (*names_in(content), *(one.bare for one in places_in(name)))
    wanted = agency(name, places)
    if not wanted.tiers or wanted.tiers == _CENTRE:
        return same(name, recipient, content)
    text = _plain(recipient)
    if not any(f" {wanted.body} {tier} " in f" {text} " for tier in wanted.tiers):
        return False
    theirs = [one for one in places_in(recipient) if level_of(one, content) is wanted.level]
    right = _called(name, wanted.level, content)
    return not theirs or not right or any(one.is_called(right) for one in theirs)


def _called(name: str, level: Level | None, content: Content) -> str:
    """Return the place of a tier that a name means: the one that it names, else the plan's own or
    the one above.
    """
    unit = content.place
    own = {unit.parent_level: unit.parent_name, unit.level: unit.name}
    named = (str(one) for one in places_in(name) if level_of(one, content) is level)
    return next(named, own.get(level, ""))


@lru_cache(maxsize=1024)
def is_group(recipient: str) -> bool:
    """Tell whether a recipient stands for many within the unit: "Như Điều 3", "Các phòng, ban"."""
    return _GROUP.match(search_key(recipient)) is not None


_NATIONAL = re.compile(
    r"^bo (?!phan\b|chi huy\b|doi\b)|\b(?:tw|trung uong)\b|^hoi (?:nguoi cao tuoi|nct) viet nam$"
    r"|^(?:thu tuong )?chinh phu\b"
)
_CENTRE = frozenset({"trung uong"})


@lru_cache(maxsize=1024)
def is_national(name: str) -> bool:
    """Tell whether an agency is one of the whole country: a ministry, an association's centre."""
    return _NATIONAL.search(search_key(name)) is not None


_ASSOCIATION = re.compile(r"\bhoi (?!dong\b)|\bmat tran\b|\bdoan thanh nien\b|\blien doan\b")


@lru_cache(maxsize=1024)
def is_association(name: str) -> bool:
    """Tell whether an agency is of an association or of the Front, not of the State."""
    return _ASSOCIATION.search(_plain(name)) is not None


_COMMITTEE = re.compile(r"^(?:(?:cac )?(?:pho )?chu tich )?uy ban nhan dan\b")


def is_committee(name: str) -> bool:
    """Tell whether a name is a people's committee (UBND), or its chairman."""
    return _COMMITTEE.match(_plain(name)) is not None


def is_own_committee(name: str, place: PlanUnit, content: Content) -> bool:
    """Tell whether a name is the people's committee (UBND) of the plan's own unit."""
    found = agency(name, names_in(content))
    own = found.level in {None, place.level} or search_key(type_of(place.name)) in found.tiers
    return found.body.endswith("uy ban nhan dan") and own
