"""Say, in SQL, what holds of a unit on a day: that it has not ended, and that it takes part.

The day is that in Viet Nam: the clock's, unless the parameter `TODAY` gives one.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, or_

from lth.core import clock
from lth.models import Participation

TODAY = "today"
"""The parameter of what is asked of the day in Viet Nam: the clock's, unless one is given."""

THAT_DAY = bindparam(TODAY, callable_=clock.today, type_=Date)


def exists_on(unit: Any) -> ColumnElement[bool]:
    """Say that a unit has not ended by the day: nobody of another is reminded of anything."""
    return or_(unit.valid_to.is_(None), unit.valid_to > THAT_DAY)


def takes_part(row: Any = Participation, *, until: Any = THAT_DAY) -> ColumnElement[bool]:
    """Say that the unit of a row of `Participation` takes part on the day.

    Every list, count and rule that asks who takes part asks it by this. A unit that has left keeps
    its row: what names it, such as a frozen receipt, finds it. `until` asks, instead, who has
    stayed beyond another day, such as the last of a window.
    """
    return and_(
        or_(row.joined_on.is_(None), row.joined_on <= THAT_DAY),
        or_(row.left_on.is_(None), row.left_on > until),
    )
