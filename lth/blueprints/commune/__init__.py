"""The commune's desk: it drafts and issues."""

from flask import Flask

from lth.blueprints.acts import (
    assigned,
    checks,
    delegations,
    desk,
    documents,
    drafting,
    line,
    month,
    own,
    parts,
    worklist,
)
from lth.blueprints.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.COMMUNE,
    desk,
    worklist,
    month,
    own,
    documents,
    drafting,
    line,
    parts,
    checks,
    assigned,
    delegations,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
