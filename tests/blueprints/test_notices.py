"""Thông báo: everybody's own notices, what waits on them first, read when opened."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, select, update
from support.pages import check_page
from world import World

from lth.core import clock
from lth.models import Event, OutboxMessage, RoleAssignment
from lth.models.outbox import Delivery
from lth.models.person import Role

Told = Callable[..., int]


@pytest.fixture
def told(world: World, write, read) -> Told:
    """Tell somebody of one of the world's events; returns the message's id."""
    events = {name: key[0] for (table, key), name in world.names.items() if table == "event"}
    write(update(OutboxMessage).values(delivery=Delivery.DISCARDED))

    def tell(
        who: str, name: str, kind: str, unit: str, role: Role, *, turn: bool = False, **values: Any
    ) -> int:
        as_roles = {"turn_as" if turn else "news_as": [role.value]}
        row = {
            "event_id": events[name],
            "person_id": world.people[who].id,
            "unit_id": world.units[unit].id,
            "kind": kind,
            "data": {"turn": turn, **as_roles},
            "delivery": Delivery.WAITING,
            "created_at": clock.now(),
            "due_at": clock.now(),
            "attempts": 0,
            "last_error": "",
            **values,
        }
        mine = (OutboxMessage.event_id == row["event_id"]) & (OutboxMessage.kind == kind)
        write(update(OutboxMessage).where(mine).values(kind=f"old-{kind}"))
        write(insert(OutboxMessage).values(row))
        return max(read(select(OutboxMessage.id)))

    return tell


@pytest.fixture
def unread(read) -> Callable[[int], bool]:
    def is_unread(message_id: int) -> bool:
        return read(select(OutboxMessage.read_at).where(OutboxMessage.id == message_id)) == [None]

    return is_unread


_EVENT = {
    "from_status": "returned",
    "revision_number": 2,
    "role": "leader",
    "private": False,
    "reason": "",
    "data": {},
    "at": clock.now(),
}


def returned(told: Told, **values: Any) -> int:
    """A's clerk is called to correct what came back."""
    return told("clerk@A", "A.returned#5", "return", "A", Role.CLERK, turn=True, **values)


def shown(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'href="/notices/(\d+)"', page)]


def counted_in(page: str) -> int:
    found = re.search(r'class="count" aria-hidden="true">(\d+)', page)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("delivery", sorted(Delivery))
def test_it_shows_what_was_told_whatever_became_of_the_mail(
    signed_in, told: Told, delivery: Delivery
) -> None:
    values: dict[str, Any] = {"delivery": delivery}
    if delivery is Delivery.SENT:
        values["sent_at"] = clock.now()
    if delivery is Delivery.SENDING:
        values["leased_until"] = clock.now()
    if delivery is Delivery.BUNDLED:
        values["digest_id"] = 1
    message_id = returned(told, **values)
    page = signed_in("clerk@A").get("/notices").text
    assert shown(page) == ([] if delivery is Delivery.DISCARDED else [message_id])
    assert counted_in(page) == len(shown(page))
    check_page(page)


def test_nobody_sees_anothers(signed_in, told: Told) -> None:
    message_id = returned(told)
    for who in (
        "leader@A",
        "unit_admin@A",
        "observer@A",
        "clerk@B",
        "specialist@D",
        "system_admin",
    ):
        client = signed_in(who)
        assert shown(client.get("/notices").text) == []
        assert client.get(f"/notices/{message_id}").status_code == 404
        for act in ("open", "read"):
            assert client.post(f"/notices/{message_id}/{act}").status_code == 404


def test_outgoing_mail_is_in_the_administrators_menu_alone(signed_in, told: Told) -> None:
    for who in (
        "clerk@A",
        "leader@A",
        "observer@A",
        "specialist@D",
        "unit_admin@A",
        "system_admin",
    ):
        page = signed_in(who).get("/notices").text
        assert ('href="/mail"' in page) == ("admin" in who)
        assert 'href="/notices"' in page
        assert "LTH_" not in page


def test_what_waits_on_me_comes_first_until_it_is_done(
    signed_in, told: Told, write, read, world: World
) -> None:
    turn = returned(told)
    news = told("clerk@A", "A.returned#4", "open", "A", Role.CLERK)
    client = signed_in("clerk@A")
    page = client.get("/notices").text
    assert shown(page) == [turn, news]
    assert "Cần anh/chị làm" in page
    answered = {**_EVENT, "seq": 99, "action": "submit", "to_status": "submitted"}
    [event_id] = read(select(OutboxMessage.event_id).where(OutboxMessage.id == turn))
    [document_id] = read(select(Event.document_id).where(Event.id == event_id))
    mine = {"document_id": document_id, "person_id": world.people["clerk@A"].id}
    write(Event(unit_id=world.units["A"].id, **mine, **answered))
    page = client.get("/notices").text
    assert "Cần anh/chị làm" not in page
    assert shown(page) == [news, turn]


def test_reading_is_opening_and_get_writes_nothing(
    signed_in, told: Told, unread: Callable[[int], bool]
) -> None:
    message_id = returned(told)
    client = signed_in("clerk@A")
    for path in ("/notices", f"/notices/{message_id}"):
        page = client.get(path).text
        assert "Chưa đọc" in page
        check_page(page)
    assert unread(message_id)
    answer = client.post(f"/notices/{message_id}/open")
    assert re.fullmatch(r"/commune/documents/\d+", answer.location)
    assert not unread(message_id)
    page = client.get("/notices").text
    assert "Chưa đọc" not in page
    assert counted_in(page) == 0


def test_said_to_be_read_without_opening(
    signed_in, told: Told, unread: Callable[[int], bool]
) -> None:
    first, client = returned(told), signed_in("clerk@A")
    assert client.post(f"/notices/{first}/read").location == "/notices"
    assert not unread(first)
    second = told("clerk@A", "A.returned#4", "open", "A", Role.CLERK)
    third = told("clerk@A", "A.returned#3", "submit", "A", Role.CLERK)
    client.post("/notices/read", data={"newest": str(second)})
    assert (unread(second), unread(third)) == (False, True)
    for nonsense in ("", "x", "9" * 40):
        client.post("/notices/read", data={"newest": nonsense})
    assert unread(third)


def test_it_opens_in_the_role_it_is_for(signed_in, told: Told, world: World, write) -> None:
    """A clerk of A who is a specialist of D besides, and works as that."""
    row = {
        "person_id": world.people["clerk@A"].id,
        "unit_id": world.units["D"].id,
        "role": Role.SPECIALIST,
        "valid_from": clock.today() - timedelta(days=900),
        "preferred": True,
    }
    write(insert(RoleAssignment).values(row))
    theirs = told("clerk@A", "A.returned#3", "submit", "D", Role.SPECIALIST)
    message_id = returned(told)
    client = signed_in("clerk@A")
    page = client.get("/notices").text
    assert shown(page) == [message_id, theirs]
    assert page.count("Vai trò: Cán bộ") == 1
    answer = client.post(f"/notices/{message_id}/open")
    assert answer.location.startswith("/commune/documents/")
    assert client.get(answer.location).status_code == 200
    assert client.post(f"/notices/{theirs}/open").location.startswith("/district/documents/")


def test_whose_role_there_has_ended_reads_nothing_of_it(
    signed_in, told: Told, world: World, write
) -> None:
    message_id = returned(told)
    person_id = world.people["clerk@A"].id
    ends = update(RoleAssignment).where(RoleAssignment.person_id == person_id)
    write(ends.values(role=Role.OBSERVER))
    client = signed_in("clerk@A")
    assert shown(client.get("/notices").text) == []
    assert client.get(f"/notices/{message_id}").status_code == 404
    write(ends.values(role=Role.CLERK, unit_id=world.units["B"].id))
    page = client.get("/notices").text
    assert (shown(page), counted_in(page)) == ([], 0)
    assert client.get(f"/notices/{message_id}").status_code == 404


def test_the_list_is_paged_and_costs_the_same_however_long(
    signed_in, engine: Engine, world: World, told: Told, write
) -> None:
    returned(told)
    client, found = signed_in("clerk@A"), []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement and not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    row = {
        "event_id": None,
        "person_id": world.people["clerk@A"].id,
        "unit_id": world.units["A"].id,
        "kind": "delegation_given",
        "data": {
            **{"turn": False, "delegation_id": 1, "to": "giver", "giver": "A", "receiver": "B"},
            **{"form": "KT", "subject": "all", "programme": "", "number": "1/QĐ-UBND"},
            **{"decided_on": "2021-05-01", "starts_on": "2021-05-02", "ends_on": "2021-05-09"},
            **{"unit": "xã A", "actor": "B", "actor_role": "leader"},
            "at": "2021-05-01T00:00:00+00:00",
        },
        "delivery": "waiting",
        "created_at": clock.now(),
        "due_at": clock.now(),
        "attempts": 0,
        "last_error": "",
    }
    write(insert(OutboxMessage).values([row]))
    event.listen(engine, "before_cursor_execute", note)
    client.get("/notices")
    few = len(found)
    write(insert(OutboxMessage).values([row] * 45))
    found.clear()
    first = client.get("/notices").text
    many = len(found)
    event.remove(engine, "before_cursor_execute", note)
    assert few == many <= 12
    assert counted_in(first) == 47
    assert len(shown(first)) == 21
    assert len(shown(client.get("/notices?page=3").text)) == 6


@pytest.mark.databases("sqlite")
def test_signed_out_there_are_no_notices(told: Told, client: FlaskClient, app: Flask) -> None:
    for path in ("/notices", f"/notices/{returned(told)}"):
        assert client.get(path).location.startswith("/sign-in")


# --- A role that nobody holds ---------------------------------------------------------------


@pytest.fixture
def only_specialist(world: World, write) -> int:
    """D's one specialist, on whom B's plan waits; the id of the role."""
    lent = RoleAssignment.delegation_id.is_not(None)
    write(update(RoleAssignment).where(lent).values(valid_to=RoleAssignment.valid_from))
    return world.actors["specialist@D"].assignment_id


def test_who_ends_it_or_locks_its_holder_is_warned_before(
    signed_in, world: World, only_specialist: int
) -> None:
    client = signed_in("unit_admin@D")
    person = f"/admin/people/{world.people['specialist@D'].id}"
    for path in (person, f"{person}/roles/{only_specialist}/end"):
        page = client.get(path).text
        assert "Không có ai giữ vai trò “Chuyên viên”" in page
        assert re.search(r"\d+ việc đang chờ", page)
        assert f"Hệ thống sẽ nhắc: {world.people['leader@D'].name} (Lãnh đạo)" in page


def test_once_ended_it_shows_to_whom_it_fell(
    signed_in, world: World, only_specialist: int, write
) -> None:
    ends = update(RoleAssignment).where(RoleAssignment.id == only_specialist)
    write(ends.values(valid_to=clock.today()))
    words = "Không có ai giữ vai trò “Chuyên viên”"
    for who, path in (("leader@D", "/district/"), ("unit_admin@D", "/admin/people")):
        page = signed_in(who).get(path).text
        check_page(page)
        assert words in page
    for who, path in (("finance_appraiser@D", "/district/"), ("leader@P", "/province/")):
        assert words not in signed_in(who).get(path).text
