"""One's own account: profile, password, language, and which of one's roles one is in."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from support.pages import check_page
from support.people import PASSWORD, email, let_in
from world import FIRST_DAY, World

from lth.core import clock
from lth.models import AuditEntry, Person, RoleAssignment
from lth.models.person import Role

NEW = "bảy cây cầu tre"


@pytest.fixture
def second_role(world: World, write, read) -> int:
    """D's administrator also administers A; the id of that role."""
    person_id = world.people["unit_admin@D"].id
    write(
        RoleAssignment(
            person_id=person_id,
            unit_id=world.units["A"].id,
            role=Role.UNIT_ADMIN,
            valid_from=FIRST_DAY,
        )
    )
    [role_id] = read(
        select(RoleAssignment.id).where(
            RoleAssignment.person_id == person_id, RoleAssignment.unit_id == world.units["A"].id
        )
    )
    return role_id


def unit_of(page: str) -> str:
    """The unit in the letterhead."""
    return re.search(r'class="letterhead">.*? đơn vị (.)<', page)[1]


def change(client: FlaskClient, old: str, new: str, repeated: str | None = None):
    again = new if repeated is None else repeated
    data = {"old": old, "password": new, "repeated": again}
    return client.post("/account", data=data)


# --- Profile ------------------------------------------------------------------------------


def test_the_profile_shows_who_one_is_and_ones_roles(signed_in, second_role: int) -> None:
    page = signed_in("unit_admin@D").get("/account").text
    assert email("unit_admin@D") in page
    assert "Quản trị đơn vị, đơn vị D" in page
    assert "Quản trị đơn vị, đơn vị A" in page
    assert "từ 01/01/2021" in page


@pytest.mark.databases("sqlite")
def test_the_profile_is_sound(guarded, world: World) -> None:
    client = guarded.test_client()
    let_in(client, world.people["unit_admin@D"].id)
    check_page(client.get("/account").text)


def test_somebody_without_a_role_is_told_so_and_can_leave(signed_in, world: World, write) -> None:
    client = signed_in("clerk@A")
    write(
        update(RoleAssignment)
        .where(RoleAssignment.person_id == world.people["clerk@A"].id)
        .values(valid_to=FIRST_DAY + timedelta(days=30))
    )
    assert client.get("/").location == "/account"
    page = client.get("/account")
    assert page.status_code == 200
    assert "chưa giữ vai trò nào" in page.text
    assert 'action="/sign-out"' in page.text
    assert client.get("/admin/people").status_code == 403


def test_signed_out_there_is_no_profile(world: World, client: FlaskClient) -> None:
    assert client.get("/account").location.startswith("/sign-in")


# --- Another password ---------------------------------------------------------------------


def test_another_password_ends_other_sessions_and_this_one_goes_on(
    signed_in, new_client, second_role: int
) -> None:
    here, elsewhere = signed_in("unit_admin@D"), signed_in("unit_admin@D")
    here.post("/account/role", data={"role": second_role})
    assert change(here, PASSWORD, NEW).location == "/account"
    page = here.get("/account").text
    assert "Đã đổi mật khẩu." in page
    assert unit_of(page) == "A"  # the role one was in
    assert elsewhere.get("/account").status_code == 302
    data = {"email": email("unit_admin@D"), "password": NEW}
    assert new_client().post("/sign-in", data=data).status_code == 302


def test_another_password_is_noted(signed_in, world: World, read) -> None:
    change(signed_in("clerk@A"), PASSWORD, NEW)
    mine = AuditEntry.person_id == world.people["clerk@A"].id
    assert read(select(AuditEntry.what).where(mine)) == ["password.changed"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("old", "new", "repeated", "field", "said"),
    [
        ("", NEW, NEW, "old", "Hãy nhập mật khẩu hiện tại."),
        ("không phải", NEW, NEW, "old", "Mật khẩu hiện tại chưa đúng."),
        (PASSWORD, "ngắn", "ngắn", "password", "ít nhất 10 ký tự"),
        (PASSWORD, "clerk.a@example.test", None, "password", "không được là địa chỉ"),
        (PASSWORD, NEW, "bảy cây cầu gỗ", "repeated", "chưa giống nhau"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    signed_in, new_client, old: str, new: str, repeated: str | None, field: str, said: str
) -> None:
    answer = change(signed_in("clerk@A"), old, new, repeated)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert said in answer.text
    data = {"email": email("clerk@A"), "password": PASSWORD}
    assert new_client().post("/sign-in", data=data).status_code == 302


def test_wrong_old_passwords_are_counted_though_they_are_refused(
    signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("clerk@A")
    assert [change(client, "không phải", NEW).status_code for _ in range(3)] == [422] * 3
    slowed = change(client, PASSWORD, NEW)
    assert slowed.status_code == 429
    assert "Hãy đợi 5 giây rồi thử lại" in slowed.text
    monkeypatch.setattr(clock._Hands, "offset", timedelta(seconds=6))
    assert change(client, PASSWORD, NEW).status_code == 302


# --- How mail comes -----------------------------------------------------------------------


def chosen(page: str) -> list[str]:
    """Which way of having mail is marked."""
    boxes = re.findall(r'<input ([^>]*name="mail"[^>]*)>', page)
    return [re.search(r'value="(\w+)"', box)[1] for box in boxes if "checked" in box]


def test_mail_is_gathered_or_comes_at_once_by_ones_own_choice(signed_in, world, read) -> None:
    client = signed_in("clerk@A")
    page = client.get("/account").text
    assert chosen(page) == ["now"]
    assert "Gộp một thư mỗi buổi sáng (khoảng 7 giờ)" in page
    mine = select(Person.digest).where(Person.id == world.people["clerk@A"].id)
    for wanted, gathered, said in (
        ("morning", True, "gộp thành một thư mỗi buổi sáng"),
        ("now", False, "đến ngay khi có việc"),
    ):
        assert client.post("/account/mail", data={"mail": wanted}).location == "/account"
        page = client.get("/account").text
        assert said in page
        assert chosen(page) == [wanted]
        assert read(mine) == [gathered]
    others = select(Person.digest).where(Person.id != world.people["clerk@A"].id)
    assert set(read(others)) == {False}


@pytest.mark.parametrize("wanted", [None, "never"])
def test_what_is_no_way_of_having_mail_changes_nothing(signed_in, world, read, wanted) -> None:
    client = signed_in("clerk@A")
    client.post("/account/mail", data={"mail": "morning"})
    answer = client.post("/account/mail", data={"mail": wanted} if wanted else {})
    assert answer.status_code == 422
    assert 'id="mail-error"' in answer.text
    assert 'href="#mail-0"' in answer.text
    mine = select(Person.digest).where(Person.id == world.people["clerk@A"].id)
    assert read(mine) == [True]


# --- Roles and languages ------------------------------------------------------------------


def test_one_click_changes_the_role_and_leads_to_its_desk(signed_in, second_role: int) -> None:
    client = signed_in("unit_admin@D")
    assert unit_of(client.get("/admin/people").text) == "D"
    answer = client.post("/account/role", data={"role": second_role})
    assert answer.location == "/admin/people"
    page = client.get(answer.location).text
    assert unit_of(page) == "A"
    assert "clerk@A" in page
    assert "clerk@D" not in page


def test_a_role_at_another_level_leads_to_that_levels_desk(
    signed_in, world: World, write, read
) -> None:
    person_id = world.people["unit_admin@D"].id
    unit_id = world.units["A"].id
    write(
        RoleAssignment(person_id=person_id, unit_id=unit_id, role=Role.LEADER, valid_from=FIRST_DAY)
    )
    [role_id] = read(
        select(RoleAssignment.id).where(
            RoleAssignment.person_id == person_id, RoleAssignment.role == Role.LEADER
        )
    )
    client = signed_in("unit_admin@D")
    assert client.post("/account/role", data={"role": role_id}).location == "/commune/"
    assert client.get("/admin/people").status_code == 403


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("wanted", ["somebody's", "999999", "9" * 5000, "x", ""])
def test_only_ones_own_roles_can_be_taken(signed_in, world: World, wanted: str) -> None:
    client = signed_in("unit_admin@D")
    if wanted == "somebody's":
        wanted = str(world.actors["unit_admin@A"].assignment_id)
    assert client.post("/account/role", data={"role": wanted}).status_code == 404
    assert unit_of(client.get("/admin/people").text) == "D"


def test_an_ended_role_can_no_longer_be_taken(signed_in, second_role: int, write) -> None:
    client = signed_in("unit_admin@D")
    client.post("/account/role", data={"role": second_role})
    ended = update(RoleAssignment).where(RoleAssignment.id == second_role)
    write(ended.values(valid_to=clock.today()))
    assert unit_of(client.get("/admin/people").text) == "D"
    assert client.post("/account/role", data={"role": second_role}).status_code == 404


def test_a_language_is_kept_for_pages_and_mail(signed_in, world: World, read, new_client) -> None:
    client = signed_in("clerk@A")
    answer = client.post("/account/language", data={"language": "en", "next": "/account"})
    assert answer.location == "/account"
    assert '<html lang="en">' in client.get("/account").text
    mine = Person.id == world.people["clerk@A"].id
    assert read(select(Person.language).where(mine)) == ["en"]
    assert '<html lang="en">' in signed_in("clerk@A").get("/account").text


def test_a_language_can_be_chosen_signed_out(world: World, client: FlaskClient) -> None:
    answer = client.post("/account/language", data={"language": "en", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert '<html lang="en">' in client.get("/sign-in").text


@pytest.mark.databases("sqlite")
def test_a_language_leads_to_no_other_site(world: World, client: FlaskClient) -> None:
    data = {"language": "en", "next": "//example.test/"}
    assert client.post("/account/language", data=data).location == "/"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("wanted", ["fr", "", "en'"])
def test_there_are_two_languages(world: World, client: FlaskClient, wanted: str) -> None:
    assert client.post("/account/language", data={"language": wanted}).status_code == 404
