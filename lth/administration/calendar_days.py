"""The calendar of working days as decided: the public one, with an administrator's exceptions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration.context import AdminContext, fingerprint, insert_only
from lth.core.errors import RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import format_date
from lth.core.workdays import Calendar
from lth.models import CalendarDay, Deadline


def of(session: Session) -> Calendar:
    """The calendar in force, in one query."""
    return Calendar({row.day: row.works for row in session.execute(_DECIDED)})


_DECIDED = select(CalendarDay.day, CalendarDay.works)


EXCEPTIONS = (
    select(
        func.aggregate_strings(
            case((CalendarDay.works, "+"), else_="-") + cast(CalendarDay.day, String), ","
        )
    )
    .select_from(CalendarDay)
    .scalar_subquery()
)
"""Every exception in one text, "+2026-08-22,-2026-08-31", for a query that reads something else."""


def read(exceptions: str | None) -> Calendar:
    """Return the calendar that `EXCEPTIONS` tells of."""
    days = exceptions.split(",") if exceptions else []
    return Calendar({date.fromisoformat(day[1:]): day[0] == "+" for day in days})


def decided(session: Session) -> Sequence[CalendarDay]:
    """List every exception, the newest day first."""
    return session.scalars(select(CalendarDay).order_by(CalendarDay.day.desc())).all()


def decide(admin: AdminContext, day: date, works: bool, name: str) -> None:
    """Say of a day whether it is worked on; deadlines are counted anew.

    Raises:
        RefusedError: where that is what the calendar says already, or somebody has decided.
    """
    if Calendar().works(day) is works:
        on = N_("Lịch chung đã coi ngày này là ngày làm việc.")
        off = N_("Lịch chung đã coi ngày này là ngày nghỉ.")
        raise RefusedError("day", on if works else off)
    with system(admin.session, Purpose.ADMINISTER):
        taken = RefusedError("day", N_("Ngày này đã được đặt. Bỏ ngày đó trước."))
        insert_only(admin.session, CalendarDay(day=day, works=works, name=name), taken)
        admin.note("calendar.decided", format_date(day), {"works": (not works, works)})
        _count_anew(admin.session)


def version(row: CalendarDay) -> str:
    """Return the version of what was decided of a day."""
    return fingerprint(row.works, row.name)


def forget(admin: AdminContext, day: date, seen: str) -> bool:
    """Leave a day to the public calendar again; returns whether it had been decided.

    Raises StaleError where something else was decided than what was seen.
    """
    row = admin.session.get(CalendarDay, day)
    if row is None:
        return False
    if version(row) != seen:
        text = N_("Ngày này vừa được đặt lại. Hãy xem lại trước khi bỏ.")
        raise StaleError(Message(text))
    with system(admin.session, Purpose.ADMINISTER):
        admin.note("calendar.forgotten", format_date(day), {"works": (row.works, not row.works)})
        admin.session.delete(row)
        _count_anew(admin.session)
    return True


def _count_anew(session: Session) -> None:
    """Write every deadline's last day by the calendar as it is now."""
    session.flush()
    calendar = of(session)
    for deadline in session.scalars(select(Deadline).with_for_update()):
        deadline.latest_on = calendar.shift(deadline.due_on, deadline.grace_days)
