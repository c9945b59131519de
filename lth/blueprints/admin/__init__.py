"""Administration: people, offices, settings and deadlines of a unit; the units for the system."""

from lth.blueprints.admin import (
    agency_codes,
    deadlines,
    deadlines_for_all,
    invitations,
    offices,
    participation,
    people,
    programmes,
    readiness,
    roster,
    second_factor,
    settings,
    settings_below,
    templates,
    unit_import,
    views,
)
from lth.blueprints.admin.base import blueprint
from lth.blueprints.admin.wording import words

PAGES = (
    people,
    invitations,
    second_factor,
    roster,
    offices,
    agency_codes,
    settings,
    settings_below,
    templates,
    deadlines,
    deadlines_for_all,
    participation,
    programmes,
    unit_import,
    readiness,
    views,
)
"""Each adds its routes to the blueprint as it is imported."""

blueprint.context_processor(words)
