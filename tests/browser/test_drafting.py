"""The drafting page saves by itself, and its figures are moved through like those of a table."""

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect
from support.visitor import Visitor

CLERK, ASSOCIATION = "Cán bộ LĐTBXH", "Cán bộ Hội NCT xã Ngọc Biên và xã Long Hiệp"
LATE, PLAN = "xã Long Hiệp", "Kế hoạch năm 2021"
TO_LATE = re.compile(f"^Chuyển vai ?: Cán bộ lập kế hoạch ?, {LATE}")
PURPOSE = "I. Mục đích, yêu cầu"
FUND, LOANS, WOMEN = "Quỹ tăng thu nhập", "Thành viên được vay vốn", "Thành viên nữ"

Enter = Callable[[str, str], Visitor]

_PASTE = """([el, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = {clipboardData: data, bubbles: true, cancelable: true};
  el.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def drafting(clerk: Visitor) -> Visitor:
    return clerk.follow(PLAN).follow("Soạn thảo")


def box(clerk: Visitor, name: str):
    return clerk.page.get_by_role("textbox", name=name, exact=True)


def saved(clerk: Visitor, state: str = "saved") -> None:
    expect(clerk.page.locator("#draft")).to_have_attribute("data-state", state, timeout=15_000)


def kept(clerk: Visitor, text: str) -> None:
    """Wait until the server has this text of the section."""
    area = box(clerk, PURPOSE)
    for _ in range(100):
        if area.evaluate("(one) => one.defaultValue") == text:
            return
        clerk.page.wait_for_timeout(50)
    raise AssertionError(f"{text!r} was not saved")


def paste(clerk: Visitor, name: str, text: str) -> None:
    field = box(clerk, name)
    field.focus()
    clerk.page.evaluate(_PASTE, [field.element_handle(), text])


def test_what_is_typed_saves_itself_and_the_caret_stays(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    area = box(clerk, PURPOSE)
    area.fill("")
    area.press_sequentially("Một hai ba.")
    clerk.page.keyboard.press("Home")
    saved(clerk)
    clerk.sees("Đã lưu")
    clerk.page.keyboard.type("Không ")
    assert area.input_value() == "Không Một hai ba."
    expect(area).to_be_focused()
    saved(clerk)
    kept(clerk, "Không Một hai ba.")
    asked = []
    clerk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    clerk.arrived()
    clerk.follow("Xem toàn văn").sees("Không Một hai ba.")
    assert not asked


def test_what_could_not_be_saved_stays_and_is_sent_again(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    clerk.page.route("**/draft", lambda route: route.abort())
    box(clerk, FUND).fill("90 triệu")
    box(clerk, LOANS).focus()
    saved(clerk, "failed")
    clerk.sees("Chưa lưu được – nội dung vẫn còn trên trang.")
    clerk.sees("Thử lại")
    assert clerk.value(FUND) == "90 triệu"
    asked = []
    clerk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    clerk.page.get_by_role("link", name="Xem toàn văn").click(no_wait_after=True)
    clerk.sees("Soạn thảo")
    assert asked == ["beforeunload"]
    clerk.page.unroute("**/draft")
    clerk.page.locator("#draft").evaluate("dispatchEvent(new Event('online'))")
    saved(clerk)
    assert clerk.value(FUND) == "90.000.000"


def test_a_slow_answer_never_takes_back_what_is_typed_meanwhile(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    clerk.page.route("**/draft", hold_the_first)
    area = box(clerk, PURPOSE)
    area.fill("Một.")
    saved(clerk, "saving")
    clerk.page.wait_for_timeout(100)
    area.press_sequentially(" Hai.")
    assert len(held) == 1
    held[0].continue_()
    kept(clerk, "Một. Hai.")
    assert clerk.reload().value(PURPOSE) == "Một. Hai."


def test_a_conflict_keeps_my_text_shows_theirs_and_waits_for_a_choice(enter: Enter) -> None:
    mine = drafting(enter(CLERK, LATE))
    theirs = enter(ASSOCIATION, LATE)
    theirs.page.get_by_role("button", name=TO_LATE).first.click()
    drafting(theirs)
    theirs.fill(PURPOSE, "Bản của hội.").save_all()
    mine.fill(PURPOSE, "Bản của xã.").save_all(refused=409)
    assert mine.value(PURPOSE) == "Bản của xã."
    mine.sees("vừa sửa phần này lúc")
    expect(mine.page.locator(".compared del")).to_contain_text("hội.")
    mine.save_all(refused=409)
    mine.choose("Lấy bản của người kia")
    saved(mine)
    assert mine.value(PURPOSE) == "Bản của hội."
    mine.fill(PURPOSE, "Bản chung.").save_all()
    assert theirs.reload().value(PURPOSE) == "Bản chung."


def test_arrows_and_enter_go_through_the_figures_and_send_nothing_on(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    box(clerk, FUND).focus()
    for key, name in (("ArrowUp", WOMEN), ("ArrowDown", FUND), ("Enter", LOANS), ("ArrowUp", FUND)):
        clerk.page.keyboard.press(key)
        expect(box(clerk, name)).to_be_focused()
    clerk.page.keyboard.type("90000000")
    clerk.page.keyboard.press("Enter")
    expect(box(clerk, LOANS)).to_be_focused()
    saved(clerk)
    expect(box(clerk, FUND)).to_have_value("90.000.000")
    assert clerk.page.url.endswith("/draft")


def test_a_range_from_a_table_is_pasted_marked_and_taken_back(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    before = clerk.value(WOMEN)
    paste(clerk, WOMEN, "139\n90.000.000\nnhiều\n")
    clerk.sees("Đã dán 3 ô.")
    saved(clerk, "refused")
    assert [clerk.value(name) for name in (WOMEN, FUND, LOANS)] == ["139", "90.000.000", "nhiều"]
    expect(box(clerk, LOANS)).to_have_attribute("aria-invalid", "true")
    clerk.page.get_by_role("button", name="Hoàn tác lần dán").click()
    saved(clerk)
    assert [clerk.value(name) for name in (WOMEN, FUND, LOANS)] == [before, "", ""]


def test_rows_with_their_names_find_their_cells(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    paste(clerk, WOMEN, f"{LOANS}\t104\tngười\n{FUND}\t90.000.000\tđồng")
    saved(clerk)
    assert [clerk.value(name) for name in (FUND, LOANS)] == ["90.000.000", "104"]


def test_an_indicator_is_added_in_place(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    clerk.unfold("Quỹ và vay vốn")
    chooser = clerk.page.get_by_role("combobox", name=re.compile("^Thêm chỉ tiêu ?: Quỹ"))
    wanted = chooser.locator("option").nth(1)
    name, key = wanted.inner_text(), wanted.get_attribute("value")
    chooser.select_option(key)
    clerk.page.get_by_role("button", name=re.compile("^Thêm ?: Quỹ")).click()
    expect(clerk.page.locator(f"[data-item='{key}'] .input-number").first).to_be_focused()
    assert name in clerk.page.locator(f"[data-item='{key}']").inner_text()
    assert key not in chooser.inner_html()


def test_a_line_of_a_part_saves_itself_and_its_amount_is_computed(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE)).follow("Kinh phí")
    clerk.unfold("Thêm dòng")
    new = clerk.page.locator("#add-budget")
    clerk.fill("Nội dung chi", "Mua loa", within=new)
    clerk.fill("Số lượng", "3", within=new).fill("Đơn giá", "2.000.000", within=new)
    expect(new.get_by_role("textbox", name="Số tiền")).to_have_value("6.000.000")
    clerk.press("Thêm", within=new)
    line = clerk.page.locator("details.line:not(.line-new)").first
    line.evaluate("(one) => { one.open = true; }")
    price = line.get_by_role("textbox", name="Đơn giá")
    price.fill("3.000.000")
    expect(line.locator("[data-saved]")).to_contain_text("Đã lưu")
    expect(line.locator("> summary")).to_contain_text("9.000.000")
    expect(price).to_be_focused()
    expect(clerk.page.locator("#budget-totals")).to_contain_text("9.000.000")
