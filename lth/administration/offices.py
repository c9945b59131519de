"""A unit's offices: added, renamed, and removed while nobody has held a role in them."""

from sqlalchemy import exists, select, update

from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.administration.context import AdminContext, fingerprint, insert_only
from lth.administration.invitations import UNANSWERED
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.vietnamese import one_line
from lth.models import Invitation, Office, RoleAssignment, UnitSettings
from lth.models.unit import OfficeFunction


def version(office: Office) -> str:
    """Return what changes whenever the office does."""
    return fingerprint(office.name, office.function)


def find(admin: AdminContext, office_id: int) -> Office | None:
    """Find an office of the unit."""
    office = admin.session.get(Office, office_id)
    return office if office is not None and office.unit_id == admin.unit_id else None


def add(admin: AdminContext, name: str, function: OfficeFunction) -> Office:
    """Write a new office of the unit. Raises RefusedError."""
    office = Office(unit_id=admin.own_unit.id, name=_checked_name(name), function=function)
    with system(admin.session, Purpose.ADMINISTER):
        _flush_named(admin, office)
        changes = {"name": (None, office.name), "function": (None, office.function)}
        admin.note("offices.added", office.name, changes)
    return office


def change(
    admin: AdminContext, office: Office, name: str, function: OfficeFunction, seen: str
) -> bool:
    """Write another name or function; returns whether anything changed.

    Raises StaleError where the office is no longer as it was seen, and RefusedError.
    """
    admin.check_seen(seen, version(office), "offices.")
    before = {"name": office.name, "function": office.function}
    after = {"name": _checked_name(name), "function": function}
    changes = audit.differing(before, after)
    if not changes:
        return False
    with system(admin.session, Purpose.ADMINISTER):
        office.name, office.function = after["name"], after["function"]
        _flush_named(admin, office)
        admin.note("offices.changed", before["name"], changes)
    return True


def remove(admin: AdminContext, office: Office, seen: str) -> None:
    """Take an office away.

    Raises RefusedError where somebody holds or held a role in it, is invited to one, or it leads,
    and StaleError where it is no longer as it was seen.
    """
    admin.check_seen(seen, version(office), "offices.")
    with system(admin.session, Purpose.ADMINISTER):
        staffed = exists().where(RoleAssignment.office_id == office.id)
        leading = exists().where(UnitSettings.leading_office_id == office.id)
        offered = exists().where(Invitation.office_id == office.id, UNANSWERED)
        is_staffed, is_leading, is_offered = admin.session.execute(
            select(staffed, leading, offered)
        ).one()
        if is_staffed:
            raise RefusedError("", N_("Phòng, ban này có người giữ vai trò nên không xóa được."))
        if is_leading:
            raise RefusedError(
                "", N_("Phòng, ban này đang chủ trì. Hãy đổi trong Thiết lập trước.")
            )
        if is_offered:
            raise RefusedError(
                "", N_("Có lời mời vào phòng, ban này chưa được trả lời. Hãy rút lời mời trước.")
            )
        answered = update(Invitation).where(Invitation.office_id == office.id)
        admin.session.execute(answered.values(office_id=None))
        changes = {"name": (office.name, None), "function": (office.function, None)}
        admin.note("offices.removed", office.name, changes)
        admin.session.delete(office)


def _checked_name(typed: str) -> str:
    name = one_line(typed)
    if not name:
        raise RefusedError("name", N_("Hãy nhập tên phòng, ban."))
    return name


def _flush_named(admin: AdminContext, office: Office) -> None:
    """Write the office; its name must be the only one of its kind in the unit."""
    taken = RefusedError("name", N_("Đơn vị đã có phòng, ban mang tên này."))
    insert_only(admin.session, office, taken)
