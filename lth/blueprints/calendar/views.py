"""The month: the unit's deadlines and those it has set below, day by day, among the days off."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.administration import calendar_days
from lth.blueprints.calendar import wording
from lth.blueprints.web import current
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
class Line:
    """An entry as its day shows it; `look`: late, done, or nothing where it is ahead."""

    label: str
    document: str
    whose: str
    look: str
    url: str


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
    lines: list[Line]

    @property
    def says_something(self) -> bool:
        """Whether a narrow page lists it: a plain Sunday is no news."""
        return bool(self.lines or self.name or self.today)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/month", "month", month)


@needs(Permission.READ_DOCUMENTS)
def month() -> ResponseReturnValue:
    """One month as a grid of weeks; on a narrow screen the days that have something."""
    first, today = _asked(), clock.today()
    last = _next(first) - ONE_DAY
    entries = agenda.of(current.database(), current.actor(), first, last)
    days = _days(first, last, today, entries)
    return render_template(
        "month.html",
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
    """ "Tháng 6/2021"."""
    return gettext("Tháng %(month)s/%(year)s", month=first.month, year=first.year)


def _asked() -> date:
    """The first day of the month that the address names, else of this one."""
    found = MONTH.fullmatch(request.args.get("month", ""))
    if found and int(found[1]) in YEARS and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    return clock.today().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _link(first: date) -> tuple[str, str] | None:
    """("10/2026", address) of another month; None beyond the years that are shown."""
    if first.year not in YEARS:
        return None
    return f"{first.month}/{first.year}", desk_url("month", month=f"{first:%Y-%m}")


def _weeks(first: date, days: list[DayView]) -> list[list[DayView | None]]:
    """The days by weeks that begin on Monday, with None for those of other months."""
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
        lines[entry.on].append(_line(entry, today))
    found = []
    for number in range((last - first).days + 1):
        on = first + ONE_DAY * number
        mark, name = _mark(on, calendar, public, decided.get(on))
        found.append(DayView(on, on == today, calendar.works(on), mark, name, lines[on]))
    return found


def _mark(
    on: date, calendar: Calendar, public: dict[date, str], decided: CalendarDay | None
) -> tuple[str, str]:
    """What a day is where it is not what its weekday says, and the name of the reason."""
    works, weekend = calendar.works(on), on.weekday() >= 5
    name = decided.name if decided is not None else ("" if works else public.get(on, ""))
    if works:
        return (gettext("Làm bù") if weekend else ""), name
    return gettext("Nghỉ"), name


# --- Entries ------------------------------------------------------------------------------


def _line(entry: AgendaEntry, today: date) -> Line:
    look = "done" if entry.done else "late" if entry.late(today) else ""
    return Line(
        wording.label(entry),
        wording.document(entry),
        wording.whose(entry),
        look,
        _address(entry),
    )


def _address(entry: AgendaEntry) -> str:
    """The document, the list of those below, or where whoever drafts begins; else nowhere."""
    if entry.document_id is not None:
        return desk_url("document", document_id=entry.document_id)
    kind, period_id = entry.round.kind, entry.round.period_id
    if entry.whose is not For.OWN:
        return desk_url("inbox", period=period_id, kind=kind)
    role = current.actor().role
    if role in GRANTS[Permission.DRAFT] and role is kind.drafter:
        return desk_url("document_new", period=period_id, kind=kind)
    return ""
