"""Tổng hợp: what the units below come to, taken over into a document of its own.

`sheet` reads everything a page shows; `take_over` writes; `attendance` says who is in it. The
guards `takeover_stands` and `absence_reasoned` are registered for the workflow's table when this
package is imported.
"""

from lth.synthesis.absent import AbsentState, AbsentUnit, Attendance, attendance, present
from lth.synthesis.children import Child, Standing
from lth.synthesis.drilldown import drill_down
from lth.synthesis.matrix import matrix
from lth.synthesis.sheet import SynthesisLine, SynthesisSheet, live, sheet
from lth.synthesis.takeover import Taken, consolidated, take_over, version
from lth.synthesis.totals import Flag
from lth.synthesis.unit_money import money_of_units

__all__ = [
    "AbsentState",
    "AbsentUnit",
    "Attendance",
    "Child",
    "Flag",
    "Standing",
    "SynthesisLine",
    "SynthesisSheet",
    "Taken",
    "attendance",
    "consolidated",
    "drill_down",
    "live",
    "matrix",
    "money_of_units",
    "present",
    "sheet",
    "take_over",
    "version",
]
