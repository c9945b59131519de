"""The web application, wired together; nothing is decided here that another module could."""

from datetime import timedelta
from typing import Any

from flask import Flask, request, request_started
from werkzeug.middleware.proxy_fix import ProxyFix

from lth import drafting, reporting  # noqa: F401 - they register what the table names
from lth.blueprints import register_blueprints
from lth.blueprints.web import (
    assets,
    current,
    differences,
    errors,
    in_place,
    input,
    other_person,
    responses,
    templating,
)
from lth.blueprints.web.committing import Application
from lth.blueprints.web.extensions import babel, csrf, db, login, register_nudge
from lth.core import clock, config, database, home, language
from lth.core.config import Settings
from lth.drafting import figure_rooms
from lth.exchange import purging  # noqa: F401 - the tick's chore
from lth.notifications import rendering, validity
from lth.reporting import (
    adding_up,  # noqa: F401 - it adds up what was done
    by_the_clock,  # noqa: F401 - the tick's chore
)
from lth.reporting import room as reporting_room  # noqa: F401 - knows the figures of reports
from lth.synthesis import adders
from lth.workflow import registry

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_MEGABYTE = 1024 * 1024


def create_app(settings: Settings | None = None, **flask_config: Any) -> Flask:
    """Return the application under ``settings`` (default: what the environment says).

    ``flask_config`` sets Flask's own configuration on top, for tests.

    Raises:
        SettingError: when a setting cannot be used.
        LookupError: when a name in the workflow's table has no function, or a view no permission.
    """
    settings = settings or home.settle(config.load())
    clock.set_offset(settings.clock_offset)
    app = Application("lth")
    app.config.from_mapping(_flask_config(settings))
    app.config.from_mapping(flask_config)
    if settings.trusted_proxies:
        _trust_proxies(app, settings.trusted_proxies, prefix=settings.trusted_prefix)
    _bind_extensions(app)
    _choose_transactions(app)
    for part in (templating, assets, differences, in_place, responses, errors):
        part.register(app)
    registry.verify()
    adders.verify()
    figure_rooms.verify()
    register_blueprints(app)
    register_nudge(app)
    rendering.verify()
    validity.verify()
    return app


def settings_of(app: Flask) -> Settings:
    """Return the settings that ``app`` was made with."""
    settings: Settings = app.config["SETTINGS"]
    return settings


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "lth_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.is_secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "SESSION_REFRESH_EACH_REQUEST": False,  # `current.begin` does, once a minute
        "MAX_CONTENT_LENGTH": 16 * _MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 4 * _MEGABYTE,  # the narrative of a long document
        "MAX_FORM_PARTS": 20_000,  # every cell of a document, every row of an inbox
        "WTF_CSRF_TIME_LIMIT": None,  # a form left open overnight is still good: nothing is lost
    }


def _trust_proxies(app: Flask, count: int, *, prefix: bool) -> None:
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # the way Flask documents it
        app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=int(prefix)
    )


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    login.init_app(app)
    app.before_request(input.refuse_address)
    app.before_request(errors.refuse)
    app.before_request(current.begin)  # before a form is refused, which is said to somebody
    app.before_request(other_person.check)
    csrf.init_app(app)
    babel.init_app(
        app,
        default_locale=language.DEFAULT,
        default_timezone=str(clock.TIMEZONE),
        locale_selector=language.current,
    )


def _choose_transactions(app: Flask) -> None:
    """Have a GET read only, and everything else take the write lock first.

    Signals, not ``before_request``: they come before any other code of the request, and after it.
    """

    def begin(_sender: Flask, **_: Any) -> None:
        database.set_reading(request.method in _READING_METHODS)

    request_started.connect(begin, app, weak=False)
    app.teardown_request(lambda _error: database.set_reading(False))
