"""The pages of requests: who finds them, what they refuse, and what is kept of what was typed."""

import html
import re

import pytest
from sqlalchemy import select
from support import demorequests
from support.demorequests import FUNDS, TRAINING
from support.pages import check_page

from lth.models import OutboxMessage, ReportRequest, RequestMove
from lth.models.request import RequestStep

from .test_constant_queries import queries
from .test_desk import panel, text_of

DISTRICT, PROVINCE = "district specialist", "province specialist"
NEIGHBOUR = "can-bo.ngoc-bien@lth.example"


@pytest.fixture
def report(guarded) -> int:
    """Tập Sơn's report with two requests, sent to the district."""
    return demorequests.send_report(guarded)


@pytest.fixture
def address(session, report):
    """The page of one of its requests, below a level."""

    def of(level: str, key: str = "r1") -> str:
        return f"/{level}/requests/{demorequests.request_of(session, report, key).id}"

    return of


@pytest.fixture
def steps(read, report):
    """The steps of the report's requests so far, the earliest first."""

    def now() -> list[RequestStep]:
        moves = select(RequestMove.step).join(ReportRequest).order_by(RequestMove.id)
        return read(moves.where(ReportRequest.document_id == report))

    return now


def step_of(browser, url: str, step: str, text: str = "", **more):
    page = browser.get(url).text
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    data = {"step": step, "text": text, "seen": seen[1] if seen else "1", **more}
    return browser.post(url, data)


def test_each_side_finds_its_list(visitor, report):
    below = visitor(DISTRICT).get("/district/requests/below").text
    check_page(below)
    assert TRAINING in html.unescape(below)
    assert "Gửi tới cấp: Tỉnh" in below
    own = visitor("clerk").get("/commune/requests").text
    check_page(own)
    assert FUNDS in html.unescape(own)
    assert FUNDS not in html.unescape(visitor(PROVINCE).get("/province/requests/below").text)
    assert TRAINING not in html.unescape(visitor(NEIGHBOUR).get("/commune/requests").text)


def test_a_level_without_anybody_above_or_below_has_no_such_list(visitor, report):
    assert visitor("clerk").get("/commune/requests/below").status_code == 404
    assert visitor(PROVINCE).get("/province/requests").status_code == 404


def test_a_request_is_there_for_whom_it_has_reached(visitor, address):
    for who, level, code in (
        ("clerk", "commune", 200),
        ("leader", "commune", 200),
        ("observer", "commune", 200),
        ("unit administrator", "commune", 403),
        (NEIGHBOUR, "commune", 404),
        (DISTRICT, "district", 200),
        ("district finance", "district", 200),
        (PROVINCE, "province", 404),
        ("two-tier province", "province", 404),
    ):
        answer = visitor(who).get(address(level))
        assert answer.status_code == code, who
        if code == 200:
            check_page(answer.text)
            assert (TRAINING in html.unescape(answer.text)) is True


def test_only_who_answers_gets_the_form(visitor, address):
    for who, level, shown in (
        ("clerk", "commune", True),  # may withdraw it
        ("observer", "commune", False),
        ("district finance", "district", False),
        (DISTRICT, "district", True),
    ):
        page = visitor(who).get(address(level)).text
        assert ('name="step"' in page) is shown, who


def test_a_step_is_confirmed_before_it_is_taken(visitor, address, steps):
    browser, url = visitor(DISTRICT), address("district")
    asked = step_of(browser, url, "answer", "Tháng 8 mở lớp")
    check_page(asked.text)
    assert "nhận thẳng trả lời này" in html.unescape(asked.text)
    assert set(steps()) == {RequestStep.RAISE}
    done = step_of(browser, url, "answer", "Tháng 8 mở lớp", confirmed="1")
    assert done.status_code == 302
    assert set(steps()) == {RequestStep.RAISE, RequestStep.ANSWER}
    page = visitor("clerk").get(address("commune")).text
    assert "Tháng 8 mở lớp" in page
    assert "Đã rõ, kết thúc kiến nghị" in page


def test_what_is_refused_comes_back_as_it_was_typed(visitor, address, steps):
    browser, url = visitor(DISTRICT), address("district")
    refused = step_of(browser, url, "forward", "   ")
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Ghi ý kiến của đơn vị khi chuyển lên" in html.unescape(refused.text)
    assert re.search(r'value="forward"[^>]*checked|checked[^>]*value="forward"', refused.text)
    assert step_of(browser, url, "", "Chữ").status_code == 422
    assert step_of(browser, url, "raise", "Chữ").status_code == 422
    looked = step_of(browser, url, "answer", "Giữ lại chữ này", look="1")
    assert looked.status_code == 200
    assert "Giữ lại chữ này" in looked.text
    assert len(steps()) == 2


def test_an_older_page_changes_nothing(visitor, address, guarded, report, steps):
    browser, url = visitor(DISTRICT), address("district")
    demorequests.take(guarded, "district leader", report, RequestStep.ASK_CLARITY, "Bao nhiêu?")
    for seen in ("1", "0", "", "abc"):
        data = {"step": "answer", "text": "Muộn rồi", "seen": seen, "confirmed": "1"}
        answer = browser.post(url, data)
        assert answer.status_code == 409, seen
        check_page(answer.text)
    assert RequestStep.ANSWER not in steps()


def test_who_may_not_take_a_step_is_refused(visitor, address, steps):
    data = {"step": "answer", "text": "Tự trả lời", "seen": "1", "confirmed": "1"}
    for who, level, code in (
        ("clerk", "commune", 403),
        ("observer", "commune", 403),
        (NEIGHBOUR, "commune", 404),
        (PROVINCE, "province", 404),
        ("district finance", "district", 403),
    ):
        assert visitor(who).post(address(level), data).status_code == code, who
    assert steps() == [RequestStep.RAISE] * 2


def test_the_desk_counts_and_leads_there(visitor, report):
    page = visitor(DISTRICT).get("/district/").text
    check_page(page)
    assert "2 kiến nghị của cấp dưới chờ trả lời" in panel(page, "waiting")
    assert 'href="/district/requests/below"' in page
    assert "kiến nghị" not in panel(visitor("district finance").get("/district/").text, "waiting")


def test_lists_are_narrowed_and_taken_along(visitor, report, guarded):
    demorequests.take(guarded, DISTRICT, report, RequestStep.ANSWER, "Đã ghi nhận", key="r2")
    browser, url = visitor(DISTRICT), "/district/requests/below"
    ours = html.unescape(browser.get(f"{url}?shown=ours").text)
    assert TRAINING in ours
    assert FUNDS not in ours
    assert TRAINING in html.unescape(browser.get(f"{url}?over=4").text), "owed for nine days"
    assert TRAINING not in html.unescape(browser.get(f"{url}?over=20").text)
    wrong = browser.get(f"{url}?over=nhiều&shown=gì").text
    check_page(wrong)
    file = browser.get(f"{url}?file=csv&shown=answered").get_data(as_text=True)
    assert FUNDS in file
    assert TRAINING not in file
    assert browser.get(f"{url}?file=xlsx").status_code == 200


def test_as_many_queries_however_many_requests(visitor, guarded, engine_of):
    demorequests.send_report(guarded, {"r1": TRAINING})
    browser, url = visitor(DISTRICT), "/district/requests/below"
    before = int(re.search(r"(\d+) kiến nghị", text_of(browser.get(url).text))[1])
    one = queries(engine_of, browser, url)
    with_many = {f"r{number}": f"Kiến nghị số {number}" for number in range(1, 30)}
    demorequests.amend_report(guarded, with_many)
    many = queries(engine_of, browser, url)
    assert one == many <= 12
    assert f"{before + 28} kiến nghị" in text_of(browser.get(url).text)


def test_the_page_of_the_report_says_where_each_request_stands(
    visitor, guarded, report, address, engine_of
):
    demorequests.take(guarded, DISTRICT, report, RequestStep.FORWARD, "Vượt thẩm quyền")
    for who, level in (("clerk", "commune"), (DISTRICT, "district")):
        browser, url = visitor(who), f"/{level}/documents/{report}"
        page = browser.get(url).text
        check_page(page)
        assert f'href="{address(level)}"' in page
        assert "Kiến nghị: Chờ trả lời (tỉnh Trà Vinh)" in text_of(page)
        assert "Kiến nghị: Chờ trả lời (huyện Trà Cú)" in text_of(page)
        assert queries(engine_of, browser, url) <= 12, who


def test_mail_leads_to_the_request(visitor, address, report, read, session):
    rows = read(select(OutboxMessage).where(OutboxMessage.kind == "request_up"))
    assert rows
    ours = {demorequests.request_of(session, report, key).id for key in ("r1", "r2")}
    told = [{one["request_id"] for one in row.data["requests"]} for row in rows]
    assert ours in told
