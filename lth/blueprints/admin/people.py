"""People: the list, one of them, and what an administrator may change about them."""

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from lth.administration import people, units
from lth.administration.people import UNIT_ROLES, Added
from lth.administration.units import Membership
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, show, unit_of
from lth.blueprints.admin.forms import EndForm, NameForm, PersonForm, PostForm
from lth.blueprints.web import paging
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.errors import BlockedError
from lth.core.language import gettext, lazy_gettext
from lth.models import RoleAssignment, Unit
from lth.models.person import Role


@base.page("/people", endpoint="people")
@needs(Permission.ADMINISTER_UNIT)
def listing(unit_id: int | None) -> ResponseReturnValue:
    """Everybody who holds, held or will hold a role in the unit."""
    unit = unit_of(unit_id)
    search = request.args.get("q", "").strip()
    members, total = units.people(database(), unit, search=search, number=paging.number())
    return show("people", unit, members=members, page=paging.page(total), search=search)


@base.page("/people/add", endpoint="people_add")
@needs(Permission.ADMINISTER_UNIT)
def add(unit_id: int | None) -> ResponseReturnValue:
    """The form for somebody new."""
    unit = unit_of(unit_id)
    form = PersonForm(formdata=None, valid_from=clock.today())
    _offer(form, unit)
    return _add_page(unit, form)


@base.post("/people/add")
@needs(Permission.ADMINISTER_UNIT)
def people_create(unit_id: int | None) -> ResponseReturnValue:
    """Add them, with a role and an invitation."""
    unit = unit_of(unit_id)
    form = PersonForm()
    _offer(form, unit)
    if not form.validate():
        return _add_page(unit, form), 422
    with attempt(BlockedError, form=form) as outcome:
        added = people.add_person(base.context(unit), form.details(), form.post())
        done, person_id = _added_text(added), added.person.id
    if outcome.blocked:
        return _add_page(unit, form), outcome.code
    return base.lead_back(outcome, done, "people_one", person_id=person_id)


@base.page("/people/<int:person_id>", endpoint="people_one")
@needs(Permission.ADMINISTER_UNIT)
def one(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """Somebody, their roles here, and the state of their account."""
    unit = unit_of(unit_id)
    return show("person", unit, found=_member(unit, person_id), today=clock.today())


@base.page("/people/<int:person_id>/name", endpoint="people_name")
@needs(Permission.ADMINISTER_UNIT)
def name(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """The form for another name or position."""
    unit = unit_of(unit_id)
    found = _member(unit, person_id)
    form = NameForm(formdata=None, obj=found.person, seen=found.version)
    return _person_form(unit, person_id, form, gettext("Sửa tên, chức vụ"))


@base.post("/people/<int:person_id>/name")
@needs(Permission.ADMINISTER_UNIT)
def people_rename(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """Keep another name or position."""
    unit, form = unit_of(unit_id), NameForm()
    title = gettext("Sửa tên, chức vụ")
    if not form.validate():
        return _person_form(unit, person_id, form, title), 422
    with attempt(form=form) as outcome:
        found = _for_change(unit, person_id, form.seen.data)
        people.rename(base.context(unit), found, str(form.name.data), str(form.position.data or ""))
    if outcome.blocked:
        return _person_form(unit, person_id, form, title), outcome.code
    return base.lead_back(outcome, gettext("Đã lưu."), "people_one", person_id=person_id)


@base.page("/people/<int:person_id>/roles", endpoint="people_role")
@needs(Permission.ADMINISTER_UNIT)
def role(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """The form for one more role."""
    unit = unit_of(unit_id)
    found = _member(unit, person_id)
    form = PostForm(formdata=None, valid_from=clock.today(), seen=found.version)
    _offer(form, unit)
    return _person_form(unit, person_id, form, gettext("Thêm vai trò"))


@base.post("/people/<int:person_id>/roles")
@needs(Permission.ADMINISTER_UNIT)
def people_give(unit_id: int | None, person_id: int) -> ResponseReturnValue:
    """Give one more role."""
    unit, form = unit_of(unit_id), PostForm()
    _offer(form, unit)
    title = gettext("Thêm vai trò")
    if not form.validate():
        return _person_form(unit, person_id, form, title), 422
    with attempt(form=form) as outcome:
        found = _for_change(unit, person_id, form.seen.data)
        people.give_role(base.context(unit), found.person, form.post())
    if outcome.blocked:
        return _person_form(unit, person_id, form, title), outcome.code
    return base.lead_back(outcome, gettext("Đã giao vai trò."), "people_one", person_id=person_id)


@base.page("/people/<int:person_id>/roles/<int:role_id>/end", endpoint="people_end")
@needs(Permission.ADMINISTER_UNIT)
def end(unit_id: int | None, person_id: int, role_id: int) -> ResponseReturnValue:
    """The form that ends a role."""
    unit = unit_of(unit_id)
    found = _member(unit, person_id)
    form = EndForm(formdata=None, seen=found.version)
    return _end_page(unit, found, role_id, form)


@base.post("/people/<int:person_id>/roles/<int:role_id>/end")
@needs(Permission.ADMINISTER_UNIT)
def people_end_role(unit_id: int | None, person_id: int, role_id: int) -> ResponseReturnValue:
    """End a role, at once or after a day."""
    unit, form = unit_of(unit_id), EndForm()
    if not form.validate():
        return _end_page(unit, _member(unit, person_id), role_id, form), 422
    with attempt(form=form) as outcome:
        found = _for_change(unit, person_id, form.seen.data)
        people.end_role(base.context(unit), _role(found, role_id), form.last_day.data)
    if outcome.blocked:
        return _end_page(unit, _member(unit, person_id), role_id, form), outcome.code
    done = gettext("Đã kết thúc vai trò.")
    return base.lead_back(outcome, done, "people_one", person_id=person_id)


@base.post("/people/<int:person_id>/<any(lock, unlock, invite):act>")
@needs(Permission.ADMINISTER_UNIT)
def people_do(unit_id: int | None, person_id: int, act: str) -> ResponseReturnValue:
    """Lock the account, unlock it, or send the invitation again."""
    unit = unit_of(unit_id)
    with attempt() as outcome:
        found = _for_change(unit, person_id, request.form.get("seen"))
        _act(unit, found, act)
    return base.lead_back(outcome, str(_DONE[act]), "people_one", person_id=person_id)


def _act(unit: Unit | None, found: Membership, act: str) -> None:
    if act == "invite":
        people.invite_again(base.context(unit), found)
    else:
        people.set_active(base.context(unit), found, act == "unlock")


_DONE = {
    "lock": lazy_gettext("Đã khóa tài khoản."),
    "unlock": lazy_gettext("Đã mở khóa tài khoản."),
    "invite": lazy_gettext("Đã gửi lại thư mời. Liên kết cũ không còn dùng được."),
}


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
    """One of somebody's roles; not one that a decision lends, which ends with that decision."""
    held = next((one for one in found.assignments if one.id == role_id), None)
    if held is None or held.delegation_id is not None:
        abort(404)
    return held


def _add_page(unit: Unit | None, form: PersonForm) -> str:
    title = gettext("Thêm người dùng") if unit else gettext("Thêm quản trị hệ thống")
    back = (gettext("Người dùng"), link("people"))
    return base.form_page(unit, form, title, back, submit=gettext("Thêm và gửi thư mời"))


def _person_form(unit: Unit | None, person_id: int, form: Any, title: str) -> str:
    found = _member(unit, person_id)
    back = (found.person.name, link("people_one", person_id=person_id))
    return base.form_page(unit, form, title, back, kicker=found.person.name)


def _end_page(unit: Unit | None, found: Membership, role_id: int, form: EndForm) -> str:
    held = _role(found, role_id)
    back = (found.person.name, link("people_one", person_id=found.person.id))
    return base.form_page(
        unit,
        form,
        gettext("Kết thúc vai trò"),
        back,
        kicker=found.person.name,
        ending=held,
        danger=True,
        submit=gettext("Kết thúc vai trò"),
    )


def _added_text(added: Added) -> str:
    name = added.person.name
    if added.invited:
        return gettext("Đã thêm %(name)s và gửi thư mời đặt mật khẩu.", name=name)
    return gettext("%(name)s đã có tài khoản và nay có thêm vai trò này.", name=name)
