"""See what there is of programmes and periods, and how far a province has come in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from lth.access.scope import below
from lth.models import Area, Deadline, Indicator, Participation, Period, Programme, Unit
from lth.models.kind import Kind
from lth.models.programme import PeriodUse
from lth.units.on_day import TODAY, takes_part


@dataclass(frozen=True)
class ListedProgramme:
    """A programme in the list, with its periods and how much it has."""

    programme: Programme
    periods: Sequence[Period]
    indicators: int
    areas: int
    taking_part: dict[int, int]
    """How many units take part, by period id."""


def programmes(session: Session) -> list[ListedProgramme]:
    """List every programme, the newest first, in six queries however many there are."""
    found = session.scalars(
        select(Programme).order_by(Programme.starts_on.desc(), Programme.id)
    ).all()
    by_programme: dict[int, list[Period]] = {}
    statement = (
        select(Period)
        .where(Period.use == PeriodUse.PLAN)
        .options(selectinload(Period.phases))
        .order_by(Period.starts_on)
    )
    for period in session.scalars(statement):
        by_programme.setdefault(period.programme_id, []).append(period)
    counts = {
        model: dict(
            session.execute(
                select(model.programme_id, func.count()).group_by(model.programme_id)
            ).all()
        )
        for model in (Indicator, Area)
    }
    taking = dict(
        session.execute(
            select(Participation.period_id, func.count())
            .where(takes_part())
            .group_by(Participation.period_id)
        ).all()
    )
    return [
        ListedProgramme(
            one,
            by_programme.get(one.id, []),
            counts[Indicator].get(one.id, 0),
            counts[Area].get(one.id, 0),
            taking,
        )
        for one in found
    ]


@dataclass(frozen=True)
class ProvinceStanding:
    """How far a province has come with a period: its units, who takes part, deadlines set for all.

    `deadlines` are the kinds that the province has set a day of.
    """

    units: int
    taking_part: int
    deadlines: frozenset[Kind]


def standing(session: Session, period: Period, province: Unit, today: date) -> ProvinceStanding:
    """Tell how far a province has come with a period, in three queries."""
    inside = or_(Unit.id == province.id, below(Unit.path, province.path))
    there = Unit.valid_to.is_(None) | (Unit.valid_to > period.starts_on)
    units = session.scalar(select(func.count()).select_from(Unit).where(inside, there))
    taking = session.scalar(
        select(func.count())
        .select_from(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .where(Participation.period_id == period.id, inside, takes_part()),
        {TODAY: today},
    )
    kinds = session.scalars(
        select(Deadline.kind).where(
            Deadline.period_id == period.id,
            Deadline.setter_id == province.id,
            Deadline.unit_id.is_(None),
        )
    )
    return ProvinceStanding(units or 0, taking or 0, frozenset(kinds))
