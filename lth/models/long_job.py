"""Work that takes longer than a page may: begun by a person, done behind it, its result kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.attachment import FINGERPRINT, OF_A_FILE
from lth.models.base import Base, Keyed, Word, one_of


class LongJobState(StrEnum):
    """A state of a long job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LongJob(Keyed, Base):
    """A long job of a person in a unit: what was asked, how far it is, what came of it.

    Only that person sees it, and it goes at `expires_at`. `tries` is how often it was begun.
    `request` is what its kind needs to do it, `answer` what its page tells; `sent_digest` names the
    file in the store that it works on, `result_digest` the one that it made.
    """

    __tablename__ = "long_job"
    __table_args__ = (one_of("state", LongJobState), Index(None, "state", "id"))

    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    state: Mapped[LongJobState] = mapped_column(Word(LongJobState), default=LongJobState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    request: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sent_digest: Mapped[str | None] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    result_digest: Mapped[str | None] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    result_name: Mapped[str] = mapped_column(String(160), default="")
