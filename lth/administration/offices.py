"""A unit's offices: added, renamed, and removed while nobody has held a role in them."""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from lth.access.scope import Purpose, system
from lth.administration import audit, versions
from lth.administration.desk import Desk
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.models import Office, RoleAssignment, UnitSettings
from lth.models.unit import OfficeFunction


def version(office: Office) -> str:
    """Changes whenever the office does."""
    return versions.fingerprint(office.name, office.function)


def find(desk: Desk, office_id: int) -> Office | None:
    """An office of the desk's unit."""
    office = desk.session.get(Office, office_id)
    return office if office is not None and office.unit_id == desk.unit_id else None


def add(desk: Desk, name: str, function: OfficeFunction) -> Office:
    """A new office of the desk's unit."""
    if desk.unit is None:
        raise ValueError("offices belong to a unit")
    office = Office(unit_id=desk.unit.id, name=_checked_name(name), function=function)
    with system(desk.session, Purpose.ADMINISTER):
        _flush_named(desk, office)
        changes = {"name": (None, office.name), "function": (None, office.function)}
        desk.note("offices.added", office.name, changes)
    return office


def change(desk: Desk, office: Office, name: str, function: OfficeFunction, seen: str) -> bool:
    """Another name or function; returns whether anything changed.

    Raises StaleError where the office is no longer as it was seen.
    """
    versions.check(desk.session, seen, version(office), desk.unit_id, "offices.")
    before = {"name": office.name, "function": office.function}
    after = {"name": _checked_name(name), "function": function}
    changes = audit.differing(before, after)
    if not changes:
        return False
    with system(desk.session, Purpose.ADMINISTER):
        office.name, office.function = after["name"], after["function"]
        _flush_named(desk, office)
        desk.note("offices.changed", before["name"], changes)
    return True


def remove(desk: Desk, office: Office, seen: str) -> None:
    """Take an office away that nobody holds or held a role in and that leads nothing."""
    versions.check(desk.session, seen, version(office), desk.unit_id, "offices.")
    with system(desk.session, Purpose.ADMINISTER):
        staffed = exists().where(RoleAssignment.office_id == office.id)
        leading = exists().where(UnitSettings.leading_office_id == office.id)
        is_staffed, is_leading = desk.session.execute(select(staffed, leading)).one()
        if is_staffed:
            raise RefusedError(
                "", Message(N_("Phòng, ban này có người giữ vai trò nên không xóa được."))
            )
        if is_leading:
            raise RefusedError(
                "", Message(N_("Phòng, ban này đang chủ trì. Hãy đổi trong Thiết lập trước."))
            )
        changes = {"name": (office.name, None), "function": (office.function, None)}
        desk.note("offices.removed", office.name, changes)
        desk.session.delete(office)


def _checked_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise RefusedError("name", Message(N_("Hãy nhập tên phòng, ban.")))
    return name


def _flush_named(desk: Desk, office: Office) -> None:
    """Write the office; its name must be the only one of its kind in the unit."""
    try:
        with desk.session.begin_nested():
            desk.session.add(office)
    except IntegrityError as error:
        raise RefusedError("name", Message(N_("Đơn vị đã có phòng, ban mang tên này."))) from error
