"""A whole plan as one value: what the checks read and a plan file says.

Nothing here knows a database: `lth/checks/loading.py` makes a `Content` of a revision,
`lth/exchange/plan_file/` of a YAML text. Every line has a `key`, by which findings point at it:
in the database the row's `line_key`, in a file one made of the part's name and the line's place.
Figures are exact integers in the indicator's measure (đồng, 1/100 %), as in `lth.models`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.document import SignForm
from lth.models.parts import (
    Frequency,
    Issuance,
    IssuerForm,
    MoneyLevel,
    MoneySource,
    PaperRole,
    Part,
    Term,
)
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
class Place:
    """Whose plan it is. `communes` counts the units of the lowest tier within it, where known.

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
class Header:
    """What a plan says once: how it is issued, its title as printed over it and as the decision's
    Article 1 gives it, and the printed total of its budget in đồng.
    """

    key: str
    issuance: Issuance = Issuance.PLAN
    title: str = ""
    decided_title: str = ""
    budget_total: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the dossier: its number as printed ("793/QĐ-UBND", "/KH-UBND" while blank), who
    issues it, what it does ("ban hành", "phê duyệt"), and how it is signed; `signed` where
    somebody's name stands below.
    """

    key: str
    role: PaperRole
    number: str = ""
    dated_on: date | None = None
    issuer: str = ""
    issuer_form: IssuerForm = IssuerForm.COLLECTIVE
    title: str = ""
    verb: str = ""
    sign_form: SignForm | None = None
    position: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Căn cứ. `ending` is the punctuation as printed; empty where the product will write it."""

    key: str
    type: str = ""
    number: str = ""
    dated_on: date | None = None
    issuer: str = ""
    title: str = ""
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Nơi nhận; `purpose` is what stands in brackets, such as "để báo cáo"."""

    key: str
    name: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What the plan means by a term; `age` in years, where the term is an age."""

    key: str
    term: Term
    text: str = ""
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Thực trạng: an indicator's figure at the start; `as_of` as the document prints it."""

    key: str
    indicator: str
    value: int | None
    as_of: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Target:
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
class BudgetLine:
    """An activity's money from one source, in đồng; `annual_rate` a year for `years` years."""

    key: str
    activity: str
    source: MoneySource | None = None
    level: MoneyLevel | None = None
    year: int | None = None
    amount: int | None = None
    annual_rate: int | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Nhiệm vụ: what is done, who leads (chủ trì), who coordinates (phối hợp), and when."""

    key: str
    title: str
    leads: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What the plan's last section says of one agency, in its own words."""

    key: str
    agency: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReportingDuty:
    """Chế độ báo cáo: who reports to whom, through whom, how often, and by when ("trước 15/12")."""

    key: str
    reporter: str
    addressees: tuple[str, ...] = ()
    through: str = ""
    frequency: Frequency | None = None
    due: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A narrative part; its title begins with its numeral where it has one ("IV. Kinh phí")."""

    key: str
    title: str
    body: str = ""


Line = (
    Header
    | Paper
    | LegalBasis
    | Recipient
    | Definition
    | Baseline
    | BudgetLine
    | Task
    | Duty
    | ReportingDuty
)

LINE_OF: dict[Part, type[Line]] = {
    Part.HEADER: Header,
    Part.PAPER: Paper,
    Part.BASIS: LegalBasis,
    Part.RECIPIENT: Recipient,
    Part.DEFINITION: Definition,
    Part.BASELINE: Baseline,
    Part.BUDGET: BudgetLine,
    Part.TASK: Task,
    Part.DUTY: Duty,
    Part.REPORTING: ReportingDuty,
}
"""What a line of each part is."""


@dataclass(frozen=True)
class Content:
    """A whole plan. `floors` are the targets of the level above that it has to keep to, of which
    `parent_paper` says where they stand; `unreadable` names parts that the source of a file has
    lost, of which nothing can be said. `made_on` is the day by which rules that change with time
    are judged: the newest date in the dossier, or today. `final` is what is sent on paper: a
    product's own plan gets its number, date and signature by the act of issuing, not as content.
    """

    programme: str
    place: Place
    period: Span
    phases: tuple[PhaseSpan, ...]
    indicators: Mapping[str, Indicator]
    header: Header = Header(HEADER)
    papers: tuple[Paper, ...] = ()
    bases: tuple[LegalBasis, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    definitions: tuple[Definition, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    targets: tuple[Target, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    tasks: tuple[Task, ...] = ()
    duties: tuple[Duty, ...] = ()
    reporting: tuple[ReportingDuty, ...] = ()
    sections: tuple[Section, ...] = ()
    floors: tuple[Target, ...] = ()
    parent_issuer: str = ""
    parent_paper: str = ""
    unreadable: frozenset[str] = field(default_factory=frozenset)
    made_on: date | None = None
    final: bool = True

    def of(self, indicator: str, phase: str | None = None) -> list[Target]:
        """The targets of an indicator, in one phase or in all."""
        return [
            one for one in self.targets if one.indicator == indicator and phase in {None, one.phase}
        ]

    def baseline(self, indicator: str) -> int | None:
        """An indicator's figure at the start, if the plan gives one."""
        return next(
            (
                one.value
                for one in self.baselines
                if one.indicator == indicator and one.value is not None
            ),
            None,
        )

    def papers_of(self, *roles: PaperRole) -> list[Paper]:
        return [paper for paper in self.papers if paper.role in roles]

    @property
    def is_directive(self) -> bool:
        """A letter that sets tasks under a plan issued before, and has no targets of its own."""
        return self.header.issuance is Issuance.DIRECTIVE

    def prose(self) -> Iterator[tuple[str, str]]:
        """Every running text with the key of where it stands: sections, tasks, duties."""
        for section in self.sections:
            yield section.key, f"{section.title}\n{section.body}"
        for task in self.tasks:
            yield task.key, task.title
        for duty in self.duties:
            yield duty.key, duty.text
        for duty in self.reporting:
            yield duty.key, duty.content
