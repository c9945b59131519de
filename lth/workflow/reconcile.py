"""Folding the events of every plan and reporting any drift from the stored status."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lth.models import Event, Plan, Revision
from lth.models.plan import Status
from lth.workflow import revisions


@dataclass(frozen=True)
class Drift:
    """A plan whose stored state is not what its events say."""

    plan_id: int
    what: str
    stored: object
    folded: object


def drifts(session: Session, *, hashes: bool = True) -> Iterator[Drift]:
    """Compare each plan's status, version and frozen hashes with what the trail gives.

    Runs within a system scope (`Purpose.RECONCILE`).
    """
    last_seq = (
        select(Event.plan_id, func.max(Event.seq).label("seq"), func.count().label("acts"))
        .group_by(Event.plan_id)
        .subquery()
    )
    statement = (
        select(Plan.id, Plan.status, Plan.lock_version, Event.to_status, last_seq.c.acts)
        .outerjoin(last_seq, last_seq.c.plan_id == Plan.id)
        .outerjoin(Event, (Event.plan_id == Plan.id) & (Event.seq == last_seq.c.seq))
    )
    for plan_id, status, version, folded, acts in session.execute(statement):
        if status is not folded:
            yield Drift(plan_id, "status", Status(status).value, folded and folded.value)
        if version != acts:
            yield Drift(plan_id, "lock_version", version, acts)
    if hashes:
        yield from _broken_hashes(session)


def _broken_hashes(session: Session) -> Iterator[Drift]:
    frozen = select(Revision.id, Revision.plan_id, Revision.sha256).where(
        Revision.sha256.is_not(None)
    )
    for revision_id, plan_id, stored in session.execute(frozen).all():
        actual = revisions.digest(session, revision_id)
        if actual != stored:
            yield Drift(plan_id, f"sha256 of revision {revision_id}", stored, actual)
