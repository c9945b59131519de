"""Visits and findings as they are read: lists, one of them, the history of a club, what is late.

Who sees a club sees the visits to it and what was found there; a unit sees all its own visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, Sight
from lth.clubs import register
from lth.core import clock
from lth.core.errors import NotFoundError
from lth.core.i18n import C_
from lth.models import Club, FindingMove, Unit, UnitSettings, Visit, VisitedClub, VisitFinding
from lth.models.club import ClubState
from lth.models.person import Role
from lth.models.visit import FindingStage, Mender
from lth.units import names
from lth.workflow.tasks import task


class VisitsShown(StrEnum):
    """Which visits a list shows."""

    ALL = "all"
    PLANNED = "planned"
    DONE = "done"
    CALLED_OFF = "called_off"


class FindingsShown(StrEnum):
    """Which findings a list shows. OURS: which the own unit has to go on with."""

    ALL = "all"
    OURS = "ours"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


def visits_seen(scope: Scope) -> ColumnElement[bool]:
    """Select the visits that a scope sees: its unit's own, and those to clubs that it sees."""
    if scope.sight is Sight.SYSTEM:
        return true()
    to_club = exists().where(
        VisitedClub.visit_id == Visit.id, Club.id == VisitedClub.club_id, register.seen(scope)
    )
    return or_(Visit.unit_id == scope.unit_id, to_club.correlate(Visit))


def listed(
    session: Session, scope: Scope, shown: VisitsShown, *, limit: int, offset: int = 0
) -> tuple[Sequence[Visit], int]:
    """List visits, those still to be made first, of each the latest day at the top."""
    where = [visits_seen(scope)]
    if shown is VisitsShown.PLANNED:
        where += [Visit.done_on.is_(None), Visit.called_off_at.is_(None)]
    elif shown is VisitsShown.DONE:
        where.append(Visit.done_on.is_not(None))
    elif shown is VisitsShown.CALLED_OFF:
        where.append(Visit.called_off_at.is_not(None))
    total = session.scalar(select(func.count(Visit.id)).where(*where)) or 0
    over = Visit.done_on.is_not(None) | Visit.called_off_at.is_not(None)
    statement = (
        select(Visit)
        .where(*where)
        .order_by(over, Visit.planned_on.desc(), Visit.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return session.scalars(statement).all(), total


def get(session: Session, visit_id: int, scope: Scope) -> Visit:
    """Read a visit. Raises NotFoundError."""
    found = session.scalars(select(Visit).where(Visit.id == visit_id, visits_seen(scope))).first()
    if found is None:
        raise NotFoundError
    return found


def _visited(scope: Scope) -> Select[tuple[VisitedClub]]:
    return (
        select(VisitedClub)
        .join(Club, Club.id == VisitedClub.club_id)
        .where(register.seen(scope))
        .options(contains_eager(VisitedClub.club).joinedload(Club.unit))
        .order_by(Club.unit_path, Club.number)
    )


def visited(session: Session, scope: Scope, visit: Visit) -> list[VisitedClub]:
    """List the clubs of a visit that the scope sees, each with its commune."""
    return list(session.scalars(_visited(scope).where(VisitedClub.visit_id == visit.id)))


def visited_by(
    session: Session, scope: Scope, visits: Sequence[Visit]
) -> dict[int, list[VisitedClub]]:
    """Return the clubs of many visits that the scope sees, by the visit's id."""
    ids = [visit.id for visit in visits]
    found: dict[int, list[VisitedClub]] = {}
    for one in session.scalars(_visited(scope).where(VisitedClub.visit_id.in_(ids))):
        found.setdefault(one.visit_id, []).append(one)
    return found


def communes(session: Session, scope: Scope) -> Sequence[Unit]:
    """List the communes with clubs that may be visited, by name."""
    statement = (
        select(Unit)
        .join(Club, Club.unit_id == Unit.id)
        .where(register.seen(scope), Club.state == ClubState.ACTIVE)
        .distinct()
        .order_by(*names.ALPHABETICAL)
    )
    return session.scalars(statement).all()


# --- Findings -----------------------------------------------------------------------------


def _findings(scope: Scope) -> Select[tuple[VisitFinding]]:
    return (
        select(VisitFinding)
        .join(Club, Club.id == VisitFinding.club_id)
        .join(Visit, Visit.id == VisitFinding.visit_id)
        .where(register.seen(scope))
        .options(
            contains_eager(VisitFinding.club).joinedload(Club.unit),
            contains_eager(VisitFinding.visit),
        )
    )


def finding(session: Session, finding_id: int, scope: Scope) -> VisitFinding:
    """Read a finding with its visit, club and commune. Raises NotFoundError."""
    found = session.scalars(_findings(scope).where(VisitFinding.id == finding_id)).first()
    if found is None:
        raise NotFoundError
    return found


def moves(session: Session, found: VisitFinding) -> Sequence[FindingMove]:
    """List the steps after a finding that was read, the first one first."""
    statement = select(FindingMove).where(FindingMove.finding_id == found.id)
    return session.scalars(statement.order_by(FindingMove.seq)).all()


def findings_of(session: Session, scope: Scope, visit: Visit) -> list[VisitFinding]:
    """List what a visit found at clubs that the scope sees, by club."""
    statement = _findings(scope).where(VisitFinding.visit_id == visit.id)
    return list(session.scalars(statement.order_by(Club.number, VisitFinding.id)))


def findings(
    session: Session,
    scope: Scope,
    shown: FindingsShown,
    today: date,
    *,
    limit: int,
    offset: int = 0,
) -> tuple[Sequence[VisitFinding], int]:
    """List findings, what is due first at the top, and how many there are in all."""
    where = _conditions(scope, shown, today)
    counted = _findings(scope).where(*where).with_only_columns(func.count(VisitFinding.id))
    total = session.scalar(counted) or 0
    closed = VisitFinding.stage == FindingStage.CLOSED
    statement = _findings(scope).where(*where).order_by(closed, VisitFinding.due_on)
    statement = statement.order_by(VisitFinding.id).limit(limit).offset(offset)
    return session.scalars(statement).all(), total


def _conditions(scope: Scope, shown: FindingsShown, today: date) -> list[ColumnElement[bool]]:
    stage = VisitFinding.stage
    if shown is FindingsShown.OPEN:
        return [stage != FindingStage.CLOSED]
    if shown is FindingsShown.CLOSED:
        return [stage == FindingStage.CLOSED]
    if shown is FindingsShown.LATE:
        return [_late(today)]
    return [_turn_of(scope.unit_id)] if shown is FindingsShown.OURS else []


def _late(today: date) -> ColumnElement[bool]:
    return (VisitFinding.stage == FindingStage.OPEN) & (VisitFinding.due_on < today)


def _turn_of(unit_id: int | None) -> ColumnElement[bool]:
    """Select what a unit has to go on with: to mend, or to look at what was mended."""
    mender = or_(
        (VisitFinding.mender == Mender.VISITOR) & (VisitFinding.unit_id == unit_id),
        (VisitFinding.mender != Mender.VISITOR) & (Club.unit_id == unit_id),
    )
    return or_(
        (VisitFinding.stage == FindingStage.OPEN) & mender,
        (VisitFinding.stage == FindingStage.MENDED) & (VisitFinding.unit_id == unit_id),
    )


def is_late(found: VisitFinding, today: date) -> bool:
    """Tell whether the day by which a finding was to be mended is past, and it is not."""
    return found.stage is FindingStage.OPEN and found.due_on < today


# --- The history of a club ----------------------------------------------------------------


@dataclass(frozen=True)
class VisitToClub:
    """A visit as a club's history tells it: what was seen there, and what was found."""

    visit: Visit
    note: str
    findings: list[VisitFinding] = field(default_factory=list)


def of_club(session: Session, scope: Scope, club_id: int, *, limit: int = 50) -> list[VisitToClub]:
    """List the visits to a club, the newest first, each with what was found; in two queries."""
    statement = (
        select(VisitedClub)
        .join(Club, Club.id == VisitedClub.club_id)
        .join(Visit, Visit.id == VisitedClub.visit_id)
        .where(VisitedClub.club_id == club_id, register.seen(scope))
        .options(joinedload(VisitedClub.visit))
        .order_by(Visit.planned_on.desc(), Visit.id.desc())
        .limit(limit)
    )
    rows = session.scalars(statement).all()
    of_these = VisitFinding.visit_id.in_([one.visit_id for one in rows])
    by_visit: dict[int, list[VisitFinding]] = {}
    found = _findings(scope).where(VisitFinding.club_id == club_id, of_these)
    for one in session.scalars(found.order_by(VisitFinding.id)):
        by_visit.setdefault(one.visit_id, []).append(one)
    return [VisitToClub(one.visit, one.note, by_visit.get(one.visit_id, [])) for one in rows]


# --- What waits ---------------------------------------------------------------------------


@task("findings", C_("%(count)s tồn tại sau kiểm tra đã quá hạn khắc phục"), page="club_findings")
def _late_findings(actor: Actor, _: UnitSettings | None) -> Select[tuple[int]] | None:
    """Count what is late of what the actor's unit found, or has to mend."""
    if actor.unit_id is None or actor.role not in {Role.CLERK, Role.SPECIALIST, Role.LEADER}:
        return None
    mine = or_(VisitFinding.unit_id == actor.unit_id, Club.unit_id == actor.unit_id)
    late = _findings(Scope.of(actor)).where(_late(clock.today()), mine)
    return late.with_only_columns(func.count(VisitFinding.id))
