"""Deadlines, the days by which they are counted, and the feeds in which they are read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.core.workdays import Calendar
from lth.models.base import Base, Keyed
from lth.models.kind import Kind, KindKey


def _latest_on(context: Any) -> date:
    """Compute it for rows of which nobody says it, by the public calendar alone."""
    row = context.get_current_parameters()
    return Calendar().shift(row["due_on"], row.get("grace_days") or 0)


class Deadline(Keyed, Base):
    """Hạn nộp for one unit below, or (`unit_id` empty) for all of them.

    `due_on` is the day shown; `grace_days` working days more are let pass, until `latest_on`, which
    is kept so that no list has to count them; `last_correction_on` closes corrections after a
    return. Days are those of Asia/Ho_Chi_Minh and end at 24:00.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("setter_id", "unit_id", "period_id", "kind"),
        CheckConstraint("grace_days BETWEEN 0 AND 60", name="grace_sane"),
        CheckConstraint("latest_on >= due_on", name="grace_forward"),
        CheckConstraint(
            "last_correction_on IS NULL OR last_correction_on >= due_on", name="window_forward"
        ),
    )

    setter_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    kind: Mapped[Kind] = mapped_column(KindKey())
    due_on: Mapped[date]
    grace_days: Mapped[int] = mapped_column(default=0)
    latest_on: Mapped[date] = mapped_column(default=_latest_on)
    last_correction_on: Mapped[date | None]


class CalendarDay(Base):
    """Ngày hoán đổi, ngày làm bù, ngày nghỉ riêng: goes before the public calendar."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    name: Mapped[str] = mapped_column(String(160), default="")


class CalendarFeed(Keyed, Base):
    """A secret address under which a person's calendar program reads their deadlines.

    Only the hash of its token is kept, so that the address is shown once; whoever loses it makes a
    new one, which revokes the one before.
    """

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="vi")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
