"""Administration: people, offices, settings and deadlines of a unit; the units for the system."""

from flask import Flask

from lth.blueprints.admin import (
    calendar,
    checks,
    deadlines,
    offices,
    people,
    settings,
    trail,
    units,
)
from lth.blueprints.admin.base import blueprint
from lth.blueprints.admin.wording import words

PAGES = (people, offices, settings, checks, deadlines, trail, units, calendar)
"""Each adds its routes to the blueprint as it is imported."""


blueprint.context_processor(words)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
