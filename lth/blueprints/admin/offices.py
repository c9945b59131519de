"""The offices of a unit."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from lth.administration import offices, units
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import OfficeForm
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext, pgettext
from lth.models import Office, Unit
from lth.models.unit import OfficeFunction


@base.page("/offices", endpoint="offices")
@needs(Permission.ADMINISTER_UNIT)
def listing(unit_id: int | None) -> ResponseReturnValue:
    """The offices by name."""
    unit = one_unit(unit_id)
    found = units.offices(database(), unit)
    return show("offices", unit, found=found, version_of=offices.version)


@base.page("/offices/add", endpoint="offices_add")
@needs(Permission.ADMINISTER_UNIT)
def add(unit_id: int | None) -> ResponseReturnValue:
    """The form for a new office."""
    return _page(one_unit(unit_id), OfficeForm(formdata=None), gettext("Thêm phòng, ban"))


@base.post("/offices/add")
@needs(Permission.ADMINISTER_UNIT)
def offices_create(unit_id: int | None) -> ResponseReturnValue:
    """Add an office."""
    unit, form = one_unit(unit_id), OfficeForm()
    title = gettext("Thêm phòng, ban")
    if not form.validate():
        return _page(unit, form, title), 422
    with attempt(form=form) as outcome:
        offices.add(base.context(unit), str(form.name.data), OfficeFunction(form.function.data))
    if outcome.blocked:
        return _page(unit, form, title), outcome.code
    return base.lead_back(outcome, gettext("Đã thêm phòng, ban."), "offices")


@base.page("/offices/<int:office_id>", endpoint="offices_edit")
@needs(Permission.ADMINISTER_UNIT)
def edit(unit_id: int | None, office_id: int) -> ResponseReturnValue:
    """The form for an office's name and function."""
    unit = one_unit(unit_id)
    office = _office(unit, office_id)
    form = OfficeForm(
        formdata=None,
        name=office.name,
        function=office.function.value,
        seen=offices.version(office),
    )
    return _page(unit, form, gettext("Sửa phòng, ban"))


@base.post("/offices/<int:office_id>")
@needs(Permission.ADMINISTER_UNIT)
def offices_change(unit_id: int | None, office_id: int) -> ResponseReturnValue:
    """Keep another name or function."""
    unit, form = one_unit(unit_id), OfficeForm()
    office = _office(unit, office_id)
    title = gettext("Sửa phòng, ban")
    if not form.validate():
        return _page(unit, form, title), 422
    name, function = str(form.name.data), OfficeFunction(form.function.data)
    with attempt(form=form) as outcome:
        offices.change(base.context(unit), office, name, function, str(form.seen.data or ""))
    if outcome.blocked:
        return _page(unit, form, title), outcome.code
    return base.lead_back(outcome, gettext("Đã lưu."), "offices")


@base.post("/offices/<int:office_id>/remove")
@needs(Permission.ADMINISTER_UNIT)
def offices_remove(unit_id: int | None, office_id: int) -> ResponseReturnValue:
    """Take an office away."""
    unit = one_unit(unit_id)
    office = _office(unit, office_id)
    with attempt() as outcome:
        offices.remove(base.context(unit), office, request.form.get("seen", ""))
    return base.lead_back(outcome, gettext("Đã xóa phòng, ban."), "offices")


def _office(unit: Unit, office_id: int) -> Office:
    office = offices.find(base.context(unit), office_id)
    if office is None:
        abort(404)
    return office


def _page(unit: Unit, form: OfficeForm, title: str) -> str:
    return base.form_page(unit, form, title, (pgettext("many", "Phòng, ban"), link("offices")))
