"""Lists of people on their way in: read and being mended, before anybody is invited."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed
from lth.models.unit import Unit


class Roster(Keyed, Base):
    """A list of people of a unit and those below it, as its uploader is mending it.

    Nobody else sees it, and it goes at `expires_at`. `lines` are its rows: key, number in the file,
    cells by column, whether left out, and the invitation that was sent. `version` counts changes.
    """

    __tablename__ = "roster"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(default=1)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    unit: Mapped[Unit] = relationship(lazy="raise")
