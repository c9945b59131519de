"""Keep the targets found, each once; a floor with the ceiling that follows it is a range."""

from dataclasses import dataclass, field, replace

from lth.content.model import TargetLine
from lth.core.i18n import Message
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.target_doubts import ELSEWHERE
from lth.models.content import Comparator

TARGET = "target"


@dataclass
class TargetList:
    """The targets of one plan, in the order of the text."""

    items: list[FoundItem] = field(default_factory=list)

    def add(self, line: TargetLine, quote: Quote, why: tuple[Message, ...]) -> None:
        """Add a target, but for one that is there already; a floor and a ceiling are a range."""
        for at, item in enumerate(self.items):
            there = item.line
            if not isinstance(there, TargetLine) or _what(there) != _what(line):
                continue
            if _value(there) == _value(line):
                return
            both = (there.comparator, line.comparator)
            rising = (there.low or 0) <= (line.high or 0)
            if rising and both == (Comparator.GTE, Comparator.LTE) and at == len(self.items) - 1:
                joined = replace(there, comparator=Comparator.BETWEEN, high=line.high)
                self.items[at] = replace(item, line=joined)
                return
        if ELSEWHERE in why and any(_same_elsewhere(item.line, line) for item in self.items):
            return
        sureness = Sureness.LIKELY if why else Sureness.SURE
        self.items.append(FoundItem(TARGET, line, quote, sureness, why))


def _what(line: TargetLine) -> tuple[object, ...]:
    return (line.indicator, line.phase, line.area, line.counts_from)


def _value(line: TargetLine) -> tuple[object, ...]:
    return (line.comparator, line.low, line.high)


def _same_elsewhere(there: object, line: TargetLine) -> bool:
    """Tell whether a target said again outside its part has been taken with the same figure."""
    return (
        isinstance(there, TargetLine)
        and there.indicator == line.indicator
        and _value(there) == _value(line)
        and there.area == line.area
        and there.phase in {"", line.phase}
    )
