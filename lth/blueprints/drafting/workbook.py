"""A plan's workbook: out as Excel, in again cell by cell, and sheets of the unit's own."""

from collections.abc import Mapping

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.document.strip import strip_here
from lth.blueprints.drafting import navigation
from lth.blueprints.web import confirming, current
from lth.blueprints.web.downloads import XLSX, download
from lth.blueprints.web.forms import Form, UploadField
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext, ngettext
from lth.core.old_encodings import Encoding
from lth.exchange.grids.books import LARGEST_FILE, of_text
from lth.exchange.workbook import contents, judging, keeping, matching, packs, writing
from lth.exchange.workbook.contents import PlanState
from lth.exchange.workbook.keeping import LookedOver
from lth.exchange.workbook.merging import MergeState
from lth.models import Document, WorkbookUpload
from lth.workflow import revisions

ONE = "/documents/<int:document_id>/draft/workbook/<int:upload_id>"

STATE_LABEL = {
    MergeState.CONFLICT: lazy_gettext("Trùng với người khác vừa sửa"),
    MergeState.WRONG: lazy_gettext("Chưa đúng"),
    MergeState.NEW: lazy_gettext("Mới"),
    MergeState.CHANGED: lazy_gettext("Thay đổi"),
    MergeState.EMPTIED: lazy_gettext("Bỏ trống"),
    MergeState.SAME: lazy_gettext("Không đổi"),
    MergeState.KEPT: lazy_gettext("Không sửa trong tệp"),
}
"""In the order of the page."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    home = "/documents/<int:document_id>/draft/workbook"
    rule("/documents/<int:document_id>/workbook.xlsx", "document_workbook_file", file)
    rule(home, "document_workbook", page)
    rule(home, "document_workbook_upload", upload, methods=["POST"])
    rule(ONE, "document_workbook_merge", merge)
    rule(ONE, "document_workbook_apply", apply, methods=["POST"])
    rule(f"{ONE}/encoding", "document_workbook_convert", convert, methods=["POST"])
    rule(f"{ONE}/columns", "document_workbook_match", match, methods=["POST"])
    rule(f"{ONE}/drop", "document_workbook_drop", drop, methods=["POST"])


@opens_for("document_workbook_file")
def _opens(document: Document, actor: Actor) -> bool:
    there = revisions.number_to_read(document, Scope.of(actor)) is not None
    return there and bool(document.kind.parts)


class WorkbookForm(Form):
    """A workbook, a sheet of the unit's own, or a range copied from one."""

    file = UploadField(lazy_gettext("Tệp Excel hoặc CSV"))
    pasted = TextAreaField(lazy_gettext("Hoặc dán vùng chép từ Excel"))


class EncodingForm(Form):
    """What the texts of a file are written in."""

    encoding = RadioField(
        lazy_gettext("Chữ trong tệp"),
        choices=[
            SelectChoice(keeping.AS_IT_IS, lazy_gettext("Giữ nguyên như trong tệp")),
            SelectChoice(Encoding.TCVN3.value, lazy_gettext("Đổi từ TCVN3 (phông .VnTime)")),
            SelectChoice(
                Encoding.TCVN3_UPPER.value, lazy_gettext("Đổi từ TCVN3 chữ hoa (phông .VnTimeH)")
            ),
            SelectChoice(Encoding.VNI.value, lazy_gettext("Đổi từ VNI (phông VNI-Times)")),
        ],
    )


# --- Out ----------------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def file(document_id: int) -> ResponseReturnValue:
    """Give the workbook of a plan, as far as the reader sees it."""
    state = contents.seen(current.database(), document_id, current.scope())
    data = writing.write(state, _key(), current.now())
    return download(data, XLSX, f"{packs.file_name(state)}.xlsx")


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


# --- In -----------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def page(document_id: int) -> ResponseReturnValue:
    """Offer the workbook, take one, and list those that are being looked over."""
    return _page(_drafted(document_id), WorkbookForm())


def _drafted(document_id: int) -> PlanState:
    return contents.drafted(current.database(), current.actor(), document_id)


def _page(state: PlanState, form: WorkbookForm, code: int = 200) -> ResponseReturnValue:
    session, actor, now = current.database(), current.actor(), current.now()
    html = render_template(
        "workbook.html",
        **_common(state),
        form=form,
        uploads=keeping.kept(session, actor, state.document.id, now),
        strip=strip_here(session, state.document, now),
        day=clock.today(),
    )
    return html, code


def _common(state: PlanState) -> dict:
    counted = {part: len(rows) for part, rows in state.parts.items()}
    return {
        "document": state.document,
        "locked": not state.writable,
        "draft_tabs": navigation.tabs(state.document, navigation.WORKBOOK, counted),
    }


@needs(Permission.DRAFT)
def upload(document_id: int) -> ResponseReturnValue:
    """Read a file or a pasted range and keep it; nothing is written into the plan yet."""
    state, form = _drafted(document_id), WorkbookForm()
    if not form.validate():
        return _page(state, form, 422)
    with attempt(form=form) as outcome:
        upload_id = _kept(state.document.id, state.writable, form).id
    if not outcome.done:
        return _page(_drafted(document_id), form, outcome.code)
    url = desk_url("document_workbook_merge", document_id=document_id, upload_id=upload_id)
    return redirect(url)


def _kept(document_id: int, writable: bool, form: WorkbookForm) -> WorkbookUpload:
    session, actor, now = current.database(), current.actor(), current.now()
    if not writable:
        raise RefusedError(
            "file", N_("Văn bản đang được khóa ở trạng thái hiện tại, chưa sửa được.")
        )
    # as it was pasted: a soft hyphen, which nobody sees, is a letter in an old font
    sent, pasted = form.file.data, request.typed.get("pasted", "")
    if sent is None and not pasted.strip():
        raise RefusedError("file", N_("Hãy chọn tệp, hoặc dán vùng chép từ Excel."))
    session.rollback()  # nothing is locked while a stranger's file is read
    if sent is None:
        book = of_text(pasted, gettext("Vùng đã dán"))
    else:
        with sent.stream as stream:
            book = keeping.opened(stream.read(LARGEST_FILE + 1), sent.filename)
    return keeping.keep(session, actor, _drafted(document_id), book, _key(), now=now)


# --- Looking over -------------------------------------------------------------------------


@needs(Permission.DRAFT)
def merge(document_id: int, upload_id: int) -> ResponseReturnValue:
    """Show what a file would change, cell by cell; or ask what must be known first."""
    found = _found(document_id, upload_id)
    return _shown(_drafted(document_id), found)


def _found(document_id: int, upload_id: int, *, to_change: bool = False) -> WorkbookUpload:
    session, actor, now = current.database(), current.actor(), current.now()
    found = keeping.find(session, actor, document_id, upload_id, now, to_change=to_change)
    if found is None:
        abort(404)
    return found


def _shown(
    state: PlanState,
    found: WorkbookUpload,
    *,
    ticked: set[str] | None = None,
    chosen: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """Show the step that a file is at; after a refusal, with what was ticked and chosen."""
    with attempt(RefusedError) as outcome:
        looked = keeping.look(current.database(), found, state)
    if not outcome.done:
        outcome.flash()
        return redirect(desk_url("document_workbook", document_id=state.document.id))
    return _step(looked, ticked, chosen or {}, told or {}), code


def _step(
    looked: LookedOver,
    ticked: set[str] | None,
    chosen: Mapping[str, str],
    told: Mapping[str, str],
) -> str:
    common = _common(looked.state) | {"upload": looked.upload, "looked": looked}
    if looked.samples:
        form = EncodingForm(encoding=keeping.suggested(looked.upload).value)
        return render_template("workbook_encoding.html", **common, form=form)
    if looked.match is not None:
        return render_template(
            "workbook_match.html",
            **common,
            match=looked.match,
            told=told,
            indicators=looked.state.indicators,
        )
    report = looked.report
    if report is None:
        abort(404)
    return render_template(
        "workbook_merge.html",
        **common,
        report=report,
        seen=judging.seen_of(report),
        states=[(one, label, report.of(one)) for one, label in STATE_LABEL.items()],
        ticked=ticked,
        chosen=chosen,
    )


@needs(Permission.DRAFT)
def apply(document_id: int, upload_id: int) -> ResponseReturnValue:
    """Write what was ticked and chosen; where anything changed since, all is shown again."""
    ticked, chosen = set(request.form.getlist("take")), _chosen()
    if confirming.asks_to_look():
        state = _drafted(document_id)
        return _shown(state, _found(document_id, upload_id), ticked=ticked, chosen=chosen)
    session, actor, now = current.database(), current.actor(), current.now()
    seen = request.form.get("seen", "")
    with attempt() as outcome:
        found = _found(document_id, upload_id, to_change=True)
        written, left = keeping.write(
            session, actor, found, ticked=ticked, chosen=chosen, seen=seen, now=now
        )
    if not outcome.done:
        outcome.flash()
        state, found = _drafted(document_id), _found(document_id, upload_id)
        return _shown(state, found, ticked=ticked, chosen=chosen, code=outcome.code)
    told = ngettext("Đã ghi %(num)s ô.", "Đã ghi %(num)s ô.", written)
    flash(told if written else gettext("Đã giữ kế hoạch như đang có."), "success")
    if left:
        flash(ngettext("Còn %(num)s ô chưa ghi.", "Còn %(num)s ô chưa ghi.", left), "info")
        url = desk_url("document_workbook_merge", document_id=document_id, upload_id=upload_id)
        return redirect(url)
    return redirect(desk_url("document_draft", document_id=document_id))


def _chosen() -> dict[str, str]:
    """Read what was chosen of each conflict, by the item's id."""
    mark = "choose|"
    return {
        name[len(mark) :]: value
        for name, value in request.form.items()
        if name.startswith(mark) and value in {judging.MINE, judging.THEIRS}
    }


@needs(Permission.DRAFT)
def convert(document_id: int, upload_id: int) -> ResponseReturnValue:
    """Keep what the texts of a file are written in."""
    form = EncodingForm()
    found = _found(document_id, upload_id, to_change=True)
    if not form.validate():
        return _shown(_drafted(document_id), found, code=422)
    with attempt() as outcome:
        keeping.answer(found, request.form.get("seen", ""), encoding=form.encoding.data)
    return _on(outcome, document_id, upload_id)


@needs(Permission.DRAFT)
def match(document_id: int, upload_id: int) -> ResponseReturnValue:
    """Keep which column is what and which indicator each row is, for now and for next time."""
    session, actor, now = current.database(), current.actor(), current.now()
    columns, rows = _told("column"), _told("row")
    with attempt() as outcome:
        found = _found(document_id, upload_id, to_change=True)
        keeping.check_seen(found, request.form.get("seen", ""))
        looked = keeping.look(session, found, _drafted(document_id), {**found.choices, **_sheet()})
        if looked.match is None:
            raise RefusedError("", N_("Trang đã cũ, hãy tải lại."))
        if "other" in request.form:
            answers = _sheet()
        else:
            answers = matching.confirm(session, actor, looked.match, columns, rows, now)
        keeping.answer(found, str(found.version), **answers)
    if outcome.blocked:
        outcome.flash()
        state, found = _drafted(document_id), _found(document_id, upload_id)
        return _shown(state, found, told=request.form, code=outcome.code)
    return _on(outcome, document_id, upload_id)


def _sheet() -> dict[str, str]:
    return {matching.SHEET: request.form.get("sheet", "")}


def _told(kind: str) -> dict[str, str]:
    mark = f"{kind}-"
    return {
        name[len(mark) :]: value for name, value in request.form.items() if name.startswith(mark)
    }


@needs(Permission.DRAFT)
def drop(document_id: int, upload_id: int) -> ResponseReturnValue:
    """Let go of a file; what was written of it stays."""
    with attempt() as outcome:
        found = _found(document_id, upload_id, to_change=True)
        keeping.drop(current.database(), found, request.form.get("seen", ""))
    outcome.flash(gettext("Đã bỏ tệp. Những gì đã ghi vào kế hoạch vẫn còn."))
    if not outcome.done:
        return _on(outcome, document_id, upload_id, told=True)
    return redirect(desk_url("document_workbook", document_id=document_id))


def _on(outcome, document_id: int, upload_id: int, *, told: bool = False) -> ResponseReturnValue:
    if not outcome.done and not told:
        outcome.flash()
    url = desk_url("document_workbook_merge", document_id=document_id, upload_id=upload_id)
    return redirect(url)
