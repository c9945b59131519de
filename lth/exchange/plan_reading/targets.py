"""Find targets: figures whose indicator and comparator the words beside them make plain."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lth.content.model import Span, TargetLine
from lth.core.i18n import N_, Message
from lth.exchange.plan_reading import indicators as known
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit, covered, figures, sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness, Unplaced
from lth.exchange.plan_reading.indicators import IndicatorRule, WordsAround, matching
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_under, section_of
from lth.exchange.plan_reading.target_words import (
    GOES_ON,
    NOUN,
    TO_COME,
    FigureSaid,
    area_of,
    clause_of,
    counting_of,
    denominator_of,
    each_place,
    is_each_commune,
    scope_of,
    source_of,
    within,
    years_of_heading,
)
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, TargetScope
from lth.models.programme import Measure

TARGET = "target"
LONGEST_SENTENCE = 4000
MOST_FIGURES = 80
"""More than any sentence of a plan has, in characters and figures: an odd one must not hold up."""

_RULES = {
    FigureUnit.PERCENT: known.SHARES,
    FigureUnit.COUNT: known.COUNTS,
    FigureUnit.MONEY: known.MONEY,
}
_WHOLE = {Measure.PERCENT: 100, Measure.RATE: 100}

VAGUE = Message(N_("Có “khoảng”, “gần”: không rõ là ít nhất, đúng bằng hay nhiều nhất."))
NO_INDICATOR = Message(N_("Có số nhưng chưa rõ là chỉ tiêu nào."))
BARE_SHARE = Message(N_("Không có từ so sánh; tỷ lệ phải đạt được hiểu là “ít nhất”."))
ELSEWHERE = Message(N_("Nằm ngoài phần mục tiêu, chỉ tiêu."))
AS_BEFORE = Message(N_("Câu chỉ nêu vùng: hiểu là cùng chỉ tiêu với số đứng trước."))
EACH_COMMUNE = Message(N_("“Mỗi xã có ít nhất một câu lạc bộ” được hiểu là tất cả các xã."))
YEARS_UNCLEAR = Message(N_("Những năm chỉ nói bằng lời (“hai năm đầu”): chưa rõ là năm nào."))
_YEARS_IN_WORDS = r"năm (?:đầu|cuối|còn lại|tiếp theo|sau)\b"
IN_WORDS = Message(N_("Chỉ tiêu bằng lời, không có số."))
EACH_PLACE = Message(
    N_("Chỉ tiêu cho từng nơi (mỗi huyện, mỗi thôn): cần ghi con số của cả đơn vị.")
)
STACKED = Message(N_("Có hai cách so sánh chồng nhau (“ít nhất”, “trở lên” cùng một khoảng)."))


@dataclass
class TargetReader:
    """Reads the targets of one plan; `indicators` are its programme's, `made` the year it was made.

    `items` and `unplaced` grow in the order of the text.
    """

    indicators: Mapping[str, Indicator]
    whole: Span | None
    phases: list[Span]
    made: int | None = None
    items: list[FoundItem] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    until: dict[int, Span] = field(default_factory=dict)

    def read(self, root: Node) -> None:
        """Read every paragraph below `root` that may have targets."""
        for node in (root, *root.walk()):
            self.until |= periods.headings_until(node.children)
        for node in root.walk():
            if not node.cells and not is_under(node, Topic.BASES, Topic.REPORTING):
                self._paragraph(node)

    # --- A paragraph ----------------------------------------------------------------------

    def _paragraph(self, node: Node) -> None:
        section = section_of(node)
        carried: periods.YearsNamed | None = periods.lead(node.text)
        before: IndicatorRule | None = None
        headings = " ".join(one.text for one in node.path()[:-1] if len(one.text) < 200)
        near = toneless(f"{headings[:500]}\n{node.text[:LONGEST_SENTENCE]}")
        for start, whole in sentences(node.text):
            sentence = whole[:LONGEST_SENTENCE]
            found = figures(sentence)[:MOST_FIGURES]
            years = periods.mentions(sentence)
            plain, past = covered(sentence), False
            for at, figure in enumerate(found):
                mention = self._mention(sentence, years, figure, carried)
                following = found[at + 1] if at + 1 < len(found) else None
                quote = Quote(
                    node.line_at(start + figure.start),
                    start,
                    clause_of(sentence, figure, following),
                )
                one = FigureSaid(node, section, plain, near, figure, following, quote, mention)
                goes_on = has(f"{GOES_ON}|{TO_COME}", figure.left)
                past = one.is_past() or (past and not goes_on)
                if not past:
                    before = self._figure(one, before)
            self._in_words(node, section, sentence, start, self._phase(node, carried))
            if not sentence.rstrip().endswith(";"):
                carried = periods.lead(node.text)
            elif years and years[-1].start < 40:
                carried = years[-1]

    def _mention(
        self,
        sentence: str,
        years: list[periods.YearsNamed],
        figure: FigureRead,
        carried: periods.YearsNamed | None,
    ) -> periods.YearsNamed | None:
        left = [one for one in years if one.end <= figure.start]
        if left:
            return left[-1]
        right = [
            one
            for one in years
            if one.start >= figure.end
            and (one.until or has(r"^trong\s", sentence[one.start : one.end]))
        ]
        return carried or (right[0] if right else None)

    def _phase(self, node: Node, mention: periods.YearsNamed | None) -> Span | None:
        """Return the years that a figure is for; None for the whole of the plan."""
        around = self._around(node)
        if mention is None:
            found = around
        else:
            found = periods.resolved(mention, around, self.whole, self.phases)
            if not mention.until and around and within(around, found) is None:
                found = mention.span
        return None if found is None or found == self.whole else found

    def _around(self, node: Node) -> Span | None:
        """Return the years that the nearest heading over a paragraph names."""
        for one in reversed(node.path()[:-1]):
            at = periods.lead(one.text) or years_of_heading(one.text)
            if at is None:
                continue
            if at.until and one.number in self.until:
                span = self.until[one.number]
                ends = [phase for phase in self.phases if phase.end == span.end]
                start = self.whole.start if self.whole else None
                return ends[0] if ends else Span(span.start or start, span.end)
            return periods.resolved(at, None, self.whole, self.phases)
        return None

    # --- A figure -------------------------------------------------------------------------

    def _figure(self, said: "FigureSaid", before: IndicatorRule | None) -> IndicatorRule | None:
        """Take a figure for a target where it is one; return the rule that it was taken by."""
        figure = said.figure
        if said.section is Topic.BUDGET:
            return None
        if is_each_commune(figure, said):
            nested = before is not None and before.indicator == "commune_coverage_pct"
            return before if nested else self._each_commune(said)
        rule = self.rule_for(said)
        if rule is None:
            return self._as_before(said, before)
        if figure.in_words and said.section is not Topic.TARGETS:
            return None
        unclear = _unclear(figure, rule)
        if unclear is not None:
            self._leave(said, unclear, rule.indicator)
            return None
        self.take(said, rule, area=area_of(figure) or AreaType.ALL)
        return rule

    def _as_before(self, said: "FigureSaid", before: IndicatorRule | None) -> IndicatorRule | None:
        """Take a figure that only names a sort of area for one of the indicator before it."""
        figure = said.figure
        area = area_of(figure)
        alike = before is not None and figure.unit is before.unit
        if before is not None and alike and area and not words(NOUN).search(figure.right):
            self.take(said, before, area=area, why=(AS_BEFORE,))
            return before
        if not figure.in_words:
            self._leave(said, NO_INDICATOR)
        return None

    def rule_for(self, said: "FigureSaid") -> IndicatorRule | None:
        """Return the rule that a figure and the words around it meet, if any."""
        figure, rules = said.figure, _RULES[said.figure.unit]
        for subject in said.subjects():
            around = f"{figure.left[-60:]} {said.right()}"
            words_said = WordsAround(subject, figure.left, around, said.sentence, said.near)
            rule = matching(rules, words_said)
            if rule is not None and rule.indicator in self.indicators:
                return rule
        return None

    def take(
        self, said: "FigureSaid", rule: IndicatorRule, area: AreaType, why: tuple[Message, ...] = ()
    ) -> None:
        """Add the target that a figure is by a rule."""
        figure, indicator = said.figure, self.indicators[rule.indicator]
        comparator = figure.comparator or Comparator.EQ
        kept = has(r"duy trì(?: \w+){0,3}\s*$", figure.left)
        if comparator is Comparator.EQ and kept and "clubs_maintained" not in rule.indicator:
            comparator = Comparator.MAINTAIN
        is_share = indicator.measure is Measure.PERCENT and rule.at_least
        if comparator is Comparator.EQ and is_share and figure.low < 100:
            comparator, why = Comparator.GTE, (*why, BARE_SHARE)
        if comparator is Comparator.BETWEEN and has(r"trở lên", figure.right[:40]):
            why = (*why, STACKED)
        if said.section is not Topic.TARGETS:
            why = (*why, ELSEWHERE)
        scale = _WHOLE.get(indicator.measure, 1)
        low, high = _stored(figure.low * scale), _stored(figure.high * scale)
        if low is None or high is None:
            self._leave(said, NO_INDICATOR, rule.indicator)
            return
        phase = self._phase(said.node, said.mention)
        if phase is not None and self.made is not None and phase.end < self.made:
            return
        upper = comparator in {Comparator.LTE, Comparator.LT}
        line = TargetLine(
            key="",
            indicator=indicator.code,
            phase=periods.key_of(phase),
            comparator=comparator,
            low=None if upper else low,
            high=high if upper or comparator is Comparator.BETWEEN else None,
            scope=scope_of(indicator, said),
            counts_from=counting_of(indicator, said),
            denominator=rule.denominator or denominator_of(indicator),
            area=area,
            wording=said.quote.text,
            source_ref=source_of(said.node),
        )
        self._add(line, said.quote, why)

    def _add(self, line: TargetLine, quote: Quote, why: tuple[Message, ...]) -> None:
        """Add a target, but for one that is there already; a floor and a ceiling are a range."""
        for at, item in enumerate(self.items):
            there = item.line
            if not isinstance(there, TargetLine) or _what(there) != _what(line):
                continue
            if _value(there) == _value(line):
                return
            both = (there.comparator, line.comparator)
            if both == (Comparator.GTE, Comparator.LTE) and at == len(self.items) - 1:
                joined = replace(there, comparator=Comparator.BETWEEN, high=line.high)
                self.items[at] = replace(item, line=joined)
                return
        if ELSEWHERE in why and any(_same_elsewhere(item.line, line) for item in self.items):
            return
        sureness = Sureness.LIKELY if why else Sureness.SURE
        self.items.append(FoundItem(TARGET, line, quote, sureness, why))

    def _leave(self, said: "FigureSaid", why: Message, suggestion: str = "") -> None:
        if said.section is Topic.TARGETS or suggestion:
            self.unplaced.append(Unplaced(said.quote, why, suggestion))

    def _each_commune(self, said: "FigureSaid") -> IndicatorRule:
        rule = next(one for one in known.SHARES if one.indicator == "commune_coverage_pct")
        hundred = Fraction(100)
        figure = replace(said.figure, low=hundred, high=hundred, comparator=Comparator.EQ)
        self.take(replace(said, figure=figure), rule, AreaType.ALL, (EACH_COMMUNE,))
        return rule

    # --- Targets in words -----------------------------------------------------------------

    def _in_words(
        self, node: Node, section: Topic, sentence: str, start: int, phase: Span | None
    ) -> None:
        if section is not Topic.TARGETS or not _is_specific(node):
            self._monthly(node, section, sentence, start, phase)
            return
        self._monthly(node, section, sentence, start, phase)
        plain = covered(sentence)
        for code, scope, pattern in _QUALITIES:
            match = words(pattern).search(plain)
            if match is None or code not in self.indicators:
                continue
            text = " ".join(sentence[match.start() : match.end()].split())
            quote = Quote(node.line_at(start + match.start()), start + match.start(), text)
            line = TargetLine(
                "", code, periods.key_of(phase), Comparator.QUALITATIVE, scope=scope,
                wording=text, source_ref=source_of(node),
            )  # fmt: skip
            self._add(line, quote, (IN_WORDS,))

    def _monthly(
        self, node: Node, section: Topic, sentence: str, start: int, phase: Span | None
    ) -> None:
        """Take "sinh hoạt định kỳ hằng tháng", which has no figure, for once a month."""
        match = words(_MONTHLY).search(covered(sentence))
        if match is None or section is not Topic.TARGETS or not _is_specific(node):
            return
        if "meetings_month" not in self.indicators:
            return
        text = sentence[match.start() : match.end()]
        quote = Quote(node.line_at(start + match.start()), start + match.start(), text)
        around = phase or self._around(node)
        line = TargetLine(
            "", "meetings_month", periods.key_of(None if around == self.whole else around),
            Comparator.EQ, low=100, scope=TargetScope.PER_CLUB, wording=text,
            source_ref=source_of(node),
        )  # fmt: skip
        self._add(line, quote, ())


_MONTHLY = (
    r"sinh hoạt (?:câu lạc bộ |clb )?(?:định kỳ )?(?:hằng|hàng|mỗi) tháng(?! (?:0?\d|một|hai))"
)
_QUALITIES = (
    ("loans_members", TargetScope.UNIT, r"ưu tiên[^,;.]*(?:nghèo|khó khăn)[^,;.]*vay vốn"),
    (
        "members_poor",
        TargetScope.PER_CLUB,
        r"ưu tiên (?:kết nạp )?(?:người|nct|phụ nữ|thành viên|hội viên)[^,;.]*(?:nghèo|khó khăn)"
        r"(?![^,;.]*vay)",
    ),
    ("members_ethnic", TargetScope.UNIT, r"(?:chú trọng|ưu tiên)[^;.]*dân tộc[^;.]*"),
    (
        "health_check_year",
        TargetScope.PER_MEMBER,
        r"(?:mọi|mỗi|tất cả|toàn bộ) thành viên[^;.\d]*nâng cao (?:\w+ ){0,3}?sức khỏe[^;.]*",
    ),
)


def _unclear(figure: FigureRead, rule: IndicatorRule) -> Message | None:
    """Say why a figure of a known indicator is no target as it stands, if it is none."""
    if has(_YEARS_IN_WORDS, figure.left):
        return YEARS_UNCLEAR
    if rule.indicator == "clubs_new" and each_place(figure.left) is TargetScope.UNIT:
        return EACH_PLACE
    return VAGUE if figure.comparator is None else None


def _is_specific(node: Node) -> bool:
    """Tell whether a paragraph stands under "Chỉ tiêu", or "Mục tiêu cụ thể", no general aim."""
    return not any(
        has(r"^(?:mục tiêu(?: chung| tổng quát)?|mục đích|yêu cầu)\W*$", one.text.partition(":")[0])
        for one in node.path()[-2:]
    )


def _stored(value: Fraction) -> int | None:
    return int(value) if value.denominator == 1 and value < 10**15 else None


def _what(line: TargetLine) -> tuple[object, ...]:
    return (line.indicator, line.phase, line.area, line.counts_from)


def _value(line: TargetLine) -> tuple[object, ...]:
    return (line.comparator, line.low, line.high)


def _same_elsewhere(there: object, line: TargetLine) -> bool:
    """Tell whether a target said again outside its part has been taken with the same figure."""
    return (
        isinstance(there, TargetLine)
        and there.indicator == line.indicator
        and _value(there) == _value(line)
        and there.area == line.area
        and there.phase in {"", line.phase}
    )
