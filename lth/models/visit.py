"""Visits to clubs: planned, done, what was found at each club, and what became of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.club import Club
from lth.models.frozen import NAME, NamedDoer
from lth.models.unit import Unit


class Visit(Keyed, NamedDoer, Base):
    """A visit that a unit plans to clubs below it, or has made.

    `visitors` says who goes, by role or office. A visit that will not be made is called off, with
    the reason. `version` counts changes.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("done_on IS NULL OR called_off_at IS NULL", name="done_or_called_off"),
        UniqueConstraint("id", "unit_id"),
        Index(None, "unit_id", "planned_on"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    planned_on: Mapped[date]
    visitors: Mapped[str] = mapped_column(String(NAME))
    purpose: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date | None]
    called_off_at: Mapped[datetime | None]
    called_off_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship(lazy="raise")


class VisitedClub(Keyed, Base):
    """A club that a visit goes to; `note` is what was seen there on the whole.

    `unit_id` is the visit's own.
    """

    __tablename__ = "visited_club"
    __table_args__ = (
        UniqueConstraint("visit_id", "club_id"),
        ForeignKeyConstraint(["visit_id", "unit_id"], ["visit.id", "visit.unit_id"]),
        Index(None, "club_id"),
    )

    visit_id: Mapped[int]
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    visit: Mapped[Visit] = relationship(lazy="raise")
    club: Mapped[Club] = relationship(lazy="raise", foreign_keys=[club_id])


class Mender(StrEnum):
    """Whose a finding is to mend: the club's board, its commune, or the unit that visited."""

    CLUB = "club"
    COMMUNE = "commune"
    VISITOR = "visitor"


class FindingStage(StrEnum):
    """What was found is still to be mended, is said to be mended, or was looked at and is done."""

    OPEN = "open"
    MENDED = "mended"
    CLOSED = "closed"


class VisitFinding(Keyed, NamedDoer, Base):
    """What a visit found at a club: whose it is to mend, and by when.

    `unit_id` is the unit that visited. `version` is the number of its last move.
    """

    __tablename__ = "visit_finding"
    __table_args__ = (
        one_of("mender", Mender),
        one_of("stage", FindingStage),
        ForeignKeyConstraint(
            ["visit_id", "club_id"], ["visited_club.visit_id", "visited_club.club_id"]
        ),
        Index(None, "club_id"),
        Index(None, "unit_id", "stage", "due_on"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    text: Mapped[str] = mapped_column(Text)
    mender: Mapped[Mender] = mapped_column(Word(Mender))
    due_on: Mapped[date]
    stage: Mapped[FindingStage] = mapped_column(Word(FindingStage), default=FindingStage.OPEN)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    visit: Mapped[Visit] = relationship(lazy="raise")
    club: Mapped[Club] = relationship(lazy="raise", foreign_keys=[club_id])


class FindingStep(StrEnum):
    """MEND: it is said what was done; CLOSE: the visiting unit is content; REOPEN: it is not."""

    MEND = "mend"
    CLOSE = "close"
    REOPEN = "reopen"


class FindingMove(Keyed, NamedDoer, Base):
    """One step after a finding, with the day on which something was done; only added.

    `due_on` is by when it is to be mended from then on.
    """

    __tablename__ = "finding_move"
    __table_args__ = (one_of("step", FindingStep), UniqueConstraint("finding_id", "seq"))

    finding_id: Mapped[int] = mapped_column(ForeignKey("visit_finding.id"))
    seq: Mapped[int]
    step: Mapped[FindingStep] = mapped_column(Word(FindingStep))
    text: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date]
    due_on: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
