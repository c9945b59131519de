"""Once a window of reports is open: no page puts a kind of document and a period together that do
not belong together, and what is about plans says nothing of it.
"""

import html
import re
from itertools import product

import pytest
from sqlalchemy import select
from support.pages import check_page
from support.visitors import walk

from lth.models import Deadline, Participation, Period, ReportWindow
from lth.models.kind import Kind
from lth.models.programme import PeriodUse
from lth.workflow.kinds import PLAN, REPORT, REPORT_SYNTHESIS, SYNTHESIS, in_vietnamese

pytestmark = pytest.mark.databases("sqlite")

PROVINCE = "quan-tri.tinh-tra-vinh@lth.example"
DISTRICT = "quan-tri.huyen-tra-cu@lth.example"
HALF = "6 tháng đầu năm 2021"


@pytest.fixture
def window(read) -> ReportWindow:
    """The demo's province asks for the first half of 2021."""
    statement = select(ReportWindow).join(Period, Period.id == ReportWindow.period_id)
    (found,) = read(statement.where(Period.code == "2021-6T"))
    return found


def wrong(periods: list[Period]) -> list[str]:
    """What no page may say: documents of a kind in a period that is for others."""
    found = {
        in_vietnamese(kind, period.code)
        for kind, period in product(Kind.all(), periods)
        if kind.use is not period.use
    }
    right = {
        in_vietnamese(kind, period.code)
        for kind, period in product(Kind.all(), periods)
        if kind.use is period.use
    }
    return sorted(found - right)


def test_what_the_walk_looks_for():
    said = wrong([Period(code="2021-6T", use=PeriodUse.REPORT), Period(code="2021", use="plan")])
    assert f"Kế hoạch {HALF}" in said
    assert "Báo cáo tổng hợp năm 2021" in said
    assert f"Báo cáo {HALF}" not in said


@pytest.mark.parametrize(
    "who",
    [PROVINCE, DISTRICT, "system administrator", "district specialist", "clerk", "leader"],
)
def test_no_page_puts_together_what_does_not_belong(visitor, window, read, who):
    bad = re.compile("|".join(re.escape(one) + r"\b" for one in wrong(read(select(Period)))))
    pages = 0
    for url, page in walk(visitor(who)):
        text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
        assert not bad.search(text), (url, bad.search(text))
        pages += 1
    assert pages > 10


def test_the_window_is_found_where_it_belongs(visitor, window):
    for who, url in (
        (PROVINCE, "/admin/participation"),
        (PROVINCE, "/admin/deadlines"),
        (PROVINCE, "/admin/deadlines/rounds"),
        (DISTRICT, "/admin/deadlines"),
        ("clerk", "/commune/regimes/windows"),
        ("district specialist", "/district/regimes/windows"),
    ):
        answer = visitor(who).get(url)
        check_page(answer.text)
        assert HALF in answer.text, (who, url)
    for who, url in (
        ("quan-tri.tinh-bac-ninh@lth.example", "/admin/participation"),
        ("quan-tri.tinh-bac-ninh@lth.example", "/admin/deadlines/rounds"),
        ("system administrator", "/admin/programmes"),
        ("district specialist", "/district/packs"),
    ):
        assert HALF not in visitor(who).get(url).text, (who, url)


def test_the_deadlines_of_a_window_are_of_its_kinds_alone(visitor, window):
    administrator = visitor(PROVINCE)
    page = administrator.get(f"/admin/deadlines/rounds/{window.period_id}").text
    assert set(re.findall(r'name="due_on_(\w+)"', page)) == {REPORT, REPORT_SYNTHESIS}
    plans = administrator.get(f"/admin/deadlines/rounds/{window.plan_period_id}").text
    assert set(re.findall(r'name="due_on_(\w+)"', plans)) == {PLAN, SYNTHESIS}


@pytest.mark.parametrize(("kind", "of_window"), [(PLAN, True), (REPORT, False)])
def test_a_deadline_of_another_kind_than_the_periods_is_refused(
    visitor, window, read, kind, of_window
):
    period_id = window.period_id if of_window else window.plan_period_id
    before = len(read(select(Deadline)))
    terms = {
        "period_id": period_id,
        "kind": kind,
        "unit_id": "",
        "due_on": "20/12/2026",
        "due_on-sure": "20/12/2026",
        "due_on-keep": "20/12/2026",
        "grace_days": "0",
        "last_correction_on": "",
    }
    answer = visitor(PROVINCE).post("/admin/deadlines/add", terms)
    assert answer.status_code == 422
    assert "Loại văn bản này không lập trong kỳ đã chọn." in answer.text
    assert len(read(select(Deadline))) == before


def test_another_provinces_window_is_not_there(visitor, window):
    stranger = visitor("quan-tri.tinh-bac-ninh@lth.example")
    for url in ("deadlines/rounds", "participation"):
        assert stranger.get(f"/admin/{url}/{window.period_id}").status_code == 404


def test_a_plans_draft_is_not_begun_in_a_window_nor_a_report_in_a_plans_period(visitor, window):
    clerk = visitor("clerk")
    for period_id, kind in ((window.period_id, PLAN), (window.plan_period_id, REPORT)):
        asked = f"period={period_id}&kind={kind}"
        assert clerk.get(f"/commune/documents/new?{asked}").status_code == 404
    asked = clerk.get(f"/commune/readings/new?period={window.period_id}")
    assert asked.status_code == 404


def test_a_window_is_no_period_of_the_programmes_to_change_or_to_take_away(visitor, window, read):
    root = visitor("system administrator")
    periods = "/admin/programmes/1336/periods"
    assert root.get(f"{periods}/{window.plan_period_id}").status_code == 200
    assert root.get(f"{periods}/{window.period_id}").status_code == 404
    text = root.get("/admin/programmes/1336/file").text
    assert "2021-6T" not in text
    answer = root.post("/admin/programmes/import", {"text": text})
    assert answer.status_code == 200
    assert "Bỏ đi" not in answer.text
    assert "2021-6T" not in answer.text
    clash = text.replace('[[period]]\ncode = "2021"', '[[period]]\ncode = "2021-6T"', 1)
    refused = root.post("/admin/programmes/import", {"text": clash})
    assert refused.status_code == 422
    assert read(select(Participation.unit_id).where(Participation.period_id == window.period_id))
