"""One document has one day: its page, the lists, the desk and the inbox above all say it alike."""

import html
import re
from datetime import date, timedelta

import icalendar
import pytest
from sqlalchemy import select, update
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.calendar.wording import DAY_LABEL
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Deadline, Document
from lth.models.document import Status

from .test_feed import make
from .test_month import ENTRY, of_month

pytestmark = pytest.mark.databases("sqlite")

UNIT = "xã Long Hiệp"
CLERK, LEADER = "can-bo.long-hiep@lth.example", "lanh-dao.long-hiep@lth.example"
ABOVE = "district specialist"
DAY = re.compile(r"(quá|còn) (\d+) ngày làm việc|hôm nay là ngày cuối|Hạn hôm nay|vừa quá hạn")
TAG = re.compile(r"<[^>]+>|\s+")

STATES = {
    "draft": {"status": Status.DRAFT},
    "with its leader": {"status": Status.CLEARANCE, "cleared_from": Status.DRAFT},
    "returned": {"status": Status.RETURNED},
    "returned, with its leader": {"status": Status.CLEARANCE, "cleared_from": Status.RETURNED},
    "amendment": {"status": Status.DRAFT, "in_force_number": 1},
}


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", TAG.sub(" ", page)))


def said(page: str) -> set[str]:
    """Every distance to a day that a part of a page words."""
    words = (match[0] for match in DAY.finditer(text_of(page)))
    return {"hôm nay" if "hôm nay" in word else word for word in words}


def about(page: str, document_id: int) -> str:
    """The row or card of a list that leads to a document."""
    for pattern in (r"<tr>.*?</tr>", r'<article class="card.*?</article>', r"<li.*?</li>"):
        for part in re.findall(pattern, page, re.S):
            if re.search(rf'/documents/{document_id}"', part):
                return part
    return ""


def without_ladder(page: str) -> str:
    """The page but for its ladder, which words other days' distances, and its timeline."""
    page = re.sub(r'<details class="help">.*?</details>', "", page, flags=re.S)
    return page.partition('id="timeline"')[0]


@pytest.fixture
def arrange(session, document_of):
    """A document in a state, with its day and the last for corrections so far from today."""

    def make(state: str, due: int, last: int | None, granted: int | None) -> int:
        document_id, today = document_of(UNIT).id, clock.today()
        with system(session, Purpose.LOAD):
            document = session.get_one(Document, document_id)
            changes = {"cleared_from": None, "in_force_number": None, **STATES[state]}
            until = today + timedelta(days=granted) if granted is not None else None
            session.execute(
                update(Document)
                .where(Document.id == document_id)
                .values(**changes, extended_until=until, asked_until=None, asked_answer=None)
            )
            days = {"due_on": today + timedelta(days=due), "latest_on": today + timedelta(days=due)}
            correction = today + timedelta(days=last) if last is not None else None
            period = Deadline.period_id == document.period_id
            statement = update(Deadline).where(period, Deadline.kind == document.kind)
            session.execute(statement.values(grace_days=0, last_correction_on=None, **days))
            session.execute(statement.values(last_correction_on=correction))
            assert session.scalars(select(Deadline.id).where(period)).all()
        session.commit()
        return document_id

    return make


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("due", "last", "granted"),
    [(-1, 6, None), (-1, None, None), (5, 12, None), (-8, None, 4), (-8, 3, 9), (0, 0, None)],
)
def test_no_two_pages_say_two_days(visitor, arrange, state, due, last, granted):
    document_id = arrange(state, due, last, granted)
    clerk, leader, above = visitor(CLERK), visitor(LEADER), visitor(ABOVE)
    pages = {
        "document": clerk.get(f"/commune/documents/{document_id}").text,
        "document, read above": above.get(f"/district/documents/{document_id}").text,
    }
    for name, page in pages.items():
        check_page(page)
        pages[name] = without_ladder(page)
    for name, page in {
        "desk": clerk.get("/commune/").text,
        "desk of the leader": leader.get("/commune/").text,
        "work": clerk.get("/commune/work").text,
        "work of the leader": leader.get("/commune/work").text,
        "inbox": above.get("/district/inbox?text=long+hiep").text,
    }.items():
        pages[name] = about(page, document_id)
    days = {name: said(page) for name, page in pages.items() if page}
    assert len({frozenset(found) for found in days.values()}) == 1, days
    expected = day_that_counts(state, due, last, granted)
    assert next(iter(days.values())) == expected, days


def day_that_counts(state: str, due: int, last: int | None, granted: int | None) -> set[str]:
    """What is to be read, worked out by hand from the rules."""
    left, today = days_left(state, due, last, granted), clock.today()
    if left is None:
        return set()
    return {words(today, today + timedelta(days=left))} if left else {"hôm nay"}


def days_left(state: str, due: int, last: int | None, granted: int | None) -> int | None:
    """How far the day that counts is from today; None where no day binds."""
    if state == "amendment":
        return None
    if not state.startswith("returned"):
        return due if granted is None else max(due, granted)
    return max((day for day in (last, granted) if day is not None), default=None)


def words(today: date, day: date) -> str:
    left = Calendar().between(today, day)
    if left == 0:
        return "vừa quá hạn"
    return f"còn {left} ngày làm việc" if left > 0 else f"quá {-left} ngày làm việc"


# --- In the calendar ----------------------------------------------------------------------

DONE = {"Đã trình", "Đã nộp đủ"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("due", "last", "granted"),
    [(-1, 6, None), (-1, None, None), (5, 12, None), (-8, 3, 9)],
)
def test_the_month_and_the_feed_have_the_same_day(
    visitor, guarded, arrange, state, due, last, granted
):
    document_id = arrange(state, due, last, granted)
    clerk, left = visitor(CLERK), days_left(state, due, last, granted)
    expected = None if left is None else clock.today() + timedelta(days=left)
    feed = guarded.test_client().get(make(clerk)).data
    in_feed = [
        (event.start, str(event["SUMMARY"]).partition(":")[0])
        for event in icalendar.Calendar.from_ical(feed).events
        if str(event.get("URL", "")).endswith(f"/documents/{document_id}")
    ]
    assert in_feed
    assert first_owed(in_feed) == expected
    in_month = [one for month in months() for one in entries_of(clerk, document_id, month)]
    assert sorted(in_month) == sorted(in_feed)


def months() -> list[str]:
    """The months around today in which a day of these tests can be."""
    around = {clock.today() + timedelta(days=days) for days in (-14, -7, 0, 7, 14)}
    return sorted({f"{day:%Y-%m}" for day in around})


def entries_of(browser, document_id: int, month: str) -> list[tuple[date, str]]:
    """The days of a document in a month, each with what it is called there."""
    found = []
    for day, (_, markup) in of_month(browser, "/commune/month", month).items():
        for entry in ENTRY.findall(markup):
            if f"{day:%Y-%m}" == month and f'/documents/{document_id}"' in entry:
                words = text_of(entry)
                label = next(word for word in (*DONE, *DAY_LABEL.values()) if word in words)
                found.append((day, label))
    return found


def first_owed(entries: list[tuple[date, str]]) -> date | None:
    return min((day for day, label in entries if label not in DONE), default=None)
