"""What the strip shows is what the tick sends, both ways: day by day, over all that a document and
its unit can be."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from support.chasing import moment, only_documents
from support.mailworld import World

from lth.access.scope import Purpose, system
from lth.blueprints.document.strip import Strip
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import (
    CalendarDay,
    Deadline,
    Document,
    OutboxMessage,
    Participation,
    Unit,
)
from lth.models.document import Status
from lth.notifications import reminders
from lth.workflow import deadlines, documents
from lth.workflow.kinds import PLAN

FIRST, LAST = date(2021, 5, 3), date(2021, 6, 30)
ONE_DAY = timedelta(days=1)

STATES = (
    {"status": Status.DRAFT},
    {"status": Status.CLEARANCE, "cleared_from": Status.DRAFT},
    {"status": Status.RETURNED},
    {"status": Status.CLEARANCE, "cleared_from": Status.RETURNED},
    {"status": Status.SUBMITTED, "sent_number": 1},
    {"status": Status.DRAFT, "in_force_number": 1},  # an amendment
)


def scatter(world: World, dice: random.Random, document_id: int) -> None:
    """A state, days of every kind, days off, perhaps an end of the unit or of its taking part."""
    session = world.session
    due_on = FIRST + timedelta(days=dice.randrange(4, 30))
    grace = dice.choice([0, 0, 2])
    days = {
        "due_on": due_on,
        "grace_days": grace,
        "latest_on": Calendar().shift(due_on, grace),
        "last_correction_on": dice.choice([None, due_on + timedelta(days=dice.randrange(5, 20))]),
    }
    tapson, tracu = world.units["tapson"].id, world.units["tracu"].id
    where = {"period_id": world.period_id, "kind": PLAN}
    with system(session, Purpose.LOAD):
        session.execute(delete(Deadline))
        whom = dice.choice([None, tapson])
        session.add(Deadline(setter_id=tracu, unit_id=whom, **where, **days))
        if dice.random() < 0.3:
            own = due_on - timedelta(days=dice.randrange(1, 10))
            session.add(Deadline(setter_id=tapson, unit_id=tapson, due_on=own, **where))
        for _ in range(dice.randrange(3)):
            day = FIRST + timedelta(days=dice.randrange(50))
            session.merge(CalendarDay(day=day, works=not Calendar().works(day), name="Đổi"))
        more = dice.choice([None, None, due_on + timedelta(days=dice.randrange(1, 15))])
        state = {"cleared_from": None, "in_force_number": None} | dice.choice(STATES)
        changes = {**state, "extended_until": more, "status_since": moment(FIRST)}
        session.execute(update(Document).where(Document.id == document_id).values(changes))
        if dice.random() < 0.15:
            session.execute(
                update(Unit).where(Unit.id == tapson).values(valid_to=FIRST + 9 * ONE_DAY)
            )
        if dice.random() < 0.15:
            session.execute(delete(Participation).where(Participation.unit_id == tapson))
    session.commit()


def shown(app: Flask, world: World, document_id: int, today: date) -> set[date]:
    """The days on which the strip says, on the evening before a day, that somebody is reminded."""
    evening = moment(today) - timedelta(hours=12)
    with app.test_request_context(), system(world.session, Purpose.RECONCILE) as scope:
        document = documents.get(world.session, document_id, scope)
        schedule = deadlines.schedule(world.session, document)
        steps = Strip(document, schedule, evening).reminders
        return {step["on"] for step in steps if step["state"] != "past"}


def told(world: World) -> set[date]:
    """The days on which somebody was written to of Tập Sơn's plan."""
    with system(world.session, Purpose.DELIVER):
        rows = world.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reminder"))
        tapson = world.units["tapson"].id
        return {clock.local(row.due_at).date() for row in rows if row.data["unit_id"] == tapson}


def days() -> Iterator[date]:
    for number in range((LAST - FIRST).days):
        yield FIRST + timedelta(days=number)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("seed", range(16))
def test_what_the_strip_shows_is_what_the_tick_sends(app: Flask, world: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - days, not secrets
    only_documents(world)
    document_id = world.start("tapson.clerk")
    scatter(world, dice, document_id)
    announced: set[date] = set()
    for day in days():
        before = told(world)
        coming = shown(app, world, document_id, day)
        reminders.write(world.session, moment(day))
        world.session.commit()
        sent = day in told(world) - before
        assert sent is (day in coming), (day, coming)
        announced |= {day} & coming
    assert announced == told(world)
