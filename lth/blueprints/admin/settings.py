"""The settings of a unit."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice

from lth.administration import audit, unit_settings, units
from lth.administration.unit_settings import RECEIVING_MODES, Choices
from lth.blueprints.admin import base
from lth.blueprints.admin.base import one_unit, show
from lth.blueprints.admin.forms import SettingsForm
from lth.blueprints.admin.wording import kind_word, mode_word
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import BlockedError, StaleError
from lth.core.language import gettext
from lth.models import Programme, Unit
from lth.models.document import Mode
from lth.models.kind import Kind
from lth.models.opinion import Aspect

Received = list[tuple[Programme, Kind]]


@base.page("/settings", endpoint="settings")
@needs(Permission.ADMINISTER_UNIT)
def show_settings(unit_id: int | None) -> ResponseReturnValue:
    """The settings as they stand, to be changed."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    received = _received(unit)
    form = _filled(unit, received)
    return _page(unit, form, received)


@base.post("/settings")
@needs(Permission.ADMINISTER_UNIT)
def settings_save(unit_id: int | None) -> ResponseReturnValue:
    """Keep them, unless somebody else has changed them meanwhile."""
    unit = one_unit(unit_id)
    received = _received(unit)
    form = _form_class(received)()
    form.offer(units.offices(database(), unit))
    if not form.validate():
        return _page(unit, form, received), 422
    choices, seen = _choices(form, received), str(form.seen.data or "")
    with attempt(BlockedError, StaleError, form=form) as outcome:
        changed = unit_settings.save(base.context(unit), choices, seen)
    if outcome.stale:
        return _outdated(unit, form, received, outcome.text), outcome.code
    if outcome.blocked:
        return _page(unit, form, received), outcome.code
    done = gettext("Đã lưu thiết lập.") if changed else gettext("Không có gì thay đổi.")
    return base.lead_back(outcome, done, "settings")


def _received(unit: Unit) -> Received:
    """Each programme's documents that come to the unit from below."""
    kinds = unit_settings.kinds_received(database(), unit)
    if not kinds:
        return []
    found = unit_settings.programmes(database())
    return [(programme, kind) for programme in found for kind in kinds]


def _form_class(received: Received) -> type[SettingsForm]:
    """The form with a choice of mode for each thing received."""
    fields = {_name(programme, kind): _mode_field(kind) for programme, kind in received}
    return type("UnitSettingsForm", (SettingsForm,), fields)


def _mode_field(kind: Kind) -> RadioField:
    choices = [SelectChoice(mode.value, mode_word(mode)) for mode in RECEIVING_MODES]
    return RadioField(kind_word(kind), choices=choices)


def _name(programme: Programme, kind: Kind) -> str:
    return f"reception_{programme.id}_{kind}"


def _filled(unit: Unit, received: Received) -> SettingsForm:
    choices = unit_settings.read(database(), unit)
    modes = {
        _name(programme, kind): choices.reception.get((programme.id, kind), Mode.APPROVE).value
        for programme, kind in received
    }
    form = _form_class(received)(
        formdata=None,
        clearance_needed=choices.clearance_needed,
        leading_office_id=choices.leading_office_id,
        required_opinions=[aspect.value for aspect in choices.required_opinions],
        seen=choices.version,
        **modes,
    )
    form.offer(units.offices(database(), unit))
    return form


def _choices(form: SettingsForm, received: Received) -> Choices:
    return Choices(
        clearance_needed=bool(form.clearance_needed.data),
        leading_office_id=form.leading_office_id.data,
        required_opinions=tuple(Aspect(word) for word in form.required_opinions.data or []),
        reception={
            (programme.id, kind): Mode(form[_name(programme, kind)].data)
            for programme, kind in received
        },
    )


def _outdated(unit: Unit, form: SettingsForm, received: Received, text: str) -> str:
    """What was typed, with what the other has saved above it; saving again overwrites knowingly."""
    form.seen.data = unit_settings.read(database(), unit).version
    last = audit.last(database(), unit.id, "settings.")
    return _page(unit, form, received, outdated=text, last=last)


def _page(unit: Unit, form: SettingsForm, received: Received, **values: Any) -> str:
    rows = [(programme, form[_name(programme, kind)]) for programme, kind in received]
    return show("settings", unit, form=form, reception=rows, **values)
