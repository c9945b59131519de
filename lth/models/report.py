"""Reporting regimes and their windows, and what a report says: values and items."""

from datetime import date, datetime
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.content import ContentRow
from lth.models.frozen import NamedPerson
from lth.models.parts import Frequency
from lth.models.programme import Indicator, Period, Programme
from lth.models.unit import Level, Unit


class WindowBasis(StrEnum):
    """How the data windows of a regime are cut.

    DECREE: from the 15th to the 14th (Nghị định 09/2019/NĐ-CP, Điều 12); CALENDAR: whole months.
    """

    DECREE = "decree"
    CALENDAR = "calendar"


class ReportRegime(Keyed, Base):
    """Chế độ báo cáo: what the units below a unit report to it, how often, and by when.

    `unit_id` is whose regime it is: it holds for all that take part below it. A deadline is so many
    working days after the cut-off, by the level of who reports; it becomes a row when a window is
    opened (`Deadline`). `indicators` are the codes that are asked for, all that can be reported
    where it is empty. `source` is the paper that lays it down; where that is the unit's own plan,
    `document_id` and `line_key` are the line of its reporting part that it was taken from.
    `opens_before`: so many days before the cut-off its windows open by themselves; where it is
    empty, somebody opens them.
    """

    __tablename__ = "report_regime"
    __table_args__ = (
        one_of("frequency", Frequency),
        one_of("basis", WindowBasis),
        CheckConstraint(
            "commune_days BETWEEN 0 AND 60 AND district_days BETWEEN 0 AND 60"
            " AND province_days BETWEEN 0 AND 60",
            name="days_sane",
        ),
        CheckConstraint("opens_before BETWEEN 0 AND 366", name="opens_sane"),
        Index(None, "unit_id", "programme_id"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str] = mapped_column(String(200))
    frequency: Mapped[Frequency] = mapped_column(Word(Frequency))
    basis: Mapped[WindowBasis] = mapped_column(Word(WindowBasis), default=WindowBasis.DECREE)
    content: Mapped[str] = mapped_column(Text, default="")
    recipients: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    commune_days: Mapped[int] = mapped_column(default=2)
    district_days: Mapped[int] = mapped_column(default=5)
    province_days: Mapped[int] = mapped_column(default=8)
    indicators: Mapped[list[str]] = mapped_column(JSON, default=list)
    opens_before: Mapped[int | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    line_key: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    ended_on: Mapped[date | None]

    unit: Mapped[Unit] = relationship(lazy="raise")
    programme: Mapped[Programme] = relationship(lazy="raise")


class ReportWindow(Keyed, NamedPerson, Base):
    """A window of a regime that is open: the period whose figures are reported, and by when.

    `period_id` is a period of its own (`PeriodUse.REPORT` or `REVIEW`), from the first to the last
    day of the data; who takes part in it was taken over from the plan's period
    (`plan_period_id`) when it was opened: that is the denominator. `own_due_on` is by when the
    regime's own unit reports in its turn.
    """

    __tablename__ = "report_window"
    __table_args__ = (UniqueConstraint("regime_id", "period_id"), Index(None, "period_id"))

    regime_id: Mapped[int] = mapped_column(ForeignKey("report_regime.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    plan_period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    own_due_on: Mapped[date]
    opened_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    regime: Mapped[ReportRegime] = relationship(lazy="raise")
    period: Mapped[Period] = relationship(foreign_keys=[period_id], lazy="raise")
    plan_period: Mapped[Period] = relationship(foreign_keys=[plan_period_id], lazy="raise")


class Reported(StrEnum):
    """What a report says of an indicator. No row at all is a fourth thing: missing.

    VALUE: a number, which may be 0; NIL: nothing happened (không phát sinh); NOT_APPLICABLE: the
    unit has no such thing (không áp dụng), with the reason.
    """

    VALUE = "value"
    NIL = "nil"
    NOT_APPLICABLE = "not_applicable"


class ReportValue(ContentRow, Base):
    """An indicator's figure in a report, exact in the indicator's measure; `line_key` is its code.

    `value` is of the window: what happened in it, or how much there was on its last day.
    `cumulative` is the sum since the plan's period began, of what can be added over time.
    `from_books` is what the clubs' books came to when they were last read; a value that differs has
    a `reason`. A report that is added up has here what the units below come to, and how many of
    them said what: `counted` a number, `nils`, `not_applicable` and `missing`; of what is no sum,
    `least` is the smallest.
    """

    __tablename__ = "report_value"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_key"),
        Index(
            "ix_report_value_sum", "revision_id", "indicator_id", "reported", "value", "cumulative"
        ),
        Index(
            "ix_report_value_gap",
            "revision_id",
            "reported",
            "indicator_id",
            sqlite_where=text("reported = 'not_applicable'"),
            postgresql_where=text("reported = 'not_applicable'"),
        ),
        one_of("reported", Reported),
        CheckConstraint("(reported = 'value') = (value IS NOT NULL)", name="has_value"),
        CheckConstraint("value IS NULL OR value >= 0", name="not_negative"),
    )

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    reported: Mapped[Reported] = mapped_column(Word(Reported), default=Reported.VALUE)
    value: Mapped[int | None] = mapped_column(BigInteger)
    cumulative: Mapped[int | None] = mapped_column(BigInteger)
    from_books: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")
    counted: Mapped[int | None]
    nils: Mapped[int | None]
    not_applicable: Mapped[int | None]
    missing: Mapped[int | None]
    least: Mapped[int | None] = mapped_column(BigInteger)
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    indicator: Mapped[Indicator] = relationship()


class ReportItemKind(StrEnum):
    """Khó khăn, kiến nghị, đề nghị khen thưởng."""

    DIFFICULTY = "difficulty"
    REQUEST = "request"
    COMMENDATION = "commendation"


class ReportItem(ContentRow, Base):
    """A difficulty, a request or a proposal for commendation in a report, in order.

    `level` is whom a request is addressed to; the one directly above where it is empty.
    """

    __tablename__ = "report_item"
    __table_args__ = (
        UniqueConstraint("revision_id", "line_key"),
        one_of("kind", ReportItemKind),
        one_of("level", Level),
    )

    kind: Mapped[ReportItemKind] = mapped_column(Word(ReportItemKind))
    ordinal: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[Level | None] = mapped_column(Word(Level))
