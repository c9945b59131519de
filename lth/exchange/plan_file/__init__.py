"""Plan files: a whole plan as one YAML text that people write (docs/plan-files.md)."""

from lth.exchange.plan_file.problems import FileProblem, PlanFileError
from lth.exchange.plan_file.reader import Expected, PlanFile, read
from lth.exchange.plan_file.writer import write

__all__ = ["Expected", "FileProblem", "PlanFile", "PlanFileError", "read", "write"]
