"""Folding the events of every plan and reporting any drift from the stored status."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lth.models import Event, Plan, Revision
from lth.models.document import Status
from lth.workflow import revisions

STOOD_DOWN = {"released_number", "in_force_number"}
"""What a revoked plan has no more, whatever its revisions once were."""


@dataclass(frozen=True)
class Drift:
    """A plan whose stored state is not what its events say."""

    plan_id: int
    what: str
    stored: object
    folded: object


def drifts(session: Session, *, hashes: bool = True) -> Iterator[Drift]:
    """Compare what is stored of each plan with what its trail and its revisions give.

    Status, version, revision numbers, the links of the trail and, unless told otherwise, the
    hashes of frozen revisions. Runs within a system scope (`Purpose.RECONCILE`).
    """
    yield from _drifted_states(session)
    yield from _broken_links(session)
    yield from _drifted_numbers(session)
    if hashes:
        yield from _broken_hashes(session)


def _drifted_states(session: Session) -> Iterator[Drift]:
    last_seq = (
        select(Event.plan_id, func.max(Event.seq).label("seq"), func.count().label("acts"))
        .group_by(Event.plan_id)
        .subquery()
    )
    statement = (
        select(Plan.id, Plan.status, Plan.lock_version, Event.to_status, last_seq.c.acts)
        .outerjoin(last_seq, last_seq.c.plan_id == Plan.id)
        .outerjoin(Event, (Event.plan_id == Plan.id) & (Event.seq == last_seq.c.seq))
        .order_by(Plan.id)
    )
    for plan_id, status, version, folded, acts in session.execute(statement):
        if status is not folded:
            yield Drift(plan_id, "status", Status(status).value, folded and folded.value)
        if version != acts:
            yield Drift(plan_id, "lock_version", version, acts)


def _broken_links(session: Session) -> Iterator[Drift]:
    """Events that are not numbered one by one, or begin elsewhere than where the last one led."""
    in_order = {"partition_by": Event.plan_id, "order_by": Event.seq}
    trail = select(
        Event.plan_id,
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
        .order_by(trail.c.plan_id, trail.c.seq)
    )
    for plan_id, seq, begins, place, before in session.execute(broken):
        yield Drift(plan_id, f"event {seq}", (seq, begins), (place, before))


def _drifted_numbers(session: Session) -> Iterator[Drift]:
    """The revisions that a plan points at: newest, sent, released and in force."""

    def newest(moment: InstrumentedAttribute) -> ColumnElement[int | None]:
        stands = moment.is_not(None) & Revision.withdrawn_at.is_(None)
        return func.max(case((stands, Revision.number)))

    wanted = {
        Plan.head_number: func.max(Revision.number),
        Plan.sent_number: newest(Revision.submitted_at),
        Plan.released_number: newest(Revision.released_at),
        Plan.in_force_number: newest(Revision.issued_at),
    }
    statement = (
        select(Plan.id, Plan.status, *wanted, *wanted.values())
        .outerjoin(Revision, Revision.plan_id == Plan.id)
        .group_by(Plan.id)
        .order_by(Plan.id)
    )
    for plan_id, status, *numbers in session.execute(statement):
        for column, stored, given in zip(wanted, numbers[:4], numbers[4:], strict=True):
            stands_down = status is Status.REVOKED and column.key in STOOD_DOWN
            if stored != (None if stands_down else given):
                yield Drift(plan_id, column.key, stored, None if stands_down else given)


def _broken_hashes(session: Session) -> Iterator[Drift]:
    frozen = select(Revision.id, Revision.plan_id, Revision.sha256).where(
        Revision.sha256.is_not(None)
    )
    for revision_id, plan_id, stored in session.execute(frozen).all():
        actual = revisions.digest(session, revision_id)
        if actual != stored:
            yield Drift(plan_id, f"sha256 of revision {revision_id}", stored, actual)
