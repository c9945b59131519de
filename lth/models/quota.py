"""Chỉ tiêu giao: what a plan hands to each unit below, how it was split, and who conceded what."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.document import Document
from lth.models.frozen import NamedPerson, NamedUnit
from lth.models.programme import Indicator, Phase
from lth.models.unit import Unit


class SplitRule(StrEnum):
    """A rule to split a total: equally, in proportion to a figure of the units, or by hand."""

    EQUAL = "equal"
    OLDER_POPULATION = "older_population"
    COMMUNES = "communes"
    LAST_RESULT = "last_result"
    BY_HAND = "by_hand"


class Move(StrEnum):
    """A step of the talk over a quota: it is handed down, accepted or countered below; above, the
    proposal is granted, met with another figure, or the quota kept.
    """

    HAND_DOWN = "hand_down"
    ACCEPT = "accept"
    COUNTER = "counter"
    GRANT = "grant"
    KEEP = "keep"
    ADJUST = "adjust"


class Quota(Keyed, Base):
    """One figure that a document assigns to one unit directly below, in the indicator's measure."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("document_id", "unit_id", "indicator_id", "phase_id"),
        CheckConstraint("value >= 0", name="not_negative"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"))
    value: Mapped[int] = mapped_column(BigInteger)

    document: Mapped[Document] = relationship()
    unit: Mapped[Unit] = relationship()
    indicator: Mapped[Indicator] = relationship()
    phase: Mapped[Phase] = relationship()


class Allotment(Base):
    """A target that a document split among the units below, and by when they answer."""

    __tablename__ = "allotment"
    __table_args__ = (one_of("rule", SplitRule), CheckConstraint("total >= 0", name="not_negative"))

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    phase_id: Mapped[int] = mapped_column(ForeignKey("phase.id"), primary_key=True)
    rule: Mapped[SplitRule] = mapped_column(Word(SplitRule))
    total: Mapped[int] = mapped_column(BigInteger)
    reply_by: Mapped[date | None]
    handed_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class QuotaMove(Keyed, NamedPerson, NamedUnit, Base):
    """A line of the ledger of a quota; rows are added, never changed. The last one says where the
    talk stands. `value` is the figure that the move speaks for. `seq` numbers them within the
    quota: of two who move at once the unique key keeps one.
    """

    __tablename__ = "quota_move"
    __table_args__ = (
        one_of("move", Move),
        UniqueConstraint("quota_id", "seq"),
        CheckConstraint("value >= 0", name="not_negative"),
    )

    quota_id: Mapped[int] = mapped_column(ForeignKey("quota.id"))
    seq: Mapped[int]
    move: Mapped[Move] = mapped_column(Word(Move))
    value: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    quota: Mapped[Quota] = relationship()
