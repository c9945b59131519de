"""The pages on which quotas are split, followed, answered and settled."""

import html
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.quotas.views import read_value
from lth.models import Indicator, Phase, Quota, QuotaMove, Unit
from lth.models.programme import Measure

from .test_constant_queries import double, queries

LONG_HIEP = "can-bo.long-hiep@lth.example"


@pytest.fixture
def document_id(document_of) -> int:
    return document_of("huyện Trà Cú").id


@pytest.fixture
def quota(session: Session, document_id: int):
    """A quota of a commune by code, with its place and its last move."""

    def find(commune: str, code: str = "clubs_new") -> tuple[Quota, QuotaMove]:
        session.rollback()
        with system(session, Purpose.LOAD):
            row = session.execute(
                select(Quota, QuotaMove)
                .join(QuotaMove, QuotaMove.quota_id == Quota.id)
                .join(Unit, Unit.id == Quota.unit_id)
                .join(Indicator, Indicator.id == Quota.indicator_id)
                .where(
                    Quota.document_id == document_id, Unit.code == commune, Indicator.code == code
                )
                .order_by(QuotaMove.seq.desc())
                .limit(1)
            ).one()
            session.expunge_all()
        session.rollback()
        return row

    return find


@pytest.fixture
def place(session: Session, document_id: int):
    """A target as the pages name it: "71.2"."""

    def of(code: str) -> str:
        session.rollback()
        with system(session, Purpose.LOAD):
            found = session.execute(
                select(Quota.indicator_id, Quota.phase_id)
                .join(Indicator, Indicator.id == Quota.indicator_id)
                .join(Phase, Phase.id == Quota.phase_id)
                .where(Quota.document_id == document_id, Indicator.code == code)
                .limit(1)
            ).one()
        session.rollback()
        return f"{found[0]}.{found[1]}"

    return of


def fields(page: str) -> dict[str, str]:
    """Everything that the page's big form would send, buttons aside."""
    form = page[page.index('id="split-form"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, body in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        found[name] = re.search(r'value="(\w+)" selected', body)[1]
    return found


def row(page: str, name: str) -> str:
    """The row of a table that begins with a unit's name, as text."""
    body = re.search(rf"<tr[^>]*>\s*<th[^>]*>(?:<a[^>]*>)?{name}.*?</tr>", page, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- Splitting ----------------------------------------------------------------------------


def test_fifty_clubs_over_seventeen_communes(visitor, document_id, place):
    browser = visitor("district specialist")
    page = browser.get(
        f"/district/documents/{document_id}/quotas/split?line={place('clubs_new')}"
    ).text
    check_page(page)
    sent = fields(page)
    parts = [int(value) for name, value in sent.items() if ":u" in name]
    assert (len(parts), sum(parts), sorted(parts)[:2]) == (17, 50, [2, 3])
    assert "Cộng các đơn vị: 50" in page
    assert "vừa đủ so với kế hoạch" in page
    assert row(page, "Thị trấn Định An").startswith("Thị trấn Định An 540 1 2,94")


def test_every_rule_splits_exactly(visitor, document_id, place):
    browser, line = visitor("district specialist"), place("members_total")
    url = f"/district/documents/{document_id}/quotas/split"
    sent = fields(browser.get(f"{url}?line={line}").text)
    given = {**sent, f"{line}:rule": "older_population", f"{line}:total": "3.445", "split": line}
    given[f"{line}:floor"] = "100"
    answer = browser.post(url, given)
    assert answer.status_code == 200
    parts = [int(v.replace(".", "")) for name, v in fields(answer.text).items() if ":u" in name]
    assert sum(parts) == 3445
    assert min(parts) >= 100
    assert "3.445" in answer.text
    too_high = browser.post(url, {**given, f"{line}:floor": "1.000"})
    assert "vượt tổng giao 13.555" in html.unescape(too_high.text)
    check_page(too_high.text)


def test_parts_are_edited_added_up_and_handed_down(visitor, document_id, place, quota):
    browser, line = visitor("district leader"), place("clubs_new")
    url = f"/district/documents/{document_id}/quotas/split"
    sent = fields(browser.get(f"{url}?line={line}").text)
    unit = quota("29461")[0].unit_id
    more = {**sent, f"{line}:u{unit}": "5"}
    summed = browser.post(url, {**more, "do": "sum"}).text
    assert "Cộng các đơn vị: 52" in summed
    assert "thừa 2 so với tổng giao" in summed
    refused = browser.post(url, {**more, "do": "hand_down"})
    assert refused.status_code == 422
    assert "cộng lại thừa 2" in refused.text
    check_page(refused.text)
    assert quota("29461")[0].value == 3
    done = browser.confirm(url, {**more, f"{line}:total": "52", "do": "hand_down"})
    assert done.status_code == 302
    page = browser.get(done.headers["Location"]).text
    assert "Đã giao chỉ tiêu cho 4 đơn vị." in page  # three had not answered: a new day for them
    assert "thừa 2" in page
    now, last = quota("29461")
    assert (now.value, last.seq, last.move) == (5, 3, "hand_down")
    stale = browser.post(url, {**more, f"{line}:total": "52", "do": "hand_down"})
    assert stale.status_code == 409
    assert "vừa cập nhật chỉ tiêu giao cho thị trấn Trà Cú" in stale.text


def test_what_is_no_figure_comes_back_as_it_was_typed(visitor, document_id, place, quota):
    browser, line = visitor("district specialist"), place("clubs_new")
    url = f"/district/documents/{document_id}/quotas/split"
    sent = fields(browser.get(f"{url}?line={line}").text)
    unit = quota("29461")[0].unit_id
    wrong = {f"{line}:u{unit}": "ba", f"{line}:floor": "x", "reply_by": "mai", "do": "hand_down"}
    answer = browser.post(url, {**sent, **wrong})
    assert answer.status_code == 422
    check_page(answer.text)
    assert 'value="ba"' in answer.text
    assert "Hãy nhập ngày theo mẫu" in answer.text


def test_figures_that_a_rule_replaces_are_taken_back_by_one_press(
    visitor, document_id, place, quota
):
    browser, line = visitor("district specialist"), place("clubs_new")
    url = f"/district/documents/{document_id}/quotas/split"
    sent = fields(browser.get(f"{url}?line={line}").text)
    (held, last) = quota("29461")
    unit = held.unit_id
    typed = {**sent, f"{line}:u{unit}": "9", f"{line}:rule": "equal"}
    for harmless in ({"look": "1"}, {"look": "1", "do": "hand_down", "confirmed": "1"}, {}):
        assert fields(browser.post(url, {**typed, **harmless}).text)[f"{line}:u{unit}"] == "9"
    again = browser.post(url, {**typed, "split": line})
    check_page(again.text)
    split = fields(again.text)
    assert split[f"{line}:u{unit}"] != "9"
    assert "Số đã nhập vẫn được giữ" in again.text
    back = fields(browser.post(url, {**split, "restore": line}).text)
    assert back[f"{line}:u{unit}"] == "9"
    assert quota("29461")[1].seq == last.seq


def test_nobody_splits_anothers_plan(visitor, document_of, document_id):
    for who in ("province specialist", "province leader"):
        answer = visitor(who).get(f"/province/documents/{document_id}/quotas/split")
        assert answer.status_code == 403
    for who in ("district finance", "observer"):
        level = "commune" if who == "observer" else "district"
        answer = visitor(who).get(f"/{level}/documents/{document_id}/quotas/split")
        assert answer.status_code in {403, 404}
    synthesis = document_of("huyện Trà Cú", "synthesis").id
    for page in ("quotas", "quotas/split"):
        browser = visitor("district specialist")
        assert browser.get(f"/district/documents/{synthesis}/{page}").status_code == 404


def test_older_people_are_noted_for_a_split_by_them(visitor, document_id, place, quota):
    browser, line = visitor("district specialist"), place("clubs_new")
    unit = quota("29506")[0].unit_id
    url = f"/district/documents/{document_id}/quotas/older"
    page = browser.get(f"/district/documents/{document_id}/quotas/split?line={line}").text
    noted = dict(re.findall(r'name="(older:\d+(?::was)?)" value="([^"]*)"', page))
    assert len(noted) == 2 * 17
    assert noted[f"older:{unit}"] == "837"
    wrong = browser.post(url, {**noted, f"older:{unit}": "nhiều", "line": line})
    assert wrong.status_code == 422
    assert 'value="nhiều"' in wrong.text
    check_page(wrong.text)
    done = browser.post(url, {**noted, f"older:{unit}": "12.000", "line": line})
    assert done.status_code == 302
    page = browser.get(done.headers["Location"]).text
    assert row(page, "Xã Long Hiệp").startswith("Xã Long Hiệp 12.000")
    other = {name: value for name, value in noted.items() if str(unit) not in name}
    assert browser.post(url, {"line": line}).status_code == 302
    assert browser.post(url, {**other, f"older:{unit}:was": "837"}).status_code == 302
    stale = browser.post(url, {**noted, f"older:{unit}": "500", "line": line})
    assert stale.status_code == 409
    check_page(stale.text)
    assert 'value="500"' in stale.text
    assert "12.000" in stale.text
    page = browser.get(done.headers["Location"]).text
    assert row(page, "Xã Long Hiệp").startswith("Xã Long Hiệp 12.000")
    fresh = dict(re.findall(r'name="(older:\d+(?::was)?)" value="([^"]*)"', stale.text))
    assert fresh[f"older:{unit}:was"] == "12000"
    assert browser.post(url, {**fresh, "line": line}).status_code == 302


# --- Following, answering, settling -------------------------------------------------------


def test_the_board_shows_sums_gaps_and_who_asks(visitor, document_id):
    page = visitor("district specialist").get(f"/district/documents/{document_id}/quotas").text
    assert "1 đề nghị chờ" in page
    assert "Đã giao chỉ tiêu cho 17 đơn vị" in page
    assert row(page, "Câu lạc bộ thành lập mới").startswith(
        "Câu lạc bộ thành lập mới ít nhất 50 50 vừa đủ 49 thiếu 1 14 trên 17"
    )
    assert row(page, "Xã Long Hiệp").startswith("Xã Long Hiệp 3 2 −1 Có đề nghị khác sau hạn")
    asked = visitor("province specialist").get(
        f"/province/documents/{document_id}/quotas?state=proposed"
    )
    assert "Xã Long Hiệp" in asked.text
    assert "Xã Tập Sơn" not in asked.text
    assert "Giải quyết đề nghị" not in asked.text


def test_a_commune_asks_and_the_district_settles(visitor, document_id, quota):
    clerk, specialist = visitor(LONG_HIEP), visitor("district specialist")
    held, last = quota("29506")
    settle = f"/district/documents/{document_id}/quotas/{held.id}"
    refused = specialist.post(settle, {"move": "keep", "seen": last.seq, "reason": ""})
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Ghi rõ lý do" in refused.text
    other = {"move": "adjust", "seen": last.seq, "value": "bốn"}
    assert specialist.post(settle, other).status_code == 422
    odd = "state=proposed&endpoint=x"
    done = specialist.confirm(f"{settle}?{odd}&page=2", {"move": "grant", "seen": last.seq})
    assert done.status_code == 302
    assert done.headers["Location"] == f"/district/documents/{document_id}/quotas?{odd}"
    assert quota("29506")[0].value == 2
    again = specialist.post(settle, {"move": "grant", "seen": last.seq})
    assert again.status_code == 409
    page = clerk.get(f"/commune/documents/{document_id}/assigned").text
    assert "Đã chấp nhận đề nghị" in page
    assert "Chấp nhận đề nghị: 2" in page


def test_answers_are_refused_beside_their_line(visitor, document_id, quota):
    clerk = visitor(LONG_HIEP)
    held, last = quota("29506")
    url = f"/commune/documents/{document_id}/assigned"
    line = f"q{held.id}"
    sent = {f"{line}:reply": "counter", f"{line}:seen": last.seq, f"{line}:value": "3"}
    refused = clerk.post(url, sent)
    assert refused.status_code == 422
    check_page(refused.text)
    assert "đúng bằng số được giao" in refused.text
    assert "Ghi rõ lý do" in refused.text
    assert clerk.post(url, {}).status_code == 422
    stale = clerk.post(url, {f"{line}:reply": "accept", f"{line}:seen": 1})
    assert stale.status_code == 409
    check_page(stale.text)
    done = clerk.confirm(url, {f"{line}:reply": "accept", f"{line}:seen": last.seq})
    assert done.status_code == 302
    assert quota("29506")[1].move == "accept"


@pytest.mark.parametrize("typed", ["bốn", "0.625", "1,5", "1.23", "-3"])
def test_what_cannot_be_read_says_the_readers_own_reason_beside_each_field(
    visitor, document_id, quota, place, typed
):
    against = read_value(typed, Measure.COUNT)[1]
    held, last = quota("29506")
    clerk, specialist, line = visitor(LONG_HIEP), visitor("district specialist"), f"q{held.id}"
    answer = {f"{line}:reply": "counter", f"{line}:seen": last.seq, f"{line}:reason": "Ít người"}
    pages = {
        "answering": clerk.post(
            f"/commune/documents/{document_id}/assigned", {**answer, f"{line}:value": typed}
        ),
        "settling": specialist.post(
            f"/district/documents/{document_id}/quotas/{held.id}?line={place('clubs_new')}",
            {"move": "adjust", "seen": last.seq, "value": typed, "reason": "Ít người"},
        ),
        "older people": specialist.post(
            f"/district/documents/{document_id}/quotas/older", {f"older:{held.unit_id}": typed}
        ),
    }
    for name, page in pages.items():
        assert page.status_code == 422, name
        check_page(page.text)
        assert against in html.unescape(page.text), name
        assert f'value="{typed}"' in page.text, name


def test_everything_is_accepted_with_one_button(visitor, document_id, quota):
    clerk = visitor("clerk of a returned plan")
    url = f"/commune/documents/{document_id}/assigned"
    page = clerk.get(url).text
    seen = dict.fromkeys(re.findall(r'name="(q\d+:seen)"', page), "1")
    assert len(seen) == 3
    asked = clerk.post(url, {**seen, "do": "accept_all"})
    assert asked.text.count("Nhận ") >= 3
    assert quota("29503")[1].move == "hand_down"
    assert clerk.confirm(url, {**seen, "do": "accept_all"}).status_code == 302
    assert quota("29503")[1].move == "accept"


def test_what_enter_presses_among_assigned_quotas_gives_back_what_was_chosen(
    visitor, document_id, quota
):
    clerk = visitor(LONG_HIEP)
    held, last = quota("29506")
    url, line = f"/commune/documents/{document_id}/assigned", f"q{held.id}"
    sent = {f"{line}:reply": "counter", f"{line}:seen": last.seq, f"{line}:value": "2", "look": "1"}
    page = clerk.post(url, {**sent, "do": "accept_all", "confirmed": "1"})
    assert page.status_code == 200
    check_page(page.text)
    assert re.search(rf'name="{line}:value"[^>]* value="2"', page.text)
    assert quota("29506")[1].seq == last.seq


def test_settling_shows_first_what_the_unit_will_be_told(visitor, document_id, quota):
    specialist = visitor("district specialist")
    held, last = quota("29506")
    url = f"/district/documents/{document_id}/quotas/{held.id}"
    sent = {"seen": last.seq, "value": "4", "reason": "Theo số hộ"}
    unchosen = specialist.post(url, sent)
    assert unchosen.status_code == 422
    assert "Hãy chọn một cách giải quyết" in unchosen.text
    check_page(unchosen.text)
    looked = specialist.post(url, {**sent, "look": "1", "move": "grant", "confirmed": "1"})
    assert "Theo số hộ" in looked.text
    asked = html.unescape(specialist.post(url, {**sent, "move": "adjust"}).text)
    assert "Giao số khác: từ 3 thành 4; đơn vị đề nghị 2." in asked
    assert "Lý do: Theo số hộ" in asked
    assert quota("29506")[1].seq == last.seq
    assert specialist.confirm(url, {**sent, "move": "adjust"}).status_code == 302
    assert quota("29506")[0].value == 4


def test_the_desk_leads_to_what_waits(visitor, document_id):
    desk = visitor("district specialist").get("/district/").text
    assert "1 đề nghị điều chỉnh chỉ tiêu chờ giải quyết" in desk
    desk = visitor("clerk of a returned plan").get("/commune/").text
    assert "3 chỉ tiêu chờ trả lời" in desk
    assert f"/commune/documents/{document_id}/assigned" in desk


def test_the_drafting_page_says_where_the_talk_stands(visitor, document_of):
    draft = document_of("xã Long Hiệp").id
    page = visitor(LONG_HIEP).get(f"/commune/documents/{draft}/draft").text
    assert "Đã đề nghị 2, chờ ý kiến cấp trên" in page
    assert "Chỉ tiêu được giao" in page


def test_twice_the_communes_cost_no_query_more(
    session, visitor, engine_of, document_id, place, document_of, quota
):
    browser, clerk = visitor("district specialist"), visitor(LONG_HIEP)
    line, unit = place("clubs_new"), quota("29506")[0].unit_id
    pages = {
        f"/district/documents/{document_id}": browser,
        f"/district/documents/{document_id}/quotas": browser,
        f"/district/documents/{document_id}/quotas/split": browser,
        f"/district/documents/{document_id}/quotas/split?line={line}": browser,
        f"/district/documents/{document_id}/quotas/units/{unit}": browser,
        f"/commune/documents/{document_id}/assigned": clerk,
    }
    before = {page: queries(engine_of, who, page) for page, who in pages.items()}
    assert double(session, document_of("huyện Trà Cú").unit_id) == 17
    assert {page: queries(engine_of, who, page) for page, who in pages.items()} == before
    assert max(before.values()) <= 12, before
