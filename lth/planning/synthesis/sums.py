"""The one statement that adds up what the units below say, whatever their number.

Which revisions are added is a common table: those that the units below have released now, or
those that a receipt names. Released revisions never change, so a receipt can always be added up
again, and what is taken over is exactly what its receipt holds.

SQLite sorts rows to group them, and sorting by one integer costs a third of sorting by five
columns: so a group's columns are packed into one number, which is taken apart again here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, revisions_seen
from lth.models import Indicator, Participation, Phase, Plan, Receipt, Revision, Target
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.plan import Kind
from lth.models.programme import RollUp
from lth.planning.figures import WHOLE
from lth.planning.synthesis.children import counts
from lth.planning.synthesis.totals import Bucket, Cell, Grid, Tally

COMPARATORS = tuple(Comparator)
MEANINGS = tuple(CountsFrom)
JUDGED = (RollUp.MINIMUM, RollUp.COUNT_IN_RANGE)

_PHASES = 1 << 20
_KINDS = 1 << 8
_MEANING = 1 << 3
_PART_OF_UNIT = 1 << 6
_NO_CEILING = (1 << 62) - 1

_PLANS, _SYNTHESES, _KEPT, _DENOMINATORS = range(4)


def grid(session: Session, plan: Plan) -> Grid:
    """The plan's indicators and phases, in one query."""
    statement = (
        select(Indicator, Phase)
        .join(Phase, Phase.period_id == plan.period_id)
        .where(Indicator.programme_id == plan.programme_id)
        .order_by(Indicator.ordinal, Phase.ordinal)
    )
    rows = session.execute(statement).all()
    return Grid({row.id: row for row, _ in rows}, {phase.id: phase for _, phase in rows})


def released(plan: Plan, scope: Scope) -> CTE:
    """What the units below have released: approved, or issued and acknowledged, and standing."""
    statement = (
        _columns()
        .join(
            Participation,
            and_(
                Participation.period_id == Plan.period_id,
                Participation.unit_id == Plan.unit_id,
                Participation.parent_id == Plan.next_unit_id,
            ),
        )
        .join(Revision, and_(Revision.plan_id == Plan.id, Revision.number == Plan.released_number))
        .where(
            Plan.next_unit_id == plan.unit_id,
            Plan.period_id == plan.period_id,
            counts(Plan),
            revisions_seen(scope),
        )
    )
    return statement.cte("counted")


def received(revision_id: int) -> CTE:
    """What a synthesis revision's receipt names."""
    statement = (
        _columns()
        .join(Receipt, Receipt.plan_id == Plan.id)
        .join(Revision, and_(Revision.plan_id == Plan.id, Revision.number == Receipt.number))
        .where(Receipt.revision_id == revision_id)
    )
    return statement.cte("counted")


def _columns() -> Select:
    return select(
        Revision.id.label("revision_id"),
        Plan.kind.label("kind"),
        Plan.id.label("plan_id"),
        Plan.unit_id.label("unit_id"),
        Revision.number.label("number"),
        Revision.sha256.label("sha256"),
    ).select_from(Plan)


def these(pairs: Sequence[tuple[int, int]], scope: Scope) -> CTE:
    """Some revisions, by plan and number, as far as the scope sees them."""
    statement = (
        _columns()
        .join(Revision, Revision.plan_id == Plan.id)
        .where(tuple_(Revision.plan_id, Revision.number).in_(pairs), revisions_seen(scope))
    )
    return statement.cte("counted")


def tallies(session: Session, grid: Grid, counted: CTE, *, whole: bool = True) -> dict[Cell, Tally]:
    """What the counted revisions say together, in every cell where they say anything: one query.

    `whole` says that the grid is all of the programme's; else only its cells are added up.
    """
    return _tallies(session, grid, _Counted(counted, None if whole else grid)).get(None, {})


def tallies_of_each(
    session: Session, grid: Grid, counted: CTE
) -> dict[tuple[int, int], dict[Cell, Tally]]:
    """What each counted revision says by itself in the grid's cells, by plan and number."""
    return _tallies(session, grid, _Counted(counted, grid, each=True))


def keeping(
    session: Session, counted: CTE, indicator: Indicator, over: Indicator, under: Indicator
) -> dict[int, tuple[int, int]]:
    """By phase, how many units have both counts of a quotient, and how many keep to its threshold.

    A unit counts by its total here, whatever is below it.
    """
    rows = session.execute(_kept_quotients(_Counted(counted), indicator, over, under))
    return {_read_cell(int(row.bucket))[1]: (int(row.units), int(row.in_range)) for row in rows}


@dataclass(frozen=True)
class _Counted:
    """The revisions to add up; of these cells alone, where said; each by itself, or together."""

    cte: CTE
    cells: Grid | None = None
    each: bool = False


def _tallies(session: Session, grid: Grid, counted: _Counted) -> dict:
    found: dict = {}
    for row in session.execute(_statement(grid, counted)):
        whose = (row.plan_id, row.number) if counted.each else None
        _READ[row.part](found.setdefault(whose, {}), row)
    return found


# --- The statement ------------------------------------------------------------------------


def _statement(grid: Grid, counted: _Counted) -> CompoundSelect:
    parts = [_plans(counted), _syntheses(counted)]
    judged = [row for row in grid.indicators.values() if row.roll_up in JUDGED]
    quotients = _quotients(grid, judged)
    parts += [
        _kept_quotients(counted, *three).where(counted.cte.c.kind == Kind.PLAN)
        for three in quotients
    ]
    if judged:
        parts.append(_kept_stated(counted, judged, quotients))
    choices = _choices(grid)
    if choices:
        parts.append(_denominators(counted, *choices))
    return union_all(*parts)


def _int(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _cell(target: type[Target]) -> ColumnElement[int]:
    return target.indicator_id * _int(_PHASES) + target.phase_id


def _bucket(target: type[Target]) -> ColumnElement[int]:
    """Cell, scope, meaning and comparator in one integer."""
    comparators = {one.value: code for code, one in enumerate(COMPARATORS)}
    meanings = {one.value: code * _MEANING for code, one in enumerate(MEANINGS)}
    comparator = case(comparators, value=target.comparator)
    meaning = case(meanings, value=target.counts_from)
    part = case((target.scope == TargetScope.UNIT, 0), else_=_PART_OF_UNIT)
    return _cell(target) * _int(_KINDS) + comparator + meaning + part


def _select(part: int, counted: _Counted, **columns: ColumnElement) -> Select:
    """One part of the statement; what it has no use for is nought."""
    names = ("bucket", "units", "incomparable", "in_range", "low", "high", "least", "fingerprint")
    chosen = [columns.get(name, _int(0)).label(name) for name in names]
    statement = select(literal(part).label("part"), *chosen).select_from(counted.cte)
    if counted.each:
        whose = (counted.cte.c.plan_id, counted.cte.c.number)
        return statement.add_columns(*whose).group_by("bucket", *whose)
    return statement.group_by("bucket")


def _sums(target: type[Target]) -> dict[str, ColumnElement]:
    return {
        "bucket": _bucket(target),
        "low": func.sum(target.value_min),
        "high": func.sum(target.value_max),
        "least": func.min(target.value_min),
        "fingerprint": func.sum(target.revision_id),
    }


def _plans(counted: _Counted) -> Select:
    """The targets of units without units of their own: read from the covering index alone."""
    statement = _select(_PLANS, counted, units=func.count(), **_sums(Target))
    return _of(statement, counted, Kind.PLAN)


def _syntheses(counted: _Counted) -> Select:
    """The totals that units with units of their own have sent up."""
    statement = _select(
        _SYNTHESES,
        counted,
        units=func.sum(func.coalesce(Target.counted, 1)),
        incomparable=func.sum(func.coalesce(Target.incomparable, 0)),
        in_range=func.sum(func.coalesce(Target.in_range, 0)),
        **_sums(Target),
    )
    return _of(statement, counted, Kind.SYNTHESIS)


def _of(statement: Select, counted: _Counted, kind: Kind) -> Select:
    mine = [Target.revision_id == counted.cte.c.revision_id]
    if counted.cells is not None:
        mine.append(Target.indicator_id.in_(counted.cells.indicators))
        mine.append(Target.phase_id.in_(counted.cells.phases))
    return statement.join(Target, and_(*mine)).where(counted.cte.c.kind == kind)


Three = tuple[Indicator, Indicator, Indicator]
"""A quotient, its numerator, its denominator."""


def _quotients(grid: Grid, judged: Iterable[Indicator]) -> list[Three]:
    found = []
    for row in judged:
        over, under = grid.by_code(row.numerator_code), grid.by_code(row.denominator_code)
        if over and under and row.roll_up is RollUp.COUNT_IN_RANGE:
            found.append((row, over, under))
    return found


def _kept_stated(
    counted: _Counted, judged: Sequence[Indicator], quotients: Sequence[Three]
) -> Select:
    """How many units state a figure that keeps to its threshold.

    A quotient of two counts (members per club) is judged by these where the unit has both: what
    it states is but the norm handed down.
    """
    low = func.coalesce(Target.value_min, Target.value_max)
    high = func.coalesce(Target.value_max, Target.value_min)
    floors = {row.id: row.threshold_min or 0 for row in judged}
    ceilings = {row.id: _ceiling(row) for row in judged}
    kept = (low >= case(floors, value=Target.indicator_id)) & (
        high <= case(ceilings, value=Target.indicator_id)
    )
    statement = _select(
        _KEPT,
        counted,
        bucket=_cell(Target),
        units=func.count(low),
        incomparable=func.count() - func.count(low),
        in_range=func.sum(case((kept, 1), else_=0)),
    )
    statement = _of(statement, counted, Kind.PLAN).where(Target.indicator_id.in_(floors))
    for three in quotients:
        both = _has_both(counted, *three)
        statement = statement.where((Target.indicator_id != three[0].id) | ~both)
    return statement


def _has_both(
    counted: _Counted, indicator: Indicator, over: Indicator, under: Indicator
) -> ColumnElement[bool]:
    one, other = aliased(Target), aliased(Target)
    return (
        exists()
        .where(_plain(one, counted, over), _plain(other, counted, under), other.value_min > 0)
        .where(one.phase_id == Target.phase_id, other.phase_id == Target.phase_id)
        .correlate(counted.cte, Target)
    )


def _ceiling(indicator: Indicator) -> int:
    """A minimum has a floor only."""
    if indicator.roll_up is RollUp.MINIMUM or indicator.threshold_max is None:
        return _NO_CEILING
    return indicator.threshold_max


def _kept_quotients(
    counted: _Counted, indicator: Indicator, over: Indicator, under: Indicator
) -> Select:
    one, other = aliased(Target), aliased(Target)
    numerator = one.value_min * _int(WHOLE.get(indicator.measure, 1))
    low, high = _int(indicator.threshold_min or 0), indicator.threshold_max
    kept = numerator >= other.value_min * low
    if high is not None:
        kept &= numerator <= other.value_min * _int(high)
    cell = _int(indicator.id * _PHASES) + one.phase_id
    statement = _select(
        _KEPT,
        counted,
        bucket=cell,
        units=func.count(),
        in_range=func.sum(case((kept, 1), else_=0)),
    )
    return (
        statement.join(one, _plain(one, counted, over))
        .join(other, _plain(other, counted, under) & (other.phase_id == one.phase_id))
        .where(other.value_min > 0)
    )


def _plain(target: type[Target], counted: _Counted, indicator: Indicator) -> ColumnElement[bool]:
    """A unit's count of something: one number for the whole unit."""
    return and_(
        target.revision_id == counted.cte.c.revision_id,
        target.indicator_id == indicator.id,
        target.scope == TargetScope.UNIT,
        target.value_min.is_not(None),
        target.value_max.is_(None),
    )


def _choices(grid: Grid) -> tuple[list[int], dict[str, int]] | None:
    """The percentages whose denominator a target may choose, and what there is to choose."""
    open_ones = [
        row
        for row in grid.indicators.values()
        if row.roll_up is RollUp.RATIO and row.extra.get("denominators")
    ]
    codes = {code for row in open_ones for code in row.extra["denominators"]}
    ids = {row.code: row.id for row in grid.indicators.values() if row.code in codes}
    return ([row.id for row in open_ones], ids) if ids else None


def _denominators(counted: _Counted, choosers: list[int], ids: dict[str, int]) -> Select:
    chosen = case(ids, value=Target.denominator_code)
    return (
        _select(
            _DENOMINATORS,
            counted,
            bucket=_cell(Target),
            low=func.min(chosen),
            high=func.max(chosen),
        )
        .join(Target, Target.revision_id == counted.cte.c.revision_id)
        .where(Target.indicator_id.in_(choosers), Target.denominator_code.in_(ids))
    )


# --- What comes back ----------------------------------------------------------------------


def _read_sums(found: dict[Cell, Tally], row: Row, *, nested: bool) -> None:
    key, kinds = divmod(int(row.bucket), _KINDS)
    tally = found.setdefault(_read_cell(key), Tally())
    bucket = Bucket(
        comparator=COMPARATORS[kinds % _MEANING],
        counts_from=MEANINGS[kinds % _PART_OF_UNIT // _MEANING],
        whole_unit=kinds < _PART_OF_UNIT,
        nested=nested,
        units=int(row.units),
        incomparable=int(row.incomparable),
        in_range=int(row.in_range),
        low=_whole(row.low),
        high=_whole(row.high),
        least=_whole(row.least),
        fingerprint=int(row.fingerprint),
    )
    tally.buckets.append(bucket)


def _read_plans(found: dict[Cell, Tally], row: Row) -> None:
    _read_sums(found, row, nested=False)


def _read_syntheses(found: dict[Cell, Tally], row: Row) -> None:
    """A total brings what its units were counted for below."""
    _read_sums(found, row, nested=True)
    tally = found[_read_cell(int(row.bucket) // _KINDS)]
    tally.judged += int(row.units)
    tally.not_judged += int(row.incomparable)
    tally.kept += int(row.in_range)


def _read_kept(found: dict[Cell, Tally], row: Row) -> None:
    tally = found.setdefault(_read_cell(int(row.bucket)), Tally())
    tally.judged += int(row.units)
    tally.not_judged += int(row.incomparable)
    tally.kept += int(row.in_range)


def _read_denominators(found: dict[Cell, Tally], row: Row) -> None:
    tally = found.setdefault(_read_cell(int(row.bucket)), Tally())
    tally.denominators = frozenset({int(row.low), int(row.high)})


_READ = {
    _PLANS: _read_plans,
    _SYNTHESES: _read_syntheses,
    _KEPT: _read_kept,
    _DENOMINATORS: _read_denominators,
}


def _read_cell(key: int) -> Cell:
    return divmod(key, _PHASES)


def _whole(value: int | None) -> int | None:
    """PostgreSQL sums big integers as decimals."""
    return None if value is None else int(value)
