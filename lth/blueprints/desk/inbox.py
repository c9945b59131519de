"""The review desk: what the units below have sent, or not; approving one or many."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lth import synthesis
from lth.blueprints.desk import bulk
from lth.blueprints.document.wording import again, due_words, status_label
from lth.blueprints.web import current, paging
from lth.blueprints.web.assets import badge_mark, due_mark
from lth.blueprints.web.levels import desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext, lazy_gettext
from lth.core.vietnamese import capitalize_first
from lth.workflow import inbox
from lth.workflow.inbox import InboxOrder, InboxRound, InboxState

ORDERS = {
    InboxOrder.STATE: lazy_gettext("Việc cần làm trước"),
    InboxOrder.WAITING: lazy_gettext("Chờ lâu nhất trước"),
    InboxOrder.DUE: lazy_gettext("Hạn nộp gần nhất trước"),
    InboxOrder.UNIT: lazy_gettext("Tên đơn vị"),
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/inbox", "inbox", listing)
    blueprint.add_url_rule("/inbox", "inbox_many", many, methods=["POST"])


@needs(Permission.READ_DOCUMENTS)
def listing() -> ResponseReturnValue:
    rounds = inbox.rounds(current.database(), current.actor())
    if not rounds:
        return render_template("inbox_empty.html")
    return _page(rounds)


@needs(Permission.REVIEW)
def many() -> ResponseReturnValue:
    return bulk.answer()


def _page(rounds: list[InboxRound]) -> str:
    session, shown, asked = current.database(), _chosen(rounds), _asked()
    page = inbox.listing(
        session, current.actor(), shown.period.id, shown.kind, number=paging.number(), **asked
    )
    ids = [line.document_id for line in page.lines if line.document_id]
    return render_template(
        "inbox.html",
        rounds=rounds,
        shown=shown,
        page=page,
        rows=_rows(page),
        **asked,
        orders=ORDERS,
        pager=bulk.pager(page.matching, inbox.PAGE),
        consolidated=synthesis.consolidated(session, ids),
        **bulk.ticking((line.document_id, line.act, line.state) for line in page.lines),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's line in words; `reference` names its document's state in a form that ticks it."""

    document_id: int | None
    reference: str
    url: str
    unit: str
    tick: str
    badge: Markup
    again: str
    since: str
    due: Markup


def _rows(page: inbox.Inbox) -> list[Row]:
    url, due = desk_urls("document", "document_id"), due_words(clock.today())
    labels = {state: status_label(state.value) for state in InboxState}
    return [
        Row(
            line.document_id,
            f"{line.document_id}:{line.lock_version}",
            url(line.document_id) if line.document_id else "",
            capitalize_first(line.unit.full_name),
            gettext("Chọn %(unit)s", unit=line.unit.full_name),
            badge_mark(line.state.value, labels[line.state]),
            again(line.sent_number),
            format_date(line.since),
            due_mark(*due(line.due, line.state.value)) if line.due else Markup(),
        )
        for line in page.lines
    ]


def _asked() -> dict[str, Any]:
    """How the address narrows and sorts the list."""
    order = request.args.get("order")
    return {
        "states": frozenset(
            InboxState(one) for one in request.args.getlist("state") if one in set(InboxState)
        ),
        "text": request.args.get("text", ""),
        "mine": request.args.get("mine") == "1",
        "order": InboxOrder(order) if order in set(InboxOrder) else InboxOrder.STATE,
    }


def _chosen(rounds: list[InboxRound]) -> InboxRound:
    """The round that the address names, else the newest."""
    period = request.args.get("period", type=int)
    kind = request.args.get("kind")
    for one in rounds:
        if one.period.id == period and kind in {None, one.kind}:
            return one
    return rounds[0]
