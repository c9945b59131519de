"""A document's own page, at every level: what it says, where it stands, what can be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth import briefs, synthesis
from lth.blueprints.document import brief, handover, papers, parts, reported
from lth.blueprints.document import remarks as document_remarks
from lth.blueprints.document.forms import (
    ActForm,
    RemarkForm,
    ask,
    consequence,
    reason_hint,
    reason_note,
)
from lth.blueprints.document.strip import Strip
from lth.blueprints.document.timeline import last_words, timeline
from lth.blueprints.document.wording import act_done
from lth.blueprints.drafting import findings, navigation
from lth.blueprints.web import addresses, confirming, current, tables
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.core import clock
from lth.core.errors import NotFoundError
from lth.core.formats import format_date
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.core.vietnamese import nfc
from lth.drafting import reading
from lth.exchange import attachments
from lth.models import Document, Event
from lth.models.opinion import Verdict
from lth.workflow import documents, operations, register, remarks, revisions
from lth.workflow.acts import Act, Row
from lth.workflow.context import ActContext
from lth.workflow.states import CORRECTED, OWED, WRITTEN

BRIEFED = {
    Act.SEND_FOR_CLEARANCE,
    Act.SUBMIT,
    Act.GIVE_OPINION,
    Act.RETURN,
    Act.APPROVE,
    Act.ISSUE,
    Act.ACKNOWLEDGE,
}
"""Acts whose confirmation shows what is being signed or sent."""

MOST_SUGGESTED = 2
"""Of how many kinds a number is proposed, those that a document most often is."""

CONFIRMED_HERE = {Act.RECALL, Act.OPEN, Act.UNDO, Act.SEND_FOR_CLEARANCE}
"""Acts that ask for nothing and are done by one button on the document's page."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>", "document", document_page)
    rule("/documents/<int:document_id>/acts/<act>", "document_act", act_page)
    rule("/documents/<int:document_id>/acts/<act>", "document_do", do_act, methods=["POST"])
    rule("/documents/<int:document_id>/remarks", "document_remark", pin, methods=["POST"])
    rule(
        "/documents/<int:document_id>/remarks/<int:remark_id>",
        "document_unpin",
        unpin,
        methods=["POST"],
    )
    rule(
        "/documents/<int:document_id>/remarks/<int:remark_id>/text",
        "document_reword",
        reword,
        methods=["POST"],
    )


@needs(Permission.READ_DOCUMENTS)
def document_page(document_id: int) -> ResponseReturnValue:
    """Show the document; of a report its figures alone where they are asked for as a file."""
    return _figures(document_id) if tables.wanted() else show(document_id)


def _figures(document_id: int) -> ResponseReturnValue:
    session, scope = current.database(), current.scope()
    document = _context(document_id).document
    seen = revisions.all_seen(session, document.id, scope)
    revision = seen.get(revisions.number_to_read(document, scope) or 0)
    if revision is None:
        raise NotFoundError
    content = reading.content(session, document, revision, None, [], scope)
    report = reported.view(document, revision, content)
    if report is None:
        raise NotFoundError
    table = reported.table(report, document.unit.full_name)
    return tables.answer(table, "so-lieu-bao-cao")


def show(
    document_id: int, remark_form: RemarkForm | None = None, code: int = 200
) -> ResponseReturnValue:
    """Show the document, in a constant number of queries; a refused remark as it was sent."""
    session, actor, scope = current.database(), current.actor(), current.scope()
    context = _context(document_id)
    document = context.document
    seen = revisions.all_seen(session, document.id, scope)
    revision = seen.get(revisions.number_to_read(document, scope) or 0)
    before = seen.get(revisions.sent_before(seen, revision.number) or 0) if revision else None
    pinned = remarks.of_document(session, document.id, scope)
    events = list(documents.timeline(session, document.id, scope))
    context.__dict__["last_event"] = events[-1] if events else None
    offered = operations.offered(context)
    content = revision and reading.content(session, document, revision, before, pinned, scope)
    sent = seen.get(document.sent_number or 0)
    opinions = list(remarks.opinions_on(session, sent.id, scope)) if sent else []
    number = revision.number if revision else None
    page = render_template(
        "document.html",
        document=document,
        attached=attachments.counted(context.__dict__["files"], number),
        revision=revision,
        content=content,
        papers=papers.are_there(document, scope),
        paper_state=handover.state_of(document, revision),
        earlier=handover.earlier_of(document, revision),
        parts=parts.views(content) if content else [],
        report=reported.view(document, revision, content) if content else None,
        draft_url=navigation.first_url(document),
        checked=findings.kept(session, document, revision, content) if content else None,
        opinions=opinions,
        dissent=[one for one in opinions if one.verdict is Verdict.DISAGREE],
        absence=brief.absence_in(document, revision),
        events=events,
        trail=timeline(events),
        strip=Strip(
            document,
            context.schedule,
            context.now,
            offered,
            own=actor.unit_id == document.unit_id,
            sent=sent,
        ),
        offered=offered,
        here=CONFIRMED_HERE,
        request_waiting=_request(document, events),
        may_pin=remarks.may_pin(document, actor),
        changed_since=before.number if before else None,
        consolidated=document.released_number is not None
        and document.id in synthesis.consolidated(session, [document.id]),
        sent_back=_last(events, Act.RETURN) if document.status in CORRECTED else None,
        unanswered=sum(
            remark.published_at is not None and remark.answered_at is None for remark in pinned
        ),
        pins=document_remarks.pins(
            content, [remark for remark in pinned if remark.published_at is None]
        ),
        resubmission=document_remarks.resubmission(
            document, revision, before, content, pinned, events
        ),
        day=clock.today(),
        remark_form=remark_form or RemarkForm(formdata=None),
        typed_reason=request.form.get("reason", ""),
        returning=any(row.act is Act.RETURN for row in offered),
        writable=_writable(context),
    )
    return page, code


def _context(document_id: int) -> ActContext:
    """Read a document of the scope as a context of the actor's; mark the section it belongs to."""
    session, scope = current.database(), current.scope()
    document, head, settings, files = documents.with_head_and(
        session, document_id, scope, attachments.in_one_text(scope)
    )
    mark_section(document, scope)
    known = {settings.unit_id: settings} if settings else {}
    context = ActContext(session, document, current.actor(), current.now(), _settings=known)
    if head is not None:
        context.__dict__["head"] = head
    context.__dict__["files"] = files
    return context


def _last(events: Iterable[Event], act: Act) -> Event | None:
    return next((event for event in reversed(list(events)) if event.action == act), None)


def _request(document: Document, events: list[Event]) -> Event | None:
    """Find the request that the document's holder is to answer: more time, or to have it back."""
    waits = document.asked_until is not None and document.asked_answer is None
    if waits and document.status in OWED:
        return _last(events, Act.ASK_EXTENSION)
    return documents.asked_back(events)


@needs(Permission.ACT)
def act_page(document_id: int, act: str) -> ResponseReturnValue:
    """Show what an act will do, what it asks, and what still stands against it."""
    context, row = _found(document_id, _named(act))
    if row is None:
        return _overtaken(context, Act(act))
    refused = operations.refusals(context, row)
    demands = operations.demands(context, row, refused)
    form = ActForm.of(row, context.document.lock_version, demands)
    if form.until and row.act is Act.GRANT_EXTENSION:
        form.until.data = context.document.asked_until
    if form.reason and current.actor().unit_id == context.document.unit_id:
        form.reason.data = context.head.absence_reason if "absence" in row.asks else ""
    return _act_page(context, row, form, ActStanding(refused, demands))


@needs(Permission.ACT)
def do_act(document_id: int, act: str) -> ResponseReturnValue:
    """Do an act; what rules refuse comes back as it was filled in."""
    wanted = _named(act)
    form = ask(wanted)
    if confirming.asks_to_look():
        return _looked(document_id, wanted, form)
    if not form.validate():
        return _refused(document_id, wanted, form, [])
    with attempt() as outcome:
        operations.do(
            current.database(),
            current.actor(),
            document_id,
            wanted,
            seen=form.seen.data,
            now=current.now(),
            inputs=form.inputs(),
        )
    if outcome.blocked:
        return _refused(document_id, wanted, form, outcome.messages)
    return _lead_back(document_id, outcome, _done_text(wanted))


def _done_text(act: Act) -> str:
    if act is Act.UNDO:
        return gettext("Đã hoàn tác. Người đã nhận thư trước đó sẽ nhận thư đính chính.")
    return gettext("%(act)s. Những người liên quan sẽ nhận được thư.", act=act_done(act))


def _lead_back(
    document_id: int, outcome: Outcome, done: str, anchor: str = ""
) -> ResponseReturnValue:
    """Lead to the document and say what was done.

    Where somebody acted first, or the act is no longer one of this state, show it as it is.
    """
    if not outcome.done:
        return show(document_id, code=outcome.flash_overtaken())
    outcome.flash(done)
    return redirect(addresses.at(desk_url("document", document_id=document_id), anchor))


def _refused(document_id: int, act: Act, form: ActForm, messages) -> ResponseReturnValue:
    context, row = _found(document_id, act)
    if row is None:
        return _lead_back(document_id, Outcome(NotFoundError()), "")
    refused = operations.refusals(context, row)
    demands = operations.demands(context, row, refused)
    form.fit(row, demands)
    standing = ActStanding(refused, demands, tuple(form.put_beside(messages)), tried=True)
    return _act_page(context, row, form, standing)


def _looked(document_id: int, act: Act, form: ActForm) -> ResponseReturnValue:
    """Give the act's page back as it was filled in, with what is wrong beside the fields."""
    context, row = _found(document_id, act)
    if row is None:
        return _overtaken(context, act)
    refused = operations.refusals(context, row)
    demands = operations.demands(context, row, refused)
    form.fit(row, demands)
    form.validate()
    return _act_page(context, row, form, ActStanding(refused, demands))


def _overtaken(context: ActContext, act: Act) -> ResponseReturnValue:
    """Lead to the document of an act that is not to be done now, and say what was done last."""
    document, scope = context.document, current.scope()
    events = list(documents.timeline(current.database(), document.id, scope))
    flash(last_words(events, act), "info")
    return redirect(desk_url("document", document_id=document.id))


def _named(act: str) -> Act:
    if act not in set(Act) or act == Act.START:
        abort(404)
    return Act(act)


def _found(document_id: int, act: Act) -> tuple[ActContext, Row | None]:
    """Return the document's context, with the act's row for this actor where there is one now."""
    context = _context(document_id)
    context.row = next(iter(operations.offered(context, act)), None)
    return context, context.row


@dataclass(frozen=True)
class ActStanding:
    """What stands against an act: what its guards refuse, and what of that is to be filled in.

    `loose` is what was said to an act that was `tried`, beside what stands at a field.
    """

    refused: Sequence[Message]
    demands: operations.Demands
    loose: tuple[Message, ...] = ()
    tried: bool = False

    @property
    def problems(self) -> list[str]:
        """Word what no field of the form mends."""
        left = [one for one in self.refused if not one.field and one not in self.loose]
        return [say(message) for message in (*self.loose, *left)]


def _act_page(
    context: ActContext, row: Row, form: ActForm, standing: ActStanding
) -> ResponseReturnValue:
    problems, demands = standing.problems, standing.demands
    page = render_template(
        "act.html",
        document=context.document,
        row=row,
        form=form,
        consequence=consequence(row, context.document),
        reason_note=reason_note(demands),
        reason_hint=reason_hint(demands),
        reason_needed=demands.of("reason") is not None,
        until_hint=_until_hint(context) if "until" in form else "",
        number_hint=_number_hint(context, row) if "document_number" in form else "",
        brief=brief.view(briefs.of_act(context)) if row.act in BRIEFED else None,
        problems=problems,
        papers=row.act in BRIEFED and papers.are_there(context.document, current.scope()),
        writable=_writable(context),
        loose=[(None, text) for text in problems],
        tried=standing.tried,
    )
    return page, 422 if standing.tried else 200


def _writable(context: ActContext) -> bool:
    """Tell whether the actor may write in the document as it stands."""
    document = context.document
    return document.status in WRITTEN and operations.drafts(context.actor, document)


def _number_hint(context: ActContext, row: Row) -> str:
    """Say which numbers come next in the unit's register."""
    kinds = context.document.kind.numbered_as or ("QĐ",) if row.act is Act.ISSUE else ("QĐ",)
    session, unit_id = current.database(), context.document.unit_id
    following = register.suggested(session, unit_id, kinds[:MOST_SUGGESTED], clock.today().year)
    return gettext(
        "Ghi sau khi đã ký. Số tiếp theo trong sổ: %(numbers)s. Cơ quan lấy số ở hệ thống khác thì "
        "ghi số đã được cấp.",
        numbers=" · ".join(following),
    )


def _until_hint(context: ActContext) -> str:
    """Word the day there is now, so that nobody has to look it up while typing another."""
    due = context.due
    last = due.kept_until if due else None
    return gettext("Hạn hiện nay: %(date)s.", date=format_date(last)) if last else ""


@needs(Permission.REVIEW)
def pin(document_id: int) -> ResponseReturnValue:
    """Pin a remark to an item under review."""
    session, actor, form = current.database(), current.actor(), RemarkForm()
    key, text = nfc(request.form["line_key"]), request.form["text"]
    with attempt(form=form) as outcome:
        remarks.pin(session, actor, document_id, key, text, now=current.now())
    if outcome.blocked:
        return show(document_id, form, outcome.code)
    done = gettext("Đã ghi nhận xét. Đơn vị lập sẽ thấy khi văn bản được trả lại.")
    return _lead_back(document_id, outcome, done, request.form.get("anchor", "content"))


@needs(Permission.REVIEW)
def reword(document_id: int, remark_id: int) -> ResponseReturnValue:
    """Say one's own remark otherwise, before it is published."""
    session, actor = current.database(), current.actor()
    text, seen = request.form["text"], request.form["was"]
    with attempt() as outcome:
        remarks.reword(session, actor, document_id, remark_id, text, seen=seen)
    return _lead_back(document_id, outcome, gettext("Đã lưu nhận xét."), "pins")


@needs(Permission.REVIEW)
def unpin(document_id: int, remark_id: int) -> ResponseReturnValue:
    """Take back one's own remark."""
    seen = request.form["was"]
    with attempt() as outcome:
        remarks.unpin(current.database(), current.actor(), document_id, remark_id, seen=seen)
    return _lead_back(document_id, outcome, gettext("Đã bỏ nhận xét."))
