"""The address that a calendar program reads. Nobody signs in here: the address is the secret.

An unknown or revoked address answers as any that does not exist, and so does one whose person is no
longer active, since nothing will come of it again. A person without a role today gets an empty
calendar: their program takes the old entries away and fills up again once they hold one.

What it reads is an agenda as RFC 5545 and RFC 7986 write it: one all-day event for each day. What
Google, Outlook and Apple's calendars need beyond the standard: the X-WR properties name the
calendar, X-PUBLISHED-TTL says to Outlook what REFRESH-INTERVAL says to the others. Nothing in it is
of the moment at which it is read, so that what has not changed reads the same.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from icalendar import Alarm, Calendar, Event, vDuration

from lth.access.actor import Actor
from lth.access.scope import Scope, bind
from lth.administration import feeds
from lth.administration.feeds import DeadlineChanges, Feed
from lth.blueprints.calendar import wording
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.core import clock
from lth.core.language import gettext, speaking
from lth.models.unit import Level
from lth.workflow import agenda
from lth.workflow.agenda import AgendaEntry, For

blueprint = Blueprint("feed", __name__, url_prefix="/calendar")

BEFORE, AHEAD = timedelta(days=92), timedelta(days=400)
"""How far back and ahead a feed reaches."""

REFRESH = timedelta(hours=4)
"""How often a program is asked to read again; Google takes the time it likes."""

ALARM = -timedelta(hours=16)
"""The day before at 08:00, counted from the start of the day."""

HIDDEN = "/calendar/….ics"


@dataclass(frozen=True)
class FeedItem:
    """An entry, the level at which its reader opens it, and when what it says last changed."""

    entry: AgendaEntry
    level: Level
    changed_at: datetime
    changes: int


@blueprint.url_value_preprocessor
def _hide_address(_endpoint: str | None, _values: dict | None) -> None:
    """Let no log and no error page name the secret, whatever fails from here on."""
    request.path = HIDDEN


@blueprint.get("/<token>.ics")
@needs(Permission.PUBLIC)
def calendar(token: str) -> ResponseReturnValue:
    """Write the deadlines of a person's roles, in the language in which they made the address."""
    feed = feeds.find(database(), token, clock.today())
    if feed is None:
        abort(404)
    base_url = current_app.config["SETTINGS"].base_url
    with speaking(feed.language):
        text = write(_items(feed), base_url, gettext("Hạn nộp kế hoạch CLB"))
    return _answer(text)


def _answer(text: bytes) -> Response:
    response = Response(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="han-nop.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.private = True
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    response.set_etag(hashlib.sha256(text).hexdigest())
    return response.make_conditional(request)


def _items(feed: Feed) -> list[FeedItem]:
    """List the entries of every role in force, each once, with when they last changed."""
    found: dict[str, tuple[AgendaEntry, Level]] = {}
    for entry, level in _entries(feed):
        before = found.get(uid(entry))
        if before is None or before[0].document_id is None:
            found[uid(entry)] = entry, level
    setters = {entry.due.setter_id for entry, _ in found.values()}
    own = {entry.unit_id for entry, _ in found.values() if entry.due.own_on is not None}
    changes = feeds.deadline_changes(database(), setters | own)
    ordered = sorted(found.values(), key=lambda item: (item[0].on, uid(item[0])))
    return [_item(entry, level, changes, feed.created_at) for entry, level in ordered]


def _entries(feed: Feed) -> Iterator[tuple[AgendaEntry, Level]]:
    """Yield what each role sees, under its own scope."""
    session, today = database(), clock.today()
    for held in feed.account.assignments:
        actor = Actor.of(held)
        if actor.level is None or actor.role not in GRANTS[Permission.READ_DOCUMENTS]:
            continue
        bind(session, Scope.of(actor))
        for entry in agenda.of(session, actor, today - BEFORE, today + AHEAD):
            yield entry, actor.level
        session.expunge_all()  # nothing that one role sees is found again under another


def _item(
    entry: AgendaEntry, level: Level, changes: dict[int | None, DeadlineChanges], made_at: datetime
) -> FeedItem:
    """Say of an entry when it last changed, and how often.

    All that can move its day counts: the setter's deadlines, the unit's own earlier day, the
    calendar, and the acts on the document, by which more time is granted.
    """
    movers = {None, entry.due.setter_id}
    if entry.due.own_on is not None:
        movers.add(entry.unit_id)
    found = [changes[mover] for mover in movers if mover in changes]
    moments = [made_at, *(change.last for change in found)]
    if entry.since is not None:
        moments.append(entry.since)
    return FeedItem(
        entry, level, max(moments), sum(change.count for change in found) + entry.version
    )


# --- The file ---------------------------------------------------------------------------------


def write(items: Iterable[FeedItem], base_url: str, name: str) -> bytes:
    """Return the calendar of some entries as a file, in the current language."""
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


def _event(item: FeedItem, base_url: str) -> Event:
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
    """Name a deadline and one of its days: the same for as long as there is such a day."""
    return "-".join(str(part) for part in entry.key) + "@lth"


def address(entry: AgendaEntry, level: Level) -> str:
    """Return the page of an entry: its document, the list of those below, or its month."""
    if entry.document_id is not None:
        return f"/{level.value}/documents/{entry.document_id}"
    if entry.whose is For.OWN:
        return f"/{level.value}/month?month={entry.on:%Y-%m}"
    return f"/{level.value}/inbox?period={entry.round.period_id}&kind={entry.round.kind}"
