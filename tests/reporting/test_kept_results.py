"""What is kept of a dashboard follows everything that it is made of."""

from datetime import date

import pytest
from sqlalchemy import select
from support.people import let_in
from support.resultworld import ResultWorld
from synthesis.builders import NOON

from lth.access.scope import Purpose, system
from lth.blueprints.reporting import kept_pages
from lth.models import (
    Area,
    Club,
    ClubBook,
    Deadline,
    Document,
    Indicator,
    Participation,
    Quota,
    ReportRequest,
    Revision,
    Unit,
)
from lth.models.club import ClubState
from lth.models.document import Status


@pytest.fixture
def dataset() -> str:
    return "results"


@pytest.fixture
def world(session) -> ResultWorld:
    return ResultWorld(session)


def first(session, model, **values):
    return session.scalars(select(model).filter_by(**values).order_by(model.id)).first()


def a_book(session, world):
    book = first(session, ClubBook, unit_id=world.units["kimson"].id)
    book.members, book.version = 62, book.version + 1


def a_new_book(session, world):
    book = first(session, ClubBook, unit_id=world.units["kimson"].id)
    place = {"club_id": book.club_id, "unit_id": book.unit_id, "unit_path": book.unit_path}
    session.add(ClubBook(**place, month=date(2021, 6, 1), members=64, saved_at=book.saved_at))


def a_club(session, world):
    club = first(session, Club, unit_id=world.units["kimson"].id)
    club.state, club.ended_on = ClubState.CLOSED, date(2021, 4, 1)
    club.version += 1


def a_quota(session, world):
    first(session, Quota, unit_id=world.units["tracu"].id).value = 7


def two_quotas_by_as_much(session, world):
    first(session, Quota, unit_id=world.units["tapson"].id).value += 1
    first(session, Quota, unit_id=world.units["ngaixuyen"].id).value -= 1


def a_report(session, world):
    document = first(session, Document, unit_id=world.units["ngaixuyen"].id, kind="report")
    revision = first(session, Revision, document_id=document.id)
    revision.released_at = revision.submitted_at
    document.released_number, document.status = 1, Status.APPROVED
    document.lock_version += 1


def a_name(session, world):
    session.get_one(Unit, world.units["kimson"].id).name = "Kim Sơn mới"


def who_takes_part(session, world):
    key = {"period_id": world.window.id, "unit_id": world.units["kimson"].id}
    session.get_one(Participation, key).left_on = date(2021, 6, 1)


def a_deadline(session, world):
    deadline = first(session, Deadline, period_id=world.window.id, kind="report")
    deadline.due_on = deadline.latest_on = date(2030, 6, 30)


def a_label(session, world):
    first(
        session, Indicator, code="clubs_new", programme_id=world.period.programme_id
    ).label_vi = "Câu lạc bộ mới"


def a_norm(session, world):
    first(
        session, Indicator, code="club_size", programme_id=world.period.programme_id
    ).threshold_min = 55


def an_area(session, world):
    first(session, Area, code="income", programme_id=world.period.programme_id).name_vi = "Tăng thu"


def a_request(session, world):
    document = first(session, Document, unit_id=world.units["tapson"].id, kind="report")
    place = {"unit_id": document.unit_id, "unit_path": document.unit_path}
    of = {"document_id": document.id, "programme_id": document.programme_id}
    district = world.units["tracu"]
    held = {"held_by_id": district.id, "top_path": district.path, "owed_by_id": district.id}
    what = {"period_id": document.period_id, "kind": document.kind, "line_key": "request-1"}
    days = {"raised_at": NOON, "owed_since": NOON}
    session.add(ReportRequest(**place, **of, **held, **what, **days, text="Cần tập huấn"))


CHANGES = [
    a_request,
    a_book,
    a_new_book,
    a_club,
    a_quota,
    two_quotas_by_as_much,
    a_report,
    a_name,
    who_takes_part,
    a_deadline,
    a_label,
    a_norm,
    an_area,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_dashboard_follows(new_client, session, world, change) -> None:
    client = new_client()
    let_in(client, world.people["leader@tracu"])

    def page() -> str:
        """Without its frame, whose tokens are new each time."""
        return client.get("/district/results").text.partition("<main")[2].partition("</main")[0]

    before = page()
    assert page() == before
    with system(session, Purpose.LOAD):
        change(session, world)
        session.flush()
    session.commit()
    after = page()
    assert after != before
    kept_pages.forget()
    assert page() == after


@pytest.mark.databases("sqlite")
def test_a_request_that_waits_is_told(new_client, session, world) -> None:
    with system(session, Purpose.LOAD):
        a_request(session, world)
        session.flush()
    session.commit()
    client = new_client()
    let_in(client, world.people["leader@tracu"])
    page = client.get("/district/results").text
    assert (
        '<a href="/district/requests/below">1 kiến nghị</a> của cấp dưới chưa được trả lời.' in page
    )
    assert "1 đang chờ đơn vị trả lời." in page


@pytest.mark.databases("sqlite")
def test_what_is_kept_is_one_scopes(new_client, world) -> None:
    """Two districts ask at the same address, and the same district in two languages."""
    pages = {}
    for who in ("leader@tracu", "leader@canglong", "observer@tracu"):
        client = new_client()
        let_in(client, world.people[who])
        pages[who] = client.get("/district/results").text
    assert "Huyện Càng Long" in pages["leader@canglong"]
    assert "Xã Kim Sơn" not in pages["leader@canglong"]
    assert "Xã Kim Sơn" in pages["observer@tracu"]
