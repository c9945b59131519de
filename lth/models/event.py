"""The append-only trail of a document."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Word
from lth.models.document import Document, Status
from lth.models.person import Person, Role
from lth.models.unit import Unit


class Event(Base):
    """One act on a document, numbered within it; never changed, never deleted.

    `private` events stay within the unit that acted: start, clearance and decline in the document's
    own, an opinion in the appraising one, which publishes opinions when it returns or approves.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("document_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    seq: Mapped[int]
    action: Mapped[str] = mapped_column(String(24))
    from_status: Mapped[Status | None] = mapped_column(Word(Status))
    to_status: Mapped[Status] = mapped_column(Word(Status))
    revision_number: Mapped[int]
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    private: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    document: Mapped[Document] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
