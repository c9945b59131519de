"""The trail of what was changed about people, roles, settings and deadlines."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed
from lth.models.frozen import NamedDoer


class AuditEntry(Keyed, NamedDoer, Base):
    """A change of people, roles, settings or deadlines, when, from what to what.

    `unit_name` is the unit that was changed; nobody's name where the system did it by itself.
    """

    __tablename__ = "audit_entry"

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
