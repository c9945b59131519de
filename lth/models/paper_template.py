"""Templates of papers that a unit has changed; the file itself is kept by what is in it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.attachment import FINGERPRINT, OF_A_FILE
from lth.models.base import Base, Keyed, Word, one_of
from lth.models.frozen import NamedDoer


class PaperLayout(StrEnum):
    """How papers are set out: with the name of their kind (QĐ, KH, TTr, BC), or as a công văn."""

    NAMED = "named"
    LETTER = "letter"


class PaperTemplate(Keyed, NamedDoer, Base):
    """Mẫu văn bản của đơn vị: a Word file that the papers of a unit are written on.

    One of a layout is in use until it is retired, by another or by going back to the shipped one.
    What was in use stays told, so that it is known on what a paper was written.
    """

    __tablename__ = "paper_template"
    __table_args__ = (
        one_of("layout", PaperLayout),
        Index(
            "uq_paper_template_in_use",
            "unit_id",
            "layout",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    layout: Mapped[PaperLayout] = mapped_column(Word(PaperLayout))
    sha256: Mapped[str] = mapped_column(FINGERPRINT, info=OF_A_FILE)
    file_name: Mapped[str] = mapped_column(String(240))
    uploaded_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
