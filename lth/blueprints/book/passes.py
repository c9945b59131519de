"""How a board's telephone is known: a signed cookie of its own, good for as long as its key is.

It lies beside the cookie of whoever has signed in in the same browser and has nothing to do with
it: it is sent to the book's pages alone, and those ask nothing of the other.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, NoReturn

from flask import Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lth.blueprints.web import current
from lth.clubs import keys
from lth.clubs.keys import KeyHolder
from lth.core.language import gettext

COOKIE = "lth_book"
AGE = timedelta(days=365)
"""So long a telephone stays known; a key that is revoked ends it at once."""

SCRIPT = "LTH-Book"
"""The header of what the page's own script asks; of an answer, that it is a page of a board's."""

View = Callable[..., ResponseReturnValue]


def put(response: Response, holder: KeyHolder) -> None:
    """Have this browser be the board's from now on."""
    response.set_cookie(
        COOKIE,
        _signer().dumps([holder.key_id, holder.mark]),
        max_age=AGE,
        path=_path(),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SETTINGS"].is_secure,
    )


def drop(response: Response) -> None:
    """Have this browser be no board's any more."""
    response.delete_cookie(COOKIE, path=_path())


def holder_or_none() -> KeyHolder | None:
    """Find whose telephone this is; None for nobody's, and once the key is over."""
    try:
        key_id, mark = _signer().loads(
            request.cookies.get(COOKIE, ""), max_age=int(AGE.total_seconds())
        )
        return keys.of_pass(current.database(), int(key_id), str(mark))
    except (BadSignature, TypeError, ValueError):
        return None


def of_board(view: View) -> View:
    """Give a view the board whose telephone asks; whoever is none is told how one comes in."""

    @wraps(view)
    def ask_first(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        holder = holder_or_none()
        if holder is None:
            return _outside()
        if request.method == "POST" and not is_true(token_of(holder)):
            return _untrue()
        answer = make_response(view(holder, *args, **kwargs))
        answer.headers.setdefault(SCRIPT, "page")
        return answer

    return ask_first


def token_of(holder: KeyHolder) -> str:
    """Return what a form of the board's carries, which no other site can know; it is good for as
    long as the key, so that a page that was kept without a connection can still be sent.
    """
    return _token(f"book:{holder.mark}")


def door_token(token: str) -> str:
    """Return what the form that asks for the code of a link carries."""
    return _token(f"door:{token}")


def refuse_form() -> NoReturn:
    """Answer a form without its token as any other is. Raises CSRFError."""
    raise CSRFError("the form of a board carries no token, or another's")


def is_true(token: str) -> bool:
    """Tell whether the form that was sent carries a token."""
    return hmac.compare_digest(request.form.get("csrf_token", "").encode(), token.encode())


def _token(about: str) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, about.encode(), hashlib.sha256).hexdigest()


def asked_by_script() -> bool:
    return SCRIPT in request.headers


def _outside() -> Response:
    """Answer who is no board; what the telephone has kept of the pages goes."""
    if asked_by_script():
        said = gettext(
            "Liên kết của câu lạc bộ không còn dùng được. Số đã ghi vẫn giữ trên máy này; "
            "hãy xin xã liên kết mới rồi mở lại."
        )
        answer = make_response(jsonify(state="out", said=said), 401)
    else:
        answer = make_response(render_template("book/outside.html"), 401)
    answer.headers[SCRIPT] = "out"
    return answer


def _untrue() -> Response:
    """Answer a form that no page of the board's has written."""
    if not asked_by_script():
        refuse_form()
    return make_response(jsonify(state="token"), 400)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="club-book")


def _path() -> str:
    return f"{request.script_root}/book"
