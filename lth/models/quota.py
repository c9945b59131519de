"""Chỉ tiêu giao: what a plan hands to each unit below."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base
from lth.models.plan import Plan
from lth.models.programme import Indicator, Phase
from lth.models.unit import Unit


class Quota(Base):
    """One figure that a plan assigns to one unit directly below, in the indicator's measure."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("plan_id", "unit_id", "indicator_id", "phase_id"),
        CheckConstraint("value >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"))
    value: Mapped[int] = mapped_column(BigInteger)

    plan: Mapped[Plan] = relationship()
    unit: Mapped[Unit] = relationship()
    indicator: Mapped[Indicator] = relationship()
    phase: Mapped[Phase] = relationship()
