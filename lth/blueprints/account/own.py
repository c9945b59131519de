"""What one changes about oneself: name, position, the role to begin in, invitations, the address.

Each part is a page of its own but for the small forms of the profile.
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.administration import accounts, invitations, own_account, own_address
from lth.administration.own_account import OwnDetails
from lth.administration.own_address import ReadChange
from lth.blueprints.account.forms import AddressForm, OwnNameForm
from lth.blueprints.account.views import blueprint, go_on_here
from lth.blueprints.web import current, paging
from lth.blueprints.web.current import ROLE_KEY, database, now
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext


@blueprint.get("/name")
@needs(Permission.SIGNED_IN)
def own_name() -> ResponseReturnValue:
    """Show the form of one's name and position."""
    held = own_account.details(database(), _person_id())
    form = OwnNameForm(formdata=None, obj=held, seen=held.version)
    return render_template("account/name.html", form=form)


@blueprint.post("/name")
@needs(Permission.SIGNED_IN)
def rename() -> ResponseReturnValue:
    """Keep another name or position of one's own."""
    form = OwnNameForm()
    if not form.validate():
        return render_template("account/name.html", form=form), 422
    wanted = OwnDetails(str(form.name.data), str(form.position.data or ""))
    with attempt(form=form) as outcome:
        own_account.rename(database(), _person_id(), wanted, str(form.seen.data or ""), now())
    if outcome.blocked:
        return render_template("account/name.html", form=form), outcome.code
    outcome.flash(gettext("Đã lưu tên, chức vụ."))
    return redirect(url_for("account.profile" if outcome.done else "account.own_name"))


@blueprint.post("/begin-in")
@needs(Permission.SIGNED_IN)
def begin_in() -> ResponseReturnValue:
    """Begin in another of one's roles from the next sign-in on."""
    wanted = paging.whole(request.form.get("role", ""), 2**31)
    done = False
    with attempt():
        done = wanted is not None and own_account.begin_in(database(), _person_id(), wanted, now())
    if not done:
        abort(404)
    acting = current.actor_or_none()
    if acting is not None:  # this visit goes on in the role it is in
        cookie[ROLE_KEY] = acting.assignment_id
    flash(gettext("Đã lưu: lần đăng nhập sau, anh/chị vào thẳng vai trò này."), "success")
    return redirect(url_for("account.profile"))


@blueprint.post("/invitations/<int:invitation_id>/<any(accept, decline):act>")
@needs(Permission.SIGNED_IN)
def answer(invitation_id: int, act: str) -> ResponseReturnValue:
    """Accept or decline what one's own address is invited to."""
    person_id = _person_id()
    offer = invitations.offer_to(database(), person_id, invitation_id, now())
    if offer is None:
        flash(gettext("Lời mời này không còn chờ trả lời."), "info")
        return redirect(url_for("account.profile"))
    with attempt() as outcome:
        if act == "accept":
            invitations.accept(database(), offer, person_id, now())
        else:
            invitations.decline(database(), offer, now())
    done = {"accept": gettext("Đã nhận lời mời."), "decline": gettext("Đã từ chối lời mời.")}
    outcome.flash(done[act])
    return redirect(url_for("account.profile"))


# --- The address --------------------------------------------------------------------------


@blueprint.get("/address")
@needs(Permission.SIGNED_IN)
def own_address_form() -> ResponseReturnValue:
    """Show one's address, the one it is about to change to, and the form for another."""
    return _address_page(AddressForm(formdata=None))


@blueprint.post("/address")
@needs(Permission.SIGNED_IN)
def change_address() -> ResponseReturnValue:
    """Ask both addresses to confirm; the answer is the same whoever has the new one."""
    form = AddressForm()
    if not form.validate():
        return _address_page(form), 422
    asked = False
    with attempt(form=form) as outcome:
        password, email = str(form.old.data), str(form.email.data)
        asked = own_address.ask(database(), _person_id(), password, email, now())
    if outcome.blocked:
        return _address_page(form), outcome.code
    if not asked:
        form.old.errors = [gettext("Mật khẩu hiện tại chưa đúng.")]
        return _address_page(form), 422
    text = gettext("Đã gửi thư xác nhận tới cả hai địa chỉ. Địa chỉ đổi khi cả hai cùng xác nhận.")
    flash(text, "success")
    return redirect(url_for("account.own_address_form"))


@blueprint.get("/address/<token>")
@needs(Permission.PUBLIC)
def address_change(token: str) -> ResponseReturnValue:
    """Show the change that a link is about; opening it uses nothing up."""
    change = own_address.read(database(), token, now())
    return _change_over() if change is None else _change_page(change, token)


@blueprint.post("/address/<token>")
@needs(Permission.PUBLIC)
def answer_change(token: str) -> ResponseReturnValue:
    """Confirm the change for this address, or stop it."""
    change = own_address.read(database(), token, now())
    if change is None:
        return _change_over()
    done = False
    with attempt() as outcome:
        if request.form.get("act") == "stop":
            own_address.stop(database(), change, now())
        else:
            done = own_address.confirm(database(), change, now())
        if done:
            _stay_signed_in(change.person_id)
    outcome.flash()
    change_now = own_address.read(database(), token, now())
    if change_now is not None:
        return redirect(url_for("account.address_change", token=token))
    return render_template("account/address_done.html", change=change, done=done)


def _stay_signed_in(person_id: int) -> None:
    """Let this browser go on, where it is the person's; all others have to sign in again."""
    if current.is_signed_in() and _person_id() == person_id:
        go_on_here(second_factor_at=current_user.account.session.second_factor_at)


def _address_page(form: AddressForm) -> str:
    return render_template(
        "account/address.html",
        form=form,
        email=accounts.email_of(database(), _person_id()),
        pending=own_address.pending(database(), _person_id(), now()),
    )


def _change_page(change: ReadChange, token: str) -> str:
    return render_template("account/address_change.html", change=change, token=token)


def _change_over() -> ResponseReturnValue:
    return render_template("account/address_over.html"), 410


def _person_id() -> int:
    return current_user.account.person_id
