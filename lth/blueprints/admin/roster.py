"""People from a list: uploaded, mended row by row, invited in one go; who has accepted."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.access.roles import role_label
from lth.administration import invitations
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.web import confirming, paging
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database, now
from lth.blueprints.web.downloads import XLSX, download
from lth.blueprints.web.forms import Form, UploadField
from lth.blueprints.web.input import Pairs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext
from lth.exchange.grids.lists import LARGEST_FILE
from lth.exchange.roster import keeping, lines, places, progress, workbooks
from lth.exchange.roster.keeping import CheckedRoster, RowChange
from lth.exchange.roster.lines import CheckedLine, RowState
from lth.exchange.roster.progress import Answer
from lth.exchange.roster.words import Column
from lth.models import Roster, Unit
from lth.models.person import Role

STATE_LABEL = {
    RowState.WRONG: lazy_gettext("Cần sửa"),
    RowState.DOUBLE: lazy_gettext("Trùng"),
    RowState.GOOD: lazy_gettext("Tốt"),
    RowState.SKIPPED: lazy_gettext("Bỏ qua"),
    RowState.SENT: lazy_gettext("Đã gửi lời mời"),
}
ANSWER_LABEL = {
    Answer.OPEN: lazy_gettext("Chưa nhận lời"),
    Answer.WAITING: lazy_gettext("Đang chờ"),
    Answer.EXPIRED: lazy_gettext("Hết hạn"),
    Answer.FAILED: lazy_gettext("Thư không gửi được"),
    Answer.ACCEPTED: lazy_gettext("Đã nhận lời"),
    Answer.DECLINED: lazy_gettext("Từ chối"),
}
_TO_MEND = (RowState.WRONG, RowState.DOUBLE)


class RosterForm(Form):
    """A file with people in it."""

    file = UploadField(lazy_gettext("Tệp danh sách (.xlsx hoặc .csv)"))


# --- Lists --------------------------------------------------------------------------------


@base.page("/roster", "roster")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """Take a list, and show those that are being mended."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    return _upload_page(unit, RosterForm())


@base.page("/roster", "roster_upload", "POST")
def upload(unit_id: int | None) -> ResponseReturnValue:
    """Read a list and keep it for mending; nobody is invited yet."""
    unit, form = one_unit(unit_id), RosterForm()
    if not form.validate():
        return _upload_page(unit, form), 422
    with attempt(form=form) as outcome:
        roster = keeping.keep(base.context(unit), *_file(form))
        roster_id = _id(roster)
    if outcome.blocked:
        return _upload_page(unit, form), outcome.code
    return redirect(link("roster_one", roster_id=roster_id))


def _id(roster: Roster) -> int:
    database().flush()
    return roster.id


def _file(form: RosterForm) -> tuple[bytes, str]:
    sent = form.file.data
    if sent is None:
        raise RefusedError("file", N_("Hãy chọn tệp danh sách."))
    return sent.stream.read(LARGEST_FILE + 1), sent.filename


def _upload_page(unit: Unit, form: RosterForm) -> str:
    return show("roster", unit, form=form, rosters=keeping.kept(base.context(unit)))


@base.page("/roster/template", "roster_template")
def template(unit_id: int | None) -> ResponseReturnValue:
    """Give the workbook to fill in, with a row for each role that a unit still needs."""
    admin = base.context(one_unit(unit_id))
    reached = places.reach(admin.session, admin.own_unit, admin.today)
    facts = keeping.facts_of(admin, reached)
    data = workbooks.template(places.Places(reached), facts.held | facts.invited)
    return download(data, XLSX, "danh-sach-nguoi-dung.xlsx")


# --- One list -----------------------------------------------------------------------------


@base.page("/roster/<int:roster_id>", "roster_one")
def one(unit_id: int | None, roster_id: int) -> ResponseReturnValue:
    """Show a list with the state of each row, and those to mend with their fields."""
    unit = one_unit(unit_id)
    admin = base.context(unit)
    return _list_page(unit, keeping.look(admin, _roster(unit, roster_id)))


@base.page("/roster/<int:roster_id>", "roster_mend", "POST")
def mend(unit_id: int | None, roster_id: int) -> ResponseReturnValue:
    """Keep what was typed in some rows, and what was chosen of what they probably mean."""
    unit = one_unit(unit_id)
    admin, changes = base.context(unit), _changes(request.typed)
    if confirming.asks_to_look():
        return _list_page(unit, keeping.look(admin, _roster(unit, roster_id), changes))
    with attempt() as outcome:
        roster = _roster(unit, roster_id, to_change=True)
        if "guess" in request.form:
            changes = _with_guesses(changes, keeping.look(admin, roster, changes))
        checked = keeping.mend(admin, roster, changes, request.form.get("seen", ""))
        left = sum(checked.counts[state] for state in _TO_MEND)
    if not outcome.done:
        outcome.flash()
        checked = keeping.look(admin, _roster(unit, roster_id), changes)
        return _list_page(unit, checked, changes), outcome.code
    if left:
        flash(gettext("Đã lưu. Số dòng còn phải sửa: %(count)s.", count=left), "success")
    else:
        flash(gettext("Đã lưu. Không còn dòng nào phải sửa."), "success")
    return redirect(link("roster_one", roster_id=roster_id))


@base.page("/roster/<int:roster_id>/rows", "roster_rows")
def rows(unit_id: int | None, roster_id: int) -> ResponseReturnValue:
    """Give the rows to mend as a workbook, with what is wrong in each."""
    unit = one_unit(unit_id)
    checked = keeping.look(base.context(unit), _roster(unit, roster_id))
    return download(workbooks.rows_to_mend(checked.of(*_TO_MEND)), XLSX, "dong-can-sua.xlsx")


@base.page("/roster/<int:roster_id>/send", "roster_send", "POST")
def send(unit_id: int | None, roster_id: int) -> ResponseReturnValue:
    """Invite all whose rows are good, once that is confirmed."""
    unit = one_unit(unit_id)
    admin = base.context(unit)
    back = link("roster_one", roster_id=roster_id)
    if confirming.asks_to_look():
        return redirect(back)
    if not confirming.is_confirmed():
        checked = keeping.look(admin, _roster(unit, roster_id))
        if checked.of(RowState.GOOD):
            return _confirm_page(unit, checked, back)
    with attempt() as outcome:
        sent = keeping.send(
            admin, _roster(unit, roster_id, to_change=True), request.form.get("seen", "")
        )
        done = gettext("Đã gửi %(count)s lời mời.", count=sent)
    outcome.flash(done if outcome.done else "")
    return redirect(link("roster_progress") if outcome.done else back)


@base.page("/roster/<int:roster_id>/drop", "roster_drop", "POST")
def drop(unit_id: int | None, roster_id: int) -> ResponseReturnValue:
    """Let go of a list."""
    unit = one_unit(unit_id)
    with attempt() as outcome:
        roster = _roster(unit, roster_id, to_change=True)
        keeping.drop(base.context(unit), roster, request.form.get("seen", ""))
    outcome.flash(gettext("Đã bỏ danh sách. Lời mời đã gửi vẫn còn hiệu lực."))
    if not outcome.done:
        return redirect(link("roster_one", roster_id=roster_id))
    return redirect(link("roster"))


def _roster(unit: Unit, roster_id: int, *, to_change: bool = False) -> Roster:
    roster = keeping.find(base.context(unit), roster_id, to_change=to_change)
    if roster is None:
        abort(404)
    return roster


def _changes(form: Pairs) -> dict[int, RowChange]:
    """Read what was typed: only the fields that were sent, only of rows that say they were."""
    keys = [key for text in form.getlist("row") if (key := paging.whole(text, 2**31))]
    changes = {
        key: RowChange(
            {column: form[name] for column in Column if (name := f"{column}-{key}") in form},
            skipped=f"skip-{key}" in form,
        )
        for key in keys
    }
    key_text, _, rest = form.get("take", "").partition(":")
    column, _, meant = rest.partition(":")
    taken = changes.get(paging.whole(key_text, 2**31) or 0)
    if taken is not None and column in set(Column):
        cells = {**taken.cells, Column(column): meant}
        changes[int(key_text)] = RowChange(cells, taken.skipped)
    return changes


def _with_guesses(changes: Mapping[int, RowChange], checked: CheckedRoster) -> dict[int, RowChange]:
    meant = keeping.guesses(checked, changes)
    return {
        key: RowChange({**change.cells, **meant[key].cells}, change.skipped)
        if key in meant
        else change
        for key, change in changes.items()
    }


def _list_page(
    unit: Unit, checked: CheckedRoster, typed: Mapping[int, RowChange] | None = None
) -> str:
    counts = checked.counts
    chosen, found = _chosen(checked)
    if typed:
        chosen, found = "typed", [line for line in checked.lines if line.typed.key in typed]
    page = paging.page(len(found))
    shown = found[(page.number - 1) * paging.SIZE : page.number * paging.SIZE]
    return show(
        "roster_one",
        unit,
        checked=checked,
        counts=counts,
        chosen=chosen,
        shown=shown if not typed else found,
        page=page,
        to_mend=sum(counts[state] for state in _TO_MEND),
        edits=chosen in {*_TO_MEND, "row", "typed"},
        state_label=STATE_LABEL,
        columns=_fields(checked),
        role_choices=lines.role_words(),
        column_label=workbooks.say_column,
        near_once=any(len(p.near) == 1 for line in shown for p in line.problems),
    )


def _fields(checked: CheckedRoster) -> list[Column]:
    """List the columns that are mended: those that the list has, and those that it must have."""
    always = {Column.UNIT, Column.NAME, Column.POSITION, Column.ROLE, Column.EMAIL}
    given = {column for line in checked.lines for column in line.typed.cells}
    return [column for column in Column if column in always | given]


def _chosen(checked: CheckedRoster) -> tuple[str, list[CheckedLine]]:
    """Return what the address asks to see, by default what is to be mended, and those rows."""
    key = paging.whole(request.args.get("row", ""), 2**31)
    if key:
        return "row", [line for line in checked.lines if line.typed.key == key]
    asked = request.args.get("show", "")
    if asked in set(RowState):
        return asked, checked.of(RowState(asked))
    if asked != "all":
        for state in _TO_MEND:
            if checked.counts[state]:
                return state.value, checked.of(state)
    return "all", list(checked.lines)


def _confirm_page(unit: Unit, checked: CheckedRoster, back: str) -> str:
    good = checked.of(RowState.GOOD)
    roles = [line.role for line in good]
    rows = [
        ConfirmationRow(f"{role_label(role)}: {roles.count(role)}")
        for role in Role
        if role in roles
    ]
    left = sum(checked.counts[state] for state in _TO_MEND)
    lead = gettext(
        "Gửi %(count)s lời mời tới người của %(units)s đơn vị. Ai nhận lời mới giữ vai trò.",
        count=len(good),
        units=len({line.unit.id for line in good if line.unit}),
    )
    note = gettext("Còn %(count)s dòng phải sửa: những dòng đó chưa được mời.", count=left)
    return confirming.page(
        gettext("Gửi lời mời"),
        lead,
        rows,
        gettext("Gửi %(count)s lời mời", count=len(good)),
        kicker=unit.full_name,
        note=note if left else "",
        back=(checked.roster.file_name, back),
    )


# --- Who has accepted ---------------------------------------------------------------------


@base.page("/roster/progress", "roster_progress")
def accepted(unit_id: int | None) -> ResponseReturnValue:
    """Show by unit how many have accepted, or the invitations that stand so."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    asked = request.args.get("show", "")
    within = paging.whole(request.args.get("unit", ""), 2**31)
    answer = Answer(asked) if asked in set(Answer) else None
    session, number = database(), paging.number()
    shown: dict[str, Any]
    if answer or within:
        found, total = progress.invited(session, unit, now(), answer, unit_id=within, number=number)
        shown = {"invited": found, "units": []}
    else:
        units, total = progress.by_unit(session, unit, now(), number=number)
        shown = {"invited": [], "units": units}
    return show(
        "roster_progress",
        unit,
        totals=progress.totals(session, unit, now()),
        chosen=answer,
        within=within,
        page=paging.page(total),
        answers=ANSWER_LABEL,
        **shown,
    )


@base.page("/roster/progress", "roster_remind", "POST")
def remind(unit_id: int | None) -> ResponseReturnValue:
    """Remind all who have not answered."""
    unit = one_unit(unit_id)
    with attempt() as outcome:
        reminded = progress.remind_all(base.context(unit))
        done = gettext("Đã nhắc %(count)s người.", count=reminded)
    outcome.flash(done if outcome.done else "")
    return redirect(link("roster_progress"))


@base.page("/roster/progress/<int:invitation_id>/<any(remind, withdraw):act>", "roster_do", "POST")
def change(unit_id: int | None, invitation_id: int, act: str) -> ResponseReturnValue:
    """Send one invitation anew, or take it back."""
    unit = one_unit(unit_id)
    with attempt() as outcome:
        invitation = progress.one(base.context(unit), invitation_id, request.form.get("seen", ""))
        if invitation is None:
            abort(404)
        run = invitations.remind if act == "remind" else invitations.withdraw
        run(base.context(unit), invitation)
    outcome.flash(str(_DONE[act]))
    return redirect(link("roster_progress", show=Answer.OPEN.value))


_DONE = {
    "remind": lazy_gettext("Đã gửi lại lời mời. Liên kết cũ không còn dùng được."),
    "withdraw": lazy_gettext("Đã rút lời mời."),
}
