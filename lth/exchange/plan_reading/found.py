"""What a reading finds: items with the words they came from, and what nothing could be made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lth.content.line_types import Header
from lth.content.model import PlanUnit, SectionText, Span, TargetLine
from lth.content.schema import ContentLine
from lth.core.i18n import N_, Message


class Sureness(StrEnum):
    """How far a person may rely on an item; LOOK is one to be looked at before it is taken."""

    SURE = "sure"
    LIKELY = "likely"
    LOOK = "look"


SURENESS_LABEL = {
    Sureness.SURE: N_("chắc"),
    Sureness.LIKELY: N_("có thể đúng"),
    Sureness.LOOK: N_("cần xem lại"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they stand in the text: number of the line, how far into its paragraph, the text."""

    line: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item found: a line of the plan's content, the words it came from, and how sure it is.

    `part` is the line's part, or "target". `phase` of a target's line is empty for the whole
    period, else "2021-2023" or "-2023".
    """

    part: str
    line: ContentLine | TargetLine
    quote: Quote
    sureness: Sureness = Sureness.SURE
    why: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Words that look like something to be placed and are not; `suggestion` where one is known."""

    quote: Quote
    why: Message
    suggestion: str = ""


@dataclass(frozen=True)
class Reading:
    """A whole plan as it was read. `unit` and `period` are None where nothing says them."""

    programme: str = ""
    unit: PlanUnit | None = None
    period: Span | None = None
    phases: tuple[Span, ...] = ()
    header: Header = field(default_factory=lambda: Header("header"))
    items: tuple[FoundItem, ...] = ()
    sections: tuple[SectionText, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[Message, ...] = ()

    def of(self, part: str) -> Sequence[FoundItem]:
        """List the items of one part, in the order of the text."""
        return [item for item in self.items if item.part == part]
