"""Workbooks of plans on their way in: read and being looked over, before anything is written."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base, Keyed


class WorkbookUpload(Keyed, Base):
    """A file for a unit's plan, as its uploader is looking it over.

    Nobody else sees it, and it goes at `expires_at`; one that the unit above sent, as `offered_by`
    says, all drafters of the unit see. `book` are its cells, `seal` what it was
    exported from (or, for a sheet of the unit's own, the plan as it was at the upload), `known`
    whether that may be trusted; `choices` what was answered about it: the old encoding, columns.
    `version` counts changes.
    """

    __tablename__ = "workbook_upload"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(default=1)
    own_sheet: Mapped[bool] = mapped_column(default=False)
    known: Mapped[bool] = mapped_column(default=True)
    offered_by: Mapped[str] = mapped_column(String(160), default="")
    book: Mapped[dict[str, Any]] = mapped_column(JSON)
    seal: Mapped[dict[str, Any]] = mapped_column(JSON)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SheetMatch(Keyed, Base):
    """How a unit's own sheet with certain headings is read: its columns, and its rows by name.

    Remembered from the last time that somebody of the unit confirmed it.
    """

    __tablename__ = "sheet_match"
    __table_args__ = (UniqueConstraint("unit_id", "fingerprint"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[dict[str, Any]] = mapped_column(JSON)
