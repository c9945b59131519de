"""A file between its upload and the writing: kept, asked about, judged anew at each look.

Only its uploader sees it, or, where the unit above sent it, the drafters of the unit.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, load_only

from lth.access.actor import Actor
from lth.core.errors import BlockedError, RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.core.old_encodings import Encoding
from lth.core.vietnamese import one_line
from lth.exchange.grids import cells
from lth.exchange.grids.books import FILE, open_book
from lth.exchange.grids.cells import FileBook
from lth.exchange.workbook import judging, matching, reading, sealing
from lth.exchange.workbook.contents import PlanState, seal_of
from lth.exchange.workbook.items import MergeReport
from lth.exchange.workbook.judging import report
from lth.models import WorkbookUpload

LIFETIME = timedelta(days=7)
MOST_UPLOADS = 5
"""How many files of a unit one person keeps; the oldest goes for the next."""

ENCODING, COLUMNS, ROWS = "encoding", "columns", "rows"
"""What `choices` has the answers under."""

AS_IT_IS = "as_it_is"
"""The answer that a file is not to be converted."""


@dataclass(frozen=True)
class TextSample:
    """A text as it stands in the file, and as it would be read."""

    before: str
    after: str


@dataclass(frozen=True)
class LookedOver:
    """An upload with what it comes to by now.

    One of three: `samples` where it must first be said whether texts are converted, `match` where
    columns and rows are to be told, `report` where all is known.
    """

    upload: WorkbookUpload
    state: PlanState
    samples: Collection[TextSample] = ()
    match: "matching.Matching | None" = None
    report: MergeReport | None = None


def keep(
    session: Session,
    actor: Actor,
    state: PlanState,
    book: FileBook,
    key: str,
    *,
    now: datetime,
    offered_by: str = "",
) -> WorkbookUpload:
    """Keep a book that was read for a plan. Raises RefusedError for that of another plan."""
    seal, is_true = sealing.of_book(book, key)
    if seal is not None and is_true and seal.document_id != state.document.id:
        text = N_("Tệp này được tải xuống từ một kế hoạch khác, không phải kế hoạch đang mở.")
        raise RefusedError(FILE, text)
    own_sheet = not reading.is_ours(book)
    if not offered_by:
        _make_room(session, actor, now)
    known = own_sheet or (is_true and seal is not None)
    upload = WorkbookUpload(
        unit_id=state.document.unit_id,
        document_id=state.document.id,
        created_by_id=actor.person_id,
        created_at=now,
        expires_at=now + LIFETIME,
        file_name=one_line(book.file_name)[-160:] or "–",
        own_sheet=own_sheet,
        known=known,
        offered_by=offered_by,
        book=cells.packed(book),
        seal=sealing.packed(seal if is_true and seal and not own_sheet else seal_of(state, now)),
    )
    session.add(upload)
    session.flush()
    return upload


def opened(data: bytes, file_name: str) -> FileBook:
    """Read a file; whoever calls it holds no lock meanwhile. Raises what `open_book` raises."""
    try:
        return open_book(data, file_name)
    except RefusedError:
        raise
    except BlockedError as error:
        raise RefusedError(FILE, error.messages[0]) from None


def _make_room(session: Session, actor: Actor, now: datetime) -> None:
    """Let go of the uploader's files that have expired, and of the oldest of them."""
    own = (WorkbookUpload.created_by_id == actor.person_id, WorkbookUpload.offered_by == "")
    newest = select(WorkbookUpload.id).where(*own).order_by(WorkbookUpload.id.desc())
    old = list(session.scalars(newest.offset(MOST_UPLOADS - 1)))
    gone = or_(WorkbookUpload.expires_at <= now, WorkbookUpload.id.in_(old))
    session.execute(delete(WorkbookUpload).where(*own, gone))


def kept(session: Session, actor: Actor, document_id: int, now: datetime) -> list[WorkbookUpload]:
    """List the files for a plan that the person has, the newest first."""
    statement = (
        select(WorkbookUpload)
        .options(
            load_only(
                WorkbookUpload.created_at,
                WorkbookUpload.expires_at,
                WorkbookUpload.file_name,
                WorkbookUpload.offered_by,
            )
        )
        .where(WorkbookUpload.document_id == document_id, *_own(actor, now))
        .order_by(WorkbookUpload.id.desc())
    )
    return list(session.scalars(statement))


def find(
    session: Session,
    actor: Actor,
    document_id: int,
    upload_id: int,
    now: datetime,
    *,
    to_change: bool = False,
) -> WorkbookUpload | None:
    """Find one of the files; `to_change`: held until the transaction ends."""
    statement = select(WorkbookUpload).where(
        WorkbookUpload.id == upload_id,
        WorkbookUpload.document_id == document_id,
        *_own(actor, now),
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def _own(actor: Actor, now: datetime) -> tuple[Any, ...]:
    sent = WorkbookUpload.offered_by != ""
    return (
        WorkbookUpload.unit_id == actor.unit_id,
        or_(WorkbookUpload.created_by_id == actor.person_id, sent),
        WorkbookUpload.expires_at > now,
    )


# --- Looking ------------------------------------------------------------------------------


def look(
    session: Session,
    upload: WorkbookUpload,
    state: PlanState,
    choices: Mapping[str, Any] | None = None,
) -> LookedOver:
    """Judge a file as it stands, with the answers about it; `choices`: as they would be."""
    answers = upload.choices if choices is None else choices
    book = cells.unpacked(upload.book, upload.file_name)
    if book.is_old and ENCODING not in answers:
        return LookedOver(upload, state, samples=_samples(book))
    old = answers.get(ENCODING)
    if old and old != AS_IT_IS:
        book = book.read_as(Encoding(old))
    seal = sealing.unpacked(upload.seal)
    if upload.own_sheet:
        found = matching.look(session, state, book, answers)
        if not found.confirmed:
            return LookedOver(upload, state, match=found)
        typed = found.typed()
    else:
        typed = reading.read(book, seal)
    judged = report(state, typed, seal, known=upload.known)
    return LookedOver(upload, state, report=_with_notes(judged, upload))


def _with_notes(judged: MergeReport, upload: WorkbookUpload) -> MergeReport:
    if upload.known:
        return judged
    text = N_(
        "Trang ẩn của tệp đã mất hoặc bị sửa, nên không biết số nào có từ lúc tải xuống: mọi ô khác"
        " với kế hoạch hiện tại đều được hỏi."
    )
    return MergeReport(judged.items, (Message(text), *judged.notes))


def _samples(book: FileBook) -> list[TextSample]:
    """Show how some texts would be read."""
    old = book.guessed
    found: dict[str, TextSample] = {}
    for sheet in book.visible:
        for _, _, cell in sheet.cells():
            after = cell.read_as(old).text
            if after != cell.text and len(found) < 6:
                found.setdefault(cell.text, TextSample(cell.text, after))
    return list(found.values())


def suggested(upload: WorkbookUpload) -> Encoding:
    """Return what a file's texts are probably written in."""
    book = cells.unpacked(upload.book, upload.file_name)
    fonts = (
        cell.encoding for sheet in book.visible for _, _, cell in sheet.cells() if cell.encoding
    )
    return book.guessed or next(fonts, Encoding.TCVN3)


# --- Answering ----------------------------------------------------------------------------


def answer(upload: WorkbookUpload, seen: str, **choices: Any) -> None:
    """Keep what was answered about a file. Raises StaleError where it was answered elsewhere."""
    check_seen(upload, seen)
    upload.choices = upload.choices | choices
    upload.version += 1


def check_seen(upload: WorkbookUpload, seen: str) -> None:
    """Raise StaleError where a file was answered about in another window since it was seen."""
    if seen != str(upload.version):
        text = N_("Tệp này đã được xử lý ở cửa sổ khác sau khi mở trang này. Hãy xem lại.")
        raise StaleError(Message(text))


def write(
    session: Session,
    actor: Actor,
    upload: WorkbookUpload,
    *,
    ticked: Collection[str],
    chosen: Mapping[str, str],
    seen: str,
    now: datetime,
) -> tuple[int, int]:
    """Write what was accepted; returns how many cells, and how many are left to decide: a conflict
    that was decided for the plan as it stands is not. Once none is, the file goes.

    Raises StaleError where anything that was decided on is no longer as it was seen, and what the
    operations raise: then nothing is written.
    """
    state = judging.locked(session, actor, upload.document_id)
    found = look(session, upload, state).report
    if found is None or judging.seen_of(found) != seen:
        raise judging.stale()
    items = judging.accepted(found, ticked, chosen)
    left = len(found.open) - len(items) - judging.settled(found, chosen)
    if not items and left:
        raise RefusedError("", N_("Chưa chọn ô nào để ghi."))
    written = judging.apply(session, actor, upload.document_id, items, now=now) if items else 0
    if left:
        upload.version += 1
    else:
        session.delete(upload)
    return written, left


def drop(session: Session, upload: WorkbookUpload, seen: str) -> None:
    """Let go of a file; what was written of it stays. Raises StaleError as `check_seen` does."""
    check_seen(upload, seen)
    session.delete(upload)
