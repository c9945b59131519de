"""The month of deadlines: its days, what they are called, and where its entries lead."""

import html
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.models import CalendarDay, Deadline, Participation, Period, Unit
from lth.models.kind import Kind
from lth.workflow.kinds import PLAN

from .test_constant_queries import queries

CELL = re.compile(r'<td class="([^"]*)">(.*?)</td>', re.DOTALL)
DAY = re.compile(r'<time datetime="([^"]*)">')
ENTRY = re.compile(r'<li class="deadline[^"]*">(.*?)</li>', re.DOTALL)
SPECIALIST = "district specialist"
SATURDAY, MONDAY = date(2021, 6, 12), date(2021, 6, 14)


def cells(page: str) -> dict[date, tuple[str, str]]:
    """The days of the month: classes and markup."""
    found = {}
    for classes, inner in CELL.findall(page):
        if match := DAY.search(inner):
            found[date.fromisoformat(match[1])] = classes, inner
    return found


def text(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def of_month(browser, address: str, month: str) -> dict[date, tuple[str, str]]:
    answer = browser.get(f"{address}?month={month}")
    assert answer.status_code == 200
    check_page(answer.text)
    return cells(answer.text)


@pytest.fixture
def put(session: Session) -> Callable[..., None]:
    """Add rows behind everybody's back."""

    def add(*rows) -> None:
        with system(session, Purpose.LOAD):
            session.add_all(rows)
        session.commit()

    return add


@pytest.fixture
def deadlines(session: Session) -> list[tuple[date, Kind]]:
    """The district's own deadlines for all below it, as the demo sets them."""
    with system(session, Purpose.LOAD):
        district = select(Unit.id).where(Unit.type == "huyện", Unit.name == "Trà Cú")
        rows = session.execute(
            select(Deadline.due_on, Deadline.kind).where(
                Deadline.setter_id == district.scalar_subquery(), Deadline.unit_id.is_(None)
            )
        )
        found = [tuple(row) for row in rows]
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("who", "level"),
    [
        ("clerk", "commune"),
        ("observer", "commune"),
        (SPECIALIST, "district"),
        ("district leader", "district"),
        ("province specialist", "province"),
        ("two-tier clerk", "commune"),
        ("two-tier province", "province"),
    ],
)
def test_each_level_has_its_month(visitor, who: str, level: str) -> None:
    browser = visitor(who)
    page = browser.get(f"/{level}/month").text
    check_page(page)
    assert f'href="/{level}/month" aria-current="page"' in page
    today = clock.today()
    days = monthrange(today.year, today.month)[1]
    assert set(cells(page)) == {today.replace(day=number + 1) for number in range(days)}


@pytest.mark.parametrize("address", ["/commune/month", "/province/month"])
def test_another_level_s_month_does_not_exist(visitor, address: str) -> None:
    assert visitor(SPECIALIST).get(address).status_code == 404


def test_administrators_have_none(visitor) -> None:
    assert visitor("unit administrator").get("/commune/month").status_code == 403


def test_weeks_begin_on_monday(visitor) -> None:
    page = visitor("clerk").get("/commune/month?month=2021-06").text
    heads = re.findall(r'<th scope="col">([^<]*)</th>', page)
    assert heads[0] == "Thứ hai"
    assert heads[-1] == "Chủ nhật"
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    assert [len(CELL.findall(row)) for row in rows] == [7] * 5
    assert DAY.findall(rows[1])[0] == "2021-06-07"


def test_today_is_marked_in_words(visitor) -> None:
    found = cells(visitor("clerk").get("/commune/month").text)
    marked = [day for day, (_, inner) in found.items() if "Hôm nay" in text(inner)]
    assert marked == [clock.today()]


def test_days_off_are_said_in_words(visitor) -> None:
    found = of_month(visitor("clerk"), "/commune/month", "2021-02")
    said = {day.day: text(inner) for day, (_, inner) in found.items()}
    assert "Nghỉ" in said[12]
    assert "Tết" in said[12]
    assert said[6].endswith("6 Nghỉ")
    assert said[1].endswith("1")
    assert "is-plain" in found[date(2021, 2, 6)][0]
    assert "is-plain" not in found[date(2021, 2, 12)][0]


def test_decided_days_go_before_the_public_calendar(visitor, put) -> None:
    put(
        CalendarDay(day=SATURDAY, works=True, name="Làm bù cho thứ hai"),
        CalendarDay(day=MONDAY, works=False, name="Nghỉ hoán đổi"),
    )
    found = of_month(visitor("clerk"), "/commune/month", "2021-06")
    assert "12 Làm bù Làm bù cho thứ hai" in text(found[SATURDAY][1])
    assert "14 Nghỉ Nghỉ hoán đổi" in text(found[MONDAY][1])
    assert "is-off" not in found[SATURDAY][0]
    assert "is-off" in found[MONDAY][0]


def test_a_deadline_for_all_leads_to_the_inbox(visitor, deadlines) -> None:
    assert deadlines
    browser = visitor(SPECIALIST)
    for due_on, kind in deadlines:
        inner = of_month(browser, "/district/month", f"{due_on:%Y-%m}")[due_on][1]
        [entry] = [one for one in ENTRY.findall(inner) if "đơn vị đã trình" in one]
        link = html.unescape(re.search(r'<a href="([^"]+)"', entry)[1])
        assert re.fullmatch(rf"/district/inbox\?period=\d+&kind={kind}", link)
        assert browser.get(link).status_code == 200


def test_the_unit_s_own_leads_to_its_document(visitor, document_of, session) -> None:
    document = document_of("xã Ngọc Biên")
    with system(session, Purpose.LOAD):
        last = session.scalars(
            select(Deadline.last_correction_on).where(
                Deadline.setter_id == document.next_unit_id,
                Deadline.unit_id.is_(None),
                Deadline.kind == PLAN,
                Deadline.period_id == document.period_id,
            )
        ).one()
    session.rollback()
    browser = visitor("clerk of a returned plan")
    inner = of_month(browser, "/commune/month", f"{last:%Y-%m}")[last][1]
    assert f'href="/commune/documents/{document.id}"' in inner
    assert "Hạn sửa cuối" in inner


def test_whoever_drafts_is_led_to_begin(visitor, put, session, document_of) -> None:
    """A round that nobody has begun: the clerk begins it, their leader can only see it."""
    document = document_of("xã Tập Sơn")
    with system(session, Purpose.LOAD):
        unit = session.get_one(Unit, document.unit_id)
        taken = session.get_one(Period, document.period_id)
        period = Period(
            programme_id=taken.programme_id,
            code="2022",
            starts_on=date(2022, 1, 1),
            ends_on=date(2022, 12, 31),
        )
        session.add(period)
        session.flush()
        period_id = period.id
        session.add(Participation(period_id=period_id, unit_id=unit.id, parent_id=unit.parent_id))
        session.add(
            Deadline(
                setter_id=unit.parent_id,
                period_id=period_id,
                kind=PLAN,
                due_on=date(2021, 6, 10),
            )
        )
    session.commit()
    begin = f"/commune/documents/new?period={period_id}&amp;kind=plan"
    due = date(2021, 6, 10)
    for who, offered in (("clerk", True), ("leader", False)):
        inner = of_month(visitor(who), "/commune/month", "2021-06")[due][1]
        assert "Hạn nộp (đã qua)" in text(inner)
        assert "Kế hoạch năm 2022" in text(inner)
        assert (begin in inner) is offered


def test_a_full_day_opens(visitor, put, session, document_of) -> None:
    document = document_of("huyện Trà Cú")
    with system(session, Purpose.LOAD):
        session.execute(delete(Deadline).where(Deadline.setter_id == document.unit_id))
        below = list(
            session.scalars(
                select(Participation.unit_id).where(
                    Participation.parent_id == document.unit_id,
                    Participation.period_id == document.period_id,
                )
            )
        )
        session.add_all(
            Deadline(
                setter_id=document.unit_id,
                unit_id=unit_id,
                period_id=document.period_id,
                kind=PLAN,
                due_on=date(2021, 6, 10),
            )
            for unit_id in below
        )
    session.commit()
    inner = of_month(visitor(SPECIALIST), "/district/month", "2021-06")[date(2021, 6, 10)][1]
    assert len(ENTRY.findall(inner)) == len(below) == 17
    before, _, within = inner.partition("<details")
    assert len(ENTRY.findall(before)) == 4
    assert "Thêm 13 hạn" in within


def test_months_lead_to_one_another(visitor) -> None:
    browser = visitor("clerk")
    page = browser.get("/commune/month?month=2021-12").text
    assert "Tháng 12/2021" in page
    assert 'rel="prev" href="/commune/month?month=2021-11"' in page
    assert 'rel="next" href="/commune/month?month=2022-01"' in page
    assert ">Tháng này</a>" in page
    assert ">Tháng này</a>" not in browser.get("/commune/month").text


def test_the_first_and_the_last_month_end_the_row(visitor) -> None:
    browser = visitor("clerk")
    assert 'rel="prev"' not in browser.get("/commune/month?month=2000-01").text
    assert 'rel="next"' not in browser.get("/commune/month?month=2100-12").text


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "2021",
        "2021-13",
        "2021-00",
        "1999-12",
        "2101-01",
        "0000-01",
        "nay",
        "²021-01",
        "2021-06-01",
        pytest.param("2021-" + "1" * 5000, id="endless"),
    ],
)
def test_a_wrong_month_is_this_one(visitor, wrong: str) -> None:
    page = visitor("clerk").client.get("/commune/month", query_string={"month": wrong})
    assert clock.today() in cells(page.text)


def test_an_empty_month_says_so(visitor, deadlines) -> None:
    page = visitor(SPECIALIST).get("/district/month?month=2030-06").text
    assert "Tháng này không có hạn nộp nào." in page
    [(due_on, _), *_] = deadlines
    page = visitor(SPECIALIST).get(f"/district/month?month={due_on:%Y-%m}").text
    assert "Tháng này không có hạn nộp nào." not in page


@pytest.mark.parametrize(
    ("who", "address"), [("clerk", "/commune/month"), (SPECIALIST, "/district/month")]
)
def test_it_asks_the_database_twelve_times_at_most(visitor, engine_of, who, address) -> None:
    assert queries(engine_of, visitor(who), address) <= 12
