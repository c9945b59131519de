"""Reminders: what they tell, to a unit that owes a document and to the unit above of all that do.

They hang on no event. Days and counts are those of the day on which the row was written, which the
text names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from lth.core.i18n import N_, Message, listed
from lth.core.vietnamese import capitalize_first
from lth.mail.declarations import Payload, Withheld, declare
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.notifications.overdue_units import Debt, DebtStanding
from lth.workflow import reminder_schedule
from lth.workflow.kinds import document_within
from lth.workflow.reminder_schedule import TOLD_LABEL, Reminded
from lth.workflow.states import STATUS_LABEL


@dataclass(frozen=True, kw_only=True)
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

    @property
    def state(self) -> Message:
        """The state of the document, in words."""
        if self.status is None:
            return Message(N_("chưa bắt đầu lập"))
        return Message(STATUS_LABEL[self.status])


@dataclass(frozen=True, kw_only=True)
class Notice(Payload):
    """A rung of the ladder that a round (a period and kind) has come to; `above` receives its
    documents."""

    period_id: int
    period: str
    kind: Kind
    rung: str
    told_on: date
    above: str
    own_day: ClassVar[bool] = False

    def words(self) -> dict[str, Any]:
        document = document_within(self.kind, self.period)
        return {"document": document, "Document": capitalize_first(document)}

    @property
    def owing(self) -> tuple[Owed, ...]:
        """The documents that it is about."""
        raise NotImplementedError

    @property
    def debts(self) -> list[Debt]:
        return [(owed.unit_id, self.period_id, self.kind) for owed in self.owing]

    def withheld(self, standings: Mapping[Debt, DebtStanding]) -> Withheld | None:
        """Say why there is no sense in it by now, for none of the units; else None."""
        reasons = [
            self._withheld(standings[debt], owed)
            for debt, owed in zip(self.debts, self.owing, strict=True)
        ]
        return reasons[0] if all(reasons) else None

    def _withheld(self, now: DebtStanding, owed: Owed) -> Withheld | None:
        if not now.owed:
            return Withheld.DONE
        rung = self.rung, owed.about
        stands = reminder_schedule.announces(now.due, now.owed_as, *rung, own_day=self.own_day)
        return None if stands else Withheld.DAY_MOVED

    def _round(self) -> str:
        return f"period={self.period_id}&kind={self.kind}"


@dataclass(frozen=True, kw_only=True)
class ReminderMail(Notice, Owed):
    """A rung of the ladder, told to somebody of the unit that owes a document.

    `own_day`: `about` is an earlier day that the unit has set for its own people. `due_on` is the
    day set from above, `latest` the end of its grace, `last_correction_on` the last day on which
    anything is taken; `ahead` says when who is reminded next if nothing is done.
    """

    own_day: bool = False
    due_on: date
    latest: date
    last_correction_on: date | None
    ahead: tuple[tuple[date, tuple[Reminded, ...]], ...]

    @property
    def thread(self) -> int | None:
        return self.document_id

    @property
    def day(self) -> date:
        return self.about

    @property
    def owing(self) -> tuple[Owed, ...]:
        return (self,)

    @property
    def ahead_words(self) -> list[tuple[date, Message]]:
        return [
            (on, listed([Message(TOLD_LABEL[party]) for party in told])) for on, told in self.ahead
        ]

    def page(self) -> str:
        """Lead to the document; of one that was not begun, to where who may begin it does so."""
        if self.document_id is not None:
            return f"documents/{self.document_id}"
        return f"documents/new?{self._round()}" if self.turn else ""


@dataclass(frozen=True, kw_only=True)
class LateBelow(Notice):
    """A rung of the ladder, told to the unit above of all that have come to it on a day.

    `again_on` is when the ladder tells it of them once more, if it does.
    """

    late: tuple[Owed, ...]
    again_on: date | None

    @property
    def owing(self) -> tuple[Owed, ...]:
        return self.late

    def page(self) -> str:
        return f"inbox?{self._round()}"


REMINDER = declare(
    "reminder",
    ReminderMail,
    audience=frozenset({Role.CLERK, Role.SPECIALIST, Role.LEADER}),
    page=ReminderMail.page,
    still="owed",
)
"""To those of the unit whom the rung tells: who holds the document, and the leaders."""

LATE_BELOW = declare(
    "late_below",
    LateBelow,
    audience=frozenset({Role.SPECIALIST}),
    page=LateBelow.page,
    still="owed",
)

KINDS = (REMINDER.kind, LATE_BELOW.kind)
