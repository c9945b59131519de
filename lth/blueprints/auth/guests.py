"""Where somebody who has not signed in is sent, and where back to afterwards."""

from urllib.parse import urlsplit

from flask import Flask, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.blueprints.web.extensions import login
from lth.core.language import gettext


def register_guests(app: Flask) -> None:
    """Have pages that need somebody signed in send others to the sign-in page."""
    login.unauthorized_handler(_sign_in_first)


def safe_next(wanted: str | None) -> str | None:
    """An address within this site that was asked for, else None.

    Only a path: no other site, nothing that a browser would read as one (`//host`, `/\\host`).
    """
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return None
    if any(ord(char) < 32 or char == "\\" for char in wanted):
        return None
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else None


def _sign_in_first() -> ResponseReturnValue:
    flash(gettext("Hãy đăng nhập để mở trang này."), "info")
    address = url_for("auth.sign_in", next=_wanted())
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address)


def _wanted() -> str | None:
    """The page to come back to: this one, or the one whose form was sent."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.full_path if request.query_string else request.path
    before = urlsplit(request.referrer or "")
    return safe_next(before.path) if before.netloc == request.host else None
