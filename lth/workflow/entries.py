"""Documents in a list, read as light rows."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, plans_seen
from lth.models import Period, Plan, Programme, Unit
from lth.models.document import Kind, Status

NEWEST = (Plan.status_since.desc(), Plan.id.desc())
LONGEST_WAITING = (Plan.status_since, Plan.id)

_ABOVE = aliased(Unit)


@dataclass(frozen=True)
class Entry:
    """A document in a list; `asked_until`: until when its unit asks for time, unanswered so far."""

    plan_id: int
    kind: Kind
    status: Status
    since: datetime
    lock_version: int
    unit: Unit
    period: Period
    programme_code: str
    next_unit_name: str
    sent_number: int | None
    extended_until: date | None
    asked_until: date | None


def entries(
    session: Session,
    scope: Scope,
    condition: ColumnElement[bool],
    *,
    limit: int,
    offset: int = 0,
    order: tuple = LONGEST_WAITING,
) -> list[Entry]:
    """The documents within the scope that meet a condition on `Plan`."""
    statement = _listing(scope, condition, order, limit, offset)
    return [
        Entry(
            plan_id=plan.id,
            kind=plan.kind,
            status=plan.status,
            since=plan.status_since,
            lock_version=plan.lock_version,
            unit=unit,
            period=period,
            programme_code=code,
            next_unit_name=f"{type_} {name}" if name else "",
            sent_number=plan.sent_number,
            extended_until=plan.extended_until,
            asked_until=plan.asked_until if plan.asked_answer is None else None,
        )
        for plan, unit, period, code, type_, name in session.execute(statement)
    ]


@lru_cache(maxsize=1024)
def _listing(
    scope: Scope, condition: ColumnElement[bool], order: tuple, limit: int, offset: int
) -> Select[Any]:
    """Kept, since making a statement takes longer than running it."""
    return (
        select(Plan, Unit, Period, Programme.code, _ABOVE.type, _ABOVE.name)
        .join(Unit, Unit.id == Plan.unit_id)
        .join(Period, Period.id == Plan.period_id)
        .join(Programme, Programme.id == Plan.programme_id)
        .outerjoin(_ABOVE, _ABOVE.id == Plan.next_unit_id)
        .where(plans_seen(scope), condition)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )


@lru_cache(maxsize=1024)
def _counting(scope: Scope, condition: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(func.count()).select_from(Plan).where(plans_seen(scope), condition)


@lru_cache(maxsize=512)
def _of_unit(unit_id: int) -> ColumnElement[bool]:
    return Plan.unit_id == unit_id


@lru_cache(maxsize=512)
def _of_units(unit_ids: tuple[int, ...]) -> ColumnElement[bool]:
    return Plan.unit_id.in_(unit_ids)


def count(session: Session, scope: Scope, condition: ColumnElement[bool]) -> int:
    """How many documents within the scope meet a condition on `Plan`."""
    return session.scalar(_counting(scope, condition)) or 0


def own(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> list[Entry]:
    """The unit's own documents, the last touched first."""
    mine = _of_unit(scope.unit_id)
    return entries(session, scope, mine, limit=limit, offset=offset, order=NEWEST)


def issued_above(session: Session, scope: Scope, *, limit: int) -> list[Entry]:
    """What the units above have issued."""
    above = _of_units(tuple(scope.ancestor_ids))
    return entries(session, scope, above, limit=limit, order=NEWEST)
