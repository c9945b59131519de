"""Mã định danh: by which code an agency is known to other offices' systems, and from when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, FoundByName, Keyed, Word, one_of


class CodeScheme(StrEnum):
    """By which rule a code is made: QCVN 102:2016, Quyết định 20/2020/QĐ-TTg, or another."""

    QCVN102 = "qcvn102"
    QD20 = "qd20"
    OTHER = "other"


class AgencyCode(Keyed, FoundByName, Base):
    """A code as a unit knows it, in force on `[valid_from, valid_to)`.

    `name` is whose it is: empty for the unit's own, else an agency that the unit sends to. `source`
    is the document that gave the code. What was entered is ended or taken away, never changed.
    """

    __tablename__ = "agency_code"
    __table_args__ = (
        one_of("scheme", CodeScheme),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity_forward"),
        UniqueConstraint("unit_id", "name", "scheme", "valid_from"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(200), default="")
    scheme: Mapped[CodeScheme] = mapped_column(Word(CodeScheme))
    code: Mapped[str] = mapped_column(String(35))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    def in_force(self, on: date) -> bool:
        """Tell whether the code is the agency's on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
