"""When a document is due: the nearest override wins, for units that have not begun too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lth.models import Deadline, Unit
from lth.models.plan import Kind


@dataclass(frozen=True)
class Due:
    """The day shown, the last day let pass, and the last day for corrections."""

    on: date
    latest: date
    last_correction_on: date | None
    setter_id: int

    def days_left(self, today: date) -> int:
        """Calendar days until the day shown; negative once it is past."""
        return (self.on - today).days

    def late(self, today: date) -> bool:
        """Past the day shown and its grace: the day itself ends at 24:00."""
        return today > self.latest


def due_dates(
    session: Session, units: Iterable[Unit], period_id: int, kind: Kind
) -> dict[int, Due]:
    """The due date of each unit that has one, by unit id, in one query.

    Of the deadlines set by the units above, the nearest setter's wins, and within one setter
    that for the one unit goes before that for all.
    """
    members = list(units)
    above = {ancestor for unit in members for ancestor in unit.ancestor_ids}
    ids = [unit.id for unit in members]
    statement = select(Deadline).where(
        Deadline.setter_id.in_(above),
        Deadline.period_id == period_id,
        Deadline.kind == kind,
        or_(Deadline.unit_id.is_(None), Deadline.unit_id.in_(ids)),
    )
    rows = {(row.setter_id, row.unit_id): row for row in session.scalars(statement)}
    found = ((unit.id, _nearest(unit, rows)) for unit in members)
    return {unit_id: _due(row) for unit_id, row in found if row is not None}


def own_due_dates(session: Session, unit: Unit) -> dict[tuple[int, Kind], Due]:
    """Every due date of one unit, by period and kind, in one query."""
    statement = select(Deadline).where(
        Deadline.setter_id.in_(unit.ancestor_ids),
        or_(Deadline.unit_id.is_(None), Deadline.unit_id == unit.id),
    )
    grouped: dict[tuple[int, Kind], dict[tuple[int, int | None], Deadline]] = {}
    for row in session.scalars(statement):
        grouped.setdefault((row.period_id, row.kind), {})[row.setter_id, row.unit_id] = row
    nearest = ((key, _nearest(unit, rows)) for key, rows in grouped.items())
    return {key: _due(row) for key, row in nearest if row is not None}


def _nearest(unit: Unit, rows: dict[tuple[int, int | None], Deadline]) -> Deadline | None:
    for setter in reversed(unit.ancestor_ids):
        row = rows.get((setter, unit.id)) or rows.get((setter, None))
        if row is not None:
            return row
    return None


def _due(row: Deadline) -> Due:
    return Due(row.due_on, row.latest_on, row.last_correction_on, row.setter_id)
