"""Reading documents. Every read takes the scope it may see."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Scope, documents_seen, events_seen, revisions_seen
from lth.core.errors import NotFoundError, NotYoursError
from lth.core.i18n import N_, Message
from lth.models import (
    Document,
    DocumentStep,
    Event,
    Participation,
    Revision,
    UnitSettings,
    UnlockedLine,
)


@lru_cache(maxsize=512)
def _seen(scope: Scope) -> Select[tuple[Document]]:
    """Kept, since every page of a document and every act begins with it."""
    return (
        select(Document)
        .where(Document.id == bindparam("document_id"), documents_seen(scope))
        .options(
            joinedload(Document.unit),
            joinedload(Document.next_unit),
            joinedload(Document.programme),
            joinedload(Document.period),
            joinedload(Document.steps).joinedload(DocumentStep.unit),
        )
    )


def get(session: Session, document_id: int, scope: Scope) -> Document:
    """One document with its unit, programme, period and road. Raises NotFoundError."""
    found = session.scalars(_seen(scope), {"document_id": document_id}).unique().first()
    if found is None:
        raise NotFoundError
    return found


def with_head(
    session: Session, document_id: int, scope: Scope
) -> tuple[Document, Revision | None, UnitSettings | None]:
    """The same with its newest revision, where the scope sees it, and its unit's settings.

    In one query, for the pages that need all three. Raises NotFoundError.
    """
    found = session.execute(_with_head(scope), {"document_id": document_id}).unique().first()
    if found is None:
        raise NotFoundError
    document, revision, settings = found
    return document, revision, settings


@lru_cache(maxsize=512)
def _with_head(scope: Scope) -> Select[tuple[Document, Revision | None, UnitSettings | None]]:
    newest = (
        (Revision.document_id == Document.id)
        & (Revision.number == Document.head_number)
        & revisions_seen(scope)
    )
    return (
        _seen(scope)
        .outerjoin(Revision, newest)
        .outerjoin(UnitSettings, UnitSettings.unit_id == Document.unit_id)
        .add_columns(Revision, UnitSettings)
        .options(joinedload(Revision.unlocked).joinedload(UnlockedLine.person))
    )


def lock(session: Session, document_id: int, scope: Scope) -> Document:
    """One document, read afresh and locked until the transaction ends, for those who may write it.

    Raises NotFoundError outside the scope and NotYoursError where it may only be read: by all
    but its own unit and the next step, by observers and by unit administrators.
    """
    seen = select(Document.unit_id, Document.next_unit_id).where(
        Document.id == document_id, documents_seen(scope)
    )
    hands = session.execute(seen).first()
    if hands is None:
        raise NotFoundError
    if not scope.writes or scope.unit_id not in hands:
        raise NotYoursError(Message(N_("Vai trò hiện tại của anh/chị chỉ được xem văn bản này.")))
    statement = (
        select(Document)
        .where(Document.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def timeline(session: Session, document_id: int, scope: Scope) -> Sequence[Event]:
    """A document's events that the scope sees, the oldest first, people and units loaded."""
    return session.scalars(_timeline(scope), {"document_id": document_id}).all()


@lru_cache(maxsize=512)
def _timeline(scope: Scope) -> Select[tuple[Event]]:
    return (
        select(Event)
        .join(Event.document)
        .where(Event.document_id == bindparam("document_id"), events_seen(scope))
        .options(joinedload(Event.person), joinedload(Event.unit))
        .order_by(Event.seq)
    )


def last_event(session: Session, document_id: int, scope: Scope) -> Event | None:
    """The newest event that the scope sees."""
    statement = (
        select(Event)
        .join(Event.document)
        .where(Event.document_id == document_id, events_seen(scope))
        .options(joinedload(Event.person))
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def has_units_below(session: Session, unit_id: int, period_id: int) -> bool:
    """Whether units below take part under this one in a period."""
    joins = exists().where(Participation.period_id == period_id, Participation.parent_id == unit_id)
    return bool(session.scalar(select(joins)))
