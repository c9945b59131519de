"""Đạt, chưa đạt: a review's figures held against the targets of the plan, and what wants a reason.

A percentage follows from counts and has no line of its own: the reason for one that was not reached
stands with the count above the line.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lth.content.targets import Figure, quotient
from lth.core.i18n import N_, Message
from lth.drafting import reported
from lth.models import Indicator, ReportValue
from lth.reporting import promised
from lth.reporting.asked import AskedFor, ReportTerms
from lth.reporting.goals import Goal, GoalJudgement, Track, judge
from lth.reporting.promised import WHOLE, Promised

UNREACHED = N_("Chưa ghi lý do chưa đạt “%(indicator)s”.")


@dataclass(frozen=True, slots=True)
class TargetVerdict:
    """A target, what was done of it and how far that is; `reason_key` is the line of the reason."""

    indicator: Indicator
    goal: Figure
    done: int | None
    judged: GoalJudgement
    reason_key: str
    reason: str = ""

    @property
    def missed(self) -> bool:
        return self.judged.track is Track.BEHIND

    @property
    def wanting(self) -> Message | None:
        """Say that the reason is not given, where one is wanted."""
        if not self.missed or self.reason:
            return None
        return Message(UNREACHED, {"indicator": reported.label(self.indicator)})


def elapsed(terms: ReportTerms) -> int:
    """Return how much of the plan's time is over on the last day, in hundredths of a per cent."""
    plan = terms.plan_period
    if plan is None or terms.span.last >= plan.ends_on:
        return WHOLE
    days = (terms.span.last - plan.starts_on).days + 1
    return max(0, days) * WHOLE // ((plan.ends_on - plan.starts_on).days + 1)


def of_targets(
    what: AskedFor,
    rows: Mapping[str, ReportValue | None],
    held: Promised,
    terms: ReportTerms,
    amounts: Mapping[str, int | None],
) -> list[TargetVerdict]:
    """Judge every indicator that has a target or a quota, in the programme's order.

    `amounts` are what the rows come to (0 for nil), by code.
    """
    over = elapsed(terms)
    found = []
    for code, indicator in what.by_code.items():
        found.append((indicator, amounts.get(code), code))
    for indicator, above, below in what.derived.values():
        top, bottom = amounts.get(above), amounts.get(below)
        whole = top is not None and bottom is not None
        done = quotient(top, bottom, indicator.measure) if whole else None
        found.append((indicator, done, above))
    verdicts = []
    for indicator, done, key in sorted(found, key=lambda one: one[0].ordinal):
        goal = promised.goal(held.planned.get(indicator.id), held.assigned.get(indicator.id))
        if goal is None:
            continue
        row = rows.get(key)
        judged = judge(indicator, Goal(goal), done, over)
        reason = row.reason if row is not None else ""
        verdicts.append(TargetVerdict(indicator, goal, done, judged, key, reason))
    return verdicts


def wanting(verdicts: list[TargetVerdict]) -> dict[str, Message]:
    """Return, by the line that the reason stands with, what lacks one; the first of each line."""
    found: dict[str, Message] = {}
    for one in verdicts:
        if (message := one.wanting) is not None:
            found.setdefault(one.reason_key, message)
    return found
