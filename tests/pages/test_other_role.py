"""A link opened in the wrong role says which role opens it and leads there; else nothing at all."""

import html
import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.web.other_role import has_condition
from lth.core import clock
from lth.models import Credential, Document, RoleAssignment, Unit
from lth.models.person import Role
from lth.workflow.kinds import SYNTHESIS

from .conftest import PEOPLE
from .test_neighbours import masked

pytestmark = pytest.mark.databases("sqlite")

ME = PEOPLE["clerk"]
AT_HOME, NEXT_DOOR, FAR = "xã Tập Sơn", "xã Ngọc Biên", "xã Mỹ Cẩm"
DISTRICT, PROVINCE = "huyện Trà Cú", "tỉnh Trà Vinh"
FORM = re.compile(r'<form method="post" action="/account/role">.*?</form>', re.S)
FIELD = re.compile(r'name="(role|next)" value="([^"]*)"')


@pytest.fixture
def hold(session):
    """Have somebody hold one more role; returns its id."""

    def give(role: Role, unit: str | None, email: str = ME) -> int:
        session.rollback()
        with system(session, Purpose.LOAD):
            type_, _, name = (unit or "").partition(" ")
            person_id = session.scalars(
                select(Credential.person_id).where(Credential.email == email)
            ).one()
            planning = Unit.id.in_(select(Document.unit_id))  # names are not unique
            where = Unit.name == name, Unit.type == type_, planning
            unit_id = session.scalars(select(Unit.id).where(*where)).one() if unit else None
            row = RoleAssignment(
                person_id=person_id, unit_id=unit_id, role=role, valid_from=clock.today()
            )
            session.add(row)
            session.flush()
            given = row.id
            session.commit()
        return given

    return give


@pytest.fixture
def as_clerk(visitor, session):
    """Sign in and act in the role that one had first, whichever else one holds."""
    session.rollback()
    with system(session, Purpose.LOAD):
        mine = select(Credential.person_id).where(Credential.email == ME).scalar_subquery()
        first = session.scalars(
            select(RoleAssignment.id).where(RoleAssignment.person_id == mine)
        ).one()
    session.rollback()

    def sign_in():
        browser = visitor(ME)
        assert browser.post("/account/role", {"role": str(first)}).status_code == 302
        return browser

    return sign_in


def way(page: str) -> dict[str, str]:
    """The role and the address of the button that leads on; nothing where there is none."""
    main = page.partition("<main")[2]
    found = [dict(FIELD.findall(form)) for form in FORM.findall(main)]
    assert len(found) <= 1
    return {name: html.unescape(value) for name, value in found[0].items()} if found else {}


def follow(browser, page: str):
    """Press the button, and open the page that it leads to."""
    answer = browser.post("/account/role", way(page))
    assert answer.status_code == 302
    return browser.get(answer.headers["Location"])


# The role held beside the clerk's of xã Tập Sơn; whose document; its page there.
ELSEWHERE = [
    (Role.CLERK, NEXT_DOOR, NEXT_DOOR, "/commune/documents/{}"),
    (Role.LEADER, NEXT_DOOR, NEXT_DOOR, "/commune/documents/{}"),
    (Role.OBSERVER, NEXT_DOOR, NEXT_DOOR, "/commune/documents/{}"),
    (Role.SPECIALIST, DISTRICT, NEXT_DOOR, "/district/documents/{}"),
    (Role.FINANCE_APPRAISER, DISTRICT, "xã Long Hiệp", "/district/documents/{}"),
    (Role.LEADER, PROVINCE, FAR, "/province/documents/{}"),
    (Role.CLERK, NEXT_DOOR, NEXT_DOOR, "/commune/documents/{}/draft"),
    (Role.CLERK, NEXT_DOOR, NEXT_DOOR, "/commune/documents/{}/draft/parts/budget"),
    (Role.CLERK, NEXT_DOOR, NEXT_DOOR, "/commune/documents/{}/checks"),
    (Role.SPECIALIST, DISTRICT, NEXT_DOOR, "/district/documents/{}/checks"),
    (Role.LEADER, DISTRICT, "xã Hàm Giang", "/district/documents/{}/acts/return"),
]


@pytest.mark.parametrize(("role", "at", "whose", "page"), ELSEWHERE)
def test_what_another_role_opens_is_one_button_away(
    as_clerk, hold, document_of, role, at, whose, page
):
    wanted = hold(role, at)
    address = page.format(document_of(whose).id)
    browser = as_clerk()
    for prefix in ("commune", "district"):
        asked = re.sub(r"^/\w+", f"/{prefix}", address) + "?from=mail"
        answer = browser.get(asked)
        assert answer.status_code in {403, 404}, asked
        check_page(answer.text)
        assert way(answer.text) == {"role": str(wanted), "next": address + "?from=mail"}
    opened = follow(browser, answer.text)
    assert opened.status_code in {200, 302}


@pytest.mark.parametrize(
    ("role", "at", "whose"),
    [
        (Role.CLERK, NEXT_DOOR, "xã Hàm Giang"),
        (Role.SPECIALIST, DISTRICT, FAR),
        (Role.SYSTEM_ADMIN, None, "xã Hàm Giang"),
        (Role.UNIT_ADMIN, NEXT_DOOR, NEXT_DOOR),
        (Role.OBSERVER, "xã Long Hiệp", "xã Long Hiệp"),
    ],
)
def test_what_no_role_opens_is_as_what_never_was(as_clerk, hold, document_of, role, at, whose):
    hold(role, at)
    browser = as_clerk()
    for page in ("", "/draft", "/checks", "/synthesis", "/quotas/split", "/acts/approve"):
        for level in ("commune", "district", "province"):
            hidden = browser.get(f"/{level}/documents/{document_of(whose).id}{page}")
            absent = browser.get(f"/{level}/documents/999999{page}")
            assert hidden.status_code == absent.status_code
            assert masked(hidden.text) == masked(absent.text)
            assert not way(hidden.text)


def test_a_page_that_this_document_has_not_leads_to_the_document(as_clerk, hold, document_of):
    wanted, document_id = hold(Role.SPECIALIST, DISTRICT), document_of(NEXT_DOOR).id
    answer = as_clerk().get(f"/district/documents/{document_id}/synthesis")
    assert way(answer.text) == {
        "role": str(wanted),
        "next": f"/district/documents/{document_id}",
    }


@pytest.mark.parametrize("page", ["", "/matrix", "/money"])
def test_a_synthesis_opens_with_the_role_of_its_level(as_clerk, hold, document_of, page):
    wanted, document_id = hold(Role.LEADER, DISTRICT), document_of(DISTRICT, SYNTHESIS).id
    address = f"/district/documents/{document_id}/synthesis{page}"
    browser = as_clerk()
    answer = browser.get(address)
    assert way(answer.text) == {"role": str(wanted), "next": address}
    assert follow(browser, answer.text).status_code == 200


def test_the_own_level_has_another_prefix(as_clerk, document_of):
    document_id = document_of(AT_HOME).id
    answer = as_clerk().get(f"/district/documents/{document_id}")
    assert answer.status_code == 404
    check_page(answer.text)
    assert f'href="/commune/documents/{document_id}"' in answer.text
    assert not way(answer.text)


@pytest.mark.parametrize(
    ("role", "at", "address"),
    [
        (Role.SPECIALIST, DISTRICT, "/district/inbox?state=submitted"),
        (Role.LEADER, AT_HOME, "/commune/delegations"),
        (Role.UNIT_ADMIN, NEXT_DOOR, "/admin/people"),
        (Role.UNIT_ADMIN, NEXT_DOOR, "/admin/deadlines/add"),
        (Role.UNIT_ADMIN, NEXT_DOOR, "/mail"),
        (Role.SYSTEM_ADMIN, None, "/admin/units"),
        (Role.SYSTEM_ADMIN, None, "/admin/calendar"),
    ],
)
def test_pages_without_a_document_too(as_clerk, hold, role, at, address):
    wanted = hold(role, at)
    browser = as_clerk()
    answer = browser.get(address)
    assert answer.status_code in {403, 404}
    assert way(answer.text) == {"role": str(wanted), "next": address}
    assert follow(browser, answer.text).status_code == 200


def test_an_administrators_page_opens_in_the_unit_of_what_it_is_about(as_clerk, hold, session):
    first, second = hold(Role.UNIT_ADMIN, AT_HOME), hold(Role.UNIT_ADMIN, NEXT_DOOR)
    email = PEOPLE["clerk of a returned plan"]
    with system(session, Purpose.LOAD):
        there = session.scalars(select(Credential.person_id).where(Credential.email == email)).one()
    session.rollback()
    browser = as_clerk()
    browser.post("/account/role", {"role": str(first)})
    answer = browser.get(f"/admin/people/{there}")
    assert way(answer.text) == {"role": str(second), "next": f"/admin/people/{there}"}
    absent = browser.get("/admin/people/999999")
    assert not way(absent.text)


def test_it_asks_as_much_of_the_database_with_many_roles_as_with_two(
    as_clerk, hold, document_of, statements
):
    hold(Role.CLERK, NEXT_DOOR)
    browser, address = as_clerk(), f"/commune/documents/{document_of(NEXT_DOOR).id}/draft"
    counts = []
    for unit in ("xã Hàm Giang", "xã Tân Sơn", "xã Long Hiệp", DISTRICT):
        statements.clear()
        assert way(browser.get(address).text)
        counts.append(len(statements))
        hold(Role.LEADER, unit)
    assert len(set(counts)) == 1
    assert counts[0] <= 12


def test_it_is_known_of_each_page_of_a_document_when_it_opens(guarded):
    pages = {
        rule.endpoint.partition(".")[2]
        for rule in guarded.url_map.iter_rules()
        if "document_id" in rule.arguments and "GET" in rule.methods
    }
    assert {page for page in pages if not has_condition(page)} == set()


def test_no_other_site_is_followed(as_clerk, hold):
    given = hold(Role.LEADER, AT_HOME)
    for address in ("//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example"):
        answer = as_clerk().post("/account/role", {"role": str(given), "next": address})
        assert answer.headers["Location"] in {"/commune/", "/"}
