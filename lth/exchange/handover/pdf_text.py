"""Read the text of a PDF, page by page. Called through `lth.core.apart`: it imports little."""

import ctypes
from typing import Any

import pypdfium2
from pypdfium2 import raw

MOST_PAGES = 400
MOST_LETTERS = 2_000_000


def read(data: bytes) -> dict[str, Any]:
    """Return how many pages a PDF has, and the text of each.

    Raises ValueError for what is no PDF, is encrypted, or has more pages or text than any paper.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        count = len(document)
        if not 0 < count <= MOST_PAGES:
            raise ValueError(f"a PDF of {count} pages")
        pages = [_text(document, number) for number in range(count)]
    finally:
        document.close()
    if sum(map(len, pages)) > MOST_LETTERS:
        raise ValueError("a PDF with more text than any paper")
    return {"pages": count, "texts": pages}


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            return f"{text_page.get_text_range()}\n{_stamps(page)}"
        finally:
            text_page.close()
    finally:
        page.close()


def _stamps(page: pypdfium2.PdfPage) -> str:
    """Return what the annotations of a page say: a note, a comment, not what it draws."""
    found = []
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), 200)):
        note = raw.FPDFPage_GetAnnot(page, at)
        if not note:
            continue
        size = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
        if 2 < size < 10_000:
            held = ctypes.create_string_buffer(size)
            raw.FPDFAnnot_GetStringValue(
                note, b"Contents", ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), size
            )
            found.append(held.raw.decode("utf-16-le", "replace").rstrip("\0"))
        raw.FPDFPage_CloseAnnot(note)
    return "\n".join(found)
