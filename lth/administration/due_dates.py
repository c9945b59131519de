"""The deadlines a unit sets for the units below it: read, set, changed, taken back.

What holds for a document is derived from them elsewhere; here they are only kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.administration import audit, calendar_days, unit_settings, versions
from lth.administration.desk import Desk
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.models import Deadline, Period, Unit
from lth.models.kind import Kind

MAX_GRACE_DAYS = 60


@dataclass(frozen=True)
class Terms:
    """What is due when: for one unit below, for all (`unit_id` None), for the unit's own people."""

    period_id: int
    kind: Kind
    unit_id: int | None
    due_on: date
    grace_days: int = 0
    last_correction_on: date | None = None


@dataclass(frozen=True)
class Line:
    """A deadline as the list shows it."""

    deadline: Deadline
    period: Period
    unit: Unit | None

    @property
    def version(self) -> str:
        return version(self.deadline)


def version(deadline: Deadline) -> str:
    """Changes whenever the deadline does."""
    return versions.fingerprint(*_told(deadline).values(), deadline.unit_id)


def set_by(session: Session, unit: Unit) -> list[Line]:
    """The deadlines that a unit has set: the newest period first, for all before for one."""
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
    return [Line(*row) for row in session.execute(statement)]


def find(desk: Desk, deadline_id: int) -> Deadline | None:
    """A deadline that the desk's unit has set."""
    deadline = desk.session.get(Deadline, deadline_id)
    return deadline if deadline is not None and deadline.setter_id == desk.unit_id else None


def periods(session: Session) -> list[Period]:
    """All periods with their programmes, the newest first."""
    statement = (
        select(Period).options(joinedload(Period.programme)).order_by(Period.starts_on.desc())
    )
    return list(session.scalars(statement))


def units_below(session: Session, unit: Unit) -> list[Unit]:
    """The units directly below, those that have ended among them, in Vietnamese order."""
    statement = select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.sort_key, Unit.id)
    return list(session.scalars(statement))


def add(desk: Desk, terms: Terms, from_above: date | None) -> Deadline:
    """Set a deadline; `from_above` is the day that the units above have set for this unit.

    Raises:
        RefusedError: naming the form's field.
    """
    if desk.unit is None:
        raise ValueError("deadlines are set by a unit")
    unit_settings.lock(desk.session, desk.unit)
    _check(desk, terms, from_above)
    _refuse_second(desk, terms, None)
    deadline = Deadline(
        setter_id=desk.unit.id,
        unit_id=terms.unit_id,
        period_id=terms.period_id,
        kind=terms.kind,
        due_on=terms.due_on,
        grace_days=terms.grace_days,
        latest_on=calendar_days.of(desk.session).shift(terms.due_on, terms.grace_days),
        last_correction_on=terms.last_correction_on,
    )
    desk.session.add(deadline)
    changes = {key: (None, value) for key, value in _told(deadline).items()}
    desk.note("deadlines.added", _subject(desk, terms), changes)
    return deadline


def change(
    desk: Desk, deadline: Deadline, terms: Terms, seen: str, from_above: date | None
) -> bool:
    """Move a deadline; returns whether anything changed.

    Raises:
        StaleError: it is no longer as it was seen.
        RefusedError: naming the form's field.
    """
    before = _locked(desk, deadline, seen)
    _check(desk, terms, from_above)
    _refuse_second(desk, terms, deadline.id)
    subject = _subject(desk, _terms(deadline))
    latest_on = calendar_days.of(desk.session).shift(terms.due_on, terms.grace_days)
    deadline.period_id, deadline.kind, deadline.unit_id = (
        terms.period_id,
        terms.kind,
        terms.unit_id,
    )
    deadline.due_on, deadline.grace_days = terms.due_on, terms.grace_days
    deadline.latest_on = latest_on
    deadline.last_correction_on = terms.last_correction_on
    changes = audit.differing(before, _told(deadline))
    moved = _subject(desk, terms)
    if moved != subject:
        changes["deadline_of"] = (subject, moved)
    if changes:
        desk.note("deadlines.changed", subject, changes)
    return bool(changes)


def remove(desk: Desk, deadline: Deadline, seen: str) -> None:
    """Take a deadline back.

    Raises:
        StaleError: it is no longer as it was seen.
    """
    before = _locked(desk, deadline, seen)
    changes = {key: (value, None) for key, value in before.items()}
    desk.note("deadlines.removed", _subject(desk, _terms(deadline)), changes)
    desk.session.delete(deadline)


def _locked(desk: Desk, deadline: Deadline, seen: str) -> dict[str, Any]:
    """What the deadline says, under the unit's lock, if it is still as it was seen."""
    if desk.unit is None:
        raise ValueError("deadlines are set by a unit")
    unit_settings.lock(desk.session, desk.unit)
    desk.session.refresh(deadline)
    versions.check(desk.session, seen, version(deadline), desk.unit_id, "deadlines.")
    return _told(deadline)


def _check(desk: Desk, terms: Terms, from_above: date | None) -> None:
    if desk.session.get(Period, terms.period_id) is None:
        raise RefusedError("period_id", Message(N_("Hãy chọn một kỳ trong danh sách.")))
    if terms.unit_id == desk.unit_id:
        _check_own(terms, from_above)
    elif terms.unit_id is not None:
        unit = desk.session.get(Unit, terms.unit_id)
        if unit is None or unit.parent_id != desk.unit_id:
            raise RefusedError("unit_id", Message(N_("Hãy chọn một đơn vị trực thuộc.")))
    if not 0 <= terms.grace_days <= MAX_GRACE_DAYS:
        raise RefusedError(
            "grace_days",
            Message(N_("Số ngày làm việc gia hạn từ 0 đến %(most)s."), {"most": MAX_GRACE_DAYS}),
        )
    _check_last_correction(desk, terms)


def _check_last_correction(desk: Desk, terms: Terms) -> None:
    last = terms.last_correction_on
    if last is None:
        return
    if last < terms.due_on:
        raise RefusedError(
            "last_correction_on", Message(N_("Hạn sửa cuối không được trước hạn nộp."))
        )
    latest = calendar_days.of(desk.session).shift(terms.due_on, terms.grace_days)
    if last < latest:
        raise RefusedError(
            "last_correction_on",
            Message(
                N_("Hạn sửa cuối không được trước ngày hết gia hạn, %(date)s."), {"date": latest}
            ),
        )


def _check_own(terms: Terms, from_above: date | None) -> None:
    """A unit may want things earlier of its own people than the unit above does, never later."""
    if from_above is None:
        raise RefusedError(
            "unit_id", Message(N_("Cấp trên chưa đặt hạn cho kỳ và loại văn bản này."))
        )
    if terms.due_on > from_above:
        raise RefusedError(
            "due_on",
            Message(
                N_("Hạn nội bộ không được sau hạn của cấp trên, %(date)s."), {"date": from_above}
            ),
        )
    if terms.grace_days:
        raise RefusedError("grace_days", Message(N_("Hạn nội bộ không có ngày gia hạn.")))
    if terms.last_correction_on is not None:
        raise RefusedError(
            "last_correction_on", Message(N_("Hạn sửa cuối do cấp trên đặt; để trống ô này."))
        )


def _refuse_second(desk: Desk, terms: Terms, own_id: int | None) -> None:
    """One deadline for a period, a kind and a unit (or for all)."""
    same = select(Deadline.id).where(
        Deadline.setter_id == desk.unit_id,
        Deadline.period_id == terms.period_id,
        Deadline.kind == terms.kind,
        Deadline.unit_id.is_not_distinct_from(terms.unit_id),
        Deadline.id.is_distinct_from(own_id),
    )
    if desk.session.scalar(same.limit(1)) is not None:
        raise RefusedError(
            "unit_id", Message(N_("Đã có hạn nộp cho kỳ, loại văn bản và đơn vị này."))
        )


def _terms(deadline: Deadline) -> Terms:
    return Terms(
        deadline.period_id,
        deadline.kind,
        deadline.unit_id,
        deadline.due_on,
        deadline.grace_days,
        deadline.last_correction_on,
    )


def _told(deadline: Deadline) -> dict[str, Any]:
    """A deadline as the trail tells it."""
    return {
        "due_on": deadline.due_on,
        "grace_days": deadline.grace_days,
        "last_correction_on": deadline.last_correction_on,
    }


def _subject(desk: Desk, terms: Terms) -> str:
    """What a deadline is for: programme, period, kind and unit, for the trail to read again."""
    period = desk.session.get_one(Period, terms.period_id)
    unit = desk.session.get_one(Unit, terms.unit_id).full_name if terms.unit_id else ""
    return "|".join((period.programme.code, period.code, terms.kind, unit))
