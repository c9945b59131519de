"""People: the list, one of them, and what an administrator may change about them."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from lth.access.roles import role_label
from lth.administration import invitations, own_address, people, second_factor, units
from lth.administration.people import UNIT_ROLES
from lth.administration.second_factor import FactorState
from lth.administration.units import Membership
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, show, unit_of
from lth.blueprints.admin.forms import EndForm, LostAddressForm, NameForm, PersonForm, PostForm
from lth.blueprints.admin.invitations import has_relay
from lth.blueprints.web import current, paging, tables, vacancies
from lth.blueprints.web.current import database, now
from lth.blueprints.web.forms import Form
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.errors import BlockedError
from lth.core.language import gettext, lazy_gettext
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import RoleAssignment, Unit
from lth.models.person import Role


@base.page("/people", "people")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """List everybody who holds, held or will hold a role in the unit."""
    unit = unit_of(unit_id)
    search = request.args.get("q", "").strip()
    today = clock.today()
    if tables.wanted():
        return tables.answer(_table(unit, search), "nguoi-dung")
    members, total = units.people(database(), unit, today, search=search, number=paging.number())
    return show(
        "people",
        unit,
        members=members,
        page=paging.page(total),
        search=search,
        counts=invitations.tally(database(), unit, now()),
        vacant=vacancies.fallen(),
    )


def _table(unit: Unit | None, search: str) -> ListTable:
    """Return everybody of the list with each role, however many pages they take."""
    rows: list[list[TableValue]] = []
    today, number = clock.today(), 0
    while len(rows) < tables.MOST_ROWS:
        number += 1
        members, total = units.people(database(), unit, today, search=search, number=number)
        for member in members:
            rows += [
                [
                    member.person.name,
                    member.person.position,
                    member.email_on(today, unit),
                    role_label(role.role),
                    role.office.name if role.office else "",
                    role.valid_from,
                    role.valid_to,
                ]
                for role in member.assignments
            ]
        if not members or number * paging.SIZE >= total:
            break
    head = (
        gettext("Họ và tên"),
        gettext("Chức vụ"),
        gettext("Thư điện tử"),
        gettext("Vai trò"),
        gettext("Phòng, ban"),
        gettext("Từ ngày"),
        gettext("Đến ngày"),
    )
    return ListTable(gettext("Người dùng"), head, rows)


@base.form("/people/add", "people_add", "people_create")
def add(unit_id: int | None) -> ResponseReturnValue:
    """Invite somebody to a role. The answer is the same whoever has the address."""
    unit = unit_of(unit_id)
    form = PersonForm(valid_from=None if request.method == "POST" else clock.today())
    _offer(form, unit)
    if not form.is_submitted():
        return _add_page(unit, form)
    if not form.validate():
        return _add_page(unit, form), 422
    with attempt(BlockedError, form=form) as outcome:
        invitations.invite(base.context(unit), form.invitee(), form.post())
    if outcome.blocked:
        return _add_page(unit, form), outcome.code
    outcome.flash(_invited_text(str(form.email.data)))
    return redirect(link("people_invitations"))


@base.page("/people/<int:person_id>", "people_one")
def person(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """Show somebody, their roles here, and the state of their account."""
    unit = unit_of(unit_id)
    found = _member(unit, person_id)
    lock = vacancies.locking(person_id, found.assignments) if found.person.active else []
    return show(
        "person",
        unit,
        found=found,
        today=clock.today(),
        lock=lock,
        may_change=people.may_change(base.context(unit), found.person),
        may_give=people.works_here(base.context(unit), found),
        factor=_second_factor(person_id),
        is_own=person_id == current.actor().person_id,
    )


@base.form("/people/<int:person_id>/name", "people_name", "people_rename")
def name(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """Keep another name or position of somebody."""
    unit, form = unit_of(unit_id), NameForm()
    if not form.is_submitted():
        found = _member(unit, person_id)
        form = NameForm(obj=found.person, seen=found.version)

    def keep() -> None:
        found = _for_change(unit, person_id, form.seen.data)
        people.rename(base.context(unit), found, str(form.name.data), str(form.position.data or ""))

    return _run(unit, person_id, form, gettext("Sửa tên, chức vụ"), keep, gettext("Đã lưu."))


@base.form("/people/<int:person_id>/roles", "people_role", "people_give")
def role(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """Give somebody one more role."""
    unit, form = unit_of(unit_id), PostForm()
    if not form.is_submitted():
        form = PostForm(valid_from=clock.today(), seen=_member(unit, person_id).version)
    _offer(form, unit)

    def keep() -> None:
        found = _for_change(unit, person_id, form.seen.data)
        people.give_role(base.context(unit), found.person, form.post())

    return _run(unit, person_id, form, gettext("Thêm vai trò"), keep, gettext("Đã giao vai trò."))


@base.form("/people/<int:person_id>/roles/<int:role_id>/end", "people_end", "people_end_role")
def end(unit_id: int | None, person_id: int, role_id: int) -> ResponseReturnValue:
    """End a role, at once or after a day."""
    unit, form = unit_of(unit_id), EndForm()
    shown_first = _member(unit, person_id)
    _role(shown_first, role_id)  # theirs, whatever was sent
    if not form.is_submitted():
        form = EndForm(seen=shown_first.version)

    def draw() -> str:
        found = _member(unit, person_id) if form.is_submitted() else shown_first
        title, ending = gettext("Kết thúc vai trò"), _role(found, role_id)
        warnings = vacancies.ending(ending)
        shown = {"ending": ending, "warnings": warnings, "danger": True, "submit": title}
        return _form_page(unit, found, form, title, **shown)

    def keep() -> None:
        found = _for_change(unit, person_id, form.seen.data)
        people.end_role(base.context(unit), _role(found, role_id), form.last_day.data)

    back = link("people_one", person_id=person_id)
    return base.run(form, draw, keep, gettext("Đã kết thúc vai trò."), back)


@base.page("/people/<int:person_id>/<any(lock, unlock, invite):act>", "people_do", "POST")
def change_account(unit_id: int | None, person_id: int, act: str) -> ResponseReturnValue:
    """Lock the account, unlock it, or send the invitation again."""
    unit = unit_of(unit_id)
    with attempt() as outcome:
        found = _for_change(unit, person_id, request.form.get("seen"))
        if act == "invite":
            people.invite_again(base.context(unit), found)
        else:
            people.set_active(base.context(unit), found, act == "unlock")
    outcome.flash(str(_DONE[act]))
    return redirect(link("people_one", person_id=person_id))


_DONE = {
    "lock": lazy_gettext("Đã khóa tài khoản."),
    "unlock": lazy_gettext("Đã mở khóa tài khoản."),
    "invite": lazy_gettext("Đã gửi lại liên kết đặt mật khẩu. Liên kết cũ không còn dùng được."),
}


@base.blueprint.get("/people/<int:person_id>/address", endpoint="people_address")
@base.blueprint.post("/people/<int:person_id>/address", endpoint="people_replace_address")
@needs(Permission.ADMINISTER_SYSTEM)
def address(person_id: int) -> ResponseReturnValue:
    """Begin a change of somebody's address whose mailbox is lost."""
    form = LostAddressForm()

    def keep() -> None:
        _for_change(None, person_id, form.seen.data)
        email, reason = str(form.email.data), str(form.reason.data)
        own_address.replace_lost(base.context(None), person_id, email, reason)

    if not form.is_submitted():
        form = LostAddressForm(seen=_member(None, person_id).version)
    title = gettext("Thay địa chỉ thư đã mất")
    done = gettext("Đã gửi thư xác nhận tới địa chỉ mới và báo cho địa chỉ cũ.")
    back = link("people_one", person_id=person_id)
    shown = {"submit": gettext("Gửi thư xác nhận"), "sends": True}
    return base.run(
        form,
        lambda: _form_page(None, _member(None, person_id), form, title, **shown),
        keep,
        done,
        back,
    )


def _second_factor(person_id: int) -> FactorState:
    """Return how somebody's second factor stands, for who may take it away; else as if off.

    Nobody takes their own away here.
    """
    actor = current.actor()
    if actor.role is not Role.SYSTEM_ADMIN or actor.person_id == person_id:
        return FactorState()
    return second_factor.state(database(), person_id)


def _offer(form: PostForm, unit: Unit | None) -> None:
    offices = units.offices(database(), unit) if unit else []
    form.offer(UNIT_ROLES if unit else (Role.SYSTEM_ADMIN,), offices)


def _member(unit: Unit | None, person_id: int) -> Membership:
    found = units.member(database(), unit, person_id)
    if found is None:
        abort(404)
    return found


def _for_change(unit: Unit | None, person_id: int, seen: str | None) -> Membership:
    found = people.for_change(base.context(unit), person_id, seen or "")
    if found is None:
        abort(404)
    return found


def _role(found: Membership, role_id: int) -> RoleAssignment:
    """Find one of somebody's roles; not one lent by a decision, which ends with that decision."""
    held = next((role for role in found.assignments if role.id == role_id), None)
    if held is None or held.delegation_id is not None:
        abort(404)
    return held


def _add_page(unit: Unit | None, form: PersonForm) -> str:
    title = gettext("Mời người dùng") if unit else gettext("Mời quản trị hệ thống")
    back = (gettext("Người dùng"), link("people"))
    button = gettext("Gửi lời mời")
    return base.form_page(unit, form, title, back, submit=button, sends=True)


def _run(
    unit: Unit | None,
    person_id: int,
    form: Form,
    title: str,
    keep: Callable[[], None],
    done: str,
) -> ResponseReturnValue:
    """Run a form about somebody, whose page it leads back to."""
    back = link("people_one", person_id=person_id)
    return base.run(
        form,
        lambda: _form_page(unit, _member(unit, person_id), form, title),
        keep,
        done,
        back,
    )


def _form_page(unit: Unit | None, found: Membership, form: Form, title: str, **values: Any) -> str:
    name, back = found.person.name, link("people_one", person_id=found.person.id)
    return base.form_page(unit, form, title, (name, back), kicker=name, **values)


def _invited_text(email: str) -> str:
    if has_relay():
        return gettext("Đã gửi lời mời tới %(email)s.", email=email)
    return gettext("Đã ghi lời mời tới %(email)s; thư đang được giữ lại.", email=email)
