"""Files of every kind at a unit, with the rows that name them: the demo begins without any.

What is in them stands in their rows as well, so that a file that gets out is known by its words.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from support.files import PDF

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.exchange.files.store import FileStore
from lth.exchange.grids import cells
from lth.exchange.grids.books import of_text
from lth.exchange.workbook import sealing
from lth.exchange.workbook.sealing import WorkbookSeal
from lth.models import (
    AgencyCode,
    Attachment,
    Club,
    ClubList,
    ClubMove,
    Document,
    ExchangePacket,
    HandOver,
    LongJob,
    OfficialPaper,
    PaperTemplate,
    Programme,
    Remark,
    ReportRegime,
    Revision,
    RoleAssignment,
    SignedCopy,
    Unit,
    WorkbookUpload,
)
from lth.models.agency_code import CodeScheme
from lth.models.club import ClubAct
from lth.models.long_job import LongJobState
from lth.models.packet import PacketKind
from lth.models.paper_template import PaperLayout
from lth.models.parts import Frequency


def put_at(session: Session, store: FileStore, unit: Unit) -> None:
    """Put a file of each kind at a unit, and commit."""
    with system(session, Purpose.LOAD):
        session.add(_regime(unit, session.scalars(select(Programme.id)).first()))
        person_id = session.scalar(
            select(RoleAssignment.person_id).where(RoleAssignment.unit_id == unit.id).limit(1)
        )
        if person_id is not None:
            session.add_all(_of_unit(store, unit, person_id))
            club, upload, found = _of_register(unit, person_id)
            session.add_all((club, upload))
            session.flush()
            session.add(ClubMove(club_id=club.id, **found))
            for document in session.scalars(select(Document).where(Document.unit_id == unit.id)):
                session.add_all(_beside(session, store, document, person_id))
            of_unit = select(OfficialPaper).where(OfficialPaper.unit_id == unit.id)
            for paper in session.scalars(of_unit):
                session.add_all(_of_paper(store, paper, unit, person_id))
        session.flush()
        session.commit()


def _kept(store: FileStore, words: str) -> dict[str, object]:
    data = PDF + words.encode()
    return {"sha256": store.put(data), "size": len(data)}


def _regime(unit: Unit, programme_id: int | None) -> ReportRegime:
    """A regime that those on the unit's own line of the tree may read, and nobody else."""
    return ReportRegime(
        unit_id=unit.id,
        programme_id=programme_id,
        name=f"Chế độ báo cáo riêng của {unit.full_name}",
        frequency=Frequency.QUARTERLY,
        content=f"Nội dung chỉ cấp dưới của {unit.full_name} đọc",
        created_at=clock.now(),
    )


def _of_unit(store: FileStore, unit: Unit, person_id: int) -> list[object]:
    now, name = clock.now(), unit.full_name
    job = f"Việc nền chưa ai được biết của {name}"
    packet = f"Gói tin gửi riêng cho {name}"
    template = f"Mẫu văn bản chỉ của {name}.docx"
    until = {"created_at": now, "expires_at": now + timedelta(days=7)}
    return [
        LongJob(
            kind="pack_out",
            person_id=person_id,
            unit_id=unit.id,
            state=LongJobState.DONE,
            finished_at=now,
            answer={"written": 1, "missing": []},
            result_name=f"{job}.zip",
            result_digest=_kept(store, job)["sha256"],
            **until,
        ),
        ExchangePacket(
            unit_id=unit.id,
            kind=PacketKind.NEW,
            at=now,
            person_id=person_id,
            person_name="Người nhận",
            file_name="goi.edxml",
            subject=packet,
            facts={"files": [], "notes": []},
            **_kept(store, packet),
        ),
        AgencyCode(
            unit_id=unit.id,
            name=f"Nơi nhận kín của {name}",
            scheme=CodeScheme.QD20,
            code=f"H61.{unit.id}",
            valid_from=clock.today(),
            created_at=now,
        ),
        PaperTemplate(
            unit_id=unit.id,
            person_id=person_id,
            layout=PaperLayout.LETTER,
            sha256=_kept(store, template)["sha256"],
            file_name=template,
            uploaded_at=now,
        ),
    ]


def _of_register(unit: Unit, person_id: int) -> tuple[Club, ClubList, dict[str, Any]]:
    """Make a club with a history, and a list of clubs that its sender alone looks over."""
    now, day = clock.now(), clock.today()
    words = f"Câu lạc bộ chỉ {unit.full_name} thấy"
    place = {"unit_id": unit.id, "unit_path": unit.path}
    club = Club(name=words, note=f"{words}, ghi chú", number=900, founded_on=day, **place)
    club.created_at = now
    found = {"act": ClubAct.FOUND, "moved_on": day, "at": now, "reason": f"{words}, lý do"}
    upload = ClubList(
        unit_id=unit.id,
        created_by_id=person_id,
        created_at=now,
        expires_at=now + timedelta(days=7),
        file_name=f"{words}.xlsx",
        lines=[{"number": 2, "cells": {"name": f"{words} trong tệp"}}],
    )
    return club, upload, found | place | {"person_id": person_id}


def _beside(session: Session, store: FileStore, document: Document, person_id: int) -> list[object]:
    now = clock.now()
    of = {"document_id": document.id, "unit_id": document.unit_id}
    remarks = session.scalars(
        select(Remark.id).join(Revision).where(Revision.document_id == document.id).limit(2)
    )
    attachments = []
    for remark_id in (None, *remarks):
        words = f"Tệp kín kèm văn bản {document.id}, nhận xét {remark_id}"
        attachments.append(
            Attachment(
                from_number=document.head_number,
                remark_id=remark_id,
                person_id=person_id,
                name=f"{words}.pdf",
                media_type="application/pdf",
                note=words,
                added_at=now,
                **_kept(store, words),
                **of,
            )
        )
    upload = WorkbookUpload(
        created_by_id=person_id,
        created_at=now,
        expires_at=now + timedelta(days=7),
        file_name=f"Bảng chưa ai xem của văn bản {document.id}.xlsx",
        own_sheet=True,
        book=cells.packed(of_text("Chỉ tiêu;Số lượng\nSố câu lạc bộ;3\n")),
        seal=sealing.packed(WorkbookSeal(document.id)),
        **of,
    )
    return [*attachments, upload]


def _of_paper(store: FileStore, paper: OfficialPaper, unit: Unit, person_id: int) -> list[object]:
    by = {"paper_id": paper.id, "unit_id": unit.id, "person_id": person_id, "at": clock.now()}
    by |= {"person_name": "Người bàn giao"}
    words = f"Bản đã ký chỉ {unit.full_name} giữ, văn bản {paper.id}"
    package = f"Gói bàn giao chỉ của {unit.full_name}, văn bản {paper.id}"
    kept = _kept(store, package)
    prints = dict.fromkeys(("package_sha256", "pdf_sha256", "word_sha256"), kept["sha256"])
    fields = [["Trích yếu", package]]
    return [
        HandOver(**by, **prints, has_number=True, size=kept["size"], pages=1, fields=fields),
        SignedCopy(**by, file_name=f"{words}.pdf", **_kept(store, words)),
    ]
