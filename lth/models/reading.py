"""Existing plans on their way into a draft: read, and being looked over by who sent them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed
from lth.models.programme import Period


class ReadingUpload(Keyed, Base):
    """The text of an existing plan, as its uploader takes items of it into the unit's plan.

    It is for the unit's plan of a period, begun or not. Nobody else sees it, and it goes at
    `expires_at`. `text` are the words of the file; `old_encoding` what they seem to be written in
    where that is from before Unicode, until `converts` says whether it is. `version` counts
    changes.
    """

    __tablename__ = "reading_upload"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text)
    old_encoding: Mapped[str | None] = mapped_column(String(16))
    converts: Mapped[bool | None]

    period: Mapped[Period] = relationship(lazy="raise")
