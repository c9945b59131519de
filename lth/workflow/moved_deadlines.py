"""Tell those whom a deadline binds that it has moved: once, in the transaction that moves it.

Only units that still owe their document are told, and only where the day that counts for them is
another than before: a nearer deadline, or more time granted, may leave it as it was.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from lth.access.scope import Purpose, system
from lth.administration.context import AdminContext
from lth.core.vietnamese import capitalize_first
from lth.mail import outbox, recipients
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.models import Document, Participation, Period, Unit
from lth.models.kind import Kind
from lth.models.person import Role
from lth.units import names
from lth.units.names import UnitName
from lth.units.on_day import TODAY, exists_on, takes_part
from lth.workflow import owing
from lth.workflow.deadlines import (
    OF_DOCUMENT,
    OWES,
    Due,
    due_dates,
    of_document,
)
from lth.workflow.documents import LIVE, OF_PARTICIPANT
from lth.workflow.kinds import document_within

Round = tuple[int, Kind]
"""A period's id and a kind."""


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(Payload):
    """A day that counts for a unit, before and after; who moved it.

    `after` is None where the day was taken back and no other binds. `own_day`: it is the earlier
    day that the unit has set for its own people.
    """

    unit_id: int
    unit: str
    kind: Kind
    period_id: int
    period: str
    document_id: int | None
    before: date
    after: date | None
    last_correction_on: date | None
    own_day: bool
    actor: str
    actor_role: Role
    actor_unit: str
    at: datetime

    @property
    def debt(self) -> tuple[int, int, Kind]:
        """Whose document of what it is about."""
        return self.unit_id, self.period_id, self.kind

    @property
    def thread(self) -> int | None:
        return self.document_id

    @property
    def day(self) -> date | None:
        return self.after

    def page(self) -> str | None:
        """Lead to the document, or to the month where none was begun."""
        return f"documents/{self.document_id}" if self.document_id else "month"

    def words(self) -> dict[str, Any]:
        document = document_within(self.kind, self.period)
        return {"document": document, "Document": capitalize_first(document)}


MOVED = declare("deadline_moved", DeadlineMoved, page=DeadlineMoved.page, still="moved_day_stands")
"""That a day which binds the recipient's unit is another now, or none."""


@dataclass(frozen=True)
class _Bound:
    """A unit that owes its document of a round, and when."""

    unit: UnitName
    document_id: int | None
    due: Due | None


@dataclass(frozen=True)
class MovedDays:
    """What a change does to a round: the units that owe and have a day now, and those whose day
    is another or the first.
    """

    bound: int
    moved: tuple[str, ...]


def _compared(before: dict[int, _Bound], after: dict[int, _Bound]) -> MovedDays:
    moved = (
        now.unit.full_name
        for unit_id, now in after.items()
        if _shown(now.due) != _shown(before[unit_id].due if unit_id in before else None)
    )
    return MovedDays(sum(now.due is not None for now in after.values()), tuple(moved))


def _shown(due: Due | None) -> tuple[date | None, ...]:
    return (due.day, due.latest, due.last_correction_on) if due is not None else ()


@contextmanager
def telling(admin: AdminContext, *rounds: Round) -> Iterator[dict[Round, MovedDays]]:
    """Write, after what is done within, to the people of each unit whose day it has moved.

    What it yields says then, of each round, how many units a day binds and whose day is another.
    """
    before = {round_: _bound(admin, round_) for round_ in set(rounds)}
    found: dict[Round, MovedDays] = {}
    yield found
    admin.session.flush()
    for round_, bound in before.items():
        found[round_] = _compared(bound, _bound(admin, round_))
    mails = [mail for round_ in sorted(before) for mail in _mails(admin, round_, before[round_])]
    with system(admin.session, Purpose.TELL):
        outbox.write(admin.session, mails, admin.now)


def _bound(admin: AdminContext, round_: Round) -> dict[int, _Bound]:
    """Read the units at and below the one administered that owe a document of a round."""
    session, (period_id, kind) = admin.session, round_
    with system(session, Purpose.TELL):
        rows = session.execute(_owing(admin.own_unit, period_id, kind), {TODAY: admin.today}).all()
        units = [UnitName.of(row) for row in rows]
        days = due_dates(session, units, period_id, kind)
    return {
        unit.id: _Bound(unit, row.document_id, _day(days.get(unit.id), row))
        for unit, row in zip(units, rows, strict=True)
    }


def _day(due: Due | None, row: Any) -> Due | None:
    return of_document(due, row if row.document_id else None, bound=True)


def _owing(unit: Unit, period_id: int, kind: Kind) -> Select[Any]:
    document = and_(OF_PARTICIPANT, Document.kind == kind, LIVE)
    return (
        select(*names.COLUMNS, Document.id.label("document_id"), *OF_DOCUMENT)
        .select_from(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .outerjoin(Document, document)
        .where(
            Participation.period_id == period_id,
            Unit.path.startswith(unit.path, autoescape=True),
            exists_on(Unit),
            takes_part(),
            or_(Document.id.is_(None), OWES),
            owing.owes(kind),
        )
        .order_by(Unit.id)
    )


def _mails(admin: AdminContext, round_: Round, before: dict[int, _Bound]) -> Iterable[Mail]:
    moved = [
        (old, now, own_day)
        for unit_id, now in _bound(admin, round_).items()
        if (old := before.get(unit_id)) is not None
        and (own_day := _moved(old.due, now.due)) is not None
    ]
    if not moved:
        return
    period_id, kind = round_
    period = admin.session.get_one(Period, period_id)
    people = _people(admin, kind, period.programme_id, [old.unit.id for old, _, _ in moved])
    for old, now, own_day in moved:
        payload = _payload(admin, kind, period, (old, now), own_day)
        for person_id in people.get(now.unit.id, ()):
            yield Mail(MOVED, payload, person_id, now.unit.id)


def _moved(before: Due | None, after: Due | None) -> bool | None:
    """Tell whether a day has moved: the unit's own earlier one (true), the one that counts (false),
    or none (None). A day that was set for the first time has not moved.
    """
    if before is None or before.day is None:
        return None
    if after is None or (before.day, before.last_correction_on) != (
        after.day,
        after.last_correction_on,
    ):
        return False
    moved = before.own_on is not None and before.own_on != after.own_on
    return True if moved else None


def _payload(
    admin: AdminContext,
    kind: Kind,
    period: Period,
    bound: tuple[_Bound, _Bound],
    own_day: bool,
) -> DeadlineMoved:
    old, now = (one.due for one in bound)
    days = [due and (due.own_on if own_day else due.day) for due in (old, now)]
    return DeadlineMoved(
        unit_id=bound[1].unit.id,
        unit=bound[1].unit.full_name,
        kind=kind,
        period_id=period.id,
        period=period.code,
        document_id=bound[1].document_id,
        before=days[0],
        after=days[1],
        last_correction_on=now.last_correction_on if now is not None else None,
        own_day=own_day,
        actor=admin.actor.person_name,
        actor_role=admin.actor.role,
        actor_unit=admin.actor.unit_name,
        at=admin.now,
    )


def _people(
    admin: AdminContext, kind: Kind, programme_id: int, unit_ids: list[int]
) -> dict[int, list[int]]:
    """Find who drafts and who leads at some units; whoever moves the day need not be told."""
    found: dict[int, dict[int, None]] = {}
    with system(admin.session, Purpose.TELL):
        rows = recipients.holders(
            admin.session,
            {kind.drafter, Role.LEADER},
            admin.today,
            programme_id=programme_id,
            unit_ids=unit_ids,
        )
    for row in rows:
        if row.person_id != admin.actor.person_id:
            found.setdefault(row.unit_id, {})[row.person_id] = None
    return {unit_id: list(people) for unit_id, people in found.items()}
