"""Put paragraphs below the headings they stand under: by their numbering, whatever it is."""

from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import toneless, words

CAPITALS, SUBHEADING, YEARS = "capitals", "subheading", "years"
"""Sorts of headings that have no number: they are known by their words."""


def tree(nodes: list[Node]) -> Node:
    """Put each paragraph below the heading it stands under; return the root.

    A sort of marker that is open goes on at its level; one that is not is a level deeper: so
    numbering may be any. What has no marker stands below the last that has one, but for headings
    that are known by their words: those in capitals, "Mục tiêu cụ thể", "Giai đoạn 2026 - 2030:".
    """
    root = Node("", 0)
    stack: list[Node] = [root]
    closed = False
    for node in nodes:
        node.kind = node.kind or _heading_kind(node, inside=len(stack) > 1)
        if node.kind == CAPITALS:
            del stack[1:]
            _below(root, node)
            stack.append(node)
        elif node.kind == "bullet":
            _close_for_bullet(stack, node)
            _below(stack[-1], node)
            stack.append(node)
        elif node.kind in {SUBHEADING, YEARS}:
            _close_bullets(stack)
            _close_from(stack, node.kind)
            _below(stack[-1], node)
            stack.append(node)
        elif node.kind:
            _close_bullets(stack)
            open_at = next((i for i, one in enumerate(stack) if one.kind == node.kind), None)
            if open_at is not None:
                del stack[open_at:]
            elif node.kind in {"part", "article"}:
                del stack[1:]
            elif node.kind in _HIGHER:
                _close_above(stack, node.kind)
            elif node.kind.startswith("decimal"):
                _close_letters(stack)
            _below(stack[-1], node)
            stack.append(node)
        else:
            if starts_a_paper(node.text) or closed or ends_a_part(node.text):
                del stack[1:]
            _close_bullets(stack)
            _below(stack[-1], node)
        closed = node.text.rstrip(" .").endswith("/")
    return root


_HIGHER = {"upper": ("part", "article"), "roman": ("part", "article", "upper")}
_KIND_LINE = r"(?:quyết định|kế hoạch|tờ trình|phụ lục(?:\s.*)?|công văn|báo cáo)"


def starts_a_paper(text: str) -> bool:
    """Tell whether a line is the name of a sort of paper, alone: "KẾ HOẠCH"."""
    return words(_KIND_LINE).fullmatch(toneless(text.strip())) is not None


def ends_a_part(text: str) -> bool:
    """Tell whether a line stands below all that is numbered: "Nơi nhận", "TM. …", "Trên đây …"."""
    return words(_FOOT).match(toneless(text)) is not None


_FOOT = r"(?:nơi nhận|tm\.|kt\.|tl\.|tuq\.|trên đây là|cộng hòa xã hội|độc lập)"


_TOPICS = (
    r"(?:mục đích|mục tiêu|chỉ tiêu|yêu cầu|quan điểm|căn cứ|thực trạng|tình hình|kết quả|phạm vi|"
    r"đối tượng|thời gian|nội dung|nhiệm vụ|giải pháp|hoạt động|(?:nguồn |dự toán )?kinh phí|"
    r"tổ chức(?: triển khai)? thực hiện|phân công|chế độ báo cáo)"
)
_SUBHEADING = (
    r"(?:các )?(?:mục tiêu|chỉ tiêu|mục đích|yêu cầu)(?: chung| tổng quát| cụ thể| chủ yếu)?\s*:?"
)
_YEARS = (
    r"(?:từ nay )?(?:giai đoạn|đến|từ|trong|định hướng)?(?:\s*(?:hết|cuối|đến|năm|và|tới))*"
    r"[\s(]*20\d\d(?:\s*(?:[-–—]|đến(?: năm)?)\s*20\d\d)?\)?\s*:?"
)


def _heading_kind(node: Node, *, inside: bool) -> str:
    """Return what sort of heading a paragraph without a number is by its words, if it is one;
    `inside`: some heading stands over it, so it is no line of a title.
    """
    text = node.text.strip()
    if node.cells or len(text) > 90:
        return ""
    plain = toneless(text)
    if text.isupper():
        is_topic = words(_TOPICS).match(plain) and not words(r"đề án|câu lạc bộ").search(plain)
        return CAPITALS if is_topic and not text.endswith((".", ";", ",")) else ""
    if inside and words(_YEARS).fullmatch(plain):
        return YEARS
    return SUBHEADING if words(_SUBHEADING).fullmatch(plain) else ""


def _close_for_bullet(stack: list[Node], node: Node) -> None:
    """Close the bullets that a bullet goes on beside; one that opens a list stays open.

    "+" stands below "-"; another sign stands below a bullet that ends with a colon.
    """
    opened = next((i for i, one in enumerate(stack) if one.kind == "bullet"), None)
    if opened is None:
        return
    for at in range(opened, len(stack)):
        if _sign(stack[at]) == _sign(node) and not _opens_years(stack[at], node):
            del stack[at:]
            return
    last = stack[-1]
    opens = last.text.rstrip().endswith(":") or _opens_years(last, node) or node.marker == "+"
    if not opens:
        del stack[opened:]


def _sign(node: Node) -> str:
    return "-" if node.marker[:1] in {"-", "–"} else node.marker[:1]


def _opens_years(above: Node, node: Node) -> bool:
    """Tell whether a bullet is "- Giai đoạn 2026 - 2030:" and the next one is not."""
    years = words(_YEARS)
    return (
        above.text.rstrip().endswith(":")
        and years.fullmatch(toneless(above.text.strip())) is not None
        and years.fullmatch(toneless(node.text.strip())) is None
    )


def _close_from(stack: list[Node], kind: str) -> None:
    opened = next((i for i, one in enumerate(stack) if one.kind == kind), None)
    if opened is not None:
        del stack[opened:]


def _close_above(stack: list[Node], kind: str) -> None:
    while len(stack) > 1 and stack[-1].kind not in _HIGHER[kind]:
        stack.pop()


def _close_bullets(stack: list[Node]) -> None:
    while len(stack) > 1 and stack[-1].kind == "bullet":
        stack.pop()


def _close_letters(stack: list[Node]) -> None:
    while len(stack) > 1 and stack[-1].kind == "letter":
        stack.pop()


def _below(parent: Node, node: Node) -> None:
    node.parent = parent
    parent.children.append(node)
