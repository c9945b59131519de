"""Quotas as people click them: fifty clubs go down, a commune asks for fewer, the district decides.

The demo's district has handed its clubs down already; here it does so again, splitting anew.
"""

import re
from collections.abc import Callable

from support.visitor import NARROW, Visitor

CLERK, LEADER = "Cán bộ LĐTBXH", "Lãnh đạo UBND"
SPECIALIST = "Chuyên viên Phòng LĐTBXH"
TAP_SON, DISTRICT, PROVINCE = "xã Tập Sơn", "huyện Trà Cú", "tỉnh Trà Vinh"
PLAN = "Kế hoạch năm 2021"
CLUBS = "Câu lạc bộ thành lập mới"

Enter = Callable[[str, str], Visitor]


def test_fifty_clubs_are_split_a_commune_asks_for_fewer_and_the_district_settles(
    enter: Enter,
) -> None:
    specialist = enter(SPECIALIST, DISTRICT)
    split_fifty_clubs(specialist)
    clerk = enter(CLERK, TAP_SON)
    ask_for_two(clerk)

    specialist.to_desk().follow("2 đề nghị điều chỉnh chỉ tiêu chờ giải quyết")
    row = specialist.row("Xã Tập Sơn").inner_text()
    assert re.search(r"4\s+2\s+−2\s+Có đề nghị khác", row), row
    specialist.sees("thiếu 3")
    form = specialist.page.locator("tr", has_text="Ấp Bà Tây A").last
    specialist.unfold("Giải quyết đề nghị", within=form)
    form.get_by_role("radio", name="Giữ 4").check()
    specialist.press("Xem trước khi gửi", within=form, refused=422)
    specialist.sees("Ghi rõ lý do để bên kia biết vì sao.")
    form = specialist.page.locator("tr", has_text="Ấp Bà Tây A").last
    specialist.page.get_by_role("textbox", name="Lý do").fill("Thống nhất ba câu lạc bộ.")
    form.get_by_role("radio", name="Giao số khác").check()
    specialist.fill("Số giao khác (khi giao số khác)", "3", within=form)
    specialist.press("Xem trước khi gửi", within=form)
    specialist.sees("Giao số khác: từ 4 thành 3; đơn vị đề nghị 2.", "Thống nhất ba câu lạc bộ.")
    specialist.press("Gửi trả lời").sees("Đã giao số khác. Đơn vị sẽ nhận được thư.")
    assert "Đã giao số khác" in specialist.row("Xã Tập Sơn").inner_text()

    clerk.reload().sees("Đã giao số khác", "Thống nhất ba câu lạc bộ.")
    ledger = clerk.part(CLUBS)
    clerk.unfold("Sổ trao đổi", within=ledger)
    clerk.sees("Giao số khác: 3", "Đề nghị số khác: 2", "Giao chỉ tiêu: 4", within=ledger)
    assert clerk.page.get_by_role("radio", name="Đề nghị số khác").count() == 2

    specialist.follow("Xã Tập Sơn").sees("Sổ trao đổi", "Ấp Bà Tây A chưa đủ người.")
    above = enter("Chuyên viên Sở LĐTBXH", PROVINCE).follow("Văn bản của đơn vị")
    above.follow(PLAN).follow("Theo dõi giao chỉ tiêu").sees("Huyện Trà Cú", "120")


def split_fifty_clubs(specialist: Visitor) -> None:
    """Equally, one of the seventeen then gets one more and another one less, seen at once."""
    specialist.follow("Văn bản của đơn vị").follow(PLAN).follow("Giao chỉ tiêu")
    specialist.page.get_by_role("checkbox", name=re.compile(CLUBS)).check()
    specialist.press("Chia các chỉ tiêu đã chọn")
    assert part_of(specialist, "Thị trấn Định An") == "2"
    assert part_of(specialist, "Xã Tập Sơn") == "3"
    specialist.sees("Cộng các đơn vị: 50", "vừa đủ so với tổng giao", "vừa đủ so với kế hoạch")

    box(specialist, "Xã Tập Sơn").fill("4")
    with specialist.sending():
        box(specialist, "Xã Tập Sơn").blur()
    specialist.sees("Cộng các đơn vị: 51", "thừa 1 so với tổng giao")
    specialist.press("Giao chỉ tiêu", refused=422).sees("cộng lại thừa 1 so với tổng giao")
    with specialist.sending():
        box(specialist, "Xã Kim Sơn").fill("2")
        box(specialist, "Xã Kim Sơn").blur()
    specialist.sees("Cộng các đơn vị: 50")
    specialist.press("Giao chỉ tiêu").sees("đơn vị sẽ nhận được thư.", "3 → 4", "3 → 2")
    specialist.press("Giao chỉ tiêu").sees("Đã giao chỉ tiêu cho", "cách chia: nhập từng đơn vị")


def box(visitor: Visitor, unit: str):
    return visitor.page.get_by_role("textbox", name=f"{unit} {CLUBS}")


def part_of(visitor: Visitor, unit: str) -> str:
    return box(visitor, unit).input_value()


def ask_for_two(clerk: Visitor) -> None:
    """Without a reason it is refused, and what was typed is still there."""
    clerk.follow("Chỉ tiêu được giao").sees("Chờ đơn vị trả lời")
    sheet = clerk.part(CLUBS)
    sheet.get_by_role("radio", name="Đề nghị số khác").check()
    clerk.fill(f"Số đề nghị: {CLUBS}", "2")
    clerk.press("Gửi trả lời", refused=422).sees("Ghi rõ lý do để bên kia biết vì sao.")
    assert clerk.value(f"Số đề nghị: {CLUBS}") == "2"
    clerk.fill(f"Lý do: {CLUBS}", "Ấp Bà Tây A chưa đủ người.")
    clerk.press("Gửi trả lời").sees("Được giao 4, đề nghị 2.", "Ấp Bà Tây A chưa đủ người.")
    clerk.press("Gửi 1 trả lời").sees("Đã trả lời 1 chỉ tiêu.", "Có đề nghị khác")


def test_without_javascript_on_a_telephone_a_quota_is_answered_and_settled(
    visitor: Callable[..., Visitor],
) -> None:
    plain = {"java_script_enabled": False, "viewport": NARROW}
    clerk = visitor(**plain).sign_in(CLERK, "xã Ngọc Biên").follow("Chỉ tiêu được giao")
    clerk.press("Nhận tất cả chỉ tiêu chưa trả lời")
    clerk.press("Gửi 3 trả lời").sees("Đã trả lời 3 chỉ tiêu.", "Đã nhận")

    leader = visitor(**plain).sign_in(LEADER, DISTRICT)
    leader.follow("1 đề nghị điều chỉnh chỉ tiêu chờ giải quyết")
    leader.unfold("Giải quyết đề nghị").choose("Chấp nhận 2").press("Xem trước khi gửi")
    leader.press("Gửi trả lời")
    leader.sees("Đã chấp nhận đề nghị. Đơn vị sẽ nhận được thư.", "thiếu 1")
