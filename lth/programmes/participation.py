"""Units that take part in a programme for a period: the denominator of every "15 trên 17 xã"."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lth.access.scope import below
from lth.models import Participation, Period, Programme, Unit
from lth.models.unit import Level


class NoSuchPlaceError(LookupError):
    """No programme, period or province of that name; the message says which."""


@dataclass(frozen=True)
class Joined:
    """Numbers of the units that were added, and that took part already."""

    added: int
    present: int


def join_province(session: Session, programme: str, period: str, province: str) -> Joined:
    """Have a province and every unit in it at the period's start take part.

    `province` is the national code. Those who take part already stay as they are, so that a
    late comer can be added after the list was frozen, by hand and in nobody's way. Runs in a
    system scope; the caller commits. Raises NoSuchPlaceError.
    """
    when = _period(session, programme, period)
    units = _units(session, when, _province(session, when, province))
    statement = select(Participation.unit_id).where(Participation.period_id == when.id)
    joined = set(session.scalars(statement))
    session.add_all(
        Participation(period_id=when.id, unit_id=unit.id, parent_id=unit.parent_id)
        for unit in units
        if unit.id not in joined
    )
    session.flush()
    present = sum(unit.id in joined for unit in units)
    return Joined(len(units) - present, present)


def _period(session: Session, programme: str, period: str) -> Period:
    statement = (
        select(Period)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Programme.code == programme, Period.code == period)
    )
    row = session.scalar(statement)
    if row is None:
        raise NoSuchPlaceError(f"no period {period} of programme {programme}")
    return row


def _province(session: Session, when: Period, code: str) -> Unit:
    statement = select(Unit).where(
        Unit.level == Level.PROVINCE, Unit.code == code, *_in_force(when)
    )
    row = session.scalar(statement)
    if row is None:
        raise NoSuchPlaceError(f"no province {code} on {when.starts_on}; import its units first")
    return row


def _units(session: Session, when: Period, province: Unit) -> list[Unit]:
    inside = or_(Unit.id == province.id, below(Unit.path, province.path))
    return list(session.scalars(select(Unit).where(inside, *_in_force(when)).order_by(Unit.path)))


def _in_force(when: Period) -> list:
    open_ended = Unit.valid_to.is_(None) | (Unit.valid_to > when.starts_on)
    return [Unit.valid_from <= when.starts_on, open_ended]
