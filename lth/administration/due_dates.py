"""The deadlines a unit sets for the units below it: read, set, changed, taken back.

What holds for a document is derived from them elsewhere; here they are only kept.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import below
from lth.administration import audit, calendar_days, unit_settings
from lth.administration.context import AdminContext, fingerprint
from lth.core.errors import BlockedError, RefusedError
from lth.core.i18n import N_
from lth.models import Deadline, Period, ReportWindow, Unit
from lth.models.kind import Kind
from lth.models.programme import PeriodUse

MAX_GRACE_DAYS = 60


@dataclass(frozen=True)
class Terms:
    """A deadline to set: for a unit below, all (`unit_id` None), or the unit's own people."""

    period_id: int
    kind: Kind
    unit_id: int | None
    due_on: date
    grace_days: int = 0
    last_correction_on: date | None = None


@dataclass(frozen=True)
class SetDeadline:
    """A deadline as the list shows it."""

    deadline: Deadline
    period: Period
    unit: Unit | None

    @property
    def version(self) -> str:
        return version(self.deadline)


def version(deadline: Deadline) -> str:
    """Return what changes whenever the deadline does."""
    return fingerprint(*_days(deadline).values(), deadline.unit_id)


def set_by(session: Session, unit: Unit) -> list[SetDeadline]:
    """List the deadlines that a unit has set: the newest period first, for all before for one."""
    statement = (
        select(Deadline, Period, Unit)
        .join(Period, Period.id == Deadline.period_id)
        .outerjoin(Unit, Unit.id == Deadline.unit_id)
        .options(joinedload(Period.programme))
        .where(Deadline.setter_id == unit.id)
        .order_by(
            Period.starts_on.desc(),
            Period.id,
            Deadline.kind,
            Deadline.unit_id.is_not(None),
            Unit.sort_key,
        )
    )
    return [SetDeadline(*row) for row in session.execute(statement)]


def find(admin: AdminContext, deadline_id: int) -> Deadline | None:
    """Find a deadline that the unit has set."""
    deadline = admin.session.get(Deadline, deadline_id)
    return deadline if deadline is not None and deadline.setter_id == admin.unit_id else None


def periods(session: Session, unit: Unit) -> list[Period]:
    """List the periods that a unit has to do with, with their programmes: those of plans, then
    those of reports whose window it, a unit above or one below has opened; the newest first.
    """
    statement = (
        select(Period)
        .options(joinedload(Period.programme))
        .where(_concerns(unit))
        .order_by(Period.use != PeriodUse.PLAN, Period.starts_on.desc(), Period.id)
    )
    return list(session.scalars(statement))


def find_period(session: Session, unit: Unit, period_id: int) -> Period | None:
    """Return one of those periods, with its programme."""
    statement = (
        select(Period)
        .options(joinedload(Period.programme))
        .where(Period.id == period_id, _concerns(unit))
    )
    return session.scalar(statement)


def _concerns(unit: Unit) -> ColumnElement[bool]:
    return or_(Period.use == PeriodUse.PLAN, Period.id.in_(_opened_around(unit)))


def _opened_around(unit: Unit) -> Select[tuple[int]]:
    statement = select(ReportWindow.period_id).join(Unit, Unit.id == ReportWindow.unit_id)
    line = or_(Unit.id.in_([unit.id, *unit.ancestor_ids]), below(Unit.path, unit.path))
    return statement.where(line)


def units_below(session: Session, unit: Unit) -> list[Unit]:
    """List the units directly below, those that have ended among them, in Vietnamese order."""
    statement = select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.sort_key, Unit.id)
    return list(session.scalars(statement))


def for_all(session: Session, unit: Unit, period_id: int) -> dict[Kind, Deadline]:
    """Return what a unit has set for all units below in a period, by kind."""
    statement = select(Deadline).where(
        Deadline.setter_id == unit.id,
        Deadline.period_id == period_id,
        Deadline.unit_id.is_(None),
    )
    return {row.kind: row for row in session.scalars(statement)}


def all_version(found: dict[Kind, Deadline]) -> str:
    """Return what changes whenever one of the days for all does."""
    return fingerprint(sorted((kind, version(row)) for kind, row in found.items()))


def differing_below(
    session: Session, unit: Unit, period_id: int, *, most: int
) -> list[tuple[Deadline, Unit]]:
    """List the days below a unit that go before those for all: set for one unit, or by a unit
    between.
    """
    statement = (
        select(Deadline, Unit)
        .join(Unit, Unit.id == func.coalesce(Deadline.unit_id, Deadline.setter_id))
        .where(
            Deadline.period_id == period_id,
            below(Unit.path, unit.path),
            Deadline.unit_id.is_distinct_from(Deadline.setter_id),
        )
        .order_by(Unit.sort_key, Unit.id, Deadline.kind)
        .limit(most)
    )
    return [tuple(row) for row in session.execute(statement)]


def set_for_all(
    admin: AdminContext, period_id: int, wanted: dict[Kind, Terms | None], seen: str
) -> int:
    """Set, move and take back what holds for all units below in a period, all kinds at once; None
    takes one back. Returns how many changed.

    Raises:
        StaleError: the days for all are no longer as they were seen.
        RefusedError: naming the form's field with its kind, "due_on_plan".
    """
    unit_settings.lock(admin.session, admin.own_unit)
    there = for_all(admin.session, admin.own_unit, period_id)
    admin.check_seen(seen, all_version(there), "deadlines.")
    changed = 0
    for kind, terms in wanted.items():
        row = there.get(kind)
        try:
            if terms is None:
                if row is not None:
                    remove(admin, row, version(row))
                    changed += 1
            elif row is None:
                add(admin, terms, None)
                changed += 1
            else:
                changed += change(admin, row, terms, version(row), None)
        except BlockedError as error:
            named = (replace(one, field=f"{one.field}_{kind}") for one in error.messages)
            raise BlockedError(*named) from error
    return changed


def add(admin: AdminContext, terms: Terms, from_above: date | None) -> Deadline:
    """Set a deadline; `from_above` is the day that the units above have set for this unit.

    Raises:
        RefusedError: naming the form's field.
    """
    unit_settings.lock(admin.session, admin.own_unit)
    latest_on = _check(admin, terms, from_above)
    _refuse_second(admin, terms, None)
    deadline = Deadline(setter_id=admin.own_unit.id, latest_on=latest_on, **vars(terms))
    admin.session.add(deadline)
    changes = {key: (None, value) for key, value in _days(deadline).items()}
    admin.note("deadlines.added", _subject(admin, terms), changes)
    return deadline


def change(
    admin: AdminContext, deadline: Deadline, terms: Terms, seen: str, from_above: date | None
) -> bool:
    """Move a deadline; returns whether anything changed.

    Raises:
        StaleError: it is no longer as it was seen.
        RefusedError: naming the form's field.
    """
    before = _locked(admin, deadline, seen)
    latest_on = _check(admin, terms, from_above)
    _refuse_second(admin, terms, deadline.id)
    subject = _subject(admin, deadline)
    for name, value in vars(terms).items():
        setattr(deadline, name, value)
    deadline.latest_on = latest_on
    changes = audit.differing(before, _days(deadline))
    moved = _subject(admin, terms)
    if moved != subject:
        changes["deadline_of"] = (subject, moved)
    if changes:
        admin.note("deadlines.changed", subject, changes)
    return bool(changes)


def remove(admin: AdminContext, deadline: Deadline, seen: str) -> None:
    """Take a deadline back.

    Raises:
        StaleError: it is no longer as it was seen.
    """
    before = _locked(admin, deadline, seen)
    changes = {key: (value, None) for key, value in before.items()}
    admin.note("deadlines.removed", _subject(admin, deadline), changes)
    admin.session.delete(deadline)


def _locked(admin: AdminContext, deadline: Deadline, seen: str) -> dict[str, Any]:
    """Return what the deadline says, under the unit's lock, if it is still as it was seen."""
    unit_settings.lock(admin.session, admin.own_unit)
    admin.session.refresh(deadline)
    admin.check_seen(seen, version(deadline), "deadlines.")
    return _days(deadline)


def _check(admin: AdminContext, terms: Terms, from_above: date | None) -> date:
    """Return the last day of grace. Raises RefusedError where a rule is broken."""
    period = find_period(admin.session, admin.own_unit, terms.period_id)
    if period is None:
        raise RefusedError("period_id", N_("Hãy chọn một kỳ trong danh sách."))
    if terms.kind.use is not period.use:
        raise RefusedError("kind", N_("Loại văn bản này không lập trong kỳ đã chọn."))
    if terms.unit_id == admin.unit_id:
        _check_own(terms, from_above)
    elif terms.unit_id is not None:
        unit = admin.session.get(Unit, terms.unit_id)
        if unit is None or unit.parent_id != admin.unit_id:
            raise RefusedError("unit_id", N_("Hãy chọn một đơn vị trực thuộc."))
    if not 0 <= terms.grace_days <= MAX_GRACE_DAYS:
        raise RefusedError(
            "grace_days", N_("Số ngày làm việc gia hạn từ 0 đến %(most)s."), most=MAX_GRACE_DAYS
        )
    latest_on = calendar_days.of(admin.session).shift(terms.due_on, terms.grace_days)
    _check_last_correction(terms, latest_on)
    return latest_on


def _check_last_correction(terms: Terms, latest_on: date) -> None:
    last = terms.last_correction_on
    if last is None:
        return
    if last < terms.due_on:
        raise RefusedError("last_correction_on", N_("Hạn sửa cuối không được trước hạn nộp."))
    if last < latest_on:
        raise RefusedError(
            "last_correction_on",
            N_("Hạn sửa cuối không được trước ngày hết gia hạn, %(date)s."),
            date=latest_on,
        )


def _check_own(terms: Terms, from_above: date | None) -> None:
    """Refuse a later day than the unit above has set, for the unit's own people."""
    if from_above is None:
        raise RefusedError("unit_id", N_("Cấp trên chưa đặt hạn cho kỳ và loại văn bản này."))
    if terms.due_on > from_above:
        raise RefusedError(
            "due_on", N_("Hạn nội bộ không được sau hạn của cấp trên, %(date)s."), date=from_above
        )
    if terms.grace_days:
        raise RefusedError("grace_days", N_("Hạn nội bộ không có ngày gia hạn."))
    if terms.last_correction_on is not None:
        raise RefusedError(
            "last_correction_on", N_("Hạn sửa cuối do cấp trên đặt; để trống ô này.")
        )


def _refuse_second(admin: AdminContext, terms: Terms, own_id: int | None) -> None:
    """Refuse a second deadline for a period, a kind and a unit (or for all)."""
    same = select(Deadline.id).where(
        Deadline.setter_id == admin.unit_id,
        Deadline.period_id == terms.period_id,
        Deadline.kind == terms.kind,
        Deadline.unit_id.is_not_distinct_from(terms.unit_id),
        Deadline.id.is_distinct_from(own_id),
    )
    if admin.session.scalar(same.limit(1)) is not None:
        raise RefusedError("unit_id", N_("Đã có hạn nộp cho kỳ, loại văn bản và đơn vị này."))


def _days(deadline: Deadline) -> dict[str, Any]:
    """Return a deadline as the trail tells it."""
    names = ("due_on", "grace_days", "last_correction_on")
    return {name: getattr(deadline, name) for name in names}


def _subject(admin: AdminContext, terms: Terms | Deadline) -> str:
    """Say what a deadline is for: programme, period, kind and unit, for the trail to read again."""
    period = admin.session.get_one(Period, terms.period_id)
    unit = admin.session.get_one(Unit, terms.unit_id).full_name if terms.unit_id else ""
    return "|".join((period.programme.code, period.code, terms.kind, unit))
