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
    steps: list[Message | SynthesisSums] = field(default_factory=list)

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

    @property
    def ok(self) -> bool:
        """Tell whether every sum came out and nothing went wrong."""
        return not self.faults and all(
            check.holds for road in self.roads for sums in road.sums for check in sums.checks
        )


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
