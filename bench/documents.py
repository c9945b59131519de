"""How long papers and files take beside the bare library that does the work, in one run.

Wanted: a paper within 4 × a bare compile of the same text as PDF and a bare python-docx file of it,
a package within 4 × bare lxml. What is asked of a warm and quiet machine stands beside it, in
milliseconds. No database is needed.
"""

import argparse
import io
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import typst
import xlsxwriter
from docx import Document as WordDocument
from lxml import etree
from python_calamine import CalamineWorkbook
from support.packages import PACKAGE

from bench.checks import shipped
from bench.common import medians
from lth.exchange.edxml import reader as edxml_reader
from lth.exchange.edxml import writer as edxml_writer
from lth.exchange.edxml.package import PackageFile
from lth.exchange.grids.books import open_book
from lth.exchange.papers import pdf, word
from lth.exchange.papers.text import Block, PaperText, Table, plain
from lth.exchange.papers.writing import of_plan
from lth.exchange.plan_reading.extract import text_of
from lth.exchange.plan_reading.read import read_text

MARK = b"the number"
"""What stands in a bare source where each run has its own number."""


@dataclass(frozen=True)
class Pair:
    """A piece of work, ours and bare; `most` is what ours may take on a quiet machine, in ms, and
    `times` how often the time of the bare library.
    """

    name: str
    ours: Callable[[], object]
    bare: Callable[[], object]
    most: int
    times: float = 4.0


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where ours takes more than is wanted beside the bare library."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    chosen, _ = parser.parse_known_args(arguments)
    print(f"\npapers and files{'ours ms':>26}{'bare ms':>10}{'×':>8}{'at most ms':>12}")
    missed = 0
    for pair in (*papers(), *packages(), *workbooks(), *plans_read()):
        times = medians({"ours": pair.ours, "bare": pair.bare}, chosen.rounds)
        ratio = times["ours"] / times["bare"]
        missed += ratio > pair.times
        print(
            f"{pair.name:<32}{times['ours']:>10.1f}{times['bare']:>10.1f}{ratio:>8.1f}"
            f"{pair.most:>12}"
        )
    return int(missed > 0)


def papers() -> list[Pair]:
    """The longest paper that ships, in both forms."""
    paper = max((of_plan(content) for _, content in shipped()), key=_length)
    pages = len(pdf.pictures(paper, dots_per_inch=20))
    source, fonts = bare_source(paper), typst.Fonts(False, False, [str(pdf.FONTS)])
    each, other = count(1), count(1)
    return [
        Pair(
            f"PDF of {pages} pages",
            lambda: pdf.write(_numbered(paper, next(each))),
            lambda: bare_pdf(source.replace(MARK, b"%d" % next(other)), fonts),
            100,
        ),
        Pair("the same as Word", lambda: word.write(paper), lambda: bare_word(paper), 150),
    ]


def _numbered(paper: PaperText, number: int) -> PaperText:
    """The paper with another number and another first line, as another paper would have.

    typst remembers what it has set of the very same text.
    """
    return replace(paper, number=str(number), body=(plain(f"Bản {number}."), *paper.body))


def packages() -> list[Pair]:
    """A package for another office's system with its PDF of a megabyte, written and read."""
    paper = PackageFile("ke-hoach.pdf", b"%PDF-1.7\n" + bytes(1_000_000))
    package = replace(PACKAGE, paper=paper)
    written = edxml_writer.write(package)
    tree = etree.fromstring(written)
    return [
        Pair(
            "edXML of 1 MB written",
            lambda: edxml_writer.write(package),
            lambda: (b64encode(paper.data), etree.tostring(tree)),
            100,
        ),
        Pair(
            "and read",
            lambda: edxml_reader.read_here(written),
            lambda: [b64decode(one.text or "") for one in etree.fromstring(written).iter(CONTENT)],
            100,
        ),
    ]


ROWS, COLUMNS = 10_000, 10
TEXTS = 9
"""How often the text of the longest plan makes some 25 pages."""


def workbooks() -> list[Pair]:
    """A workbook of 10,000 rows, through our reader with its bounds and its process apart."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Chỉ tiêu")
        for row in range(ROWS):
            sheet.write_row(row, 0, [f"Xã {row}", *range(row, row + COLUMNS - 1)])
    data = written.getvalue()

    def bare() -> object:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return book.get_sheet_by_index(0).to_python()

    return [
        Pair(
            f"{ROWS} rows of Excel read", lambda: open_book(data, "so-lieu.xlsx"), bare, 1000, 12.0
        )
    ]


def plans_read() -> list[Pair]:
    """An existing plan of some 25 pages as Word: its text, and all that is found in it."""
    paper = max((of_plan(content) for _, content in shipped()), key=_length)
    long = replace(paper, attached=None, body=_whole(paper) * TEXTS, annexes=())
    data, pages = word.write(long), len(pdf.pictures(long, dots_per_inch=10))

    def bare() -> object:
        body = WordDocument(io.BytesIO(data)).element.body
        return [one.text for one in body.iter() if one.text]

    return [
        Pair(
            f"a Word plan of {pages} pages read", lambda: read_text(text_of(data)), bare, 1000, 15.0
        )
    ]


def _whole(paper: PaperText) -> tuple[Block, ...]:
    """The text of the plan, wherever it stands."""
    return paper.attached.body if paper.attached else paper.body


CONTENT = "{*}ContentTransferEncoded"


def _length(paper: PaperText) -> int:
    return sum(len(paragraph.text) for paragraph in paper.paragraphs())


def _tables(paper: PaperText) -> list[Table]:
    parts = (paper.body, *(annex.body for annex in paper.annexes))
    return [block for part in parts for block in part if isinstance(block, Table)]


def bare_source(paper: PaperText) -> bytes:
    """The same texts and tables as a source for typst that does nothing but set them."""
    texts = [f"#par({_quoted(one.text)})" for one in paper.paragraphs()]
    tables = [
        f"#table(columns: {len(table.columns)}, {', '.join(map(_quoted, _cells(table)))})"
        for table in _tables(paper)
    ]
    texts.insert(0, f"#par({_quoted(MARK.decode())})")
    head = '#set page(paper: "a4")\n#set text(font: "Liberation Serif", size: 14pt)\n'
    return (head + "\n".join([*texts, *tables])).encode()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cells(table: Table) -> list[str]:
    heads = [column.title for column in table.columns]
    rows = [cell for row in table.rows if not row.heading for cell in row.cells]
    return heads + rows


def bare_pdf(source: bytes, fonts: typst.Fonts) -> bytes:
    return typst.compile(source, font_paths=fonts)


def bare_word(paper: PaperText) -> bytes:
    """The same texts and tables as python-docx makes a file of them by itself."""
    document = WordDocument()
    for one in paper.paragraphs():
        document.add_paragraph(one.text)
    for table in _tables(paper):
        made = document.add_table(rows=0, cols=len(table.columns))
        for row in table.rows:
            for cell, text in zip(made.add_row().cells, row.cells, strict=False):
                cell.text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
