"""Remarks that a reviewer pins to the items of a submitted revision: what a return unlocks by them,
and whether an item has been changed since.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, cast, insert, literal, null, select, union_all
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, opinions_seen, remarks_seen
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.core.i18n import N_, Message
from lth.models import (
    Base,
    Document,
    Opinion,
    PartLine,
    Remark,
    ReportItem,
    ReportValue,
    Revision,
    UnlockedLine,
)
from lth.models.document import Status
from lth.workflow import documents, revisions
from lth.workflow.acts import Act, By, Place
from lth.workflow.revisions import PARTS, content_columns
from lth.workflow.table import rows

LONGEST = 4000
LONGEST_KEY = 80


def of_document(session: Session, document_id: int, scope: Scope) -> Sequence[Remark]:
    """List every remark on a document that the scope sees, the newest revision's first."""
    return session.scalars(_of_document(scope), {"document_id": document_id}).all()


@lru_cache(maxsize=512)
def _of_document(scope: Scope) -> Select[tuple[Remark]]:
    """Make the statement once, as the opinions': every page of a document asks for both."""
    return (
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(Revision.document_id == bindparam("document_id"), remarks_seen(scope))
        .order_by(Revision.number.desc(), Remark.line_key, Remark.id)
    )


def opinions_on(session: Session, revision_id: int, scope: Scope) -> Sequence[Opinion]:
    """List the opinions on one revision that the scope sees, in the order they came in."""
    return session.scalars(_opinions_on(scope), {"revision_id": revision_id}).all()


@lru_cache(maxsize=512)
def _opinions_on(scope: Scope) -> Select[tuple[Opinion]]:
    return (
        select(Opinion)
        .join(Revision, Revision.id == Opinion.revision_id)
        .where(Opinion.revision_id == bindparam("revision_id"), opinions_seen(scope))
        .order_by(Opinion.given_at)
    )


def may_pin(document: Document, actor: Actor) -> bool:
    """Tell whether an actor may pin remarks: who may appraise, while it is under review."""
    return (
        document.status is Status.REVIEW
        and actor.unit_id == document.next_unit_id
        and actor.covers(False, document.programme_id)
        and _appraises(document, actor)
    )


def _appraises(document: Document, actor: Actor) -> bool:
    mine = By(actor.role, Place.NEXT)
    acts = {Act.GIVE_OPINION, Act.RETURN, Act.APPROVE}
    return any(mine in row.by for row in rows(Status.REVIEW) if row.act in acts)


def pin(
    session: Session, actor: Actor, document_id: int, line_key: str, text: str, *, now: datetime
) -> Remark:
    """Pin a remark to an item (or, with no key, to the whole) of the revision under review.

    It stays with the reviewing unit until a return or an approval publishes it. Raises what
    `documents.lock` raises, NotNowError, NotYoursError, BlockedError for a text that is empty or
    too long, and NotFoundError for a key that no item can have.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    _check(document, actor)
    wording = _text(text)
    if len(line_key) > LONGEST_KEY:
        raise NotFoundError
    revision = revisions.get(session, document.id, document.sent_number, Scope.of(actor))
    remark = Remark(
        revision_id=revision.id,
        unit_id=actor.unit_id,
        person_id=actor.person_id,
        person_name=actor.person_name,
        line_key=line_key,
        text=wording,
        created_at=now,
    )
    session.add(remark)
    session.flush()
    return remark


def reword(
    session: Session, actor: Actor, document_id: int, remark_id: int, text: str, *, seen: str
) -> None:
    """Say one's own remark otherwise before it is published, over the wording that was seen.

    Raises what `pin` raises, and StaleError over another wording.
    """
    remark = _own(session, actor, document_id, remark_id, seen)
    remark.text = _text(text)
    session.flush()


def unpin(session: Session, actor: Actor, document_id: int, remark_id: int, *, seen: str) -> None:
    """Take back one's own remark before it is published; raises what `reword` raises."""
    session.delete(_own(session, actor, document_id, remark_id, seen))


def _own(session: Session, actor: Actor, document_id: int, remark_id: int, seen: str) -> Remark:
    """Find the actor's unpublished remark on a document under review.

    Raises NotFoundError, and StaleError where it is no longer worded as it was seen.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    remark = session.scalar(
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(
            Remark.id == remark_id,
            Revision.document_id == document.id,
            remarks_seen(Scope.of(actor)),
        )
    )
    if remark is None:
        raise NotFoundError
    _check(document, actor)
    if remark.person_id != actor.person_id or remark.published_at is not None:
        raise NotFoundError
    if remark.version != seen:
        text = N_("Nhận xét này vừa được sửa ở cửa sổ khác. Hãy xem lại lời hiện nay.")
        raise StaleError(Message(text))
    return remark


def _text(text: str) -> str:
    wording = text.strip()
    if not wording:
        raise BlockedError(Message(N_("Nhận xét chưa có nội dung."), field="text"))
    if len(wording) > LONGEST:
        message = N_("Nhận xét dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(message, {"most": LONGEST}, field="text"))
    return wording


def _check(document: Document, actor: Actor) -> None:
    if document.status is not Status.REVIEW:
        raise NotNowError(Message(N_("Chỉ ghi nhận xét khi văn bản đang được thẩm định.")))
    if not may_pin(document, actor):
        raise NotYoursError(Message(N_("Vai trò hiện tại không ghi nhận xét ở văn bản này.")))


# --- A return that points at items --------------------------------------------------------

WHOLE = ""
"""The key of a remark on the whole document."""


def place_of(line_key: str) -> str:
    """Return an indicator in a phase for its lines; any other line is a place of its own."""
    indicator, at, rest = line_key.partition("@")
    return f"{indicator}@{rest.partition('#')[0]}" if at else line_key


def unlock_pointed(session: Session, returned_id: int, opened_id: int, now: datetime) -> None:
    """Unlock in the opened revision what the remarks on the returned one point at.

    A remark on the whole, or no remark at all, locks nothing: no rows.
    """
    statement = select(Remark.line_key).where(
        Remark.revision_id == returned_id, Remark.published_at.is_not(None)
    )
    keys = set(session.scalars(statement))
    if not keys or WHOLE in keys:
        return
    rows = [{"line_key": key, "revision_id": opened_id, "reason": ""} for key in sorted(keys)]
    session.execute(insert(UnlockedLine), [row | {"unlocked_at": now} for row in rows])


def carry_unlocked(session: Session, source_id: int, target_id: int) -> None:
    """Unlock in a copy of a revision what was unlocked in it."""
    revisions.copy_rows(session, [UnlockedLine], source_id, target_id)


@dataclass(frozen=True)
class LineChanges:
    """Keys of the lines that differ between two revisions; `new` only the later one has.

    `parts` are the names of the parts in which some line differs.
    """

    keys: Collection[str]
    new: Collection[str]
    parts: Collection[str]

    def touch(self, line_key: str) -> bool:
        """Tell whether an item differs: its line, one added in its place, its part or the whole."""
        if line_key == WHOLE:
            return bool(self.keys)
        if line_key in self.keys or line_key in self.parts:
            return True
        return "@" in line_key and place_of(line_key) in map(place_of, self.new)


def changes(session: Session, before_id: int, after_id: int) -> LineChanges:
    """Compare two revisions, in one query; the caller has checked the scope."""
    lines: dict[int, dict[str, Row[Any]]] = {before_id: {}, after_id: {}}
    for row in session.execute(lines_of([before_id, after_id])):
        lines[row.revision_id][row.line_key] = row
    before, after = lines[before_id], lines[after_id]
    keys = {key for key in before.keys() | after.keys() if not _same(before, after, key)}
    parts = {(after.get(key) or before[key]).part for key in keys}
    return LineChanges(keys, keys - before.keys(), parts - {""})


def _same(before: Mapping[str, Row[Any]], after: Mapping[str, Row[Any]], key: str) -> bool:
    return key in before and key in after and before[key][1:] == after[key][1:]


PARTS_OF_REPORT: dict[type[Base], str] = {ReportValue: "value", ReportItem: "item"}
"""What lines of a report are parts of; an item's key begins with its part, as that of any line."""


def lines_of(revision_ids: Sequence[int] | Select[Any]) -> Select[Any]:
    """Select every line of some revisions, its content in columns of texts: the tables differ.

    They are named by their ids, or by a query for these; the caller has checked the scope.
    """
    widest = max(len(content_columns(table)) for table in PARTS)
    arms = []
    for table in PARTS:
        texts = [cast(getattr(table, name), Text) for name in content_columns(table)]
        named = PartLine.part if table is PartLine else literal(PARTS_OF_REPORT.get(table, ""))
        part = cast(named, Text)
        blank = [cast(null(), Text)] * (widest - len(texts))
        columns = [text.label(f"text_{at}") for at, text in enumerate([*texts, *blank])]
        arms.append(
            select(table.revision_id, table.line_key, part.label("part"), *columns).where(
                table.revision_id.in_(revision_ids)
            )
        )
    lines = union_all(*arms).subquery()
    return select(lines)
