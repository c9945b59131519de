"""What people change about themselves: their name, and the address of their account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from support.pages import check_page
from support.people import PASSWORD, email, let_in
from support.visitors import TOKEN
from world import World

from lth.administration import mail_limits
from lth.core import clock
from lth.models import AddressChange, AuditEntry, Credential, OutboxMessage, PasswordReset, Person

NEW = "dia.chi.moi@xa.gov.vn"


@pytest.fixture(autouse=True)
def no_other_mail(world: World, write) -> None:
    """The world's own messages tell of no act."""
    write(delete(OutboxMessage))


def address_of(read, world: World, who: str) -> str:
    [found] = read(select(Credential.email).where(Credential.person_id == world.people[who].id))
    return found


def ask(client: FlaskClient, wanted: str = NEW, password: str = PASSWORD) -> Any:
    return client.post("/account/address", data={"email": wanted, "old": password})


def links(read) -> dict[str, str]:
    """The paths of the two links that were mailed last, by kind."""
    kinds = ("address_new", "address_old")
    statement = select(OutboxMessage.kind, OutboxMessage.secret, OutboxMessage.address)
    rows = read(statement.where(OutboxMessage.kind.in_(kinds)).order_by(OutboxMessage.id))
    return {kind: f"/account/address/{secret}" for kind, secret, _ in rows[-2:]}


def confirm(client: FlaskClient, path: str, act: str = "confirm") -> Any:
    return client.post(path, data={"act": act})


# --- Name and position --------------------------------------------------------------------


def test_ones_own_name_is_changed_with_a_trace_in_the_unit(world: World, signed_in, read) -> None:
    browser = signed_in("clerk@A")
    page = browser.get("/account/name").text
    found = re.search(r'name="seen" (?:type="hidden" )?value="([^"]*)"', page)
    assert found is not None
    data = {"name": "Tên  mới", "position": "Công chức", "seen": found[1]}
    assert browser.post("/account/name", data=data | {"name": " "}).status_code == 422
    assert browser.post("/account/name", data=data).location == "/account"
    mine = Person.id == world.people["clerk@A"].id
    assert read(select(Person.name, Person.position).where(mine)) == [("Tên mới", "Công chức")]
    renamed = AuditEntry.what == "people.renamed"
    [(unit_id, data_)] = read(select(AuditEntry.unit_id, AuditEntry.data).where(renamed))
    assert unit_id == world.units["A"].id
    assert data_["changes"]["name"] == ["clerk@A", "Tên mới"]
    again = browser.post("/account/name", data=data | {"name": "Tên cũ"})
    assert again.location == "/account/name"  # filled from what is no more
    assert read(select(Person.name).where(mine)) == ["Tên mới"]


# --- The address --------------------------------------------------------------------------


@pytest.mark.parametrize("order", [("address_new", "address_old"), ("address_old", "address_new")])
def test_an_address_changes_once_both_mailboxes_have_confirmed(
    world: World, signed_in, new_client, client: FlaskClient, read, order: tuple[str, str]
) -> None:
    browser, elsewhere = signed_in("clerk@A"), signed_in("clerk@A")
    client.post("/forgotten", data={"email": email("clerk@A")})
    assert ask(browser).location == "/account/address"
    assert NEW in browser.get("/account/address").text
    paths = links(read)
    first, second = (paths[kind] for kind in order)
    assert client.get(second).status_code == 200  # reading uses nothing up
    assert confirm(client, first).status_code == 302
    assert address_of(read, world, "clerk@A") == email("clerk@A")
    assert confirm(client, first).status_code == 302  # once more counts for nothing
    assert address_of(read, world, "clerk@A") == email("clerk@A")
    assert "Đã đổi địa chỉ thư" in confirm(browser, second).text
    assert address_of(read, world, "clerk@A") == NEW
    assert browser.get("/account").status_code == 200  # where it was done one goes on
    assert elsewhere.get("/account").status_code == 302
    mine = PasswordReset.person_id == world.people["clerk@A"].id
    assert None not in read(select(PasswordReset.used_at).where(mine))
    for path in paths.values():
        assert client.get(path).status_code == 410
    out = new_client()
    data = {"email": email("clerk@A"), "password": PASSWORD}
    assert out.post("/sign-in", data=data).status_code == 422
    assert out.post("/sign-in", data=data | {"email": NEW}).status_code == 302
    told = OutboxMessage.kind == "address_changed"
    assert read(select(OutboxMessage.address).where(told)) == [email("clerk@A")]
    noted = AuditEntry.what.startswith("address.")
    entries = read(select(AuditEntry.what, AuditEntry.unit_id).where(noted).order_by(AuditEntry.id))
    assert entries == [("address.asked", None), ("address.changed", None)]


@pytest.mark.parametrize("side", ["address_new", "address_old"])
def test_either_mailbox_can_stop_it(
    world: World, signed_in, client: FlaskClient, read, side: str
) -> None:
    ask(signed_in("clerk@A"))
    paths = links(read)
    assert "Không đổi địa chỉ thư" in confirm(client, paths[side], "stop").text
    for path in paths.values():
        assert confirm(client, path).status_code == 410
    assert address_of(read, world, "clerk@A") == email("clerk@A")


def test_whoever_asks_does_not_learn_whether_the_address_is_taken(
    world: World, signed_in, client: FlaskClient, read
) -> None:
    answers = []
    browser = signed_in("clerk@B")
    with clock.frozen(clock.now()):  # the page tells moments
        for wanted in (NEW, email("clerk@C")):
            answer = ask(browser, wanted)
            page = browser.get("/account/address").text
            main = TOKEN.sub("", page[page.index("<main") :].replace(wanted, "MỚI"))
            answers.append((answer.status_code, answer.location, main))
    assert answers[0] == answers[1]
    assert "Đã gửi thư xác nhận" in answers[0][2]
    paths = links(read)
    assert confirm(client, paths["address_old"]).status_code == 302
    refused = confirm(client, paths["address_new"])
    assert "của một tài khoản khác" in client.get(refused.location).text
    assert address_of(read, world, "clerk@B") == email("clerk@B")


def test_it_takes_the_password_and_an_address(world: World, signed_in, read) -> None:
    browser = signed_in("clerk@A")
    for wanted, password, said in (
        (NEW, "sai mật khẩu", "Mật khẩu hiện tại chưa đúng"),
        ("không phải", PASSWORD, "chưa đúng dạng"),
        (email("clerk@A"), PASSWORD, "Đây đang là địa chỉ"),
    ):
        answer = ask(browser, wanted, password)
        assert answer.status_code == 422
        assert said in answer.text
    mine = AddressChange.person_id == world.people["clerk@A"].id
    assert NEW not in read(select(AddressChange.new_email).where(mine))
    assert read(select(OutboxMessage.id)) == []
    for _ in range(4):
        ask(browser, NEW, "sai mật khẩu")
    assert ask(browser).status_code == 429


def test_it_lasts_three_days_and_the_last_one_asked_for_counts(
    world: World, signed_in, client: FlaskClient, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("clerk@A")
    ask(browser, "khac@xa.gov.vn")
    before = links(read)
    ask(browser)
    assert client.get(before["address_new"]).status_code == 410
    now = links(read)
    monkeypatch.setattr(clock._Hands, "offset", timedelta(days=3, minutes=1))
    for path in now.values():
        assert confirm(client, path).status_code == 410


def test_for_a_lost_mailbox_the_system_administrator_stands_in(
    world: World, signed_in, client: FlaskClient, read
) -> None:
    root, person_id = signed_in("system_admin"), world.people["clerk@A"].id
    path = f"/admin/people/{person_id}/address"
    assert signed_in("unit_admin@A").get(path).status_code == 403
    page = root.get(path).text
    found = re.search(r'name="seen" (?:type="hidden" )?value="([^"]*)"', page)
    assert found is not None
    data = {"email": NEW, "reason": "Hộp thư đã đóng", "seen": found[1]}
    assert root.post(path, data=data | {"reason": ""}).status_code == 422
    assert root.post(path, data=data).status_code == 302
    assert address_of(read, world, "clerk@A") == email("clerk@A")
    paths = links(read)
    assert confirm(client, paths["address_old"]).status_code == 302  # it is asked for no word
    assert address_of(read, world, "clerk@A") == email("clerk@A")
    assert "Dừng" in client.get(paths["address_old"]).text
    assert "Đã đổi địa chỉ thư" in confirm(client, paths["address_new"]).text
    assert address_of(read, world, "clerk@A") == NEW
    noted = AuditEntry.what == "address.replaced"
    [(actor, told)] = read(select(AuditEntry.person_id, AuditEntry.data).where(noted))
    assert actor == world.people["system_admin"].id
    assert told["changes"]["reason"] == [None, "Hộp thư đã đóng"]


def test_the_system_s_administrator_does_not_stand_in_for_their_own_mailbox(
    world: World, signed_in, read
) -> None:
    """Whoever finds them signed in would take the account with no password and no old mailbox."""
    root, person_id = signed_in("system_admin"), world.people["system_admin"].id
    path = f"/admin/people/{person_id}/address"
    assert path not in root.get(f"/admin/people/{person_id}").text
    found = re.search(r'name="seen" (?:type="hidden" )?value="([^"]*)"', root.get(path).text)
    assert found is not None
    data = {"email": NEW, "reason": "Hộp thư đã đóng", "seen": found[1]}
    refused = root.post(path, data=data)
    assert (refused.status_code, "ở trang tài khoản" in refused.text) == (422, True)
    assert not links(read)


def test_a_stranger_s_mailbox_is_not_filled_by_changes_of_address(
    world: World, signed_in, read, write
) -> None:
    """Each account may ask a few times an hour; all of them together not for one address."""
    now = clock.now()
    for one in range(mail_limits.MOST):
        sent = {"delivery": "sent", "sent_at": now, "created_at": now, "due_at": now}
        write(OutboxMessage(kind="address_new", address=NEW, dedupe=f"x{one}", data={}, **sent))
    refused = ask(signed_in("clerk@A"))
    assert (refused.status_code, "trong một ngày" in refused.text) == (422, True)
    assert len(read(select(OutboxMessage.id))) == mail_limits.MOST
    assert ask(signed_in("clerk@A"), "khac@xa.gov.vn").status_code == 302


def test_whom_a_change_was_agreed_with_has_no_word_once_another_is_done(
    world: World, signed_in, client: FlaskClient, read, write
) -> None:
    """Two were asked for at the same moment, so that neither stopped the other."""
    browser = signed_in("clerk@A")
    ask(browser)
    first = links(read)
    ask(browser, "thu.hai@xa.gov.vn")
    second = links(read)
    write(update(AddressChange).values(stopped_at=None))
    for side in ("address_old", "address_new"):
        confirm(client, first[side])
    assert address_of(read, world, "clerk@A") == NEW
    answers = [confirm(client, second[side]) for side in ("address_old", "address_new")]
    assert address_of(read, world, "clerk@A") == NEW
    assert "đã đổi từ khi yêu cầu được gửi" in client.get(answers[1].location or "/").text


def test_another_password_stops_what_was_asked_for_with_the_old_one(
    world: World, signed_in, client: FlaskClient, read
) -> None:
    """Whoever had the old one may have asked for it."""
    browser = signed_in("clerk@A")
    ask(browser)
    new = "một mật khẩu khác hẳn"
    data = {"old": PASSWORD, "password": new, "repeated": new}
    assert browser.post("/account", data=data).status_code == 302
    for path in links(read).values():
        assert confirm(client, path).status_code == 410
    assert address_of(read, world, "clerk@A") == email("clerk@A")


def test_nothing_of_a_locked_account_is_changed_by_its_links(
    world: World, signed_in, client: FlaskClient, read, write
) -> None:
    ask(signed_in("clerk@A"))
    mine = Person.id == world.people["clerk@A"].id
    write(update(Person).where(mine).values(active=False))
    for path in links(read).values():
        assert client.get(path).status_code == 410
        assert confirm(client, path).status_code == 410
    assert address_of(read, world, "clerk@A") == email("clerk@A")


def test_the_pages_are_sound(guarded, world: World, signed_in, read) -> None:
    ask(signed_in("clerk@A"))
    client = guarded.test_client()
    for path in links(read).values():
        check_page(client.get(path).text)
    check_page(client.get("/account/address/x").text)
    let_in(client, world.people["clerk@A"].id)
    for path in ("/account", "/account/name", "/account/address", *links(read).values()):
        check_page(client.get(path).text)
