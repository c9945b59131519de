"""Deadlines as people meet them: a late commune asks for time, the district grants it, the door
shuts at midnight and a quarter, and opens again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.visitor import NARROW, Visitor

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Deadline, Document, Unit
from lth.workflow import kinds

CLERK, LEADER = "Cán bộ LĐTBXH", "Lãnh đạo UBND"
SPECIALIST = "Chuyên viên Phòng LĐTBXH"
LATE, DISTRICT = "xã Long Hiệp", "huyện Trà Cú"
PLAN = "Kế hoạch năm 2021"
WHY = "Ấp Chợ chưa họp xong, xin thêm một tuần."

Enter = Callable[[str, str], Visitor]


@pytest.fixture
def last_day(demo: Flask) -> date:
    """The last day on which Trà Cú takes anything from Long Hiệp."""
    with demo.app_context(), Session(db.engine) as session, system(session, Purpose.LOAD):
        statement = (
            select(Deadline.last_correction_on)
            .join(Unit, Unit.parent_id == Deadline.setter_id)
            .join(
                Document, (Document.unit_id == Unit.id) & (Document.period_id == Deadline.period_id)
            )
            .where(
                Unit.name == "Long Hiệp",
                Deadline.unit_id.is_(None),
                Document.kind == kinds.PLAN,
                Deadline.kind == kinds.PLAN,
            )
        )
        return session.scalars(statement).one()


def quarter_past(day: date) -> datetime:
    """When the last that is under way on a day is over."""
    start = datetime(day.year, day.month, day.day, tzinfo=clock.TIMEZONE)
    return start + timedelta(days=1, minutes=15)


def test_an_extension_is_asked_for_and_granted(enter: Enter, last_day: date) -> None:
    with clock.frozen(quarter_past(last_day)):
        clerk = enter(CLERK, LATE).follow("Văn bản của đơn vị").follow(PLAN)
        clerk.sees("Đã hết hạn nhận văn bản từ 24:00 ngày")
        clerk.follow("Trình lãnh đạo").sees("Chưa thể thực hiện", "Xin cấp trên gia hạn rồi trình")
        clerk.follow("Quay lại văn bản")
        ask_for_time(clerk, last_day)

    with clock.frozen(quarter_past(last_day) + timedelta(hours=9)):
        specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình").follow("Xã Long Hiệp")
        specialist.sees("Xã Long Hiệp xin gia hạn đến hết ngày", WHY)
        specialist.follow("Cho gia hạn")
        assert specialist.value("Gia hạn đến hết ngày") == shown(
            working(last_day + timedelta(days=8))
        )
        specialist.press("Cho gia hạn").sees("Đã cho gia hạn. Những người liên quan")

        clerk = enter(CLERK, LATE).follow("Văn bản của đơn vị").follow(PLAN)
        clerk.sees("Đã được gia hạn đến hết ngày")
        clerk.misses("Đã hết hạn nhận văn bản")
        clerk.misses("Lịch nhắc").sees("Đơn vị đã kết thúc từ ngày 01/7/2025")
        clerk.follow("Thông báo").sees("được gia hạn đến")


def ask_for_time(clerk: Visitor, last_day: date) -> None:
    """First wrongly: without a reason, and for a day that is no gain."""
    clerk.follow("Xin gia hạn")
    clerk.fill("Gia hạn đến hết ngày", shown(working(last_day - timedelta(days=30))))
    clerk.press("Xin gia hạn", refused=422)
    clerk.sees("Cần ghi rõ lý do", "Ngày gia hạn phải sau hạn hiện nay")
    clerk.fill("Gia hạn đến hết ngày", shown(working(last_day + timedelta(days=8))))
    clerk.fill("Lý do", WHY).press("Xin gia hạn")
    clerk.sees("Đã xin gia hạn đến hết ngày", "đang chờ trả lời")


def working(day: date) -> date:
    """The day, or the next one on which offices work."""
    calendar = Calendar()
    return day if calendar.works(day) else calendar.shift(day, 1)


def a_saturday_after(day: date) -> date:
    return day + timedelta(days=7 + (5 - day.weekday()) % 7)


def test_a_day_on_which_nobody_works_comes_back_with_the_next_one(
    enter: Enter, last_day: date
) -> None:
    saturday = a_saturday_after(last_day)
    clerk = enter(CLERK, LATE).follow("Văn bản của đơn vị").follow(PLAN).follow("Xin gia hạn")
    clerk.fill("Gia hạn đến hết ngày", shown(saturday)).fill("Lý do", WHY)
    clerk.press("Xin gia hạn", refused=422).sees("không phải ngày làm việc")
    assert clerk.value("Gia hạn đến hết ngày") == shown(working(saturday))
    clerk.press("Xin gia hạn").sees("Đã xin gia hạn đến hết ngày")


def shown(day: date) -> str:
    """A day as it is typed and shown: 07/5/2021, with a zero before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


def test_without_javascript_on_a_telephone_time_is_asked_for_and_refused(
    visitor: Callable[..., Visitor], last_day: date
) -> None:
    plain = {"java_script_enabled": False, "viewport": NARROW}
    clerk = visitor(**plain).sign_in(CLERK, LATE).follow("Văn bản của đơn vị").follow(PLAN)
    clerk.follow("Xin gia hạn")
    clerk.fill("Gia hạn đến hết ngày", shown(working(last_day + timedelta(days=20))))
    clerk.fill("Lý do", WHY).press("Xin gia hạn")

    leader = visitor(**plain).sign_in(LEADER, DISTRICT)
    leader.follow("Cấp dưới trình").follow("Xã Long Hiệp").follow("Không gia hạn")
    leader.press("Không gia hạn", refused=422).sees("Cần ghi rõ lý do")
    leader.fill("Lý do", "Huyện phải tổng hợp trong tuần.").press("Không gia hạn")
    clerk.reload().sees("không được đồng ý", "Huyện phải tổng hợp trong tuần.")
