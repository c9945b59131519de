"""The register of clubs on a telephone by keyboard alone, from a file, and the row of sections."""

from collections.abc import Callable

import pytest
from support.visitor import NARROW, Visitor

from lth.core import clock
from lth.core.vietnamese import format_date

from .test_manners import enter_key, focused, tab_to

CLERK, LEADER, DISTRICT = "Cán bộ LĐTBXH", "Lãnh đạo UBND", "huyện Trà Cú"
COMMUNE, PROVINCE = "xã Ngọc Biên", "tỉnh Trà Vinh"
LIST = """Tên câu lạc bộ;Ấp;Thành lập;BCN
Hoa Súng;Ấp Chợ;{day};5
Hoa Cúc;Ấp Chợ;45/13/2021;5
"""


def test_a_club_is_founded_on_a_telephone_by_keyboard_alone(visitor: Callable[..., Visitor]):
    clerk = visitor(viewport=NARROW).sign_in(CLERK, COMMUNE)
    tab_to(clerk, "Câu lạc bộ")
    enter_key(clerk)
    tab_to(clerk, "Thêm câu lạc bộ")
    enter_key(clerk)
    tab_to(clerk, "Tên câu lạc bộ")
    clerk.page.keyboard.type("Liên thế hệ ấp Giồng Chanh")
    clerk.page.keyboard.press("Enter")  # founds nothing yet: the page comes back as it is
    clerk.page.wait_for_load_state()
    tab_to(clerk, "Thêm vào sổ")
    enter_key(clerk, refused=422)
    tab_to(clerk, "Ngày thành lập: Hãy nhập ngày thành lập.")
    clerk.page.keyboard.press("Enter")
    assert focused(clerk)["name"] == "Ngày thành lập"
    clerk.page.keyboard.type(format_date(clock.today()))
    tab_to(clerk, "Số người trong Ban chủ nhiệm (không bắt buộc)")
    clerk.page.keyboard.type("5")
    tab_to(clerk, "Chăm sóc sức khỏe")
    clerk.page.keyboard.press("Space")
    tab_to(clerk, "Có quỹ tăng thu nhập")
    clerk.page.keyboard.press("Space")
    tab_to(clerk, "Thêm vào sổ")
    enter_key(clerk)
    clerk.sees("Đã thêm “Liên thế hệ ấp Giồng Chanh” vào sổ", "Chăm sóc sức khỏe", "5 người")
    tab_to(clerk, "Quá trình")
    enter_key(clerk)
    clerk.sees("Thành lập,")


def test_a_list_with_a_mistake_is_shown_first_and_written_in_part(enter):
    clerk = enter(CLERK, COMMUNE).follow("Câu lạc bộ").follow("Nhập từ danh sách")
    day = format_date(clock.today())
    file = {"name": "clb.csv", "mimeType": "text/csv", "buffer": LIST.format(day=day).encode()}
    clerk.page.locator("input[type=file]").set_input_files(file)
    clerk.press("Tải lên và kiểm tra").sees("Cần sửa: 1", "Thêm mới: 1", "Dòng 3")
    clerk.press("Ghi các dòng đã chọn vào sổ").sees("Đã thêm 1 câu lạc bộ", "Dòng 3")
    clerk.follow("Câu lạc bộ").sees("Hoa Súng")
    district = enter(LEADER, DISTRICT).follow("Câu lạc bộ").follow("Theo đơn vị")
    district.follow("Xã Ngọc Biên").sees("Hoa Súng")


ONE_LINE = """() => {
  const links = [...document.querySelectorAll(".nav li")];
  return new Set(links.map((one) => Math.round(one.getBoundingClientRect().top))).size;
}"""


@pytest.mark.parametrize(
    ("who", "unit"),
    [
        (CLERK, COMMUNE),
        (LEADER, "xã Tập Sơn"),
        ("Chuyên viên Phòng LĐTBXH", DISTRICT),
        (LEADER, DISTRICT),
        (LEADER, PROVINCE),
        ("Giám sát viên MTTQ", DISTRICT),
    ],
)
def test_the_sections_stand_on_one_line(enter, who, unit):
    page = enter(who, unit).page
    assert page.viewport_size["width"] == 1280
    assert page.evaluate(ONE_LINE) == 1
