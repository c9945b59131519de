"""Decide what the demo's units have settled for themselves: offices, opinions, receptions,
deadlines.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.demo import places
from lth.demo.diary import Diary
from lth.demo.figures import CommuneFigures
from lth.demo.places import ASSOCIATION, HEALTH, SOCIAL, Branch
from lth.models import Deadline, Participation, Period, Reception, Unit, UnitSettings
from lth.models.document import Mode
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.unit import Level, OfficeFunction
from lth.workflow.kinds import PLAN, REPORT, REPORT_SYNTHESIS, SYNTHESIS

_LED_BY_THE_ASSOCIATION = {"849", "07264"}
"""Huyện Trà Cú and xã Tam Tiến, whose plans name the association of older people as leading."""

_REQUIRED_OPINIONS = {
    Level.COMMUNE: [],
    Level.DISTRICT: [Aspect.CONTENT.value, Aspect.FINANCE.value, Aspect.FORMAT.value],
    Level.PROVINCE: [Aspect.CONTENT.value],
}


def join(
    session: Session, period: Period, branch: Branch, figures: Mapping[str, CommuneFigures]
) -> None:
    """Have every unit of a branch take part in a programme's period.

    The province takes part for itself: it issues a plan of its own. How many older people live
    in a commune is known beforehand; it decides who gets what is left over of a split.
    """
    known = {code: one.baseline.get("older_population") for code, one in figures.items()}
    session.add_all(
        Participation(
            period_id=period.id,
            unit_id=unit.id,
            parent_id=None if unit is branch.province else unit.parent_id,
            older_population=known.get(unit.code) if unit.level is Level.COMMUNE else None,
        )
        for unit in branch.units
    )
    session.flush()


def decide(session: Session, branch: Branch) -> None:
    """Settle each unit's leading office, required opinions, and that its leader clears."""
    offices = places.offices(session)
    session.add_all(
        UnitSettings(
            unit_id=unit.id,
            clearance_needed=True,
            leading_office_id=offices[unit.id, _leading(unit, branch)],
            required_opinions=_REQUIRED_OPINIONS[unit.level],
            own=unit.level is not Level.COMMUNE,
        )
        for unit in branch.units
    )
    session.flush()


def _leading(unit: Unit, branch: Branch) -> OfficeFunction:
    if unit.code in _LED_BY_THE_ASSOCIATION:
        return ASSOCIATION
    if unit is branch.province and not branch.districts:
        return HEALTH
    return SOCIAL


def receive(session: Session, period: Period, branch: Branch) -> None:
    """Settle how each receives: a province acknowledges plans and approves what is added up.

    Reports are approved, as where nothing is settled.
    """
    province, programme = branch.province.id, period.programme_id
    modes = [
        (province, PLAN, Mode.ACKNOWLEDGE),
        (province, SYNTHESIS, Mode.APPROVE),
        *((district.id, PLAN, Mode.APPROVE) for district in branch.districts.values()),
    ]
    session.add_all(
        Reception(unit_id=unit, programme_id=programme, kind=kind, mode=mode)
        for unit, kind, mode in modes
    )
    session.flush()


def set_deadlines_of_three_tiers(
    session: Session, period: Period, branch: Branch, diary: Diary
) -> None:
    """Set deadlines: Trà Cú's day passed two working days ago, Cầu Kè's and the province's lie
    ahead.
    """
    tra_cu, cang_long, cau_ke = (branch.districts[code] for code in ("849", "844", "845"))
    extended = branch.communes["29338"]
    rows = [
        _due(branch.province, PLAN, period, diary, -20),
        _due(branch.province, SYNTHESIS, period, diary, 5, grace_days=2),
        _due(tra_cu, PLAN, period, diary, -2, correction=4),
        _due(cang_long, PLAN, period, diary, -5, correction=-3),
        _due(cau_ke, PLAN, period, diary, 2, correction=4),
        _due(cau_ke, PLAN, period, diary, 4, only=extended),
    ]
    _add(session, rows)


def set_deadlines_of_two_tiers(
    session: Session, period: Period, branch: Branch, diary: Diary
) -> None:
    """Set deadlines: the province's one day for its communes lies a few working days ahead."""
    _add(session, [_due(branch.province, PLAN, period, diary, 3, grace_days=3)])


def set_deadlines_of_reports(
    session: Session, period: Period, branch: Branch, diary: Diary
) -> None:
    """Have the days of a window of reports lie around today too.

    The province's days are moved; Càng Long and Trà Cú have set earlier ones, which are past.
    """
    days = {REPORT: 3, REPORT_SYNTHESIS: 5}
    set_already = select(Deadline).where(
        Deadline.setter_id == branch.province.id, Deadline.period_id == period.id
    )
    for row in session.scalars(set_already):
        row.due_on = row.latest_on = diary.day(days[row.kind])
    if branch.districts:
        tra_cu, cang_long = (branch.districts[code] for code in ("849", "844"))
        _add(
            session,
            [
                _due(tra_cu, REPORT, period, diary, -3, correction=4),
                _due(cang_long, REPORT, period, diary, -9, correction=-4),
            ],
        )


def _due(
    setter: Unit,
    kind: Kind,
    period: Period,
    diary: Diary,
    distance: int,
    *,
    grace_days: int = 0,
    correction: int | None = None,
    only: Unit | None = None,
) -> Deadline:
    """Return a deadline so many working days from today, for all units below or one."""
    return Deadline(
        setter_id=setter.id,
        unit_id=only.id if only else None,
        period_id=period.id,
        kind=kind,
        due_on=diary.day(distance),
        grace_days=grace_days,
        last_correction_on=diary.day(correction) if correction is not None else None,
    )


def _add(session: Session, rows: Iterable[Deadline]) -> None:
    session.add_all(rows)
    session.flush()
