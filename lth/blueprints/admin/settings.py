"""The decisions of a unit for itself: its settings, and which checks of documents are off."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice

from lth.administration import audit, settings_for_all, unit_settings, units
from lth.administration.unit_settings import RECEIVING_MODES, Choices
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import SettingsForm
from lth.blueprints.admin.wording import kind_word, mode_word
from lth.blueprints.web.current import database
from lth.blueprints.web.refusals import attempt
from lth.checks import CHECKS, papers_in_force, switches
from lth.core.errors import BlockedError, StaleError
from lth.core.language import gettext
from lth.core.vietnamese import lower_first
from lth.models import Programme, Unit
from lth.models.document import Mode
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.programme import PeriodUse

Received = list[tuple[Programme, Kind]]


@base.form("/settings", "settings", "settings_save")
def settings(unit_id: int | None) -> ResponseReturnValue:
    """Keep the settings, unless somebody else has changed them since they were read."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units")) if request.method != "POST" else abort(404)
    received = _received(unit)
    form = _form_class(received)()
    if not form.is_submitted():
        form = _filled(unit, received)
    form.offer(units.offices(database(), unit))
    if not form.is_submitted():
        return _page(unit, form, received)
    if not form.validate():
        return _page(unit, form, received), 422
    choices, seen = _choices(form, received), str(form.seen.data or "")
    with attempt(BlockedError, StaleError, form=form) as outcome:
        changed = unit_settings.save(base.context(unit), choices, seen)
    if outcome.stale:
        return _outdated(unit, form, received, outcome.text), outcome.code
    if outcome.blocked:
        return _page(unit, form, received), outcome.code
    outcome.flash(gettext("Đã lưu thiết lập.") if changed else gettext("Không có gì thay đổi."))
    return redirect(link("settings"))


def _received(unit: Unit) -> Received:
    """List each programme's documents that come to the unit from below."""
    kinds = unit_settings.kinds_received(database(), unit)
    if not kinds:
        return []
    found = unit_settings.programmes(database())
    return [(programme, kind) for programme in found for kind in kinds]


def _form_class(received: Received) -> type[SettingsForm]:
    """Make the form with a choice of mode for each thing received."""
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
    return _form_class(received)(
        clearance_needed=choices.clearance_needed,
        leading_office_id=choices.leading_office_id,
        required_opinions=[aspect.value for aspect in choices.required_opinions],
        second_factor_required=choices.second_factor_required,
        seen=choices.version,
        **modes,
    )


def _choices(form: SettingsForm, received: Received) -> Choices:
    return Choices(
        clearance_needed=bool(form.clearance_needed.data),
        leading_office_id=form.leading_office_id.data,
        required_opinions=tuple(Aspect(word) for word in form.required_opinions.data or []),
        reception={
            (programme.id, kind): Mode(form[_name(programme, kind)].data)
            for programme, kind in received
        },
        second_factor_required=bool(form.second_factor_required.data),
    )


def _outdated(unit: Unit, form: SettingsForm, received: Received, text: str) -> str:
    """Show what was typed, below what the other has saved; saving again overwrites knowingly."""
    form.seen.data = unit_settings.read(database(), unit).version
    last = audit.last(database(), unit.id, "settings.")
    return _page(unit, form, received, outdated=text, last=last)


def _page(unit: Unit, form: SettingsForm, received: Received, **values: Any) -> str:
    rows = [_group(form, *grouped) for grouped in groupby(received, key=itemgetter(0))]
    follows = settings_for_all.followed(database(), unit)
    return show("settings", unit, form=form, reception=rows, follows=follows, **values)


@dataclass(frozen=True)
class ReceptionGroup:
    """How the documents of a programme are received: plans, then reports, which fold away behind
    `how` they are received now.
    """

    programme: Programme
    plans: list[RadioField]
    reports: list[RadioField]

    @property
    def is_wrong(self) -> bool:
        """Tell whether something is to be mended in what folds away."""
        return any(field.errors for field in self.reports)

    @property
    def how(self) -> str:
        """Word the modes that are chosen for reports."""
        chosen = dict.fromkeys(field.data for field in self.reports if field.data in set(Mode))
        return ", ".join(lower_first(mode_word(Mode(mode))) for mode in chosen)


def _group(form: SettingsForm, programme: Programme, those: Iterable[tuple]) -> ReceptionGroup:
    fields = [(kind, form[_name(programme, kind)]) for _, kind in those]
    return ReceptionGroup(
        programme,
        [field for kind, field in fields if kind.use is PeriodUse.PLAN],
        [field for kind, field in fields if kind.use is not PeriodUse.PLAN],
    )


@base.page("/checks", "checks")
def checks(unit_id: int | None) -> ResponseReturnValue:
    """List every check, its severity, and whether the unit has it on."""
    return _checks_page(one_unit(unit_id))


@base.page("/checks/<code>/off", "checks_off", "POST")
def checks_off(unit_id: int | None, code: str) -> ResponseReturnValue:
    """Switch a check off, for a reason."""
    reason = request.form["reason"]
    done = gettext("Đã tắt kiểm tra %(code)s.", code=code)
    return _switch(one_unit(unit_id), code, switches.switch_off, reason, done=done)


@base.page("/checks/<code>/on", "checks_on", "POST")
def checks_on(unit_id: int | None, code: str) -> ResponseReturnValue:
    """Switch a check on again."""
    done = gettext("Đã bật lại kiểm tra %(code)s.", code=code)
    return _switch(one_unit(unit_id), code, switches.switch_on, done=done)


def _switch(
    unit: Unit, code: str, switch: Callable[..., None], *reason: str, done: str
) -> ResponseReturnValue:
    if code not in CHECKS:
        abort(404)
    with attempt() as outcome:
        switch(base.context(unit), code, *reason, request.form["seen"])
    if not outcome.done:
        refused = (code, *(reason or ("",)), outcome.text)
        return _checks_page(unit, refused=refused), outcome.code
    outcome.flash(done)
    return redirect(link("checks") + f"#{code}")


def _checks_page(unit: Unit, refused: tuple[str, ...] | None = None) -> str:
    reviewed = papers_in_force.in_use().reviewed_on
    listed = switches.listing(database(), unit)
    return show("checks", unit, found=listed, refused=refused, reviewed=reviewed)
