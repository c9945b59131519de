"""Ký thay, ủy quyền, page by page: recorded, worked under, ended; and what one's page says then."""

import html
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.models import Delegation, Event, RoleAssignment
from lth.models.person import Role

LEADER, ADMIN = "district leader", "quan-tri.huyen-tra-cu@lth.example"
SPECIALIST = "chuyen-vien.huyen-tra-cu@lth.example"
FINANCE = "kinh-phi.huyen-tra-cu@lth.example"
HEAD = "Lãnh đạo UBND huyện Trà Cú"
URL = "/district/delegations"
TAG = re.compile(r"<[^>]+>|\s+")
DOZEN = 12

pytestmark = pytest.mark.databases("sqlite")


def words(answer) -> str:
    """What a page says, in one line."""
    return html.unescape(re.sub(r"\s+", " ", TAG.sub(" ", answer.text)))


def shown(day) -> str:
    return f"{day:%d/%m/%Y}"


@pytest.fixture
def write(session):
    """Add a row behind everybody's back."""

    def add(row) -> None:
        with system(session, Purpose.LOAD):
            session.add(row)
            session.commit()

    return add


@pytest.fixture
def paper(id_of):
    """What the form is filled with: KT. of everything, for a week from today."""

    def filled(receiver: str = FINANCE, **said) -> dict:
        today = clock.today()
        return {
            "receiver": id_of(receiver),
            "sign_form": "KT",
            "subject": "all",
            "programme_id": "",
            "number": "12/QĐ-UBND",
            "decided_on": shown(today),
            "starts_on": shown(today),
            "ends_on": shown(today + timedelta(days=6)),
            "confirmed": "1",
            **said,
        }

    return filled


@pytest.fixture
def kept(read):
    return lambda: read(select(Delegation).order_by(Delegation.id))


@pytest.fixture
def deputy(visitor, paper, read):
    """A browser of the one who signs for the district's leader, in that role."""

    def enter(receiver: str = FINANCE, **said):
        answer = visitor(LEADER).post(f"{URL}/new", paper(receiver, **said))
        assert answer.status_code == 302, words(answer)
        browser = visitor(receiver)
        (role_id,) = read(
            select(RoleAssignment.id).where(RoleAssignment.delegation_id.is_not(None))
        )
        assert browser.post("/account/role", {"role": role_id}).status_code == 302
        return browser

    return enter


# --- The list and the form ----------------------------------------------------------------


def test_a_leader_records_a_decision_and_sees_it_in_the_list(visitor, paper, kept, id_of):
    browser = visitor(LEADER)
    empty = browser.get(URL)
    check_page(empty.text)
    assert "Chưa có quyết định nào" in empty.text
    form = browser.get(f"{URL}/new")
    check_page(form.text)
    assert 'name="giver"' not in form.text
    assert browser.post(f"{URL}/new", paper()).status_code == 302
    listed = browser.get(URL)
    check_page(listed.text)
    assert "Đang có hiệu lực" in listed.text
    assert "QĐ số 12/QĐ-UBND" in words(listed)
    (one,) = kept()
    assert one.receiver_id == id_of(FINANCE)


def test_an_administrator_chooses_the_leader(visitor, paper, kept):
    browser = visitor(ADMIN)
    page = browser.get(f"{URL}/new")
    check_page(page.text)
    givers = re.search(r'<select[^>]*name="giver".*?</select>', page.text, re.S)[0]
    (role_id,) = re.findall(r'<option value="(\d+)">', givers)
    assert browser.post(f"{URL}/new", paper(giver=role_id)).status_code == 302
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"number": "mười hai"}, "viết như 793/QĐ-UBND"),
        ({"ends_on": "01/01/2020"}, "Ngày cuối không được trước ngày bắt đầu"),
        ({"ends_on": "hôm sau"}, "Hãy nhập ngày theo mẫu"),
        ({"ends_on": "31/12/9999"}, "Hãy nhập ngày theo mẫu"),
        ({"sign_form": ""}, "Hãy chọn hình thức"),
        ({"sign_form": "TM"}, "Hãy chọn một mục trong danh sách"),
        ({"receiver": ""}, "Hãy chọn người được giao ký"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    visitor, paper, kept, said, told
):
    answer = visitor(LEADER).post(f"{URL}/new", paper() | said)
    assert answer.status_code == 422
    check_page(answer.text)
    assert words(answer).count(told) == 2  # on top and beside
    assert shown(clock.today()) in answer.text
    assert kept() == []


def test_the_same_twice_is_refused_in_words(visitor, paper):
    browser = visitor(LEADER)
    assert browser.post(f"{URL}/new", paper()).status_code == 302
    answer = browser.post(f"{URL}/new", paper())
    assert answer.status_code == 422
    assert "Hai người này đã có một quyết định" in words(answer)


def test_an_end_asks_first_and_is_done_at_once(visitor, paper, kept):
    browser = visitor(LEADER)
    browser.post(f"{URL}/new", paper())
    (one,) = kept()
    assert "Đồng ý: Kết thúc" in browser.get(URL).text
    assert browser.post(f"{URL}/{one.id}/end").status_code == 302
    listed = browser.get(URL)
    check_page(listed.text)
    assert "Đã hết hiệu lực" in listed.text
    assert "Kết thúc sớm lúc" in listed.text
    assert "Đồng ý: Kết thúc" not in listed.text
    assert kept()[0].ended_at is not None


def test_ending_twice_says_so(visitor, paper, kept):
    browser = visitor(LEADER)
    browser.post(f"{URL}/new", paper())
    url = f"{URL}/{kept()[0].id}/end"
    browser.post(url)
    browser.post(url)
    assert "Quyết định này đã hết hiệu lực." in browser.get(URL).text


@pytest.mark.parametrize("who", ["province leader", "leader"])
def test_other_units_neither_see_nor_end_it(visitor, paper, kept, who):
    visitor(LEADER).post(f"{URL}/new", paper())
    browser = visitor(who)
    level = "province" if who == "province leader" else "commune"
    assert "Chưa có quyết định nào" in browser.get(f"/{level}/delegations").text
    assert browser.get(URL).status_code == 404
    (one,) = kept()
    assert browser.post(f"/{level}/delegations/{one.id}/end").status_code == 404
    assert browser.post(f"{URL}/{one.id}/end").status_code == 404
    assert kept()[0].ended_at is None


@pytest.mark.parametrize("who", ["district specialist", "district finance"])
def test_nobody_else_opens_the_list(visitor, who):
    assert visitor(who).get(URL).status_code == 403


def test_the_list_costs_the_same_however_long_it_is(visitor, paper, statements):
    browser, counts = visitor(LEADER), []
    for subject in ("own", "below"):
        browser.post(f"{URL}/new", paper(subject=subject))
        browser.post(f"{URL}/new", paper(SPECIALIST, subject=subject))
        browser.get(URL)  # the flash is said
        statements.clear()
        browser.get(URL)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= DOZEN


# --- Working under it ---------------------------------------------------------------------


def test_every_page_says_for_whom_one_signs_and_the_desk_by_which_decision(deputy):
    browser = deputy()
    last = f"{clock.today() + timedelta(days=6):%d/%-m/%Y}"
    desk = browser.get("/district/")
    check_page(desk.text)
    assert f"Anh/chị đang ký thay {HEAD} theo QĐ số 12/QĐ-UBND" in words(desk)
    for address in ("/district/", "/district/inbox", "/district/documents", "/notices", "/account"):
        page = words(browser.get(address))
        assert f"Lãnh đạo (ký thay {HEAD}" in page, address
        assert last in page.replace("/0", "/"), address


def test_the_power_is_not_passed_on(deputy, paper, kept):
    browser = deputy()
    assert "không được giao lại" in browser.get(f"{URL}/new").text
    assert "Ghi quyết định" not in words(browser.get(URL)).replace("Ghi quyết định giao", "")
    answer = browser.post(f"{URL}/new", paper(SPECIALIST))
    assert answer.status_code == 422
    assert len(kept()) == 1


BOTH = pytest.mark.databases("sqlite", "postgres")


@BOTH
def test_whoever_signs_leaves_the_block_of_the_decree_on_the_page(
    visitor, paper, read, write, id_of, document_of
):
    """Of xã Tân Sơn's approved plan, by authorisation, by somebody who has not drafted it."""
    document = document_of("xã Tân Sơn")
    post = {"unit_id": document.unit_id, "role": Role.SPECIALIST, "valid_from": clock.today()}
    write(RoleAssignment(person_id=id_of(FINANCE), **post))
    said = paper(sign_form="TUQ", number="05/GUQ-UBND")
    leader = visitor("lanh-dao.tan-son@lth.example")
    assert leader.post("/commune/delegations/new", said).status_code == 302
    browser = visitor(FINANCE)
    lent = RoleAssignment.delegation_id.is_not(None)
    (role_id,) = read(select(RoleAssignment.id).where(lent))
    browser.post("/account/role", {"role": role_id})
    url = f"/commune/documents/{document.id}"
    form = browser.get(f"{url}/acts/issue").text
    check_page(form)
    offered = re.search(r'<select[^>]*name="sign_form".*?</select>', form, re.S)[0]
    assert re.findall(r'<option[^>]*value="(\w+)"', offered) == ["TUQ"]
    signed = {
        "seen": re.search(r'name="seen"[^>]*value="(\d+)"', form)[1],
        "document_number": "31/KH-UBND",
        "document_date": shown(clock.today()),
    }
    wrong = browser.post(f"{url}/acts/issue", {**signed, "sign_form": "TM_KT"})
    assert wrong.status_code == 422
    issued = browser.post(f"{url}/acts/issue", {**signed, "sign_form": "TUQ"})
    assert issued.status_code == 302, words(issued)
    page = browser.get(url)
    check_page(page.text)
    assert "TUQ. CHỦ TỊCH" in page.text
    told = "ký thừa ủy quyền của Lãnh đạo UBND xã Tân Sơn theo văn bản số 05/GUQ-UBND"
    assert told in words(page)


@BOTH
def test_an_act_is_told_with_both_names(deputy, document_of, read):
    """The finance appraiser reopens for the leader what was approved."""
    document = document_of("xã Tân Sơn")
    browser = deputy()
    url = f"/district/documents/{document.id}"
    form = browser.get(f"{url}/acts/reopen")
    assert form.status_code == 200, words(form)
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', form.text)[1]
    answer = browser.post(f"{url}/acts/reopen", {"seen": seen, "reason": "Xem lại số nữ"})
    assert answer.status_code == 302, words(answer)
    told = words(browser.get(url))
    assert f"ký thay {HEAD} theo QĐ số 12/QĐ-UBND ngày" in told
    last = read(select(Event).where(Event.document_id == document.id).order_by(Event.seq))[-1]
    assert last.data["on_behalf"]["giver"] == HEAD


# --- When it is over ----------------------------------------------------------------------


def midnight_after(days: int) -> datetime:
    """00:00 in Viet Nam, so many days after today."""
    day = clock.today() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=clock.TIMEZONE)


def test_the_day_after_the_page_says_that_it_is_over(deputy):
    midnight = midnight_after(1)
    with clock.frozen(midnight - timedelta(minutes=1)):
        browser = deputy(ends_on=shown(clock.today()))
        assert "Anh/chị đang ký thay" in words(browser.get("/district/"))
    with clock.frozen(midnight + timedelta(minutes=1)):
        first = words(browser.get("/district/"))
        assert f"Việc ký thay {HEAD} theo QĐ số 12/QĐ-UBND" in first
        assert "đã kết thúc" in first
        assert "Từ giờ anh/chị làm việc với vai trò “Thẩm định kinh phí”" in first
        assert "Từ giờ anh/chị làm việc" not in words(browser.get("/district/"))


def test_what_is_sent_under_a_role_that_is_over_does_nothing(deputy, visitor, kept, document_of):
    document = document_of("xã Tân Sơn")
    browser = deputy()
    page = browser.get(f"/district/documents/{document.id}/acts/reopen")
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page.text)[1]
    token = browser.token()
    visitor(LEADER).post(f"{URL}/{kept()[0].id}/end")
    said = {"seen": seen, "reason": "Xem lại", "csrf_token": token}
    answer = browser.client.post(f"/district/documents/{document.id}/acts/reopen", data=said)
    assert answer.status_code == 409
    assert "Việc vừa gửi chưa được thực hiện" in words(answer)
    assert document_of("xã Tân Sơn").status == document.status
    assert browser.get("/district/").status_code == 200


def test_signing_out_and_choosing_another_role_go_on_as_ever(deputy, visitor, kept, read, id_of):
    browser = deputy()
    own = select(RoleAssignment.id).where(
        RoleAssignment.person_id == id_of(FINANCE), RoleAssignment.delegation_id.is_(None)
    )
    (role_id,) = read(own)
    token = browser.token()
    visitor(LEADER).post(f"{URL}/{kept()[0].id}/end")
    chosen = browser.client.post("/account/role", data={"role": role_id, "csrf_token": token})
    assert chosen.status_code == 302
    assert browser.post("/sign-out").status_code == 302


def test_whoever_never_chose_is_in_a_role_of_their_own(visitor, paper):
    visitor(LEADER).post(f"{URL}/new", paper())
    desk = visitor(FINANCE).get("/district/")
    assert "Thẩm định kinh phí" in words(desk)
    assert "Anh/chị đang ký thay" not in words(desk)


# --- Where else it shows ------------------------------------------------------------------


def test_among_the_people_a_lent_role_is_shown_as_such_and_not_ended_there(
    visitor, paper, kept, read, id_of
):
    visitor(LEADER).post(f"{URL}/new", paper())
    browser = visitor(ADMIN)
    person_id = id_of(FINANCE)
    page = browser.get(f"/admin/people/{person_id}")
    check_page(page.text)
    assert f"Lãnh đạo (ký thay {HEAD})" in words(page)
    lent = RoleAssignment.delegation_id == kept()[0].id
    (role_id,) = read(select(RoleAssignment.id).where(lent))
    address = f"/admin/people/{person_id}/roles/{role_id}/end"
    assert address not in page.text
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"seen": "x"}).status_code in {302, 404}
    (until,) = read(select(RoleAssignment.valid_to).where(lent))
    assert until > clock.today()


def test_the_trail_of_the_unit_tells_it(visitor, paper):
    visitor(LEADER).post(f"{URL}/new", paper())
    trail = visitor(ADMIN).get("/admin/trail")
    check_page(trail.text)
    assert "Giao ký thay" in trail.text
    assert "12/QĐ-UBND" in trail.text


def test_both_find_their_letters_among_the_mail(visitor, paper):
    visitor(LEADER).post(f"{URL}/new", paper())
    assert "Đã giao ký" in visitor(LEADER).get("/notices").text
    assert f"Anh/chị được giao ký: ký thay {HEAD}" in visitor(FINANCE).get("/notices").text


# --- Confirmed first ----------------------------------------------------------------------


def test_a_decision_is_shown_before_it_is_recorded(visitor, paper, kept):
    browser, sent = visitor(LEADER), paper()
    del sent["confirmed"]
    looked = browser.post(f"{URL}/new", {**sent, "look": "1"})
    assert looked.status_code == 200
    assert 'value="12/QĐ-UBND"' in looked.text
    asked = browser.post(f"{URL}/new", sent)
    check_page(asked.text)
    assert "KT. – ký thay" in words(asked)
    assert "12/QĐ-UBND" in words(asked)
    assert kept() == []
    refused = browser.post(f"{URL}/new", {**sent, "number": ""})
    assert refused.status_code == 422
    assert browser.confirm(f"{URL}/new", sent).status_code == 302
    assert len(kept()) == 1
