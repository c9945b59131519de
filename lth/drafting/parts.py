"""Saving the lines of a document's parts: fields merge, only a true conflict asks, nothing is lost.

Every line is saved by itself, under the document's lock as `editing` has it. A field that somebody
else changed meanwhile is kept as they left it, unless the same one was typed over here too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.content.line_paste import several
from lth.content.line_storage import decode, encode
from lth.content.line_values import Words, clean, named, read_line, typed_line
from lth.content.schema import LINE_TYPES, ContentLine, Typed
from lth.core.errors import NotFoundError, StaleError
from lth.core.i18n import N_, Message
from lth.drafting import derived, locking
from lth.models import Document, PartLine, Person, Revision
from lth.models.parts import Part
from lth.programmes import catalogue
from lth.workflow.writing import count_edit, open_for_writing

MOST_LINES = 300
"""Lines of one part; the largest of the documents we know has 34."""

_KEY = re.compile(r"(?P<part>[a-z]+)-(?P<number>[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class LineConflict:
    """What somebody else wrote into the fields that were typed over here, by field.

    `theirs` has the line's texts as they are now, none where they removed it (`version` is 0
    then: what was typed can only be added anew). Saving again with both as what was seen writes
    over it.
    """

    version: int
    theirs: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineResult:
    """What came of saving a line: its version, what is wrong by field, or a conflict.

    `typed` has the texts as they came, so that the page can show them again; `keys` those of the
    lines that were added.
    """

    typed: Mapping[str, str]
    saved: int | None = None
    errors: Mapping[str, Message] = field(default_factory=dict)
    conflict: LineConflict | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pen:
    """Who writes, into what, and when."""

    session: Session
    actor: Actor
    revision: Revision
    now: datetime

    def count(self) -> int:
        return count_edit(self.session, self.actor, self.revision, self.now)

    def write(self, row: PartLine, line: ContentLine, number: int) -> int:
        """Write a line into its row as the edit with a number; its version from now on."""
        row.data = encode(line)
        row.version = max(number, row.version + 1)
        row.edited_at, row.edited_by_id = self.now, self.actor.person_id
        self.session.add(row)
        self.session.flush()
        return row.version

    def settle(self, part: str) -> None:
        """Bring what derives from a part's lines in line with them."""
        if part == Part.BUDGET:
            derived.settle(
                self.session,
                self.revision,
                number=self.revision.edit_count,
                person_id=self.actor.person_id,
                now=self.now,
            )


def save_line(
    session: Session,
    actor: Actor,
    document_id: int,
    part: str,
    key: str,
    values: Mapping[str, str],
    *,
    seen: int,
    now: datetime,
    was: Mapping[str, str] | None = None,
) -> LineResult:
    """Save the typed texts of a line that was seen in version `seen`; the caller commits.

    Fields that `values` lacks stay. `was` has the texts that the page showed: with it, a field
    that was not touched takes what somebody else wrote meanwhile. Raises what `open_for_writing`
    raises, BlockedError for a line that is locked, NotFoundError for one that cannot be.
    """
    document, revision = _open(session, actor, document_id)
    row, author = _row(session, revision, part, key)
    locking.require(session, revision.id, key, part=part)
    words = _words(session, actor, document, part)
    pen = _Pen(session, actor, revision, now)
    if row is None:
        return _save_unseen(pen, part, key, values, words)
    before = decode(part, key, row.data)
    there = typed_line(before, words)
    typed = _touched(values, was)
    line, errors = read_line(part, key, typed, before, words)
    if errors or line is None:
        return LineResult(values, errors=errors)
    if line == before:
        return LineResult(values, saved=row.version)
    if row.version != seen:
        fields = _disputed(typed, there, typed_line(line, words), was)
        if fields:
            conflict = LineConflict(row.version, there, fields, author, row.edited_at)
            return LineResult(values, conflict=conflict)
    saved = pen.write(row, line, pen.count())
    pen.settle(part)
    return LineResult(values, saved=saved)


def _open(session: Session, actor: Actor, document_id: int) -> tuple[Document, Revision]:
    """Lock a document that has parts, with its draft. Raises NotFoundError for one without."""
    document, revision = open_for_writing(session, actor, document_id)
    if not document.kind.parts:
        raise NotFoundError
    return document, revision


def _row(session: Session, revision: Revision, part: str, key: str) -> tuple[PartLine | None, str]:
    """Read a line with its writer's name. Raises NotFoundError for another part's key."""
    statement = (
        select(PartLine, Person.name)
        .outerjoin(Person, Person.id == PartLine.edited_by_id)
        .where(PartLine.revision_id == revision.id, PartLine.line_key == key)
        .execution_options(populate_existing=True)
    )
    found = session.execute(statement).first()
    if found is None:
        return None, ""
    if found[0].part != part:
        raise NotFoundError
    return found[0], found[1] or ""


def _words(session: Session, actor: Actor, document: Document, part: str) -> Words:
    if not any(one.typed is Typed.INDICATOR for one in LINE_TYPES[part].fields):
        return Words(actor.language)
    rows = catalogue.indicators(session, document.programme_id)
    return Words(actor.language, {row.code: row for row in rows})


def _touched(values: Mapping[str, str], was: Mapping[str, str] | None) -> dict[str, str]:
    return {
        name: text
        for name, text in values.items()
        if was is None or name not in was or clean(text) != clean(was[name])
    }


def _disputed(
    typed: Mapping[str, str],
    there: Mapping[str, str],
    mine: Mapping[str, str],
    was: Mapping[str, str] | None,
) -> tuple[str, ...]:
    """List the fields that two people changed, each to something else.

    Without what the page showed, any field that differs may be such a one.
    """
    return tuple(
        name
        for name in typed
        if name in there
        and there[name] != mine[name]
        and (was is None or clean(was.get(name, "")) != clean(there[name]))
    )


def _save_unseen(
    pen: _Pen, part: str, key: str, values: Mapping[str, str], words: Words
) -> LineResult:
    """Save a line that is not there: the header's first, or one that somebody removed meanwhile."""
    if not _could_be(pen.revision, part, key):
        raise NotFoundError
    declared = LINE_TYPES[part]
    if not declared.single:
        return LineResult(values, conflict=LineConflict(0))
    line, errors = read_line(part, key, values, declared.build(key), words)
    if errors or line is None:
        return LineResult(values, errors=errors)
    row = PartLine(revision_id=pen.revision.id, line_key=key, part=part, ordinal=1, version=0)
    return LineResult(values, saved=pen.write(row, line, pen.count()))


def _could_be(revision: Revision, part: str, key: str) -> bool:
    """Tell whether a line of the part can have had a key in this revision."""
    if LINE_TYPES[part].single:
        return key == part
    found = _KEY.fullmatch(key)
    return bool(found and found["part"] == part and int(found["number"]) <= revision.edit_count)


# --- Adding, removing, moving -------------------------------------------------------------


def add(
    session: Session,
    actor: Actor,
    document_id: int,
    part: str,
    values: Mapping[str, str],
    *,
    seen: int,
    now: datetime,
) -> LineResult:
    """Add what was typed as the last line of a part, or as several, where a list was pasted.

    `seen` is the count of edits that the page showed: what was added since then already, by a
    second press of the button, is not added again. Raises what `save_line` raises.
    """
    document, revision = _open(session, actor, document_id)
    if LINE_TYPES[part].single:
        raise NotFoundError
    locking.require(session, revision.id, part, part=part, new=True)
    words = _words(session, actor, document, part)
    lines: list[ContentLine] = []
    for texts in several(part, values):
        line, errors = read_line(part, "", texts, None, words)
        if errors or line is None:
            return LineResult(values, errors=errors)
        lines.append(line)
    there = _rows(session, revision, part)
    if len(there) + len(lines) > MOST_LINES:
        message = Message(
            N_("Phần này đã có %(most)s dòng, nhiều nhất có thể."), {"most": MOST_LINES}
        )
        return LineResult(values, errors={LINE_TYPES[part].fields[0].name: message})
    pen = _Pen(session, actor, revision, now)
    keys = [_append(pen, part, there, line, seen) for line in lines]
    pen.settle(part)
    return LineResult(values, saved=revision.edit_count, keys=tuple(keys))


def _rows(session: Session, revision: Revision, part: str) -> list[PartLine]:
    statement = (
        select(PartLine)
        .where(PartLine.revision_id == revision.id, PartLine.part == part)
        .order_by(PartLine.ordinal, PartLine.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def _append(pen: _Pen, part: str, there: list[PartLine], line: ContentLine, seen: int) -> str:
    """Add one line after those that are there; its key, whose number no line has had before.

    The number is the count of edits, which only grows.
    """
    data = encode(line)
    for row in there:
        own = row.edited_by_id == pen.actor.person_id
        if own and row.version > seen and row.data == data:
            return row.line_key
    _count_past(pen.revision, there)
    number = pen.count()
    row = PartLine(
        revision_id=pen.revision.id,
        line_key=f"{part}-{number}",
        part=part,
        ordinal=_last_place(there) + 1,
        version=0,
    )
    pen.write(row, line, number)
    there.append(row)
    return row.line_key


def _last_place(rows: list[PartLine]) -> int:
    return max((row.ordinal for row in rows), default=0)


def _count_past(revision: Revision, rows: list[PartLine]) -> None:
    """Lines that came from a file may have numbers above the count: it jumps over those."""
    numbers = [int(found["number"]) for row in rows if (found := _KEY.fullmatch(row.line_key))]
    revision.edit_count = max([revision.edit_count, *numbers])


def remove(
    session: Session,
    actor: Actor,
    document_id: int,
    part: str,
    key: str,
    *,
    seen: int,
    now: datetime,
) -> bool:
    """Remove a line seen in version `seen`; whether it was there still.

    Raises what `save_line` raises, and StaleError where somebody changed the line meanwhile.
    """
    document, revision = _open(session, actor, document_id)
    row, author = _row(session, revision, part, key)
    locking.require(session, revision.id, key, part=part)
    if LINE_TYPES[part].single or not (row or _could_be(revision, part, key)):
        raise NotFoundError
    if row is None:
        return False
    if row.version != seen:
        what = named(decode(part, key, row.data), _words(session, actor, document, part))
        raise StaleError(
            Message(
                N_("%(who)s vừa sửa dòng “%(line)s”. Hãy xem lại trước khi bỏ."),
                {"who": author or Message(N_("Một người khác")), "line": what},
            )
        )
    _count_past(revision, [row])
    pen = _Pen(session, actor, revision, now)
    pen.count()
    session.delete(row)
    session.flush()
    pen.settle(part)
    return True


def take_back(
    session: Session,
    actor: Actor,
    document_id: int,
    part: str,
    keys: Sequence[str],
    *,
    now: datetime,
) -> int:
    """Remove lines that were just added together, all or none; how many were there still.

    A new line's version is the number in its key. Raises what `remove` raises, and NotFoundError
    for no lines at all.
    """
    removed = 0
    if not keys:
        raise NotFoundError
    for key in keys:
        found = _KEY.fullmatch(key)
        if found is None:
            raise NotFoundError
        seen = int(found["number"])
        removed += remove(session, actor, document_id, part, key, seen=seen, now=now)
    return removed


def move(
    session: Session,
    actor: Actor,
    document_id: int,
    part: str,
    key: str,
    *,
    up: bool,
    seen: int,
    now: datetime,
) -> bool:
    """Let a line change places with its neighbour; whether it has one.

    `seen` is its place on the page, from 1. Raises what `save_line` raises, and StaleError where
    the line stands elsewhere by now.
    """
    _, revision = _open(session, actor, document_id)
    rows = _rows(session, revision, part)
    place = next((at for at, row in enumerate(rows) if row.line_key == key), None)
    if place is None:
        raise NotFoundError
    locking.require(session, revision.id, key, part=part)
    if place + 1 != seen:
        raise StaleError(Message(N_("Thứ tự các dòng vừa đổi, hãy xem lại.")))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    count_edit(session, actor, revision, now)
    for ordinal, row in enumerate(rows, 1):
        row.ordinal = ordinal
    session.flush()
    return True


def put(session: Session, revision: Revision, lines: Mapping[str, list[ContentLine]]) -> None:
    """Fill an empty draft with lines, numbered anew, as its beginning; they are nobody's edit."""
    for part, listed in lines.items():
        for number, line in enumerate(listed, 1):
            key = part if LINE_TYPES[part].single else f"{part}-{number}"
            place = {"revision_id": revision.id, "line_key": key, "part": part}
            session.add(PartLine(**place, ordinal=number, data=encode(line)))
    longest = max((len(listed) for listed in lines.values()), default=0)
    revision.edit_count = max(revision.edit_count, longest)
    derived.settle(session, revision)
