"""What a reading proposes for a plan as it is now: new, said otherwise, there, or barred."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lth.core.i18n import N_, Message
from lth.core.vietnamese import search_key
from lth.drafting import SectionEdit
from lth.drafting.target_input import TargetEdit
from lth.exchange.plan_reading.beside import PlanNow
from lth.exchange.plan_reading.found import Quote, Reading, Sureness
from lth.exchange.plan_reading.shown import PART_ORDER, ShownWords
from lth.models.parts import Part

SECTION = "section"
ORDER = (Part.HEADER, *PART_ORDER, SECTION)
"""The parts in the order of the page."""

TAKE, KEEP = "take", "keep"
"""What a person chooses where the plan says something else already."""


class ProposalState(StrEnum):
    """What there is about a proposal in the plan.

    NEW: nothing. ASKED: a target of years that the plan has no phase for, so a person must say
    which. OTHER: the same thing, said otherwise. SAME: just that. BARRED: it cannot be taken.
    """

    NEW = "new"
    ASKED = "asked"
    OTHER = "other"
    SAME = "same"
    BARRED = "barred"


OPEN = frozenset({ProposalState.NEW, ProposalState.ASKED, ProposalState.OTHER})
"""What a person decides on."""


@dataclass(frozen=True)
class Proposal:
    """An item of the file beside the plan; `id` names it on the page.

    `theirs` is what the plan has, for OTHER; `key` and `version` are those of its line. `problem`
    says why it is BARRED, or what is to be decided. `texts`, `edit` and `section` are what is
    written, of a line, a target and a section.
    """

    id: str
    part: str
    state: ProposalState
    words: Sequence[ShownWords]
    quote: Quote | None = None
    sureness: Sureness = Sureness.LIKELY
    why: Sequence[Message] = ()
    theirs: Sequence[ShownWords] = ()
    key: str = ""
    version: int = 0
    problem: Message | None = None
    phase: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    edit: TargetEdit | None = None
    section: SectionEdit | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def mark(self) -> str:
        """Return what a decision about it was taken on."""
        return f"{self.id}={self.state.value}:{self.key}:{self.version}"


@dataclass(frozen=True)
class Differences:
    """In what the file is not the plan that is drafted: whose it is, and of which years."""

    unit: str = ""
    years: str = ""
    programme: str = ""

    def __bool__(self) -> bool:
        return bool(self.unit or self.years or self.programme)


@dataclass(frozen=True)
class ReadingReport:
    """All proposals of a file against the plan as it is now."""

    reading: Reading
    now: PlanNow
    items: Sequence[Proposal]
    differs: Differences
    left_over: Sequence[str] = ()
    """Titles of sections that the plan has no place for."""

    seen: str = ""
    """A digest of all that decisions are taken on; another one, and they are taken anew."""

    def of(self, part: str, *states: ProposalState) -> list[Proposal]:
        """List the proposals of a part, in some states or all."""
        return [
            one for one in self.items if one.part == part and (one.state in states or not states)
        ]

    @property
    def open(self) -> list[Proposal]:
        return [one for one in self.items if one.is_open]

    def is_sure(self, item: Proposal) -> bool:
        """Tell whether an item is ticked unless the person leaves it out: what is surely read, new
        in the plan, and from the unit's own plan of these years.
        """
        sure = item.sureness is Sureness.SURE and not self.differs
        return sure and item.state is ProposalState.NEW and item.problem is None


def digest(report: ReadingReport) -> str:
    """Return a digest of what each proposal meets in the plan."""
    document = report.now.document
    told = [str(document.id if document else ""), *(one.mark for one in report.items)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def differences(reading: Reading, now: PlanNow, unit: str, programme: str) -> Differences:
    """Say in what a file is not the plan of the unit, in full ("xã Tập Sơn"), that is drafted."""
    theirs = reading.unit.name if reading.unit else ""
    own = search_key(theirs) == search_key(unit)
    span = reading.period
    first, last = now.period.starts_on.year, now.period.ends_on.year
    same = span is None or (span.end == last and span.start in {None, first})
    years = "" if same or span is None else f"{span.start or '…'}–{span.end}"
    if span is not None and span.start == span.end:
        years = "" if same else str(span.end)
    other = reading.programme if reading.programme != programme else ""
    return Differences("" if own else theirs, years, other)


def accepted(
    report: ReadingReport, ticked: Collection[str], chosen: Mapping[str, str]
) -> list[Proposal]:
    """List what is to be written, by boxes and choices."""
    return [
        one
        for one in report.open
        if one.state is not ProposalState.ASKED
        and (chosen.get(one.id) == TAKE if one.state is ProposalState.OTHER else one.id in ticked)
    ]


def numbered(reading: Reading) -> Iterator[tuple[str, int]]:
    """Return an id for each item of a reading, by its place in its part, with its place in all."""
    counted: dict[str, int] = {}
    for place, item in enumerate(reading.items):
        counted[item.part] = counted.get(item.part, 0) + 1
        yield f"{item.part}-{counted[item.part]}", place


TWIN = N_("Đã nêu ở dòng %(line)s của tệp: không lấy hai lần.")


def twin(item: Proposal, first: Proposal) -> Proposal:
    """Return a proposal that the file makes twice."""
    line = first.quote.line if first.quote else 1
    return replace(item, state=ProposalState.BARRED, problem=Message(TWIN, {"line": line}))
