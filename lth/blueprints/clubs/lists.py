"""A commune's clubs from a list: a template, an upload, a preview row by row, then the writing."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs.wording import FIELD_LABEL, field_value
from lth.blueprints.web import confirming, current
from lth.blueprints.web.downloads import XLSX, download
from lth.blueprints.web.forms import Form, UploadField
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.clubs import register
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext
from lth.exchange.club_list import keeping, reading, sheets
from lth.exchange.club_list.judging import ClubRowState, JudgedRow
from lth.exchange.club_list.keeping import LookedOverList
from lth.exchange.grids.lists import LARGEST_FILE
from lth.models import ClubList
from lth.models.club import ClubState

ONE = "/clubs/list/<int:club_list_id>"

STATE_LABEL = {
    ClubRowState.WRONG: lazy_gettext("Cần sửa"),
    ClubRowState.NEW: lazy_gettext("Thêm mới"),
    ClubRowState.CHANGED: lazy_gettext("Thay đổi"),
    ClubRowState.SAME: lazy_gettext("Không đổi"),
}
"""In the order of the page."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/list", "clubs_list", page)
    rule("/clubs/list", "clubs_list_upload", upload, methods=["POST"])
    rule("/clubs/list/template", "clubs_list_template", template)
    rule(ONE, "clubs_list_one", one)
    rule(ONE, "clubs_list_write", write, methods=["POST"])
    rule(f"{ONE}/rows", "clubs_list_rows", rows)
    rule(f"{ONE}/drop", "clubs_list_drop", drop, methods=["POST"])


class ClubListForm(Form):
    """A file with clubs in it."""

    file = UploadField(lazy_gettext("Tệp danh sách (.xlsx hoặc .csv)"))


@needs(Permission.KEEP_CLUBS)
def page() -> ResponseReturnValue:
    """Offer the template, take a list, and show those that are being looked over."""
    return _page(ClubListForm())


def _page(form: ClubListForm, code: int = 200) -> ResponseReturnValue:
    found = keeping.kept(current.database(), current.actor(), current.now())
    return render_template("clubs/list_new.html", form=form, uploads=found), code


@needs(Permission.KEEP_CLUBS)
def upload() -> ResponseReturnValue:
    """Read a list and keep it; nothing is written into the register yet."""
    form = ClubListForm()
    if not form.validate():
        return _page(form, 422)
    with attempt(form=form) as outcome:
        kept_id = _kept(form).id
    if not outcome.done:
        return _page(form, outcome.code)
    return redirect(desk_url("clubs_list_one", club_list_id=kept_id))


def _kept(form: ClubListForm) -> ClubList:
    sent = form.file.data
    if sent is None:
        raise RefusedError("file", N_("Hãy chọn tệp danh sách."))
    session, actor, now = current.database(), current.actor(), current.now()
    session.rollback()  # nothing is locked while a stranger's file is read
    with sent.stream as stream:
        read = reading.read(stream.read(LARGEST_FILE + 1))
    return keeping.keep(session, actor, read, sent.filename, now=now)


@needs(Permission.KEEP_CLUBS)
def template() -> ResponseReturnValue:
    """Give the list to fill in, with the running clubs that there are."""
    session, actor = current.database(), current.actor()
    clubs = register.of_unit(session, actor.unit_id or 0, current.scope())
    running = [club for club in clubs if club.state is ClubState.ACTIVE]
    return download(sheets.template(running, register.areas(session)), XLSX, "cau-lac-bo-mau.xlsx")


# --- Looking over -------------------------------------------------------------------------


@needs(Permission.KEEP_CLUBS)
def one(club_list_id: int) -> ResponseReturnValue:
    """Show what a list would add and change, row by row and cell by cell."""
    return _shown(_looked(_found(club_list_id)))


def _found(list_id: int, *, to_change: bool = False) -> ClubList:
    session, actor, now = current.database(), current.actor(), current.now()
    found = keeping.find(session, actor, list_id, now, to_change=to_change)
    if found is None:
        abort(404)
    return found


def _looked(found: ClubList) -> LookedOverList:
    return keeping.look(current.database(), current.actor(), found, current.now())


def _shown(
    looked: LookedOverList, ticked: Collection[str] | None = None, code: int = 200
) -> ResponseReturnValue:
    """Return the preview; after a refusal, with what was ticked."""
    html = render_template(
        "clubs/list_one.html",
        upload=looked.upload,
        looked=looked,
        counts=looked.counts,
        state_label=STATE_LABEL,
        wrong=[(each, sheets.told(each)) for each in looked.of(ClubRowState.WRONG)],
        new=[(each, _facts(each, looked)) for each in looked.of(ClubRowState.NEW)],
        changed=[(each, _changes(each, looked)) for each in looked.of(ClubRowState.CHANGED)],
        ticked=ticked,
    )
    return html, code


def _facts(each: JudgedRow, looked: LookedOverList) -> list[str]:
    """Word what a new club's row says, but for its name."""
    return [
        gettext("%(field)s: %(value)s", field=FIELD_LABEL[name], value=text)
        for name, value in each.values.items()
        if name != "name" and (text := field_value(name, value, looked.areas))
    ]


def _changes(each: JudgedRow, looked: LookedOverList) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id_of(change),
            "label": str(FIELD_LABEL[change.column.value]),
            "old": field_value(change.column.value, change.old, looked.areas),
            "new": field_value(change.column.value, change.new, looked.areas),
            "doubt": change.doubt,
        }
        for change in each.changes
    ]


@needs(Permission.KEEP_CLUBS)
def write(club_list_id: int) -> ResponseReturnValue:
    """Write what was ticked; where anything changed since, all is shown again."""
    ticked = set(request.form.getlist("take"))
    if confirming.asks_to_look():
        return _shown(_looked(_found(club_list_id)), ticked)
    session, actor, now = current.database(), current.actor(), current.now()
    with attempt() as outcome:
        found = _found(club_list_id, to_change=True)
        written = keeping.write(
            session, actor, found, ticked=ticked, seen=request.form.get("seen", ""), now=now
        )
    if not outcome.done:
        outcome.flash()
        return _shown(_looked(_found(club_list_id)), ticked, outcome.code)
    outcome.flash(
        gettext(
            "Đã thêm %(new)s câu lạc bộ, sửa %(changed)s câu lạc bộ.",
            new=written.founded,
            changed=written.changed,
        )
    )
    if written.left:
        return redirect(desk_url("clubs_list_one", club_list_id=club_list_id))
    return redirect(desk_url("clubs"))


@needs(Permission.KEEP_CLUBS)
def rows(club_list_id: int) -> ResponseReturnValue:
    """Give the rows to mend as a workbook, with what is wrong in each."""
    looked = _looked(_found(club_list_id))
    data = sheets.rows_to_mend(looked.of(ClubRowState.WRONG))
    return download(data, XLSX, "cau-lac-bo-can-sua.xlsx")


@needs(Permission.KEEP_CLUBS)
def drop(club_list_id: int) -> ResponseReturnValue:
    """Let go of a list; what was written of it stays."""
    with attempt() as outcome:
        found = _found(club_list_id, to_change=True)
        keeping.drop(current.database(), found, request.form.get("seen", ""))
    outcome.flash(gettext("Đã bỏ tệp. Những gì đã ghi vào sổ vẫn còn."))
    if not outcome.done:
        return redirect(desk_url("clubs_list_one", club_list_id=club_list_id))
    return redirect(desk_url("clubs_list"))
