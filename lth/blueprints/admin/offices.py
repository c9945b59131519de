"""The offices of a unit."""

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from lth.administration import offices, units
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import OfficeForm
from lth.blueprints.admin.wording import function_word
from lth.blueprints.web import tables
from lth.blueprints.web.current import database
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext, pgettext
from lth.exchange.grids.tables import ListTable
from lth.models import Office, Unit
from lth.models.unit import OfficeFunction


@base.page("/offices", "offices")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """List the offices by name."""
    unit = one_unit(unit_id)
    found = units.offices(database(), unit)
    if tables.wanted():
        head = [gettext("Tên"), gettext("Chức năng")]
        rows = [[office.name, function_word(office.function)] for office in found]
        return tables.answer(ListTable(pgettext("many", "Phòng, ban"), head, rows), "phong-ban")
    return show("offices", unit, found=found, version_of=offices.version)


@base.form("/offices/add", "offices_add", "offices_create")
def add(unit_id: int | None) -> ResponseReturnValue:
    """Add an office."""
    unit, form = one_unit(unit_id), OfficeForm()

    def keep() -> None:
        offices.add(base.context(unit), str(form.name.data), OfficeFunction(form.function.data))

    title, done = gettext("Thêm phòng, ban"), gettext("Đã thêm phòng, ban.")
    return base.run(form, lambda: _page(unit, form, title), keep, done, link("offices"))


@base.form("/offices/<int:office_id>", "offices_edit", "offices_change")
def edit(unit_id: int | None, office_id: int) -> ResponseReturnValue:
    """Keep another name or function of an office."""
    unit, form = one_unit(unit_id), OfficeForm()
    office = _office(unit, office_id)
    if not form.is_submitted():
        form = OfficeForm(
            name=office.name, function=office.function.value, seen=offices.version(office)
        )

    def keep() -> None:
        name, function = str(form.name.data), OfficeFunction(form.function.data)
        offices.change(base.context(unit), office, name, function, str(form.seen.data or ""))

    title, done = gettext("Sửa phòng, ban"), gettext("Đã lưu.")
    return base.run(form, lambda: _page(unit, form, title), keep, done, link("offices"))


@base.page("/offices/<int:office_id>/remove", "offices_remove", "POST")
def remove(unit_id: int | None, office_id: int) -> ResponseReturnValue:
    """Take an office away."""
    unit = one_unit(unit_id)
    office = _office(unit, office_id)
    with attempt() as outcome:
        offices.remove(base.context(unit), office, request.form.get("seen", ""))
    outcome.flash(gettext("Đã xóa phòng, ban."))
    return redirect(link("offices"))


def _office(unit: Unit, office_id: int) -> Office:
    office = offices.find(base.context(unit), office_id)
    if office is None:
        abort(404)
    return office


def _page(unit: Unit, form: OfficeForm, title: str) -> str:
    return base.form_page(unit, form, title, (pgettext("many", "Phòng, ban"), link("offices")))
