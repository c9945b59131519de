"""The pages of visits: planned, made, what was found, said what was done, and who finds what."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from support import demovisits
from support.demovisits import WRONG
from support.pages import check_page

from lth.core import clock
from lth.core.vietnamese import format_date
from lth.models import FindingMove, Visit, VisitedClub, VisitFinding
from lth.models.visit import FindingStage, FindingStep

from .test_constant_queries import queries
from .test_desk import panel

DISTRICT, PROVINCE = "district specialist", "province specialist"
NEIGHBOUR = "can-bo.ngoc-bien@lth.example"
VALUE = re.compile(r'<input[^>]*name="clubs"[^>]*value="(\d+)"')


def day(distance: int) -> str:
    return format_date(clock.today() + timedelta(days=distance))


@pytest.fixture
def visit(guarded) -> int:
    return demovisits.plan_visit(guarded)


@pytest.fixture
def finding(guarded) -> int:
    return demovisits.pin_finding(guarded, demovisits.plan_visit(guarded, made=True))


def test_a_visit_is_planned_by_commune(visitor, visit, read):
    browser = visitor(DISTRICT)
    page = browser.get("/district/clubs/visits/new").text
    check_page(page)
    unit = re.search(r'<option value="(\d+)"[^>]*>Xã Tập Sơn', page)[1]
    url = f"/district/clubs/visits/new?unit={unit}"
    page = browser.get(url).text
    check_page(page)
    clubs = VALUE.findall(page)
    assert len(clubs) >= 2
    data = {"boxes": "clubs", "planned_on": day(5), "visitors": "Hội NCT", "purpose": ""}
    refused = browser.post(url, data)
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Chọn ít nhất một câu lạc bộ" in html.unescape(refused.text)
    strange = browser.post(url, {**data, "clubs": "999999"})
    assert strange.status_code == 422
    done = browser.post(url, {**data, "clubs": clubs[:1]})
    assert done.status_code == 302
    assert len(read(select(Visit))) == 2
    check_page(browser.get(done.headers["Location"]).text)


def test_a_commune_plans_for_its_own_clubs(visitor, visit, read):
    browser = visitor("clerk")
    page = browser.get("/commune/clubs/visits/new").text
    check_page(page)
    data = {"boxes": "clubs", "planned_on": day(5), "visitors": "Lãnh đạo xã", "purpose": ""}
    done = browser.post("/commune/clubs/visits/new", {**data, "clubs": VALUE.findall(page)})
    assert done.status_code == 302
    assert visitor(DISTRICT).get("/district/clubs/visits").text.count("Lãnh đạo xã") == 1


def test_units_out_of_sight_are_not_there(visitor, visit, id_of, session):
    browser = visitor(NEIGHBOUR)
    for address in (f"visits/{visit}", f"visits/{visit}/edit", f"visits/{visit}/done"):
        assert browser.get(f"/commune/clubs/{address}").status_code == 404
    assert visitor("two-tier province").get(f"/province/clubs/visits/{visit}").status_code == 404
    other = visitor("two-tier province").get("/province/clubs/visits/new?unit=1")
    assert other.status_code == 404


def test_who_sees_a_visit_and_who_may_write(visitor, visit):
    for who, level, writes in (
        (DISTRICT, "district", True),
        ("district finance", "district", False),
        ("clerk", "commune", False),
        ("observer", "commune", False),
        (PROVINCE, "province", False),
    ):
        browser = visitor(who)
        page = browser.get(f"/{level}/clubs/visits/{visit}")
        assert page.status_code == 200, who
        check_page(page.text)
        assert (f"visits/{visit}/edit" in page.text) is writes, who
        code = browser.get(f"/{level}/clubs/visits/{visit}/edit").status_code
        assert code == (200 if writes else 403 if "finance" in who or who == "observer" else 404)


def test_it_is_made_and_findings_are_pinned_once_confirmed(visitor, visit, read):
    browser, url = visitor(DISTRICT), f"/district/clubs/visits/{visit}"
    page = browser.get(f"{url}/done").text
    check_page(page)
    notes = dict.fromkeys(re.findall(r'name="(c\d+:text)"', page), "Sinh hoạt đều")
    assert len(notes) == 2
    late = browser.post(f"{url}/done", {"seen": "1", "done_on": day(2), **notes})
    assert late.status_code == 422
    check_page(late.text)
    assert "Sinh hoạt đều" in late.text
    assert browser.post(f"{url}/done", {"seen": "1", "done_on": day(0), **notes}).status_code == 302
    assert {one.note for one in read(select(VisitedClub))} == {"Sinh hoạt đều"}
    page = browser.get(url).text
    check_page(page)
    club = re.search(r'<select[^>]*name="club_id".*?<option[^>]*value="(\d+)"', page, re.S)[1]
    said = {"club_id": club, "text": WRONG, "mender": "club", "due_on": day(20)}
    asked = browser.post(f"{url}/findings", said)
    check_page(asked.text)
    assert "Lời đã ghi không sửa được" in html.unescape(asked.text)
    assert read(select(VisitFinding)) == []
    early = browser.post(f"{url}/findings", {**said, "due_on": day(-3)})
    assert early.status_code == 422
    assert WRONG in html.unescape(early.text)
    assert browser.post(f"{url}/findings", {**said, "confirmed": "1"}).status_code == 302
    assert [one.text for one in read(select(VisitFinding))] == [WRONG]


def test_the_commune_says_what_was_done_and_the_district_closes_it(visitor, finding, read):
    clerk, url = visitor("clerk"), f"/commune/clubs/findings/{finding}"
    page = clerk.get(url).text
    check_page(page)
    said = {"seen": "0", "step": "mend", "text": "Đã ghi bù", "done_on": day(0)}
    asked = clerk.post(url, said)
    check_page(asked.text)
    assert clerk.post(url, {**said, "confirmed": "1"}).status_code == 302
    district = visitor(DISTRICT)
    page = district.get(f"/district/clubs/findings/{finding}").text
    check_page(page)
    assert "Đã ghi bù" in page
    close = {"seen": "1", "step": "close", "text": "Đã xem sổ", "done_on": day(0), "due_on": ""}
    done = district.post(f"/district/clubs/findings/{finding}", {**close, "confirmed": "1"})
    assert done.status_code == 302
    assert [one.stage for one in read(select(VisitFinding))] == [FindingStage.CLOSED]


def test_who_may_not_is_refused(visitor, finding, visit, read):
    said = {"seen": "0", "step": "mend", "text": "Xong", "done_on": day(0), "confirmed": "1"}
    for who, level, code in (
        (NEIGHBOUR, "commune", 404),
        ("observer", "commune", 403),
        (PROVINCE, "province", 403),
        (DISTRICT, "district", 409),
    ):
        url = f"/{level}/clubs/findings/{finding}"
        more = {"due_on": ""} if who in {DISTRICT, PROVINCE} else {}
        assert visitor(who).post(url, {**said, **more}).status_code in {code, 422}, who
    assert read(select(FindingMove)) == []


def test_older_pages_change_nothing(visitor, guarded, visit, finding, read):
    browser, url = visitor(DISTRICT), f"/district/clubs/visits/{visit}"
    clubs = VALUE.findall(browser.get(f"{url}/edit").text)
    notes = {f"c{club}:text": "Ghi chú" for club in clubs}
    forms = {
        f"{url}/edit": {
            **{"boxes": "clubs", "clubs": clubs, "planned_on": day(9)},
            **{"visitors": "Người khác", "purpose": ""},
        },
        f"{url}/call-off": {"reason": "Bão"},
        f"{url}/done": {"done_on": day(0), **notes},
    }
    before = (visit, 1, "Phòng LĐ-TB&XH", None, None)
    for address, data in forms.items():
        for seen in ("7", "0", "abc", ""):
            answer = browser.post(address, {**data, "seen": seen})
            assert answer.status_code in {409, 422}, (address, seen)
            (one,) = read(select(Visit).where(Visit.id == visit))
            now = (one.id, one.version, one.visitors, one.done_on, one.called_off_at)
            assert now == before, (address, seen)
    step = {"step": "mend", "text": "Xong", "done_on": day(0), "confirmed": "1"}
    stale = visitor("clerk").post(f"/commune/clubs/findings/{finding}", {**step, "seen": "5"})
    assert stale.status_code == 409
    assert FindingStep.MEND not in read(select(FindingMove.step))
    assert browser.post(f"{url}/call-off", {"reason": "Bão", "seen": "1"}).status_code == 302


def test_the_desk_says_what_is_late(visitor, finding):
    for who, level in (("clerk", "commune"), (DISTRICT, "district")):
        page = visitor(who).get(f"/{level}/").text
        check_page(page)
        assert "1 tồn tại sau kiểm tra đã quá hạn khắc phục" in panel(page, "waiting"), who
        assert f'href="/{level}/clubs/findings"' in page
    assert "quá hạn khắc phục" not in visitor(PROVINCE).get("/province/").text


def test_lists_and_files(visitor, finding, visit):
    browser = visitor(DISTRICT)
    for address in ("visits", "findings"):
        for asked in ("", "?shown=done", "?shown=late", "?shown=planned", "?shown=nothing"):
            check_page(browser.get(f"/district/clubs/{address}{asked}").text)
        for kind in ("csv", "xlsx"):
            assert browser.get(f"/district/clubs/{address}?file={kind}").status_code == 200
    assert WRONG in browser.get("/district/clubs/findings?file=csv").get_data(as_text=True)
    assert WRONG not in html.unescape(browser.get("/district/clubs/findings?shown=closed").text)
    assert WRONG in html.unescape(browser.get("/district/clubs/findings?shown=late").text)


def test_a_clubs_page_tells_of_its_visits(visitor, finding, visit, read):
    (found,) = read(select(VisitFinding))
    for who, level in (("clerk", "commune"), (DISTRICT, "district"), (PROVINCE, "province")):
        page = visitor(who).get(f"/{level}/clubs/{found.club_id}/visits").text
        check_page(page)
        assert WRONG in html.unescape(page), who
        assert "Sinh hoạt đều" in page


def test_as_many_queries_however_many_visits(visitor, guarded, finding, engine_of):
    browser = visitor(DISTRICT)
    addresses = ("/district/clubs/visits", "/district/clubs/findings")
    one = [queries(engine_of, browser, address) for address in addresses]
    for _ in range(3):
        demovisits.pin_finding(guarded, demovisits.plan_visit(guarded, made=True))
    assert [queries(engine_of, browser, address) for address in addresses] == one
    assert max(one) <= 12
