"""Write a paper as PDF: tagged (PDF/UA-1), to be kept (PDF/A-2a), the same bytes each time.

`layout.typ` sets the page; the paper goes to it as JSON, so that nothing typed is ever source.
"""

import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from lth.core.urgency import STAMP_HEIGHT, STAMP_WIDTH
from lth.exchange.papers.letters import printable
from lth.exchange.papers.text import (
    KIND_NAME,
    Annex,
    Attached,
    Block,
    Checked,
    PaperKind,
    PaperText,
    Paragraph,
    ParagraphStyle,
    Table,
)

LAYOUT = Path(__file__).with_name("layout.typ")
FONTS = Path(__file__).parents[2] / "data" / "fonts"
NO_YEAR = 1970
"""Year in the metadata of a paper that has none yet: they must have a day, the same each time."""
STANDARDS = ["ua-1", "a-2a"]

_RANKS = {ParagraphStyle.PART: 1, ParagraphStyle.CLAUSE: 2}
"""Styles that are headings, for tags and bookmarks."""
_COMMITTEE = "ỦY BAN NHÂN DÂN "


def write(paper: PaperText) -> bytes:
    """Return a paper as the bytes of a PDF file, its annexes at its end."""
    return _written(_data(paper))


def annex(paper: PaperText, at: int) -> bytes:
    """Return one annex of a paper, by its place, as the bytes of a PDF file of its own."""
    title = f"{paper.annexes[at].label}. {paper.annexes[at].title}"
    data = _data(paper)
    return _written({**data, "alone": at, "meta": {**data["meta"], "title": printable(title)}})


def _written(data: dict[str, Any]) -> bytes:
    return typst.compile(
        str(LAYOUT),
        root=str(LAYOUT.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=0,
    )


def pictures(paper: PaperText, *, dots_per_inch: int = 96) -> list[bytes]:
    """Return the pages of a paper as PNG pictures."""
    found = typst.compile(
        str(LAYOUT),
        root=str(LAYOUT.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=dots_per_inch,
        sys_inputs={"paper": json.dumps(_data(paper), ensure_ascii=False)},
    )
    return found if isinstance(found, list) else [found]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(False, False, [str(FONTS)])


# --- The paper as data --------------------------------------------------------------------


def _data(paper: PaperText) -> dict[str, Any]:
    """Return everything that `layout.typ` reads, each text in letters that the fonts have."""
    made = {
        "meta": _meta(paper),
        "alone": None,
        "draft": paper.draft,
        "letter": paper.kind is PaperKind.LETTER,
        "parent": _agency_lines(paper.parent),
        "agency": _agency_lines(paper.agency),
        "number": f"Số: {paper.numbered}",
        "stamp": paper.stamp and {"text": paper.stamp, **_stamp_size(paper)},
        "dated": paper.dated,
        "name": KIND_NAME[paper.kind].upper(),
        "heading": paper.heading,
        "authority": paper.authority,
        "addressees": paper.addressee_lines,
        "bases": paper.bases,
        "body": _blocks(paper.body, 0),
        "signature": {"lines": paper.signature.lines, "name": paper.signature.name},
        "recipients": paper.recipient_lines,
        "attached": paper.attached and _attached(paper.attached),
        "annexes": [_annex(annex) for annex in paper.annexes],
        "check": paper.checked and _check(paper.checked),
    }
    return _printable(made)


def _stamp_size(paper: PaperText) -> dict[str, int]:
    """Return the sides of the stamp's box in mm."""
    return {"width": STAMP_WIDTH[paper.urgency], "height": STAMP_HEIGHT}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


def _meta(paper: PaperText) -> dict[str, Any]:
    day = paper.day or date(paper.year or NO_YEAR, 1, 1)
    number = f" số {paper.number}/{paper.symbol}" if paper.number else ""
    return {
        "title": f"{KIND_NAME[paper.kind]}{number}: {paper.heading}",
        "author": paper.agency,
        "day": {"year": day.year, "month": day.month, "day": day.day},
    }


def _agency_lines(name: str) -> list[str]:
    """Break "ỦY BAN NHÂN DÂN HUYỆN …" before the unit's name, as it is printed."""
    first, committee, unit = name.partition(_COMMITTEE)
    return [f"{first}{committee.strip()}", unit] if committee and unit else [name] * bool(name)


def _blocks(body: tuple[Block, ...], above: int) -> list[dict[str, Any]]:
    """Return blocks; headings are counted on from level `above`, leaving out none."""
    made, stack = [], list[int]()
    for block in body:
        if isinstance(block, Table):
            made.append(_table(block))
            continue
        rank = _RANKS.get(block.style, 0) if _is_seen(block.text) else 0
        if rank:
            while stack and stack[-1] >= rank:
                stack.pop()
            stack.append(rank)
        made.append(_paragraph(block, above + len(stack) if rank else 0))
    return made


def _is_seen(text: str) -> bool:
    """Tell whether a text can be a heading: an empty one has no place among bookmarks."""
    return bool(printable(text).strip())


def _paragraph(paragraph: Paragraph, level: int) -> dict[str, Any]:
    runs = [{"text": run.text, "bold": run.bold, "italic": run.italic} for run in paragraph.runs]
    return {
        "kind": "paragraph",
        "style": paragraph.style,
        "level": level,
        "leads": bool(runs) and all(run.bold for run in paragraph.runs),
        "runs": runs,
    }


def _table(table: Table) -> dict[str, Any]:
    width = len(table.columns)
    return {
        "kind": "table",
        "unit": table.unit,
        "apart": table.apart,
        "columns": [
            {"title": column.title, "share": column.share, "align": column.align}
            for column in table.columns
        ],
        "rows": [
            {
                "cells": [*row.cells, *[""] * width][:width],
                "total": row.total,
                "heading": row.heading,
            }
            for row in table.rows
        ],
    }


def _attached(attached: Attached) -> dict[str, Any]:
    return {
        "name": KIND_NAME[attached.kind].upper(),
        "subject": attached.subject,
        "belongs": attached.belongs,
        "body": _blocks(attached.body, 1),
    }


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "empty": not _is_seen(f"{annex.label}{annex.title}"),
        "label": annex.label,
        "title": annex.title.upper(),
        "belongs": annex.belongs,
        "landscape": annex.landscape,
        "body": _blocks(annex.body, 1),
    }


def _check(checked: Checked) -> dict[str, Any]:
    """Return the address as a QR picture, with the code and the address in letters beside it."""
    picture = io.BytesIO()
    segno.make(checked.url, error="m", micro=False).save(picture, kind="svg", border=0)
    return {
        "image": picture.getvalue().decode("utf-8"),
        "alt": f"Mã QR dẫn đến {checked.url}",
        "lines": [f"Mã kiểm tra: {checked.code}", checked.url],
    }
