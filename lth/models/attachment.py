"""Files that people put beside a document, a remark or a request for time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed
from lth.models.frozen import NAME, NamedDoer

FILE_NAME = 240
FINGERPRINT = String(64)
"""How the SHA-256 of a file that is kept is held; a column of this length may name such a file
(`lth.exchange.files.sweeping`)."""
OF_A_FILE = {"of_a_file": True}
"""The `info` of a column that names nothing else: without the file a backup is not whole."""


class Attachment(Keyed, NamedDoer, Base):
    """Tệp đính kèm: of a document, or of a remark on it, or of a request (an event) for more time.

    One of the document is of its revisions from `from_number` on, up to but not with
    `removed_number`: what was sent with a revision stays with it. Of who put it there, the unit and
    the names are those of that moment; it is never changed, and removed once. What hangs on a
    remark goes with it where that is taken back unpublished.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("remark_id IS NULL OR event_id IS NULL", name="one_place"),
        CheckConstraint("size > 0", name="has_content"),
        CheckConstraint("(removed_at IS NULL) = (removed_number IS NULL)", name="removed_at_once"),
        Index(None, "document_id"),
        Index(None, "remark_id"),
        Index(None, "sha256"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    remark_id: Mapped[int | None] = mapped_column(ForeignKey("remark.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    from_number: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(FILE_NAME))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    note: Mapped[str] = mapped_column(String(NAME), default="")
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_number: Mapped[int | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_by_name: Mapped[str] = mapped_column(String(NAME), default="")
