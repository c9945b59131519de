"""Settings that a unit makes for all units below it; each of them may differ.

Who has settings of its own keeps them. All others have those of the nearest unit above that says
anything for all below it, written into their rows, where whoever asks for them reads them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, below, system
from lth.administration import unit_settings
from lth.administration.context import AdminContext, fingerprint
from lth.core.errors import NotFoundError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Unit, UnitSettings
from lth.models.opinion import Aspect


@dataclass(frozen=True)
class Defaults:
    """What a unit says for all below it; the opinions are asked by those that appraise."""

    clearance_needed: bool = True
    required_opinions: tuple[Aspect, ...] = ()

    @property
    def kept(self) -> dict[str, Any]:
        """Return them as they are kept, and as the trail tells them."""
        opinions = sorted(aspect.value for aspect in self.required_opinions)
        return {"clearance_needed": self.clearance_needed, "required_opinions": opinions}


@dataclass(frozen=True)
class Applied:
    """Numbers of the units whose settings are others now, of all that follow, and of those that
    have their own.
    """

    changed: int
    follow: int
    differ: int


def read(session: Session, unit: Unit) -> Defaults | None:
    """Return what a unit has said for all below it; None where it has said nothing."""
    row = session.get(UnitSettings, unit.id)
    if row is None or row.for_below is None:
        return None
    opinions = tuple(Aspect(word) for word in row.for_below["required_opinions"])
    return Defaults(row.for_below["clearance_needed"], opinions)


def version(session: Session, unit: Unit) -> str:
    """Return what changes whenever a unit says something else for all below it."""
    found = read(session, unit)
    return fingerprint(found.kept if found else None)


def followed(session: Session, unit: Unit) -> str:
    """Name the unit above whose settings a unit has; empty where it has its own, or the common."""
    row = session.get(UnitSettings, unit.id)
    if row is None or row.own or row.from_unit_id is None:
        return ""
    return session.get_one(Unit, row.from_unit_id).full_name


def differing(session: Session, unit: Unit, *, most: int) -> list[tuple[Unit, UnitSettings]]:
    """List the units below that have settings of their own, or say something for all below them."""
    statement = (
        select(Unit, UnitSettings)
        .join(UnitSettings, UnitSettings.unit_id == Unit.id)
        .where(
            below(Unit.path, unit.path),
            or_(UnitSettings.own, UnitSettings.for_below.is_not(None)),
        )
        .order_by(Unit.sort_key, Unit.id)
        .limit(most)
    )
    return [tuple(row) for row in session.execute(statement)]


def save(admin: AdminContext, wanted: Defaults, seen: str) -> Applied:
    """Say something for all units below; the caller commits.

    Raises:
        StaleError: it is no longer as it was seen.
    """
    row = unit_settings.lock(admin.session, admin.own_unit)
    admin.check_seen(seen, version(admin.session, admin.own_unit), "settings.below")
    before = row.for_below or {}
    row.for_below = wanted.kept
    admin.session.flush()
    with system(admin.session, Purpose.ADMINISTER):
        applied = _apply(admin.session, admin.own_unit)
    if before != wanted.kept:
        told = {name: (before.get(name), value) for name, value in wanted.kept.items()}
        admin.note("settings.below", "", told | {"units": (None, applied.changed)})
    return applied


def own_version(row: UnitSettings) -> str:
    """Return what changes whenever a unit's own settings do."""
    return fingerprint(row.own, row.clearance_needed, row.required_opinions)


def reset(admin: AdminContext, unit_id: int, seen: str) -> Unit:
    """Have a unit below follow again those above it; the caller commits.

    Raises:
        NotFoundError: it is no unit below.
        StaleError: its settings are no longer as they were seen.
    """
    unit = admin.session.get(Unit, unit_id)
    inside = unit is not None and unit.path.startswith(admin.own_unit.path)
    if unit is None or not inside or unit.id == admin.unit_id:
        raise NotFoundError
    with system(admin.session, Purpose.ADMINISTER):
        row = unit_settings.lock(admin.session, unit)
        if own_version(row) != seen:
            text = N_("Đơn vị này vừa đổi thiết lập. Hãy xem lại trước khi thay.")
            raise StaleError(Message(text))
        before = {"clearance_needed": row.clearance_needed}
        before["required_opinions"] = row.required_opinions
        row.own = False
        admin.session.flush()
        _apply(admin.session, admin.own_unit, only=unit.id)
        now = {"clearance_needed": row.clearance_needed}
        now["required_opinions"] = row.required_opinions
        told = {name: (before[name], now[name]) for name in before}
        admin.note("settings.reset", unit.full_name, told)
    return unit


def _apply(session: Session, root: Unit, only: int | None = None) -> Applied:
    """Write into the rows below a unit what the nearest above each has said."""
    changed = follow = differ = 0
    for unit, row, source in _below(session, root):
        if only is not None and unit.id != only:
            continue
        if row is not None and row.own:
            differ += 1
            continue
        follow += 1
        wanted = _wanted(source, unit)
        there = (row.clearance_needed, row.required_opinions) if row is not None else (True, [])
        changed += there != wanted
        kept = row or UnitSettings(unit_id=unit.id)
        kept.clearance_needed, kept.required_opinions = wanted
        kept.from_unit_id = source.unit_id if source is not None else None
        session.add(kept)
    session.flush()
    return Applied(changed, follow, differ)


def _wanted(source: UnitSettings | None, unit: Unit) -> tuple[bool, list[str]]:
    if source is None or source.for_below is None:
        return True, []
    return source.for_below["clearance_needed"], list(source.for_below["required_opinions"])


def _below(
    session: Session, root: Unit
) -> Iterator[tuple[Unit, UnitSettings | None, UnitSettings | None]]:
    """Return each unit below with its row, and the row of the nearest above that says anything."""
    above = select(UnitSettings).where(
        UnitSettings.unit_id.in_([*root.ancestor_ids, root.id]),
        UnitSettings.for_below.is_not(None),
    )
    says = {row.unit_id: row for row in session.scalars(above)}
    statement = (
        select(Unit, UnitSettings)
        .outerjoin(UnitSettings, UnitSettings.unit_id == Unit.id)
        .where(below(Unit.path, root.path), Unit.valid_to.is_(None))
        .order_by(Unit.path)
    )
    found = session.execute(statement).all()
    says |= {unit.id: row for unit, row in found if row is not None and row.for_below is not None}
    for unit, row in found:
        nearest = next((says[id_] for id_ in reversed(unit.ancestor_ids) if id_ in says), None)
        yield unit, row, nearest
