"""The calendar of working days as decided: the public one, with an administrator's exceptions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration.desk import Desk
from lth.core.errors import RefusedError
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
    """The calendar that `EXCEPTIONS` tells of."""
    days = exceptions.split(",") if exceptions else []
    return Calendar({date.fromisoformat(one[1:]): one[0] == "+" for one in days})


def decided(session: Session) -> Sequence[CalendarDay]:
    """Every exception, the newest day first."""
    return session.scalars(select(CalendarDay).order_by(CalendarDay.day.desc())).all()


def decide(desk: Desk, day: date, works: bool, name: str) -> None:
    """Say of a day whether it is worked on; deadlines are counted anew.

    Raises:
        RefusedError: where that is what the calendar says already, or somebody has decided.
    """
    if Calendar().works(day) is works:
        message = N_("Lịch chung đã coi ngày này là ngày làm việc.")
        off = N_("Lịch chung đã coi ngày này là ngày nghỉ.")
        raise RefusedError("day", Message(message if works else off))
    with system(desk.session, Purpose.ADMINISTER):
        try:
            with desk.session.begin_nested():
                desk.session.add(CalendarDay(day=day, works=works, name=name))
        except IntegrityError as error:
            taken = Message(N_("Ngày này đã được đặt. Bỏ ngày đó trước."))
            raise RefusedError("day", taken) from error
        desk.note("calendar.decided", format_date(day), {"works": (not works, works)})
        _count_anew(desk.session)


def forget(desk: Desk, day: date) -> bool:
    """Leave a day to the public calendar again; returns whether it had been decided."""
    row = desk.session.get(CalendarDay, day)
    if row is None:
        return False
    with system(desk.session, Purpose.ADMINISTER):
        desk.note("calendar.forgotten", format_date(day), {"works": (row.works, not row.works)})
        desk.session.delete(row)
        _count_anew(desk.session)
    return True


def _count_anew(session: Session) -> None:
    """Every deadline's last day, by the calendar as it is now."""
    session.flush()
    calendar = of(session)
    for deadline in session.scalars(select(Deadline).with_for_update()):
        deadline.latest_on = calendar.shift(deadline.due_on, deadline.grace_days)
