"""Make paragraphs and tables of text as it is typed into a section.

A section is kept as plain text: a line is a paragraph. Its numeral or dash says what kind it is,
lines with tabs are a table pasted from Word or Excel, a line that was cut by the width of another
page is joined to the one before, and `**đậm**`, `*nghiêng*` are bold and italic.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from lth.core.vietnamese import plain_text
from lth.exchange.papers.text import (
    Align,
    Block,
    Paragraph,
    ParagraphStyle,
    Run,
    Table,
    TableColumn,
    TableRow,
)

LONGEST_TITLE = 160
"""Characters of a numbered line that may be a title."""
_LONG_LINE = 60
"""A line as long as this without a mark at its end was cut, wherever it goes on."""

_PART = re.compile(r"(?:[IVX]{1,6}[.)]|(?:Phần|Chương|Mục)\s+(?:thứ\s+)?[\w]+[.:]?)\s+\S")
_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+(?=[^\W\d_])")
_ARTICLE = re.compile(r"(Điều\s+\d{1,3}\s?[.:])\s*")
_POINT = re.compile(r"[a-zđ]{1,2}[).]\s+\S")
_ITEM = re.compile(r"(?P<dash>[-+*•–—●▪◦○■])\s+(?=\S)|[-–](?=[^\W\d_])")
_LISTED = re.compile(
    r"^\s*(?P<mark>[-+*•·–—●▪◦○■§\uf0a7\uf0b7\uf0d8o]|(?:\d{1,2}\.)*\d{1,2}[.)]|[a-zđ]{1,2}[.)]|[IVX]{1,6}[.)])"
    r"\t+(?=[^\t]+$)"
)
"""A line of a list as Word gives it: its mark, a tab, its text. A row of a table has more tabs, or
no mark behind its number.
"""
_MARKED = (_PART, _CLAUSE, _ARTICLE, _POINT, _ITEM)
_ENDED = re.compile(r"[.;:!?…][\"”')]*$")
_STYLED = re.compile(
    r"\*\*(?=\S)(?P<bold>[^*\n]+?)(?<=\S)\*\*|(?<![*\w])\*(?=\S)(?P<italic>[^*\n]+?)(?<=\S)\*(?![*\w])"
)
_FIGURE = re.compile(r"[-–]?[\d.,]*\d[\d.,]*\s*(?:%|đồng|đ)?")
_RANGE = re.compile(r"[-–]\s?\d")
_YEAR_RANGE = re.compile(r"[-–]\s?(?:19|20)\d\d\b")
_YEAR_AT_END = re.compile(r"(?P<first>(?:19|20)\d\d\s*[-–]\s*)?\b(?:19|20)\d\d$")
"""The rest of "2021 - 2025" on a line of its own is no item of a list; "- 100% …" below
"Giai đoạn 2021 - 2025" is.
"""
_SUM = re.compile(r"(?:tổng|cộng)\b", re.IGNORECASE)


def blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs and tables of a section's text, composed (NFC)."""
    made: list[Block] = []
    typed = [_LISTED.sub(_marked, line) for line in plain_text(text).split("\n")]
    rows = {at for at in range(len(typed)) if _is_row(typed, at)}
    for in_table, places in groupby(range(len(typed)), key=rows.__contains__):
        listed = [typed[at] for at in places]
        if in_table and len(listed) > 1:
            made.append(_table([_cells(line) for line in listed]))
        else:
            made += (paragraph(line) for line in _joined(listed))
    return tuple(made)


def paragraph(line: str) -> Paragraph:
    """Return one line as the paragraph that its numeral or dash makes it."""
    line = " ".join(line.split())
    if _PART.match(line) and _is_title(line):
        return Paragraph((Run(_unmarked(line).upper(), bold=True),), ParagraphStyle.PART)
    if _CLAUSE.match(line) and _is_title(line):
        return Paragraph((Run(_unmarked(line), bold=True),), ParagraphStyle.CLAUSE)
    if article := _ARTICLE.match(line):
        rest = runs(f" {line[article.end() :]}")
        return Paragraph((Run(article[1], bold=True), *rest), ParagraphStyle.ARTICLE)
    if _POINT.match(line):
        return Paragraph(runs(line), ParagraphStyle.POINT)
    if item := _ITEM.match(line):
        dash = "+" if item["dash"] == "+" else "-"
        return Paragraph(runs(f"{dash} {line[item.end() :]}"), ParagraphStyle.ITEM)
    return Paragraph(runs(line))


def runs(text: str) -> tuple[Run, ...]:
    """Part a line at its marks for bold and italic; a mark without its fellow is a letter."""
    found: list[Run] = []
    at = 0
    for match in _STYLED.finditer(text):
        if match.start() > at:
            found.append(Run(text[at : match.start()]))
        bold = match["bold"]
        found.append(Run(bold or match["italic"], bold=bold is not None, italic=bold is None))
        at = match.end()
    if at < len(text):
        found.append(Run(text[at:]))
    return tuple(found)


def _unmarked(line: str) -> str:
    return "".join(run.text for run in runs(line))


def _is_title(line: str) -> bool:
    """Tell whether a numbered line is a title and no sentence: it is short and has no end."""
    text = line.rstrip("*")
    return len(text) <= LONGEST_TITLE and not re.search(r"[.;,!?…]$", text)


# --- Lines --------------------------------------------------------------------------------


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that say something, each with those that only its width cut off."""
    held = ""
    for line in lines:
        text = " ".join(line.split())
        if held and text and _goes_on(held, text):
            held = f"{held} {text}"
            continue
        if held:
            yield held
        held = text
    if held:
        yield held


def _goes_on(before: str, line: str) -> bool:
    """Tell whether a line is the rest of the one before."""
    if _ENDED.search(before):
        return False
    if before[-1].isdigit() and _RANGE.match(line):
        year = _YEAR_AT_END.search(before)
        return year is None or (not year["first"] and _YEAR_RANGE.match(line) is not None)
    if any(mark.match(line) for mark in _MARKED):
        return False
    titled = any(mark.match(before) for mark in (_PART, _CLAUSE)) and _is_title(before)
    if line[0].islower():
        return not (titled and before.isupper())
    return before.endswith(",") or (len(before) >= _LONG_LINE and not titled)


# --- Tables -------------------------------------------------------------------------------


def _marked(listed: re.Match[str]) -> str:
    """Return a list's mark as people type it: the letters of symbol fonts are dashes."""
    mark = listed["mark"]
    return f"{mark} " if mark in "+-" or mark[-1] in ".)" else "- "


def _is_row(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is a row: it has a tab, or stands between two that have one."""
    if not lines[at].strip():
        return False
    around = [lines[near] for near in (at - 1, at + 1) if 0 <= near < len(lines)]
    return "\t" in lines[at] or (len(around) == 2 and all("\t" in line for line in around))


def _cells(line: str) -> list[str]:
    return [" ".join(cell.split()).strip('"') for cell in line.split("\t")]


def _table(rows: list[list[str]]) -> Table:
    """Return rows as a table under the first of them; columns without any text are left out."""
    width = max(map(len, rows))
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = [column for column in zip_longest(*full, fillvalue="") if any(column)]
    head = [column[0] for column in columns]
    body = list(zip(*(column[1:] for column in columns), strict=True))
    return Table(
        columns=tuple(
            TableColumn(title, _share(column), _align(column[1:]))
            for title, column in zip(head, columns, strict=True)
        ),
        rows=tuple(_row(cells) for cells in body),
    )


def _row(cells: tuple[str, ...]) -> TableRow:
    said = [cell for cell in cells if cell]
    if len(said) == 1 and len(cells) > 1 and not _FIGURE.fullmatch(said[0]):
        return TableRow((said[0], *[""] * (len(cells) - 1)), heading=True)
    named = next((cell for cell in said if not _FIGURE.fullmatch(cell)), "")
    return TableRow(cells, total=_SUM.match(named) is not None)


def _share(column: tuple[str, ...]) -> int:
    """Return a column's part of the width by its longest text, within bounds."""
    return max(3, min(30, max(map(len, column))))


def _align(column: tuple[str, ...]) -> Align:
    said = [cell for cell in column if cell]
    if not said or not all(_FIGURE.fullmatch(cell) for cell in said):
        return Align.LEFT
    return Align.CENTRE if max(map(len, said)) <= 2 else Align.RIGHT
