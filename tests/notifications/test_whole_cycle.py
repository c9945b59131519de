"""A whole cycle, day by day: the mails are exactly those that the ladder announces.

the plans of 2021 are due on Tuesday 31 August, with two working days of grace until Monday
6 September (2 and 3 September are public holidays), corrections until Wednesday the 15th

never      nothing was ever begun
on time    sent up on 27 August
returned   sent up on 26 August, returned on 8 September, sent up again on the 15th
extended   asked for more time on 30 August, granted the next day: until 10 September, and kept
"""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from support.chasing import moment, more_communes, only_documents
from support.mailworld import World
from support.smtp import DROP, Post

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.core.workdays import Calendar
from lth.models import Deadline, OutboxMessage
from lth.models.document import Status
from lth.models.outbox import Delivery
from lth.notifications import delivery, notices, reminders
from lth.workflow import reminder_schedule
from lth.workflow.acts import Act
from lth.workflow.deadlines import Due
from lth.workflow.reminder_schedule import Reminded

from .conftest import Moved

UNITS = ("never", "ontime", "returned", "extended")
BEGIN, END = date(2021, 8, 16), date(2021, 9, 30)
ONE_DAY = timedelta(days=1)


def august(day: int) -> date:
    return date(2021, 8, day)


def september(day: int) -> date:
    return date(2021, 9, day)


DUE = Due(august(31), september(6), september(15), setter_id=0)
UNTIL = september(10)

ACTS: dict[date, list[tuple[str, str, Act, dict[str, Any]]]] = {
    august(20): [(f"{unit}.clerk", unit, Act.START, {}) for unit in UNITS if unit != "never"],
    august(25): [("returned.clerk", "returned", Act.SEND_FOR_CLEARANCE, {})],
    august(26): [
        ("returned.leader", "returned", Act.SUBMIT, {}),
        ("ontime.clerk", "ontime", Act.SEND_FOR_CLEARANCE, {}),
    ],
    august(27): [("ontime.leader", "ontime", Act.SUBMIT, {})],
    august(30): [
        ("extended.clerk", "extended", Act.ASK_EXTENSION, {"until": UNTIL, "reason": "Bão lũ"})
    ],
    august(31): [("tracu.specialist", "extended", Act.GRANT_EXTENSION, {})],
    september(7): [("tracu.specialist", "returned", Act.OPEN, {})],
    september(8): [("tracu.specialist", "returned", Act.RETURN, {"reason": "Sai số liệu"})],
    september(9): [("extended.clerk", "extended", Act.SEND_FOR_CLEARANCE, {})],
    september(10): [("extended.leader", "extended", Act.SUBMIT, {})],
    september(14): [("returned.clerk", "returned", Act.SEND_FOR_CLEARANCE, {})],
    september(15): [("returned.leader", "returned", Act.SUBMIT, {})],
}
"""Who does what at nine o'clock of which day."""


@dataclass(frozen=True)
class Stretch:
    """From and to which day a unit owed its plan, in which state, due when; in whose hands."""

    first: date
    last: date
    status: Status | None
    due: Due = DUE
    holder: str = "clerk"


EXTENDED = DUE.extended(UNTIL)
OWED = {
    "never": [Stretch(BEGIN, END, None)],
    "ontime": [
        Stretch(BEGIN, august(20), None),
        Stretch(august(20), august(26), Status.DRAFT),
        Stretch(august(26), august(27), Status.DRAFT, holder="leader"),
    ],
    "returned": [
        Stretch(BEGIN, august(20), None),
        Stretch(august(20), august(25), Status.DRAFT),
        Stretch(august(25), august(26), Status.DRAFT, holder="leader"),
        Stretch(september(8), september(14), Status.RETURNED),
        Stretch(september(14), september(15), Status.RETURNED, holder="leader"),
    ],
    "extended": [
        Stretch(BEGIN, august(20), None),
        Stretch(august(20), august(31), Status.DRAFT),
        Stretch(august(31), september(9), Status.DRAFT, EXTENDED),
        Stretch(september(9), september(10), Status.DRAFT, EXTENDED, holder="leader"),
    ],
}

Mail = tuple[date, str, str, bool]
"""The day, about which unit, to whom, and whether it is their turn."""


def announced() -> tuple[set[Mail], dict[date, set[str]]]:
    """What the ladder announces: mail to each unit's people, and to Trà Cú about which units."""
    own: set[Mail] = set()
    above: dict[date, set[str]] = {}
    for unit, stretches in OWED.items():
        told: set[tuple[date, str]] = set()
        for one in stretches:
            for step in reminder_schedule.steps(one.due, one.status, Calendar()):
                mark = (step.on, step.rung.code)
                if not one.first <= step.on <= one.last or mark in told:
                    continue
                told.add(mark)
                own |= _to_unit(unit, step, one.holder)
                if Reminded.ABOVE in step.rung.told:
                    above.setdefault(step.on, set()).add(unit)
    return own, above


def _to_unit(unit: str, step: reminder_schedule.Step, holder: str) -> set[Mail]:
    roles = {holder} if Reminded.HOLDER in step.rung.told else set()
    roles |= {"leader"} if Reminded.LEADERS in step.rung.told else set()
    return {(step.on, unit, f"{unit}.{role}", role == holder) for role in roles}


# --- The days -----------------------------------------------------------------------------


@dataclass
class Cycle:
    """The world of the cycle, its clock, and the application that sends its mail."""

    world: World
    app: Flask
    clock: Moved
    documents: dict[str, int]

    def run(self) -> None:
        day = BEGIN
        while day <= END:
            assert self.tick(day, time(6, 59)) == 0
            for at in (time(8), time(8, 5)):
                self.tick(day, at)
                self.send()
            for who, unit, act, inputs in ACTS.get(day, []):
                self.act(day, who, unit, act, inputs)
            self.tick(day, time(17))
            self.send()
            day += ONE_DAY

    def tick(self, day: date, at: time) -> int:
        self.clock.at = moment(day, at)
        written = reminders.write(self.world.session, self.clock.at)
        self.world.session.commit()
        return written

    def act(self, day: date, who: str, unit: str, act: Act, inputs: dict[str, Any]) -> None:
        self.world.now = max(self.world.now, moment(day, time(9)))
        if act is Act.START:
            self.documents[unit] = self.world.start(who)
        else:
            self.world.do(who, self.documents[unit], act, **inputs)

    def send(self) -> None:
        """Drain until nothing waits, however often the relay refuses or hangs up."""
        while self.waiting():
            delivery.drain(settings_of(self.app), sessions_of(self.app), now=self.clock)
            self.clock.move(minutes=8)

    def waiting(self) -> int:
        with system(self.world.session, Purpose.DELIVER):
            waits = OutboxMessage.delivery == Delivery.WAITING
            statement = select(func.count()).select_from(OutboxMessage).where(waits)
            found = self.world.session.scalar(statement) or 0
            self.world.session.rollback()
        return found

    def rows(self) -> list[Any]:
        with system(self.world.session, Purpose.DELIVER):
            return list(self.world.session.scalars(select(OutboxMessage)))


@pytest.fixture
def cycle(world: World, make_app: Callable[..., Flask], post: Post, moved: Moved) -> Cycle:
    """Before the first day, with a relay that refuses one in three and hangs up on some."""
    only_documents(world)
    more_communes(world, *UNITS)
    with system(world.session, Purpose.LOAD):
        world.session.execute(
            update(Deadline).values(
                due_on=DUE.on,
                grace_days=2,
                latest_on=DUE.latest,
                last_correction_on=DUE.last_correction_on,
            )
        )
        for key in ("tapson", "ngaixuyen"):
            world.units[key].valid_to = BEGIN
    world.session.commit()
    number, breaks = itertools.count(1), itertools.count(1)
    post.at_rcpt = lambda _address: "451 later" if next(number) % 3 == 0 else "250 OK"
    post.at_data = lambda _address: DROP if next(breaks) % 7 == 0 else "250 OK"
    return Cycle(world, make_app(LTH_SMTP_URL=post.url), moved, {})


def test_the_mails_of_a_cycle_are_exactly_those_announced(cycle: Cycle, post: Post) -> None:
    cycle.run()
    rows = cycle.rows()
    named = {person_id: key for key, person_id in cycle.world.people.items()}
    own, above = announced()

    written = [
        (
            date.fromisoformat(row.data["told_on"]),
            row.data["unit"].removeprefix("xã "),
            named[row.person_id],
            row.data["turn"],
        )
        for row in rows
        if row.kind == notices.REMINDER.kind
    ]
    assert Counter(written) == Counter(own)

    letters = [
        (
            date.fromisoformat(row.data["told_on"]),
            named[row.person_id],
            frozenset(one["unit"].removeprefix("xã ") for one in row.data["late"]),
        )
        for row in rows
        if row.kind == notices.LATE_BELOW.kind
    ]
    specialists = ("tracu.specialist", "tracu.specialist2")
    assert Counter(letters) == Counter(
        (day, who, frozenset(units)) for day, units in above.items() for who in specialists
    )

    assert {row.delivery for row in rows} == {Delivery.SENT}
    assert len(post.taken) == len(set(post.ids)) == len(rows)
    assert sum(row.attempts > 1 for row in rows) > len(rows) / 4


def test_what_the_ladder_announces_is_what_a_calendar_on_the_wall_says() -> None:
    """The days by hand, so that the ladder and the tick are not only held against each other."""
    own, above = announced()
    days = {unit: sorted({mail[0] for mail in own if mail[1] == unit}) for unit in UNITS}
    assert days == {
        "never": [
            *(august(24), august(30), august(31)),
            *(september(7), september(9), september(14)),
        ],
        "ontime": [august(24)],
        "returned": [august(24), september(8), september(14), september(15)],
        "extended": [
            *(august(24), august(30), august(31)),
            *(september(1), september(9), september(10)),
        ],
    }
    assert above == {september(9): {"never"}, september(14): {"never"}}
    assert (september(15), "returned", "returned.leader", True) in own
    assert (september(15), "returned", "returned.clerk", True) not in own
