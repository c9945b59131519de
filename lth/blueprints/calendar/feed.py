"""The address that a calendar program reads. Nobody signs in here: the address is the secret.

An unknown or revoked address answers as any that does not exist, and so does one whose person is no
longer active, since nothing will come of it again. Whoever holds no role today gets an empty
calendar: their program takes the old entries away and fills up again once they hold one.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.scope import Scope, bind
from lth.administration import feeds
from lth.administration.feeds import Changes, Feed
from lth.blueprints.calendar import icalendar_file
from lth.blueprints.calendar.icalendar_file import Item
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.core import clock
from lth.core.language import gettext, speaking
from lth.models.unit import Level
from lth.workflow import agenda
from lth.workflow.agenda import AgendaEntry

blueprint = Blueprint("feed", __name__, url_prefix="/calendar")

BEFORE, AHEAD = timedelta(days=92), timedelta(days=400)
"""How far back and ahead a feed reaches."""


HIDDEN = "/calendar/….ics"


@blueprint.url_value_preprocessor
def _hide_address(_endpoint: str | None, _values: dict | None) -> None:
    """Whatever fails from here on, no log and no error page names the secret."""
    request.path = HIDDEN


@blueprint.get("/<token>.ics")
@needs(Permission.PUBLIC)
def calendar(token: str) -> ResponseReturnValue:
    """The deadlines of a person's roles, in the language in which they made the address."""
    feed = feeds.find(database(), token, clock.today())
    if feed is None:
        abort(404)
    base_url = current_app.config["SETTINGS"].base_url
    with speaking(feed.language):
        text = icalendar_file.write(_items(feed), base_url, gettext("Hạn nộp kế hoạch CLB"))
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


def _items(feed: Feed) -> list[Item]:
    """The entries of every role in force, each once, with when they last changed."""
    found: dict[str, tuple[AgendaEntry, Level]] = {}
    for entry, level in _entries(feed):
        known = found.get(icalendar_file.uid(entry))
        if known is None or known[0].document_id is None:
            found[icalendar_file.uid(entry)] = entry, level
    setters = {entry.due.setter_id for entry, _ in found.values()}
    own = {entry.unit_id for entry, _ in found.values() if entry.due.own_on is not None}
    changes = feeds.deadline_changes(database(), setters | own)
    ordered = sorted(found.values(), key=lambda one: (one[0].on, icalendar_file.uid(one[0])))
    return [_item(entry, level, changes, feed.created_at) for entry, level in ordered]


def _entries(feed: Feed) -> Iterator[tuple[AgendaEntry, Level]]:
    """What each role sees, under its own scope."""
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
    entry: AgendaEntry, level: Level, changes: dict[int | None, Changes], made_at: datetime
) -> Item:
    """`changes` counts on with whatever can move the day: the setter's deadlines, the unit's own
    earlier day, the calendar, and the acts on the document, by which more time is granted.
    """
    movers = {None, entry.due.setter_id}
    if entry.due.own_on is not None:
        movers.add(entry.unit_id)
    known = [changes[one] for one in movers if one in changes]
    moments = [made_at, *(one.last for one in known)]
    if entry.since is not None:
        moments.append(entry.since)
    return Item(entry, level, max(moments), sum(one.count for one in known) + entry.version)
