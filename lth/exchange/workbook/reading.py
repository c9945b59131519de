"""Find again, in an uploaded workbook, the rows that were written, by headings and codes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lth.core.i18n import C_, N_, Message
from lth.core.vietnamese import search_key
from lth.exchange.grids.cells import FORMULAS, CellKind, FileBook, FileCell, FileSheet, address
from lth.exchange.workbook.layout import (
    LINE_CODE,
    TARGET_COLUMNS,
    TARGET_SHEET,
    TEMPLATE,
    SheetColumn,
    TargetColumn,
    declared_on,
    part_columns,
)
from lth.exchange.workbook.sealing import WorkbookSeal

_SEARCHED = 20
"""How many rows are looked through for the headings."""

_TOLD = 5
"""How many cells a note names."""

NO_CELL = FileCell("")


@dataclass(frozen=True)
class TypedRow:
    """A row under the headings: its code, and its cells by the names of their columns.

    `places` has the column of each, also where the cell is empty.
    """

    sheet: str
    number: int
    code: str
    cells: Mapping[str, FileCell]
    places: Mapping[str, int]

    def text(self, name: str) -> str:
        """Return the clean text of a cell, empty where there is none."""
        return self.cells.get(name, NO_CELL).clean

    def has(self, name: str) -> bool:
        """Tell whether the sheet has a column at all."""
        return name in self.places

    def at(self, name: str) -> str:
        """Return where a cell stands: "Chỉ tiêu!G14"; the row's code, for a column that is not."""
        return address(self.sheet, self.number, self.places.get(name, 0))

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is typed in it."""
        return not any(cell.clean or cell.kind is CellKind.FAULT for cell in self.cells.values())


@dataclass(frozen=True)
class TypedBook:
    """The rows of a workbook by sheet, and what is to be said about how they were read."""

    targets: Sequence[TypedRow] = ()
    parts: Mapping[str, Sequence[TypedRow]] = field(default_factory=dict)
    notes: Sequence[Message] = ()


def is_ours(book: FileBook) -> bool:
    """Tell whether a book has one of the sheets that are written, with its headings."""
    return any(_found(sheet) is not None for sheet in book.sheets)


def read(book: FileBook, seal: WorkbookSeal | None) -> TypedBook:
    """Read the rows of the sheets that are there."""
    notes: list[Message] = []
    targets: list[TypedRow] = []
    parts: dict[str, list[TypedRow]] = {}
    for sheet in book.sheets:
        found = _found(sheet)
        if found is None:
            continue
        rows = list(_rows(sheet, *found))
        if sheet.name.strip() == TARGET_SHEET:
            targets = rows
        else:
            declared = declared_on(sheet.name.strip())
            if declared is not None:
                parts[declared.part] = rows
        notes.extend(_notes(sheet, found[0], rows))
    if seal is not None and seal.template != TEMPLATE:
        notes.insert(0, _other_template(seal.template))
    return TypedBook(targets, parts, notes)


def _other_template(template: int) -> Message:
    if template < TEMPLATE:
        return Message(N_("Tệp theo mẫu cũ: các cột còn nhận ra được vẫn đọc, cột khác bỏ qua."))
    return Message(N_("Tệp theo mẫu mới hơn phần mềm này: chỉ các cột nhận ra được mới được đọc."))


def _columns(sheet: str) -> Sequence[SheetColumn]:
    if sheet == TARGET_SHEET:
        return TARGET_COLUMNS
    declared = declared_on(sheet)
    return part_columns(declared) if declared is not None else ()


def _found(sheet: FileSheet) -> tuple[int, dict[str, int]] | None:
    """Find the row of headings and where each column stands; None where it is no such sheet."""
    columns = _columns(sheet.name.strip())
    if not columns:
        return None
    heads = {search_key(column.head): column.name for column in columns}
    code = TargetColumn.CODE if sheet.name.strip() == TARGET_SHEET else LINE_CODE.name
    for number in list(sheet.rows)[:_SEARCHED]:
        said = {at: search_key(cell.clean) for at, cell in sheet.rows[number].items()}
        places: dict[str, int] = {}
        for at, text in said.items():
            if text in heads:
                places.setdefault(heads[text], at)
        if code in places and len(places) > 1:
            return number, places
    return None


def _rows(sheet: FileSheet, head: int, places: Mapping[str, int]) -> Iterator[TypedRow]:
    typed = {column.name for column in _columns(sheet.name.strip()) if column.typed}
    code_at = places[TargetColumn.CODE if sheet.name.strip() == TARGET_SHEET else LINE_CODE.name]
    for number, row in sheet.rows.items():
        if number <= head:
            continue
        cells = {name: row[at] for name, at in places.items() if name in typed and at in row}
        code = row[code_at].clean if code_at in row else ""
        if code or cells:
            yield TypedRow(sheet.name.strip(), number, code, cells, places)


# --- What is said about it ----------------------------------------------------------------


def _notes(sheet: FileSheet, head: int, rows: Sequence[TypedRow]) -> Iterator[Message]:
    computed = _where(rows, lambda cell: cell.computed)
    if computed:
        text = C_("%(num)s ô là công thức: lấy kết quả Excel đã tính (%(cells)s).")
        yield _counted(text, computed)
    signs = _where(rows, _looks_like_formula)
    if signs:
        text = C_("%(num)s ô bắt đầu bằng dấu =, +, - hoặc @: giữ nguyên là chữ (%(cells)s).")
        yield _counted(text, signs)
    typed = {row.number for row in rows}
    merged = [
        address(sheet.name, top, left)
        for top, left, bottom, right in sheet.merged
        if top > head and typed & set(range(top, bottom + 1))
    ]
    if merged:
        text = C_("%(num)s chỗ gộp ô: chỉ ô đầu có giá trị, các ô kia coi như trống (%(cells)s).")
        yield _counted(text, merged)


def _where(rows: Sequence[TypedRow], chosen: Callable[[FileCell], bool]) -> list[str]:
    return [row.at(name) for row in rows for name, cell in row.cells.items() if chosen(cell)]


def _looks_like_formula(cell: FileCell) -> bool:
    return cell.kind is CellKind.TEXT and len(cell.text) > 1 and cell.text.startswith(FORMULAS)


def _counted(text: str, cells: Sequence[str]) -> Message:
    shown = ", ".join(cells[:_TOLD]) + (", …" if len(cells) > _TOLD else "")
    return Message(text, {"cells": shown}, number=len(cells))
