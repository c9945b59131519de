"""Writing the items of a report: difficulties, requests, and proposals for commendation.

Each is a line of its own, saved by itself over the version that its writer saw. What becomes of a
request once the report is sent is another room's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.errors import NotFoundError, StaleError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import plain_text
from lth.drafting import locking, reported
from lth.drafting.locking import Locks
from lth.drafting.reported import ITEMS
from lth.drafting.sheet import remarks_on
from lth.models import Document, Person, Remark, ReportItem, Revision
from lth.models.report import ReportItemKind
from lth.models.unit import Level
from lth.workflow import documents
from lth.workflow.writing import count_edit, open_for_writing, require_drafter

LONGEST_ITEM = 4000
MOST_ITEMS = 60
"""Items of one report; the longest of the reports we know has nine."""

_KEY = re.compile(rf"{ITEMS}-(?P<number>[1-9][0-9]{{0,8}})")
_ABOVE = {
    Level.COMMUNE: (Level.DISTRICT, Level.PROVINCE),
    Level.DISTRICT: (Level.PROVINCE,),
    Level.PROVINCE: (),
}


@dataclass(frozen=True, slots=True)
class ItemText:
    """An item as it was typed; `level` is empty for the unit directly above."""

    kind: str = ReportItemKind.DIFFICULTY
    text: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class ItemConflict:
    """What somebody else made of an item meanwhile: no text where they removed it."""

    version: int
    theirs: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What came of saving an item: its key and version, what is wrong by field, or a conflict."""

    typed: ItemText
    key: str = ""
    saved: int | None = None
    errors: Mapping[str, Message] = field(default_factory=dict)
    conflict: ItemConflict | None = None


@dataclass
class ItemRow:
    """An item as it stands; `place` counts from 1 within its kind, of `of`."""

    item: ReportItem
    author: str = ""
    place: int = 1
    of: int = 1
    locked: bool = False
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class ItemSheet:
    """All items of a report."""

    document: Document
    revision: Revision
    rows: list[ItemRow]
    locks: Locks

    def of(self, kind: ReportItemKind) -> list[ItemRow]:
        return [row for row in self.rows if row.item.kind is kind]


def levels_above(document: Document) -> tuple[Level, ...]:
    """List the levels that a request may be addressed to, the nearest first; there may be units
    between, which pass it on.
    """
    lowest = document.next_unit.level if document.next_unit else None
    above = _ABOVE[document.unit.level]
    return above[above.index(lowest) :] if lowest in above else above


# --- Reading ------------------------------------------------------------------------------


def written(session: Session, actor: Actor, document_id: int) -> ItemSheet:
    """Read the items of a report, for its drafters.

    Raises NotFoundError, also for a document that reports nothing, and NotYoursError.
    """
    scope = Scope.of(actor)
    document, revision, _ = documents.with_head(session, document_id, scope)
    if revision is None or not reported.reports(document.kind):
        raise NotFoundError
    require_drafter(actor, document)
    locks = Locks.of(revision)
    came_back = revision.based_on_number is not None
    remarks = remarks_on(session, document, revision, scope) if came_back else ()
    pinned: dict[str, list[Remark]] = {}
    for remark in remarks:
        pinned.setdefault(remark.line_key, []).append(remark)
    rows = [
        ItemRow(
            item,
            author,
            locked=locks.locked(item.line_key, part=ITEMS),
            remarks=pinned.get(item.line_key, []),
        )
        for item, author in _authored(session, revision.id)
    ]
    sheet = ItemSheet(document, revision, rows, locks)
    for kind in ReportItemKind:
        listed = sheet.of(kind)
        for place, row in enumerate(listed, 1):
            row.place, row.of = place, len(listed)
    return sheet


def _authored(session: Session, revision_id: int) -> list[tuple[ReportItem, str]]:
    statement = (
        select(ReportItem, Person.name)
        .outerjoin(Person, Person.id == ReportItem.edited_by_id)
        .where(ReportItem.revision_id == revision_id)
        .execution_options(populate_existing=True)
    )
    found = {item: name or "" for item, name in session.execute(statement)}
    return [(item, found[item]) for item in reported.in_order(found)]


# --- Writing ------------------------------------------------------------------------------


def _open(session: Session, actor: Actor, document_id: int) -> tuple[Document, Revision]:
    document, revision = open_for_writing(session, actor, document_id)
    if not reported.reports(document.kind):
        raise NotFoundError
    return document, revision


def _read(document: Document, typed: ItemText) -> tuple[dict[str, object], dict[str, Message]]:
    """Return the columns of an item, or what is wrong with it, by field."""
    errors = {}
    text = plain_text(typed.text).strip()
    if not text:
        errors["text"] = Message(N_("Hãy ghi nội dung."))
    if len(text) > LONGEST_ITEM:
        message = N_("Nội dung dài quá %(most)s ký tự, hãy rút gọn.")
        errors["text"] = Message(message, {"most": LONGEST_ITEM})
    if typed.kind not in set(ReportItemKind):
        errors["kind"] = Message(N_("Chọn khó khăn, kiến nghị hoặc khen thưởng."))
    if typed.level and typed.level not in levels_above(document):
        errors["level"] = Message(N_("Chọn cấp nhận kiến nghị ở trên đơn vị."))
    if errors:
        return {}, errors
    kind = ReportItemKind(typed.kind)
    asks = kind is ReportItemKind.REQUEST and typed.level
    return {"kind": kind, "text": text, "level": Level(typed.level) if asks else None}, {}


def add(
    session: Session,
    actor: Actor,
    document_id: int,
    typed: ItemText,
    *,
    seen: int,
    now: datetime,
) -> ItemResult:
    """Add an item as the last of its kind; the caller commits.

    `seen` is the count of edits that the page showed: what a second press of the button adds is
    not added again. Raises what `open_for_writing` raises, NotFoundError for a document that
    reports nothing, and BlockedError where items are locked.
    """
    document, revision = _open(session, actor, document_id)
    locking.require(session, revision.id, ITEMS, part=ITEMS, new=True)
    content, errors = _read(document, typed)
    rows = [item for item, _ in _authored(session, revision.id)]
    if len(rows) >= MOST_ITEMS:
        message = N_("Phần này đã có %(most)s dòng, nhiều nhất có thể.")
        errors = {"text": Message(message, {"most": MOST_ITEMS})}
    if errors:
        return ItemResult(typed, errors=errors)
    for row in rows:
        own = row.edited_by_id == actor.person_id and row.version > seen
        if own and all(getattr(row, name) == value for name, value in content.items()):
            return ItemResult(typed, row.line_key, row.version)
    numbers = [int(found["number"]) for row in rows if (found := _KEY.fullmatch(row.line_key))]
    revision.edit_count = max([revision.edit_count, *numbers])
    number = count_edit(session, actor, revision, now)
    item = ReportItem(
        revision_id=revision.id,
        line_key=f"{ITEMS}-{number}",
        ordinal=max((row.ordinal for row in rows), default=0) + 1,
        version=number,
        edited_at=now,
        edited_by_id=actor.person_id,
        **content,
    )
    session.add(item)
    session.flush()
    return ItemResult(typed, item.line_key, item.version)


def save(
    session: Session,
    actor: Actor,
    document_id: int,
    key: str,
    typed: ItemText,
    *,
    seen: int,
    now: datetime,
) -> ItemResult:
    """Save an item that was seen in a version; the caller commits.

    Raises what `add` raises, and NotFoundError for a key that no item of the report can have had.
    """
    document, revision = _open(session, actor, document_id)
    item, author = _find(session, revision, key)
    locking.require(session, revision.id, key, part=ITEMS)
    if item is None:
        return ItemResult(typed, key, conflict=ItemConflict(0))
    content, errors = _read(document, typed)
    if errors:
        return ItemResult(typed, key, errors=errors)
    if all(getattr(item, name) == value for name, value in content.items()):
        return ItemResult(typed, key, item.version)
    if item.version != seen:
        theirs = ItemConflict(item.version, item.text, author, item.edited_at)
        return ItemResult(typed, key, conflict=theirs)
    number = count_edit(session, actor, revision, now)
    for name, value in content.items():
        setattr(item, name, value)
    item.version = max(number, item.version + 1)
    item.edited_at, item.edited_by_id = now, actor.person_id
    session.flush()
    return ItemResult(typed, key, item.version)


def _find(session: Session, revision: Revision, key: str) -> tuple[ReportItem | None, str]:
    """Find an item; none where it was removed. Raises NotFoundError for what never was one."""
    rows = {item.line_key: (item, author) for item, author in _authored(session, revision.id)}
    if key in rows:
        return rows[key]
    found = _KEY.fullmatch(key)
    if found is None or int(found["number"]) > revision.edit_count:
        raise NotFoundError
    return None, ""


def remove(
    session: Session, actor: Actor, document_id: int, key: str, *, seen: int, now: datetime
) -> bool:
    """Remove an item seen in a version; whether it was there still.

    Raises what `save` raises, and StaleError where somebody changed it meanwhile.
    """
    _, revision = _open(session, actor, document_id)
    item, author = _find(session, revision, key)
    locking.require(session, revision.id, key, part=ITEMS)
    if item is None:
        return False
    if item.version != seen:
        text = N_("%(who)s vừa sửa mục này. Hãy xem lại trước khi bỏ.")
        raise StaleError(Message(text, {"who": author or Message(N_("Một người khác"))}))
    found = _KEY.fullmatch(key)
    if found is not None:  # its number is not given out again
        revision.edit_count = max(revision.edit_count, int(found["number"]))
    count_edit(session, actor, revision, now)
    session.delete(item)
    session.flush()
    return True


def move(
    session: Session,
    actor: Actor,
    document_id: int,
    key: str,
    *,
    up: bool,
    seen: int,
    now: datetime,
) -> bool:
    """Let an item change places with its neighbour of the same kind; whether it has one.

    `seen` is its place on the page, from 1. Raises what `save` raises, and StaleError where it
    stands elsewhere by now.
    """
    _, revision = _open(session, actor, document_id)
    item, _ = _find(session, revision, key)
    if item is None:
        raise NotFoundError
    locking.require(session, revision.id, key, part=ITEMS)
    rows = [one for one, _ in _authored(session, revision.id)]
    alike = [one for one in rows if one.kind is item.kind]
    place = alike.index(item)
    if place + 1 != seen:
        raise StaleError(Message(N_("Thứ tự các dòng vừa đổi, hãy xem lại.")))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(alike):
        return False
    count_edit(session, actor, revision, now)
    _swap(rows, item, alike[other])
    session.flush()
    return True


def _swap(rows: Sequence[ReportItem], one: ReportItem, other: ReportItem) -> None:
    """Number the items anew with two of them changed for one another."""
    order = [other if row is one else one if row is other else row for row in rows]
    for ordinal, row in enumerate(order, 1):
        row.ordinal = ordinal
