"""The review desk: what the units below have sent, or not; approving one or many."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth import synthesis
from lth.blueprints.desk import bulk
from lth.blueprints.document.wording import DocumentRow, row_words, status_label
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.core import clock
from lth.core.language import gettext, lazy_gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Unit
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


def _page(rounds: list[InboxRound]) -> ResponseReturnValue:
    session, shown, asked = current.database(), _chosen(rounds), _asked()
    if tables.wanted():
        return tables.answer(_table(shown, asked), "cap-duoi-trinh")
    page = inbox.listing(
        session, current.actor(), shown.period.id, shown.kind, number=paging.number(), **asked
    )
    unit = session.get_one(Unit, current.actor().unit_id)
    counts = inbox.progress_of(session, current.scope(), unit, shown.period.id, (shown.kind,))
    ids = [line.document_id for line in page.lines if line.document_id]
    return render_template(
        "inbox.html",
        takes_packs=current.actor().role in GRANTS[Permission.SYNTHESISE],
        rounds=rounds,
        shown=shown,
        page=page,
        progress=counts[shown.kind],
        rows=_rows(page),
        **asked,
        orders=ORDERS,
        pager=bulk.pager(page.matching, inbox.PAGE),
        consolidated=synthesis.consolidated(session, ids),
        **bulk.ticking((line.document_id, line.act, line.state) for line in page.lines),
    )


def _table(shown: InboxRound, asked: dict[str, Any]) -> ListTable:
    """Return every unit of a round, however many pages they take."""
    rows: list[list[TableValue]] = []
    session, actor, number = current.database(), current.actor(), 0
    while len(rows) < tables.MOST_ROWS:
        number += 1
        page = inbox.listing(session, actor, shown.period.id, shown.kind, number=number, **asked)
        rows += [
            [
                capitalize_first(line.unit.full_name),
                status_label(line.state.value),
                clock.local(line.since).date() if line.since else None,
                line.due.on if line.due else None,
            ]
            for line in page.lines
        ]
        if len(page.lines) < inbox.PAGE:
            break
    head = (gettext("Đơn vị"), gettext("Trạng thái"), gettext("Từ ngày"), gettext("Hạn"))
    return ListTable(gettext("Cấp dưới trình"), head, rows)


def _rows(page: inbox.Inbox) -> list[DocumentRow]:
    row = row_words(clock.today())
    return [
        row(
            line,
            line.state.value,
            line.lock_version,
            line.sent_number,
            line.since,
            tick=gettext("Chọn %(unit)s", unit=line.unit.full_name),
        )
        for line in page.lines
    ]


def _asked() -> dict[str, Any]:
    """Read how the address narrows and sorts the list."""
    order = request.args.get("order")
    return {
        "states": frozenset(
            InboxState(state) for state in request.args.getlist("state") if state in set(InboxState)
        ),
        "text": request.args.get("text", ""),
        "mine": request.args.get("mine") == "1",
        "order": InboxOrder(order) if order in set(InboxOrder) else InboxOrder.STATE,
    }


def _chosen(rounds: list[InboxRound]) -> InboxRound:
    """Find the round that the address names, else the newest."""
    period, kind = paging.whole_in(request.args, "period"), request.args.get("kind")
    asked = (each for each in rounds if each.period.id == period and kind in {None, each.kind})
    return next(asked, rounds[0])
