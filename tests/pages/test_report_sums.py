"""A district's and a province's report that add others up, from the pages down to the clubs."""

import html
import re

import pytest
from reporting.reporttree import NIL, NOT_APPLICABLE, Done
from sqlalchemy import select
from support.clubworld import found, keep
from support.demoreports import DemoReports
from support.pages import check_page
from support.visitors import Visitor

from lth.access.scope import Purpose, system
from lth.core.vietnamese import capitalize_first
from lth.models import ReportItem
from lth.models.report import ReportItemKind

from .test_constant_queries import queries

pytestmark = pytest.mark.databases("sqlite")

HEADLINE = {"members_total": 50, "loans_members": 10, "clubs_new": Done(1, 2)}


@pytest.fixture
def reports(session) -> DemoReports:
    """Sixteen of the seventeen communes of Trà Cú have reported; two of them something else."""
    world = DemoReports(session)
    district = world.named("huyện Trà Cú")
    first, second, *rest, _ = world.below(district)
    told = world.document(first)
    world.write(told, {"members_total": 100, "loans_members": NIL, "clubs_new": Done(0, 1)})
    world.item(told, ReportItemKind.REQUEST, "Đề nghị bổ sung kinh phí in sổ.")
    world.release(told)
    world.released(second, {"members_total": 40, "loans_members": NOT_APPLICABLE})
    for unit in rest:
        world.released(unit, HEADLINE)
    session.commit()
    return world


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def row(text: str, name: str) -> str:
    """The words of the table's row of a name."""
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    (one,) = [line for line in map(words, rows) if line.startswith(name)]
    return one


def link(text: str, name: str) -> str:
    return html.unescape(re.search(rf'<a href="([^"]+)">{name}</a>', text)[1])


def read(browser: Visitor, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    check_page(answer.text)
    return answer.text


def started(reports: DemoReports, unit: str) -> str:
    document = reports.started(reports.named(unit))
    address = f"/{document.unit.level.value}/documents/{document.id}/synthesis"
    reports.session.commit()
    return address


def take_over(reports: DemoReports, browser: Visitor, address: str) -> None:
    reports.session.commit()
    page = read(browser, address)
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page)[1]
    answer = browser.post(address, {"seen": seen})
    assert answer.status_code == 302, answer.text


def clubs_of(text: str) -> str:
    return html.unescape(re.search(r'href="([^"]+/documents/[^"]+/clubs)"', text)[1])


def test_a_district_adds_up_its_communes(reports, visitor):
    browser = visitor("district specialist")
    address = started(reports, "huyện Trà Cú")
    before = read(browser, address)
    # 100 + 40 + 14 × 50; of 17 one is missing
    assert "840" in row(before, "Số thành viên câu lạc bộ")
    assert "16 có số, 1 chưa có" in row(before, "Số thành viên câu lạc bộ")
    take_over(reports, browser, address)
    page = read(browser, address)
    assert "16 trên 17 xã" in words(page)
    loans = row(page, "Thành viên được vay vốn")
    assert "140" in loans
    assert "14 có số, 1 không phát sinh, 1 không áp dụng, 1 chưa có" in loans
    # 140 of 800: without the commune to which loans do not apply
    assert "17,5 %" in row(page, "Tỷ lệ thành viên được vay vốn")
    assert "50 ít nhất 50 14 15 có số, 2 chưa có 29 bằng 58 % số được giao" in row(
        page, "Câu lạc bộ thành lập mới"
    )


def test_the_matrix_has_every_unit_and_its_files(reports, visitor):
    browser = visitor("district specialist")
    address = started(reports, "huyện Trà Cú")
    for at in ("/matrix", "/matrix?topic=funds"):
        page = read(browser, address + at)
        assert len(re.findall(r"<tr", page.partition("<tbody>")[2].partition("</tbody>")[0])) == 17
    assert "không phát sinh" in page
    assert "không áp dụng" in page
    for kind in ("xlsx", "csv"):
        for at in ("", "/matrix"):
            answer = browser.get(f"{address}{at}?file={kind}")
            assert answer.status_code == 200
            assert answer.data
    listed = browser.get(f"{address}/matrix?file=csv").text
    assert "840" in listed
    assert browser.get(f"{address}/matrix?topic=none").status_code == 404
    assert browser.get(f"{address}/money").status_code == 404


def test_every_figure_leads_down_to_the_clubs(reports, visitor):
    """Province → district → commune's report, and to the clubs with their months."""
    session = reports.session
    commune = reports.below(reports.named("huyện Trà Cú"))[2]
    keep(
        session,
        found(session, commune.id, 901, name="Câu lạc bộ ấp Chợ"),
        reports.period.ends_on.replace(day=1),
        members=50,
        borrowers=10,
    )
    session.commit()
    district, province = visitor("district specialist"), visitor("province specialist")
    below = started(reports, "huyện Trà Cú")
    take_over(reports, district, below)
    reports.release_at(below)
    above = started(reports, "tỉnh Trà Vinh")
    take_over(reports, province, above)
    page = read(province, above)
    assert "840" in row(page, "Số thành viên câu lạc bộ")
    figure = read(province, link(page, "Số thành viên câu lạc bộ"))
    assert "840" in row(figure, "Huyện Trà Cú")
    theirs = read(province, link(figure, "Huyện Trà Cú"))
    name = capitalize_first(commune.full_name)
    assert "50" in row(theirs, name)
    report = read(province, link(theirs, name))
    assert commune.name in words(report)
    assert "Từng câu lạc bộ" in words(read(province, clubs_of(figure)))
    clubs = read(province, clubs_of(theirs))
    assert "50 sổ tháng 9/2021" in row(clubs, "Câu lạc bộ ấp Chợ")
    assert link(clubs, "Câu lạc bộ ấp Chợ").startswith("/province/clubs/")
    share = read(province, link(page, "Tỷ lệ thành viên được vay vốn"))
    theirs = read(province, link(share, "Huyện Trà Cú"))
    clubs = read(province, clubs_of(theirs))
    assert "20 % 10 50" in row(clubs, "Câu lạc bộ ấp Chợ")


def test_what_a_commune_asks_for_is_taken_further_with_its_name(reports, visitor):
    browser = visitor("district specialist")
    address = started(reports, "huyện Trà Cú")
    take_over(reports, browser, address)
    document = reports.at(address)
    first = reports.below(reports.named("huyện Trà Cú"))[0].full_name
    reports.session.commit()
    page = read(browser, f"{address}/items")
    assert "Đề nghị bổ sung kinh phí in sổ." in page
    form = re.search(r'action="([^"]+/items/\d+)"', page)[1]
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)[1]
    for _ in range(2):  # a second press adds nothing
        assert browser.post(form, {"seen": seen}).status_code == 302
    page = read(browser, f"{address}/items")
    assert "đã đưa vào" in page
    assert 'name="seen"' not in page
    head = reports.head(document)
    with system(reports.session, Purpose.LOAD):
        rows = select(ReportItem).where(ReportItem.revision_id == head.id)
        (item,) = reports.session.scalars(rows)
        assert item.text == f"Đề nghị bổ sung kinh phí in sổ. ({first})"
        assert item.kind is ReportItemKind.REQUEST
    reports.session.commit()
    for kind in ("xlsx", "csv"):
        assert browser.get(f"{address}/items?file={kind}").status_code == 200
    assert browser.post(f"{address}/items/0", {"seen": seen}).status_code == 404
    other = visitor("province specialist")
    assert other.post(form.replace("district", "province"), {"seen": seen}).status_code == 404


def test_a_reopened_report_is_drift(reports, visitor):
    browser = visitor("district specialist")
    address = started(reports, "huyện Trà Cú")
    take_over(reports, browser, address)
    third = reports.reported(reports.below(reports.named("huyện Trà Cú"))[2])
    reports.reopen(third)
    reports.mend(third, HEADLINE | {"members_total": 64})
    reports.session.commit()
    page = read(browser, address)
    assert "lệch 1 xã, +14 người" in words(page)
    assert "840" in row(page, "Số thành viên câu lạc bộ")
    assert "854 +14" in row(page, "Số thành viên câu lạc bộ")


def test_who_does_not_see_below_sees_no_units(reports, visitor):
    """A commune reads its district's issued report, and nothing of its neighbours."""
    browser = visitor("district specialist")
    address = started(reports, "huyện Trà Cú")
    take_over(reports, browser, address)
    reports.issue_at(address)
    browser, own = visitor("clerk"), address.replace("/district/", "/commune/")
    assert browser.get(own).status_code == 404
    above = visitor("province specialist").get(f"{address.replace('district', 'province')}/matrix")
    assert above.status_code == 200


def test_a_page_costs_the_same_queries_however_many_report(reports, visitor, engine_of):
    browser = visitor("district specialist")
    address = started(reports, "huyện Trà Cú")
    take_over(reports, browser, address)
    page = read(browser, address)
    figure = link(page, "Tỷ lệ thành viên được vay vốn")
    costs = {
        at: queries(engine_of, browser, at)
        for at in (
            address,
            f"{address}/items",
            f"{address}/matrix",
            f"{address}/matrix?of=now",
            figure,
            f"{figure}/clubs",
        )
    }
    assert max(costs.values()) <= 12, costs
