"""Administration: people, offices, settings and deadlines of a unit; the units for the system."""

from lth.blueprints.admin import (
    deadlines,
    offices,
    participation,
    people,
    programmes,
    readiness,
    roster,
    settings,
    views,
)
from lth.blueprints.admin.base import blueprint
from lth.blueprints.admin.wording import words

PAGES = (
    people,
    roster,
    offices,
    settings,
    deadlines,
    participation,
    programmes,
    readiness,
    views,
)
"""Each adds its routes to the blueprint as it is imported."""

blueprint.context_processor(words)
