"""Taking away the second factor of somebody who has lost it, as the system's administrator does."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.administration import second_factor, units
from lth.blueprints.admin import base
from lth.blueprints.admin.base import blueprint
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext


@blueprint.post("/people/<int:person_id>/second-factor/reset")
@needs(Permission.ADMINISTER_SYSTEM)
def reset_second_factor(person_id: int) -> ResponseReturnValue:
    """Have somebody sign in with the password alone, until they set up another."""
    if units.member(database(), None, person_id) is None:
        abort(404)
    with attempt() as outcome:
        second_factor.reset(base.context(None), person_id, request.form.get("seen", ""))
    outcome.flash(gettext("Đã gỡ xác nhận hai bước và gửi thư báo cho người này."))
    return redirect(url_for("admin.people_one", person_id=person_id))
