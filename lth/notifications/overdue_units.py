"""Units that still owe a document: all that take part and have not sent theirs up, with its day.

Columns are read, and no entities, a round (a period and kind) at a time, in as many queries however
many units there are. Runs within a system scope (`Purpose.TICK`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import Deadline, Document, Participation, Period, Revision, RevisionEditor, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.units.on_day import TODAY, exists_on, takes_part
from lth.workflow import owing, reminder_schedule
from lth.workflow.deadlines import (
    OF_DOCUMENT,
    OWES,
    Due,
    nearest,
    of_document,
    owed_as,
    owes,
)
from lth.workflow.states import WRITTEN


@dataclass(frozen=True)
class OwingRound:
    """A period and kind, with every deadline set for it, by setter and unit (or None for all)."""

    period_id: int
    period_code: str
    programme_id: int
    kind: Kind
    deadlines: Mapping[tuple[int, int | None], Row[Any]]


@dataclass(frozen=True)
class UnitAbove:
    """The unit that receives a document."""

    id: int
    name: str


@dataclass(frozen=True)
class UnitPlace:
    """A unit's place in the tree."""

    id: int
    path: str

    @property
    def ancestor_ids(self) -> list[int]:
        return [int(part) for part in self.path.rstrip(".").split(".")][:-1]


@dataclass(frozen=True)
class Debtor(UnitPlace):
    """A unit that owes its document of a round, and where that stands if it has begun one.

    `since` is the day on which it came to its state; `asked_until` the day until which its unit
    asks for more time and has had no answer.
    """

    name: str
    above: UnitAbove | None
    document_id: int | None
    status: Status | None
    owed_as: Status | None
    since: date | None
    extended_until: date | None
    asked_until: date | None

    def due(self, round_: OwingRound) -> Due | None:
        """Return when it is due there, with the time that was granted."""
        due = nearest(self, round_.deadlines)
        return due.extended(self.extended_until).in_state(self.owed_as) if due else None


# --- Rounds -------------------------------------------------------------------------------


def rounds(session: Session, first: date, last: date, calendar: Calendar) -> list[OwingRound]:
    """List the rounds with a rung of the ladder between two days, in four queries at most."""
    live = _in_season(session, first, last, calendar)
    if not live:
        return []
    columns = select(Period.id, Period.code, Period.programme_id)
    periods = {row.id: row for row in session.execute(columns)}
    deadlines = _deadlines(session, sorted({period_id for period_id, _ in live}))
    return [
        OwingRound(
            period_id=period_id,
            period_code=periods[period_id].code,
            programme_id=periods[period_id].programme_id,
            kind=kind,
            deadlines=deadlines.get((period_id, kind), {}),
        )
        for period_id, kind in sorted(live)
    ]


def _deadlines(
    session: Session, period_ids: list[int]
) -> dict[tuple[int, Kind], dict[tuple[int, int | None], Row[Any]]]:
    """Read every deadline of some periods, by period and kind, then by setter and unit."""
    statement = select(
        *(Deadline.period_id, Deadline.kind, Deadline.setter_id, Deadline.unit_id),
        *(Deadline.due_on, Deadline.latest_on, Deadline.last_correction_on),
    ).where(Deadline.period_id.in_(period_ids))
    deadlines: dict[tuple[int, Kind], dict[tuple[int, int | None], Row[Any]]] = {}
    for row in session.execute(statement):
        round_ = deadlines.setdefault((row.period_id, row.kind), {})
        round_[row.setter_id, row.unit_id] = row
    return deadlines


def _in_season(
    session: Session, first: date, last: date, calendar: Calendar
) -> set[tuple[int, Kind]]:
    over = calendar.shift(first, -max(rung.workdays for rung in reminder_schedule.AFTER))
    began = calendar.shift(last, -min(rung.workdays for rung in reminder_schedule.BEFORE))
    ends = or_(Deadline.latest_on >= over, Deadline.last_correction_on >= over)
    due = select(Deadline.period_id, Deadline.kind).where(Deadline.due_on <= began, ends)
    granted = select(Document.period_id, Document.kind).where(
        Document.extended_until.between(over, began)
    )
    return {
        (row.period_id, row.kind)
        for statement in (due, granted)
        for row in session.execute(statement.distinct())
    }


# --- Units --------------------------------------------------------------------------------

_above = aliased(Unit)


def debtors(session: Session, round_: OwingRound, today: date) -> Iterator[Debtor]:
    """Read the units that owe a document of a round on a day, without ended ones, in one query.

    Of syntheses, those with participating units below them, as in the inbox of the unit above. An
    amendment of what is in force is owed to nobody.
    """
    for row in session.execute(_owing(round_, today)):
        yield _debtor(row)


def _owing(round_: OwingRound, today: date) -> Select[Any]:
    live = and_(
        Document.unit_id == Participation.unit_id,
        Document.period_id == Participation.period_id,
        Document.kind == round_.kind,
        Document.status != Status.REVOKED,
    )
    above_id = case((Document.id.is_(None), Participation.parent_id), else_=Document.next_unit_id)
    return (
        select(
            *(Unit.id, Unit.path, Unit.type, Unit.name),
            *(Document.id.label("document_id"), Document.status, Document.status_since),
            *(
                Document.cleared_from,
                Document.extended_until,
                Document.asked_until,
                Document.asked_answer,
            ),
            *(_above.id.label("above_id"), _above.type.label("above_type")),
            _above.name.label("above_name"),
        )
        .select_from(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .outerjoin(Document, live)
        .outerjoin(_above, _above.id == above_id)
        .where(
            Participation.period_id == round_.period_id,
            takes_part(),
            exists_on(Unit),
            or_(Document.id.is_(None), OWES),
            owing.owes(round_.kind),
        )
        .order_by(Unit.sort_key, Unit.id)
    ).params({TODAY: today})


def _debtor(row: Row[Any]) -> Debtor:
    waits = row.asked_until is not None and row.asked_answer is None
    return Debtor(
        id=row.id,
        path=row.path,
        name=f"{row.type} {row.name}",
        above=UnitAbove(row.above_id, f"{row.above_type} {row.above_name}")
        if row.above_id
        else None,
        document_id=row.document_id,
        status=row.status,
        owed_as=owed_as(row.status, row.cleared_from) if row.document_id else None,
        since=clock.local(row.status_since).date() if row.document_id else None,
        extended_until=row.extended_until,
        asked_until=row.asked_until if waits else None,
    )


def writers(session: Session, round_: OwingRound) -> dict[int, set[int]]:
    """Return who edited the newest revision of the round's documents being written, by id."""
    statement = (
        select(Document.id, RevisionEditor.person_id)
        .join(
            Revision,
            and_(Revision.document_id == Document.id, Revision.number == Document.head_number),
        )
        .join(RevisionEditor, RevisionEditor.revision_id == Revision.id)
        .where(
            Document.period_id == round_.period_id,
            Document.kind == round_.kind,
            Document.status.in_(sorted(WRITTEN)),
        )
    )
    editors: dict[int, set[int]] = {}
    for document_id, person_id in session.execute(statement):
        editors.setdefault(document_id, set()).add(person_id)
    return editors


# --- Where a debt stands now --------------------------------------------------------------

Debt = tuple[int, int, Kind]
"""Whose document of what: unit, period, kind."""


@dataclass(frozen=True)
class DebtStanding:
    """The state of a debt by now: whether it is still owed, how, and when it is due."""

    owed: bool
    owed_as: Status | None
    due: Due | None


def standings(session: Session, debts: Collection[Debt]) -> dict[Debt, DebtStanding]:
    """Read how debts stand now, in three queries. Units that have ended, or take part no more, owe
    nothing.
    """
    if not debts:
        return {}
    unit_ids = sorted({unit_id for unit_id, _, _ in debts})
    period_ids = sorted({period_id for _, period_id, _ in debts})
    bound = session.execute(_bound(unit_ids, period_ids))
    places = {(row.id, row.period_id): UnitPlace(row.id, row.path) for row in bound}
    documents = _documents(session, unit_ids, period_ids)
    deadlines = _deadlines(session, period_ids)
    return {
        debt: _standing(documents.get(debt), nearest(place, deadlines.get(debt[1:], {})))
        if (place := places.get(debt[:2])) is not None
        else DebtStanding(owed=False, owed_as=None, due=None)
        for debt in debts
    }


def _bound(unit_ids: list[int], period_ids: list[int]) -> Select[Any]:
    return (
        select(Unit.id, Unit.path, Participation.period_id)
        .join(Participation, Participation.unit_id == Unit.id)
        .where(
            Unit.id.in_(unit_ids),
            Participation.period_id.in_(period_ids),
            takes_part(),
            exists_on(Unit),
        )
    )


def _documents(
    session: Session, unit_ids: list[int], period_ids: list[int]
) -> dict[Debt, Row[Any]]:
    """Read the live document of each debt that has one."""
    statement = select(*(Document.unit_id, Document.period_id, Document.kind), *OF_DOCUMENT).where(
        Document.unit_id.in_(unit_ids),
        Document.period_id.in_(period_ids),
        Document.status != Status.REVOKED,
    )
    return {(row.unit_id, row.period_id, row.kind): row for row in session.execute(statement)}


def _standing(document: Row[Any] | None, due: Due | None) -> DebtStanding:
    if document is None:
        return DebtStanding(owed=True, owed_as=None, due=due)
    return DebtStanding(
        owed=owes(document),
        owed_as=owed_as(document.status, document.cleared_from),
        due=of_document(due, document, bound=True),
    )
