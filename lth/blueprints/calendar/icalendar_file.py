"""An agenda as a calendar program reads it (RFC 5545, RFC 7986): one all-day event for each day.

What Google, Outlook and Apple's calendars need beyond the standard: the X-WR properties name the
calendar, X-PUBLISHED-TTL says to Outlook what REFRESH-INTERVAL says to the others. Nothing in it is
of the moment at which it is read, so that what has not changed reads the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration

from lth.blueprints.calendar import wording
from lth.core import clock
from lth.core.language import gettext
from lth.models.unit import Level
from lth.workflow.agenda import AgendaEntry, For

REFRESH = timedelta(hours=4)
"""How often a program is asked to read again; Google takes the time it likes."""

ALARM = -timedelta(hours=16)
"""The day before at 08:00, counted from the start of the day."""


@dataclass(frozen=True)
class Item:
    """An entry, the level at which its reader opens it, and when what it says last changed."""

    entry: AgendaEntry
    level: Level
    changed_at: datetime
    changes: int


def write(items: Iterable[Item], base_url: str, name: str) -> bytes:
    """The calendar of some entries, in the current language."""
    calendar = Calendar()
    calendar.add("prodid", "-//lth//Han nop ke hoach//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(clock.TIMEZONE))
    calendar.add("refresh-interval", vDuration(REFRESH), {"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for item in items:
        calendar.add_component(_event(item, base_url))
    return calendar.to_ical()


def _event(item: Item, base_url: str) -> Event:
    entry, changed = item.entry, item.changed_at.astimezone(UTC)
    event = Event()
    event.add("uid", uid(entry))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", item.changes)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", wording.summary(entry))
    event.add("description", wording.description(entry))
    event.add("url", base_url + address(entry, item.level))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [gettext("Hạn nộp")])
    if not entry.done:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: AgendaEntry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", wording.summary(entry))
    alarm.add("trigger", ALARM)
    return alarm


def uid(entry: AgendaEntry) -> str:
    """Which deadline and which of its days: the same for as long as there is such a day."""
    return "-".join(str(part) for part in entry.key) + "@lth"


def address(entry: AgendaEntry, level: Level) -> str:
    """The page of an entry: its document, the list of those below, or the month that it is in."""
    if entry.document_id is not None:
        return f"/{level.value}/documents/{entry.document_id}"
    if entry.whose is For.OWN:
        return f"/{level.value}/month?month={entry.on:%Y-%m}"
    return f"/{level.value}/inbox?period={entry.round.period_id}&kind={entry.round.kind}"
