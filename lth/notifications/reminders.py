"""Reminders and escalation: the mail that `lth/workflow/reminder_schedule.py` announces.

Each morning whoever holds a document that its unit owes, the unit's leaders and the unit above are
told of the rung that has come. A rung is told once: of a unit and a day there is never a second
mail about the same one, whoever holds the document by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access import delegations
from lth.access.actor import in_force
from lth.access.scope import Purpose, system
from lth.administration import calendar_days
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import OutboxMessage, Person, RoleAssignment
from lth.models.document import Status
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import insert_once, notices, overdue_units, send_window
from lth.notifications.overdue_units import Above, Debtor, Round
from lth.workflow import reminder_schedule
from lth.workflow.deadlines import Due
from lth.workflow.reminder_schedule import Step, Told

CATCH_UP = 2
"""For so many working days a rung is told late, where nothing ran on its own day."""

ONE_DAY = timedelta(days=1)
TOLD_ROLES = (Role.CLERK, Role.LEADER, Role.SPECIALIST)

Row = dict[str, Any]
People = dict[tuple[int, Role], list[int]]
"""Who holds a role at a unit."""


def write(session: Session, now: datetime) -> int:
    """Write the mail that is due by the ladder at `now`; returns how many rows.

    In the transaction under way, which the caller commits. Nothing before the morning in Viet Nam.
    """
    if not send_window.begun(now):
        return 0
    today = clock.local(now).date()
    with system(session, Purpose.TICK):
        calendar = calendar_days.of(session)
        first = first_told(today, calendar)
        rounds = overdue_units.rounds(session, first, today, calendar)
        if not rounds:
            return 0
        told = _told(session, first)
        tick = _Tick(session, now, today, first, calendar, told)
        return insert_once.write(session, [row for one in rounds for row in tick.rows(one)])


def first_told(today: date, calendar: Calendar) -> date:
    """The first day whose rungs are still told on a day, `CATCH_UP` working days later."""
    return calendar.shift(today + ONE_DAY, -(CATCH_UP + 1))


def _told(session: Session, first: date) -> set[str]:
    """What was told since a day: the `dedupe` keys of its mail, without the person's id."""
    since = datetime.combine(first, time(), clock.TIMEZONE)
    statement = select(OutboxMessage.dedupe).where(
        OutboxMessage.delivery.in_(list(Delivery)),  # together with the day, an index serves it
        OutboxMessage.due_at >= since,
        OutboxMessage.kind.in_(notices.KINDS),
    )
    return {key.rpartition(":")[0] for key in session.scalars(statement) if key}


@dataclass(frozen=True)
class _Call:
    """The rung that units with the same due date and state have come to, as their mail says it."""

    step: Step
    left: int
    data: Row
    ahead: list[Step]

    @property
    def again_on(self) -> date | None:
        """When the unit above hears of it next."""
        return next((step.on for step in self.ahead if Told.ABOVE in step.rung.told), None)


@dataclass
class _Tick:
    """One writing of the day's mail; `people` are the holders of roles in the documents of each
    programme, by unit and role."""

    session: Session
    now: datetime
    today: date
    first: date
    calendar: Calendar
    told: set[str]
    people: dict[int, People] = field(default_factory=dict)
    calls: dict[tuple[Due, Status | None], _Call | None] = field(default_factory=dict)

    def rows(self, one: Round) -> list[Row]:
        """The mail of a round: to the units themselves, then to the units above them."""
        called = list(self._called(one))
        if not called:
            return []
        if one.programme_id not in self.people:
            self.people[one.programme_id] = _people(self.session, one.programme_id, self.today)
        wrote = overdue_units.writers(self.session, one)
        own = (row for pair in called for row in self._to_unit(one, *pair, wrote))
        return [*own, *self._to_those_above(one, called)]

    # --- Which rung has come ------------------------------------------------------------------

    def _called(self, one: Round) -> Iterator[tuple[Debtor, _Call]]:
        """The units with a rung to be told of. One that came before their document was in the
        state it is in is not made up for: whoever it came to has just heard so."""
        for debtor in overdue_units.debtors(self.session, one, self.today):
            due = debtor.due(one)
            call = self._call(due, debtor.owed_as) if due is not None else None
            if call is not None and (debtor.since is None or debtor.since <= call.step.on):
                yield debtor, call

    def _call(self, due: Due, status: Status | None) -> _Call | None:
        """The last rung that has come, unless that was too long ago; worked out once for each day
        and state, of which there are few."""
        key = (due, status)
        if key not in self.calls:
            steps = reminder_schedule.steps(due, status, self.calendar)
            step = reminder_schedule.reached(steps, self.today)
            recent = step is not None and step.on >= self.first
            self.calls[key] = self._call_of(due, step, steps) if step and recent else None
        return self.calls[key]

    def _call_of(self, due: Due, step: Step, steps: list[Step]) -> _Call:
        ahead = [one for one in steps if one.on > self.today]
        left = self.calendar.between(self.today, step.about)
        data = {
            "rung": step.rung.code,
            "told_on": self.today.isoformat(),
            "about": step.about.isoformat(),
            "own_day": step.own_day,
            "left": left,
            "due_on": due.on.isoformat(),
            "latest": due.latest.isoformat(),
            "last_correction_on": _written(due.last_correction_on),
            "ahead": [[one.on.isoformat(), [*one.rung.told]] for one in ahead],
        }
        return _Call(step, left, data, ahead)

    # --- To the unit itself -------------------------------------------------------------------

    def _to_unit(
        self, one: Round, debtor: Debtor, call: _Call, wrote: dict[int, set[int]]
    ) -> Iterator[Row]:
        key = _key(notices.REMINDER, one, debtor.id, call.step)
        if key in self.told:
            return
        above = debtor.above.name if debtor.above else ""
        data = {**_of_round(one), **call.data, **_of_unit(debtor), "above": above}
        for person_id, turn in self._recipients(one, debtor, call.step, wrote).items():
            yield self._row(notices.REMINDER, key, person_id, debtor.id, {**data, "turn": turn})

    def _recipients(
        self, one: Round, debtor: Debtor, step: Step, wrote: dict[int, set[int]]
    ) -> dict[int, bool]:
        """Who of the unit is told, and whether it is theirs to act; each of them once."""
        people = self.people[one.programme_id]
        leaders = people.get((debtor.id, Role.LEADER), [])
        holders = leaders
        if debtor.status is not Status.CLEARANCE:
            drafters = people.get((debtor.id, one.kind.drafter), [])
            edited = wrote.get(debtor.document_id or 0, set())
            holders = [person for person in drafters if person in edited] or drafters
        found: dict[int, bool] = {}
        if Told.HOLDER in step.rung.told:
            found |= dict.fromkeys(holders, True)
        if Told.LEADERS in step.rung.told:
            found |= {person: person in holders for person in leaders}
        return found

    # --- To the unit above --------------------------------------------------------------------

    def _to_those_above(self, one: Round, called: list[tuple[Debtor, _Call]]) -> Iterator[Row]:
        """One letter for each unit above, rung and day, about all that have come to it."""
        letters: dict[tuple[str, Above], list[tuple[Debtor, _Call]]] = {}
        for debtor, call in called:
            if debtor.above is not None and Told.ABOVE in call.step.rung.told:
                key = _key(notices.LATE_BELOW, one, debtor.above.id, call.step)
                letters.setdefault((key, debtor.above), []).append((debtor, call))
        for (key, above), late in letters.items():
            if key not in self.told:
                yield from self._letter(one, key, above, late)

    def _letter(
        self, one: Round, key: str, above: Above, late: list[tuple[Debtor, _Call]]
    ) -> Iterator[Row]:
        again = [call.again_on for _, call in late if call.again_on is not None]
        data = {
            **_of_round(one),
            "rung": late[0][1].step.rung.code,
            "told_on": self.today.isoformat(),
            "above": above.name,
            "again_on": _written(min(again, default=None)),
            "late": [
                {**_of_unit(debtor), "about": call.data["about"], "left": call.left}
                for debtor, call in sorted(late, key=lambda pair: pair[1].left)
            ],
            "turn": False,
        }
        for person_id in self.people[one.programme_id].get((above.id, Role.SPECIALIST), []):
            yield self._row(notices.LATE_BELOW, key, person_id, above.id, data)

    def _row(self, kind: str, key: str, person_id: int, unit_id: int, data: Row) -> Row:
        return {
            "person_id": person_id,
            "unit_id": unit_id,
            "kind": kind,
            "dedupe": f"{key}:{person_id}",
            "data": data,
            "delivery": Delivery.WAITING,
            "created_at": self.now,
            "due_at": self.now,
            "attempts": 0,
            "last_error": "",
        }


def _people(session: Session, programme_id: int, today: date) -> People:
    """The active people who hold a role that is told of anything; who signs for a leader, where
    their unit's own documents of the programme are theirs to sign."""
    statement = (
        select(RoleAssignment.unit_id, RoleAssignment.role, RoleAssignment.person_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(RoleAssignment.delegation)
        .where(
            RoleAssignment.role.in_(TOLD_ROLES),
            Person.active,
            in_force(today),
            delegations.lends(True, programme_id),
        )
    )
    found: People = {}
    for unit_id, role, person_id in session.execute(statement.distinct()):
        found.setdefault((unit_id, role), []).append(person_id)
    return found


def _key(kind: str, one: Round, unit_id: int, step: Step) -> str:
    return f"{kind}:{one.period_id}:{one.kind}:{unit_id}:{step.rung.code}:{step.on}"


def _of_round(one: Round) -> Row:
    return {"period_id": one.period_id, "period": one.period_code, "kind": one.kind}


def _of_unit(debtor: Debtor) -> Row:
    return {
        "unit_id": debtor.id,
        "unit": debtor.name,
        "document_id": debtor.document_id,
        "status": debtor.status.value if debtor.status else None,
        "asked_until": _written(debtor.asked_until),
    }


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
