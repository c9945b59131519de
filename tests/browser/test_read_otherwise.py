"""What the server reads or proposes instead of what was typed comes back with what is wrong, as any
refused form does: nobody is told that somebody else has changed it.
"""

from collections.abc import Callable

from support.visitor import Visitor

from lth.core import clock

ADMINISTRATOR, DISTRICT = "Quản trị đơn vị", "huyện Trà Cú"
YEAR = clock.today().year + 1
CHANGED = "văn bản đã thay đổi"

Enter = Callable[[str, str], Visitor]


def test_the_next_working_day_stands_in_the_form_and_is_taken(enter: Enter) -> None:
    administrator = enter(ADMINISTRATOR, DISTRICT).follow("Hạn nộp").follow("Đặt hạn nộp")
    administrator.fill("Hạn nộp", f"01-01-{YEAR}").press("Lưu", refused=422)
    administrator.sees("không phải ngày làm việc", "Gửi lại để lấy ngày này").misses(CHANGED)
    proposed = administrator.value("Hạn nộp")
    assert proposed.endswith(f"/01/{YEAR}")
    assert not proposed.startswith("01/")
    administrator.press("Lưu").misses(CHANGED).sees(proposed)


def test_a_name_with_look_alikes_comes_back_with_what_else_is_wrong(enter: Enter) -> None:
    administrator = enter(ADMINISTRATOR, DISTRICT).follow("Người dùng").follow("Mời người dùng")
    administrator.fill("Họ tên hoặc chức danh", "\u00d0ội trưởng")
    administrator.fill("Địa chỉ thư điện tử", "doi truong").press("Gửi lời mời", refused=422)
    administrator.misses(CHANGED)
    assert administrator.value("Họ tên hoặc chức danh") == "Đội trưởng"
