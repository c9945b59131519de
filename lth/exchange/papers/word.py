"""Write a paper as a Word file, on a template that an office may change (Nghị định 30/2020/NĐ-CP).

The template says how a paper looks and what stands around its texts; its placeholders are those of
`word_slots`. What is attached and the annexes follow in sections of their own, numbered apart.
"""

from datetime import datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path

from lth.exchange.papers.text import KIND_NAME, PaperKind, PaperText
from lth.exchange.papers.word_filling import Filling
from lth.exchange.papers.word_package import packed
from lth.exchange.papers.word_rules import set_rules
from lth.exchange.papers.word_sections import add_sections

_FOLDER = Path(__file__).parents[2] / "data" / "word"

SHIPPED = ("named", "letter")
"""The layouts: papers with the name of their kind, and công văn."""


def layout(kind: PaperKind) -> str:
    """Return the layout, and so the shipped template, of a kind of paper."""
    return "letter" if kind is PaperKind.LETTER else "named"


@cache
def shipped(name: str) -> bytes:
    """Return the template of a layout as it comes with the software."""
    return (_FOLDER / f"{name}.docx").read_bytes()


def write(paper: PaperText, template: bytes | None = None) -> bytes:
    """Return a paper as a Word file; the same paper on the same template gives the same bytes.

    Raises:
        BlockedError: the template cannot be used, and why.
    """
    if template is None:
        return fill(paper, shipped(layout(paper.kind)))
    return fill(paper, template)


def fill(paper: PaperText, template: bytes) -> bytes:
    """Fill a template within this process: one of ours, or one that was looked at."""
    filling = Filling(template)
    filling.fill(paper)
    document = filling.document
    add_sections(document, filling.writer, paper)
    set_rules(document, filling.sheet)
    about = document.core_properties
    about.title = f"{KIND_NAME[paper.kind]}: {paper.heading}"
    about.author = about.last_modified_by = paper.agency
    about.comments = about.keywords = about.category = about.subject = ""
    about.language = "vi-VN"
    about.revision = 1
    about.created = about.modified = datetime.combine(paper.day, time()) if paper.day else _NO_DAY
    made = BytesIO()
    document.save(made)
    return packed(made.getvalue())


_NO_DAY = datetime(2020, 3, 5)  # noqa: DTZ001 - Word's property has none; the decree's own day
