"""Searching what was done on documents, within a scope: who, what, when, on which document."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, events_seen, revisions_seen
from lth.administration.audit import TrailSearch
from lth.models import Document, Event, Period, Revision, Unit
from lth.models.kind import Kind
from lth.units import names


@dataclass(frozen=True)
class TrailEvent:
    """An event with its document, as the trail lists it."""

    event: Event
    kind: Kind
    period_code: str
    unit: str


def events(
    session: Session, scope: Scope, wanted: TrailSearch, *, limit: int, offset: int = 0
) -> tuple[list[TrailEvent], int]:
    """List the events that the scope sees and that are looked for, newest first; their number."""
    conditions = [events_seen(scope), *wanted.conditions(Event)]
    if wanted.document:
        conditions.append(_of_document(scope, wanted.document))
    statement = _joined(select(Event, Document.kind, Period.code, Unit.type, Unit.name))
    newest = statement.where(*conditions).order_by(Event.at.desc(), Event.id.desc())
    total = session.scalar(_joined(select(func.count())).where(*conditions)) or 0
    return [
        TrailEvent(event, kind, code, f"{type_} {name}")
        for event, kind, code, type_, name in session.execute(newest.limit(limit).offset(offset))
    ], total


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Event)
        .join(Document, Document.id == Event.document_id)
        .join(Period, Period.id == Document.period_id)
        .join(Unit, Unit.id == Document.unit_id)
    )


def _of_document(scope: Scope, text: str) -> ColumnElement[bool]:
    """Look for documents by the name of their unit or by a number that the scope sees."""
    numbered = exists().where(
        Revision.document_id == Document.id,
        Revision.document_number.icontains(text.strip(), autoescape=True),
        revisions_seen(scope),
    )
    return or_(names.like(text), numbered)
