"""Lists of clubs on their way into a register: read, and being looked over by who sent them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed


class ClubList(Keyed, Base):
    """A file of clubs of a commune, as its uploader is looking it over.

    Nobody else sees it, and it goes at `expires_at`. `lines` are its rows: number in the file, and
    cells by column. `version` counts what was written of it.
    """

    __tablename__ = "club_list"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(default=1)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
