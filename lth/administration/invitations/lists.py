"""The invitations of a unit, or of all: page by page, and counted by state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Purpose, system
from lth.administration.invitations.messages import mail_key
from lth.administration.invitations.states import (
    UNANSWERED,
    InvitationState,
    in_state,
    of_unit,
    state,
    version,
)
from lth.models import Invitation, OutboxMessage, Unit
from lth.models.outbox import Delivery


@dataclass(frozen=True)
class ListedInvitation:
    """An invitation in a list, with what became of its last mail (None: it is there no more)."""

    invitation: Invitation
    state: InvitationState
    delivery: Delivery | None

    @property
    def version(self) -> str:
        """A digest that changes whenever the invitation does."""
        return version(self.invitation)


def waiting(
    session: Session,
    unit: Unit | None,
    now: datetime,
    *,
    wanted: InvitationState | None = None,
    number: int = 1,
    size: int = 50,
) -> tuple[list[ListedInvitation], int]:
    """List a page of a unit's invitations (of all where None), those that wait first; with how
    many there are. `wanted`: those in one state only."""
    where = [of_unit(unit)] if wanted is None else [of_unit(unit), in_state(wanted, now)]
    chosen = (
        select(Invitation)
        .where(*where)
        .options(joinedload(Invitation.unit), joinedload(Invitation.office))
        .order_by(case((UNANSWERED, 0), else_=1), Invitation.mailed_at.desc(), Invitation.id.desc())
        .offset((number - 1) * size)
        .limit(size)
    )
    with system(session, Purpose.ADMINISTER):
        total = session.scalar(select(func.count()).select_from(Invitation).where(*where)) or 0
        rows = list(session.scalars(chosen))
        mails = _deliveries(session, rows)
    return [ListedInvitation(row, state(row, now), mails.get(row.id)) for row in rows], total


def tally(session: Session, unit: Unit | None, now: datetime) -> dict[InvitationState, int]:
    """Count a unit's invitations (all where None) by state, in one query."""
    counts = [func.count().filter(in_state(each, now)) for each in InvitationState]
    with system(session, Purpose.ADMINISTER):
        row = session.execute(select(*counts).select_from(Invitation).where(of_unit(unit))).one()
    return dict(zip(InvitationState, row, strict=True))


def _deliveries(session: Session, rows: Collection[Invitation]) -> dict[int, Delivery]:
    """Find what became of the last mail of each."""
    keys = {mail_key(row): row.id for row in rows}
    found = select(OutboxMessage.dedupe, OutboxMessage.delivery).where(
        OutboxMessage.dedupe.in_(keys)
    )
    return {keys[key]: delivery for key, delivery in session.execute(found)}
