"""Reminders and escalation: the mail that `lth/workflow/reminder_schedule.py` announces.

Each morning whoever holds a document that its unit owes, the unit's leaders and the unit above are
told of the rung that has come. A rung is told once: of a unit and a day there is never a second
mail about the same one, whoever holds the document by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import calendar_days
from lth.core import clock
from lth.core.workdays import Calendar
from lth.mail import outbox
from lth.mail.outbox import Mail
from lth.mail.recipients import holders, writers
from lth.models import OutboxMessage
from lth.models.document import Status
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import overdue_units, send_window
from lth.notifications.notices import KINDS, LATE_BELOW, REMINDER, LateBelow, Owed, ReminderMail
from lth.notifications.overdue_units import Debtor, OwingRound, UnitAbove
from lth.workflow import reminder_schedule
from lth.workflow.deadlines import Due
from lth.workflow.reminder_schedule import Reminded, Step

CATCH_UP = 2
"""For so many working days a rung is told late, where nothing ran on its own day."""

ONE_DAY = timedelta(days=1)

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
        mails = (mail for round_ in rounds for mail in tick.mails(round_))
        return len(outbox.write(session, sorted(mails, key=lambda mail: mail.dedupe), now))


def first_told(today: date, calendar: Calendar) -> date:
    """Return the first day whose rungs are told on a day, `CATCH_UP` working days later."""
    return calendar.shift(today + ONE_DAY, -(CATCH_UP + 1))


def _told(session: Session, first: date) -> set[str]:
    """Read what was told since a day: the `dedupe` keys of its mail, without the person's id."""
    since = datetime.combine(first, time(), clock.TIMEZONE)
    statement = select(OutboxMessage.dedupe).where(
        OutboxMessage.delivery.in_(list(Delivery)),  # together with the day, an index serves it
        OutboxMessage.due_at >= since,
        OutboxMessage.kind.in_(KINDS),
    )
    return {key.rpartition(":")[0] for key in session.scalars(statement) if key}


@dataclass(frozen=True)
class _Call:
    """The rung that units with the same due date and state have come to, as their mail says it."""

    step: Step
    left: int
    due: Due
    ahead: list[Step]

    @property
    def again_on(self) -> date | None:
        """The day on which the unit above hears of it next."""
        return next((step.on for step in self.ahead if Reminded.ABOVE in step.rung.told), None)


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

    def mails(self, round_: OwingRound) -> list[Mail]:
        """Write the mail of a round: to the units themselves, then to those above them."""
        called = list(self._called(round_))
        if not called:
            return []
        if round_.programme_id not in self.people:
            self.people[round_.programme_id] = self._people(round_.programme_id)
        wrote = overdue_units.writers(self.session, round_)
        own = (mail for pair in called for mail in self._to_unit(round_, *pair, wrote))
        return [*own, *self._to_those_above(round_, called)]

    # --- Which rung has come ------------------------------------------------------------------

    def _called(self, round_: OwingRound) -> Iterator[tuple[Debtor, _Call]]:
        """Find the units with a rung to tell of. One that came before their document was in the
        state it is in is not made up for: whoever it came to has just heard so."""
        for debtor in overdue_units.debtors(self.session, round_, self.today):
            due = debtor.due(round_)
            call = self._call(due, debtor.owed_as) if due is not None else None
            if call is not None and (debtor.since is None or debtor.since <= call.step.on):
                yield debtor, call

    def _call(self, due: Due, status: Status | None) -> _Call | None:
        """Find the last rung that has come, unless too long ago; worked out once for each day
        and state, of which there are few."""
        key = (due, status)
        if key not in self.calls:
            steps = reminder_schedule.steps(due, status, self.calendar)
            step = reminder_schedule.reached(steps, self.today)
            recent = step is not None and step.on >= self.first
            ahead = [later for later in steps if later.on > self.today]
            left = self.calendar.between(self.today, step.about) if recent else 0
            self.calls[key] = _Call(step, left, due, ahead) if recent else None
        return self.calls[key]

    # --- To the unit itself -------------------------------------------------------------------

    def _to_unit(
        self, round_: OwingRound, debtor: Debtor, call: _Call, wrote: dict[int, set[int]]
    ) -> Iterator[Mail]:
        key = _key(REMINDER.kind, round_, debtor.id, call.step)
        if key in self.told:
            return
        news = replace(self._reminder(round_, debtor, call), news_as=(Role.LEADER,))
        holder = Role.LEADER if debtor.status is Status.CLEARANCE else round_.kind.drafter
        call_to_act = replace(news, turn=True, turn_as=(holder,))
        for person_id, turn in self._recipients(round_, debtor, call.step, wrote).items():
            payload = call_to_act if turn else news
            yield Mail(REMINDER, payload, person_id, debtor.id, f"{key}:{person_id}")

    def _reminder(self, round_: OwingRound, debtor: Debtor, call: _Call) -> ReminderMail:
        return ReminderMail(
            **self._of_round(round_, call.step),
            **_of_unit(debtor, call),
            above=debtor.above.name if debtor.above else "",
            own_day=call.step.own_day,
            due_on=call.due.on,
            latest=call.due.latest,
            last_correction_on=call.due.last_correction_on,
            ahead=tuple((step.on, tuple(step.rung.told)) for step in call.ahead),
        )

    def _recipients(
        self, round_: OwingRound, debtor: Debtor, step: Step, wrote: dict[int, set[int]]
    ) -> dict[int, bool]:
        """Find who of the unit is told, and whether it is theirs to act; each of them once."""
        people = self.people[round_.programme_id]
        leaders = people.get((debtor.id, Role.LEADER), [])
        holding = leaders
        if debtor.status is not Status.CLEARANCE:
            drafters = people.get((debtor.id, round_.kind.drafter), [])
            edited = wrote.get(debtor.document_id or 0, set())
            holding = writers(drafters, edited)
        turns: dict[int, bool] = {}
        if Reminded.HOLDER in step.rung.told:
            turns |= dict.fromkeys(holding, True)
        if Reminded.LEADERS in step.rung.told:
            turns |= {person: person in holding for person in leaders}
        return turns

    # --- To the unit above --------------------------------------------------------------------

    def _to_those_above(
        self, round_: OwingRound, called: list[tuple[Debtor, _Call]]
    ) -> Iterator[Mail]:
        """Write one letter for each unit above, rung and day, about all that have come to it."""
        letters: dict[tuple[str, UnitAbove], list[tuple[Debtor, _Call]]] = {}
        for debtor, call in called:
            if debtor.above is not None and Reminded.ABOVE in call.step.rung.told:
                key = _key(LATE_BELOW.kind, round_, debtor.above.id, call.step)
                letters.setdefault((key, debtor.above), []).append((debtor, call))
        for (key, above), late in letters.items():
            if key not in self.told:
                yield from self._letter(round_, key, above, late)

    def _letter(
        self, round_: OwingRound, key: str, above: UnitAbove, late: list[tuple[Debtor, _Call]]
    ) -> Iterator[Mail]:
        again = [call.again_on for _, call in late if call.again_on is not None]
        payload = LateBelow(
            **self._of_round(round_, late[0][1].step),
            above=above.name,
            again_on=min(again, default=None),
            news_as=tuple(LATE_BELOW.audience),
            late=tuple(
                Owed(**_of_unit(debtor, call))
                for debtor, call in sorted(late, key=lambda pair: pair[1].left)
            ),
        )
        for role in LATE_BELOW.audience:
            for person_id in self.people[round_.programme_id].get((above.id, role), []):
                yield Mail(LATE_BELOW, payload, person_id, above.id, f"{key}:{person_id}")

    def _of_round(self, round_: OwingRound, step: Step) -> dict[str, Any]:
        return {
            "period_id": round_.period_id,
            "period": round_.period_code,
            "kind": round_.kind,
            "rung": step.rung.code,
            "told_on": self.today,
        }

    def _people(self, programme_id: int) -> People:
        """Find the holders of the roles that are told of anything, and those who sign for a leader
        where their unit's own documents of the programme are theirs to sign."""
        roles = REMINDER.audience | LATE_BELOW.audience
        people: People = {}
        rows = holders(self.session, roles, self.today, programme_id=programme_id)
        for person_id, unit_id, role in rows:
            people.setdefault((unit_id, role), []).append(person_id)
        return people


def _key(kind: str, round_: OwingRound, unit_id: int, step: Step) -> str:
    return f"{kind}:{round_.period_id}:{round_.kind}:{unit_id}:{step.rung.code}:{step.on}"


def _of_unit(debtor: Debtor, call: _Call) -> dict[str, Any]:
    return {
        "unit_id": debtor.id,
        "unit": debtor.name,
        "document_id": debtor.document_id,
        "status": debtor.status,
        "asked_until": debtor.asked_until,
        "about": call.step.about,
        "left": call.left,
    }
