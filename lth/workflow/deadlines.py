"""Find when a document is due: the nearest override wins, for units that have not begun too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lth.access.scope import Scope
from lth.administration import calendar_days
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Deadline, Document, Event, Participation, Unit
from lth.models.document import Status
from lth.models.kind import Kind, MadeBy
from lth.units.on_day import THAT_DAY, takes_part
from lth.workflow import owing
from lth.workflow.acts import Act
from lth.workflow.states import CORRECTED, OWED

FINISHING = timedelta(minutes=15)
"""How long after 24:00 of the last day whoever is in the middle of something may finish it."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A day shown, the last day let pass, and the last day on which anything is taken.

    `own_on` is an earlier day that the unit has set for its own people. `extended_from` is the day
    shown before the unit above granted more time. `returned`: the document has come back and is to
    be corrected. `binding` is false where no day binds: of an amendment, or of a unit that takes
    part no more.
    """

    on: date
    latest: date
    last_correction_on: date | None
    setter_id: int
    own_on: date | None = None
    extended_from: date | None = None
    returned: bool = False
    binding: bool = True

    @property
    def day(self) -> date | None:
        """Return the one day that counts: after a return, the last one for corrections.

        None where no day binds. What has come back kept the day shown the first time; where the
        unit above has set no last day for corrections, it binds no more, unless that unit has
        granted more time.
        """
        if not self.binding:
            return None
        if not self.returned:
            return self.on
        return self.last_correction_on or (self.on if self.extended_from is not None else None)

    @property
    def kept_until(self) -> date:
        """Return the day after which more time may be granted, binding or not."""
        return self.day or self.on

    def late(self, today: date) -> bool:
        """Tell whether the day that counts is past: it ends at 24:00."""
        return self.day is not None and today > self.day

    def days_late(self, today: date, calendar: Calendar) -> int | None:
        """Count the working days after the day that counts; None where it is not past."""
        return calendar.between(self.day, today) if self.day and self.late(today) else None

    def come_back(self) -> "Due":
        """Count as of a document that has been returned."""
        return replace(self, returned=True)

    def in_state(self, owed: Status | None) -> "Due":
        """Count by a state that a document is owed in (see `owed_as`); None: not begun."""
        return replace(self, returned=owed in CORRECTED)

    def extended(self, until: date | None) -> "Due":
        """Add the time that the unit above has granted: no day comes earlier, and it overtakes the
        unit's own day.
        """
        if until is None:
            return self
        last, longer = self.last_correction_on, until > self.on
        return replace(
            self,
            on=max(self.on, until),
            latest=max(self.latest, until),
            last_correction_on=max(last, until) if last else None,
            own_on=None if longer else self.own_on,
            extended_from=self.on if longer else None,
        )

    @property
    def shuts_at(self) -> datetime | None:
        """Return when the last day ends, 24:00 in Viet Nam; None where nothing ever shuts."""
        if self.last_correction_on is None:
            return None
        return datetime.combine(self.last_correction_on + ONE_DAY, time(), clock.TIMEZONE)

    def shut(self, now: datetime) -> bool:
        """Tell whether nothing is taken any more: the last day and the time to finish are over."""
        return self.shuts_at is not None and now >= self.shuts_at + FINISHING

    def finishing(self, now: datetime) -> bool:
        """Tell whether the last day is over and what is under way may still be finished."""
        return self.shuts_at is not None and self.shuts_at <= now < self.shuts_at + FINISHING


def owed_as(status: Status, cleared_from: Status | None) -> Status:
    """Draft or returned, also for what has gone on to the unit's own leader: the day that binds
    does not change by that.
    """
    return cleared_from if status is Status.CLEARANCE and cleared_from is not None else status


def of_document(due: Due | None, document: Any, *, bound: bool) -> Due | None:
    """Return a unit's due date as it holds for its document, or a row of `OF_DOCUMENT`.

    What was granted is counted in, its state decides which day counts, and none does of an
    amendment, nor where the unit is not `bound`. `document` is None where none was begun.
    """
    if due is None:
        return None
    if document is None:
        return replace(due, binding=bound)
    counted = due.extended(document.extended_until)
    return replace(
        counted.in_state(owed_as(document.status, document.cleared_from)),
        binding=bound and not amends(document),
    )


OF_DOCUMENT = (
    Document.status,
    Document.cleared_from,
    Document.in_force_number,
    Document.extended_until,
)
"""The columns that `of_document` reads."""


# --- An amendment owes nothing: said of a document, or a row of its columns, and in SQL ----


def owes(document: Any) -> bool:
    """Tell whether a unit still has to send its document up. An amendment of what is in force
    comes whenever it is needed, and no day binds it.
    """
    return document.status in OWED and document.in_force_number is None


def amends(document: Any) -> bool:
    """Tell whether a document is on its way up as an amendment of what is in force."""
    return document.status is not Status.ISSUED and document.in_force_number is not None


OWES: ColumnElement[bool] = and_(
    Document.status.in_(sorted(OWED)), Document.in_force_number.is_(None)
)
AMENDS: ColumnElement[bool] = and_(
    Document.status != Status.ISSUED, Document.in_force_number.is_not(None)
)


# --- A unit that takes part no more is bound by nothing ----------------------------------------

_ROUND = aliased(Participation)


def bound(
    unit_id: Any = Document.unit_id,
    period_id: Any = Document.period_id,
    kind: Any = Document.kind,
) -> ColumnElement[bool]:
    """Say that the unit of a document takes part in its period.

    And that it is one of those that make such a document.
    """
    return and_(
        exists().where(
            _ROUND.unit_id == unit_id, _ROUND.period_id == period_id, takes_part(_ROUND)
        ),
        owing.made_by_unit(unit_id, period_id, kind),
    )


def counted(document: Document) -> ColumnElement[bool]:
    """Say that whoever counts a unit's documents counts this one: the unit takes part, or, of what
    is added up, a unit below it does.
    """
    mine = (
        Participation.parent_id == document.unit_id
        if document.kind.made_by is MadeBy.PARENTS
        else Participation.unit_id == document.unit_id
    )
    return exists().where(Participation.period_id == document.period_id, mine, takes_part())


def shut_out(document: Document, due: Due | None, now: datetime) -> bool:
    """Tell whether the last day of a document that is no amendment is over."""
    return document.in_force_number is None and due is not None and due.shut(now)


class Placed(Protocol):
    """A unit as far as its place in the tree goes."""

    @property
    def id(self) -> int: ...

    @property
    def ancestor_ids(self) -> list[int]: ...


@dataclass(frozen=True)
class Schedule:
    """A document's due day, what was granted counted in, and the working days around it.

    `returned_at` is when the level above last sent it back; `is_counted`, see `counted`.
    """

    due: Due | None
    calendar: Calendar
    returned_at: datetime | None = None
    is_counted: bool = False

    def shut(self, document: Document, now: datetime) -> bool:
        """Tell whether the unit can no longer send the document up.

        What the level above has sent back after the last day is no late document: its unit cannot
        help that. What its own leader has declined since, or what was taken back, does not count.
        """
        if not shut_out(document, self.due, now):
            return False
        if not self.due.returned:
            return True
        return self.returned_at is None or self.returned_at < self.due.shuts_at


def schedule(session: Session, document: Document) -> Schedule:
    """Return the schedule of a document whose unit is loaded, in one query."""
    unit = document.unit
    applies = and_(
        Deadline.setter_id.in_([*unit.ancestor_ids, unit.id]),
        Deadline.period_id == document.period_id,
        Deadline.kind == document.kind,
        or_(Deadline.unit_id.is_(None), Deadline.unit_id == unit.id),
    )
    sent_back = (Event.document_id == Document.id) & (Event.action == Act.RETURN.value)
    returned_at = select(func.max(Event.at)).where(sent_back).scalar_subquery()
    statement = (
        select(
            Deadline,
            calendar_days.EXCEPTIONS,
            type_coerce(returned_at, Event.at.type),
            bound().label("bound"),
            counted(document).label("counted"),
        )
        .select_from(Document)
        .outerjoin(Deadline, applies)
        .where(Document.id == document.id)
    )
    found = session.execute(statement).all()
    rows = {(row.setter_id, row.unit_id): row for row, *_ in found if row is not None}
    due = nearest(unit, rows)
    _, exceptions, returned, is_bound, is_counted = (
        found[0] if found else (None, None, None, False, False)
    )
    due = of_document(due, document, bound=is_bound)
    return Schedule(due, calendar_days.read(exceptions), returned, is_counted)


def due_dates(
    session: Session, units: Iterable[Unit], period_id: int, kind: Kind
) -> dict[int, Due]:
    """Return the due date of each unit that has one, by unit id, in one query, its document aside.

    Of the deadlines set by the units above, the nearest setter's wins, and within one setter
    that for the one unit goes before that for all.
    """
    members = list(units)
    found = session.scalars(_OF_KIND, {"periods": [period_id], "kind": kind, **_those(members)})
    rows = {(row.setter_id, row.unit_id): row for row in found}
    dates = ((unit.id, nearest(unit, rows)) for unit in members)
    return {unit_id: due for unit_id, due in dates if due is not None}


def _those(units: Sequence[Placed]) -> dict[str, Any]:
    """Return the parameters of `_BINDING`."""
    above = {ancestor for unit in units for ancestor in unit.ancestor_ids}
    return {"above": list(above), "ids": [unit.id for unit in units]}


def _one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


_BINDING = select(Deadline).where(
    _one_of(Deadline.period_id, "periods"),
    or_(_one_of(Deadline.setter_id, "above"), Deadline.setter_id == Deadline.unit_id),
    or_(Deadline.unit_id.is_(None), _one_of(Deadline.unit_id, "ids")),
)
"""What was set for some units in some periods, by those above them or by themselves."""

_OF_KIND = _BINDING.where(Deadline.kind == bindparam("kind"))


def due_dates_of(session: Session, documents: Iterable[tuple[Placed, Any]]) -> dict[int, Due]:
    """Return the due date of each document that has one, by its id, as it holds for it; in one
    query, of however many periods and kinds they are. Their rows have `OF_DOCUMENT` and `bound`.
    """
    members = list(documents)
    periods = list({document.period_id for _, document in members})
    those = _those([unit for unit, _ in members])
    grouped = _by_round(session.scalars(_BINDING, {"periods": periods, **those}))
    found = {
        document.id: of_document(
            nearest(unit, grouped.get((document.period_id, document.kind), {})),
            document,
            bound=document.bound,
        )
        for unit, document in members
    }
    return {document_id: due for document_id, due in found.items() if due is not None}


def own_due_dates(session: Session, unit: Unit) -> dict[tuple[int, Kind], Due]:
    """Return every due date of one unit, by period and kind, in one query, its documents aside."""
    statement = select(Deadline).where(
        Deadline.setter_id.in_([*unit.ancestor_ids, unit.id]),
        or_(Deadline.unit_id.is_(None), Deadline.unit_id == unit.id),
    )
    grouped = _by_round(session.scalars(statement))
    found = ((key, nearest(unit, rows)) for key, rows in grouped.items())
    return {key: due for key, due in found if due is not None}


Rows = dict[tuple[int, int | None], Deadline]
"""The deadlines of one period and kind, by who set them for whom."""


def _by_round(rows: Iterable[Deadline]) -> dict[tuple[int, Kind], Rows]:
    grouped: dict[tuple[int, Kind], Rows] = {}
    for row in rows:
        grouped.setdefault((row.period_id, row.kind), {})[row.setter_id, row.unit_id] = row
    return grouped


def nearest(unit: Placed, rows: Mapping[tuple[int, int | None], Any]) -> Due | None:
    """Return the due date of a unit out of the deadlines of one period and kind, extensions aside.

    Neither has to be an entity: rows of their columns do.
    """
    for setter in reversed(unit.ancestor_ids):
        row = rows.get((setter, unit.id)) or rows.get((setter, None))
        if row is not None:
            return _due(row, rows.get((unit.id, unit.id)))
    return None


def _due(row: Any, own: Any) -> Due:
    """Make a due date: the own day counts only while it is earlier. Nothing shuts before grace
    ends, though the calendar may have moved that end since the days were set.
    """
    own_on = own.due_on if own is not None and own.due_on < row.due_on else None
    last = max(row.last_correction_on, row.latest_on) if row.last_correction_on else None
    return Due(row.due_on, row.latest_on, last, row.setter_id, own_on)


# --- The day that binds, as SQL: for lists that are sorted by it, or keep only what is late -----

# The same rule, which a list asks again for the rows that it shows: the nearest setter's day,
# within one setter that for the one unit before that for all, extensions counted in.

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
    nearest_day = func.nullif(func.coalesce(*found, type_=Date), _NO_DAY, type_=Date)
    not_bound = or_(AMENDS, not_(bound(unit_id, period_id, kind)))
    return case((not_bound, null()), else_=nearest_day)


_NO_DAY = literal(date.max, Date)
"""Stands for a deadline that is found and does not bind, so that none further away is looked for.
"""


def _day(applies: ColumnElement[bool]) -> ScalarSelect[date]:
    """Return the day of one deadline as `Due.day` makes it."""
    last = case(
        (Deadline.last_correction_on < Deadline.latest_on, Deadline.latest_on),
        else_=Deadline.last_correction_on,
    )
    shown = case(
        (and_(RETURNED, Deadline.last_correction_on.is_not(None)), last),
        (and_(RETURNED, not_(_more_than(Deadline.due_on))), _NO_DAY),
        else_=Deadline.due_on,
    )
    day = case((_more_than(shown), Document.extended_until), else_=shown)
    return select(day).where(applies).correlate(Document, Participation).scalar_subquery()


def _more_than(day: ColumnElement[date]) -> ColumnElement[bool]:
    granted = Document.extended_until
    return and_(granted.is_not(None), granted > day)


RETURNED: ColumnElement[bool] = or_(
    Document.status.in_(sorted(CORRECTED)),
    and_(Document.status == Status.CLEARANCE, Document.cleared_from.in_(sorted(CORRECTED))),
)
"""That a document has come back and is to be corrected, also while its own leader has it."""


def past(day: ColumnElement[date | None]) -> ColumnElement[bool]:
    """Say that a day is over."""
    return day < THAT_DAY


def late(scope: Scope) -> ColumnElement[bool]:
    """Say that a document's unit still owes it and its day is past; false or null where not.

    A CASE, since SQLite looks at both sides of an AND that is selected: it would look for the day
    of every document.
    """
    return case((OWES, past(binding_day(scope))), else_=false())
