"""The trail of what was changed about people, roles, settings and deadlines.

An entry is written in the transaction of the change. `data` holds the subject's name and, for
each field that changed, the value before and after, as words or codes that the page knows how to
read.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.models import AuditEntry, Event
from lth.units import names

Changes = dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class TrailLine:
    """An entry as the page shows it."""

    entry: AuditEntry

    @property
    def subject(self) -> str:
        return str(self.entry.data.get("subject", ""))

    @property
    def changes(self) -> dict[str, list[Any]]:
        """Field → [before, after]."""
        return self.entry.data.get("changes", {})


@dataclass(frozen=True)
class TrailSearch:
    """What is looked for in the trail: who by name, an act, days; what is empty is not asked."""

    name: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None
    document: str = ""

    def conditions(self, row: type[Event] | type[AuditEntry]) -> list[ColumnElement[bool]]:
        """Make the conditions on a row of the trail; the document is asked where there is one."""
        found: list[ColumnElement[bool]] = []
        if self.name.strip():
            found.append(names.holds(row.search_key, self.name))
        if self.what:
            found.append((row.action if row is Event else row.what) == self.what)
        if self.since:
            found.append(row.at >= _midnight(self.since))
        if self.until:
            found.append(row.at < _midnight(self.until + timedelta(days=1)))
        return found


def _midnight(day: date) -> datetime:
    """Return when a day begins in Viet Nam."""
    return datetime.combine(day, time.min, clock.TIMEZONE)


def record(
    session: Session,
    unit_id: int | None,
    what: str,
    person_id: int | None,
    subject: str = "",
    changes: Changes | None = None,
    *,
    now: datetime,
    actor: Actor | None = None,
) -> None:
    """Note that a person changed something of a unit (or of none), named as they are now.

    An `actor` brings the names along; without one they are looked up.
    """
    values = {
        key: [_plain(old), _plain(new)] for key, (old, new) in (changes or {}).items() if old != new
    }
    data = {"subject": subject, "changes": values}
    names = _names(actor, unit_id) if actor else {}
    entry = AuditEntry(unit_id=unit_id, person_id=person_id, at=now, what=what, data=data, **names)
    session.add(entry)


def _names(actor: Actor, unit_id: int | None) -> dict[str, str]:
    names = {"person_name": actor.person_name, "person_position": actor.position}
    if unit_id in {None, actor.unit_id}:
        names["unit_name"] = actor.unit_name if unit_id else ""
    return names


def differing(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """Return the fields whose values differ, each with both."""
    return {key: (before.get(key), new) for key, new in after.items() if before.get(key) != new}


def found(
    session: Session, unit_id: int | None, wanted: TrailSearch, *, limit: int, offset: int = 0
) -> tuple[list[TrailLine], int]:
    """List what is looked for in a unit's trail (in all where None), newest first; their number.

    Under a system scope, since whoever changed something need not be of the unit's own people; the
    caller has found the unit within its own scope.
    """
    where = wanted.conditions(AuditEntry)
    if unit_id:
        where.append(AuditEntry.unit_id == unit_id)
    statement = _NEWEST.where(*where).offset(offset).limit(limit)
    with system(session, Purpose.ADMINISTER):
        total = session.scalar(select(func.count()).select_from(AuditEntry).where(*where)) or 0
        return [TrailLine(entry) for entry in session.scalars(statement)], total


def last(session: Session, unit_id: int | None, prefix: str) -> TrailLine | None:
    """Find the newest entry of a unit whose `what` begins so: who changed it last, and when."""
    statement = _NEWEST.where(
        AuditEntry.unit_id == unit_id, AuditEntry.what.startswith(prefix, autoescape=True)
    )
    with system(session, Purpose.ADMINISTER):
        entry = session.scalars(statement.limit(1)).first()
        return TrailLine(entry) if entry else None


_NEWEST = select(AuditEntry).order_by(AuditEntry.id.desc())


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
