"""The work list and the inbox: filtered and sorted by address, and one act on many rows."""

import html
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.desk import bulk
from lth.core import clock
from lth.models import Document, Opinion, RoleAssignment, Unit, UnitSettings
from lth.models.document import ExtensionAnswer, Status
from lth.models.opinion import Aspect, Verdict
from lth.models.person import Credential, Role
from lth.workflow import revisions
from lth.workflow.acts import Act
from lth.workflow.table import FORWARD

from .conftest import PEOPLE

SENT = ("xã Tập Sơn", "xã Hàm Giang", "xã Hàm Tân")
"""Those whose plans wait to be opened, in the demo."""

SPECIALIST, LEADER = "district specialist", "district leader"
WORK, INBOX = "/district/work", "/district/inbox"
ROW = re.compile(r'<th scope="row">.*?<a href="([^"]*)">([^<]*)<', re.DOTALL)
TICK = re.compile(r'<input type="checkbox" name="document" value="(\d+):(\d+)"( checked)?>')


def rows(page: str) -> list[str]:
    """The units of a list in its order."""
    return [html.unescape(name).strip() for _, name in ROW.findall(page)]


def ticks(page: str) -> dict[int, str]:
    """The rows that can be ticked, as the form sends them, by id."""
    return {int(document): f"{document}:{version}" for document, version, _ in TICK.findall(page)}


def ticked(page: str) -> set[int]:
    return {int(document) for document, _, checked in TICK.findall(page) if checked}


def outcome(page: str) -> list[str]:
    """The results on top, a line each, as plain text."""
    found = re.search(r'<div class="notice[^>]*>.*?<ul>(.*?)</ul>', page, re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []
    return [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def acted(browser, address: str, act: Act | str, *references: str):
    """Press a button of a list; the page that the answer leads to."""
    answer = browser.confirm(address, {"act": str(act), "document": list(references)})
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"])


@pytest.fixture
def state(session):
    """Where a plan stands, whoever asks."""

    def read(document_id: int) -> Document:
        session.rollback()
        with system(session, Purpose.RECONCILE):
            document = session.get_one(Document, document_id)
            session.refresh(document)
            session.expunge(document)
        session.rollback()
        return document

    return read


@pytest.fixture
def arrange(session):
    """Change the demo behind everybody's back."""

    def change(work) -> None:
        session.rollback()
        with system(session, Purpose.LOAD):
            work(session)
        session.commit()

    return change


# --- What there is ------------------------------------------------------------------------


def test_the_list_says_what_waits_since_when_and_for_what(visitor):
    page = visitor(SPECIALIST).get(WORK).text
    check_page(page)
    assert "<h1>Việc chờ xử lý</h1>" in page
    assert {f"X{name[1:]}" for name in SENT} <= set(rows(page))
    assert "Tiếp nhận, mở thẩm định <b>3</b>" in page
    assert page.count("ngày làm việc") > len(SENT)


def test_a_filter_or_order_is_a_link_that_keeps_the_others(visitor):
    browser = visitor(SPECIALIST)
    page = browser.get(f"{WORK}?act=open&order=unit&page=1").text
    assert rows(page) == ["Xã Hàm Giang", "Xã Hàm Tân", "Xã Tập Sơn"]
    assert '<th scope="col" aria-sort="ascending"><a class="sort"' in page
    link = re.search(r'aria-sort="ascending"><a class="sort" href="([^"]*)"', page)[1]
    assert parse_qs(urlsplit(html.unescape(link)).query) == {"act": ["open"], "order": ["unit"]}
    assert '<input type="hidden" name="act" value="open">' in page
    assert '<option value="unit" selected>' in page
    late = browser.get(f"{WORK}?act=open&late=1").text
    assert rows(late) == []
    assert "Không có việc nào khớp" in late
    check_page(late)


@pytest.mark.parametrize(
    "address",
    [
        "?act=nothing",
        "?order=nothing",
        "?document=x",
        "?document=9-x",
        "?document=99999999999-plan",
        "?page=-1",
        "?page=x",
        "?late=x",
        "?result=x",
        "?endpoint=x",
        "?_external=1&_scheme=x",
        pytest.param("?page=" + "9" * 5000, id="endless page"),
        pytest.param("?document=" + "9" * 5000 + "-plan", id="endless document"),
    ],
)
def test_what_an_address_says_in_vain_is_left_out(visitor, address):
    browser = visitor(SPECIALIST)
    assert rows(browser.get(WORK + address).text) == rows(browser.get(WORK).text)


def test_a_search_for_more_than_any_name_finds_nothing(visitor):
    """SQLite refuses to look for a pattern of 50,000 bytes."""
    assert rows(visitor(SPECIALIST).get(f"{WORK}?text={'a' * 60_000}").text) == []


def test_a_search_without_marks_tells_the_two_dinh_an_apart(visitor):
    browser = visitor(SPECIALIST)
    page = browser.get(f"{INBOX}?text=dinh+an&order=unit").text
    assert rows(page) == ["Thị trấn Định An", "Xã Định An"]
    assert rows(browser.get(f"{INBOX}?text=%25").text) == []
    check_page(page)


def test_the_inbox_sorts_by_name_day_and_how_long(visitor):
    browser = visitor(SPECIALIST)
    by_name = rows(browser.get(f"{INBOX}?order=unit").text)
    names = [name.removeprefix("Thị trấn ").removeprefix("Xã ") for name in by_name]
    assert names.index("Đại An") < names.index("Định An") < names.index("Hàm Giang")
    assert len(names) == 17
    for order in ("waiting", "due", "state"):
        page = browser.get(f"{INBOX}?order={order}&state=approved").text
        assert set(rows(page)) < set(by_name)
        check_page(page)


def test_who_has_nothing_waiting_reads_what_that_means(visitor):
    page = visitor("clerk").get("/commune/work").text
    assert "Không có văn bản nào đến lượt anh/chị" in page
    check_page(page)


def test_who_may_open_it(visitor):
    assert visitor("observer").get("/commune/work").status_code == 403
    assert visitor("unit administrator").get("/commune/work").status_code == 403
    assert visitor("clerk").get(WORK).status_code == 404
    for page, expected in (("/commune/", False), ("/district/", True)):
        who = "observer" if page == "/commune/" else LEADER
        assert ("/work" in visitor(who).get(page).text) is expected


# --- One act on many ----------------------------------------------------------------------


def test_many_are_opened_at_once_each_with_its_result(visitor, document_of, state):
    browser = visitor(SPECIALIST)
    address = f"{WORK}?act=open&order=unit"
    before = browser.get(address).text
    documents = [document_of(name).id for name in SENT]
    assert set(ticks(before)) == set(documents)
    answer = browser.confirm(address, {"act": "open", "document": list(ticks(before).values())})
    assert answer.status_code == 303
    place = answer.headers["Location"]
    kept = parse_qs(urlsplit(place).query)
    assert (kept["act"], kept["order"]) == (["open"], ["unit"])
    page = browser.get(place).text
    check_page(page)
    assert "3 trên 3 văn bản: đã tiếp nhận, mở thẩm định" in page
    assert sorted(outcome(page)) == sorted(
        f"X{name[1:]} – Kế hoạch năm 2021: đã tiếp nhận, mở thẩm định" for name in SENT
    )
    assert [state(one).status for one in documents] == [Status.REVIEW] * 3
    versions = [state(one).lock_version for one in documents]
    assert outcome(browser.get(place).text) == outcome(page)
    assert [state(one).lock_version for one in documents] == versions
    assert "result=" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page))


def test_a_refused_row_says_why_is_linked_and_stays_ticked(visitor, document_of, state):
    """One that somebody else has opened meanwhile, one in another state, one of another branch."""
    browser, other = visitor(SPECIALIST), visitor(SPECIALIST)
    listed = ticks(browser.get(WORK).text)
    first, second, _ = (document_of(name).id for name in SENT)
    begged = next(document for document in listed if state(document).status is Status.RETURNED)
    foreign = document_of("xã Mỹ Cẩm").id
    acted(other, WORK, Act.OPEN, listed[first])
    page = acted(
        browser, WORK, Act.OPEN, listed[first], listed[second], listed[begged], f"{foreign}:1"
    ).text
    check_page(page)
    assert "1 trên 4 văn bản: đã tiếp nhận, mở thẩm định" in page
    found = outcome(page)
    assert any("Xã Tập Sơn" in line and "vừa cập nhật văn bản này" in line for line in found)
    assert any("Xã Tân Hiệp" in line and "Không thể “Tiếp nhận" in line for line in found)
    assert any("không còn trong phạm vi" in line for line in found)
    assert "Mỹ Cẩm" not in page
    assert f'href="/district/documents/{begged}"' in page.partition("<table")[0]
    assert ticked(page) == {begged}
    assert state(second).status is Status.REVIEW


def test_a_confirmation_counts_what_will_be_done_and_names_what_will_not(
    visitor, document_of, state
):
    """All rows are ticked together, whatever each waits for."""
    browser = visitor(SPECIALIST)
    listed = ticks(browser.get(WORK).text)
    begged = next(one for one in listed if state(one).status is Status.RETURNED)
    page = browser.post(WORK, {"act": "open", "document": list(listed.values())}).text
    check_page(page)
    assert f"<h1>Tiếp nhận, mở thẩm định: {len(listed) - 1} văn bản</h1>" in page
    before, _, after = page.partition("Sẽ không thực hiện")
    assert before.rindex("Xã Tân Hiệp") > max(before.rindex(f"X{name[1:]}") for name in SENT)
    assert "Sẽ không thực hiện" not in after
    page = browser.post(WORK, {"act": "open", "document": listed[begged]})
    assert page.status_code == 303
    page = browser.get(page.headers["Location"]).text
    assert "Không văn bản nào đã chọn đang chờ việc “Tiếp nhận, mở thẩm định”." in page
    assert ticked(page) == {begged}


@pytest.mark.parametrize("act", bulk.BULK)
def test_whatever_can_be_done_to_many_waits_on_somebody(act):
    """The lists know of each bulk act on whom it waits: a confirmation asks them."""
    assert act in FORWARD


def test_asked_for_time_is_granted_to_many_as_asked(visitor, state):
    browser = visitor(LEADER)
    listed = ticks(browser.get(f"{WORK}?act=grant_extension").text)
    ((document_id, reference),) = listed.items()
    asked = state(document_id).asked_until
    page = acted(browser, WORK, Act.GRANT_EXTENSION, reference).text
    assert "1 trên 1 văn bản: đã cho gia hạn" in page
    document = state(document_id)
    assert (document.asked_answer, document.extended_until) == (ExtensionAnswer.GRANTED, asked)
    assert "Không có việc nào đang chờ" not in page, "a proposal over a quota waits for the leader"
    assert "Có việc khác đang chờ anh/chị" in page


def test_approving_many_refuses_what_approving_one_refuses(visitor, document_of, arrange, state):
    """Opinions missing, one against it, one's own edits; the one that has everything is approved.

    The leader wrote Hàm Giang's plan, as its clerk.
    """
    listed = ticks(visitor(SPECIALIST).get(WORK).text)
    acted(visitor(SPECIALIST), WORK, Act.OPEN, *listed.values())
    names = ("xã Đại An", "xã Định An", "xã Hàm Giang", "xã Hàm Tân")
    _, against, edited, good = documents = [document_of(name) for name in names]
    verdicts = {against: Verdict.DISAGREE, edited: Verdict.AGREE, good: Verdict.AGREE}
    arrange(lambda session: appraise(session, documents, verdicts))
    leader = visitor("can-bo.ham-giang@lth.example")
    assert set(ticks(leader.get(f"{WORK}?act=approve").text)) == {
        document.id for document in verdicts
    }
    page = acted(
        leader, WORK, Act.APPROVE, *(reference(state(document.id)) for document in documents)
    ).text
    found = outcome(page)
    assert "1 trên 4 văn bản: đã phê duyệt" in page
    for name, why in (
        ("Đại An", "Còn thiếu ý kiến thẩm định bắt buộc: nội dung."),
        ("Định An", "Có 1 ý kiến chưa đồng ý"),
        ("Hàm Giang", "cần người khác duyệt"),
        ("Hàm Tân", "đã phê duyệt"),
    ):
        assert [name in line for line in found if why in line] == [True], (name, found)
    assert [
        document.id for document in documents if state(document.id).status is Status.APPROVED
    ] == [good.id]
    assert ticked(page) == {against.id, edited.id}


def appraise(
    session: Session, documents: list[Document], verdicts: dict[Document, Verdict]
) -> None:
    """Have the district require an opinion of each plan's content, and some given; make the clerk
    of Hàm Giang a leader of the district too.
    """
    district = session.get_one(Unit, documents[0].next_unit_id)
    session.get_one(UnitSettings, district.id).required_opinions = [Aspect.CONTENT.value]
    credentials = session.scalars(select(Credential)).all()
    person = {one.email: one.person_id for one in credentials}
    heads = {
        document: session.scalar(select(revisions.id_of(document, document.sent_number)))
        for document in documents
    }
    session.execute(delete(Opinion).where(Opinion.revision_id.in_(heads.values())))
    said = {"unit_id": district.id, "aspect": Aspect.CONTENT, "given_at": clock.now()}
    for document, verdict in verdicts.items():
        said |= {"revision_id": heads[document], "person_id": person[PEOPLE[SPECIALIST]]}
        session.add(Opinion(verdict=verdict, text="Đã xem phần kinh phí", **said))
    session.add(
        RoleAssignment(
            person_id=person["can-bo.ham-giang@lth.example"],
            unit_id=district.id,
            role=Role.LEADER,
            valid_from=date(2020, 1, 1),
            preferred=True,
        )
    )


def reference(document: Document) -> str:
    return f"{document.id}:{document.lock_version}"


def test_nothing_ticked_and_nothing_done(visitor):
    browser = visitor(SPECIALIST)
    page = acted(browser, f"{WORK}?order=unit", Act.OPEN)
    assert "Hãy chọn ít nhất một văn bản." in page.text
    assert page.request.path == WORK


@pytest.mark.parametrize(
    ("act", "document"),
    [
        ("return", "1:1"),
        ("issue", "1:1"),
        ("no", "1:1"),
        ("open", "1"),
        ("open", "x:y"),
        ("open", "99999999999:1"),
    ],
)
def test_what_no_button_sends_is_refused(visitor, act, document):
    answer = visitor(SPECIALIST).post(WORK, {"act": act, "document": document})
    assert answer.status_code == 400


@pytest.mark.parametrize("odd", ["endpoint=x", "_external=1&_scheme=javascript", "_anchor=x"])
def test_whatever_an_address_says_the_answer_leads_back_to_the_list(visitor, odd):
    answer = visitor(SPECIALIST).confirm(f"{WORK}?{odd}", {"act": "open", "document": "999:1"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{WORK}?{odd}&result=")


def test_at_most_a_hundred_at_once(visitor):
    many = [f"{number}:1" for number in range(1, 102)]
    assert visitor(SPECIALIST).post(WORK, {"act": "open", "document": many}).status_code == 400


def test_results_are_their_own_persons_and_for_a_quarter_of_an_hour(visitor):
    browser = visitor(SPECIALIST)
    listed = ticks(browser.get(WORK).text)
    answer = browser.confirm(WORK, {"act": "open", "document": list(listed.values())[:1]})
    place = answer.headers["Location"]
    assert outcome(browser.get(place).text)
    assert outcome(visitor(LEADER).get(place).text) == []
    forged = place.replace("result=", "result=x")
    assert outcome(browser.get(forged).text) == []
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=True):
        assert outcome(browser.get(place).text) == []


def test_without_javascript_a_link_ticks_the_whole_page(visitor):
    browser = visitor(SPECIALIST)
    page = browser.get(WORK).text
    assert ticked(page) == set()
    link = html.unescape(re.search(r'<noscript><p><a href="([^"]*)"', page)[1])
    page = browser.get(link).text
    assert ticked(page) == set(ticks(page)) != set()
    assert "ticked" not in re.search(r'<form method="post" action="([^"]*work[^"]*)"', page)[1]


def test_a_drafter_s_own_rows_are_done_one_by_one(visitor, document_of):
    """Their checks are to be looked at first, and a leader's number is one document's own."""
    synthesis = document_of("huyện Trà Cú", "synthesis").id
    page = visitor(SPECIALIST).get(WORK).text
    assert f"/district/documents/{synthesis}" in page
    assert synthesis not in ticks(page)


def test_a_leader_clears_and_sends_many(visitor, document_of, arrange, state):
    """What their own people have put before them."""
    document = document_of("xã Long Hiệp")

    def put_before(session) -> None:
        row = session.get_one(Document, document.id)
        row.status, row.cleared_from = Status.CLEARANCE, Status.DRAFT

    arrange(put_before)
    browser = visitor("lanh-dao.long-hiep@lth.example")
    listed = ticks(browser.get("/commune/work").text)
    page = acted(browser, "/commune/work", Act.SUBMIT, listed[document.id]).text
    check_page(page)
    assert outcome(page) == ["Xã Long Hiệp – Kế hoạch năm 2021: đã trình lên cấp trên"]
    assert state(document.id).status is Status.SUBMITTED


def test_the_inbox_does_the_same_and_keeps_its_round(visitor, document_of, state):
    browser = visitor(SPECIALIST)
    document = document_of("xã Tập Sơn")
    address = f"{INBOX}?period={document.period_id}&kind=plan&state=submitted&order=unit"
    listed = ticks(browser.get(address).text)
    page = acted(browser, address, Act.OPEN, listed[document.id])
    assert parse_qs(page.request.query_string.decode())["state"] == ["submitted"]
    assert "1 trên 1 văn bản: đã tiếp nhận" in page.text
    assert "Xã Tập Sơn" not in rows(page.text)
    assert state(document.id).status is Status.REVIEW
