"""Adding people, giving them roles and ending these, as administrators do.

Each change writes its audit entry in the same transaction. What is refused is a RefusedError that
names the form's field; nothing is changed then.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from lth.access.actor import in_force
from lth.access.delegations import RECEIVERS
from lth.access.scope import Purpose, system
from lth.administration import accounts, audit, links, versions
from lth.administration.desk import Desk
from lth.administration.links import Addressee, LinkKind
from lth.administration.units import Membership, member
from lth.core import clock
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.models import Credential, Delegation, Office, Person, RoleAssignment
from lth.models.person import Role

UNIT_ROLES = tuple(role for role in Role if role is not Role.SYSTEM_ADMIN)
ADMIN_ROLES = (Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Details:
    """Who somebody is."""

    email: str
    name: str
    position: str = ""


@dataclass(frozen=True)
class Post:
    """A role in an office, from a day to the end of another (`None`: until further notice)."""

    role: Role
    office_id: int | None
    valid_from: date
    last_day: date | None = None

    @property
    def valid_to(self) -> date | None:
        """The first day on which it is no longer held."""
        return self.last_day + ONE_DAY if self.last_day else None


@dataclass(frozen=True)
class Added:
    """Who was added, and whether they were new and are sent an invitation."""

    person: Person
    invited: bool


# --- Adding people and giving roles -------------------------------------------------------


def add_person(desk: Desk, details: Details, post: Post) -> Added:
    """Give a role to whoever has an e-mail address, making an account and inviting if need be.

    Somebody who has an account already keeps their name and position.
    """
    email = checked_email(details.email)
    _check_post(desk, post)
    with system(desk.session, Purpose.ADMINISTER):
        known = accounts.by_email(desk.session, email)
        if known is not None and not known.active:
            raise RefusedError(
                "email",
                Message(N_("Tài khoản với địa chỉ này đã bị khóa. Hãy mở khóa trước.")),
            )
        if known is not None:
            person = desk.session.get_one(Person, known.person_id)
        else:
            person = _new_person(desk, details, email)
        _give(desk, person, post)
        if known is None:
            _invite(desk, person)
    return Added(person, invited=known is None)


def give_role(desk: Desk, person: Person, post: Post) -> None:
    """Give somebody of the unit one more role in it."""
    _check_post(desk, post)
    with system(desk.session, Purpose.ADMINISTER):
        _give(desk, person, post)


def checked_email(typed: str) -> str:
    """An address as it is kept; raises RefusedError for what mail could not be sent to."""
    try:
        # .test is for trying things out; whether mail arrives shows when the invitation is used
        checked = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise RefusedError(
            "email", Message(N_("Địa chỉ thư điện tử chưa đúng dạng, ví dụ: can.bo@xa.gov.vn."))
        ) from error
    return accounts.normal_email(checked.normalized)


def _checked_name(typed: str) -> str:
    name = typed.strip()
    if not name:
        raise RefusedError("name", Message(N_("Hãy nhập họ tên hoặc chức danh.")))
    return name


def _new_person(desk: Desk, details: Details, email: str) -> Person:
    person = Person(
        name=_checked_name(details.name), position=details.position.strip(), created_at=desk.now
    )
    person.credential = Credential(email=email)
    try:
        with desk.session.begin_nested():
            desk.session.add(person)
    except IntegrityError as error:
        raise RefusedError(
            "email", Message(N_("Vừa có người thêm địa chỉ này. Hãy gửi lại biểu mẫu."))
        ) from error
    return person


def _check_post(desk: Desk, post: Post) -> None:
    allowed = UNIT_ROLES if desk.unit is not None else (Role.SYSTEM_ADMIN,)
    if post.role not in allowed:
        raise RefusedError("role", Message(N_("Hãy chọn một vai trò trong danh sách.")))
    if post.last_day is not None and post.last_day < post.valid_from:
        raise RefusedError("last_day", Message(N_("Ngày cuối không được trước ngày bắt đầu.")))
    if post.office_id is None:
        return
    office = desk.session.get(Office, post.office_id)
    if office is None or office.unit_id != desk.unit_id:
        raise RefusedError("office_id", Message(N_("Hãy chọn một phòng, ban của đơn vị.")))


def _give(desk: Desk, person: Person, post: Post) -> None:
    _refuse_overlap(desk, person, post)
    desk.session.add(
        RoleAssignment(
            person_id=person.id,
            unit_id=desk.unit_id,
            office_id=post.office_id,
            role=post.role,
            valid_from=post.valid_from,
            valid_to=post.valid_to,
        )
    )
    changes = {
        "role": (None, post.role),
        "valid_from": (None, post.valid_from),
        "last_day": (None, post.last_day),
    }
    desk.note("people.role_given", person.name, changes)


def _refuse_overlap(desk: Desk, person: Person, post: Post) -> None:
    """One role in one office is held once at a time, apart from what a decision lends."""
    same = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.unit_id.is_not_distinct_from(desk.unit_id),
        RoleAssignment.office_id.is_not_distinct_from(post.office_id),
        RoleAssignment.role == post.role,
        RoleAssignment.delegation_id.is_(None),
        or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > post.valid_from),
    )
    if post.valid_to is not None:
        same = same.where(RoleAssignment.valid_from < post.valid_to)
    if desk.session.scalar(same.limit(1)) is not None:
        raise RefusedError("role", Message(N_("Người này đã giữ vai trò đó trong thời gian này.")))


def _invite(desk: Desk, person: Person) -> None:
    to = Addressee(person.id, desk.unit_id)
    links.send(desk.session, LinkKind.INVITATION, to, desk.now)


def appoint_first(session: Session, email: str, name: str, *, now: datetime) -> str:
    """Make somebody a system administrator from the command line; the token of their link.

    They may have an account already. Runs in a system scope; raises RefusedError for an address
    or a name that cannot be, and for a locked account.
    """
    address = checked_email(email)
    known = accounts.by_email(session, address)
    if known is not None and not known.active:
        raise RefusedError(
            "email", Message(N_("Tài khoản với địa chỉ này đã bị khóa. Hãy mở khóa trước."))
        )
    if known is not None:
        person = session.get_one(Person, known.person_id)
    else:
        person = Person(name=_checked_name(name), position="", created_at=now)
        person.credential = Credential(email=address)
        session.add(person)
        session.flush()
    session.add(
        RoleAssignment(
            person_id=person.id,
            role=Role.SYSTEM_ADMIN,
            valid_from=clock.local(now).date(),
        )
    )
    given = {"role": (None, Role.SYSTEM_ADMIN)}
    audit.record(session, None, "people.role_given", None, person.name, given, now=now)
    return links.send(session, LinkKind.INVITATION, Addressee(person.id, None), now)


# --- Changing people ----------------------------------------------------------------------


def for_change(desk: Desk, person_id: int, seen: str) -> Membership | None:
    """Somebody as `member` finds them, held until the transaction ends so as to be changed.

    Raises:
        StaleError: they or their roles are no longer as they were seen.
    """
    with system(desk.session, Purpose.ADMINISTER):
        desk.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
        found = member(desk.session, desk.unit, person_id)
    if found is not None:
        versions.check(desk.session, seen, found.version, desk.unit_id, "people.")
    return found


def rename(desk: Desk, found: Membership, name: str, position: str) -> bool:
    """Another name or position; returns whether anything changed."""
    person = found.person
    before = {"name": person.name, "position": person.position}
    after = {"name": _checked_name(name), "position": position.strip()}
    changes = audit.differing(before, after)
    if not changes:
        return False
    with system(desk.session, Purpose.ADMINISTER):
        _refuse_held_elsewhere(desk, person)
        person.name, person.position = after["name"], after["position"]
        desk.note("people.renamed", before["name"], changes)
    return True


def end_role(desk: Desk, held: RoleAssignment, last_day: date | None) -> None:
    """End a role after a day, or at once where None; one that has not begun is taken back.

    What a leader has lent others ends with it: nobody signs for who leads no more. So does what
    somebody was lent, with the last of their own roles that let them receive it.
    """
    if held.delegation_id is not None:
        text = N_("Vai trò này do một quyết định giao ký mà có: hãy kết thúc quyết định đó.")
        raise RefusedError("", Message(text))
    if held.valid_to is not None and held.valid_to <= desk.today:
        raise RefusedError("last_day", Message(N_("Vai trò này đã kết thúc.")))
    if last_day is not None and last_day < max(desk.today, held.valid_from):
        raise RefusedError("last_day", Message(N_("Ngày cuối không được ở trong quá khứ.")))
    end = desk.today if last_day is None else last_day + ONE_DAY
    before = held.valid_to - ONE_DAY if held.valid_to else None
    with system(desk.session, Purpose.ADMINISTER):
        _refuse_last_admin(desk, held, end)
        changes = {"role": (held.role, None), "last_day": (before, end - ONE_DAY)}
        desk.note_at(held.unit_id, "people.role_ended", held.person.name, changes)
        if held.valid_from > desk.today and last_day is None:
            desk.session.delete(held)
        else:
            held.valid_to = end
        if held.role is Role.LEADER:
            _shorten_lent(desk.session, held, Delegation.giver_id, end)
        if held.role in RECEIVERS and (last := _works_until(desk.session, held, end)) is not None:
            _shorten_lent(desk.session, held, Delegation.receiver_id, last)


def _works_until(session: Session, ending: RoleAssignment, end: date) -> date | None:
    """From when on somebody has no role of planning of their own at the unit, one of theirs ending
    then; None where another goes on without an end.
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


def set_active(desk: Desk, found: Membership, active: bool) -> None:
    """Lock somebody out (they are signed out everywhere, their links are void), or let them in."""
    person = found.person
    if person.id == desk.actor.person_id:
        raise RefusedError("", Message(N_("Anh/chị không thể tự khóa tài khoản của mình.")))
    if person.active == active:
        return
    with system(desk.session, Purpose.ADMINISTER):
        _refuse_held_elsewhere(desk, person)
        if not active:
            _shut_out(desk, person)
        person.active = active
        what = "people.activated" if active else "people.deactivated"
        desk.note(what, person.name, {"active": (not active, active)})


def invite_again(desk: Desk, found: Membership) -> None:
    """Send a new invitation to somebody who has set no password yet; older ones no longer work."""
    if not found.invited or not found.person.active:
        raise RefusedError("", Message(N_("Người này đã đặt mật khẩu hoặc đã bị khóa.")))
    with system(desk.session, Purpose.ADMINISTER):
        links.void(desk.session, found.person.id, desk.now)
        _invite(desk, found.person)
        desk.note("people.invited", found.person.name)


def _shut_out(desk: Desk, person: Person) -> None:
    statement = select(RoleAssignment).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.role.in_(ADMIN_ROLES),
        in_force(desk.today),
    )
    for held in desk.session.scalars(statement).all():
        _refuse_last_admin(desk, held, desk.today)
    accounts.sign_out_everywhere(desk.session, person.id)
    links.void(desk.session, person.id, desk.now)


def _refuse_held_elsewhere(desk: Desk, person: Person) -> None:
    """What touches the whole account is not for the administrator of one of several units."""
    if desk.actor.role is Role.SYSTEM_ADMIN:
        return
    elsewhere = select(RoleAssignment.id).where(
        RoleAssignment.person_id == person.id,
        RoleAssignment.unit_id.is_distinct_from(desk.unit_id),
        or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > desk.today),
    )
    if desk.session.scalar(elsewhere.limit(1)) is not None:
        raise RefusedError(
            "",
            Message(
                N_(
                    "Người này còn giữ vai trò ở đơn vị khác. Anh/chị có thể kết thúc vai trò ở"
                    " đơn vị mình; việc khác xin nhờ người quản trị hệ thống."
                )
            ),
        )


def _refuse_last_admin(desk: Desk, held: RoleAssignment, end: date) -> None:
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
    rest = [one for one in desk.session.scalars(statement) if one.person_id != held.person_id]
    if not any(one.person.active for one in rest):
        raise RefusedError(
            "",
            Message(
                N_(
                    "Đây là người quản trị cuối cùng."
                    " Hãy giao vai trò quản trị cho người khác trước."
                )
            ),
        )
