"""The content of a revision: targets and narrative sections.

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
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
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
    """The thing that one value speaks of."""

    UNIT = "unit"
    PER_DISTRICT = "per_district"
    PER_COMMUNE = "per_commune"
    PER_CLUB = "per_club"
    PER_MEMBER = "per_member"


class CountsFrom(StrEnum):
    """Counts of new things, of the total reached, or of each year anew."""

    NEW = "new"
    CUMULATIVE = "cumulative"
    YEARLY = "yearly"


class AreaType(StrEnum):
    """Vùng, loại xã a figure speaks of; a programme says which of them its plans may name."""

    ALL = "all"
    LOWLAND = "lowland"
    MOUNTAIN = "mountain"
    ETHNIC_MINORITY = "ethnic_minority"
    DISADVANTAGED = "disadvantaged"
    RURAL = "rural"
    WARD = "ward"
    TOWN = "town"


PART_OF_UNIT = 32
"""What `sum_kind` has more where a figure speaks of a part of the unit (per club, per member)."""

_COMPARATOR_CODE = {comparator: code for code, comparator in enumerate(Comparator)}
_MEANING_CODE = {meaning: 8 * code for code, meaning in enumerate(CountsFrom)}


def sum_kind(comparator: Comparator, counts_from: CountsFrom, scope: TargetScope) -> int:
    """Return one small integer for what decides with which others a figure may be added up."""
    part = 0 if scope is TargetScope.UNIT else PART_OF_UNIT
    return _COMPARATOR_CODE[comparator] + _MEANING_CODE[counts_from] + part


def read_sum_kind(kind: int) -> tuple[Comparator, CountsFrom, bool]:
    """Return comparator, meaning, and whether the figure speaks of the whole unit."""
    return tuple(Comparator)[kind % 8], tuple(CountsFrom)[kind % 32 // 8], kind < PART_OF_UNIT


def _sum_kind_as_sql() -> str:
    comparators = " ".join(f"WHEN '{word}' THEN {code}" for word, code in _COMPARATOR_CODE.items())
    meanings = " ".join(f"WHEN '{word}' THEN {code}" for word, code in _MEANING_CODE.items())
    return (
        f"sum_kind = CASE comparator {comparators} END + CASE counts_from {meanings} END"
        f" + CASE WHEN scope = 'unit' THEN 0 ELSE {PART_OF_UNIT} END"
    )


def _sum_kind_of_row(context: Any) -> int:
    """Compute it for rows that are inserted past the ORM."""
    row = context.get_current_parameters()
    return sum_kind(
        Comparator(row.get("comparator", Comparator.EQ)),
        CountsFrom(row.get("counts_from", CountsFrom.NEW)),
        TargetScope(row.get("scope", TargetScope.UNIT)),
    )


class ContentRow(Keyed):
    """Columns every part of a revision has."""

    line_key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None]

    @declared_attr
    def revision_id(self) -> Mapped[int]:
        return mapped_column(ForeignKey("revision.id"))

    @declared_attr
    def edited_by_id(self) -> Mapped[int | None]:
        return mapped_column(ForeignKey("person.id"))


class Target(ContentRow, Base):
    """Chỉ tiêu of a revision, exact integers in the indicator's measure.

    A GTE/GT/EQ/MAINTAIN target has `value_min`; LTE/LT has `value_max`; BETWEEN both;
    QUALITATIVE neither. A synthesis revision keeps its taken-over totals here too: `counted` and
    `incomparable` say how many units made one and how many could not, `in_range` how many of
    them keep to the programme's threshold, where that is counted, and `said` what they wrote of
    a quality that is not added up (`lth.content.targets.Saying`).

    `own_order` is the place among the targets of a plan that was brought in with an order of its
    own; without one a line stands in the programme's order.

    `sum_kind` says again what `comparator`, `counts_from` and `scope` say, in one integer: a
    covering index with three texts in it takes half as long again to add up.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_key"),
        Index(
            "ix_target_sum",
            "revision_id",
            "indicator_id",
            "phase_id",
            "sum_kind",
            "value_min",
            "value_max",
        ),
        CheckConstraint(_sum_kind_as_sql(), name="sum_kind_true"),
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
    sum_kind: Mapped[int] = mapped_column(SmallInteger, default=_sum_kind_of_row)
    numerator_code: Mapped[str | None] = mapped_column(String(40))
    denominator_code: Mapped[str | None] = mapped_column(String(40))
    area_type: Mapped[AreaType] = mapped_column(Word(AreaType), default=AreaType.ALL)
    parent_share_key: Mapped[str | None] = mapped_column(String(80))
    wording: Mapped[str] = mapped_column(Text, default="")
    source_ref: Mapped[str] = mapped_column(String(160), default="")
    own_order: Mapped[int | None]
    flags: Mapped[list[Any]] = mapped_column(JSON, default=list)
    counted: Mapped[int | None]
    incomparable: Mapped[int | None]
    in_range: Mapped[int | None]
    said: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))

    indicator: Mapped[Indicator] = relationship()
    phase: Mapped[Phase] = relationship()


@event.listens_for(Target, "before_insert")
@event.listens_for(Target, "before_update")
def _keep_sum_kind(_mapper: Any, _connection: Any, target: Target) -> None:
    target.sum_kind = sum_kind(
        Comparator(target.comparator or Comparator.EQ),
        CountsFrom(target.counts_from or CountsFrom.NEW),
        TargetScope(target.scope or TargetScope.UNIT),
    )


class Section(ContentRow, Base):
    """Phần thuyết minh of a revision, in order."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("revision_id", "line_key"),)

    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
