"""Personal calendar feeds."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base


class CalendarFeed(Base):
    """A secret address under which a person's calendar program reads their deadlines.

    Only the hash of its token is kept, so that the address is shown once; whoever loses it makes a
    new one, which revokes the one before.
    """

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="vi")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
