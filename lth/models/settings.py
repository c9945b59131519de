"""Settings that a unit makes for itself."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Word, one_of
from lth.models.document import Mode
from lth.models.kind import Kind, KindKey


class UnitSettings(Base):
    """Leading office, required opinions, whether the leader clears before sending up, and whether
    those who sign must have a second factor.

    `own`: the unit has said so itself. Otherwise it has what `from_unit_id`, the nearest unit above
    that says anything for all below it (`for_below`), has said of clearing and opinions, or what is
    common.
    """

    __tablename__ = "unit_settings"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    clearance_needed: Mapped[bool] = mapped_column(default=True)
    leading_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    required_opinions: Mapped[list[str]] = mapped_column(JSON, default=list)
    own: Mapped[bool] = mapped_column(default=False)
    from_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    for_below: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    second_factor_required: Mapped[bool] = mapped_column(default=False, server_default=false())


class Reception(Base):
    """A unit's way to receive one kind of document of a programme; *approve* where no row says."""

    __tablename__ = "reception"
    __table_args__ = (one_of("mode", Mode),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(KindKey(), primary_key=True)
    mode: Mapped[Mode] = mapped_column(Word(Mode))
