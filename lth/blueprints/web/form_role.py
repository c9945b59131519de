"""A form acts as the one it was written by: its role is compared with the one in use.

Who holds two roles may change to the other in a second window; without this, a form opened as the
leader of one commune would decide for another.
"""

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.blueprints.web import current, in_place, paging
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.expired_role import HARMLESS
from lth.blueprints.web.kept_form import AS_ROLE, READING, TO_ROLE
from lth.blueprints.web.layout import role_in_place
from lth.blueprints.web.permissions import permission_of
from lth.core.language import gettext


def register(app: Flask) -> None:
    """Compare at every request, and let every form of a page say its role."""
    app.before_request(_compare)
    app.jinja_env.globals.update(form_role=_form_role, AS_ROLE=AS_ROLE, TO_ROLE=TO_ROLE)


def _form_role() -> int | None:
    """Return the role assignment that a form of this page is written in; None signed out."""
    actor = current.actor_or_none()
    return actor.assignment_id if actor is not None else None


def _compare() -> ResponseReturnValue | None:
    """Refuse a form that was written in another role, unless it says to change to that role."""
    if request.method in READING or request.endpoint is None or not current.is_signed_in():
        return None
    actor = current.actor_or_none()
    if actor is None or permission_of(current_app, request.endpoint) in HARMLESS:
        return None
    written = paging.whole(request.form.get(AS_ROLE, ""), 2**31)
    if written == actor.assignment_id:
        return None
    if written is not None and TO_ROLE in request.form and current.choose_role(written):
        return None
    answer = error_response(
        409, title=gettext("Biểu mẫu của vai trò khác"), text=_words(written, actor)
    )
    if in_place.stays_open() and any(one.id == written for one in current.assignments()):
        answer.headers[in_place.NOTICE] = in_place.OTHER_ROLE
    return answer


def _words(written: int | None, actor: Actor) -> str:
    """Say in which role the form was written, and in which one it would act now."""
    held = {one.id: one for one in current.assignments()}
    now = role_in_place(held[actor.assignment_id])
    if written is None:
        text = gettext("Biểu mẫu vừa gửi không ghi vai trò của người lập.")
    elif written in held:
        text = gettext(
            "Biểu mẫu vừa gửi được mở với vai trò “%(role)s”.", role=role_in_place(held[written])
        )
    else:
        text = gettext("Biểu mẫu vừa gửi được mở với một vai trò mà anh/chị không giữ.")
    return gettext(
        "%(form)s Bây giờ anh/chị đang làm việc với vai trò “%(role)s”, nên chưa có gì được "
        "thực hiện.",
        form=text,
        role=now,
    )
