"""The workbooks of all units directly below, as one zip: out, and in again unit by unit.

Out goes what the unit above may see: what was sent up. What comes in writes into nobody's draft:
each workbook is held against what was sent, which the answer tells unit by unit, and is put before
the drafters of its unit, who decide cell by cell.
"""

import io
import zipfile
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, documents_seen, system
from lth.core.database import reading
from lth.core.errors import BlockedError, LthError, NotFoundError
from lth.core.i18n import N_, Message, pack
from lth.core.vietnamese import search_key
from lth.exchange.files.stores import store_at
from lth.exchange.grids.books import LARGEST_FILE, open_book
from lth.exchange.grids.cells import FileBook
from lth.exchange.workbook import contents, keeping, sealing, writing
from lth.exchange.workbook.contents import PlanState
from lth.exchange.workbook.items import MergeItem, MergeReport
from lth.exchange.workbook.merging import MergeState
from lth.models import Document, Period, Unit, WorkbookUpload
from lth.models.kind import Kind
from lth.notifications import job_mail
from lth.notifications.long_jobs import JobResult, JobWork, long_job
from lth.workflow.documents import LIVE

OUT, IN = "pack_out", "pack_in"
LABEL = {
    OUT: N_("Lấy bảng Excel của các đơn vị"),
    IN: N_("Nhận bảng Excel của các đơn vị"),
}
PAGE = "packs/{}"
MOST_BOOKS = 200
LARGEST_PACK = 15_000_000
_LARGEST_UNPACKED = 200_000_000
_MOST_TOLD = 30


def periods(session: Session, actor: Actor, scope: Scope) -> list[Period]:
    """List the periods for which units directly below have a plan, the newest first."""
    statement = (
        select(Period)
        .join(Document, Document.period_id == Period.id)
        .join(Unit, Unit.id == Document.unit_id)
        .where(Unit.parent_id == actor.unit_id, _has_parts(), documents_seen(scope))
        .order_by(Period.starts_on.desc(), Period.id)
    )
    return list(dict.fromkeys(session.scalars(statement)))


def _has_parts() -> ColumnElement[bool]:
    """Tell, in SQL, a document of a kind that goes out as a workbook."""
    return Document.kind.in_([kind for kind in Kind.all() if kind.parts])


def check_pack(data: bytes) -> None:
    """Raise BlockedError for what is no zip of workbooks, or one that unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _books(archive)
            total = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        text = N_("Tệp này không phải gói .zip, hoặc bị hỏng.")
        raise BlockedError(Message(text, field="file")) from None
    if not parts:
        raise BlockedError(Message(N_("Trong gói không có tệp .xlsx nào."), field="file"))
    if len(parts) > MOST_BOOKS or total > _LARGEST_UNPACKED:
        raise BlockedError(Message(N_("Gói giải nén ra quá lớn. Hãy chia nhỏ."), field="file"))


def _books(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [
        part
        for part in archive.infolist()
        if part.filename.lower().endswith(".xlsx") and "__MACOSX" not in part.filename
    ]


# --- Out ----------------------------------------------------------------------------------


@long_job(OUT, LABEL[OUT], PAGE)
def _write(work: JobWork) -> JobResult:
    """Write the workbook of each unit's plan of a period, as far as it was sent."""
    with reading(), work.step() as session:
        found = _documents(session, work.actor, int(work.request["period"]))
    kept, written, missing = io.BytesIO(), 0, []
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (document_id, unit) in enumerate(found, 1):
            made = _book(work, document_id)
            if made is None:
                missing.append(unit)
            else:
                archive.writestr(f"{at:02d}-{made[0]}.xlsx", made[1])
                written += 1
            work.tell(at, len(found))
    if not written:
        raise LthError(Message(N_("Chưa đơn vị nào trình kế hoạch của kỳ này.")))
    digest = store_at(work.settings.files).put(kept.getvalue())
    return JobResult({"written": written, "missing": missing}, digest, "bang-excel-cac-don-vi.zip")


def _book(work: JobWork, document_id: int) -> tuple[str, bytes] | None:
    """Return a plan's file name and workbook; None for one of which nothing was sent yet."""
    with reading(), work.step() as session:
        try:
            state = contents.seen(session, document_id, Scope.of(work.actor))
        except NotFoundError:
            return None
        return file_name(state), writing.write(state, work.settings.secret_key, work.now)


def file_name(state: PlanState) -> str:
    """Return the name of a plan's workbook: "ke-hoach-2021-xa-tap-son"."""
    words = f"ke hoach {state.document.period.code} {state.document.unit.full_name}"
    return "-".join(search_key(words).split())


def _documents(session: Session, actor: Actor, period_id: int) -> list[tuple[int, str]]:
    """List the plans of the units directly below, with the names of the units."""
    statement = (
        select(Document)
        .join(Document.unit)
        .options(joinedload(Document.unit))
        .where(
            Unit.parent_id == actor.unit_id,
            Document.period_id == period_id,
            _has_parts(),
            LIVE,
            documents_seen(Scope.of(actor)),
        )
        .order_by(Unit.sort_key, Unit.id)
    )
    return [(one.id, one.unit.full_name) for one in session.scalars(statement)]


# --- In -----------------------------------------------------------------------------------


@long_job(IN, LABEL[IN], PAGE)
def _read(work: JobWork) -> JobResult:
    """Hold each workbook of a pack against what was sent, and put it before its unit."""
    data = store_at(work.settings.files).get(work.sent_digest or "")
    units = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = _books(archive)
        for at, part in enumerate(parts, 1):
            units.append({"file": part.filename, **_offered(work, archive, part)})
            work.tell(at, len(parts))
    return JobResult({"units": units})


def _offered(work: JobWork, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> dict[str, Any]:
    """Read one workbook and keep it for its unit; what stands against it is told."""
    try:
        if part.file_size > LARGEST_FILE:
            raise BlockedError(Message(N_("Tệp quá lớn.")))
        book = open_book(archive.read(part), part.filename)
        seal, is_true = sealing.of_book(book, work.settings.secret_key)
        if seal is None or not is_true:
            text = N_("Không rõ tệp của đơn vị nào: trang ẩn đã mất hoặc bị sửa.")
            raise BlockedError(Message(text))
        with work.step():
            return _kept(work, _of_child(work, seal.document_id), book)
    except NotFoundError:
        text = Message(N_("Tệp không phải của kế hoạch mà đơn vị trực tiếp cấp dưới đã trình."))
        return {"told": [pack(text)]}
    except LthError as error:
        return {"told": [pack(message) for message in error.messages]}


def _kept(work: JobWork, state: PlanState, book: FileBook) -> dict[str, Any]:
    """Put a book before the drafters of its unit, in the place of one sent before."""
    session, key = work.session, work.settings.secret_key
    sender = work.actor.unit_name
    with system(session, Purpose.TICK):
        before = (
            WorkbookUpload.document_id == state.document.id,
            WorkbookUpload.offered_by == sender,
        )
        session.execute(delete(WorkbookUpload).where(*before))
        upload = keeping.keep(
            session, work.actor, state, book, key, now=work.now, offered_by=sender
        )
        document = state.document
        job_mail.tell_sent(session, upload, document, document.kind.drafter, work.now)
        looked = keeping.look(session, upload, state, {keeping.ENCODING: keeping.AS_IT_IS})
    return {"unit": state.document.unit.full_name, **_told(looked.report)}


def _of_child(work: JobWork, document_id: int) -> PlanState:
    """Return the plan of a unit directly below. Raises NotFoundError for any other."""
    state = contents.seen(work.session, document_id, Scope.of(work.actor))
    if state.document.unit.parent_id != work.actor.unit_id:
        raise NotFoundError
    return state


def _told(report: MergeReport | None) -> dict[str, Any]:
    if report is None:
        return {}
    counts = {state.value: report.count(state) for state in MergeState}
    told = report.of(MergeState.CONFLICT, MergeState.WRONG)
    return {"counts": counts, "cells": [_cell(item) for item in told[:_MOST_TOLD]]}


def _cell(item: MergeItem) -> dict[str, Any]:
    return {
        "state": item.state.value,
        "address": item.address,
        "label": str(item.label),
        "mine": str(item.mine),
        "theirs": str(item.theirs),
        "problem": pack(item.problem) if item.problem else None,
    }
