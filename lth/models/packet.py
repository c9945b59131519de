"""Packages of other offices' systems that came as files, and the answers that were made to them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.attachment import FINGERPRINT, OF_A_FILE
from lth.models.base import Base, Keyed, Word, one_of
from lth.models.frozen import NamedPerson


class PacketKind(StrEnum):
    """What a packet is: a document in one of its four ways, a state that is told, or our answer."""

    NEW = "new"
    RECALL = "recall"
    UPDATE = "update"
    REPLACE = "replace"
    STATUS = "status"
    ANSWER = "answer"


class AnswerTo(StrEnum):
    """What an answer answers: whether a document was taken, or whether a change is agreed to."""

    RECEIPT = "receipt"
    CHANGE = "change"


class ExchangePacket(Keyed, NamedPerson, Base):
    """A packet of a unit, in or out; it only ever grows, and nothing of it is applied by itself.

    The file is kept by its `sha256`. `document_id` and `numbered` find the same document again
    (`edxml.package.keys_of`). `facts` is what it says, as `edxml.arrivals` packs it. An answer
    names what it answers; each packet is answered once in each of the two ways.
    """

    __tablename__ = "exchange_packet"
    __table_args__ = (
        one_of("kind", PacketKind),
        one_of("answer", AnswerTo),
        CheckConstraint(
            "(kind = 'answer') = (answers_id IS NOT NULL)"
            " AND (answer IS NULL) = (answers_id IS NULL)",
            name="answer_has_question",
        ),
        UniqueConstraint("answers_id", "answer"),
        Index(None, "unit_id", "document_id"),
        Index(None, "unit_id", "numbered"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[PacketKind] = mapped_column(Word(PacketKind))
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str] = mapped_column(String(160))
    sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    size: Mapped[int]
    document_id: Mapped[str] = mapped_column(String(200), default="")
    numbered: Mapped[str] = mapped_column(String(200), default="")
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[str] = mapped_column(String(80), default="")
    day: Mapped[date | None]
    subject: Mapped[str] = mapped_column(String(500), default="")
    status_code: Mapped[str] = mapped_column(String(8), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("exchange_packet.id"))
    answer: Mapped[AnswerTo | None] = mapped_column(Word(AnswerTo))
