"""The sheets of a plan's workbook and their columns, as they are written and found again."""

from dataclasses import dataclass
from enum import StrEnum

from lth.content.schema import LINE_TYPES, Field, LineType
from lth.core.i18n import N_
from lth.models.parts import Part

TEMPLATE = 1
"""The form of the workbook; counted up when a column changes its meaning."""

GUIDE_SHEET = "Hướng dẫn"
TARGET_SHEET = "Chỉ tiêu"
SEAL_SHEET = "_lth"
PART_SHEETS = {
    Part.BUDGET: "Kinh phí",
    Part.TASK: "Nhiệm vụ",
    Part.DUTY: "Phân công",
    Part.REPORTING: "Chế độ báo cáo",
}
"""The parts that go out, each on a sheet of its own."""


class TargetColumn(StrEnum):
    """A column of the targets."""

    CODE = "code"
    NAME = "name"
    PHASE = "phase"
    AREA = "area"
    UNIT = "unit"
    COMPARATOR = "comparator"
    VALUE = "value"
    SECOND = "second"
    ASSIGNED = "assigned"
    NORM = "norm"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: the name of what it holds, its heading (a msgid), its width, whether one types."""

    name: str
    head: str
    width: float
    typed: bool = False


TARGET_COLUMNS = (
    SheetColumn(TargetColumn.CODE, N_("Mã"), 20),
    SheetColumn(TargetColumn.NAME, N_("Chỉ tiêu"), 48),
    SheetColumn(TargetColumn.PHASE, N_("Giai đoạn"), 12),
    SheetColumn(TargetColumn.AREA, N_("Phạm vi, địa bàn"), 15),
    SheetColumn(TargetColumn.UNIT, N_("Đơn vị tính"), 13),
    SheetColumn(TargetColumn.COMPARATOR, N_("So sánh"), 15, typed=True),
    SheetColumn(TargetColumn.VALUE, N_("Giá trị"), 17, typed=True),
    SheetColumn(TargetColumn.SECOND, N_("Đến"), 15, typed=True),
    SheetColumn(TargetColumn.ASSIGNED, N_("Được giao"), 15),
    SheetColumn(TargetColumn.NORM, N_("Định mức"), 22),
    SheetColumn(TargetColumn.WORDING, N_("Lời văn"), 44, typed=True),
)

LINE_CODE = SheetColumn("code", N_("Mã dòng"), 12)
_WIDE = {"long": 46.0, "list": 32.0, "money": 18.0, "text": 24.0, "day": 13.0, "choice": 20.0}


def part_columns(declared: LineType) -> tuple[SheetColumn, ...]:
    """Return the columns of a part's sheet: the line's code, then its fields."""
    fields = (
        SheetColumn(field.name, field.label, _WIDE.get(field.typed.value, 11.0), typed=True)
        for field in declared.fields
    )
    return (LINE_CODE, *fields)


def declared_on(sheet: str) -> LineType | None:
    """Return the line type whose lines stand on a sheet."""
    part = next((part for part, name in PART_SHEETS.items() if name == sheet), None)
    return LINE_TYPES[part] if part else None


def field_of(declared: LineType, name: str) -> Field:
    """Return a field of a line type by its column's name."""
    return declared.by_name[name]
