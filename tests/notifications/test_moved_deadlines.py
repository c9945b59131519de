"""A deadline that moves tells those whom it binds: once, the two days and who moved it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, select
from support.mailworld import World

from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import due_dates
from lth.administration.context import AdminContext
from lth.administration.due_dates import Terms
from lth.application import settings_of
from lth.mail.declarations import Withheld
from lth.models import Deadline, OutboxMessage, Unit
from lth.notifications import facts, messages, validity
from lth.workflow import moved_deadlines
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN

DAY, LATER = date(2021, 6, 10), date(2021, 6, 24)
PEOPLE = {
    unit: {f"{unit}.clerk", f"{unit}.leader", *extra}
    for unit, extra in (
        ("tapson", ("tapson.clerk2", "tapson.leader2")),
        ("ngaixuyen", ()),
    )
}


class Office:
    """The administrator of a unit, who sets its deadlines."""

    def __init__(self, world: World, unit: str = "tracu") -> None:
        self.world, self.unit = world, unit
        actor = world.actor(f"{unit}.unit_admin")
        bind(world.session, Scope.of(actor))
        self.admin = AdminContext(
            world.session, actor, world.session.get_one(Unit, world.units[unit].id), world.now
        )

    def set(self, on: date, unit: str | None = None, **more: object) -> Deadline:
        terms = self._terms(on, unit, **more)
        with moved_deadlines.telling(self.admin, (terms.period_id, terms.kind)):
            found = due_dates.add(self.admin, terms, DAY)
        self.world.session.commit()
        return found

    def move(self, deadline: Deadline, on: date, unit: str | None = None, **more: object) -> None:
        terms = self._terms(on, unit, **more)
        with moved_deadlines.telling(self.admin, (terms.period_id, terms.kind)):
            due_dates.change(self.admin, deadline, terms, due_dates.version(deadline), DAY)
        self.world.session.commit()

    def remove(self, deadline: Deadline) -> None:
        with moved_deadlines.telling(self.admin, (deadline.period_id, deadline.kind)):
            due_dates.remove(self.admin, deadline, due_dates.version(deadline))
        self.world.session.commit()

    def _terms(self, on: date, unit: str | None, **more: object) -> Terms:
        unit_id = self.world.units[unit].id if unit else None
        return Terms(self.world.period_id, PLAN, unit_id, on, **more)


@pytest.fixture
def office(world: World) -> Office:
    with system(world.session, Purpose.LOAD):
        world.session.execute(delete(Deadline))
    world.session.commit()
    return Office(world)


def told(world: World) -> dict[str, tuple[str, str | None]]:
    """Who was written to, with the days before and after; each of them once."""
    with system(world.session, Purpose.DELIVER):
        statement = select(OutboxMessage).where(OutboxMessage.kind == "deadline_moved")
        rows = world.session.scalars(statement).all()
    keys = {person_id: key for key, person_id in world.people.items()}
    found = {keys[row.person_id]: (row.data["before"], row.data["after"]) for row in rows}
    assert len(found) == len(rows)
    return found


def test_the_first_day_is_no_move(world: World, office: Office) -> None:
    office.set(DAY)
    assert told(world) == {}


def test_those_below_who_draft_and_lead_are_told_once(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    office.move(deadline, LATER)
    days = (DAY.isoformat(), LATER.isoformat())
    assert told(world) == dict.fromkeys(PEOPLE["tapson"] | PEOPLE["ngaixuyen"], days)


def test_nothing_is_told_where_nothing_moves(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    office.move(deadline, DAY, grace_days=2)
    assert told(world) == {}


def test_a_nearer_day_keeps_a_unit_out_of_it(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    office.set(DAY, "tapson")
    office.move(deadline, LATER)
    assert set(told(world)) == PEOPLE["ngaixuyen"]


def test_a_day_of_its_own_moves_one_unit(world: World, office: Office) -> None:
    office.set(DAY)
    office.set(LATER, "tapson")
    assert set(told(world)) == PEOPLE["tapson"]


def test_a_day_taken_back(world: World, office: Office) -> None:
    office.remove(office.set(DAY))
    assert set(told(world).values()) == {(DAY.isoformat(), None)}


def test_who_has_sent_theirs_is_not_bound_any_more(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    world.do("tapson.leader", document_id, Act.SUBMIT)
    Office(world).move(deadline, LATER)
    assert set(told(world)) == PEOPLE["ngaixuyen"]


def test_nor_is_a_unit_that_has_ended(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    with system(world.session, Purpose.LOAD):
        world.units["tapson"].valid_to = date(2021, 1, 1)
    world.session.commit()
    Office(world).move(deadline, LATER)
    assert set(told(world)) == PEOPLE["ngaixuyen"]


def test_what_fails_tells_nobody(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    with pytest.raises(Exception, match="Hạn sửa cuối"):
        office.move(deadline, LATER, last_correction_on=DAY)
    world.session.rollback()
    assert told(world) == {}


def test_a_letter_that_is_overtaken_is_not_sent(world: World, office: Office) -> None:
    deadline = office.set(DAY)
    office.move(deadline, LATER, "tapson")
    office.move(deadline, date(2021, 7, 1), "tapson")
    with system(world.session, Purpose.DELIVER):
        statement = select(OutboxMessage.id).where(OutboxMessage.kind == "deadline_moved")
        ids = list(world.session.scalars(statement.order_by(OutboxMessage.id)))
        found = validity.sending(world.session, ids, world.now)
    said = {mail.payload.after: mail.withheld for mail in found.values()}
    assert said == {LATER: Withheld.DAY_MOVED, date(2021, 7, 1): None, None: None}


def test_what_the_letter_says(app: Flask, world: World, office: Office) -> None:
    deadline = office.set(DAY)
    office.move(deadline, LATER)
    with system(world.session, Purpose.DELIVER):
        row = world.session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.kind == "deadline_moved",
                OutboxMessage.person_id == world.people["tapson.leader"],
            )
        ).one()
        letter = messages.write(settings_of(app), facts.load(world.session, [row.id])[row.id])
    said = "Xã Tập Sơn: hạn của kế hoạch năm 2021 chuyển sang 24/6/2021"
    assert letter.subject == f"[Kế hoạch CLB] {said}"
    for words in (
        "Hạn trước đây: 10/6/2021",
        "Hạn hiện nay: 24/6/2021",
        "huyện Trà Cú",
        "Người thực hiện:",
        "/commune/month",
    ):
        assert words in letter.body, words
