"""The one writer of mail rows, in the transaction of what they tell; a layer above sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from lth.core.database import insert
from lth.mail.codec import encode
from lth.mail.declarations import Declaration, Payload, Reach
from lth.models import OutboxMessage


@dataclass(frozen=True)
class Mail:
    """A message to one person, or to an `address` that may be nobody's yet. `unit_id`: the unit
    whose administrator sees that it went; what is personal is of none.

    It is written once for each event and person, or for each `dedupe` key. `secret` is a one-time
    link's token.
    """

    declaration: Declaration[Any]
    payload: Payload
    person_id: int | None
    unit_id: int | None
    dedupe: str | None = None
    event_id: int | None = None
    secret: str | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if type(self.payload) is not self.declaration.payload:
            raise TypeError(f"{self.declaration.kind} tells no {type(self.payload).__name__}")
        if self.unit_id is not None and self.declaration.reach is Reach.ACCOUNT:
            raise ValueError(f"{self.declaration.kind} is personal, and of no unit")

    def row(self, data: Any, now: datetime) -> dict[str, Any]:
        """Return its row, of which `data` is the payload, waiting to be sent from now on."""
        return {
            "event_id": self.event_id,
            "person_id": self.person_id,
            "address": self.address,
            "unit_id": self.unit_id,
            "kind": self.declaration.kind,
            "dedupe": self.dedupe,
            "data": data,
            "secret": self.secret,
            "created_at": now,
            "due_at": now,
        }


def write(session: Session, mails: Sequence[Mail], now: datetime) -> Sequence[Row[Any]]:
    """Write the mails that are not there yet, in one statement; returns their `id, person_id`.

    Two who may write the same at once give them in the same order, so that one waits for the other
    and never each for the other. The caller commits.
    """
    if not mails:
        return []
    statement = (
        insert(session, OutboxMessage)
        .on_conflict_do_nothing()
        .returning(OutboxMessage.id, OutboxMessage.person_id)
    )
    payloads = {id(mail.payload): mail.payload for mail in mails}  # many tell the same
    data = {key: encode(payload) for key, payload in payloads.items()}
    rows = [mail.row(data[id(mail.payload)], now) for mail in mails]
    return session.execute(statement, rows).all()
