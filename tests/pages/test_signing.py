"""What a signer sees before signing: dissent and missing units first, then what matters."""

import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.models import Opinion
from lth.models.opinion import Verdict
from lth.workflow.kinds import SYNTHESIS

DOZEN = 12
AGAINST = "Kinh phí vượt dự toán đã giao"


@pytest.fixture
def reviewed(document_of):
    """A plan under review, which finance has still to speak about."""
    return document_of("xã Đại An")


def give(visitor, who, document, verdict, text=""):
    """Give an opinion from its page."""
    address = f"/district/documents/{document.id}/acts/give_opinion"
    browser = visitor(who)
    data = {"seen": _seen(browser.get(address).text), "verdict": verdict, "reason": text}
    answer = browser.post(address, data)
    assert answer.status_code == 302, answer.text


def _seen(page: str) -> str:
    return re.search(r'name="seen"[^>]*value="(\d+)"', page)[1]


def test_dissent_stands_first_and_wants_a_word(visitor, reviewed, statements):
    give(visitor, "district finance", reviewed, "disagree", AGAINST)
    give(visitor, "district format", reviewed, "agree")
    leader = visitor("district leader")
    address = f"/district/documents/{reviewed.id}"
    statements.clear()
    page = leader.get(address).text
    assert len(statements) <= DOZEN
    assert page.index(AGAINST) < page.index('class="strip"') < page.index("/acts/approve")
    statements.clear()
    page = leader.get(f"{address}/acts/approve").text
    check_page(page)
    assert len(statements) <= DOZEN, "\n".join(statements)
    assert page.index("1 ý kiến chưa đồng ý") < page.index(AGAINST) < page.index('id="brief"')
    assert page.index('id="brief"') < page.index('id="confirm"')
    assert "(bắt buộc)" in page
    assert "(không bắt buộc)" not in page
    for shown in ("Câu lạc bộ thành lập mới", "3, được giao 3", "Kinh phí", "ý kiến đồng ý"):
        assert shown in page
    seen = _seen(page)
    refused = leader.post(f"{address}/acts/approve", {"seen": seen, "reason": ""})
    assert refused.status_code == 422
    assert "lãnh đạo cần ghi lý do của mình" in refused.text
    done = leader.post(f"{address}/acts/approve", {"seen": seen, "reason": "Đã cân đối nguồn"})
    assert done.status_code == 302


def test_agreement_alone_wants_no_word(visitor, reviewed):
    give(visitor, "district finance", reviewed, "agree")
    page = visitor("district leader").get(f"/district/documents/{reviewed.id}/acts/approve").text
    assert "chưa đồng ý" not in page
    assert "(không bắt buộc)" in page


def test_missing_units_are_told_wherever_the_synthesis_is_shown(visitor, document_of, statements):
    document = document_of("huyện Trà Cú", SYNTHESIS)
    browser = visitor("district specialist")
    address = f"/district/documents/{document.id}"
    for path in ("", "/draft", "/synthesis", "/acts/send_for_clearance"):
        statements.clear()
        page = browser.get(address + path).text
        check_page(page)
        assert len(statements) <= DOZEN, "\n".join(statements)
        assert "Mới có 7 trên 17 xã" in page, path
        assert "2 bị trả lại" in page, path
        assert "Đã đủ để trình" not in page
    assert "Câu lạc bộ thành lập mới: 30 CLB" in page
    assert "Lý do còn thiếu đơn vị" in page
    assert "(bắt buộc)" in page


def test_a_reason_that_is_wanting_is_refused_beside_its_field(visitor, document_of):
    document = document_of("huyện Trà Cú", SYNTHESIS)
    browser = visitor("district specialist")
    address = f"/district/documents/{document.id}/acts/send_for_clearance"
    refused = browser.post(address, {"seen": _seen(browser.get(address).text), "reason": ""})
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text


@pytest.mark.parametrize(
    ("who", "unit", "act"),
    [
        ("clerk of a returned plan", "xã Ngọc Biên", "send_for_clearance"),
        ("district specialist", "xã Đại An", "return"),
        ("district leader", "xã Đại An", "return"),
        ("district finance", "xã Đại An", "give_opinion"),
    ],
)
def test_a_confirmation_costs_a_dozen_queries_at_most(
    visitor, document_of, statements, who, unit, act
):
    level = "commune" if who.startswith("clerk") else "district"
    browser = visitor(who)
    statements.clear()
    page = browser.get(f"/{level}/documents/{document_of(unit).id}/acts/{act}").text
    check_page(page)
    assert len(statements) <= DOZEN + 2, "\n".join(statements)  # two are the test's own
    assert 'id="brief"' in page


# --- Many at once -------------------------------------------------------------------------


def _tick(page: str, document) -> str:
    """The row of a document as the form of a list sends it."""
    return re.search(rf'name="document" value="({document.id}:\d+)"', page)[1]


def test_many_are_confirmed_with_what_is_signed_of_each(visitor, document_of, reviewed, statements):
    other = document_of("xã Định An")
    give(visitor, "district finance", reviewed, "disagree", AGAINST)
    give(visitor, "district format", reviewed, "agree")
    give(visitor, "district format", other, "agree")
    leader = visitor("district leader")
    listed = leader.get("/district/work").text
    ticks = [_tick(listed, one) for one in (reviewed, other)]
    asked = {"act": "approve", "document": ticks}
    leader.token()
    statements.clear()
    page = leader.post("/district/work", asked).text
    check_page(page)
    assert len(statements) <= DOZEN, "\n".join(statements)
    assert page.count("được giao 3") == 2
    assert page.index("Cần ghi lý do") < page.index(AGAINST)
    assert page.count("Cần ghi lý do") == 1
    answer = leader.confirm("/district/work", asked)
    page = leader.get(answer.headers["Location"]).text
    assert "lãnh đạo cần ghi lý do của mình" in page
    assert f"/district/documents/{reviewed.id}" in page
    statuses = [document_of(name).status.value for name in ("xã Đại An", "xã Định An")]
    assert statuses == ["review", "approved"]


def test_opening_many_shows_no_figures(visitor, document_of):
    """Nothing is signed by it."""
    browser = visitor("district specialist")
    listed = browser.get("/district/work?act=open").text
    ticks = re.findall(r'name="document" value="(\d+:\d+)"', listed)
    page = browser.post("/district/work", {"act": "open", "document": ticks}).text
    assert "được giao" not in page


def test_what_cannot_be_sent_yet_leads_to_where_it_is_mended(visitor, document_of):
    """The draft where something is missing in it, and the table where units are."""
    document = document_of("huyện Trà Cú", SYNTHESIS)
    address = f"/district/documents/{document.id}"
    page = visitor("district specialist").get(f"{address}/acts/send_for_clearance").text
    check_page(page)
    main = page[page.index("<main") :]
    assert main.index("chưa có nội dung") < main.index(f'href="{address}/draft#gaps"')
    assert main.index("Còn thiếu:") < main.index(f'href="{address}/synthesis"')


def test_an_opinion_keeps_its_text_where_none_is_sent(visitor, reviewed, read):
    give(visitor, "district finance", reviewed, "disagree", AGAINST)
    address = f"/district/documents/{reviewed.id}/acts/give_opinion"
    browser, said = visitor("district finance"), select(Opinion).where(Opinion.text == AGAINST)

    def send(**fields):
        seen = _seen(browser.get(address).text)
        answer = browser.post(address, {"seen": seen, "verdict": "agree", **fields})
        assert answer.status_code == 302, answer.text

    send()
    (kept,) = read(said)
    assert kept.verdict is Verdict.AGREE
    send(reason="")
    assert read(said) == []
