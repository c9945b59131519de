"""What a template may say between braces: the names of placeholders, and nothing else.

An empty placeholder takes its line with it, so that a template needs no conditions; lists and the
body come as wholes, so that it needs no loops.
"""

import re
from difflib import get_close_matches

from docx.document import Document as WordDocument
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import _Element as Element

from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.exchange.papers.word.looking import refused
from lth.exchange.papers.word.slots import SLOTS

_BRACES = re.compile(r"\{\{([^{}]*)\}\}|(\{\{|\}\}|\{%|%\}|\{#|#\})")
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData)


def check(document: WordDocument) -> None:
    """Raise RefusedError for the first thing between braces that is no placeholder."""
    for root in roots(document):
        for line in root.iter(qn("w:p")):
            text = "".join(one.text or "" for one in line.iter(qn("w:t")))
            for found in _BRACES.finditer(text):
                _check_one(found, text.strip())


def roots(document: WordDocument) -> list[Element]:
    """Return the body, then headers and footers."""
    found = [document.element.body]
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/header", "/footer")):
            continue
        if isinstance(relation.target_part, XmlPart):
            found.append(relation.target_part.element)
    return found


def _check_one(found: re.Match[str], line: str) -> None:
    inner, loose = found.groups()
    if loose is not None:
        text = _COMMAND if loose in {"{%", "%}", "{#", "#}"} else _OPEN
        raise refused(text, line=line[:80])
    name = inner.strip()
    if name not in SLOTS:
        raise unknown(name)


_COMMAND = N_(
    "Mẫu chỉ dùng được các ô trong bảng, không dùng được lệnh {%% … %%}. Hãy bỏ lệnh ở dòng:"
    " “%(line)s”."
)
_OPEN = N_("Ô thiếu dấu {{ hoặc }} ở dòng: “%(line)s”.")


def unknown(name: str) -> RefusedError:
    """Return the refusal of a placeholder that there is none of, with the likeliest meant."""
    near = get_close_matches(name.lower(), SLOTS, n=1)
    if near:
        text = N_("Không có ô %(name)s. Có phải anh/chị muốn viết %(near)s?")
        return refused(text, name=name[:60], near=near[0])
    return refused(N_("Không có ô %(name)s. Hãy dùng tên trong bảng các ô."), name=name[:60])


class PlaceholderEnvironment(SandboxedEnvironment):
    """Renders names of placeholders, escaped; anything else is refused before it is compiled."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        for known in (self.globals, self.filters, self.tests):
            known.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except TemplateError as error:
            raise refused(_UNREADABLE) from error
        _check_tree(tree)
        return tree


_UNREADABLE = N_("Không đọc được các ô trong mẫu. Mỗi ô viết liền trong một dòng: {{ ten_o }}.")


def _check_tree(tree: nodes.Node) -> None:
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.Name):
            if node.name not in SLOTS:
                raise unknown(node.name)
        elif isinstance(node, _ALLOWED):
            _check_tree(node)
        else:
            raise refused(_UNREADABLE)
