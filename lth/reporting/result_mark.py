"""A mark that changes with everything a page of results is made of; read in one query.

Whoever keeps what such a page came to asks for the mark first, and makes it anew where it differs.
Every figure here counts versions, or holds what it stands for itself: nothing is left to a clock.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from lth.access.scope import Scope, documents_seen, quotas_seen
from lth.models import (
    Area,
    Club,
    ClubBook,
    Deadline,
    Document,
    Indicator,
    Participation,
    ParticipationMove,
    Quota,
    QuotaMove,
    ReportRequest,
    Unit,
)
from lth.reporting.from_books import clubs_seen
from lth.reporting.request_lists import unanswered_below
from lth.reporting.result_choice import ResultChoice
from lth.units.on_day import takes_part

Mark = Row[Any]
"""As a whole, something to be compared; `open_requests` and `own_requests` are also figures."""


def mark(session: Session, scope: Scope, unit: Unit, choice: ResultChoice) -> Mark:
    """Read the mark of a unit's results in a choice."""
    values = {
        "unit": unit.id,
        "parent": unit.parent_id or 0,
        "above": [*unit.ancestor_ids, unit.id],
        "path": unit.path,
        "after": unit.path[:-1] + "/",
        "programme": choice.period.programme_id,
        "periods": [choice.period.id, *(one.period_id for one in choice.series)],
    }
    return session.execute(_mark(scope), values).one()


@lru_cache(maxsize=512)
def _mark(scope: Scope) -> Select[Any]:
    """Made once for each scope: to make it takes longer than to run it."""
    parts = [
        _documents(scope),
        _quotas(scope),
        _participants(),
        _moves(),
        _deadlines(),
        _programme(),
        _areas(),
        _versions(ClubBook, scope),
        _versions(Club, scope),
        _requests(scope),
    ]
    tables = [part.subquery() for part in parts]
    together = select(*(column for table in tables for column in table.c))
    together = together.select_from(tables[0])
    for table in tables[1:]:
        together = together.join(table, true())
    return together


_UNIT = bindparam("unit", type_=Integer)
_PARENT = bindparam("parent", type_=Integer)
_PROGRAMME = bindparam("programme", type_=Integer)


def _in_periods(column: Any) -> ColumnElement[bool]:
    return column.in_(bindparam("periods", expanding=True))


_BELOW = (
    select(Participation.unit_id)
    .where(Participation.parent_id == _UNIT, _in_periods(Participation.period_id))
    .distinct()
)


def _text(*columns: Any) -> ColumnElement[str]:
    """Write columns of all rows one after the other."""
    each = cast(columns[0], String)
    for column in columns[1:]:
        each = each + ":" + func.coalesce(cast(column, String), "")
    return func.aggregate_strings(each, "|")


def _documents(scope: Scope) -> Select[Any]:
    """Count the acts on the documents of the unit, those below it, and the one above."""
    return select(func.count().label("documents"), func.sum(Document.lock_version)).where(
        or_(Document.unit_id.in_([_UNIT, _PARENT]), Document.unit_id.in_(_BELOW)),
        _in_periods(Document.period_id),
        documents_seen(scope),
    )


def _quotas(scope: Scope) -> Select[Any]:
    """Count the quotas with their figures, and the moves over them."""
    given = or_(Quota.unit_id == _UNIT, Quota.unit_id.in_(_BELOW))
    figures = func.sum(Quota.value % 1_000_003 * (Quota.id % 1_009))
    moves = select(func.max(QuotaMove.id)).scalar_subquery()
    return (
        select(func.count().label("quotas"), figures, moves)
        .select_from(Quota)
        .join(Document, Document.id == Quota.document_id)
        .where(given, _in_periods(Document.period_id), quotas_seen(scope))
    )


def _participants() -> Select[Any]:
    """Name the units below, as many times as they take part."""
    return (
        select(func.count().label("participants"), _text(Unit.id, Unit.type, Unit.name))
        .select_from(Participation)
        .join(Unit, Unit.id == Participation.unit_id)
        .where(
            Participation.parent_id == _UNIT,
            _in_periods(Participation.period_id),
            takes_part(),
        )
    )


def _moves() -> Select[Any]:
    return select(func.max(ParticipationMove.id).label("moves")).where(
        or_(ParticipationMove.parent_id == _UNIT, ParticipationMove.unit_id == _UNIT),
        _in_periods(ParticipationMove.period_id),
    )


def _deadlines() -> Select[Any]:
    days = (Deadline.due_on, Deadline.latest_on, Deadline.last_correction_on)
    return select(_text(Deadline.id, *days).label("deadlines")).where(
        Deadline.setter_id.in_(bindparam("above", expanding=True)),
        _in_periods(Deadline.period_id),
    )


def _programme() -> Select[Any]:
    words = (Indicator.label_vi, Indicator.label_en, Indicator.topic, Indicator.ordinal)
    rules = (Indicator.threshold_min, Indicator.threshold_max, Indicator.required)
    counts = (Indicator.numerator_code, Indicator.denominator_code)
    return select(_text(Indicator.code, *words, *rules, *counts).label("programme")).where(
        Indicator.programme_id == _PROGRAMME
    )


def _areas() -> Select[Any]:
    return select(_text(Area.code, Area.name_vi, Area.name_en).label("areas")).where(
        Area.programme_id == _PROGRAMME
    )


def _requests(scope: Scope) -> Select[Any]:
    """Count the requests from below the scope's unit that nobody has answered, and of them those
    that wait for this unit.
    """
    here = case((ReportRequest.owed_by_id == scope.unit_id, 1), else_=0)
    return select(
        func.count().label("open_requests"),
        func.coalesce(func.sum(here), 0).label("own_requests"),
    ).where(unanswered_below(scope))


def _versions(table: type[ClubBook] | type[Club], scope: Scope) -> Select[Any]:
    """Count the saves of all books, or the changes of all clubs, at and below the unit: none goes,
    and each save counts one up.
    """
    return select(func.sum(table.version).label(table.__tablename__)).where(
        table.unit_path >= bindparam("path"),
        table.unit_path < bindparam("after"),
        clubs_seen(scope, table.unit_path),
    )
