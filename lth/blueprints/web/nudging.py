"""Nudging the workers after a request, where LTH_REDIS_URL is set."""

from flask import Flask, Response, current_app, request

from lth.notifications.jobs import Nudge

_EXTENSION = "lth_mail_queue"


def register(app: Flask) -> None:
    """Nudge after every request that may have changed something; it has committed by then."""
    redis_url = app.config["SETTINGS"].redis_url
    if redis_url is not None:
        app.extensions[_EXTENSION] = Nudge(redis_url)
        app.after_request(_after)


def of(app: Flask) -> Nudge | None:
    """Return the application's way to its workers; None without Redis."""
    return app.extensions.get(_EXTENSION)


def drain(app: Flask) -> bool:
    """Ask a worker to drain the outbox; returns whether one will (never without Redis)."""
    nudge = of(app)
    return nudge is not None and nudge.drain()


def _after(response: Response) -> Response:
    if request.method not in {"GET", "HEAD", "OPTIONS"} and response.status_code < 400:
        drain(current_app)
    return response
