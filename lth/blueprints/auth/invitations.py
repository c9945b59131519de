"""Answering an invitation by its link: with the account of its address, or making that account."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.access.roles import role_label
from lth.administration import invitations
from lth.administration.invitations import InvitationState, Invitee, OfferedRole
from lth.blueprints.auth.forms import JoinForm
from lth.blueprints.auth.views import blueprint
from lth.blueprints.web import current
from lth.blueprints.web.current import database, now
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.core.language import gettext


@blueprint.get("/invitation/<token>")
@needs(Permission.PUBLIC)
def invitation(token: str) -> ResponseReturnValue:
    """Show what one is invited to, and how it is answered; opening it uses nothing up."""
    offer = invitations.offered(database(), token, now())
    if offer is None or offer.state is not InvitationState.WAITING:
        return _over(offer)
    form = JoinForm(formdata=None, name=offer.name, position=offer.position)
    return _page(offer, token, form)


@blueprint.post("/invitation/<token>")
@needs(Permission.PUBLIC)
def answer_invitation(token: str) -> ResponseReturnValue:
    """Accept or decline, in the way that the page offers."""
    offer = invitations.offered(database(), token, now())
    if offer is None or offer.state is not InvitationState.WAITING:
        return _over(offer)
    if request.form.get("act") == "decline":
        return _decline(offer, token)
    if current.is_signed_in():
        return _accept(offer, token)
    return _join(offer, token)


def _join(offer: OfferedRole, token: str) -> ResponseReturnValue:
    """Make the account and accept; whoever has one is asked to sign in."""
    form = JoinForm()
    if invitations.has_account(database(), offer):
        return redirect(url_for("auth.sign_in", next=request.path))
    if not form.validate():
        return _page(offer, token, form), 422
    who = Invitee(offer.email, str(form.name.data), str(form.position.data or ""))
    new, repeated = str(form.password.data), str(form.repeated.data)
    joined = None
    with attempt(form=form) as outcome:
        joined = invitations.join(database(), offer, who, new, repeated, now())
    if outcome.blocked:
        return _page(offer, token, form), outcome.code
    if joined is None:
        return _over(invitations.offered(database(), token, now()))
    flash(gettext("Đã nhận lời mời và tạo tài khoản. Hãy đăng nhập."), "success")
    return redirect(url_for("auth.sign_in"))


def _accept(offer: OfferedRole, token: str) -> ResponseReturnValue:
    accepted = False
    with attempt() as outcome:
        person_id = current_user.account.person_id
        accepted = invitations.accept(database(), offer, person_id, now())
    return _answered(outcome, offer, token, accepted, gettext("Đã nhận lời mời."))


def _decline(offer: OfferedRole, token: str) -> ResponseReturnValue:
    """Decline; whoever has the mail may, signed in or not, but for somebody else's account."""
    if _is_somebody_else(offer):
        return _page(offer, token, None), 403
    declined = False
    with attempt() as outcome:
        declined = invitations.decline(database(), offer, now())
    if declined and not current.is_signed_in():
        return render_template("auth/invitation_declined.html", offer=offer, role=_role(offer))
    return _answered(outcome, offer, token, declined, gettext("Đã từ chối lời mời."))


def _answered(
    outcome: Outcome, offer: OfferedRole, token: str, done: bool, said: str
) -> ResponseReturnValue:
    if outcome.done and not done:  # another window was first
        return _over(invitations.offered(database(), token, now()))
    outcome.flash(said)
    if outcome.done:
        return redirect(url_for("account.profile"))
    return redirect(url_for("auth.invitation", token=token))


def _is_somebody_else(offer: OfferedRole) -> bool:
    if not current.is_signed_in():
        return False
    return not invitations.is_for(database(), offer, current_user.account.person_id)


def _page(offer: OfferedRole, token: str, form: JoinForm | None) -> str:
    return render_template(
        "auth/invitation.html", offer=offer, token=token, role=_role(offer), **_way(offer, form)
    )


def _way(offer: OfferedRole, form: JoinForm | None) -> dict[str, Any]:
    """Say how whoever has the link answers: signed in already, by signing in, or by joining."""
    if current.is_signed_in():
        way = "other" if _is_somebody_else(offer) else "answer"
        return {"way": way, "form": None, "who": current_user.account.name}
    way = "sign_in" if invitations.has_account(database(), offer) else "join"
    return {"way": way, "form": form if way == "join" else None}


def _over(offer: OfferedRole | None) -> ResponseReturnValue:
    """Say why it cannot be answered, and how to get another one."""
    expired = offer is not None and offer.state is InvitationState.EXPIRED
    return render_template("auth/invitation_over.html", offer=offer, expired=expired), 410


def _role(offer: OfferedRole) -> str:
    return role_label(offer.role)
