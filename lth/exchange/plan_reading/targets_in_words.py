"""Take targets that are said in words, without a figure: priorities, meetings once a month."""

from collections.abc import Iterator

from lth.content.model import Span, TargetLine
from lth.core.i18n import N_, Message
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.figures import covered
from lth.exchange.plan_reading.found import Quote
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.target_words import source_of
from lth.exchange.plan_reading.wording import has, words
from lth.models.content import Comparator, TargetScope

IN_WORDS = Message(N_("Chỉ tiêu bằng lời, không có số."))

_MONTHLY = (
    "meetings_month",
    TargetScope.PER_CLUB,
    r"sinh hoạt (?:câu lạc bộ |clb )?(?:định kỳ )?(?:hằng|hàng|mỗi) tháng"
    r"(?! (?:0?\d|một|hai|ít nhất|tối thiểu))",
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


def in_words(
    node: Node, sentence: str, start: int, phase: Span | None
) -> Iterator[tuple[TargetLine, Quote, tuple[Message, ...]]]:
    """Yield the targets that a sentence under "Chỉ tiêu" says without a figure."""
    if not _is_specific(node):
        return
    plain = covered(sentence)
    for code, scope, pattern in (_MONTHLY, *_QUALITIES):
        match = words(pattern).search(plain)
        if match is None:
            continue
        text = " ".join(sentence[match.start() : match.end()].split())
        at = start + match.start()
        monthly = code == "meetings_month"
        line = TargetLine(
            "", code, periods.key_of(phase),
            Comparator.EQ if monthly else Comparator.QUALITATIVE,
            low=100 if monthly else None, scope=scope, wording=text, source_ref=source_of(node),
        )  # fmt: skip
        yield line, Quote(node.line_at(at), at, text), () if monthly else (IN_WORDS,)


def _is_specific(node: Node) -> bool:
    """Tell whether a paragraph stands under "Chỉ tiêu", or "Mục tiêu cụ thể", no general aim."""
    return not any(
        has(r"^(?:mục tiêu(?: chung| tổng quát)?|mục đích|yêu cầu)\W*$", one.text.partition(":")[0])
        for one in node.path()[-2:]
    )
