"""Files beside a document, a remark on it, or a request for more time: add, list, read, remove.

They are kept by what is in them; a row says whose they are, and is all that a scope asks about.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, attachments_seen, remarks_seen, system
from lth.administration import audit
from lth.core.errors import LthError, NotFoundError, NotNowError, NotYoursError
from lth.core.i18n import N_, Message
from lth.exchange.files.intake import LARGEST, MEGABYTE, Intake, TakenFile
from lth.exchange.files.store import FileStore, fingerprint
from lth.models import Attachment, Document, Event, Remark, Revision
from lth.workflow import documents, operations, remarks
from lth.workflow.acts import Act
from lth.workflow.states import WRITTEN

LARGEST_REQUEST = 64 * MEGABYTE
"""Bytes that may be sent at once: three of the largest files."""
LONGEST_NOTE = 160


@dataclass(frozen=True)
class Room:
    """How many files there may be in a place, and how many bytes they may have together."""

    files: int
    size: int


BESIDE_DOCUMENT = Room(30, 100 * MEGABYTE)
ASIDE = Room(5, 2 * LARGEST)
"""FilesBeside a remark or a request."""


@dataclass(frozen=True)
class FilesBeside:
    """What a file is put beside: a document, or one remark on it, or one request of its unit."""

    document_id: int
    remark_id: int | None = None
    event_id: int | None = None

    @property
    def room(self) -> Room:
        aside = self.remark_id is not None or self.event_id is not None
        return ASIDE if aside else BESIDE_DOCUMENT


@dataclass
class Added:
    """What became of several files: those that were kept, and why others were not."""

    kept: list[Attachment] = field(default_factory=list)
    refused: list[Message] = field(default_factory=list)


# --- Read ---------------------------------------------------------------------------------


def listed(
    session: Session, document: Document, number: int | None, scope: Scope
) -> Sequence[Attachment]:
    """List the files beside a revision of a document, its remarks and requests, the oldest first.

    Without a `number` those of the revisions are left out.
    """
    statement = (
        select(Attachment)
        .where(Attachment.document_id == document.id, attachments_seen(scope))
        .order_by(Attachment.id)
    )
    return [one for one in session.scalars(statement) if _is_there(one, number)]


def _is_there(attachment: Attachment, number: int | None) -> bool:
    if attachment.remark_id is not None or attachment.event_id is not None:
        return attachment.removed_at is None
    removed = attachment.removed_number
    return (
        number is not None
        and attachment.from_number <= number
        and (removed is None or number < removed)
    )


@dataclass(frozen=True)
class AttachedCounts:
    """How many files there are beside a document and each of its remarks and requests."""

    whole: int
    by_remark: Mapping[int, int]
    by_event: Mapping[int, int]


@lru_cache(maxsize=512)
def in_one_text(scope: Scope) -> ColumnElement[str | None]:
    """Say of each file that the scope sees beside a `Document` where it is: a text for `counted`.

    For pages that read something else of the document in the same query.
    """
    numbers = (
        func.coalesce(Attachment.remark_id, 0),
        func.coalesce(Attachment.event_id, 0),
        Attachment.from_number,
        func.coalesce(Attachment.removed_number, 0),
    )
    words = [cast(one, String) for one in numbers]
    said = words[0] + ":" + words[1] + ":" + words[2] + ":" + words[3]
    return (
        select(func.aggregate_strings(said, " "))
        .where(Attachment.document_id == Document.id, attachments_seen(scope))
        .correlate(Document)
        .scalar_subquery()
    )


def counted(text: str | None, number: int | None) -> AttachedCounts:
    """Count what `in_one_text` says, beside one revision of the document."""
    whole, by_remark, by_event = 0, Counter[int](), Counter[int]()
    for said in (text or "").split():
        remark_id, event_id, first, removed = map(int, said.split(":"))
        if remark_id or event_id:
            by_remark[remark_id] += not removed
            by_event[event_id] += not removed
        else:
            whole += number is not None and first <= number < (removed or number + 1)
    return AttachedCounts(whole, by_remark, by_event)


def get(session: Session, document_id: int, attachment_id: int, scope: Scope) -> Attachment:
    """Return one file of a document. Raises NotFoundError outside the scope.

    One that was removed from a document stays with the revisions that were sent with it.
    """
    aside = or_(Attachment.remark_id.is_not(None), Attachment.event_id.is_not(None))
    found = session.scalar(
        select(Attachment).where(
            Attachment.id == attachment_id,
            Attachment.document_id == document_id,
            attachments_seen(scope),
            or_(Attachment.removed_at.is_(None), ~aside),
        )
    )
    if found is None:
        raise NotFoundError
    return found


def content(store: FileStore, attachment: Attachment) -> bytes:
    """Return the bytes of a file. Raises NotNowError where they are lost."""
    try:
        return store.get(attachment.sha256)
    except KeyError:
        text = N_("Kho tệp không còn nội dung của “%(name)s”. Hãy báo quản trị hệ thống.")
        raise NotNowError(Message(text, {"name": attachment.name})) from None


# --- Write --------------------------------------------------------------------------------


def add(
    session: Session,
    actor: Actor,
    beside: FilesBeside,
    files: Iterable[TakenFile],
    note: str,
    store: FileStore,
    *,
    now: datetime,
) -> Added:
    """Put files beside something that the actor has in hand; each that cannot be is told by name.

    Raises what `documents.lock` raises, NotFoundError, NotNowError and NotYoursError.
    """
    document = documents.lock(session, beside.document_id, Scope.of(actor))
    require_in_hand(session, actor, document, beside)
    there = list(_beside(session, beside))
    added = Added()
    for file in files:
        against = _against(file, there, beside.room)
        if against is not None:
            added.refused.append(against)
            continue
        attachment = _new(actor, document, beside, file, note, now)
        attachment.sha256 = store.put(file.data)
        session.add(attachment)
        there.append(attachment)
        added.kept.append(attachment)
    session.flush()
    _note(session, actor, "files.added", added.kept, now)
    return added


def remove(
    session: Session, actor: Actor, document_id: int, attachment_id: int, *, now: datetime
) -> Attachment:
    """Remove a file; the revisions that were sent with it keep it, and so does the trail.

    Raises what `add` raises.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    attachment = get(session, document_id, attachment_id, Scope.of(actor))
    require_in_hand(session, actor, document, beside_of(attachment))
    if attachment.removed_at is not None:
        raise NotFoundError
    attachment.removed_at = now
    attachment.removed_number = document.head_number
    attachment.removed_by_id = actor.person_id
    attachment.removed_by_name = actor.person_name
    session.flush()
    _note(session, actor, "files.removed", [attachment], now)
    return attachment


def beside_of(attachment: Attachment) -> FilesBeside:
    """Return what a file is beside."""
    return FilesBeside(attachment.document_id, attachment.remark_id, attachment.event_id)


def may_add(document: Document, actor: Actor) -> bool:
    """Tell whether the actor writes the document and so puts files beside it."""
    return document.status in WRITTEN and operations.drafts(actor, document)


def may_add_to_remark(document: Document, remark: Remark, actor: Actor) -> bool:
    """Tell whether a remark is the actor's own and not published yet."""
    mine = remark.person_id == actor.person_id and remark.published_at is None
    return mine and remarks.may_pin(document, actor)


def may_add_to_request(document: Document, request: Event | None, actor: Actor) -> bool:
    """Tell whether a request for more time is the actor's unit's and waits for its answer."""
    waits = document.asked_until is not None and document.asked_answer is None
    return (
        request is not None
        and waits
        and request.action == Act.ASK_EXTENSION
        and Scope.of(actor).writes
        and actor.unit_id == request.unit_id == document.unit_id
    )


def require_in_hand(
    session: Session, actor: Actor, document: Document, beside: FilesBeside
) -> None:
    """Raise NotFoundError, NotNowError or NotYoursError where the actor may put no file there."""
    if beside.remark_id is not None:
        remark = _remark(session, beside, Scope.of(actor))
        if not may_add_to_remark(document, remark, actor):
            raise NotNowError(
                Message(N_("Chỉ người ghi nhận xét đính kèm tệp, trước khi nhận xét được gửi đi."))
            )
    elif beside.event_id is not None:
        asked = documents.last_of(session, document.id, Act.ASK_EXTENSION, Scope.of(actor))
        if asked is None or asked.id != beside.event_id:
            raise NotFoundError
        if not may_add_to_request(document, asked, actor):
            text = N_("Chỉ đơn vị xin gia hạn đính kèm tệp, khi chưa có trả lời.")
            raise NotNowError(Message(text))
    elif document.status not in WRITTEN:
        text = N_("Chỉ thêm, bỏ tệp khi văn bản đang được soạn; nay văn bản đã khóa.")
        raise NotNowError(Message(text))
    elif not may_add(document, actor):
        text = N_("Vai trò hiện tại không soạn văn bản này nên không thêm, bỏ tệp được.")
        raise NotYoursError(Message(text))


def _remark(session: Session, beside: FilesBeside, scope: Scope) -> Remark:
    found = session.scalar(
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(
            Remark.id == beside.remark_id,
            Revision.document_id == beside.document_id,
            remarks_seen(scope),
        )
    )
    if found is None:
        raise NotFoundError
    return found


def _beside(session: Session, beside: FilesBeside) -> Iterable[Attachment]:
    """Read what is beside the same thing; the caller has it in hand."""
    return session.scalars(
        select(Attachment).where(
            Attachment.document_id == beside.document_id,
            Attachment.remark_id.is_not_distinct_from(beside.remark_id),
            Attachment.event_id.is_not_distinct_from(beside.event_id),
            Attachment.removed_at.is_(None),
        )
    )


def _against(file: TakenFile, there: Sequence[Attachment], room: Room) -> Message | None:
    """Say what stands against one more file."""
    name = file.kind.name
    same = next((one for one in there if one.sha256 == fingerprint(file.data)), None)
    if same is not None:
        return Message(
            N_("“%(name)s”: đã có tệp giống hệt, tên là “%(same)s”."),
            {"name": name, "same": same.name},
        )
    if len(there) >= room.files:
        text = N_("“%(name)s”: đã đủ %(most)s tệp, hãy bỏ bớt tệp không cần.")
        return Message(text, {"name": name, "most": room.files})
    if sum(one.size for one in there) + len(file.data) > room.size:
        text = N_("“%(name)s”: quá tổng dung lượng %(most)s MB, hãy bỏ bớt hoặc nén tệp.")
        return Message(text, {"name": name, "most": room.size // MEGABYTE})
    return None


def _new(
    actor: Actor, document: Document, beside: FilesBeside, file: TakenFile, note: str, now: datetime
) -> Attachment:
    return Attachment(
        document_id=document.id,
        remark_id=beside.remark_id,
        event_id=beside.event_id,
        from_number=document.head_number,
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        person_id=actor.person_id,
        person_name=actor.person_name,
        person_position=actor.position,
        name=file.kind.name,
        media_type=file.kind.media_type,
        size=len(file.data),
        note=note[:LONGEST_NOTE],
        added_at=now,
    )


def _note(
    session: Session, actor: Actor, what: str, files: Iterable[Attachment], now: datetime
) -> None:
    """Put an entry into the trail of the actor's unit for each file."""
    with system(session, Purpose.FILES):
        for one in files:
            told = {"size": (None, one.size), "sha256": (None, one.sha256)}
            subject = f"{one.document_id}|{one.name}"
            audit.record(
                *(session, actor.unit_id, what, actor.person_id, subject, told),
                now=now,
                actor=actor,
            )


def named_refusal(name: str, error: LthError) -> list[Message]:
    """Put the name of a file before each thing that stands against it."""
    text = N_("“%(name)s”: %(why)s")
    return [Message(text, {"name": name, "why": message}) for message in error.messages]


def taken_of(
    intake: Intake, sent: Iterable[tuple[bytes, str]]
) -> tuple[list[TakenFile], list[Message]]:
    """Look at files and their names, each by itself; return those taken, and why others are not."""
    taken, refused = [], []
    for data, name in sent:
        try:
            taken.append(intake.take(data, name))
        except LthError as error:
            refused.extend(named_refusal(name, error))
    return taken, refused
