"""Nodes against the form: mappings with known keys, lists, scalars of their kind.

What comes out are plain mappings of what could be read; what could not is a problem, and missing.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from lth.checks import CHECKS
from lth.content.line_values import FieldError
from lth.core.i18n import N_, Message
from lth.exchange.plan_file import form as plan_form
from lth.exchange.plan_file import scalars
from lth.exchange.plan_file.form import Holds, Key, KeyForm
from lth.exchange.plan_file.nodes import is_empty, where
from lth.exchange.plan_file.problems import FileProblem, nearest, not_one_of, unknown_key
from lth.models import Indicator


@dataclass
class Read:
    """A mapping that was read: values by key, and the node of each for who has to point at it.

    `begins` are the nodes of the keys themselves; `spoilt` are keys whose value was none. `whole`
    is false where a required key is missing or unreadable, which has been said.
    """

    node: Node
    values: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    begins: dict[str, Node] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)
    whole: bool = True

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def at(self, name: str) -> Node:
        """Return the node of a key's value, or of the whole where the key is not there."""
        return self.nodes.get(name, self.node)

    def was_written(self, name: str) -> bool:
        """Tell whether the key stands there, readable or not."""
        return name in self.values or name in self.spoilt


@dataclass
class Shapes:
    """Reads nodes by their forms and keeps every problem that it meets."""

    problems: list[FileProblem] = field(default_factory=list)

    def fault(self, node: Node, said: Message) -> None:
        self.problems.append(FileProblem(*where(node), said))

    def mapping(self, node: Node, form: KeyForm) -> Read:
        """Read a node as a mapping of a form."""
        read = Read(node)
        if form.short and isinstance(node, ScalarNode) and not is_empty(node):
            self._key(read, form.by_name[form.short], node)
            return read
        if not isinstance(node, MappingNode):
            read.whole = False
            self.fault(node, _mapping_expected(form))
        elif form.short and _is_text(node, form):
            read.whole = False
            self.fault(node, Message(N_("Một dòng chữ có dấu hai chấm phải đặt trong ngoặc kép.")))
        else:
            self._keys(read, node, form)
        return read

    def _keys(self, read: Read, node: MappingNode, form: KeyForm) -> None:
        keys = form.by_name
        cut = _cut_by_commas(node, keys)
        for name, key_node, value in self._pairs(node, cut):
            if name in keys:
                read.begins[name] = key_node
                self._key(read, keys[name], value)
            else:
                self.fault(key_node, unknown_key(name, keys))
        for first, said in cut.items():
            if said is not None:
                self.fault(first, said)
        self._require(read, form)

    def _pairs(self, node: MappingNode, cut: Collection[Node]) -> Iterator[tuple[str, Node, Node]]:
        """Yield keys with their nodes, each once, but for what commas have `cut` from a text."""
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            if key_node in cut:
                continue
            if not isinstance(key_node, ScalarNode):
                self.fault(key_node, Message(N_("Tên mục phải là một từ.")))
                continue
            name = scalars.clean(key_node.value)
            if name in seen:
                text = N_("Mục “%(word)s” đã có ở dòng %(line)s.")
                self.fault(key_node, Message(text, {"word": name, "line": seen[name]}))
                continue
            seen[name] = where(key_node)[0]
            yield name, key_node, value

    def _key(self, read: Read, key: Key, node: Node) -> None:
        if is_empty(node):
            return
        found = len(self.problems)
        value = self._value(key, node)
        read.nodes[key.name] = node
        if value is None:
            read.spoilt.add(key.name)
        else:
            read.values[key.name] = value
        if key.required and len(self.problems) > found:
            read.whole = False

    def _require(self, read: Read, form: KeyForm) -> None:
        for key in form:
            if key.required and not read.was_written(key.name):
                read.whole = False
                self.fault(read.node, Message(N_("Thiếu mục “%(name)s”."), {"name": key.name}))

    def _value(self, key: Key, node: Node) -> Any:
        if isinstance(key.holds, KeyForm):
            return self._many(key, node) if key.many else self.mapping(node, key.holds)
        if key.holds is Holds.NAMES:
            return self._words(key.name, node)
        if key.holds is Holds.FINDINGS:
            return self._words(key.name, node, CHECKS)
        if key.holds is Holds.PARTS:
            return self._words(key.name, node, plan_form.parts())
        return self._scalar(key, node)

    def _many(self, key: Key, node: Node) -> list[Read] | None:
        if not isinstance(node, SequenceNode):
            self.fault(node, _list_expected(key.name))
            return None
        return [self.mapping(item, key.holds) for item in node.value]

    def _words(self, name: str, node: Node, known: tuple[str, ...] = ()) -> tuple[str, ...] | None:
        """Read a list of texts; one text alone is a list of one."""
        if isinstance(node, MappingNode):
            self.fault(node, _list_expected(name))
            return None
        items = node.value if isinstance(node, SequenceNode) else [node]
        words = []
        for item in items:
            if not isinstance(item, ScalarNode) or is_empty(item):
                self.fault(item, _text_expected(name))
                continue
            try:
                word = scalars.plain(item.value)
            except FieldError as error:
                self.fault(item, error.message)
                continue
            if known and word not in known:
                self.fault(item, not_one_of(name, word, known))
                continue
            words.append(word)
        return tuple(words)

    def _scalar(self, key: Key, node: Node) -> Any:
        if not isinstance(node, ScalarNode):
            self.fault(node, _text_expected(key.name))
            return None
        try:
            return scalars.read(key.holds, key.name, node.value)
        except FieldError as error:
            self.fault(node, error.message)
            return None

    def figure(self, one: Read, name: str, indicator: Indicator) -> int | None:
        """Read the figure that a key of a line has, if any, in its indicator's measure."""
        word = one.get(name)
        if word is None:
            return None
        try:
            return scalars.exact(word, name, indicator)
        except FieldError as error:
            self.fault(one.at(name), error.message)
            return None


def _cut_by_commas(node: MappingNode, keys: Iterable[str]) -> dict[Node, Message | None]:
    """Map the keys that are no keys but what follows a comma in a text between { and }: the first
    of them to what it is told, the others to None.
    """
    cut: dict[Node, Message | None] = {}
    before: tuple[Node, Node] | None = None
    rests: list[Node] = []
    for key_node, value in [*node.value, (None, None)] if node.flow_style else ():
        if key_node is not None and _is_rest(key_node, value, keys):
            rests.append(key_node)
            continue
        if rests:
            cut |= dict.fromkeys(rests)
            cut[rests[0]] = _comma_within(before, [scalars.clean(rest.value) for rest in rests])
        before, rests = (key_node, value), []
    return cut


def _is_rest(key_node: Node, value: Node, keys: Iterable[str]) -> bool:
    """Tell whether a key stands alone and none that is known was meant."""
    alone = isinstance(key_node, ScalarNode) and key_node.style is None and is_empty(value)
    return alone and not nearest(scalars.clean(key_node.value), keys)


def _comma_within(before: tuple[Node, Node] | None, rests: list[str]) -> Message:
    """Say how a text with commas, or a number with them, is written."""
    written = bool(before) and all(isinstance(node, ScalarNode) for node in before)
    if not written:
        text = N_("Dấu phẩy tách “%(rest)s” ra khỏi câu: đặt cả câu trong ngoặc kép.")
        return Message(text, {"rest": rests[0]})
    name, first = (scalars.clean(node.value) for node in before)
    number = scalars.without_commas([first, *rests])
    if number:
        text = N_("Số không có dấu phẩy: “%(number)s” viết là %(name)s: %(plain)s.")
        filling = {"number": ",".join([first, *rests]), "name": name, "plain": number}
        return Message(text, filling)
    text = N_(
        "Dấu phẩy tách “%(rest)s” ra khỏi câu. Câu có dấu phẩy giữa { và } phải đặt trong ngoặc"
        ' kép: %(name)s: "%(whole)s".'
    )
    filling = {"rest": rests[0], "name": name, "whole": ", ".join([first, *rests])}
    return Message(text, filling)


def _is_text(node: MappingNode, form: KeyForm) -> bool:
    """Tell whether a line that may be a text alone is a text with a colon in it: "Lưu: VT"."""
    if len(node.value) != 1 or not isinstance(node.value[0][0], ScalarNode):
        return False
    name = scalars.clean(node.value[0][0].value)
    return not nearest(name, form.by_name)


def _mapping_expected(form: KeyForm) -> Message:
    return Message(
        N_("Ở đây cần các mục con, mỗi mục dạng “tên: giá trị”: %(known)s."),
        {"known": ", ".join(key.name for key in form)},
    )


def _list_expected(name: str) -> Message:
    return Message(N_("“%(name)s” cần một danh sách, mỗi dòng bắt đầu bằng “- ”."), {"name": name})


def _text_expected(name: str) -> Message:
    return Message(
        N_("“%(name)s” cần một giá trị viết thành chữ; có dấu hai chấm thì đặt trong ngoặc kép."),
        {"name": name},
    )
