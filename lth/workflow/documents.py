"""Reading documents. Every read takes the scope it may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from lth.access.scope import (
    Purpose,
    Scope,
    documents_seen,
    events_seen,
    revisions_seen,
    system,
)
from lth.core.errors import NotFoundError, NotYoursError
from lth.core.i18n import N_, Message
from lth.models import (
    Document,
    DocumentStep,
    Event,
    Participation,
    Period,
    Programme,
    Revision,
    Unit,
    UnitSettings,
)
from lth.models.document import Status
from lth.models.kind import Kind
from lth.units import names
from lth.units.names import UnitName
from lth.units.on_day import takes_part
from lth.workflow.acts import Act
from lth.workflow.deadlines import OF_DOCUMENT, bound


@lru_cache(maxsize=512)
def _seen(scope: Scope) -> Select[tuple[Document]]:
    """Make the statement once: every page of a document and every act begins with it."""
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
    """Read one document with its unit, programme, period and road. Raises NotFoundError."""
    document = session.scalars(_seen(scope), {"document_id": document_id}).unique().first()
    if document is None:
        raise NotFoundError
    return document


def with_head(
    session: Session, document_id: int, scope: Scope
) -> tuple[Document, Revision | None, UnitSettings | None]:
    """Return the same with its newest revision, where the scope sees it, and its unit's settings.

    In one query, for the pages that need all three. Raises NotFoundError.
    """
    found = session.execute(_with_head(scope), {"document_id": document_id}).unique().first()
    if found is None:
        raise NotFoundError
    document, revision, settings = found
    return document, revision, settings


def with_head_and(
    session: Session, document_id: int, scope: Scope, more: ColumnElement[Any]
) -> tuple[Document, Revision | None, UnitSettings | None, Any]:
    """Return the same and one thing more about the document, in the same query.

    `more` is an expression over `Document` that is made once for each scope. Raises NotFoundError.
    """
    statement = _with_head(scope).add_columns(more)
    found = session.execute(statement, {"document_id": document_id}).unique().first()
    if found is None:
        raise NotFoundError
    document, revision, settings, value = found
    return document, revision, settings, value


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
        .options(joinedload(Revision.unlocked))
    )


def live(unit_id: int, period_id: int, kind: Kind, subperiod: str = "") -> ColumnElement[bool]:
    """Tell, in SQL, the one document that stands in the way of another of its kind and period."""
    return and_(
        Document.unit_id == unit_id,
        Document.period_id == period_id,
        Document.kind == kind,
        Document.subperiod == subperiod,
        Document.status != Status.REVOKED,
    )


def begun(
    session: Session, unit_id: int, period_id: int, kind: Kind, scope: Scope
) -> Document | None:
    """Find the document that a unit has of a kind for a period, where the scope sees it."""
    statement = select(Document).where(live(unit_id, period_id, kind), documents_seen(scope))
    return session.scalars(statement).first()


def lock(session: Session, document_id: int, scope: Scope) -> Document:
    """Read one document afresh and lock it until the transaction ends, for those who may write it.

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
    """List a document's events that the scope sees, the oldest first."""
    return session.scalars(_timeline(scope), {"document_id": document_id}).all()


@lru_cache(maxsize=512)
def _timeline(scope: Scope) -> Select[tuple[Event]]:
    return (
        select(Event)
        .join(Event.document)
        .where(Event.document_id == bindparam("document_id"), events_seen(scope))
        .order_by(Event.seq)
    )


def last_event(session: Session, document_id: int, scope: Scope) -> Event | None:
    """Return the newest event that the scope sees."""
    newest = _timeline(scope).order_by(None).order_by(Event.seq.desc()).limit(1)
    return session.scalars(newest, {"document_id": document_id}).first()


def last_of(session: Session, document_id: int, act: Act, scope: Scope) -> Event | None:
    """Return the newest event of one act that the scope sees."""
    newest = _timeline(scope).order_by(None).order_by(Event.seq.desc()).limit(1)
    return session.scalars(
        newest.where(Event.action == act.value), {"document_id": document_id}
    ).first()


def has_units_below(session: Session, unit_id: int, period_id: int) -> bool:
    """Tell whether units below take part under this one in a period."""
    joins = exists().where(
        Participation.period_id == period_id, Participation.parent_id == unit_id, takes_part()
    )
    return bool(session.scalar(select(joins)))


def standing_of(
    session: Session, period_id: int, unit_ids: Sequence[int]
) -> dict[int, list[tuple[Kind, bool]]]:
    """Tell of units which live documents they have in a period, and whether each has been sent.

    No more than that: it is for administrators, who need not see the documents themselves.
    """
    statement = (
        select(Document.unit_id, Document.kind, Document.sent_number)
        .where(Document.period_id == period_id, Document.unit_id.in_(unit_ids), LIVE)
        .order_by(Document.unit_id, Document.id)
    )
    found: dict[int, list[tuple[Kind, bool]]] = {}
    with system(session, Purpose.ADMINISTER):
        for unit_id, kind, sent in session.execute(statement):
            found.setdefault(unit_id, []).append((kind, sent is not None))
    return found


# --- In lists, as light rows --------------------------------------------------------------

NEWEST = (Document.status_since.desc(), Document.id.desc())
LONGEST_WAITING = (Document.status_since, Document.id)

LIVE = Document.status != Status.REVOKED


_ASKING, _MOVING = aliased(Event), aliased(Event)

ASKED_BACK: ColumnElement[bool] = exists().where(
    _ASKING.document_id == Document.id,
    _ASKING.action == Act.ASK_BACK.value,
    ~exists().where(
        _MOVING.document_id == _ASKING.document_id,
        _MOVING.seq > _ASKING.seq,
        _MOVING.to_status.is_distinct_from(_MOVING.from_status),
    ),
)
"""That a document's unit has asked to have it back, and it has stayed where it is since."""


def asked_back(events: Sequence[Event]) -> Event | None:
    """Return the request to have a document back that waits for its answer, out of its events."""
    for event in reversed(events):
        if event.action == Act.ASK_BACK:
            return event
        if event.to_status is not event.from_status:
            return None
    return None


def sent_revision(scope: Scope) -> ColumnElement[bool]:
    """Join a document to the revision it sent last, where the scope sees it."""
    return (
        (Revision.document_id == Document.id)
        & (Revision.number == Document.sent_number)
        & revisions_seen(scope)
    )


SENDING = (Revision.submitted_at.label("sent_at"), Revision.days_late)
"""When a document was sent last, and how late, over `sent_revision`."""

OF_PARTICIPANT = (Document.unit_id == Participation.unit_id) & (
    Document.period_id == Participation.period_id
)
"""That a document is one of the unit of a row of `Participation`, in that period."""

_ABOVE = aliased(Unit)


@dataclass(frozen=True)
class ListedDocument:
    """A document in a list; `asked_until`: until when its unit asks for time, unanswered so far;
    `asked_back`: its unit asks to have it back.

    The rest says which day binds it (see `deadlines.of_document`).
    """

    document_id: int
    kind: Kind
    status: Status
    since: datetime
    unit: UnitName
    period: Period
    programme_code: str
    next_unit_name: str
    asked_until: date | None
    asked_back: bool
    extended_until: date | None
    cleared_from: Status | None
    in_force_number: int | None
    bound: bool
    sent_at: datetime | None
    days_late: int | None


def entries(
    session: Session,
    scope: Scope,
    condition: ColumnElement[bool],
    *,
    limit: int,
    offset: int = 0,
    order: tuple = LONGEST_WAITING,
    **values: Any,
) -> list[ListedDocument]:
    """List the documents within the scope that meet a condition on `Document`; `values` fill it."""
    values |= {"limit": limit, "offset": offset}
    return [
        ListedDocument(
            document_id=row.id,
            kind=row.kind,
            status=row.status,
            since=row.status_since,
            unit=UnitName.of(row),
            period=row.Period,
            programme_code=row.code,
            next_unit_name=f"{row.above_type} {row.above_name}" if row.above_name else "",
            asked_until=row.asked_until if row.asked_answer is None else None,
            asked_back=row.asked_back,
            extended_until=row.extended_until,
            cleared_from=row.cleared_from,
            in_force_number=row.in_force_number,
            bound=row.bound,
            sent_at=row.sent_at,
            days_late=row.days_late,
        )
        for row in session.execute(_listing(scope, condition, order), values)
    ]


_COLUMNS = (
    Document.id,
    Document.kind,
    Document.status_since,
    *OF_DOCUMENT,
    Document.asked_until,
    Document.asked_answer,
    *names.COLUMNS,
    Period,
    Programme.code,
    _ABOVE.type.label("above_type"),
    _ABOVE.name.label("above_name"),
)


@lru_cache(maxsize=1024)
def _listing(scope: Scope, condition: ColumnElement[bool], order: tuple) -> Select[Any]:
    """Make the statement once: that takes longer than running it."""
    return (
        select(*_COLUMNS, *SENDING, bound().label("bound"), ASKED_BACK.label("asked_back"))
        .select_from(Document)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Period, Period.id == Document.period_id)
        .join(Programme, Programme.id == Document.programme_id)
        .outerjoin(_ABOVE, _ABOVE.id == Document.next_unit_id)
        .outerjoin(Revision, sent_revision(scope))
        .where(documents_seen(scope), condition)
        .order_by(*order)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )


_OF_UNITS = Document.unit_id.in_(bindparam("unit_ids", expanding=True))


def count(session: Session, scope: Scope, condition: ColumnElement[bool]) -> int:
    """Count the documents within the scope that meet a condition on `Document`."""
    statement = select(func.count()).select_from(Document).where(documents_seen(scope), condition)
    return session.scalar(statement) or 0


def own(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> list[ListedDocument]:
    """Return the unit's own documents, the last touched first."""
    page = {"limit": limit, "offset": offset, "unit_ids": [scope.unit_id]}
    return entries(session, scope, _OF_UNITS, order=NEWEST, **page)


def issued_above(session: Session, scope: Scope, *, limit: int) -> list[ListedDocument]:
    """Return what the units above have issued."""
    above = scope.ancestor_ids
    return entries(session, scope, _OF_UNITS, order=NEWEST, limit=limit, unit_ids=above)
