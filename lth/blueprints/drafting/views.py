"""Drafting: start a document, fill its parts, answer remarks. Each part is saved on its own."""

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
from lth.blueprints.document import brief, remarks
from lth.blueprints.document.strip import strip_here
from lth.blueprints.drafting import findings, navigation
from lth.blueprints.drafting.sending import next_acts
from lth.blueprints.drafting.target_inputs import OFFERED, TargetBlock, blocks, html_id, typed_edits
from lth.blueprints.web import current
from lth.blueprints.web.forms import Form
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.content.targets import COMPARATOR_LABEL
from lth.core import clock
from lth.core.database import unit_of_work
from lth.core.errors import BlockedError, LthError, StaleError
from lth.core.i18n import Message
from lth.core.language import gettext, lazy_gettext, ngettext, say
from lth.core.vietnamese import nfc
from lth.drafting.sheet import Sheet
from lth.models import Period
from lth.models.kind import Kind
from lth.models.opinion import AnswerKind
from lth.workflow.states import WRITTEN


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/new", "document_new", new)
    rule("/documents/new", "document_start", start, methods=["POST"])
    rule("/documents/<int:document_id>/draft", "document_draft", draft)
    rule(
        "/documents/<int:document_id>/draft/targets/<topic>",
        "document_save_targets",
        save_targets,
        methods=["POST"],
    )
    rule(
        "/documents/<int:document_id>/draft/sections/<line_key>",
        "document_save_section",
        save_section,
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
    return _start_page(period, kind)


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
        return _start_page(period, kind, form)
    if kind.is_computed:
        return redirect(desk_url("document_synthesis", document_id=document.id))
    return redirect(desk_url("document_draft", document_id=document.id))


def _asked(values) -> tuple[Period, Kind]:
    """Find the period and kind that an address or a form names; 404 for what there is not."""
    period = current.database().get(Period, values.get("period", 0, type=int))
    kind = values.get("kind", "")
    if period is None or kind not in Kind.all():
        abort(404)
    return period, Kind(kind)


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


# --- Drafting -----------------------------------------------------------------------------


@needs(Permission.DRAFT)
def draft(document_id: int) -> ResponseReturnValue:
    """Show the whole document, each part a form of its own."""
    return _draft_page(_written(document_id))


def _written(document_id: int) -> Sheet:
    return drafting.written(current.database(), current.actor(), document_id)


def _draft_page(
    sheet: Sheet,
    *,
    result: drafting.SaveResult | None = None,
    section: tuple[str, str, drafting.SectionResult] | None = None,
    answered: tuple[int, str, str, str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """Show the page; after a refusal, with what was typed and what is wrong with it."""
    document, session = sheet.document, current.database()
    checked = findings.beside(session, document, sheet.revision, sheet.content)
    listed = blocks(sheet, result)
    page = render_template(
        "draft.html",
        **_common(sheet, checked, section),
        groups=listed,
        wrong=_wrong(listed),
        answered=answered,
        draft_tabs=navigation.tabs(document, navigation.TARGETS, checked.counted),
        strip=strip_here(session, document, current.now()),
        day=clock.today(),
    )
    return page, code


def _common(
    sheet: Sheet,
    checked: findings.Beside,
    section: tuple[str, str, drafting.SectionResult] | None,
) -> dict:
    """Return what a part of the page needs as well as the whole."""
    if sheet.document.status not in WRITTEN:
        flash(gettext("Văn bản đang được khóa ở trạng thái hiện tại, chưa sửa được."), "warning")
    return {
        "work": remarks.work(sheet),
        "checked": checked,
        "sheet": sheet,
        "document": sheet.document,
        "locked": sheet.document.status not in WRITTEN,
        "unanswered": sheet.unanswered,
        "comparators": [(one.value, say(Message(COMPARATOR_LABEL[one]))) for one in OFFERED],
        "section_typed": section,
        "html_id": html_id,
        "next_acts": next_acts(sheet.document),
        "absence": brief.absence_in(sheet.document, sheet.revision),
    }


def _wrong(listed: list[TargetBlock]) -> list[tuple[str, str]]:
    """(id, text) of each cell that was not saved, for the summary."""
    return [
        (cell.id, f"{cell.label}: {cell.error}")
        for block in listed
        for cell in block.cells
        if cell.error
    ]


@needs(Permission.DRAFT)
def save_targets(document_id: int, topic: str) -> ResponseReturnValue:
    """Save the touched cells of one group; those that cannot be saved come back as typed."""
    session, actor = current.database(), current.actor()
    edits = list(typed_edits())
    with unit_of_work(session):
        result = drafting.save_targets(session, actor, document_id, edits, now=current.now())
    if not result.complete:
        code = 409 if result.conflicts and not result.errors else 422
        return _answer_part(document_id, code, topic=topic, result=result)
    saved = len(result.saved)
    text = (
        ngettext("Đã lưu %(num)s chỉ tiêu.", "Đã lưu %(num)s chỉ tiêu.", saved)
        if saved
        else gettext("Không có gì thay đổi.")
    )
    if _is_htmx():
        return _answer_part(document_id, 200, topic=topic, notice=text)
    return _back(document_id, f"group-{topic}", text)


@needs(Permission.DRAFT)
def save_section(document_id: int, line_key: str) -> ResponseReturnValue:
    """Save one narrative section, where it is asked for with what the budget comes to put in."""
    session, actor = current.database(), current.actor()
    body = request.form.get("body", "")
    with unit_of_work(session):
        if request.form.get("insert") == "money":
            body = drafting.with_money(session, actor, document_id, body)
        result = drafting.save_section(
            session,
            actor,
            document_id,
            line_key,
            body,
            seen=request.form.get("seen", 0, type=int),
            now=current.now(),
        )
    if result.errors or result.conflict:
        code = 409 if result.conflict else 422
        typed = (line_key, body, result)
        return _answer_part(document_id, code, line_key=line_key, section=typed)
    text = gettext("Đã lưu phần thuyết minh.")
    if _is_htmx():
        return _answer_part(document_id, 200, line_key=line_key, notice=text)
    return _back(document_id, f"s-{line_key}", text)


@needs(Permission.DRAFT)
def answer(document_id: int, remark_id: int) -> ResponseReturnValue:
    """Answer a remark of the level above: its item was changed, or is explained."""
    session, actor = current.database(), current.actor()
    text, kind = request.form.get("answer", ""), _answer_kind()
    with attempt(BlockedError, StaleError) as outcome:
        drafting.answer_remark(
            session, actor, remark_id, text, current.now(), kind=kind, seen=_moment("seen")
        )
    if not outcome.done:
        typed = (remark_id, text, outcome.text, kind.value)
        return _draft_page(_written(document_id), answered=typed, code=422)
    outcome.flash(gettext("Đã trả lời nhận xét."))
    return redirect(desk_url("document_draft", document_id=document_id) + f"#remark-{remark_id}")


def _answer_kind() -> AnswerKind:
    changed = request.form.get("kind") == AnswerKind.CHANGED
    return AnswerKind.CHANGED if changed else AnswerKind.EXPLAINED


@needs(Permission.DRAFT)
def open_line(document_id: int) -> ResponseReturnValue:
    """Unlock one more item of a returned document, for a reason; back to where it stands."""
    session, actor = current.database(), current.actor()
    key, reason = nfc(request.form.get("key", "")), request.form.get("reason", "")
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


# --- Answers to a save --------------------------------------------------------------------


def _is_htmx() -> bool:
    return "HX-Request" in request.headers


def _back(document_id: int, anchor: str, text: str) -> ResponseReturnValue:
    """Go back to where something was saved, and say so there."""
    flash(text, "success")
    return redirect(desk_url("document_draft", document_id=document_id) + f"#{anchor}")


def _answer_part(
    document_id: int,
    code: int,
    *,
    topic: str = "",
    line_key: str = "",
    notice: str = "",
    result: drafting.SaveResult | None = None,
    section: tuple[str, str, drafting.SectionResult] | None = None,
) -> ResponseReturnValue:
    """Answer htmx with the block or the section that was saved, and with what is left to do.

    Anybody else gets the whole page.
    """
    sheet = _written(document_id)
    if not _is_htmx():
        return _draft_page(sheet, result=result, section=section, code=code)
    listed = blocks(sheet, result, topic)
    places = {cell.key for block in listed for cell in block.cells} | {line_key}
    checked = findings.beside(
        current.database(), sheet.document, sheet.revision, sheet.content, places
    )
    html = render_template(
        "draft_part.html",
        **_common(sheet, checked, section),
        groups=listed,
        line_key=line_key,
        said=notice,
    )
    return html, code
