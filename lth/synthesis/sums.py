"""Add up what the units below say, whatever their number, in one statement.

Sources stand in each part as sub-selects and not as a common table, for which SQLite would first
hash the whole of `target`.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import product
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope
from lth.content.targets import WHOLE, Figure, Saying, read_sayings
from lth.models import Document, Indicator, PartLine, Target
from lth.models.content import PART_OF_UNIT, Comparator, read_sum_kind
from lth.models.parts import Part
from lth.models.programme import RollUp
from lth.synthesis import money, sources
from lth.synthesis.money import Money
from lth.synthesis.remembered import Remembered
from lth.synthesis.totals import Bucket, Cell, Grid, Ratio, Tally, Total, add_up
from lth.workflow.kinds import computed

At = tuple[int, int]
"""A document's id and a revision's number."""


class _Part(IntEnum):
    """A row's part of the statement."""

    PLANS = 0
    SYNTHESES = 1
    QUOTIENTS = 2
    REPORTING = 3
    CHOSEN = 4
    PAIRS = 5
    SAID = 6
    SAID_BELOW = 7
    MONEY = 8


@dataclass(frozen=True)
class _Counted:
    """Revisions to add up, with their source's parameters.

    In every cell there is, or in `some`, those of the grid; each by itself, or all together.
    """

    grid: Grid
    source: Subquery
    values: Mapping[str, int]
    some: bool = False
    each: bool = False


@dataclass(slots=True)
class _Found:
    """A count by cell, and of how many documents there are in all."""

    cells: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    documents: int = 0
    money: Money = field(default_factory=Money)


@dataclass(frozen=True)
class Sums:
    """What some revisions come to: every cell, and their money."""

    cells: dict[Cell, Total]
    money: Money


_Findings = dict[Any, _Found]
"""By document and number where each was counted by itself, else under None."""


def released(session: Session, document: Document) -> tuple[Grid, Sums]:
    """Add up what the units below say now, in one query; in up to three where one of them has
    said something new since it was last asked.
    """
    grid, revisions = sources.fingerprinted(session, document)
    key = (_rules(grid), revisions)
    totals = _kept.get(key)
    if totals is None:
        counted = _Counted(grid, sources.released(), sources.below(document))
        totals = _kept.keep(key, _added_up(session, counted))
    return grid, totals


_kept: Remembered[Sums] = Remembered()
forget = _kept.forget


def _rules(grid: Grid) -> tuple[Any, ...]:
    """Return everything of the grid that a total depends on."""
    names = ("id", "code", "measure", "roll_up", "numerator_code", "denominator_code")
    of_row = attrgetter(*names, "threshold_min", "threshold_max")
    rows = grid.indicators.values()
    return (*grid.phases, *map(of_row, rows), *(repr(row.extra) for row in rows))


def received(session: Session, grid: Grid, revision_id: int) -> Sums:
    """Add up in the same way what a receipt names."""
    counted = _Counted(grid, sources.received(), {"revision_id": revision_id})
    return _added_up(session, counted)


def released_in(session: Session, part: Grid, document: Document) -> dict[Cell, Tally]:
    """Count what the units below say together now in some cells."""
    source, values = sources.released(), sources.below(document)
    return _together(session, _Counted(part, source, values, some=True))


def of_each(
    session: Session, part: Grid, pairs: Sequence[At], scope: Scope
) -> dict[At, dict[Cell, Tally]]:
    """Count what each of some revisions says by itself in some cells."""
    counted = _Counted(part, sources.these(pairs, scope), {}, some=True, each=True)
    return {at: found.cells for at, found in _find(session, counted).items()}


def keeping(
    session: Session, document: Document, indicator: Indicator, over: Indicator, under: Indicator
) -> dict[int, At]:
    """Count by phase the units that have both counts of a quotient, and those of them that keep
    to its threshold.

    A unit counts by its total here, whatever is below it.
    """
    counted = _Counted(Grid({}, {}), sources.released(), sources.below(document))
    rows = session.execute(_quotients(counted, indicator, over, under), counted.values)
    return {row.phase_id: (int(row.units), int(row.in_range)) for row in rows}


def _together(session: Session, counted: _Counted) -> dict[Cell, Tally]:
    return _find(session, counted)[None].cells


def _added_up(session: Session, counted: _Counted) -> Sums:
    found = _find(session, counted)[None]
    return Sums(add_up(counted.grid, found.cells), found.money)


def _find(session: Session, counted: _Counted) -> _Findings:
    findings: _Findings = defaultdict(_Found)
    _read(session, counted, _parts(counted), findings)
    _read(session, counted, _doubtful_parts(counted, findings), findings)
    return findings


# --- The statement ------------------------------------------------------------------------


def _parts(counted: _Counted) -> list[Select]:
    rows, counts_of = counted.grid.indicators.values(), counted.grid.counts_of
    quotients = [(row, *counts) for row in rows if (counts := counts_of(row)) is not None]
    held = [row for row in rows if row.roll_up in _HELD and counts_of(row) is None]
    stated = ~_is_computed(counted)
    besides = [] if counted.some else [*_sayings(counted), _money(counted)]
    return [
        *besides,
        _documents(counted, held),
        _syntheses(counted),
        _reporting(counted),
        *(_quotients(counted, *quotient).where(stated) for quotient in quotients),
    ]


_HELD = frozenset({RollUp.MINIMUM, RollUp.COUNT_IN_RANGE})
"""The rules whose figures are held to the programme's threshold as they were stated."""


def _int(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


def _select(
    part: _Part, counted: _Counted, *by: ColumnElement[int], **columns: ColumnElement[Any]
) -> Select:
    """Return one part of the statement, a row for each of what it is grouped `by`; what it has no
    use for is nought.
    """
    cell, sums = ("indicator_id", "phase_id", "sum_kind"), ("low", "high", "least")
    names = (*cell, "units", "incomparable", "in_range", *sums)
    chosen = [columns.get(name, _int(0)).label(name) for name in names]
    words = cast(columns.get("words", literal("")), Text).label("words")
    statement = select(literal(int(part)).label("part"), *chosen, words).select_from(counted.source)
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


def _documents(counted: _Counted, held: Sequence[Indicator]) -> Select:
    """Add up what units without units of their own say, from the covering index alone; of a few
    indicators, count those that keep to their threshold.
    """
    low = func.coalesce(Target.value_min, Target.value_max)
    high = func.coalesce(Target.value_max, Target.value_min)
    within = {row.id: case((_within(row, low, high), 1), else_=0) for row in held}
    in_range = func.sum(case(within, value=Target.indicator_id, else_=0)) if within else _int(0)
    columns = _BUCKET | _SUMS | {"in_range": in_range, "units": func.count()}
    statement = _select(_Part.PLANS, counted, *_BUCKET.values(), **columns)
    return _of(statement, counted).where(~_is_computed(counted))


def _within(
    row: Indicator, low: ColumnElement[int], high: ColumnElement[int], times: Any = 1
) -> ColumnElement[bool]:
    """Tell whether a range lies within an indicator's threshold (of `times` its size); a minimum
    has a floor only.
    """
    above = low >= times * _int(row.threshold_min or 0)
    if row.threshold_max is None or row.roll_up is RollUp.MINIMUM:
        return above
    return above & (high <= times * _int(row.threshold_max))


def _syntheses(counted: _Counted) -> Select:
    """Add up the totals that units with units of their own have sent up."""
    counts = {
        "units": func.sum(func.coalesce(Target.counted, 1)),
        "incomparable": func.sum(func.coalesce(Target.incomparable, 0)),
        "in_range": func.sum(func.coalesce(Target.in_range, 0)),
    }
    columns = _BUCKET | _SUMS | counts
    statement = _select(_Part.SYNTHESES, counted, *_BUCKET.values(), **columns)
    return _of(statement, counted).where(_is_computed(counted))


def _is_computed(counted: _Counted) -> ColumnElement[bool]:
    return counted.source.c.kind.in_(computed())


def _of(statement: Select, counted: _Counted) -> Select:
    mine = [Target.revision_id == counted.source.c.revision_id]
    if counted.some:
        mine.append(Target.indicator_id.in_(counted.grid.indicators))
        mine.append(Target.phase_id.in_(counted.grid.phases))
    return statement.join(Target, and_(*mine))


def _reporting(counted: _Counted) -> Select:
    """Count the documents that there are to add up."""
    statement = _select(_Part.REPORTING, counted, units=func.count())
    return statement.where(~_is_computed(counted))


def _quotients(counted: _Counted, row: Indicator, over: Indicator, under: Indicator) -> Select:
    """Count the units that have both counts of a quotient, and those that keep to its threshold."""
    numerator, denominator = aliased(Target), aliased(Target)
    value = numerator.value_min * _int(WHOLE.get(row.measure, 1))
    within = _within(row, value, value, denominator.value_min)
    statement = _select(
        _Part.QUOTIENTS,
        counted,
        numerator.phase_id,
        indicator_id=_int(row.id),
        phase_id=numerator.phase_id,
        units=func.count(),
        in_range=func.sum(case((within, 1), else_=0)),
    )
    both = _both(statement, counted, (numerator, over.id), (denominator, under.id))
    return both.where(denominator.value_min > 0)


def _both(
    statement: Select,
    counted: _Counted,
    over: tuple[type[Target], int],
    under: tuple[type[Target], int],
) -> Select:
    """Join two counts of the same revision and phase, each one number for the whole unit."""
    phase = under[0].phase_id == over[0].phase_id
    statement = statement.join(over[0], _plain(counted, *over))
    if counted.some:
        statement = statement.where(over[0].phase_id.in_(counted.grid.phases))
    return statement.join(under[0], _plain(counted, *under) & phase)


def _plain(counted: _Counted, target: type[Target], indicator_id: int) -> ColumnElement[bool]:
    return and_(
        target.revision_id == counted.source.c.revision_id,
        target.indicator_id == indicator_id,
        target.sum_kind < PART_OF_UNIT,
        func.coalesce(target.value_min, target.value_max).is_not(None),
    )


# --- The second statement, where a ratio leaves doubt -------------------------------------


def _doubtful_parts(counted: _Counted, findings: _Findings) -> list[Select]:
    """Ask which denominators were chosen, and whether two counts are of the same units.

    Where every document has both counts, that is known already.
    """
    doubtful: dict[tuple[int, int, int], None] = {}
    open_ones: dict[int, None] = {}
    for found in findings.values():
        for ratio, phase_id in product(counted.grid.ratios, counted.grid.phases):
            ids = ratio.indicator.id, ratio.over.id
            doubtful |= dict.fromkeys((*ids, under) for under in _pair(found, ratio, phase_id))
            if len(ratio.under) > 1 and (ratio.over.id, phase_id) in found.cells:
                open_ones[ratio.indicator.id] = None
    parts = [_pairs(counted, *ids) for ids in doubtful]
    return [*parts, _chosen(counted, list(open_ones))] if open_ones else parts


def _pair(found: _Found, ratio: Ratio, phase_id: int) -> list[int]:
    """Note the denominators that surely go with the numerator; list the ids of those that may."""
    over = found.cells.get((ratio.over.id, phase_id))
    if over is None:
        return []
    doubtful, units = [], over.added(nested=False)
    for under in ratio.under:
        other = found.cells.get((under.id, phase_id))
        if other is None or other.added(nested=False) != units:
            continue
        if units == found.documents:
            found.cells[ratio.indicator.id, phase_id].pairs[under.id] = units
        else:
            doubtful.append(under.id)
    return doubtful


def _pairs(counted: _Counted, indicator_id: int, over_id: int, under_id: int) -> Select:
    """Count the documents that have both counts."""
    numerator, denominator = aliased(Target), aliased(Target)
    statement = _select(
        _Part.PAIRS,
        counted,
        numerator.phase_id,
        indicator_id=_int(indicator_id),
        phase_id=numerator.phase_id,
        units=func.count(distinct(numerator.revision_id)),
        low=func.min(denominator.indicator_id),
    )
    both = _both(statement, counted, (numerator, over_id), (denominator, under_id))
    return both.where(~_is_computed(counted))


def _chosen(counted: _Counted, open_ones: list[int]) -> Select:
    """Read which denominators targets name, where the programme leaves it open."""
    ids = {under.code: under.id for ratio in counted.grid.ratios for under in ratio.under}
    named = case(ids, value=Target.denominator_code)
    ends = {"low": func.min(named), "high": func.max(named)}
    statement = _select(_Part.CHOSEN, counted, *_CELL.values(), **_CELL, **ends)
    mine = Target.revision_id == counted.source.c.revision_id
    return statement.join(Target, mine).where(
        Target.indicator_id.in_(open_ones),
        Target.denominator_code.in_(ids),
    )


# --- What is said, where it is not added up -----------------------------------------------


def _sayings(counted: _Counted) -> list[Select]:
    """Count how often each figure of a quality was written, in plans; read it of syntheses."""
    qualities = [
        row.id for row in counted.grid.indicators.values() if row.roll_up is not RollUp.SUM
    ]
    in_words = Target.comparator == Comparator.QUALITATIVE
    bounds = {"low": Target.value_min, "high": Target.value_max}
    words = {"words": case((in_words, Target.wording), else_="")}
    units = {"units": func.count(distinct(counted.source.c.document_id))}
    by = _BUCKET | bounds | words
    plans = _select(_Part.SAID, counted, *by.values(), **by, **units)
    by = _CELL | {"words": cast(Target.said, Text)}
    syntheses = _select(_Part.SAID_BELOW, counted, *by.values(), **by, units=func.count())
    return [
        _of(statement, counted).where(computed, Target.indicator_id.in_(qualities))
        for statement, computed in (
            (plans, ~_is_computed(counted)),
            (syntheses.where(Target.said.is_not(None)), _is_computed(counted)),
        )
    ]


def _said(row: Row[Any]) -> list[Saying]:
    """Return a row's sayings, each so often as the row counts."""
    if row.part == _Part.SAID_BELOW:
        return int(row.units) * read_sayings(json.loads(row.words))
    comparator, _, _ = read_sum_kind(row.sum_kind)
    return [
        Saying(Figure(comparator, _whole(row.low), _whole(row.high)), int(row.units), row.words)
    ]


# --- Money --------------------------------------------------------------------------------


def _money(counted: _Counted) -> Select:
    """Add up budget lines by source, tier and year: in `words` and `phase_id`."""
    key, amount = money.columns(PartLine.data)
    statement = _select(
        _Part.MONEY,
        counted,
        *key,
        phase_id=func.coalesce(key[2], 0),
        low=func.sum(amount),
        units=func.count(amount),
        incomparable=func.count() - func.count(amount),
        words=func.coalesce(key[0], "") + ":" + func.coalesce(key[1], ""),
    )
    mine = PartLine.revision_id == counted.source.c.revision_id
    return statement.join(PartLine, mine).where(PartLine.part == Part.BUDGET)


def _add_money(found: Money, row: Row[Any]) -> None:
    source, _, level = row.words.partition(":")
    priced = {money.key(source, level, row.phase_id): int(row.low)} if row.units else {}
    found.add(Money(priced, int(row.incomparable)))


# --- What comes back ----------------------------------------------------------------------


def _read(session: Session, counted: _Counted, parts: list[Select], findings: _Findings) -> None:
    """Sort the rows of a statement's parts into what was found so far."""
    if not parts:
        return
    for row in session.execute(union_all(*parts), counted.values):
        found = findings[(row.document_id, row.number) if counted.each else None]
        if row.part == _Part.REPORTING:
            found.documents = int(row.units)
        elif row.part == _Part.MONEY:
            _add_money(found.money, row)
        else:
            _read_row(found.cells[row.indicator_id, row.phase_id], row)


def _read_row(tally: Tally, row: Row[Any]) -> None:
    if row.part == _Part.QUOTIENTS:
        tally.judged, tally.kept = int(row.units), int(row.in_range)
    elif row.part == _Part.CHOSEN:
        tally.chosen = frozenset({int(row.low), int(row.high)})
    elif row.part in {_Part.SAID, _Part.SAID_BELOW}:
        tally.sayings += _said(row)
    elif row.part == _Part.PAIRS:
        tally.pairs[int(row.low)] = int(row.units)
    else:
        tally.buckets.append(_bucket(row))


def _bucket(row: Row[Any]) -> Bucket:
    comparator, counts_from, whole_unit = read_sum_kind(row.sum_kind)
    return Bucket(
        comparator=comparator,
        counts_from=counts_from,
        whole_unit=whole_unit,
        nested=row.part == _Part.SYNTHESES,
        units=int(row.units),
        incomparable=int(row.incomparable),
        in_range=int(row.in_range),
        low=_whole(row.low),
        high=_whole(row.high),
        least=_whole(row.least),
    )


def _whole(value: Any) -> int | None:
    """Return a sum as an integer: PostgreSQL sums big integers as decimals."""
    return None if value is None else int(value)
