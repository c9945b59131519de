"""The plan checks V01 to V36, each a small function over a whole plan as one value.

Importing the package registers them all.
"""

from lth.checks.registry import CHECKS, Check, Fault, Finding, run
from lth.checks.rules import (
    comparators,
    coverage,
    definitions,
    floors,
    form,
    hidden,
    levels,
    members,
    money,
    outline,
    papers,
    phases,
    quality_levels,
    shares,
    strict,
    totals,
    units,
    work,
)

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
    "levels",
    "members",
    "money",
    "outline",
    "papers",
    "phases",
    "quality_levels",
    "run",
    "shares",
    "strict",
    "totals",
    "units",
    "work",
]
