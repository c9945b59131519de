"""Say, in SQL, which of the units that take part in a period owe a kind of document there.

Every list, count and rule that asks who owes a document asks it by this.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true
from sqlalchemy.orm import aliased

from lth.models import Participation, Period
from lth.models.kind import Kind, MadeBy
from lth.units.on_day import takes_part

_BELOW = aliased(Participation)


def has_units_below(unit_id: Any, period_id: Any) -> ColumnElement[bool]:
    """Say that units take part below a unit in a period."""
    return exists().where(
        _BELOW.parent_id == unit_id, _BELOW.period_id == period_id, takes_part(_BELOW)
    )


def owes(kind: Kind, row: Any = Participation) -> ColumnElement[bool]:
    """Say that the unit of a row of `Participation` owes a kind of document in the row's period."""
    return and_(of_use(kind, row.period_id), made_there(kind, row.unit_id, row.period_id))


def of_use(kind: Kind, period_id: Any) -> ColumnElement[bool]:
    """Say that a period is one in which documents of the kind are written."""
    return period_id.in_(select(Period.id).where(Period.use == kind.use))


def made_there(kind: Kind, unit_id: Any, period_id: Any) -> ColumnElement[bool]:
    """Say that a unit that takes part is one of those that make documents of the kind."""
    if kind.made_by is MadeBy.ALL:
        return true()
    below = has_units_below(unit_id, period_id)
    return below if kind.made_by is MadeBy.PARENTS else not_(below)


def made_by_unit(unit_id: Any, period_id: Any, kind: Any) -> ColumnElement[bool]:
    """Say the same of a kind that stands in a column."""
    below = has_units_below(unit_id, period_id)
    all_, lowest, parents = (
        or_(*(kind == one for one in Kind.all() if one.made_by is made)) for made in MadeBy
    )
    return or_(all_, and_(lowest, not_(below)), and_(parents, below))


def makes(kind: Kind, *, has_below: bool) -> bool:
    """Tell whether a unit with or without units below it makes documents of a kind."""
    return kind.made_by is MadeBy.ALL or (kind.made_by is MadeBy.PARENTS) is has_below
