"""Find what a plan gives each office to do, and the tasks that name who leads."""

import re

from lth.content.line_types import LONGEST_TEXT, Task
from lth.content.schema import LINE_TYPES
from lth.core.i18n import N_, Message
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.offices import office_in
from lth.exchange.plan_reading.sections import Topic, is_under, section_of
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import Part

_VERBS = (
    r"(?:là cơ quan|tổng hợp|báo cáo|lập |đảm bảo|bảo đảm|huy động|cung cấp|nghiêm túc|"
    r"kiểm tra|chủ trì|phối hợp|chỉ đạo|tham mưu|trực tiếp|tổ chức (?:thực hiện|triển khai|"
    r"tuyên|tập|khám|các lớp|hướng)|xây dựng|tăng cường|"
    r"triển khai|hướng dẫn|chịu trách nhiệm|hỗ trợ|bố trí|căn cứ|trên cơ sở|thực hiện|vận động|"
    r"tuyên truyền|thẩm định|cân đối|phổ biến|có trách nhiệm|tiếp tục|đẩy mạnh|theo dõi|quan tâm|"
    r"tạo điều kiện|rà soát|tham gia|giám sát|lồng ghép|trong phạm vi|thường xuyên|tập trung)"
)
NO_SECTION = Message(N_("Không nằm dưới mục “Tổ chức thực hiện”."))
_FOOT = r"^(?:trên đây|đề nghị các|yêu cầu các|trong quá trình|căn cứ kế hoạch|nơi nhận)"
_LONGEST_NAME = 190


def duties(root: Node) -> list[FoundItem]:
    """List the offices that the plan gives something to do, with its words."""
    found: list[FoundItem] = []
    taken: list[Node] = []
    for node in root.walk():
        if node.cells or any(one in taken for one in node.path()[:-1]):
            continue
        heading = _heading(node)
        if heading is None:
            continue
        agency, text = heading
        below = [one for one in node.walk() if not has(_FOOT, one.text)]
        whole = "\n".join([text, *(one.text for one in below if not one.cells)]).strip()
        if not whole:
            continue
        taken.append(node)
        sure = is_under(node, Topic.DUTIES)
        line = LINE_TYPES[Part.DUTY].build("", agency=agency[:200], text=whole[:LONGEST_TEXT])
        quote = Quote(node.number, 0, node.text[:200])
        sureness = Sureness.SURE if sure else Sureness.LIKELY
        found.append(FoundItem(Part.DUTY, line, quote, sureness, () if sure else (NO_SECTION,)))
    return found


def _heading(node: Node) -> tuple[str, str] | None:
    """Return the office that a paragraph begins with, and what follows on it."""
    if not _may_head(node):
        return None
    head, parted, rest = _parted(node)
    office = office_in(head)
    alone = not parted and (node.kind == "bullet" or not any(one.text for one in node.children))
    if alone or office is None or len(office) > _LONGEST_NAME or has(rf"^{_VERBS}", office):
        return None
    return re.sub(r"(?i)\s*\((?:cơ quan|đơn vị)[^)]*\)$", "", office), rest


def _may_head(node: Node) -> bool:
    """Tell whether a paragraph may be an office's: numbered, under no other heading than about
    duties, and with no offices of its own below.
    """
    if node.kind in {"", "part", "article", "upper", "roman"} or office_in(node.text) is None:
        return False
    if not is_under(node, Topic.DUTIES) and section_of(node) is not Topic.NONE:
        return False
    below = (one for one in node.children if one.kind not in {"", "bullet"})
    return not any(office_in(one.text) for one in below)


def _parted(node: Node) -> tuple[str, bool, str]:
    """Part "Phòng Y tế: Phối hợp …" or "Phòng Y tế phối hợp …" at where the duty begins."""
    text = node.text
    head, colon, rest = text.partition(":")
    if colon and len(head) <= _LONGEST_NAME:
        return head.strip(), True, rest.strip()
    if node.children and len(text) <= _LONGEST_NAME and not text.endswith((".", ";")):
        return text.strip(" :"), False, ""
    match = words(rf"[\s,]+(?={_VERBS}\b)").search(toneless(text), 8)
    if match is not None and match.start() <= _LONGEST_NAME:
        return text[: match.start()].strip(" ,"), True, text[match.end() :].strip()
    return text.strip(" .;"), False, ""


_LEADS = r"^\W*(?:cơ quan|đơn vị)?\s*chủ trì(?: thực hiện)?\s*:\s*"
_WITH = r"^\W*(?:cơ quan|đơn vị)?\s*phối hợp(?: thực hiện)?\s*:\s*"


def tasks(root: Node) -> list[FoundItem]:
    """List the tasks below which a line says who leads ("Cơ quan chủ trì: …")."""
    found: list[FoundItem] = []
    for node in root.walk():
        match = words(_LEADS).match(toneless(node.text))
        if match is None or len(node.path()) < 2:
            continue
        above = [
            one for one in node.path()[:-1] if not has(r"^cơ quan thực hiện|^nội dung", one.text)
        ]
        if not above:
            continue
        siblings = node.parent.children if node.parent else []
        helped = (one.text for one in siblings if words(_WITH).match(toneless(one.text)))
        helpers = next(helped, "")
        line = Task(
            "",
            title=above[-1].text.strip(" .:")[:2000],
            leads=_names(node.text[match.end() :]),
            coordinating=_names(helpers.partition(":")[2]),
        )
        quote = Quote(node.number, 0, node.text[:200])
        found.append(FoundItem(Part.TASK, line, quote))
    return found


def _names(text: str) -> tuple[str, ...]:
    """Part a list of offices at semicolons, and at commas before what begins as an office."""
    parts = re.split(r"[;.]|,(?=\s(?:các|Các|Phòng|Sở|Hội|Trạm|Trung|Văn|Ủy|UBND|Ban)\b)", text)
    return tuple(part.strip(" .,;")[:200] for part in parts if part.strip(" .,;"))
