"""Bring the administrative units of the shipped file (`lth/data/README.md`) into the database.

The lists disagree in places, as the real ones do. What cannot be placed is reported and left
out; the import neither fails over it nor guesses.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

from sqlalchemy import String, cast, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from lth.core.i18n import N_, Message
from lth.core.vietnamese import collation_key, fold_tone_position, search_key
from lth.models.unit import Level, Unit, UnitLineage

_TOP_DOWN = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)

_Identity = tuple[Level, str, date]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the file; `key` and `parent` mean something only within it."""

    key: str
    level: Level
    type: str
    name: str
    code: str
    valid_from: date
    valid_to: date | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class LineageRow:
    """Which unit went into which, "whole" or in "part"."""

    from_key: str
    to_key: str
    share: str


@dataclass(frozen=True, slots=True)
class UnitFile:
    """The content of a file of units."""

    header: Mapping[str, Any]
    units: tuple[UnitRow, ...]
    lineage: tuple[LineageRow, ...]


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row that was left out: its key (both keys of a lineage), what it is called, and why."""

    key: str
    reason: str
    name: str = field(default="", compare=False)

    @property
    def said(self) -> Message:
        """Say the reason to whoever imports."""
        return Message(_SAID[self.reason]) if self.reason in _SAID else Message(_MISMATCH)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Numbers of an import. Running it again adds nothing and finds everything present."""

    units_added: int
    units_present: int
    units_ended: int
    lineage_added: int
    lineage_present: int
    problems: tuple[ImportProblem, ...]


_NO_PARENT = "it has no parent"
_NAMESAKE = "another unit bears its type and name under the same parent"
_SAID = {
    _NO_PARENT: N_("không ghi thuộc đơn vị nào"),
    _NAMESAKE: N_("đã có đơn vị khác cùng loại, cùng tên, cùng đơn vị cấp trên"),
}
_MISMATCH = N_("mã trùng với đơn vị khác, hoặc đơn vị cấp trên không đưa vào được")


@dataclass(frozen=True, slots=True)
class ProvinceChoice:
    """A province of the file, with how many units it brings; `valid_to` None: it is there today."""

    key: str
    code: str
    name: str
    valid_from: date
    valid_to: date | None
    units: int


def provinces(rows: UnitFile) -> list[ProvinceChoice]:
    """List the provinces of a file, those of today first, each set by name."""
    top: dict[str, str] = {}
    counts: dict[str, int] = {}
    for level in _TOP_DOWN:
        for row in rows.units:
            if row.level is level:
                above = top.get(row.parent or "", row.key)
                top[row.key] = above
                counts[above] = counts.get(above, 0) + 1
    found = [
        ProvinceChoice(
            row.key,
            row.code,
            f"{row.type} {row.name}",
            row.valid_from,
            row.valid_to,
            counts[row.key],
        )
        for row in rows.units
        if row.level is Level.PROVINCE
    ]
    by_name = {row.key: collation_key(row.name) for row in rows.units}
    return sorted(found, key=lambda one: (one.valid_to is not None, by_name[one.key]))


def read_units() -> UnitFile:
    """Read the units that ship with the product."""
    packed = (resources.files("lth") / "data" / "units.json.gz").read_bytes()
    content = json.loads(gzip.decompress(packed))
    return UnitFile(
        header=content["header"],
        units=tuple(_unit_row(values) for values in content["units"]),
        lineage=tuple(LineageRow(*values) for values in content["lineage"]),
    )


def _unit_row(values: list[Any]) -> UnitRow:
    key, level, *names, start, end, parent = values
    last = date.fromisoformat(end) if end else None
    return UnitRow(key, Level(level), *names, date.fromisoformat(start), last, parent)


def import_units(
    session: Session, rows: UnitFile, *, provinces: set[str] | None = None
) -> ImportReport:
    """Add the units and lineage that the database does not have yet; the caller commits.

    A unit is known by level, code and first day, and a known one is left as it is, except that
    it ends when the file says so. `provinces` (keys of the file) takes in only those provinces
    and what lies in them, and only lineage among these. Raises ValueError if one of these keys
    is no province of the file.
    """
    chosen = _within(rows.units, provinces)
    placement = _Placement(session)
    for level in _TOP_DOWN:
        placement.place(level, [row for row in chosen if row.level is level])
    ended = _end_units(session, placement.endings)
    skipped = {row.key for row in rows.units} - {row.key for row in chosen}
    wanted = [r for r in rows.lineage if r.from_key not in skipped and r.to_key not in skipped]
    lineage_added, lineage_present = placement.link(wanted)
    return ImportReport(
        units_added=placement.added,
        units_present=placement.present,
        units_ended=ended,
        lineage_added=lineage_added,
        lineage_present=lineage_present,
        problems=tuple(placement.problems),
    )


def _within(units: Iterable[UnitRow], provinces: set[str] | None) -> list[UnitRow]:
    """Return the rows of these provinces and all below them; all rows if none are named."""
    units = list(units)
    if provinces is None:
        return units
    unknown = provinces - {row.key for row in units if row.level is Level.PROVINCE}
    if unknown:
        raise ValueError(f"no such provinces in the file: {sorted(unknown)}")
    inside = set(provinces)
    for level in _TOP_DOWN:
        inside |= {row.key for row in units if row.level is level and row.parent in inside}
    return [row for row in units if row.key in inside]


class _Placement:
    """The ids of the units placed so far, by their keys in the file, and what had no place."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ids: dict[str, int] = {}
        self.problems: list[ImportProblem] = []
        self.endings: list[dict[str, Any]] = []
        self.added = self.present = 0
        self._claimed: dict[_Identity, str] = {}

    def place(self, level: Level, rows: list[UnitRow]) -> None:
        """Find or add the units of one level, whose parents have been placed before."""
        units = self._units(level)
        names = {(u.parent_id, u.type, u.name, u.valid_from) for u in units.values()}
        fresh: list[UnitRow] = []
        for row in rows:
            unit = units.get(_identity(row))
            reason = self._objection(row) or (self._mismatch(row, unit) if unit else None)
            name = (self.ids.get(row.parent or ""), row.type, row.name, row.valid_from)
            if not reason and not unit and name in names:
                reason = _NAMESAKE
            if reason:
                self.problems.append(ImportProblem(row.key, reason, f"{row.type} {row.name}"))
                continue
            self._claimed[_identity(row)] = row.key
            names.add(name)
            if unit:
                self._recognise(row, unit)
            else:
                fresh.append(row)
        self._add(level, fresh)

    def link(self, rows: Iterable[LineageRow]) -> tuple[int, int]:
        """Add the lineage between placed units: how many rows are new, how many were there."""
        pairs = self.session.execute(select(UnitLineage.from_unit_id, UnitLineage.to_unit_id))
        there = {tuple(pair) for pair in pairs}
        fresh: dict[tuple[int, int], str] = {}
        present = 0
        for row in rows:
            ends = (self.ids.get(row.from_key), self.ids.get(row.to_key))
            if None in ends:
                lost = row.to_key if ends[0] else row.from_key
                self.problems.append(
                    ImportProblem(f"{row.from_key} → {row.to_key}", f"{lost} has no place")
                )
            elif ends in there:
                present += 1
            else:
                fresh[ends] = row.share
        if fresh:
            values = [
                {"from_unit_id": start, "to_unit_id": end, "share": share}
                for (start, end), share in fresh.items()
            ]
            self.session.execute(insert(UnitLineage.__table__), values)
        return len(fresh), present

    def _units(self, level: Level) -> dict[_Identity, Any]:
        """Read the database's units of one level."""
        query = select(
            *(Unit.id, Unit.code, Unit.type, Unit.name, Unit.parent_id),
            *(Unit.valid_from, Unit.valid_to),
        ).where(Unit.level == level)
        return {(level, u.code, u.valid_from): u for u in self.session.execute(query)}

    def _objection(self, row: UnitRow) -> str | None:
        """Say why the row has no place, whatever the database holds."""
        twin = self._claimed.get(_identity(row))
        if twin:
            return f"same level, code and first day as {twin}"
        if row.parent is None and row.level is not Level.PROVINCE:
            return _NO_PARENT
        if row.parent is not None and row.parent not in self.ids:
            return f"its parent {row.parent} has no place"
        return None

    @staticmethod
    def _mismatch(row: UnitRow, unit: Any) -> str | None:
        """Say what is against its being that unit: codes are reused between lists."""
        if _spelling(row.name) == _spelling(unit.name):
            return None
        return f"the database has {unit.type} {unit.name} under its code"

    def _recognise(self, row: UnitRow, unit: Any) -> None:
        self.present += 1
        self.ids[row.key] = unit.id
        if unit.valid_to is None and row.valid_to is not None:
            self.endings.append({"id": unit.id, "valid_to": row.valid_to})

    def _add(self, level: Level, fresh: list[UnitRow]) -> None:
        if not fresh:
            return
        parents = [self.ids.get(row.parent or "") for row in fresh]
        values = [_unit_values(row, parent) for row, parent in zip(fresh, parents, strict=True)]
        self.session.execute(insert(Unit.__table__), values)
        _write_paths(self.session, level)
        units = self._units(level)
        self.ids |= {row.key: units[_identity(row)].id for row in fresh}
        self.added += len(fresh)


def _identity(row: UnitRow) -> _Identity:
    return row.level, row.code, row.valid_from


def _spelling(name: str) -> str:
    return fold_tone_position(name).casefold()


def _unit_values(row: UnitRow, parent_id: int | None) -> dict[str, Any]:
    """Return a new unit's columns. Namesakes sort by type: thị trấn Định An before xã Định An."""
    same = ("level", "type", "name", "code", "valid_from", "valid_to")
    return {
        **{name: getattr(row, name) for name in same},
        "parent_id": parent_id,
        "path": "",  # holds the row's own id, which the database is only now to give
        "sort_key": f"{collation_key(row.name)} {row.type}",
        "search_key": search_key(f"{row.type} {row.name}"),
    }


def _write_paths(session: Session, level: Level) -> None:
    """Give the new units of a level their path: the parent's, then the own id and a dot."""
    parent = aliased(Unit)
    above = select(parent.path).where(parent.id == Unit.parent_id).scalar_subquery()
    session.execute(
        update(Unit)
        .where(Unit.level == level, Unit.path == "")
        .values(path=func.coalesce(above, "") + cast(Unit.id, String) + ".")
        .execution_options(synchronize_session=False)
    )


def _end_units(session: Session, endings: list[dict[str, Any]]) -> int:
    """End the units that the file says have ended."""
    if endings:
        session.execute(update(Unit), endings)
        session.expire_all()
    return len(endings)
