"""What a revision holds: targets and narrative sections.

Every content row has a `line_key`, stable over revisions, by which revisions are diffed and
remarks are pinned, and a `version` that grows with each edit of the one cell.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lth.models.base import Base, Word, one_of
from lth.models.programme import Indicator, Phase


class Comparator(StrEnum):
    """So sánh: GT is the strict "trên/hơn", GTE "ít nhất", MAINTAIN "duy trì"."""

    EQ = "eq"
    GTE = "gte"
    GT = "gt"
    LTE = "lte"
    LT = "lt"
    BETWEEN = "between"
    MAINTAIN = "maintain"
    QUALITATIVE = "qualitative"


class TargetScope(StrEnum):
    """What one value speaks of."""

    UNIT = "unit"
    PER_COMMUNE = "per_commune"
    PER_CLUB = "per_club"
    PER_MEMBER = "per_member"


class CountsFrom(StrEnum):
    """Whether a count is of new things, the total reached, or each year anew."""

    NEW = "new"
    CUMULATIVE = "cumulative"
    YEARLY = "yearly"


class AreaType(StrEnum):
    """Vùng a threshold speaks of."""

    ALL = "all"
    LOWLAND = "lowland"
    MOUNTAIN = "mountain"


class ContentRow:
    """Columns every part of a revision has."""

    id: Mapped[int] = mapped_column(primary_key=True)
    line_key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None]

    @declared_attr
    def revision_id(self) -> Mapped[int]:
        return mapped_column(ForeignKey("plan_revision.id"))

    @declared_attr
    def edited_by_id(self) -> Mapped[int | None]:
        return mapped_column(ForeignKey("person.id"))


class Target(ContentRow, Base):
    """Chỉ tiêu of a revision, exact integers in the indicator's measure.

    A GTE/GT/EQ/MAINTAIN target has `value_min`; LTE/LT has `value_max`; BETWEEN both;
    QUALITATIVE neither. A synthesis revision keeps its taken-over totals here too: `counted` and
    `incomparable` say how many units made one and how many could not, `in_range` how many of
    them keep to the programme's threshold, where that is counted.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_key"),
        Index(
            "ix_target_sum",
            "revision_id",
            "scope",
            "indicator_id",
            "phase_id",
            "counts_from",
            "comparator",
            "value_min",
            "value_max",
        ),
        one_of("comparator", Comparator),
        one_of("scope", TargetScope),
        one_of("counts_from", CountsFrom),
        one_of("area_type", AreaType),
        CheckConstraint(
            "(comparator IN ('lte', 'lt', 'qualitative')) = (value_min IS NULL)", name="has_min"
        ),
        CheckConstraint(
            "(comparator IN ('lte', 'lt', 'between')) = (value_max IS NOT NULL)", name="has_max"
        ),
        CheckConstraint("value_min IS NULL OR value_min >= 0", name="min_not_negative"),
        CheckConstraint(
            "value_max IS NULL OR value_max >= COALESCE(value_min, 0)", name="range_forward"
        ),
    )

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"))
    comparator: Mapped[Comparator] = mapped_column(Word(Comparator), default=Comparator.EQ)
    value_min: Mapped[int | None] = mapped_column(BigInteger)
    value_max: Mapped[int | None] = mapped_column(BigInteger)
    scope: Mapped[TargetScope] = mapped_column(Word(TargetScope), default=TargetScope.UNIT)
    counts_from: Mapped[CountsFrom] = mapped_column(Word(CountsFrom), default=CountsFrom.NEW)
    numerator_code: Mapped[str | None] = mapped_column(String(40))
    denominator_code: Mapped[str | None] = mapped_column(String(40))
    area_type: Mapped[AreaType] = mapped_column(Word(AreaType), default=AreaType.ALL)
    parent_share_key: Mapped[str | None] = mapped_column(String(80))
    wording: Mapped[str] = mapped_column(Text, default="")
    source_ref: Mapped[str] = mapped_column(String(160), default="")
    flags: Mapped[list[Any]] = mapped_column(JSON, default=list)
    counted: Mapped[int | None]
    incomparable: Mapped[int | None]
    in_range: Mapped[int | None]

    indicator: Mapped[Indicator] = relationship()
    phase: Mapped[Phase] = relationship()


class Section(ContentRow, Base):
    """Phần thuyết minh of a revision, in order."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("revision_id", "line_key"),)

    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
