"""Read an Excel workbook where it can do no harm; called through `lth.core.apart` alone.

Sizes are known before anything is unpacked: what a part unpacks to, and how far its cells lie
apart, since the library lays a sheet out as a rectangle. Nothing is computed, no macro run, no link
followed. What the library does not say stands in the parts themselves: which cells are formulas or
faults, which are shown as a percentage, and in which font.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from posixpath import join, normpath
from typing import Any, NamedTuple
from xml.parsers import expat

import python_calamine

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.core.old_encodings import Encoding, of_font

MOST_ROWS = 10_000
MOST_COLUMNS = 256
MOST_SHEETS = 40
LARGEST_UNPACKED = 50_000_000
_MOST_PARTS = 1_000
_LARGEST_AREA = 4_000_000
"""Cells of the rectangle around all that a sheet holds."""

_BROKEN = Message(N_("Tệp Excel bị hỏng. Hãy mở bằng Excel, lưu lại rồi gửi lại."))
_TOO_LARGE = Message(N_("Tệp Excel giải nén ra quá lớn. Hãy chép phần cần gửi sang một tệp mới."))
_MACROS = Message(
    N_("Tệp có macro (.xlsm) nên không nhận. Hãy mở bằng Excel, lưu thành .xlsx rồi gửi lại.")
)
_NO_WORKBOOK = Message(N_("Tệp này không phải Excel (.xlsx) hay CSV."))
_PASSWORD = Message(N_("Tệp Excel có mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi gửi lại."))
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError),
    *(expat.ExpatError, LookupError, ValueError),
)

_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?:\s+r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'])?([^>]*?)(/?)>\s*(<(?:\w+:)?f\b)?",
    re.DOTALL,
)
"""A cell: where it stands if that comes first, its other attributes, whether it is computed."""

_NAMED = {
    name: re.compile(rb'\b%s\s*=\s*["\']([^"\']*)["\']' % name) for name in (b"r", b"s", b"t")
}
_PLACE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")
_PERCENT_IDS = frozenset({9, 10})


def read_workbook(data: bytes) -> dict[str, Any]:
    """Return the sheets of a workbook: name, hidden, merged, and rows of [column, text, kind,
    computed, encoding], the last three left out where a cell is a text and no more.

    Raises BlockedError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive)
            parts = _sheet_parts(archive)
            styles = _read_styles(archive)
            marks = {name: _Marks.of(archive, part, styles) for name, part in parts.items()}
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {"sheets": list(_sheets(book, marks))}
    except python_calamine.PasswordError:
        raise BlockedError(_PASSWORD) from None
    except (python_calamine.CalamineError, *_FAULTS):
        raise BlockedError(_BROKEN) from None


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise BlockedError(_TOO_LARGE)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BlockedError(_MACROS)
    if "xl/workbook.xml" not in names or len(names) != len(parts):
        raise BlockedError(_NO_WORKBOOK)


def _sheets(
    book: python_calamine.CalamineWorkbook, marks: Mapping[str, "_Marks"]
) -> Iterator[dict[str, Any]]:
    for about in book.sheets_metadata[:MOST_SHEETS]:
        if about.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        marked = marks.get(about.name, _Marks())
        rows = list(_rows(about.name, sheet, marked))
        if len(rows) > MOST_ROWS:
            text = N_("Trang “%(sheet)s” dài quá %(most)s dòng. Hãy chia nhỏ.")
            raise BlockedError(
                Message(text, {"sheet": about.name, "most": f"{MOST_ROWS:,}".replace(",", ".")})
            )
        yield {
            "name": about.name,
            "hidden": about.visible is not python_calamine.SheetVisibleEnum.Visible,
            "merged": [
                [top + 1, left, bottom + 1, right]
                for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:MOST_ROWS]
            ],
            "rows": rows,
        }


def _rows(name: str, sheet: python_calamine.CalamineSheet, marks: "_Marks") -> Iterator[list[Any]]:
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        cells = []
        marked = marks.rows.get(number, _NONE)
        for at, value in enumerate(values):
            mark = marked.get(at)
            if value == "" and not (mark and mark.fault):
                continue
            if at >= MOST_COLUMNS:
                text = N_("Trang “%(sheet)s”, dòng %(row)s có chữ ở ngoài %(most)s cột đầu.")
                raise BlockedError(
                    Message(text, {"sheet": name, "row": number, "most": MOST_COLUMNS})
                )
            cells.append([at, *_worded(value)] if mark is None else [at, *_marked(value, mark)])
        if cells:
            yield [number, cells]


def _marked(value: Any, mark: "_Mark") -> tuple[str | int, ...]:
    """Return a cell that is more than its value: text, kind, whether computed, encoding."""
    text, kind = ("", "e") if mark.fault else _shown(value, mark.percent)
    return (text, kind, int(mark.computed), mark.font)


def _worded(value: Any) -> tuple[str, ...]:
    """Return a value's text and its kind, which goes without saying where it is a text."""
    if isinstance(value, str):
        return (value,)
    return _shown(value, percent=False)


def _shown(value: Any, percent: bool) -> tuple[str, str]:
    """Return a value as a person would type it, in Vietnamese, and its kind."""
    if isinstance(value, str):
        return value, "t"
    if isinstance(value, bool):
        return ("1" if value else ""), "t"
    if isinstance(value, int | float):
        return (_plain(Decimal(repr(value)) * 100) + " %" if percent else _number(value)), "n"
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}", "d"
    return str(value), "t"


def _number(value: float) -> str:
    """Write a number that is shown as it is; most are whole, which is told without decimals."""
    if -_EXACT < value < _EXACT and value == int(value):
        return str(int(value))
    return _plain(Decimal(repr(value)))


_EXACT = 10**15


def _plain(number: Decimal) -> str:
    """Write a number with a comma before its places, without the dust of binary fractions."""
    rounded = round(number, 9)
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


# --- What stands in the parts -------------------------------------------------------------


@dataclass(frozen=True)
class _Styles:
    """Of the styles of cells, by number: those shown as percentages, and the fonts of old."""

    percents: frozenset[int] = frozenset()
    fonts: Mapping[int, Encoding] = None  # type: ignore[assignment] # set below

    def __post_init__(self) -> None:
        object.__setattr__(self, "fonts", dict(self.fonts or {}))


class _Mark(NamedTuple):
    """What the library does not say of a cell."""

    computed: bool
    fault: bool
    percent: bool
    font: str


_NONE: Mapping[int, _Mark] = {}


class _Marks:
    """The cells of a sheet that have a mark, by row from 1 and column from 0."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, _Mark]] = {}

    @classmethod
    def of(cls, archive: zipfile.ZipFile, part: str, styles: _Styles) -> "_Marks":
        """Look through a part. Raises BlockedError where its cells lie too far apart.

        What differs between cells is where they stand; of the rest there are few kinds.
        """
        found, low, right = cls(), 0, 0
        reader = _AttributeReader(styles)
        for match in _CELL.finditer(archive.read(part)):
            letters, digits, rest, is_empty, formula = match.groups()
            if is_empty:
                continue
            if letters is None:
                place = _PLACE.fullmatch(_named(b"r", rest))
                if place is None:
                    continue
                letters, digits = place.groups()
            row, at = int(digits), _column(letters)
            low, right = max(low, row), max(right, at + 1)
            mark = reader.mark(rest, bool(formula))
            if mark is not None:
                found.rows.setdefault(row, {})[at] = mark
        if low * right > _LARGEST_AREA:
            raise BlockedError(
                Message(
                    N_(
                        "Trang tính có ô nằm quá xa (dòng %(row)s). Hãy xóa các ô thừa rồi lưu lại."
                    ),
                    {"row": low},
                )
            )
        return found


class _AttributeReader:
    """What the attributes of cells mean, each spelling read once."""

    def __init__(self, styles: _Styles) -> None:
        self.styles = styles
        self.known: dict[tuple[bytes, bool], _Mark | None] = {}

    def mark(self, attributes: bytes, computed: bool) -> _Mark | None:
        key = (attributes, computed)
        if key not in self.known:
            if len(self.known) > _MOST_SPELLINGS:
                self.known.clear()
            self.known[key] = self._read(attributes, computed)
        return self.known[key]

    def _read(self, attributes: bytes, computed: bool) -> _Mark | None:
        style = int(_named(b"s", attributes) or 0)
        font = self.styles.fonts.get(style)
        mark = _Mark(
            computed,
            _named(b"t", attributes) == b"e",
            style in self.styles.percents,
            font.value if font else "",
        )
        return mark if any(mark) else None


_MOST_SPELLINGS = 10_000


def _named(name: bytes, attributes: bytes) -> bytes:
    found = _NAMED[name].search(attributes)
    return found[1] if found else b""


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    """Return the column from 0 of "A", "Z", "AA"."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _parse(archive: zipfile.ZipFile, part: str, begin: Any, end: Any = None) -> None:
    """Feed a part to handlers that know no prefixes; one that declares entities is refused."""
    parser = expat.ParserCreate()

    def refuse(*_declared: Any) -> None:
        raise BlockedError(_BROKEN)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, of: begin(_local(tag), of)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(_local(tag))
    parser.Parse(archive.read(part), True)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Map the names of sheets to the parts that hold them."""
    links: dict[str, str] = {}
    listed: list[tuple[str, str]] = []

    def relation(tag: str, of: dict[str, str]) -> None:
        if tag == "Relationship" and of.get("TargetMode") != "External":
            target = of.get("Target", "")
            inside = target.lstrip("/") if target.startswith("/") else join("xl", target)
            links[of.get("Id", "")] = normpath(inside)

    def sheet(tag: str, of: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for key, value in of.items() if _local(key) == "id"), "")
            listed.append((of.get("name", ""), link))

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    names = set(archive.namelist())
    return {name: links[link] for name, link in listed if links.get(link) in names}


def _read_styles(archive: zipfile.ZipFile) -> _Styles:
    if "xl/styles.xml" not in archive.namelist():
        return _Styles()
    reader = _StyleReader()
    _parse(archive, "xl/styles.xml", reader.begin, reader.end)
    return reader.styles()


class _StyleReader:
    """Number formats, fonts and the styles of cells that name both."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.formats: dict[int, str] = {}
        self.fonts: list[str] = []
        self.cells: list[tuple[int, int]] = []

    def begin(self, tag: str, of: dict[str, str]) -> None:
        within = self.inside[-1] if self.inside else ""
        self.inside.append(tag)
        if tag == "numFmt" and within == "numFmts":
            self.formats[int(of.get("numFmtId", 0))] = of.get("formatCode", "")
        elif tag == "font" and within == "fonts":
            self.fonts.append("")
        elif tag == "name" and within == "font" and self.fonts:
            self.fonts[-1] = of.get("val", "")
        elif tag == "xf" and within == "cellXfs":
            self.cells.append((int(of.get("numFmtId", 0)), int(of.get("fontId", 0))))

    def end(self, _tag: str) -> None:
        self.inside.pop()

    def styles(self) -> _Styles:
        old = {at: found for at, name in enumerate(self.fonts) if (found := of_font(name))}
        percents = {
            at
            for at, (shown, _) in enumerate(self.cells)
            if shown in _PERCENT_IDS or "%" in self.formats.get(shown, "")
        }
        fonts = {at: old[font] for at, (_, font) in enumerate(self.cells) if font in old}
        return _Styles(frozenset(percents), fonts)
