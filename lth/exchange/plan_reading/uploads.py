"""An existing plan between its upload and the draft: kept for a week, for its uploader alone."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload, load_only

from lth.access.actor import Actor
from lth.core import apart, old_encodings
from lth.core.errors import BlockedError, RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.core.old_encodings import Encoding
from lth.core.vietnamese import one_line
from lth.exchange.plan_reading import extract
from lth.exchange.plan_reading.found import Reading
from lth.exchange.plan_reading.read import read_text
from lth.models import Period, ReadingUpload

LIFETIME = timedelta(days=7)
MOST_UPLOADS = 5
"""How many texts one person keeps; the oldest goes for the next."""

MOST_CHARACTERS = 200_000
"""The longest text that is read; a plan of 25 pages has some 60,000."""

FILE = "file"


def words_of(data: bytes) -> str:
    """Return the words of a file. It takes a while: whoever calls it holds no lock meanwhile.

    Raises RefusedError that says what to do about a file that cannot be read.
    """
    try:
        text = extract.text_as_is(data)
    except RefusedError:
        raise
    except BlockedError as error:
        raise RefusedError(FILE, error.messages[0]) from None
    return tried(text)


def tried(text: str) -> str:
    """Return a text as it is kept, once it was read where it may be stopped.

    It takes a while, too. Raises RefusedError for one that is empty, or too long to read.
    """
    text = _storable(text)
    old = old_encodings.guess(text)
    _try(text if old is None else old_encodings.converted(text, old))
    return text


def keep(
    session: Session, actor: Actor, period: Period, text: str, name: str, *, now: datetime
) -> ReadingUpload:
    """Keep a text that was tried for the unit's plan of a period."""
    old = old_encodings.guess(text)
    _make_room(session, actor, now)
    upload = ReadingUpload(
        unit_id=actor.unit_id,
        period_id=period.id,
        created_by_id=actor.person_id,
        created_at=now,
        expires_at=now + LIFETIME,
        file_name=one_line(name)[-160:] or "–",
        text=text,
        old_encoding=old.value if old else None,
    )
    session.add(upload)
    session.flush()
    return upload


def _storable(text: str) -> str:
    """Return a text without what no database keeps; what an old font needs stays."""
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    if not text.strip():
        raise RefusedError(FILE, extract.EMPTY)
    if len(text) > MOST_CHARACTERS:
        long = N_(
            "Văn bản này quá dài (%(pages)s trang chữ). Hãy chỉ tải lên bản kế hoạch, bỏ các phụ"
            " lục và tài liệu kèm theo."
        )
        raise RefusedError(FILE, Message(long, {"pages": len(text) // 2500}))
    return text


def _try(text: str) -> None:
    """Read a text where it may be stopped. Raises RefusedError for one that takes too long."""
    what = "lth.exchange.plan_reading.trying:items_in"
    try:
        apart.call(what, text.encode(), seconds=10, megabytes=1024)
    except BlockedError as error:
        raise RefusedError(FILE, error.messages[0]) from None


def _make_room(session: Session, actor: Actor, now: datetime) -> None:
    """Let go of the person's texts that have expired, and of the oldest of them."""
    own = ReadingUpload.created_by_id == actor.person_id
    newest = select(ReadingUpload.id).where(own).order_by(ReadingUpload.id.desc())
    old = list(session.scalars(newest.offset(MOST_UPLOADS - 1)))
    gone = or_(ReadingUpload.expires_at <= now, ReadingUpload.id.in_(old))
    session.execute(delete(ReadingUpload).where(own, gone))


def kept(session: Session, actor: Actor, period_id: int, now: datetime) -> list[ReadingUpload]:
    """List the texts for the plan of a period that the person has, the newest first."""
    shown = (ReadingUpload.created_at, ReadingUpload.expires_at, ReadingUpload.file_name)
    statement = (
        select(ReadingUpload)
        .options(load_only(*shown))
        .where(ReadingUpload.period_id == period_id, *_own(actor, now))
        .order_by(ReadingUpload.id.desc())
    )
    return list(session.scalars(statement))


def find(
    session: Session, actor: Actor, upload_id: int, now: datetime, *, to_change: bool = False
) -> ReadingUpload | None:
    """Find one of the person's texts; `to_change`: held until the transaction ends."""
    statement = (
        select(ReadingUpload)
        .where(ReadingUpload.id == upload_id, *_own(actor, now))
        .options(
            joinedload(ReadingUpload.period, innerjoin=True).joinedload(
                Period.programme, innerjoin=True
            )
        )
    )
    if to_change:
        statement = statement.with_for_update(of=ReadingUpload).execution_options(
            populate_existing=True
        )
    return session.scalar(statement)


def _own(actor: Actor, now: datetime) -> tuple[Any, ...]:
    return (
        ReadingUpload.unit_id == actor.unit_id,
        ReadingUpload.created_by_id == actor.person_id,
        ReadingUpload.expires_at > now,
    )


# --- The words ----------------------------------------------------------------------------


def asks_encoding(upload: ReadingUpload) -> bool:
    """Tell whether the person must say first if the words are converted."""
    return upload.old_encoding is not None and upload.converts is None


def samples(upload: ReadingUpload, most: int = 6) -> list[tuple[str, str]]:
    """List some lines as they stand in the file, and as they would be read."""
    old = Encoding(upload.old_encoding)
    found = []
    for line in dict.fromkeys(upload.text.splitlines()):
        after = old_encodings.converted(line, old)
        if after != line:
            found.append((one_line(line)[:120], one_line(after)[:120]))
        if len(found) == most:
            break
    return found


def reading_of(upload: ReadingUpload) -> Reading:
    """Read what is kept, converted where the person said so."""
    return _read(upload.text, upload.old_encoding if upload.converts else None)


@lru_cache(maxsize=16)
def _read(text: str, old: str | None) -> Reading:
    return read_text(old_encodings.converted(text, Encoding(old)) if old else text)


# --- Changes ------------------------------------------------------------------------------


def check_seen(upload: ReadingUpload, seen: str) -> None:
    """Raise StaleError where a text was answered about in another window since it was seen."""
    if seen != str(upload.version):
        text = N_("Tệp này đã được xử lý ở cửa sổ khác sau khi mở trang này. Hãy xem lại.")
        raise StaleError(Message(text))


def convert(upload: ReadingUpload, seen: str, *, converts: bool) -> None:
    """Keep whether the words are converted. Raises StaleError as `check_seen` does."""
    check_seen(upload, seen)
    upload.converts = converts
    upload.version += 1


def drop(session: Session, upload: ReadingUpload, seen: str) -> None:
    """Let go of a text; what was taken of it stays. Raises StaleError as `check_seen` does."""
    check_seen(upload, seen)
    session.delete(upload)
