"""The month: the unit's deadlines and those it has set below, day by day, among the days off."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.administration import calendar_days
from lth.blueprints.calendar import wording
from lth.blueprints.web import current, layout
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.core import clock
from lth.core.language import gettext, lazy_gettext
from lth.core.workdays import Calendar
from lth.models import CalendarDay
from lth.workflow import agenda
from lth.workflow.agenda import AgendaEntry, For

WEEKDAYS = (
    lazy_gettext("Thứ hai"),
    lazy_gettext("Thứ ba"),
    lazy_gettext("Thứ tư"),
    lazy_gettext("Thứ năm"),
    lazy_gettext("Thứ sáu"),
    lazy_gettext("Thứ bảy"),
    lazy_gettext("Chủ nhật"),
)
YEARS = range(2000, 2101)
"""Of which years a month is shown; of others the present one is."""

MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
"""A month as the address names it."""

ONE_DAY = timedelta(days=1)
SHOWN = 4
"""How many entries of a day are shown before the rest opens."""


@dataclass(frozen=True)
class DayView:
    """A day of the month: whether offices work, and what it is called where that is no matter of
    course: "Nghỉ", "Làm bù", a public holiday's name.
    """

    on: date
    today: bool
    works: bool
    mark: str
    name: str
    lines: list[dict[str, str]]

    @property
    def says_something(self) -> bool:
        """Tell whether a narrow page lists it: a plain Sunday is no news."""
        return bool(self.lines or self.name or self.today)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/month", "month", month)


@needs(Permission.READ_DOCUMENTS)
def month() -> ResponseReturnValue:
    """Show one month as a grid of weeks; on a narrow screen the days that have something."""
    first, today = _asked(), clock.today()
    last = _next(first) - ONE_DAY
    entries = agenda.of(current.database(), current.actor(), first, last)
    days = _days(first, last, today, entries)
    return render_template(
        "month.html",
        tabs=layout.deadline_tabs(),
        first=first,
        weeks=_weeks(first, days),
        weekdays=WEEKDAYS,
        shown=SHOWN,
        empty=not entries,
        name=month_name(first),
        before=_link((first - ONE_DAY).replace(day=1)),
        after=_link(_next(first)),
        this_month=None if first == today.replace(day=1) else desk_url("month"),
    )


def month_name(first: date) -> str:
    """Name a month: "Tháng 6/2021"."""
    return gettext("Tháng %(month)s/%(year)s", month=first.month, year=first.year)


def _asked() -> date:
    """Return the first day of the month that the address names, else of this one."""
    named = MONTH.fullmatch(request.args.get("month", ""))
    if named and int(named[1]) in YEARS and 1 <= int(named[2]) <= 12:
        return date(int(named[1]), int(named[2]), 1)
    return clock.today().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _link(first: date) -> tuple[str, str] | None:
    """Return ("10/2026", address) of another month; None beyond the years shown."""
    if first.year not in YEARS:
        return None
    return f"{first.month}/{first.year}", desk_url("month", month=f"{first:%Y-%m}")


def _weeks(first: date, days: list[DayView]) -> list[list[DayView | None]]:
    """Arrange the days by weeks that begin on Monday, with None for those of other months."""
    cells: list[DayView | None] = [*[None] * first.weekday(), *days]
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


# --- Days ---------------------------------------------------------------------------------


def _days(first: date, last: date, today: date, entries: list[AgendaEntry]) -> list[DayView]:
    decided = {row.day: row for row in calendar_days.decided(current.database())}
    calendar = Calendar({day: row.works for day, row in decided.items()})
    current.know_calendar(calendar)
    public = dict(Calendar.public(first.year))
    lines = defaultdict(list)
    for entry in entries:
        lines[entry.on].append(_entry(entry, today))
    days = []
    for number in range((last - first).days + 1):
        on = first + ONE_DAY * number
        mark, name = _mark(on, calendar, public, decided.get(on))
        days.append(DayView(on, on == today, calendar.works(on), mark, name, lines[on]))
    return days


def _mark(
    on: date, calendar: Calendar, public: dict[date, str], decided: CalendarDay | None
) -> tuple[str, str]:
    """Word what a day is where that is not what its weekday says, and name the reason."""
    works, weekend = calendar.works(on), on.weekday() >= 5
    name = decided.name if decided is not None else ("" if works else public.get(on, ""))
    if works:
        return (gettext("Làm bù") if weekend else ""), name
    return gettext("Nghỉ"), name


# --- Entries ------------------------------------------------------------------------------


def _entry(entry: AgendaEntry, today: date) -> dict[str, str]:
    """Word an entry as its day shows it; `look`: late, done, or nothing where it is ahead."""
    return {
        "label": wording.label(entry),
        "document": wording.document(entry),
        "whose": wording.whose(entry),
        "look": "done" if entry.done else "late" if entry.late(today) else "",
        "url": _address(entry),
    }


def _address(entry: AgendaEntry) -> str:
    """Lead to the document, the list of those below, or where a drafter begins; else nowhere."""
    if entry.document_id is not None:
        return desk_url("document", document_id=entry.document_id)
    kind, period_id = entry.round.kind, entry.round.period_id
    if entry.whose is not For.OWN:
        return desk_url("inbox", period=period_id, kind=kind)
    role = current.actor().role
    if role in GRANTS[Permission.DRAFT] and role is kind.drafter:
        return desk_url("document_new", period=period_id, kind=kind)
    return ""
