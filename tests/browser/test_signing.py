"""The chairman's road: what speaks against a signature is in sight before the button is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.visitor import NARROW, WIDE, Visitor

Enter = Callable[[str, str], Visitor]

DISTRICT, COMMUNE = "huyện Trà Cú", "Xã Đại An"
AGAINST = "Kinh phí vượt dự toán đã giao"
PLAN, SYNTHESIS = "Kế hoạch năm 2021", "Tổng hợp kế hoạch năm 2021"


def in_sight(visitor: Visitor, text: str) -> None:
    """The text can be read without scrolling, on a phone and on a desk."""
    for size in (NARROW, WIDE):
        visitor.page.set_viewport_size(size)
        visitor.page.evaluate("window.scrollTo(0, 0)")
        box = visitor.page.get_by_text(text).first.bounding_box()
        _keep(visitor, f"{text[:12]}-{size['width']}")
        assert box is not None
        assert box["y"] + box["height"] <= size["height"], (text, size, box)
    visitor.page.set_viewport_size(WIDE)


def _keep(visitor: Visitor, name: str) -> None:
    if where := os.environ.get("LTH_SHOTS"):
        path = Path(where) / f"{len(list(Path(where).iterdir())):02}-{name}.png"
        visitor.page.screenshot(path=path, full_page=True)


def test_the_chairman_sees_the_dissent_before_approving(enter: Enter) -> None:
    finance = enter("Chuyên viên Phòng TC-KH", DISTRICT).follow("Cấp dưới trình").follow(COMMUNE)
    finance.follow("Cho ý kiến thẩm định").choose("Chưa đồng ý")
    finance.fill("Nội dung ý kiến (bắt buộc khi chưa đồng ý)", AGAINST)
    finance.press("Cho ý kiến thẩm định")
    format_ = enter("Chuyên viên Văn phòng HĐND-UBND", DISTRICT)
    format_.follow("Cấp dưới trình").follow(COMMUNE)
    format_.follow("Cho ý kiến thẩm định").choose("Đồng ý").press("Cho ý kiến thẩm định")
    leader = enter("Lãnh đạo UBND", DISTRICT).follow("Cấp dưới trình").follow(COMMUNE)
    in_sight(leader, AGAINST)
    leader.follow("Phê duyệt")
    in_sight(leader, AGAINST)
    leader.sees("Ý kiến của lãnh đạo (bắt buộc)").misses("không bắt buộc")
    leader.press("Phê duyệt", refused=422)
    leader.fill("Ý kiến của lãnh đạo", "Đã cân đối từ nguồn xã hội hóa").press("Phê duyệt")
    leader.sees("Đã phê duyệt")


@pytest.mark.parametrize("page", ["document", "confirmation"])
def test_missing_units_are_in_sight_before_a_synthesis_is_sent(enter: Enter, page: str) -> None:
    specialist = enter("Chuyên viên Phòng LĐTBXH", DISTRICT).follow("Văn bản của đơn vị")
    specialist.follow(SYNTHESIS)
    if page == "confirmation":
        specialist.follow("Trình lãnh đạo").sees("Lý do còn thiếu đơn vị (bắt buộc)")
    in_sight(specialist, "Mới có 7 trên 17 xã")
