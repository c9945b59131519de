"""A confirmation in a window where scripts run: it carries what was typed, and loses none of it."""

from collections.abc import Callable

from playwright.sync_api import expect
from support.visitor import Visitor

SPECIALIST, DISTRICT = "Chuyên viên Phòng LĐTBXH", "huyện Trà Cú"
PLAN = "Kế hoạch năm 2021"
WHY = "Ấp còn đủ người cho ba câu lạc bộ."
OFFERED = "Có nội dung chưa lưu"
KEPT_BY_NOW = 500
"""Milliseconds after which what was typed is kept in the browser."""

Enter = Callable[[str, str], Visitor]


def test_what_was_typed_is_carried_comes_back_and_is_forgotten_once_confirmed(enter: Enter) -> None:
    specialist = enter(SPECIALIST, DISTRICT).follow("Văn bản của đơn vị").follow(PLAN)
    specialist.follow("Theo dõi giao chỉ tiêu")
    page, quotas = specialist.page, specialist.page.url
    specialist.unfold("Giải quyết đề nghị")
    page.get_by_role("radio", name="Giữ 3").check()
    reason = page.get_by_role("textbox", name="Lý do")
    reason.fill(WHY)
    page.wait_for_timeout(KEPT_BY_NOW)
    specialist.press("Xem trước khi gửi").sees("Giữ số giao 3", WHY).misses(OFFERED)

    specialist.press("Quay lại để sửa").misses(OFFERED)
    expect(reason).to_have_value(WHY)
    specialist.press("Xem trước khi gửi").misses(OFFERED)
    specialist.press("Gửi trả lời").sees("Đã giữ nguyên số giao").misses(OFFERED)
    page.goto(quotas)
    specialist.misses(OFFERED)


def test_what_was_not_confirmed_is_offered_again(enter: Enter) -> None:
    specialist = enter(SPECIALIST, DISTRICT).follow("Văn bản của đơn vị").follow(PLAN)
    specialist.follow("Theo dõi giao chỉ tiêu").unfold("Giải quyết đề nghị")
    page, quotas = specialist.page, specialist.page.url
    page.get_by_role("radio", name="Giữ 3").check()
    page.get_by_role("textbox", name="Lý do").fill(WHY)
    page.wait_for_timeout(KEPT_BY_NOW)
    specialist.press("Xem trước khi gửi").misses(OFFERED)
    page.goto(quotas)
    specialist.sees(OFFERED)
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.get_by_role("textbox", name="Lý do")).to_have_value(WHY)
