"""Mail that waits to go out, and the jobs that write and send it.

A row of mail is written in the transaction of what it tells.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.document import Event
from lth.models.person import Person


class Delivery(StrEnum):
    """The state of a message.

    HELD: no SMTP is set, so a person releases or discards it. BUNDLED: its words went into a
    digest, which is a message of its own.
    """

    HELD = "held"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DISCARDED = "discarded"
    BUNDLED = "bundled"


class OutboxMessage(Keyed, Base):
    """One message to one person, unique on (event, person, kind) or on its `dedupe` key.

    `address`: it goes there instead, whether or not anybody has an account with it.

    `data` holds what the template needs; the text is made at delivery, in the person's
    language. `secret` (a one-time link's token) is wiped as soon as the message is sent. `read_at`:
    its person has opened it among their notices.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("delivery", Delivery),
        UniqueConstraint("event_id", "person_id", "kind"),
        CheckConstraint("delivery <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint(
            "(delivery = 'bundled') = (digest_id IS NOT NULL)", name="bundled_has_digest"
        ),
        CheckConstraint("(person_id IS NULL) <> (address IS NULL)", name="has_recipient"),
        CheckConstraint("delivery <> 'sending' OR leased_until IS NOT NULL", name="lease_has_end"),
        Index(None, "delivery", "due_at"),
        Index(None, "person_id", "read_at"),
    )

    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str | None] = mapped_column(String(254), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    dedupe: Mapped[str | None] = mapped_column(String(120), unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    secret: Mapped[str | None] = mapped_column(String(120))
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery), default=Delivery.WAITING)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), index=True)

    person: Mapped[Person | None] = relationship()
    event: Mapped[Event | None] = relationship()


class JobRun(Base):
    """The last run of a job, by its name; an administrator sees whether the system is alive.

    `counted` is what the last run that came to its end did; `error` what broke the last one off.
    """

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
