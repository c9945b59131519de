"""The one statement that adds up what the units below say, whatever their number.

SQLite sorts rows to group them, and sorting by one integer costs half of sorting by five columns:
so a group's columns are packed into one number here, and taken apart again in `decoding`. The
covering index `ix_target_sum` is read once: figures of whole units in one part, those per club or
member in another. Sources stand in each part as sub-selects and not as a common table, for which
SQLite would first hash the whole of `target`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
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
from lth.models import Indicator, Plan, Target
from lth.models.content import TargetScope
from lth.models.plan import Kind
from lth.models.programme import RollUp
from lth.planning.figures import WHOLE
from lth.planning.synthesis import sources
from lth.planning.synthesis.decoding import (
    COMPARATORS,
    KEEPS,
    KINDS,
    MEANING,
    MEANINGS,
    PART_OF_UNIT,
    PHASES,
    Found,
    Part,
    cell_of,
    read,
)
from lth.planning.synthesis.totals import Cell, Grid, Tally

At = tuple[int, int]
"""A plan's id and a revision's number."""

JUDGED = frozenset({RollUp.MINIMUM, RollUp.COUNT_IN_RANGE})


def released(session: Session, grid: Grid, plan: Plan) -> dict[Cell, Tally]:
    """What the units below say together now; one query, a second where a ratio leaves doubt."""
    return _together(session, grid, sources.released, sources.below(plan))


def received(session: Session, grid: Grid, revision_id: int) -> dict[Cell, Tally]:
    """The same of what a receipt names."""
    return _together(session, grid, sources.received, {"revision_id": revision_id})


def released_in(session: Session, part: Grid, plan: Plan) -> dict[Cell, Tally]:
    """What the units below say together now in some cells."""
    counted = _Counted(sources.released(), part)
    found = _find(session, _statement(_norms(part), counted), sources.below(plan))
    _settle(session, part, counted, sources.below(plan), found)
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
    session: Session, plan: Plan, indicator: Indicator, over: Indicator, under: Indicator
) -> dict[int, At]:
    """By phase, how many units have both counts of a quotient, and how many keep to its threshold.

    A unit counts by its total here, whatever is below it.
    """
    quotient = _quotient(indicator, over, under)
    statement = _quotients(_Counted(sources.released()), quotient)
    rows = session.execute(statement, sources.below(plan))
    return {cell_of(int(row.bucket))[1]: (int(row.units), int(row.in_range)) for row in rows}


# --- What the statement depends on --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Norm:
    """The threshold that an indicator's stated figures are held to."""

    indicator_id: int
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class _Quotient:
    """An indicator that is judged by two counts, in its measure's integers."""

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
    judged = [row for row in grid.indicators.values() if row.roll_up in JUDGED]
    quotients = tuple(_judged_by_counts(grid, judged))
    by_counts = {one.norm.indicator_id for one in quotients}
    stated = tuple(_norm(row) for row in judged if row.id not in by_counts)
    return _Norms(stated, quotients)


def _judged_by_counts(grid: Grid, judged: Sequence[Indicator]) -> Iterator[_Quotient]:
    """Members per club are counted from members and clubs: what is stated is the norm itself."""
    for row in judged:
        over, under = grid.by_code(row.numerator_code), grid.by_code(row.denominator_code)
        if over and under and row.roll_up is RollUp.COUNT_IN_RANGE:
            yield _quotient(row, over, under)


def _norm(row: Indicator) -> _Norm:
    ceiling = None if row.roll_up is RollUp.MINIMUM else row.threshold_max
    return _Norm(row.id, row.threshold_min, ceiling)


def _quotient(row: Indicator, over: Indicator, under: Indicator) -> _Quotient:
    return _Quotient(_norm(row), over.id, under.id, WHOLE.get(row.measure, 1))


def _together(
    session: Session, grid: Grid, source: Callable[[], Subquery], values: Mapping[str, int]
) -> dict[Cell, Tally]:
    found = _find(session, _kept_statement(_norms(grid), source), values)
    _settle(session, grid, _Counted(source()), values, found)
    return found[None].cells


@lru_cache(maxsize=32)
def _kept_statement(norms: _Norms, source: Callable[[], Subquery]) -> CompoundSelect:
    """The statement for a programme: making it takes longer than running it for few units."""
    return _statement(norms, _Counted(source()))


def _find(
    session: Session, statement: CompoundSelect, values: Mapping[str, int], *, each: bool = False
) -> dict[Any, Found]:
    found: dict[Any, Found] = {} if each else {None: Found()}
    read(session.execute(statement, dict(values)), found, each=each)
    return found


# --- The statement ------------------------------------------------------------------------


def _statement(norms: _Norms, counted: _Counted) -> CompoundSelect:
    parts = [
        _plans(counted, norms, whole_unit=True),
        _plans(counted, norms, whole_unit=False),
        _syntheses(counted),
        _reporting(counted),
    ]
    kind = counted.source.c.kind
    parts += [_quotients(counted, one).where(kind == Kind.PLAN) for one in norms.quotients]
    return union_all(*parts)


def _int(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _cell(target: type[Target]) -> ColumnElement[int]:
    return target.indicator_id * _int(PHASES) + target.phase_id


def _bucket(*more: ColumnElement[int]) -> ColumnElement[int]:
    """Cell, comparator, meaning and more in one integer."""
    comparators = {one.value: code for code, one in enumerate(COMPARATORS)}
    meanings = {one.value: code * MEANING for code, one in enumerate(MEANINGS)}
    packed = (
        _cell(Target) * _int(KINDS)
        + case(comparators, value=Target.comparator)
        + case(meanings, value=Target.counts_from)
    )
    for one in more:
        packed += one
    return packed


def _select(part: Part, counted: _Counted, **columns: ColumnElement) -> Select:
    """One part of the statement; what it has no use for is nought."""
    names = ("bucket", "units", "incomparable", "in_range", "low", "high", "least")
    chosen = [columns.get(name, _int(0)).label(name) for name in names]
    statement = select(literal(int(part)).label("part"), *chosen).select_from(counted.source)
    by = ["bucket"] if "bucket" in columns else []
    if counted.each:
        whose = (counted.source.c.plan_id, counted.source.c.number)
        return statement.add_columns(*whose).group_by(*by, *whose)
    return statement.group_by(*by) if by else statement


_SUMS = {"low": func.sum(Target.value_min), "high": func.sum(Target.value_max)}
_LEAST = {"least": func.min(Target.value_min)}


def _plans(counted: _Counted, norms: _Norms, *, whole_unit: bool) -> Select:
    """What units without units of their own say, from the covering index alone."""
    if whole_unit:
        statement = _select(Part.PLANS, counted, bucket=_bucket(), units=func.count(), **_SUMS)
        return _of(statement, counted, Kind.PLAN).where(Target.scope == TargetScope.UNIT)
    bucket = _bucket(_int(PART_OF_UNIT), _keeps(norms.stated))
    statement = _select(
        Part.PLANS, counted, bucket=bucket, units=func.count(), **_SUMS, **_LEAST
    )
    # "per_club" and its like stand before "unit", so that this too is one range of the index
    return _of(statement, counted, Kind.PLAN).where(Target.scope < TargetScope.UNIT)
