"""The desk: all that waits on a person, in any of their roles; how far the units below are."""

import html
import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.actor import Actor, assignments
from lth.access.scope import Purpose, Scope, bind, system
from lth.clubs import visit_lists
from lth.clubs.visit_lists import FindingsShown
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Credential, Quota, RoleAssignment, Unit
from lth.models.person import Role
from lth.quotas import errands_of
from lth.reporting import request_lists
from lth.reporting.request_lists import RequestSearch, RequestsShown
from lth.workflow import inbox, tasks, waiting

from .test_constant_queries import queries

pytestmark = pytest.mark.databases("sqlite")

TWO_JOBS = "hoi-nct.ngoc-bien-long-hiep@lth.example"
TAG = re.compile(r"<[^>]+>|\s+")


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", TAG.sub(" ", page)))


def panel(page: str, name: str) -> str:
    """A panel of the desk, as it is read; empty where there is none."""
    found = re.search(rf'<section[^>]*id="{name}".*?</section>', page, re.S)
    return text_of(found[0]) if found else ""


@pytest.fixture
def roles(session):
    """The roles of a person, by e-mail."""

    def find(email: str) -> list[Actor]:
        with system(session, Purpose.SIGN_IN):
            person_id = session.scalars(
                select(Credential.person_id).where(Credential.email == email)
            ).one()
            found = [Actor.of(held) for held in assignments(session, person_id, clock.today())]
        session.rollback()
        return found

    return find


@pytest.fixture
def give(session):
    """One more role for somebody."""

    def appoint(email: str, role: Role, unit: str) -> None:
        with system(session, Purpose.LOAD):
            person_id = session.scalars(
                select(Credential.person_id).where(Credential.email == email)
            ).one()
            named = select(Unit.id).where(Unit.name == unit).order_by(Unit.valid_from)
            unit_id = session.scalars(named).first()
            session.add(
                RoleAssignment(
                    person_id=person_id, unit_id=unit_id, role=role, valid_from=clock.today()
                )
            )
        session.commit()

    return appoint


def test_what_waits_in_another_role_is_said_with_a_way_there(visitor, roles, session):
    browser = visitor(TWO_JOBS)
    page = browser.get("/commune/").text
    check_page(page)
    here, there = sorted(roles(TWO_JOBS), key=lambda actor: f"{actor.unit_name}" not in page)[:2]
    found = tasks.counts(session, [here, there])
    session.rollback()
    assert found[there.assignment_id].total
    said = panel(page, "elsewhere")
    assert there.unit_name in said
    assert "Sang vai này" in said
    assert f'name="role" value="{there.assignment_id}"' in page
    assert f'{found[there.assignment_id].total}<span class="visually-hidden"> việc đang chờ' in page
    browser.post("/account/role", {"role": there.assignment_id})
    assert here.unit_name in panel(browser.get("/commune/").text, "elsewhere")


def test_as_many_queries_however_many_roles_there_are(visitor, give, engine_of):
    email = "can-bo.tap-son@lth.example"
    found = []
    for unit in ("Long Hiệp", "Đại An", "Hàm Giang"):
        give(email, Role.CLERK, unit)
        give(email, Role.LEADER, unit)
        browser = visitor(email)
        browser.get("/commune/")
        found.append(queries(engine_of, browser, "/commune/"))
    assert len(set(found)) == 1, found
    assert found[0] <= 12


def test_each_kind_counts_what_its_page_lists(session, roles):
    """Of every person of the demo who has a role at a unit."""
    with system(session, Purpose.SIGN_IN):
        emails = session.scalars(select(Credential.email)).all()
    checked = 0
    for email in emails[::5]:
        for actor in roles(email):
            if actor.unit_id is None:
                continue
            counts = tasks.counts(session, [actor])[actor.assignment_id].by_task
            bind(session, Scope.of(actor))
            expected = {
                "documents": waiting.desk(session, actor, limit=1000).count,
                "openings": len(waiting.openings(session, actor)),
                "quotas": len(errands_of(session, actor)),
                "requests": ours(session, actor, from_below=True),
                "answers": ours(session, actor, from_below=False),
                "findings": late_findings(session, actor),
            }
            assert set(tasks.TASKS) == set(expected)
            assert counts == {name: count for name, count in expected.items() if count}, email
            checked += bool(counts)
            session.rollback()
    assert checked > 5


def ours(session, actor: Actor, *, from_below: bool) -> int:
    """How many requests of reports its list says are a role's to go on with."""
    roles = {Role.SPECIALIST, Role.LEADER} | (set() if from_below else {Role.CLERK})
    if actor.role not in roles:
        return 0
    search = RequestSearch(from_below, RequestsShown.OURS)
    scope, today = Scope.of(actor), clock.today()
    rows, _ = request_lists.listed(session, scope, search, Calendar(), today, limit=1000)
    drafts = {actor.role} if actor.role is not Role.LEADER else set(Role)
    return len([one for one in rows if from_below or one.kind.drafter in drafts])


def late_findings(session, actor: Actor) -> int:
    """How many of the findings that its list shows as late a unit made, or has at its clubs."""
    if actor.role not in {Role.CLERK, Role.SPECIALIST, Role.LEADER}:
        return 0
    scope, today = Scope.of(actor), clock.today()
    rows, _ = visit_lists.findings(session, scope, FindingsShown.LATE, today, limit=1000)
    return len([one for one in rows if actor.unit_id in {one.unit_id, one.club.unit_id}])


def test_nothing_waits_is_not_said_where_something_does(visitor, session):
    with system(session, Purpose.LOAD):
        receivers = session.scalars(select(Quota.unit_id).distinct()).all()
    session.rollback()
    assert receivers
    page = visitor("clerk of a returned plan").get("/commune/").text
    assert "chỉ tiêu chờ trả lời" in panel(page, "waiting")
    assert "Không có việc nào" not in page


def test_the_progress_of_the_units_below_counts_each_of_them_once(visitor, roles, session):
    browser = visitor("district specialist")
    page = browser.get("/district/").text
    actor = roles("chuyen-vien.huyen-tra-cu@lth.example")[0]
    bind(session, Scope.of(actor))
    rounds = inbox.progress(session, actor)
    assert rounds
    for round_, counts in rounds:
        assert counts.units == round_.units
        assert f"{counts.sent} trên {counts.units} đơn vị đã trình" in panel(page, "progress")
        address = f"/district/inbox?period={round_.period.id}&kind={round_.kind}"
        listed = text_of(browser.get(address).text)
        assert f"{counts.sent} trên {counts.units} đơn vị đã trình" in listed
        states = inbox.listing(session, actor, round_.period.id, round_.kind).counts
        behind = sum(states.get(inbox.InboxState(one.value), 0) for one in inbox.PROGRESS)
        behind += states.get(inbox.InboxState.MISSING, 0)
        assert counts.sent == counts.units - behind
    session.rollback()
