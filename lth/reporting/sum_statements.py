"""The statements that add up reports, over any source of revisions.

Those that do not depend on what is found are made once: that costs more than to run them on a few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from lth.content.targets import WHOLE
from lth.models import Indicator, Participation, ReportValue, Unit
from lth.models.programme import RollUp
from lth.models.report import Reported
from lth.reporting.sums import Quotient
from lth.synthesis import sources
from lth.units.on_day import takes_part
from lth.workflow.kinds import computed
from lth.workflow.owing import has_units_below

RELEASED, RECEIVED = sources.released(), sources.received()
"""Where reports come from: what the units below have released, and what a receipt names."""


_OVER, _UNDER = ReportValue.__table__.alias("over"), ReportValue.__table__.alias("under")


class SumPart(IntEnum):
    """A row's part of a statement."""

    UNITS = 0
    SUMS = 1
    DOCUMENTS = 2
    PAIRS = 3
    IN_RANGE = 4
    NESTED = 5
    GAPS = 6
    NONE = 7


@cache
def first(source: Subquery) -> CompoundSelect:
    """Return what is always asked: sums of single units, sums of sums, and how many of each."""
    return union_all(_units(source), _none(source), _sums(source), _documents(source))


def _int(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger)


_NAMES = ("indicator_id", "value", "cumulative", "least", "counted", "nils", "none", "other")
"""Columns of every part; `other` and `words` are what a part has besides."""


def _select(part: SumPart, source: Subquery, /, **columns: ColumnElement[Any]) -> Select:
    """Return one part of the statement; what it has no use for is nought."""
    chosen = [columns.get(name, _int(0)).label(name) for name in _NAMES]
    words = cast(columns.get("words", literal("")), Text).label("words")
    return select(literal(int(part)).label("part"), *chosen, words).select_from(source)


def _is_computed(source: Subquery) -> ColumnElement[bool]:
    return source.c.kind.in_(computed())


def _of(statement: Select, source: Subquery) -> Select:
    return statement.join(ReportValue, ReportValue.revision_id == source.c.revision_id)


def _units(source: Subquery) -> Select:
    """Add up what units without units of their own say, from the covering index alone."""
    statement = _select(
        SumPart.UNITS,
        source,
        indicator_id=ReportValue.indicator_id,
        value=func.sum(ReportValue.value),
        cumulative=func.sum(ReportValue.cumulative),
        least=func.min(ReportValue.value),
        counted=func.count(ReportValue.value),
        other=func.count(),
    )
    return _of(statement, source).where(~_is_computed(source)).group_by(ReportValue.indicator_id)


_DOES_NOT_APPLY = literal_column(f"'{Reported.NOT_APPLICABLE.value}'")
"""A word that stands in the statement: only then SQLite takes the index of just these rows."""


def _gap(row: Any, source: Subquery) -> ColumnElement[bool]:
    """Say that a row is of a report, and that its indicator does not apply there."""
    word = type_coerce(row.c.reported, String)
    return and_(row.c.revision_id == source.c.revision_id, word == _DOES_NOT_APPLY)


def _none(source: Subquery) -> Select:
    """Count to how many units each indicator does not apply."""
    statement = _select(SumPart.NONE, source, indicator_id=_UNDER.c.indicator_id, none=func.count())
    joined = statement.join(_UNDER, _gap(_UNDER, source))
    return joined.where(~_is_computed(source)).group_by(_UNDER.c.indicator_id)


def _sums(source: Subquery) -> Select:
    """Add up the sums that units with units of their own have sent up."""
    statement = _select(
        SumPart.SUMS,
        source,
        indicator_id=ReportValue.indicator_id,
        value=func.sum(ReportValue.value),
        cumulative=func.sum(ReportValue.cumulative),
        least=func.min(ReportValue.least),
        counted=func.sum(ReportValue.counted),
        nils=func.sum(ReportValue.nils),
        none=func.sum(ReportValue.not_applicable),
    )
    return _of(statement, source).where(_is_computed(source)).group_by(ReportValue.indicator_id)


def _documents(source: Subquery) -> Select:
    """Count the reports of single units, and those that add others up."""
    nested = case((_is_computed(source), 1), else_=0)
    return _select(
        SumPart.DOCUMENTS,
        source,
        counted=func.coalesce(func.sum(1 - nested), 0),
        other=func.coalesce(func.sum(nested), 0),
    )


# --- What is asked besides ----------------------------------------------------------------


@dataclass(frozen=True)
class AskedBesides:
    """What is asked of some figures besides.

    Of the quotients in `gaps`, every unit has said something of both counts: what those said to
    whom one of them does not apply. Of those in `pairs`, what the units come to that gave both.
    `held`: how many are within their threshold. `inside`: of reports that add others up, the counts
    that these quotients are made of.
    """

    gaps: Sequence[Quotient] = ()
    pairs: Sequence[Quotient] = ()
    held: Sequence[Indicator] = ()
    inside: Sequence[Quotient] = ()


def besides(source: Subquery, asked: AskedBesides) -> CompoundSelect | None:
    """Return the statement for what is asked besides; None where nothing is."""
    parts = [
        *(_gaps(source, asked.gaps) if asked.gaps else []),
        *(_pairs(source, each) for each in _apart(asked.pairs)),
        *(_in_range(source, row) for row in asked.held),
        *([_nested(source, asked.inside)] if asked.inside else []),
    ]
    return union_all(*parts) if parts else None


def _gaps(source: Subquery, asked: Sequence[Quotient]) -> list[Select]:
    """Add up, for each count that does not apply to some units, the others that these gave.

    Of a numerator that is its denominator alone, of a denominator every count that is asked for.
    An indicator that is not to be looked up by stands with a nought added to it.
    """
    ids = sorted({id_ for one in asked for id_ in (one.over.id, one.under.id)})
    found = []
    for each in _apart(asked):
        mates = case({one.over.id: one.under.id for one in each}, value=_UNDER.c.indicator_id)
        gaps = [one.over.id for one in each]
        found.append(_gap_sums(source, gaps, _OVER.c.indicator_id == mates))
    unders = sorted({one.under.id for one in asked})
    found.append(_gap_sums(source, unders, (_OVER.c.indicator_id + 0).in_(ids)))
    return found


def _gap_sums(source: Subquery, gaps: Sequence[int], mates: ColumnElement[bool]) -> Select:
    statement = _select(
        SumPart.GAPS,
        source,
        indicator_id=_UNDER.c.indicator_id,
        value=func.sum(func.coalesce(_OVER.c.value, 0)),
        counted=func.count(),
        other=_OVER.c.indicator_id,
    )
    other = and_(_OVER.c.revision_id == _UNDER.c.revision_id, mates, _OVER.c.reported.in_(_COUNTS))
    joined = statement.join(_UNDER, _gap(_UNDER, source)).join(_OVER, other)
    by = (_UNDER.c.indicator_id, _OVER.c.indicator_id)
    return joined.where(~_is_computed(source), (_UNDER.c.indicator_id + 0).in_(gaps)).group_by(*by)


def _apart(asked: Sequence[Quotient]) -> list[list[Quotient]]:
    """Sort quotients so that in each list no numerator comes twice; those that are held to a
    threshold unit by unit stand alone.
    """
    lists: list[dict[int, Quotient]] = []
    alone = []
    for one in asked:
        if one.indicator.roll_up is RollUp.COUNT_IN_RANGE:
            alone.append([one])
            continue
        for listed in lists:
            if one.over.id not in listed:
                listed[one.over.id] = one
                break
        else:
            lists.append({one.over.id: one})
    return [*(list(listed.values()) for listed in lists), *alone]


_COUNTS = (Reported.VALUE, Reported.NIL)
"""What a count says that can be divided: nothing to report is nought."""


def _within(
    row: Indicator, value: ColumnElement[int], times: ColumnElement[int]
) -> ColumnElement[int]:
    """Count 1 where a value is within an indicator's threshold of so many times its size."""
    bounds = []
    if row.threshold_min is not None:
        bounds.append(value >= times * _int(row.threshold_min))
    if row.threshold_max is not None:
        bounds.append(value <= times * _int(row.threshold_max))
    return func.sum(case((and_(*bounds), 1), else_=0)) if bounds else func.count()


def _pairs(source: Subquery, asked: Sequence[Quotient]) -> Select:
    """Add up two counts of the units that gave both, by the quotient's numerator."""
    above, beneath = func.coalesce(_OVER.c.value, 0), func.coalesce(_UNDER.c.value, 0)
    in_range = _int(0)
    (held, *_) = asked
    if held.indicator.roll_up is RollUp.COUNT_IN_RANGE:
        whole = _int(WHOLE.get(held.indicator.measure, 1))
        in_range = func.coalesce(_within(held.indicator, above * whole, beneath), 0)
    ids = case({one.over.id: one.indicator.id for one in asked}, value=_OVER.c.indicator_id)
    goes_with = case({one.over.id: one.under.id for one in asked}, value=_OVER.c.indicator_id)
    statement = _select(
        SumPart.PAIRS,
        source,
        indicator_id=ids,
        value=func.sum(above),
        cumulative=func.sum(beneath),
        counted=func.count(),
        other=in_range,
    )
    over = and_(
        _OVER.c.revision_id == source.c.revision_id,
        _OVER.c.indicator_id.in_([one.over.id for one in asked]),
        _OVER.c.reported.in_(_COUNTS),
    )
    under = and_(
        _UNDER.c.revision_id == source.c.revision_id,
        _UNDER.c.indicator_id == goes_with,
        _UNDER.c.reported.in_(_COUNTS),
    )
    joined = statement.join(_OVER, over).join(_UNDER, under)
    return joined.where(~_is_computed(source)).group_by(_OVER.c.indicator_id)


def _in_range(source: Subquery, row: Indicator) -> Select:
    """Count the units that state a figure within its threshold."""
    statement = _select(
        SumPart.IN_RANGE,
        source,
        indicator_id=_int(row.id),
        counted=func.coalesce(_within(row, ReportValue.value, _int(1)), 0),
    )
    return _of(statement, source).where(
        ~_is_computed(source),
        ReportValue.indicator_id == row.id,
        ReportValue.reported == Reported.VALUE,
    )


def _nested(source: Subquery, asked: Sequence[Quotient]) -> Select:
    """Read, of each report that adds others up, the counts that quotients are made of."""
    ids = {id_ for one in asked for id_ in (one.over.id, one.under.id)}
    statement = _select(
        SumPart.NESTED,
        source,
        indicator_id=ReportValue.indicator_id,
        value=ReportValue.value,
        counted=ReportValue.counted,
        nils=ReportValue.nils,
        other=ReportValue.revision_id,
        words=ReportValue.said,
    )
    return _of(statement, source).where(_is_computed(source), ReportValue.indicator_id.in_(ids))


@cache
def size(source: Subquery) -> Select:
    """Count the units without units of their own that are below a unit, however far.

    Of a unit whose own sum is among what is added up, those that were to be in that.
    """
    has_units = has_units_below(Participation.unit_id, Participation.period_id)
    right_below = (
        Participation.parent_id == bindparam("unit_id"),
        Participation.period_id == bindparam("period_id"),
        takes_part(),
    )
    alone = select(func.count()).where(*right_below, ~has_units).scalar_subquery()
    with_units = (
        select(func.coalesce(func.sum(_of_its_own(source)), 0))
        .select_from(Participation)
        .join(_TOP, _TOP.id == Participation.unit_id)
        .where(*right_below, has_units)
        .scalar_subquery()
    )
    return select(alone + with_units)


_TOP, _UNIT, _INSIDE = aliased(Unit), aliased(Unit), aliased(Participation)


def _of_its_own(source: Subquery) -> ColumnElement[int]:
    """Count the lowest units below one that has some: by what it has sent, else those that are."""
    own = aliased(ReportValue)
    told = own.counted + own.nils + own.not_applicable + own.missing
    in_it = (
        select(func.max(told))
        .select_from(source)
        .join(own, own.revision_id == source.c.revision_id)
        .where(source.c.unit_id == Participation.unit_id)
        .correlate(Participation)
    )
    last = func.substr(_TOP.path, 1, func.length(_TOP.path) - 1) + literal("/")
    lowest = (
        select(func.count())
        .select_from(_INSIDE)
        .join(_UNIT, _UNIT.id == _INSIDE.unit_id)
        .where(
            _INSIDE.period_id == Participation.period_id,
            _UNIT.path > _TOP.path,
            _UNIT.path < last,
            takes_part(_INSIDE),
            ~has_units_below(_INSIDE.unit_id, _INSIDE.period_id),
        )
        .correlate(Participation, _TOP)
    )
    return func.coalesce(in_it.scalar_subquery(), lowest.scalar_subquery())
