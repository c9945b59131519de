"""Who has reported on a window: by level, unit by unit, as files; each unit sees those below it."""

import html
import re
from datetime import date

import pytest
from sqlalchemy import select
from support.demoreports import DemoReports
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.exchange.grids.books import open_book
from lth.models import Deadline, Document
from lth.workflow.kinds import PLAN, REPORT

from .test_constant_queries import queries

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def reports(session) -> DemoReports:
    """Of Trà Cú's seventeen communes one is late, one has sent twice, and three are silent."""
    world = DemoReports(session)
    province, district = world.named("tỉnh Trà Vinh"), world.named("huyện Trà Cú")
    late, twice, *rest = world.below(district)
    with system(session, Purpose.LOAD):
        day = date(2021, 9, 16)
        session.add(
            Deadline(
                setter_id=province.id,
                period_id=world.period.id,
                kind=REPORT,
                due_on=day,
                latest_on=day,
            )
        )
        document = world.document(late)
        world.head(document).days_late = 2
    world.send(document)
    again = world.document(twice)
    world.send(again)
    world.mend(again, {})
    for unit in rest[:-3]:
        world.send(world.document(unit))
    session.commit()
    return world


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def read(browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    check_page(answer.text)
    return words(answer.text)


def _sent(session, unit, kind):
    """The id of what a unit has sent on of a kind."""
    with system(session, Purpose.LOAD):
        of_unit = select(Document.id).where(Document.unit_id == unit.id, Document.kind == kind)
        found = session.scalars(of_unit.where(Document.sent_number.is_not(None)).limit(1)).one()
    session.rollback()
    return found


def test_the_figures_of_a_report_are_taken_along(reports, session, visitor):
    """As numbers, with their units beside; a plan has no such list."""
    browser = visitor("district specialist")
    district = reports.named("huyện Trà Cú")
    commune = reports.below(district)[1]
    name, plan = commune.full_name, _sent(session, district, PLAN)
    address = f"/district/documents/{_sent(session, commune, REPORT)}"
    page = browser.get(address).text
    assert f'href="{address}?file=xlsx"' in page
    (sheet,) = open_book(browser.get(f"{address}?file=xlsx").data, "a.xlsx").sheets
    head = [sheet.text(1, column) for column in range(4)]
    assert head == ["Chỉ tiêu", "Đơn vị tính", "Kỳ này", "Lũy kế"]
    assert len(sheet.rows) == page.count('<tr id="c-') + 2, "a head and a note"
    text = browser.get(f"{address}?file=csv").data.decode("utf-8-sig")
    assert text.startswith("Chỉ tiêu;Đơn vị tính;Kỳ này;Lũy kế;")
    assert f"{name}: số liệu từ " in text
    assert browser.get(f"/district/documents/{plan}").status_code == 200
    assert browser.get(f"/district/documents/{plan}?file=csv").status_code == 404


def test_the_province_reads_who_has_reported(reports, visitor):
    browser = visitor("province specialist")
    page = read(browser, "/province/reporting/sent")
    assert re.search(r"Xã 14 trên \d+ \(", page)
    address = f"/province/reporting/sent/{reports.period.id}"
    reports.session.commit()
    page = read(browser, address)
    assert "trễ 1 · gửi lại 1" in page
    late = read(browser, f"{address}?state=late")
    assert "Sau hạn 2 ngày làm việc" in late
    assert "Huyện Trà Cú" in late or "huyện Trà Cú" in late
    listed = browser.get(f"{address}?state=late&level=commune&file=csv").text
    assert len(listed.strip().splitlines()) == 2


def test_a_district_reads_of_its_own_alone(reports, visitor):
    browser = visitor("district specialist")
    address = f"/district/reporting/sent/{reports.period.id}"
    reports.session.commit()
    page = read(browser, address)
    assert "Xã 14 trên 17" in page
    assert "Gửi lại 1 lần" in read(browser, f"{address}?state=in_time")
    for kind in ("xlsx", "csv"):
        assert browser.get(f"/district/reporting/sent?file={kind}").status_code == 200
        assert browser.get(f"{address}?file={kind}").status_code == 200


def test_a_commune_reads_of_itself(reports, visitor):
    browser = visitor("clerk")
    address = f"/commune/reporting/sent/{reports.period.id}"
    plans = f"/commune/reporting/sent/{reports.plan_period.id}"
    reports.session.commit()
    page = read(browser, address)
    assert "Xã Tập Sơn" in page
    assert "Ngọc Biên" not in page
    for wrong in (f"{address}?state=none", f"{address}?level=none", plans, f"{plans}9999"):
        assert browser.get(wrong).status_code == 404


def test_its_queries_are_few(reports, visitor, engine_of):
    browser = visitor("province specialist")
    address = f"/province/reporting/sent/{reports.period.id}"
    reports.session.commit()
    for at in (address, "/province/reporting/sent"):
        browser.get(at)
        assert queries(engine_of, browser, at) <= 12
