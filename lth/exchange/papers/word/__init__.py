"""Write a paper as a Word file, on a template that an office may change (Nghị định 30/2020/NĐ-CP).

The template says how a paper looks and what stands around its texts; its placeholders are those of
`slots`. What is attached and the annexes follow in sections of their own, numbered apart. An
office's template is a stranger's file: papers are written on it in a process apart.
"""

import base64
import json
from datetime import datetime, time
from functools import cache
from io import BytesIO

from docx.document import Document as WordDocument

from lth.core import apart
from lth.exchange.papers.packing import packed_paper
from lth.exchange.papers.text import KIND_NAME, PaperKind, PaperText
from lth.exchange.papers.word.blocks import legible
from lth.exchange.papers.word.filling import SHIPPED_FOLDER, Filling
from lth.exchange.papers.word.package import packed
from lth.exchange.papers.word.rules import set_rules
from lth.exchange.papers.word.sections import add_sections

SHIPPED = ("named", "letter")
"""The layouts: papers with the name of their kind, and công văn."""


def layout(kind: PaperKind) -> str:
    """Return the layout, and so the shipped template, of a kind of paper."""
    return "letter" if kind is PaperKind.LETTER else "named"


@cache
def shipped(name: str) -> bytes:
    """Return the template of a layout as it comes with the software."""
    return (SHIPPED_FOLDER / f"{name}.docx").read_bytes()


def write(paper: PaperText, template: bytes | None = None) -> bytes:
    """Return a paper as a Word file; the same paper on the same template gives the same bytes.

    Raises:
        BlockedError: the template cannot be used, and why.
    """
    if template is None:
        return fill(paper, shipped(layout(paper.kind)))
    answer = apart.call(_FILLED, order(template, paper))
    return base64.b64decode(answer)


_FILLED = "lth.exchange.papers.word.child:filled"


def order(template: bytes, paper: PaperText) -> bytes:
    """Return what the child process is given: a template and the paper to write on it."""
    return json.dumps([base64.b64encode(template).decode(), packed_paper(paper)]).encode()


def fill(paper: PaperText, template: bytes) -> bytes:
    """Fill a template within this process: one of ours, or one that was looked at."""
    filling = Filling(template)
    filling.fill(paper)
    document = filling.document
    add_sections(document, filling.writer, paper)
    set_rules(document, filling.sheet)
    _describe(document, paper)
    made = BytesIO()
    document.save(made)
    return packed(made.getvalue())


def _describe(document: WordDocument, paper: PaperText) -> None:
    """Say in the file's properties what it is; nothing of whose template or machine made it."""
    about = document.core_properties
    about.title = legible(f"{KIND_NAME[paper.kind]}: {paper.heading}")[:_LONGEST]
    about.author = about.last_modified_by = legible(paper.agency)[:_LONGEST]
    for name in ("category", "comments", "content_status", "identifier", "keywords", "subject"):
        setattr(about, name, "")
    about.version = ""
    about.language = "vi-VN"
    about.revision = 1
    about.created = about.modified = datetime.combine(paper.day, time()) if paper.day else _NO_DAY


_LONGEST = 255
"""How long a property of a Word file may be."""

_NO_DAY = datetime(2020, 3, 5)  # noqa: DTZ001 - Word's property has none; the decree's own day
