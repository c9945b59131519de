"""Show a synthesis side by side: taken over and live, assigned and planned, and who is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.content import targets
from lth.content.targets import Figure
from lth.core.errors import NotFoundError
from lth.core.i18n import N_, Bilingual, Message
from lth.models import Document, Indicator, Phase, Revision, Target
from lth.models.programme import Measure, RollUp
from lth.quotas import parent_plan
from lth.synthesis import children, money, roll, sources, sums
from lth.synthesis.absent import Attendance
from lth.synthesis.children import Standing, StandingCounts
from lth.synthesis.money import MoneyTable
from lth.synthesis.roll import RollCall
from lth.synthesis.totals import Cell, Flag, Grid, Total

HEADLINE = "members_total"
"""The indicator by which drift is told where it has drifted."""


@dataclass(frozen=True)
class SynthesisLine:
    """One indicator in one phase, in the indicator's measure.

    `taken` is what the revision holds, `live` what the units below have released now (None
    where none of them has anything here, or where the scope does not see below), `quota` what
    the next step assigned to this unit, `own` the targets of its own document in force.
    """

    indicator: Indicator
    phase: Phase
    taken: Total | None
    live: Total | None
    quota: int | None
    own: tuple[Figure, ...]

    @property
    def key(self) -> str:
        """Return the line's key, to which remarks are pinned."""
        return targets.line_key(self.indicator.code, self.phase.code)

    @property
    def difference(self) -> int | None:
        """Return live less taken over (lower bounds of ranges); None where either has none."""
        taken, live = self.taken, self.live
        if taken is None or live is None or taken.value is None or live.value is None:
            return None
        return live.value - taken.value

    @property
    def drifted(self) -> bool:
        return self.taken != self.live

    @property
    def empty(self) -> bool:
        """Tell whether nobody has said anything here, above or below."""
        return not (self.taken or self.live or self.own) and self.quota is None


class MovedLine(Protocol):
    """A figure that was taken over, beside what it is now, whatever it counts."""

    @property
    def indicator(self) -> Indicator: ...

    @property
    def difference(self) -> int | None: ...

    @property
    def drifted(self) -> bool: ...


@dataclass(frozen=True)
class Drift:
    """A difference between what was taken over and what the units below say now.

    `units` have released something else since; `lines` are the figures that differ. `summary`
    is "lệch 2 xã, +14 thành viên", None where nothing has moved that a unit or a figure tells.
    """

    units: int
    lines: tuple[MovedLine, ...]
    summary: Message | None

    def __bool__(self) -> bool:
        return bool(self.units or self.lines)


@dataclass(frozen=True)
class SynthesisSheet(RollCall):
    """Everything the synthesis page shows."""

    phases: Sequence[Phase]
    lines: list[SynthesisLine]
    drift: Drift | None
    money: MoneyTable

    @property
    def heard(self) -> tuple[int, int]:
        """Return how many units there are to say something, in the receipt and now.

        Those below a unit that has sent a synthesis count, and not it.
        """
        taken = [line.taken.units for line in self.lines if line.taken]
        now = [line.live.units for line in self.lines if line.live]
        return (
            max([self.counts.received, *taken]),
            max([self.counts.released, *now]),
        )


def live(session: Session, document: Document, scope: Scope) -> dict[Cell, Total]:
    """Return what the units below come to now, by indicator id and phase id.

    Two queries: the programme's grid, and one that adds up everything. Raises NotFoundError for
    a scope that does not see below the document's unit.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    return sums.released(session, document)[1].cells


def sheet(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    page: int = 1,
    only: Standing | None = None,
    there: Attendance | None = None,
) -> SynthesisSheet:
    """Return everything the synthesis page shows, in seven queries however many units there are.

    One or two more where one of them has said something new, one where they are of several kinds,
    and one while it can be taken over anew.
    `page` and `only` choose among the units below; `there` says who is in it, where that is known
    already. The caller has read plan and revision within the scope.
    """
    sees = children.sees_below(scope, document)
    grid, now = (
        sums.released(session, document) if sees else (sources.grid(session, document), None)
    )
    lines = _lines(session, document, revision, grid, now.cells if now else {}, scope)
    called = roll.call(session, document, revision, scope, page=page, only=only, there=there)
    return SynthesisSheet(
        **vars(called),
        phases=list(grid.phases.values()),
        lines=lines,
        drift=drift(lines, called.counts) if sees and called.taken else None,
        money=money.table(
            money.taken(session, revision.id) if called.taken else None,
            now.money if now else None,
        ),
    )


def total_of(target: Target) -> Total:
    """Return a synthesis's line as a total."""
    in_words = target.value_min is None and target.value_max is None
    return Total(
        figure=None if in_words else targets.figure_of(target),
        counted=target.counted or 0,
        incomparable=target.incomparable or 0,
        in_range=target.in_range,
        flags=tuple(Flag(flag) for flag in target.flags),
        scope=target.scope,
        counts_from=target.counts_from,
        denominator_code=target.denominator_code,
        sayings=tuple(targets.read_sayings(target.said or ())),
    )


def _lines(
    session: Session,
    document: Document,
    revision: Revision,
    grid: Grid,
    now: Mapping[Cell, Total],
    scope: Scope,
) -> list[SynthesisLine]:
    taken, own = _targets(session, document, revision, scope)
    assigned = parent_plan.quotas(
        session, document.unit_id, document.next_unit_id, document.period_id, scope
    )
    lines = []
    for indicator, phase in grid.cells():
        cell = (indicator.id, phase.id)
        quota = assigned[cell][1] if cell in assigned else None
        figures = tuple(own.get(cell, ()))
        lines.append(
            SynthesisLine(indicator, phase, taken.get(cell), now.get(cell), quota, figures)
        )
    return lines


def _targets(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> tuple[dict[Cell, Total], dict[Cell, list[Figure]]]:
    """Read what the revision holds, and the figures of the unit's own document in force, at once.

    The two are one set to look in: beside an OR, PostgreSQL reads every target there is.
    """
    in_force = parent_plan.in_force(document.unit_id, document.period_id, scope).with_only_columns(
        Revision.id
    )
    both = union_all(select(literal(revision.id)), in_force)
    statement = select(Target).where(Target.revision_id.in_(both)).order_by(Target.line_key)
    taken: dict[Cell, Total] = {}
    own: dict[Cell, list[Figure]] = {}
    for target in session.scalars(statement):
        cell = (target.indicator_id, target.phase_id)
        if target.revision_id == revision.id:
            taken[cell] = total_of(target)
        else:
            own.setdefault(cell, []).append(targets.figure_of(target))
    return taken, own


def drift(lines: Sequence[MovedLine], counts: StandingCounts) -> Drift:
    """Say how far the figures of some lines, and how many units, are off what was taken over."""
    moved = tuple(line for line in lines if line.drifted)
    return Drift(counts.adrift, moved, _summary(moved, counts))


def _summary(moved: Sequence[MovedLine], counts: StandingCounts) -> Message | None:
    """Say "lệch 2 xã, +14 thành viên": the units, and the figure that says most."""
    line = _headline(moved)
    told = {} if line is None else {"change": Bilingual(_change(line, "vi"), _change(line, "en"))}
    if not counts.adrift:  # a correction below them, which no unit has sent anew
        return Message(N_("lệch %(change)s"), told) if told else None
    units = {"units": children.of_units(counts.adrift, counts.level)}
    if not told:
        return Message(N_("lệch %(units)s"), units)
    return Message(N_("lệch %(units)s, %(change)s"), units | told)


def _headline(moved: Sequence[MovedLine]) -> MovedLine | None:
    """Find, of the sums that moved, that of members, else the first in order."""
    sums_moved = [
        line for line in moved if line.indicator.roll_up is RollUp.SUM and line.difference
    ]
    named = [line for line in sums_moved if line.indicator.code == HEADLINE]
    return next(iter(named or sums_moved), None)


def _change(line: MovedLine, language: str) -> str:
    """Say "+14 thành viên"."""
    change, row = line.difference or 0, line.indicator
    text = targets.amount(abs(change), row, language)
    if row.measure is Measure.COUNT:
        text = f"{text} {row.unit_en if language == 'en' else row.unit_vi}"
    return f"{'+' if change > 0 else '−'}{text}"
