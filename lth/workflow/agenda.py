"""List the deadlines that concern a person in one of their roles, day by day.

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
from lth.units.on_day import takes_part
from lth.workflow import inbox, owing
from lth.workflow.deadlines import Due, Rows, nearest, of_document, owes
from lth.workflow.documents import LIVE, OF_PARTICIPANT


class Day(StrEnum):
    """A kind of day: the unit's own earlier one, the one shown, the last that grace lets pass, or
    the last one for corrections.
    """

    OWN = "own"
    DUE = "due"
    LATEST = "latest"
    CORRECTION = "correction"


class For(StrEnum):
    """A deadline's owner: the unit itself, one unit below it, or all of them."""

    OWN = "own"
    UNIT = "unit"
    ALL = "all"


@dataclass(frozen=True)
class AgendaRound:
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
class AgendaEntry:
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
    round: AgendaRound
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
        """Return what it is known by, whatever its day and its document's state come to be."""
        return (self.unit_id, *self.round.key, self.whose, self.day)

    def late(self, today: date) -> bool:
        """Tell whether it is past, and something is still owed."""
        return not self.done and today > self.on


_Sets = dict[AgendaRound, Rows]
"""The deadlines of each round that reach a unit or that it has set, by setter and unit."""


@dataclass(frozen=True)
class _Place:
    """A unit as `nearest` needs it."""

    id: int
    ancestor_ids: list[int]


def of(session: Session, actor: Actor, first: date, last: date) -> list[AgendaEntry]:
    """List the entries of the days from `first` to `last`, both counted in, in seven queries.

    A document that its unit has sent up keeps the day shown, as done: what comes after that day
    concerns only who is late or has it back. Of rounds that nobody takes part in there is nothing.
    """
    if actor.unit_id is None:
        return []
    scope = Scope.of(actor)
    found = _deadlines(session, scope)
    entries = [*_own(session, actor, scope, found), *_below(session, actor, scope, found)]
    chosen = [day for day in entries if first <= day.on <= last]
    return sorted(chosen, key=lambda day: (day.on, _ORDER.index(day.whose), day.round.period_id))


_ORDER = (For.OWN, For.ALL, For.UNIT)


def _deadlines(session: Session, scope: Scope) -> _Sets:
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
    found: _Sets = {}
    for row, *of_period in session.execute(statement):
        rows = found.setdefault(AgendaRound(row.period_id, row.kind, *of_period), {})
        rows[row.setter_id, row.unit_id] = row
    return found


# --- The unit's own -----------------------------------------------------------------------


def _own(session: Session, actor: Actor, scope: Scope, found: _Sets) -> Iterator[AgendaEntry]:
    place = _Place(scope.unit_id, scope.ancestor_ids)
    taking_part, documents = _taking_part(session, scope), _live(session, scope)
    for round_, rows in found.items():
        wanted = round_.key in taking_part and actor.covers(True, round_.programme_id)
        document = documents.get(round_.key)
        due = of_document(nearest(place, rows), document, bound=wanted)
        if due is not None and wanted:
            yield from _entries(For.OWN, scope.unit_id, actor.unit_name, round_, due, document)


def _taking_part(session: Session, scope: Scope) -> set[tuple[int, Kind]]:
    """Find the rounds in which the unit has a document to make; a computed one only where units
    take part below it.
    """
    with_units = owing.has_units_below(scope.unit_id, Participation.period_id)
    statement = (
        select(Participation.period_id, Period.use, with_units)
        .join(Period, Period.id == Participation.period_id)
        .where(Participation.unit_id == scope.unit_id, takes_part())
    )
    return {
        (period, kind)
        for period, use, has_units in session.execute(statement)
        for kind in Kind.of(use)
        if owing.makes(kind, has_below=has_units)
    }


def _live(session: Session, scope: Scope) -> dict[tuple[int, Kind], Document]:
    mine = Document.unit_id == scope.unit_id
    statement = select(Document).where(mine, LIVE, documents_seen(scope))
    return {
        (document.period_id, document.kind): document for document in session.scalars(statement)
    }


# --- What it has set below ----------------------------------------------------------------


def _below(session: Session, actor: Actor, scope: Scope, found: _Sets) -> Iterator[AgendaEntry]:
    if actor.level is Level.COMMUNE:
        return
    covered = {
        round_: rows for round_, rows in found.items() if actor.covers(False, round_.programme_id)
    }
    yield from _of_all(session, actor, scope, covered)
    yield from _of_units(session, scope, covered)


def _of_all(session: Session, actor: Actor, scope: Scope, found: _Sets) -> Iterator[AgendaEntry]:
    """List those for all units below, with how many have sent theirs up; done once all have."""
    progress = {
        (below.period.id, below.kind): (below, counts.sent)
        for below, counts in inbox.progress(session, actor)
    }
    everybody, acts = _Place(0, [scope.unit_id]), _acts_below(session, scope)
    for round_, rows in found.items():
        due = nearest(everybody, rows)
        if due is None or round_.key not in progress:
            continue
        below, sent = progress[round_.key]
        since, version = acts.get(round_.key, (None, 0))
        state = {"sent": sent, "units": below.units, "since": since, "version": version}
        for day, on, done in _days(due, done=sent >= below.units):
            whose = (on, day, For.ALL, scope.unit_id, actor.unit_name)
            yield AgendaEntry(*whose, round_, due, done, **state)


def _acts_below(session: Session, scope: Scope) -> dict[tuple[int, Kind], tuple[datetime, int]]:
    """Read for each round when a document below last changed its state, and the versions of all.

    Those that were revoked count on: what stands for a change must not fall back.
    """
    statement = (
        select(
            Document.period_id,
            Document.kind,
            func.max(Document.status_since),
            func.sum(Document.lock_version),
        )
        .join(Participation, OF_PARTICIPANT)
        .where(Participation.parent_id == scope.unit_id, takes_part(), documents_seen(scope))
        .group_by(Document.period_id, Document.kind)
    )
    rows = session.execute(statement)
    return {(period, kind): (since, int(version)) for period, kind, since, version in rows}


def _of_units(session: Session, scope: Scope, found: _Sets) -> Iterator[AgendaEntry]:
    """List those of units below that have days of their own, set for them or granted to them."""
    rows = session.execute(_with_own_days(scope)).all()
    documents = {
        (document.unit_id, document.period_id, document.kind): document
        for _, _, document in rows
        if document
    }
    units = {(period_id, unit.id): unit for unit, period_id, _ in rows}
    rounds = {round_.key: round_ for round_ in found}
    for (period_id, unit_id), unit in units.items():
        keys = ((period_id, kind) for kind in Kind.all())
        for round_ in (rounds[key] for key in keys if key in rounds):
            document = documents.get((unit_id, *round_.key))
            place = _Place(unit_id, [scope.unit_id])
            due = of_document(nearest(place, found[round_]), document, bound=True)
            own = (scope.unit_id, unit_id) in found[round_]
            if due is not None and (own or due.extended_from is not None):
                yield from _entries(For.UNIT, unit_id, unit.full_name, round_, due, document)


def _with_own_days(scope: Scope) -> Select[tuple[Unit, int, Document | None]]:
    """Find each unit below that may have days of its own in a period, and its documents there."""
    set_for_it = exists().where(
        Deadline.setter_id == scope.unit_id,
        Deadline.unit_id == Participation.unit_id,
        Deadline.period_id == Participation.period_id,
    )
    live = and_(OF_PARTICIPANT, LIVE, documents_seen(scope))
    return (
        select(Unit, Participation.period_id, Document)
        .select_from(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .outerjoin(Document, live)
        .where(
            Participation.parent_id == scope.unit_id,
            takes_part(),
            or_(Document.extended_until.is_not(None), set_for_it),
        )
        .order_by(*ALPHABETICAL)
    )


# --- Days ---------------------------------------------------------------------------------


def _entries(
    whose: For,
    unit_id: int,
    unit_name: str,
    round_: AgendaRound,
    due: Due,
    document: Document | None,
) -> Iterator[AgendaEntry]:
    """Return the days of one unit's deadline; `due` with what was granted counted in."""
    state: dict[str, Any] = {}
    if document is not None:
        state = {
            "status": document.status,
            "document_id": document.id,
            "since": document.status_since,
            "version": document.lock_version,
        }
    for day, on, done in _days(due, done=document is not None and not owes(document)):
        yield AgendaEntry(on, day, whose, unit_id, unit_name, round_, due, done, **state)


def _days(due: Due, *, done: bool) -> Iterator[tuple[Day, date, bool]]:
    """Return the days that still say something, each with whether what it asks for is done.

    Of what came back, the day shown was kept, and only the one that counts now is ahead. More time
    granted overtakes the unit's own earlier day. A day that stands for two is named once.
    """
    if not done and due.returned:
        yield Day.DUE, due.extended_from or due.on, True
        if due.day is not None:
            yield Day.CORRECTION, due.day, False
        return
    if not done and due.own_on is not None and due.extended_from is None:
        yield Day.OWN, due.own_on, False
    yield Day.DUE, due.on, done
    if done:
        return
    last = due.last_correction_on
    if due.latest != due.on:
        yield Day.LATEST, due.latest, False
    if last is not None and last != due.latest:
        yield Day.CORRECTION, last, False
