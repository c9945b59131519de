"""The district's desk: it drafts, reviews what comes from below, synthesises and issues."""

from flask import Flask

from lth.blueprints.acts import (
    checks,
    desk,
    documents,
    drafting,
    inbox,
    line,
    own,
    parts,
    synthesis,
)
from lth.blueprints.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.DISTRICT, desk, own, documents, drafting, line, parts, checks, inbox, synthesis
)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
