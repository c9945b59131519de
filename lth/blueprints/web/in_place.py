"""Requests of a page that stays open: a part for htmx, or a whole form that a script has sent.

Such a page holds what somebody has typed. It is never answered with a whole document in place of
a part, nor with a redirect that the script cannot see; and it says for whom it was made, so that
nothing is done as somebody else who has signed in since.
"""

from flask import Flask, Response, g, request

PERSON, ROLE = "LTH-Person", "LTH-Role"
"""Of a request: for whom the page was made. Of an answer: who is signed in, and in which role."""

NOTICE, LOCATION = "LTH-Notice", "LTH-Location"
"""Of an answer: it is a notice to put beside the form; where the page is to go."""

OTHER_ROLE = "role"
"""What `NOTICE` says where the page's own role is still held, so that one press changes to it."""

CODE = "code"
"""What `NOTICE` says where the password was right and a code is asked for."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def is_part() -> bool:
    """Tell whether htmx asks for a part of a page."""
    return "HX-Request" in request.headers


def is_sent_form() -> bool:
    """Tell whether a script has sent a whole form, whose page stays until the answer is there."""
    return "LTH-Form" in request.headers


def stays_open() -> bool:
    """Tell whether the page that asks stays open whatever the answer."""
    return is_part() or is_sent_form()


def know(person_id: int | None, role_id: int | None) -> None:
    """Remember who asks, for the answer's headers: read before anything can fail."""
    g.asked_by = (person_id, role_id)


def register(app: Flask) -> None:
    """Have every answer to a page that stays open say who is signed in, and where to go."""
    app.after_request(_answer)


def _answer(response: Response) -> Response:
    if not stays_open():
        return response
    for name, value in zip((PERSON, ROLE), g.get("asked_by", (None, None)), strict=True):
        response.headers[name] = "" if value is None else str(value)
    if response.status_code in _REDIRECTS:
        _lead(response)
    return response


def _lead(response: Response) -> None:
    """Have the page itself go where a redirect leads: followed unseen, its news would be lost."""
    name = LOCATION if is_sent_form() else "HX-Redirect"
    response.headers[name] = response.headers.pop("Location")
    response.status_code = 204
    response.set_data(b"")
    response.headers.pop("Content-Type", None)
