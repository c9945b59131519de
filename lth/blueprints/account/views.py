"""The pages of one's own account."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.access.roles import role_label
from lth.administration import accounts, feeds, invitations, own_account, sessions
from lth.blueprints.account.forms import ChangePasswordForm, MailForm
from lth.blueprints.admin.wording import span
from lth.blueprints.auth.views import home_url
from lth.blueprints.web import committing, current, paging
from lth.blueprints.web.addresses import safe_next
from lth.blueprints.web.current import ROLE_KEY, begin_session, database, now
from lth.blueprints.web.layout import held_role
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import language
from lth.core.errors import BlockedError
from lth.core.language import gettext

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@needs(Permission.SIGNED_IN)
def profile() -> ResponseReturnValue:
    """Show who one is here, the roles one holds, and the form for another password."""
    return _profile_page()


@blueprint.post("")
@needs(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Keep another password: other sessions end, this one goes on."""
    form = ChangePasswordForm()
    if not form.validate():
        return _profile_page(form), 422
    person_id = _person_id()
    old, new, repeated = (str(field.data) for field in (form.old, form.password, form.repeated))
    with attempt(BlockedError, form=form) as outcome:
        changed = accounts.change_password(database(), person_id, old, new, repeated, now())
        if changed:
            go_on_here(second_factor_at=current_user.account.session.second_factor_at)
    if outcome.blocked:
        return _profile_page(form), outcome.code
    if not changed:
        form.old.errors = [gettext("Mật khẩu hiện tại chưa đúng.")]
        return _profile_page(form), 422
    flash(gettext("Đã đổi mật khẩu. Các nơi đăng nhập khác đã bị đăng xuất."), "success")
    return redirect(url_for("account.profile"))


@blueprint.post("/role")
@needs(Permission.SIGNED_IN)
def switch_role() -> ResponseReturnValue:
    """Act in another of one's roles, from its desk or on the page that it was asked for."""
    wanted = paging.whole(request.form.get("role", ""), 2**31)
    if wanted is None or current.choose_role(wanted) is None:
        abort(404)
    return redirect(safe_next(request.form.get("next")) or home_url())


@blueprint.post("/mail")
@needs(Permission.SIGNED_IN)
def choose_mail() -> ResponseReturnValue:
    """Send mail at once, or one letter each morning, from now on."""
    form = MailForm()
    if not form.validate():
        return _profile_page(mail_form=form), 422
    gathered = form.mail.data == "morning"
    with committing.with_answer():
        accounts.choose_mail(database(), _person_id(), gathered=gathered)
    if gathered:
        text = gettext("Đã lưu: từ nay thư báo được gộp thành một thư mỗi buổi sáng.")
    else:
        text = gettext("Đã lưu: từ nay thư báo đến ngay khi có việc; thư đang chờ sẽ được gửi.")
    flash(text, "success")
    return redirect(url_for("account.profile"))


@blueprint.post("/language")
@needs(Permission.PUBLIC)
def switch_language() -> ResponseReturnValue:
    """Write pages (and, signed in, mail) in another language from now on."""
    wanted = request.form.get("language", "")
    if wanted not in language.AVAILABLE:
        abort(404)
    cookie[current.LANGUAGE_KEY] = wanted
    if current.is_signed_in():
        with committing.with_answer():
            accounts.choose_language(database(), _person_id(), wanted)
    return redirect(safe_next(request.form.get("next")) or url_for("auth.home"))


@blueprint.get("/calendar")
@needs(Permission.SIGNED_IN)
def feed() -> ResponseReturnValue:
    """Show whether there is a calendar address, what it is for, and what can be done with it."""
    return _feed_page()


@blueprint.post("/calendar")
@needs(Permission.SIGNED_IN)
def make_feed() -> ResponseReturnValue:
    """Make an address instead of the one before, shown in this answer and never again."""
    with committing.with_answer():
        token = feeds.make(database(), _person_id(), language.current(), now())
    address = current_app.config["SETTINGS"].base_url + url_for("feed.calendar", token=token)
    return _feed_page(address)


@blueprint.post("/calendar/revoke")
@needs(Permission.SIGNED_IN)
def revoke_feed() -> ResponseReturnValue:
    """Have the address lead nowhere any more."""
    with committing.with_answer():
        revoked = feeds.revoke(database(), _person_id(), now())
    if revoked:
        flash(gettext("Đã thu hồi địa chỉ lịch. Ứng dụng lịch không đọc được hạn nữa."), "success")
    return redirect(url_for("account.feed"))


def _person_id() -> int:
    return current_user.account.person_id


def _profile_page(form: ChangePasswordForm | None = None, mail_form: MailForm | None = None) -> str:
    person_id = _person_id()
    if mail_form is None:
        gathered = accounts.gathers_mail(database(), person_id)
        mail_form = MailForm(formdata=None, mail="morning" if gathered else "now")
    return render_template(
        "account/profile.html",
        form=form or ChangePasswordForm(formdata=None),
        mail_form=mail_form,
        account=current_user.account,
        email=accounts.email_of(database(), person_id),
        own=own_account.details(database(), person_id),
        held=_roles_held(),
        offers=invitations.offers_to(database(), person_id, now()),
        role_label=role_label,
        places=sessions.places(database(), person_id, current.session_token(), now()),
    )


def _roles_held() -> list[dict[str, Any]]:
    """Word one's roles, the one in use marked, and the one that one begins in."""
    actor, roles = current.actor_or_none(), current.assignments()
    first = current.begun_in(roles).id if roles else None
    return [
        {
            "id": held.id,
            "name": f"{held_role(held)}, {held.unit.full_name}" if held.unit else held_role(held),
            "office": held.office.name if held.office else "",
            "span": span(held),
            "current": actor is not None and held.id == actor.assignment_id,
            "first": held.id == first,
            "lent": held.delegation_id is not None,
        }
        for held in roles
    ]


def go_on_here(second_factor_at: datetime | None) -> None:
    """Keep this browser signed in, by a new session, in the role it was in."""
    role = cookie.get(ROLE_KEY)
    begin_session(_person_id(), second_factor_at=second_factor_at)
    if role is not None:
        cookie[ROLE_KEY] = role


def _feed_page(address: str = "") -> str:
    return render_template(
        "account/calendar.html",
        address=address,
        webcal=f"webcal:{address.partition(':')[2]}" if address else "",
        made_at=feeds.made_at(database(), _person_id()),
    )
