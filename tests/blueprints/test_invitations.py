"""Inviting people on the pages: the same for every address, answered by its person alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select, update
from support.pages import check_page
from support.people import PASSWORD, email, let_in
from world import FIRST_DAY, World

from lth.core import clock
from lth.models import (
    AuditEntry,
    Credential,
    Invitation,
    OutboxMessage,
    Person,
    RoleAssignment,
)
from lth.models.outbox import Delivery
from lth.models.person import Role

ADDRESS = "duoc.moi@xa.gov.vn"
CHOSEN = "bảy cây cầu tre"
TYPED = {
    "email": ADDRESS,
    "name": "Cán bộ được mời",
    "position": "Công chức",
    "role": "observer",
    "office_id": "",
    "valid_from": "2026-01-15",
    "valid_from-sure": "2026-01-15",
    "last_day": "",
}
INVITED = OutboxMessage.kind == "invitation"


@pytest.fixture(autouse=True)
def no_other_mail(world: World, write) -> None:
    """The world's own messages tell of no act."""
    write(delete(OutboxMessage))


def invite(client: FlaskClient, **changes: Any) -> Any:
    return client.post("/admin/people/add", data=TYPED | changes)


def token_of(read) -> str:
    """The token in the invitation that was mailed last."""
    return read(select(OutboxMessage.secret).where(INVITED).order_by(OutboxMessage.id))[-1]


def roles_of(read, person_id: int) -> set[tuple[int | None, Role]]:
    mine = RoleAssignment.person_id == person_id
    return set(read(select(RoleAssignment.unit_id, RoleAssignment.role).where(mine)))


def person_of(read, address: str) -> int | None:
    return next(iter(read(select(Credential.person_id).where(Credential.email == address))), None)


def later(monkeypatch: pytest.MonkeyPatch, offset: timedelta) -> None:
    monkeypatch.setattr(clock._Hands, "offset", offset)


# --- The same for every address -----------------------------------------------------------


def nobody(world: World, write, signed_in) -> None:
    """The address is nobody's."""


def here(world: World, write, signed_in) -> None:
    """Its person is a clerk of D."""
    rename(world, write, "clerk@D")


def elsewhere(world: World, write, signed_in) -> None:
    """Its person is a clerk in another branch of the tree."""
    rename(world, write, "clerk@C")


def former(world: World, write, signed_in) -> None:
    """Its person held a role of another unit, and holds none."""
    rename(world, write, "clerk@C")
    mine = RoleAssignment.person_id == world.people["clerk@C"].id
    ended = {"valid_to": FIRST_DAY + timedelta(days=1)}
    write(update(RoleAssignment).where(mine).values(**ended))


def locked(world: World, write, signed_in) -> None:
    """Its person is locked out."""
    rename(world, write, "clerk@C")
    mine = Person.id == world.people["clerk@C"].id
    write(update(Person).where(mine).values(active=False))


def system_administrator(world: World, write, signed_in) -> None:
    """Its person administers the system."""
    rename(world, write, "system_admin")


def never_signed_in(world: World, write, signed_in) -> None:
    """Its person has set no password."""
    rename(world, write, "clerk@C")
    mine = Credential.person_id == world.people["clerk@C"].id
    write(update(Credential).where(mine).values(password_hash=None))


def invited_elsewhere(world: World, write, signed_in) -> None:
    """Another unit has invited it, and it has not answered."""
    assert invite(signed_in("unit_admin@A")).status_code == 302


STATES = [
    *(nobody, here, elsewhere, former, locked),
    *(system_administrator, never_signed_in, invited_elsewhere),
]


def rename(world: World, write, who: str) -> None:
    mine = Credential.person_id == world.people[who].id
    write(update(Credential).where(mine).values(email=ADDRESS))


def shown(client: FlaskClient, world: World) -> dict[str, str]:
    """All that the unit's administrator can open about people, but for what differs by itself."""
    found = {}
    for path in ("/people", "/people?q=duoc.moi", "/people/invitations", "/people/add", "/trail"):
        answer = client.get("/admin" + path)
        found[path] = f"{answer.status_code} {plain(answer.text)}"
    for path in ("/mail", "/notices", "/account"):
        answer = client.get(path)
        found[path] = f"{answer.status_code} {plain(answer.text)}"
    for who in ("clerk@D", "clerk@C", "system_admin"):
        answer = client.get(f"/admin/people/{world.people[who].id}")
        found[who] = f"{answer.status_code} {plain(answer.text)}"
    return found


CHAIN_MARK = re.compile(r'(trong chuỗi</span> <span class="nowrap">)[0-9a-f]{12}(?=</span>)')
"""Where a row of the trail says its hash, which holds the moment."""


def plain(page: str) -> str:
    """A page without the moment, what is drawn anew each time, and the number of the row."""
    page = re.sub(r"\d\d:\d\d", "giờ", page)
    page = CHAIN_MARK.sub(r"\1mã", page)
    page = re.sub(r'name="(csrf_token|seen)"( type="hidden")? value="[^"]*"', "", page)
    page = re.sub(r'<meta name="csrf-token"[^>]*>', "", page)
    return re.sub(r"/people/invitations/\d+/", "/people/invitations/N/", page)


def inviting(world: World, write, signed_in, state: Any) -> tuple[Any, dict[str, str]]:
    """The answer to an invitation in a state of its address, and what changed of what is shown."""
    state(world, write, signed_in)
    admin = signed_in("unit_admin@D")
    before = shown(admin, world)
    answer = invite(admin)
    twice = invite(admin)
    said = [(one.status_code, one.location, plain(one.text)) for one in (answer, twice)]
    heads = sorted(name for name, _ in answer.headers)
    after = shown(admin, world)
    new = {path: page for path, page in after.items() if page != before[path]}
    return (said, heads), new


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What was answered and shown in the states so far, by the kind of database."""
    return {}


@pytest.mark.parametrize("state", STATES)
def test_all_that_an_inviter_is_told_is_the_same_whatever_the_account(
    world: World, write, read, signed_in, answers, database_kind: str, state: Any
) -> None:
    found = inviting(world, write, signed_in, state)
    _, changed = found
    assert {"/people/invitations", "/trail"} <= changed.keys()
    assert changed.keys() <= {"/people", "/people?q=duoc.moi", "/people/invitations", "/trail"}
    assert changed["/trail"].count('</span> <span class="nowrap">mã</span>') >= 2
    here_before = state is here  # the unit's own list names its own person before and after
    found[1].pop("/people?q=duoc.moi", None) if here_before else None
    found[1].pop("/people", None) if here_before else None
    expected = answers.setdefault(database_kind, found)
    if here_before:
        expected = (expected[0], {k: v for k, v in expected[1].items() if "people?" not in k})
        expected[1].pop("/people", None)
    assert found == expected
    mine = INVITED & (OutboxMessage.address == ADDRESS)
    rows = read(
        select(OutboxMessage.person_id, OutboxMessage.unit_id, OutboxMessage.delivery).where(mine)
    )
    assert rows[-1] == (None, None, Delivery.WAITING)
    assert len(rows) == 1 + (state is invited_elsewhere)
    told = AuditEntry.what.startswith("invitations.")
    assert len(read(select(AuditEntry.id).where(told))) == 2 + (state is invited_elsewhere)


def test_an_invitation_costs_as_many_queries_whatever_the_account(
    world: World, write, signed_in, engine
) -> None:
    counts = []
    admin = signed_in("unit_admin@D")
    invite(admin, email="truoc@xa.gov.vn")
    for address in (ADDRESS, email("clerk@C"), email("clerk@D"), email("system_admin")):
        found: list[str] = []

        def note(*args: Any, into: list[str] = found) -> None:
            into.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        assert invite(admin, email=address).status_code == 302
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(found))
    assert len(set(counts)) == 1, counts


def test_the_pages_are_sound(guarded, world: World, signed_in, read) -> None:
    """With their forms' tokens, for a stranger, for an account signed out, in, and as another."""
    admin = signed_in("unit_admin@D")
    paths = []
    for address in (ADDRESS, email("clerk@C")):
        invite(admin, email=address)
        paths.append(f"/invitation/{token_of(read)}")
    for who in ("", "clerk@C", "clerk@B", "unit_admin@D"):
        client = guarded.test_client()
        if who:
            let_in(client, world.people[who].id)
        own = ["/account", "/account/name", "/account/address"] if who else []
        lists = ["/admin/people/invitations", "/admin/people"] if who == "unit_admin@D" else []
        for path in (*paths, *own, *lists):
            answer = client.get(path)
            assert answer.status_code == 200, (who, path)
            check_page(answer.text)


# --- Whoever has no account ---------------------------------------------------------------


def test_a_stranger_joins_by_the_link_and_may_mend_their_name(
    world: World, signed_in, client: FlaskClient, read
) -> None:
    invite(signed_in("unit_admin@D"))
    path = f"/invitation/{token_of(read)}"
    for _ in range(2):  # a mail scanner uses nothing up
        page = client.get(path).text
    assert "Giám sát" in page
    assert "đơn vị D" in page
    assert "unit_admin@D" not in page
    assert person_of(read, ADDRESS) is None
    data = {"act": "join", "name": "Tên  đúng", "position": "", "password": "ngắn"}
    assert client.post(path, data=data | {"repeated": "ngắn"}).status_code == 422
    assert person_of(read, ADDRESS) is None
    chosen = {"password": CHOSEN, "repeated": CHOSEN}
    assert client.post(path, data=data | chosen).location == "/sign-in"
    person_id = person_of(read, ADDRESS)
    assert person_id is not None
    assert read(select(Person.name, Person.position).where(Person.id == person_id)) == [
        ("Tên đúng", "")
    ]
    assert roles_of(read, person_id) == {(world.units["D"].id, Role.OBSERVER)}
    assert client.get(path).status_code == 410
    assert client.post(path, data=data | chosen).status_code == 410
    answer = client.post("/sign-in", data={"email": ADDRESS, "password": CHOSEN})
    assert answer.status_code == 302
    listed = signed_in("unit_admin@D").get("/admin/people/invitations").text
    assert "Đã nhận" in listed
    assert "Cán bộ được mời" in listed


def test_a_link_that_has_expired_says_so_and_is_renewed(
    world: World, signed_in, client: FlaskClient, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(signed_in("unit_admin@D"))
    old = token_of(read)
    later(monkeypatch, timedelta(days=7, minutes=1))
    page = client.get(f"/invitation/{old}")
    assert page.status_code == 410
    assert "Lời mời đã hết hạn" in page.text
    assert "đơn vị D" in page.text
    data = {"act": "join", "name": "A", "password": CHOSEN, "repeated": CHOSEN}
    assert client.post(f"/invitation/{old}", data=data).status_code == 410
    admin = signed_in("unit_admin@D")
    assert "Hết hạn" in admin.get("/admin/people/invitations").text
    assert do(admin, "remind", read).status_code == 302
    assert client.get(f"/invitation/{old}").status_code == 410
    assert client.get(f"/invitation/{token_of(read)}").status_code == 200


def do(client: FlaskClient, act: str, read) -> Any:
    """Press a button at the newest invitation of the list."""
    [*_, invitation_id] = read(select(Invitation.id).order_by(Invitation.id))
    path = f"/admin/people/invitations/{invitation_id}/{act}"
    page = client.get("/admin/people/invitations").text
    form = page[page.index(f'action="{path}"') :]
    seen = re.search(r'name="seen" value="([^"]*)"', form)
    assert seen is not None
    return client.post(path, data={"seen": seen[1]})


def test_what_is_withdrawn_cannot_be_accepted(signed_in, client: FlaskClient, read) -> None:
    admin = signed_in("unit_admin@D")
    invite(admin)
    token = token_of(read)
    assert do(admin, "withdraw", read).status_code == 302
    assert "Đã rút" in admin.get("/admin/people/invitations").text
    data = {"act": "join", "name": "A", "password": CHOSEN, "repeated": CHOSEN}
    assert client.post(f"/invitation/{token}", data=data).status_code == 410
    assert person_of(read, ADDRESS) is None


def test_a_stranger_may_decline(world: World, signed_in, client: FlaskClient, read) -> None:
    admin = signed_in("unit_admin@D")
    invite(admin)
    path = f"/invitation/{token_of(read)}"
    page = client.post(path, data={"act": "decline"})
    assert page.status_code == 200
    check_page(page.text)
    assert client.get(path).status_code == 410
    assert "Từ chối" in admin.get("/admin/people/invitations").text
    assert person_of(read, ADDRESS) is None


def test_a_token_that_is_none_is_over(client: FlaskClient) -> None:
    for answer in (client.get("/invitation/x"), client.post("/invitation/x", data={})):
        assert answer.status_code == 410


# --- Whoever has an account ---------------------------------------------------------------


def test_an_account_answers_signed_in_as_itself_and_keeps_its_desk(
    world: World, signed_in, new_client, read
) -> None:
    """A role at a unit whose path comes first is still not the one that is begun in."""
    invite(signed_in("unit_admin@A"), email=email("clerk@B"))
    path = f"/invitation/{token_of(read)}"
    out = new_client()
    page = out.get(path).text
    check_page(page)
    assert f"/sign-in?next={path}" in page
    assert "clerk@B" not in page  # of the account no more than what was typed
    data = {"act": "join", "name": "A", "password": CHOSEN, "repeated": CHOSEN}
    assert out.post(path, data=data).location == f"/sign-in?next={path}"
    stranger = signed_in("clerk@C")
    page = stranger.get(path)
    assert "Lời mời này dành cho địa chỉ khác" in page.text
    check_page(page.text)
    assert stranger.post(path, data={"act": "decline"}).status_code == 403
    stranger.post(path, data={"act": "accept"})
    assert roles_of(read, world.people["clerk@C"].id) == {(world.units["C"].id, Role.CLERK)}
    data = {"email": email("clerk@B"), "password": PASSWORD, "next": path}
    assert out.post("/sign-in", data=data).location == path
    check_page(out.get(path).text)
    assert out.post(path, data={"act": "accept"}).location == "/account"
    mine = world.people["clerk@B"].id
    both = {(world.units["A"].id, Role.OBSERVER), (world.units["B"].id, Role.CLERK)}
    assert roles_of(read, mine) == both
    assert read(select(Person.name).where(Person.id == mine)) == ["clerk@B"]
    again = signed_in("clerk@B")
    assert "đơn vị B" in again.get("/commune/").text
    assert "UBND đơn vị A" not in again.get("/commune/").text


def test_two_tabs_accept_and_there_is_one_role(world: World, signed_in, read) -> None:
    invite(signed_in("unit_admin@A"), email=email("clerk@B"))
    token = token_of(read)
    browser = signed_in("clerk@B")
    for _ in range(2):
        browser.post(f"/invitation/{token}", data={"act": "accept"})
    here = RoleAssignment.unit_id == world.units["A"].id
    mine = RoleAssignment.person_id == world.people["clerk@B"].id
    assert len(read(select(RoleAssignment.id).where(here, mine))) == 1
    accepted = AuditEntry.what == "invitations.accepted"
    assert read(select(AuditEntry.unit_id).where(accepted)) == [world.units["A"].id]


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_invitations_wait_on_ones_own_page(world: World, signed_in, read, act: str) -> None:
    invite(signed_in("unit_admin@A"), email=email("clerk@B"))
    [*_, invitation_id] = read(select(Invitation.id).order_by(Invitation.id))
    browser, other = signed_in("clerk@B"), signed_in("clerk@C")
    page = browser.get("/account").text
    assert "Lời mời đang chờ anh/chị trả lời" in page
    assert "Lời mời đang chờ" not in other.get("/account").text
    path = f"/account/invitations/{invitation_id}/{act}"
    other.post(path)
    assert roles_of(read, world.people["clerk@C"].id) == {(world.units["C"].id, Role.CLERK)}
    assert browser.post(path).location == "/account"
    added = {(world.units["A"].id, Role.OBSERVER)} if act == "accept" else set()
    mine = roles_of(read, world.people["clerk@B"].id)
    assert mine == added | {(world.units["B"].id, Role.CLERK)}
    told = OutboxMessage.kind == "invitation_answered"
    inviter = world.people["unit_admin@A"].id
    assert read(select(OutboxMessage.person_id).where(told)) == [inviter]
    admin = signed_in("unit_admin@A")
    assert "lời mời" in admin.get("/notices").text


def test_of_the_account_of_who_declines_the_inviter_reads_nothing(
    world: World, signed_in, read
) -> None:
    admin = signed_in("unit_admin@A")
    invite(admin, email=email("clerk@C"))
    browser = signed_in("clerk@C")
    browser.post(f"/invitation/{token_of(read)}", data={"act": "decline"})
    for path in ("/admin/people", "/admin/people/invitations", "/admin/trail", "/notices"):
        assert "clerk@C" not in admin.get(path).text.replace(email("clerk@C"), "")


def test_mail_that_is_held_is_said_and_shows_no_link(world: World, signed_in, read) -> None:
    admin = signed_in("unit_admin@D")
    invite(admin)
    page = admin.get("/admin/people/invitations").text
    assert "Thư mời được giữ lại" in page
    assert "lth people link" in page
    token = token_of(read)
    for path in ("/admin/people/invitations", "/admin/trail", "/mail", "/admin/people"):
        assert token not in admin.get(path).text
    [message_id] = read(select(OutboxMessage.id).where(INVITED))
    assert admin.get(f"/mail/{message_id}").status_code == 404
    root = signed_in("system_admin")
    assert token not in root.get(f"/mail/{message_id}").text
    assert ADDRESS in root.get(f"/mail/{message_id}").text


# --- The role that one begins in ----------------------------------------------------------


def test_one_chooses_the_role_to_begin_in(world: World, signed_in, write, read) -> None:
    mine = world.people["clerk@B"].id
    second = RoleAssignment(
        person_id=mine, unit_id=world.units["A"].id, role=Role.CLERK, valid_from=FIRST_DAY
    )
    write(second)
    [role_id] = read(
        select(RoleAssignment.id).where(
            RoleAssignment.person_id == mine, RoleAssignment.unit_id == world.units["A"].id
        )
    )
    browser = signed_in("clerk@B")
    assert "UBND đơn vị B" in browser.get("/commune/").text
    assert browser.post("/account/begin-in", data={"role": role_id}).location == "/account"
    assert "UBND đơn vị B" in browser.get("/commune/").text  # this visit goes on as it was
    assert "UBND đơn vị A" in signed_in("clerk@B").get("/commune/").text
    others = world.actors["clerk@C"].assignment_id
    for role in (others, "", "x", 999999):
        assert browser.post("/account/begin-in", data={"role": role}).status_code == 404
    write(delete(RoleAssignment).where(RoleAssignment.id == role_id))
    assert "UBND đơn vị B" in signed_in("clerk@B").get("/commune/").text
