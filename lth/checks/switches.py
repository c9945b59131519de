"""Switch checks off for a unit, and say why. What is an error stays on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.administration import unit_settings, versions
from lth.administration.desk import Desk
from lth.checks import CHECKS, Check
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
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
        return versions.fingerprint(self.row.reason, self.row.person_id, self.row.switched_at)


def listing(session: Session, unit: Unit) -> Sequence[Switch]:
    """List every check by its code, as a unit has it; the caller has checked the scope."""
    statement = (
        select(CheckSwitch)
        .where(CheckSwitch.unit_id == unit.id)
        .options(joinedload(CheckSwitch.person))
        .execution_options(populate_existing=True)
    )
    rows = {row.code: row for row in session.scalars(statement)}
    return [Switch(check, rows.get(code)) for code, check in CHECKS.items()]


def switch_off(desk: Desk, code: str, reason: str, seen: str) -> None:
    """Have a check say nothing about the unit's plans, for a reason; the caller commits.

    Raises KeyError for an unknown code, RefusedError for an error or without a reason, and
    StaleError where somebody switched it meanwhile.
    """
    switch = _locked(desk, code, seen)
    said = plain_text(reason).strip()
    if not switch.check.may_be_switched_off:
        raise RefusedError("", Message(N_("Kiểm tra báo lỗi không tắt được.")))
    if not said:
        raise RefusedError("reason", Message(N_("Cần ghi lý do tắt kiểm tra này.")))
    if len(said) > LONGEST_REASON:
        message = N_("Lý do dài quá %(most)s ký tự, hãy rút gọn.")
        raise RefusedError("reason", Message(message, {"most": LONGEST_REASON}))
    row = switch.row
    before = row.reason if row else None
    if row is None:
        row = CheckSwitch(unit_id=desk.unit_id, code=code)
        desk.session.add(row)
    row.reason, row.person_id, row.switched_at = said, desk.actor.person_id, desk.now
    desk.note("checks.off", code, {"reason": (before, said)})


def switch_on(desk: Desk, code: str, seen: str) -> None:
    """Have a check speak again. Raises as `switch_off` does."""
    switch = _locked(desk, code, seen)
    if switch.row is not None:
        desk.session.delete(switch.row)
        desk.note("checks.on", code, {"reason": (switch.row.reason, None)})


def _locked(desk: Desk, code: str, seen: str) -> Switch:
    """Return a check as its unit has it now, one administrator at a time."""
    if desk.unit is None:
        raise ValueError("checks are switched by a unit")
    unit_settings.lock(desk.session, desk.unit)
    found = {switch.check.code: switch for switch in listing(desk.session, desk.unit)}[code]
    versions.check(desk.session, seen, found.version, desk.unit_id, "checks.")
    return found
