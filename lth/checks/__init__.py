"""Find the plan checks, each a small function over a whole plan as one value.

Importing the package registers those of every module in `lth/checks/rules`: a new check is one
file there.
"""

from lth.checks import rules
from lth.checks.registry import CHECKS, Check, Finding, register_rules, run

__all__ = ["CHECKS", "Check", "Finding", "run"]

register_rules(rules)
