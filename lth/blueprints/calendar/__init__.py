"""The public address of a personal calendar feed."""

from flask import Flask

from lth.blueprints.calendar.feed import blueprint


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
