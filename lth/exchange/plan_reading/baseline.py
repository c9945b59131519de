"""Find figures of the state of things (thực trạng): how many older persons, clubs, members there
are at the start. A figure is taken once, the first time; what is unclear is left.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lth.content.line_types import Baseline
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit, figures, sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.indicator_rules import IndicatorRule
from lth.exchange.plan_reading.indicator_words import CLUB, COMMUNE, OLDER
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_form, is_under
from lth.exchange.plan_reading.target_words import TO_COME, FigureSaid, clause_of
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models import Indicator
from lth.models.content import Comparator
from lth.models.parts import Part
from lth.models.programme import Measure

LONGEST_SENTENCE = 4000
_WHOLE = {Measure.PERCENT: 100, Measure.RATE: 100}
_UNCLEAR = (None, Comparator.LT, Comparator.LTE)
_AIM = rf"{TO_COME}|mục tiêu|chương trình|kế hoạch là|phải\s|cần (?:có|đạt)"
_AS_OF = (
    r"(?:tính đến|đến|tại thời điểm|cuối|số liệu)(?: nay| hết| cuối| ngày| tháng| năm|\s*\()*\s*"
    r"(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}/\d{4}|20[0-4]\d)"
)
_ONE_PLACE = r"nghèo|cô đơn|khó khăn|từ ¤|đủ ¤|trên ¤|được|tham gia|hưởng|khuyết tật|là nữ|neo đơn"
_LISTED = (
    r"(?:thôn|ấp|bản|khu|khóm|tổ dân phố|xã|thị trấn|phường|hộ|khẩu|chi hội|người dân)\s*,?\s*"
    r"(?:với|và|có)?\s*$"
)
_GIVEN = r"giúp|hỗ trợ|chăm sóc|khám|tặng|vay|thăm|chúc thọ|mừng thọ|trợ cấp|câu lạc bộ|clb"


@dataclass
class BaselineReader:
    """Reads the state of things of one plan; `indicators` are its programme's."""

    indicators: Mapping[str, Indicator]
    items: list[FoundItem] = field(default_factory=list)

    def read(self, root: Node) -> None:
        """Read every paragraph under a heading about what there is already."""
        for node in root.walk():
            if node.cells or is_form(node) or not is_under(node, Topic.PAST):
                continue
            as_of = _of_headings(node)
            for start, whole in sentences(node.text):
                sentence = whole[:LONGEST_SENTENCE]
                as_of = _as_of(sentence) or as_of
                if not has(_AIM, sentence):
                    self._sentence(node, start, sentence, as_of)

    def _sentence(self, node: Node, start: int, sentence: str, as_of: str) -> None:
        clubs: Fraction | None = None
        found = figures(sentence)
        for at, figure in enumerate(found):
            before = toneless(sentence[: figure.start])
            one = figure.low == figure.high and figure.comparator not in _UNCLEAR
            if not one or figure.unit is not FigureUnit.COUNT:
                continue
            code = _indicator(figure, before, clubs)
            if code is None:
                continue
            if code == "clubs_existing":
                clubs = figure.low
            following = found[at + 1] if at + 1 < len(found) else None
            text = clause_of(sentence, figure, following)
            quote = Quote(node.line_at(start + figure.start), start, text)
            self._add(code, figure.low, as_of, quote)

    def take(self, said: FigureSaid, rule: IndicatorRule | None, head: str) -> None:
        """Take a cell of a table's column about what there is already, of an indicator known."""
        if rule is None or said.figure.low != said.figure.high:
            return
        years = re.findall(r"\d{1,2}/\d{1,2}/20\d\d|20\d\d", head)
        scale = _WHOLE.get(self.indicators[rule.indicator].measure, 1)
        value = said.figure.low * scale
        if value.denominator == 1:
            self._add(rule.indicator, value, years[-1] if years else "", said.quote)

    def _add(self, code: str, value: Fraction, as_of: str, quote: Quote) -> None:
        there = any(isinstance(one.line, Baseline) and one.line.indicator == code
                    for one in self.items)  # fmt: skip
        if code not in self.indicators or there or value > 10**15:
            return
        line = Baseline("", indicator=code, value=int(value), as_of=as_of, wording=quote.text)
        sureness = Sureness.SURE if as_of else Sureness.LIKELY
        self.items.append(FoundItem(Part.BASELINE, line, quote, sureness))


def _indicator(figure: FigureRead, before: str, clubs: Fraction | None) -> str | None:
    """Return the indicator that a figure of what there is says, by the words on both sides."""
    left, right = figure.left, figure.right
    if _is_population(left, right):
        return "older_population"
    member = words(r"^\s*(?:người )?(?:là )?(?P<who>hội viên|thành viên)").match(right)
    with_clubs = has(CLUB, before)
    if member is not None:
        return _of_members(left, right, has(r"^hôi", member["who"]), with_clubs)
    if words(rf"^\s*(?:mô hình )?{CLUB}").match(right):
        return "clubs_existing" if _is_existing(left, right) else None
    if words(rf"^\s*{COMMUNE}").match(right):
        return _of_communes(figure, before, clubs)
    return None


def _of_members(left: str, right: str, may_be_of_association: bool, with_clubs: bool) -> str | None:
    """Return whether people are the members of the clubs, or those of the association."""
    if has(r"bình quân|mỗi|mới|kết nạp", left):
        return None
    if may_be_of_association and not with_clubs:
        return None if has(CLUB, right[:60]) else "older_members_assoc"
    if has(r"trong đó\W*$", left) or not with_clubs:
        return None
    return "members_total" if has(r"(?:với|có|thu hút|gồm|tổng số|là)\s*$", left) else None


def _is_population(left: str, right: str) -> bool:
    """Tell whether a figure is of all older persons of the area, no group of them."""
    if has(rf"{_GIVEN}|trong đó|trong số", left[-70:]):
        return False
    if words(rf"^\s*(?:người là )?{OLDER}\b(?!\s*(?:{_ONE_PLACE}))").match(right):
        return has(rf"(?:có|là|:|gồm)\s*$|^\W*$|{_LISTED}", left)
    counted = has(rf"(?:tổng số )?{OLDER}(?:[^,;.](?!{_ONE_PLACE}))*(?:là|có|:)\s*$", left)
    return counted and words(rf"^\s*(?:người|cụ)\b(?!\s*(?:{_ONE_PLACE}))").match(right) is not None


def _is_existing(left: str, right: str) -> bool:
    own = rf"^\s*(?:mô hình )?{CLUB}(?: liên thế hệ(?: tự giúp nhau)?)?\s*"
    only_some = words(
        rf"{own}(?:có (?:quỹ|số)|hoạt động|thực hiện|chưa|ngừng|được|đạt|mới|đủ|là)"
    ).match(right)
    founded = has(r"(?:đã|thành lập được|xây dựng được|hiện có|duy trì|có|lên|ra mắt)", left)
    yearly = has(r"thành lập mới|trong năm|mỗi|trong đó|bình quân", left) and not has(
        r"nâng (?:tổng )?số[^;.]*lên\W*$", left
    )
    return only_some is None and founded and not yearly


def _of_communes(figure: FigureRead, before: str, clubs: Fraction | None) -> str | None:
    """Return whether communes are those with a club, or all there are, if it is plain."""
    if clubs is not None:
        near = has(r"(?:tại|ở|trên|thuộc)\s*$", figure.left) and figure.low <= clubs
        return "communes_with_club" if near else None
    several = words(r"^\s*(?:xã|phường)\s*,?\s*(?:và )?(?:phường|thị trấn|đặc khu)").match(
        figure.right
    )
    placed = has(r"(?:ở|tại|trên|có|gồm|của)\s*$", figure.left)
    with_club = has(CLUB, f"{before[-200:]} {figure.right}")
    return "communes_total" if several and placed and not with_club else None


def _as_of(sentence: str) -> str:
    """Return the day or the year that a sentence's figures are of, as it is printed."""
    match = words(_AS_OF).search(toneless(sentence))
    if match is not None:
        return sentence[match.start("day") : match.end("day")]
    named = periods.mentions(sentence)
    return str(named[0].span.end) if named and named[0].start < 30 else ""


def _of_headings(node: Node) -> str:
    """Return the year that a heading over a paragraph names: "Kết quả năm 2023"."""
    for one in reversed(node.path()[:-1]):
        named = periods.mentions(one.text) if len(one.text) < 150 else []
        if named:
            return str(named[-1].span.end)
    return ""
