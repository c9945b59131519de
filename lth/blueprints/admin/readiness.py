"""The checklist “sẵn sàng chạy” of a unit and all below it."""

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, show
from lth.blueprints.web import current
from lth.blueprints.web.current import database, now
from lth.core.i18n import N_
from lth.models.person import Role
from lth.readiness import checklist
from lth.readiness.checklist import MATTER_LABEL, Matter, ReadyState

_MENDED_AT = {
    Matter.UNITS: "units",
    Matter.PERIOD: "participation",
    Matter.PARTICIPATION: "participation",
    Matter.OWN_PEOPLE: "people",
    Matter.PEOPLE: "roster",
    Matter.ANSWERS: "roster_progress",
    Matter.DEADLINES: "deadlines",
}
_FOR_THE_SYSTEM = frozenset({Matter.UNITS})
"""What is mended on pages that only the system administrator opens."""

STATE_LABEL = {
    ReadyState.DONE: N_("Xong"),
    ReadyState.TO_DO: N_("Cần làm"),
    ReadyState.UNKNOWN: N_("Chưa biết"),
}
STATE_ICON = {
    ReadyState.DONE: "success",
    ReadyState.TO_DO: "warning",
    ReadyState.UNKNOWN: "info",
}


@base.page("/ready", "ready")
def ready(unit_id: int | None) -> ResponseReturnValue:
    """Show what is done and what is left before a unit and those below it can begin."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    sends_mail = current_app.config["SETTINGS"].smtp_url is not None
    found = checklist.of(database(), unit, now(), sends_mail=sends_mail)
    return show(
        "ready",
        unit,
        found=found,
        matter_label=MATTER_LABEL,
        state_label=STATE_LABEL,
        state_icon=STATE_ICON,
        mended_at=_mended_at,
    )


def _mended_at(matter: Matter) -> str | None:
    """Return the address of the page where a matter is mended, where the reader may open it."""
    if matter is Matter.MAIL:
        return url_for("mail.outgoing")
    name = _MENDED_AT.get(matter)
    for_system = matter in _FOR_THE_SYSTEM
    if name is None or (for_system and current.actor().role is not Role.SYSTEM_ADMIN):
        return None
    return url_for(f"admin.{name}") if for_system else link(name)
