"""Programme versions (1533, 1336, 1648) and what they own: periods, areas, indicators."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    case,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of


class Programme(Keyed, Base):
    """Chương trình theo một Quyết định của Thủ tướng; thresholds hang on it."""

    __tablename__ = "programme"

    code: Mapped[str] = mapped_column(String(16), unique=True)
    name_vi: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))
    decision: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    sections: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The sections of its own that its documents begin with, by their kind; see `sections_of`."""
    area_types: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The kinds of areas (`lth.models.content.AreaType`) that its plans may set figures for."""


class PeriodUse(StrEnum):
    """What is written in a period: plans, the reports of a window, or a review of several."""

    PLAN = "plan"
    REPORT = "report"
    REVIEW = "review"


class Period(Keyed, Base):
    """Kỳ of a programme; its start fixes a document's road.

    A period of plans (kỳ kế hoạch) belongs to the programme; one of reports or of a review is made
    when its window is opened (`lth.models.report.ReportWindow`), and runs over the days of the
    data.
    """

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        one_of("use", PeriodUse),
        CheckConstraint("ends_on >= starts_on", name="forward"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    code: Mapped[str] = mapped_column(String(16))
    use: Mapped[PeriodUse] = mapped_column(Word(PeriodUse), default=PeriodUse.PLAN)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    @hybrid_property
    def tree_day(self) -> date:
        """The day on which the tree of units counts for it: its first; of figures that are
        reported, the last, when they are all in.
        """
        return self.starts_on if self.use is PeriodUse.PLAN else self.ends_on

    @tree_day.inplace.expression
    @classmethod
    def _tree_day(cls) -> ColumnElement[date]:
        return case((cls.use == PeriodUse.PLAN, cls.starts_on), else_=cls.ends_on)

    programme: Mapped[Programme] = relationship()
    phases: Mapped[list["Phase"]] = relationship(
        order_by="Phase.ordinal", back_populates="period", foreign_keys="Phase.period_id"
    )


class Phase(Keyed, Base):
    """Giai đoạn within a period; every period has at least one.

    One with `whole_of_id` is a period of several taken as a whole (cả kỳ), ordinal 0: plans set
    figures for it beside those of its parts. It is none of the period's phases, which divide it.
    """

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("period_id", "ordinal"),
        UniqueConstraint("period_id", "code"),
        CheckConstraint("(period_id IS NULL) = (whole_of_id IS NOT NULL)", name="part_or_whole"),
    )

    period_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"))
    whole_of_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"), unique=True)
    ordinal: Mapped[int]
    code: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    period: Mapped[Period | None] = relationship(back_populates="phases", foreign_keys=[period_id])


class Area(Keyed, Base):
    """Mảng hoạt động (tám mảng), editable for each programme version."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    code: Mapped[str] = mapped_column(String(24))
    ordinal: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160))


class Measure(StrEnum):
    """The reading of an indicator's integers.

    COUNT whole things; PERCENT in 1/100 %; MONEY in đồng; RATE in 1/100 of a time or %/month.
    """

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    RATE = "rate"


class RollUp(StrEnum):
    """Quy tắc tổng hợp lên cấp trên."""

    SUM = "sum"
    RATIO = "ratio"
    MINIMUM = "minimum"
    COUNT_IN_RANGE = "count_in_range"
    NOT_ADDITIVE = "not_additive"


class Indicator(Keyed, Base):
    """Chỉ tiêu of a programme version, with how it is measured, rolled up and judged."""

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        one_of("measure", Measure),
        one_of("roll_up", RollUp),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    code: Mapped[str] = mapped_column(String(40))
    ordinal: Mapped[int]
    topic: Mapped[str] = mapped_column(String(24))
    label_vi: Mapped[str] = mapped_column(String(160))
    label_en: Mapped[str] = mapped_column(String(160))
    unit_vi: Mapped[str] = mapped_column(String(40))
    unit_en: Mapped[str] = mapped_column(String(40))
    measure: Mapped[Measure] = mapped_column(Word(Measure))
    roll_up: Mapped[RollUp] = mapped_column(Word(RollUp))
    numerator_code: Mapped[str | None] = mapped_column(String(40))
    denominator_code: Mapped[str | None] = mapped_column(String(40))
    threshold_min: Mapped[int | None] = mapped_column(BigInteger)
    threshold_max: Mapped[int | None] = mapped_column(BigInteger)
    required: Mapped[bool] = mapped_column(default=False)
    help_vi: Mapped[str] = mapped_column(Text, default="")
    help_en: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Participation(Base):
    """A unit takes part in a programme for a period; the denominator of "15 trên 17 xã".

    `frozen_at` is set on every row of a programme, period and parent when the first document
    there is submitted: later comers are added by hand, with a trace, never silently.
    `older_population` is how many older people live there, as known before any document says so.

    It takes part from `joined_on` (None: from the start) to the day before `left_on`; whoever asks
    for that asks by `units.on_day.takes_part`. How it came to be is told by `ParticipationMove`.
    """

    __tablename__ = "participation"
    __table_args__ = (Index(None, "parent_id", "period_id"),)

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    frozen_at: Mapped[datetime | None]
    older_population: Mapped[int | None]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]


class ParticipationAct(StrEnum):
    """A change in who takes part."""

    JOIN = "join"
    LEAVE = "leave"


class ParticipationMove(Keyed, Base):
    """A unit comes to take part in a period, or leaves: who said so, from which day, and why.

    Rows are only added. Those of a unit are in the order of their days, so that who took part on
    any day can be read from them. `after_freeze`: its list had been frozen by then. The name is
    the person's at that moment; without one, a command did it.
    """

    __tablename__ = "participation_move"
    __table_args__ = (one_of("act", ParticipationAct), Index(None, "period_id", "parent_id"))

    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    act: Mapped[ParticipationAct] = mapped_column(Word(ParticipationAct))
    moved_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    after_freeze: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(160), default="")
