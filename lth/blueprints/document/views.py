"""A document's own page, at every level: what it says, where it stands, what can be done."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth import synthesis
from lth.blueprints.document import parts
from lth.blueprints.document import remarks as document_remarks
from lth.blueprints.document.consequences import consequence, needs_reason
from lth.blueprints.document.forms import ActForm, RemarkForm, ask
from lth.blueprints.document.strip import Strip, strip_of
from lth.blueprints.document.timeline import told
from lth.blueprints.document.wording import act_done
from lth.blueprints.drafting import findings
from lth.blueprints.web import current
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
from lth.models import Document, Event, Opinion, Revision
from lth.workflow import documents, operations, remarks, revisions
from lth.workflow.acts import Act, Row
from lth.workflow.context import ActContext, Inputs
from lth.workflow.states import CORRECTED, OWED, WRITTEN

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


@dataclass
class DocumentPage:
    """A document as its page shows it, all read within the actor's scope."""

    document: Document
    revision: Revision | None
    content: reading.RevisionReading | None
    opinions: list[Opinion]
    events: list[Event]
    strip: Strip
    offered: list[Row]
    may_pin: bool
    changed_since: int | None
    consolidated: bool
    sent_back: Event | None
    request: Event | None
    unanswered: int
    pins: document_remarks.Pins
    resubmission: document_remarks.Resubmission | None
    checked: findings.Kept | None


def load(document_id: int) -> DocumentPage:
    """Read everything a document's page shows, in a constant number of queries."""
    session, actor, scope = current.database(), current.actor(), current.scope()
    document, _, settings = documents.with_head(session, document_id, scope)
    mark_section(document, scope)
    seen = revisions.all_seen(session, document.id, scope)
    revision = seen.get(revisions.number_to_read(document, scope) or 0)
    before = seen.get(revisions.sent_before(seen, revision.number) or 0) if revision else None
    said = remarks.of_document(session, document.id, scope)
    events = list(documents.timeline(session, document.id, scope))
    known = {settings.unit_id: settings} if settings else {}
    context = ActContext(session, document, actor, current.now(), _settings=known)
    context.__dict__["last_event"] = events[-1] if events else None
    offered = operations.offered(context)
    opinions_of = seen.get(document.sent_number or 0)
    content = (
        reading.content(session, document, revision, before, said, scope) if revision else None
    )
    return DocumentPage(
        document=document,
        revision=revision,
        content=content,
        checked=findings.kept(session, document, revision, content) if content else None,
        opinions=(list(remarks.opinions_on(session, opinions_of.id, scope)) if opinions_of else []),
        events=events,
        strip=strip_of(
            document, context.schedule, context.now, offered, own=actor.unit_id == document.unit_id
        ),
        offered=offered,
        request=_request(document, events),
        may_pin=remarks.may_pin(document, actor),
        changed_since=before.number if before else None,
        consolidated=document.released_number is not None
        and document.id in synthesis.consolidated(session, [document.id]),
        sent_back=_sent_back(document, events),
        unanswered=sum(one.published_at is not None and one.answered_at is None for one in said),
        pins=document_remarks.pins(content, [one for one in said if one.published_at is None]),
        resubmission=document_remarks.resubmission(
            document, revision, before, content, said, events
        ),
    )


def _sent_back(document: Document, events: list[Event]) -> Event | None:
    """The return that a document being mended came from."""
    if document.status not in CORRECTED:
        return None
    returns = [event for event in events if event.action == Act.RETURN]
    return returns[-1] if returns else None


def _request(document: Document, events: list[Event]) -> Event | None:
    """The request that waits for whoever holds the document: more time, or to have it back."""
    if (
        document.asked_until is not None
        and document.asked_answer is None
        and document.status in OWED
    ):
        asked = [event for event in events if event.action == Act.ASK_EXTENSION]
        return asked[-1] if asked else None
    last = events[-1] if events else None
    return last if last is not None and last.action == Act.ASK_BACK else None


@needs(Permission.READ_DOCUMENTS)
def document_page(document_id: int) -> ResponseReturnValue:
    return show(document_id)


def show(document_id: int, remark_form: RemarkForm | None = None, code: int = 200):
    """The document's page; with a refused remark, its form filled as it was sent."""
    page = load(document_id)
    page = render_template(
        "document.html",
        page=page,
        document=page.document,
        parts=parts.views(page.content) if page.content else [],
        day=clock.today(),
        here=CONFIRMED_HERE,
        trail=told(page.events),
        remark_form=remark_form or RemarkForm(formdata=None),
        typed_reason=request.form.get("reason", ""),
        returning=any(row.act is Act.RETURN for row in page.offered),
        consolidated=page.consolidated,
        writable=page.document.status in WRITTEN
        and operations.drafts(current.actor(), page.document),
    )
    return page, code


@needs(Permission.ACT)
def act_page(document_id: int, act: str) -> ResponseReturnValue:
    """What an act will do, what it asks, and what still stands against it."""
    context, row = _offered(document_id, act)
    form = ActForm.of(row, seen=context.document.lock_version)
    if form.until and row.act is Act.GRANT_EXTENSION:
        form.until.data = context.document.asked_until
    return _act_page(context, row, form, [])


@needs(Permission.ACT)
def do_act(document_id: int, act: str) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    wanted = _known(act)
    form = ask(wanted)
    if not form.validate():
        return _refused(document_id, wanted, form, [])
    with attempt() as outcome:
        operations.do(
            session,
            actor,
            document_id,
            wanted,
            seen=form.seen.data,
            now=current.now(),
            inputs=form.inputs(),
        )
    if outcome.blocked:
        return _refused(document_id, wanted, form, outcome.messages)
    if not outcome.done:
        return _overtaken(document_id, outcome)
    outcome.flash(_done_text(wanted))
    return redirect(desk_url("document", document_id=document_id))


def _done_text(act: Act) -> str:
    if act is Act.UNDO:
        return gettext("Đã hoàn tác. Người đã nhận thư trước đó sẽ nhận thư đính chính.")
    return gettext("%(act)s. Những người liên quan sẽ nhận được thư.", act=act_done(act))


def _overtaken(document_id: int, outcome: Outcome) -> ResponseReturnValue:
    """Somebody acted first, or the act is no longer one of this state: say so, show it as it is."""
    return show(document_id, code=outcome.flash_overtaken())


def _refused(document_id: int, act: Act, form: ActForm, messages) -> ResponseReturnValue:
    context, row = _found(document_id, act)
    if row is None:
        return _overtaken(document_id, Outcome(NotFoundError()))
    form.narrow(row)
    return _act_page(context, row, form, form.put_beside(messages), code=422)


def _known(act: str) -> Act:
    if act not in set(Act) or act == Act.START:
        abort(404)
    return Act(act)


def _offered(document_id: int, act: str) -> tuple[ActContext, Row]:
    """The act's row for this actor now; 404 where the table gives them none."""
    context, row = _found(document_id, _known(act))
    if row is None:
        raise NotFoundError
    return context, row


def _found(document_id: int, act: Act) -> tuple[ActContext, Row | None]:
    """The act under way on the document, with its row for this actor where there is one now."""
    session, actor = current.database(), current.actor()
    document, head, settings = documents.with_head(session, document_id, current.scope())
    mark_section(document, current.scope())
    known = {settings.unit_id: settings} if settings else {}
    context = ActContext(session, document, actor, current.now(), Inputs(), _settings=known)
    if head is not None:
        context.__dict__["head"] = head
    row = next(iter(operations.offered(context, act)), None)
    context.row = row
    return context, row


def _act_page(
    context: ActContext, row: Row, form: ActForm, messages: list[Message], code: int = 200
) -> ResponseReturnValue:
    standing = [
        message
        for message in operations.refusals(context, row)
        if not message.field and message not in messages
    ]
    problems = [say(message) for message in (*messages, *standing)]
    page = render_template(
        "act.html",
        document=context.document,
        row=row,
        form=form,
        consequence=consequence(row, context.document),
        reason_needed=needs_reason(row),
        until_hint=_until_hint(context) if "until" in form else "",
        problems=problems,
        loose=[(None, text) for text in problems],
        tried=code != 200,
    )
    return page, code


def _until_hint(context: ActContext) -> str:
    """What there is now, so that nobody has to look it up while typing a day."""
    due = context.due
    last = due.binds(context.owed_as) if due else None
    return gettext("Hạn hiện nay: %(date)s.", date=format_date(last)) if last else ""


@needs(Permission.REVIEW)
def pin(document_id: int) -> ResponseReturnValue:
    """Pin a remark to an item under review."""
    session, actor, form = current.database(), current.actor(), RemarkForm()
    key, text = nfc(form.line_key.data or ""), form.text.data or ""
    with attempt(form=form) as outcome:
        remarks.pin(session, actor, document_id, key, text, now=current.now())
    if outcome.blocked:
        return show(document_id, form, outcome.code)
    if not outcome.done:
        return _overtaken(document_id, outcome)
    outcome.flash(gettext("Đã ghi nhận xét. Đơn vị lập sẽ thấy khi văn bản được trả lại."))
    return redirect(
        desk_url("document", document_id=document_id) + f"#{request.form.get('anchor', 'content')}"
    )


@needs(Permission.REVIEW)
def reword(document_id: int, remark_id: int) -> ResponseReturnValue:
    """Say one's own remark otherwise, before it is published."""
    session, actor = current.database(), current.actor()
    with attempt() as outcome:
        remarks.reword(session, actor, document_id, remark_id, request.form.get("text", ""))
    if not outcome.done:
        return _overtaken(document_id, outcome)
    outcome.flash(gettext("Đã lưu nhận xét."))
    return redirect(desk_url("document", document_id=document_id) + "#pins")


@needs(Permission.REVIEW)
def unpin(document_id: int, remark_id: int) -> ResponseReturnValue:
    """Take back one's own remark."""
    session = current.database()
    with attempt() as outcome:
        remarks.unpin(session, current.actor(), document_id, remark_id)
    if not outcome.done:
        return _overtaken(document_id, outcome)
    outcome.flash(gettext("Đã bỏ nhận xét."))
    return redirect(desk_url("document", document_id=document_id))
