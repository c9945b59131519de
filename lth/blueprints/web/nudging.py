"""Nudging the workers after a request, where LTH_REDIS_URL is set."""

from flask import Flask, Response, current_app, request
from rq import Queue

from lth.notifications.jobs import Nudge

_EXTENSION = "lth_mail_queue"


def register(app: Flask) -> None:
    """Nudge after every request that may have changed something; it has committed by then."""
    if app.config["SETTINGS"].redis_url is not None:
        app.after_request(_after)


def drain(app: Flask) -> bool:
    """Ask a worker to drain the outbox; returns whether one will (never without Redis)."""
    nudge = _nudge(app)
    return nudge is not None and nudge.drain()


def queue_of(app: Flask) -> Queue | None:
    """Return the application's queue; None without Redis."""
    nudge = _nudge(app)
    return nudge.queue if nudge is not None else None


def _after(response: Response) -> Response:
    if request.method not in {"GET", "HEAD", "OPTIONS"} and response.status_code < 400:
        drain(current_app)
    return response


def _nudge(app: Flask) -> Nudge | None:
    url = app.config["SETTINGS"].redis_url
    if url is None:
        return None
    if _EXTENSION not in app.extensions:
        app.extensions[_EXTENSION] = Nudge(url)
    return app.extensions[_EXTENSION]
