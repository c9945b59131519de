"""The roles of people, given and ended as administrators do, and what else they may change.

Who is not of the unit is invited (`invitations`).

Each change writes its audit entry in the same transaction. What is refused is a RefusedError that
names the form's field; nothing is changed then.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from lth.access.actor import in_force
from lth.access.delegations import RECEIVERS
from lth.access.scope import Purpose, system
from lth.administration import accounts, audit, links, sessions
from lth.administration.context import AdminContext, insert_only
from lth.administration.links import LinkKind
from lth.administration.units import Membership, member
from lth.core import clock
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.vietnamese import one_line
from lth.models import Credential, Delegation, Invitation, Office, Person, RoleAssignment
from lth.models.person import Role, SessionEnd

UNIT_ROLES = tuple(role for role in Role if role is not Role.SYSTEM_ADMIN)
ADMIN_ROLES = (Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Appointment:
    """A role in an office, from a day to the end of another (`None`: until further notice)."""

    role: Role
    office_id: int | None
    valid_from: date
    last_day: date | None = None

    @property
    def valid_to(self) -> date | None:
        """The first day on which it is no longer held."""
        return self.last_day + ONE_DAY if self.last_day else None


# --- Giving roles -------------------------------------------------------------------------


def give_role(admin: AdminContext, person: Person, post: Appointment) -> None:
    """Give somebody of the unit one more role in it. Raises RefusedError.

    They hold one there today: who does not is invited, and may decline.
    """
    check_post(admin, post)
    with system(admin.session, Purpose.ADMINISTER):
        if not _works_here(admin, person):
            text = N_("Người này hiện không giữ vai trò nào ở đây. Hãy gửi lời mời.")
            raise RefusedError("", text)
        appoint(admin.session, person, admin.unit_id, post)
        admin.note("people.role_given", person.name, given(post))


def works_here(admin: AdminContext, membership: Membership) -> bool:
    """Tell whether somebody of the unit holds a role of their own in it today."""
    return any(
        held.unit_id == admin.unit_id and held.delegation_id is None and held.in_force(admin.today)
        for held in membership.assignments
    )


def _works_here(admin: AdminContext, person: Person) -> bool:
    held = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.unit_id.is_not_distinct_from(admin.unit_id),
        RoleAssignment.delegation_id.is_(None),
        in_force(admin.today),
    )
    return admin.session.scalar(held.limit(1)) is not None


def checked_email(typed: str) -> str:
    """Return an address as it is kept; raises RefusedError for what mail could not be sent to, or
    would be sent to another domain than is written (`straße.de` went to `strasse.de`)."""
    try:
        # .test is for trying things out; whether mail arrives shows when the invitation is used
        checked = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
        if checked.domain.encode("idna").decode() != checked.ascii_domain:
            raise EmailNotValidError(checked.domain)
    except (EmailNotValidError, UnicodeError) as error:
        raise RefusedError(
            "email", N_("Địa chỉ thư điện tử chưa đúng dạng, ví dụ: can.bo@xa.gov.vn.")
        ) from error
    return accounts.normal_email(checked.normalized)


def checked_name(typed: str) -> str:
    """Return a name in one line. Raises RefusedError where there is none."""
    name = one_line(typed)
    if not name:
        raise RefusedError("name", N_("Hãy nhập họ tên hoặc chức danh."))
    return name


def _account(session: Session, email: str, name: str, now: datetime) -> Person:
    """Find the person of a checked address, or write a new one. Raises RefusedError."""
    account = accounts.by_email(session, email)
    if account is not None and not account.active:
        raise RefusedError("email", N_("Tài khoản với địa chỉ này đã bị khóa. Hãy mở khóa trước."))
    if account is not None:
        return session.get_one(Person, account.person_id)
    person = Person(name=checked_name(name), created_at=now)
    person.credential = Credential(email=email)
    taken = RefusedError("email", N_("Vừa có người thêm địa chỉ này. Hãy gửi lại biểu mẫu."))
    insert_only(session, person, taken)
    return person


def check_post(admin: AdminContext, post: Appointment) -> None:
    """Raise RefusedError for a role that the unit does not have, or not in this office or time."""
    allowed = UNIT_ROLES if admin.unit is not None else (Role.SYSTEM_ADMIN,)
    if post.role not in allowed:
        raise RefusedError("role", N_("Hãy chọn một vai trò trong danh sách."))
    if post.last_day is not None and post.last_day < post.valid_from:
        raise RefusedError("last_day", N_("Ngày cuối không được trước ngày bắt đầu."))
    if post.office_id is None:
        return
    office = admin.session.get(Office, post.office_id)
    if office is None or office.unit_id != admin.unit_id:
        raise RefusedError("office_id", N_("Hãy chọn một phòng, ban của đơn vị."))


def appoint(session: Session, person: Person, unit_id: int | None, post: Appointment) -> None:
    """Write that somebody holds a role from now on; nothing makes it the one they begin in.

    In a system scope. Raises RefusedError.
    """
    _refuse_overlap(session, person, unit_id, post)
    session.add(
        RoleAssignment(
            person_id=person.id,
            unit_id=unit_id,
            office_id=post.office_id,
            role=post.role,
            valid_from=post.valid_from,
            valid_to=post.valid_to,
        )
    )


def given(post: Appointment) -> audit.Changes:
    """Return what the trail tells of a role that is given."""
    return {
        "role": (None, post.role),
        "valid_from": (None, post.valid_from),
        "last_day": (None, post.last_day),
    }


def _refuse_overlap(
    session: Session, person: Person, unit_id: int | None, post: Appointment
) -> None:
    """Refuse a role that is held already in that office at the time, apart from what is lent."""
    same = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.unit_id.is_not_distinct_from(unit_id),
        RoleAssignment.office_id.is_not_distinct_from(post.office_id),
        RoleAssignment.role == post.role,
        RoleAssignment.delegation_id.is_(None),
        or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > post.valid_from),
    )
    if post.valid_to is not None:
        same = same.where(RoleAssignment.valid_from < post.valid_to)
    if session.scalar(same.limit(1)) is not None:
        raise RefusedError("role", N_("Người này đã giữ vai trò đó trong thời gian này."))


def appoint_first(session: Session, email: str, name: str, *, now: datetime) -> str:
    """Make somebody a system administrator from the command line; returns their link's token.

    They may have an account already. Runs in a system scope; raises RefusedError for an address
    or a name that cannot be, and for a locked account.
    """
    person = _account(session, checked_email(email), name, now)
    session.add(
        RoleAssignment(
            person_id=person.id,
            role=Role.SYSTEM_ADMIN,
            valid_from=clock.local(now).date(),
        )
    )
    given = {"role": (None, Role.SYSTEM_ADMIN)}
    audit.record(session, None, "people.role_given", None, person.name, given, now=now)
    return links.send(session, LinkKind.FIRST_PASSWORD, person.id, now)


# --- Changing people ----------------------------------------------------------------------


def for_change(admin: AdminContext, person_id: int, seen: str) -> Membership | None:
    """Find somebody as `member` does, held until the transaction ends so as to be changed.

    Raises:
        StaleError: they or their roles are no longer as they were seen.
    """
    with system(admin.session, Purpose.ADMINISTER):
        admin.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
        membership = member(admin.session, admin.unit, person_id)
    if membership is not None:
        admin.check_seen(seen, membership.version, "people.")
    return membership


def rename(admin: AdminContext, membership: Membership, name: str, position: str) -> bool:
    """Write another name or position; returns whether anything changed. Raises RefusedError."""
    person = membership.person
    before = {"name": person.name, "position": person.position}
    after = {"name": checked_name(name), "position": one_line(position)}
    changes = audit.differing(before, after)
    if not changes:
        return False
    with system(admin.session, Purpose.ADMINISTER):
        _refuse_of_others(admin, person)
        person.name, person.position = after["name"], after["position"]
        admin.note("people.renamed", before["name"], changes)
    return True


def end_role(admin: AdminContext, held: RoleAssignment, last_day: date | None) -> None:
    """End a role after a day, or at once where None; one that has not begun is taken back.

    What a leader has lent others ends with it: nobody signs for who leads no more. So does what
    somebody was lent, with the last of their own roles that let them receive it. Raises
    RefusedError.
    """
    if held.delegation_id is not None:
        text = N_("Vai trò này do một quyết định giao ký mà có: hãy kết thúc quyết định đó.")
        raise RefusedError("", text)
    if held.valid_to is not None and held.valid_to <= admin.today:
        raise RefusedError("last_day", N_("Vai trò này đã kết thúc."))
    if last_day is not None and last_day < max(admin.today, held.valid_from):
        raise RefusedError("last_day", N_("Ngày cuối không được ở trong quá khứ."))
    end = admin.today if last_day is None else last_day + ONE_DAY
    before = held.valid_to - ONE_DAY if held.valid_to else None
    with system(admin.session, Purpose.ADMINISTER):
        _refuse_last_admin(admin, held, end)
        changes = {"role": (held.role, None), "last_day": (before, end - ONE_DAY)}
        admin.note_at(held.unit_id, "people.role_ended", held.person.name, changes)
        if held.valid_from > admin.today and last_day is None:
            admin.session.delete(held)
        else:
            held.valid_to = end
        if held.role is Role.LEADER:
            _shorten_lent(admin.session, held, Delegation.giver_id, end)
        if held.role in RECEIVERS and (last := _works_until(admin.session, held, end)) is not None:
            _shorten_lent(admin.session, held, Delegation.receiver_id, last)


def _works_until(session: Session, ending: RoleAssignment, end: date) -> date | None:
    """Find the day from which somebody has no role of planning of their own at the unit, one of
    theirs ending on `end`; None where another goes on without an end.
    """
    others = select(RoleAssignment.valid_to).where(
        RoleAssignment.person_id == ending.person_id,
        RoleAssignment.unit_id == ending.unit_id,
        RoleAssignment.role.in_(RECEIVERS),
        RoleAssignment.delegation_id.is_(None),
        RoleAssignment.id != ending.id,
    )
    ends = session.scalars(others).all()
    return None if None in ends else max([end, *ends])


def _shorten_lent(
    session: Session, held: RoleAssignment, party: InstrumentedAttribute[int], end: date
) -> None:
    """Have the roles that decisions lend end with the role of their giver or receiver (`party`),
    and what was passed on of them; what was decided stays.
    """
    theirs = select(Delegation.id).where(
        party == held.person_id, Delegation.unit_id == held.unit_id
    )
    passed_on = select(Delegation.id).where(Delegation.passed_on_from_id.in_(theirs))
    lent = or_(
        RoleAssignment.delegation_id.in_(theirs), RoleAssignment.delegation_id.in_(passed_on)
    )
    session.execute(
        update(RoleAssignment)
        .where(lent, RoleAssignment.valid_to > end)
        .values(
            valid_to=case((RoleAssignment.valid_from > end, RoleAssignment.valid_from), else_=end)
        )
    )


def set_active(admin: AdminContext, membership: Membership, active: bool) -> None:
    """Lock somebody out (they are signed out everywhere, their links are void), or let them in."""
    person = membership.person
    if person.id == admin.actor.person_id:
        raise RefusedError("", N_("Anh/chị không thể tự khóa tài khoản của mình."))
    if person.active == active:
        return
    with system(admin.session, Purpose.ADMINISTER):
        _refuse_of_others(admin, person)
        if not active:
            _shut_out(admin, person)
        person.active = active
        what = "people.activated" if active else "people.deactivated"
        admin.note(what, person.name, {"active": (not active, active)})


def invite_again(admin: AdminContext, membership: Membership) -> None:
    """Send a new first link to somebody who has set no password; older ones no longer work."""
    if not membership.invited or not membership.person.active:
        raise RefusedError("", N_("Người này đã đặt mật khẩu hoặc đã bị khóa."))
    with system(admin.session, Purpose.ADMINISTER):
        _refuse_of_others(admin, membership.person)
        links.void(admin.session, membership.person.id, admin.now)
        links.send(admin.session, LinkKind.FIRST_PASSWORD, membership.person.id, admin.now)
        admin.note("people.invited", membership.person.name)


def _shut_out(admin: AdminContext, person: Person) -> None:
    statement = select(RoleAssignment).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.role.in_(ADMIN_ROLES),
        in_force(admin.today),
    )
    for held in admin.session.scalars(statement).all():
        _refuse_last_admin(admin, held, admin.today)
    sessions.end_all(admin.session, person.id, SessionEnd.LOCKED, admin.now)
    links.void(admin.session, person.id, admin.now)


def may_change(admin: AdminContext, person: Person) -> bool:
    """Tell whether the account of somebody is this administrator's to change.

    For the administrator of a unit, that of nobody who has, had or will have a role anywhere else
    (a role that was taken back before it began among them): it is for themselves and the system's.
    """
    if admin.actor.role is Role.SYSTEM_ADMIN:
        return True
    held = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.unit_id.is_distinct_from(admin.unit_id),
    )
    accepted = select(Invitation.id).where(
        Invitation.person_id == person.id,
        Invitation.unit_id.is_distinct_from(admin.unit_id),
    )
    with system(admin.session, Purpose.ADMINISTER):
        return not admin.session.scalar(select(held.exists() | accepted.exists()))


def _refuse_of_others(admin: AdminContext, person: Person) -> None:
    if not may_change(admin, person):
        raise RefusedError(
            "",
            N_(
                "Người này giữ hoặc từng giữ vai trò ở nơi khác. Anh/chị có thể kết thúc vai trò ở"
                " đơn vị mình; việc khác do chính người đó hoặc người quản trị hệ thống làm."
            ),
        )


def _refuse_last_admin(admin: AdminContext, held: RoleAssignment, end: date) -> None:
    """Refuse where from a day on nobody else would administer the unit (or the system).

    The rows are locked, so that of two administrators ending each other's role one is refused.
    """
    if held.role not in ADMIN_ROLES:
        return
    same: ColumnElement[bool] = RoleAssignment.unit_id.is_not_distinct_from(held.unit_id)
    statement = (
        select(RoleAssignment)
        .join(RoleAssignment.person)
        .where(same, RoleAssignment.role == held.role, in_force(end))
        .order_by(RoleAssignment.id)
        .options(contains_eager(RoleAssignment.person))
        .execution_options(populate_existing=True)
        .with_for_update(of=[RoleAssignment, Person])
    )
    roles = admin.session.scalars(statement).all()
    if not any(role.person.active for role in roles if role.person_id != held.person_id):
        raise RefusedError(
            "",
            N_("Đây là người quản trị cuối cùng. Hãy giao vai trò quản trị cho người khác trước."),
        )
