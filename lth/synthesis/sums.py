"""The one statement that adds up what the units below say, whatever their number.

SQLite sorts rows to group them, and sorting by one integer costs half of sorting by three columns:
so a group's columns are packed into one number here, and taken apart again in `decoding`. Sources
stand in each part as sub-selects and not as a common table, for which SQLite would first hash the
whole of `target`.
"""

from collections.abc import Callable, Mapping, Sequence
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
from lth.content.targets import WHOLE
from lth.models import Document, Indicator, Target
from lth.models.content import PART_OF_UNIT
from lth.models.programme import RollUp
from lth.synthesis import sources
from lth.synthesis.decoding import KINDS, PHASES, Found, Part, cell_of, read
from lth.synthesis.totals import Cell, Grid, Ratio, Tally
from lth.workflow.kinds import computed

At = tuple[int, int]
"""A document's id and a revision's number."""


def released(session: Session, grid: Grid, document: Document) -> dict[Cell, Tally]:
    """What the units below say together now; one query, a second where a ratio leaves doubt."""
    return _together(session, grid, sources.released, sources.below(document))


def received(session: Session, grid: Grid, revision_id: int) -> dict[Cell, Tally]:
    """The same of what a receipt names."""
    return _together(session, grid, sources.received, {"revision_id": revision_id})


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
    return {cell_of(int(row.bucket))[1]: (int(row.units), int(row.in_range)) for row in rows}


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
    parts = [_documents(counted), _syntheses(counted), _reporting(counted)]
    parts += [_quotients(counted, one).where(~_is_computed(counted)) for one in norms.quotients]
    if norms.stated:
        parts.append(_stated(counted, norms.stated))
    return union_all(*parts)


def _int(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _cell(target: type[Target]) -> ColumnElement[int]:
    return target.indicator_id * _int(PHASES) + target.phase_id


def _bucket() -> ColumnElement[int]:
    """Cell and kind in one number; shifting and joining bits is quicker than adding up."""
    top = Target.indicator_id * _int(PHASES * KINDS)
    shift = KINDS.bit_length() - 1
    return top.bitwise_or(Target.phase_id.bitwise_lshift(shift)).bitwise_or(Target.sum_kind)


def _select(part: Part, counted: _Counted, **columns: ColumnElement) -> Select:
    """One part of the statement; what it has no use for is nought."""
    names = ("bucket", "units", "incomparable", "in_range", "low", "high", "least")
    chosen = [columns.get(name, _int(0)).label(name) for name in names]
    statement = select(literal(int(part)).label("part"), *chosen).select_from(counted.source)
    by = ["bucket"] if "bucket" in columns else []
    if counted.each:
        whose = (counted.source.c.document_id, counted.source.c.number)
        return statement.add_columns(*whose).group_by(*by, *whose)
    return statement.group_by(*by) if by else statement


_SUMS = {"low": func.sum(Target.value_min), "high": func.sum(Target.value_max)}
_LEAST = {"least": func.min(Target.value_min)}


def _documents(counted: _Counted) -> Select:
    """What units without units of their own say, from the covering index alone."""
    statement = _select(Part.PLANS, counted, bucket=_bucket(), units=func.count(), **_SUMS)
    return _of(statement, counted).where(~_is_computed(counted))


def _stated(counted: _Counted, norms: Sequence[_Norm]) -> Select:
    """The same of a few indicators, with the least, and how many keep to their threshold."""
    low = func.coalesce(Target.value_min, Target.value_max)
    high = func.coalesce(Target.value_max, Target.value_min)
    tests = {norm.indicator_id: _within(norm, low, high) for norm in norms}
    bits = {one: case((test, 1), else_=0) for one, test in tests.items()}
    statement = _select(
        Part.STATED,
        counted,
        bucket=_bucket(),
        units=func.count(),
        in_range=func.sum(case(bits, value=Target.indicator_id, else_=0)),
        **_SUMS,
        **_LEAST,
    )
    said = Target.indicator_id.in_(tests)
    return _of(statement, counted).where(~_is_computed(counted), said)


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
    statement = _select(
        Part.SYNTHESES,
        counted,
        bucket=_bucket(),
        units=func.sum(func.coalesce(Target.counted, 1)),
        incomparable=func.sum(func.coalesce(Target.incomparable, 0)),
        in_range=func.sum(func.coalesce(Target.in_range, 0)),
        **_SUMS,
        **_LEAST,
    )
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
        bucket=_int(quotient.norm.indicator_id * PHASES) + one.phase_id,
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
        read(session.execute(union_all(*parts), dict(values)), found, each=counted.each)


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
        bucket=_int(indicator_id * PHASES) + one.phase_id,
        units=func.count(distinct(one.revision_id)),
        low=func.min(other.indicator_id),
    )
    both = _both(statement, counted, (one, over_id), (other, under_id))
    return both.where(~_is_computed(counted))


def _chosen(counted: _Counted, grid: Grid, open_ones: list[int]) -> Select:
    """Which denominators targets name, where the programme leaves it open."""
    ids = {under.code: under.id for ratio in grid.ratios for under in ratio.under}
    named = case(ids, value=Target.denominator_code)
    statement = _select(
        Part.CHOSEN, counted, bucket=_cell(Target), low=func.min(named), high=func.max(named)
    )
    mine = Target.revision_id == counted.source.c.revision_id
    return statement.join(Target, mine).where(
        Target.indicator_id.in_(open_ones),
        Target.denominator_code.in_(ids),
    )
