"""What the unit above assigns: accept it, or ask for another figure with a reason."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.access.actor import Actor
from lth.blueprints.document.wording import document_name, local_name
from lth.blueprints.quotas.views import read_value, typed_value
from lth.blueprints.quotas.wording import amount
from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt, rehearse
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import capitalize_first, nfc
from lth.models import Document
from lth.quotas import QuotaStanding, QuotaState, Reply

ACCEPT, COUNTER = "accept", "counter"


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/assigned", "document_assigned", assigned_page)
    rule(
        "/documents/<int:document_id>/assigned", "document_answer_quotas", answer, methods=["POST"]
    )


@opens_for("document_assigned")
def _opens(document: Document, actor: Actor) -> bool:
    return quotas.assigns_to(document, actor)


@dataclass
class Line:
    """One quota on the page: what was chosen and typed for it, and what is wrong with that."""

    held: QuotaStanding
    choice: str = ""
    value: str = ""
    reason: str = ""
    value_error: str = ""
    reason_error: str = ""

    @property
    def id(self) -> str:
        return f"q{self.held.quota.id}"


@needs(Permission.READ_DOCUMENTS)
def assigned_page(document_id: int) -> ResponseReturnValue:
    return _page(document_id)


def _page(document_id: int, refused: Outcome | None = None, code: int = 200) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    document, found = quotas.assigned(session, actor, document_id)
    lines = [_line(one, refused) for one in found]
    may = quotas.receives(actor, document.programme_id)
    page = render_template(
        "assigned.html",
        document=document,
        lines=lines,
        moves=quotas.moves(session, [one.quota.id for one in found]),
        may_answer=may and any(one.state in quotas.OPEN for one in found),
        open_states=quotas.OPEN,
        waiting=sum(one.state is QuotaState.WAITING for one in found),
        reply_by=min((one.reply_by for one in found if one.reply_by), default=None),
        now=current.now(),
        is_past=quotas.is_past,
        many=len({one.phase.id for one in found}) > 1,
        wrong=_wrong(lines, refused),
    )
    return page, code


def _line(held: QuotaStanding, refused: Outcome | None) -> Line:
    """A line; after a refusal as it was typed, with what is wrong beside it."""
    line = Line(held)
    if refused is None:
        return line
    line.choice = request.form.get(f"{line.id}:reply", "")
    line.value, line.reason = _text(line, "value"), _text(line, "reason")
    for message in refused.messages:
        if message.field == f"{held.quota.id}:value":
            against = read_value(line.value, held.indicator.measure)[1]
            line.value_error = against or say(message)
        elif message.field == f"{held.quota.id}:reason":
            line.reason_error = say(message)
    return line


def _text(line: Line, name: str) -> str:
    return nfc(request.form.get(f"{line.id}:{name}", "")).strip()


def _wrong(lines: list[Line], refused: Outcome | None) -> list[tuple[str | None, str]]:
    """(id, text) of each fault, for the summary."""
    found = [
        (f"{line.id}-{name}", text)
        for line in lines
        for name, text in (("value", line.value_error), ("reason", line.reason_error))
        if text
    ]
    loose = [say(one) for one in refused.messages if not one.field] if refused else []
    return [*((None, text) for text in loose), *found]


@needs(Permission.ANSWER_QUOTA)
def answer(document_id: int) -> ResponseReturnValue:
    """Answer the lines in which something was chosen, together."""
    session, actor = current.database(), current.actor()
    if confirming.asks_to_look():
        return _page(document_id, Outcome())
    with attempt() if confirming.is_confirmed() else rehearse() as outcome:
        _, found = quotas.assigned(session, actor, document_id)
        count = quotas.answer(session, actor, document_id, _replies(found), now=current.now())
    if outcome.blocked:
        return _page(document_id, outcome, outcome.code)
    if not outcome.done:
        return _page(document_id, code=outcome.flash_overtaken())
    if not confirming.is_confirmed():
        return _confirmation(document_id)
    text = ngettext(
        "Đã trả lời %(num)s chỉ tiêu. Cấp trên sẽ nhận được thư.",
        "Đã trả lời %(num)s chỉ tiêu. Cấp trên sẽ nhận được thư.",
        count,
    )
    flash(text, "success")
    return redirect(desk_url("document_assigned", document_id=document_id))


def _confirmation(document_id: int) -> str:
    """Show each answer that is about to be sent."""
    document, found = quotas.assigned(current.database(), current.actor(), document_id)
    by_id = {held.quota.id: held for held in found}
    many = len({one.phase.id for one in found}) > 1
    rows = [_row(by_id[one.quota_id], one, many) for one in _replies(found)]
    unit = capitalize_first(document.unit.full_name)
    return confirming.page(
        gettext("Gửi trả lời chỉ tiêu được giao"),
        gettext("%(unit)s sẽ nhận được thư ghi các trả lời dưới đây.", unit=unit),
        rows,
        ngettext("Gửi %(num)s trả lời", "Gửi %(num)s trả lời", len(rows)),
        kicker=f"{unit} · {document_name(document.kind, document.period)}",
        back=(
            gettext("Chỉ tiêu được giao"),
            desk_url("document_assigned", document_id=document_id),
        ),
    )


def _row(held: QuotaStanding, reply: Reply, many: bool) -> ConfirmationRow:
    """Word one answer of the confirmation."""
    name = local_name(held.indicator) + (f" ({held.phase.code})" if many else "")
    given = amount(held.quota.value, held.indicator)
    if reply.accept:
        return ConfirmationRow(name, [gettext("Nhận %(value)s.", value=given)])
    asked = gettext(
        "Được giao %(given)s, đề nghị %(asked)s.",
        given=given,
        asked=amount(reply.value or 0, held.indicator),
    )
    return ConfirmationRow(name, [asked, gettext("Lý do: %(reason)s", reason=reply.reason)])


def _replies(found: list[QuotaStanding]) -> list[Reply]:
    everything = request.form.get("do") == "accept_all"
    replies = []
    for held in found:
        line = Line(held)
        choice = request.form.get(f"{line.id}:reply", "")
        if everything:
            choice = ACCEPT if held.state is QuotaState.WAITING else ""
        if choice in {ACCEPT, COUNTER}:
            replies.append(_reply(line, choice))
    return replies


def _reply(line: Line, choice: str) -> Reply:
    held = line.held
    return Reply(
        quota_id=held.quota.id,
        seen=paging.whole_in(request.form, f"{line.id}:seen"),
        accept=choice == ACCEPT,
        value=typed_value(_text(line, "value"), held.indicator.measure),
        reason=_text(line, "reason"),
    )
