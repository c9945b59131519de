"""What follows a paper in the same file: what it issues, and its annexes, numbered apart."""

from copy import deepcopy

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from lth.exchange.papers.text import KIND_NAME, Annex, Attached, PaperText
from lth.exchange.papers.word.blocks import DRAFT, BlockWriter, WordLine, runs
from lth.exchange.papers.word.styles import WordStyle

_AFTER_START = ("w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:docGrid")


def add_sections(document: WordDocument, writer: BlockWriter, paper: PaperText) -> None:
    """Add a section for what is attached and for each annex, each with pages from 1."""
    parts: list[Attached | Annex] = [*([paper.attached] if paper.attached else []), *paper.annexes]
    if not parts:
        return
    body = document.element.body
    own = body.sectPr
    setup = deepcopy(own)
    body.remove(own)
    _end(body, writer, own)
    for place, part in enumerate(parts):
        section = _section(setup, landscape=isinstance(part, Annex) and part.landscape)
        if paper.draft:
            body.append(writer.line(WordLine(WordStyle.DRAFT, runs(DRAFT))))
        body.extend(_head(writer, part))
        body.extend(writer.blocks(part.body, _width(section)))
        if place == len(parts) - 1:
            body.append(section)
        else:
            _end(body, writer, section)


def _head(writer: BlockWriter, part: Attached | Annex) -> list[Element]:
    belongs = WordLine(WordStyle.BELONGS, runs(part.belongs))
    if isinstance(part, Attached):
        lines = [
            WordLine(WordStyle.ATTACHED_KIND, runs(KIND_NAME[part.kind].upper())),
            WordLine(WordStyle.SUBJECT, runs(part.subject)),
            belongs,
            WordLine(WordStyle.SHORT_RULE, ()),
        ]
    else:
        lines = [
            WordLine(WordStyle.ANNEX, runs(part.label)),
            WordLine(WordStyle.ANNEX_TITLE, runs(part.title.upper())),
            belongs,
        ]
    return writer.lines(lines)


def _end(body: Element, writer: BlockWriter, section: Element) -> None:
    """End a section with a line of no height that says how its pages are."""
    end = body[-1] if len(body) and _is_empty(body[-1]) else writer.end()
    if end.getparent() is None:
        body.append(end)
    end.get_or_add_pPr().append(section)


def _is_empty(element: Element) -> bool:
    if element.tag != qn("w:p"):
        return False
    return all(one.tag == qn("w:pPr") for one in element)


def _section(setup: Element, *, landscape: bool) -> Element:
    """Return a section as the paper's own: a new page, numbered from 1, turned where asked."""
    made = deepcopy(setup)
    for name in ("w:type", "w:pgNumType"):
        for found in made.findall(qn(name)):
            made.remove(found)
    made.start_type = None
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    made.insert_element_before(start, *_AFTER_START)
    if landscape:
        size = made.find(qn("w:pgSz"))
        long, short = sorted((int(size.get(qn(f"w:{side}"))) for side in "wh"), reverse=True)
        size.set(qn("w:w"), str(long))
        size.set(qn("w:h"), str(short))
        size.set(qn("w:orient"), "landscape")
    return made


def _width(section: Element) -> int:
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    sides = (int(margins.get(qn(f"w:{side}"))) for side in ("left", "right"))
    return int(size.get(qn("w:w"))) - sum(sides)
