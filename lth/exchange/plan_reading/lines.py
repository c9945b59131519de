"""Make paragraphs of the lines of a text, and of their numbering (any of it) a tree.

A line is known by its number in what was extracted, so that each finding points back to it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from statistics import quantiles

from lth.core.vietnamese import nfc
from lth.exchange.plan_reading.wording import UPPER, has, toneless, words

MOST_LINES = 20_000
LONGEST = 20_000
CELL = "\t"

_RULE = re.compile(r"[\s_\-–—=*.·•~]*")
_PAGE = re.compile(r"(?:trang\s*)?[-–—\s]*\d{1,3}(?:\s*/\s*\d{1,3})?[-–—\s]*", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_GAP = re.compile(r" {3,}|\t+")
_WAITS = re.compile(r"(?:số\s*:?|ngày|tháng|năm)\s*$", re.IGNORECASE)
_BARS = re.compile(r"\s*\|\s*")
_END = re.compile(r"[.;:!?…/]\s*$")
_UNFINISHED = (
    r"(?:\b(?:của|và|các|với|cho|về|tại|từ|đến|trên|là|có|được|theo|ngày|tháng|năm|số|ở|hoặc|để|"
    r"nhằm|trong|gồm|ít nhất|tối thiểu|câu|câu lạc|người cao|ủy ban)|[,\-–(])\s*$"
)
_MARKERS = (
    ("part", r"(?:phần|chương|mục)\s+(?:thứ\s+\w+|[IVX]+|\d{1,2})\b\s*[.:\-–]?"),
    ("article", r"điều\s+\d{1,2}\s*[.:]"),
    ("upper", r"[A-HĐ]\s?[.)/\-–](?=\s)"),
    ("roman", rf"[IVX]{{1,5}}\s?[.)/:\-–](?=[\s{UPPER}])"),
    ("decimal3", r"\d{1,2}\.\d{1,2}\.\d{1,2}[.)/:]?(?=\s)"),
    ("decimal2", r"\d{1,2}\.\d{1,2}[.)/:]?(?=\s)"),
    ("decimal", rf"\d{{1,2}}(?:\.|\)|/|-)(?=[\s{UPPER}])"),
    ("letter", r"[a-hđi-n](?:\)|\.|/)(?=\s)"),
    ("bullet", rf"[-–•*●▪+](?=\s|[{UPPER}])\s*"),
)
_MARKER = re.compile(
    "|".join(f"(?P<{name}>(?i:{p}))" if name in {"part", "article"} else f"(?P<{name}>{p})"
             for name, p in _MARKERS)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as extracted: its number from 1, its text; `cells` where it is a row of a table."""

    number: int
    text: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Where in a paragraph the text of a raw line begins."""

    start: int
    number: int


@dataclass(slots=True)
class Node:
    """A paragraph with what is numbered below it; `text` is without `marker` ("II.", "a)", "-").

    `kind` is the sort of its marker, empty where it has none; `cells` where it is a table's row.
    """

    text: str
    number: int
    kind: str = ""
    marker: str = ""
    cells: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    def path(self) -> list["Node"]:
        """List the nodes from the top down to this one, the root left out."""
        found: list[Node] = []
        at: Node | None = self
        while at is not None and at.parent is not None:
            found.append(at)
            at = at.parent
        return found[::-1]

    def walk(self) -> list["Node"]:
        """List everything below, in the order of the text."""
        found: list[Node] = []
        waiting = self.children[::-1]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting += one.children[::-1]
        return found

    def line_at(self, position: int) -> int:
        """Return the number of the raw line that a place in the text came from."""
        found = self.number
        for piece in self.pieces:
            if piece.start <= position:
                found = piece.number
        return found


def raw_lines(text: str) -> list[RawLine]:
    """Part a text into lines: composed, spaces single, rules and page numbers left out.

    What a head or a foot prints in two columns becomes two lines; a row of a table keeps cells.
    """
    found: list[RawLine] = []
    composed = unicodedata.normalize("NFC", text)
    for number, line in enumerate(composed.splitlines()[:MOST_LINES], 1):
        found += _of_line(number, line[:LONGEST])
    return found


def _of_line(number: int, line: str) -> list[RawLine]:
    if line.count("|") >= 2 or line.count(CELL) >= 2:
        parted = _BARS.split(line.strip().strip("|")) if "|" in line else line.split(CELL)
        cells = tuple(_clean(cell) for cell in parted)
        if all(re.fullmatch(r"[-:–\s]*", cell) for cell in cells):
            return []
        return [RawLine(number, " | ".join(cell for cell in cells if cell), cells)]
    apart = (_clean(part) for part in _columns(line.strip()))
    texts = [text for part in apart for text in side_by_side(part)]
    return [RawLine(number, text) for text in texts if text and not _is_noise(text)]


def _columns(line: str) -> list[str]:
    """Part a line at wide gaps, but for the gap that waits for a number or a day to be written."""
    found: list[str] = []
    for part in _GAP.split(line):
        if found and _WAITS.search(found[-1]):
            found[-1] += " " + part
        else:
            found.append(part)
    return found


_SIDES = (
    r"(?<=\w)\s+(?=cộng h[oò]à? xã hội|độc lập\s*[-–]\s*tự do)|"
    r"(?<=^nơi nhận:)\s+(?=\S)|(?<=[;.:)])\s+(?=(?:tm|kt|tl|tuq)\s*\.\s?\w)|"
    r"(?<=[;.)])\s+(?=\(đã ký\))"
)
_POST = re.compile(
    r"(?<=[;.)])(?<!T\.)(?<!L\.)(?<!Q\.)\s+"
    r"(?=(?:PHÓ |Q\. ?)?(?:CHỦ TỊCH|TRƯỞNG PHÒNG|GIÁM ĐỐC|TRƯỞNG BAN)\b)"
)
_PLACE_DAY = re.compile(rf"(?<=\w)\s+(?=[{UPPER}][\w ]{{1,40}},\s*ngày\s)")


def side_by_side(text: str) -> list[str]:
    """Part what a PDF gives as one line: the two columns of a head ("ỦY BAN NHÂN DÂN" and the
    motto, number and day) or of a foot ("Nơi nhận" and who signs).
    """
    if len(text) > 160:
        return [text]
    marks = {match.span() for match in words(_SIDES).finditer(toneless(text))}
    marks |= {match.span() for match in _POST.finditer(text)}
    if text[:2].lower() == "số":
        marks |= {match.span() for match in [_PLACE_DAY.search(text)] if match}
    found, start = [], 0
    for begin, end in sorted(marks):
        found.append(text[start:begin])
        start = end
    return [*found, text[start:]]


def _clean(text: str) -> str:
    return " ".join(nfc(_EMPHASIS.sub("", text)).split())


def _is_noise(text: str) -> bool:
    return bool(_RULE.fullmatch(text) or (_PAGE.fullmatch(text) and len(text) <= 12))


def marker_of(text: str) -> tuple[str, str]:
    """Return the sort and the text of a line's numbering, both empty where it has none."""
    match = _MARKER.match(text)
    if match is None or match.lastgroup is None:
        return "", ""
    return match.lastgroup, match[0]


# --- Lines joined -------------------------------------------------------------------------


def joined(lines: list[RawLine]) -> list[Node]:
    """Join the lines that were broken in the middle of a sentence."""
    width = _width(lines)
    found: list[Node] = []
    pieces: list[list[Piece]] = []
    before = ""
    for line in lines:
        kind, marker = marker_of(line.text) if not line.cells else ("", "")
        if found and kind == "bullet" and _dash_goes_on(before, line.text[len(marker) :], width):
            kind, marker = "", ""
        if found and not line.cells and not kind and _goes_on(found[-1], before, line.text, width):
            node = found[-1]
            glue = "" if not node.text else " "
            pieces[-1].append(Piece(len(node.text) + len(glue), line.number))
            node.text += glue + line.text
        else:
            text = line.text[len(marker) :].strip()
            found.append(Node(text, line.number, kind, marker.strip(), line.cells))
            pieces.append([Piece(0, line.number)])
        before = line.text
    for node, parts in zip(found, pieces, strict=True):
        node.pieces = tuple(parts)
    return found


def _width(lines: list[RawLine]) -> int:
    """Return how wide a text is that breaks its lines itself; 0 where paragraphs are lines."""
    lengths = [len(line.text) for line in lines if not line.cells and len(line.text) > 30]
    if len(lengths) < 4:
        return 0
    high = int(quantiles(lengths, n=20)[-1])
    return high if high <= 130 and max(lengths) <= 160 else 0


def _goes_on(node: Node, before: str, text: str, width: int) -> bool:
    """Tell whether a line goes on with the sentence of the one before."""
    if node.cells or len(node.text) + len(text) > LONGEST:
        return False
    if node.kind and not node.text:
        return True
    start, big = text[0], before.isupper()
    ended = _END.search(before) is not None and not before.rstrip().endswith("…")
    if is_label(text) or (ended and not (before.endswith(";") and start.islower())):
        return False
    if start.islower() or start.isdigit() or start in "%)(,;“":
        return not big
    if start in "-–":
        return True
    return not (big or text.isupper()) and _is_unfinished(before, width)


_AFTER_DASH = (
    r"(?:xã hội|thương binh|kế hoạch|thể thao|du lịch|thông tin|văn hóa|văn hoá|gia đình|đầu tư|"
    r"hạnh phúc|tự do|công nghệ|môi trường|nghề nghiệp|tb|kiểm tra|hạ tầng)\b"
)


def _dash_goes_on(before: str, rest: str, width: int) -> bool:
    """Tell whether a line begins with the dash of a name or a range that was broken there:
    "Phòng Văn hóa / - Xã hội", "giai đoạn 2026 / - 2030".
    """
    if not rest or _END.search(before) is not None:
        return False
    if re.search(r"\b20\d\d$", before.rstrip()):
        return re.match(r"20\d\d\b", rest) is not None
    wide = bool(width) and len(before) > 0.6 * width
    if rest[0].isdigit():
        return wide and before.rstrip("% ")[-1:].isdigit()
    return wide and words(_AFTER_DASH).match(toneless(rest)) is not None


def _is_unfinished(before: str, width: int) -> bool:
    """Tell whether a line ends where a sentence cannot, or where a wide line is broken."""
    wide = bool(width) and len(before) > 0.68 * width and len(before.split()) > 6
    return wide or has(_UNFINISHED, before)


_LABEL = (
    r"(?:số\s*:|\((?:kèm|ban hành)|kính gửi|nơi nhận|căn cứ\s|xét\s|theo đề nghị|"
    r"thực hiện (?:kế hoạch|quyết định|công văn) số|v/v|về việc|độc lập|cộng hòa xã hội|"
    r"tm\.|kt\.|tl\.|tuq\.|q\.\s?ch|\(đã ký\)|kế hoạch$|quyết định:?$|tờ trình$|công văn$|"
    r"phụ lục|trên đây là)"
)


def is_label(text: str) -> bool:
    """Tell whether a line begins something of its own by its words."""
    return words(_LABEL).match(toneless(text)) is not None


# --- The tree -----------------------------------------------------------------------------


def tree(nodes: list[Node]) -> Node:
    """Put each paragraph below the heading it stands under; return the root.

    A sort of marker that is open goes on at its level; one that is not is a level deeper: so
    numbering may be any. What has no marker stands below the last that has one.
    """
    root = Node("", 0)
    stack: list[Node] = [root]
    closed = False
    for node in nodes:
        if node.kind:
            if node.kind != "bullet":
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
            while len(stack) > 1 and stack[-1].kind == "bullet":
                stack.pop()
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
