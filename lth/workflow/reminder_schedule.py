"""Hold the ladder of reminders: who hears of a due date when, for everybody to see in advance.

The strip on a document's page shows it, the tick (`lth/notifications/`) writes its mail; both read
`LADDER`. Days are working days, counted from the day that binds or, once it is past, from the last
day that grace lets pass.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lth.core.i18n import N_
from lth.core.workdays import Calendar
from lth.models.document import Status
from lth.workflow.deadlines import Due
from lth.workflow.states import OWED


class Reminded(StrEnum):
    """Whom a rung reaches."""

    HOLDER = "holder"
    LEADERS = "leaders"
    ABOVE = "above"


TOLD_LABEL = {
    Reminded.HOLDER: N_("người đang giữ văn bản"),
    Reminded.LEADERS: N_("lãnh đạo đơn vị"),
    Reminded.ABOVE: N_("chuyên viên cấp trên"),
}


@dataclass(frozen=True)
class Rung:
    """A reminder: so many working days from the due day, or (`late`) from the end of grace."""

    code: str
    workdays: int
    told: tuple[Reminded, ...]
    late: bool = False


LADDER = (
    Rung("week", -5, (Reminded.HOLDER,)),
    Rung("eve", -1, (Reminded.HOLDER,)),
    Rung("day", 0, (Reminded.HOLDER, Reminded.LEADERS)),
    Rung("late", 1, (Reminded.HOLDER, Reminded.LEADERS), late=True),
    Rung("escalated", 3, (Reminded.HOLDER, Reminded.LEADERS, Reminded.ABOVE), late=True),
    Rung("overdue", 6, (Reminded.LEADERS, Reminded.ABOVE), late=True),
)
BEFORE = tuple(rung for rung in LADDER if not rung.late)
AFTER = tuple(rung for rung in LADDER if rung.late)


@dataclass(frozen=True)
class Step:
    """A rung on its day, and the day that it is about: the due one, or the unit's own earlier."""

    rung: Rung
    on: date
    about: date
    own_day: bool = False


def steps(due: Due, status: Status | None, calendar: Calendar) -> list[Step]:
    """List the reminders of a document in a state (None: not begun), the earliest first.

    None for one whose unit has done its part. Where the unit has set an earlier day for its own
    people, what comes before and on the day counts from that one, and the due day is told as well;
    more time granted from above overtakes it. Of what came back, the day that binds is the last one
    for corrections, which has no grace; where no day binds (see `Due.day`), nobody is reminded.
    """
    return [
        Step(rung, calendar.shift(start, rung.workdays), about, own_day)
        for rung, start, about, own_day in _announced(due, status)
    ]


def announces(
    due: Due | None, status: Status | None, code: str, about: date, *, own_day: bool
) -> bool:
    """Tell whether the ladder still has a rung, by its code, that is about a day."""
    found = _announced(due, status) if due is not None else []
    return any((rung.code, day, own) == (code, about, own_day) for rung, _, day, own in found)


def _announced(due: Due, status: Status | None) -> list[tuple[Rung, date, date, bool]]:
    """List each rung, the day it counts from, the one it is about, and whether that is its own."""
    if status is not None and status not in OWED:
        return []
    due = due.in_state(status)
    day, returned = due.day, due.returned
    if day is None:
        return []
    own = None if returned else due.own_on
    first = own or day
    found = [(rung, first, first, own is not None) for rung in BEFORE]
    if own is not None:
        found += [(rung, day, day, False) for rung in BEFORE if rung.workdays == 0]
    end = day if returned else due.latest
    return [*found, *((rung, end, day, False) for rung in AFTER)]


def reached(found: list[Step], today: date) -> Step | None:
    """Return the last step whose day has come, if any."""
    past = [step for step in found if step.on <= today]
    return past[-1] if past else None
