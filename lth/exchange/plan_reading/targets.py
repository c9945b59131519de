"""Find targets: figures whose indicator and comparator the words beside them make plain."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lth.content.model import Span, TargetLine
from lth.core.i18n import Message
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.counts import COUNTS, MONEY
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit, covered, figures, sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Unplaced
from lth.exchange.plan_reading.indicator_rules import IndicatorRule, WordsAround, matching
from lth.exchange.plan_reading.indicator_words import OTHER_CLUBS
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_form, is_under, section_of
from lth.exchange.plan_reading.shares import SHARES
from lth.exchange.plan_reading.target_doubts import (
    AND_ANOTHER_YEAR,
    AS_BEFORE,
    BARE_SHARE,
    EACH_COMMUNE,
    ELSEWHERE,
    NO_INDICATOR,
    SAME_AS_BEFORE,
    STACKED,
    VAGUE,
    goes_with,
    unclear,
)
from lth.exchange.plan_reading.target_list import TargetList
from lth.exchange.plan_reading.target_words import (
    GOES_ON,
    NOUN,
    TO_COME,
    FigureSaid,
    area_of,
    clause_of,
    communes_of,
    counting_of,
    counts_communes,
    denominator_of,
    is_each_commune,
    scope_of,
    source_of,
    within,
    years_of_heading,
)
from lth.exchange.plan_reading.targets_in_words import in_words
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models import Indicator
from lth.models.content import AreaType, Comparator
from lth.models.programme import Measure

LONGEST_SENTENCE = 4000
MOST_FIGURES = 80
"""More than any sentence of a plan has, in characters and figures: an odd one must not hold up."""

_RULES = {
    FigureUnit.PERCENT: SHARES,
    FigureUnit.COUNT: COUNTS,
    FigureUnit.MONEY: MONEY,
}
_OF_COMMUNES = frozenset({"commune_coverage_pct", "communes_with_club"})
_WHOLE = {Measure.PERCENT: 100, Measure.RATE: 100}


@dataclass
class TargetReader:
    """Reads the targets of one plan; `indicators` are its programme's, `made` the year it was made,
    `of_wards` is told of a unit that has no other communes.

    `items` and `unplaced` grow in the order of the text.
    """

    indicators: Mapping[str, Indicator]
    whole: Span | None
    phases: list[Span]
    made: int | None = None
    of_wards: bool = False
    found: TargetList = field(default_factory=TargetList)
    unplaced: list[Unplaced] = field(default_factory=list)
    until: dict[int, Span] = field(default_factory=dict)
    above: dict[int, list[str]] = field(default_factory=dict)

    @property
    def items(self) -> list[FoundItem]:
        """Return the targets found so far."""
        return self.found.items

    def read(self, root: Node) -> None:
        """Read every paragraph below `root` that may have targets."""
        for node in (root, *root.walk()):
            self.until |= periods.headings_until(node.children)
        for node in root.walk():
            skipped = node.cells or is_form(node) or is_under(node, Topic.BASES, Topic.REPORTING)
            if not skipped:
                self._paragraph(node)

    # --- A paragraph ----------------------------------------------------------------------

    def _paragraph(self, node: Node) -> None:
        section = section_of(node)
        carried: periods.YearsNamed | None = periods.lead(node.text)
        before: IndicatorRule | None = None
        headings = " ".join(one.text for one in node.path()[:-1] if len(one.text) < 200)
        beside = self._beside(node) if section is Topic.TARGETS else ""
        near = toneless(f"{headings[:500]}\n{beside}\n{node.text[:LONGEST_SENTENCE]}")
        for start, whole in sentences(node.text):
            sentence = whole[:LONGEST_SENTENCE]
            found = figures(sentence)[:MOST_FIGURES]
            years = periods.mentions(sentence)
            plain, past = covered(sentence), False
            for at, figure in enumerate(found):
                following = found[at + 1] if at + 1 < len(found) else None
                mention = self._mention(sentence, years, figure, following, carried)
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
            if section is Topic.TARGETS:
                self._in_words(node, sentence, start, carried)
            if not sentence.rstrip().endswith(";"):
                carried = periods.lead(node.text)
            elif years and years[-1].start < 40:
                carried = years[-1]

    def _beside(self, node: Node) -> str:
        """Return the paragraphs above one under its heading: what they are of, it is of too."""
        above = self.above.setdefault(id(node.parent), [])
        said = " ".join(above)
        above.append(node.text[:300])
        del above[:-4]
        return said

    def _mention(
        self,
        sentence: str,
        years: list[periods.YearsNamed],
        figure: FigureRead,
        following: FigureRead | None,
        carried: periods.YearsNamed | None,
    ) -> periods.YearsNamed | None:
        left = [one for one in years if one.end <= figure.start]
        behind = [one for one in years if figure.end <= one.start < figure.end + len(figure.right)]
        of_other = figure.left.strip() and left and left[-1].end > figure.start - len(figure.left)
        if behind and of_other and has(AND_ANOTHER_YEAR, figure.left):
            return behind[0]
        if left:
            return left[-1]
        of_next = following is not None and following.low == following.high == 1
        until = following.end + len(following.right) if following and of_next else 0
        until = max(until, figure.end + len(figure.right))
        near = [one for one in years if figure.end <= one.start < until and one.until]
        if near and carried is not None and carried.until:
            return near[0]
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
        doubt = unclear(figure, rule)
        if doubt is not None:
            self._leave(said, doubt, rule.indicator)
            return None
        self.take(said, rule, area=self._area(figure, rule) or AreaType.ALL)
        return rule

    def _area(self, figure: FigureRead, rule: IndicatorRule) -> AreaType | None:
        """Return the sort of area that a figure is for; in a quận all communes are wards."""
        if rule.indicator not in _OF_COMMUNES or not counts_communes(figure):
            return area_of(figure)
        area = communes_of(figure)
        return None if area is AreaType.WARD and self.of_wards else area

    def _as_before(self, said: "FigureSaid", before: IndicatorRule | None) -> IndicatorRule | None:
        """Take a figure that only names a sort of area for one of the indicator before it."""
        figure = said.figure
        area = area_of(figure)
        alike = before is not None and figure.unit is before.unit
        if before is not None and alike and goes_with(said, before):
            self.take(said, before, area=AreaType.ALL, why=(SAME_AS_BEFORE,))
            return before
        if before is not None and alike and area and not words(NOUN).search(figure.right):
            self.take(said, before, area=area, why=(AS_BEFORE,))
            return before
        if not figure.in_words:
            self._leave(said, NO_INDICATOR)
        return None

    def rule_for(self, said: "FigureSaid") -> IndicatorRule | None:
        """Return the rule that a figure and the words around it meet, if any."""
        figure, rules = said.figure, _RULES[said.figure.unit]
        if has(OTHER_CLUBS, f"{figure.left[-60:]} {figure.right}"):
            return None
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
        self.found.add(line, said.quote, why)

    def leave_vague(self, said: FigureSaid, rule: IndicatorRule) -> None:
        """List a figure of a known indicator that is only "khoảng"."""
        self._leave(said, VAGUE, rule.indicator)

    def _leave(self, said: "FigureSaid", why: Message, suggestion: str = "") -> None:
        if said.section is Topic.TARGETS or suggestion:
            self.unplaced.append(Unplaced(said.quote, why, suggestion))

    def _each_commune(self, said: "FigureSaid") -> IndicatorRule:
        rule = next(one for one in SHARES if one.indicator == "commune_coverage_pct")
        hundred = Fraction(100)
        figure = replace(said.figure, low=hundred, high=hundred, comparator=Comparator.EQ)
        self.take(replace(said, figure=figure), rule, AreaType.ALL, (EACH_COMMUNE,))
        return rule

    def _in_words(
        self, node: Node, sentence: str, start: int, carried: periods.YearsNamed | None
    ) -> None:
        for line, quote, why in in_words(node, sentence, start, self._phase(node, carried)):
            if line.indicator in self.indicators:
                self.found.add(line, quote, why)


def _stored(value: Fraction) -> int | None:
    return int(value) if value.denominator == 1 and value < 10**15 else None
