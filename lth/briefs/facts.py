"""The facts of a document that a signature answers for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lth.briefs.changes import Changes
from lth.briefs.figures import BriefFigure, Lacking
from lth.core.i18n import Message
from lth.drafting.figure_rooms import FigureFacts
from lth.drafting.parts_sheet import Totals
from lth.models import Document, Indicator, Opinion
from lth.models.finding import Severity
from lth.models.opinion import Verdict
from lth.synthesis import Attendance


@dataclass(frozen=True)
class OpenFinding:
    """An error or a warning that stands, and what its drafters say to it."""

    severity: Severity
    said: Message
    explanation: str = ""
    by: str = ""


@dataclass(frozen=True)
class Brief:
    """What stands in a document that is about to be signed or sent.

    `opinions` and `figures` come with what speaks against it first. `attendance` is who is in a
    synthesis, None of any other document; `lacking` what was assigned to the units that are not.
    `changes` is None where it has not been sent before, `money` where it has no budget;
    `indicators` are those of its figures, by code. `done` is what it says was done, of a document
    that reports.
    """

    document: Document
    opinions: Sequence[Opinion] = ()
    attendance: Attendance | None = None
    absence_reason: str = ""
    lacking: Sequence[Lacking] = ()
    findings: Sequence[OpenFinding] = ()
    figures: Sequence[BriefFigure] = ()
    changes: Changes | None = None
    money: Totals | None = None
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    done: Sequence[FigureFacts] = ()

    @property
    def dissent(self) -> list[Opinion]:
        """List the opinions against it."""
        return [one for one in self.opinions if one.verdict is Verdict.DISAGREE]

    @property
    def some_absent(self) -> bool:
        """Tell whether it is a synthesis that some units are not in."""
        return self.attendance is not None and not self.attendance.complete

    @property
    def short(self) -> list[BriefFigure]:
        """List the figures that fall short of what was assigned, or miss the programme's norm."""
        return [one for one in self.figures if one.gap]


def in_order(opinions: Sequence[Opinion]) -> list[Opinion]:
    """Return opinions with those against first, else as they came in."""
    return sorted(opinions, key=lambda one: one.verdict is not Verdict.DISAGREE)
