"""Folding the events of every document and reporting any drift from the stored status."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lth.models import Document, Event, Revision
from lth.models.document import Status
from lth.workflow import revisions

STOOD_DOWN = {"released_number", "in_force_number"}
"""What a revoked document has no more, whatever its revisions once were."""


@dataclass(frozen=True)
class Deviation:
    """A document whose stored state is not what its events say."""

    document_id: int
    what: str
    stored: object
    folded: object


def drifts(session: Session, *, hashes: bool = True) -> Iterator[Deviation]:
    """Compare what is stored of each document with what its trail and its revisions give.

    Status, version, revision numbers, the links of the trail and, unless told otherwise, the
    hashes of frozen revisions. Runs within a system scope (`Purpose.RECONCILE`).
    """
    yield from _drifted_states(session)
    yield from _broken_links(session)
    yield from _drifted_numbers(session)
    if hashes:
        yield from _broken_hashes(session)


def _drifted_states(session: Session) -> Iterator[Deviation]:
    last_seq = (
        select(Event.document_id, func.max(Event.seq).label("seq"), func.count().label("acts"))
        .group_by(Event.document_id)
        .subquery()
    )
    statement = (
        select(
            Document.id, Document.status, Document.lock_version, Event.to_status, last_seq.c.acts
        )
        .outerjoin(last_seq, last_seq.c.document_id == Document.id)
        .outerjoin(Event, (Event.document_id == Document.id) & (Event.seq == last_seq.c.seq))
        .order_by(Document.id)
    )
    for document_id, status, version, folded, acts in session.execute(statement):
        if status is not folded:
            yield Deviation(document_id, "status", Status(status).value, folded and folded.value)
        if version != acts:
            yield Deviation(document_id, "lock_version", version, acts)


def _broken_links(session: Session) -> Iterator[Deviation]:
    """Find events that are not numbered one by one, or begin elsewhere than the last one led."""
    in_order = {"partition_by": Event.document_id, "order_by": Event.seq}
    trail = select(
        Event.document_id,
        Event.seq,
        Event.from_status,
        func.row_number().over(**in_order).label("place"),
        func.lag(Event.to_status).over(**in_order).label("before"),
    ).subquery()
    broken = (
        select(trail)
        .where(
            or_(
                trail.c.seq != trail.c.place,
                trail.c.from_status.is_distinct_from(trail.c.before),
            )
        )
        .order_by(trail.c.document_id, trail.c.seq)
    )
    for document_id, seq, begins, place, before in session.execute(broken):
        yield Deviation(document_id, f"event {seq}", (seq, begins), (place, before))


def _drifted_numbers(session: Session) -> Iterator[Deviation]:
    """Return the revisions that a document points at: newest, sent, released and in force."""

    def newest(moment: InstrumentedAttribute) -> ColumnElement[int | None]:
        stands = moment.is_not(None) & Revision.withdrawn_at.is_(None)
        return func.max(case((stands, Revision.number)))

    wanted = {
        Document.head_number: func.max(Revision.number),
        Document.sent_number: newest(Revision.submitted_at),
        Document.released_number: newest(Revision.released_at),
        Document.in_force_number: newest(Revision.issued_at),
    }
    statement = (
        select(Document.id, Document.status, *wanted, *wanted.values())
        .outerjoin(Revision, Revision.document_id == Document.id)
        .group_by(Document.id)
        .order_by(Document.id)
    )
    for document_id, status, *numbers in session.execute(statement):
        for column, stored, given in zip(wanted, numbers[:4], numbers[4:], strict=True):
            stands_down = status is Status.REVOKED and column.key in STOOD_DOWN
            if stored != (None if stands_down else given):
                yield Deviation(document_id, column.key, stored, None if stands_down else given)


def _broken_hashes(session: Session) -> Iterator[Deviation]:
    frozen = select(Revision.id, Revision.document_id, Revision.sha256).where(
        Revision.sha256.is_not(None)
    )
    for revision_id, document_id, stored in session.execute(frozen).all():
        actual = revisions.digest(session, revision_id)
        if actual != stored:
            yield Deviation(document_id, f"sha256 of revision {revision_id}", stored, actual)
