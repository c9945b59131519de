"""Documents: their roads, numbered revisions, trails, and what a synthesis takes over."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import TREE_PATH, Base, Keyed, Word, one_of
from lth.models.finding import UnlockedLine
from lth.models.frozen import NAME
from lth.models.kind import Kind, KindKey
from lth.models.person import Role
from lth.models.programme import Period, Programme
from lth.models.trail import Chained
from lth.models.unit import Unit

if TYPE_CHECKING:
    from lth.models.paper import OfficialPaper


class Status(StrEnum):
    """The eight states of a document; the workflow table says how it moves between them."""

    DRAFT = "draft"
    CLEARANCE = "clearance"
    SUBMITTED = "submitted"
    REVIEW = "review"
    RETURNED = "returned"
    APPROVED = "approved"
    ISSUED = "issued"
    REVOKED = "revoked"


class Mode(StrEnum):
    """The receiving unit's part: it approves or acknowledges; FINAL where nobody is above."""

    APPROVE = "approve"
    ACKNOWLEDGE = "acknowledge"
    FINAL = "final"


class ExtensionAnswer(StrEnum):
    """The next step's answer to a unit that asked for more time."""

    GRANTED = "granted"
    REFUSED = "refused"


class SignForm(StrEnum):
    """Hình thức ký (Nghị định 30/2020/NĐ-CP, Điều 13)."""

    TM = "TM"
    KT = "KT"
    TM_KT = "TM_KT"
    TL = "TL"
    TUQ = "TUQ"
    Q = "Q"
    HEAD = "HEAD"


class Document(Keyed, Base):
    """One document of a unit, programme, period and kind on its way up its road.

    `subperiod` names the part of the period that it is of, where its kind has several in a period.

    The numbers point at revisions of this plan: `head_number` the newest; `sent_number` the
    last one submitted and not recalled, which the level above reads; `released_number` the one
    the next step has approved or acknowledged, which a synthesis counts; `in_force_number` the
    issued one, which everyone goes on reading while an amendment is under way.

    `asked_until` is the day the unit last asked to have its time extended to, `asked_answer` what
    the next step said to that (empty while it has not), `extended_until` the last day it granted.
    """

    __tablename__ = "document"
    __table_args__ = (
        one_of("status", Status),
        one_of("mode", Mode),
        CheckConstraint(
            "status NOT IN ('submitted', 'review') OR sent_number IS NOT NULL",
            name="sent_has_revision",
        ),
        CheckConstraint(
            "status <> 'approved' OR released_number IS NOT NULL", name="approved_has_revision"
        ),
        CheckConstraint(
            "status <> 'issued' OR in_force_number IS NOT NULL", name="issued_has_revision"
        ),
        CheckConstraint("(next_unit_id IS NULL) = (mode = 'final')", name="final_has_no_next"),
        one_of("asked_answer", ExtensionAnswer),
        Index(
            "uq_document_live",
            "unit_id",
            "period_id",
            "kind",
            "subperiod",
            unique=True,
            sqlite_where=text("status <> 'revoked'"),
            postgresql_where=text("status <> 'revoked'"),
        ),
        Index(None, "next_unit_id", "period_id", "status"),
        Index(None, "unit_id", "period_id"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH, index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    kind: Mapped[Kind] = mapped_column(KindKey())
    subperiod: Mapped[str] = mapped_column(String(24), default="")
    status: Mapped[Status] = mapped_column(Word(Status), default=Status.DRAFT)
    status_since: Mapped[datetime]
    lock_version: Mapped[int] = mapped_column(default=1)
    mode: Mapped[Mode] = mapped_column(Word(Mode))
    next_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    feeds_synthesis: Mapped[bool] = mapped_column(default=True)
    head_number: Mapped[int] = mapped_column(default=1)
    sent_number: Mapped[int | None]
    released_number: Mapped[int | None]
    in_force_number: Mapped[int | None]
    cleared_from: Mapped[Status | None] = mapped_column(Word(Status))
    asked_until: Mapped[date | None]
    asked_answer: Mapped[ExtensionAnswer | None] = mapped_column(Word(ExtensionAnswer))
    extended_until: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    # Each act counts lock_version up by hand, and its UPDATE asks for the version it read.
    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy's own protocol
        "version_id_col": lock_version,
        "version_id_generator": False,
    }

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    next_unit: Mapped[Unit | None] = relationship(foreign_keys=[next_unit_id])
    programme: Mapped[Programme] = relationship()
    period: Mapped[Period] = relationship()
    steps: Mapped[list["DocumentStep"]] = relationship(order_by="DocumentStep.ordinal")


class DocumentStep(Base):
    """A step of the road, fixed at creation; ordinal 0 is the document's own unit.

    `mode` is how this step receives from the one before it.
    """

    __tablename__ = "document_step"
    __table_args__ = (one_of("mode", Mode), Index(None, "unit_id"))

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    mode: Mapped[Mode] = mapped_column(Word(Mode))

    unit: Mapped[Unit] = relationship()


class Revision(Keyed, Base):
    """A numbered state of a document's content; immutable once frozen (submitted or issued).

    Carries its document's unit, path and next unit, so that scope can be judged on the row alone.
    `edit_count` numbers the saves, also over a line that was deleted and written anew, so that a
    line's `version` never comes back; `edited_at` is the last save or answer to a remark.
    `days_late`: how many working days after the day then in force it was sent; empty where in time.
    `absence_reason` is why a synthesis goes up without some of the units below it: it is frozen
    with the revision and read at every level above.
    `signature` is the block that whoever issued it signs with, in words, where it was signed under
    a delegation: quyền hạn and chức vụ line by line, for whom, by which decision.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        one_of("sign_form", SignForm),
        CheckConstraint("(frozen_at IS NULL) = (sha256 IS NULL)", name="frozen_is_hashed"),
        CheckConstraint("submitted_at IS NULL OR frozen_at IS NOT NULL", name="sent_is_frozen"),
        CheckConstraint(
            "issued_at IS NULL OR (frozen_at IS NOT NULL AND document_number IS NOT NULL"
            " AND issued_on IS NOT NULL AND sign_form IS NOT NULL)",
            name="issued_is_signed",
        ),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH, index=True)
    next_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    based_on_number: Mapped[int | None]
    created_at: Mapped[datetime]
    edit_count: Mapped[int] = mapped_column(default=0)
    edited_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    submitted_at: Mapped[datetime | None]
    days_late: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    taken_over_at: Mapped[datetime | None]
    absence_reason: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime | None]
    document_number: Mapped[str | None] = mapped_column(String(40))
    issued_on: Mapped[date | None]
    sign_form: Mapped[SignForm | None] = mapped_column(Word(SignForm))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signature: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    document: Mapped[Document] = relationship()
    paper: Mapped["OfficialPaper | None"] = relationship(back_populates="revision")
    unlocked: Mapped[list[UnlockedLine]] = relationship(
        viewonly=True, order_by="UnlockedLine.line_key"
    )


class RevisionEditor(Base):
    """An editor of a revision, even where somebody else has since written over it.

    Separation of duties asks this: nobody clears, appraises or approves what they edited.
    """

    __tablename__ = "revision_editor"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Event(Keyed, Chained, Base):
    """One act on a document, numbered within it; never changed, never deleted.

    `private` events stay within the unit that acted: start, clearance and decline in the document's
    own, an opinion in the appraising one, which publishes opinions when it returns or approves.
    Who did it, in which position, unit and office, stands here in the words of that moment.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("document_id", "seq"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    seq: Mapped[int]
    action: Mapped[str] = mapped_column(String(24))
    from_status: Mapped[Status | None] = mapped_column(Word(Status))
    to_status: Mapped[Status] = mapped_column(Word(Status))
    revision_number: Mapped[int]
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    office_name: Mapped[str] = mapped_column(String(NAME), default="")
    private: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    document: Mapped[Document] = relationship()


class Receipt(Base):
    """One taking-part unit's line in a synthesis revision; no plan means it is missing."""

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint(
            "(document_id IS NULL) = (number IS NULL) AND (document_id IS NULL) = (sha256 IS NULL)",
            name="all_or_missing",
        ),
        Index(None, "document_id"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))

    unit: Mapped[Unit] = relationship()
