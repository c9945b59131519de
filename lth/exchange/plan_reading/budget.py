"""Find lines of a budget: amounts with their source, tier and year, and sources without amounts."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lth.content.line_types import BudgetLine
from lth.core.i18n import N_, Message
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit, figures, sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness, Unplaced
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, is_under, section_of
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.content import Comparator
from lth.models.parts import MoneyLevel, MoneySource, Part
from lth.models.unit import Level

_SOURCES = (
    (MoneySource.STATE, r"ngân sách|nsnn|nstw|nhà nước hỗ trợ"),
    (
        MoneySource.FUND,
        r"nguồn quỹ|các quỹ|\bquỹ (?:an sinh|chăm sóc|tín dụng|vì người nghèo|phúc lợi|toàn dân)",
    ),
    (
        MoneySource.SOCIAL,
        r"xã hội h[oó]a|xhh|tổ chức,? (?:và )?cá nhân|doanh nghiệp|nhân dân|đóng góp|nhà hảo tâm|"
        r"cộng đồng|huy động(?! (?:các )?nguồn (?:lực )?tài trợ)|vận động(?! tài trợ)",
    ),
    (MoneySource.OTHER, r"tài trợ|viện trợ|nguồn (?:vốn )?(?:hợp pháp )?khác"),
)
_LEVELS = (
    (MoneyLevel.CENTRAL, r"ngân sách (?:trung ương|tw)|nstw"),
    (MoneyLevel.PROVINCE, r"ngân sách (?:cấp |của )?tỉnh"),
    (MoneyLevel.DISTRICT, r"ngân sách (?:cấp |của )?(?:huyện|thị xã|quận)"),
    (MoneyLevel.COMMUNE, r"ngân sách (?:cấp |của )?(?:xã|phường|thị trấn)"),
)
OWN_TIER = {
    Level.PROVINCE: MoneyLevel.PROVINCE,
    Level.DISTRICT: MoneyLevel.DISTRICT,
    Level.COMMUNE: MoneyLevel.COMMUNE,
}
_TOTAL = r"tổng (?:kinh phí|cộng|dự toán|nhu cầu|số|mức|nguồn)|^\W*cộng\b|^\W*tổng\b"
_OPENS = r"(?:gồm|trong đó|như sau|cụ thể|sau)\s*(?:đây)?\s*:?\s*$"
_A_YEAR = r"^\s*(?:đồng|đ)?\s*\)?\s*/\s*năm|^[^,;.]{0,12}(?:mỗi|một) năm"

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
        summed = _is_summed(node.text[:LONGEST_PARAGRAPH])
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
                elif last is not None and _is_rate(figure, sentence):
                    self._rate(last, amount)
                elif inside:
                    self.unplaced.append(Unplaced(quote, PART_OF))
                elif (summed and not any_found_before) or self._is_total(node, figure, sentence):
                    self.total, self.total_quote = amount, quote
                else:
                    last = self._line(node, figure, sentence, amount, quote)
                inside |= has(r"trong đó", figure.right) and not node.children and not summed
        return any_found

    def _is_product(self, at: int, between: str, amount: int | None) -> bool:
        """Take "200 triệu đồng/năm x 3 năm = 600 triệu đồng" for one line with its sum."""
        line = self.items[at].line
        if not isinstance(line, BudgetLine) or not has(r"[x×*]\s*\d+[^=]*=\s*$", between):
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
        below = [one for one in node.walk() if _has_money(one)]
        opens = has(_OPENS, node.text.rstrip(" :.") + " ") or node.text.rstrip().endswith(":")
        return bool(below) and opens and not _is_rate(figure, sentence)

    def _line(
        self, node: Node, figure: FigureRead, sentence: str, amount: int, quote: Quote
    ) -> int:
        around = f"{figure.left} {figure.right}"
        above = " ".join(one.text[:300] for one in node.path()[:-1][::-1] if _is_source(one))
        source = source_in(around) or source_in(sentence) or source_in(above)
        level = self.tier_of(around) or self.tier_of(sentence) or self.tier_of(above)
        if source is not MoneySource.STATE:
            level = None
        elif level is None and has(r"ngân sách (?:cấp )?(?:thành phố)", f"{sentence} {above}"):
            level = OWN_TIER.get(self.level) if self.level else None
        near = sentence[max(0, figure.start - 40) : figure.start]
        at = periods.lead(node.text) or next(iter(periods.mentions(near)[::-1]), None)
        year = at.span.end if at and at.span.start == at.span.end and not at.until else None
        a_year, each = _is_rate(figure, sentence), _each(figure)
        years = _years_of(sentence) if a_year else None
        line = BudgetLine(
            "",
            activity=_activity(node, sentence, figure),
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
        return next((level for level, pattern in _LEVELS if words(pattern).search(plain)), None)

    # --- Without amounts ------------------------------------------------------------------

    def _sources(self, node: Node, sentence: str = "") -> None:
        """Take each source that a paragraph names without an amount, unless one above has it."""
        if not sentence and (any(map(_has_money, node.walk())) or not _stands_alone(node)):
            return
        first = sentence or (node.text.partition(":")[0] if node.children else node.text)
        plain = toneless(first)
        for source, pattern in _SOURCES:
            match = words(pattern).search(plain)
            if match is None or (source is MoneySource.SOCIAL and self._only_funds(plain)):
                continue
            if source is (MoneySource.SOCIAL if _is_aid(plain) else MoneySource.OTHER):
                continue
            level = self.tier_of(first) if source is MoneySource.STATE else None
            line = BudgetLine("", activity=_short(node.text), source=source, level=level)
            quote = Quote(node.number, match.start(), node.text[:300])
            self.items.append(FoundItem(Part.BUDGET, line, quote, Sureness.LIKELY, (NO_AMOUNT,)))

    def _only_funds(self, plain: str) -> bool:
        without = words(r"(?:huy động|vận động)(?: sự)?(?: đóng góp)?(?: từ)?(?: các)?").sub(
            "", plain
        )
        fund, social = words(_SOURCES[1][1]), words(_SOURCES[2][1])
        return bool(fund.search(plain)) and not social.search(without)


def _is_aid(plain: str) -> bool:
    """Tell whether what is raised is aid or grants, no contributions of people and firms."""
    aid = words(r"tài trợ|viện trợ").search(plain) is not None
    only_other = words(_SOURCES[3][1]).search(plain) and not words(_SOURCES[2][1]).search(plain)
    return bool(aid and not words(r"xã hội h|đóng góp|nhân dân").search(plain)) or bool(only_other)


def _stands_alone(node: Node) -> bool:
    """Tell whether a paragraph is an item of its own right under the heading about money, or a
    paragraph there that nothing numbered stands above.
    """
    parent = node.parent
    if parent is None or section_of(node) is not Topic.BUDGET:
        return False
    if is_heading(node):
        return False
    return is_heading(parent) or not parent.path()


def is_heading(node: Node) -> bool:
    """Tell whether a paragraph is the heading "Kinh phí" itself."""
    return (
        len(node.text) < 90
        and has(r"kinh phí|dự toán|tài chính|nguồn vốn", node.text)
        and (bool(node.children) and not has(r"^ngân sách", node.text))
    )


def _has_money(node: Node) -> bool:
    return any(one.unit is FigureUnit.MONEY for one in figures(node.text[:2000]))


def _is_source(node: Node) -> bool:
    return not has(r"^(?:nguồn )?kinh phí(?: thực hiện)?\W*$", node.text)


def source_in(text: str) -> MoneySource | None:
    """Return the source that a text names first, if any."""
    plain = toneless(text)
    found = [(match.start(), source) for source, pattern in _SOURCES
             if (match := words(pattern).search(plain))]  # fmt: skip
    return min(found)[1] if found else None


def _is_rate(figure: FigureRead, sentence: str) -> bool:
    return has(_A_YEAR, figure.right) or has(r"(?:mỗi|một|hằng|hàng) năm[^,;.]{0,30}$", figure.left)


def _years_of(sentence: str) -> int | None:
    for one in periods.mentions(sentence):
        if one.span.start is not None and one.span.start < one.span.end:
            return one.span.end - one.span.start + 1
    match = words(r"trong (\d{1,2}) năm").search(toneless(sentence))
    return int(match[1]) if match else None


def _is_summed(text: str) -> bool:
    """Tell whether the first amount of a paragraph is the sum of all that follow in it."""
    found = [one for one in figures(text) if one.unit is FigureUnit.MONEY]
    first, rest = found[:1], [one.low for one in found[1:]]
    opens = bool(first) and has(r"trong đó|gồm|cụ thể", first[0].right)
    return opens and len(rest) > 1 and first[0].low == sum(rest)


def _each(figure: FigureRead) -> str:
    """Return what an amount is for one of: "câu lạc bộ" of "20 triệu đồng/câu lạc bộ"."""
    match = words(r"^\s*(?:/|cho mỗi |mỗi )\s*(?:0?1\s*)?(câu lạc bộ|clb|xã|lớp|người|buổi)").match(
        figure.right
    )
    return {"câu lac bô": "câu lạc bộ", "clb": "câu lạc bộ", "xa": "xã", "lơp": "lớp",
            "ngươi": "người", "buôi": "buổi"}[match[1].lower()] if match else ""  # fmt: skip


def whole_dong(value: Fraction) -> int | None:
    """Return an amount in whole đồng, or None where it is none."""
    return int(value) if value.denominator == 1 and value <= 10**15 else None


def _activity(node: Node, sentence: str, figure: FigureRead) -> str:
    """Return what the money is for: the words before the amount, behind it, or the heading."""
    before = sentence[: figure.start].strip(" :,.-(")
    after = sentence[figure.end :].strip(" ,.;()/")
    text = before if len(before.split()) >= 4 else f"{before} {after}"
    text = re.sub(r"\s+", " ", text).strip(" :,.;-")
    if len(text.split()) < 2 and node.parent is not None:
        text = f"{node.parent.text[:200]} {text}"
    return _short(text or node.text)


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" :;.")[:480]
