"""Administrative units, valid by date, and the offices within them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import SORT_KEY, TREE_PATH, Base, Keyed, SortedByName, Word, one_of


class Level(StrEnum):
    """Cấp hành chính. A document's road says who is above; the level only names a desk."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"


class Unit(Keyed, Base):
    """Đơn vị hành chính: a tenant. In force on `[valid_from, valid_to)`.

    A merger, a change of type, boundary or parent makes a new row; `code` is the national
    code, which is reused across lists and therefore never a key.
    """

    __tablename__ = "unit"
    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity_forward"),
        UniqueConstraint("parent_id", "type", "name", "valid_from"),
        Index(None, "level", "code"),
    )

    level: Mapped[Level] = mapped_column(Word(Level))
    type: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(TREE_PATH, index=True)
    sort_key: Mapped[str] = mapped_column(SORT_KEY, default="")
    search_key: Mapped[str] = mapped_column(String(160), default="", index=True)

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")

    @property
    def full_name(self) -> str:
        """Type and name as an office writes them: "xã Tập Sơn"."""
        return f"{self.type} {self.name}"

    @property
    def ancestor_ids(self) -> list[int]:
        """The ids above this unit, the root first."""
        return [int(part) for part in self.path.rstrip(".").split(".")][:-1]

    def in_force(self, on: date) -> bool:
        """Tell whether the unit exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class UnitLineage(Base):
    """Which unit went into which, whole or in part."""

    __tablename__ = "unit_lineage"
    __table_args__ = (CheckConstraint("share IN ('whole', 'part')", name="share_known"),)

    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    share: Mapped[str] = mapped_column(String(8))


class OfficeFunction(StrEnum):
    """Chức năng của phòng, ban: which office leads is a setting, never code."""

    SOCIAL = "social"
    FINANCE = "finance"
    ASSOCIATION = "association"
    HEALTH = "health"
    ADMINISTRATION = "administration"


class Office(Keyed, SortedByName, Base):
    """Phòng, ban, sở within a unit; not a step of the road."""

    __tablename__ = "office"
    __table_args__ = (one_of("function", OfficeFunction), UniqueConstraint("unit_id", "name"))

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    function: Mapped[OfficeFunction] = mapped_column(Word(OfficeFunction))
    name: Mapped[str] = mapped_column(String(160))
