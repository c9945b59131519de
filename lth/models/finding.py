"""Findings of the plan checks on a revision, and what its drafters answered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.frozen import NamedPerson


class Severity(StrEnum):
    """An error blocks sending upward, a warning wants an explanation, an info is only shown."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Stage(StrEnum):
    """From when on a check applies; a later stage includes the earlier ones."""

    DRAFT = "draft"
    SUBMIT = "submit"
    ISSUE = "issue"


class KeptFinding(Keyed, Base):
    """A finding as it stood when the revision was sent, kept whatever the checks say later.

    `place` is the key of the line or part it is about, empty for the whole; `said` and `remedy`
    are messages as `lth.core.i18n.pack` keeps them, to be said in either language.
    """

    __tablename__ = "finding"
    __table_args__ = (one_of("severity", Severity), Index(None, "revision_id"))

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    code: Mapped[str] = mapped_column(String(8))
    severity: Mapped[Severity] = mapped_column(Word(Severity))
    place: Mapped[str] = mapped_column(String(80), default="")
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    remedy: Mapped[dict[str, Any]] = mapped_column(JSON)
    found_at: Mapped[datetime]


class Explanation(Keyed, NamedPerson, Base):
    """Why a warning stands: typed by a drafter, it travels upward with the document.

    `said` is what the warning said at that place when it was explained: once it says something
    else, it wants another answer.
    """

    __tablename__ = "explanation"
    __table_args__ = (UniqueConstraint("revision_id", "code", "place"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    code: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(80), default="")
    said: Mapped[list[Any]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]


class CheckSwitch(NamedPerson, Base):
    """A check that a unit has switched off for itself, with its reason; never an error."""

    __tablename__ = "check_switch"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    switched_at: Mapped[datetime]


class UnlockedLine(NamedPerson, Base):
    """A line that may be changed in a revision opened by a return; none means all may.

    The reviewer unlocks a line by a remark pinned to it; the drafter one more by a reason, which
    the reviewer reads.
    """

    __tablename__ = "unlocked_line"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    line_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unlocked_at: Mapped[datetime]
