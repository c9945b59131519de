"""List the indicators that a plan file may name, for its schema, its page and its command."""

from collections.abc import Sequence
from dataclasses import dataclass

from lth.content import targets
from lth.exchange.plan_file.reader import indicators
from lth.models import Indicator
from lth.models.programme import Measure
from lth.programmes import catalogue_file

EXAMPLES = {
    Measure.COUNT: "3444",
    Measure.PERCENT: "62.5",
    Measure.MONEY: "20_000_000",
    Measure.RATE: "0.6",
}
"""A figure of each measure as a plan file writes it."""


@dataclass(frozen=True, slots=True)
class ListedIndicator:
    """An indicator as the newest of its programmes has it, and the codes of all that have it."""

    indicator: Indicator
    programmes: tuple[str, ...]

    @property
    def example(self) -> str:
        """Return a figure of it as a plan file writes it."""
        return EXAMPLES[self.indicator.measure]

    @property
    def denominators(self) -> tuple[str, ...]:
        """List the codes that a target of it may name as its denominator."""
        return tuple(targets.denominators(self.indicator))


def listed(codes: Sequence[str] = catalogue_file.CODES) -> list[ListedIndicator]:
    """List the indicators of some programmes, each once, in the order of the drafting page."""
    found: dict[str, ListedIndicator] = {}
    for programme in codes:
        for code, row in indicators(programme).items():
            before = found[code].programmes if code in found else ()
            found[code] = ListedIndicator(row, (*before, programme))
    topics = list(catalogue_file.TOPIC_LABEL)
    return sorted(found.values(), key=lambda one: topics.index(one.indicator.topic))
