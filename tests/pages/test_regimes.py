"""Regimes and windows of reports, page by page: laid down, taken from the plan, opened, read."""

import html
import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.models import Document, Period, Programme, ReportRegime, ReportWindow
from lth.models.parts import Frequency
from lth.models.programme import PeriodUse
from lth.workflow.kinds import PLAN, REVIEW

pytestmark = pytest.mark.databases("sqlite")

KEEPER, URL = "district specialist", "/district/regimes"
OF_2021 = {"last": "2021-06-14"}


def words(answer) -> str:
    check_page(answer.text)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def said(read):
    """What the form is filled with."""
    (programme,) = read(select(Programme).where(Programme.code == "1336"))
    return {
        "name": "Báo cáo 6 tháng, năm về câu lạc bộ",
        "programme_id": programme.id,
        "frequency": "half_year",
        "basis": "decree",
        "commune_days": "2",
        "district_days": "5",
        "opens_before": "30",
        "content": "Kết quả thực hiện",
        "recipients": "Ủy ban nhân dân huyện",
        "source": "Công văn số 5/UBND",
        "boxes": "indicators",
    }


@pytest.fixture
def kept(read):
    return lambda: read(select(ReportRegime).order_by(ReportRegime.id))


@pytest.fixture
def regime(visitor, said, kept):
    """A regime of the district, laid down on its page."""
    before = {one.id for one in kept()}
    answer = visitor(KEEPER).confirm(f"{URL}/new", said)
    assert answer.status_code == 302, words(answer)
    (found,) = [one for one in kept() if one.id not in before]
    return found


def test_a_regime_is_looked_at_on_real_days_before_it_is_kept(visitor, said, kept):
    before, keeper = len(kept()), visitor(KEEPER)
    page = words(keeper.get(f"{URL}/new"))
    assert "Cấp xã: số ngày làm việc sau ngày chốt" in page
    assert "Cấp tỉnh: số ngày làm việc" not in page
    asked = words(keeper.post(f"{URL}/new", said))
    found = re.search(r"Số liệu 15/12/\d+ – 14/6/\d+ .{0,80}", asked)
    assert found and "Hạn gửi: cấp xã 1" in found[0], found
    assert "Tự mở trước ngày chốt số liệu 30 ngày" in asked
    assert len(kept()) == before
    assert keeper.post(f"{URL}/new", {**said, "look": "1"}).status_code == 200
    assert len(kept()) == before


def test_what_is_refused_comes_back_as_it_was_typed(visitor, said, kept):
    before = len(kept())
    answer = visitor(KEEPER).post(f"{URL}/new", {**said, "commune_days": "99"})
    assert answer.status_code == 422
    assert "Số ngày làm việc từ 0 đến 60." in words(answer)
    assert said["source"] in words(answer) or said["source"] in html.unescape(answer.text)
    assert len(kept()) == before


def test_a_commune_reads_what_binds_it_and_keeps_nothing(visitor, regime):
    clerk = visitor("clerk")
    page = words(clerk.get("/commune/regimes"))
    assert regime.name in page
    assert "Đặt chế độ báo cáo" not in page
    one = words(clerk.get(f"/commune/regimes/{regime.id}"))
    assert "Mở kỳ báo cáo" not in one
    assert "Chưa mở" in one
    assert clerk.get("/commune/regimes/new").status_code == 404
    assert visitor("two-tier clerk").get(f"/commune/regimes/{regime.id}").status_code == 404


@pytest.mark.parametrize(
    ("who", "code"), [("province specialist", 404), ("district finance", 403), ("observer", 403)]
)
def test_whoever_does_not_keep_a_regime_changes_nothing(visitor, regime, said, kept, who, code):
    level = "province" if "province" in who else "district"
    answer = visitor(who).post(f"/{level}/regimes/{regime.id}/end", {"seen": "1"})
    assert answer.status_code == code
    assert all(one.ended_on is None for one in kept())


def test_a_change_needs_the_version_that_was_seen(visitor, regime, said, kept):
    keeper, url = visitor(KEEPER), f"{URL}/{regime.id}/edit"
    assert 'name="seen"' in keeper.get(url).text
    answer = keeper.confirm(url, {**said, "seen": "1", "commune_days": "3"})
    assert answer.status_code == 302
    (now,) = [one for one in kept() if one.id == regime.id]
    assert (now.commune_days, now.version) == (3, 2)
    keeper.post(url, {**said, "seen": "1", "commune_days": "4", "confirmed": "1"})
    keeper.post(f"{URL}/{regime.id}/end", {"seen": "1"})
    (still,) = [one for one in kept() if one.id == regime.id]
    assert (still.commune_days, still.ended_on) == (3, None)


def test_a_regime_ends_and_says_so(visitor, regime, kept):
    keeper = visitor(KEEPER)
    keeper.post(f"{URL}/{regime.id}/end", {"seen": "1"})
    (now,) = [one for one in kept() if one.id == regime.id]
    assert now.ended_on is not None
    page = words(keeper.get(f"{URL}/{regime.id}?year=2021"))
    assert "Chế độ này đã kết thúc" in page
    assert "Mở kỳ báo cáo" not in page


@pytest.fixture
def untaken(visitor, kept):
    """The district has ended the yearly regime that it took from its plan."""
    keeper = visitor(KEEPER)
    for one in kept():
        if one.frequency is Frequency.YEARLY:
            keeper.post(f"{URL}/{one.id}/end", {"seen": one.version})
    return keeper


def test_the_plans_own_reporting_part_is_taken_over_with_one_click(visitor, untaken, kept):
    keeper = untaken
    page = keeper.get(URL).text
    assert "Theo Kế hoạch số" in page
    (line,) = re.findall(r'name="line" value="([^"]+)"', page)
    before = {one.id for one in kept()}
    assert keeper.post(f"{URL}/take", {"line": line}).status_code == 302
    (taken,) = [one for one in kept() if one.id not in before]
    assert taken.frequency is Frequency.YEARLY
    assert taken.source.startswith("Kế hoạch số ")
    assert f"{taken.document_id}:{taken.line_key}" == line
    assert 'name="line"' not in keeper.get(URL).text
    assert keeper.post(f"{URL}/take", {"line": line}).status_code == 404
    assert taken.source in words(keeper.get(f"{URL}/{taken.id}"))


def test_a_half_yearly_regime_leaves_nothing_of_a_yearly_line(visitor, untaken, regime):
    assert 'name="line"' not in visitor(KEEPER).get(URL).text


def test_a_window_is_opened_once_it_was_said_who_owes_it(visitor, regime, read):
    keeper, url = visitor(KEEPER), f"{URL}/{regime.id}/open"
    asked = words(keeper.post(url, OF_2021))
    assert "17 đơn vị phải gửi" in asked
    assert "Hạn gửi: " in asked
    assert "Báo cáo tổng hợp" not in asked
    assert read(select(ReportWindow).where(ReportWindow.regime_id == regime.id)) == []
    assert keeper.post(url, {**OF_2021, "confirmed": "1"}).status_code == 302
    (window,) = read(select(ReportWindow).where(ReportWindow.regime_id == regime.id))
    page = words(keeper.get(f"{URL}/windows"))
    assert "6 tháng đầu năm 2021" in page
    keeper.post(url, {**OF_2021, "confirmed": "1"})
    assert len(read(select(ReportWindow).where(ReportWindow.regime_id == regime.id))) == 1
    assert window.own_due_on.isoformat() == "2021-06-21"
    below = words(visitor("clerk").get("/commune/regimes/windows"))
    assert "6 tháng đầu năm 2021" in below
    assert regime.name in below


@pytest.mark.parametrize("last", ["2021-06-15", "2021-06-", "", "9999-99-99"])
def test_a_day_that_ends_no_window_opens_none(visitor, regime, last):
    answer = visitor(KEEPER).post(f"{URL}/{regime.id}/open", {"last": last, "confirmed": "1"})
    assert answer.status_code == 404


def test_a_year_without_a_plan_opens_nothing(visitor, regime, read):
    keeper = visitor(KEEPER)
    last = {"last": "2024-06-14", "confirmed": "1"}
    assert keeper.post(f"{URL}/{regime.id}/open", last).status_code == 302
    assert "Chưa đơn vị cấp dưới nào tham gia" in words(keeper.get(f"{URL}/{regime.id}"))
    assert read(select(ReportWindow).where(ReportWindow.regime_id == regime.id)) == []


def test_the_leader_keeps_regimes_too(visitor, regime):
    assert "Mở kỳ" in visitor("district leader").get(f"{URL}/{regime.id}").text


# --- Reviews ------------------------------------------------------------------------------


@pytest.fixture
def reviewing(visitor, said, kept):
    """The address of a regime of the district that asks for reviews."""
    phase = {**said, "name": "Sơ kết, tổng kết", "frequency": "phase", "opens_before": ""}
    answer = visitor(KEEPER).confirm(f"{URL}/new", phase)
    assert answer.status_code == 302, words(answer)
    return answer.location


def test_a_review_is_opened_for_some_years(visitor, reviewing, read):
    keeper, url = visitor(KEEPER), f"{reviewing}/review"
    assert "Mở đợt sơ kết, tổng kết" in words(keeper.get(reviewing))
    assert 'value="SK"' in keeper.get(url).text
    years = {"form": "TK", "first": "2021", "last": "2021"}
    asked = words(keeper.post(url, years))
    assert "17 đơn vị phải gửi" in asked
    assert "15/12/2020 – 14/12/2021" in asked
    assert keeper.post(url, {**years, "confirmed": "1"}).status_code == 302
    assert "Tổng kết năm 2021" in words(keeper.get(f"{URL}/windows"))
    (period,) = read(select(Period).where(Period.code == "TK-2021-2021"))
    assert period.use is PeriodUse.REVIEW


@pytest.mark.parametrize(
    ("first", "last"), [("2022", "2021"), ("1990", "2021"), ("2021", "20211"), ("", "2021")]
)
def test_years_that_cannot_be_those_of_a_review_come_back(visitor, reviewing, first, last):
    years = {"form": "SK", "first": first, "last": last, "confirmed": "1"}
    assert visitor(KEEPER).post(f"{reviewing}/review", years).status_code == 422


def test_a_regime_of_windows_opens_no_review(visitor, regime):
    assert visitor(KEEPER).get(f"{URL}/{regime.id}/review").status_code == 404


def test_a_review_is_written_and_stands_against_its_targets(visitor, reviewing, read, statements):
    years = {"form": "TK", "first": "2021", "last": "2021", "confirmed": "1"}
    assert visitor(KEEPER).post(f"{reviewing}/review", years).status_code == 302
    (period,) = read(select(Period).where(Period.code == "TK-2021-2021"))
    clerk = visitor("clerk")
    started = clerk.post(
        "/commune/documents/new", {"period": period.id, "kind": REVIEW, "source": "empty"}
    )
    assert started.status_code == 302, words(started)
    (document,) = read(select(Document).where(Document.period_id == period.id))
    for part in ("values", "review"):
        url = f"/commune/documents/{document.id}/{part}"
        clerk.get(url)
        statements.clear()
        answer = clerk.get(url)
        check_page(answer.text)
        assert len(statements) <= 12, statements
    page = words(clerk.get(f"/commune/documents/{document.id}/review"))
    assert "Kết quả so với mục tiêu" in page
    assert "so với kế hoạch năm 2021" in page
    neighbour = visitor("clerk of a returned plan")
    assert neighbour.get(f"/commune/documents/{document.id}/review").status_code == 404
    (plan,) = read(
        select(Document).where(Document.unit_id == document.unit_id, Document.kind == PLAN)
    )[:1]
    assert clerk.get(f"/commune/documents/{plan.id}/review").status_code == 404
