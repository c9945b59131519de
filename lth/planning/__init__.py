"""Indicators, targets, quotas, synthesis, plan checks, and the units they are planned for.

Importing the package registers the guards that the workflow's table asks for by name.
"""

from lth.planning import guards, synthesis

__all__ = ["guards", "synthesis"]
