"""A list of clubs between its upload and the writing: kept, and judged anew at each look.

Only its uploader sees it. Nothing is written before it is accepted, and then all that was ticked or
none of it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, load_only

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.clubs import moves, register
from lth.core import clock
from lth.core.errors import BlockedError, RefusedError, StaleError
from lth.core.i18n import N_, Bilingual, Message, pack, unpack
from lth.core.language import gettext
from lth.core.vietnamese import one_line
from lth.exchange.club_list import judging
from lth.exchange.club_list.judging import ClubRowState, JudgedRow
from lth.exchange.club_list.reading import ClubRow, ReadList
from lth.exchange.club_list.words import ClubColumn
from lth.models import ClubList

LIFETIME = timedelta(days=7)
MOST_LISTS = 5
"""How many lists of a unit one person keeps; the oldest goes for the next."""


@dataclass(frozen=True)
class LookedOverList:
    """A list with what each of its rows comes to by now."""

    upload: ClubList
    rows: Sequence[JudgedRow]
    areas: Mapping[str, Bilingual]

    @property
    def notes(self) -> list[Message]:
        """What was to be said when the file was read."""
        return [unpack(note) for note in self.upload.notes]

    @property
    def counts(self) -> Counter[ClubRowState]:
        return Counter(one.state for one in self.rows)

    def of(self, state: ClubRowState) -> list[JudgedRow]:
        return [one for one in self.rows if one.state is state]

    @property
    def seen(self) -> str:
        """Return what a decision is taken on."""
        return judging.seen_of(self.rows)


@dataclass(frozen=True)
class ListWritten:
    """How many clubs were founded and changed, and how many rows are left."""

    founded: int
    changed: int
    left: int


def keep(
    session: Session, actor: Actor, read: ReadList, file_name: str, *, now: datetime
) -> ClubList:
    """Keep the rows of a file that was read."""
    _make_room(session, actor, now)
    upload = ClubList(
        unit_id=actor.unit_id or 0,
        created_by_id=actor.person_id,
        created_at=now,
        expires_at=now + LIFETIME,
        file_name=one_line(file_name)[-160:] or "–",
        notes=[pack(note) for note in read.notes],
        lines=[_packed(row) for row in read.rows],
    )
    session.add(upload)
    session.flush()
    return upload


def _make_room(session: Session, actor: Actor, now: datetime) -> None:
    """Let go of the uploader's lists that have expired, and of the oldest of them."""
    own = ClubList.created_by_id == actor.person_id
    newest = select(ClubList.id).where(own).order_by(ClubList.id.desc())
    old = list(session.scalars(newest.offset(MOST_LISTS - 1)))
    gone = or_(ClubList.expires_at <= now, ClubList.id.in_(old))
    session.execute(delete(ClubList).where(own, gone))


def _packed(row: ClubRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "cells": {column.value: text for column, text in row.cells.items()},
    }


def _unpacked(line: Mapping[str, Any]) -> ClubRow:
    cells = {ClubColumn(name): text for name, text in line["cells"].items()}
    return ClubRow(line["number"], cells)


def kept(session: Session, actor: Actor, now: datetime) -> list[ClubList]:
    """List the lists that the person has, the newest first."""
    statement = (
        select(ClubList)
        .options(load_only(ClubList.created_at, ClubList.expires_at, ClubList.file_name))
        .where(*_own(actor, now))
        .order_by(ClubList.id.desc())
    )
    return list(session.scalars(statement))


def find(
    session: Session, actor: Actor, list_id: int, now: datetime, *, to_change: bool = False
) -> ClubList | None:
    """Find one of the lists; `to_change`: held until the transaction ends."""
    statement = select(ClubList).where(ClubList.id == list_id, *_own(actor, now))
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def _own(actor: Actor, now: datetime) -> tuple[Any, ...]:
    return (
        ClubList.unit_id == actor.unit_id,
        ClubList.created_by_id == actor.person_id,
        ClubList.expires_at > now,
    )


def look(session: Session, actor: Actor, upload: ClubList, now: datetime) -> LookedOverList:
    """Judge a list as it stands against the register as it is now."""
    areas = register.areas(session)
    clubs = register.of_unit(session, actor.unit_id or 0, Scope.of(actor))
    rows = [_unpacked(line) for line in upload.lines]
    today = clock.local(now).date()
    return LookedOverList(upload, judging.judge(rows, clubs, areas, today), areas)


def write(
    session: Session,
    actor: Actor,
    upload: ClubList,
    *,
    ticked: Collection[str],
    seen: str,
    now: datetime,
) -> ListWritten:
    """Write what was ticked, as typed entries are written; once no row is left, the list goes.

    Raises StaleError where the register is no longer as it was seen, RefusedError where nothing is
    ticked, BlockedError that names the row that an operation refuses: then nothing is written.
    """
    moves.hold(session, actor.unit_id or 0)
    looked = look(session, actor, upload, now)
    if looked.seen != seen:
        text = N_(
            "Sổ câu lạc bộ vừa được sửa sau khi anh/chị mở trang này. Chưa ghi gì; hãy xem lại các"
            " dòng dưới đây rồi bấm ghi."
        )
        raise StaleError(Message(text))
    taken = [(one, ticked & one.ids.keys()) for one in looked.rows]
    if not any(ids for _, ids in taken):
        raise RefusedError("", N_("Chưa chọn dòng nào để ghi."))
    reason = gettext("Nhập từ tệp %(name)s", name=upload.file_name)
    new = [one for one, ids in taken if ids and one.state is ClubRowState.NEW]
    changed = [(one, ids) for one, ids in taken if ids and one.state is ClubRowState.CHANGED]
    for one in new:
        with _row_named(one):
            moves.found(*(session, actor, one.values), same_name_meant=True, reason=reason, now=now)
    for one, ids in changed:
        with _row_named(one):
            _change(session, actor, one, ids, reason, now)
    left = sum(one.state is ClubRowState.WRONG or bool(one.ids.keys() - ids) for one, ids in taken)
    _settle(session, upload, taken, left)
    return ListWritten(len(new), len(changed), left)


def _change(
    session: Session,
    actor: Actor,
    one: JudgedRow,
    ids: Collection[str],
    reason: str,
    now: datetime,
) -> None:
    if one.club is None:
        raise ValueError(f"row {one.row.number} is about no club")
    moves.change(
        session,
        actor,
        one.club.id,
        {change.column.value: change.new for change in one.changes if one.id_of(change) in ids},
        seen=one.club.version,
        same_name_meant=True,
        reason=reason,
        now=now,
    )


@contextmanager
def _row_named(one: JudgedRow) -> Iterator[None]:
    """Say in which row stands what an operation refuses."""
    try:
        yield
    except BlockedError as error:
        text = N_("Dòng %(row)s: %(problem)s")
        values = {"row": one.row.number, "problem": error.messages[0]}
        raise BlockedError(Message(text, values)) from error


def _settle(
    session: Session,
    upload: ClubList,
    taken: Sequence[tuple[JudgedRow, Collection[str]]],
    left: int,
) -> None:
    """Keep the rows that are left for another time; without any, let go of the list."""
    if not left:
        session.delete(upload)
        return
    done = {one.row.number for one, ids in taken if one.state is ClubRowState.NEW and ids}
    upload.lines = [line for line in upload.lines if line["number"] not in done]
    upload.version += 1


def drop(session: Session, upload: ClubList, seen: str) -> None:
    """Let go of a list; what was written of it stays. Raises StaleError where it was written from
    in another window since.
    """
    if seen != str(upload.version):
        text = N_("Tệp này đã được xử lý ở cửa sổ khác sau khi mở trang này. Hãy xem lại.")
        raise StaleError(Message(text))
    session.delete(upload)
