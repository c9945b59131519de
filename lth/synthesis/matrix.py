"""Units × indicators of one phase: what each unit below says, against what it was assigned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, documents_seen
from lth.core.errors import NotFoundError
from lth.models import Document, Indicator, Phase, Quota, Receipt, Revision, Target
from lth.quotas import parent_plan
from lth.synthesis import children, sources, sums
from lth.synthesis.children import Below, Standing
from lth.synthesis.sheet import total_of
from lth.synthesis.totals import Cell, Grid, Total
from lth.units.names import ALPHABETICAL, COLUMNS, UnitName
from lth.workflow.kinds import handing_down

MAIN = "main"
"""The indicators that are required or were assigned, whatever their topic."""


@dataclass(frozen=True)
class MatrixRow:
    """One unit: what it says and what it was assigned, by indicator id."""

    unit: UnitName
    standing: Standing
    document_id: int | None
    computed: bool
    says: Mapping[int, Sequence[Target]]
    assigned: Mapping[int, int]

    @property
    def silent(self) -> bool:
        """Tell whether it says nothing at all."""
        return not self.says

    def gap(self, indicator: Indicator) -> int | None:
        """Return what it says less what it was assigned; None where either is no one number."""
        given, said = self.assigned.get(indicator.id), self.says.get(indicator.id, ())
        if given is None or len(said) != 1 or said[0].value_min is None:
            return None
        return said[0].value_min - given


@dataclass(frozen=True)
class MatrixColumn:
    """One indicator: what all units come to, and what was assigned to the unit above them."""

    indicator: Indicator
    total: Total | None
    assigned: int | None

    @property
    def gap(self) -> int | None:
        """Return the sum less what was assigned; None where either is missing."""
        if self.assigned is None or self.total is None or self.total.value is None:
            return None
        return self.total.value - self.assigned


@dataclass(frozen=True)
class Matrix:
    """The matrix of one phase and topic, and which others there are.

    `taken` tells whether it is what the synthesis took over, or what the units say now; a synthesis
    that has taken nothing over yet is always of now. `heard` units say something.
    """

    phases: Sequence[Phase]
    phase: Phase
    topics: Sequence[str]
    topic: str
    taken: bool
    can_be_taken: bool
    columns: Sequence[MatrixColumn]
    rows: Sequence[MatrixRow]
    heard: int


def matrix(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    phase: str = "",
    topic: str = MAIN,
    now: bool = False,
) -> Matrix:
    """Read the matrix, in six queries, or in up to eight for what units say now.

    `phase` is a code, the first unless given. The caller has read document and revision within the
    scope. Raises NotFoundError for a scope that does not see below the document's unit, and for a
    phase or a topic that there is not.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    can_be_taken = revision.taken_over_at is not None
    taken = can_be_taken and not now
    grid, totals = _totals(session, document, revision, taken=taken)
    chosen = _phase(grid, phase)
    own = parent_plan.quotas(
        session, document.unit_id, document.next_unit_id, document.period_id, scope
    )
    given = _given(session, document, chosen, scope)
    assigned = {cell[0] for cell in own if cell[1] == chosen.id}.union(*given.values())
    by_topic = _topics(grid, totals, chosen, assigned)
    if topic not in by_topic:
        raise NotFoundError
    columns = [
        MatrixColumn(
            indicator,
            totals.get((indicator.id, chosen.id)),
            own[indicator.id, chosen.id][1] if (indicator.id, chosen.id) in own else None,
        )
        for indicator in by_topic[topic]
    ]
    says = _says(session, document, revision, columns, chosen, taken=taken)
    rows = [_row(row, says, given) for row in units_of(session, document, revision, scope)]
    return Matrix(
        phases=list(grid.phases.values()),
        phase=chosen,
        topics=list(by_topic),
        topic=topic,
        taken=taken,
        can_be_taken=can_be_taken,
        columns=columns,
        rows=rows,
        heard=max([sum(not row.silent for row in rows), *(each.units for each in totals.values())]),
    )


def _totals(
    session: Session, document: Document, revision: Revision, *, taken: bool
) -> tuple[Grid, dict[Cell, Total]]:
    """Return the sums of every cell: those that were taken over, or those of now."""
    if not taken:
        grid, found = sums.released(session, document)
        return grid, found.cells
    statement = select(Target).where(Target.revision_id == revision.id)
    kept = {
        (target.indicator_id, target.phase_id): total_of(target)
        for target in session.scalars(statement)
    }
    return sources.grid(session, document), kept


def _phase(grid: Grid, code: str) -> Phase:
    found = [phase for phase in grid.phases.values() if code in {"", phase.code}]
    if not found:
        raise NotFoundError
    return found[0]


def _topics(
    grid: Grid, totals: Mapping[Cell, Total], phase: Phase, assigned: set[int]
) -> dict[str, list[Indicator]]:
    """List the indicators by topic that somebody has something in; the main ones come first.

    Of a programme in which nobody has said anything yet, the required ones.
    """
    found: dict[str, list[Indicator]] = {MAIN: []}
    for indicator in grid.indicators.values():
        if indicator.required or indicator.id in assigned:
            found[MAIN].append(indicator)
        if (indicator.id, phase.id) in totals or indicator.id in assigned:
            found.setdefault(indicator.topic, []).append(indicator)
    return found


def _given(
    session: Session, document: Document, phase: Phase, scope: Scope
) -> dict[int, dict[int, int]]:
    """Read what the unit's own document in force assigns below: value by unit and indicator."""
    statement = (
        select(Quota.unit_id, Quota.indicator_id, Quota.value)
        .join(Document, Document.id == Quota.document_id)
        .where(
            Document.unit_id == document.unit_id,
            Document.period_id == document.period_id,
            Document.kind.in_(handing_down()),
            Document.in_force_number.is_not(None),
            documents_seen(scope),
            Quota.phase_id == phase.id,
        )
    )
    found: dict[int, dict[int, int]] = {}
    for unit_id, indicator_id, value in session.execute(statement):
        found.setdefault(unit_id, {})[indicator_id] = value
    return found


def _says(
    session: Session,
    document: Document,
    revision: Revision,
    columns: Sequence[MatrixColumn],
    phase: Phase,
    *,
    taken: bool,
) -> dict[int, dict[int, list[Target]]]:
    """Read what each document that is added up says, by unit and indicator; one query."""
    source = sources.received() if taken else sources.released()
    values = {"revision_id": revision.id} if taken else sources.below(document)
    statement = (
        select(source.c.unit_id, Target)
        .join(Target, Target.revision_id == source.c.revision_id)
        .where(
            Target.phase_id == phase.id,
            Target.indicator_id.in_([column.indicator.id for column in columns]),
        )
        .order_by(Target.line_key)
    )
    found: dict[int, dict[int, list[Target]]] = {}
    for unit_id, target in session.execute(statement, values):
        found.setdefault(unit_id, {}).setdefault(target.indicator_id, []).append(target)
    return found


def units_of(session: Session, document: Document, revision: Revision, scope: Scope) -> Sequence:
    """List all that take part below, in the order of the Vietnamese alphabet, with `UnitName`'s
    columns, their documents and where they stand; one query.
    """
    statement = Below(document, revision, scope).joined(
        *COLUMNS,
        Document.id.label("document_id"),
        Document.kind.label("kind"),
        Receipt.document_id.label("received"),
        children.STANDING.label("standing"),
    )
    return session.execute(statement.order_by(*ALPHABETICAL)).all()


def _row(
    row,
    says: Mapping[int, Mapping[int, Sequence[Target]]],
    given: Mapping[int, Mapping[int, int]],
) -> MatrixRow:
    unit = UnitName.of(row)
    return MatrixRow(
        unit=unit,
        standing=Standing(row.standing),
        document_id=row.document_id,
        computed=bool(row.kind and row.kind.is_computed),
        says=says.get(unit.id, {}),
        assigned=given.get(unit.id, {}),
    )
