"""A role that ends while its holder is at work: they are told, and nothing is done in another.

Without this the next page would be in another of their roles before they noticed, and what they
sent from the last one would be done in that.
"""

from flask import Flask, current_app, flash, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.access import on_behalf
from lth.administration import accounts
from lth.blueprints.web import current
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.layout import actor_role
from lth.blueprints.web.permissions import Permission, permission_of
from lth.core.language import gettext, say

HARMLESS = {Permission.PUBLIC, Permission.SIGNED_IN}
"""What is nobody's act in a role: signing out, another role, the language."""


def register(app: Flask) -> None:
    app.before_request(_tell)


def _tell() -> ResponseReturnValue | None:
    if request.endpoint in {None, *current.NOBODYS} or not _has_lost_role():
        return None
    words = _words()
    cookie.pop(current.ROLE_KEY)
    permission = permission_of(current_app, str(request.endpoint))
    if request.method in {"GET", "HEAD", "OPTIONS"} or permission in HARMLESS:
        flash(words, "warning")
        return None
    text = gettext("%(words)s Việc vừa gửi chưa được thực hiện.", words=words)
    return error_response(409, title=gettext("Vai trò đã kết thúc"), text=text)


def _has_lost_role() -> bool:
    """Tell whether the role chosen in this browser is no longer the signed-in person's."""
    chosen = cookie.get(current.ROLE_KEY)
    if chosen is None or not current.is_signed_in():
        return False
    return all(held.id != chosen for held in current.assignments())


def _words() -> str:
    """Word which role is over, and which one it is now."""
    lent = accounts.former(
        current.database(), current_user.account.person_id, cookie[current.ROLE_KEY]
    )
    now = current.actor_or_none()
    over = say(on_behalf.over(lent)) if lent else gettext("Vai trò anh/chị vừa dùng đã kết thúc.")
    if now is None:
        return over
    return gettext(
        "%(over)s Từ giờ anh/chị làm việc với vai trò “%(role)s”.", over=over, role=actor_role(now)
    )
