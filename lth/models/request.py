"""Kiến nghị: what a report asks of the level above, on its way up and the answer's way down."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import TREE_PATH, Base, Keyed, Word, one_of
from lth.models.document import Document
from lth.models.frozen import NAME, NamedDoer, NamedUnit
from lth.models.kind import Kind, KindKey
from lth.models.programme import Period, Programme
from lth.models.unit import Level, Unit


class RequestState(StrEnum):
    """Where a request stands.

    OPEN: it waits for an answer above; UNCLEAR: for words of the unit that asks; ANSWERED: for that
    unit to say that it is settled, or to ask once more. SETTLED and WITHDRAWN end it.
    """

    OPEN = "open"
    UNCLEAR = "unclear"
    ANSWERED = "answered"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class RequestStep(StrEnum):
    """A step of a request: raised, reworded or withdrawn with the report or by hand; passed up,
    sent back for clarity, made clear, answered; asked once more, or settled.
    """

    RAISE = "raise"
    REWORD = "reword"
    FORWARD = "forward"
    ASK_CLARITY = "ask_clarity"
    CLARIFY = "clarify"
    ANSWER = "answer"
    ASK_AGAIN = "ask_again"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


class ReportRequest(Keyed, NamedUnit, Base):
    """One request of a unit's report, as it was last sent, and who owes the next step.

    `line_key` is that of the report's line, so that a later revision goes on with the same request.
    `level` is whom it is addressed to; the unit directly above where it is empty. `held_by_id` is
    the unit above that has it in hand, the highest that it has reached, and `top_path` this unit's
    path: nobody further up sees it. `owed_by_id` owes the next step since `owed_since`. `version`
    is the number of its last move.
    """

    __tablename__ = "report_request"
    __table_args__ = (
        UniqueConstraint("document_id", "line_key"),
        one_of("state", RequestState),
        one_of("level", Level),
        CheckConstraint(
            "(state IN ('settled', 'withdrawn')) = (owed_by_id IS NULL)", name="open_is_owed"
        ),
        Index(None, "unit_path"),
        Index(None, "owed_by_id", "owed_since"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    kind: Mapped[Kind] = mapped_column(KindKey)
    line_key: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[Level | None] = mapped_column(Word(Level))
    state: Mapped[RequestState] = mapped_column(Word(RequestState), default=RequestState.OPEN)
    held_by_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    top_path: Mapped[str] = mapped_column(TREE_PATH)
    owed_by_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    owed_since: Mapped[datetime]
    asked_again: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    raised_at: Mapped[datetime]

    document: Mapped[Document] = relationship(lazy="raise")
    programme: Mapped[Programme] = relationship(lazy="raise")
    period: Mapped[Period] = relationship(lazy="raise")
    held_by: Mapped[Unit] = relationship(foreign_keys=[held_by_id], lazy="raise")
    owed_by: Mapped[Unit | None] = relationship(foreign_keys=[owed_by_id], lazy="raise")


class RequestMove(Keyed, NamedDoer, Base):
    """One step of a request: who did it, what they said, whose turn it became; only added.

    `unit_id` is where it was done, `to_unit_id` the unit that owes the next step from then on.
    `revision_number` is the report's revision that a step came with, which nobody did by hand.
    """

    __tablename__ = "request_move"
    __table_args__ = (one_of("step", RequestStep), UniqueConstraint("request_id", "seq"))

    request_id: Mapped[int] = mapped_column(ForeignKey("report_request.id"))
    seq: Mapped[int]
    step: Mapped[RequestStep] = mapped_column(Word(RequestStep))
    text: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    to_unit_name: Mapped[str] = mapped_column(String(NAME), default="")
    revision_number: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
