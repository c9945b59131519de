"""A page that was made for one person, in a browser where another or nobody is signed in now.

What it sends is refused before anything else is asked: it would be done as somebody else.
"""

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.blueprints.web import current, in_place
from lth.blueprints.web.errors import error_response
from lth.core.language import gettext


def check() -> ResponseReturnValue | None:
    """Refuse what a page sends for a person who is not signed in: 401 for nobody, 409 for another.

    Only pages that stay open say whose they are; of others the form's token is the proof.
    """
    wanted = request.headers.get(in_place.PERSON)
    if not wanted or not in_place.stays_open():
        return None
    if not current.is_signed_in():
        return error_response(401)
    account = current_user.account
    if wanted == str(account.person_id):
        return None
    text = gettext(
        "Nay đăng nhập trên trình duyệt này là %(name)s, nên chưa gửi gì từ trang này. "
        "Hãy đăng nhập lại bằng tài khoản của trang này rồi gửi tiếp.",
        name=account.name,
    )
    return error_response(409, title=gettext("Người khác đã đăng nhập"), text=text)
