"""Plans that say next to nothing: their units have every check off that may be."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from lth.checks import CHECKS
from lth.models import CheckSwitch


def all_off(session: Session, unit_ids: Iterable[int], person_id: int, now: datetime) -> None:
    """Switch off each check but the errors for some units, in tests of something else."""
    session.add_all(
        CheckSwitch(
            unit_id=unit_id,
            code=check.code,
            reason="Đơn vị thử nghiệm, kế hoạch rút gọn",
            person_id=person_id,
            switched_at=now,
        )
        for unit_id in unit_ids
        for check in CHECKS.values()
        if check.may_be_switched_off
    )
    session.flush()
