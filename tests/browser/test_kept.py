"""What was typed stays where it was typed: whatever the answer, signed out, offline, and later."""

import html
import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect
from support.addresses import pattern_of
from support.backstage import backstage
from support.visitor import Visitor
from werkzeug.serving import make_server

from lth.demo import PASSWORD

CLERK, LATE, PLAN = "Cán bộ LĐTBXH", "xã Long Hiệp", "Kế hoạch năm 2021"
LEADER = "Lãnh đạo UBND"
ASSOCIATION = "Cán bộ Hội NCT xã Ngọc Biên và xã Long Hiệp"
IN_LATE = f"Cán bộ lập kế hoạch, {LATE}"
TEXT = "Hội Người cao tuổi chủ trì; báo cáo huyện trước ngày 16/6."
COOKIE = "lth_session"
KEPT = "Nội dung vẫn còn nguyên trên trang này."
OFFERED = "Có nội dung chưa lưu lúc"
EMAIL = "can-bo.long-hiep@lth.example"
CODES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503)
ANSWERS = {
    "a whole page": "<!doctype html><html><title>x</title><body><p>x</p></body></html>",
    "a few words": "<p>Bad</p>",
    "nothing": "",
}

Enter = Callable[[str, str], Visitor]


def drafting(clerk: Visitor) -> Visitor:
    """Open the form of one line: it stays open, and htmx puts what is saved in its place."""
    clerk.follow(PLAN).follow("Soạn thảo")
    clerk.page.goto(clerk.page.url + "/parts/tasks")
    duties(clerk.page)
    return clerk


def in_second_role(member: Visitor) -> Visitor:
    """Change to the role at the late commune."""
    return member.change_role(IN_LATE)


def duties(page: Page) -> Locator:
    """The text of a duty, its line unfolded; it is saved by its button alone.

    What a line sends by itself is in `test_autosave_refusals.py`.
    """
    page.evaluate("document.querySelector('#saver')?.remove()")
    line = page.locator("#duty-1")
    line.evaluate("(one) => { one.open = true; }")
    return line.get_by_role("textbox", name="Trách nhiệm")


def save(page: Page) -> None:
    """Press the button of the line, whatever comes of it."""
    page.locator("#duty-1 form[hx-post]").locator("button[type=submit]").first.click()


def is_saved(page: Page) -> None:
    expect(page.locator("#duty-1 summary .due-done")).to_be_visible()


def notice(page: Page, text: str):
    return page.locator(".in-place[role=alert]").filter(has_text=text)


def saved(visitor: Visitor, text: str) -> None:
    """Another window of the same person has the text from the server."""
    other = visitor.page.context.new_page()
    other.goto(visitor.page.url)
    expect(duties(other)).to_have_value(text)
    other.close()


def leaving_asks(page: Page) -> bool:
    """Whether the browser asks before the page is left; it stays."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Bàn làm việc").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    return asked == ["beforeunload"]


# --- Every answer -------------------------------------------------------------------------


@pytest.mark.parametrize("body", ANSWERS)
def test_every_code_leaves_the_text_of_a_part(enter: Enter, body: str) -> None:
    page = drafting(enter(CLERK, LATE)).page
    codes = iter(CODES)
    page.route(re.compile(r"/parts/duty/lines/duty-1$"), answer_with(codes, ANSWERS[body]))
    held_through_all(page, duties(page), lambda: save(page))


@pytest.mark.parametrize("body", ANSWERS)
def test_every_code_leaves_the_text_of_a_whole_form(enter: Enter, body: str) -> None:
    page = reasons_page(enter(CLERK, LATE))
    codes = iter(CODES)
    page.route(re.compile(r"/checks$"), answer_with(codes, ANSWERS[body]))
    field = page.locator("details[open] textarea").first
    button = page.locator("details[open] button[type=submit]").first
    held_through_all(page, field, button.click)


def reasons_page(clerk: Visitor) -> Page:
    """Open the page of the checks, where each explanation is a form of a whole page."""
    clerk.follow(PLAN).follow("Soạn thảo")
    clerk.page.goto(clerk.page.url.removesuffix("/draft") + "/checks")
    return clerk.page


def answer_with(codes: Iterator[int], body: str) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        return route.fulfill(status=next(codes), body=body, content_type="text/html")

    return answer


def held_through_all(page: Page, field, press: Callable[[], None]) -> None:
    address = page.url
    field.fill(TEXT)
    for code in CODES:
        press()
        alert = page.locator(".in-place[role=alert]")
        expect(alert).to_have_count(1)
        expect(alert).to_be_visible()
        expect(field).to_have_value(TEXT)
        dialog = page.locator("#sign-in-again[open]")
        if code == 401:
            expect(dialog).to_be_visible()
            page.get_by_role("button", name="Để sau").click()
        else:
            expect(alert).to_be_focused()
        expect(dialog).to_have_count(0)
        assert page.locator("main").count() == 1
        assert page.locator("main form main, main h1 + h1").count() == 0
        page.evaluate(
            "document.querySelectorAll('.in-place[role=alert]').forEach((one) => one.remove())"
        )
    assert page.url == address
    assert leaving_asks(page)


# --- Every form ---------------------------------------------------------------------------

WALKED = (
    (CLERK, LATE),
    (LEADER, "huyện Trà Cú"),
    ("Chuyên viên Phòng LĐTBXH", "huyện Trà Cú"),
    ("Quản trị đơn vị", "huyện Trà Cú"),
)

_TRY_EVERY_FORM = """async () => {
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  const faults = [];
  let tried = 0;
  for (const key of lth.fields.watched().map(lth.fields.formKey)) {
    const form = lth.fields.formOf(key);
    const texts = [...form.elements]
      .filter((el) => lth.fields.isText(el) && !el.readOnly && !el.disabled);
    const button = form.querySelector("button[type=submit]");
    if (!texts.length || !button || form.id === "draft") continue;
    const before = texts.map((el) => el.value);
    for (const el of texts) {
      el.value = el.type === "email" ? "a@b.vn" : "12";
      el.dispatchEvent(new Event("input", {bubbles: true}));
    }
    const typed = texts.map((el) => el.value);
    form.requestSubmit(button);
    const told = () => form.querySelector(".in-place[role=alert]");
    for (let turn = 0; turn < 50 && !told(); turn++) await wait(20);
    if (!told()) faults.push(`no notice: ${key}`);
    if (!form.isConnected) faults.push(`gone: ${key}`);
    if (texts.some((el, at) => el.value !== typed[at])) faults.push(`lost: ${key}`);
    texts.forEach((el, at) => { el.value = before[at]; });
    form.dispatchEvent(new Event("input", {bubbles: true}));
    lth.unnotice(form);
    tried += 1;
  }
  return [tried, faults];
}"""


@pytest.mark.parametrize(("who", "unit"), WALKED)
def test_every_form_of_every_page_keeps_what_is_typed(enter: Enter, who: str, unit: str) -> None:
    page = enter(who, unit).page
    codes = cycle(code for code in CODES if code != 401)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/*", answer_with(codes, "<h1>?</h1>"))
    tried = 0
    for url in pages_with_something_to_type(page):
        page.goto(url)
        count, faults = page.evaluate(_TRY_EVERY_FORM)
        assert faults == [], url
        tried += count
    assert tried >= 3


def pages_with_something_to_type(page: Page) -> Iterator[str]:
    """Walk over links, two of each pattern of addresses, without showing the pages."""
    home = page.url.split("/", 3)
    origin = "/".join(home[:3])
    todo, seen, opened = [page.url.removeprefix(origin)], set(), Counter()
    while todo:
        path = todo.pop(0).split("#")[0]
        pattern = pattern_of(path)
        if path in seen or opened[pattern] >= 2 or path.startswith("/static/"):
            continue
        seen.add(path)
        opened[pattern] += 1
        text = page.request.get(origin + path).text()
        todo += [html.unescape(one) for one in re.findall(r'href="(/[^"]*)"', text)]
        main = text.partition("<main")[2].partition("</main>")[0]
        if 'method="post"' in main and re.search(r"<textarea|<input class=\"input", main):
            yield origin + path


# --- Signed out in the middle -------------------------------------------------------------


def sign_in_again(page: Page, password: str = PASSWORD, email: str = EMAIL) -> None:
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Địa chỉ thư điện tử").fill(email)
    dialog.get_by_label("Mật khẩu").fill(password)
    page.keyboard.press("Enter")


def test_signing_in_in_place_goes_on_with_a_part(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    duties(page).fill(TEXT)
    page.context.clear_cookies(name=COOKIE)
    save(page)
    dialog = page.get_by_role("dialog", name="Đăng nhập lại để gửi tiếp")
    expect(dialog.get_by_label("Địa chỉ thư điện tử")).to_have_value(EMAIL)
    expect(dialog.get_by_label("Mật khẩu")).to_be_focused()
    page.keyboard.type("sai mật khẩu này")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("mật khẩu chưa đúng")
    sign_in_again(page)
    expect(dialog).to_have_count(0)
    expect(notice(page, "")).to_have_count(0)
    expect(duties(page)).to_have_value(TEXT)
    saved(clerk, TEXT)
    duties(page).fill(TEXT + " Hết.")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        save(page)  # the line says “saved” from the first time
    is_saved(page)
    saved(clerk, TEXT + " Hết.")


def test_signing_in_in_place_goes_on_with_a_whole_form(enter: Enter) -> None:
    page = reasons_page(enter(CLERK, LATE))
    waiting = page.locator("details[open] textarea").count()
    page.locator("details[open] textarea").first.fill("Huyện chưa phân bổ kinh phí.")
    page.context.clear_cookies(name=COOKIE)
    page.locator("details[open] button[type=submit]").first.click()
    sign_in_again(page)
    expect(page.get_by_text("Đã lưu giải trình.")).to_be_visible()
    assert page.locator("details[open] textarea").count() == waiting - 1


def test_the_role_of_the_page_is_taken_again(enter: Enter) -> None:
    """Signing in begins in the first role; the page was made for the second."""
    member = drafting(in_second_role(enter(ASSOCIATION, LATE)))
    page = member.page
    duties(page).fill(TEXT)
    email = page.locator("#again-email").input_value()
    page.context.clear_cookies(name=COOKIE)
    save(page)
    sign_in_again(page, email=email)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(notice(page, "")).to_have_count(0)
    saved(member, TEXT)


def test_a_dialog_put_off_can_be_opened_again(enter: Enter) -> None:
    page = drafting(enter(CLERK, LATE)).page
    duties(page).fill(TEXT)
    page.context.clear_cookies(name=COOKIE)
    save(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(duties(page)).to_have_value(TEXT)
    notice(page, "Phiên làm việc đã hết").get_by_role("button", name="Đăng nhập").click()
    sign_in_again(page)
    expect(notice(page, "")).to_have_count(0)


def in_second_tab(visitor: Visitor, who: str, unit: str) -> Page:
    """Somebody signs out in a second tab of the same browser, and somebody signs in."""
    tab = visitor.page.context.new_page()
    tab.goto(visitor.home)
    tab.locator("summary.tool").click()
    tab.get_by_role("button", name="Đăng xuất").click()
    tab.get_by_text("Các đơn vị khác").first.click()
    tab.get_by_role("button", name=re.compile(f"^{who} ?, {unit}$")).click()
    tab.wait_for_load_state()
    return tab


def test_nothing_is_sent_as_somebody_else(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    duties(page).fill(TEXT)
    in_second_tab(clerk, LEADER, LATE)
    save(page)
    alert = notice(page, f"Trang này của {CLERK} {LATE}, nay đăng nhập là {LEADER} {LATE}")
    expect(alert).to_be_visible()
    expect(duties(page)).to_have_value(TEXT)
    alert.get_by_role("button", name="Đăng nhập").click()
    sign_in_again(page)
    expect(notice(page, "")).to_have_count(0)
    saved(clerk, TEXT)


def test_somebody_else_in_the_dialog_sends_nothing(enter: Enter) -> None:
    page = drafting(enter(CLERK, LATE)).page
    duties(page).fill(TEXT)
    page.context.clear_cookies(name=COOKIE)
    save(page)
    sign_in_again(page, email="lanh-dao.long-hiep@lth.example")
    expect(notice(page, "nay đăng nhập là")).to_be_visible()
    expect(duties(page)).to_have_value(TEXT)


def test_the_same_person_in_a_second_tab_is_no_hindrance(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    duties(clerk.page).fill(TEXT)
    in_second_tab(clerk, CLERK, LATE)
    save(clerk.page)
    is_saved(clerk.page)
    saved(clerk, TEXT)


def test_another_role_in_a_second_tab_is_asked_about(enter: Enter) -> None:
    member = drafting(in_second_role(enter(ASSOCIATION, LATE)))
    page = member.page
    duties(page).fill(TEXT)
    tab = page.context.new_page()
    tab.goto(member.home)
    tab.get_by_role("button", name=re.compile("^Chuyển vai ?: .*xã Ngọc Biên")).first.click()
    tab.get_by_text("Ủy ban nhân dân xã Ngọc Biên").first.wait_for()
    save(page)
    alert = notice(page, "Biểu mẫu vừa gửi được mở với vai trò")
    expect(alert).to_be_visible()
    expect(duties(page)).to_have_value(TEXT)
    alert.get_by_role("button", name="Gửi với vai trò của trang này").click()
    expect(notice(page, "")).to_have_count(0)
    saved(member, TEXT)


# --- Others at work -----------------------------------------------------------------------


def test_a_plan_sent_on_meanwhile_leaves_the_text(demo: Flask, enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    duties(page).fill(TEXT)
    with backstage(demo) as meanwhile:
        meanwhile.send_to_leader(LATE)
    save(page)
    alert = page.locator(".in-place[role=alert]")
    expect(alert.get_by_role("link", name="Xem văn bản hiện nay")).to_be_visible()
    expect(duties(page)).to_have_value(TEXT)
    page.wait_for_timeout(500)
    assert leaving_asks(page)
    come_back(clerk, page.url)
    page = clerk.page
    offer = page.locator(".offer")
    expect(offer).to_contain_text("Nay trang này không còn ô để nhập")
    expect(offer).to_contain_text(TEXT)


def test_after_a_conflict_the_text_is_unsaved_and_leaving_asks(enter: Enter) -> None:
    first = drafting(enter(CLERK, LATE))
    second = drafting(in_second_role(enter(ASSOCIATION, LATE)))
    duties(first.page).fill("Bản thứ nhất.")
    save(first.page)
    is_saved(first.page)
    duties(second.page).fill("Bản thứ hai.")
    save(second.page)
    expect(second.page.locator("#duty-1 .has-error").first).to_be_visible()
    expect(duties(second.page)).to_have_value("Bản thứ hai.")
    expect(second.page.locator("#duty-1 .field.is-changed textarea")).to_be_visible()
    assert leaving_asks(second.page)


# --- No network ---------------------------------------------------------------------------


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[int]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live-demo-again")
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def stoppable(
    demo: Flask, browser, judge
) -> Iterator[tuple[Visitor, Callable[[], None], Callable]]:
    """A visitor, and how the server is stopped and started again on its port and database."""
    running = serving(demo)
    port = running.__enter__()
    context = browser.new_context(locale="vi-VN")

    def stop() -> None:
        running.__exit__(None, None, None)

    yield Visitor(context, f"http://127.0.0.1:{port}", judge), stop, lambda: serving(demo, port)
    context.close()


def test_a_save_waits_for_the_server_and_goes_on_by_itself(stoppable) -> None:
    clerk, stop, start = stoppable
    page = drafting(clerk.sign_in(CLERK, LATE)).page
    duties(page).fill(TEXT)
    stop()
    save(page)
    expect(notice(page, "Chưa gửi được, nội dung vẫn còn")).to_be_visible()
    expect(duties(page)).to_have_value(TEXT)
    with start():
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(notice(page, "")).to_have_count(0)
        saved(clerk, TEXT)


def test_a_whole_form_is_sent_again_when_asked(stoppable) -> None:
    clerk, stop, start = stoppable
    page = reasons_page(clerk.sign_in(CLERK, LATE))
    page.locator("details[open] textarea").first.fill("Huyện chưa phân bổ kinh phí.")
    stop()
    page.locator("details[open] button[type=submit]").first.click()
    alert = notice(page, "Chưa gửi được, nội dung vẫn còn")
    expect(alert).to_be_focused()
    with start():
        alert.get_by_role("button", name="Gửi lại").click()
        expect(page.get_by_text("Đã lưu giải trình.")).to_be_visible()


def test_an_act_is_not_sent_by_itself(stoppable) -> None:
    clerk, stop, start = stoppable
    leader = clerk.sign_in(LEADER, "huyện Trà Cú")
    page = leader.page
    page.get_by_role("link", name="Ký thay, ủy quyền").first.click()
    page.get_by_role("link", name="Ghi quyết định").first.click()
    number = page.get_by_label("Số, ký hiệu quyết định")
    number.fill("12/QĐ-UBND")
    stop()
    page.locator("main form button[type=submit]").last.click()
    expect(notice(page, "Chưa gửi được, nội dung vẫn còn")).to_be_visible()
    with start():
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(500)
        expect(notice(page, "Chưa gửi được, nội dung vẫn còn")).to_be_visible()
        expect(number).to_have_value("12/QĐ-UBND")


# --- Kept in the browser ------------------------------------------------------------------


def come_back(visitor: Visitor, url: str) -> Page:
    """The window is closed without a question, and another opened on the same page."""
    visitor.page.close(run_before_unload=False)
    visitor.page = visitor.page.context.new_page()
    visitor.page.goto(url)
    return visitor.page


def type_and_close(visitor: Visitor, text: str = TEXT) -> Page:
    page = visitor.page
    duties(page).fill(text)
    page.wait_for_timeout(500)
    return come_back(visitor, page.url)


def drafts(page: Page) -> str:
    return page.evaluate("JSON.stringify({...localStorage})")


def test_what_was_typed_is_offered_when_one_comes_back(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = type_and_close(clerk)
    before = duties(page).input_value()
    assert before != TEXT
    offer = page.locator(".offer", has_text=OFFERED)
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Khôi phục").click()
    expect(duties(page)).to_have_value(TEXT)
    expect(page.locator(".offer")).to_have_count(0)
    assert leaving_asks(page)
    save(page)
    is_saved(page)
    assert "Hội Người cao tuổi chủ trì" not in drafts(page)
    expect(come_back(clerk, page.url).locator(".offer")).to_have_count(0)


def test_an_offer_can_be_declined(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = type_and_close(clerk)
    page.locator(".offer").get_by_role("button", name="Bỏ").click()
    assert "Hội Người cao tuổi chủ trì" not in drafts(page)
    expect(come_back(clerk, page.url).locator(".offer")).to_have_count(0)


def test_what_others_wrote_since_is_shown_beside(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    duties(clerk.page).fill(TEXT)
    clerk.page.wait_for_timeout(500)
    url = clerk.page.url
    colleague = drafting(in_second_role(enter(ASSOCIATION, LATE)))
    duties(colleague.page).fill("Bản của đồng nghiệp.")
    save(colleague.page)
    is_saved(colleague.page)
    page = come_back(clerk, url)
    offer = page.locator(".offer")
    expect(offer).to_contain_text("từ lúc đó đã có người sửa ô này")
    expect(offer).to_contain_text("Bản của đồng nghiệp.")
    expect(offer).to_contain_text(TEXT)
    expect(offer.get_by_role("button", name="Khôi phục")).to_have_count(0)
    expect(duties(page)).to_have_value("Bản của đồng nghiệp.")
    offer.get_by_role("button", name="Dùng bản của tôi").click()
    expect(duties(page)).to_have_value(TEXT)


def test_what_was_typed_before_the_last_words_is_not_offered_after_a_refusal(enter: Enter) -> None:
    page = reasons_page(enter(CLERK, LATE))
    field = page.locator("details[open] textarea").first
    field.fill("Chưa")
    page.wait_for_timeout(500)
    field.fill("Dài " * 1500)
    page.locator("details[open] button[type=submit]").first.click()
    expect(page.get_by_text("Giải trình dài quá 4000 ký tự").first).to_be_visible()
    expect(page.locator(".offer")).to_have_count(0)


def test_a_long_text_that_is_offered_can_be_read_by_keyboard(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    duties(clerk.page).fill(TEXT * 60)
    clerk.page.wait_for_timeout(500)
    url = clerk.page.url
    colleague = drafting(in_second_role(enter(ASSOCIATION, LATE)))
    duties(colleague.page).fill("Bản của đồng nghiệp.")
    save(colleague.page)
    is_saved(colleague.page)
    page = come_back(clerk, url)
    expect(page.locator(".offer dd")).to_have_count(2)
    clerk.arrived()


def test_signing_out_forgets_and_nobody_else_is_offered_it(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    duties(page).fill(TEXT)
    page.wait_for_timeout(500)
    assert "Hội Người cao tuổi chủ trì" in drafts(page)
    url = page.url
    page.context.clear_cookies(name=COOKIE)
    clerk.page.close(run_before_unload=False)
    clerk.page = page.context.new_page()
    colleague = in_second_role(clerk.sign_in(ASSOCIATION, LATE))
    colleague.page.goto(url)
    expect(duties(colleague.page)).to_be_visible()
    expect(colleague.page.locator(".offer")).to_have_count(0)
    assert "Hội Người cao tuổi chủ trì" in drafts(colleague.page)


def test_signing_out_forgets(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = type_and_close(clerk)
    expect(page.locator(".offer")).to_be_visible()
    page.locator("summary.tool").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Anh/chị đã đăng xuất.")).to_be_visible()
    assert "Hội Người cao tuổi chủ trì" not in drafts(page)


def test_who_stays_when_asked_has_not_signed_out(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    duties(page).fill(TEXT)
    page.wait_for_timeout(500)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("summary.tool").click()
    page.get_by_role("button", name="Đăng xuất").click(no_wait_after=True)
    page.wait_for_timeout(300)
    duties(page).fill(TEXT + " Hết.")
    page.wait_for_timeout(500)
    expect(come_back(clerk, page.url).locator(".offer")).to_be_visible()


def test_a_browser_that_keeps_nothing_still_works(visitor: Callable[..., Visitor]) -> None:
    clerk = visitor()
    clerk.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})"
    )
    page = drafting(clerk.sign_in(CLERK, LATE)).page
    duties(page).fill(TEXT)
    page.wait_for_timeout(400)
    save(page)
    is_saved(page)
    saved(clerk, TEXT)


_FILL_THE_STORE = """() => {
  const day = 24 * 3600 * 1000;
  const put = (name, days, size) => localStorage.setItem(`lth:draft:9:/${name}`,
    JSON.stringify({at: Date.now() - days * day, fields: {text: "x".repeat(size)}}));
  put("too-old", 15, 1);
  put("older", 2, 2500000);
  put("old", 1, 2600000);
}"""


def test_a_full_store_drops_the_oldest_and_old_text_goes(enter: Enter) -> None:
    clerk = drafting(enter(CLERK, LATE))
    page = clerk.page
    page.evaluate(_FILL_THE_STORE)
    duties(page).fill(TEXT * 3000)
    page.wait_for_timeout(1000)
    kept = page.evaluate("Object.keys(localStorage)")
    assert [key for key in kept if key.endswith("/tasks")]
    assert "lth:draft:9:/older" not in kept
    assert "lth:draft:9:/old" in kept
    come_back(clerk, page.url)
    assert "lth:draft:9:/too-old" not in clerk.page.evaluate("Object.keys(localStorage)")


def test_passwords_are_not_kept(enter: Enter) -> None:
    page = enter(CLERK, LATE).page
    page.goto(page.url.split("/commune")[0] + "/account")
    for field in page.locator("main input[type=password]").all():
        field.fill("mật khẩu bí mật")
    page.wait_for_timeout(500)
    assert "bí mật" not in drafts(page)


# --- Without scripts ----------------------------------------------------------------------


def test_without_scripts_the_form_is_kept_through_signing_in(
    visitor: Callable[..., Visitor],
) -> None:
    clerk = visitor(java_script_enabled=False).sign_in(CLERK, LATE)
    clerk.follow(PLAN).follow("Soạn thảo")
    page = clerk.page
    url = page.url + "/parts/tasks"
    page.goto(url)
    page.locator("#duty-1 > summary").click()
    page.locator("#duty-1").get_by_role("textbox", name="Trách nhiệm").fill(TEXT)
    page.context.clear_cookies(name=COOKIE)
    save(page)
    page.get_by_label("Địa chỉ thư điện tử").fill(EMAIL)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("#email").press("Enter")
    expect(page.get_by_text(TEXT).first).to_be_visible()
    page.get_by_role("button", name="Gửi lại").click()
    page.goto(url)
    expect(page.locator("#duty-1 textarea[name=text]")).to_have_value(TEXT)
