"""Switch checks off for a unit, and say why. What is an error stays on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.administration import unit_settings
from lth.administration.context import AdminContext, fingerprint
from lth.checks import CHECKS, Check
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.vietnamese import plain_text
from lth.models import CheckSwitch, Unit

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Switch:
    """A check, and the row that says that a unit has it off."""

    check: Check
    row: CheckSwitch | None

    @property
    def is_off(self) -> bool:
        return self.row is not None

    @property
    def version(self) -> str:
        """Return changes whenever the check is switched or another reason is given."""
        if self.row is None:
            return ""
        return fingerprint(self.row.reason, self.row.person_id, self.row.switched_at)


def listing(session: Session, unit: Unit) -> Sequence[Switch]:
    """List every check by its code, as a unit has it; the caller has checked the scope."""
    statement = (
        select(CheckSwitch)
        .where(CheckSwitch.unit_id == unit.id)
        .execution_options(populate_existing=True)
    )
    rows = {row.code: row for row in session.scalars(statement)}
    return [Switch(check, rows.get(code)) for code, check in CHECKS.items()]


def switch_off(admin: AdminContext, code: str, reason: str, seen: str) -> None:
    """Have a check say nothing about the unit's plans, for a reason; the caller commits.

    Raises KeyError for an unknown code, RefusedError for an error or without a reason, and
    StaleError where somebody switched it meanwhile.
    """
    switch = _locked(admin, code, seen)
    said = plain_text(reason).strip()
    if not switch.check.may_be_switched_off:
        raise RefusedError("", N_("Kiểm tra báo lỗi không tắt được."))
    if not said:
        raise RefusedError("reason", N_("Cần ghi lý do tắt kiểm tra này."))
    if len(said) > LONGEST_REASON:
        message = N_("Lý do dài quá %(most)s ký tự, hãy rút gọn.")
        raise RefusedError("reason", message, most=LONGEST_REASON)
    row = switch.row
    before = row.reason if row else None
    if row is None:
        row = CheckSwitch(unit_id=admin.unit_id, code=code)
        admin.session.add(row)
    row.reason, row.switched_at = said, admin.now
    row.person_id, row.person_name = admin.actor.person_id, admin.actor.person_name
    admin.note("checks.off", code, {"reason": (before, said)})


def switch_on(admin: AdminContext, code: str, seen: str) -> None:
    """Have a check speak again. Raises as `switch_off` does."""
    switch = _locked(admin, code, seen)
    if switch.row is not None:
        admin.session.delete(switch.row)
        admin.note("checks.on", code, {"reason": (switch.row.reason, None)})


def _locked(admin: AdminContext, code: str, seen: str) -> Switch:
    """Return a check as its unit has it now, one administrator at a time."""
    unit = admin.own_unit
    unit_settings.lock(admin.session, unit)
    switches = {switch.check.code: switch for switch in listing(admin.session, unit)}
    admin.check_seen(seen, switches[code].version, "checks.")
    return switches[code]
