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
        r"expected ',' or",
        N_("Danh sách hay nhóm mục trên một dòng cần dấu phẩy giữa các phần và dấu đóng ở cuối."),
    ),
    (
        r"unexpected end of stream|while scanning a quoted",
        N_("Ngoặc kép mở ra mà không đóng lại."),
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


_TOO_LARGE = Message(N_("Tệp quá lớn: nhiều nhất 500.000 ký tự."))


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
        raise PlanFileError(name, [_problem(error)]) from error
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


def _problem(error: yaml.MarkedYAMLError) -> FileProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    technical = ", ".join(filter(None, (error.context, error.problem)))
    for pattern, hint in _HINTS:
        if re.search(pattern, technical):
            return FileProblem(line, column, Message(hint))
    said = Message(N_("Chỗ này không đọc được như YAML (%(reason)s)."), {"reason": technical})
    return FileProblem(line, column, said)
