"""Drafting: start a document, answer remarks, open what is locked."""

from datetime import UTC, datetime

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lth import drafting
from lth.blueprints.document import remarks
from lth.blueprints.drafting import draft_page, navigation
from lth.blueprints.web import current, paging
from lth.blueprints.web.forms import Form
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import BlockedError, LthError, StaleError
from lth.core.language import gettext, lazy_gettext
from lth.core.vietnamese import nfc
from lth.models import Period
from lth.models.kind import Kind
from lth.models.opinion import AnswerKind
from lth.workflow import documents
from lth.workflow.states import WRITTEN


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/new", "document_new", new)
    rule("/documents/new", "document_start", start, methods=["POST"])
    rule("/documents/<int:document_id>/draft", "document_draft", draft_page.draft)
    rule(
        "/documents/<int:document_id>/draft",
        "document_save_draft",
        draft_page.save,
        methods=["POST"],
    )
    rule(
        "/documents/<int:document_id>/draft/remarks/<int:remark_id>",
        "document_answer",
        answer,
        methods=["POST"],
    )
    rule(
        "/documents/<int:document_id>/draft/open", "document_open_line", open_line, methods=["POST"]
    )


# --- Starting -----------------------------------------------------------------------------


class StartForm(Form):
    """From what a new document starts."""

    period = HiddenField()
    kind = HiddenField()
    source = RadioField(
        lazy_gettext("Bắt đầu từ"),
        validators=[InputRequired(lazy_gettext("Chọn cách bắt đầu."))],
    )


SOURCE_LABEL = {
    drafting.Source.ABOVE: lazy_gettext("Kế hoạch của cấp trên (kèm chỉ tiêu giao)"),
    drafting.Source.LAST: lazy_gettext("Văn bản kỳ trước của đơn vị"),
    drafting.Source.EMPTY: lazy_gettext("Bản trống với các phần mẫu"),
}


@needs(Permission.DRAFT)
def new() -> ResponseReturnValue:
    period, kind = _asked(request.args)
    return _to_begun(period, kind) or _start_page(period, kind)


@needs(Permission.DRAFT)
def start() -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    period, kind = _asked(request.form)
    form = _start_form(period, kind)
    if not form.validate():
        return _start_page(period, kind, form)
    with attempt(LthError) as outcome:
        document = drafting.start(
            session,
            actor,
            period,
            kind,
            source=drafting.Source(form.source.data),
            now=current.now(),
        )
    if not outcome.done:
        form.blame(outcome.messages)
        return _to_begun(period, kind) or _start_page(period, kind, form)
    if kind.is_computed:
        return redirect(desk_url("document_synthesis", document_id=document.id))
    return redirect(navigation.first_url(document))


def _asked(values) -> tuple[Period, Kind]:
    """Find the period and kind that an address or a form names; 404 for what there is not."""
    period = current.database().get(Period, paging.whole_in(values, "period"))
    kind = values.get("kind", "")
    if period is None or kind not in Kind.of(period.use):
        abort(404)
    return period, Kind(kind)


def _to_begun(period: Period, kind: Kind) -> ResponseReturnValue | None:
    """Lead to the document that the unit has for the period; gone back to, there is one."""
    session, actor = current.database(), current.actor()
    if actor.unit_id is None:
        return None
    document = documents.begun(session, actor.unit_id, period.id, kind, current.scope())
    if document is None:
        return None
    flash(gettext("Kỳ này đơn vị đã có văn bản cùng loại: đây là văn bản đó."), "info")
    if document.status in WRITTEN and not kind.is_computed:
        return redirect(navigation.first_url(document))
    return redirect(desk_url("document", document_id=document.id))


def _start_form(period: Period, kind: Kind) -> StartForm:
    form = StartForm(period=period.id, kind=kind)
    offers = _offers(period, kind)
    form.source.choices = [
        SelectChoice(offer.source.value, SOURCE_LABEL[offer.source])
        for offer in offers
        if not offer.reason
    ]
    form.offers = offers
    if form.source.data is None:
        form.source.data = form.source.choices[0].value
    return form


def _offers(period: Period, kind: Kind) -> list[drafting.Offer]:
    actor = current.actor()
    if actor.unit_id is None:
        abort(404)
    return drafting.sources(current.database(), actor, period, kind, current.scope())


def _start_page(period: Period, kind: Kind, form: StartForm | None = None) -> ResponseReturnValue:
    refused = form is not None
    form = form or _start_form(period, kind)
    page = render_template(
        "start.html",
        form=form,
        offers=form.offers,
        period=period,
        kind=kind,
        source_label=SOURCE_LABEL,
    )
    return page, 422 if refused else 200


# --- A document that came back --------------------------------------------------------------


@needs(Permission.DRAFT)
def answer(document_id: int, remark_id: int) -> ResponseReturnValue:
    """Answer a remark of the level above: its item was changed, or is explained."""
    session, actor = current.database(), current.actor()
    kind = _answer_kind()
    text = request.form.get("answer", "") if kind is AnswerKind.CHANGED else request.form["answer"]
    with attempt(BlockedError, StaleError) as outcome:
        drafting.answer_remark(
            session,
            actor,
            document_id,
            remark_id,
            text,
            current.now(),
            kind=kind,
            seen=_moment("seen"),
        )
    if not outcome.done:
        typed = (remark_id, text, outcome.text, kind.value)
        return draft_page.show(draft_page.written(document_id), answered=typed, code=422)
    outcome.flash(gettext("Đã trả lời nhận xét."))
    return redirect(desk_url("document_draft", document_id=document_id) + f"#remark-{remark_id}")


def _answer_kind() -> AnswerKind:
    changed = request.form["kind"] == AnswerKind.CHANGED
    return AnswerKind.CHANGED if changed else AnswerKind.EXPLAINED


@needs(Permission.DRAFT)
def open_line(document_id: int) -> ResponseReturnValue:
    """Unlock one more item of a returned document, for a reason; back to where it stands."""
    session, actor = current.database(), current.actor()
    key, reason = nfc(request.form["key"]), request.form["reason"]
    with attempt(BlockedError) as outcome:
        drafting.open_line(session, actor, document_id, key, reason, current.now())
    outcome.flash(gettext("Đã mở mục này để sửa. Cấp trên sẽ đọc lý do."))
    return redirect(remarks.place(document_id, key))


def _moment(name: str) -> datetime | None:
    """Read a moment that the page wrote into a hidden field; anything else was never a moment."""
    text = request.form.get(name, "")
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
