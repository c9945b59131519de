"""Show a report that adds others up: taken over beside now, promised beside done, who is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.content.targets import Figure
from lth.models import Document, Indicator, Phase, Revision
from lth.models.content import Comparator
from lth.reporting import adding_up, promised, sum_goals
from lth.reporting.sums import Sum
from lth.synthesis import children, roll, sources
from lth.synthesis.absent import Attendance
from lth.synthesis.children import Standing
from lth.synthesis.roll import RollCall
from lth.synthesis.sheet import Drift, drift
from lth.synthesis.totals import Grid


@dataclass(frozen=True)
class SumLine:
    """One indicator of a report that adds others up.

    `taken` is what the revision holds, `live` what the units below have released now (None where
    none of them has said anything, or where the scope does not see below), `assigned` what the next
    step assigned to the unit and `planned` what its own plan says, for the phase that the window
    ends in.
    """

    indicator: Indicator
    taken: Sum | None
    live: Sum | None
    assigned: int | None = None
    planned: Figure | None = None

    @property
    def key(self) -> str:
        """Return the line's key, to which remarks are pinned."""
        return self.indicator.code

    @property
    def shown(self) -> Sum | None:
        """Return what was taken over; before that, what there is now."""
        return self.taken or self.live

    @property
    def difference(self) -> int | None:
        """Return live less taken over; None where either is no number."""
        taken, live = self.taken, self.live
        if taken is None or live is None or taken.value is None or live.value is None:
            return None
        return live.value - taken.value

    @property
    def drifted(self) -> bool:
        then, now = self.taken, self.live
        return (then.figure if then else None) != (now.figure if now else None)

    @property
    def goal(self) -> Figure | None:
        """Return what it is held against: what was assigned, else what was planned."""
        if self.assigned is not None:
            return Figure(Comparator.EQ, low=self.assigned)
        return self.planned

    @property
    def share(self) -> int | None:
        """Return how much of what was promised is done, in hundredths of a per cent."""
        found = self.shown
        if found is None:
            return None
        done = found.cumulative if found.cumulative is not None else found.value
        return promised.share(done, self.goal)

    @property
    def empty(self) -> bool:
        """Tell whether nobody has said anything here, and nothing was promised."""
        return not (self.taken or self.live) and self.assigned is None


@dataclass(frozen=True)
class SumSheet(RollCall):
    """Everything the page of a report shows that adds others up."""

    phase: Phase
    lines: Sequence[SumLine]
    drift: Drift | None


def sheet(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    page: int = 1,
    only: Standing | None = None,
    there: Attendance | None = None,
) -> SumSheet:
    """Return everything the page shows, in a fixed number of queries however many units there are.

    `page` and `only` choose among the units below; `there` says who is in it, where that is known
    already. The caller has read document and revision within the scope.
    """
    sees = children.sees_below(scope, document)
    grid, live = _live(session, document, there) if sees else (sources.grid(session, document), {})
    taken: Mapping[int, Sum] = {}
    if revision.taken_over_at is not None:
        taken = adding_up.taken(session, grid, revision)
    goals = sum_goals.of_document(session, document, scope)
    lines = [
        SumLine(
            row,
            taken.get(row.id),
            live.get(row.id),
            goals.assigned.get(row.id),
            goals.planned.get(row.id),
        )
        for row in grid.indicators.values()
    ]
    called = roll.call(session, document, revision, scope, page=page, only=only, there=there)
    return SumSheet(
        **vars(called),
        phase=next(iter(grid.phases.values())),
        lines=[line for line in lines if not line.empty],
        drift=drift(lines, called.counts) if sees and called.taken else None,
    )


def _live(
    session: Session, document: Document, there: Attendance | None
) -> tuple[Grid, dict[int, Sum]]:
    size = there.lowest.expected if there is not None else None
    return adding_up.released(session, document, size)
