"""Know the words around a figure that may be a target: what counts, when, where, its quote."""

import re
from dataclasses import dataclass

from lth.content.model import Span
from lth.exchange.plan_reading import indicator_words as known
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit
from lth.exchange.plan_reading.found import Quote
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_under
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models import Indicator
from lth.models.content import AreaType, CountsFrom, TargetScope
from lth.models.programme import Measure

_PAST = (
    r"\bđã (?:\w+ ){0,4}?(?:thành lập|xây dựng|có|đạt|giúp|hỗ trợ|tổ chức|ra đời|duy trì|tập huấn)|"
    r"\bhiện (?:có|nay|tại|đang)|đến nay|(?:^|[,;.(]\s*)tính đến|thời gian qua|vừa qua|"
    r"trước đây|(?:thành lập|xây dựng)(?: mới)? được (?=\W*$)|(?<!lập )(?<!dựng )\bmới có"
)
TO_COME = r"phải (?:có|đạt)|phấn đấu|chỉ tiêu (?:là|đến)|sẽ (?:thành lập|có)|đặt mục tiêu"
GOES_ON = (
    r"(?:và|,|đồng thời)\s+(?:[\w¤-]+\s+){0,4}?(?:thành lập|xây dựng|nhân rộng|"
    r"phấn đấu|tiếp tục|phát triển)"
)
_YEARLY = r"(?:bình quân |trung bình )?(?:mỗi|hằng|hàng|từng) năm"
_MOUNTAIN = r"miền núi|vùng cao|vùng (?:đồng bào )?dân tộc|đặc biệt khó khăn|vùng sâu"
_LOWLAND = r"đồng bằng|đô thị"
NOUN = (
    rf"^\s*(?:trở lên\s+)?(?:(?:trên|tổng|số|các)\s+)*(?:là\s|{known.CLUB}|{known.COMMUNE}|"
    rf"{known.MEMBER}|người|{known.OLDER}|phụ nữ|nữ|cán bộ|công chức|ban chủ nhiệm|bcn|hộ|thôn|"
    r"tổ|khu|ấp|bản|trẻ|dân|hội|lượt|tình nguyện|gia đình|trường|cơ quan|đơn vị|cộng đồng|học|"
    r"có hoàn cảnh|thuộc (?:hộ|diện))"
)
_DONE = r"^\s*(?:trở lên\s+)?(?:đều\s+)?được\s"
_LINKED = r"(?:chiếm|đạt|là|bằng|tỷ lệ|tỉ lệ|từ|có|:|lên)\s*(?:tỷ lệ\s*)?$"
_SUBJECT_STARTS = r"tỷ lệ|tỉ lệ|trong đó|phấn đấu|bảo đảm|đảm bảo|[:;(]"


@dataclass(frozen=True)
class FigureSaid:
    """A figure with all that is said around it; `sentence` is toneless and covered."""

    node: Node
    section: Topic
    sentence: str
    near: str
    figure: FigureRead
    following: FigureRead | None
    quote: Quote
    mention: periods.YearsNamed | None

    def is_past(self) -> bool:
        """Tell whether it says what has been reached before."""
        left = self.figure.left
        past = list(words(_PAST).finditer(left))
        if past and not has(TO_COME, left) and not has(GOES_ON, left[past[-1].end() :]):
            return True
        if self._is_of_other():
            return True
        if self.section is not Topic.PAST and not is_under(self.node, Topic.PAST):
            return False
        return not has(TO_COME, self.sentence[: self.figure.end])

    def _is_of_other(self) -> bool:
        """Tell whether it is another programme's aim that the plan only helps to reach."""
        ahead = self.sentence[: self.figure.start].rpartition(";")[2]
        behind = self.sentence[self.figure.end :].partition(";")[0]
        helps = has(r"góp phần (?:hoàn thành|thực hiện|đạt)[^;.]*(?:mục tiêu|chỉ tiêu)", ahead)
        return helps or has(
            r"(?:theo|của) (?:chương trình (?:hành động|mục tiêu)|chiến lược|nghị quyết)", behind
        )

    def subjects(self) -> list[str]:
        """List the words that may say what is counted: behind the figure, before it, both."""
        left, right = self.figure.left, self.right()
        tail = re.split(toneless(_SUBJECT_STARTS), left.lower())[-1]
        if not tail.strip():
            tail = left
        linked = words(_LINKED).search(left) is not None
        if self.figure.unit is not FigureUnit.PERCENT:
            return [right]
        if words(_DONE).search(right) is not None:
            return [f"{self._topic()} {right}"]
        if words(NOUN).search(right) is None:
            return [tail, left] if tail != left else [left]
        return [right, f"{tail} {right}"] if linked else [right]

    def opening(self) -> str:
        """Return the clauses before a semicolon that "…; có 5 tình nguyện viên" goes on with."""
        if not has(r"^\W*(?:và )?(?:có|gồm|được|phải)\s", self.sentence):
            return ""
        before = self.node.text[: self.quote.start].rstrip()
        return before.rpartition(". ")[2] if before.endswith(";") else ""

    def _topic(self) -> str:
        """Return what a sentence begins with, up to its first figure: whom "100 % được …" is of."""
        begun = re.split(r"\d", self.sentence[: self.figure.start], maxsplit=1)[0]
        return re.split(toneless(r"[;:]"), begun)[-1].strip(" ,.-")

    def right(self) -> str:
        """Return the words behind, without those that begin what the next figure counts."""
        right = re.split(toneless(r"trong đó"), self.figure.right, maxsplit=1)[0]
        if self.following is None:
            return right
        alike = self.following.unit is self.figure.unit
        if alike and words(r"^(?:(?!được|tham gia|có |đạt )[^,;.])*\bvà\W*$").match(right):
            return right + self.following.right
        if self.following.low == 1 and has(rf"^\s*{known.CLUB}", self.following.right):
            return right + self.following.right[:25]
        own = words(NOUN).search(self.following.right) is not None
        own |= self.following.unit is not FigureUnit.PERCENT
        before_next = right.rpartition(",")[0]
        return right if own or not before_next else before_next


def within(around: Span, found: Span) -> Span | None:
    if around.start is None or found.start is None:
        return around
    return found if around.start <= found.start and found.end <= around.end else None


def years_of_heading(text: str) -> periods.YearsNamed | None:
    """Return the years that a short heading names: "Chỉ tiêu đến năm 2025"."""
    if len(text) > 110:
        return None
    found = periods.mentions(text)
    return found[-1] if found else None


def is_each_commune(figure: FigureRead, said: FigureSaid) -> bool:
    each = has(rf"(?:mỗi|các|từng|số)\s+(?:đơn vị cấp )?{known.COMMUNE}[^;.]*$", figure.left)
    is_share = has(rf"{known.COMMUNE}[^;.]*(?:có|được)\s*$", figure.left)
    if has(r"\b(?:chọn|lựa chọn)\b[^;,.]*$", figure.left) or has(
        rf"^\s*{known.CLUB}\s+(?:làm )?(?:điểm|mẫu|điển hình|tiêu biểu)", figure.right
    ):
        return False
    at_least_one = figure.unit is FigureUnit.COUNT and figure.low == figure.high == 1
    return at_least_one and (each or is_share) and has(rf"^\s*{known.CLUB}", figure.right)


def each_place(left: str) -> TargetScope | None:
    """Return what a figure is for each of: communes, or others that no scope is there for."""
    if has(rf"\b(?:mỗi|từng)\s+{known.COMMUNE}", left):
        return TargetScope.PER_COMMUNE
    places = r"huyện|thành phố|thị xã|quận|thôn|bản|ấp|tổ dân phố|khu|chi hội|cụm"
    return TargetScope.UNIT if has(rf"\b(?:mỗi|từng)\s+(?:{places})", left) else None


_NUMBER_OF = r"^\W*(?:số |tổng số )?"
_COUNTED = rf"{_NUMBER_OF}{known.COMMUNE}"
_COMMUNES_OF = (
    (AreaType.ETHNIC_MINORITY, rf"{_COUNTED}[^,;.]*\bdân tộc thiểu số"),
    (AreaType.DISADVANTAGED, rf"{_COUNTED}[^,;.]*\bđặc biệt khó khăn"),
    (AreaType.MOUNTAIN, rf"{_COUNTED}[^,;.]*(?:{_MOUNTAIN})"),
    (AreaType.LOWLAND, rf"{_COUNTED}[^,;.]*\bđồng bằng"),
    (
        AreaType.RURAL,
        r"^\W*(?:số |tổng số )?xã (?:ở |thuộc )?(?:khu vực |vùng )?nông thôn\b(?! mới)",
    ),
    (AreaType.WARD, r"^\W*(?:số |tổng số )?phường\b(?!,? (?:và )?xã)"),
    (AreaType.TOWN, r"^\W*(?:số |tổng số )?thị trấn\b(?!,? (?:và )?(?:xã|phường))"),
)
"""Sorts of communes, by the words right behind a figure that counts them."""

_TWO_SORTS = (
    rf"{_NUMBER_OF}(?:phường,? (?:và )?thị trấn|thị trấn,? (?:và )?phường)\b(?!,? (?:và )?xã)"
)
"""Wards and townships together are neither of the two, nor all."""


def counts_communes(figure: FigureRead) -> bool:
    """Tell whether the words right behind a figure say what communes it counts."""
    return has(_COUNTED, figure.right)


def counts_two_sorts(figure: FigureRead) -> bool:
    """Tell whether it is of two sorts of communes together, for which no area is there."""
    return has(_TWO_SORTS, figure.right)


def communes_of(figure: FigureRead) -> AreaType | None:
    """Return the sort of communes that a figure counts, where it is not all of them."""
    return next((area for area, said in _COMMUNES_OF if has(said, figure.right)), None)


def area_of(figure: FigureRead) -> AreaType | None:
    """Return the sort of area that a figure is for, by the words behind it, else before it."""
    behind = words(r"^\s*(?:ở|tại|đối với|trong|khu vực|vùng)[^,;.]{0,60}").match(figure.right)
    for text in (behind[0] if behind else "", figure.left[-90:]):
        if has(_MOUNTAIN, text):
            return AreaType.MOUNTAIN
        if has(_LOWLAND, text):
            return AreaType.LOWLAND
    return None


def scope_of(indicator: Indicator, said: FigureSaid) -> TargetScope:
    own = TargetScope(indicator.extra.get("scope", TargetScope.UNIT))
    if indicator.code == "clubs_new" and each_place(said.figure.left):
        return TargetScope.PER_COMMUNE
    clause = f"{said.figure.left[-60:]} {said.figure.right}"
    either = indicator.code in {"volunteers", "loan_access_pct", "helped_cases"}
    if either and has(known.PER_CLUB, f"{said.opening()} {clause}"):
        return TargetScope.PER_CLUB
    return own


def counting_of(indicator: Indicator, said: FigureSaid) -> CountsFrom:
    own = CountsFrom(indicator.extra.get("counts_from", CountsFrom.NEW))
    if indicator.measure is Measure.COUNT and has(_YEARLY, said.figure.left[-50:]):
        return CountsFrom.YEARLY
    return CountsFrom.CUMULATIVE if has(r"lũy kế|luỹ kế", said.figure.left) else own


def denominator_of(indicator: Indicator) -> str | None:
    """Return the only denominator that an indicator has; where it has several, none is guessed."""
    return None if indicator.extra.get("denominators") else indicator.denominator_code


_BACK = re.compile(r"[;:(]|\btrong đó\b|\bvới\b", re.IGNORECASE)
_AHEAD = re.compile(r"[;(]|\.(?=\s|$)|\btrong đó\b|\bvới\b", re.IGNORECASE)


def clause_of(sentence: str, figure: FigureRead, following: FigureRead | None) -> str:
    """Return the words of a figure's clause as they are printed, up to where the next begins."""
    begun = max(figure.start - len(figure.left), 0)
    marks = [match.end() for match in _BACK.finditer(sentence, begun, figure.start)]
    if begun:
        comma = sentence.rfind(",", begun, figure.start)
        marks.append(comma + 1 if comma >= 0 else (begun if marks else figure.start))
    start = max(marks, default=begun)
    until = following.start if following else len(sentence)
    ahead = _AHEAD.search(sentence, figure.end, until)
    end = ahead.start() if ahead else until
    if following is not None and ahead is None:
        comma = sentence.rfind(",", figure.end, until)
        end = comma if comma >= 0 else until
    return " ".join(sentence[start:end].split()).strip(" ,;.")


def source_of(node: Node) -> str:
    """Return where a paragraph stands by the numbering over it: "II.2.a"."""
    found = [re.sub(r"[\s.)/:–-]+$", "", one.marker) for one in node.path() if one.kind != "bullet"]
    parts = [text for text in found if text]
    if len(parts) > 1 and parts[-1].startswith(parts[-2] + "."):
        parts.pop(-2)
    return ".".join(parts)[:60]
