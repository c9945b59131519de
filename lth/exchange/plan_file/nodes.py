"""A YAML text as its nodes, each of which knows its line and column.

No value is made of them here: a scalar is its text, so that "no" is a word and 0.6 is exact.
"""

import re
from typing import Any, NoReturn

import yaml
from yaml import Node, ScalarNode

from lth.core.i18n import N_, Message
from lth.exchange.plan_file.problems import FileProblem, PlanFileError

LONGEST = 500_000
"""Characters of a file. The longest plan known has 60,000."""
DEEPEST = 20
"""Levels of nesting; a plan file has four."""
MOST_ITEMS = 2_000
"""Lines of a list, or keys and values of a mapping."""
MOST_NODES = 30_000
"""Texts, lists and mappings of a whole file."""

ALIAS, TOO_DEEP, TOO_MANY_ITEMS, TOO_MANY_NODES = (
    "aliases are not read",
    "nested too deeply",
    "too many items",
    "too many nodes",
)
"""What the loader calls what YAML allows and a plan file does not."""

_NULL = "tag:yaml.org,2002:null"
_HINTS = (
    (
        r"found character '\\t'",
        N_("Không dùng phím Tab ở đây: thụt dòng bằng dấu cách."),
    ),
    (
        r"mapping values are not allowed",
        N_(
            "Dấu hai chấm không đứng được ở đây: đặt cả câu trong ngoặc kép, hoặc xem lại thụt"
            " dòng."
        ),
    ),
    (
        r"could not find expected ':'",
        N_("Sau tên mục cần dấu hai chấm và một dấu cách; xem cả dòng ngay trước."),
    ),
    (
        r"expected <block end>|expected the node content|did not find expected",
        N_("Dòng này thụt vào không khớp với các dòng trước nó."),
    ),
    (
        r"expected ',' or '.', but got '[\[{]'",
        N_("Câu có dấu ngoặc [ hoặc { giữa { và } phải đặt trong ngoặc kép."),
    ),
    (
        r"expected ',' or '.', but got ':'",
        N_("Câu có dấu hai chấm giữa { và } phải đặt trong ngoặc kép."),
    ),
    (
        r"expected ',' or",
        N_("Danh sách hay nhóm mục trên một dòng cần dấu phẩy giữa các phần và dấu đóng ở cuối."),
    ),
    (
        ALIAS,
        N_("Tệp kế hoạch không dùng dấu * để nhắc lại chỗ khác: viết lại đầy đủ ở đây."),
    ),
    (r"but found another document", N_("Mỗi tệp chỉ có một kế hoạch: bỏ dòng “---” ở giữa.")),
    (
        r"cannot start any token",
        N_("Không thể bắt đầu bằng ký tự này: đặt cả câu trong ngoặc kép."),
    ),
    (TOO_DEEP, N_("Các mục lồng vào nhau quá sâu.")),
    (TOO_MANY_ITEMS, N_("Danh sách quá dài: nhiều nhất 2.000 dòng.")),
    (TOO_MANY_NODES, N_("Tệp có quá nhiều mục: nhiều nhất 30.000 mục.")),
)


_TOO_LARGE = Message(
    N_(
        "Tệp quá lớn: nhiều nhất 500.000 ký tự. Mỗi tệp chỉ ghi một kế hoạch; phụ lục và danh sách"
        " dài để ở tệp đính kèm."
    )
)
_QUOTE_OPEN = N_(
    "Dấu %(quote)s mở ở đây mà không đóng lại: thêm dấu %(quote)s ở cuối câu; dấu %(quote)s trong"
    " câu thì viết %(within)s."
)
_BRACKET_OPEN = N_("Dấu %(bracket)s mở ở đây mà không đóng lại: thêm dấu %(closing)s ở cuối.")
_WITHIN = {'"': '\\"', "'": "''"}
_CLOSING = {"{": "}", "[": "]"}


class _Loader(yaml.SafeLoader):
    """Composes nodes, none of them twice, and no more of them than a plan file could need.

    An alias stands for a whole node: ten levels of ten of them make a short text one of millions.
    """

    def __init__(self, stream: str):
        super().__init__(stream)
        self._open: list[int] = []
        self._nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self._refuse(ALIAS)
        if len(self._open) >= DEEPEST:
            self._refuse(TOO_DEEP)
        self._count()
        self._open.append(0)
        try:
            return super().compose_node(parent, index)
        finally:
            self._open.pop()

    def _count(self) -> None:
        """Count a node, for the file and for what it stands in: a mapping has two for each key."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._refuse(TOO_MANY_NODES)
        if self._open:
            self._open[-1] += 1
            if self._open[-1] > MOST_ITEMS:
                self._refuse(TOO_MANY_ITEMS)

    def _refuse(self, why: str) -> NoReturn:
        raise yaml.composer.ComposerError(None, None, why, self.peek_event().start_mark)


def compose(text: str | bytes, name: str) -> Node:
    """Return the root node of a text. Raises PlanFileError: no UTF-8, no YAML, or nothing."""
    text = _decoded(text, name).removeprefix("\ufeff")
    if len(text) > LONGEST:
        raise PlanFileError(name, [FileProblem(1, 1, _TOO_LARGE)])
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.reader.ReaderError as error:
        line, column = _position(text, error.position)
        said = Message(N_("Có ký tự điều khiển không đọc được ở đây."))
        raise PlanFileError(name, [FileProblem(line, column, said)]) from error
    except yaml.MarkedYAMLError as error:
        raise PlanFileError(name, [_left_open(text, error) or _problem(error)]) from error
    if root is None or is_empty(root):
        raise PlanFileError(name, [FileProblem(1, 1, Message(N_("Tệp không có nội dung.")))])
    return root


def is_empty(node: Node) -> bool:
    """Tell whether nothing is written: "title:", or a null."""
    return isinstance(node, ScalarNode) and node.tag == _NULL


def where(node: Node) -> tuple[int, int]:
    """Return a node's line and column, from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1


def _decoded(text: str | bytes, name: str) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        said = Message(N_("Tệp phải là văn bản mã hóa UTF-8."))
        raise PlanFileError(name, [FileProblem(*_position(before, len(before)), said)]) from error


def _position(text: str, at: int) -> tuple[int, int]:
    """Return line and column of a character."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _left_open(text: str, error: yaml.MarkedYAMLError) -> FileProblem | None:
    """Say that a quote or a bracket is not closed, where it was opened: what YAML stumbles over is
    often lines below.
    """
    begun, met = error.context_mark, error.problem_mark
    if begun is None or met is None:
        return None
    quoted = (
        begun if error.context == "while scanning a quoted scalar" else _quote_before(text, met)
    )
    if quoted is not None:
        quote = text[quoted.index]
        filling = {"quote": quote, "within": _WITHIN[quote]}
        return FileProblem(quoted.line + 1, quoted.column + 1, Message(_QUOTE_OPEN, filling))
    bracket = text[begun.index : begun.index + 1]
    flow = str(error.context).startswith("while parsing a flow")
    if not flow or bracket not in _CLOSING or _in_place(error):
        return None
    filling = {"bracket": bracket, "closing": _CLOSING[bracket]}
    return FileProblem(begun.line + 1, begun.column + 1, Message(_BRACKET_OPEN, filling))


def _in_place(error: yaml.MarkedYAMLError) -> bool:
    """Tell whether the line where a bracket was opened is itself what cannot be read."""
    closing = re.search(r"but got '[\]}]'", str(error.problem))
    return error.problem_mark.line == error.context_mark.line and closing is None


def _quote_before(text: str, met: yaml.Mark) -> yaml.Mark | None:
    """Find the opening of a quoted text over several lines, which ends in the line of a fault: it
    is closed by the next quote of the file, which was to open another.
    """
    found = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.index >= met.index:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in _WITHIN:
                begins, ends = token.start_mark, token.end_mark
                found = begins if begins.line < ends.line == met.line else None
    except yaml.YAMLError:
        return found
    return found


def _problem(error: yaml.MarkedYAMLError) -> FileProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    technical = ", ".join(filter(None, (error.context, error.problem)))
    for pattern, hint in _HINTS:
        if re.search(pattern, technical):
            return FileProblem(line, column, Message(hint))
    said = Message(N_("Chỗ này không đọc được như YAML (%(reason)s)."), {"reason": technical})
    return FileProblem(line, column, said)
