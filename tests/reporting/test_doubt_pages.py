"""What does not look right in a report, on its page: confirmed by its drafter, read by others."""

import html
import re
from datetime import date

import pytest
from sqlalchemy import select
from support import draftworld, reportworld
from support.pages import check_page
from support.people import let_in

from lth.access.scope import Purpose, system
from lth.models import Explanation, Indicator, Person, ReportRegime, ReportValue
from lth.models.report import Reported
from lth.reporting.windows import WindowSpan

KEY = "f-P01-t-members_total"


@pytest.fixture
def dataset() -> str:
    return "reporting"


@pytest.fixture
def report(session) -> int:
    """A report of Tập Sơn that has a quarter of the members of its last one."""
    document = reportworld.start(session)
    with system(session, Purpose.LOAD):
        regime = session.scalars(select(ReportRegime)).one()
    reportworld.open_span(session, regime, WindowSpan(date(2020, 6, 15), date(2020, 12, 14)))
    with system(session, Purpose.LOAD):
        members = reportworld.values(session, document)["members_total"].value
    last = reportworld.start(session, code="2020-N")
    with system(session, Purpose.LOAD):
        head = draftworld.head(session, last)
        for row in session.scalars(select(ReportValue).where(ReportValue.revision_id == head.id)):
            session.delete(row)
        session.flush()
        of_programme = Indicator.programme_id == regime.programme_id
        indicator = session.scalars(
            select(Indicator).where(of_programme, Indicator.code == "members_total")
        ).one()
        place = {"line_key": indicator.code, "indicator_id": indicator.id}
        value = {"reported": Reported.VALUE, "value": 4 * members}
        session.add(ReportValue(revision_id=head.id, **place, **value))
        session.flush()
        last.in_force_number = head.number
    found = document.id
    session.commit()
    session.expunge_all()
    return found


@pytest.fixture
def browse(session, new_client, report):
    def sign_in(who: str):
        with system(session, Purpose.LOAD):
            person_id = session.scalars(select(Person.id).where(Person.name == who)).one()
        session.rollback()
        client = new_client()
        let_in(client, person_id)
        return client

    return sign_in


def sent(page: str, text: str) -> dict[str, str]:
    """The form of the one doubt, with a text."""
    fields = dict(re.findall(r'type="hidden" name="(f-P01[^"]*)" value="([^"]*)"', page))
    typed = {"finding": KEY, "pressed": KEY, f"{KEY}:text": text}
    return {name: html.unescape(value) for name, value in fields.items()} | typed


def explained(session) -> list[str]:
    session.rollback()
    with system(session, Purpose.LOAD):
        found = list(session.scalars(select(Explanation.text)))
    session.rollback()
    return found


def test_a_clerk_confirms_what_does_not_look_right(session, browse, report) -> None:
    clerk, address = browse("clerk@tapson"), f"/commune/documents/{report}/doubts"
    page = clerk.get(address).text
    check_page(page)
    assert "Khác xa kỳ trước" in page
    assert "1 chỗ chưa sửa, chưa xác nhận." in page
    answer = clerk.post(address, data=sent(page, "Hai câu lạc bộ đã tách sang xã khác."))
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/doubts#{KEY}")
    page = clerk.get(address).text
    assert "Hai câu lạc bộ đã tách sang xã khác." in page
    assert "chưa xác nhận" not in page
    assert explained(session) == ["Hai câu lạc bộ đã tách sang xã khác."]


def test_an_older_page_changes_nothing(session, browse, report) -> None:
    clerk, address = browse("clerk@tapson"), f"/commune/documents/{report}/doubts"
    old = clerk.get(address).text
    assert clerk.post(address, data=sent(old, "Lời thứ nhất.")).status_code == 302
    answer = clerk.post(address, data=sent(old, "Lời thứ hai."))
    assert answer.status_code == 409
    assert "Lời thứ hai." in answer.text, "what was typed is not lost"
    assert explained(session) == ["Lời thứ nhất."]


def test_nobody_else_reads_a_draft_or_writes_in_it(session, browse, report) -> None:
    address = f"documents/{report}/doubts"
    assert browse("clerk@ngaixuyen").get(f"/commune/{address}").status_code == 404
    assert browse("specialist@tracu").get(f"/district/{address}").status_code == 404
    watching = browse("observer@tapson")
    assert watching.get(f"/commune/{address}").status_code in {403, 404}
    assert watching.post(f"/commune/{address}", data={"finding": KEY}).status_code in {403, 404}
    assert explained(session) == []


def test_a_report_without_a_confirmation_is_not_sent(browse, report) -> None:
    page = browse("clerk@tapson").get(f"/commune/documents/{report}/draft").text
    assert "Cần sửa hoặc xác nhận." in page
    assert f"/commune/documents/{report}/doubts" in page
