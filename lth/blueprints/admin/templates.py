"""The Word templates of a unit's papers: taken out, changed, put back, tried."""

from flask import Response, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import SeenForm
from lth.blueprints.web.current import database
from lth.blueprints.web.extensions import store_of
from lth.blueprints.web.forms import UploadField
from lth.blueprints.web.refusals import attempt
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext
from lth.exchange.papers import templates as paper_templates
from lth.exchange.papers import word
from lth.exchange.papers.templates import FILE_NAME, LAYOUT_LABEL
from lth.exchange.papers.word.looking import FIELD, LARGEST
from lth.exchange.papers.word.slots import SLOTS, of_layout
from lth.models import PaperLayout, Unit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LAYOUTS = f"<any({', '.join(PaperLayout)}):layout>"


class TemplateForm(SeenForm):
    """A template that was changed."""

    file = UploadField(lazy_gettext("Tệp mẫu đã sửa (.docx)"))


@base.page("/templates", "templates")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """Show what the unit's papers are written on."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    found = paper_templates.choices(database(), unit.id)
    return show("templates", unit, found=found, labels=LAYOUT_LABEL)


@base.form(f"/templates/{_LAYOUTS}", "templates_one", "templates_upload")
def upload(unit_id: int | None, layout: str) -> ResponseReturnValue:
    """Show one template with its placeholders; take a changed one into use."""
    unit, of, form = one_unit(unit_id), PaperLayout(layout), TemplateForm()
    if not form.is_submitted():
        return _page(unit, of, form)
    if not form.validate():
        return _page(unit, of, form), 422
    database().rollback()  # nothing is locked while a stranger's file is tried
    with attempt(form=form) as outcome:
        data, name = _file(form)
        tried = paper_templates.try_out(data, of)
        store, seen = store_of(current_app), str(form.seen.data or "")
        paper_templates.take_into_use(base.context(unit), store, tried, name, seen)
    if not outcome.done:
        return _page(unit, of, form), outcome.code
    outcome.flash(gettext("Đã dùng mẫu mới. Văn bản viết từ bây giờ theo mẫu này."))
    return redirect(link("templates_one", layout=layout))


@base.page(f"/templates/{_LAYOUTS}/back", "templates_back", "POST")
def go_back(unit_id: int | None, layout: str) -> ResponseReturnValue:
    """Use the shipped template again."""
    unit = one_unit(unit_id)
    with attempt() as outcome:
        paper_templates.go_back(base.context(unit), PaperLayout(layout), request.form["seen"])
    outcome.flash(gettext("Đã dùng lại mẫu có sẵn."))
    return redirect(link("templates_one", layout=layout))


@base.page(f"/templates/{_LAYOUTS}/<any(current, shipped, example):which>.docx", "templates_file")
def take_out(unit_id: int | None, layout: str, which: str) -> ResponseReturnValue:
    """Give the template in use, the shipped one, or an example of a paper on the one in use."""
    unit, of = one_unit(unit_id), PaperLayout(layout)
    if which == "shipped":
        return _answer(word.shipped(of.value), FILE_NAME[of])
    with attempt() as outcome:
        data = paper_templates.current(database(), store_of(current_app), unit.id, of)
        if which == "example":
            data = paper_templates.try_out(data, of).example
    if not outcome.done:
        outcome.flash()
        return redirect(link("templates_one", layout=layout))
    return _answer(data, f"vi-du-{FILE_NAME[of]}" if which == "example" else FILE_NAME[of])


def _answer(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.mimetype = DOCX
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(form: TemplateForm) -> tuple[bytes, str]:
    sent = form.file.data
    if sent is None:
        raise RefusedError(FIELD, N_("Hãy chọn tệp mẫu."))
    return sent.stream.read(LARGEST + 1), sent.filename


def _page(unit: Unit, layout: PaperLayout, form: TemplateForm) -> str:
    found = paper_templates.choice(database(), unit.id, layout)
    if not form.is_submitted():
        form.seen.data = found.version
    slots = [slot for slot in SLOTS.values() if of_layout(slot, layout.value)]
    return show(
        "template_one", unit, form=form, found=found, label=LAYOUT_LABEL[layout], slots=slots
    )
