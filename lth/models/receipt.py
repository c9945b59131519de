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
            "(plan_id IS NULL) = (number IS NULL) AND (plan_id IS NULL) = (sha256 IS NULL)",
            name="all_or_missing",
        ),
        Index(None, "plan_id"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("plan_revision.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))

    unit: Mapped[Unit] = relationship()
