"""The plan checks V01 to V36, each a small function over a whole plan as one value.

Importing the package registers them all.
"""

from lth.planning.checks import (
    comparators,
    coverage,
    definitions,
    floors,
    form,
    hidden,
    ladder,
    levels,
    members,
    money,
    outline,
    papers,
    phases,
    shares,
    strict,
    totals,
    units,
    work,
)
from lth.planning.checks.registry import CHECKS, Check, Fault, Finding, run

_BY_CODE = sorted(CHECKS.items())
CHECKS.clear()
CHECKS.update(_BY_CODE)

__all__ = [
    "CHECKS",
    "Check",
    "Fault",
    "Finding",
    "comparators",
    "coverage",
    "definitions",
    "floors",
    "form",
    "hidden",
    "ladder",
    "levels",
    "members",
    "money",
    "outline",
    "papers",
    "phases",
    "run",
    "shares",
    "strict",
    "totals",
    "units",
    "work",
]
