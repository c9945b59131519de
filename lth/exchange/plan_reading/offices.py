"""Know offices and units by their names: "Phòng …", "UBND xã …", "HUYỆN ĐÔNG KHÊ"."""

import re

from lth.core.vietnamese import capitalize_first
from lth.exchange.plan_reading.wording import UPPER, toneless, words
from lth.models.unit import Level

_ONE = (
    r"(?:các |những |giám đốc |trưởng |thủ trưởng |chủ tịch |lãnh đạo )*"
    r"(?:sở|phòng|ủy ban|uỷ ban|ubnd|ubmttq\w*|mttq\w*|mặt trận|hội|trạm|trung tâm|văn phòng|"
    r"công an|thôn|tổ dân phố|khu phố|khu dân cư|xóm|ấp|bản(?! hành)|làng|tiểu khu|buôn|bon|khóm|"
    r"ban (?!chủ nhiệm|hành)|đoàn|liên đoàn|bộ (?!trí)|công chức|cơ quan|đơn vị|phòng, ban|"
    r"ban, ngành|"
    r"ngành|tổ chức|đài|báo (?!cáo)|kho bạc|bảo hiểm xã|ngân hàng|trường|chi hội|câu lạc bộ|"
    r"ban chủ nhiệm|"
    r"đồn |bệnh viện|bưu điện|chi cục|liên minh|hiệp hội|thường trực|thanh tra|"
    r"đảng ủy|hội đồng|bch|bđd|xã, |xã\b|phường|quân sự|bộ phận|cán bộ|nhóm)"
)
OFFICE = rf"(?:đề nghị |giao |yêu cầu |trách nhiệm (?:của )?)*(?P<office>{_ONE}\b.*)"
_LEVELS = {
    "tỉnh": Level.PROVINCE,
    "thành phố": Level.PROVINCE,
    "huyện": Level.DISTRICT,
    "thị xã": Level.DISTRICT,
    "quận": Level.DISTRICT,
    "xã": Level.COMMUNE,
    "phường": Level.COMMUNE,
    "thị trấn": Level.COMMUNE,
    "đặc khu": Level.COMMUNE,
}
_WORD = rf"(?:[{UPPER}][\w’'-]*|\d{{1,2}})"
_PLACE_CASED = re.compile(
    r"(?P<type>[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Tt]hị xã|[Qq]uận|[Xx]ã|[Pp]hường|[Tt]hị trấn|"
    r"[Đđ]ặc khu|TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|QUẬN|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s+"
    rf"(?P<name>{_WORD}(?:\s+(?!(?i:giai\s+đoạn)\b){_WORD}){{0,4}})"
)
_NOT_NAMES = ("Hội", "Ubnd", "Việt", "Tại")


def office_in(text: str) -> str | None:
    """Return the office that a heading names, without "Đề nghị"; None where it names none."""
    match = words(rf"^\W*{OFFICE}").match(toneless(text))
    if match is None:
        return None
    return text[match.start("office") : match.end("office")].strip(" .:;,-–")


def place_in(text: str) -> tuple[str, str] | None:
    """Return the type and the name of the first place that a text names: ("huyện", "Trà Cú")."""
    for match in _PLACE_CASED.finditer(text):
        name = match["name"]
        if name.split()[0].title() in _NOT_NAMES or (
            name.split()[0].isdigit() and len(name.split()) > 1
        ):
            continue
        kind = match["type"].lower()
        return kind, proper(name)
    return None


def proper(name: str) -> str:
    """Write a name that is all capitals with its own: "ĐÔNG KHÊ" → "Đông Khê"."""
    if not name.isupper() or name.isdigit():
        return name
    return " ".join(capitalize_first(word.lower()) for word in name.split())


def level_of(kind: str, *, in_province: bool = True) -> Level:
    """Return the level of a type of unit; a city is a province's unless it is told of none."""
    if kind == "thành phố" and in_province:
        return Level.DISTRICT
    return _LEVELS[kind]


def same_office(one: str, other: str) -> bool:
    """Tell whether two writings name the same office: abbreviations, capitals, dashes aside."""
    return office_key(one) == office_key(other)


_SHORT = (
    (r"uy ban nhân dân", "ubnd"),
    (r"ban đai diên hôi|bđd hôi", "hôi"),
    (r"ngươi cao tuôi", "nct"),
    (r"lao đông\W+thương binh va xa hôi|lao đông\W+tb\W*xh|lđ\W*tb\W*xh", "lđtbxh"),
    (r"uy ban mttq|uy ban măt trân tô quôc|măt trân tô quôc|ubmttq", "mttq"),
)


def office_key(text: str) -> str:
    """Return what two writings of one office have in common."""
    plain = toneless(text.lower())
    for pattern, short in _SHORT:
        plain = re.sub(pattern, short, plain)
    return "".join(re.findall(r"\w+", plain))
