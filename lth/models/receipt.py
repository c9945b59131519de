"""Which units are in a synthesis, and which are missing."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base
from lth.models.unit import Unit


class Receipt(Base):
    """One taking-part unit's line in a synthesis revision; no plan means it is missing."""

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint(
            "(document_id IS NULL) = (number IS NULL) AND (document_id IS NULL) = (sha256 IS NULL)",
            name="all_or_missing",
        ),
        Index(None, "document_id"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))

    unit: Mapped[Unit] = relationship()
