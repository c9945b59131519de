"""The state of an invitation at a moment, as a value and in SQL."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, update
from sqlalchemy.orm import Session

from lth.administration.context import fingerprint
from lth.administration.people import ONE_DAY
from lth.models import Invitation, Unit


class InvitationState(StrEnum):
    """The state of an invitation at a moment."""

    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


UNANSWERED = and_(
    Invitation.accepted_at.is_(None),
    Invitation.declined_at.is_(None),
    Invitation.withdrawn_at.is_(None),
)
"""Select what nobody has answered or withdrawn, expired or not."""

OPEN = frozenset({InvitationState.WAITING, InvitationState.EXPIRED})
"""States in which an invitation can be sent anew and withdrawn."""


def in_state(wanted: InvitationState, now: datetime) -> ColumnElement[bool]:
    """Select the invitations that are in a state at a moment."""
    return {
        InvitationState.WAITING: and_(UNANSWERED, Invitation.expires_at > now),
        InvitationState.EXPIRED: and_(UNANSWERED, Invitation.expires_at <= now),
        InvitationState.ACCEPTED: Invitation.accepted_at.is_not(None),
        InvitationState.DECLINED: Invitation.declined_at.is_not(None),
        InvitationState.WITHDRAWN: Invitation.withdrawn_at.is_not(None),
    }[wanted]


def state(row: Invitation | Row[Any], now: datetime) -> InvitationState:
    """Return the state of an invitation, or of a row with its moments, at a moment."""
    if row.accepted_at is not None:
        return InvitationState.ACCEPTED
    if row.declined_at is not None:
        return InvitationState.DECLINED
    if row.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.WAITING if row.expires_at > now else InvitationState.EXPIRED


def version(invitation: Invitation) -> str:
    """Return what changes whenever the invitation does."""
    ends = invitation.accepted_at, invitation.declined_at, invitation.withdrawn_at
    return fingerprint(
        *(invitation.name, invitation.position, invitation.valid_from, invitation.valid_to),
        *(invitation.times, *ends),
    )


def last_day(invitation: Invitation) -> date | None:
    """Return the last day on which the role is held, where it ends."""
    return invitation.valid_to - ONE_DAY if invitation.valid_to else None


def of_unit(unit: Unit | None) -> ColumnElement[bool]:
    """Select the invitations of a unit, or all where None."""
    return Invitation.id.is_not(None) if unit is None else Invitation.unit_id == unit.id


def end(
    session: Session, invitation_id: int, where: ColumnElement[bool], **values: Any
) -> int | None:
    """End an invitation if it can still be ended so: of two answers at once one counts."""
    statement = (
        update(Invitation)
        .where(Invitation.id == invitation_id, where)
        .values(**values)
        .returning(Invitation.id)
    )
    return session.scalar(statement)
