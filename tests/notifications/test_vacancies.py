"""A role that a document waits for and nobody holds: whoever it falls to is told, by the table."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import select, update
from support.chasing import moment
from support.mailworld import SIGNED, STAFF, World

from lth.access.scope import Purpose, system
from lth.models import Document, OutboxMessage, Person, RoleAssignment, UnitSettings
from lth.models.opinion import Verdict
from lth.models.person import Role
from lth.notifications import vacancy_mail
from lth.workflow import vacancies, waiting
from lth.workflow.acts import Act
from lth.workflow.table import FORWARD, TABLE

DAY = date(2021, 5, 10)
AGREE = {"verdict": Verdict.AGREE}
WHY = {"reason": "Sai số người cao tuổi"}
UNTIL = {"until": date(2021, 6, 10), "reason": "x"}

STORY: list[tuple[str, Act, dict[str, object]]] = [
    ("tapson.clerk", Act.ASK_EXTENSION, UNTIL),
    ("tracu.leader", Act.GRANT_EXTENSION, UNTIL),
    ("tapson.clerk", Act.SEND_FOR_CLEARANCE, {}),
    ("tapson.leader", Act.SUBMIT, {}),
    ("tracu.specialist", Act.OPEN, {}),
    ("tracu.specialist", Act.RETURN, WHY),
    ("tapson.clerk", Act.SEND_FOR_CLEARANCE, {}),
    ("tapson.leader", Act.SUBMIT, {}),
    ("tracu.specialist", Act.OPEN, {}),
    ("tracu.finance_appraiser", Act.GIVE_OPINION, AGREE),
    ("tracu.format_appraiser", Act.GIVE_OPINION, AGREE),
    ("tracu.leader", Act.APPROVE, {}),
    ("tapson.leader", Act.ISSUE, SIGNED),
]
ABOVE: list[tuple[str, Act, dict[str, object]]] = [
    ("tracu.clerk", Act.SEND_FOR_CLEARANCE, {}),
    ("tracu.leader", Act.ISSUE, SIGNED),
    ("travinh.specialist", Act.ACKNOWLEDGE, {}),
]


class Post(NamedTuple):
    """A role at a unit."""

    unit: str
    role: Role


PLACES = [
    Post(unit, Role(role)) for unit, roles in STAFF.items() for role in roles if "2" not in role
]


def empty(world: World, *places: Post) -> None:
    """Nobody holds the roles any more from today on."""
    for place in places:
        at = RoleAssignment.unit_id == world.units[place.unit].id
        ends = update(RoleAssignment).where(at, RoleAssignment.role == place.role)
        world.session.execute(ends.values(valid_to=date(2021, 1, 2)))
    world.session.flush()
    world.session.expire_all()


def turns(world: World, document_id: int) -> set[Post]:
    """The places whose turn it is, as the desks say."""
    found = set()
    for unit, roles in STAFF.items():
        for role in roles:
            actor = world.actor(f"{unit}.{role}")
            mine = waiting.turn(world.session, actor)
            with system(world.session, Purpose.LOAD):
                if world.session.scalar(
                    select(Document.id).where(Document.id == document_id, mine)
                ):
                    found.add(Post(unit, Role(role.rstrip("2"))))
    return found


def stops(world: World) -> Iterator[tuple[int, str]]:
    """Each point of the two stories at which a document waits for somebody."""
    for who, story in (("tapson.clerk", STORY), ("tracu.clerk", ABOVE)):
        document_id = world.start(who)
        yield document_id, "started"
        for actor, act, inputs in story:
            world.do(actor, document_id, act, **inputs)
            yield document_id, act.value


def test_for_every_state_and_role_of_the_table_somebody_is_told(world: World) -> None:
    """Wherever a document waits for somebody and nobody there is left, it falls to somebody."""
    seen: set[tuple[str, Role]] = set()
    for document_id, where in stops(world):
        called = turns(world, document_id)
        if called:
            with system(world.session, Purpose.LOAD):
                before = world.session.scalar(
                    select(Document.status).where(Document.id == document_id)
                )
                found = vacancies.find(world.session, DAY, unit_ids=None)
                assert found == [], (where, found)
                empty(world, *called)
                found = vacancies.find(world.session, DAY, unit_ids=None)
                assert any(document_id in one.documents for one in found), (where, called)
                seen |= {(before, one.role) for one in found}
                written = vacancy_mail.write(world.session, moment(DAY))
                assert written > 0, where
                assert vacancy_mail.write(world.session, moment(DAY)) == 0
            world.session.rollback()
    rows = [row for row in TABLE if row.act in FORWARD]
    named = {(state, by.role) for row in rows for by in row.by for state in row.sources}
    roles = {Role.CLERK if role is None else role for _, role in named}
    assert {role for _, role in seen} == roles
    assert {state for state, _ in seen} == {state for row in rows for state in row.sources}


LINE = [
    ([], "tracu.leader"),
    ([Post("tracu", Role.LEADER)], "tracu.unit_admin"),
    ([Post("tracu", Role.LEADER), Post("tracu", Role.UNIT_ADMIN)], "travinh.unit_admin"),
    (
        [
            Post("tracu", Role.LEADER),
            Post("tracu", Role.UNIT_ADMIN),
            Post("travinh", Role.UNIT_ADMIN),
        ],
        "root",
    ),
]


@pytest.mark.parametrize(("gone", "heir"), LINE)
def test_it_falls_up_the_line(world: World, gone: list[Post], heir: str) -> None:
    document_id = submitted(world)
    with system(world.session, Purpose.LOAD):
        empty(world, Post("tracu", Role.SPECIALIST), *gone)
        vacancy_mail.write(world.session, moment(DAY))
        rows = world.session.execute(
            select(OutboxMessage.person_id, OutboxMessage.data).where(
                OutboxMessage.kind == "vacancy",
                OutboxMessage.data["role"].as_string() == "specialist",
            )
        ).all()
    assert [person_id for person_id, _ in rows] == [world.people[heir]]
    assert rows[0].data["count"] == 1
    assert document_id


def submitted(world: World) -> int:
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    world.do("tapson.leader", document_id, Act.SUBMIT)
    return document_id


def test_a_locked_account_and_a_role_that_ran_out_leave_it_vacant_too(world: World) -> None:
    submitted(world)
    with system(world.session, Purpose.LOAD):
        for key in ("tracu.specialist", "tracu.specialist2"):
            person = Person.id == world.people[key]
            world.session.execute(update(Person).where(person).values(active=False))
        assert [one.role for one in vacancies.find(world.session, DAY, unit_ids=None)] == [
            Role.SPECIALIST
        ]
        world.session.rollback()
    with system(world.session, Purpose.LOAD):
        at = RoleAssignment.unit_id == world.units["tracu"].id
        ends = update(RoleAssignment).where(at, RoleAssignment.role == Role.SPECIALIST)
        world.session.execute(ends.values(valid_to=date(2021, 5, 20)))
        assert vacancies.find(world.session, date(2021, 5, 19), unit_ids=None) == []
        assert len(vacancies.find(world.session, date(2021, 5, 20), unit_ids=None)) == 1


def test_who_ends_a_role_is_told_what_waits_and_who_is_asked(world: World) -> None:
    submitted(world)
    tracu = world.units["tracu"].id
    with system(world.session, Purpose.LOAD):
        mine = [
            *vacancies.of_person(world.session, world.people["tracu.specialist"], tracu),
        ]
        assert vacancies.left_by(world.session, [tracu], mine, DAY) == {}  # there is another
        both = [
            *mine,
            *vacancies.of_person(world.session, world.people["tracu.specialist2"], tracu),
        ]
        [(vacancy, heirs)] = vacancies.left_by(world.session, [tracu], both, DAY).items()
    assert (vacancy.role, vacancy.count, vacancy.unit_name) == (Role.SPECIALIST, 1, "huyện Trà Cú")
    assert [heir.person_id for heir in heirs] == [world.people["tracu.leader"]]


def test_it_shows_on_the_desk_of_whom_it_fell_to(world: World) -> None:
    submitted(world)
    with system(world.session, Purpose.LOAD):
        empty(world, Post("tracu", Role.SPECIALIST))
        world.session.commit()
    for key, count in (
        ("tracu.leader", 1),
        ("tracu.unit_admin", 1),
        ("travinh.unit_admin", 0),
        ("tapson.leader", 0),
        ("tracu.clerk", 0),
    ):
        world.scope(key)
        assert len(vacancies.fallen_to(world.session, world.actor(key), DAY)) == count, key


def test_an_opinion_that_nobody_asks_for_is_waited_for_by_nobody(world: World) -> None:
    document_id = submitted(world)
    world.do("tracu.specialist", document_id, Act.OPEN)
    with system(world.session, Purpose.LOAD):
        settings = world.session.get_one(UnitSettings, world.units["tracu"].id)
        settings.required_opinions = ["format"]
        world.session.flush()
        empty(world, Post("tracu", Role.FINANCE_APPRAISER), Post("tracu", Role.LEADER))
        assert vacancies.find(world.session, DAY, unit_ids=None) == []
        settings.required_opinions = []
        world.session.flush()
        found = vacancies.find(world.session, DAY, unit_ids=None)
        assert [one.role for one in found] == [Role.LEADER]
