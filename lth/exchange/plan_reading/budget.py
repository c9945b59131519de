"""Find lines of a budget: amounts with their source, tier and year, and sources without amounts."""

from dataclasses import dataclass, field, replace

from lth.content.line_types import BudgetLine
from lth.core.i18n import N_, Message
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.budget_words import (
    LEVELS,
    OWN_TIER,
    SOURCES,
    activity_of,
    has_money,
    is_aid,
    is_of_a_year,
    is_rate,
    is_source,
    is_summed,
    shortened,
    source_in,
    stands_alone,
    unit_of,
    whole_dong,
    years_of,
)
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit, figures, sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness, Unplaced
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_under, section_of
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.content import Comparator
from lth.models.parts import MoneyLevel, MoneySource, Part
from lth.models.unit import Level

_TOTAL = r"tổng (?:kinh phí|cộng|dự toán|nhu cầu|số|mức|nguồn)|^\W*cộng\b|^\W*tổng\b"
_OPENS = r"(?:gồm|trong đó|như sau|cụ thể|sau)\s*(?:đây)?\s*:?\s*$"

LONGEST_PARAGRAPH = 6000

NO_SOURCE = Message(N_("Không rõ nguồn nào chi."))
ABOUT = Message(N_("Văn bản ghi “trên”, “khoảng” hoặc một mức: số tiền này chỉ là mức đó."))
PART_OF = Message(N_("Số tiền này nằm trong khoản đứng trước."))
NO_AMOUNT = Message(N_("Chỉ nêu nguồn, không có số tiền."))
NO_BUDGET_PLACE = Message(N_("Có số tiền nhưng không rõ là khoản nào."))


@dataclass
class BudgetReader:
    """Reads the budget of one plan, of a unit of `level`."""

    level: Level | None
    total: int | None = None
    total_quote: Quote | None = None
    items: list[FoundItem] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)

    def read(self, root: Node) -> None:
        """Read every paragraph under a heading about money."""
        for node in root.walk():
            if node.cells or not is_under(node, Topic.BUDGET):
                continue
            if section_of(node) is Topic.DUTIES or is_under(node, Topic.DUTIES):
                continue
            if not self._amounts(node):
                self._sources(node)

    # --- With amounts ---------------------------------------------------------------------

    def _amounts(self, node: Node) -> bool:
        """Take the amounts of a paragraph; tell whether it has any."""
        inside = any_found = False
        seen = any_found_before = False
        summed = is_summed(node.text[:LONGEST_PARAGRAPH])
        for start, sentence in sentences(node.text[:LONGEST_PARAGRAPH]):
            money = [one for one in figures(sentence) if one.unit is FigureUnit.MONEY]
            any_found |= bool(money)
            if not money and any_found:
                self._sources(node, sentence)
            last: int | None = None
            ended = 0
            for figure in money:
                any_found_before, seen = seen, True
                quote = Quote(node.line_at(start + figure.start), start, sentence.strip()[:300])
                amount = whole_dong(figure.low)
                between, ended = sentence[ended : figure.start], figure.end
                if last is not None and self._is_product(last, between, amount):
                    continue
                if amount is None:
                    self.unplaced.append(Unplaced(quote, NO_BUDGET_PLACE))
                elif last is not None and is_rate(figure):
                    self._rate(last, amount)
                elif inside:
                    self.unplaced.append(Unplaced(quote, PART_OF))
                elif (summed and not any_found_before) or self._is_total(node, figure, sentence):
                    if not is_of_a_year(node):
                        self.total, self.total_quote = amount, quote
                else:
                    last = self._line(node, figure, sentence, amount, quote)
                inside |= has(r"trong đó", figure.right) and not node.children and not summed
        return any_found

    def _is_product(self, at: int, between: str, amount: int | None) -> bool:
        """Take "200 triệu đồng/năm x 3 năm = 600 triệu đồng" for one line with its sum."""
        line = self.items[at].line
        if not isinstance(line, BudgetLine):
            return False
        rate, span = line.annual_rate, words(r"(\d{1,2})\s*năm\s*(?:là|:|=)?\s*$")
        summed = span.search(toneless(between))
        if rate and amount and summed and rate * int(summed[1]) == amount:
            made = replace(line, amount=amount, years=int(summed[1]))
            self.items[at] = replace(self.items[at], line=made)
            return True
        if not has(r"[x×*]\s*\d+[^=]*=\s*$", between):
            return False
        years = words(r"[x×*]\s*(\d{1,2})\s*năm").search(toneless(between))
        count = int(years[1]) if years else None
        self.items[at] = replace(self.items[at], line=replace(line, amount=amount, years=count))
        return True

    def _is_total(self, node: Node, figure: FigureRead, sentence: str) -> bool:
        if self.total is not None:
            return False
        if has(_TOTAL, figure.left):
            return True
        below = [one for one in node.walk() if has_money(one)]
        opens = has(_OPENS, node.text.rstrip(" :.") + " ") or node.text.rstrip().endswith(":")
        return bool(below) and opens and not is_rate(figure)

    def _line(
        self, node: Node, figure: FigureRead, sentence: str, amount: int, quote: Quote
    ) -> int:
        around = f"{figure.left} {figure.right}"
        above = " ".join(one.text[:300] for one in node.path()[:-1][::-1] if is_source(one))
        source = source_in(around) or source_in(sentence) or source_in(above)
        source = source or _source_before(node, quote)
        level = self.tier_of(around) or self.tier_of(sentence) or self.tier_of(above)
        if source is not MoneySource.STATE:
            level = None
        elif level is None and has(r"ngân sách (?:cấp )?(?:thành phố)", f"{sentence} {above}"):
            level = OWN_TIER.get(self.level) if self.level else None
        near = sentence[max(0, figure.start - 40) : figure.start]
        at = periods.lead(node.text) or next(iter(periods.mentions(near)[::-1]), None)
        year = at.span.end if at and at.span.start == at.span.end and not at.until else None
        a_year, each = is_rate(figure), unit_of(figure)
        years = years_of(sentence) if a_year else None
        line = BudgetLine(
            "",
            activity=activity_of(node, sentence, figure),
            source=source,
            level=level,
            year=year,
            amount=None if a_year or each else amount,
            unit=each,
            unit_price=amount if each else None,
            annual_rate=amount if a_year else None,
            years=years,
        ).completed(None)
        why = () if source else (NO_SOURCE,)
        sureness = Sureness.LOOK if why else Sureness.SURE
        if figure.comparator is not Comparator.EQ:
            why, sureness = (*why, ABOUT), max(sureness, Sureness.LIKELY, key=list(Sureness).index)
        self.items.append(FoundItem(Part.BUDGET, line, quote, sureness, why))
        return len(self.items) - 1

    def _rate(self, at: int, amount: int) -> None:
        item = self.items[at]
        if isinstance(item.line, BudgetLine):
            line = BudgetLine(
                "", item.line.activity, item.line.source, item.line.level, item.line.year,
                item.line.amount, annual_rate=amount,
            )  # fmt: skip
            self.items[at] = FoundItem(item.part, line, item.quote, item.sureness, item.why)

    def tier_of(self, text: str) -> MoneyLevel | None:
        """Return the tier of the state budget that a text names, if any."""
        plain = toneless(text)
        return next((level for level, pattern in LEVELS if words(pattern).search(plain)), None)

    def own_tier(self) -> MoneyLevel | None:
        """Return the tier of the unit whose plan it is."""
        return OWN_TIER.get(self.level) if self.level else None

    # --- Without amounts ------------------------------------------------------------------

    def _sources(self, node: Node, sentence: str = "") -> None:
        """Take each source that a paragraph names without an amount, unless one above has it."""
        if not sentence and (any(map(has_money, node.walk())) or not stands_alone(node)):
            return
        first = sentence or (node.text.partition(":")[0] if node.children else node.text)
        plain = toneless(first)
        for source, pattern in SOURCES:
            match = words(pattern).search(plain)
            if match is None or (source is MoneySource.SOCIAL and self._only_funds(plain)):
                continue
            if source is (MoneySource.SOCIAL if is_aid(plain) else MoneySource.OTHER):
                continue
            level = self.tier_of(first) if source is MoneySource.STATE else None
            line = BudgetLine("", activity=shortened(node.text), source=source, level=level)
            quote = Quote(node.number, match.start(), node.text[:300])
            self.items.append(FoundItem(Part.BUDGET, line, quote, Sureness.LIKELY, (NO_AMOUNT,)))

    def _only_funds(self, plain: str) -> bool:
        without = words(r"(?:huy động|vận động)(?: sự)?(?: đóng góp)?(?: từ)?(?: các)?").sub(
            "", plain
        )
        fund, social = words(SOURCES[1][1]), words(SOURCES[2][1])
        return bool(fund.search(plain)) and not social.search(without)


def _source_before(node: Node, quote: Quote) -> MoneySource | None:
    """Return the only source that the clauses before an amount name, in its paragraph."""
    before = node.text[: quote.start][-300:]
    found = {source_in(clause) for clause in before.split(";") if source_in(clause)}
    return found.pop() if len(found) == 1 else None
