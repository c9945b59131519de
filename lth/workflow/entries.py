"""Documents in a list, read as light rows."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, documents_seen
from lth.models import Document, Period, Programme, Unit
from lth.models.document import Status
from lth.models.kind import Kind

NEWEST = (Document.status_since.desc(), Document.id.desc())
LONGEST_WAITING = (Document.status_since, Document.id)

_ABOVE = aliased(Unit)


@dataclass(frozen=True)
class Entry:
    """A document in a list; `asked_until`: until when its unit asks for time, unanswered so far."""

    document_id: int
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
    """The documents within the scope that meet a condition on `Document`."""
    statement = _listing(scope, condition, order, limit, offset)
    return [
        Entry(
            document_id=document.id,
            kind=document.kind,
            status=document.status,
            since=document.status_since,
            lock_version=document.lock_version,
            unit=unit,
            period=period,
            programme_code=code,
            next_unit_name=f"{type_} {name}" if name else "",
            sent_number=document.sent_number,
            extended_until=document.extended_until,
            asked_until=document.asked_until if document.asked_answer is None else None,
        )
        for document, unit, period, code, type_, name in session.execute(statement)
    ]


@lru_cache(maxsize=1024)
def _listing(
    scope: Scope, condition: ColumnElement[bool], order: tuple, limit: int, offset: int
) -> Select[Any]:
    """Kept, since making a statement takes longer than running it."""
    return (
        select(Document, Unit, Period, Programme.code, _ABOVE.type, _ABOVE.name)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .join(Programme, Programme.id == Document.programme_id)
        .outerjoin(_ABOVE, _ABOVE.id == Document.next_unit_id)
        .where(documents_seen(scope), condition)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )


@lru_cache(maxsize=1024)
def _counting(scope: Scope, condition: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(func.count()).select_from(Document).where(documents_seen(scope), condition)


@lru_cache(maxsize=512)
def _of_unit(unit_id: int) -> ColumnElement[bool]:
    return Document.unit_id == unit_id


@lru_cache(maxsize=512)
def _of_units(unit_ids: tuple[int, ...]) -> ColumnElement[bool]:
    return Document.unit_id.in_(unit_ids)


def count(session: Session, scope: Scope, condition: ColumnElement[bool]) -> int:
    """How many documents within the scope meet a condition on `Document`."""
    return session.scalar(_counting(scope, condition)) or 0


def own(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> list[Entry]:
    """The unit's own documents, the last touched first."""
    mine = _of_unit(scope.unit_id)
    return entries(session, scope, mine, limit=limit, offset=offset, order=NEWEST)


def issued_above(session: Session, scope: Scope, *, limit: int) -> list[Entry]:
    """What the units above have issued."""
    above = _of_units(tuple(scope.ancestor_ids))
    return entries(session, scope, above, limit=limit, order=NEWEST)
