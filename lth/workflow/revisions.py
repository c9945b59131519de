"""Revisions: copied when opened, hashed when frozen, compared line by line."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Scope, Sight, revisions_seen
from lth.core.errors import NotFoundError
from lth.models import (
    Base,
    Document,
    Explanation,
    Indicator,
    KeptFinding,
    PartLine,
    Phase,
    Receipt,
    Remark,
    ReportItem,
    ReportValue,
    Revision,
    RevisionEditor,
    Section,
    Target,
    Unit,
    UnlockedLine,
)
from lth.models.content import ContentRow

PARTS: tuple[type[Base], ...] = (
    Section,
    Target,
    PartLine,
    ReportValue,
    ReportItem,
)
"""The tables a revision's content lies in; each row has a `line_key`."""

ALONG = (Receipt, RevisionEditor, Explanation)
"""What else goes into a copy of a revision."""

BESIDE = (*ALONG, KeptFinding, UnlockedLine)
"""What else hangs on a revision."""

NOT_CONTENT = {"id", "revision_id", "version", "edited_at", "edited_by_id", "sum_kind", "own_order"}


def get(session: Session, document_id: int, number: int | None, scope: Scope) -> Revision:
    """Read one revision within a scope. Raises NotFoundError."""
    statement = select(Revision).where(
        Revision.document_id == document_id, Revision.number == number, revisions_seen(scope)
    )
    revision = session.scalars(statement).first()
    if revision is None:
        raise NotFoundError
    return revision


def all_seen(session: Session, document_id: int, scope: Scope) -> dict[int, Revision]:
    """List a document's revisions that the scope sees, by number, with what is unlocked in them and
    with their papers, which `papers.seen_with` judges."""
    revisions = session.scalars(_all_seen(scope), {"document_id": document_id}).unique()
    return {revision.number: revision for revision in revisions}


@lru_cache(maxsize=512)
def _all_seen(scope: Scope) -> Select[tuple[Revision]]:
    """Make the statement once: that takes longer than to run it."""
    return (
        select(Revision)
        .where(Revision.document_id == bindparam("document_id"), revisions_seen(scope))
        .options(joinedload(Revision.unlocked), joinedload(Revision.paper))
    )


def number_to_read(document: Document, scope: Scope) -> int | None:
    """Choose which revision a scope reads: its own unit the newest, the next step the last
    submitted, further above the released one, and below the one in force.
    """
    if scope.unit_id == document.unit_id:
        return document.head_number if scope.sight is Sight.ALL else _outward(document)
    if scope.unit_id == document.next_unit_id:
        return document.sent_number
    if document.unit_path.startswith(scope.path):
        return document.released_number
    return document.in_force_number


def _outward(document: Document) -> int | None:
    return document.sent_number or document.in_force_number


def sent_before(revisions: dict[int, Revision], number: int) -> int | None:
    """Return the revision that was submitted last before this one: what it is compared with."""
    sent = [
        revision.number
        for revision in revisions.values()
        if revision.number < number and revision.submitted_at and not revision.withdrawn_at
    ]
    return max(sent, default=None)


def content_columns(part: type[Base]) -> list[str]:
    """Return the columns of a part that are its content, in the table's order."""
    return [column.name for column in part.__table__.columns if column.name not in NOT_CONTENT]


def open_copy(session: Session, document: Document, now: datetime) -> int:
    """Open a new draft revision copied from the newest one; return its number."""
    columns = (
        *(Revision.id, Revision.number, Revision.edit_count),
        *(Revision.taken_over_at, Revision.absence_reason),
    )
    source = session.execute(
        select(*columns).where(
            Revision.document_id == document.id, Revision.number == document.head_number
        )
    ).one()
    number = (
        session.scalar(select(func.max(Revision.number)).where(Revision.document_id == document.id))
        or 0
    ) + 1
    new_id = session.execute(
        insert(Revision)
        .values(
            document_id=document.id,
            number=number,
            unit_id=document.unit_id,
            unit_path=document.unit_path,
            next_unit_id=document.next_unit_id,
            based_on_number=source.number,
            edit_count=source.edit_count,
            taken_over_at=source.taken_over_at,
            absence_reason=source.absence_reason,
            created_at=now,
        )
        .returning(Revision.id)
    ).scalar_one()
    copy_rows(session, (*PARTS, *ALONG), source.id, new_id)
    return number


def copy_rows(
    session: Session, models: Iterable[type[Base]], source_id: int, target_id: int
) -> None:
    """Copy what hangs on a revision, in some tables, to another one."""
    for table in (model.__table__ for model in models):
        names = [c.name for c in table.columns if c.name not in {"id", "revision_id"}]
        rows = select(*[table.c[name] for name in names], literal(target_id))
        session.execute(
            insert(table).from_select(
                [*names, "revision_id"], rows.where(table.c.revision_id == source_id)
            )
        )


def discard(session: Session, revision_id: int) -> None:
    """Delete a draft revision that nobody has written in."""
    for part in (*PARTS, *BESIDE):
        session.execute(delete(part).where(part.revision_id == revision_id))
    session.execute(delete(Revision).where(Revision.id == revision_id))


def id_of(document: Document, number: int) -> ScalarSelect[int]:
    """Return a revision's id within a statement, so that it need not be read first."""
    here = (Revision.document_id == document.id) & (Revision.number == number)
    return select(Revision.id).where(here).scalar_subquery()


def edited_since(session: Session, revision_id: int | ScalarSelect[int], moment: datetime) -> bool:
    """Tell whether a revision was edited or remarked on after a moment.

    A line that is deleted leaves its mark on the revision only.
    """
    written = [
        exists().where(part.revision_id == revision_id, part.edited_at > moment) for part in PARTS
    ]
    written.append(exists().where(Revision.id == revision_id, Revision.edited_at > moment))
    written.append(exists().where(Remark.revision_id == revision_id, Remark.created_at > moment))
    return bool(session.scalar(select(or_(*written))))


def note_editor(session: Session, revision_id: int, person_id: int) -> None:
    """Remember that a person edited a revision (once)."""
    if session.get(RevisionEditor, (revision_id, person_id)) is None:
        session.add(RevisionEditor(revision_id=revision_id, person_id=person_id))


def freeze(session: Session, revision: Revision, now: datetime) -> None:
    """Make a revision immutable, with the SHA-256 of its canonical content.

    The row is locked first: what somebody is just writing is in the hash, or is refused.
    """
    session.flush()
    session.execute(
        select(Revision.id).where(Revision.id == revision.id).with_for_update(key_share=True)
    )
    revision.sha256 = digest(session, revision.id)
    revision.frozen_at = now


def digest(session: Session, revision_id: int) -> str:
    """Return the SHA-256, in hex, of a revision's canonical content."""
    return hashlib.sha256(canonical(session, revision_id)).hexdigest()


def canonical(session: Session, revision_id: int) -> bytes:
    """Return a revision's content as one JSON text, the same on every database.

    Lines are sorted by key, indicators, phases and units stand by their codes, never by ids.
    """
    content: dict[str, Any] = {
        part.__tablename__: _lines(session, part, revision_id) for part in PARTS
    }
    for later in (PartLine, ReportValue, ReportItem):
        if not content[later.__tablename__]:
            del content[later.__tablename__]  # as it was hashed before there was such a table
    content["receipt"] = [
        [code, number, sha256]
        for code, number, sha256 in session.execute(
            select(Unit.code, Receipt.number, Receipt.sha256)
            .join(Unit, Unit.id == Receipt.unit_id)
            .where(Receipt.revision_id == revision_id)
            .order_by(Unit.code)
        )
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _lines(session: Session, part: type[Base], revision_id: int) -> list[dict[str, Any]]:
    columns = content_columns(part)
    statement = select(*[getattr(part, name) for name in columns]).where(
        part.revision_id == revision_id
    )
    if part is Target:
        statement = (
            statement.join(Indicator, Indicator.id == Target.indicator_id)
            .join(Phase, Phase.id == Target.phase_id)
            .add_columns(Indicator.code.label("indicator"), Phase.code.label("phase"))
        )
    if part is ReportValue:
        statement = statement.join(Indicator, Indicator.id == ReportValue.indicator_id)
        statement = statement.add_columns(Indicator.code.label("indicator"))
    lines = []
    for row in session.execute(statement.order_by(part.line_key)).mappings():
        line = {name: _plain(value) for name, value in row.items()}
        line.pop("indicator_id", None)
        line.pop("phase_id", None)
        if line.get("said", ...) is None:
            del line["said"]  # as it was hashed before there was such a column
        lines.append(line)
    return lines


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def same_line(one: ContentRow | None, other: ContentRow | None) -> bool:
    """Tell whether two revisions say the same in a line; a line that one of them lacks differs."""
    if one is None or other is None:
        return False
    return all(getattr(one, name) == getattr(other, name) for name in content_columns(type(one)))
