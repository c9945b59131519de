"""Administration: whose it is, people, offices, settings, deadlines, the trail, the units."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, event, func, insert, select, update
from support.pages import check_page
from support.people import PASSWORD, email, let_in
from world import DAY, FIRST_DAY, World

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.core.vietnamese import search_key
from lth.models import (
    AuditEntry,
    Credential,
    Deadline,
    Invitation,
    Office,
    OutboxMessage,
    PasswordReset,
    Person,
    Reception,
    RoleAssignment,
    Unit,
    UnitSettings,
)
from lth.models.document import Mode, Status
from lth.models.person import Role
from lth.models.unit import Level, OfficeFunction
from lth.workflow import deadlines
from lth.workflow.kinds import PLAN, REPORT, REVIEW

LOOKING = (
    "/people",
    "/people/add",
    "/people/invitations",
    "/people/{person}",
    "/people/{person}/name",
    "/people/{person}/roles",
    "/people/{person}/roles/{role}/end",
    "/offices",
    "/offices/add",
    "/offices/{office}",
    "/settings",
    "/deadlines",
    "/deadlines/add",
    "/deadlines/{deadline}",
    "/trail",
)
DOING = (
    "/people/add",
    "/people/{person}/name",
    "/people/{person}/roles",
    "/people/{person}/roles/{role}/end",
    "/people/{person}/lock",
    "/people/{person}/unlock",
    "/people/{person}/invite",
    "/people/invitations/{invitation}/remind",
    "/people/invitations/{invitation}/withdraw",
    "/offices/add",
    "/offices/{office}",
    "/offices/{office}/remove",
    "/settings",
    "/deadlines/add",
    "/deadlines/{deadline}",
    "/deadlines/{deadline}/remove",
)
EVERY = [("get", rule) for rule in LOOKING] + [("post", rule) for rule in DOING]
OF_SOMETHING = [(method, rule) for method, rule in EVERY if "{" in rule]


@pytest.fixture
def ids(world: World, read) -> dict[str, int]:
    """A clerk of D with their role, D's office and D's deadline for all."""
    district = world.units["D"].id
    [office] = read(select(Office.id).where(Office.unit_id == district))
    [deadline] = read(
        select(Deadline.id).where(Deadline.setter_id == district, Deadline.unit_id.is_(None))
    )
    [invitation] = read(select(Invitation.id).where(Invitation.unit_id == district))
    return {
        "invitation": invitation,
        "person": world.people["clerk@D"].id,
        "role": world.actors["clerk@D"].assignment_id,
        "office": office,
        "deadline": deadline,
    }


@pytest.fixture
def admin(signed_in) -> FlaskClient:
    """D's administrator."""
    return signed_in("unit_admin@D")


def seen(client: FlaskClient, path: str) -> str:
    """The version that a page's form carries."""
    found = re.search(r'name="seen" (?:type="hidden" )?value="([^"]*)"', client.get(path).text)
    return found[1]


def trail(read, unit: Any) -> list[tuple[str, dict[str, Any]]]:
    """What was noted of a unit since the world was made: (what, data)."""
    statement = select(AuditEntry.what, AuditEntry.data).where(AuditEntry.what != "settings")
    return read(statement.where(AuditEntry.unit_id == unit.id).order_by(AuditEntry.id))


def shows_error(answer: Any, field: str, said: str) -> bool:
    """Whether a form came back with an error beside its field and in the summary."""
    assert answer.status_code == 422, answer.text
    assert said in answer.text
    return f'id="{field}-error"' in answer.text and f'href="#{field}' in answer.text


# --- Whose it is --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["unit_admin@A", "unit_admin@E", "unit_admin@P"])
def test_another_units_pages_are_not_there(signed_in, world: World, ids, who: str) -> None:
    client = signed_in(who)
    for method, rule in EVERY:
        path = f"/admin/units/{world.units['D'].id}{rule.format(**ids)}"
        assert getattr(client, method)(path).status_code == 404, (method, rule)


def test_another_units_things_are_not_there_under_ones_own_address(signed_in, ids) -> None:
    client = signed_in("unit_admin@A")
    for method, rule in OF_SOMETHING:
        path = "/admin" + rule.format(**ids)
        assert getattr(client, method)(path).status_code == 404, (method, rule)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("who", ["clerk@D", "leader@D", "specialist@D", "observer@D"])
def test_planners_do_not_administer(signed_in, world: World, ids, who: str) -> None:
    client = signed_in(who)
    for method, rule in EVERY:
        path = f"/admin/units/{world.units['D'].id}{rule.format(**ids)}"
        assert getattr(client, method)(path).status_code == 403, rule
    assert client.get("/admin/units").status_code == 403


@pytest.mark.databases("sqlite")
def test_signed_out_one_is_asked_to_sign_in(world: World, client: FlaskClient, ids) -> None:
    for rule in LOOKING:
        assert client.get("/admin" + rule.format(**ids)).location.startswith("/sign-in"), rule


def test_ones_own_unit_has_two_addresses_and_the_system_one(
    signed_in, admin: FlaskClient, world: World, ids
) -> None:
    root = signed_in("system_admin")
    for rule in LOOKING:
        inside = rule.format(**ids)
        path = f"/admin/units/{world.units['D'].id}{inside}"
        assert admin.get("/admin" + inside).status_code == 200, rule
        assert admin.get(path).status_code == 200, rule
        assert root.get(path).status_code == 200, rule


@pytest.mark.databases("sqlite")
def test_unknown_units_and_things_are_not_there(signed_in, admin: FlaskClient) -> None:
    root = signed_in("system_admin")
    for rule in LOOKING:
        missing = dict.fromkeys(("person", "role", "office", "deadline", "invitation"), 9999)
        assert root.get("/admin/units/9999" + rule.format(**missing)).status_code == 404
        if "{" in rule:
            assert admin.get("/admin" + rule.format(**missing)).status_code == 404


@pytest.mark.databases("sqlite")
def test_the_system_administrator_sees_no_plans(signed_in, world: World) -> None:
    root = signed_in("system_admin")
    for level in ("commune", "district", "province"):
        assert root.get(f"/{level}/").status_code in {403, 404}
        document_id = world.documents["A.issued"].id
        assert root.get(f"/{level}/documents/{document_id}").status_code in {403, 404}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("who", ["unit_admin@D", "system_admin"])
def test_the_pages_are_sound(guarded, world: World, ids, who: str) -> None:
    client = guarded.test_client()
    let_in(client, world.people[who].id)
    for rule in LOOKING:
        path = f"/admin/units/{world.units['D'].id}{rule.format(**ids)}"
        check_page(client.get(path).text)
    check_page(client.get("/admin/units?q=d").text)  # for the other a page that says no


@pytest.mark.databases("sqlite")
def test_no_page_asks_the_database_much(
    admin: FlaskClient, world: World, ids, engine: Engine
) -> None:
    for rule in LOOKING:
        with statements(engine) as found:
            admin.get("/admin" + rule.format(**ids))
        assert len(found) <= 12, (rule, found)


# --- People: seeing them ------------------------------------------------------------------


def test_a_unit_administrator_sees_the_units_people(admin: FlaskClient) -> None:
    page = admin.get("/admin/people").text
    assert email("clerk@D") in page
    assert "Cán bộ lập kế hoạch" in page
    assert "clerk@A" not in page
    assert "system_admin" not in page


def test_a_unit_reads_no_address_of_whom_has_left(
    signed_in, admin: FlaskClient, world: World, ids, write
) -> None:
    """It may be of another place since, and no search tells of it either."""
    assert end(admin, ids["person"], ids["role"]).status_code == 302
    mine = Credential.person_id == ids["person"]
    write(update(Credential).where(mine).values(email="noi.khac@tinh.gov.vn"))
    name = world.people["clerk@D"].name
    listed = admin.get("/admin/people").text
    assert name in listed
    for page in (listed, admin.get(f"/admin/people/{ids['person']}").text):
        assert "noi.khac" not in page
    assert name not in admin.get("/admin/people?q=noi.khac").text
    root = signed_in("system_admin")
    assert "noi.khac" in root.get(f"/admin/people/{ids['person']}").text
    assert name in root.get("/admin/people?q=noi.khac").text
    still = admin.get("/admin/people?q=" + email("leader@D")).text
    assert world.people["leader@D"].name in still


def test_of_a_persons_roles_a_unit_administrator_sees_the_units_own(
    signed_in, admin: FlaskClient, world: World, write
) -> None:
    person = world.people["clerk@D"]
    here = RoleAssignment(
        person_id=person.id, unit_id=world.units["E"].id, role=Role.OBSERVER, valid_from=FIRST_DAY
    )
    write(here)
    assert "Giám sát" not in admin.get(f"/admin/people/{person.id}").text
    everything = signed_in("system_admin").get(f"/admin/people/{person.id}").text
    assert "Giám sát" in everything
    assert "đơn vị E" in everything


def test_the_system_administrator_finds_anybody(signed_in, world: World) -> None:
    page = signed_in("system_admin").get("/admin/people?q=LEADER.C").text
    assert email("leader@C") in page
    assert email("leader@A") not in page
    assert "Không thấy ai" in signed_in("system_admin").get("/admin/people?q=100%25").text


def test_the_list_is_paged_and_costs_the_same_however_long(
    signed_in, engine: Engine, world: World, write
) -> None:
    client = signed_in("unit_admin@D")
    with statements(engine) as few:
        client.get("/admin/people")
    add_people(world, write, 120)
    with statements(engine) as many:
        page = client.get("/admin/people").text
    assert len(few) == len(many) <= 12
    assert page.count("<tr>") == 51
    last = client.get("/admin/people?page=3").text
    assert last.count("<tr>") == 1 + 127 - 100
    assert 'aria-current="page"><span class="visually-hidden">Trang </span>3<' in last


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "9" * 5000, "5"])
def test_a_page_that_is_none_is_no_error(admin: FlaskClient, page: str) -> None:
    assert admin.get(f"/admin/people?page={page}").status_code == 200


def add_people(world: World, write, count: int) -> None:
    unit_id = world.units["D"].id
    ids = range(1000, 1000 + count)
    write(
        insert(Person).values(
            [
                {
                    "id": one,
                    "name": f"Người {one}",
                    "sort_key": f"nguoi {one}",
                    "search_key": f"nguoi {one}",
                    "created_at": clock.now(),
                    "position": "",
                }
                for one in ids
            ]
        ),
        insert(Credential).values(
            [{"person_id": one, "email": f"nguoi{one}@example.test"} for one in ids]
        ),
        insert(RoleAssignment).values(
            [
                {"person_id": one, "unit_id": unit_id, "role": "clerk", "valid_from": FIRST_DAY}
                for one in ids
            ]
        ),
    )


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database within the block."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement and not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


# --- People: inviting them (see also test_invitations) -----------------------------------

INVITING = ("invitation", "first_password")
SOMEBODY = {
    "email": "can.bo.moi@tracu.gov.vn",
    "name": "Cán bộ mới",
    "position": "Chuyên viên",
    "role": "specialist",
    "office_id": "",
    "valid_from": "2026-01-15",
    "valid_from-sure": "2026-01-15",
    "last_day-sure": "31/12/2026",
    "last_day": "",
}


def add(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/admin/people/add", data=SOMEBODY | changes)


def newest(read) -> Invitation:
    """The invitation that was written last."""
    return read(select(Invitation).order_by(Invitation.id))[-1]


def test_somebody_new_is_invited_and_has_nothing_yet(
    admin: FlaskClient, world: World, ids, read
) -> None:
    answer = add(admin, office_id=ids["office"], last_day="31/12/2026")
    assert answer.location == "/admin/people/invitations"
    page = admin.get(answer.location).text
    assert "Cán bộ mới" in page
    assert "15/01/2026 – 31/12/2026" in page
    assert "Chờ trả lời" in page
    assert read(select(Credential).where(Credential.email == SOMEBODY["email"])) == []
    invited = newest(read)
    assert (invited.role, invited.office_id) == (Role.SPECIALIST, ids["office"])
    assert (invited.valid_from, invited.valid_to) == (date(2026, 1, 15), date(2027, 1, 1))


def test_an_invitation_is_noted(admin: FlaskClient, world: World, read) -> None:
    add(admin)
    changes = {
        "email": [None, SOMEBODY["email"]],
        "role": [None, "specialist"],
        "valid_from": [None, "2026-01-15"],
    }
    told = {"subject": "Cán bộ mới", "changes": changes}
    assert trail(read, world.units["D"]) == [("invitations.sent", told)]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"email": ""}, "email", "Hãy nhập địa chỉ thư điện tử."),
        ({"email": "can bo"}, "email", "chưa đúng dạng"),
        ({"email": "can.bo@xa,gov.vn"}, "email", "chưa đúng dạng"),
        ({"email": "cán.bộ@xa.gov.vn"}, "email", "chưa đúng dạng"),
        ({"name": "  "}, "name", "Hãy nhập họ tên hoặc chức danh."),
        ({"name": "x" * 161}, "name", "dài quá 160 ký tự"),
        ({"position": "x" * 161}, "position", "dài quá 160 ký tự"),
        ({"role": "emperor"}, "role", "Hãy chọn một mục trong danh sách."),
        ({"role": "system_admin"}, "role", "Hãy chọn một mục trong danh sách."),
        ({"office_id": "9999"}, "office_id", "Hãy chọn một mục trong danh sách."),
        ({"office_id": "x"}, "office_id", "Hãy chọn một mục trong danh sách."),
        ({"valid_from": ""}, "valid_from", "Hãy nhập ngày bắt đầu."),
        ({"valid_from": "31/02/2026"}, "valid_from", "Hãy nhập ngày theo mẫu"),
        ({"last_day": "hôm qua"}, "last_day", "Hãy nhập ngày theo mẫu"),
        (
            {"last_day": "14/01/2026", "last_day-sure": "14/01/2026"},
            "last_day",
            "không được trước ngày bắt đầu",
        ),
    ],
)
def test_what_is_wrong_with_somebody_new_is_said_and_nothing_lost(
    admin: FlaskClient, read, changes: dict[str, str], field: str, said: str
) -> None:
    before = read(select(func.count()).select_from(Invitation))
    answer = add(admin, **changes)
    assert shows_error(answer, field, said)
    for name in ("name", "position", "email"):
        typed = " ".join((SOMEBODY | changes)[name].split())
        assert f'value="{typed}"' in answer.text
    assert read(select(func.count()).select_from(Invitation)) == before
    assert read(select(OutboxMessage.id).where(OutboxMessage.kind.in_(INVITING))) == []


def test_another_units_office_cannot_be_chosen(
    signed_in, admin: FlaskClient, world: World, read
) -> None:
    [foreign] = read(select(Office.id).where(Office.unit_id == world.units["A"].id))
    assert shows_error(add(admin, office_id=foreign), "office_id", "Hãy chọn một mục")


def test_system_administrators_are_invited_by_their_own(signed_in, read) -> None:
    root = signed_in("system_admin")
    assert "Mời quản trị hệ thống" in root.get("/admin/people/add").text
    add(root, role="system_admin")
    invited = newest(read)
    assert (invited.role, invited.unit_id) == (Role.SYSTEM_ADMIN, None)
    assert shows_error(add(root, role="clerk", email="b@xa.gov.vn"), "role", "Hãy chọn một mục")


# --- People: changing them ----------------------------------------------------------------


def act(client: FlaskClient, person_id: int, what: str, **data: Any) -> Any:
    """One of the forms of a person's page, filled from the page as it is now."""
    base = f"/admin/people/{person_id}"
    if "seen" not in data:
        data["seen"] = seen(client, base)
    return client.post(f"{base}/{what}", data=data)


def test_a_name_and_position_are_changed_with_a_trace(
    admin: FlaskClient, world: World, ids, read
) -> None:
    person_id = ids["person"]
    form = admin.get(f"/admin/people/{person_id}/name").text
    assert 'value="clerk@D"' in form
    data = {"name": "Cán bộ  LĐTBXH", "position": "Công chức"}
    assert act(admin, person_id, "name", **data).status_code == 302
    found = read(select(Person.name, Person.position).where(Person.id == person_id))
    assert found == [("Cán bộ LĐTBXH", "Công chức")]
    [(what, told)] = trail(read, world.units["D"])
    assert what == "people.renamed"
    assert told["changes"] == {
        "name": ["clerk@D", "Cán bộ LĐTBXH"],
        "position": ["", "Công chức"],
    }


def test_a_name_is_needed(admin: FlaskClient, ids) -> None:
    answer = act(admin, ids["person"], "name", name=" ", position="Công chức")
    assert shows_error(answer, "name", "Hãy nhập họ tên")
    assert 'value="Công chức"' in answer.text


def test_one_more_role(admin: FlaskClient, world: World, ids, read) -> None:
    data = {"role": "format_appraiser", "office_id": "", "valid_from": "2026-02-01"}
    data["last_day"] = ""
    data["valid_from-sure"] = data["valid_from"]
    assert act(admin, ids["person"], "roles", **data).status_code == 302
    roles = select(RoleAssignment.role).where(RoleAssignment.person_id == ids["person"])
    assert set(read(roles)) == {Role.CLERK, Role.FORMAT_APPRAISER}
    again = act(admin, ids["person"], "roles", **data)
    assert shows_error(again, "role", "đã giữ vai trò đó trong thời gian này")
    late = data | {"valid_from": ""}
    assert shows_error(act(admin, ids["person"], "roles", **late), "valid_from", "ngày bắt đầu")


def end(client: FlaskClient, person_id: int, role_id: int, **data: Any) -> Any:
    return act(client, person_id, f"roles/{role_id}/end", **{"last_day": "", **data})


def test_a_role_ends_at_once(signed_in, admin: FlaskClient, world: World, ids, read) -> None:
    clerk = signed_in("clerk@D")
    assert end(admin, ids["person"], ids["role"], last_day="").status_code == 302
    [held] = read(select(RoleAssignment).where(RoleAssignment.id == ids["role"]))
    assert held.valid_to == clock.today()
    assert clerk.get("/district/").status_code == 403
    [(what, told)] = trail(read, world.units["D"])
    assert what == "people.role_ended"
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert told["changes"] == {"role": ["clerk", None], "last_day": [None, yesterday]}
    assert "Đã kết thúc" in admin.get(f"/admin/people/{ids['person']}").text


def test_a_role_ends_after_a_day(admin: FlaskClient, ids, read) -> None:
    last = clock.today() + timedelta(days=3)
    assert end(admin, ids["person"], ids["role"], last_day=last.isoformat()).status_code == 302
    [until] = read(select(RoleAssignment.valid_to).where(RoleAssignment.id == ids["role"]))
    assert until == last + timedelta(days=1)


def test_a_role_that_has_not_begun_is_taken_back(admin: FlaskClient, ids, read) -> None:
    begin = (clock.today() + timedelta(days=9)).isoformat()
    act(admin, ids["person"], "roles", role="observer", office_id="", valid_from=begin, last_day="")
    observer = RoleAssignment.role == Role.OBSERVER
    mine = RoleAssignment.person_id == ids["person"]
    [role_id] = read(select(RoleAssignment.id).where(mine, observer))
    assert "Chưa bắt đầu" in admin.get(f"/admin/people/{ids['person']}").text
    assert end(admin, ids["person"], role_id).status_code == 302
    assert read(select(RoleAssignment.id).where(mine, observer)) == []


@pytest.mark.parametrize(
    ("last_day", "said"), [("01/01/2021", "không được ở trong quá khứ"), ("mai", "theo mẫu")]
)
def test_a_last_day_must_lie_ahead(admin: FlaskClient, ids, last_day: str, said: str) -> None:
    answer = end(admin, ids["person"], ids["role"], last_day=last_day)
    assert shows_error(answer, "last_day", said)


def test_another_persons_role_is_not_theirs(admin: FlaskClient, world: World, ids) -> None:
    other = world.actors["leader@D"].assignment_id
    assert admin.get(f"/admin/people/{ids['person']}/roles/{other}/end").status_code == 404
    assert end(admin, ids["person"], other).status_code == 404


def test_the_last_administrator_stays(signed_in, admin: FlaskClient, world: World, read) -> None:
    mine, role = world.people["unit_admin@D"].id, world.actors["unit_admin@D"].assignment_id
    for client in (admin, signed_in("system_admin")):
        answer = end(client, mine, role)
        assert answer.status_code == 422
        assert "người quản trị cuối cùng" in answer.text
    root = signed_in("system_admin")
    act(root, mine, "lock")
    assert "người quản trị cuối cùng" in root.get(f"/admin/people/{mine}").text
    assert read(select(Person.active).where(Person.id == mine)) == [True]


def test_with_a_second_administrator_the_first_may_go(
    admin: FlaskClient, world: World, write, read
) -> None:
    mine, role = world.people["unit_admin@D"].id, world.actors["unit_admin@D"].assignment_id
    leader = world.people["leader@D"].id
    second = {"role": "unit_admin", "office_id": "", "valid_from": "2026-01-15", "last_day": ""}
    second["valid_from-sure"] = second["valid_from"]
    assert act(admin, leader, "roles", **second).status_code == 302
    write(update(Person).where(Person.id == leader).values(active=False))
    assert end(admin, mine, role).status_code == 422  # a locked one does not count
    write(update(Person).where(Person.id == leader).values(active=True))
    assert end(admin, mine, role).status_code == 302
    assert admin.get("/admin/people").status_code == 403


def test_the_last_system_administrator_stays(signed_in, world: World) -> None:
    root = signed_in("system_admin")
    mine, role = world.people["system_admin"].id, world.actors["system_admin"].assignment_id
    assert "người quản trị cuối cùng" in end(root, mine, role).text


def test_locking_signs_out_and_voids_links_until_unlocked(
    signed_in, admin: FlaskClient, client: FlaskClient, world: World, ids, read
) -> None:
    clerk = signed_in("clerk@D")
    client.post("/forgotten", data={"email": email("clerk@D")})
    assert act(admin, ids["person"], "lock").status_code == 302
    assert clerk.get("/account").status_code == 302
    mine = PasswordReset.person_id == ids["person"]
    assert None not in read(select(PasswordReset.used_at).where(mine))
    data = {"email": email("clerk@D"), "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 422
    assert "Đã khóa" in admin.get(f"/admin/people/{ids['person']}").text
    assert act(admin, ids["person"], "unlock").status_code == 302
    assert client.post("/sign-in", data=data).status_code == 302
    assert [what for what, _ in trail(read, world.units["D"])] == [
        "people.deactivated",
        "people.activated",
    ]


def test_nobody_locks_themselves(admin: FlaskClient, world: World) -> None:
    mine = world.people["unit_admin@D"].id
    act(admin, mine, "lock")
    assert "không thể tự khóa" in admin.get(f"/admin/people/{mine}").text


@pytest.mark.parametrize("when", ["before", "now", "later", "taken back", "system"])
@pytest.mark.parametrize("what", ["lock", "unlock", "name", "invite"])
def test_an_account_known_elsewhere_is_for_its_person_and_the_system_administrator(
    signed_in, admin: FlaskClient, world: World, ids, write, read, what: str, when: str
) -> None:
    write(known_elsewhere(world, ids["person"], when))
    if what == "unlock":
        write(update(Person).where(Person.id == ids["person"]).values(active=False))
    if what == "invite":
        mine = Credential.person_id == ids["person"]
        write(update(Credential).where(mine).values(password_hash=None))
    data = {"name": "Tên khác", "position": ""} if what == "name" else {}
    unchanged = read(select(Person.name, Person.active).where(Person.id == ids["person"]))
    data["seen"] = seen_of(admin, ids)
    refused = act(admin, ids["person"], what, **data)
    if refused.status_code == 302:
        refused = admin.get(refused.location)
    assert "giữ hoặc từng giữ vai trò ở nơi khác" in refused.text
    found = read(select(Person.name, Person.active).where(Person.id == ids["person"]))
    assert found == unchanged
    first = OutboxMessage.kind == "first_password"
    assert read(select(OutboxMessage.id).where(first)) == []
    own = end(admin, ids["person"], ids["role"], seen=seen_of(admin, ids))
    assert own.status_code == 302  # one's own unit's, always
    root = signed_in("system_admin")
    data.pop("seen")
    assert act(root, ids["person"], what, **data).status_code == 302
    if what == "invite":
        assert len(read(select(OutboxMessage.id).where(first))) == 1
    else:
        found = read(select(Person.name, Person.active).where(Person.id == ids["person"]))
        expected = {"lock": ("clerk@D", False), "unlock": ("clerk@D", True)}
        assert found == [expected.get(what, ("Tên khác", True))]


def seen_of(client: FlaskClient, ids) -> str:
    """The version of a person whose page offers no button any more, from the form of a role."""
    return seen(client, f"/admin/people/{ids['person']}/roles/{ids['role']}/end")


def known_elsewhere(world: World, person_id: int, when: str) -> Any:
    """What makes a person one of another place, once, now or later."""
    today, unit_id = clock.today(), world.units["E"].id
    if when == "taken back":  # a role that they accepted and that never began
        return Invitation(
            unit_id=unit_id,
            email="any@example.test",
            name="Ai đó",
            role=Role.CLERK,
            valid_from=today,
            token_hash="9" * 64,
            created_at=clock.now(),
            expires_at=clock.now(),
            mailed_at=clock.now(),
            invited_by_id=world.people["unit_admin@E"].id,
            accepted_at=clock.now(),
            person_id=person_id,
        )
    spans = {
        "before": (FIRST_DAY, FIRST_DAY + timedelta(days=9)),
        "later": (today + timedelta(days=9), None),
    }
    since, until = spans.get(when, (FIRST_DAY, None))
    return RoleAssignment(
        person_id=person_id,
        unit_id=None if when == "system" else unit_id,
        role=Role.SYSTEM_ADMIN if when == "system" else Role.CLERK,
        valid_from=since,
        valid_to=until,
    )


def test_whoever_holds_no_role_here_any_more_is_given_none_unasked(
    signed_in, admin: FlaskClient, world: World, ids, read
) -> None:
    assert end(admin, ids["person"], ids["role"]).status_code == 302
    assert "Thêm vai trò" not in admin.get(f"/admin/people/{ids['person']}").text
    data = {"role": "observer", "office_id": "", "valid_from": "2026-02-01", "last_day": ""}
    data["valid_from-sure"] = data["valid_from"]
    answer = act(admin, ids["person"], "roles", **data)
    assert answer.status_code == 422
    assert "Hãy gửi lời mời" in answer.text
    root = signed_in("system_admin")
    system_role = data | {"role": "system_admin"}
    assert act(root, ids["person"], "roles", **system_role).status_code == 422
    held = select(RoleAssignment.role).where(RoleAssignment.person_id == ids["person"])
    assert read(held) == [Role.CLERK]


def test_a_first_link_is_sent_again_and_replaces_the_first(
    admin: FlaskClient, client: FlaskClient, ids, read, write
) -> None:
    mine = Credential.person_id == ids["person"]
    write(update(Credential).where(mine).values(password_hash=None))
    for _ in range(2):
        assert act(admin, ids["person"], "invite").status_code == 302
    sent = OutboxMessage.person_id == ids["person"], OutboxMessage.kind == "first_password"
    rows = read(select(OutboxMessage.secret, OutboxMessage.unit_id).where(*sent))
    (first, nowhere), (second, _) = rows
    assert nowhere is None  # personal mail is no unit's
    assert client.get(f"/password/{first}").status_code == 410
    assert client.get(f"/password/{second}").status_code == 200


def test_whoever_has_a_password_is_not_invited_again(admin: FlaskClient, ids, read) -> None:
    answer = act(admin, ids["person"], "invite")
    assert "đã đặt mật khẩu" in admin.get(answer.location).text
    assert read(select(OutboxMessage.id).where(OutboxMessage.kind.in_(INVITING))) == []


@pytest.mark.parametrize("what", ["lock", "name", "roles", "end"])
def test_a_page_that_is_out_of_date_changes_nothing_and_says_who_was_first(
    signed_in, admin: FlaskClient, world: World, ids, read, what: str
) -> None:
    person_id = ids["person"]
    stale = seen(admin, f"/admin/people/{person_id}")
    root = signed_in("system_admin")
    base = f"/admin/units/{world.units['D'].id}/people/{person_id}"
    first = {"name": "Tên mới", "position": "", "seen": seen(root, base)}
    assert root.post(f"{base}/name", data=first).status_code == 302
    data = {
        "lock": {},
        "name": {"name": "Tên cũ", "position": ""},
        "roles": {
            "role": "observer",
            "office_id": "",
            "valid_from": "2026-01-01",
            "valid_from-sure": "2026-01-01",
            "last_day": "",
        },
        "end": {"last_day": ""},
    }[what]
    path = f"roles/{ids['role']}/end" if what == "end" else what
    answer = act(admin, person_id, path, seen=stale, **data)
    page = admin.get(answer.location).text
    assert "system_admin đã thay đổi nội dung này lúc" in page
    assert "Tên mới" in page
    assert [entry for entry, _ in trail(read, world.units["D"])] == ["people.renamed"]


# --- Offices ------------------------------------------------------------------------------


def test_an_office_is_added_changed_and_removed_with_a_trace(
    admin: FlaskClient, world: World, read
) -> None:
    data = {"name": " Phòng  Y tế ", "function": "health"}
    assert admin.post("/admin/offices/add", data=data).status_code == 302
    [office_id] = read(select(Office.id).where(Office.name == "Phòng Y tế"))
    path = f"/admin/offices/{office_id}"
    data = {"name": "Phòng Nội vụ", "function": "social", "seen": seen(admin, path)}
    assert admin.post(path, data=data).status_code == 302
    assert "Phòng Nội vụ" in admin.get("/admin/offices").text
    assert admin.post(f"{path}/remove", data={"seen": seen(admin, path)}).status_code == 302
    assert read(select(Office.id).where(Office.id == office_id)) == []
    assert trail(read, world.units["D"]) == [
        (
            "offices.added",
            {
                "subject": "Phòng Y tế",
                "changes": {"name": [None, "Phòng Y tế"], "function": [None, "health"]},
            },
        ),
        (
            "offices.changed",
            {
                "subject": "Phòng Y tế",
                "changes": {
                    "name": ["Phòng Y tế", "Phòng Nội vụ"],
                    "function": ["health", "social"],
                },
            },
        ),
        (
            "offices.removed",
            {
                "subject": "Phòng Nội vụ",
                "changes": {"name": ["Phòng Nội vụ", None], "function": ["social", None]},
            },
        ),
    ]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("name", "function", "field", "said"),
    [
        ("", "health", "name", "Hãy nhập tên phòng, ban."),
        ("   ", "health", "name", "Hãy nhập tên phòng, ban."),
        ("x" * 161, "health", "name", "dài quá 160 ký tự"),
        ("Phòng Văn hóa - Xã hội", "health", "name", "đã có phòng, ban mang tên này"),
        ("Phòng Y tế", "magic", "function", "Hãy chọn một mục trong danh sách."),
    ],
)
def test_what_is_wrong_with_an_office_is_said_beside_its_field(
    admin: FlaskClient, read, name: str, function: str, field: str, said: str
) -> None:
    before = read(select(func.count()).select_from(Office))
    answer = admin.post("/admin/offices/add", data={"name": name, "function": function})
    assert shows_error(answer, field, said)
    assert f'value="{" ".join(name.split())}"' in answer.text
    assert read(select(func.count()).select_from(Office)) == before


def test_an_offices_new_name_must_be_its_own(admin: FlaskClient, ids, write, world: World) -> None:
    write(
        Office(unit_id=world.units["D"].id, name="Phòng Y tế", function=OfficeFunction.HEALTH),
    )
    path = f"/admin/offices/{ids['office']}"
    data = {"name": "Phòng Y tế", "function": "social", "seen": seen(admin, path)}
    assert shows_error(admin.post(path, data=data), "name", "mang tên này")
    data["name"] = ""
    assert shows_error(admin.post(path, data=data), "name", "Hãy nhập tên")


def test_an_office_in_use_stays(admin: FlaskClient, world: World, ids, write, read) -> None:
    path = f"/admin/offices/{ids['office']}"
    mine = UnitSettings.unit_id == world.units["D"].id
    write(update(UnitSettings).where(mine).values(leading_office_id=ids["office"]))
    answer = admin.post(f"{path}/remove", data={"seen": seen(admin, path)})
    assert "đang chủ trì" in admin.get(answer.location).text
    write(
        update(UnitSettings).where(mine).values(leading_office_id=None),
        update(RoleAssignment)
        .where(RoleAssignment.id == ids["role"])
        .values(office_id=ids["office"]),
    )
    answer = admin.post(f"{path}/remove", data={"seen": seen(admin, path)})
    assert "có người giữ vai trò" in admin.get(answer.location).text
    assert read(select(Office.id).where(Office.id == ids["office"])) == [ids["office"]]


@pytest.mark.parametrize("what", ["", "/remove"])
def test_an_office_changed_meanwhile_is_not_changed_again(
    admin: FlaskClient, ids, write, read, what: str
) -> None:
    path = f"/admin/offices/{ids['office']}"
    stale = seen(admin, path)
    write(update(Office).where(Office.id == ids["office"]).values(name="Tên mới"))
    data = {"name": "Tên khác", "function": "social", "seen": stale}
    answer = admin.post(path + what, data=data)
    assert "đã thay đổi trong lúc trang này đang mở" in admin.get(answer.location).text
    assert read(select(Office.name).where(Office.id == ids["office"])) == ["Tên mới"]


# --- Settings -----------------------------------------------------------------------------


@pytest.fixture
def settings(world: World) -> dict[str, Any]:
    """D's settings form as the world has it."""
    return {
        "clearance_needed": "y",
        "leading_office_id": "",
        **{f"reception_{world.programme.id}_{kind}": "approve" for kind in (PLAN, REPORT, REVIEW)},
        "boxes": ["clearance_needed", "required_opinions", "second_factor_required"],
    }


def save(client: FlaskClient, data: dict[str, Any], **changes: Any) -> Any:
    sent = {"seen": seen(client, "/admin/settings"), **data, **changes}
    return client.post("/admin/settings", data={k: v for k, v in sent.items() if v is not None})


def test_settings_are_kept_with_a_trace(
    admin: FlaskClient, world: World, ids, settings, read
) -> None:
    unit_id, programme_id = world.units["D"].id, world.programme.id
    field = f"reception_{programme_id}_plan"
    changes = {
        "clearance_needed": None,
        "leading_office_id": ids["office"],
        "required_opinions": ["finance", "content"],
        field: "acknowledge",
    }
    answer = save(admin, settings, **changes)
    assert answer.location == "/admin/settings"
    assert "Đã lưu thiết lập." in admin.get("/admin/settings").text
    [row] = read(select(UnitSettings).where(UnitSettings.unit_id == unit_id))
    assert row.clearance_needed is False
    assert row.leading_office_id == ids["office"]
    assert row.required_opinions == ["content", "finance"]
    kept = select(Reception.kind, Reception.mode).where(Reception.unit_id == unit_id)
    others = {(kind, Mode.APPROVE) for kind in (REPORT, REVIEW)}
    assert set(read(kept)) == {(PLAN, Mode.ACKNOWLEDGE)} | others
    [(what, told)] = trail(read, world.units["D"])
    assert what == "settings.changed"
    assert told["changes"] == {
        "clearance_needed": [True, False],
        "leading_office": [None, "Phòng Văn hóa - Xã hội"],
        "required_opinions": [[], ["content", "finance"]],
        "reception.1336.plan": ["approve", "acknowledge"],
    }


def test_settings_that_stay_leave_no_trace(
    admin: FlaskClient, world: World, settings, read
) -> None:
    save(admin, settings)
    assert "Không có gì thay đổi." in admin.get("/admin/settings").text
    assert trail(read, world.units["D"]) == []


def test_a_unit_that_has_decided_nothing_decides(
    admin: FlaskClient, world: World, settings, write, read
) -> None:
    unit_id = world.units["D"].id
    write(
        delete(UnitSettings).where(UnitSettings.unit_id == unit_id),
        delete(Reception).where(Reception.unit_id == unit_id),
    )
    assert 'checked id="clearance_needed"' in admin.get("/admin/settings").text
    assert save(admin, settings, required_opinions=["format"]).status_code == 302
    [row] = read(select(UnitSettings).where(UnitSettings.unit_id == unit_id))
    assert row.required_opinions == ["format"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("leading_office_id", "9999"),
        ("leading_office_id", "x"),
        ("required_opinions", "weather"),
        ("reception", "final"),
        ("reception", "perhaps"),
        ("reception", None),
    ],
)
def test_what_is_wrong_with_settings_is_said_and_nothing_kept(
    admin: FlaskClient, world: World, settings, read, field: str, value: str | None
) -> None:
    name = f"reception_{world.programme.id}_plan" if field == "reception" else field
    answer = save(admin, settings, clearance_needed=None, **{name: value})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert "Có chỗ cần sửa" in answer.text
    assert 'checked id="clearance_needed"' not in answer.text  # what was typed comes back
    assert trail(read, world.units["D"]) == []


def test_another_units_office_cannot_lead(admin: FlaskClient, world: World, settings, read) -> None:
    [foreign] = read(select(Office.id).where(Office.unit_id == world.units["E"].id))
    assert save(admin, settings, leading_office_id=foreign).status_code == 422


def test_the_second_of_two_administrators_is_told_and_loses_nothing(
    signed_in, admin: FlaskClient, world: World, settings, read
) -> None:
    stale = seen(admin, "/admin/settings")
    root, path = signed_in("system_admin"), f"/admin/units/{world.units['D'].id}/settings"
    first = settings | {"seen": seen(root, path), "required_opinions": ["finance"]}
    assert root.post(path, data=first).status_code == 302
    answer = save(admin, settings, required_opinions=["format"], seen=stale)
    assert answer.status_code == 409
    assert "system_admin đã thay đổi nội dung này lúc" in answer.text
    assert "Kinh phí</ins>" in answer.text
    assert re.search(r'checked id="required_opinions-2"', answer.text)  # format, as typed
    mine = UnitSettings.unit_id == world.units["D"].id
    assert read(select(UnitSettings.required_opinions).where(mine)) == [["finance"]]
    again = re.search(r'name="seen" (?:type="hidden" )?value="([^"]*)"', answer.text)[1]
    assert save(admin, settings, required_opinions=["format"], seen=again).status_code == 302
    assert read(select(UnitSettings.required_opinions).where(mine)) == [["format"]]


def test_what_a_unit_receives_depends_on_what_is_below(signed_in, world: World) -> None:
    programme_id = world.programme.id
    document, synthesis = f"reception_{programme_id}_plan", f"reception_{programme_id}_synthesis"
    commune = signed_in("unit_admin@A").get("/admin/settings").text
    district = signed_in("unit_admin@D").get("/admin/settings").text
    province = signed_in("unit_admin@P").get("/admin/settings").text
    assert [document in page for page in (commune, district, province)] == [False, True, True]
    assert [synthesis in page for page in (commune, district, province)] == [False, False, True]


def test_the_system_administrator_picks_a_unit_first(signed_in) -> None:
    root = signed_in("system_admin")
    for page in ("settings", "deadlines"):
        assert root.get(f"/admin/{page}").location == "/admin/units"
    assert root.post("/admin/settings").status_code == 404


# --- Deadlines ----------------------------------------------------------------------------


@pytest.fixture
def terms(world: World) -> dict[str, Any]:
    """A deadline of D's for commune A, in a period for which there is none."""
    return {
        "period_id": world.periods[Status.REVIEW].id,
        "kind": "plan",
        "unit_id": world.units["A"].id,
        "due_on": "2026-12-15",
        "due_on-sure": "2026-12-15",
        "grace_days": "3",
        "last_correction_on": "31/12/2026",
        "last_correction_on-sure": "31/12/2026",
    }


def test_a_deadline_is_set_moved_and_taken_back_with_a_trace(
    admin: FlaskClient, world: World, terms, read
) -> None:
    assert admin.post("/admin/deadlines/add", data=terms).status_code == 302
    mine = Deadline.period_id == terms["period_id"]
    [row] = read(select(Deadline).where(mine))
    assert (row.setter_id, row.unit_id) == (world.units["D"].id, world.units["A"].id)
    assert (row.due_on, row.grace_days) == (date(2026, 12, 15), 3)
    assert row.last_correction_on == date(2026, 12, 31)
    path = f"/admin/deadlines/{row.id}"
    assert "15/12/2026" in admin.get("/admin/deadlines").text
    moved = terms | {"due_on": "21/12/2026", "unit_id": "", "seen": seen(admin, path)}
    assert admin.post(path, data=moved).status_code == 302
    assert admin.post(f"{path}/remove", data={"seen": seen(admin, path)}).status_code == 302
    assert read(select(Deadline).where(mine)) == []
    found = trail(read, world.units["D"])
    assert [what for what, _ in found] == [
        "deadlines.added",
        "deadlines.changed",
        "deadlines.removed",
    ]
    assert found[1][1]["changes"] == {
        "due_on": ["2026-12-15", "2026-12-21"],
        "deadline_of": ["1336|review|plan|đơn vị A", "1336|review|plan|"],
    }
    words = admin.get("/admin/trail").text
    assert "Đổi hạn nộp" in words
    assert "chương trình 1336, đơn vị A" in words


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"period_id": "9999"}, "period_id", "Hãy chọn một mục"),
        ({"period_id": ""}, "period_id", "Hãy chọn một mục"),
        ({"kind": "poem"}, "kind", "Hãy chọn một mục"),
        ({"unit_id": "9999"}, "unit_id", "Hãy chọn một mục"),
        ({"due_on": ""}, "due_on", "Hãy nhập hạn nộp."),
        ({"due_on": "30/02/2026"}, "due_on", "theo mẫu"),
        ({"due_on": "31/12/9999"}, "due_on", "theo mẫu"),
        ({"last_correction_on": "31/12/9999"}, "last_correction_on", "theo mẫu"),
        ({"grace_days": ""}, "grace_days", "Hãy nhập số ngày"),
        ({"grace_days": "vài"}, "grace_days", "Hãy nhập một số nguyên."),
        ({"grace_days": "61"}, "grace_days", "từ 0 đến 60"),
        ({"grace_days": "-1"}, "grace_days", "từ 0 đến 60"),
        ({"last_correction_on": "mai"}, "last_correction_on", "theo mẫu"),
        ({"last_correction_on": "2026-12-14"}, "last_correction_on", "không được trước hạn nộp"),
        (
            {"due_on": "2026-12-15", "grace_days": "5", "last_correction_on": "2026-12-21"},
            "last_correction_on",
            "không được trước ngày hết gia hạn, 22/12/2026",
        ),
    ],
)
def test_what_is_wrong_with_a_deadline_is_said_beside_its_field(
    admin: FlaskClient, terms, ids, read, changes: dict[str, str], field: str, said: str
) -> None:
    before = read(select(func.count()).select_from(Deadline))
    answer = admin.post("/admin/deadlines/add", data=terms | changes)
    assert shows_error(answer, field, said)
    assert f'value="{(terms | changes)["grace_days"]}"' in answer.text
    path = f"/admin/deadlines/{ids['deadline']}"
    answer = admin.post(path, data=terms | changes | {"seen": seen(admin, path)})
    assert shows_error(answer, field, said)
    assert read(select(func.count()).select_from(Deadline)) == before


@pytest.mark.parametrize("unit", ["C", "P"])
def test_deadlines_are_set_for_units_below_and_the_own_people_only(
    admin: FlaskClient, world: World, terms, unit: str
) -> None:
    answer = admin.post("/admin/deadlines/add", data=terms | {"unit_id": world.units[unit].id})
    assert shows_error(answer, "unit_id", "Hãy chọn một mục")


def test_there_is_one_deadline_for_a_period_kind_and_unit(
    admin: FlaskClient, world: World, terms, read
) -> None:
    for unit_id in ("", world.units["A"].id):
        assert admin.post("/admin/deadlines/add", data=terms | {"unit_id": unit_id}).location
        again = admin.post("/admin/deadlines/add", data=terms | {"unit_id": unit_id})
        assert shows_error(again, "unit_id", "Đã có hạn nộp cho kỳ")
    other = terms | {"kind": "synthesis"}
    assert admin.post("/admin/deadlines/add", data=other).status_code == 302
    mine = Deadline.period_id == terms["period_id"]
    assert len(read(select(Deadline.id).where(mine))) == 3


@pytest.mark.parametrize("what", ["", "/remove"])
def test_a_deadline_moved_meanwhile_is_not_moved_again(
    admin: FlaskClient, terms, ids, write, read, what: str
) -> None:
    path = f"/admin/deadlines/{ids['deadline']}"
    stale = seen(admin, path)
    mine = Deadline.id == ids["deadline"]
    write(update(Deadline).where(mine).values(due_on=date(2021, 7, 7), latest_on=date(2021, 7, 7)))
    answer = admin.post(path + what, data=terms | {"seen": stale})
    assert "đã thay đổi trong lúc trang này đang mở" in admin.get(answer.location).text
    assert read(select(Deadline.due_on).where(mine)) == [date(2021, 7, 7)]


@pytest.fixture
def own(world: World) -> dict[str, Any]:
    """A day that commune A sets for its own people; the district's is 30 June 2021."""
    return {
        "period_id": world.periods[Status.DRAFT].id,
        "kind": "plan",
        "unit_id": world.units["A"].id,
        "due_on": "18/6/2021",
        "due_on-sure": "18/6/2021",
        "last_correction_on-sure": "25/6/2021",
        "grace_days": "0",
        "last_correction_on": "",
    }


def test_a_commune_sets_an_earlier_day_for_its_own_people(
    signed_in, world: World, own, read
) -> None:
    browser = signed_in("unit_admin@A")
    assert "Mọi đơn vị cấp dưới" not in browser.get("/admin/deadlines/add").text
    assert browser.post("/admin/deadlines/add", data=own).status_code == 302
    page = browser.get("/admin/deadlines").text
    assert "Nội bộ đơn vị" in page
    assert re.search(r"Hạn của cấp trên.*30/6/2021.*18/6/2021", page, re.DOTALL)
    mine = read(select(Deadline.due_on).where(Deadline.setter_id == world.units["A"].id))
    assert mine == [date(2021, 6, 18)]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"due_on": "01/7/2021"}, "due_on", "không được sau hạn của cấp trên, 30/6/2021"),
        ({"kind": "synthesis"}, "unit_id", "Cấp trên chưa đặt hạn"),
        ({"grace_days": "2"}, "grace_days", "không có ngày gia hạn"),
        ({"last_correction_on": "25/6/2021"}, "last_correction_on", "do cấp trên đặt"),
    ],
)
def test_an_own_day_is_never_later_and_nothing_but_a_day(
    signed_in, own, changes: dict[str, str], field: str, said: str
) -> None:
    browser = signed_in("unit_admin@A")
    answer = browser.post("/admin/deadlines/add", data=own | changes)
    assert shows_error(answer, field, said)


def test_an_own_day_may_be_the_very_day_and_counts_only_while_it_is_earlier(
    signed_in, own, session, world: World
) -> None:
    browser = signed_in("unit_admin@A")
    assert browser.post("/admin/deadlines/add", data=own | {"due_on": "30/6/2021"}).location
    with system(session, Purpose.RECONCILE):
        unit = session.get_one(Unit, world.units["A"].id)
        found = deadlines.own_due_dates(session, unit)
        assert found[own["period_id"], PLAN].own_on is None
        session.execute(
            update(Deadline)
            .where(Deadline.setter_id == unit.id)
            .values(due_on=date(2021, 6, 29), latest_on=date(2021, 6, 29))
        )
        found = deadlines.own_due_dates(session, unit)
    assert found[own["period_id"], PLAN].own_on == date(2021, 6, 29)


# --- The trail ----------------------------------------------------------------------------


def listed(page: str) -> str:
    """The entries of a trail's page, without the form that searches them."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<form.*?</form>", "", main, flags=re.S)


def test_the_trail_tells_who_what_and_from_what_to_what(
    signed_in, admin: FlaskClient, settings
) -> None:
    save(admin, settings, required_opinions=["finance"])
    save(admin, settings, required_opinions=["format"])
    page = admin.get("/admin/trail").text
    assert "Đổi thiết lập" in page
    assert "Ý kiến bắt buộc:" in page
    assert re.search(r"<del>.*Kinh phí</del>", page)
    assert re.search(r"<ins>.*Thể thức</ins>", page)
    assert "unit_admin@D" in page
    assert "Đổi thiết lập" not in listed(signed_in("unit_admin@A").get("/admin/trail").text)
    assert "Đổi thiết lập" in listed(signed_in("system_admin").get("/admin/trail").text)


def test_every_change_has_words(admin: FlaskClient, world: World, terms, settings, ids) -> None:
    add(admin)
    end(admin, ids["person"], ids["role"])
    act(admin, ids["person"], "lock")
    admin.post("/admin/deadlines/add", data=terms)
    admin.post("/admin/offices/add", data={"name": "Phòng Y tế", "function": "health"})
    save(admin, settings, **{f"reception_{world.programme.id}_plan": "acknowledge"})
    main = listed(admin.get("/admin/trail").text)
    assert not re.search(r"(people|settings|deadlines|offices|reception)\.[a-z]", main)
    for code in ("valid_from", "last_day", "due_on", "leading_office", "acknowledge", "health"):
        assert code not in main


def test_the_trail_is_paged_and_costs_the_same_however_long(
    admin: FlaskClient, engine: Engine, world: World, write
) -> None:
    with statements(engine) as few:
        admin.get("/admin/trail")
    person_id, unit_id = world.people["unit_admin@D"].id, world.units["D"].id
    row = {"person_id": person_id, "unit_id": unit_id, "at": clock.now(), "what": "people.invited"}
    write(*(AuditEntry(**row, note="", data={}) for _ in range(120)))
    with statements(engine) as many:
        page = admin.get("/admin/trail").text
    assert len(few) == len(many) <= 12
    assert listed(page).count("Gửi lại liên kết đặt mật khẩu") == 50


# --- Units --------------------------------------------------------------------------------


@pytest.fixture
def many_units(world: World, write) -> None:
    """Communes of D, sixty in force and one that has ended, named as people write them."""
    parent = world.units["D"]
    rows = []
    for number in range(61):
        name = f"Định An {number:02d}"
        rows.append(
            {
                "id": 500 + number,
                "level": Level.COMMUNE,
                "type": "xã",
                "name": name,
                "code": str(number),
                "valid_from": FIRST_DAY,
                "valid_to": date(2025, 7, 1) if number == 60 else None,
                "parent_id": parent.id,
                "path": f"{parent.path}{500 + number}.",
                "sort_key": name,
                "search_key": search_key(f"xã {name}"),
            }
        )
    write(insert(Unit).values(rows))


def test_units_are_found_without_diacritics_and_by_level(signed_in, many_units) -> None:
    root = signed_in("system_admin")
    page = root.get("/admin/units?q=dinh+an+07").text
    assert "Xã Định An 07" in page
    assert "1 đơn vị" in page
    assert "Định An 07" in root.get("/admin/units?q=Định An 07&level=commune").text
    assert "Không thấy đơn vị nào" in root.get("/admin/units?q=dinh+an&level=province").text
    assert "Định An 60" not in root.get("/admin/units?q=dinh+an+60").text
    ended = root.get("/admin/units?q=dinh+an&ended=1").text
    assert "Định An 60" in ended
    assert "01/01/2021 – 30/6/2025" in ended


def test_units_are_paged_and_cost_the_same_however_many(
    signed_in, engine: Engine, world: World, many_units
) -> None:
    root = signed_in("system_admin")
    with statements(engine) as few:
        root.get("/admin/units?level=province")
    with statements(engine) as many:
        page = root.get("/admin/units?level=commune").text
    assert len(few) == len(many) <= 12
    assert page.count("<tr>") == 51
    second = root.get("/admin/units?level=commune&page=2").text
    assert second.count("<tr>") == 1 + 63 - 50
    assert "level=commune&amp;page=1" in second


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("query", ["level=moon", "ended=perhaps", "q=%25%5F", "page=x"])
def test_a_filter_that_makes_no_sense_is_no_error(signed_in, query: str) -> None:
    assert signed_in("system_admin").get(f"/admin/units?{query}").status_code == 200


def test_units_are_for_the_system_administrator(admin: FlaskClient) -> None:
    assert admin.get("/admin/units").status_code == 403


def test_of_each_unit_the_people_of_today_are_counted(signed_in, world: World, write) -> None:
    write(
        update(RoleAssignment)
        .where(RoleAssignment.id == world.actors["clerk@C"].assignment_id)
        .values(valid_to=DAY)
    )
    page = signed_in("system_admin").get("/admin/units").text
    counts = dict(
        re.findall(r"/admin/units/(\d+)/people.*?data-label=\"Người dùng\">(\d+)<", page, re.S)
    )
    assert counts[str(world.units["D"].id)] == "7"
    assert counts[str(world.units["C"].id)] == "6"
