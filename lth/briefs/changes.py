"""What a document says otherwise than when it was last sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, revisions_seen
from lth.content.targets import Figure
from lth.models import PartLine, ReportItem, ReportValue, Revision, Section, Target
from lth.models.content import Comparator
from lth.models.report import Reported
from lth.workflow.remarks import PARTS_OF_REPORT, lines_of
from lth.workflow.revisions import content_columns

_TARGET = content_columns(Target)
_SECTION = content_columns(Section)
_PART_LINE = content_columns(PartLine)
VALUE, ITEM = PARTS_OF_REPORT[ReportValue], PARTS_OF_REPORT[ReportItem]
_OF_REPORT = {VALUE: content_columns(ReportValue), ITEM: content_columns(ReportItem)}
_SAID = ("reported", "value", "reason")
"""What a report says of an indicator; the rest of its row is what that is held against."""


@dataclass(frozen=True)
class FigureChange:
    """A figure by its key, as it was when last sent and as it is; None where there is none."""

    line_key: str
    before: Figure | None
    now: Figure | None


@dataclass(frozen=True)
class DoneChange:
    """What a report said and says of an indicator, by its code; None where it said nothing."""

    line_key: str
    before: tuple[Reported, int | None] | None
    now: tuple[Reported, int | None] | None


@dataclass(frozen=True)
class Changes:
    """How many items differ from the sending number `since`: figures, titles of sections, how many
    lines of each part, and what a report says of its indicators.
    """

    since: int
    figures: Sequence[FigureChange]
    sections: Sequence[str]
    parts: Mapping[str, int]
    done: Sequence[DoneChange] = ()

    @property
    def count(self) -> int:
        lines = sum(self.parts.values())
        return len(self.figures) + len(self.sections) + lines + len(self.done)


def since_last_sent(session: Session, revision: Revision, scope: Scope) -> Changes | None:
    """Compare a revision with the one that was sent before it, in one query; None without one.

    The caller has read the revision within the scope.
    """
    if revision.number == 1:
        return None
    lines = lines_of(_both(revision, scope)).subquery()
    statement = select(lines, Revision.number).join(Revision, Revision.id == lines.c.revision_id)
    now: dict[str, Row[Any]] = {}
    before: dict[str, Row[Any]] = {}
    since = 0
    for row in session.execute(statement):
        if row.revision_id == revision.id:
            now[row.line_key] = row
        else:
            before[row.line_key], since = row, row.number
    return _compared(since, before, now) if since else None


def _both(revision: Revision, scope: Scope):
    """Select the ids of a revision and of the one that was sent last before it."""
    sent = aliased(Revision)
    last = (
        select(func.max(sent.number))
        .where(
            sent.document_id == revision.document_id,
            sent.number < revision.number,
            sent.submitted_at.is_not(None),
            sent.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    of_document = (Revision.document_id == revision.document_id) & revisions_seen(scope)
    return select(Revision.id).where(
        of_document, (Revision.number == revision.number) | (Revision.number == last)
    )


def _compared(since: int, before: Mapping[str, Row[Any]], now: Mapping[str, Row[Any]]) -> Changes:
    differing = [
        key for key in (*now, *(before.keys() - now.keys())) if not _same(before, now, key)
    ]
    parts: dict[str, int] = {}
    for key in differing:
        part = (now.get(key) or before[key]).part
        if part and part != VALUE:
            parts[part] = parts.get(part, 0) + 1
    return Changes(
        since,
        [
            FigureChange(key, _figure(before, key), _figure(now, key))
            for key in differing
            if "@" in key
        ],
        [_title(now.get(key) or before[key]) for key in differing if _is_section(before, now, key)],
        parts,
        [
            DoneChange(key, _done(before, key), _done(now, key))
            for key in differing
            if (now.get(key) or before[key]).part == VALUE
        ],
    )


def _done(rows: Mapping[str, Row[Any]], key: str) -> tuple[Reported, int | None] | None:
    if key not in rows:
        return None
    texts = _texts(rows[key], _OF_REPORT[VALUE])
    value = texts["value"]
    return Reported(texts["reported"] or Reported.VALUE), None if value is None else int(value)


def _same(before: Mapping[str, Row[Any]], now: Mapping[str, Row[Any]], key: str) -> bool:
    return key in before and key in now and _content(before[key]) == _content(now[key])


def _content(row: Row[Any]) -> dict[str, str | None]:
    """Return what a line says, without where it stands among the others."""
    if row.part == VALUE:
        texts = _texts(row, _OF_REPORT[VALUE])
        return {name: texts[name] for name in _SAID}
    names = _TARGET if "@" in row.line_key else _PART_LINE if row.part else _SECTION
    names = _OF_REPORT.get(row.part, names)
    return {name: text for name, text in _texts(row, names).items() if name != "ordinal"}


def _is_section(before: Mapping[str, Row[Any]], now: Mapping[str, Row[Any]], key: str) -> bool:
    return "@" not in key and not (now.get(key) or before[key]).part


def _texts(row: Row[Any], names: Sequence[str]) -> dict[str, str | None]:
    """Name the columns of texts of a line."""
    return {name: getattr(row, f"text_{at}") for at, name in enumerate(names)}


def _title(row: Row[Any]) -> str:
    return _texts(row, _SECTION)["title"] or ""


def _figure(rows: Mapping[str, Row[Any]], key: str) -> Figure | None:
    if key not in rows:
        return None
    texts = _texts(rows[key], _TARGET)
    low, high = texts["value_min"], texts["value_max"]
    return Figure(
        Comparator(texts["comparator"] or Comparator.EQ),
        None if low is None else int(low),
        None if high is None else int(high),
    )
