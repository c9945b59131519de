"""The page of outgoing mail: who sees what of it, and what administrators do with it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, select, update
from support.pages import check_page
from world import World

from lth import clock
from lth.models import AuditEntry, OutboxMessage
from lth.models.outbox import Delivery

TOKEN = "a-token-that-nobody-but-its-owner-sees"


@pytest.fixture
def mail(world: World, write, read) -> dict[str, int]:
    """The world's messages, told of its events; the id of each by its recipient.

    A's clerk hears of a return, B's clerk and D's specialist of a submission; A's leader and the
    system administrator have a one-time link.
    """
    events = {name: key[0] for (table, key), name in world.names.items() if table == "event"}
    told = {"clerk@A": "A.returned#5", "clerk@B": "B.submitted#3", "specialist@D": "B.submitted#3"}
    for who, name in told.items():
        kind = "return" if who == "clerk@A" else "submit"
        mine = update(OutboxMessage).where(OutboxMessage.person_id == world.people[who].id)
        write(mine.values(event_id=events[name], kind=kind))
    links = update(OutboxMessage).where(OutboxMessage.kind == "password_reset")
    write(links.values(secret=TOKEN, data={"expires_at": "2021-05-07T06:00:00+00:00"}))
    names = {person.id: who for who, person in world.people.items()}
    found = read(select(OutboxMessage.id, OutboxMessage.person_id))
    return {names[person_id]: message_id for message_id, person_id in found}


@pytest.fixture
def put(write) -> Callable[..., None]:
    """Have a message stand somewhere."""

    def move(message_id: int, delivery: Delivery, **values: Any) -> None:
        if delivery is Delivery.SENT:
            values["sent_at"] = clock.now()
        mine = update(OutboxMessage).where(OutboxMessage.id == message_id)
        write(mine.values(delivery=delivery, **values))

    return move


@pytest.fixture
def stands(read) -> Callable[[int], Delivery]:
    """Where a message stands."""

    def state(message_id: int) -> Delivery:
        return read(select(OutboxMessage.delivery).where(OutboxMessage.id == message_id))[0]

    return state


@pytest.fixture
def with_relay(make_app: Callable[..., Flask], world: World) -> Callable[[str], FlaskClient]:
    """A browser of somebody signed in, at an application that has a mail relay set."""
    app = make_app(LTH_SMTP_URL="smtp://127.0.0.1:9")

    def browser(who: str) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{world.people[who].id}.1"
        return client

    return browser


def links_in(page: str) -> set[int]:
    """The messages that a page lists."""
    return {int(found) for found in re.findall(r'href="/mail/(\d+)"', page)}


# --- Seeing it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("clerk@A", {"clerk@A"}),
        ("leader@A", {"leader@A"}),
        ("observer@A", set()),
        ("unit_admin@A", {"clerk@A", "leader@A"}),
        ("unit_admin@B", {"clerk@B"}),
        ("unit_admin@D", {"specialist@D"}),
        ("unit_admin@P", set()),
        ("system_admin", {"clerk@A", "leader@A", "clerk@B", "specialist@D", "system_admin"}),
    ],
)
def test_one_sees_ones_own_and_administrators_their_units_mail(
    signed_in, mail: dict[str, int], who: str, whose: set[str]
) -> None:
    client = signed_in(who)
    assert links_in(client.get("/mail").text) == {mail[one] for one in whose}
    for one, message_id in mail.items():
        assert client.get(f"/mail/{message_id}").status_code == (200 if one in whose else 404)


def test_nobody_sees_the_token_of_a_link(signed_in, mail: dict[str, int]) -> None:
    for who in ("leader@A", "unit_admin@A", "system_admin"):
        page = signed_in(who).get(f"/mail/{mail['leader@A']}").text
        assert TOKEN not in page
        assert "/password/••••••••" in page


@pytest.mark.databases("sqlite")
def test_signed_out_there_is_no_mail(mail: dict[str, int], client: FlaskClient) -> None:
    for path in ("/mail", f"/mail/{mail['clerk@A']}"):
        assert client.get(path).location.startswith("/sign-in")


@pytest.mark.databases("sqlite")
def test_unknown_mail_is_not_there(signed_in) -> None:
    client = signed_in("system_admin")
    assert client.get("/mail/9999").status_code == 404
    assert client.post("/mail/9999/discard").status_code == 404
    assert client.post("/mail/9999/burn").status_code == 404


def test_the_states_are_counted_and_pick_what_is_shown(
    signed_in, mail: dict[str, int], put
) -> None:
    put(mail["clerk@A"], Delivery.SENT)
    put(mail["leader@A"], Delivery.FAILED, last_error="550 no such mailbox", attempts=8)
    client = signed_in("unit_admin@A")
    page = client.get("/mail").text
    assert "Tất cả <b>2</b>" in page
    assert "Đã gửi <b>1</b>" in page
    assert "Không gửi được <b>1</b>" in page
    assert "Đang giữ <b>" not in page
    failed = client.get("/mail?state=failed").text
    assert links_in(failed) == {mail["leader@A"]}
    assert "550 no such mailbox" in failed
    assert links_in(client.get("/mail?state=held").text) == set()
    assert len(links_in(client.get("/mail?state=nonsense").text)) == 2


@pytest.mark.databases("sqlite")
def test_without_a_relay_it_is_said_that_mail_is_held(
    signed_in, with_relay, mail: dict[str, int], put
) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    said = "Thư được giữ lại, chưa gửi đi"
    path = f"/mail/{mail['clerk@A']}"
    for page in ("/mail", path):
        assert said in signed_in("unit_admin@A").get(page).text
        assert said not in with_relay("unit_admin@A").get(page).text


@pytest.mark.databases("sqlite")
def test_the_pages_are_sound(guarded: Flask, world: World, mail: dict[str, int], put) -> None:
    client = guarded.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{world.people['system_admin'].id}.1"
    check_page(client.get("/mail?state=sent").text)
    for delivery in Delivery:
        lease = {"leased_until": clock.now()} if delivery is Delivery.SENDING else {}
        digest = mail["leader@A"] if delivery is Delivery.BUNDLED else None
        put(mail["clerk@A"], delivery, last_error="450 busy", digest_id=digest, **lease)
        check_page(client.get("/mail").text)
        check_page(client.get(f"/mail/{mail['clerk@A']}").text)


def test_the_list_is_paged_and_costs_the_same_however_long(
    signed_in, engine: Engine, world: World, mail: dict[str, int], write
) -> None:
    client = signed_in("unit_admin@A")
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement and not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get("/mail")
    few = len(found)
    row = {
        "person_id": world.people["leader@A"].id,
        "unit_id": world.units["A"].id,
        "kind": "password_reset",
        "data": {"expires_at": "2021-05-07T06:00:00+00:00"},
        "delivery": "waiting",
        "created_at": clock.now(),
        "due_at": clock.now(),
        "attempts": 0,
        "last_error": "",
    }
    write(insert(OutboxMessage).values([row] * 70))
    found.clear()
    first = client.get("/mail").text
    many = len(found)
    event.remove(engine, "before_cursor_execute", note)
    assert few == many <= 12
    last = client.get("/mail?page=3").text
    assert (len(links_in(first)), len(links_in(last))) == (30, 12)


# --- Handling it --------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["release", "retry", "discard"])
def test_mail_is_handled_by_its_units_and_the_systems_administrators_only(
    signed_in, mail: dict[str, int], put, stands, act: str
) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    path = f"/mail/{mail['clerk@A']}/{act}"
    for who, code in (("clerk@A", 403), ("leader@A", 403), ("unit_admin@B", 404)):
        assert signed_in(who).post(path).status_code == code
    assert signed_in("unit_admin@D").post(path).status_code == 404
    assert stands(mail["clerk@A"]) is Delivery.HELD
    page = signed_in("clerk@A").get(f"/mail/{mail['clerk@A']}").text
    assert "Bỏ thư này" not in page


@pytest.mark.parametrize("who", ["unit_admin@A", "system_admin"])
def test_held_mail_is_released_where_there_is_a_relay(
    with_relay, world: World, mail: dict[str, int], put, stands, read, who: str
) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    client, path = with_relay(who), f"/mail/{mail['clerk@A']}"
    assert "Cho phép gửi" in client.get(path).text
    assert client.post(f"{path}/release").location == path
    assert stands(mail["clerk@A"]) is Delivery.WAITING
    assert "Thư đã vào hàng chờ" in client.get(path).text
    noted = select(AuditEntry.what).where(AuditEntry.what.startswith("mail."))
    assert read(noted) == ["mail.waiting"]
    assert "Cho phép gửi thư" in client.get(f"/admin/units/{world.units['A'].id}/trail").text
    client.post(f"{path}/release")
    assert "Chờ gửi" in client.get(path).text
    assert read(noted) == ["mail.waiting"]


def test_without_a_relay_nothing_is_released(signed_in, mail: dict[str, int], put, stands) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    client, path = signed_in("unit_admin@A"), f"/mail/{mail['clerk@A']}"
    assert "Cho phép gửi" not in client.get(path).text
    client.post(f"{path}/release")
    assert "LTH_SMTP_URL" in client.get(path).text
    assert stands(mail["clerk@A"]) is Delivery.HELD


def test_failed_mail_is_tried_again(signed_in, mail: dict[str, int], put, stands, read) -> None:
    message_id = mail["clerk@A"]
    put(message_id, Delivery.FAILED, attempts=8, last_error="450 busy")
    client, path = signed_in("unit_admin@A"), f"/mail/{message_id}"
    assert "Gửi lại" in client.get(path).text
    client.post(f"{path}/retry")
    assert stands(message_id) is Delivery.WAITING
    assert read(select(OutboxMessage.attempts).where(OutboxMessage.id == message_id)) == [0]


def test_discarded_mail_loses_its_link_and_stays_discarded(
    signed_in, mail: dict[str, int], put, stands, read
) -> None:
    message_id = mail["leader@A"]
    put(message_id, Delivery.HELD)
    client, path = signed_in("unit_admin@A"), f"/mail/{message_id}"
    client.post(f"{path}/discard")
    assert stands(message_id) is Delivery.DISCARDED
    assert read(select(OutboxMessage.secret).where(OutboxMessage.id == message_id)) == [None]
    assert "Đã bỏ thư" in client.get(path).text
    for act in ("retry", "discard"):
        client.post(f"{path}/{act}")
        assert "không thực hiện được nữa" in client.get(path).text
    assert stands(message_id) is Delivery.DISCARDED


def test_what_was_sent_cannot_be_taken_back(signed_in, mail: dict[str, int], put, stands) -> None:
    put(mail["clerk@A"], Delivery.SENT)
    client, path = signed_in("unit_admin@A"), f"/mail/{mail['clerk@A']}"
    assert "Bỏ thư này" not in client.get(path).text
    client.post(f"{path}/discard")
    assert stands(mail["clerk@A"]) is Delivery.SENT
