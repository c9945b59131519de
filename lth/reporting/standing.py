"""What was assigned, planned and done, indicator by indicator: of a unit and of those below it.

Assigned are the quotas that were handed down to a unit; to the topmost one nobody assigns, it has
its own plan. Planned is what the unit's plan in force (or released) says, of the topmost one what
the plans below it come to, where that is added up already. Done is what the newest report of the
window says, and, where there is none yet, what the clubs' books come to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.content.targets import WHOLE as WHOLE_OF
from lth.content.targets import denominators
from lth.core.errors import NotFoundError
from lth.core.i18n import N_
from lth.models import Area, Indicator, Phase, Unit
from lth.models.programme import RollUp
from lth.models.report import Reported
from lth.reporting import club_sums, standing_reads
from lth.reporting.club_sums import ClubSums, CodeSum
from lth.reporting.from_books import is_flow
from lth.reporting.goals import Goal, GoalJudgement, given, judge, written
from lth.reporting.result_choice import ResultChoice
from lth.reporting.standing_reads import Ground, PlannedBy, ReportedBy, UnitBelow
from lth.units.names import UnitName

MAIN = "main"
"""The indicators that are required or were assigned, whatever their topic."""


class DoneFrom(StrEnum):
    """Where a figure of what was done comes from."""

    REPORT = "report"
    BOOKS = "books"


DONE_FROM_LABEL = {
    DoneFrom.REPORT: N_("theo báo cáo"),
    DoneFrom.BOOKS: N_("theo sổ, chưa báo cáo"),
}


@dataclass(frozen=True, slots=True)
class DoneFigure:
    """What was done: `value` counts against the goal, `of_window` happened in the window alone.

    `reported` says that it is nil or not applicable, where a report says that, not a number.
    """

    value: int | None
    source: DoneFrom
    of_window: int | None = None
    reported: Reported = Reported.VALUE


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One indicator of one unit: the three figures, and how far it is."""

    indicator: Indicator
    assigned: Goal | None
    planned: Goal | None
    done: DoneFigure | None
    judgement: GoalJudgement

    @property
    def goal(self) -> Goal | None:
        """Return what is to be reached: what was assigned, else what is planned."""
        return self.assigned or self.planned

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to be said at all."""
        return self.goal is None and (self.done is None or self.done.value is None)


@dataclass(frozen=True, slots=True)
class UnitResults:
    """A unit with its lines by the indicator's code, and the documents that they come from."""

    unit: UnitName
    lines: Mapping[str, ResultLine]
    has_below: bool
    plan: PlannedBy | None
    synthesis: PlannedBy | None
    report: ReportedBy | None


@dataclass(frozen=True)
class ResultSheet:
    """What there is for a choice: of a unit, and of each directly below it, by name.

    `indicators` are all of the programme in order, `main` those that the units below were read for;
    `series` is what the unit reported in the earlier windows.
    """

    choice: ResultChoice
    phase: Phase
    indicators: Sequence[Indicator]
    main: Sequence[Indicator]
    own: UnitResults
    below: Sequence[UnitResults]
    clubs: ClubSums
    areas: Sequence[Area]
    series: standing_reads.Series

    def topics(self) -> list[str]:
        """List the topics in which the unit has something, in the order of the programme."""
        found = [one.topic for one in self.indicators if not self.own.lines[one.code].empty]
        return list(dict.fromkeys(found))


def results(
    session: Session,
    scope: Scope,
    unit: Unit,
    choice: ResultChoice,
    *,
    topic: str = MAIN,
    code: str = "",
) -> ResultSheet:
    """Read what was assigned, planned and done, of a unit that the caller has read in its scope.

    Of the units below, in the main indicators, those of a topic, or one by its code; what they
    plan in an indicator in which all of them were assigned something, of that one alone. In six
    queries, and up to three more where the clubs' books have changed since they were last asked
    for. Raises NotFoundError for a code that there is not.
    """
    place = choice.window.period_id if choice.window is not None else choice.period.id
    names = standing_reads.units_below(session, unit.id, place)
    reading = _Reading(session, scope, unit, choice, names)
    return reading.results(topic, code)


@dataclass
class _Reading:
    """What is read for a unit and those below it, piece by piece."""

    session: Session
    scope: Scope
    unit: Unit
    choice: ResultChoice
    below: Sequence[UnitBelow]

    @cached_property
    def ids(self) -> list[int]:
        return [self.unit.id, *(one.name.id for one in self.below)]

    @cached_property
    def ground(self) -> Ground:
        period = self.choice.period
        return standing_reads.ground(self.session, period.programme_id, period.id)

    @property
    def indicators(self) -> list[Indicator]:
        return self.ground.indicators

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        return {one.code: one for one in self.indicators}

    @cached_property
    def phases(self) -> list[Phase]:
        """List the phases up to the one that the last day counted is in."""
        every = self.ground.phases
        begun = [phase for phase in every if phase.starts_on <= self.choice.until]
        return begun or every[:1]

    @cached_property
    def quotas(self) -> dict[int, dict[int, dict[int, int]]]:
        return standing_reads.quotas(self.session, self.scope, self.ids, self.choice.period.id)

    def results(self, topic: str, code: str) -> ResultSheet:
        if code and code not in self.by_code:
            raise NotFoundError
        main = [self.by_code[code]] if code else self._main(topic)
        wanted = {one.id for one in [*main, *self._counts(main)]}
        phase_ids = [phase.id for phase in self.phases]
        planned = wanted if code else self._not_assigned(main)
        plans = standing_reads.planned(
            self.session, self.scope, self.ids, self.choice.period.id, phase_ids, planned
        )
        reports, series = self._reports(wanted)
        clubs = club_sums.read(
            self.session, self.scope, self.unit.path, self.choice.span, self.choice.so_far
        )
        books = club_sums.by_unit(
            *(clubs, self.unit.path, self.ids, self.by_code),
            [one.code for one in self.indicators if one.id in wanted],
            *(self.choice.period.first, frozenset(area.code for area in self.ground.areas)),
        )
        own = UnitName(self.unit.id, self.unit.type, self.unit.name, self.unit.path)

        def of_unit(unit: UnitName, rows: Sequence[Indicator], has_below: bool) -> UnitResults:
            found = (plans.get(unit.id, {}), reports.get(unit.id), books.get(unit.id, {}))
            return self._unit(unit, rows, has_below, *found)

        return ResultSheet(
            choice=self.choice,
            phase=self.phases[-1],
            indicators=self.indicators,
            main=main,
            own=of_unit(own, self.indicators, bool(self.below)),
            below=[of_unit(one.name, main, one.has_below) for one in self.below],
            clubs=clubs,
            areas=self.ground.areas,
            series=series,
        )

    def _reports(
        self, wanted: Collection[int]
    ) -> tuple[dict[int, ReportedBy], standing_reads.Series]:
        window = self.choice.window
        if window is None:
            return {}, {}
        earlier = [one.period_id for one in self.choice.series if one != window]
        return standing_reads.reported(
            self.session, self.scope, self.ids, window.period_id, wanted, earlier
        )

    def _main(self, topic: str) -> list[Indicator]:
        if topic != MAIN:
            return [one for one in self.indicators if one.topic == topic]
        assigned = {indicator_id for of_unit in self.quotas.values() for indicator_id in of_unit}
        return [one for one in self.indicators if one.required or one.id in assigned]

    def _not_assigned(self, main: Collection[Indicator]) -> set[int]:
        """Find the indicators in which some unit below was assigned nothing: of these alone many
        plans are read.
        """
        below = self.ids[1:]
        return {
            one.id
            for one in main
            if any(one.id not in self.quotas.get(unit_id, {}) for unit_id in below)
        }

    def _counts(self, rows: Collection[Indicator]) -> list[Indicator]:
        """List the counts that the quotients among some indicators are made of."""
        codes = {
            code
            for one in rows
            if one.roll_up in {RollUp.RATIO, RollUp.COUNT_IN_RANGE}
            for code in (one.numerator_code, one.denominator_code, *denominators(one))
        }
        return [one for one in self.indicators if one.code in codes]

    # --- One unit -------------------------------------------------------------------------

    def _unit(
        self,
        unit: UnitName,
        rows: Sequence[Indicator],
        has_below: bool,
        plans: Mapping[bool, PlannedBy],
        report: ReportedBy | None,
        books: Mapping[str, CodeSum],
    ) -> UnitResults:
        plan, synthesis = plans.get(False), plans.get(True)
        done = _Done(self.by_code, report, books)
        is_top = unit.id == self.unit.id and self.unit.parent_id is None
        assigned_by, planned_by = (plan, synthesis or plan) if is_top else (None, plan or synthesis)
        lines = {}
        for one in rows:
            assigned = self._written(one, assigned_by) if is_top else self._assigned(unit.id, one)
            planned = self._written(one, planned_by)
            lines[one.code] = self._line(one, assigned, planned, done)
        return UnitResults(unit, lines, has_below, plan, synthesis, report)

    def _line(
        self, one: Indicator, assigned: Goal | None, planned: Goal | None, done: "_Done"
    ) -> ResultLine:
        goal = assigned or planned
        figure = done.of(one, goal)
        value = figure.value if figure is not None else None
        judgement = judge(one, goal, value, self.choice.elapsed)
        return ResultLine(one, assigned, planned, figure, judgement)

    def _written(self, one: Indicator, plan: PlannedBy | None) -> Goal | None:
        rows = plan.targets.get(one.id) if plan is not None else None
        if not rows:
            return None
        years = self.choice.period.last.year - self.choice.period.first.year + 1
        return written(one, rows, [phase.id for phase in self.phases], years=years)

    def _assigned(self, unit_id: int, one: Indicator) -> Goal | None:
        by_phase = self.quotas.get(unit_id, {}).get(one.id, {})
        values = [by_phase[phase.id] for phase in self.phases if phase.id in by_phase]
        if not values or self.phases[-1].id not in by_phase:
            return None
        adds = one.extra.get("counts_from", "new") == "new"
        return given(sum(values) if adds else values[-1])


@dataclass(frozen=True)
class _Done:
    """What one unit has done, by its report and its clubs' books."""

    by_code: Mapping[str, Indicator]
    report: ReportedBy | None
    books: Mapping[str, CodeSum]

    def of(self, one: Indicator, goal: Goal | None) -> DoneFigure | None:
        """Find what was done of an indicator; of a quotient, count over count of one source."""
        over = self.by_code.get(one.numerator_code or "")
        if one.roll_up in {RollUp.RATIO, RollUp.COUNT_IN_RANGE} and over is not None:
            under = self._under(one, over, goal)
            return self._quotient(one, over, under) if under is not None else None
        return self._count(one)

    def _under(self, one: Indicator, over: Indicator, goal: Goal | None) -> Indicator | None:
        """Choose what to divide by: what the goal names, else the only one or one of its kind."""
        if one.roll_up is RollUp.RATIO and goal is not None and goal.denominator_code:
            return self.by_code.get(goal.denominator_code)
        if one.roll_up is RollUp.RATIO and one.denominator_code:
            return self.by_code.get(one.denominator_code)
        every = [self.by_code[code] for code in denominators(one) if code in self.by_code]
        alike = [row for row in every if is_flow(row) is is_flow(over)]
        return alike[0] if len(alike) == 1 else None

    def _quotient(self, one: Indicator, over: Indicator, under: Indicator) -> DoneFigure | None:
        above, below = self._count(over), self._count(under)
        if above is None or below is None or above.value is None or not below.value:
            return None
        whole = WHOLE_OF.get(one.measure, 1)
        value = (2 * above.value * whole + below.value) // (2 * below.value)
        by_report = {above.source, below.source} == {DoneFrom.REPORT}
        return DoneFigure(value, DoneFrom.REPORT if by_report else DoneFrom.BOOKS)

    def _count(self, one: Indicator) -> DoneFigure | None:
        row = self.report.values.get(one.id) if self.report is not None else None
        if row is not None:
            return said(one, row)
        found = self.books.get(one.code)
        if found is None or (found.value is None and found.so_far is None):
            return None
        value = found.so_far if is_flow(one) else found.value
        return DoneFigure(value, DoneFrom.BOOKS, found.value)


def said(one: Indicator, row: Row[Any]) -> DoneFigure:
    """Return what a report says of an indicator: so far of what is added up, else as it is."""
    reported = Reported(row.reported)
    if reported is Reported.NOT_APPLICABLE:
        return DoneFigure(None, DoneFrom.REPORT, reported=reported)
    value = row.least if one.roll_up is RollUp.MINIMUM and row.least is not None else row.value
    so_far = row.cumulative if is_flow(one) and row.cumulative is not None else value
    nil = reported is Reported.NIL
    return DoneFigure(so_far or 0 if nil else so_far, DoneFrom.REPORT, value, reported)
