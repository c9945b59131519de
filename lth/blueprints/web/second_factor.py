"""A role whose unit asks for a second factor opens nothing before its holder has set one up."""

from flask import Flask, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.administration.second_factor import Prover
from lth.blueprints.web import current, in_place
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.kept_form import READING
from lth.blueprints.web.permissions import Permission, permission_of
from lth.core.language import gettext

_OPEN = {Permission.PUBLIC, Permission.SIGNED_IN}
"""What belongs to no role: one's account, another role, signing out."""


def register(app: Flask) -> None:
    """Ask at every request, before its permission is looked at."""
    app.before_request(_lead_to_set_up)


def prover(person_id: int) -> Prover:
    """Return somebody as the one who types a code in this request."""
    key = current_app.config["SETTINGS"].secret_key
    return Prover(person_id, current.origin().address, key, current.now())


def is_lacking() -> bool:
    """Tell whether the role in use may be used only with a second factor, and there is none."""
    actor = current.actor_or_none()
    return actor is not None and current_user.account.lacks_second_factor(actor.assignment_id)


def _lead_to_set_up() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or permission_of(current_app, endpoint) in _OPEN or not is_lacking():
        return None
    text = gettext(
        "Đơn vị yêu cầu vai trò này xác nhận hai bước khi đăng nhập. "
        "Hãy cài đặt một lần tại đây rồi làm việc tiếp."
    )
    if request.method in READING and not in_place.stays_open():
        flash(text, "warning")
        return redirect(url_for("account.second_factor"))
    return error_response(
        403,
        title=gettext("Cần cài đặt xác nhận hai bước"),
        text=text,
        action=(gettext("Cài đặt xác nhận hai bước"), url_for("account.second_factor")),
    )
