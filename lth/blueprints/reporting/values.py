"""The figures of a report while it is drafted: one form, saved as a whole or cell by cell."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.remarks import value_id
from lth.blueprints.document.reported import window_name
from lth.blueprints.document.strip import strip_here
from lth.blueprints.drafting import navigation
from lth.blueprints.drafting.target_inputs import THEIRS
from lth.blueprints.reporting import value_inputs
from lth.blueprints.web import addresses, current, paging
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.errors import BlockedError, NotNowError, StaleError
from lth.core.formats import format_time
from lth.core.language import gettext, ngettext
from lth.models.document import Status
from lth.reporting import sheet as value_sheet
from lth.reporting import values
from lth.reporting.sheet import ValueSheet
from lth.reporting.values import ValuesResult
from lth.workflow.states import WRITTEN

ALL, REST = "all", "rest"
"""What becomes nil: the whole report, or only that of which nothing is said."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    address = "/documents/<int:document_id>/values"
    rule(address, "document_values", page)
    rule(address, "document_save_values", save, methods=["POST"])
    rule(f"{address}/books", "document_values_from_books", from_books, methods=["POST"])
    rule(f"{address}/nil", "document_values_nil", nil, methods=["POST"])


@needs(Permission.DRAFT)
def page(document_id: int) -> ResponseReturnValue:
    """Show every figure of a report beside what it is held against."""
    return _show(_written(document_id))


def _written(document_id: int) -> ValueSheet:
    return value_sheet.written(current.database(), current.actor(), document_id)


def _show(
    sheet: ValueSheet, result: ValuesResult | None = None, *, unsaved: str = "", code: int = 200
) -> ResponseReturnValue:
    document = sheet.document
    blocks = value_inputs.blocks(sheet, result)
    if document.status not in WRITTEN:
        flash(gettext("Văn bản đang được khóa ở trạng thái hiện tại, chưa sửa được."), "warning")
    html = render_template(
        "values.html",
        **_common(sheet),
        blocks=blocks,
        wrong=[
            (cell.id, f"{cell.label}: {cell.error or cell.conflict.said}")
            for block in blocks
            for cell in block.cells
            if cell.error or cell.conflict
        ],
        unsaved=unsaved,
        window=window_name(sheet.terms.span),
        draft_tabs=navigation.tabs(document, navigation.VALUES, {}),
        strip=strip_here(current.database(), document, current.now()),
        day=clock.today(),
    )
    return html, code


def _common(sheet: ValueSheet) -> dict:
    """Return what a part of the page needs as well as the whole."""
    return {
        "sheet": sheet,
        "document": sheet.document,
        "locked": sheet.document.status not in WRITTEN,
        "can_be_nil": sheet.document.status is Status.DRAFT,
        "states": value_inputs.states(),
        "value_id": value_id,
        "edits": sheet.revision.edit_count,
        "work": None,
        "answered": None,
    }


# --- Saving -------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def save(document_id: int) -> ResponseReturnValue:
    """Save the cells that were touched, each by itself; one that is named is taken from the books.

    What cannot be saved comes back as typed, beside what stands against it. Scripts get the state
    of what they sent and of what changes with it.
    """
    session, actor = current.database(), current.actor()
    take, typed = request.form.get("insert", ""), value_inputs.typed()
    with attempt(NotNowError) as outcome:
        result = values.save_values(
            session, actor, document_id, typed.edits, now=current.now(), take=take
        )
    if not outcome.done:
        return _shut(document_id, typed, outcome.text)
    code = 200 if result.complete else 422 if result.errors else 409
    if "HX-Request" in request.headers:
        return _pieces(document_id, result, typed.meant | {take}), code
    if result.complete:
        flash(_said(result), "success")
        url = desk_url("document_values", document_id=document_id)
        return redirect(addresses.at(url, value_id(take)) if take else url)
    if result.written:
        flash(_said(result), "success")
    return _show(_written(document_id), result, code=code)


def _said(result: ValuesResult) -> str:
    if not result.written:
        return gettext("Không có gì thay đổi.")
    return ngettext("Đã lưu %(num)s mục.", "Đã lưu %(num)s mục.", result.written)


def _shut(document_id: int, typed: value_inputs.TypedValues, text: str) -> ResponseReturnValue:
    """Answer a save that came after the report was sent on: nothing typed is thrown away."""
    if "HX-Request" in request.headers:
        url = desk_url("document", document_id=document_id)
        return render_template("draft_shut.html", text=text, url=url), 409
    kept = [f"{one.line_key}: {one.value} {one.reason}".strip() for one in typed.edits]
    return _show(_written(document_id), unsaved="\n".join(kept), code=409)


def _pieces(document_id: int, result: ValuesResult, anew: set[str]) -> str:
    """Render what changes on the page with a save, each piece under its id."""
    sheet = _written(document_id)
    sent = {*request.form.getlist("key"), *anew}
    chosen = {key for key in sent if request.form.get(f"{key}:choice") == THEIRS}
    blocks = value_inputs.blocks(sheet, result)
    return render_template(
        "value_pieces.html",
        **_common(sheet),
        blocks=blocks,
        cells=[cell for block in blocks for cell in block.cells if cell.key in sent],
        fields=value_inputs.kept_otherwise((anew | chosen) - result.errors.keys(), sheet),
        said=_state(result),
    )


def _state(result: ValuesResult) -> str:
    """Say in the page's one line what came of a save."""
    if result.complete:
        return gettext("Đã lưu %(when)s", when=format_time(current.now()))
    if result.errors:
        return gettext("Có ô chưa lưu được: xem chỗ báo đỏ.")
    return gettext("Có người vừa sửa cùng chỗ: hãy chọn bản nào dùng.")


# --- Many cells at once -------------------------------------------------------------------


@needs(Permission.DRAFT)
def from_books(document_id: int) -> ResponseReturnValue:
    """Read the books again for all that nobody has changed."""
    session, actor = current.database(), current.actor()
    with attempt(BlockedError, StaleError, NotNowError) as outcome:
        count = values.take_from_books(session, actor, document_id, seen=_seen(), now=current.now())
    if not outcome.done:
        outcome.flash()
        return _show(_written(document_id), code=outcome.code)
    done = ngettext(
        "Đã lấy lại từ sổ: %(num)s ô có số mới.", "Đã lấy lại từ sổ: %(num)s ô có số mới.", count
    )
    outcome.flash(done if count else gettext("Sổ không có gì khác: không ô nào thay đổi."))
    return redirect(desk_url("document_values", document_id=document_id))


@needs(Permission.DRAFT)
def nil(document_id: int) -> ResponseReturnValue:
    """Make a report nil, or only that of which nothing is said."""
    session, actor = current.database(), current.actor()
    what = request.form.get("what")
    if what not in {ALL, REST}:
        _written(document_id)  # of a report elsewhere, nothing is told
        abort(400)
    act = values.make_nil if what == ALL else values.say_rest_nil
    with attempt(BlockedError, StaleError, NotNowError) as outcome:
        count = act(session, actor, document_id, seen=_seen(), now=current.now())
    if not outcome.done:
        outcome.flash()
        return _show(_written(document_id), code=outcome.code)
    if what == REST:
        outcome.flash(
            ngettext(
                "Đã ghi “không phát sinh” vào %(num)s ô còn trống.",
                "Đã ghi “không phát sinh” vào %(num)s ô còn trống.",
                count,
            )
        )
        return redirect(desk_url("document_values", document_id=document_id))
    outcome.flash(gettext("Đã lập báo cáo không phát sinh. Xem lại rồi trình như mọi báo cáo."))
    return redirect(desk_url("document_draft", document_id=document_id) + "#gaps")


def _seen() -> int:
    return paging.whole_in(request.form, "seen")
