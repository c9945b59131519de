"""What each unit below reports: of every indicator side by side, or of one with where it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session, contains_eager

from lth.access.scope import Scope
from lth.core.errors import NotFoundError
from lth.models import Document, Indicator, Receipt, ReportValue, Revision
from lth.reporting import adding_up, sums
from lth.reporting.sums import Sum, quotients
from lth.synthesis import children, sources
from lth.synthesis.children import PAGE, Below, Standing
from lth.synthesis.matrix import MAIN, units_of
from lth.synthesis.totals import Grid
from lth.units.names import COLUMNS, UnitName


@dataclass(frozen=True)
class ReportingUnit:
    """One unit below and what it says, by indicator id: in what was taken over, and now.

    `computed`: what it sent adds up those below it.
    """

    unit: UnitName
    standing: Standing
    document_id: int | None
    computed: bool
    taken: Mapping[int, Sum]
    now: Mapping[int, Sum]

    @property
    def has_units(self) -> bool:
        """Tell whether it leads on to units below it."""
        return self.computed and self.document_id is not None


# --- All indicators ------------------------------------------------------------------------


@dataclass(frozen=True)
class SumMatrix:
    """Units × indicators of one topic, and which other topics there are.

    `is_taken` tells whether it is what was taken over, or what the units say now; before anything
    was taken over it is always of now.
    """

    topics: Sequence[str]
    topic: str
    is_taken: bool
    can_be_taken: bool
    indicators: Sequence[Indicator]
    sums: Mapping[int, Sum]
    rows: Sequence[ReportingUnit]


def matrix(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    topic: str = MAIN,
    now: bool = False,
) -> SumMatrix:
    """Read the matrix, in four queries, or up to seven for what units say now.

    The caller has read document and revision within the scope. Raises NotFoundError for a scope
    that does not see below the document's unit, and for a topic that there is not.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    can_be_taken = revision.taken_over_at is not None
    is_taken = can_be_taken and not now
    if is_taken:
        grid = sources.grid(session, document)
        found = adding_up.taken(session, grid, revision)
        source, values = sources.received(), {"revision_id": revision.id}
    else:
        grid, found = adding_up.released(session, document)
        source, values = sources.released(), sources.below(document)
    by_topic = _topics(grid, found)
    if topic not in by_topic:
        raise NotFoundError
    says = _by_unit(session, grid, source, values)
    rows = [
        ReportingUnit(
            unit=(unit := UnitName.of(row)),
            standing=Standing(row.standing),
            document_id=row.document_id,
            computed=bool(row.kind and row.kind.is_computed),
            taken=says.get(unit.id, {}) if is_taken else {},
            now={} if is_taken else says.get(unit.id, {}),
        )
        for row in units_of(session, document, revision, scope)
    ]
    return SumMatrix(
        topics=list(by_topic),
        topic=topic,
        is_taken=is_taken,
        can_be_taken=can_be_taken,
        indicators=by_topic[topic],
        sums=found,
        rows=rows,
    )


def _topics(grid: Grid, found: Mapping[int, Sum]) -> dict[str, list[Indicator]]:
    """List the indicators by topic that somebody has said something of; the required ones first."""
    listed: dict[str, list[Indicator]] = {MAIN: []}
    for indicator in grid.indicators.values():
        if indicator.required:
            listed[MAIN].append(indicator)
        if indicator.id in found:
            listed.setdefault(indicator.topic, []).append(indicator)
    return listed


def _by_unit(
    session: Session, grid: Grid, source: Subquery, values: Mapping[str, Any]
) -> dict[int, dict[int, Sum]]:
    """Read what each report that is added up says, by unit and indicator; one query."""
    statement = (
        select(source.c.unit_id, ReportValue)
        .join(ReportValue, ReportValue.revision_id == source.c.revision_id)
        .join(ReportValue.indicator)
        .options(contains_eager(ReportValue.indicator))
    )
    found: dict[int, list[ReportValue]] = defaultdict(list)
    for unit_id, row in session.execute(statement, dict(values)):
        found[unit_id].append(row)
    return {unit_id: sums.read(grid, listed) for unit_id, listed in found.items()}


# --- One of them --------------------------------------------------------------------------


@dataclass(frozen=True)
class SumFigure:
    """One indicator: what it comes to, and a page of the units, out of `total`."""

    indicator: Indicator
    taken: Sum | None
    live: Sum | None
    rows: Sequence[ReportingUnit]
    total: int


def figure(
    session: Session,
    document: Document,
    revision: Revision,
    indicator_id: int,
    phase_id: int,
    scope: Scope,
    *,
    page: int = 1,
) -> SumFigure:
    """List what each unit below says of one figure, those that moved first; six queries, up to nine
    where one has said something new.

    The caller has read document and revision within the scope. Raises NotFoundError for a scope
    that does not see below the document's unit, and for an indicator or a phase that there is not.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    grid, live = adding_up.released(session, document)
    indicator = grid.indicators.get(indicator_id)
    if indicator is None or phase_id not in grid.phases:
        raise NotFoundError
    taken: Mapping[int, Sum] = {}
    if revision.taken_over_at is not None:
        taken = adding_up.taken(session, grid, revision)
    below = Below(document, revision, scope)
    return SumFigure(
        indicator=indicator,
        taken=taken.get(indicator_id),
        live=live.get(indicator_id),
        rows=_contributions(session, below, grid, indicator, max(1, page)),
        total=children.count(session, below).expected,
    )


_At = tuple[int, int]


def _contributions(
    session: Session, below: Below, grid: Grid, indicator: Indicator, number: int
) -> list[ReportingUnit]:
    statement = below.joined(
        *COLUMNS,
        Document.id.label("document_id"),
        Document.kind.label("kind"),
        Document.released_number.label("released"),
        children.STANDING.label("standing"),
        Receipt.document_id.label("received_document"),
        Receipt.number.label("received"),
    ).order_by(*children.ORDER)
    rows = session.execute(statement.limit(PAGE).offset((number - 1) * PAGE)).all()
    said = _said(session, below.scope, grid, indicator, rows)
    return [
        ReportingUnit(
            unit=UnitName.of(row),
            standing=Standing(row.standing),
            document_id=row.document_id,
            computed=bool(row.kind and row.kind.is_computed),
            taken=said.get((row.received_document, row.received), {}),
            now=said.get((row.document_id, row.released), {}),
        )
        for row in rows
    ]


def _said(
    session: Session, scope: Scope, grid: Grid, indicator: Indicator, rows: Sequence[Any]
) -> dict[_At, dict[int, Sum]]:
    """Read what the revisions of some units say of one figure and what it is made of; one query."""
    pairs = {(row.document_id, row.released) for row in rows if row.released is not None}
    pairs |= {(row.received_document, row.received) for row in rows if row.received is not None}
    if not pairs:
        return {}
    ids = {indicator.id}
    for one in quotients(grid):
        if one.indicator.id == indicator.id:
            ids |= {one.over.id, one.under.id}
    source = sources.these(sorted(pairs), scope)
    statement = (
        select(source.c.document_id, source.c.number, ReportValue)
        .join(ReportValue, ReportValue.revision_id == source.c.revision_id)
        .join(ReportValue.indicator)
        .options(contains_eager(ReportValue.indicator))
        .where(ReportValue.indicator_id.in_(ids))
    )
    found: dict[_At, list[ReportValue]] = defaultdict(list)
    for document_id, revision_number, row in session.execute(statement):
        found[document_id, revision_number].append(row)
    return {at: sums.read(grid, listed) for at, listed in found.items()}
