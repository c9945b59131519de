"""When the periodic jobs last ran, and how it went."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base


class JobRun(Base):
    """The last run of a job, by its name; an administrator sees whether the system is alive.

    `counted` is what the last run that came to its end did; `error` what broke the last one off.
    """

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
