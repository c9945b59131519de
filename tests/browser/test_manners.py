"""How the pages behave: by keyboard, without scripts, on a telephone, with others at work."""

import unicodedata
from collections.abc import Callable

from flask import Flask
from support.backstage import backstage
from support.visitor import NARROW, Visitor

from lth.core import clock
from lth.demo import PASSWORD
from lth.models.person import Role

CLERK, ASSOCIATION = "Cán bộ LĐTBXH", "Cán bộ Hội NCT xã Ngọc Biên và xã Long Hiệp"
LATE, DISTRICT, PLAN = "xã Long Hiệp", "huyện Trà Cú", "Kế hoạch năm 2021"
TEXT = "Hội Người cao tuổi chủ trì; báo cáo huyện trước ngày 16/6."
DUTIES = "V. Tổ chức thực hiện"
IN_LATE = f"Cán bộ lập kế hoạch, {LATE}"

Enter = Callable[[str, str], Visitor]

_FOCUSED = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const label = one.labels && one.labels.length ? one.labels[0].textContent : "";
  const name = one.getAttribute("aria-label") || label || one.textContent;
  const seen = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
  return {name: name.replace(/\\s+/g, " ").trim(), seen: seen || one === document.body};
}"""


def drafting(clerk: Visitor) -> Visitor:
    return clerk.follow(PLAN).follow("Soạn thảo")


def save_main(clerk: Visitor, refused: int = 0) -> Visitor:
    return clerk.save_all(refused=refused)


def save_duties(clerk: Visitor, text: str) -> Visitor:
    return clerk.fill(DUTIES, text).save_all()


def fill_in_and_send(clerk: Visitor) -> None:
    """The same short story in every manner: what is missing, then to the leader."""
    drafting(clerk).fill("Quỹ tăng thu nhập", "90.000.000").fill("Thành viên được vay vốn", "104")
    save_main(clerk)
    save_duties(clerk, TEXT).explain_all("Huyện chưa phân bổ kinh phí.")
    clerk.sees("Đã đủ để trình").follow("Trình lãnh đạo").press("Trình lãnh đạo")
    clerk.sees("Đã trình lãnh đạo.", "Lãnh đạo đơn vị xem xét")


# --- One person, in several manners -------------------------------------------------------


def test_works_by_keyboard_alone_with_the_focus_in_sight(
    visitor: Callable[..., Visitor], home: str
) -> None:
    clerk = visitor()
    clerk.page.goto(home)
    tab_to(clerk, "Địa chỉ thư điện tử")
    clerk.page.keyboard.type("can-bo.long-hiep@lth.example")
    tab_to(clerk, "Mật khẩu")
    clerk.page.keyboard.type(PASSWORD)
    enter_key(clerk)
    for name in (PLAN, "Soạn thảo"):
        tab_to(clerk, name)
        enter_key(clerk)
    jump_to(clerk, "Chưa nhập “Quỹ tăng thu nhập”.")
    assert focused(clerk)["name"] == "Quỹ tăng thu nhập"
    clerk.page.keyboard.type("90.000.000")
    tab_to(clerk, "Thành viên được vay vốn")
    clerk.page.keyboard.type("104")
    clerk.page.keyboard.press("Enter")
    saved(clerk)
    assert focused(clerk)["name"] == "Thành viên được vay vốn", "saving has moved the focus"
    tab_to(clerk, "Xem kết quả kiểm tra")
    enter_key(clerk)
    explain_by_keyboard(clerk)
    tab_to(clerk, "Chỉ tiêu và thuyết minh")
    enter_key(clerk)
    jump_to(clerk, f"{DUTIES} Không bắt buộc")
    tab_to(clerk, DUTIES)
    clerk.page.keyboard.type(TEXT)
    saved(clerk)
    assert focused(clerk)["name"] == DUTIES, "saving has moved the focus"
    for _ in range(2):
        tab_to(clerk, "Trình lãnh đạo")
        enter_key(clerk)
    clerk.sees("Đã trình lãnh đạo.")


def test_a_leader_answers_many_and_lets_somebody_sign_by_keyboard_alone(
    visitor: Callable[..., Visitor], home: str
) -> None:
    leader = visitor()
    leader.page.goto(home)
    tab_to(leader, "Địa chỉ thư điện tử")
    leader.page.keyboard.type("lanh-dao.huyen-tra-cu@lth.example")
    tab_to(leader, "Mật khẩu")
    leader.page.keyboard.type(PASSWORD)
    enter_key(leader)
    tab_to(leader, "Việc chờ xử lý")
    enter_key(leader)
    tab_to(leader, "Chọn cả 1 văn bản trên trang này")
    leader.page.keyboard.press("Space")
    tab_to(leader, "Cho gia hạn")
    enter_key(leader)
    leader.sees("Xác nhận", "Xã Tân Hiệp")
    tab_to(leader, "Cho gia hạn")
    enter_key(leader)
    leader.sees("1 trên 1 văn bản")
    tab_to(leader, "Ký thay, ủy quyền")
    enter_key(leader)
    tab_to(leader, "Ghi quyết định")
    enter_key(leader)
    tab_to(leader, "Số, ký hiệu quyết định")
    leader.page.keyboard.type("12")
    leader.page.keyboard.press("Enter")
    tab_to(leader, "Ghi quyết định")
    enter_key(leader, refused=422)
    jump_to(leader, "Người được giao ký: Hãy chọn người được giao ký.")
    assert focused(leader)["name"] == "Người được giao ký"
    leader.page.keyboard.press("ArrowDown")
    tab_to(leader, "KT. – ký thay: cấp phó ký thay người đứng đầu")
    leader.page.keyboard.press("Space")
    tab_to(leader, "Số, ký hiệu quyết định")
    leader.page.keyboard.type("12/QĐ-UBND")
    today = clock.today().strftime("%d/%m/%Y")
    for name in ("Ngày quyết định", "Từ ngày", "Đến hết ngày"):
        tab_to(leader, name)
        leader.page.keyboard.type(today)
    tab_to(leader, "Ghi quyết định")
    enter_key(leader)
    leader.sees("Sau khi ghi thì không sửa được", "12/QĐ-UBND")
    tab_to(leader, "Ghi quyết định")
    enter_key(leader)
    leader.sees("Đã ghi quyết định.", "12/QĐ-UBND")


def focused(visitor: Visitor) -> dict:
    return visitor.page.evaluate(_FOCUSED)


def tab_to(visitor: Visitor, name: str, key: str = "Tab") -> None:
    """Press a key until the focus is on what has this name; it must be seen wherever it goes."""
    for _ in range(150):
        visitor.page.keyboard.press(key)
        now = focused(visitor)
        assert now["seen"], f"the focus cannot be seen on {now['name']!r}"
        if now["name"] == name:
            return
    raise AssertionError(f"Tab does not come to {name!r} at {visitor.page.url}")


def enter_key(visitor: Visitor, refused: int = 0) -> None:
    with visitor.sending(refused):
        visitor.page.keyboard.press("Enter")


def saved(clerk: Visitor) -> None:
    """Wait until the page has saved by itself what was typed."""
    clerk.page.locator('#draft[data-state="saved"]').wait_for(state="attached")
    clerk.page.locator('#draft:not([data-state="saving"])').wait_for(state="attached")
    clerk.arrived()


def explain_by_keyboard(clerk: Visitor) -> None:
    """Answer every warning that waits, one after the other."""
    waiting = clerk.page.locator("details[open] textarea")
    while waiting.count():
        tab_to(clerk, "Vì sao vẫn giữ nguyên")
        clerk.page.keyboard.type("Huyện chưa phân bổ kinh phí.")
        tab_to(clerk, "Lưu giải trình")
        enter_key(clerk)


def jump_to(visitor: Visitor, gap: str, key: str = "Tab") -> None:
    """Follow a link to a place of the same page; the focus goes there."""
    tab_to(visitor, gap, key)
    visitor.page.keyboard.press("Enter")


def test_works_without_scripts(visitor: Callable[..., Visitor]) -> None:
    fill_in_and_send(visitor(java_script_enabled=False).sign_in(CLERK, LATE))


def test_works_on_a_telephone_with_the_acts_in_reach(visitor: Callable[..., Visitor]) -> None:
    clerk = visitor(viewport=NARROW, has_touch=True, is_mobile=True).sign_in(CLERK, LATE)
    fill_in_and_send(clerk)
    leader = visitor(viewport=NARROW, has_touch=True).sign_in("Lãnh đạo UBND", LATE).follow(PLAN)
    act = leader.page.get_by_role("link", name="Duyệt và trình lên cấp trên")
    for place in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        leader.page.evaluate(f"scrollTo(0, {place})")
        box = act.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= NARROW["height"]
        assert box["height"] >= 40
    leader.follow("Duyệt và trình lên cấp trên").press("Duyệt và trình lên cấp trên")
    leader.sees("Đã trình lên cấp trên.")


def test_every_diacritic_comes_back_as_it_was_typed(enter: Enter) -> None:
    marked = (
        "Ở ấp Cây Ổi, cụ bà ngưỡng mộ lễ hội; quỹ của CLB: “Ẵ ẵ Ặ ặ Ễ ễ Ỗ ỗ Ỡ ỡ Ữ ữ Ỹ ỹ Ỵ ỵ Đ đ”"
    )
    clerk = drafting(enter(CLERK, LATE))
    save_duties(clerk, marked)
    assert clerk.reload().value(DUTIES) == marked
    apart = unicodedata.normalize("NFD", marked + " Hết.")
    assert apart != marked + " Hết."
    save_duties(clerk, apart)
    assert clerk.reload().value(DUTIES) == marked + " Hết."
    clerk.follow("Xem toàn văn").sees(marked)


def test_the_language_changes_and_changes_back(enter: Enter) -> None:
    clerk = enter(CLERK, LATE).unfold("(tài khoản, vai trò, ngôn ngữ)")
    clerk.press("English").sees("Desk", "Waiting for me")
    clerk.unfold("(account, roles, language)").press("Tiếng Việt").sees("Chờ tôi xử lý")


def test_a_role_changes_in_one_click(enter: Enter) -> None:
    clerk = enter(ASSOCIATION, LATE).sees("Ủy ban nhân dân xã Ngọc Biên", "Trả lại")
    clerk.change_role(IN_LATE).sees("Ủy ban nhân dân xã Long Hiệp", "Dự thảo")


# --- With others at work ------------------------------------------------------------------


def test_two_clerks_write_at_once_and_only_a_true_conflict_asks(enter: Enter) -> None:
    first = drafting(enter(CLERK, LATE))
    second = drafting(enter(ASSOCIATION, LATE).change_role(IN_LATE))
    save_main(first.fill("Quỹ tăng thu nhập", "90.000.000"))
    save_main(second.fill("Thành viên được vay vốn", "104"))
    assert second.reload().value("Quỹ tăng thu nhập") == "90.000.000"

    save_main(first.fill("Thành viên được vay vốn", "110"), refused=409)
    first.sees("Cán bộ Hội NCT xã Ngọc Biên và xã Long Hiệp vừa ghi “104” lúc")
    assert first.value("Thành viên được vay vốn") == "110"
    save_main(first.choose("Ghi số của tôi"))
    assert second.reload().value("Thành viên được vay vốn") == "110"


def test_two_leaders_approve_at_once_and_one_is_told_of_the_other(
    demo: Flask, enter: Enter
) -> None:
    deputy = "Chuyên viên Văn phòng HĐND-UBND"
    with backstage(demo) as meanwhile:
        meanwhile.give_opinions("29491")
        meanwhile.appoint("the-thuc.huyen-tra-cu@lth.example", Role.LEADER)
    pages = [
        enter("Lãnh đạo UBND", DISTRICT),
        enter(deputy, DISTRICT).change_role("Lãnh đạo"),
    ]
    first, second = (page.follow(f"Xã Đại An – {PLAN}").follow("Phê duyệt") for page in pages)
    first.press("Phê duyệt").sees("Đã phê duyệt.")
    second.press("Phê duyệt", refused=409)
    second.sees("Lãnh đạo UBND huyện Trà Cú vừa cập nhật văn bản này", "Đã duyệt")


def test_an_act_from_an_old_page_is_refused_and_says_what_changed(enter: Enter) -> None:
    fill_in_and_send(enter(CLERK, LATE))
    leader = enter("Lãnh đạo UBND", LATE).follow(PLAN).follow("Duyệt và trình lên cấp trên")
    other = enter("Lãnh đạo UBND", LATE).follow(PLAN).follow("Chưa duyệt, chuyển lại")
    other.fill("Lý do", "Ghi rõ nguồn quỹ.").press("Chưa duyệt, chuyển lại")
    leader.press("Duyệt và trình lên cấp trên", refused=409)
    leader.sees("vừa cập nhật văn bản này", "Ghi rõ nguồn quỹ.", "Dự thảo")
