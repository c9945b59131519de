"""One's own account: profile, password, language, and which of one's roles one is in."""

from flask import Flask

from lth.blueprints.account.views import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
