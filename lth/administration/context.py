"""An administrator's desk: what every operation of administration needs to know."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.administration import audit
from lth.core import clock
from lth.models import Unit


@dataclass(frozen=True)
class Desk:
    """Who administers, which unit (`None`: the system), and when."""

    session: Session
    actor: Actor
    unit: Unit | None
    now: datetime

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return clock.local(self.now).date()

    @property
    def unit_id(self) -> int | None:
        return self.unit.id if self.unit else None

    def note(self, what: str, subject: str, changes: audit.Changes | None = None) -> None:
        """Write the audit entry of a change."""
        self.note_at(self.unit_id, what, subject, changes)

    def note_at(
        self, unit_id: int | None, what: str, subject: str, changes: audit.Changes | None = None
    ) -> None:
        """Write the audit entry of a change at a unit that is not the desk's own."""
        audit.record(
            self.session, unit_id, what, self.actor.person_id, subject, changes, now=self.now
        )
