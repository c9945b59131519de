"""Sheets of an Excel workbook, read as a stream.

Not by a library that lays a sheet out as a rectangle: two cells in opposite corners, five
kilobytes of file, ask it for half a terabyte and end the server. Nothing is computed here, no
macro run, no link followed: a formula's cell is the value that Excel kept beside it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from lth.core.i18n import N_
from lth.exchange.grids.lists import (
    LARGEST_UNPACKED,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    ListGrid,
    ListGridRow,
    bounded,
    cleaned,
    refused,
)

Begin = Callable[[str, dict[str, str]], None]

_MOST_PARTS = 1_000
_MOST_SHEETS = 12
_LARGEST_MERGE = 2_000
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PIECE = 65_536

_MOST_TAGS = 400_000

_BROKEN = N_("Tệp Excel bị hỏng. Hãy mở bằng Excel, lưu lại rồi gửi lại.")
_TOO_LARGE = N_("Tệp Excel giải nén ra quá lớn. Hãy chép danh sách sang một tệp mới.")
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),  # the archive's
    *(expat.ExpatError, LookupError, ValueError),  # of what is in it
)


def read(data: bytes) -> Iterator[ListGrid]:
    """Read the visible sheets of a workbook one by one. Raises RefusedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = _Workbook(archive)
            yield from book.sheets()
    except _FAULTS as fault:
        raise refused(_BROKEN) from fault


class _Workbook:
    """An archive whose size is known to be in bounds."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise refused(_TOO_LARGE)
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise refused(N_("Tệp có macro nên không nhận. Hãy lưu lại thành .xlsx."))
        if "xl/workbook.xml" not in names or len(names) != len(parts):
            raise refused(N_("Tệp này không phải danh sách Excel (.xlsx) hay CSV."))
        self.names = names
        self.tags = 0

    def sheets(self) -> Iterator[ListGrid]:
        targets = self._targets()
        texts = self._shared_texts()
        for name, link in self._listed()[:_MOST_SHEETS]:
            part = targets.get(link, "")
            if part in self.names:
                reader = _SheetReader(texts)
                self._parse(part, reader.begin, reader.end, reader.gathered)
                yield reader.sheet(cleaned(name))

    def _listed(self) -> list[tuple[str, str]]:
        """List the visible sheets: the name, and by which link they are found."""
        found: list[tuple[str, str]] = []

        def begin(tag: str, of: dict[str, str]) -> None:
            if tag == "sheet" and of.get("state", "visible") == "visible":
                link = next((value for key, value in of.items() if _local(key) == "id"), "")
                found.append((of.get("name", ""), link))

        self._parse("xl/workbook.xml", begin)
        return found

    def _targets(self) -> dict[str, str]:
        found: dict[str, str] = {}

        def begin(tag: str, of: dict[str, str]) -> None:
            if tag == "Relationship" and of.get("TargetMode") != "External":
                target = of.get("Target", "")
                inside = target.lstrip("/") if target.startswith("/") else join("xl", target)
                found[of.get("Id", "")] = normpath(inside)

        self._parse("xl/_rels/workbook.xml.rels", begin)
        return found

    def _shared_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.names:
            return []
        reader = _TextsReader()
        self._parse("xl/sharedStrings.xml", reader.begin, reader.end, reader.text)
        return reader.found

    def _parse(
        self,
        part: str,
        begin: Begin,
        end: Callable[[str], None] = lambda _tag: None,
        text: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """Feed a part to handlers that know no prefixes; one that declares entities is refused."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = lambda tag, of: begin(self._counted(tag), of)
        parser.EndElementHandler = lambda tag: end(_local(tag))
        parser.CharacterDataHandler = text
        with self.archive.open(part) as opened:
            while piece := opened.read(_PIECE):
                parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _counted(self, tag: str) -> str:
        self.tags += 1
        if self.tags > _MOST_TAGS:
            raise refused(_TOO_LARGE)
        return _local(tag)


@lru_cache(maxsize=512)
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _refuse_doctype(*_declared: Any) -> None:
    raise refused(_BROKEN)


class _Gathering:
    """Text between tags, as much of it as a cell may have and one character more."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def add(self, text: str) -> None:
        if self.length <= LONGEST_CELL:
            self.pieces.append(text)
            self.length += len(text)

    def take(self) -> str:
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return text


class _TextsReader:
    """The texts that cells share, in their order; how a reading is spelt out is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.gathering = _Gathering()
        self.inside = False
        self.aside = 0

    def begin(self, tag: str, _of: dict[str, str]) -> None:
        self.aside += tag == "rPh"
        self.inside = tag == "t" and not self.aside

    def end(self, tag: str) -> None:
        self.aside -= tag == "rPh"
        self.inside = False
        if tag == "si":
            self.found.append(self.gathering.take())

    def text(self, text: str) -> None:
        if self.inside:
            self.gathering.add(text)


class _SheetReader:
    """One sheet: the cells that hold a value, and which are merged."""

    def __init__(self, texts: list[str]):
        self.texts = texts
        self.rows: list[tuple[int, dict[int, str]]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.gathering = _Gathering()
        self.row, self.at, self.kind = 0, -1, ""
        self.inside, self.aside = False, 0

    def sheet(self, name: str) -> ListGrid:
        """Return what was read. Raises RefusedError past the bounds."""
        rows = bounded(self.rows)
        return ListGrid(rows, name=name, merged=self._merged(rows))

    def begin(self, tag: str, of: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(of.get("r") or self.row + 1)
            self.at = -1
        elif tag == "c":
            self.at = _place(of["r"])[1] if "r" in of else self.at + 1
            self.kind = of.get("t", "n")
        elif tag == "mergeCell" and len(self.merges) < _LARGEST_MERGE:
            first, _, last = of.get("ref", "").partition(":")
            self.merges.append((*_place(first), *_place(last or first)))
        self.aside += tag == "rPh"
        self.inside = tag in {"v", "t"} and not self.aside

    def end(self, tag: str) -> None:
        self.aside -= tag == "rPh"
        self.inside = False
        if tag == "c":
            self._keep(cleaned(self._value(self.gathering.take())))

    def gathered(self, text: str) -> None:
        if self.inside:
            self.gathering.add(text)

    def _value(self, text: str) -> str:
        if self.kind == "s":
            return self.texts[int(text)] if text else ""
        if self.kind == "n" and text.endswith(".0"):
            return text[:-2]
        return "" if self.kind == "e" else text

    def _keep(self, text: str) -> None:
        if not text:
            return
        if not self.rows or self.rows[-1][0] != self.row:
            if len(self.rows) > MOST_ROWS:
                bounded(self.rows)  # says that it is too long
            self.rows.append((self.row, {}))
        if len(self.rows[-1][1]) > MOST_COLUMNS:
            bounded(self.rows)  # says that it is too wide
        self.rows[-1][1][self.at] = text

    def _merged(self, rows: tuple[ListGridRow, ...]) -> dict[tuple[int, int], str]:
        """Spread what stands in the first of merged cells over those below it."""
        written = {row.number: row.cells for row in rows}
        found: dict[tuple[int, int], str] = {}
        for top, left, bottom, right in self.merges:
            text = written.get(top, {}).get(left)
            if text and left == right:
                low = min(bottom, top + MOST_ROWS)
                found |= {(at, left): text for at in range(top + 1, low + 1) if at in written}
        return found


def _place(reference: str) -> tuple[int, int]:
    """Return the row number and the column from 0 of "C7". Raises ValueError."""
    match = _CELL.fullmatch(reference.replace("$", ""))
    if match is None:
        raise ValueError(f"no cell is called {reference!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1
