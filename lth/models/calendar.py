"""Days of which an administrator has decided whether offices work on them."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base


class CalendarDay(Base):
    """Ngày hoán đổi, ngày làm bù, ngày nghỉ riêng: goes before the public calendar."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(160), default="")
