"""The strip on a document's page: by when, why locked, what would unlock it, who hears when."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import CalendarDay, Deadline, Document, Unit
from lth.models.document import Status

pytestmark = pytest.mark.databases("sqlite")

LATE, CLERK = "xã Long Hiệp", "can-bo.long-hiep@lth.example"
ASKING = "xã Tân Hiệp"
TAG = re.compile(r"<[^>]+>|\s+")


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", TAG.sub(" ", page)))


def strip(page: str) -> str:
    """What the strip says."""
    check_page(page)
    return text_of(re.search(r'<section class="strip".*?</section>', page, re.S)[0])


def seen(page: str) -> str:
    return re.search(r'name="seen"[^>]*value="(\d+)"', page)[1]


@pytest.fixture
def late(document_of) -> int:
    return document_of(LATE).id


@pytest.fixture
def last_day(session, late):
    """The last day on which Trà Cú takes anything."""
    with system(session, Purpose.LOAD):
        statement = select(Deadline.last_correction_on).where(
            Deadline.last_correction_on.is_not(None)
        )
        found = max(session.scalars(statement))
    session.rollback()
    return found


def act(browser, document_id: int, level: str, name: str, **typed):
    address = f"/{level}/documents/{document_id}/acts/{name}"
    page = browser.get(address)
    assert page.status_code == 200, text_of(page.text)
    check_page(page.text)
    return browser.post(address, {"seen": seen(page.text), **typed})


def test_a_late_draft_says_how_late_who_hears_next_and_how_to_ask_for_time(visitor, late, session):
    page = visitor(CLERK).get(f"/commune/documents/{late}").text
    said = strip(page)
    assert "quá" in said
    assert "ngày làm việc" in said
    assert "Nhận đến 24:00 ngày" in said
    assert "Xin gia hạn" in text_of(page)
    assert "Lịch nhắc" not in said, "a unit that has ended is reminded of nothing"
    assert "Đơn vị đã kết thúc từ ngày 01/7/2025 nên hệ thống không gửi thư nhắc." in said
    with system(session, Purpose.LOAD):
        session.execute(update(Unit).values(valid_to=None))
    session.commit()
    said = strip(visitor(CLERK).get(f"/commune/documents/{late}").text)
    assert "Lịch nhắc" in said
    assert "chuyên viên cấp trên" in said
    assert "đã kết thúc" not in said


def test_of_what_is_sent_up_no_day_is_counted_and_the_drafter_may_recall_it(visitor, document_of):
    page = visitor("clerk").get(f"/commune/documents/{document_of('xã Tập Sơn').id}").text
    said = strip(page)
    assert "Nội dung khóa vì đã trình" in said
    assert "Rút lại" in said
    assert "ngày làm việc)" not in said.partition("Khóa")[2]
    assert "Lịch nhắc" not in said


def test_under_review_one_asks_to_have_it_back(visitor, document_of):
    document_id = document_of("xã Đại An").id
    browser = visitor("can-bo.dai-an@lth.example")
    assert "Đề nghị chuyển lại để sửa" in strip(
        browser.get(f"/commune/documents/{document_id}").text
    )
    refused = act(browser, document_id, "commune", "ask_back", reason="")
    assert refused.status_code == 422
    assert "Cần ghi rõ lý do" in refused.text
    assert act(browser, document_id, "commune", "ask_back", reason="Ghi nhầm số").status_code == 302
    above = visitor("district specialist").get(f"/district/documents/{document_id}").text
    assert "Xã Đại An đề nghị chuyển lại để sửa" in text_of(above)
    assert "Ghi nhầm số" in text_of(above)


def test_wrong_days_are_said_beside_the_field_and_nothing_typed_is_lost(visitor, late):
    browser = visitor(CLERK)
    why = "Cán bộ đi tập huấn, ấp Chợ chưa họp."
    for typed, says in (
        ("", "Cần ghi ngày gia hạn đến."),
        ("31/02/2027", "theo mẫu 07/5/2021"),
        ("02/01/2020", "phải sau hạn hiện nay"),
    ):
        answer = act(browser, late, "commune", "ask_extension", until=typed, reason=why)
        assert answer.status_code == 422
        assert says in text_of(answer.text)
        assert why in text_of(answer.text)
        assert f'value="{typed}"' in answer.text
        check_page(answer.text)


def test_no_extension_goes_beyond_what_can_be_counted_on_from(visitor, late):
    browser = visitor(CLERK)
    answer = act(browser, late, "commune", "ask_extension", until="31/12/9999", reason="Nghỉ")
    assert answer.status_code == 422
    assert "Hãy nhập ngày theo mẫu 07/5/2021" in text_of(answer.text)


@pytest.mark.databases("sqlite", "postgres")
def test_a_reason_with_a_character_that_no_database_takes_is_kept_without_it(
    visitor, late, last_day
):
    browser = visitor(CLERK)
    day = Calendar().shift(last_day, 7).strftime("%d/%m/%Y")
    asked = {"until": day, "reason": "Nghỉ\0 thai sản"}
    assert act(browser, late, "commune", "ask_extension", **asked).status_code == 302
    assert "Nghỉ thai sản" in text_of(browser.get(f"/commune/documents/{late}").text)


def test_an_extension_is_asked_for_and_granted_and_both_sides_read_it(visitor, late, last_day):
    clerk, specialist = visitor(CLERK), visitor("district specialist")
    day = Calendar().shift(last_day, 7).strftime("%d/%m/%Y")
    assert act(clerk, late, "commune", "ask_extension", until=day, reason="Xin thêm").location
    assert "đang chờ trả lời" in strip(clerk.get(f"/commune/documents/{late}").text)
    above = specialist.get(f"/district/documents/{late}").text
    assert "Xã Long Hiệp xin gia hạn" in text_of(above)
    assert "Cho gia hạn" in text_of(above)
    form = specialist.get(f"/district/documents/{late}/acts/grant_extension").text
    asked = re.search(r'id="until"[^>]*value="([^"]+)"', form)
    assert asked, "the day that was asked for stands in the field"
    assert act(specialist, late, "district", "grant_extension", until=asked[1]).location
    said = strip(clerk.get(f"/commune/documents/{late}").text)
    assert "Đã được gia hạn đến hết ngày" in said
    assert "gia hạn từ" in said
    assert "quá" not in said.partition("Hạn")[2].partition("Gia hạn")[0]
    assert "Đã cho gia hạn đến hết ngày" in text_of(clerk.get(f"/commune/documents/{late}").text)


def test_a_request_that_waits_is_in_the_demo_and_is_refused_with_a_reason(visitor, document_of):
    document_id = document_of(ASKING).id
    leader = visitor("district leader")
    assert "Xin gia hạn đến hết ngày" in text_of(leader.get("/district/").text)
    assert "Xã Tân Hiệp xin gia hạn" in text_of(
        leader.get(f"/district/documents/{document_id}").text
    )
    refused = act(leader, document_id, "district", "refuse_extension", reason="")
    assert refused.status_code == 422
    assert act(
        leader, document_id, "district", "refuse_extension", reason="Quá gần ngày họp"
    ).location
    page = visitor("can-bo.tan-hiep@lth.example").get(f"/commune/documents/{document_id}").text
    assert "không được đồng ý" in strip(page)
    assert "Quá gần ngày họp" in text_of(page)


def test_when_it_is_shut_the_strip_says_so_and_its_one_button_asks_for_time(
    visitor, late, last_day, session
):
    midnight = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), clock.TIMEZONE)
    with clock.frozen(midnight.astimezone(UTC) + timedelta(minutes=5)):
        browser = visitor(CLERK)
        page = browser.get(f"/commune/documents/{late}").text
        assert "còn hoàn tất được đến 00:15" in strip(page)
        assert "còn hoàn tất được đến 00:15" in text_of(
            browser.get(f"/commune/documents/{late}/draft").text
        )
    with clock.frozen(midnight.astimezone(UTC) + timedelta(minutes=15)):
        page = browser.get(f"/commune/documents/{late}").text
        said = strip(page)
        assert "Đã hết hạn nhận văn bản từ 24:00" in said
        assert "Xin gia hạn" in said
        assert text_of(page).count("Xin gia hạn") == 1
        draft = browser.get(f"/commune/documents/{late}/draft").text
        check_page(draft)
        assert "Đã hết hạn nhận văn bản" in text_of(draft)
        blocked = text_of(browser.get(f"/commune/documents/{late}/acts/send_for_clearance").text)
        assert "Chưa thể thực hiện" in blocked
        assert "Đã hết hạn nhận văn bản từ 24:00 ngày" in blocked


def test_on_the_last_day_the_closing_hour_is_announced_where_one_works(visitor, late, last_day):
    noon = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=clock.TIMEZONE)
    with clock.frozen(noon):
        browser = visitor(CLERK)
        assert "ai đang làm dở lúc đó được hoàn tất trong 15 phút" in text_of(
            browser.get(f"/commune/documents/{late}/draft").text
        )
    with clock.frozen(noon - timedelta(days=1)):
        browser = visitor(CLERK)
        assert "ai đang làm dở" not in text_of(browser.get(f"/commune/documents/{late}/draft").text)


def test_an_own_day_is_the_units_own_affair(visitor, late, document_of, session):
    document = document_of(LATE)
    with system(session, Purpose.LOAD):
        own = Deadline(
            setter_id=document.unit_id,
            unit_id=document.unit_id,
            period_id=document.period_id,
            kind=document.kind,
            due_on=clock.today() - timedelta(days=30),
        )
        session.add(own)
        session.commit()
    assert "hạn nội bộ" in strip(visitor(CLERK).get(f"/commune/documents/{late}").text)
    assert "hạn nội bộ" not in strip(
        visitor("district specialist").get(f"/district/documents/{late}").text
    )


def test_the_days_are_counted_by_the_calendar_as_it_was_decided(visitor, late, session):
    """What the administrator calls a working day is one, at once, and a day off is none."""
    with clock.frozen(datetime(2027, 5, 12, 9, tzinfo=clock.TIMEZONE)):  # a Wednesday
        browser = visitor(CLERK)
        for exceptions, left in (({}, 3), ({15: True}, 4), ({13: False, 14: False}, 1)):
            with system(session, Purpose.LOAD):
                session.execute(delete(CalendarDay))
                session.add_all(
                    CalendarDay(day=date(2027, 5, day), works=works, name="")
                    for day, works in exceptions.items()
                )
                session.execute(
                    update(Deadline).values(
                        due_on=date(2027, 5, 17),
                        latest_on=date(2027, 5, 17),
                        last_correction_on=None,
                    )
                )
                session.commit()
            said = strip(browser.get(f"/commune/documents/{late}").text)
            assert f"17/5/2027 , còn {left} ngày làm việc" in said, exceptions


ROAD = re.compile(r'<li class="road-step road-(\w+)"')


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({"status": Status.DRAFT}, ["here", "ahead", "ahead"]),
        ({"status": Status.CLEARANCE, "cleared_from": Status.DRAFT}, ["here", "ahead", "ahead"]),
        ({"status": Status.SUBMITTED}, ["done", "here", "ahead"]),
        ({"status": Status.REVIEW}, ["done", "here", "ahead"]),
        ({"status": Status.RETURNED}, ["here", "ahead", "ahead"]),
        ({"status": Status.APPROVED, "released_number": 1}, ["here", "done", "ahead"]),
        (
            {"status": Status.ISSUED, "released_number": 1, "in_force_number": 1},
            ["done", "done", "ahead"],
        ),
    ],
)
def test_the_road_shows_which_steps_have_done_their_part(
    visitor, session, document_of, changes, steps
):
    """The step above the next one never has the document: it reads it in the sums."""
    document_id = document_of("xã Tập Sơn").id
    with system(session, Purpose.LOAD):
        statement = update(Document).where(Document.id == document_id)
        session.execute(statement.values({"cleared_from": None, **changes}))
    session.commit()
    page = visitor("clerk").get(f"/commune/documents/{document_id}").text
    check_page(page)
    assert ROAD.findall(page) == steps
    assert "Nhận qua bản tổng hợp của cấp dưới" in strip(page)
    came_back = changes["status"] is Status.RETURNED
    assert ("Đã trả lại, chờ trình lại" in strip(page)) is came_back
