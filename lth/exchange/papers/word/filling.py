"""Put the texts of a paper into a template.

Jinja, in its sandbox, only ever sees marks that stand for the texts; these take the marks' places
afterwards, in the tree. So no text of a paper is read as a template, as XML or as a command.
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from docxtpl import DocxTemplate
from lxml.etree import _Element as Element

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.papers.text import PaperText
from lth.exchange.papers.word.blocks import BlockWriter, legible
from lth.exchange.papers.word.placeholders import PlaceholderEnvironment, roots
from lth.exchange.papers.word.rules import room_of
from lth.exchange.papers.word.slots import SLOTS, Content
from lth.exchange.papers.word.styles import StyleSheet

SHIPPED_FOLDER = Path(__file__).parents[3] / "data" / "word"

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")


@cache
def shipped_styles() -> StyleSheet:
    """Return the styles of our own template, for those that another has not."""
    return StyleSheet(Document(str(SHIPPED_FOLDER / "named.docx")))


class Filling:
    """One template being filled."""

    def __init__(self, template: bytes) -> None:
        self._template = DocxTemplate(BytesIO(template))

    def fill(self, paper: PaperText) -> None:
        """Render the template and put a paper's texts where its marks stand."""
        contents = {name: slot.content(paper) for name, slot in SLOTS.items()}
        marks = {name: f"{_OPEN}{name}{_CLOSE}" for name in SLOTS}
        self._template.render(marks, PlaceholderEnvironment(), autoescape=True)
        self.document: WordDocument = self._template.docx
        self.sheet = StyleSheet(self.document)
        self.sheet.complete(shipped_styles())
        self.writer = BlockWriter(self.document, self.sheet)
        for root in roots(self.document):
            for element in list(root.iter(qn("w:p"))):
                self._fill_line(element, contents, paper)

    def _fill_line(self, line: Element, contents: dict[str, Content], paper: PaperText) -> None:
        own = [one for one in line.iter(qn("w:t")) if next(one.iterancestors(qn("w:p"))) is line]
        texts = [one for one in own if _OPEN in (one.text or "")]
        if not texts:
            return
        whole = "".join(one.text or "" for one in own)
        names = _MARK.findall(whole)
        for name in names:
            if SLOTS[name].whole:
                self._replace(line, name, whole, contents[name], paper)
                return
        for one in texts:
            set_text(one, _MARK.sub(lambda found: str(contents[found[1]]), one.text or ""))
        if not any(contents[name] for name in names) and not _MARK.sub("", whole).strip():
            _drop(line)

    def _replace(
        self, line: Element, name: str, whole: str, content: Content, paper: PaperText
    ) -> None:
        """Put lines, or the body, in the place of the line with their placeholder."""
        if whole.strip() != f"{_OPEN}{name}{_CLOSE}":
            raise BlockedError(Message(_ALONE, {"name": name}))
        if content is None:
            made = self.writer.blocks(paper.body, room_of(self.document, line))
            keep_with_signature(made)
        else:
            assert not isinstance(content, str)  # noqa: S101 - slots that are whole give lines
            made = self.writer.lines(content)
        for one in made:
            line.addprevious(one)
        _drop(line)


_ALONE = N_("Ô %(name)s phải đứng một mình trên một dòng của mẫu.")


def keep_with_signature(made: list[Element]) -> None:
    """Keep the last paragraph on the page of the signature, which never stands alone."""
    if made and made[-1].tag == qn("w:p"):
        WordParagraph(made[-1], None).paragraph_format.keep_with_next = True


def set_text(element: Element, text: str) -> None:
    """Set a text within its run, a break for each new line."""
    first, *others = legible(text).split("\n")
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
    """Take a line out; one that its cell, or the end of a section, needs is only emptied."""
    around, before = line.getparent(), line.getprevious()
    siblings = [one for one in around if one.tag in {qn("w:p"), qn("w:tbl")}]
    is_needed = siblings[-1] is line and (before is None or before.tag != qn("w:p"))
    if is_needed or line.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        for one in list(line):
            if one.tag != qn("w:pPr"):
                line.remove(one)
    else:
        around.remove(line)
