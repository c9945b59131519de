"""When what is due, set by a unit for the units below it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Word, one_of
from lth.models.plan import Kind


class Deadline(Base):
    """Hạn nộp for one unit below, or (`unit_id` empty) for all of them.

    `due_on` is the day shown, `grace_days` more are let pass, `last_correction_on` closes
    corrections after a return. Days are calendar days in Asia/Ho_Chi_Minh, ending at 24:00.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        one_of("kind", Kind),
        UniqueConstraint("setter_id", "unit_id", "period_id", "kind"),
        CheckConstraint("grace_days BETWEEN 0 AND 60", name="grace_sane"),
        CheckConstraint(
            "last_correction_on IS NULL OR last_correction_on >= due_on", name="window_forward"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    setter_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    due_on: Mapped[date]
    grace_days: Mapped[int] = mapped_column(default=0)
    last_correction_on: Mapped[date | None]
