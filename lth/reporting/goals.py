"""What is to be reached, and how far it is: one figure against another. Nothing here reads SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lth.content.targets import Figure
from lth.core.i18n import N_
from lth.models import Indicator
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.programme import RollUp
from lth.reporting.result_choice import WHOLE
from lth.synthesis.totals import LOWER, own_scope


class Track(StrEnum):
    """How far an indicator is: it is reached, in time, behind, or cannot be told."""

    REACHED = "reached"
    IN_TIME = "in_time"
    BEHIND = "behind"
    UNKNOWN = "unknown"


TRACK_LABEL = {
    Track.REACHED: N_("đạt"),
    Track.IN_TIME: N_("đúng tiến độ"),
    Track.BEHIND: N_("chậm"),
    Track.UNKNOWN: N_("chưa so được"),
}


class Unclear(StrEnum):
    """Why a figure cannot be compared with what is to be reached."""

    NO_GOAL = "no_goal"
    NOTHING_DONE = "nothing_done"
    IN_WORDS = "in_words"
    SEVERAL = "several"
    OTHER_SCOPE = "other_scope"
    EACH_YEAR = "each_year"


UNCLEAR_LABEL = {
    Unclear.NO_GOAL: N_("không có chỉ tiêu được giao hay kế hoạch"),
    Unclear.NOTHING_DONE: N_("chưa có số đã làm"),
    Unclear.IN_WORDS: N_("chỉ tiêu ghi bằng lời"),
    Unclear.SEVERAL: N_("có nhiều mức theo vùng"),
    Unclear.OTHER_SCOPE: N_("chỉ tiêu tính cho từng câu lạc bộ hoặc từng thành viên"),
    Unclear.EACH_YEAR: N_("chỉ tiêu tính riêng từng năm"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached by the end of the phase; `unclear` says why it is no one figure."""

    figure: Figure | None
    counts_from: CountsFrom = CountsFrom.NEW
    denominator_code: str | None = None
    unclear: Unclear | None = None

    @property
    def value(self) -> int | None:
        """Return the number to be reached; of a range, the lower one."""
        return self.figure.value if self.figure is not None else None


def given(value: int) -> Goal:
    """Return a quota as a goal: so much, or more."""
    return Goal(Figure(Comparator.EQ, value))


def written(
    indicator: Indicator, rows: Sequence[Any], phases: Sequence[int], *, years: int = 1
) -> Goal | None:
    """Read the goal that a document's targets set for an indicator; None where it sets none.

    `rows` are its targets in these phases, the earlier ones first; what is new in each of them adds
    up, everything else is of the last one. `years`: how many the period has.
    """
    last = [row for row in rows if row.phase_id == phases[-1]]
    if not last:
        return None
    if len(last) > 1:
        return Goal(None, unclear=Unclear.SEVERAL)
    row = last[0]
    meaning = CountsFrom(row.counts_from)
    figure = _added(rows, row, meaning)
    plain = Goal(figure, meaning, row.denominator_code)
    if figure.comparator is Comparator.QUALITATIVE:
        return Goal(figure, meaning, unclear=Unclear.IN_WORDS)
    if indicator.roll_up is RollUp.SUM and TargetScope(row.scope) is not TargetScope.UNIT:
        return Goal(figure, meaning, unclear=Unclear.OTHER_SCOPE)
    if meaning is CountsFrom.YEARLY and years > 1 and own_scope(indicator) is TargetScope.UNIT:
        return Goal(figure, meaning, unclear=Unclear.EACH_YEAR)
    return plain


def _added(rows: Iterable[Any], last: Any, meaning: CountsFrom) -> Figure:
    figure = Figure(Comparator(last.comparator), last.value_min, last.value_max)
    alike = [row for row in rows if row is not last]
    adds = meaning is CountsFrom.NEW and figure.comparator in LOWER and last.scope == "unit"
    if not adds or any(Comparator(row.comparator) not in LOWER for row in alike):
        return figure
    return Figure(figure.comparator, (figure.low or 0) + sum(row.value_min or 0 for row in alike))


@dataclass(frozen=True, slots=True)
class GoalJudgement:
    """How far an indicator is, the share of the goal in hundredths of a per cent, or why not."""

    track: Track
    share: int | None = None
    why: Unclear | None = None


def judge(indicator: Indicator, goal: Goal | None, done: int | None, elapsed: int) -> GoalJudgement:
    """Hold what was done against what is to be reached, with `elapsed` of the time over.

    A figure that grows by being added up is in time while its share of the goal is no less than
    that of the time; a quality (a percentage, a size, a floor) is reached or it is not.
    """
    if goal is None:
        return GoalJudgement(Track.UNKNOWN, why=Unclear.NO_GOAL)
    if goal.unclear is not None or goal.figure is None:
        return GoalJudgement(Track.UNKNOWN, why=goal.unclear or Unclear.NO_GOAL)
    if done is None:
        return GoalJudgement(Track.UNKNOWN, why=Unclear.NOTHING_DONE)
    share = _share(goal.figure, done)
    if _reaches(indicator, goal.figure, done):
        return GoalJudgement(Track.REACHED, share)
    paced = indicator.roll_up is RollUp.SUM and goal.figure.comparator is not Comparator.MAINTAIN
    if paced and share is not None and share >= elapsed:
        return GoalJudgement(Track.IN_TIME, share)
    return GoalJudgement(Track.BEHIND, share)


def _share(figure: Figure, done: int) -> int | None:
    if figure.comparator not in LOWER | {Comparator.BETWEEN} or not figure.low:
        return None
    return done * WHOLE // figure.low


def _reaches(indicator: Indicator, figure: Figure, done: int) -> bool:
    low, high = figure.low or 0, figure.high
    if figure.comparator is Comparator.GT:
        return done > low
    if figure.comparator is Comparator.LT:
        return high is not None and done < high
    if figure.comparator is Comparator.LTE:
        return high is not None and done <= high
    if figure.comparator is Comparator.BETWEEN:
        above = indicator.roll_up is RollUp.SUM or high is None or done <= high
        return done >= low and above
    return done >= low
