"""Who was invited in a unit and all below it, and who has accepted: counted, listed, reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Purpose, below, system
from lth.administration import invitations
from lth.administration.context import AdminContext
from lth.administration.invitations import InvitationState, ListedInvitation
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.models import Invitation, OutboxMessage, Unit
from lth.models.outbox import Delivery

ONCE_A = timedelta(days=1)
"""So long after a mail nobody is reminded together with all others."""


class Answer(StrEnum):
    """The ways an invitation can stand, as a province's administrator asks for them."""

    OPEN = "open"
    WAITING = "waiting"
    EXPIRED = "expired"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True)
class UnitProgress:
    """A unit with how many of its invitations stand how; what was withdrawn counts nowhere."""

    unit: Unit
    counts: dict[Answer, int]

    @property
    def invited(self) -> int:
        return sum(self.counts[each] for each in (Answer.OPEN, Answer.ACCEPTED, Answer.DECLINED))


def _answers(now: datetime) -> dict[Answer, ColumnElement[bool]]:
    waits = invitations.in_state(InvitationState.WAITING, now)
    expired = invitations.in_state(InvitationState.EXPIRED, now)
    return {
        Answer.OPEN: or_(waits, expired),
        Answer.WAITING: waits,
        Answer.EXPIRED: expired,
        Answer.FAILED: and_(or_(waits, expired), OutboxMessage.delivery == Delivery.FAILED),
        Answer.ACCEPTED: invitations.in_state(InvitationState.ACCEPTED, now),
        Answer.DECLINED: invitations.in_state(InvitationState.DECLINED, now),
    }


_LAST_MAIL = (
    literal("invitation:")
    + cast(Invitation.id, String)
    + literal(":")
    + cast(Invitation.times, String)
)


def _within(root: Unit) -> ColumnElement[bool]:
    return or_(Unit.id == root.id, below(Unit.path, root.path))


def by_unit(
    session: Session, root: Unit, now: datetime, *, number: int = 1, size: int = 50
) -> tuple[list[UnitProgress], int]:
    """List a page of the units in which somebody was invited, by name; with how many there are."""
    counts = [func.count().filter(where) for where in _answers(now).values()]
    statement = (
        select(Unit, *counts)
        .join(Invitation, Invitation.unit_id == Unit.id)
        .outerjoin(OutboxMessage, OutboxMessage.dedupe == _LAST_MAIL)
        .where(_within(root), Invitation.withdrawn_at.is_(None))
        .group_by(Unit.id)
    )
    page = statement.order_by(Unit.sort_key, Unit.id).offset((number - 1) * size).limit(size)
    total = select(func.count()).select_from(statement.subquery())
    with system(session, Purpose.ADMINISTER):
        found = [
            UnitProgress(unit, dict(zip(Answer, row, strict=True)))
            for unit, *row in session.execute(page)
        ]
        return found, session.scalar(total) or 0


def totals(session: Session, root: Unit, now: datetime) -> dict[Answer, int]:
    """Count the invitations of a unit and all below it."""
    counts = [func.count().filter(where) for where in _answers(now).values()]
    statement = (
        select(*counts)
        .select_from(Invitation)
        .join(Unit, Unit.id == Invitation.unit_id)
        .outerjoin(OutboxMessage, OutboxMessage.dedupe == _LAST_MAIL)
        .where(_within(root))
    )
    with system(session, Purpose.ADMINISTER):
        return dict(zip(Answer, session.execute(statement).one(), strict=True))


def invited(
    session: Session,
    root: Unit,
    now: datetime,
    answer: Answer | None,
    *,
    unit_id: int | None = None,
    number: int = 1,
    size: int = 50,
) -> tuple[list[ListedInvitation], int]:
    """List a page of the invitations that stand so, by unit; with how many there are."""
    where = [_within(root), Invitation.withdrawn_at.is_(None)]
    if answer is not None:
        where.append(_answers(now)[answer])
    if unit_id is not None:
        where.append(Invitation.unit_id == unit_id)
    statement = (
        select(Invitation, OutboxMessage.delivery)
        .join(Unit, Unit.id == Invitation.unit_id)
        .outerjoin(OutboxMessage, OutboxMessage.dedupe == _LAST_MAIL)
        .where(*where)
    )
    page = (
        statement.options(joinedload(Invitation.unit), joinedload(Invitation.office))
        .order_by(Unit.sort_key, Unit.id, Invitation.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    total = select(func.count()).select_from(statement.with_only_columns(Invitation.id).subquery())
    with system(session, Purpose.ADMINISTER):
        rows = [
            ListedInvitation(row, invitations.state(row, now), delivery)
            for row, delivery in session.execute(page)
        ]
        return rows, session.scalar(total) or 0


def one(admin: AdminContext, invitation_id: int, seen: str) -> Invitation | None:
    """Find an invitation of the unit or one below it, to be changed.

    Raises StaleError where it is no longer as it was seen.
    """
    where = [Invitation.id == invitation_id, _within(admin.own_unit)]
    statement = select(Unit).join(Invitation, Invitation.unit_id == Unit.id).where(*where)
    with system(admin.session, Purpose.ADMINISTER):
        unit = admin.session.scalar(statement)
    return invitations.for_change(_at(admin, unit), invitation_id, seen) if unit else None


def _at(admin: AdminContext, unit: Unit) -> AdminContext:
    return AdminContext(admin.session, admin.actor, unit, admin.now)


def remind_all(admin: AdminContext) -> int:
    """Remind all who have not answered, each at most once a day; returns how many.

    Raises RefusedError where there is nobody to remind.
    """
    due = _due(admin)
    reminded = invitations.remind_all(admin, due)
    if not reminded:
        text = N_("Không có ai cần nhắc: mỗi người chỉ được nhắc một lần một ngày.")
        raise RefusedError("", text)
    return reminded


def _due(admin: AdminContext) -> Sequence[Invitation]:
    where: list[Any] = [_within(admin.own_unit), _answers(admin.now)[Answer.OPEN]]
    statement = (
        select(Invitation)
        .join(Unit, Unit.id == Invitation.unit_id)
        .where(*where, Invitation.mailed_at <= admin.now - ONCE_A)
        .order_by(Invitation.id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    )
    with system(admin.session, Purpose.ADMINISTER):
        return admin.session.scalars(statement).all()
