"""Know the words around an amount: its source and tier, whether it is a yearly rate, a sum, for
one of something, and what it is for.
"""

import re
from fractions import Fraction

from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit, figures
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import Topic, section_of
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import MoneyLevel, MoneySource
from lth.models.unit import Level

SOURCES = (
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
LEVELS = (
    (MoneyLevel.CENTRAL, r"ngân sách (?:trung ương|tw)|nstw"),
    (MoneyLevel.PROVINCE, r"ngân sách (?:cấp |của )?tỉnh|\btỉnh (?:bố trí|hỗ trợ|cấp)\b"),
    (
        MoneyLevel.DISTRICT,
        r"ngân sách (?:cấp |của |các )*(?:huyện|thị xã|quận)|"
        r"\b(?:huyện|thị xã|quận) (?:bố trí|hỗ trợ|cấp)\b",
    ),
    (MoneyLevel.COMMUNE, r"ngân sách (?:cấp |của |các )*(?:xã|phường|thị trấn|đặc khu)"),
)
OWN_TIER = {
    Level.PROVINCE: MoneyLevel.PROVINCE,
    Level.DISTRICT: MoneyLevel.DISTRICT,
    Level.COMMUNE: MoneyLevel.COMMUNE,
}
_A_YEAR = r"^\s*(?:đồng|đ)?\s*\)?\s*/\s*năm|^[^,;.]{0,12}(?:mỗi|một) năm"


def is_aid(plain: str) -> bool:
    """Tell whether what is raised is aid or grants, no contributions of people and firms."""
    aid = words(r"tài trợ|viện trợ").search(plain) is not None
    only_other = words(SOURCES[3][1]).search(plain) and not words(SOURCES[2][1]).search(plain)
    return bool(aid and not words(r"xã hội h|đóng góp|nhân dân").search(plain)) or bool(only_other)


def stands_alone(node: Node) -> bool:
    """Tell whether a paragraph is an item of its own right under the heading about money, or a
    paragraph there that nothing numbered stands above.
    """
    parent = node.parent
    if parent is None or section_of(node) is not Topic.BUDGET:
        return False
    if is_heading(node):
        return False
    beside = any(has_money(one) for one in parent.children if one is not node)
    return is_heading(parent) or not parent.path() or beside


def is_heading(node: Node) -> bool:
    """Tell whether a paragraph is the heading "Kinh phí" itself."""
    return (
        len(node.text) < 90
        and has(r"kinh phí|dự toán|tài chính|nguồn vốn", node.text)
        and (bool(node.children) and not has(r"^ngân sách", node.text))
    )


def has_money(node: Node) -> bool:
    """Tell whether a paragraph has an amount of money."""
    return any(one.unit is FigureUnit.MONEY for one in figures(node.text[:2000]))


def is_source(node: Node) -> bool:
    """Tell whether a heading may name a source: "Kinh phí thực hiện" alone does not."""
    return not has(r"^(?:nguồn )?kinh phí(?: thực hiện)?\W*$", node.text)


def source_in(text: str) -> MoneySource | None:
    """Return the source that a text names first, if any."""
    plain = toneless(text)
    found = [(match.start(), source) for source, pattern in SOURCES
             if (match := words(pattern).search(plain))]  # fmt: skip
    return min(found)[1] if found else None


def is_rate(figure: FigureRead) -> bool:
    """Tell whether an amount is one a year."""
    return has(_A_YEAR, figure.right) or has(r"(?:mỗi|một|hằng|hàng) năm[^,;.]{0,30}$", figure.left)


def years_of(sentence: str) -> int | None:
    """Return for how many years a yearly amount is, where its sentence says it."""
    for one in periods.mentions(sentence):
        if one.span.start is not None and one.span.start < one.span.end:
            return one.span.end - one.span.start + 1
    match = words(r"trong (\d{1,2}) năm").search(toneless(sentence))
    return int(match[1]) if match else None


def is_summed(text: str) -> bool:
    """Tell whether the first amount of a paragraph is the sum of all that follow in it."""
    found = [one for one in figures(text) if one.unit is FigureUnit.MONEY]
    first = found[:1]
    rest = [one.low for one in found[1:] if not has(_A_YEAR, one.right)]
    opens = bool(first) and has(r"trong đó|gồm|cụ thể|^\s*\(", first[0].right)
    return opens and len(rest) > 1 and first[0].low == sum(rest)


def is_of_a_year(node: Node) -> bool:
    """Tell whether a paragraph's sum is only of one year: "Năm 2023: … (ngân sách …)"."""
    at = periods.lead(node.text)
    return at is not None and not at.until and at.span.start == at.span.end


def unit_of(figure: FigureRead) -> str:
    """Return what an amount is for one of: "câu lạc bộ" of "20 triệu đồng/câu lạc bộ"."""
    if has(r"(?:mỗi|từng) (?:câu lạc bộ|clb)(?: mới)?(?: thành lập)?\W*$", figure.left):
        return "câu lạc bộ"
    match = words(r"^\s*(?:/|cho mỗi |mỗi )\s*(?:0?1\s*)?(câu lạc bộ|clb|xã|lớp|người|buổi)").match(
        figure.right
    )
    return {"câu lac bô": "câu lạc bộ", "clb": "câu lạc bộ", "xa": "xã", "lơp": "lớp",
            "ngươi": "người", "buôi": "buổi"}[match[1].lower()] if match else ""  # fmt: skip


def whole_dong(value: Fraction) -> int | None:
    """Return an amount in whole đồng, or None where it is none."""
    return int(value) if value.denominator == 1 and value <= 10**15 else None


def activity_of(node: Node, sentence: str, figure: FigureRead) -> str:
    """Return what the money is for: the words before the amount, behind it, or the heading."""
    before = sentence[: figure.start].strip(" :,.-(")
    after = sentence[figure.end :].strip(" ,.;()/")
    text = before if len(before.split()) >= 4 else f"{before} {after}"
    text = re.sub(r"\s+", " ", text).strip(" :,.;-")
    if len(text.split()) < 2 and node.parent is not None:
        text = f"{node.parent.text[:200]} {text}"
    return shortened(text or node.text)


def shortened(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" :;.")[:480]
