"""Kiến nghị: those of the own unit, those from below, and one with its whole way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.wording import document_name
from lth.blueprints.reporting.request_forms import RequestFilter, RequestStepForm
from lth.blueprints.web import confirming, current, paging, tables
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.layout import LEVEL_LABEL
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt, rehearse
from lth.core import clock
from lth.core.formats import format_date, format_moment
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import ReportRequest, RequestMove, Unit
from lth.models.request import RequestState, RequestStep
from lth.models.unit import Level
from lth.reporting import request_lists, requests
from lth.reporting.request_lists import RequestSearch
from lth.reporting.request_steps import STATE_LABEL, STEP_DONE, STEP_LABEL, offered

_TONES = {
    RequestStep.ANSWER: "good",
    RequestStep.SETTLE: "good",
    RequestStep.ASK_CLARITY: "warn",
    RequestStep.ASK_AGAIN: "warn",
    RequestStep.WITHDRAW: "bad",
}


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    if blueprint.name != Level.PROVINCE:
        rule("/requests", "requests", own)
    if blueprint.name != Level.COMMUNE:
        rule("/requests/below", "requests_below", from_below)
    rule("/requests/<int:request_id>", "request", one)
    rule("/requests/<int:request_id>", "request_step", step, methods=["POST"])


@needs(Permission.READ_DOCUMENTS)
def own() -> ResponseReturnValue:
    """List what the own unit has asked for in its reports."""
    return _listing(below=False)


@needs(Permission.READ_DOCUMENTS)
def from_below() -> ResponseReturnValue:
    """List what units below have asked for, as far as it has reached this unit."""
    return _listing(below=True)


def _listing(*, below: bool) -> ResponseReturnValue:
    g.section = "inbox" if below else "documents"
    form = RequestFilter(request.args)
    form.offer(from_below=below)
    valid = form.validate()
    search = form.search(from_below=below)
    if tables.wanted():
        return tables.answer(_table(search), "kien-nghi")
    rows, total = _read(search, paging.number()) if valid else ([], 0)
    return render_template(
        "requests.html",
        form=form,
        below=below,
        rows=[_row(one) for one in rows],
        total=total,
        filtered=any(request.args.get(name) for name in ("shown", "over")),
        tabs=_tabs(below=below),
        pager=paging.page(total),
    )


def _read(search: RequestSearch, number: int) -> tuple[Sequence[ReportRequest], int]:
    return request_lists.listed(
        current.database(),
        current.scope(),
        search,
        current.calendar(),
        clock.today(),
        limit=paging.SIZE,
        offset=paging.SIZE * (number - 1),
    )


def _tabs(*, below: bool) -> list[dict[str, Any]]:
    """List the two sides of requests, where a level has both."""
    if current.actor().level is not Level.DISTRICT:
        return []
    pages = (
        (gettext("Cấp dưới kiến nghị"), "requests_below", below),
        (gettext("Đơn vị kiến nghị"), "requests", not below),
    )
    return [{"label": label, "url": desk_url(page), "current": here} for label, page, here in pages]


@dataclass(frozen=True)
class RequestRow:
    """A request as lists show it."""

    id: int
    text: str
    unit: str
    report: str
    state: str
    owed_by: str
    waits: str
    days: int | None
    to_level: str
    mine: bool


def _row(one: ReportRequest) -> RequestRow:
    days = None
    if one.owed_by_id is not None:
        days = request_lists.days_owed(one, current.calendar(), clock.today())
    return RequestRow(
        id=one.id,
        text=one.text,
        unit=capitalize_first(one.unit_name),
        report=document_name(one.kind, one.period),
        state=say(Message(STATE_LABEL[one.state])),
        owed_by=capitalize_first(one.owed_by.full_name) if one.owed_by else "",
        waits=_waits(days),
        days=days,
        to_level=str(LEVEL_LABEL[one.level]) if one.level else "",
        mine=one.owed_by_id == current.actor().unit_id,
    )


def _waits(days: int | None) -> str:
    """Say for how long the next step has been owed."""
    if days is None:
        return ""
    if days == 0:
        return gettext("từ hôm nay")
    return ngettext("đã %(num)s ngày làm việc", "đã %(num)s ngày làm việc", days)


def _table(search: RequestSearch) -> ListTable:
    """Return the whole list, however many pages it takes."""
    head = [
        *(gettext("Đơn vị kiến nghị"), gettext("Báo cáo"), gettext("Kiến nghị")),
        *(gettext("Gửi tới cấp"), gettext("Nêu ngày"), gettext("Tình trạng")),
        *(gettext("Chờ đơn vị"), gettext("Từ ngày"), gettext("Số ngày làm việc đã chờ")),
    ]
    found = tables.all_pages(lambda number: _read(search, number))
    return ListTable(gettext("Kiến nghị"), head, [_cells(one) for one in found])


def _cells(one: ReportRequest) -> list[TableValue]:
    row = _row(one)
    since = clock.local(one.owed_since).date() if one.owed_by_id is not None else None
    return [
        *(row.unit, row.report, row.text, row.to_level),
        *(clock.local(one.raised_at).date(), row.state, row.owed_by, since, row.days),
    ]


# --- One request --------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def one(request_id: int) -> ResponseReturnValue:
    """Show a request with every step of its way."""
    return _page(requests.get(current.database(), request_id, current.scope()))


def _page(
    asked: ReportRequest, form: RequestStepForm | None = None, code: int = 200
) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    below = asked.unit_id != actor.unit_id
    g.section = "inbox" if below else "documents"
    above = requests.unit_above(session, asked)
    steps = offered(actor, asked, ends_here=above is None)
    if form is None:
        form = RequestStepForm(formdata=None, seen=str(asked.version))
        form.offer(steps)
    page = render_template(
        "request.html",
        asked=asked,
        row=_row(asked),
        way=[_event(one, asked) for one in reversed(requests.moves(session, asked))],
        facts=_facts(asked),
        form=form if steps else None,
        above=above if RequestStep.FORWARD in steps else None,
        back=_back(below=below),
        reads_report=asked.state is not RequestState.WITHDRAWN,
    )
    return page, code


def _back(*, below: bool) -> tuple[str, str]:
    if below:
        return gettext("Cấp dưới kiến nghị"), desk_url("requests_below")
    return gettext("Kiến nghị của đơn vị"), desk_url("requests")


def _facts(asked: ReportRequest) -> list[tuple[str, str]]:
    row = _row(asked)
    to = row.to_level or gettext("Cấp trên trực tiếp")
    found = [
        (gettext("Gửi tới cấp"), to),
        (gettext("Nêu ngày"), format_date(asked.raised_at)),
        (gettext("Chương trình"), asked.programme.code),
        (gettext("Đang ở"), capitalize_first(asked.held_by.full_name)),
    ]
    if row.owed_by:
        since = gettext("%(unit)s, %(waits)s", unit=row.owed_by, waits=row.waits)
        found.append((gettext("Đang chờ"), since))
    return found


def _event(move: RequestMove, asked: ReportRequest) -> dict[str, str]:
    """Word a step for the timeline; words that stand above are not said again."""
    position = f" ({move.person_position})" if move.person_position else ""
    what = say(Message(STEP_DONE[move.step]))
    if move.to_unit_name:
        what = gettext("%(step)s → chờ %(unit)s", step=what, unit=move.to_unit_name)
    return {
        "what": what,
        "who": f"{move.person_name}{position}, {move.unit_name}",
        "when": format_moment(move.at),
        "reason": move.text if move.text != asked.text else "",
        "tone": _TONES.get(move.step, ""),
    }


@needs(Permission.MOVE_REQUEST)
def step(request_id: int) -> ResponseReturnValue:
    """Take a step, once it is confirmed."""
    session, actor = current.database(), current.actor()
    asked = requests.get(session, request_id, current.scope())
    form = RequestStepForm()
    form.offer(offered(actor, asked, ends_here=requests.unit_above(session, asked) is None))
    if confirming.asks_to_look():
        return _page(asked, form)
    taken = _known(form.step.data)
    if taken is None or not _still_open(form, taken):
        form.validate()
        return _page(asked, form, 422)
    seen = paging.whole_in(request.form, "seen")
    with attempt(form=form) if confirming.is_confirmed() else rehearse(form=form) as outcome:
        requests.take(
            *(session, actor, request_id, taken),
            seen=seen,
            text=form.text.data or "",
            now=current.now(),
        )
    if not outcome.done:
        return _refused(request_id, form, outcome)
    if not confirming.is_confirmed():
        return _confirmation(request_id, form, taken)
    flash(_done(taken), "success")
    return redirect(desk_url("request", request_id=request_id))


def _known(word: str | None) -> RequestStep | None:
    return RequestStep(word) if word in set(STEP_LABEL) else None


def _still_open(form: RequestStepForm, taken: RequestStep) -> bool:
    """Tell whether what is filled in can be read; a step that is no longer open the operation
    refuses, which knows why.
    """
    form.step.choices = [*form.step.choices, (taken.value, "")]
    valid = form.validate()
    form.step.choices = form.step.choices[:-1]
    return valid


def _refused(request_id: int, form: RequestStepForm, outcome: Outcome) -> ResponseReturnValue:
    asked = requests.get(current.database(), request_id, current.scope())
    if outcome.blocked:
        return _page(asked, form, outcome.code)
    outcome.flash()
    return _page(asked, code=outcome.code)


def _confirmation(request_id: int, form: RequestStepForm, taken: RequestStep) -> str:
    """Show what is about to be said, and who will be told."""
    session = current.database()
    asked = requests.get(session, request_id, current.scope())
    rows = [ConfirmationRow(gettext("Kiến nghị"), [asked.text])]
    if words := (form.text.data or "").strip():
        rows.append(ConfirmationRow(gettext("Nội dung"), [words]))
    return confirming.page(
        say(Message(STEP_LABEL[taken])),
        _consequence(asked, taken, requests.unit_above(session, asked)),
        rows,
        say(Message(STEP_LABEL[taken])),
        kicker=f"{capitalize_first(asked.unit_name)} · {document_name(asked.kind, asked.period)}",
        back=(gettext("Kiến nghị"), desk_url("request", request_id=request_id)),
        danger=taken is RequestStep.WITHDRAW,
    )


def _consequence(asked: ReportRequest, taken: RequestStep, above: Unit | None) -> str:
    """Say what a step brings; none can be taken back."""
    unit, holder = asked.unit_name, asked.held_by.full_name
    if taken is RequestStep.ANSWER:
        return gettext(
            "%(unit)s nhận thẳng trả lời này; các đơn vị mà kiến nghị đã đi qua cũng đọc được. "
            "Trả lời đã gửi thì không sửa được.",
            unit=capitalize_first(unit),
        )
    if taken is RequestStep.FORWARD and above is not None:
        return gettext(
            "%(above)s sẽ nhận kiến nghị kèm ý kiến của đơn vị và có trách nhiệm trả lời; "
            "%(unit)s được báo.",
            above=capitalize_first(above.full_name),
            unit=unit,
        )
    if taken is RequestStep.ASK_CLARITY:
        return gettext(
            "Kiến nghị chuyển về %(unit)s để làm rõ, rồi quay lại đơn vị anh/chị.", unit=unit
        )
    if taken is RequestStep.SETTLE:
        return gettext("Kiến nghị kết thúc tại đây; %(holder)s được báo.", holder=holder)
    if taken is RequestStep.WITHDRAW:
        return gettext("%(holder)s không còn phải trả lời nữa.", holder=capitalize_first(holder))
    return gettext("%(holder)s sẽ nhận được và trả lời.", holder=capitalize_first(holder))


def _done(taken: RequestStep) -> str:
    label = say(Message(STEP_DONE[taken]))
    return gettext("Đã ghi: %(step)s. Các đơn vị liên quan nhận được thư.", step=label)
