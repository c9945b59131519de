"""The desk: what waits on me, what I wait for, what is due; the unit's documents."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.access.actor import Actor
from lth.blueprints.document.wording import document_name, due_label, due_tone, status_label
from lth.blueprints.web import current, layout, paging, tables, vacancies
from lth.blueprints.web.levels import desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Document
from lth.models.kind import Kind
from lth.models.unit import Level, Unit
from lth.workflow import deadlines, documents, inbox, tasks, waiting
from lth.workflow.deadlines import Due
from lth.workflow.documents import ListedDocument
from lth.workflow.states import ABOVE, OWED
from lth.workflow.tasks import TaskCounts

SHOWN, LISTED = 20, 30
"""How many documents a part of the desk shows, and a page of the unit's list."""

OwnDue = dict[tuple[int, Kind], Due]
"""When the unit's own documents are due, by period and kind."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "desk", desk)
    blueprint.add_url_rule("/documents", "documents", unit_documents)


@needs(Permission.READ_DOCUMENTS)
def desk() -> ResponseReturnValue:
    """Show a role's first page: at most a screenful; the lists hold the rest."""
    session, actor = current.database(), current.actor()
    found = waiting.desk(session, actor, limit=SHOWN)
    openings = waiting.openings(session, actor)
    unit = _own_unit()
    own = (entry for entry in (*found.mine, *found.elsewhere) if entry.unit.id == unit.id)
    periods = {(listed.period.id, listed.kind) for listed in (*openings, *own)}
    due = _own_due(unit, periods)
    counts = _counts()
    return render_template(
        "desk.html",
        waiting_on=_cards(found.mine, due, here=True),
        waiting_count=found.count,
        waited_for=_cards(found.elsewhere, due, here=False),
        openings=openings,
        due=due,
        progress=inbox.progress(session, actor) if actor.level is not Level.COMMUNE else [],
        errands=quotas.errands_of(session, actor),
        lists=counts[actor.assignment_id].with_pages,
        elsewhere=_in_other_roles(counts),
        vacant=vacancies.fallen(),
        day=clock.today(),
    )


def _own_unit() -> Unit:
    """Return the unit of the role in use, which was read with the account."""
    actor = current.actor()
    held = next(one for one in current.assignments() if one.id == actor.assignment_id)
    return held.unit


def _cards(listed: Iterable[ListedDocument], due: OwnDue, *, here: bool) -> list[dict[str, Any]]:
    """Word, for `ui.card`, documents that wait on the actor (`here`) or that lie with others."""
    url, day, own = desk_urls("document", "document_id"), clock.today(), current.actor().unit_id
    return [
        _card(entry, day, due, mine=entry.unit.id == own)
        | {"url": url(entry.document_id), "note": _note(entry, here=here)}
        for entry in listed
    ]


def _card(entry: ListedDocument, day: date, due: OwnDue, *, mine: bool) -> dict[str, Any]:
    document = document_name(entry.kind, entry.period)
    when = due.get((entry.period.id, entry.kind)) if mine else None
    when = deadlines.of_document(when, entry, bound=entry.bound)
    return {
        "title": document if mine else f"{capitalize_first(entry.unit.full_name)} – {document}",
        "status": entry.status,
        "status_label": status_label(entry.status),
        "meta": (
            gettext("từ %(when)s", when=format_date(entry.since)),
            gettext("Chương trình %(code)s", code=entry.programme_code),
        ),
        "due_label": due_label(when, day, entry.status),
        "due_tone": due_tone(when, day, entry.status),
    }


def _note(entry: ListedDocument, *, here: bool) -> str:
    """Word what its unit asks for, more time or to have it back, or with whom the document is."""
    if here and entry.asked_back:
        return gettext("Có đề nghị chuyển lại để sửa, chưa trả lời")
    if entry.asked_until and entry.status in OWED:
        return gettext("Xin gia hạn đến hết ngày %(date)s", date=format_date(entry.asked_until))
    if not here and entry.status in ABOVE:
        return gettext("Đang ở %(unit)s", unit=entry.next_unit_name)
    return ""


def _counts() -> dict[int, TaskCounts]:
    """Count what waits on each of the person's roles; in one role, only what has its own list."""
    session, actor, held = current.database(), current.actor(), current.assignments()
    if len(held) < 2:
        return {actor.assignment_id: tasks.listed_elsewhere(session, actor)}
    return tasks.counts(session, [Actor.of(one) for one in held])


def _in_other_roles(found: Mapping[int, TaskCounts]) -> list[dict[str, Any]]:
    """Say what waits on the person in each of their other roles; the role switch says it too."""
    if len(found) < 2:
        return []
    layout.mark_roles({role_id: counts.total for role_id, counts in found.items()})
    here, labels = current.actor().assignment_id, layout.role_labels()
    return [
        {"role_id": role_id, "label": labels[role_id], "words": [*map(say, counts.words)]}
        for role_id, counts in found.items()
        if counts.total and role_id != here
    ]


def _own_due(unit: Unit, wanted: set[tuple[int, Kind]]) -> OwnDue:
    """Find when the unit's own documents are due, by period and kind; in one query."""
    found = deadlines.own_due_dates(current.database(), unit)
    return {key: due for key, due in found.items() if key in wanted}


@needs(Permission.READ_DOCUMENTS)
def unit_documents() -> ResponseReturnValue:
    """List the unit's own documents, and those that the units above have issued."""
    session, actor, scope = current.database(), current.actor(), current.scope()
    if tables.wanted():
        return tables.answer(_documents_table(), "van-ban-cua-don-vi")
    page = paging.page(documents.count(session, scope, Document.unit_id == scope.unit_id), LISTED)
    return render_template(
        "documents.html",
        own=documents.own(session, scope, limit=LISTED, offset=(page.number - 1) * LISTED),
        above=documents.issued_above(session, scope, limit=LISTED),
        openings=waiting.openings(session, actor),
        asks_above=actor.level is not Level.PROVINCE,
        pager=page,
    )


def _documents_table() -> ListTable:
    """Return the unit's own documents and those issued above as one list."""
    session, scope, most = current.database(), current.scope(), tables.MOST_ROWS
    found = [
        *documents.own(session, scope, limit=most),
        *documents.issued_above(session, scope, limit=most),
    ]
    head = [
        *(gettext("Đơn vị"), gettext("Văn bản"), gettext("Chương trình"), gettext("Trạng thái")),
        *(gettext("Từ ngày"), gettext("Ngày trình"), gettext("Số ngày muộn")),
    ]
    rows = [_document_cells(one) for one in found[:most]]
    return ListTable(gettext("Văn bản của đơn vị"), head, rows)


def _document_cells(one: ListedDocument) -> list[TableValue]:
    sent = clock.local(one.sent_at).date() if one.sent_at is not None else None
    return [
        *(capitalize_first(one.unit.full_name), document_name(one.kind, one.period)),
        *(one.programme_code, str(status_label(one.status)), clock.local(one.since).date()),
        *(sent, one.days_late),
    ]
