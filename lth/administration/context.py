"""An administrator at work: what every operation of administration needs to know and does alike.

What a page shows has a version where it has none of its own: the form carries the fingerprint of
what it was filled from, and the operation compares it with that of what is kept now, under a lock.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.administration import audit
from lth.core import clock
from lth.core.errors import LthError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Base, Unit


def fingerprint(*values: Any) -> str:
    """Return a short digest of some values; dates and words are taken as their text."""
    text = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def insert_only(session: Session, row: Base, refusal: LthError) -> None:
    """Write a row at once. Raises `refusal` where the database has one like it already."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise refusal from error


@dataclass(frozen=True)
class AdminContext:
    """The person who administers, which unit (`None`: the system), and when."""

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

    @property
    def own_unit(self) -> Unit:
        """The unit, for what only units have. Raises ValueError where there is none."""
        if self.unit is None:
            raise ValueError("this is a unit's, and the system is administered")
        return self.unit

    def note(self, what: str, subject: str, changes: audit.Changes | None = None) -> None:
        """Write the audit entry of a change."""
        self.note_at(self.unit_id, what, subject, changes)

    def note_at(
        self, unit_id: int | None, what: str, subject: str, changes: audit.Changes | None = None
    ) -> None:
        """Write the audit entry of a change at a unit that is not the one administered."""
        audit.record(
            *(self.session, unit_id, what, self.actor.person_id, subject, changes),
            now=self.now,
            actor=self.actor,
        )

    def check_seen(self, seen: str, current: str, prefix: str) -> None:
        """Raise StaleError, saying who changed what when, where the two versions differ.

        `prefix` is how the audit entries of such changes begin.
        """
        if seen == current:
            return
        last = audit.last(self.session, self.unit_id, prefix)
        if last is None or not last.entry.person_name:
            text = N_("Nội dung đã thay đổi trong lúc trang này đang mở. Hãy xem lại rồi lưu.")
            raise StaleError(Message(text))
        text = N_(
            "%(name)s đã thay đổi nội dung này lúc %(moment)s, sau khi anh/chị mở trang."
            " Hãy xem lại rồi lưu."
        )
        raise StaleError(Message(text, {"name": last.entry.person_name, "moment": last.entry.at}))
