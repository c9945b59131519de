"""Ending what is signed in elsewhere, from one's account page."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.administration import sessions
from lth.blueprints.account.views import blueprint
from lth.blueprints.web import committing, current
from lth.blueprints.web.current import database, now
from lth.blueprints.web.permissions import Permission, needs
from lth.core.i18n import C_, Message
from lth.core.language import gettext, say
from lth.models.person import SessionEnd

_ENDED = C_("Đã đăng xuất %(num)s nơi khác.")


@blueprint.post("/sessions/<int:session_id>/end")
@needs(Permission.SIGNED_IN)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign oneself out in one other place."""
    person_id = current_user.account.person_id
    with committing.with_answer():
        ended = sessions.end_one(database(), person_id, session_id, now())
    if not ended:
        abort(404)
    flash(gettext("Đã đăng xuất ở nơi đó."), "success")
    return redirect(url_for("account.profile", _anchor="places"))


@blueprint.post("/sessions/end")
@needs(Permission.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    """Sign oneself out everywhere else."""
    person_id, here = current_user.account.person_id, current.session_token()
    with committing.with_answer():
        count = sessions.end_all(database(), person_id, SessionEnd.ENDED_BY_OWNER, now(), but=here)
    flash(say(Message(_ENDED, number=count)), "success")
    return redirect(url_for("account.profile", _anchor="places"))
