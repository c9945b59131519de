"""The calendar of working days: exceptions are entered, deadlines counted anew."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from lth.models import AuditEntry, CalendarDay, Deadline
from lth.models.document import Status
from lth.workflow.kinds import PLAN

SWAPPED = {
    "day": "15/12/2026",
    "day-sure": "15/12/2026",
    "works": "no",
    "name": "Nghỉ theo thông báo",
}


@pytest.fixture(autouse=True)
def today():
    """A Monday."""
    with time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def deadline(world, read, write):
    """D's, on Monday 14 December 2026, with three working days of grace: until Thursday."""
    write(
        Deadline(
            setter_id=world.units["D"].id,
            period_id=world.periods[Status.REVIEW].id,
            kind=PLAN,
            due_on=date(2026, 12, 14),
            grace_days=3,
        )
    )

    def latest() -> date:
        [found] = read(select(Deadline.latest_on).where(Deadline.due_on == date(2026, 12, 14)))
        return found

    assert latest() == date(2026, 12, 17)
    return latest


def test_a_day_off_moves_the_last_day_of_what_is_due_before(signed_in, deadline, read) -> None:
    root = signed_in("system_admin")
    assert root.post("/admin/calendar", data=SWAPPED).status_code == 302
    assert deadline() == date(2026, 12, 18)
    page = root.get("/admin/calendar").text
    assert "15/12/2026" in page
    assert "Nghỉ theo thông báo" in page
    assert read(select(AuditEntry.what).where(AuditEntry.what.like("calendar.%"))) == [
        "calendar.decided"
    ]
    seen = re.search(r'name="day" value="2026-12-15"><input[^>]*name="seen" value="(\w+)"', page)[1]
    root.post("/admin/calendar/forget", data={"day": "2026-12-15", "seen": "another"})
    assert deadline() == date(2026, 12, 18)
    root.post("/admin/calendar/forget", data={"day": "2026-12-15", "seen": seen})
    assert deadline() == date(2026, 12, 17)
    assert read(select(CalendarDay.day)) == [date(2021, 9, 3)]


def test_a_saturday_that_is_worked_on_brings_it_forward(signed_in, deadline, write) -> None:
    root = signed_in("system_admin")
    for day in ("15/12/2026", "16/12/2026", "17/12/2026"):
        root.post("/admin/calendar", data=SWAPPED | {"day": day})
    assert deadline() == date(2026, 12, 22)
    root.post("/admin/calendar", data=SWAPPED | {"day": "19/12/2026", "works": "yes"})
    assert deadline() == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"day": ""}, "Hãy nhập ngày."),
        ({"day": "31/02/2026"}, "ngày"),
        ({"name": " "}, "Hãy ghi lý do."),
        ({"day": "19/12/2026"}, "Lịch chung đã coi ngày này là ngày nghỉ."),
        ({"works": "yes"}, "Lịch chung đã coi ngày này là ngày làm việc."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(signed_in, read, changes, says) -> None:
    answer = signed_in("system_admin").post("/admin/calendar", data=SWAPPED | changes)
    assert answer.status_code == 422
    assert says in answer.text
    assert read(select(CalendarDay.day)) == [date(2021, 9, 3)]


def test_a_day_is_decided_once(signed_in) -> None:
    root = signed_in("system_admin")
    root.post("/admin/calendar", data=SWAPPED)
    answer = root.post("/admin/calendar", data=SWAPPED)
    assert answer.status_code == 422
    assert "Ngày này đã được đặt" in answer.text


def test_the_page_names_the_public_holidays(signed_in) -> None:
    page = signed_in("system_admin").get("/admin/calendar").text
    assert "24/11/2026" in page
    assert "Ngày Văn hóa Việt Nam" in page


def test_it_is_the_system_administrators(signed_in) -> None:
    admin = signed_in("unit_admin@D")
    assert admin.get("/admin/calendar").status_code == 403
    assert admin.post("/admin/calendar", data=SWAPPED).status_code == 403
