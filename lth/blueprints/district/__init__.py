"""The district's desk: it drafts, issues, hands quotas down, reviews and synthesises."""

from flask import Flask

from lth.blueprints.acts import (
    assigned,
    checks,
    desk,
    documents,
    drafting,
    inbox,
    line,
    own,
    parts,
    quotas,
    splitting,
    synthesis,
)
from lth.blueprints.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.DISTRICT,
    desk,
    own,
    documents,
    drafting,
    line,
    parts,
    checks,
    inbox,
    synthesis,
    quotas,
    splitting,
    assigned,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
