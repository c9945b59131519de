"""The Flask extensions, made once and bound to the application in ``lth.application``; and the
application's way to its workers, where LTH_REDIS_URL is set.
"""

from collections.abc import Callable

from flask import Flask, Response, current_app, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session, sessionmaker

from lth.exchange.files.intake import Intake
from lth.exchange.files.store import FileStore
from lth.exchange.files.stores import store_at
from lth.exchange.files.virus_check import VirusScanner
from lth.models.base import Base
from lth.notifications.jobs import Nudge

# Only the session and the engine are used. The models stand on `Base`, which knows no Flask;
# handing over its metadata and not the class itself keeps Flask-SQLAlchemy from copying the class.
db = SQLAlchemy(metadata=Base.metadata)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
_EXTENSION = "lth_mail_queue"


def sessions_of(app: Flask) -> Callable[[], Session]:
    """Make sessions of one's own on the application's database, apart from its requests'."""
    with app.app_context():
        return sessionmaker(db.engine, expire_on_commit=False)


def store_of(app: Flask) -> FileStore:
    """Return where the application keeps the files that people put in."""
    return store_at(app.config["SETTINGS"].files)


def intake_of(app: Flask) -> Intake:
    """Return the application's way in for files that people send."""
    address = app.config["SETTINGS"].clamav
    return Intake(VirusScanner(address) if address else None)


def register_nudge(app: Flask) -> None:
    """Nudge after every request that may have changed something; it has committed by then."""
    redis_url = app.config["SETTINGS"].redis_url
    if redis_url is not None:
        app.extensions[_EXTENSION] = Nudge(redis_url)
        app.after_request(_nudge_after)


def nudge_of(app: Flask) -> Nudge | None:
    """Return the application's way to its workers; None without Redis."""
    return app.extensions.get(_EXTENSION)


def drain(app: Flask) -> bool:
    """Ask a worker to drain the outbox; returns whether one will (never without Redis)."""
    nudge = nudge_of(app)
    return nudge is not None and nudge.drain()


def _nudge_after(response: Response) -> Response:
    if request.method not in {"GET", "HEAD", "OPTIONS"} and response.status_code < 400:
        drain(current_app)
    return response
