"""The mail of an invitation, and the one that tells the inviter of its answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from lth.mail.declarations import Payload, Reach, declare
from lth.models import Invitation, OutboxMessage
from lth.models.outbox import Delivery
from lth.models.person import Role

PATH = "/invitation/"
"""The page that takes a token is at the site's address, this, and the token."""


@dataclass(frozen=True, kw_only=True)
class InvitationMail(Payload):
    """An invitation: who is asked to hold which role where, from when to when, and until when the
    link can be used. Where `unit` is empty it is the system's."""

    invitee: str
    role: Role
    unit: str
    office: str
    valid_from: date
    last_day: date | None = None
    expires_at: datetime | None = None
    again: bool = False

    @property
    def addressee(self) -> str:
        return self.invitee


INVITED = declare(
    "invitation",
    InvitationMail,
    one_time_page=PATH,
    at_once=True,
    still="invitation_open",
    reach=Reach.ACCOUNT,
)


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Payload):
    """An answer to an invitation, the first of a day at the place where its inviter administers;
    the list that it leads to shows the others. `invitee`: as the inviter wrote them."""

    invitee: str
    role: Role
    unit: str
    accepted: bool
    list_page: str

    def page(self) -> str:
        """Lead to the list of invitations."""
        return self.list_page


ANSWERED = declare("invitation_answered", InvitationAnswered, page=InvitationAnswered.page)


def mail_key(invitation: Invitation, before: int = 0) -> str:
    """Return what the row of an invitation's last mail is known by, or so many before it."""
    return f"invitation:{invitation.id}:{invitation.times - before}"


def discard(session: Session, keys: Collection[str]) -> None:
    """Never send the mails of some keys that have not gone out yet."""
    if not keys:
        return
    unsent = (Delivery.HELD, Delivery.WAITING, Delivery.FAILED)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.dedupe.in_(keys), OutboxMessage.delivery.in_(unsent))
        .values(delivery=Delivery.DISCARDED, secret=None)
        .execution_options(synchronize_session=False)
    )
