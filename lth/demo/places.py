"""Name the demo's units, real ones, of both eras, with the offices that each kind of unit has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.models import Office, Unit
from lth.models.unit import Level, OfficeFunction
from lth.units.importing import import_units, read_units

_PROVINCES = {"3:84", "3:86", "2:86", "3:24", "3:27", "2:24"}
"""Trà Vinh and Vĩnh Long, Bắc Giang and Bắc Ninh, before and after 1 July 2025."""

SOCIAL, FINANCE = OfficeFunction.SOCIAL, OfficeFunction.FINANCE
ASSOCIATION, HEALTH = OfficeFunction.ASSOCIATION, OfficeFunction.HEALTH
ADMINISTRATION = OfficeFunction.ADMINISTRATION

_OFFICES_OF_THREE_TIERS = {
    Level.COMMUNE: {
        SOCIAL: "Bộ phận Lao động - Thương binh và Xã hội",
        FINANCE: "Bộ phận Tài chính - Kế toán",
        ASSOCIATION: "Hội Người cao tuổi",
        HEALTH: "Trạm Y tế",
        ADMINISTRATION: "Văn phòng UBND",
    },
    Level.DISTRICT: {
        SOCIAL: "Phòng Lao động - Thương binh và Xã hội",
        FINANCE: "Phòng Tài chính - Kế hoạch",
        ASSOCIATION: "Ban Đại diện Hội Người cao tuổi huyện",
        HEALTH: "Phòng Y tế",
        ADMINISTRATION: "Văn phòng HĐND và UBND",
    },
    Level.PROVINCE: {
        SOCIAL: "Sở Lao động - Thương binh và Xã hội",
        FINANCE: "Sở Tài chính",
        ASSOCIATION: "Ban Đại diện Hội Người cao tuổi tỉnh",
        HEALTH: "Sở Y tế",
        ADMINISTRATION: "Văn phòng UBND tỉnh",
    },
}

_OFFICES_OF_TWO_TIERS = {
    Level.COMMUNE: {
        SOCIAL: "Phòng Văn hóa - Xã hội",
        FINANCE: "Phòng Kinh tế",
        ASSOCIATION: "Hội Người cao tuổi",
        HEALTH: "Trạm Y tế",
        ADMINISTRATION: "Văn phòng HĐND và UBND",
    },
    Level.PROVINCE: {
        HEALTH: "Sở Y tế",
        FINANCE: "Sở Tài chính",
        ASSOCIATION: "Hội Người cao tuổi tỉnh",
        ADMINISTRATION: "Văn phòng UBND tỉnh",
    },
}


@dataclass(frozen=True)
class Branch:
    """A province with its districts (none, since July 2025) and communes, by national code.

    Codes are unique within one branch of one era, and nowhere beyond it.
    """

    province: Unit
    districts: dict[str, Unit]
    communes: dict[str, Unit]

    @property
    def units(self) -> list[Unit]:
        return [self.province, *self.districts.values(), *self.communes.values()]

    def communes_of(self, district: Unit) -> list[Unit]:
        return [unit for unit in self.communes.values() if unit.parent_id == district.id]


def load(session: Session) -> None:
    """Bring in the units of the demo's four former provinces and their two successors."""
    import_units(session, read_units(), provinces=_PROVINCES)


def branch(session: Session, province: str, communes: Iterable[str], on: date) -> Branch:
    """Find the province of a national code on a day, with these communes and what lies between."""
    root = _in_force(session, Level.PROVINCE, {province}, on)[province]
    found = _in_force(session, Level.COMMUNE, set(communes), on, under=root)
    between = {unit.parent_id for unit in found.values()} - {root.id}
    districts = session.scalars(select(Unit).where(Unit.id.in_(between)).order_by(Unit.code))
    return Branch(root, {unit.code: unit for unit in districts}, found)


def _in_force(
    session: Session, level: Level, codes: set[str], on: date, under: Unit | None = None
) -> dict[str, Unit]:
    statement = select(Unit).where(Unit.level == level, Unit.code.in_(codes), Unit.valid_from <= on)
    units = [unit for unit in session.scalars(statement.order_by(Unit.code)) if unit.in_force(on)]
    inside = [unit for unit in units if under is None or unit.path.startswith(under.path)]
    found = {unit.code: unit for unit in inside}
    if found.keys() != codes:
        raise LookupError(f"no {level} {sorted(codes - found.keys())} on {on}")
    return found


def open_offices(session: Session, branch: Branch) -> None:
    """Give each unit of a branch its offices, by the functions its level has in its era."""
    names = _OFFICES_OF_THREE_TIERS if branch.districts else _OFFICES_OF_TWO_TIERS
    session.add_all(
        Office(unit_id=unit.id, function=function, name=name)
        for unit in branch.units
        for function, name in names[unit.level].items()
    )
    session.flush()


def offices(session: Session) -> dict[tuple[int, OfficeFunction], int]:
    """Return the office of each unit by function, as ids."""
    rows = session.execute(select(Office.unit_id, Office.function, Office.id))
    return {(unit_id, function): office_id for unit_id, function, office_id in rows}
