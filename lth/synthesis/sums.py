"""The one statement that adds up what the units below say, whatever their number.

Sources stand in each part as sub-selects and not as a common table, for which SQLite would first
hash the whole of `target`. Revisions that are added up never change again, so that what the same
ones came to is kept: whoever asks next has only to learn that they are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from operator import attrgetter
from threading import Lock
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    Subquery,
    and_,
    case,
    distinct,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope
from lth.content.targets import WHOLE
from lth.models import Document, Indicator, Target
from lth.models.content import PART_OF_UNIT, read_sum_kind
from lth.models.programme import RollUp
from lth.synthesis import sources
from lth.synthesis.totals import Bucket, Cell, Grid, Ratio, Tally, Total, add_up
from lth.workflow.kinds import computed

At = tuple[int, int]
"""A document's id and a revision's number."""

KEPT = 64
"""Of how many sets of revisions a process remembers what they came to."""


class Part(IntEnum):
    """Which part of the statement a row comes from."""

    PLANS = 0
    SYNTHESES = 1
    QUOTIENTS = 2
    REPORTING = 3
    CHOSEN = 4
    PAIRS = 5


@dataclass(slots=True)
class Found:
    """What was counted: by cell, and how many documents there are in all."""

    cells: dict[Cell, Tally] = field(default_factory=dict)
    documents: int = 0

    def tally(self, cell: Cell) -> Tally:
        found = self.cells.get(cell)
        if found is None:
            found = self.cells[cell] = Tally()
        return found


def released(session: Session, document: Document) -> tuple[Grid, dict[Cell, Total]]:
    """Add up what the units below say now, in one query; in up to three where one of them has
    said something new since it was last asked.
    """
    grid, fingerprint = sources.fingerprinted(session, document)
    key = (_rules(grid), fingerprint)
    found = _kept.get(key)
    if found is None:
        sources.complete(grid, fingerprint)
        found = _together(session, grid, sources.released(), sources.below(document))
        with _keeping:
            if len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = found
    return grid, found


_kept: dict[Any, dict[Cell, Total]] = {}
_keeping = Lock()


def forget() -> None:
    """Remember nothing of what was added up, as a process that has just begun."""
    with _keeping:
        _kept.clear()


def _rules(grid: Grid) -> tuple[Any, ...]:
    """Return everything of the grid that a total depends on, beside the indicators' `extra`."""
    names = ("id", "code", "measure", "roll_up", "numerator_code", "denominator_code")
    of_row = attrgetter(*names, "threshold_min", "threshold_max")
    return (*grid.phases, *map(of_row, grid.indicators.values()))


def received(session: Session, grid: Grid, revision_id: int) -> dict[Cell, Total]:
    """Add up in the same way what a receipt names."""
    return _together(session, grid, sources.received(), {"revision_id": revision_id})


def _together(
    session: Session, grid: Grid, source: Subquery, values: Mapping[str, int]
) -> dict[Cell, Total]:
    counted = _Counted(source)
    found = _find(session, _statement(_norms(grid), counted), values)
    _settle(session, grid, counted, values, found)
    return add_up(grid, found[None].cells)


def released_in(session: Session, part: Grid, document: Document) -> dict[Cell, Tally]:
    """What the units below say together now in some cells."""
    counted = _Counted(sources.released(), part)
    found = _find(session, _statement(_norms(part), counted), sources.below(document))
    _settle(session, part, counted, sources.below(document), found)
    return found[None].cells


def of_each(
    session: Session, part: Grid, pairs: Sequence[At], scope: Scope
) -> dict[At, dict[Cell, Tally]]:
    """What each of some revisions says by itself in some cells."""
    counted = _Counted(sources.these(pairs, scope), part, each=True)
    found = _find(session, _statement(_norms(part), counted), {}, each=True)
    _settle(session, part, counted, {}, found)
    return {whose: one.cells for whose, one in found.items()}


def keeping(
    session: Session, document: Document, indicator: Indicator, over: Indicator, under: Indicator
) -> dict[int, At]:
    """By phase, how many units have both counts of a quotient, and how many keep to its threshold.

    A unit counts by its total here, whatever is below it.
    """
    quotient = _quotient(indicator, over, under)
    statement = _quotients(_Counted(sources.released()), quotient)
    rows = session.execute(statement, sources.below(document))
    return {row.phase_id: (int(row.units), int(row.in_range)) for row in rows}


# --- What the statement depends on --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Norm:
    """The threshold that an indicator's figures are held to, in its measure's integers."""

    indicator_id: int
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class _Quotient:
    """An indicator that is judged by two counts; `whole` is what a quotient of 1 is stored as."""

    norm: _Norm
    over_id: int
    under_id: int
    whole: int


@dataclass(frozen=True, slots=True)
class _Norms:
    """All that the statement takes from a programme."""

    stated: tuple[_Norm, ...]
    quotients: tuple[_Quotient, ...]


@dataclass(frozen=True)
class _Counted:
    """The revisions to add up; of these cells alone, where said; each by itself, or together."""

    source: Subquery
    cells: Grid | None = None
    each: bool = False


def _norms(grid: Grid) -> _Norms:
    stated, quotients = [], []
    for row in grid.indicators.values():
        counts = grid.counts_of(row)
        if counts is not None:
            quotients.append(_quotient(row, *counts))
        elif row.roll_up in {RollUp.MINIMUM, RollUp.COUNT_IN_RANGE}:
            stated.append(_norm(row))
    return _Norms(tuple(stated), tuple(quotients))


def _norm(row: Indicator) -> _Norm:
    """A minimum has a floor only."""
    ceiling = None if row.roll_up is RollUp.MINIMUM else row.threshold_max
    return _Norm(row.id, row.threshold_min, ceiling)


def _quotient(row: Indicator, over: Indicator, under: Indicator) -> _Quotient:
    return _Quotient(_norm(row), over.id, under.id, WHOLE.get(row.measure, 1))


def _find(
    session: Session, statement: CompoundSelect, values: Mapping[str, int], *, each: bool = False
) -> dict[Any, Found]:
    found: dict[Any, Found] = {} if each else {None: Found()}
    _read(session.execute(statement, dict(values)), found, each=each)
    return found


# --- The statement ------------------------------------------------------------------------


def _statement(norms: _Norms, counted: _Counted) -> CompoundSelect:
    parts = [_documents(counted, norms.stated), _syntheses(counted), _reporting(counted)]
    stated = ~_is_computed(counted)
    return union_all(*parts, *(_quotients(counted, one).where(stated) for one in norms.quotients))


def _int(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _select(
    part: Part, counted: _Counted, *by: ColumnElement[int], **columns: ColumnElement[Any]
) -> Select:
    """Return one part of the statement, a row for each of what it is grouped `by`; what it has no
    use for is nought.
    """
    cell, sums = ("indicator_id", "phase_id", "sum_kind"), ("low", "high", "least")
    names = (*cell, "units", "incomparable", "in_range", *sums)
    chosen = [columns.get(name, _int(0)).label(name) for name in names]
    statement = select(literal(int(part)).label("part"), *chosen).select_from(counted.source)
    if counted.each:
        whose = (counted.source.c.document_id, counted.source.c.number)
        return statement.add_columns(*whose).group_by(*by, *whose)
    return statement.group_by(*by)


_CELL = {"indicator_id": Target.indicator_id, "phase_id": Target.phase_id}
_BUCKET = _CELL | {"sum_kind": Target.sum_kind}
_SUMS = {
    "low": func.sum(Target.value_min),
    "high": func.sum(Target.value_max),
    "least": func.min(Target.value_min),
}


def _documents(counted: _Counted, stated: Sequence[_Norm]) -> Select:
    """What units without units of their own say, from the covering index alone; of a few
    indicators, how many keep to their threshold.
    """
    low = func.coalesce(Target.value_min, Target.value_max)
    high = func.coalesce(Target.value_max, Target.value_min)
    kept = {norm.indicator_id: case((_within(norm, low, high), 1), else_=0) for norm in stated}
    held = {"in_range": func.sum(case(kept, value=Target.indicator_id, else_=0))} if kept else {}
    counts = _BUCKET | _SUMS | held | {"units": func.count()}
    statement = _select(Part.PLANS, counted, *_BUCKET.values(), **counts)
    return _of(statement, counted).where(~_is_computed(counted))


def _within(
    norm: _Norm, low: ColumnElement[int], high: ColumnElement[int], times: Any = 1
) -> ColumnElement[bool]:
    """Whether a range lies within a threshold (of `times` its size)."""
    found = [low >= times * _int(norm.floor or 0)]
    if norm.ceiling is not None:
        found.append(high <= times * _int(norm.ceiling))
    return and_(*found)


def _syntheses(counted: _Counted) -> Select:
    """The totals that units with units of their own have sent up."""
    counts = {
        "units": func.sum(func.coalesce(Target.counted, 1)),
        "incomparable": func.sum(func.coalesce(Target.incomparable, 0)),
        "in_range": func.sum(func.coalesce(Target.in_range, 0)),
    }
    columns = _BUCKET | _SUMS | counts
    statement = _select(Part.SYNTHESES, counted, *_BUCKET.values(), **columns)
    return _of(statement, counted).where(_is_computed(counted))


def _is_computed(counted: _Counted) -> ColumnElement[bool]:
    return counted.source.c.kind.in_(computed())


def _of(statement: Select, counted: _Counted) -> Select:
    mine = [Target.revision_id == counted.source.c.revision_id]
    if counted.cells is not None:
        mine.append(Target.indicator_id.in_(counted.cells.indicators))
        mine.append(Target.phase_id.in_(counted.cells.phases))
    return statement.join(Target, and_(*mine))


def _reporting(counted: _Counted) -> Select:
    """How many documents there are to add up."""
    statement = _select(Part.REPORTING, counted, units=func.count())
    return statement.where(~_is_computed(counted))


def _quotients(counted: _Counted, quotient: _Quotient) -> Select:
    """How many units have both counts of a quotient, and how many keep to its threshold."""
    one, other = aliased(Target), aliased(Target)
    value = one.value_min * _int(quotient.whole)
    kept = _within(quotient.norm, value, value, other.value_min)
    statement = _select(
        Part.QUOTIENTS,
        counted,
        one.phase_id,
        indicator_id=_int(quotient.norm.indicator_id),
        phase_id=one.phase_id,
        units=func.count(),
        in_range=func.sum(case((kept, 1), else_=0)),
    )
    return _both(statement, counted, (one, quotient.over_id), (other, quotient.under_id)).where(
        other.value_min > 0
    )


def _both(
    statement: Select,
    counted: _Counted,
    over: tuple[type[Target], int],
    under: tuple[type[Target], int],
) -> Select:
    """Join two counts of the same revision and phase, each one number for the whole unit."""
    phase = under[0].phase_id == over[0].phase_id
    statement = statement.join(over[0], _plain(counted, *over))
    if counted.cells is not None:
        statement = statement.where(over[0].phase_id.in_(counted.cells.phases))
    return statement.join(under[0], _plain(counted, *under) & phase)


def _plain(counted: _Counted, target: type[Target], indicator_id: int) -> ColumnElement[bool]:
    return and_(
        target.revision_id == counted.source.c.revision_id,
        target.indicator_id == indicator_id,
        target.sum_kind < PART_OF_UNIT,
        func.coalesce(target.value_min, target.value_max).is_not(None),
    )


# --- The second statement, where a ratio leaves doubt -------------------------------------


def _settle(
    session: Session,
    grid: Grid,
    counted: _Counted,
    values: Mapping[str, int],
    found: dict[Any, Found],
) -> None:
    """Learn which denominators were chosen, and whether two counts are of the same units.

    Where every document has both counts, that is known already.
    """
    doubtful: dict[tuple[int, int, int], None] = {}
    open_ones: dict[int, None] = {}
    for one in found.values():
        for ratio in grid.ratios:
            for phase_id in grid.phases:
                asked = _pair(one, ratio, phase_id)
                doubtful |= dict.fromkeys((ratio.indicator.id, ratio.over.id, i) for i in asked)
                if len(ratio.under) > 1 and (ratio.over.id, phase_id) in one.cells:
                    open_ones[ratio.indicator.id] = None
    parts = [_pairs(counted, *three) for three in doubtful]
    if open_ones:
        parts.append(_chosen(counted, grid, list(open_ones)))
    if parts:
        _read(session.execute(union_all(*parts), dict(values)), found, each=counted.each)


def _pair(found: Found, ratio: Ratio, phase_id: int) -> list[int]:
    """Note the denominators that surely go with the numerator; the ids of those that may."""
    over = found.cells.get((ratio.over.id, phase_id))
    if over is None:
        return []
    doubtful, units = [], over.added(nested=False)
    for under in ratio.under:
        other = found.cells.get((under.id, phase_id))
        if other is None or other.added(nested=False) != units:
            continue
        if units == found.documents:
            found.tally((ratio.indicator.id, phase_id)).pairs[under.id] = units
        else:
            doubtful.append(under.id)
    return doubtful


def _pairs(counted: _Counted, indicator_id: int, over_id: int, under_id: int) -> Select:
    """How many documents have both counts."""
    one, other = aliased(Target), aliased(Target)
    statement = _select(
        Part.PAIRS,
        counted,
        one.phase_id,
        indicator_id=_int(indicator_id),
        phase_id=one.phase_id,
        units=func.count(distinct(one.revision_id)),
        low=func.min(other.indicator_id),
    )
    both = _both(statement, counted, (one, over_id), (other, under_id))
    return both.where(~_is_computed(counted))


def _chosen(counted: _Counted, grid: Grid, open_ones: list[int]) -> Select:
    """Which denominators targets name, where the programme leaves it open."""
    ids = {under.code: under.id for ratio in grid.ratios for under in ratio.under}
    named = case(ids, value=Target.denominator_code)
    ends = {"low": func.min(named), "high": func.max(named)}
    statement = _select(Part.CHOSEN, counted, *_CELL.values(), **_CELL, **ends)
    mine = Target.revision_id == counted.source.c.revision_id
    return statement.join(Target, mine).where(
        Target.indicator_id.in_(open_ones),
        Target.denominator_code.in_(ids),
    )


# --- What comes back ----------------------------------------------------------------------


def _read(rows: Iterable[Row[Any]], found: dict[Any, Found], *, each: bool) -> None:
    """Sort the rows into what was found, of each revision by itself or of all together."""
    for row in rows:
        whose = (row.document_id, row.number) if each else None
        into = found.get(whose)
        if into is None:
            into = found[whose] = Found()
        _read_row(into, row)


def _read_row(found: Found, row: Row[Any]) -> None:
    if row.part == Part.REPORTING:
        found.documents = int(row.units)
        return
    tally = found.tally((row.indicator_id, row.phase_id))
    if row.part == Part.QUOTIENTS:
        tally.judged, tally.kept = int(row.units), int(row.in_range)
    elif row.part == Part.CHOSEN:
        tally.chosen = frozenset({int(row.low), int(row.high)})
    elif row.part == Part.PAIRS:
        tally.pairs[int(row.low)] = int(row.units)
    else:
        tally.buckets.append(_bucket(row))


def _bucket(row: Row[Any]) -> Bucket:
    comparator, counts_from, whole_unit = read_sum_kind(row.sum_kind)
    return Bucket(
        comparator=comparator,
        counts_from=counts_from,
        whole_unit=whole_unit,
        nested=row.part == Part.SYNTHESES,
        units=int(row.units),
        incomparable=int(row.incomparable),
        in_range=int(row.in_range),
        low=_whole(row.low),
        high=_whole(row.high),
        least=_whole(row.least),
    )


def _whole(value: Any) -> int | None:
    """PostgreSQL sums big integers as decimals."""
    return None if value is None else int(value)
