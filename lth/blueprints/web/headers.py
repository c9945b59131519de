"""Headers on every answer: what a browser may load, send and keep."""

from flask import Flask, Response

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


def register(app: Flask) -> None:
    """Have every answer of ``app`` carry the headers; a view may set a header of its own first."""
    headers = dict(_ALWAYS)
    if app.config["SETTINGS"].is_secure:
        headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            _keep_out_of_caches(response)
        return response


def _keep_out_of_caches(response: Response) -> None:
    """Leave no page on a shared office computer once its reader has signed out.

    The same address gives a whole page or, to htmx, a part of one.
    """
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.add("HX-Request")
