"""What is being signed, in a few lines: gathered before an act, for one document or for many.

`of_act` takes what the guards of the act have read; `of_many` reads for a whole list in a number of
queries that does not grow with it.
"""

from lth.briefs.changes import Changes, FigureChange
from lth.briefs.facts import Brief, OpenFinding
from lth.briefs.figures import BriefFigure, Lacking
from lth.briefs.gathering import of_act, of_many

__all__ = [
    "Brief",
    "BriefFigure",
    "Changes",
    "FigureChange",
    "Lacking",
    "OpenFinding",
    "of_act",
    "of_many",
]
