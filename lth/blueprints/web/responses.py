"""Every answer on its way out: headers that say what a browser may load, send and keep; compressed.

A commune's line may be slow, and HTML is mostly repetition. Nothing that an attacker writes stands
in a page beside a secret they could then guess from its length: the session cookie is SameSite=Lax,
so no foreign site's request is signed in.
"""

import gzip

from flask import Flask, Response, request

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR = 365 * 24 * 3600

SMALLEST = 1024
"""Bytes below which compressing is not worth the while."""

COMPRESSIBLE = frozenset(
    {
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)


def register(app: Flask) -> None:
    """Have every answer of ``app`` compressed, and carry what headers no view has set itself."""
    headers = dict(_ALWAYS)
    if app.config["SETTINGS"].is_secure:
        headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"

    app.after_request(_compress)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        _keep_out_of_caches(response)
        return response


def _keep_out_of_caches(response: Response) -> None:
    """Leave no page and no file on a shared office computer once its reader has signed out.

    Assets and calendars say themselves how they are kept. The same address gives a whole page or,
    to one that stays open, a part or a notice.
    """
    response.headers.setdefault("Cache-Control", "no-store")
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "LTH-Form"))


def _compress(response: Response) -> Response:
    """Gzip what is text for a browser that takes it; a part of a file goes out as it is."""
    response.vary.add("Accept-Encoding")
    wanted = (
        response.status_code != 206
        and response.mimetype in COMPRESSIBLE
        and "gzip" in request.accept_encodings
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= SMALLEST
    )
    if wanted:
        response.direct_passthrough = False  # a static file, read once for a year's caching
        response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
