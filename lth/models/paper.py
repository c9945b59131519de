"""Official papers: what a unit signs, numbers and sends, the register of them, and their files.

A document walks the workflow; a paper is made from one of its revisions. A row is written when the
paper is first handed over, still without a number, or when it gets its number; a unit also enters
papers that no document here is behind, so that its register has no hole.
"""

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.core.urgency import Urgency
from lth.models.attachment import FINGERPRINT, OF_A_FILE
from lth.models.base import SEARCH_KEY, Base, Keyed, Word, kept_search_key, one_of
from lth.models.document import Document, Revision
from lth.models.frozen import NAME, NamedPerson
from lth.models.unit import Unit

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""The letters of a public code: none that is read as another."""

CODE_LENGTH = 10
"""Fifty bits: nobody comes upon a paper by trying."""


def new_code() -> str:
    """Draw a public code by lot."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _found_by(context: Any) -> str:
    return kept_search_key(context.get_current_parameters()["subject"])


class PaperLink(StrEnum):
    """What a paper does to the one that it follows (Nghị định 30/2020/NĐ-CP, Điều 18): content is
    replaced (thay thế), form is corrected (đính chính), the whole is revoked (thu hồi).
    """

    REPLACES = "replaces"
    CORRECTS = "corrects"
    REVOKES = "revokes"


class OfficialPaper(Keyed, Base):
    """A paper of a unit; in its register (sổ văn bản đi) once it has a number.

    `letters` abbreviates its kind ("KH"; empty for a công văn), `symbol` is what stands after the
    stroke ("KH-UBND"), `number` what stands before it, `written` both as on the paper. `signer` is
    the block of who signs, line by line, the name last.
    `code` is the public one, by which anybody may ask whether a paper is as it was issued.
    `handed_over_at` and `signed_at` are when its last package and its last signed copy came,
    `signed_differs` whether the words of that copy are others than were issued;
    `struck_at`: when its number, entered by hand by mistake, was struck out (hủy số), and why; the
    number stays used. `urgency` is the stamp that it was last handed over with.
    """

    __tablename__ = "official_paper"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "symbol", "number"),
        UniqueConstraint("revision_id"),
        one_of("link", PaperLink),
        one_of("urgency", Urgency),
        CheckConstraint(
            "(registered_at IS NULL) = (number IS NULL) AND (number IS NULL) = (symbol IS NULL)"
            " AND (number IS NULL) = (year IS NULL) AND (number IS NULL) = (issued_on IS NULL)"
            " AND (number IS NULL) = (written IS NULL)",
            name="registered_is_numbered",
        ),
        CheckConstraint("(follows_id IS NULL) = (link IS NULL)", name="follows_somehow"),
        CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL)"
            " AND (struck_at IS NULL) = (struck_reason = '')"
            " AND (struck_at IS NULL OR document_id IS NULL)",
            name="struck_by_hand",
        ),
        CheckConstraint("revision_id IS NULL OR document_id IS NOT NULL", name="of_document"),
        Index(None, "unit_id", "issued_on"),
        Index(None, "document_id"),
        Index(None, "follows_id"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True, default=new_code)
    letters: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(500))
    search_key: Mapped[str] = mapped_column(SEARCH_KEY, default=_found_by)
    created_at: Mapped[datetime]
    number: Mapped[int | None]
    symbol: Mapped[str | None] = mapped_column(String(40))
    written: Mapped[str | None] = mapped_column(String(40))
    year: Mapped[int | None]
    issued_on: Mapped[date | None]
    signer: Mapped[str] = mapped_column(Text, default="")
    registered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_name: Mapped[str] = mapped_column(String(NAME), default="")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("official_paper.id"))
    link: Mapped[PaperLink | None] = mapped_column(Word(PaperLink))
    handed_over_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_differs: Mapped[bool] = mapped_column(default=False)
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    struck_by_name: Mapped[str] = mapped_column(String(NAME), default="")
    struck_reason: Mapped[str] = mapped_column(String(500), default="")
    urgency: Mapped[Urgency] = mapped_column(Word(Urgency), default=Urgency.NORMAL)

    unit: Mapped[Unit] = relationship()
    document: Mapped[Document | None] = relationship()
    revision: Mapped[Revision | None] = relationship(back_populates="paper")
    follows: Mapped["OfficialPaper | None"] = relationship(remote_side="OfficialPaper.id")


class HandOver(Keyed, NamedPerson, Base):
    """A package (gói bàn giao) made of a paper, for the office's document system.

    `has_number`: whether the paper had its number in it. `fields` are what is to be copied, label
    and value; `receivers` whom its edXML package is for, name and code ("" for none); `lacking`
    what that would still need, as messages; empty where there is one.
    """

    __tablename__ = "hand_over"
    __table_args__ = (Index(None, "paper_id"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("official_paper.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    has_number: Mapped[bool]
    package_sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    pdf_sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    word_sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    size: Mapped[int]
    pages: Mapped[int]
    fields: Mapped[list[Any]] = mapped_column(JSON, default=list)
    receivers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    lacking: Mapped[list[Any]] = mapped_column(JSON, default=list)

    paper: Mapped[OfficialPaper] = relationship()


class SignedCopy(Keyed, NamedPerson, Base):
    """A signed PDF as it came back, under its fingerprint; the last one counts, all stay.

    `report` says what was found when it came in: how its text compares, and its signatures.
    """

    __tablename__ = "signed_copy"
    __table_args__ = (Index(None, "paper_id"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("official_paper.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(NAME))
    sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    size: Mapped[int]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    paper: Mapped[OfficialPaper] = relationship()


def searchable(subject: str) -> str:
    """Return the key that a paper is found by, as long as its column."""
    return kept_search_key(subject)
