"""A line type that no module of `lth` knows, with a field of every kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum

from lth.content.schema import LINE_TYPES, Columns, ContentLine, PartGroup, Said, Typed, line_type
from lth.exchange.plan_file import form

PART = "equipment"


class State(StrEnum):
    NEW = "new"
    USED = "used"


@contextmanager
def declared() -> Iterator[type[ContentLine]]:
    """Declare the line type, as a module would at its import, and forget it again."""

    @line_type(
        PART,
        PartGroup.BUDGET,
        "Trang thiết bị",
        Columns(
            ("name", Said("count", "%(count)s cái")), ("note",), ("state", "holders"), ("price",)
        ),
        hint="Máy đo huyết áp, loa, bàn ghế.",
        file=PART,
        about="Equipment of the clubs.",
    )
    class Equipment(ContentLine):
        """A thing that clubs use."""

        name: str = Typed.TEXT("Tên thiết bị", "What it is.", required=True)
        indicator: str = Typed.INDICATOR("Chỉ tiêu", "What it serves.", required=True)
        state: State | None = Typed.CHOICE(
            "Tình trạng", "New or used.", labels={State.NEW: "Mới", State.USED: "Đã dùng"}
        )
        count: int | None = Typed.NUMBER("Số lượng", "How many.", least=1, most=999)
        bought: int | None = Typed.YEAR("Năm mua", "When.", least=1990, most=2100)
        price: int | None = Typed.MONEY("Giá", "Whole đồng.", file="cost")
        checked_on: date | None = Typed.DAY("Ngày kiểm tra", "Last check.", file="checked")
        holders: tuple[str, ...] = Typed.LIST("Nơi giữ", "Who keeps it.")
        lent: bool = Typed.FLAG("Cho mượn", "Whether it may be lent.")
        served: int | None = Typed.FIGURE("Phục vụ", "How many it serves.")
        note: str = Typed.LONG("Ghi chú", "Anything else.", "Nếu có.")

    shipped, form.PLAN = form.PLAN, form.plan()
    try:
        yield Equipment
    finally:
        del LINE_TYPES[PART]
        form.PLAN = shipped
