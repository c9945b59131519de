"""Outgoing mail, for whoever may see it."""

from flask import Flask

from lth.blueprints.notices.views import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
