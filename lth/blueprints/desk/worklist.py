"""The work list: everything whose next act is one's own, to be filtered, sorted and done."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lth.blueprints.desk import bulk
from lth.blueprints.document.wording import act_label, again, document_name, due_words, status_label
from lth.blueprints.web import current, paging
from lth.blueprints.web.assets import badge_mark, due_mark
from lth.blueprints.web.levels import desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext, lazy_gettext, ngettext
from lth.core.vietnamese import capitalize_first
from lth.models.document import Status
from lth.models.kind import Kind
from lth.workflow import worklist
from lth.workflow.acts import Act
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
        pager=bulk.pager(page.counts.matching, worklist.PAGE),
        **bulk.ticking((item.document_id, item.act, item.status) for item in page.items),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the list in words; `reference` names its state in a form that ticks it."""

    document_id: int
    reference: str
    url: str
    unit: str
    tick: str
    document: str
    again: str
    task: str
    asked: str
    badge: Markup
    since: str
    waited: str
    due: Markup


def _rows(page: worklist.WorkList, names: dict[worklist.PeriodKind, str], today: date) -> list[Row]:
    url, due, tasks = desk_urls("document", "document_id"), due_words(today), _tasks()
    labels = {status: status_label(status) for status in Status}
    return [
        Row(
            item.document_id,
            f"{item.document_id}:{item.lock_version}",
            url(item.document_id),
            capitalize_first(item.unit.full_name),
            _tick(item.unit.full_name, names[item.period.id, item.kind]),
            names[item.period.id, item.kind],
            again(item.sent_number),
            tasks[item.act],
            gettext("đến hết %(date)s", date=format_date(item.asked_until))
            if item.asked_until
            else "",
            badge_mark(item.status, labels[item.status]),
            format_date(item.since),
            _waited(item.waited),
            due_mark(*due(item.due, item.status)) if item.due else Markup(),
        )
        for item in page.items
    ]


def _tick(unit: str, document: str) -> str:
    return gettext("Chọn %(unit)s – %(document)s", unit=unit, document=document)


def _waited(days: int) -> str:
    return ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", days) if days else ""


def _tasks() -> dict[Act, str]:
    """What there is to be done, by the act that does it: a request may also be refused."""
    answering = {Act.GRANT_EXTENSION: gettext("Trả lời đề nghị gia hạn")}
    return {act: act_label(act) for act in Act} | answering


def _names(page: worklist.WorkList) -> dict[worklist.PeriodKind, str]:
    """The rounds that documents wait in, in words."""
    return {
        (period.id, kind): document_name(kind, period)
        for period, _ in page.periods.values()
        for kind in Kind.all()
    }


def _documents(
    page: worklist.WorkList, choice: WorkListChoice, names: dict[worklist.PeriodKind, str]
) -> list[tuple[str, str]]:
    """The rounds that one can choose from, each with how many documents of it would be left."""
    options = [("", gettext("Tất cả"))]
    for document, name in names.items():
        count = page.counts.documents.get(document, 0)
        if count or document == choice.document:
            code = page.periods[document[0]][1]
            words = gettext("%(name)s, %(code)s (%(count)s)", name=name, code=code, count=count)
            options.append((_named(document), words))
    return options


def _named(document: worklist.PeriodKind | None) -> str:
    """A round in the address: "12-plan"."""
    return f"{document[0]}-{document[1]}" if document else ""


@needs(Permission.ACT)
def many() -> ResponseReturnValue:
    return bulk.answer()


def _choice() -> WorkListChoice:
    """What the address asks for; whatever in it says nothing sensible is left out."""
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
    """The round that the address names, if any."""
    number, _, kind = text.partition("-")
    period_id = paging.whole(number, 2**31)
    return None if period_id is None or kind not in Kind.all() else (period_id, Kind(kind))
