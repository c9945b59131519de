"""Find the day that binds in SQL: for lists sorted by it, or that keep only what is late.

The same rule as `deadlines.py`, which a list asks again for the rows that it shows: the nearest
setter's day, within one setter that for the one unit before that for all, extensions counted in.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    and_,
    bindparam,
    case,
    false,
    func,
    null,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from lth.access.scope import Scope
from lth.models import Deadline, Document, Participation
from lth.models.kind import Kind
from lth.workflow.deadlines import AMENDS, OWES
from lth.workflow.states import CORRECTED

TODAY = "today"
"""The parameter that `late` reads: the day in Viet Nam."""

UnitId = InstrumentedAttribute[int]


def binding_day(
    scope: Scope,
    unit_id: UnitId = Document.unit_id,
    period_id: Any = Document.period_id,
    kind: Kind | InstrumentedAttribute[Kind] = Document.kind,
) -> ColumnElement[date | None]:
    """Find the day that binds a unit of the scope's, or one directly below it; null for none.

    The unit's document stands in the query as `Document`, or is outer-joined and missing.
    """
    place = and_(Deadline.period_id == period_id, Deadline.kind == kind)
    found = [
        _day(and_(Deadline.setter_id == setter, unit_id != setter, whom, place))
        for setter in reversed([*scope.ancestor_ids, scope.unit_id])
        for whom in (Deadline.unit_id == unit_id, Deadline.unit_id.is_(None))
    ]
    return func.coalesce(*found, type_=Date)


def _day(applies: ColumnElement[bool]) -> ScalarSelect[date]:
    """Return the day of one deadline as `Due.extended` and `Due.binds` make it."""
    last = case(
        (Deadline.last_correction_on < Deadline.latest_on, Deadline.latest_on),
        else_=Deadline.last_correction_on,
    )
    mended = and_(Document.status.in_(CORRECTED), Deadline.last_correction_on.is_not(None))
    shown = case((mended, last), else_=Deadline.due_on)
    day = case((Document.extended_until > shown, Document.extended_until), else_=shown)
    return select(day).where(applies).correlate(Document, Participation).scalar_subquery()


def shown_day(scope: Scope) -> ColumnElement[date | None]:
    """Return the day that binds a document, as lists show it: an amendment has none."""
    return case((AMENDS, null()), else_=binding_day(scope))


def late(scope: Scope) -> ColumnElement[bool]:
    """Say that a document's unit still owes it and its day is past; false or null where not.

    A CASE, since SQLite looks at both sides of an AND that is selected: it would look for the day
    of every document.
    """
    return case((OWES, binding_day(scope) < bindparam(TODAY, type_=Date)), else_=false())
