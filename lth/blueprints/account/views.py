"""The pages of one's own account."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.administration import accounts
from lth.blueprints.account.forms import ChangePasswordForm, MailForm
from lth.blueprints.admin.wording import span
from lth.blueprints.auth.guests import safe_next
from lth.blueprints.auth.views import home_url
from lth.blueprints.web import current, paging
from lth.blueprints.web.current import ROLE_KEY, begin_session, database, now
from lth.blueprints.web.layout import held_role
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import language
from lth.core.database import unit_of_work
from lth.core.errors import BlockedError
from lth.core.language import gettext

blueprint = Blueprint("account", __name__, url_prefix="/account")


@dataclass(frozen=True)
class RoleHeld:
    """One of one's roles, as the profile shows it."""

    id: int
    name: str
    office: str
    span: str
    current: bool


@blueprint.get("")
@needs(Permission.SIGNED_IN)
def profile() -> ResponseReturnValue:
    """Who one is here, the roles one holds, and the form for another password."""
    return _profile_page()


@blueprint.post("")
@needs(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Another password: other sessions end, this one goes on."""
    form = ChangePasswordForm()
    if not form.validate():
        return _profile_page(form), 422
    person_id = current_user.account.person_id
    old, new, repeated = (str(one.data) for one in (form.old, form.password, form.repeated))
    with attempt(BlockedError, form=form) as outcome:
        serial = accounts.change_password(database(), person_id, old, new, repeated, now())
    if outcome.blocked:
        return _profile_page(form), outcome.code
    if serial is None:
        form.old.errors = [gettext("Mật khẩu hiện tại chưa đúng.")]
        return _profile_page(form), 422
    _go_on_here(person_id, serial)
    flash(gettext("Đã đổi mật khẩu. Các nơi đăng nhập khác đã bị đăng xuất."), "success")
    return redirect(url_for("account.profile"))


@blueprint.post("/role")
@needs(Permission.SIGNED_IN)
def switch_role() -> ResponseReturnValue:
    """Act in another of one's roles, from its desk."""
    wanted = paging.whole(request.form.get("role", ""), 2**31)
    if wanted is None or current.choose_role(wanted) is None:
        abort(404)
    return redirect(home_url())


@blueprint.post("/mail")
@needs(Permission.SIGNED_IN)
def choose_mail() -> ResponseReturnValue:
    """Mail at once, or one letter each morning, from now on."""
    form = MailForm()
    if not form.validate():
        return _profile_page(mail_form=form), 422
    gathered = form.mail.data == "morning"
    with unit_of_work(database()):
        accounts.choose_mail(database(), current_user.account.person_id, gathered=gathered)
    if gathered:
        said = gettext("Đã lưu: từ nay thư báo được gộp thành một thư mỗi buổi sáng.")
    else:
        said = gettext("Đã lưu: từ nay thư báo đến ngay khi có việc; thư đang chờ sẽ được gửi.")
    flash(said, "success")
    return redirect(url_for("account.profile"))


@blueprint.post("/language")
@needs(Permission.PUBLIC)
def switch_language() -> ResponseReturnValue:
    """Pages (and, signed in, mail) in another language from now on."""
    wanted = request.form.get("language", "")
    if wanted not in language.AVAILABLE:
        abort(404)
    cookie[current.LANGUAGE_KEY] = wanted
    if current.is_signed_in():
        with unit_of_work(database()):
            accounts.choose_language(database(), current_user.account.person_id, wanted)
    return redirect(safe_next(request.form.get("next")) or url_for("auth.home"))


def _profile_page(form: ChangePasswordForm | None = None, mail_form: MailForm | None = None) -> str:
    person_id = current_user.account.person_id
    if mail_form is None:
        gathered = accounts.gathers_mail(database(), person_id)
        mail_form = MailForm(formdata=None, mail="morning" if gathered else "now")
    return render_template(
        "account/profile.html",
        form=form or ChangePasswordForm(formdata=None),
        mail_form=mail_form,
        account=current_user.account,
        email=accounts.email_of(database(), person_id),
        held=_roles_held(),
    )


def _roles_held() -> list[RoleHeld]:
    actor = current.actor_or_none()
    here = actor.assignment_id if actor else None
    return [
        RoleHeld(
            held.id,
            f"{held_role(held)}, {held.unit.full_name}" if held.unit else held_role(held),
            held.office.name if held.office else "",
            span(held),
            held.id == here,
        )
        for held in current.assignments()
    ]


def _go_on_here(person_id: int, serial: int) -> None:
    """This browser stays signed in, in the role it was in."""
    role = cookie.get(ROLE_KEY)
    begin_session(person_id, serial)
    if role is not None:
        cookie[ROLE_KEY] = role
