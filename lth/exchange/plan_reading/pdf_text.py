"""List the lines of a PDF that has text; called in a process of its own."""

import re
from collections import Counter

import pypdfium2

from lth.core.errors import BlockedError
from lth.exchange.plan_reading.extract import LOCKED, SCAN

_MOST_PAGES = 300


def pdf_lines(data: bytes) -> list[str]:
    """List the lines of a PDF's bytes, without what every page repeats at its edges."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise BlockedError(LOCKED) from error
    pages: list[list[str]] = []
    for number in range(min(len(document), _MOST_PAGES)):
        text = document[number].get_textpage().get_text_range()
        lines = (line.replace("\ufffe", "").rstrip() for line in re.split(r"\r\n|\n|\r", text))
        pages.append([line for line in lines if line.strip()])
    letters = sum(len(line) for page in pages for line in page)
    if letters < 40 * max(len(pages), 1):
        raise BlockedError(SCAN)
    edges = Counter(line for page in pages for line in {*page[:2], *page[-2:]})
    repeated = {line for line, count in edges.items() if count >= 3 and count > len(pages) / 2}
    found: list[str] = []
    for page in pages:
        last = len(page) - 1
        found += [
            line
            for at, line in enumerate(page)
            if not (line in repeated and (at < 2 or at > last - 2))
        ]
    return found
