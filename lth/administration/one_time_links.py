"""The one-time links that wait for an address, for whoever runs the server and nobody else."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lth.administration import accounts, audit, invitations
from lth.mail.declarations import DECLARED
from lth.models import Credential, Invitation, OutboxMessage
from lth.models.outbox import Delivery


def waiting(session: Session, address: str, *, now: datetime) -> list[tuple[str, str]]:
    """List what each link is for and the page it opens; noted in the trail. In a system scope.

    An invitation that nobody has answered, and that is over or has no mail that is yet to go out,
    is given a new link, and nothing is mailed.
    """
    email = accounts.normal_email(address)
    unsent = _unsent(session, email)
    found = [(kind, secret) for kind, _, secret in unsent if kind != _INVITED]
    secrets = {key: secret for _, key, secret in unsent}
    found += [(_INVITED, token) for token in _invitations(session, email, secrets, now)]
    if found:
        kinds = ", ".join(kind for kind, _ in found)
        audit.record(session, None, "links.shown", None, email, {"mails": (None, kinds)}, now=now)
    return [(kind, f"{DECLARED[kind].one_time_page}{token}") for kind, token in found]


_INVITED = invitations.INVITED.kind


def _unsent(session: Session, email: str) -> list[tuple[str, str | None, str]]:
    """Find the links in mail to an address, or to the person who has it, that has not gone out:
    kind, key and token."""
    theirs = select(Credential.person_id).where(Credential.email == email)
    unsent = (Delivery.HELD, Delivery.WAITING, Delivery.FAILED)
    statement = (
        select(OutboxMessage.kind, OutboxMessage.dedupe, OutboxMessage.secret)
        .where(
            or_(OutboxMessage.address == email, OutboxMessage.person_id.in_(theirs)),
            OutboxMessage.delivery.in_(unsent),
            OutboxMessage.secret.is_not(None),
        )
        .order_by(OutboxMessage.id)
    )
    return [(row.kind, row.dedupe, row.secret) for row in session.execute(statement)]


def _invitations(
    session: Session, email: str, unsent: Mapping[str | None, str], now: datetime
) -> list[str]:
    """Return a token for each invitation that nobody has answered."""
    statement = (
        select(Invitation)
        .where(Invitation.email == email, invitations.UNANSWERED)
        .order_by(Invitation.id)
        .with_for_update()
    )
    rows = session.scalars(statement).all()
    usable = {row.id: unsent.get(invitations.mail_key(row)) for row in rows if row.expires_at > now}
    return [usable.get(row.id) or invitations.renew(row, now) for row in rows]
