"""A report at its pages: filled in, sent up, read, pointed at, sent back, approved."""

import html
import re

import pytest
from support import clubworld, draftworld, reportworld
from support.pages import check_page
from support.queries import counted
from support.reportworld import MAY, PASSWORD

from lth.access.scope import Purpose, system
from lth.models import Club, Document, ReportItem, ReportValue, Revision
from lth.models.document import Status
from lth.models.report import Reported

CLERK, LEADER = "clerk@tapson", "leader@tapson"
ABOVE, SIGNER = "specialist@tracu", "leader@tracu"
HTMX = {"HX-Request": "true"}
MOST_QUERIES = 12


@pytest.fixture
def dataset() -> str:
    return "reporting"


@pytest.fixture
def browser(new_client):
    """Sign in as somebody; once."""
    signed: dict = {}

    def sign_in(who: str):
        if who not in signed:
            client = signed[who] = new_client()
            sent = {"email": f"{who}.example", "password": PASSWORD}
            assert client.post("/sign-in", data=sent).status_code == 302
        return signed[who]

    return sign_in


@pytest.fixture
def number(browser, session) -> int:
    """The report that the clerk has begun from its page."""
    period = reportworld.period(session).id
    session.rollback()
    sent = {"period": period, "kind": "report", "source": "empty"}
    answer = browser(CLERK).post("/commune/documents/new", data=sent)
    found = re.fullmatch(r"/commune/documents/(\d+)/values", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return int(found[1])


class Report:
    """One report at the pages of several people."""

    def __init__(self, browser, session, number: int) -> None:
        self.browser, self.session, self.number = browser, session, number

    def address(self, who: str, path: str = "") -> str:
        level = "district" if who.endswith("tracu") else "commune"
        return f"/{level}/documents/{self.number}{path}"

    def page(self, who: str = CLERK, path: str = "") -> str:
        answer = self.browser(who).get(self.address(who, path))
        assert answer.status_code == 200, answer.text
        if "/acts/" not in path:  # whose forms have no token here
            check_page(answer.text)
        return html.unescape(answer.text)

    def send(self, path: str, data: dict, who: str = CLERK, **more):
        return self.browser(who).post(self.address(who, path), data=data, **more)

    def does(self, who: str, act: str, code: int = 302, **inputs: str) -> str:
        address = self.address(who, f"/acts/{act}")
        page = self.browser(who).get(address)
        assert page.status_code == 200, page.text
        seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page.text)[1]
        answer = self.browser(who).post(address, data={"seen": seen, **inputs})
        assert answer.status_code == code, answer.text
        return html.unescape(answer.text)

    def cell(self, key: str, value: str = "", state: str = "value", reason: str = "") -> dict:
        """What the form sends of a cell that was typed over."""
        page = self.page(path="/values")
        field = re.escape(key)
        seen = re.search(rf'name="{field}:seen" value="([^"]*)"', page)[1]
        was = re.search(rf'name="{field}:was" value="([^"]*)"', page)[1]
        typed = {"state": state, "value": value, "reason": reason, "seen": seen, "was": was}
        return {"key": [key], **{f"{key}:{name}": text for name, text in typed.items()}}

    def writes(self, text: str = "Đã triển khai.") -> None:
        """Write the sections that must say something."""
        page = self.page(path="/draft")
        sent: dict = {"section": []}
        for key in ("s.situation", "s.results"):
            seen = re.search(rf'name="{key}:seen" value="(\d+)"', page)
            if seen:
                sent["section"].append(key)
                sent |= {f"{key}:body": text, f"{key}:seen": seen[1], f"{key}:was": ""}
        assert self.send("/draft", sent).status_code == 302

    def items(self) -> list[ReportItem]:
        self.session.rollback()
        with system(self.session, Purpose.LOAD):
            document = self.session.get_one(Document, self.number)
            found = reportworld.items(self.session, document)
        self.session.expunge_all()
        return found

    def values(self) -> dict[str, ReportValue]:
        self.session.rollback()
        with system(self.session, Purpose.LOAD):
            document = self.session.get_one(Document, self.number)
            found = reportworld.values(self.session, document)
        self.session.expunge_all()
        return found

    def status(self) -> Status:
        self.session.rollback()
        with system(self.session, Purpose.LOAD):
            return self.session.get_one(Document, self.number).status


@pytest.fixture
def report(browser, session, number: int) -> Report:
    return Report(browser, session, number)


def correct(session, **figures) -> None:
    """Correct the first club's book of May."""
    unit_id = reportworld.unit_of(session, "tapson")
    with system(session, Purpose.LOAD):
        club = session.query(Club.id).filter(Club.unit_id == unit_id, Club.number == 1).scalar()
    clubworld.keep(session, club, MAY, **figures)
    session.commit()


# --- The road -----------------------------------------------------------------------------


def test_a_report_walks_from_its_start_to_approved_and_back(report: Report) -> None:
    page = report.page(path="/values")
    assert "Sổ ghi 136, từ 2 câu lạc bộ" in page
    assert "68, sổ tháng 5/2021" in page
    assert 'name="members_total:value" value="136"' in page
    refused = report.does(CLERK, "send_for_clearance", code=422)
    assert "I. Tình hình thực hiện" in refused
    report.writes()
    typed = {"kind": "request", "text": "Đề nghị mở lớp tập huấn.", "level": "", "seen": "9"}
    assert report.send("/items", typed).status_code == 302
    report.does(CLERK, "send_for_clearance")
    brief = html.unescape(report.browser(LEADER).get(report.address(LEADER, "/acts/submit")).text)
    assert "có số liệu: 5" in brief
    assert "136, được giao 206" in brief
    report.does(LEADER, "submit")
    report.does(ABOVE, "open")
    page = report.page(ABOVE)
    assert "Đề nghị mở lớp tập huấn." in page
    assert 'id="c-members_total"' in page
    pin = {
        "line_key": "members_total",
        "text": "Xem lại số thành viên.",
        "anchor": "c-members_total",
    }
    assert report.send("/remarks", pin, ABOVE).status_code == 302
    assert "Số thành viên câu lạc bộ" in report.page(ABOVE).split('id="pins"')[1][:3000]
    report.does(ABOVE, "return", reason="Sai số thành viên.")
    assert report.status() is Status.RETURNED
    page = report.page(path="/draft")
    assert "Hiện ghi: 136." in page
    assert "/values#v-members_total" in page
    page = report.page(path="/values")
    assert 'name="members_total:value"' in page
    assert 'name="helped_cases:value"' not in page
    assert "Xem lại số thành viên." in page
    sent = report.cell("members_total", "140", reason="CLB số 2 ghi thiếu")
    assert report.send("/values", sent).status_code == 302
    remark = re.search(r"/draft/remarks/(\d+)", report.page(path="/draft"))[1]
    answer = {"kind": "changed", "seen": ""}
    assert report.send(f"/draft/remarks/{remark}", answer).status_code == 302
    report.does(CLERK, "send_for_clearance")
    brief = html.unescape(report.browser(LEADER).get(report.address(LEADER, "/acts/submit")).text)
    assert "Số thành viên câu lạc bộ: 136 → 140" in brief
    assert "Khác sổ câu lạc bộ" in brief
    report.does(LEADER, "submit")
    report.does(ABOVE, "open")
    page = report.page(ABOVE)
    assert '<del><span class="visually-hidden">Trước: </span>136</del>' in page
    report.does(ABOVE, "give_opinion", verdict="agree")
    report.does(SIGNER, "approve", code=302)
    assert report.status() is Status.APPROVED
    assert "140" in report.page(CLERK)


def test_missing_figures_keep_it_at_home_with_a_list(report: Report) -> None:
    report.writes()
    assert report.send("/values", report.cell("members_total", "")).status_code == 302
    assert report.send("/values", report.cell("helped_cases", "9")).status_code == 302
    for path in ("/values", "/draft"):
        page = report.page(path=path)
        assert "Chưa có số liệu “Số thành viên câu lạc bộ”." in page
        assert "“Trường hợp khó khăn được giúp đỡ” khác sổ của câu lạc bộ" in page
    refused = report.does(CLERK, "send_for_clearance", code=422)
    assert "Chưa có số liệu “Số thành viên câu lạc bộ”." in refused
    assert "Ngoài ra còn thiếu 1 mục" in refused


# --- Four states --------------------------------------------------------------------------


def test_four_things_are_four_things_on_every_page(report: Report) -> None:
    cells = {
        "members_total": {"value": ""},
        "helped_cases": {"state": "nil", "reason": "Sổ ghi nhầm"},
        "loans_members": {"state": "not_applicable", "reason": "Chưa có quỹ"},
    }
    for key, typed in cells.items():
        assert report.send("/values", report.cell(key, **typed)).status_code == 302
    page = report.page()

    def row(key: str) -> str:
        return page.split(f'id="c-{key}"')[1].split("</tr>")[0]

    assert "Chưa có số liệu" in row("members_total")
    assert "Không phát sinh" in row("helped_cases")
    assert "Không áp dụng" in row("loans_members")
    assert "Chưa có quỹ" in row("loans_members")
    assert re.search(r'data-label="Kỳ này">\s*0\s*<', row("clubs_new"))


def test_nil_becomes_0_in_the_difference(report: Report) -> None:
    sent = report.cell("clubs_new", state="nil")
    assert report.send("/values", sent).status_code == 302
    report.writes()
    report.does(CLERK, "send_for_clearance")
    report.does(LEADER, "submit")
    report.does(ABOVE, "open")
    report.does(ABOVE, "return", reason="Nói rõ.")
    assert report.send("/values", report.cell("clubs_new", "0")).status_code == 302
    row = report.page().split('id="c-clubs_new"')[1].split("</tr>")[0]
    assert "Không phát sinh</del>" in row
    assert "0</ins>" in row


# --- Saving by itself ---------------------------------------------------------------------


def test_a_script_gets_what_changes_with_a_save(report: Report) -> None:
    answer = report.send("/values", report.cell("members_total", "170"), headers=HTMX)
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    for piece in ("save-said", "gaps", "missing", "v-members_total-state", "seen-books"):
        assert f'id="{piece}"' in text, piece
    assert "Khác sổ" in text
    assert re.search(r'id="share-loan_access_pct".*?40 %', text, re.DOTALL)
    assert 'id="v-helped_cases-state"' not in text


def test_a_number_typed_where_nil_stood_is_a_number(report: Report) -> None:
    assert report.send("/values", report.cell("clubs_new", state="nil")).status_code == 302
    answer = report.send("/values", report.cell("clubs_new", "2", state="nil"), headers=HTMX)
    assert 'data-text-for="v-clubs_new-choice">value<' in answer.text
    assert report.values()["clubs_new"].value == 2


def test_what_cannot_be_read_comes_back_as_it_was_typed(report: Report) -> None:
    sent = report.cell("members_total", "nhiều lắm", reason="Đếm lại")
    answer = report.send("/values", sent)
    assert answer.status_code == 422
    check_page(answer.text)
    assert 'value="nhiều lắm"' in html.unescape(answer.text)
    assert 'value="Đếm lại"' in html.unescape(answer.text)
    assert report.values()["members_total"].value == 136


def test_two_people_are_asked_whose_figure_stays(report: Report) -> None:
    mine, theirs = report.cell("members_total", "140"), report.cell("members_total", "150")
    assert report.send("/values", mine, "clerk2@tapson").status_code == 302
    answer = report.send("/values", theirs)
    assert answer.status_code == 409
    check_page(answer.text)
    page = html.unescape(answer.text)
    assert "clerk2@tapson vừa ghi “140”" in page
    choice = re.search(r'name="members_total:theirs" value="(\d+)"', page)[1]
    theirs |= {"members_total:choice": "mine", "members_total:theirs": choice}
    assert report.send("/values", theirs).status_code == 302
    assert report.values()["members_total"].value == 150


def test_after_sending_nothing_typed_is_lost(report: Report) -> None:
    typed = report.cell("members_total", "140")
    report.writes()
    report.does(CLERK, "send_for_clearance")
    answer = report.send("/values", typed)
    assert answer.status_code == 409
    assert "members_total: 140" in answer.text
    assert report.send("/values", typed, headers=HTMX).status_code == 409


# --- From the books, and nil --------------------------------------------------------------


def test_one_cell_and_all_are_taken_from_the_books(report: Report, session) -> None:
    assert report.send("/values", report.cell("members_total", "200")).status_code == 302
    assert report.send("/values", {"insert": "members_total"}).status_code == 302
    assert report.values()["members_total"].value == 136
    correct(session, helped=10)
    seen = re.search(r'id="seen-books" name="seen" value="(\d+)"', report.page(path="/values"))[1]
    assert report.send("/values/books", {"seen": seen}).status_code == 302
    assert report.values()["helped_cases"].value == 13
    answer = report.send("/values/books", {"seen": seen})
    assert answer.status_code == 409


def test_a_nil_report_in_one_click(report: Report, session) -> None:
    page = report.page(path="/values")
    seen = re.search(r'id="seen-nil" name="seen" value="(\d+)"', page)[1]
    refused = report.send("/values/nil", {"seen": seen, "what": "all"})
    assert refused.status_code == 422
    assert "vì trong kỳ có phát sinh" in html.unescape(refused.text)
    unit_id = reportworld.unit_of(session, "tapson")
    with system(session, Purpose.LOAD):
        for club in session.query(Club).filter(Club.unit_id == unit_id):
            clubworld.keep(session, club.id, MAY, helped=0)
    session.commit()
    assert report.send("/values/books", {"seen": seen}).status_code == 302
    seen = re.search(r'id="seen-nil" name="seen" value="(\d+)"', report.page(path="/values"))[1]
    assert report.send("/values/nil", {"seen": seen, "what": "all"}).status_code == 302
    found = report.values()
    assert found["helped_cases"].reported is Reported.NIL
    assert found["members_total"].value == 136
    page = report.page(path="/draft")
    assert "không phát sinh nội dung mới" in page
    report.does(CLERK, "send_for_clearance")
    report.does(LEADER, "submit")
    assert report.status() is Status.SUBMITTED
    assert report.send("/values/nil", {"seen": seen, "what": "nonsense"}).status_code == 400


def test_what_is_empty_becomes_nil_by_one_button(report: Report) -> None:
    assert report.send("/values", report.cell("clubs_new", "")).status_code == 302
    page = report.page(path="/values")
    assert "1 ô còn trống: không phát sinh" in page
    seen = re.search(r'id="seen-rest" name="seen" value="(\d+)"', page)[1]
    assert report.send("/values/nil", {"seen": seen, "what": "rest"}).status_code == 302
    assert report.values()["clubs_new"].reported is Reported.NIL


# --- Drift --------------------------------------------------------------------------------


def test_a_corrected_book_shows_on_the_page_of_what_was_sent(report: Report, session) -> None:
    report.writes()
    report.does(CLERK, "send_for_clearance")
    report.does(LEADER, "submit")
    assert "Sổ câu lạc bộ đã sửa" not in report.page()
    correct(session, members=67)
    for who in (CLERK, ABOVE):
        page = report.page(who)
        assert "Sổ câu lạc bộ đã sửa sau khi gửi báo cáo" in page
        assert "136</del>" in page
        assert "135</ins>" in page
    assert "/acts/recall" in report.page(CLERK).split("Nếu phải báo cáo lại")[1][:300]
    assert "Nếu phải báo cáo lại" not in report.page(ABOVE)
    assert report.values()["members_total"].value == 136


# --- Items --------------------------------------------------------------------------------


def add(report: Report, text: str, kind: str = "difficulty", level: str = "") -> str:
    seen = re.search(r'name="seen" value="(\d+)"', report.page(path="/items"))[1]
    typed = {"kind": kind, "text": text, "level": level, "seen": seen}
    answer = report.send("/items", typed)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].partition("#")[2]


def test_items_are_added_changed_moved_and_removed(report: Report) -> None:
    one, other = add(report, "Thiếu quỹ."), add(report, "Thiếu sân.")
    asked = add(report, "Đề nghị hỗ trợ.", "request", "province")
    key, seen = one, next(item.version for item in report.items() if item.line_key == one)
    typed = {"kind": "difficulty", "text": "Thiếu quỹ vay.", "seen": seen}
    assert report.send(f"/items/{key}", typed).status_code == 302
    assert report.send(f"/items/{other}/move", {"to": "up", "seen": 2}).status_code == 302
    listed = [(item.text, item.level) for item in report.items()]
    assert listed == [
        ("Thiếu sân.", None),
        ("Thiếu quỹ vay.", None),
        ("Đề nghị hỗ trợ.", "province"),
    ]
    assert report.send(f"/items/{other}/move", {"to": "up", "seen": 2}).status_code == 409
    gone = next(item for item in report.items() if item.line_key == asked)
    stale = report.send(f"/items/{asked}/remove", {"seen": gone.version - 1})
    assert stale.status_code == 409
    assert report.send(f"/items/{asked}/remove", {"seen": gone.version}).status_code == 302
    assert len(report.items()) == 2
    assert "Thiếu sân." in report.page(path="/items")


def test_a_second_press_adds_nothing(report: Report) -> None:
    seen = re.search(r'name="seen" value="(\d+)"', report.page(path="/items"))[1]
    typed = {"kind": "difficulty", "text": "Thiếu quỹ.", "level": "", "seen": seen}
    assert [report.send("/items", typed).status_code for _ in range(2)] == [302, 302]
    assert len(report.items()) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "Hãy ghi nội dung."),
        ({"text": "x" * 4001}, "Nội dung dài quá 4000 ký tự"),
        ({"kind": "request", "text": "A", "level": "commune"}, "Chọn cấp nhận kiến nghị"),
    ],
)
def test_an_item_that_cannot_be_is_refused(report: Report, typed: dict, said: str) -> None:
    answer = report.send("/items", {"kind": "difficulty", "level": "", "seen": "1", **typed})
    assert answer.status_code == 422
    check_page(answer.text)
    assert said in html.unescape(answer.text)
    assert report.items() == []


def test_two_people_at_one_item_see_both_texts(report: Report) -> None:
    key = add(report, "Thiếu quỹ.")
    (item,) = report.items()
    typed = {"kind": "difficulty", "text": "Bản của tôi.", "seen": item.version}
    theirs = {**typed, "text": "Bản của người khác."}
    assert report.send(f"/items/{key}", theirs, "clerk2@tapson").status_code == 302
    answer = report.send(f"/items/{key}", typed)
    assert answer.status_code == 409
    check_page(answer.text)
    page = html.unescape(answer.text)
    assert "Bản của tôi." in page
    assert "Bản của người khác." in page
    removed = {"seen": report.items()[0].version}
    assert report.send(f"/items/{key}/remove", removed).status_code == 302
    again = report.send(f"/items/{key}", typed)
    assert again.status_code == 409
    check_page(again.text)
    assert "Bản của tôi." in html.unescape(again.text)


def test_items_are_locked_and_pinned_as_figures_are(report: Report) -> None:
    key, other = add(report, "Thiếu quỹ."), add(report, "Thiếu sân.")
    report.writes()
    report.does(CLERK, "send_for_clearance")
    report.does(LEADER, "submit")
    report.does(ABOVE, "open")
    pin = {"line_key": key, "text": "Nói rõ thiếu bao nhiêu.", "anchor": f"c-{key}"}
    assert report.send("/remarks", pin, ABOVE).status_code == 302
    report.does(ABOVE, "return", reason="Nói rõ.")
    versions = {item.line_key: item.version for item in report.items()}
    typed = {"kind": "difficulty", "text": "Thiếu 20 triệu."}
    assert report.send(f"/items/{other}", {**typed, "seen": versions[other]}).status_code == 422
    assert report.send(f"/items/{key}", {**typed, "seen": versions[key]}).status_code == 302
    assert report.send("/items", {**typed, "level": "", "seen": "99"}).status_code == 422
    assert "mở cả phần này" in report.page(path="/items")
    assert report.send("/draft/open", {"key": "item", "reason": "Bổ sung"}).status_code == 302
    assert report.send("/items", {**typed, "level": "", "seen": "99"}).status_code == 302
    page = report.page(path="/draft")
    assert "Khó khăn, vướng mắc: Thiếu 20 triệu." in page


# --- Strangers ----------------------------------------------------------------------------


def test_foreign_ids_are_as_if_they_were_not(report: Report, session) -> None:
    key = add(report, "Thiếu quỹ.")
    stranger = "clerk@ngaixuyen"
    for path in ("/values", "/items"):
        assert report.browser(stranger).get(report.address(stranger, path)).status_code == 404
    posts = {
        "/values": {"insert": "members_total"},
        "/values/books": {"seen": "1"},
        "/values/nil": {"seen": "1", "what": "all"},
        "/items": {"kind": "difficulty", "text": "A", "seen": "1"},
        f"/items/{key}": {"kind": "difficulty", "text": "A", "seen": "1"},
        f"/items/{key}/remove": {"seen": "1"},
        f"/items/{key}/move": {"seen": "1"},
    }
    for path, data in posts.items():
        assert report.send(path, data, stranger).status_code == 404, path
    for path in ("/items/item-999", "/items/item-999/remove", "/items/item-999/move"):
        data = {"kind": "difficulty", "text": "A", "seen": "1"}
        assert report.send(path, data).status_code == 404, path
    assert report.send("/values", {"insert": "no_such"}).status_code == 404
    plan = draftworld.start(session, CLERK).id
    session.commit()
    for path in ("/values", "/items"):
        assert report.browser(CLERK).get(f"/commune/documents/{plan}{path}").status_code == 404
    target = {"key": ["clubs_new@2021"], "clubs_new@2021:value": "3", "clubs_new@2021:seen": "0"}
    assert report.send("/draft", target).status_code == 404, "a report has no targets"


def test_who_does_not_draft_reads_and_does_not_write(report: Report) -> None:
    assert "136" in report.page(LEADER)
    answer = report.browser(LEADER).get(report.address(LEADER, "/values"))
    assert answer.status_code == 403


# --- Costs --------------------------------------------------------------------------------


def assert_cheap(statements: list[str]) -> None:
    asked = [one for one in statements if not one.startswith("BEGIN")]
    assert len(asked) <= MOST_QUERIES, "\n".join(" ".join(one.split())[:200] for one in asked)


@pytest.mark.parametrize("path", ["", "/values", "/items", "/draft", "/acts/send_for_clearance"])
def test_every_page_keeps_to_its_queries(report: Report, session, path: str) -> None:
    add(report, "Thiếu quỹ.")
    report.writes()
    report.page(path=path)
    with counted(session) as statements:
        report.browser(CLERK).get(report.address(CLERK, path))
    assert_cheap(statements)


def test_also_those_of_who_reads_it(report: Report, session) -> None:
    report.writes()
    report.does(CLERK, "send_for_clearance")
    report.does(LEADER, "submit")
    report.does(ABOVE, "open")
    report.page(ABOVE)
    for path in ("", "/acts/approve"):
        who = SIGNER if path else ABOVE
        report.page(who, path)
        with counted(session) as statements:
            report.browser(who).get(report.address(who, path))
        assert_cheap(statements)


def test_a_revision_is_hashed_with_its_values(report: Report, session) -> None:
    report.writes()
    report.does(CLERK, "send_for_clearance")
    report.does(LEADER, "submit")
    session.rollback()
    with system(session, Purpose.LOAD):
        (revision,) = session.query(Revision).filter(Revision.document_id == report.number)
        assert revision.sha256
    assert report.values()["members_total"].cumulative == 136
