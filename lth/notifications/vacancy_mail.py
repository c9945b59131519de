"""The letter to whom a vacant role falls: what waits on nobody, and what they can do about it.

Written by the tick, as soon as there is a vacancy and again each week while there is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.core.vietnamese import capitalize_first
from lth.mail import outbox
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.models.person import Role
from lth.notifications import send_window
from lth.workflow import vacancies
from lth.workflow.vacancies import Heir, Vacancy


@dataclass(frozen=True, kw_only=True)
class VacancyMail(Payload):
    """A role at a unit that documents wait for and nobody holds; `to` is its recipient's role."""

    unit_id: int
    unit: str
    role: Role
    count: int
    to: Role

    @property
    def task(self) -> tuple[Any, ...]:
        return "vacancy", self.unit_id, self.role

    def words(self) -> dict[str, Any]:
        return {"Unit": capitalize_first(self.unit)}

    def page(self) -> str:
        """Lead a leader to their desk, an administrator to the people."""
        if self.to is Role.SYSTEM_ADMIN:
            return f"/admin/units/{self.unit_id}/people"
        return "" if self.to is Role.LEADER else "/admin/people"


VACANCY = declare("vacancy", VacancyMail, page=VacancyMail.page, still="vacant")


def write(session: Session, now: datetime) -> int:
    """Write to whom each vacancy falls; returns how many rows.

    In the transaction under way, which the caller commits. Nothing before the morning in Viet Nam.
    """
    if not send_window.begun(now):
        return 0
    today = clock.local(now).date()
    with system(session, Purpose.TICK):
        found = vacancies.find(session, today, unit_ids=None)
        fallen = vacancies.heirs(session, found, today)
        year, week, _ = today.isocalendar()
        mails = [
            _mail(vacancy, heir, f"{year}-W{week:02}")
            for vacancy, heirs in fallen.items()
            for heir in heirs
        ]
        return len(outbox.write(session, sorted(mails, key=lambda mail: mail.dedupe or ""), now))


def _mail(vacancy: Vacancy, heir: Heir, week: str) -> Mail:
    told = VacancyMail(
        turn=True,
        turn_as=(heir.role,),
        unit_id=vacancy.unit_id,
        unit=vacancy.unit_name,
        role=vacancy.role,
        count=vacancy.count,
        to=heir.role,
    )
    key = f"{VACANCY.kind}:{vacancy.unit_id}:{vacancy.role.value}:{week}:{heir.person_id}"
    return Mail(VACANCY, told, heir.person_id, heir.unit_id, key)
