"""The agenda: which deadlines concern a person in one of their roles, day by day.

The unit's own ones, and those that it has set for the units below it. The time that the unit above
has granted counts; what a document's unit has done already is told from what it still owes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, documents_seen
from lth.models import Deadline, Document, Participation, Period, Programme, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.unit import Level
from lth.units.names import ALPHABETICAL
from lth.workflow import inbox
from lth.workflow.deadlines import Due, extended, nearest, owed_as, owes
from lth.workflow.states import CORRECTED


class Day(StrEnum):
    """What a day is: the unit's own earlier one, the one shown, the last that grace lets pass, or
    the last one for corrections.
    """

    OWN = "own"
    DUE = "due"
    LATEST = "latest"
    CORRECTION = "correction"


class For(StrEnum):
    """Whose deadline it is: the unit's own, one unit's below it, or that of all of them."""

    OWN = "own"
    UNIT = "unit"
    ALL = "all"


@dataclass(frozen=True)
class Round:
    """A period and kind that a deadline is for."""

    period_id: int
    kind: Kind
    period_code: str
    programme_id: int
    programme_code: str

    @property
    def key(self) -> tuple[int, Kind]:
        return self.period_id, self.kind


@dataclass(frozen=True)
class Entry:
    """One day of one deadline.

    `unit_id` is whose document it is; of a deadline for all, who set it. `sent` of `units` have
    sent theirs up, where it is for all. `version` grows with each act on the document, or on those
    of all; `since` is when its state, or that of the last of them, changed.
    """

    on: date
    day: Day
    whose: For
    unit_id: int
    unit_name: str
    round: Round
    due: Due
    done: bool
    status: Status | None = None
    document_id: int | None = None
    since: datetime | None = None
    version: int = 0
    sent: int = 0
    units: int = 0

    @property
    def key(self) -> tuple[int, int, str, str, str]:
        """What it stays the same by, whatever its day and its document's state come to be."""
        return (self.unit_id, *self.round.key, self.whose, self.day)

    def late(self, today: date) -> bool:
        """Past, and something is still owed."""
        return not self.done and today > self.on


@dataclass(frozen=True)
class _Set:
    """The deadlines of one round that reach a unit or that it has set, by setter and unit."""

    round: Round
    rows: dict[tuple[int, int | None], Deadline]


@dataclass(frozen=True)
class _Place:
    """The actor's unit as `nearest` needs it."""

    id: int
    ancestor_ids: list[int]


def of(session: Session, actor: Actor, first: date, last: date) -> list[Entry]:
    """The entries of the days from `first` to `last`, both counted in, by day; in seven queries.

    A document that its unit has sent up keeps the day shown, as done: what comes after that day
    concerns only who is late or has it back. Of rounds that nobody takes part in there is nothing.
    """
    if actor.unit_id is None:
        return []
    scope = Scope.of(actor)
    found = _deadlines(session, scope)
    entries = [*_own(session, actor, scope, found), *_below(session, actor, scope, found)]
    chosen = [one for one in entries if first <= one.on <= last]
    return sorted(chosen, key=lambda one: (one.on, *_ORDER[one.whose], one.round.period_id))


_ORDER = {For.OWN: (0,), For.ALL: (1,), For.UNIT: (2,)}


def _deadlines(session: Session, scope: Scope) -> list[_Set]:
    statement = (
        select(Deadline, Period.code, Programme.id, Programme.code)
        .join(Period, Period.id == Deadline.period_id)
        .join(Programme, Programme.id == Period.programme_id)
        .where(
            Deadline.setter_id.in_([*scope.ancestor_ids, scope.unit_id]),
            or_(
                Deadline.unit_id.is_(None),
                Deadline.unit_id == scope.unit_id,
                Deadline.setter_id == scope.unit_id,
            ),
        )
        .order_by(Deadline.id)
    )
    found: dict[tuple[int, Kind], _Set] = {}
    for row, code, programme_id, programme_code in session.execute(statement):
        one = Round(row.period_id, row.kind, code, programme_id, programme_code)
        rows = found.setdefault(one.key, _Set(one, {})).rows
        rows[row.setter_id, row.unit_id] = row
    return list(found.values())


# --- The unit's own -----------------------------------------------------------------------


def _own(session: Session, actor: Actor, scope: Scope, found: list[_Set]) -> Iterator[Entry]:
    place = _Place(scope.unit_id, scope.ancestor_ids)
    taking_part, documents = _taking_part(session, scope), _live(session, scope)
    for one in found:
        wanted = one.round.key in taking_part and actor.covers(True, one.round.programme_id)
        document = documents.get(one.round.key)
        due = extended(nearest(place, one.rows), document)
        if due is not None and wanted:
            yield from _entries(For.OWN, scope.unit_id, actor.unit_name, one.round, due, document)


def _taking_part(session: Session, scope: Scope) -> set[tuple[int, Kind]]:
    """Find the rounds in which the unit has a document to make; a computed one only where units
    take part below it.
    """
    own = Participation.unit_id == scope.unit_id
    statement = (
        select(Participation.period_id, own)
        .where(or_(own, Participation.parent_id == scope.unit_id))
        .distinct()
    )
    rows = session.execute(statement)
    return {
        (period, kind)
        for period, is_own in rows
        for kind in Kind.all()
        if kind.is_computed is not bool(is_own)
    }


def _live(session: Session, scope: Scope) -> dict[tuple[int, Kind], Document]:
    statement = select(Document).where(
        Document.unit_id == scope.unit_id, Document.status != Status.REVOKED, documents_seen(scope)
    )
    return {
        (document.period_id, document.kind): document for document in session.scalars(statement)
    }


# --- What it has set below ----------------------------------------------------------------


def _below(session: Session, actor: Actor, scope: Scope, found: list[_Set]) -> Iterator[Entry]:
    if actor.level is Level.COMMUNE:
        return
    covered = [one for one in found if actor.covers(False, one.round.programme_id)]
    yield from _of_all(session, actor, scope, covered)
    yield from _of_units(session, scope, covered)


def _of_all(session: Session, actor: Actor, scope: Scope, found: list[_Set]) -> Iterator[Entry]:
    """Those for all units below, with how many have sent theirs up; done once all of them have."""
    progress = {
        (one.period.id, one.kind): (one, sent) for one, sent in inbox.progress(session, actor)
    }
    everybody, acts = _Place(0, [scope.unit_id]), _acts_below(session, scope)
    for one in found:
        due = nearest(everybody, one.rows)
        if due is None or one.round.key not in progress:
            continue
        below, sent = progress[one.round.key]
        since, version = acts.get(one.round.key, (None, 0))
        state = {"sent": sent, "units": below.units, "since": since, "version": version}
        for day, on, done in _days(due, None, done=sent >= below.units):
            whose = (on, day, For.ALL, scope.unit_id, actor.unit_name)
            yield Entry(*whose, one.round, due, done, **state)


def _acts_below(session: Session, scope: Scope) -> dict[tuple[int, Kind], tuple[datetime, int]]:
    """For each round, when a document below last changed its state, and the versions of all.

    Those that were revoked count on: what stands for a change must not fall back.
    """
    statement = (
        select(
            Document.period_id,
            Document.kind,
            func.max(Document.status_since),
            func.sum(Document.lock_version),
        )
        .join(
            Participation,
            and_(
                Participation.unit_id == Document.unit_id,
                Participation.period_id == Document.period_id,
            ),
        )
        .where(Participation.parent_id == scope.unit_id, documents_seen(scope))
        .group_by(Document.period_id, Document.kind)
    )
    rows = session.execute(statement)
    return {(period, kind): (since, int(version)) for period, kind, since, version in rows}


def _of_units(session: Session, scope: Scope, found: list[_Set]) -> Iterator[Entry]:
    """Those of the units below that have days of their own, set for them or granted to them."""
    rows = session.execute(_with_own_days(scope)).all()
    documents = {
        (document.unit_id, document.period_id, document.kind): document
        for _, _, document in rows
        if document
    }
    units = {(period_id, unit.id): unit for unit, period_id, _ in rows}
    sets = {one.round.key: one for one in found}
    for (period_id, unit_id), unit in units.items():
        for one in (sets[period_id, kind] for kind in Kind.all() if (period_id, kind) in sets):
            document = documents.get((unit_id, *one.round.key))
            due = extended(nearest(_Place(unit_id, [scope.unit_id]), one.rows), document)
            own = (scope.unit_id, unit_id) in one.rows
            if due is not None and (own or due.extended_from is not None):
                yield from _entries(For.UNIT, unit_id, unit.full_name, one.round, due, document)


def _with_own_days(scope: Scope) -> Select[tuple[Unit, int, Document | None]]:
    """Each unit below that may have days of its own in a period, and its live documents there."""
    set_for_it = exists().where(
        Deadline.setter_id == scope.unit_id,
        Deadline.unit_id == Participation.unit_id,
        Deadline.period_id == Participation.period_id,
    )
    live = and_(
        Document.unit_id == Participation.unit_id,
        Document.period_id == Participation.period_id,
        Document.status != Status.REVOKED,
        documents_seen(scope),
    )
    return (
        select(Unit, Participation.period_id, Document)
        .select_from(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .outerjoin(Document, live)
        .where(
            Participation.parent_id == scope.unit_id,
            or_(Document.extended_until.is_not(None), set_for_it),
        )
        .order_by(*ALPHABETICAL)
    )


# --- Days ---------------------------------------------------------------------------------


def _entries(
    whose: For, unit_id: int, unit_name: str, round_: Round, due: Due, document: Document | None
) -> Iterator[Entry]:
    """The days of one unit's deadline; `due` with what was granted counted in."""
    state: dict[str, Any] = {}
    if document is not None:
        state = {
            "status": document.status,
            "document_id": document.id,
            "since": document.status_since,
            "version": document.lock_version,
        }
    status = owed_as(document.status, document.cleared_from) if document is not None else None
    for day, on, done in _days(due, status, done=document is not None and not owes(document)):
        yield Entry(on, day, whose, unit_id, unit_name, round_, due, done, **state)


def _days(due: Due, status: Status | None, *, done: bool) -> Iterator[tuple[Day, date, bool]]:
    """The days that still say something, each with whether what it asks for is done.

    Of what came back, the day shown was kept, and only the last one for corrections is ahead. More
    time granted overtakes the unit's own earlier day. A day that stands for two is named once.
    """
    returned = status in CORRECTED
    if not done and not returned and due.own_on is not None and due.extended_from is None:
        yield Day.OWN, due.own_on, False
    yield Day.DUE, due.on, done or returned
    if done:
        return
    last = due.last_correction_on
    if returned:
        if last is not None:
            yield Day.CORRECTION, last, False
        return
    if due.latest != due.on:
        yield Day.LATEST, due.latest, False
    if last is not None and last != due.latest:
        yield Day.CORRECTION, last, False
