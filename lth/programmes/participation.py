"""Have units take part in a programme for a period, leave it, and come back.

Every change is dated and kept (`ParticipationMove`), with who made it and why; the row that tells
who takes part follows it. Until the first document under a unit is sent up, its list is still being
made up: whoever is put on it then takes part from the start. After that a unit that comes is a late
comer, with a day and a reason.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, below, system
from lth.administration import audit
from lth.administration.context import AdminContext, fingerprint
from lth.core import clock
from lth.core.errors import RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Participation, ParticipationMove, Period, Programme, Unit
from lth.models.programme import ParticipationAct
from lth.models.unit import Level
from lth.units.on_day import TODAY, takes_part

LONGEST_REASON = 500


class NoSuchPlaceError(LookupError):
    """No programme, period or province of that name; the message says which."""


@dataclass(frozen=True)
class Joined:
    """Numbers of the units that were added, of those that took part already, and of the late comers
    among the added.
    """

    added: int
    present: int
    late: int = 0


@dataclass(frozen=True)
class Mover:
    """Whoever says who takes part, and when; a command is nobody in particular.

    `unit` is the one administered, below which it is done; None: the system.
    """

    session: Session
    now: datetime
    person_id: int | None = None
    person_name: str = ""
    unit: Unit | None = None

    @classmethod
    def of(cls, admin: AdminContext) -> "Mover":
        """Let an administrator move units."""
        actor = admin.actor
        return cls(admin.session, admin.now, actor.person_id, actor.person_name, admin.unit)

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return clock.local(self.now).date()


def find_period(session: Session, programme: str, code: str) -> Period:
    """Find a period by its programme's code and its own. Raises NoSuchPlaceError."""
    statement = (
        select(Period)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Programme.code == programme, Period.code == code)
    )
    row = session.scalar(statement)
    if row is None:
        raise NoSuchPlaceError(f"no period {code} of programme {programme}")
    return row


def find_province(session: Session, period: Period, code: str) -> Unit:
    """Find the province of a national code as of a period's start. Raises NoSuchPlaceError."""
    statement = select(Unit).where(
        Unit.level == Level.PROVINCE, Unit.code == code, *in_force(period)
    )
    row = session.scalar(statement)
    if row is None:
        raise NoSuchPlaceError(f"no province {code} on {period.starts_on}; import its units first")
    return row


def find_unit(session: Session, period: Period, province: Unit, name: str) -> Unit:
    """Find a unit of a province by its national code, or its type and name, as of a period's start.

    Raises NoSuchPlaceError where there is none, or where several bear the name.
    """
    inside = or_(Unit.id == province.id, below(Unit.path, province.path))
    named = or_(Unit.code == name, Unit.type + " " + Unit.name == name)
    found = session.scalars(select(Unit).where(inside, named, *in_force(period)).limit(2)).all()
    if len(found) != 1:
        how_many = "no unit" if not found else "more than one unit"
        raise NoSuchPlaceError(f"{how_many} {name} in {province.full_name} on {period.starts_on}")
    return found[0]


def in_force(period: Period) -> list:
    """Return the conditions on `Unit` that it is there on the day whose tree counts in a period."""
    day = period.tree_day
    return [Unit.valid_from <= day, Unit.valid_to.is_(None) | (Unit.valid_to > day)]


def version(session: Session, period_id: int, unit: Unit) -> str:
    """Return what changes whenever somebody of a unit and those below it comes or leaves."""
    inside = or_(Unit.id == unit.id, below(Unit.path, unit.path))
    statement = (
        select(func.count(), func.max(ParticipationMove.id))
        .join(Unit, Unit.id == ParticipationMove.unit_id)
        .where(ParticipationMove.period_id == period_id, inside)
    )
    return fingerprint(*session.execute(statement).one())


# --- Coming -------------------------------------------------------------------------------


def join_province(session: Session, programme: str, period: str, province: str) -> Joined:
    """Have a province and every unit in it at the period's start take part, by command.

    Runs in a system scope; the caller commits. Raises NoSuchPlaceError.
    """
    when = find_period(session, programme, period)
    place = find_province(session, when, province)
    return join_all(Mover(session, clock.now()), when, place)


def join_all(
    mover: Mover,
    period: Period,
    root: Unit,
    *,
    on: date | None = None,
    reason: str = "",
    seen: str | None = None,
) -> Joined:
    """Have a unit and all that are below it at the period's start take part; the caller commits.

    Those who take part already, or have left, stay as they are. `on` is the first day of those who
    come late, today where nobody says. An administrator of a unit has those below it take part, and
    not the unit itself, which is for those above to say.

    Raises:
        RefusedError: naming the form's field.
        StaleError: somebody has come or left since `seen`.
    """
    _hold_still(mover, period, root, seen)
    own = mover.unit is not None and mover.unit.id == root.id
    inside = below(Unit.path, root.path)
    if not own:
        inside = or_(Unit.id == root.id, inside)
    statement = select(Unit).where(inside, *in_force(period)).order_by(Unit.path)
    units = list(mover.session.scalars(statement))
    if units and units[0].parent_id is not None:
        _refuse_under_nobody(mover.session, period, units[0], mover.today)
    fresh = _never_there(mover.session, period, units)
    joined = _join(mover, period, fresh, on=on or mover.today, reason=reason, subject=root)
    return replace(joined, present=len(units) - joined.added)


def _never_there(session: Session, period: Period, units: Sequence[Unit]) -> list[Unit]:
    """Return the units, from the top, that were never on the list, and are under one that is.

    Whoever has left comes back by a decision of its own.
    """
    rows = _rows(session, period, [unit.id for unit in units])
    out = {unit_id for unit_id, row in rows.items() if row.left_on is not None}
    fresh = []
    for unit in units:
        if unit.parent_id in out:
            out.add(unit.id)
        elif unit.id not in rows:
            fresh.append(unit)
    return fresh


def join(
    mover: Mover,
    period: Period,
    unit: Unit,
    *,
    on: date | None = None,
    reason: str = "",
    seen: str | None = None,
) -> Joined:
    """Have one unit take part, without those below it; the caller commits.

    Raises:
        RefusedError: naming the form's field.
        StaleError: somebody has come or left since `seen`.
    """
    _hold_still(mover, period, unit, seen)
    if not unit.in_force(period.tree_day):
        refused = N_("%(unit)s không còn (hoặc chưa có) vào đầu kỳ %(period)s.")
        raise RefusedError("", refused, unit=unit.full_name, period=period.code)
    _refuse_under_nobody(mover.session, period, unit, mover.today)
    joined = _join(mover, period, [unit], on=on or mover.today, reason=reason, subject=unit)
    if not joined.added:
        raise RefusedError("", N_("%(unit)s đang tham gia rồi."), unit=unit.full_name)
    return joined


def _join(
    mover: Mover,
    period: Period,
    units: Sequence[Unit],
    *,
    on: date,
    reason: str,
    subject: Unit,
) -> Joined:
    session, reason = mover.session, _said(reason)
    rows = _rows(session, period, [unit.id for unit in units])
    fresh = [unit for unit in units if not _here(rows.get(unit.id))]
    fixed = _fixed(session, period, {unit.parent_id for unit in fresh})
    late = [unit for unit in fresh if unit.parent_id in fixed or unit.id in rows]
    if late:
        _check(mover, period, late, on, reason)
    late_ids = {unit.id for unit in late}
    for unit in fresh:
        first = on if unit.id in late_ids else period.starts_on
        _add(mover, period, unit, rows.get(unit.id), first if unit.id in late_ids else None)
        session.add(
            _move(
                mover, period, unit, ParticipationAct.JOIN, first, reason, unit.parent_id in fixed
            )
        )
    session.flush()
    if fresh:
        told = {"units": (None, len(fresh)), "late_comers": (None, len(late))}
        if late:
            told |= {"joined_on": (None, on), "reason": (None, reason)}
        _note(mover, period, "participation.joined", subject, told)
    return Joined(len(fresh), len(units) - len(fresh), len(late))


def _add(
    mover: Mover, period: Period, unit: Unit, row: Participation | None, first: date | None
) -> None:
    """Put a unit on the list: anew, or again. One that comes back on the day it leaves stays.

    Raises RefusedError for one that takes part until a day ahead and is to come back after it.
    """
    if row is None:
        row = Participation(period_id=period.id, unit_id=unit.id, parent_id=unit.parent_id)
        mover.session.add(row)
    elif row.left_on is not None and row.left_on > mover.today and row.left_on != first:
        refused = N_(
            "%(unit)s còn tham gia đến trước ngày %(date)s; để ở lại, hãy ghi đúng ngày đó."
        )
        raise RefusedError("on", refused, unit=unit.full_name, date=row.left_on)
    if first is None or row.left_on != first:
        row.joined_on = first
    row.left_on = None


# --- Leaving ------------------------------------------------------------------------------


def leaving(session: Session, period: Period, unit: Unit) -> list[Unit]:
    """List who leaves where a unit leaves: it and those below it that take part, from the top."""
    inside = or_(Unit.id == unit.id, below(Unit.path, unit.path))
    statement = (
        select(Unit)
        .join(Participation, Participation.unit_id == Unit.id)
        .where(Participation.period_id == period.id, inside, Participation.left_on.is_(None))
        .order_by(Unit.path)
    )
    return list(session.scalars(statement))


def leave(
    mover: Mover,
    period: Period,
    unit: Unit,
    *,
    on: date | None = None,
    reason: str = "",
    seen: str | None = None,
) -> list[Unit]:
    """Have a unit leave, with all below it, from a day on (today, where nobody says); the caller
    commits. Returns who left.

    What it has sent stays where it is; receipts and what is frozen keep it.

    Raises:
        RefusedError: naming the form's field.
        StaleError: somebody has come or left since `seen`.
    """
    _hold_still(mover, period, unit, seen)
    reason, on = _said(reason), on or mover.today
    units = leaving(mover.session, period, unit)
    if not units or units[0].id != unit.id:
        raise RefusedError("", N_("%(unit)s không tham gia kỳ này."), unit=unit.full_name)
    _check(mover, period, units, on, reason)
    rows = _rows(mover.session, period, [one.id for one in units])
    fixed = _fixed(mover.session, period, {one.parent_id for one in units})
    for one in units:
        rows[one.id].left_on = on
        late = one.parent_id in fixed
        mover.session.add(_move(mover, period, one, ParticipationAct.LEAVE, on, reason, late))
    mover.session.flush()
    told = {"units": (None, len(units)), "left_on": (None, on), "reason": (None, reason)}
    _note(mover, period, "participation.left", unit, told)
    return units


# --- What all of it stands on -------------------------------------------------------------


def _hold_still(mover: Mover, period: Period, unit: Unit, seen: str | None) -> None:
    """Lock the period's list, so that one changes it at a time. Raises StaleError."""
    with system(mover.session, Purpose.ADMINISTER):
        held = select(Period.id).where(Period.id == period.id)
        mover.session.scalars(held.with_for_update(key_share=True)).all()
    if seen is not None and seen != version(mover.session, period.id, unit):
        text = N_("Danh sách tham gia đã thay đổi trong lúc trang này đang mở. Hãy xem lại.")
        raise StaleError(Message(text))


def _rows(session: Session, period: Period, unit_ids: Collection[int]) -> dict[int, Participation]:
    statement = select(Participation).where(
        Participation.period_id == period.id, Participation.unit_id.in_(unit_ids)
    )
    return {row.unit_id: row for row in session.scalars(statement)}


def _here(row: Participation | None) -> bool:
    """Tell whether a unit is on the list and has no day of leaving."""
    return row is not None and row.left_on is None


def _fixed(session: Session, period: Period, parents: Iterable[int | None]) -> set[int | None]:
    """Find under which units the list is fixed: a document there has been sent up."""
    statement = (
        select(Participation.parent_id)
        .where(
            Participation.period_id == period.id,
            Participation.parent_id.in_({one for one in parents if one is not None}),
            Participation.frozen_at.is_not(None),
        )
        .distinct()
    )
    return set(session.scalars(statement))


def _refuse_under_nobody(session: Session, period: Period, unit: Unit, today: date) -> None:
    """Refuse to put a unit under one that takes no part itself."""
    if unit.parent_id is None:
        return
    above = select(Participation.unit_id).where(
        Participation.period_id == period.id,
        Participation.unit_id == unit.parent_id,
        takes_part(),
    )
    if session.scalar(above, {TODAY: today}) is None:
        name = session.get_one(Unit, unit.parent_id).full_name
        refused = N_("%(unit)s chưa tham gia kỳ này; cho đơn vị đó tham gia trước.")
        raise RefusedError("", refused, unit=name)


def _check(mover: Mover, period: Period, units: Sequence[Unit], on: date, reason: str) -> None:
    """Hold a change to its day and its reason. Raises RefusedError."""
    if not reason:
        raise RefusedError("reason", N_("Hãy ghi lý do; lý do được lưu trong lịch sử tham gia."))
    if on > period.ends_on:
        refused = N_("Ngày này sau khi kỳ kết thúc, %(date)s.")
        raise RefusedError("on", refused, date=period.ends_on)
    last = select(func.max(ParticipationMove.moved_on)).where(
        ParticipationMove.period_id == period.id,
        ParticipationMove.unit_id.in_([unit.id for unit in units]),
    )
    earliest = max(period.starts_on, mover.session.scalar(last) or period.starts_on)
    if on < earliest:
        refused = N_("Không được trước ngày %(date)s, là lần thay đổi gần nhất hoặc ngày đầu kỳ.")
        raise RefusedError("on", refused, date=earliest)


def _said(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


def _move(
    mover: Mover,
    period: Period,
    unit: Unit,
    act: ParticipationAct,
    on: date,
    reason: str,
    after_freeze: bool,
) -> ParticipationMove:
    return ParticipationMove(
        period_id=period.id,
        unit_id=unit.id,
        parent_id=unit.parent_id,
        act=act,
        moved_on=on,
        reason=reason,
        after_freeze=after_freeze,
        at=mover.now,
        person_id=mover.person_id,
        person_name=mover.person_name,
    )


def _note(mover: Mover, period: Period, what: str, unit: Unit, told: audit.Changes) -> None:
    """Write the audit entry, at the unit administered, else at the one that it is about."""
    owner = mover.unit.id if mover.unit is not None else unit.id
    programme = mover.session.get_one(Programme, period.programme_id)
    subject = f"{programme.code}|{period.code}|{unit.full_name}"
    audit.record(mover.session, owner, what, mover.person_id, subject, told, now=mover.now)
