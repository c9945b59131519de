"""Signing in and out, and setting a password by a one-time link."""

from flask import Flask

from lth.blueprints.auth.guests import register_guests
from lth.blueprints.auth.views import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
    register_guests(app)
