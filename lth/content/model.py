"""A whole plan as one value: what the checks read and a plan file says.

Nothing here knows a database: `lth/checks/loading.py` makes a `Content` of a revision,
`lth/exchange/plan_file/` of a YAML text. Every line has a `key`, by which findings point at it:
in the database the row's `line_key`, in a file one made of the part's name and the line's place.
The lines of its parts are declared in `lth/content/line_types.py`, targets and sections here.
Figures are exact integers in the indicator's measure (đồng, 1/100 %), as in `lth.models`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from lth.content.line_types import (
    Baseline,
    BudgetLine,
    Definition,
    Duty,
    Header,
    LegalBasis,
    Paper,
    Recipient,
    ReportingDuty,
    Task,
)
from lth.content.schema import LINE_TYPES, ContentLine
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.kind import StandardSection
from lth.models.parts import Issuance, PaperRole
from lth.models.unit import Level

WHOLE = ""
"""The place of a finding that is about the whole plan."""

HEADER = "header"
BUDGET = "budget"
PHASES = "phases"
RECIPIENTS = "recipients"
REPORTING = "reporting"
TASKS = "tasks"
BASES = "bases"
BASELINE = "baseline"
DEFINITIONS = "definitions"
TARGETS = "targets"
"""The places of findings that are about a part and none of its lines."""


@dataclass(frozen=True, slots=True)
class PlanUnit:
    """Unit whose plan it is. `communes` counts the units of the lowest tier within it, where known.

    `name` has the type before it ("huyện Trà Cú"); `parent_name` likewise, empty at the top.
    """

    name: str
    level: Level
    parent_name: str = ""
    parent_level: Level | None = None
    communes: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A run of whole years, both of them in it. `start` None: the plan says only "đến năm …"."""

    start: int | None
    end: int

    @property
    def years(self) -> int | None:
        return None if self.start is None else self.end - self.start + 1

    def __contains__(self, year: int) -> bool:
        return (self.start is None or self.start <= year) and year <= self.end


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """Giai đoạn, by the key that targets name it by."""

    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Chỉ tiêu; see `lth.models.content.Target`. `phase` is a key of `Content.phases`."""

    key: str
    indicator: str
    phase: str
    comparator: Comparator
    low: int | None = None
    high: int | None = None
    scope: TargetScope = TargetScope.UNIT
    counts_from: CountsFrom = CountsFrom.NEW
    numerator: str | None = None
    denominator: str | None = None
    area: AreaType = AreaType.ALL
    parent_share_key: str | None = None
    wording: str = ""
    source_ref: str = ""


@dataclass(frozen=True, slots=True)
class SectionText:
    """A narrative part; its title begins with its numeral where it has one ("IV. Kinh phí")."""

    key: str
    title: str
    body: str = ""


@dataclass(frozen=True)
class Content:
    """A whole plan. `floors` are the targets of the level above that it has to keep to, of which
    `parent_paper` says where they stand; `unreadable` names parts that the source of a file has
    lost, of which nothing can be said. `made_on` is the day by which rules that change with time
    are judged: the newest date in the dossier, or today. `final` is what is sent on paper: a
    product's own plan gets its number, date and signature by the act of issuing, not as content.
    `standard` are the sections that its programme has it begin with, where that is known.
    `more` are the lines of types that no rule names, by part.
    """

    programme: str
    place: PlanUnit
    period: Span
    phases: tuple[PhaseSpan, ...]
    indicators: Mapping[str, Indicator]
    header: Header = field(default_factory=lambda: Header(HEADER))
    papers: tuple[Paper, ...] = ()
    bases: tuple[LegalBasis, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    definitions: tuple[Definition, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    targets: tuple[TargetLine, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    tasks: tuple[Task, ...] = ()
    duties: tuple[Duty, ...] = ()
    reporting: tuple[ReportingDuty, ...] = ()
    sections: tuple[SectionText, ...] = ()
    floors: tuple[TargetLine, ...] = ()
    parent_issuer: str = ""
    parent_paper: str = ""
    unreadable: frozenset[str] = field(default_factory=frozenset)
    made_on: date | None = None
    final: bool = True
    standard: tuple[StandardSection, ...] = ()
    more: Mapping[str, tuple[ContentLine, ...]] = field(default_factory=dict)

    def lines(self, part: str) -> tuple[ContentLine, ...]:
        """List the lines of a part, in order."""
        declared = LINE_TYPES[part]
        found = getattr(self, declared.attribute, self.more.get(part, ()))
        return (found,) if declared.single else found

    def of(self, indicator: str, phase: str | None = None) -> list[TargetLine]:
        """List the targets of an indicator, in one phase or in all."""
        named = self._by_indicator.get(indicator, ())
        return [target for target in named if phase in {None, target.phase}]

    @cached_property
    def _by_indicator(self) -> Mapping[str, list[TargetLine]]:
        found: dict[str, list[TargetLine]] = {}
        for target in self.targets:
            found.setdefault(target.indicator, []).append(target)
        return found

    def baseline(self, indicator: str, area: AreaType = AreaType.ALL) -> int | None:
        """Find an indicator's figure at the start, if the plan gives one for that area."""
        named = (line for line in self.baselines if line.indicator == indicator)
        values = (line.value for line in named if line.area is area)
        return next((value for value in values if value is not None), None)

    def papers_of(self, *roles: PaperRole) -> list[Paper]:
        return [paper for paper in self.papers if paper.role in roles]

    @property
    def is_directive(self) -> bool:
        """Tell whether it is a letter that only sets tasks under a plan issued before."""
        return self.header.issuance is Issuance.DIRECTIVE

    def prose(self) -> Iterator[tuple[str, str]]:
        """Yield every running text with the key of where it stands: sections, tasks, duties."""
        for section in self.sections:
            yield section.key, f"{section.title}\n{section.body}"
        for task in self.tasks:
            yield task.key, task.title
        for duty in self.duties:
            yield duty.key, duty.text
        for duty in self.reporting:
            yield duty.key, duty.content

    def worded(self) -> Iterator[tuple[str, str]]:
        """Yield every running text and every target's wording with the key of where it stands."""
        yield from self.prose()
        yield from ((target.key, target.wording) for target in self.targets)


def of_parts(parts: Mapping[str, Iterable[ContentLine]]) -> dict[str, Any]:
    """Return the fields of a document that the lines of its parts fill; a single line is as it
    starts where nobody has said anything.
    """
    found: dict[str, Any] = {"more": {}}
    for part, listed in parts.items():
        declared, lines = LINE_TYPES[part], tuple(listed)
        if declared.single:
            found[declared.attribute] = lines[0] if lines else declared.build(part)
        elif declared.attribute in Content.__dataclass_fields__:
            found[declared.attribute] = lines
        elif lines:
            found["more"][part] = lines
    return found
