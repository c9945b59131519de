"""Find figures in a sentence: how much, compared how, of what, and between which words.

What is no figure of a plan is covered first: numbers of papers and laws, days, years, ages,
telephones, articles. A figure is only what is left.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache

from lth.exchange.plan_reading.wording import toneless, words
from lth.models.content import Comparator


class FigureUnit(StrEnum):
    """What a figure is measured in, as far as the text beside it says."""

    PERCENT = "percent"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class FigureRead:
    """A figure in a sentence, at `start` to `end` with its comparing words and its unit.

    `low`, `high` as read aloud (60 for 60 %, 20000000 for 20 triệu đồng); the same twice where it
    is one value. `comparator` is None where words make it vague ("khoảng"). `left` and `right`
    are the words up to the figures beside it, toneless.
    """

    low: Fraction
    high: Fraction
    comparator: Comparator | None
    unit: FigureUnit
    start: int
    end: int
    left: str = ""
    right: str = ""
    in_words: bool = False
    """Whether it is said without digits: "tất cả", "một nửa"."""


_COVERED = (
    r"\d+(?:\s*/\s*(?:19|20)\d\d)?\s*/\s*[A-ZĐ][\w&]*(?:\s?[-–]\s?[A-ZĐ][\w&]*)*",
    r"\d+-(?:NQ|CT|KL|QĐ|TB|KH|HD)\s*/\s*\w+",
    r"(?:ngày\s+)?\d{1,2}\s*tháng\s*\d{1,2}\s*(?:năm\s*\d{4})?",
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
    r"(?:ngày|trước|tháng)\s+\d{1,2}\s*/\s*\d{1,4}(?:\s*(?:và|,)\s*\d{1,2}/\d{1,2}(?:/\d{4})?)*",
    r"(?:ngày|tháng|quý|điều|khoản|điểm|mục|phần|chương|tiêu chí|thứ|số|phụ lục|giai đoạn|khóa)"
    r"(?:\s+số)?\s+\d{1,3}(?![\d.,]*\s*(?:%|câu|clb|xã|thành viên|người|hội viên|cán bộ|lần|"
    r"buổi|mô hình|lớp))\b",
    r"\b(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d\b",
    r"\b(?:năm|từ|đến)\s+(?:19|20)\d\d\b",
    r"\b(?:19|20)\d\d\b(?!\s*(?:câu|clb|thành viên|người|hội viên|đồng|triệu|%))",
    r"(?<![\d.,])0\d{1,3}[ .]\d{3,4}[ .]\d{3,4}\b|\b0\d{9,10}\b",
    r"(?:từ\s+)?(?:đủ\s+)?\d{2,3}(?:\s*[-–]\s*\d{2,3})?\s+tuổi(?:\s+trở\s+(?:lên|xuống))?",
    r"(?:6|06|9|09|12|sáu|chín)\s+tháng",
    r"\d{1,2}\s*/\s*(?:tháng|năm)\b",
    r"\(\s*(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s*\)",
    r"(?:0?8|tám)\s+(?:nhóm\s+|loại\s+)?(?:mảng|mặt|nội dung|nhiệm vụ|hoạt động|lĩnh vực|tiêu chí)",
)
_NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)(?!\d)"
_WORD_NUMBERS = {
    toneless(word): value
    for value, word in enumerate(("một", "hai", "ba", "bốn", "", "sáu", "bảy", "tám", "chín"), 1)
    if word
} | {toneless("mười"): 10}
_IN_WORDS = "|".join(_WORD_NUMBERS)
_SIZE = r"(?:triệu|tỷ|tỉ|nghìn|ngàn)\b"
_UNIT = (
    rf"(?:\s*(?:%|phần trăm)|\s*{_SIZE}(?:\s+(?:đồng|đ\b|vnđ))?|\s*(?:đồng(?!\s+(?:chí|"
    rf"bào))|vnđ|đ\b))"
)
_SPREAD = r"\s*(?:[-–—]|đến|tới|hoặc)\s*(?:dưới\s+)?"
_GTE = (
    r"(?:ít\s+nhất|tối\s+thiểu|không\s+(?:dưới|ít\s+hơn|thấp\s+hơn|nhỏ\s+hơn|kém)|thấp nhất|≥|>=)"
)
_LTE = (
    r"(?:tối\s+đa|không\s+(?:quá|vượt(?:\s+quá)?|cao\s+hơn|nhiều\s+hơn)|cao nhất|nhiều nhất|≤|<=)"
)
_GT = r"(?:trên|hơn|vượt|cao\s+hơn|lớn\s+hơn|>)"
_LT = r"(?:dưới|thấp\s+hơn|ít\s+hơn|<)"
_VAGUE = r"(?:khoảng|xấp\s+xỉ|gần|ước(?:\s+(?:đạt|tính))?|chừng|~)"
_BEFORE = (
    rf"(?<!\w)(?:(?P<gte>{_GTE})|(?P<lte>{_LTE})|(?P<gt>{_GT})|(?P<lt>{_LT})|(?P<vague>{_VAGUE}))"
)
_LINK = r"\s*(?:là\s+|đạt\s+|có\s+|được\s+|từ\s+|ở\s+mức\s+|:\s*)*"
_FIGURE = (
    rf"(?:{_BEFORE}{_LINK})?(?P<from>từ\s+)?"
    r"(?:(?P<half>một nửa|(?<![\d/])(?P<part>[1-9])/(?P<parts>[2-9]|10)(?=\s+(?:tổng\s+)?số\b))"
    rf"|(?P<all>\b(?:tất cả|toàn bộ|mọi)(?:\s+các)?)(?=\s+(?:câu lạc bộ|clb|thành viên|"
    rf"ban chủ nhiệm)\b)"
    rf"|(?P<n1>(?<![\w.,/]){_NUMBER})(?P<u1>{_UNIT})?(?:/tháng(?=\s*(?:[-–]|đến|tới)))?"
    rf"(?:{_SPREAD}(?P<n2>{_NUMBER})(?P<u2>{_UNIT})?|"
    rf"(?:\s*/\s*|\s+trong (?:tổng )?số\s+)(?P<of>\d+)"
    rf"(?=\s+(?:xã|phường|thị trấn|đơn vị|câu|clb)|\s*[.;]\s*$))?"
    rf"|"
    rf"(?P<word>(?<!của )(?<!môi )(?<!moi )(?<!tưng )(?<!trong )(?<!tai )\b(?:{_IN_WORDS})\b)"
    r"(?=\s+(?:câu lạc|clb|lần|trường hợp|thành viên|tình nguyện)))"
)
_MORE = r"^[^,.;:\d]{0,60}?\btrở\s+lên\b"
_LESS = r"^[^,.;:\d]{0,40}?\btrở\s+xuống\b"
_SENTENCE = re.compile(r"(?<=[;.])(?=\s)(?<!\bTT\.)(?<!\bP\.)|(?<=\.)(?=[A-ZĐ])|;")


@lru_cache(maxsize=256)
def covered(text: str) -> str:
    """Return a toneless text in which what is no figure is blanked, of the same length."""
    found = toneless(text)
    for pattern in _COVERED:
        found = _covering(pattern).sub(lambda match: "\u00a4" * len(match[0]), found)
    return found


@cache
def _covering(pattern: str) -> re.Pattern[str]:
    if "[A-ZĐ]" in pattern or "NQ|CT" in pattern:
        return re.compile(toneless(pattern))
    return words(pattern)


def sentences(text: str) -> list[tuple[int, str]]:
    """Part a paragraph at full stops and semicolons; each with where it begins."""
    found, start = [], 0
    for match in _SENTENCE.finditer(text):
        if match.end() > start:
            found.append((start, text[start : match.end()]))
        start = match.end()
    if text[start:].strip():
        found.append((start, text[start:]))
    return found


def figures(text: str) -> list[FigureRead]:
    """List the figures of a sentence, in order, each with the words beside it."""
    plain = covered(text)
    matches = list(words(_FIGURE).finditer(plain))
    bounds = [0, *(match.end() for match in matches)]
    found = []
    for at, match in enumerate(matches):
        until = matches[at + 1].start() if at + 1 < len(matches) else len(plain)
        left, right = plain[bounds[at] : match.start()], plain[match.end() : until]
        made = _figure(match, left, right)
        if made is None:
            continue
        if found and _is_ceiling(found[-1], made):
            floor = found.pop()
            made = replace(
                made,
                low=floor.low,
                comparator=Comparator.BETWEEN,
                start=floor.start,
                left=floor.left,
            )
        found.append(made)
    return found


def _is_ceiling(floor: FigureRead, made: FigureRead) -> bool:
    """Tell whether "không ít hơn 50 và không quá 70" goes on: a floor, then its ceiling."""
    between = r"(?:/tháng)?\W*(?:(?:và|nhưng|đến)\W*)?"
    again = r"\s*(?:thành viên|người|hội viên)(?:\s*/\s*(?:câu lạc bộ|clb))?\W*(?:(?:và|nhưng)\s+)?"
    return (
        floor.comparator in {Comparator.GTE, Comparator.GT}
        and made.comparator is Comparator.LTE
        and floor.low <= made.high
        and words(rf"(?:{between}|{again})(?:tối đa\s*)?").fullmatch(made.left) is not None
        and (floor.unit is made.unit or floor.unit is FigureUnit.COUNT)
    )


def _figure(match: re.Match[str], left: str, right: str) -> FigureRead | None:
    if match["half"]:
        share = (
            Fraction(int(match["part"]), int(match["parts"])) if match["part"] else Fraction(1, 2)
        )
        low = high = share * 100
        unit = FigureUnit.PERCENT
    elif match["all"]:
        low = high = Fraction(100)
        unit = FigureUnit.PERCENT
    elif match["word"]:
        low = high = Fraction(_WORD_NUMBERS[match["word"].lower()])
        unit = FigureUnit.COUNT
    else:
        unit1, unit2 = match["u1"] or "", match["u2"] or ""
        unit = _unit(unit2 or unit1)
        size1, size2 = _size(unit1), _size(unit2)
        if match["n2"]:
            size1 = size2 if not unit1.strip() else size1
        low = _value(match["n1"], unit, size1)
        high = _value(match["n2"], unit, size2) if match["n2"] else low
        if low > high:
            return None
    comparator = _comparator(match, low != high, right)
    said = bool(match["all"] or (match["half"] and not match["part"]))
    return FigureRead(low, high, comparator, unit, match.start(), match.end(), left, right, said)


def _comparator(match: re.Match[str], ranged: bool, right: str) -> Comparator | None:
    if ranged:
        return Comparator.BETWEEN
    if match["vague"]:
        return None
    if match["gte"] or words(_MORE).search(right):
        return Comparator.GTE
    if match["lte"] or words(_LESS).search(right):
        return Comparator.LTE
    if match["gt"]:
        return Comparator.GT
    return Comparator.LT if match["lt"] else Comparator.EQ


def _unit(text: str) -> FigureUnit:
    bare = text.strip().lower()
    if not bare:
        return FigureUnit.COUNT
    return FigureUnit.PERCENT if bare.startswith(("%", toneless("phần"))) else FigureUnit.MONEY


def _size(text: str) -> int:
    sizes = {"triêu": 10**6, "ty": 10**9, "ti": 10**9, "nghin": 1000, "ngan": 1000}
    return next((size for word, size in sizes.items() if word in text.lower()), 1)


def _value(text: str, unit: FigureUnit, size: int) -> Fraction:
    """Return a number; three digits behind a sign are thousands, but not before "tỷ"."""
    places = text.rpartition(",")[2] if "," in text else ""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text) and not ("," in text and size > 1):
        return Fraction(re.sub(r"[.,]", "", text)) * size
    whole = text.rpartition(",")[0] if places else text
    if not places and "." in text:
        return Fraction(text) * size
    return Fraction(whole.replace(".", "") + ("." + places if places else "")) * size
