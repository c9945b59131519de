"""What the drafting pages say of themselves is true: what is saved, when, and what is not."""

from collections.abc import Callable

from playwright.sync_api import expect
from support.visitor import Visitor

CLERK, LATE, PLAN = "Cán bộ LĐTBXH", "xã Long Hiệp", "Kế hoạch năm 2021"
WOMEN, FUND = "Thành viên nữ", "Quỹ tăng thu nhập"
REFUSED = "Có ô chưa lưu được: xem chỗ báo đỏ."

Enter = Callable[[str, str], Visitor]


def drafting(clerk: Visitor) -> Visitor:
    return clerk.follow(PLAN).follow("Soạn thảo")


def box(clerk: Visitor, name: str):
    return clerk.page.get_by_role("textbox", name=name, exact=True)


def test_what_was_refused_is_said_until_it_is_mended(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    form, said = clerk.page.locator("#draft"), clerk.page.locator(".save-said")
    box(clerk, WOMEN).fill("hai trăm")
    expect(form).to_have_attribute("data-state", "refused", timeout=15_000)
    box(clerk, FUND).fill("90.000.000")
    expect(said).to_contain_text("Đã lưu", timeout=15_000)
    expect(said).to_contain_text(REFUSED)
    clerk.page.get_by_role("link", name=REFUSED).click()
    expect(box(clerk, WOMEN)).to_be_focused()
    box(clerk, WOMEN).fill("120")
    expect(form).to_have_attribute("data-state", "saved", timeout=15_000)
    expect(said).not_to_contain_text(REFUSED)


def test_title_and_total_save_themselves_and_the_server_says_when(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE)).follow("Kinh phí")
    form = clerk.page.locator("form:has(#header-budget_total)")
    total, said = form.locator("#header-budget_total"), form.locator("[data-saved]")
    total.fill("ba mươi")
    expect(said).to_contain_text("bấm “Lưu phần này”", timeout=15_000)
    total.fill("30 triệu")
    expect(said).to_contain_text("Đã lưu", timeout=15_000)
    told = said.inner_text()
    clerk.page.reload()
    expect(said).to_have_text(told)
    expect(clerk.page.locator("#budget-totals")).to_contain_text("30.000.000")


def test_an_amount_of_money_is_read_whole_on_a_phone(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    clerk.page.set_viewport_size({"width": 360, "height": 760})
    amount = box(clerk, FUND)
    amount.fill("1.150.000.000")
    assert amount.evaluate("(one) => one.scrollWidth <= one.clientWidth")
