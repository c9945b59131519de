"""The monthly book of a club: its figures of one month, and what was corrected in them."""

from datetime import date, datetime
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
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import TREE_PATH, Base, Keyed
from lth.models.frozen import NAME


class ClubBook(Keyed, Base):
    """Sổ tháng of a club. A figure that is NULL was not given; 0 was.

    `month` is its first day. Money in đồng; balances and loans outstanding are those at the end of
    the month, members those on its last day, everything else what happened in it. `areas` are the
    codes of the areas that the club was active in. Who keyed it is named as then: the club's board,
    or a person of the commune (`person_id`). `version` counts the saves; `sent_at` is when it was
    first handed in as complete. No figure is of a named person.
    """

    __tablename__ = "club_book"
    __table_args__ = (
        UniqueConstraint("club_id", "month"),
        Index("ix_club_book_place", "unit_path", "month", "version"),
        CheckConstraint("older IS NULL OR older >= 0", name="older_not_negative"),
    )

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH)
    month: Mapped[date]

    meetings: Mapped[int | None]
    attended: Mapped[int | None]
    members: Mapped[int | None]
    women: Mapped[int | None]
    older: Mapped[int | None]
    older_women: Mapped[int | None]
    young: Mapped[int | None]
    poor: Mapped[int | None]
    ethnic: Mapped[int | None]
    joined: Mapped[int | None]
    left: Mapped[int | None]

    income_in: Mapped[int | None] = mapped_column(BigInteger)
    income_out: Mapped[int | None] = mapped_column(BigInteger)
    income_balance: Mapped[int | None] = mapped_column(BigInteger)
    operating_in: Mapped[int | None] = mapped_column(BigInteger)
    operating_out: Mapped[int | None] = mapped_column(BigInteger)
    operating_balance: Mapped[int | None] = mapped_column(BigInteger)
    loans_given: Mapped[int | None]
    borrowers: Mapped[int | None]
    lent: Mapped[int | None] = mapped_column(BigInteger)
    repaid: Mapped[int | None] = mapped_column(BigInteger)
    outstanding: Mapped[int | None] = mapped_column(BigInteger)
    overdue: Mapped[int | None] = mapped_column(BigInteger)
    interest: Mapped[int | None] = mapped_column(BigInteger)

    exercise: Mapped[int | None]
    health_checks: Mapped[int | None]
    volunteers: Mapped[int | None]
    homecare_persons: Mapped[int | None]
    homecare_visits: Mapped[int | None]
    helped: Mapped[int | None]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    difficulties: Mapped[str] = mapped_column(Text, default="")

    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_by: Mapped[str] = mapped_column(String(NAME), default="")


class ClubBookChange(Keyed, Base):
    """A correction of a book that had been sent: what each figure was and is, who, and why.

    Rows are only added. `data` is ``{"members": [68, 67]}``.
    """

    __tablename__ = "club_book_change"
    __table_args__ = (Index(None, "book_id"),)

    book_id: Mapped[int] = mapped_column(ForeignKey("club_book.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_by: Mapped[str] = mapped_column(String(NAME), default="")
