"""What the unit above assigns: accept it, or ask for another figure with a reason."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.blueprints.quotas.views import typed_value
from lth.blueprints.web import current
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.core.language import ngettext, say
from lth.core.vietnamese import nfc
from lth.quotas import QuotaStanding, QuotaState, Reply

ACCEPT, COUNTER = "accept", "counter"


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/assigned", "document_assigned", assigned_page)
    rule(
        "/documents/<int:document_id>/assigned", "document_answer_quotas", answer, methods=["POST"]
    )


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
            line.value_error = say(message)
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
    with attempt() as outcome:
        _, found = quotas.assigned(session, actor, document_id)
        count = quotas.answer(session, actor, document_id, _replies(found), now=current.now())
    if outcome.blocked:
        return _page(document_id, outcome, outcome.code)
    if not outcome.done:
        return _page(document_id, code=outcome.flash_overtaken())
    text = ngettext(
        "Đã trả lời %(num)s chỉ tiêu. Cấp trên sẽ nhận được thư.",
        "Đã trả lời %(num)s chỉ tiêu. Cấp trên sẽ nhận được thư.",
        count,
    )
    flash(text, "success")
    return redirect(desk_url("document_assigned", document_id=document_id))


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
        seen=request.form.get(f"{line.id}:seen", 0, type=int),
        accept=choice == ACCEPT,
        value=typed_value(_text(line, "value"), held.indicator.measure),
        reason=_text(line, "reason"),
    )
