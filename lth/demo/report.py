"""Hold what a walkthrough found: steps taken, sums held to what they should be, mails, time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lth.core.i18n import Message
from lth.demo.figures import Values


@dataclass(frozen=True)
class CheckedSum:
    """One sum: what came out, and what should have, in the indicator's measure."""

    code: str
    label: Mapping[str, str]
    """The indicator's name by language."""
    shown: Mapping[str, tuple[str, str]]
    """Found and expected as people read them, by language."""
    found: int | None
    expected: int

    @property
    def holds(self) -> bool:
        return self.found == self.expected


@dataclass(frozen=True)
class SynthesisSums:
    """Sums that a synthesis came to, over how many of how many units, and who was missing."""

    unit: str
    when: Message
    received: int
    taking_part: int
    missing: Sequence[str]
    checks: Sequence[CheckedSum]


@dataclass(frozen=True)
class ReportedFigure:
    """One figure of an added-up report, beside what was assigned and planned.

    `clubs` is what the clubs' books and register come to, of the units that have reported: who
    follows the figure down finds that. `expected` is known beforehand.
    """

    code: str
    label: Mapping[str, str]
    shown: Mapping[str, tuple[str, str, str, str]]
    """Assigned, planned, done and expected as people read them, by language."""
    assigned: int | None
    planned: int | None
    done: int | None
    clubs: int | None
    expected: int

    @property
    def holds(self) -> bool:
        return self.done == self.clubs == self.expected


@dataclass(frozen=True)
class ReportedSums:
    """What the reports below a unit came to, over how many of how many units; who is missing."""

    unit: str
    received: int
    taking_part: int
    missing: Sequence[str]
    figures: Sequence[ReportedFigure]


@dataclass(frozen=True)
class PlayedRequest:
    """A request on its way: by which unit, what, and its steps, each with who took it."""

    unit: str
    text: str
    steps: Sequence[tuple[str, str]]
    state: str


@dataclass
class PlayedHalfYear:
    """Reports of a half-year: the clubs and books behind them, who reported nil, who was sent back,
    and what became of a request.
    """

    clubs: int = 0
    books: int = 0
    reports: int = 0
    nil: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    sums: list[ReportedSums] = field(default_factory=list)
    request: PlayedRequest | None = None

    @property
    def holds(self) -> bool:
        return all(figure.holds for sums in self.sums for figure in sums.figures)


@dataclass(frozen=True)
class Mails:
    """Mails that the acts wrote: by act, those that call for an act and those that tell."""

    by_act: Mapping[str, tuple[int, int]]
    about: str
    subjects: Sequence[tuple[str, str]]
    """The mails about one plan, as recipient and subject."""

    @property
    def total(self) -> int:
        return sum(turn + news for turn, news in self.by_act.values())

    @property
    def turns(self) -> int:
        return sum(turn for turn, _ in self.by_act.values())


@dataclass
class Road:
    """One of the two roads, as it was played."""

    title: Message
    steps: list[Message | SynthesisSums | ReportedSums] = field(default_factory=list)

    @property
    def sums(self) -> list[SynthesisSums]:
        return [step for step in self.steps if isinstance(step, SynthesisSums)]


@dataclass
class WalkthroughReport:
    """All of it. `faults` says what went otherwise than the rules have it."""

    database: str
    roads: list[Road] = field(default_factory=list)
    mails: Mails = field(default_factory=lambda: Mails({}, "", ()))
    faults: list[Message] = field(default_factory=list)
    seconds: float = 0.0
    half_year: PlayedHalfYear = field(default_factory=PlayedHalfYear)

    @property
    def ok(self) -> bool:
        """Tell whether every sum came out and nothing went wrong."""
        of_plans = (check for road in self.roads for sums in road.sums for check in sums.checks)
        return not self.faults and self.half_year.holds and all(one.holds for one in of_plans)


EXPECTED_OF_TRA_CU: Values = {
    "clubs_new": 50,
    "members_total": 3_444,
    "members_older": 2_240,
    "members_women": 2_230,
    "loans_members": 1_727,
    "income_fund_balance": 1_235_000_000,
}
EXPECTED_OF_CANG_LONG: Values = {
    "clubs_new": 40,
    "members_total": 2_438,
    "members_older": 1_609,
    "members_women": 1_581,
    "loans_members": 1_378,
    "income_fund_balance": 1_040_000_000,
}
EXPECTED_OF_TRA_VINH: Values = {
    "clubs_new": 90,
    "members_total": 5_882,
    "members_older": 3_849,
    "members_women": 3_811,
    "loans_members": 3_105,
    "income_fund_balance": 2_275_000_000,
}
EXPECTED_OF_BAC_NINH: Values = {
    "clubs_new": 24,
    "members_total": 1_455,
    "members_older": 948,
    "members_women": 924,
    "loans_members": 801,
    "income_fund_balance": 1_500_000_000,
}

DONE_IN_TRA_CU: Values = {
    "clubs_new": 32,
    "clubs_total": 49,
    "members_total": 3_175,
    "members_older": 2_050,
    "members_women": 2_043,
    "loans_members": 1_524,
    "income_fund_balance": 1_310_569_000,
    "health_checks": 1_544,
    "helped_cases": 290,
}
DONE_IN_CANG_LONG: Values = {
    "clubs_new": 28,
    "clubs_total": 43,
    "members_total": 2_553,
    "members_older": 1_664,
    "members_women": 1_638,
    "loans_members": 1_333,
    "income_fund_balance": 1_144_614_000,
    "health_checks": 1_756,
    "helped_cases": 250,
}
DONE_IN_TRA_VINH: Values = {
    "clubs_new": 60,
    "clubs_total": 92,
    "members_total": 5_728,
    "members_older": 3_714,
    "members_women": 3_681,
    "loans_members": 2_857,
    "income_fund_balance": 2_455_183_000,
    "health_checks": 3_300,
    "helped_cases": 540,
}
"""What was done in the first half of 2021, of the two districts that have reported."""
