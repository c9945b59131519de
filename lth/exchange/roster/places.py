"""Units as a list names them, among those that an administrator reaches: one, and all below it.

A unit out of reach is not found, just as one that does not exist.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lth.access.scope import below
from lth.core.vietnamese import fold_tone_position, one_line, search_key
from lth.exchange.roster.words import nearest
from lth.models import Unit

_OFFICE_OF = re.compile(r"^(ubnd|uỷ ban nhân dân|ủy ban nhân dân)\s+", re.IGNORECASE)
_SHORT_TYPES = {
    "x": "xã",
    "p": "phường",
    "tt": "thị trấn",
    "đk": "đặc khu",
    "h": "huyện",
    "q": "quận",
    "tx": "thị xã",
    "tp": "thành phố",
    "t": "tỉnh",
}
_SHORT_TYPE = re.compile(
    rf"^({'|'.join(_SHORT_TYPES)})\s*\.\s*(?=\S)|^(tp|tt|tx)\s+", re.IGNORECASE
)
_CODE_LENGTHS = (5, 3, 2)
_MOST_GUESSES = 400
"""How many names that nobody knows are compared with all units; a list beyond that is no list."""


@dataclass(frozen=True)
class ReachedUnits:
    """The units in force within an administrator's reach, the highest first, by name."""

    root: Unit
    units: Sequence[Unit]

    @property
    def by_id(self) -> dict[int, Unit]:
        return {unit.id: unit for unit in self.units}


def reach(session: Session, root: Unit, on: date) -> ReachedUnits:
    """Read a unit and those below it that are in force on a day."""
    chosen = (
        select(Unit)
        .where(
            or_(Unit.id == root.id, below(Unit.path, root.path)),
            Unit.valid_from <= on,
            or_(Unit.valid_to.is_(None), Unit.valid_to > on),
        )
        .order_by(Unit.sort_key, Unit.id)
    )
    found = list(session.scalars(chosen))
    return ReachedUnits(root, sorted(found, key=lambda unit: unit.path.count(".")))


class Places:
    """Finds units by name, by the units above, or by national code."""

    def __init__(self, reached: ReachedUnits):
        self.reach = reached
        self._names = {unit.id: unit for unit in reached.units}
        self._exact: dict[str, list[Unit]] = {}
        self._plain: dict[str, list[Unit]] = {}
        self._codes: dict[str, list[Unit]] = {}
        for unit in reached.units:
            for name in (unit.full_name, unit.name):
                self._exact.setdefault(_exact_key(name), []).append(unit)
                self._plain.setdefault(search_key(name), []).append(unit)
            self._codes.setdefault(unit.code, []).append(unit)
        self._near = lru_cache(maxsize=4096)(self._nearest)

    def by_code(self, typed: str) -> list[Unit]:
        """Find the units of a national code, also one that has lost its zeros to a number."""
        code = one_line(typed)
        if not code.isdecimal() or not code.isascii():
            return []
        padded = [code, *(code.zfill(length) for length in _CODE_LENGTHS if length > len(code))]
        return next((found for each in padded if (found := self._codes.get(each))), [])

    def by_name(self, typed: str) -> list[Unit]:
        """Find the units that a text means: with type or without, abbreviated, with marks or, if it
        has none at all, without; with the unit above in brackets or after a comma.
        """
        found = self._called(typed)
        if found:
            return found
        name, area = _parted(typed)
        return self.within(self._called(name), area) if area else []

    def within(self, units: Collection[Unit], area: str) -> list[Unit]:
        """Return those of some units that lie in the areas that are named, with commas between."""
        if not area.strip(" ,"):
            return list(units)
        return [unit for unit in units if self._lies_in(unit, area)]

    def near(self, typed: str) -> tuple[Unit, ...]:
        """Return up to three units that were probably meant, the likeliest first."""
        if self._near.cache_info().misses >= _MOST_GUESSES:
            return ()
        return self._near(search_key(_spelt_out(_parted(typed)[0] or typed)))

    def _called(self, typed: str) -> list[Unit]:
        name = _spelt_out(typed)
        plain = search_key(name)
        if found := self._exact.get(_exact_key(name)):
            return _ones(found)
        has_marks = plain != name.casefold()
        return [] if has_marks else _ones(self._plain.get(plain, []))

    def _lies_in(self, unit: Unit, area: str) -> bool:
        """Tell whether a unit lies in all the areas that are named; its own name is one too."""
        above = [self._names[one] for one in (*unit.ancestor_ids, unit.id) if one in self._names]
        known = {key for one in above for key in (search_key(one.full_name), search_key(one.name))}
        known |= self._above_root()
        named = (search_key(_spelt_out(part)) for part in area.split(","))
        return all(name in known for name in named if name)

    def _above_root(self) -> set[str]:
        parent = self.reach.root.parent
        return {search_key(parent.full_name), search_key(parent.name)} if parent else set()

    def _nearest(self, key: str) -> tuple[Unit, ...]:
        close = nearest(key, self._plain, most=6)
        return tuple(_ones([unit for name in close for unit in self._plain[name]])[:3])


def _ones(units: Collection[Unit]) -> list[Unit]:
    """Return units without repetition, in their order."""
    return list({unit.id: unit for unit in units}.values())


def _exact_key(name: str) -> str:
    return fold_tone_position(one_line(name)).casefold()


def _spelt_out(typed: str) -> str:
    """Return a name as lists of units have it: "UBND X. Tập Sơn" → "xã Tập Sơn"."""
    name = _OFFICE_OF.sub("", one_line(typed))
    short = _SHORT_TYPE.match(name)
    if short is None:
        return name
    return f"{_SHORT_TYPES[(short[1] or short[2]).lower()]} {name[short.end() :]}"


def _parted(typed: str) -> tuple[str, str]:
    """Part "xã Tập Sơn (huyện Trà Cú)" and "xã Tập Sơn, huyện Trà Cú" into name and area."""
    name, bracket, area = one_line(typed).partition("(")
    if not bracket:
        name, _, area = name.partition(",")
    return name.strip(), area.strip(" )")
