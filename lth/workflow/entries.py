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
from lth.units import names
from lth.units.names import UnitName

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
    unit: UnitName
    period: Period
    programme_code: str
    next_unit_name: str
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
            document_id=row.id,
            kind=row.kind,
            status=row.status,
            since=row.status_since,
            unit=UnitName(row.unit_id, row.type, row.name, row.path),
            period=row.Period,
            programme_code=row.code,
            next_unit_name=f"{row.above_type} {row.above_name}" if row.above_name else "",
            extended_until=row.extended_until,
            asked_until=row.asked_until if row.asked_answer is None else None,
        )
        for row in session.execute(statement)
    ]


_COLUMNS = (
    Document.id,
    Document.kind,
    Document.status,
    Document.status_since,
    Document.extended_until,
    Document.asked_until,
    Document.asked_answer,
    *names.COLUMNS,
    Period,
    Programme.code,
    _ABOVE.type.label("above_type"),
    _ABOVE.name.label("above_name"),
)


@lru_cache(maxsize=1024)
def _listing(
    scope: Scope, condition: ColumnElement[bool], order: tuple, limit: int, offset: int
) -> Select[Any]:
    """Kept, since making a statement takes longer than running it."""
    return (
        select(*_COLUMNS)
        .select_from(Document)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .join(Programme, Programme.id == Document.programme_id)
        .outerjoin(_ABOVE, _ABOVE.id == Document.next_unit_id)
        .where(documents_seen(scope), condition)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )


@lru_cache(maxsize=512)
def _of_unit(unit_id: int) -> ColumnElement[bool]:
    return Document.unit_id == unit_id


@lru_cache(maxsize=512)
def _of_units(unit_ids: tuple[int, ...]) -> ColumnElement[bool]:
    return Document.unit_id.in_(unit_ids)


def count(session: Session, scope: Scope, condition: ColumnElement[bool]) -> int:
    """How many documents within the scope meet a condition on `Document`."""
    statement = select(func.count()).select_from(Document).where(documents_seen(scope), condition)
    return session.scalar(statement) or 0


def own(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> list[Entry]:
    """The unit's own documents, the last touched first."""
    mine = _of_unit(scope.unit_id)
    return entries(session, scope, mine, limit=limit, offset=offset, order=NEWEST)


def issued_above(session: Session, scope: Scope, *, limit: int) -> list[Entry]:
    """What the units above have issued."""
    above = _of_units(tuple(scope.ancestor_ids))
    return entries(session, scope, above, limit=limit, order=NEWEST)
