"""Answers of the level above to a revision: opinions and pinned remarks."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.frozen import NAME, NamedPerson


class Aspect(StrEnum):
    """Nội dung, kinh phí, thể thức."""

    CONTENT = "content"
    FINANCE = "finance"
    FORMAT = "format"


class Verdict(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"


class Opinion(Keyed, NamedPerson, Base):
    """Ý kiến thẩm định of one person on one revision; a negative one has its reason."""

    __tablename__ = "opinion"
    __table_args__ = (
        UniqueConstraint("revision_id", "person_id"),
        one_of("aspect", Aspect),
        one_of("verdict", Verdict),
        CheckConstraint("verdict <> 'disagree' OR text <> ''", name="no_needs_reason"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    aspect: Mapped[Aspect] = mapped_column(Word(Aspect))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    text: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


CHANGED = "Đã sửa."
"""The answer of whoever changed an item and wrote nothing more: an answer has a text."""


class AnswerKind(StrEnum):
    """A way to answer a remark: the item was changed, or explained and left as it is."""

    CHANGED = "changed"
    EXPLAINED = "explained"


class Remark(Keyed, NamedPerson, Base):
    """Nhận xét pinned to an item of a revision (or to the whole, `line_key` empty).

    Private to the reviewing unit until a return publishes it; then the unit answers each. An
    answer of no kind is from before there were kinds, and explains.
    """

    __tablename__ = "remark"
    __table_args__ = (
        CheckConstraint("answer <> '' OR answered_at IS NULL", name="answer_has_text"),
        one_of("answered_as", AnswerKind),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    line_key: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_as: Mapped[AnswerKind | None] = mapped_column(Word(AnswerKind))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_by_name: Mapped[str] = mapped_column(String(NAME), default="")
    answered_at: Mapped[datetime | None]

    @property
    def version(self) -> str:
        """The version of its wording, by which a page that shows another is known."""
        return sha256(self.text.encode()).hexdigest()[:16]

    @property
    def note(self) -> str:
        """The words of the answer beside its kind."""
        bare = self.answered_as is AnswerKind.CHANGED and self.answer == CHANGED
        return "" if bare else self.answer
