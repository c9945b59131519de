"""How often an address is written to that somebody has typed, whoever types it.

Whoever may invite, or change their own address, would else have us fill a stranger's mailbox.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.models import OutboxMessage
from lth.models.outbox import Delivery

MOST = 12
"""Mails of a kind that an address gets within a day; who has roles in several units gets a few."""

DAY = timedelta(days=1)


def full(session: Session, kind: str, addresses: Iterable[str], now: datetime) -> set[str]:
    """Return those of some addresses, one for each mail, that would get more than that.

    Runs in a system scope, in one query however many they are.
    """
    wanted = Counter(addresses)
    if not wanted:
        return set()
    written = (
        select(OutboxMessage.address, func.count())
        .where(
            OutboxMessage.address.in_(wanted),
            OutboxMessage.kind == kind,
            OutboxMessage.delivery != Delivery.DISCARDED,
            OutboxMessage.created_at > now - DAY,
        )
        .group_by(OutboxMessage.address)
    )
    there = {str(address): count for address, count in session.execute(written)}
    return {one for one, count in wanted.items() if there.get(one, 0) + count > MOST}


def refuse(session: Session, kind: str, addresses: Iterable[str], now: datetime) -> None:
    """Raise RefusedError that names an address which would get too many mails."""
    for address in sorted(full(session, kind, addresses, now)):
        text = N_("Địa chỉ %(email)s nhận quá %(most)s thư loại này trong một ngày. Hãy đợi.")
        raise RefusedError("email", text, email=address, most=MOST)
