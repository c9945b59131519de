"""The calendar feed as a calendar program reads it, and the page on which its address is made."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.calendar import feed
from lth.core import clock
from lth.models import AuditEntry, Credential, Deadline, Document, Person, RoleAssignment
from lth.models.document import Status
from lth.models.person import Role

from .conftest import PEOPLE, Visitor

PAGE = "/account/calendar"
ADDRESS = re.compile(r'id="feed-address"[^>]*value="([^"]+)"')
SPECIALIST = "district specialist"
RETURNED = "clerk of a returned plan"


def make(browser: Visitor) -> str:
    """Have an address made; its path."""
    answer = browser.post(PAGE)
    assert answer.status_code == 200
    check_page(answer.text)
    address = html.unescape(ADDRESS.search(answer.text)[1])
    assert re.fullmatch(r"https?://[^/]+/calendar/[\w-]{43}\.ics", address)
    return "/" + address.split("/", 3)[3]


@pytest.fixture
def program(guarded: Flask):
    """A calendar program: a client that has not signed in."""
    return guarded.test_client()


@pytest.fixture
def change(session: Session) -> Callable[..., None]:
    """Change the database behind everybody's back."""

    def run(*statements) -> None:
        with system(session, Purpose.LOAD):
            for one in statements:
                session.execute(one)
        session.commit()

    return run


@pytest.fixture
def person_id(session: Session) -> Callable[[str], int]:
    def find(who: str) -> int:
        statement = select(Credential.person_id).where(Credential.email == PEOPLE[who])
        with system(session, Purpose.LOAD):
            found = session.scalars(statement).one()
        session.rollback()
        return found

    return find


def events(text: bytes) -> dict[str, icalendar.Event]:
    """The events by their UID, each once."""
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    by_uid = {str(one["uid"]): one for one in found}
    assert len(by_uid) == len(found)
    return by_uid


def named(found: dict[str, icalendar.Event], start: str) -> Iterator[icalendar.Event]:
    return (one for one in found.values() if str(one["summary"]).startswith(start))


# --- The file -----------------------------------------------------------------------------


def test_a_program_reads_the_calendar(visitor, program) -> None:
    answer = program.get(make(visitor(SPECIALIST)))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"] == "-//lth//Han nop ke hoach//VI"
    assert calendar["method"] == "PUBLISH"
    assert calendar["x-wr-calname"] == "Hạn nộp kế hoạch CLB"
    assert calendar["x-wr-timezone"] == "Asia/Ho_Chi_Minh"
    assert calendar["refresh-interval"].dt == timedelta(hours=4)
    assert b"X-PUBLISHED-TTL:PT4H\r\n" in answer.data


def test_its_lines_are_short_end_in_crlf_and_keep_their_letters(visitor, program) -> None:
    text = program.get(make(visitor(SPECIALIST))).data
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert text.count(b"\n") == text.count(b"\r\n") == text.count(b"\r")
    lines = text.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")  # a letter cut in two would not be read


def test_an_event_lasts_one_whole_day_and_says_what_is_due(visitor, program, document_of) -> None:
    document = document_of("xã Ngọc Biên")
    found = events(program.get(make(visitor(RETURNED))).data)
    [kept] = named(found, "Đã trình: kế hoạch năm 2021 – xã Ngọc Biên")
    [owed] = named(found, "Hạn sửa cuối: kế hoạch năm 2021 – xã Ngọc Biên")
    assert str(owed["uid"]) == f"{document.unit_id}-{document.period_id}-plan-own-correction@lth"
    assert owed["dtstart"].params["VALUE"] == "DATE"
    assert type(owed["dtstart"].dt) is date
    assert owed["dtend"].dt - owed["dtstart"].dt == timedelta(days=1)
    assert owed["transp"] == "TRANSPARENT"
    assert str(owed["url"]).endswith(f"/commune/documents/{document.id}")
    assert "Sửa theo nhận xét rồi trình lại" in owed["description"]
    assert "Hạn nộp: " in owed["description"]
    assert kept["dtstart"].dt < owed["dtstart"].dt


def test_what_is_owed_rings_the_day_before_at_eight(visitor, program) -> None:
    found = events(program.get(make(visitor(RETURNED))).data)
    [kept] = named(found, "Đã trình: kế hoạch")
    [owed] = named(found, "Hạn sửa cuối: kế hoạch")
    assert kept.walk("VALARM") == []
    [alarm] = owed.walk("VALARM")
    assert alarm["action"] == "DISPLAY"
    midnight = datetime.combine(owed["dtstart"].dt, datetime.min.time())
    rings = midnight + alarm["trigger"].dt
    assert (rings.date(), rings.hour) == (owed["dtstart"].dt - timedelta(days=1), 8)


def test_whoever_has_units_below_sees_how_far_they_are(visitor, program) -> None:
    found = events(program.get(make(visitor(SPECIALIST))).data)
    [below] = named(found, "Hạn nộp: kế hoạch năm 2021 – 14 trên 17 đơn vị đã trình")
    assert "/district/inbox?period=" in below["url"]


def test_two_roles_at_one_unit_give_each_day_once(visitor, program, change, person_id) -> None:
    path = make(visitor(RETURNED))
    one_role = events(program.get(path).data)
    session_role = select(RoleAssignment.unit_id).where(
        RoleAssignment.person_id == person_id(RETURNED)
    )
    change(
        RoleAssignment.__table__.insert().values(
            person_id=person_id(RETURNED),
            unit_id=session_role.limit(1).scalar_subquery(),
            role=Role.OBSERVER,
            valid_from=date(2020, 1, 1),
        )
    )
    assert set(events(program.get(path).data)) == set(one_role)


def test_a_moved_day_keeps_its_event_and_counts_as_changed(
    visitor, program, session, document_of
) -> None:
    path = make(visitor(RETURNED))
    document = document_of("xã Ngọc Biên")
    before = events(program.get(path).data)
    with system(session, Purpose.LOAD):
        row = session.scalars(
            select(Deadline).where(
                Deadline.setter_id == document.next_unit_id,
                Deadline.unit_id.is_(None),
                Deadline.period_id == document.period_id,
                Deadline.kind == document.kind,
            )
        ).one()
        setter, row.last_correction_on = row.setter_id, row.last_correction_on + timedelta(days=7)
        moment = clock.now() + timedelta(minutes=1)
        session.add(AuditEntry(unit_id=setter, what="deadlines.changed", at=moment, data={}))
    session.commit()
    after = events(program.get(path).data)
    assert set(after) == set(before)
    uid = f"{document.unit_id}-{document.period_id}-plan-own-correction@lth"
    assert after[uid]["dtstart"].dt - before[uid]["dtstart"].dt == timedelta(days=7)
    assert after[uid]["sequence"] > before[uid]["sequence"]
    assert after[uid]["last-modified"].dt > before[uid]["last-modified"].dt


def test_what_units_below_do_counts_as_changed_for_all(
    visitor, program, change, document_of, session
) -> None:
    """The last unit sends its plan up: the text changes, so a program must see it as newer."""
    path = make(visitor(SPECIALIST))
    district = document_of("xã Tập Sơn").next_unit_id
    uid = f"{district}-{document_of('xã Tập Sơn').period_id}-plan-all-due@lth"
    before = events(program.get(path).data)[uid]
    sent = {
        "status": Status.SUBMITTED,
        "sent_number": 1,
        "lock_version": Document.lock_version + 1,
        "status_since": clock.now() + timedelta(minutes=1),
    }
    last = Document.next_unit_id == district, Document.sent_number.is_(None)
    change(update(Document).where(*last).values(**sent))
    after = events(program.get(path).data)[uid]
    assert str(before["summary"]).endswith("14 trên 17 đơn vị đã trình")
    assert str(after["summary"]).endswith("15 trên 17 đơn vị đã trình")
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt > before["last-modified"].dt


def test_what_has_not_changed_is_not_sent_again(visitor, program, change, document_of) -> None:
    path = make(visitor(RETURNED))
    etag = program.get(path).headers["ETag"]
    again = program.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    sent = {"status": Status.SUBMITTED, "lock_version": Document.lock_version + 1}
    change(update(Document).where(Document.id == document_of("xã Ngọc Biên").id).values(**sent))
    assert program.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_it_is_in_the_language_in_which_it_was_made(visitor, program, change, person_id) -> None:
    change(update(Person).where(Person.id == person_id(RETURNED)).values(language="en"))
    path = make(visitor(RETURNED))
    change(update(Person).where(Person.id == person_id(RETURNED)).values(language="vi"))
    [owed] = [one for one in events(program.get(path).data).values() if one.walk("VALARM")]
    assert f"{owed['dtstart'].dt:%B}" in owed["description"]


def test_it_tells_units_and_documents_and_nobody_s_name(visitor, program, session) -> None:
    text = program.get(make(visitor(SPECIALIST))).data.replace(b"\r\n ", b"").decode()
    with system(session, Purpose.LOAD):
        names = list(session.scalars(select(Person.name)))
    assert names
    assert [name for name in names if name in text] == []
    assert "@lth.example" not in text


# --- The address --------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "a" * 43, "..%2Fsecret"])
def test_an_unknown_address_does_not_exist(program, token: str) -> None:
    assert program.get(f"/calendar/{token}.ics").status_code == 404


def test_a_new_address_takes_the_place_of_the_old(visitor, program) -> None:
    browser = visitor(RETURNED)
    old = make(browser)
    new = make(browser)
    assert program.get(old).status_code == 404
    assert program.get(new).status_code == 200


def test_a_revoked_address_does_not_exist_any_more(visitor, program) -> None:
    browser = visitor(RETURNED)
    path = make(browser)
    answer = browser.post(PAGE + "/revoke")
    assert answer.headers["Location"] == PAGE
    page = browser.get(PAGE).text
    assert "Đã thu hồi địa chỉ lịch" in page
    assert "Tạo địa chỉ lịch" in page
    assert program.get(path).status_code == 404


def test_the_address_is_shown_once(visitor) -> None:
    browser = visitor(RETURNED)
    assert "Tạo địa chỉ lịch" in browser.get(PAGE).text
    token = make(browser).removeprefix("/calendar/").removesuffix(".ics")
    page = browser.get(PAGE).text
    check_page(page)
    assert token not in page
    assert "Thay địa chỉ" in page
    assert "Thu hồi địa chỉ" in page


def test_whoever_is_no_longer_active_has_no_calendar(visitor, program, change, person_id) -> None:
    path = make(visitor(RETURNED))
    change(update(Person).where(Person.id == person_id(RETURNED)).values(active=False))
    assert program.get(path).status_code == 404


def test_whoever_holds_no_role_has_an_empty_one(visitor, program, change, person_id) -> None:
    path = make(visitor(RETURNED))
    ended = update(RoleAssignment).where(RoleAssignment.person_id == person_id(RETURNED))
    change(ended.values(valid_to=clock.today()))
    answer = program.get(path)
    assert answer.status_code == 200
    assert events(answer.data) == {}


@pytest.mark.parametrize("who", ["system administrator", "unit administrator"])
def test_administrators_have_no_deadlines_of_their_own(visitor, program, who: str) -> None:
    assert events(program.get(make(visitor(who))).data) == {}


def test_neither_log_nor_error_page_names_it(visitor, make_app, monkeypatch, caplog) -> None:
    path = make(visitor(RETURNED))
    token = path.removeprefix("/calendar/").removesuffix(".ics")

    def fail(*_arguments) -> bytes:
        raise RuntimeError("no calendar today")

    monkeypatch.setattr(feed, "write", fail)
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    with caplog.at_level("DEBUG"):
        answer = app.test_client().get(path)
    assert answer.status_code == 500
    assert "no calendar today" in caplog.text
    assert token not in caplog.text
    assert token not in answer.text


def test_an_error_page_does_not_repeat_an_address(program) -> None:
    assert "a" * 43 not in program.get(f"/calendar/{'a' * 43}.ics").text


def test_the_profile_leads_there(visitor) -> None:
    assert f'href="{PAGE}"' in visitor(RETURNED).get("/account").text
