"""The work list: everything whose next act is one's own, to be filtered, sorted and done."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.blueprints.desk import bulk
from lth.blueprints.document.wording import DocumentRow, act_label, document_name, row_words
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext, lazy_gettext, ngettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models.kind import Kind
from lth.workflow import tasks, worklist
from lth.workflow.acts import Act
from lth.workflow.waiting import ANSWERS_BACK
from lth.workflow.worklist import WorkListChoice, WorkListOrder

ORDERS = {
    WorkListOrder.WAITING: lazy_gettext("Chờ lâu nhất trước"),
    WorkListOrder.DUE: lazy_gettext("Hạn nộp gần nhất trước"),
    WorkListOrder.UNIT: lazy_gettext("Tên đơn vị"),
    WorkListOrder.DOCUMENT: lazy_gettext("Văn bản, kỳ mới nhất trước"),
}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/work", "work", listing)
    blueprint.add_url_rule("/work", "work_many", many, methods=["POST"])


@needs(Permission.ACT)
def listing() -> ResponseReturnValue:
    choice = _choice()
    today = clock.local(current.now()).date()
    if tables.wanted():
        return tables.answer(_table(choice, today), "viec-cho-xu-ly")
    page = worklist.listing(
        current.database(),
        current.actor(),
        choice,
        today=today,
        calendar=current.calendar(),
        number=paging.number(),
    )
    names = _names(page)
    return render_template(
        "worklist.html",
        page=page,
        rows=_rows(page, names, today),
        choice=choice,
        documents=_documents(page, choice, names),
        chosen_document=_named(choice.document),
        tasks=_tasks(),
        orders=ORDERS,
        something_else=not page.items and not choice.narrows and _something_else(),
        pager=bulk.pager(page.counts.matching, worklist.PAGE),
        **bulk.ticking((item.document_id, item.act, item.status) for item in page.items),
    )


def _table(choice: WorkListChoice, today: date) -> ListTable:
    """Return all that waits, however many pages it takes."""
    rows: list[list[TableValue]] = []
    session, actor, number = current.database(), current.actor(), 0
    while len(rows) < tables.MOST_ROWS:
        number += 1
        page = worklist.listing(
            session, actor, choice, today=today, calendar=current.calendar(), number=number
        )
        names, tasks_named = _names(page), _tasks()
        rows += [
            [
                capitalize_first(item.unit.full_name),
                names[item.period.id, item.kind],
                tasks_named[item.act],
                clock.local(item.since).date(),
                item.waited,
                item.due.on if item.due else None,
            ]
            for item in page.items
        ]
        if len(page.items) < worklist.PAGE:
            break
    head = (
        gettext("Đơn vị"),
        gettext("Văn bản"),
        gettext("Việc"),
        gettext("Từ ngày"),
        gettext("Số ngày làm việc đã chờ"),
        gettext("Hạn"),
    )
    return ListTable(gettext("Việc chờ xử lý"), head, rows)


def _something_else() -> bool:
    """Tell whether anything waits on the person that is not in this list, in whichever role."""
    held = map(Actor.of, current.assignments())
    return any(found.total for found in tasks.counts(current.database(), [*held]).values())


def _rows(
    page: worklist.WorkList, names: dict[worklist.PeriodKind, str], today: date
) -> list[DocumentRow]:
    row, tasks = row_words(today), _tasks()
    return [
        row(
            item,
            item.status,
            item.lock_version,
            item.sent_number,
            item.since,
            tick=_tick(item.unit.full_name, names[item.period.id, item.kind]),
            document=names[item.period.id, item.kind],
            task=tasks[item.act],
            asked=gettext("đến hết %(date)s", date=format_date(item.asked_until))
            if item.asked_until
            else "",
            waited=_waited(item.waited),
        )
        for item in page.items
    ]


def _tick(unit: str, document: str) -> str:
    return gettext("Chọn %(unit)s – %(document)s", unit=unit, document=document)


def _waited(days: int) -> str:
    return ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", days) if days else ""


def _tasks() -> dict[Act, str]:
    """Word what there is to be done, by the act that does it: a request may also be refused."""
    answering = {Act.GRANT_EXTENSION: gettext("Trả lời đề nghị gia hạn")}
    back = dict.fromkeys(ANSWERS_BACK, gettext("Trả lời đề nghị chuyển lại"))
    return {act: act_label(act) for act in Act} | answering | back


def _names(page: worklist.WorkList) -> dict[worklist.PeriodKind, str]:
    """Name the rounds that documents wait in."""
    return {
        (period.id, kind): document_name(kind, period)
        for period, _ in page.periods.values()
        for kind in Kind.of(period.use)
    }


def _documents(
    page: worklist.WorkList, choice: WorkListChoice, names: dict[worklist.PeriodKind, str]
) -> list[tuple[str, str]]:
    """List the rounds to choose from, each with how many documents of it would be left."""
    options = [("", gettext("Tất cả"))]
    for document, name in names.items():
        count = page.counts.documents.get(document, 0)
        if count or document == choice.document:
            code = page.periods[document[0]][1]
            words = gettext("%(name)s, %(code)s (%(count)s)", name=name, code=code, count=count)
            options.append((_named(document), words))
    return options


def _named(document: worklist.PeriodKind | None) -> str:
    """Write a round in the address: "12-plan"."""
    return f"{document[0]}-{document[1]}" if document else ""


@needs(Permission.ACT)
def many() -> ResponseReturnValue:
    return bulk.answer()


def _choice() -> WorkListChoice:
    """Read what the address asks for; what says nothing sensible is left out."""
    asked = request.args
    act, order = asked.get("act"), asked.get("order")
    return WorkListChoice(
        act=Act(act) if act in set(Act) else None,
        document=_document(asked.get("document", "")),
        late=asked.get("late") == "1",
        text=asked.get("text", "").strip(),
        order=WorkListOrder(order) if order in set(WorkListOrder) else WorkListOrder.WAITING,
    )


def _document(text: str) -> worklist.PeriodKind | None:
    """Read the round that the address names, if any."""
    number, _, kind = text.partition("-")
    period_id = paging.whole(number, 2**31)
    return None if period_id is None or kind not in Kind.all() else (period_id, Kind(kind))
