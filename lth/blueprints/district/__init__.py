"""The district's desk: it drafts, issues, hands quotas down, reviews and synthesises."""

from flask import Flask

from lth.blueprints.acts import (
    assigned,
    checks,
    delegations,
    desk,
    documents,
    drafting,
    inbox,
    line,
    month,
    own,
    parts,
    quotas,
    splitting,
    synthesis,
    worklist,
)
from lth.blueprints.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.DISTRICT,
    desk,
    worklist,
    month,
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
    delegations,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
