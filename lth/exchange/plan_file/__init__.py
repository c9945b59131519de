"""Plan files: a whole plan as one YAML text that people write (docs/plan-files.md)."""

from lth.exchange.plan_file.problems import PlanFileError, Problem
from lth.exchange.plan_file.reader import Expected, PlanFile, read
from lth.exchange.plan_file.writer import write

__all__ = ["Expected", "PlanFile", "PlanFileError", "Problem", "read", "write"]
