"""One figure of a synthesis, unit by unit."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from lth.access.scope import Scope, revisions_seen
from lth.content import targets
from lth.core.errors import NotFoundError
from lth.models import Document, Indicator, Phase, Receipt, Revision, Target, Unit
from lth.models.programme import RollUp
from lth.synthesis import children, sources, sums
from lth.synthesis.children import PAGE, Below, Standing
from lth.synthesis.sheet import total_of
from lth.synthesis.sums import At
from lth.synthesis.totals import Cell, Grid, Total, add_up
from lth.workflow.inbox import InboxState

_HELD = frozenset({RollUp.MINIMUM, RollUp.COUNT_IN_RANGE, RollUp.RATIO})
"""The rules whose figures are held to a threshold unit by unit."""


@dataclass(frozen=True)
class Contribution:
    """One unit's part in the figure.

    `stated` are its released targets as they were written, `now` what they come to, `taken`
    what the receipt's revision comes to. `complies` says whether it keeps to the programme's
    threshold, None where there is none or nothing to hold to it.
    """

    unit: Unit
    standing: Standing
    state: InboxState
    document_id: int | None
    stated: tuple[Target, ...]
    now: Total | None
    taken: Total | None
    complies: bool | None


@dataclass(frozen=True)
class DrillDown:
    """One indicator in one phase: its totals, and one page of the units.

    `complying` of `judged` units keep to the programme's threshold, None where it has none.
    """

    indicator: Indicator
    phase: Phase
    taken: Total | None
    live: Total | None
    complying: int | None
    judged: int | None
    contributions: list[Contribution]
    total: int


def drill_down(
    session: Session,
    document: Document,
    revision: Revision,
    indicator_id: int,
    phase_id: int,
    scope: Scope,
    *,
    page: int = 1,
) -> DrillDown:
    """List what each unit below says of one figure, those that moved first, in eight queries.

    The caller has read document and revision within the scope. Raises NotFoundError for a scope
    that does not see below the document's unit and for a figure that the programme or the period
    does not have.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    grid = _part(sources.grid(session, document), indicator_id, phase_id)
    below = Below(document, revision, scope)
    indicator, cell = grid.indicators[indicator_id], (indicator_id, phase_id)
    live = add_up(grid, sums.released_in(session, grid, document)).get(cell)
    judged, complying = _compliance(session, document, grid, indicator, live)
    return DrillDown(
        indicator=indicator,
        phase=grid.phases[phase_id],
        taken=_taken(session, revision, cell),
        live=live,
        complying=complying,
        judged=judged,
        contributions=_contributions(session, below, grid, indicator, max(1, page)),
        total=children.count(session, below).expected,
    )


def _part(grid: Grid, indicator_id: int, phase_id: int) -> Grid:
    """Return the one indicator with those that it is a quotient of, in the one phase."""
    if indicator_id not in grid.indicators or phase_id not in grid.phases:
        raise NotFoundError
    indicator = grid.indicators[indicator_id]
    codes = {indicator.code, indicator.numerator_code, *targets.denominators(indicator)}
    chosen = {key: row for key, row in grid.indicators.items() if row.code in codes}
    return Grid(chosen, {phase_id: grid.phases[phase_id]})


def _taken(session: Session, revision: Revision, cell: Cell) -> Total | None:
    statement = select(Target).where(
        Target.revision_id == revision.id,
        Target.indicator_id == cell[0],
        Target.phase_id == cell[1],
    )
    target = session.scalars(statement).first()
    return total_of(target) if target else None


def _has_threshold(indicator: Indicator) -> bool:
    bounded = indicator.threshold_min is not None or indicator.threshold_max is not None
    return bounded and indicator.roll_up in _HELD


def _compliance(
    session: Session, document: Document, grid: Grid, indicator: Indicator, live: Total | None
) -> tuple[int | None, int | None]:
    """Count the units that can be held to the threshold, and those that keep to it."""
    if live is None or not _has_threshold(indicator):
        return None, None
    if indicator.roll_up is not RollUp.RATIO:
        return live.counted, live.in_range
    over = grid.by_code(indicator.numerator_code)
    under = grid.by_code(live.denominator_code)
    if over is None or under is None:
        return None, None
    by_phase = sums.keeping(session, document, indicator, over, under)
    return by_phase.get(next(iter(grid.phases)), (None, None))


# --- Unit by unit -------------------------------------------------------------------------


def _contributions(
    session: Session, below: Below, grid: Grid, indicator: Indicator, number: int
) -> list[Contribution]:
    statement = below.joined(
        Unit,
        Document,
        children.STANDING.label("standing"),
        Receipt.document_id.label("received_document"),
        Receipt.number.label("received"),
    ).order_by(*children.ORDER)
    rows = session.execute(statement.limit(PAGE).offset((number - 1) * PAGE)).all()
    pairs = {_released(row) for row in rows} | {_received(row) for row in rows}
    said = _said(session, grid, sorted(pair for pair in pairs if pair), indicator, below.scope)
    return [_contribution(indicator, row, said) for row in rows]


def _released(row) -> At | None:
    if row.Document is None or row.Document.released_number is None:
        return None
    return row.Document.id, row.Document.released_number


def _received(row) -> At | None:
    return None if row.received_document is None else (row.received_document, row.received)


@dataclass(frozen=True, slots=True)
class _Said:
    """One revision's targets for the figure, and what they come to."""

    stated: tuple[Target, ...] = ()
    total: Total | None = None


def _said(
    session: Session, grid: Grid, pairs: list[At], indicator: Indicator, scope: Scope
) -> dict[At | None, _Said]:
    """Add up each by the very statement and rule that add up all of them; two queries."""
    phase_id = next(iter(grid.phases))
    each = sums.of_each(session, grid, pairs, scope)
    stated: dict[At, list[Target]] = {pair: [] for pair in each}
    statement = (
        select(Revision.document_id, Revision.number, Target)
        .join(Target, Target.revision_id == Revision.id)
        .where(
            tuple_(Revision.document_id, Revision.number).in_(pairs),
            revisions_seen(scope),
            Target.indicator_id == indicator.id,
            Target.phase_id == phase_id,
        )
        .order_by(Target.line_key)
    )
    for document_id, number, target in session.execute(statement):
        stated.setdefault((document_id, number), []).append(target)
    return {
        pair: _Said(tuple(lines), add_up(grid, each.get(pair, {})).get((indicator.id, phase_id)))
        for pair, lines in stated.items()
    }


def _contribution(indicator: Indicator, row, said: Mapping[At | None, _Said]) -> Contribution:
    now, then = said.get(_released(row), _Said()), said.get(_received(row), _Said())
    return Contribution(
        unit=row.Unit,
        standing=Standing(row.standing),
        state=InboxState(row.Document.status) if row.Document else InboxState.MISSING,
        document_id=row.Document.id if row.Document else None,
        stated=now.stated,
        now=now.total,
        taken=then.total,
        complies=_complies(indicator, now),
    )


def _complies(indicator: Indicator, statement: _Said) -> bool | None:
    """Tell whether a unit keeps to the threshold; a quotient by its counts, else as stated."""
    if statement.total is None or not _has_threshold(indicator):
        return None
    if indicator.roll_up is not RollUp.RATIO:
        total = statement.total
        return total.in_range == total.counted if total.counted else None
    as_stated = (targets.figure_of(line) for line in statement.stated)
    figure = statement.total.figure or next(as_stated, None)
    if figure is None or figure.value is None:
        return None
    low, high = indicator.threshold_min, indicator.threshold_max
    top = figure.value if figure.high is None else figure.high
    return (low is None or figure.value >= low) and (high is None or top <= high)
