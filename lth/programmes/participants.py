"""Who takes part in a period: the list by unit, its history, and the numbers that shares are of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import below
from lth.models import Participation, ParticipationMove, Period, Unit
from lth.models.programme import ParticipationAct
from lth.models.unit import Level
from lth.programmes.participation import in_force
from lth.units.on_day import TODAY, takes_part


@dataclass(frozen=True)
class Participant:
    """A unit that could take part, and how it stands; `since` and `until` as far as they are said.

    `below` counts those that take part right below it.
    """

    unit: Unit
    above: str
    takes_part: bool
    joined_on: date | None
    left_on: date | None
    below: int


@dataclass(frozen=True)
class MoveLine:
    """A change as the history shows it."""

    move: ParticipationMove
    unit: Unit


@dataclass(frozen=True)
class Denominator:
    """So many units took part from a day on."""

    since: date
    units: int


def members(
    session: Session,
    period: Period,
    root: Unit,
    today: date,
    *,
    search=None,
    number: int = 1,
    size: int = 50,
) -> tuple[list[Participant], int]:
    """List a page of the units below one as of the period's start, those that left among them.

    With how many there are. `search`: a condition on `Unit`.
    """
    where = [below(Unit.path, root.path), *in_force(period)]
    if search is not None:
        where.append(search)
    total = session.scalar(select(func.count()).select_from(Unit).where(*where)) or 0
    row = and_(Participation.unit_id == Unit.id, Participation.period_id == period.id)
    statement = (
        select(Unit, Participation, takes_part().label("here"))
        .outerjoin(Participation, row)
        .options(joinedload(Unit.parent))
        .where(*where)
        .order_by(Unit.level != Level.DISTRICT, Unit.sort_key, Unit.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    found = session.execute(statement, {TODAY: today}).all()
    under = counted_below(session, period, [unit.id for unit, *_ in found], today)
    return [
        Participant(
            unit,
            unit.parent.full_name if unit.parent else "",
            row is not None and bool(here),
            row.joined_on if row else None,
            row.left_on if row else None,
            under.get(unit.id, 0),
        )
        for unit, row, here in found
    ], total


def counted_below(
    session: Session, period: Period, parents: Collection[int], today: date
) -> dict[int, int]:
    """Count those that take part right below some units on a day."""
    statement = (
        select(Participation.parent_id, func.count())
        .where(
            Participation.period_id == period.id,
            Participation.parent_id.in_(parents),
            takes_part(),
        )
        .group_by(Participation.parent_id)
    )
    return dict(session.execute(statement, {TODAY: today}).all())


def counted_within(session: Session, root: Unit, today: date) -> dict[int, int]:
    """Count by period how many units take part of a unit and all below it."""
    statement = (
        select(Participation.period_id, func.count())
        .join(Unit, Unit.id == Participation.unit_id)
        .where(or_(Unit.id == root.id, below(Unit.path, root.path)), takes_part())
        .group_by(Participation.period_id)
    )
    return dict(session.execute(statement, {TODAY: today}).all())


def history(session: Session, period: Period, root: Unit, *, most: int = 50) -> list[MoveLine]:
    """List the newest of who came and left of a unit and those below it.

    Without those who were on the list from the start.
    """
    statement = (
        select(ParticipationMove, Unit)
        .join(Unit, ParticipationMove.unit_id == Unit.id)
        .where(*_dated(period, or_(Unit.id == root.id, below(Unit.path, root.path))))
        .order_by(ParticipationMove.id.desc())
        .limit(most)
    )
    return [MoveLine(*row) for row in session.execute(statement)]


def _dated(period: Period, inside) -> list:
    said = or_(
        ParticipationMove.act == ParticipationAct.LEAVE,
        ParticipationMove.after_freeze,
        ParticipationMove.reason != "",
    )
    return [ParticipationMove.period_id == period.id, inside, said]


def denominators(session: Session, period: Period, parent_id: int) -> list[Denominator]:
    """Tell how many units took part right below one, and from which day on: the first from the
    period's start, then one for each day on which that changed, days ahead among them.
    """
    rows = select(Participation.unit_id).where(
        Participation.period_id == period.id, Participation.parent_id == parent_id
    )
    on_list = set(session.scalars(rows))
    statement = (
        select(ParticipationMove.unit_id, ParticipationMove.act, ParticipationMove.moved_on)
        .where(ParticipationMove.period_id == period.id, ParticipationMove.parent_id == parent_id)
        .order_by(ParticipationMove.moved_on, ParticipationMove.id)
    )
    moves = session.execute(statement).all()
    first: dict[int, ParticipationAct] = {}
    for unit_id, act, _ in moves:
        first.setdefault(unit_id, act)
    here = {one for one in on_list if first.get(one) is not ParticipationAct.JOIN}
    counted = {period.starts_on: len(here)}
    for unit_id, act, day in moves:
        (here.add if act is ParticipationAct.JOIN else here.discard)(unit_id)
        counted[day] = len(here)
    steps = [Denominator(day, units) for day, units in sorted(counted.items())]
    return [
        one
        for before, one in zip([None, *steps], steps, strict=False)
        if before is None or before.units != one.units
    ]


def took_part(session: Session, period: Period, parent_id: int, day: date) -> int:
    """Tell how many units took part right below one on a day: the "y" of "x trên y xã" then."""
    steps = denominators(session, period, parent_id)
    return next((one.units for one in reversed(steps) if one.since <= day), 0)


@dataclass(frozen=True)
class ParticipationDrift:
    """A unit whose row says another day of leaving than its history."""

    period_id: int
    unit_id: int
    stored: date | None
    folded: date | None


def drifts(session: Session) -> list[ParticipationDrift]:
    """Compare who takes part with the history of it; in two queries, within a system scope."""
    last: dict[tuple[int, int], date | None] = {}
    moves = select(
        ParticipationMove.period_id,
        ParticipationMove.unit_id,
        ParticipationMove.act,
        ParticipationMove.moved_on,
    ).order_by(ParticipationMove.moved_on, ParticipationMove.id)
    for period_id, unit_id, act, day in session.execute(moves):
        last[period_id, unit_id] = day if act is ParticipationAct.LEAVE else None
    rows = select(Participation.period_id, Participation.unit_id, Participation.left_on)
    stored = {(period_id, unit_id): day for period_id, unit_id, day in session.execute(rows)}
    return [
        ParticipationDrift(*key, stored.get(key), folded)
        for key, folded in sorted(last.items())
        if key not in stored or stored[key] != folded
    ]
