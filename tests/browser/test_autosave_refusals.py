"""What saves itself stays where it was typed, whatever the answer: the draft's page, and lines."""

import re
from collections.abc import Callable
from itertools import repeat

import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect
from support.visitor import Visitor

from lth.demo import PASSWORD

CLERK, LATE, PLAN = "Cán bộ LĐTBXH", "xã Long Hiệp", "Kế hoạch năm 2021"
PURPOSE = "I. Mục đích, yêu cầu"
TEXT = "Hội Người cao tuổi chủ trì; báo cáo huyện trước ngày 16/6."
COOKIE = "lth_session"
CODES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503)
ANSWERS = {
    "a whole page": "<!doctype html><html><title>x</title><body><p>x</p></body></html>",
    "a few words": "<p>Bad</p>",
    "nothing": "",
}
NOT_SAVED = re.compile("[Cc]hưa lưu được")

Enter = Callable[[str, str], Visitor]


def drafting(clerk: Visitor) -> Visitor:
    return clerk.follow(PLAN).follow("Soạn thảo")


def on_lines(clerk: Visitor) -> Visitor:
    drafting(clerk)
    clerk.page.goto(clerk.page.url + "/parts/tasks")
    return clerk


def purpose(page: Page) -> Locator:
    return page.get_by_role("textbox", name=PURPOSE)


def duty(page: Page) -> Locator:
    """The text of a duty, its line unfolded."""
    line = page.locator("#duty-1")
    line.evaluate("(one) => { one.open = true; }")
    return line.get_by_role("textbox", name="Trách nhiệm")


def told(page: Page, state: str = "saved") -> None:
    """Wait until the page says what became of the last save."""
    expect(page.locator("#draft")).to_have_attribute("data-state", state)


def answering(page: Page, address: re.Pattern[str], body: str) -> Callable[[int], None]:
    """Answer what is sent to an address with codes of the test's own; returns how one is set."""
    codes = iter(())

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        return route.fulfill(status=next(codes), body=body, content_type="text/html")

    def set_code(code: int) -> None:
        nonlocal codes
        codes = repeat(code)

    page.route(address, answer)
    return set_code


def put_off(page: Page) -> None:
    """Close the dialog that asks a signed-out person to sign in."""
    dialog = page.locator("#sign-in-again[open]")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Để sau").click()
    expect(dialog).to_have_count(0)


def saved(clerk: Visitor, field: Callable[[Page], Locator], text: str) -> None:
    """Another window of the same person has the text from the server."""
    other = clerk.page.context.new_page()
    other.goto(clerk.page.url)
    expect(field(other)).to_have_value(text)
    other.close()


def stays_whole(page: Page) -> None:
    """No page stands within the page."""
    assert page.locator("main").count() == 1
    assert page.locator("main h1").count() == 1


@pytest.mark.parametrize("body", ANSWERS)
def test_every_code_leaves_the_text_of_what_saves_itself(enter: Enter, body: str) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    answers = re.compile(r"/draft$")
    set_code = answering(page, answers, ANSWERS[body])
    set_code(CODES[0])
    purpose(page).fill(TEXT)
    for code in CODES:
        set_code(code)
        page.locator("#draft").evaluate("(form) => { form.dataset.state = 'new'; }")
        page.get_by_role("button", name="Lưu tất cả").click()
        told(page, "failed")
        if code == 401:
            put_off(page)
        expect(page.get_by_text(NOT_SAVED).first).to_be_visible()
        expect(purpose(page)).to_have_value(TEXT)
        stays_whole(page)
    page.unroute(answers)
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page)
    saved(clerk, purpose, TEXT)


@pytest.mark.parametrize("body", ANSWERS)
def test_every_code_leaves_the_text_of_a_line_that_saves_itself(enter: Enter, body: str) -> None:
    clerk = on_lines(enter(CLERK, LATE))
    page = clerk.page
    answers = re.compile(r"/parts/duty/lines/duty-1$")
    set_code = answering(page, answers, ANSWERS[body])
    said = page.locator("#duty-1 [data-saved]")
    for number, code in enumerate(CODES):
        set_code(code)
        said.evaluate("(one) => { one.textContent = ''; }")
        text = f"{TEXT} Lần {number}."
        duty(page).fill(text)
        duty(page).blur()
        if code == 401:
            put_off(page)
        expect(said).to_have_text(NOT_SAVED)
        expect(duty(page)).to_have_value(text)
        stays_whole(page)
    page.unroute(answers)
    duty(page).fill(TEXT)
    duty(page).blur()
    expect(said).to_contain_text("Đã lưu")
    saved(clerk, duty, TEXT)


@pytest.mark.parametrize(
    ("open_page", "field"), [(drafting, purpose), (on_lines, duty)], ids=["draft", "line"]
)
def test_signed_out_while_it_saves_itself_one_signs_in_and_it_is_saved(
    enter: Enter, open_page: Callable[[Visitor], Visitor], field: Callable[[Page], Locator]
) -> None:
    clerk = open_page(enter(CLERK, LATE))
    page = clerk.page
    page.context.clear_cookies(name=COOKIE)
    field(page).fill(TEXT)
    field(page).blur()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Mật khẩu").fill(PASSWORD)
    with page.expect_response(is_save):
        page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(field(page)).to_have_value(TEXT)
    expect(page.get_by_text(re.compile("^Đã lưu")).first).to_be_visible()
    saved(clerk, field, TEXT)


def is_save(answer: Response) -> bool:
    """Tell the answer to what saves itself from that to signing in."""
    asked = answer.request
    return asked.method == "POST" and "/draft" in asked.url and answer.status == 200
