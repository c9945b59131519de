"""What a reminder tells; it hangs on no event, its row says it.

Days and counts are those of the day on which the row was written, which the text names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lth.models.document import Status
from lth.models.kind import Kind
from lth.notifications.overdue_units import Debt, Standing
from lth.workflow import reminder_schedule
from lth.workflow.reminder_schedule import Told

REMINDER, LATE_BELOW = "reminder", "late_below"
KINDS = (REMINDER, LATE_BELOW)
"""To a unit that owes a document; and to the unit above, of all that are late with theirs."""

DONE = "the unit has done its part"
MOVED = "the day it is about is another by now"


@dataclass(frozen=True)
class Owed:
    """A unit's document that is owed, the day that is told of, and how many working days are left
    to it (negative once it is past).

    `status` is None where none was begun; `asked_until` the day until which the unit asks for more
    time and has had no answer.
    """

    unit_id: int
    unit: str
    document_id: int | None
    status: Status | None
    about: date
    left: int
    asked_until: date | None


@dataclass(frozen=True)
class Ahead:
    """A reminder that comes next if nothing is done, and whom it reaches."""

    on: date
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Reminder:
    """A rung of the ladder, told to somebody of the unit that owes a document.

    `own_day`: `owed.about` is an earlier day that the unit has set for its own people. `due_on` is
    the day set from above, `latest` the end of its grace, `last_correction_on` the last day on
    which anything is taken; `above` receives it.
    """

    period_id: int
    period_code: str
    kind: Kind
    rung: str
    told_on: date
    owed: Owed
    own_day: bool
    due_on: date
    latest: date
    last_correction_on: date | None
    above: str
    ahead: tuple[Ahead, ...]

    @property
    def document_id(self) -> int | None:
        """The document, if it was begun."""
        return self.owed.document_id

    @property
    def debts(self) -> list[Debt]:
        return [(self.owed.unit_id, self.period_id, self.kind)]

    def pointless(self, standings: Mapping[Debt, Standing]) -> str:
        """Why there is no sense in it by now; empty while there is."""
        return _pointless(standings[self.debts[0]], self.rung, self.owed, own_day=self.own_day)


@dataclass(frozen=True)
class LateBelow:
    """A rung of the ladder, told to the unit above of all that have come to it on a day.

    `again_on` is when the ladder tells it of them once more, if it does.
    """

    period_id: int
    period_code: str
    kind: Kind
    rung: str
    told_on: date
    above: str
    late: tuple[Owed, ...]
    again_on: date | None

    document_id = None
    """It is about no one document."""

    @property
    def debts(self) -> list[Debt]:
        return [(one.unit_id, self.period_id, self.kind) for one in self.late]

    def pointless(self, standings: Mapping[Debt, Standing]) -> str:
        """Why there is no sense in it by now: for each of the units there is none."""
        reasons = [
            _pointless(standings[debt], self.rung, one, own_day=False)
            for debt, one in zip(self.debts, self.late, strict=True)
        ]
        return reasons[0] if all(reasons) else ""


Notice = Reminder | LateBelow


def _pointless(now: Standing, rung: str, owed: Owed, *, own_day: bool) -> str:
    if not now.owed:
        return DONE
    stands = reminder_schedule.announces(now.due, now.owed_as, rung, owed.about, own_day=own_day)
    return "" if stands else MOVED


# --- As it is kept ------------------------------------------------------------------------


def read(kind: str, data: Mapping[str, Any]) -> Notice | None:
    """What a message's row holds; None for every other kind of message."""
    if kind == REMINDER:
        return _reminder(data)
    return _late_below(data) if kind == LATE_BELOW else None


def _reminder(data: Mapping[str, Any]) -> Reminder:
    return Reminder(
        **_round(data),
        owed=_owed(data),
        own_day=data["own_day"],
        due_on=date.fromisoformat(data["due_on"]),
        latest=date.fromisoformat(data["latest"]),
        last_correction_on=_day(data["last_correction_on"]),
        above=data["above"],
        ahead=tuple(
            Ahead(date.fromisoformat(day), tuple(Told(one) for one in told))
            for day, told in data["ahead"]
        ),
    )


def _late_below(data: Mapping[str, Any]) -> LateBelow:
    return LateBelow(
        **_round(data),
        above=data["above"],
        late=tuple(_owed(one) for one in data["late"]),
        again_on=_day(data["again_on"]),
    )


def _round(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "period_id": data["period_id"],
        "period_code": data["period"],
        "kind": Kind(data["kind"]),
        "rung": data["rung"],
        "told_on": date.fromisoformat(data["told_on"]),
    }


def _owed(data: Mapping[str, Any]) -> Owed:
    return Owed(
        unit_id=data["unit_id"],
        unit=data["unit"],
        document_id=data["document_id"],
        status=Status(data["status"]) if data["status"] else None,
        about=date.fromisoformat(data["about"]),
        left=data["left"],
        asked_until=_day(data["asked_until"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
