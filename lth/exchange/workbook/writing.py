"""Write a plan as a workbook: what may be typed is open, all else stands fast, nothing is computed.

Every text is written as text, whatever sign it begins with.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lth.content import targets
from lth.content.schema import LINE_TYPES, Field, LineType, Typed
from lth.content.targets import AREA_TYPE_LABEL, COMPARATOR_LABEL, LARGEST, SCOPE_LABEL
from lth.core.i18n import N_, Message
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first, format_number
from lth.drafting.target_input import first_values
from lth.exchange.workbook import sealing
from lth.exchange.workbook.contents import PartEntry, PlanState, TargetEntry, group_labels, seal_of
from lth.exchange.workbook.layout import (
    GUIDE_SHEET,
    LINE_CODE,
    PART_SHEETS,
    SEAL_SHEET,
    TARGET_COLUMNS,
    TARGET_SHEET,
    SheetColumn,
    TargetColumn,
    part_columns,
)
from lth.models.content import AreaType, Comparator
from lth.models.programme import Measure
from lth.workflow.kinds import document_name

HEAD_ROW = 4
"""The row of headings, from 0, on each sheet with inputs."""

BLANK_LINES = 40
"""Empty lines under those of a part."""

_GRID = {"border": 1, "border_color": "#D8CFBE", "valign": "top", "text_wrap": True}
_TYPED = _GRID | {"locked": False, "bg_color": "#FFFDF4"}
_FACES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#7A1F1F"},
    "lead": {"font_color": "#5B5348"},
    "head": _GRID | {"bold": True, "bg_color": "#F3E9D2", "bottom": 2, "valign": "vcenter"},
    "typed_head": _GRID | {"bold": True, "bg_color": "#E9D9A8", "bottom": 2, "valign": "vcenter"},
    "topic": {"bold": True, "bg_color": "#FAF5E8", "top": 1, "bottom": 1},
    "fixed": _GRID,
    "figure": _GRID | {"align": "right"},
    "code": _GRID | {"font_color": "#8A8172", "font_size": 8, "text_wrap": False, "shrink": True},
    "shut": _GRID | {"bg_color": "#EEEBE4", "font_color": "#5B5348"},
    "shut_count": _GRID | {"bg_color": "#EEEBE4", "font_color": "#5B5348", "num_format": "#,##0"},
    "shut_share": _GRID | {"bg_color": "#EEEBE4", "font_color": "#5B5348", "num_format": "0.00%"},
    "shut_rate": _GRID | {"bg_color": "#EEEBE4", "font_color": "#5B5348", "num_format": "#,##0.00"},
    "text": _TYPED | {"num_format": "@"},
    "count": _TYPED | {"num_format": "#,##0"},
    "share": _TYPED | {"num_format": "0.00%"},
    "rate": _TYPED | {"num_format": "#,##0.00"},
    "year": _TYPED | {"num_format": "0"},
    "day": _TYPED | {"num_format": "dd/mm/yyyy", "align": "left"},
    "step": {"text_wrap": True, "valign": "top"},
}
_STEPS = (
    N_("Chỉ gõ vào các ô nền vàng nhạt. Các ô khác được khóa; mật khẩu không cần."),
    N_("Không đổi tên trang, không đổi các cột “Mã”, “Mã dòng”: phần mềm nhận từng ô theo mã."),
    N_("Ô tỷ lệ: gõ 19,26 và thấy 19,26%. Ô số tiền: gõ đủ số đồng, ví dụ 60000000."),
    N_("“Từ … đến”: ghi mức thấp ở cột “Giá trị”, mức cao ở cột “Đến”."),
    N_("Chỉ tiêu định tính: chọn “định tính, ghi bằng lời” rồi ghi vào cột “Lời văn”."),
    N_("Khoản kinh phí, nhiệm vụ mới: ghi vào dòng trống cuối bảng, để trống cột “Mã dòng”."),
    N_("Muốn bỏ một khoản: xóa hết chữ trong dòng đó; phần mềm sẽ hỏi lại."),
    N_("Ô nền xám: tự tính từ kinh phí, hoặc mục không bị trả lại nên đang khóa."),
    N_("Công thức được phép, phần mềm lấy kết quả Excel đã tính."),
    N_("Lưu tệp dạng .xlsx rồi tải lên ở trang “Excel” của văn bản."),
    N_(
        "Tải lên chưa ghi gì: phần mềm so từng ô với kế hoạch hiện tại, cho xem ô mới, ô khác, ô"
        " trùng với người khác vừa sửa, ô sai; anh/chị chọn rồi mới ghi."
    ),
)


def write(state: PlanState, key: str, now: datetime) -> bytes:
    """Return the workbook of a plan, signed with the installation's key."""
    with _workbook() as (book, faces, kept):
        _guide(book, faces, state, now)
        _targets(book.add_worksheet(TARGET_SHEET), faces, state)
        for part, name in PART_SHEETS.items():
            _part(book.add_worksheet(name), faces, state, LINE_TYPES[part])
        _seal(book.add_worksheet(SEAL_SHEET), sealing.pieces(seal_of(state, now), key))
        book.get_worksheet_by_name(TARGET_SHEET).activate()
    return kept.getvalue()


@contextmanager
def _workbook():
    kept = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, plain) as book:
        yield book, {name: book.add_format(dict(how)) for name, how in _FACES.items()}, kept


def title_of(state: PlanState) -> str:
    """Name the plan and its unit: "Kế hoạch năm 2021 – xã Tập Sơn"."""
    name = document_name(state.document.kind, state.document.period.code)
    return f"{name} – {state.document.unit.full_name}"


def _guide(book: Workbook, faces: Mapping[str, Format], state: PlanState, now: datetime) -> None:
    page = book.add_worksheet(GUIDE_SHEET)
    page.hide_gridlines(2)
    page.set_column(0, 0, 4)
    page.set_column(1, 1, 100)
    page.write_string(0, 0, capitalize_first(title_of(state)), faces["title"])
    page.write_string(1, 0, _lead(state), faces["lead"])
    for at, text in enumerate(_STEPS):
        page.write_string(at + 3, 0, f"{at + 1}.", faces["step"])
        page.write_string(at + 3, 1, gettext(text), faces["step"])
    page.protect()
    _print_setup(page, landscape=False)


def _lead(state: PlanState) -> str:
    return gettext(
        "Chương trình %(programme)s · bản số %(number)s, lần sửa %(edit)s",
        programme=state.document.programme.code,
        number=state.revision.number,
        edit=state.revision.edit_count,
    )


def _head(
    page: Worksheet,
    faces: Mapping[str, Format],
    state: PlanState,
    columns: Sequence[SheetColumn],
    lead: str,
) -> None:
    page.write_string(0, 0, capitalize_first(title_of(state)), faces["title"])
    page.write_string(1, 0, _lead(state), faces["lead"])
    page.write_string(2, 0, lead, faces["lead"])
    page.set_row(HEAD_ROW, 32)
    for at, column in enumerate(columns):
        face = faces["typed_head" if column.typed else "head"]
        page.write_string(HEAD_ROW, at, column.head, face)
        page.set_column(at, at, column.width)
    page.freeze_panes(HEAD_ROW + 1, 2)
    page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    page.hide_gridlines(2)
    _print_setup(page, landscape=True)
    page.repeat_rows(HEAD_ROW)
    page.print_area(0, 0, HEAD_ROW + 400, len(columns) - 1)


def _print_setup(page: Worksheet, *, landscape: bool) -> None:
    page.set_paper(9)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&L&A&R&P/&N")


# --- Targets ------------------------------------------------------------------------------

_FACE_OF = {
    Measure.COUNT: "count",
    Measure.MONEY: "count",
    Measure.PERCENT: "share",
    Measure.RATE: "rate",
}

_STORED_IN = {Measure.PERCENT: 10_000, Measure.RATE: 100}
"""How many of the stored integers make 1 in a cell."""


def _targets(page: Worksheet, faces: Mapping[str, Format], state: PlanState) -> None:
    lead = gettext("Gõ vào các cột nền vàng. “Được giao” và “Định mức” để tham khảo.")
    _head(page, faces, state, TARGET_COLUMNS, lead)
    labels, topic, row = group_labels(state), None, HEAD_ROW
    for entry in state.targets.values():
        row += 1
        if labels[entry.key] != topic:
            topic = labels[entry.key]
            page.write_string(row, 0, str(topic), faces["topic"])
            for at in range(1, len(TARGET_COLUMNS)):
                page.write_blank(row, at, None, faces["topic"])
            row += 1
        _target(page, faces, row, entry)
    page.print_area(0, 0, row, len(TARGET_COLUMNS) - 1)


def _target(page: Worksheet, faces: Mapping[str, Format], row: int, entry: TargetEntry) -> None:
    """Write a line's row, high enough for the longest of its texts."""
    shut = entry.computed or entry.locked
    texts = {
        TargetColumn.NAME: entry.indicator.label_vi,
        TargetColumn.PHASE: entry.slot.phase.code.replace("-", "–"),
        TargetColumn.AREA: _area(entry),
        TargetColumn.UNIT: entry.indicator.unit_vi,
        TargetColumn.COMPARATOR: COMPARATOR_LABEL[_comparator(entry)],
        TargetColumn.ASSIGNED: _assigned(entry),
        TargetColumn.NORM: norm_text(entry),
        TargetColumn.WORDING: entry.wording,
    }
    page.set_row(
        row, _height((texts.get(TargetColumn(one.name), ""), one) for one in TARGET_COLUMNS)
    )
    for at, column in enumerate(TARGET_COLUMNS):
        name = TargetColumn(column.name)
        if name in {TargetColumn.VALUE, TargetColumn.SECOND}:
            _figure(page, faces, row, at, entry, name)
            continue
        if name is TargetColumn.CODE:
            page.write_string(row, at, entry.key, faces["code"])
            continue
        face = "figure" if name is TargetColumn.ASSIGNED else "fixed"
        face = ("shut" if shut else "text") if column.typed else face
        page.write_string(row, at, texts[name], faces[face])
        if name is TargetColumn.COMPARATOR and not shut:
            page.data_validation(
                row, at, row, at, {"validate": "list", "source": list(COMPARATOR_LABEL.values())}
            )


def _height(texts: Iterable[tuple[str, SheetColumn]]) -> float:
    """Return the height of a row whose texts wrap in their columns, in points."""
    lines = [
        sum(ceil(len(line) / column.width) or 1 for line in text.split("\n"))
        for text, column in texts
    ]
    return 15.0 * min(max(lines, default=1), _MOST_LINES)


_MOST_LINES = 12
"""Lines that a row shows; Excel allows no row to be higher than about twice that."""


def _figure(
    page: Worksheet,
    faces: Mapping[str, Format],
    row: int,
    at: int,
    entry: TargetEntry,
    name: TargetColumn,
) -> None:
    figure, measure = entry.figure, entry.indicator.measure
    value = figure.value if figure else None
    if name is TargetColumn.SECOND:
        is_range = figure is not None and figure.comparator is Comparator.BETWEEN
        value = figure.high if figure is not None and is_range else None
    face = _FACE_OF[measure]
    if entry.computed or entry.locked:
        face = f"shut_{face}"
    else:
        page.data_validation(row, at, row, at, limits(measure))
    if value is None:
        page.write_blank(row, at, None, faces[face])
    else:
        number = value / _STORED_IN.get(measure, 1)
        page.write_number(row, at, number, faces[face])


def limits(measure: Measure) -> dict[str, Any]:
    """Return the limits of an input in a measure, as Excel is told them."""
    most = LARGEST[measure]
    whole = measure in {Measure.COUNT, Measure.MONEY}
    told = {
        Measure.PERCENT: N_("Tỷ lệ từ 0 đến 100%, nhiều nhất hai chữ số sau dấu phẩy."),
        Measure.RATE: N_("Một số, nhiều nhất hai chữ số sau dấu phẩy."),
        Measure.MONEY: N_("Số tiền bằng đồng, số nguyên."),
        Measure.COUNT: N_("Số nguyên, không âm."),
    }
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": most / _STORED_IN.get(measure, 1),
        "error_title": gettext("Chưa đúng"),
        "error_message": gettext(told[measure]),
    }


def _comparator(entry: TargetEntry) -> Comparator:
    return entry.figure.comparator if entry.figure else targets.first_comparator(entry.indicator)


def _area(entry: TargetEntry) -> str:
    """Say what a line is of: the whole unit, each commune, and in which kind of places."""
    target = entry.line.target
    values = first_values(entry.indicator)
    scope = target.scope if target else values["scope"]
    area = target.area_type if target else values["area_type"]
    text = SCOPE_LABEL[scope]
    return text if area is AreaType.ALL else f"{text}, {AREA_TYPE_LABEL[area]}"


def _assigned(entry: TargetEntry) -> str:
    quota = entry.slot.quota
    return "" if quota is None else targets.amount(quota, entry.indicator)


def norm_text(entry: TargetEntry) -> str:
    """Say what the document above or the programme holds a line to."""
    if entry.slot.norms:
        return "; ".join(targets.shown(one) for one in entry.slot.norms)
    norm = targets.norm(entry.indicator)
    return "" if norm is None else targets.worded(norm, entry.indicator)


# --- Parts --------------------------------------------------------------------------------


def _part(
    page: Worksheet, faces: Mapping[str, Format], state: PlanState, declared: LineType
) -> None:
    columns = part_columns(declared)
    lead = str(Message(declared.hint)) or LINE_CODE.head
    _head(page, faces, state, columns, lead)
    entries = state.parts[declared.part]
    for row, entry in enumerate(entries, HEAD_ROW + 1):
        page.write_string(row, 0, entry.key, faces["code"])
        page.set_row(row, _height((entry.texts.get(one.name, ""), one) for one in columns))
        for at, field in enumerate(declared.fields, 1):
            _part_cell(page, faces, row, at, field, entry)
    first, last = HEAD_ROW + 1 + len(entries), HEAD_ROW + len(entries) + BLANK_LINES
    shut = state.locks.locked(declared.part, part=declared.part, new=True)
    for row in range(first, last + 1):
        page.write_blank(row, 0, None, faces["code"])
        for at, field in enumerate(declared.fields, 1):
            page.write_blank(row, at, None, faces["shut" if shut else _face(field)])
    for at, field in enumerate(declared.fields, 1):
        allowed = _allowed(field)
        if allowed is not None:
            page.data_validation(HEAD_ROW + 1, at, last, at, allowed)
    page.print_area(0, 0, first + 4, len(columns) - 1)


def _face(field: Field) -> str:
    faces = {
        Typed.MONEY: "count",
        Typed.NUMBER: "count",
        Typed.YEAR: "year",
        Typed.DAY: "day",
    }
    return faces.get(field.typed, "text")


def _part_cell(
    page: Worksheet,
    faces: Mapping[str, Format],
    row: int,
    at: int,
    field: Field,
    entry: PartEntry,
) -> None:
    value = getattr(entry.line, field.name)
    face = faces["shut" if entry.locked else _face(field)]
    if entry.locked and field.typed is Typed.MONEY:
        face = faces["shut_count"]
    if value in {None, "", ()}:
        page.write_blank(row, at, None, face)
    elif field.typed in {Typed.MONEY, Typed.NUMBER, Typed.YEAR}:
        page.write_number(row, at, value, face)
    elif field.typed is Typed.DAY:
        page.write_datetime(row, at, value, face)
    else:
        page.write_string(row, at, shown_text(field, entry.texts[field.name]), face)


def shown_text(field: Field, text: str) -> str:
    """Return the text of a field as a cell shows it: a choice by its name, a list in one line."""
    if field.labels is not None and text:
        return field.labels[field.words(text)]
    return text.replace("\n", "; ") if field.typed is Typed.LIST else text


def _allowed(field: Field) -> dict[str, Any] | None:
    if field.labels is not None:
        return {"validate": "list", "source": list(field.labels.values())}
    if field.typed is Typed.DAY:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1990, 1, 1),
            "maximum": date(2100, 12, 31),
            "error_title": gettext("Chưa đúng"),
            "error_message": gettext("Ghi ngày/tháng/năm, ví dụ 15/3/2026."),
        }
    if field.typed not in {Typed.MONEY, Typed.NUMBER, Typed.YEAR}:
        return None
    least = field.least if field.typed is not Typed.MONEY else 0
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": least,
        "maximum": field.most,
        "error_title": gettext("Chưa đúng"),
        "error_message": gettext(
            "Số nguyên từ %(least)s đến %(most)s.",
            least=least,
            most=format_number(field.most),
        ),
    }


def _seal(page: Worksheet, texts: Sequence[str]) -> None:
    for row, text in enumerate(texts):
        page.write_string(row, 0, text)
    page.protect()
    page.very_hidden()
