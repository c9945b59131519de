"""A leader's decision that lets another person sign."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.document import SignForm
from lth.models.person import Person
from lth.models.programme import Programme
from lth.models.unit import Unit


class Subject(StrEnum):
    """Phạm vi ký thay: the unit's own documents, those that come from below, or both."""

    ALL = "all"
    OWN = "own"
    BELOW = "below"


DELEGATED_FORMS = (SignForm.KT, SignForm.TL, SignForm.TUQ, SignForm.Q)
"""Ký thay, thừa lệnh, thừa ủy quyền, quyền (Nghị định 30/2020/NĐ-CP, Điều 13)."""


class Delegation(Keyed, Base):
    """Quyết định giao người khác ký: who for whom, in which form, of what, from when to when.

    `starts_on` and `ends_on` both belong to it. What is decided is never rewritten; it can be ended
    early, from `ended_at` on. What its receiver may do hangs on a role assignment that names it.
    `passed_on_from_id` is the decision under which the giver holds the power, where it is not
    their own.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        one_of("form", SignForm),
        one_of("subject", Subject),
        CheckConstraint("ends_on >= starts_on", name="forward"),
        CheckConstraint("giver_id <> receiver_id", name="between_two"),
        CheckConstraint("form IN ('KT', 'TL', 'TUQ', 'Q')", name="form_delegated"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="end_has_person"),
        Index(None, "unit_id", "ends_on"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    form: Mapped[SignForm] = mapped_column(Word(SignForm))
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[str] = mapped_column(String(40))
    decided_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    passed_on_from_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    giver: Mapped[Person] = relationship(foreign_keys=[giver_id])
    receiver: Mapped[Person] = relationship(foreign_keys=[receiver_id])
    programme: Mapped[Programme | None] = relationship()
    passed_on_from: Mapped["Delegation | None"] = relationship(remote_side="Delegation.id")

    def in_force(self, on: date) -> bool:
        """Tell whether it holds on a day: within its dates, and not ended."""
        return self.ended_at is None and self.starts_on <= on <= self.ends_on
