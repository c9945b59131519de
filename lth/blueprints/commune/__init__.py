"""The commune's desk: it drafts and issues."""

from flask import Flask

from lth.blueprints.acts import assigned, checks, desk, documents, drafting, line, own, parts
from lth.blueprints.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.COMMUNE, desk, own, documents, drafting, line, parts, checks, assigned
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
