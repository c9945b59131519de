"""A return by pointing, as its people click it: two items, one changed and one explained."""

from collections.abc import Callable

from playwright.sync_api import expect
from support.visitor import Visitor

UNIT, DISTRICT, PLAN = "xã Đại An", "huyện Trà Cú", "Kế hoạch năm 2021"
CLERK, LEADER, SPECIALIST = "Cán bộ LĐTBXH", "Lãnh đạo UBND", "Chuyên viên Phòng LĐTBXH"
FIGURE, SECTION = "Thành viên nữ", "III. Nhiệm vụ, giải pháp"
ON_FIGURE, ON_SECTION = "Số nữ chưa khớp danh sách.", "Nêu rõ ai chủ trì từng việc."
BESIDES = "Giai đoạn thực hiện đổi theo số nữ."

Enter = Callable[[str, str], Visitor]


def test_two_items_are_returned_one_changed_and_one_explained(enter: Enter) -> None:
    specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình").follow("Xã Đại An")
    point_at_two(specialist)
    give_back(specialist)

    clerk = enter(CLERK, UNIT).follow(PLAN).follow("Soạn thảo")
    only_two_are_open(clerk)
    change_one(clerk)
    explain_the_other(clerk)
    open_one_more(clerk)
    clerk.follow("Trình lãnh đạo").press("Trình lãnh đạo").sees("Đã trình lãnh đạo.")
    leader = enter(LEADER, UNIT).follow(PLAN).follow("Duyệt và trình lên cấp trên")
    leader.press("Duyệt và trình lên cấp trên")

    specialist.to_desk().follow(f"Xã Đại An – {PLAN}").press("Tiếp nhận, mở thẩm định")
    opens_on_what_was_done(specialist)


def point_at_two(specialist: Visitor) -> None:
    row = specialist.row(FIGURE)
    specialist.unfold("Trả lại mục này", within=row).fill(f"Nhận xét: {FIGURE}", "Sai số.")
    specialist.press("Đưa vào danh sách trả lại", within=row)
    article = specialist.page.get_by_role("article").filter(has_text=SECTION)
    specialist.unfold("Trả lại mục này", within=article).fill(f"Nhận xét: {SECTION}", ON_SECTION)
    specialist.press("Đưa vào danh sách trả lại", within=article)
    pins = specialist.part("Mục sẽ trả lại")
    specialist.unfold("Sửa lời", within=pins)
    specialist.fill(f"Nhận xét: {FIGURE}", ON_FIGURE, within=pins)
    specialist.press("Lưu nhận xét", within=pins).sees(ON_FIGURE, ON_SECTION)


def give_back(specialist: Visitor) -> None:
    specialist.press("Trả lại 2 mục", refused=422)
    specialist.sees("Cần ghi rõ lý do để người nhận biết phải làm gì.").follow("Quay lại văn bản")
    specialist.fill("Lý do trả lại", "Xem lại hai mục.").press("Trả lại 2 mục")
    specialist.sees("Đã trả lại.")


def only_two_are_open(clerk: Visitor) -> None:
    clerk.sees("Việc cần làm theo nhận xét", "Đã trả lời 0 trên 2", ON_FIGURE, ON_SECTION)
    main = clerk.part("Kế hoạch này phải có")
    expect(main.get_by_role("textbox")).to_have_count(1)
    expect(clerk.page.get_by_role("textbox", name=SECTION, exact=True)).to_be_editable()
    others = clerk.page.get_by_role("textbox", name="I. Mục đích, yêu cầu", exact=True)
    expect(others).not_to_be_editable()


def change_one(clerk: Visitor) -> None:
    """Claimed at once it is refused; by htmx the list learns of the change."""
    clerk.press(f"Đã sửa: {FIGURE}", refused=422).sees("Mục này vẫn như bản bị trả lại.")
    clerk.fill(FIGURE, "141").save_all()
    clerk.sees("Hiện ghi: 141. Đã có sửa từ khi trả lại.")
    clerk.press(f"Đã sửa: {FIGURE}").sees("Đã trả lời 1 trên 2")


def explain_the_other(clerk: Visitor) -> None:
    todo = clerk.part("Việc cần làm theo nhận xét")
    clerk.unfold(f"Giải trình: {SECTION}", within=todo)
    reason = f"Vì sao giữ nguyên, hoặc đã làm gì khác: {SECTION}"
    clerk.fill(reason, "Đã nêu ở mục V.", within=todo).press("Ghi giải trình", within=todo)
    clerk.sees("Đã trả lời 2 trên 2", "Đã nêu ở mục V.")


def open_one_more(clerk: Visitor) -> None:
    section = clerk.part("II. Đối tượng, phạm vi, thời gian")
    clerk.unfold("II. Đối tượng, phạm vi, thời gian", within=section)
    clerk.unfold("Mở thêm mục này", within=section)
    why = "Lý do mở thêm (cấp trên sẽ đọc): II. Đối tượng, phạm vi, thời gian"
    clerk.fill(why, BESIDES, within=section).press("Mở để sửa", within=section)
    section = clerk.part("II. Đối tượng, phạm vi, thời gian")
    clerk.fill("II. Đối tượng, phạm vi, thời gian", "Ba ấp của xã, cả năm 2021.", within=section)
    clerk.save_all()


def opens_on_what_was_done(specialist: Visitor) -> None:
    done = specialist.page.locator("#resubmission")
    specialist.sees("Xem lại hai mục.", ON_FIGURE, ON_SECTION, BESIDES, within=done)
    specialist.sees("141", "Giữ nguyên, có giải trình", "Đã nêu ở mục V.", within=done)
    specialist.sees("Ngoài ra không có thay đổi nào khác.", within=done)
    first = specialist.page.locator("main section.panel").first
    assert first.get_attribute("id") == "resubmission"
