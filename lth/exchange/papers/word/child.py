"""What is done with an office's template, in the child process that `lth.core.apart` starts."""

import base64
import json
from io import BytesIO

from docx import Document

from lth.exchange.papers import word
from lth.exchange.papers.packing import unpacked_paper
from lth.exchange.papers.word import placeholders
from lth.exchange.papers.word.looking import looked_at
from lth.exchange.papers.word.trial import check_whole, samples


def filled(data: bytes) -> str:
    """Return, in base64, the Word file of a paper on an office's template."""
    template, paper = json.loads(data)
    docx = looked_at(base64.b64decode(template))
    return base64.b64encode(word.fill(unpacked_paper(paper), docx)).decode()


def tried(template: bytes, layout: str) -> str:
    """Return, in base64, an example of a paper on a template that is offered.

    Raises:
        BlockedError: nothing can be made of it, or a paper on it would lose a part.
    """
    docx = looked_at(template)
    placeholders.check(Document(BytesIO(docx)))
    made = []
    for paper in samples(layout):
        made.append(word.fill(paper, docx))
        check_whole(Document(BytesIO(made[-1])), paper, layout)
    return base64.b64encode(made[0]).decode()
