"""A return by pointing, page by page: the reviewer points, the clerk answers, both see it."""

import html
import re

import pytest
from support.pages import check_page

UNIT, CLERK, LEADER = "xã Đại An", "can-bo.dai-an@lth.example", "lanh-dao.dai-an@lth.example"
SPECIALIST = "district specialist"
FIGURE, SECTION, LOCKED = "members_women@2021", "s.tasks", "members_young@2021"
REMARKS = {FIGURE: "Số nữ chưa khớp danh sách.", SECTION: "Nêu rõ ai chủ trì."}
TAG = re.compile(r"<[^>]+>|\s+")
DOZEN = 12

pytestmark = pytest.mark.databases("sqlite")


def text_of(page: str) -> str:
    """What a page says, in one line."""
    return html.unescape(re.sub(r"\s+", " ", TAG.sub(" ", page)))


def part(page: str, id_: str) -> str:
    """The section with an id, as it is written; nothing where there is none."""
    found = re.search(rf'<(section|details) class="[^"]*" id="{id_}".*?</\1>', page, re.S)
    return found[0] if found else ""


def hidden(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)[0]
    return html.unescape(re.search(r'value="([^"]*)"', field)[1])


class Reader:
    """A browser on one document that counts what each page asks of the database."""

    def __init__(self, browser, document, level, statements):
        self.browser, self.statements = browser, statements
        self.document_url = f"/{level}/documents/{document.id}"

    def get(self, path=""):
        self.statements.clear()
        answer = self.browser.get(self.document_url + path)
        assert answer.status_code == 200
        assert len(self.statements) <= DOZEN, "\n".join(self.statements)
        check_page(answer.text)
        return answer.text

    def post(self, path, code=302, **data):
        answer = self.browser.post(self.document_url + path, data)
        assert answer.status_code == code, text_of(answer.text)
        return answer

    def does(self, act, **inputs):
        self.post(f"/acts/{act}", seen=hidden(self.get(f"/acts/{act}"), "seen"), **inputs)


@pytest.fixture
def reader(visitor, document_of, statements):
    """Somebody's browser on Đại An's plan, which is under review."""
    document = document_of(UNIT)

    def open_as(who):
        level = "district" if who == SPECIALIST else "commune"
        return Reader(visitor(who), document, level, statements)

    return open_as


@pytest.fixture
def specialist(reader):
    return reader(SPECIALIST)


def point(specialist, **more):
    for key, text in (REMARKS | more).items():
        specialist.post("/remarks", line_key=key, text=text)


@pytest.fixture
def clerk(specialist, reader):
    """The clerk of the plan that came back with two items pointed at."""
    point(specialist)
    page = specialist.get()
    specialist.post("/acts/return", seen=hidden(part(page, "pins"), "seen"), reason="Xem hai mục.")
    return reader(CLERK)


def answer_url(page: str, remark: str) -> str:
    """Where the remark with a text is answered."""
    item = next(one for one in re.split(r"<li id=", part(page, "todo")) if remark in text_of(one))
    return re.search(r"/draft/remarks/\d+", item)[0]


def save_figure(clerk, key, value, code=302, page=None):
    page = page or clerk.get("/draft")
    fields = {f"{key}:value": value, f"{key}:was": "", f"{key}:comparator": "eq"}
    seen = re.search(rf'name="{re.escape(key)}:seen" value="(\d+)"', page)
    fields[f"{key}:seen"] = seen[1] if seen else "1"
    return clerk.post("/draft", code, key=key, **fields)


def save_section(clerk, key, body, code=302):
    page = clerk.get("/draft")
    shown = re.search(rf'name="{re.escape(key)}:seen" value="(\d+)"', page)
    fields = {f"{key}:seen": shown[1] if shown else "1", f"{key}:body": body}
    return clerk.post("/draft", code, section=key, **fields)


# --- The reviewer points ------------------------------------------------------------------


def test_what_is_pointed_at_is_gathered_with_one_button(specialist):
    assert not part(specialist.get(), "pins")
    point(specialist)
    pins = part(specialist.get(), "pins")
    assert "Mục sẽ trả lại" in pins and "Trả lại 2 mục" in pins
    assert f'href="#c-{FIGURE}"' in pins and f'href="#s-{SECTION}"' in pins
    assert all(text in pins for text in REMARKS.values())
    assert "Chỉ các mục trên được mở để sửa" in pins
    point(specialist, **{"": "Xem lại cả bản."})
    assert "toàn văn bản được mở để sửa" in part(specialist.get(), "pins")


def test_a_remark_is_reworded_and_taken_back(specialist, reader):
    point(specialist)
    pins = part(specialist.get(), "pins")
    url = re.search(r"/remarks/\d+/text", pins)[0]
    was = hidden(pins, "was")
    specialist.post(url, text="Số nữ lệch 6 người.", was=was)
    specialist.post(url, 409, text="Từ một trang cũ.", was=was)
    specialist.post(url.removesuffix("/text"), 409, was=was)
    was = hidden(part(specialist.get(), "pins"), "was")
    assert "Số nữ lệch 6 người." in part(specialist.get(), "pins")
    assert "chưa có nội dung" in specialist.post(url, 422, text=" ", was=was).text
    specialist.post(url.removesuffix("/text"), was=was)
    assert "Trả lại 1 mục" in part(specialist.get(), "pins")
    specialist.post(url, 404, text="Đã bỏ rồi.", was=was)
    leader = reader("district leader")
    leader.document_url = specialist.document_url
    pins = part(leader.get(), "pins")
    assert REMARKS[SECTION] in pins and "Sửa lời" not in pins
    leader.post(
        re.search(r"/remarks/\d+", specialist.get())[0] + "/text", 404, text="Của tôi.", was=was
    )


def test_an_appraiser_of_money_points_too_and_does_not_return(specialist, reader):
    finance = reader("district finance")
    finance.document_url = specialist.document_url
    finance.post("/remarks", line_key=FIGURE, text="Chưa rõ nguồn.")
    page = finance.get()
    assert "Nhận xét đã ghi" in part(page, "pins") and "Trả lại" not in part(page, "pins")
    assert "Trả lại mục này" not in page and "Ghi nhận xét" in page


def test_what_was_typed_outlives_an_act_that_came_between(specialist, reader):
    point(specialist)
    seen = hidden(part(specialist.get(), "pins"), "seen")
    specialist.does("give_opinion", verdict="agree")
    answer = specialist.post("/acts/return", 409, seen=seen, reason="Xem hai mục.")
    assert "Xem hai mục.</textarea>" in part(answer.text, "pins")


def test_a_return_without_a_reason_comes_back_with_what_was_pinned(specialist):
    point(specialist)
    seen = hidden(part(specialist.get(), "pins"), "seen")
    answer = specialist.post("/acts/return", 422, seen=seen, reason=" ")
    assert "Cần ghi rõ lý do" in text_of(answer.text)
    assert "Trả lại 2 mục" in part(specialist.get(), "pins")


# --- The clerk works it off ---------------------------------------------------------------


def test_the_drafting_page_opens_on_what_is_to_be_done(clerk):
    page = clerk.get("/draft")
    assert page.index('id="todo"') < page.index('id="group-main"') < page.index('id="gaps"')
    todo = text_of(part(page, "todo"))
    assert "Đã trả lời 0 trên 2" in todo and "Chưa sửa." in todo
    assert all(text in todo for text in REMARKS.values())
    assert f'href="#t-{FIGURE.replace("@", "-")}"' in part(page, "todo")


def test_only_what_was_pointed_at_can_be_typed_in(clerk):
    page = clerk.get("/draft")
    assert re.findall(r'name="key" value="([^"]+)"', part_of_targets(page)) == [FIGURE]
    assert "readonly" not in part(page, f"s-{SECTION}")
    assert "readonly" in part(page, "s-purpose") or "readonly" in part(page, "s-s.purpose")
    assert "Mục này không bị trả lại; mở thêm nếu cần" in text_of(page)
    line = clerk.get(f"/draft/lines/{LOCKED}")
    assert "<fieldset disabled" in line and "Lưu chỉ tiêu" not in line


def part_of_targets(page: str) -> str:
    return "".join(re.findall(r'<details class="targets.*?</details>', page, re.S))


def test_what_is_locked_is_not_saved_by_another_way_either(clerk):
    answer = save_figure(clerk, LOCKED, "1", 422)
    assert "không bị trả lại" in text_of(answer.text)
    answer = save_section(clerk, "s.purpose", "Khác hẳn", 422)
    assert "không bị trả lại" in text_of(answer.text)


def test_one_more_is_opened_where_it_is_locked(clerk):
    page = clerk.get(f"/draft/lines/{LOCKED}")
    assert "Mục đang khóa" in page
    answer = clerk.post("/draft/open", key=LOCKED, reason=" ")
    assert "Cần ghi lý do" in clerk.browser.get(answer.headers["Location"]).text
    answer = clerk.post("/draft/open", key=LOCKED, reason="Đổi số nữ thì đổi theo.")
    assert answer.headers["Location"].endswith("/draft#t-members_young-2021")
    page = clerk.get("/draft")
    assert f'name="key" value="{LOCKED}"' in page
    assert "Đổi số nữ thì đổi theo." in part(page, "todo")
    assert "<fieldset disabled" not in clerk.get(f"/draft/lines/{LOCKED}")
    clerk.post("/draft/open", 404, key="no-such", reason="Cần.")


def test_changed_in_one_click_only_when_it_was(clerk):
    url = answer_url(clerk.get("/draft"), REMARKS[FIGURE])
    refused = clerk.post(url, 422, kind="changed")
    assert "vẫn như bản bị trả lại" in text_of(part(refused.text, "todo"))
    returned = re.search(r"Hiện ghi: (\d+)\.", text_of(part(clerk.get("/draft"), "todo")))[1]
    save_figure(clerk, FIGURE, "141")
    page = clerk.get("/draft")
    assert "Hiện ghi: 141. Đã có sửa từ khi trả lại." in text_of(part(page, "todo"))
    clerk.post(url, kind="changed")
    todo = text_of(part(clerk.get("/draft"), "todo"))
    assert "Đã trả lời 1 trên 2" in todo and "Giải trình:" not in todo
    save_figure(clerk, FIGURE, returned)
    todo = text_of(part(clerk.get("/draft"), "todo"))
    assert "Đã có sửa từ khi trả lại." not in todo, "it is what was returned again"


def test_an_explanation_keeps_what_was_typed(clerk):
    url = answer_url(clerk.get("/draft"), REMARKS[SECTION])
    refused = clerk.post(url, 422, kind="explained", answer="x" * 4001)
    assert "x" * 4001 in refused.text and "dài quá 4000" in text_of(refused.text)
    clerk.post(url, kind="explained", answer="Đã nêu ở mục V.")
    assert "Giải trình: Đã nêu ở mục V." in text_of(part(clerk.get("/draft"), "todo"))


def test_a_script_gets_what_was_done_for_the_list(clerk):
    clerk.get("/draft")
    token = clerk.browser.token()
    page = clerk.get("/draft")
    seen = re.search(rf'name="{FIGURE}:seen" value="(\d+)"', page)[1]
    answer = clerk.browser.client.post(
        clerk.document_url + "/draft",
        data={
            "csrf_token": token,
            "key": FIGURE,
            f"{FIGURE}:value": "141",
            f"{FIGURE}:comparator": "eq",
            f"{FIGURE}:seen": seen,
            f"{FIGURE}:was": "",
        },
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert re.search(r'<span[^>]*id="state-\d+">Hiện ghi: 141', answer.text)


# --- The reviewer sees what became of it --------------------------------------------------


def test_the_resubmission_opens_on_what_was_done(clerk, specialist, reader):
    page = clerk.get("/draft")
    save_figure(clerk, FIGURE, "141")
    clerk.post(answer_url(page, REMARKS[FIGURE]), kind="changed")
    clerk.post(answer_url(page, REMARKS[SECTION]), kind="explained", answer="Đã nêu ở mục V.")
    clerk.post("/draft/open", key="s.scope", reason="Đổi số nữ thì đổi theo.")
    save_section(clerk, "s.scope", "Ba ấp của xã.")
    clerk.does("send_for_clearance")
    reader(LEADER).does("submit")
    page = specialist.get()
    specialist.post("/acts/open", seen=hidden(page, "seen"))
    page = specialist.get()
    assert page.index('id="resubmission"') < page.index('id="content"')
    said = text_of(part(page, "resubmission"))
    assert "Xem hai mục." in said
    assert re.search(r"Thành viên nữ Đã sửa Trước: \d+ Nay: 141", said)
    assert "Giữ nguyên, có giải trình Nội dung giữ nguyên" in said
    assert "Giải trình: Đã nêu ở mục V." in said
    opened = r"Mục mở thêm II\. .*: Đổi số nữ thì đổi theo\. \(Cán bộ .*\) .*\[thêm:\] Ba"
    assert re.search(opened, said)
    assert "Ngoài ra không có thay đổi nào khác." in said


def test_what_is_answered_as_changed_must_still_be_so_when_it_is_sent(clerk):
    page = clerk.get("/draft")
    before = re.search(rf'name="{FIGURE}:value" value="(\d+)"', page)[1]
    save_figure(clerk, FIGURE, "141")
    clerk.post(answer_url(page, REMARKS[FIGURE]), kind="changed")
    clerk.post(answer_url(page, REMARKS[SECTION]), kind="explained", answer="Đã nêu ở mục V.")
    save_figure(clerk, FIGURE, before)
    page = clerk.get("/acts/send_for_clearance")
    assert "1 mục trả lời “Đã sửa” nhưng vẫn như bản bị trả lại" in text_of(page)


def test_a_return_of_the_whole_shows_no_locks(specialist, reader):
    seen = hidden(specialist.get("/acts/return"), "seen")
    specialist.post("/acts/return", seen=seen, reason="Viết lại.")
    page = reader(CLERK).get("/draft")
    assert not part(page, "todo") and "mở thêm nếu cần" not in text_of(page)


def test_a_second_return_lists_only_its_own(clerk, specialist, reader):
    page = clerk.get("/draft")
    for text in REMARKS.values():
        clerk.post(answer_url(page, text), kind="explained", answer="Xin giữ nguyên.")
    clerk.does("send_for_clearance")
    reader(LEADER).does("submit")
    specialist.post("/acts/open", seen=hidden(specialist.get(), "seen"))
    specialist.post("/remarks", line_key="s.scope", text="Ghi rõ mấy ấp.")
    specialist.does("return", reason="Còn một mục.")
    todo = text_of(part(clerk.get("/draft"), "todo"))
    assert "Đã trả lời 0 trên 1" in todo and "Ghi rõ mấy ấp." in todo
    assert "readonly" in part(clerk.get("/draft"), f"s-{SECTION}")


def test_what_stands_against_sending_leads_to_the_list_of_what_is_to_be_done(clerk):
    page = clerk.get("/acts/send_for_clearance")
    assert "nhận xét của cấp trên chưa được trả lời" in text_of(page)
    assert re.search(r'href="[^"]*/draft#todo"', page)
