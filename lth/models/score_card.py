"""Score cards by which clubs are rated: a programme's, as a province has set it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed


class ScoreCard(Keyed, Base):
    """Bảng chấm điểm of a programme, as a province has set it for all clubs in it.

    Where a province has none, the suggested sample holds (`lth.clubs.score_card`). `data` is what
    that module reads; `version` counts changes.
    """

    __tablename__ = "score_card"
    __table_args__ = (UniqueConstraint("programme_id", "unit_id"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
