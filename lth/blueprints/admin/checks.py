"""The checks of documents, and which of them a unit has switched off for itself."""

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.checks import CHECKS, switches
from lth.core.language import gettext
from lth.models import Unit


@base.page("/checks", endpoint="checks")
@needs(Permission.ADMINISTER_UNIT)
def listing(unit_id: int | None) -> ResponseReturnValue:
    """Every check, its severity, and whether the unit has it on."""
    return _page(one_unit(unit_id))


@base.post("/checks/<code>/off")
@needs(Permission.ADMINISTER_UNIT)
def checks_off(unit_id: int | None, code: str) -> ResponseReturnValue:
    """Switch a check off, for a reason."""
    unit, reason = one_unit(unit_id), request.form.get("reason", "")
    _known(code)
    with attempt() as outcome:
        switches.switch_off(base.context(unit), code, reason, request.form.get("seen", ""))
    if not outcome.done:
        return _page(unit, refused=(code, reason, outcome.text)), outcome.code
    flash(gettext("Đã tắt kiểm tra %(code)s.", code=code), "success")
    return redirect(link("checks") + f"#{code}")


@base.post("/checks/<code>/on")
@needs(Permission.ADMINISTER_UNIT)
def checks_on(unit_id: int | None, code: str) -> ResponseReturnValue:
    """Switch a check on again."""
    unit = one_unit(unit_id)
    _known(code)
    with attempt() as outcome:
        switches.switch_on(base.context(unit), code, request.form.get("seen", ""))
    if not outcome.done:
        return _page(unit, refused=(code, "", outcome.text)), outcome.code
    flash(gettext("Đã bật lại kiểm tra %(code)s.", code=code), "success")
    return redirect(link("checks") + f"#{code}")


def _known(code: str) -> None:
    if code not in CHECKS:
        abort(404)


def _page(unit: Unit, refused: tuple[str, str, str] | None = None) -> str:
    found = switches.listing(database(), unit)
    return show("checks", unit, found=found, refused=refused)
