"""Put the texts of a paper into a template.

Jinja, in its sandbox, only ever sees marks that stand for the texts; these take the marks' places
afterwards, in the tree. So no text of a paper is read as a template, as XML or as a command.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import _Element as Element

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.papers.text import PaperText
from lth.exchange.papers.word_blocks import BlockWriter
from lth.exchange.papers.word_slots import SLOTS, Content
from lth.exchange.papers.word_styles import StyleSheet

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")


class _Stand:
    """Stands for a text while a template is rendered; as false as the text is empty."""

    def __init__(self, name: str, *, is_there: bool) -> None:
        self._name, self._is_there = name, is_there

    def __bool__(self) -> bool:
        return self._is_there

    def __str__(self) -> str:
        return f"{_OPEN}{self._name}{_CLOSE}"


def environment() -> SandboxedEnvironment:
    """Return what templates are rendered in: no functions, no filters, no tests, all escaped."""
    made = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    for known in (made.globals, made.filters, made.tests):
        known.clear()
    return made


class Filling:
    """One template being filled."""

    def __init__(self, template: bytes) -> None:
        self._template = DocxTemplate(BytesIO(template))

    def fill(self, paper: PaperText) -> None:
        """Render the template and put a paper's texts where its marks stand."""
        contents = {name: slot.content(paper) for name, slot in SLOTS.items()}
        stands = {
            name: _Stand(name, is_there=contents[name] not in ("", ()))  # None: the body
            for name in SLOTS
        }
        self._template.render(stands, environment(), autoescape=True)
        self.document: WordDocument = self._template.docx
        self.sheet = StyleSheet(self.document)
        add_missing_styles(self.sheet)
        self.writer = BlockWriter(self.document, self.sheet)
        for root in self._roots():
            for element in list(root.iter(qn("w:p"))):
                self._fill_line(element, contents, paper)

    def _roots(self) -> Iterator[Element]:
        """Yield the body, then headers and footers."""
        yield self.document.element.body
        for relation in self.document.part.rels.values():
            if relation.reltype.endswith(("/header", "/footer")) and not relation.is_external:
                part = relation.target_part
                if isinstance(part, XmlPart):
                    yield part.element

    def _fill_line(self, line: Element, contents: dict[str, Content], paper: PaperText) -> None:
        texts = [one for one in line.iter(qn("w:t")) if _OPEN in (one.text or "")]
        if not texts:
            return
        whole = "".join(one.text or "" for one in line.iter(qn("w:t")))
        names = _MARK.findall(whole)
        for name in names:
            if SLOTS[name].whole:
                self._replace(line, name, whole, contents[name], paper)
                return
        for one in texts:
            _write(one, _MARK.sub(lambda found: str(contents[found[1]]), one.text or ""))
        if not any(contents[name] for name in names) and not _MARK.sub("", whole).strip():
            _drop(line)

    def _replace(
        self, line: Element, name: str, whole: str, content: Content, paper: PaperText
    ) -> None:
        """Put lines, or the body, in the place of the line with their placeholder."""
        if whole.strip() != f"{_OPEN}{name}{_CLOSE}":
            raise BlockedError(Message(_ALONE, {"name": name}))
        if content is None:
            made = self.writer.blocks(paper.body, text_width(self.document))
            keep_with_signature(made)
        else:
            assert not isinstance(content, str)  # noqa: S101 - slots that are whole give lines
            made = self.writer.lines(content)
        for one in made:
            line.addprevious(one)
        _drop(line)


_ALONE = N_("Ô %(name)s phải đứng một mình trên một dòng của mẫu.")


def text_width(document: WordDocument) -> int:
    """Return the width between the margins of the last section, in twentieths of a point."""
    section = document.sections[-1]
    sides: Any = (section.page_width, section.left_margin, section.right_margin)
    page, left, right = (int(side.twips) for side in sides)
    return page - left - right


def keep_with_signature(made: list[Element]) -> None:
    """Keep the last paragraph on the page of the signature, which never stands alone."""
    if made and made[-1].tag == qn("w:p"):
        WordParagraph(made[-1], None).paragraph_format.keep_with_next = True  # type: ignore[arg-type]


def add_missing_styles(sheet: StyleSheet) -> None:
    """Take over from our own template the styles that another has not."""


def _write(element: Element, text: str) -> None:
    """Set a text within its run, a break for each new line."""
    first, *others = text.split("\n")
    element.text = first
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    place = element
    for one in others:
        line_break, more = element.makeelement(qn("w:br")), element.makeelement(qn("w:t"))
        more.text = one
        more.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        place.addnext(line_break)
        line_break.addnext(more)
        place = more


def _drop(line: Element) -> None:
    """Take a line out; the last one of a cell is only emptied, since a cell must have one."""
    around = line.getparent()
    siblings = [one for one in around if one.tag in {qn("w:p"), qn("w:tbl")}]
    if siblings[-1] is line and around.tag != qn("w:body"):
        before = line.getprevious()
        if before is None or before.tag != qn("w:p"):
            for one in list(line):
                if one.tag != qn("w:pPr"):
                    line.remove(one)
            return
    around.remove(line)
