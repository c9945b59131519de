"""The desk: what waits on me, what I wait for, what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.blueprints.document.wording import document_name, due_label, due_tone, status_label
from lth.blueprints.web import current
from lth.blueprints.web.levels import desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.unit import Level, Unit
from lth.workflow import deadlines, inbox, waiting
from lth.workflow.deadlines import Due
from lth.workflow.documents import ListedDocument
from lth.workflow.states import ABOVE, OWED

SHOWN = 20

OwnDue = dict[tuple[int, Kind], Due]
"""When the unit's own documents are due, by period and kind."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "desk", desk)


@needs(Permission.READ_DOCUMENTS)
def desk() -> ResponseReturnValue:
    """The first page of a role. At most a screenful; the lists hold the rest."""
    session, actor = current.database(), current.actor()
    found = waiting.desk(session, actor, limit=SHOWN)
    openings = waiting.openings(session, actor)
    unit = session.get_one(Unit, actor.unit_id)
    periods = {(one.period.id, one.kind) for one in openings}
    periods |= {(one.period.id, one.kind) for one in found.mine if one.unit.id == unit.id}
    due = _own_due(unit, periods)
    return render_template(
        "desk.html",
        waiting_on=_cards(found.mine, due, here=True),
        waiting_count=found.count,
        waited_for=_cards(found.elsewhere, due, here=False),
        openings=openings,
        due=due,
        progress=inbox.progress(session, actor) if actor.level is not Level.COMMUNE else [],
        errands=_errands(),
        day=clock.today(),
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A document in words."""

    title: str
    url: str
    status: Status
    label: str
    meta: tuple[str, ...]
    due: str
    due_tone: str
    note: str


def _cards(entries: Iterable[ListedDocument], due: OwnDue, *, here: bool) -> list[Card]:
    """The documents that wait on the actor (`here`), or that lie with others."""
    url, day, own = desk_urls("document", "document_id"), clock.today(), current.actor().unit_id
    return [
        _card(entry, url(entry.document_id), due if entry.unit.id == own else {}, day, here=here)
        for entry in entries
    ]


def _card(entry: ListedDocument, url: str, due: OwnDue, day: date, *, here: bool) -> Card:
    document = document_name(entry.kind, entry.period)
    mine = entry.unit.id == current.actor().unit_id
    when = due.get((entry.period.id, entry.kind))
    when = when.extended(entry.extended_until) if when is not None else None
    return Card(
        document if mine else f"{capitalize_first(entry.unit.full_name)} – {document}",
        url,
        entry.status,
        status_label(entry.status),
        (
            gettext("từ %(when)s", when=format_date(entry.since)),
            gettext("Chương trình %(code)s", code=entry.programme_code),
        ),
        due_label(when, day, entry.status),
        due_tone(when, day, entry.status),
        _note(entry, here=here),
    )


def _note(entry: ListedDocument, *, here: bool) -> str:
    """Until when time is asked for, or with whom the document is."""
    if entry.asked_until and entry.status in OWED:
        return gettext("Xin gia hạn đến hết ngày %(date)s", date=format_date(entry.asked_until))
    if not here and entry.status in ABOVE:
        return gettext("Đang ở %(unit)s", unit=entry.next_unit_name)
    return ""


def _errands() -> list[quotas.Errand]:
    """Quotas that wait on this role: to be answered, or to be settled."""
    session, actor = current.database(), current.actor()
    if actor.unit_id is None or actor.role not in quotas.GIVERS | {*quotas.RECEIVERS}:
        return []
    answers = actor.role in quotas.RECEIVERS
    found = quotas.errands(session, actor.unit_id, current.scope())
    wanted = [one for one in found if one.mine or answers]
    return [one for one in wanted if actor.covers(True, one.period.programme_id)]


def _own_due(unit: Unit, wanted: set[tuple[int, Kind]]) -> OwnDue:
    """When the unit's own documents are due, by period and kind; in one query."""
    found = deadlines.own_due_dates(current.database(), unit)
    return {key: due for key, due in found.items() if key in wanted}
