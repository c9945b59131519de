"""Compare the lines of a plan's parts in a revision with those of the one that was sent before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.content.line_storage import decode
from lth.content.schema import LINE_TYPES, ContentLine, Field
from lth.models import Document, Indicator, PartLine, Remark


class LineState(StrEnum):
    """Fate of a line since the last sending."""

    SAME = "same"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass
class ComparedLine:
    """A line by its key: as it is, and as it was at the last sending, if it was there."""

    key: str
    part: str
    now: ContentLine | None = None
    before: ContentLine | None = None
    state: LineState = LineState.SAME
    remarks: list[Remark] = field(default_factory=list)

    @property
    def line(self) -> ContentLine:
        """Return the line that is shown: of a removed one, what it was."""
        line = self.now or self.before
        if line is None:
            raise ValueError(f"no line {self.key}")
        return line

    @property
    def changed(self) -> list[Field]:
        """List the fields that differ, where the line was there before."""
        if self.now is None or self.before is None:
            return []
        return [
            field
            for field in self.now.line_type.fields
            if getattr(self.now, field.name) != getattr(self.before, field.name)
        ]


@dataclass
class PartDiff:
    """A part's lines in order, removed ones where they stood; `reordered` where that changed."""

    part: str
    entries: list[ComparedLine]
    reordered: bool = False

    @property
    def changes(self) -> int:
        """Say how many lines differ, and one for another order."""
        return sum(entry.state is not LineState.SAME for entry in self.entries) + self.reordered


def read(
    session: Session, document: Document, ids: Sequence[int], remarks: Mapping[str, list[Remark]]
) -> tuple[list[PartDiff], dict[str, Indicator]]:
    """Return the parts of the first revision beside those of the second, if there is one; and the
    indicators by code that lines name. In one query; the caller has checked the scope.

    Parts without a line in either are left out.
    """
    named = (Indicator.code == PartLine.data["indicator"].as_string()) & (
        Indicator.programme_id == document.programme_id
    )
    statement = (
        select(PartLine, Indicator)
        .outerjoin(Indicator, named)
        .where(PartLine.revision_id.in_(ids))
        .order_by(PartLine.ordinal, PartLine.id)
    )
    rows = session.execute(statement).all()
    found = []
    for part in LINE_TYPES:
        now, before = (
            {row.line_key: row for row, _ in rows if (row.part, row.revision_id) == (part, id_)}
            for id_ in (ids[0], ids[-1])
        )
        if now or before:
            found.append(_diff(part, now, before if len(ids) > 1 else None, remarks))
    return found, {indicator.code: indicator for _, indicator in rows if indicator is not None}


def _diff(
    part: str,
    now: Mapping[str, PartLine],
    before: Mapping[str, PartLine] | None,
    remarks: Mapping[str, list[Remark]],
) -> PartDiff:
    entries = [
        ComparedLine(
            key, part, _line(now, key), _line(before or {}, key), remarks=remarks.get(key, [])
        )
        for key in _in_order(now, before or {})
    ]
    for entry in entries:
        entry.state = LineState.SAME if before is None else _state(entry)
    return PartDiff(part, entries, before is not None and _reordered(list(now), list(before)))


def _line(rows: Mapping[str, PartLine], key: str) -> ContentLine | None:
    row = rows.get(key)
    return None if row is None else decode(row.part, key, row.data)


def _state(entry: ComparedLine) -> LineState:
    if entry.now is None:
        return LineState.REMOVED
    if entry.before is None:
        return LineState.ADDED
    return LineState.SAME if entry.now == entry.before else LineState.CHANGED


def _in_order(now: Iterable[str], before: Iterable[str]) -> list[str]:
    """List the keys as they stand, each removed one after the line that it stood after."""
    keys, previous = list(now), None
    there = set(keys)
    for key in before:
        if key not in there:
            keys.insert(keys.index(previous) + 1 if previous is not None else 0, key)
        previous = key
    return keys


def _reordered(now: list[str], before: list[str]) -> bool:
    """Tell whether lines that are in both stand in another order."""
    both = set(now) & set(before)
    return [key for key in now if key in both] != [key for key in before if key in both]
