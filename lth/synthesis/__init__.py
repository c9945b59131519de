"""Tổng hợp: what the units below come to, taken over into a document of its own.

`sheet` reads everything a page shows; `take_over` writes; the guard `takeover_stands` is
registered for the workflow's table when this package is imported.
"""

from lth.synthesis.children import Child, Counts, Page, Standing
from lth.synthesis.drilldown import Contribution, DrillDown, drill_down
from lth.synthesis.labels import consolidated
from lth.synthesis.sheet import Drift, Line, SynthesisSheet, drift, live, sheet, taken_over
from lth.synthesis.takeover import Taken, take_over
from lth.synthesis.totals import FLAG_LABEL, Flag, Total

__all__ = [
    "FLAG_LABEL",
    "Child",
    "Contribution",
    "Counts",
    "Drift",
    "DrillDown",
    "Flag",
    "Line",
    "Page",
    "Standing",
    "SynthesisSheet",
    "Taken",
    "Total",
    "consolidated",
    "drift",
    "drill_down",
    "live",
    "sheet",
    "take_over",
    "taken_over",
]
