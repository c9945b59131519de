"""The province's desk: it drafts, issues, hands quotas down, reviews and synthesises."""

from flask import Flask

from lth.blueprints.acts import (
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
    Level.PROVINCE,
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
    delegations,
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
