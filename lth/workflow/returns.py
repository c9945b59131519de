"""A return that points at items: what it unlocks, and whether an item has been changed since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Text, cast, insert, literal, null, select, union_all
from sqlalchemy.orm import Session

from lth.models import PartLine, Remark, UnlockedLine
from lth.workflow.revisions import PARTS, content_columns

WHOLE = ""
"""The key of a remark on the whole document."""


def place_of(line_key: str) -> str:
    """An indicator in a phase, whichever of its lines; any other line is a place of its own."""
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
    table = UnlockedLine.__table__
    names = [column.name for column in table.columns if column.name != "revision_id"]
    rows = select(*[table.c[name] for name in names], literal(target_id))
    session.execute(
        table.insert().from_select(
            [*names, "revision_id"], rows.where(table.c.revision_id == source_id)
        )
    )


@dataclass(frozen=True)
class Changes:
    """The keys of the lines that differ between two revisions; `new` only the later one has.

    `parts` are the names of the parts in which some line differs.
    """

    keys: Collection[str]
    new: Collection[str]
    parts: Collection[str]

    def touch(self, line_key: str) -> bool:
        """Whether an item differs: its line, one added at its place, its part, or the whole."""
        if line_key == WHOLE:
            return bool(self.keys)
        if line_key in self.keys or line_key in self.parts:
            return True
        return "@" in line_key and place_of(line_key) in map(place_of, self.new)


def changes(session: Session, before_id: int, after_id: int) -> Changes:
    """How two revisions differ, in one query; the caller has checked the scope."""
    lines: dict[int, dict[str, Row[Any]]] = {before_id: {}, after_id: {}}
    for row in session.execute(_lines(before_id, after_id)):
        lines[row.revision_id][row.line_key] = row
    before, after = lines[before_id], lines[after_id]
    keys = {key for key in before.keys() | after.keys() if not _same(before, after, key)}
    parts = {(after.get(key) or before[key]).part for key in keys}
    return Changes(keys, keys - before.keys(), parts - {""})


def _same(before: Mapping[str, Row[Any]], after: Mapping[str, Row[Any]], key: str) -> bool:
    return key in before and key in after and before[key][1:] == after[key][1:]


def _lines(*revision_ids: int) -> Select[Any]:
    """The content of every line of some revisions, in columns of texts: the tables differ."""
    widest = max(len(content_columns(table)) for table in PARTS)
    arms = []
    for table in PARTS:
        texts = [cast(getattr(table, name), Text) for name in content_columns(table)]
        part = cast(PartLine.part, Text) if table is PartLine else cast(literal(""), Text)
        blank = [cast(null(), Text)] * (widest - len(texts))
        columns = [text.label(f"text_{at}") for at, text in enumerate([*texts, *blank])]
        arms.append(
            select(table.revision_id, table.line_key, part.label("part"), *columns).where(
                table.revision_id.in_(revision_ids)
            )
        )
    lines = union_all(*arms).subquery()
    return select(lines)
