"""Tổng hợp: what the units below come to, taken over into a document of its own.

`sheet` reads everything a page shows; `take_over` writes; the guard `takeover_stands` is
registered for the workflow's table when this package is imported.
"""

from lth.synthesis.children import Child, Standing
from lth.synthesis.drilldown import drill_down
from lth.synthesis.matrix import matrix
from lth.synthesis.sheet import SynthesisLine, SynthesisSheet, live, sheet
from lth.synthesis.takeover import Taken, consolidated, take_over
from lth.synthesis.totals import Flag
from lth.synthesis.unit_money import money_of_units

__all__ = [
    "Child",
    "Flag",
    "Standing",
    "SynthesisLine",
    "SynthesisSheet",
    "Taken",
    "consolidated",
    "drill_down",
    "live",
    "matrix",
    "money_of_units",
    "sheet",
    "take_over",
]
