"""What is read for the three figures: units, indicators, quotas, targets, what reports say.

Each is one query for a unit and all directly below it; its statement is made once for each scope.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased, defer

from lth.access.scope import Scope, documents_seen, events_seen, quotas_seen, revisions_seen
from lth.models import (
    Area,
    Document,
    Event,
    Indicator,
    Participation,
    Phase,
    Quota,
    ReportValue,
    Revision,
    Target,
    Unit,
)
from lth.models.document import Status
from lth.models.kind import Figures, Kind
from lth.models.programme import PeriodUse
from lth.units.names import ALPHABETICAL, COLUMNS, UnitName
from lth.units.on_day import takes_part
from lth.workflow.acts import Act
from lth.workflow.documents import LIVE
from lth.workflow.kinds import handing_down
from lth.workflow.owing import has_units_below


@dataclass(frozen=True, slots=True)
class PlannedBy:
    """A plan, or what plans come to, with its targets by indicator."""

    document_id: int
    kind: Kind
    targets: dict[int, list[Row[Any]]]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A report as its state goes; `number` is the revision that counts, if one does."""

    document_id: int
    kind: Kind
    status: Status
    cleared_from: Status | None
    in_force_number: int | None
    extended_until: date | None
    number: int | None
    days_late: int | None


def _document(row: Row[Any]) -> ReportDocument:
    return ReportDocument(
        *(row.document_id, Kind(row.kind), Status(row.status)),
        Status(row.cleared_from) if row.cleared_from else None,
        *(row.in_force_number, row.extended_until, row.number, row.days_late),
    )


@dataclass(frozen=True, slots=True)
class ReportedBy:
    """The report of a window, if only begun; its values by indicator where it has been released."""

    document: ReportDocument
    values: dict[int, Row[Any]]

    @property
    def released(self) -> bool:
        """Tell whether its figures count: it is released or in force."""
        return self.document.number is not None


@dataclass(frozen=True, slots=True)
class UnitBelow:
    """A unit that takes part directly below another, and whether some take part below it."""

    name: UnitName
    has_below: bool


def units_below(session: Session, unit_id: int, period_id: int) -> list[UnitBelow]:
    """List the units that take part directly below one in a period, by name."""
    rows = session.execute(_BELOW, {"unit": unit_id, "period": period_id})
    return [UnitBelow(UnitName.of(row), row.has_below) for row in rows]


_UNIT = bindparam("unit", type_=Integer)
_BELOW = (
    select(*COLUMNS)
    .add_columns(has_units_below(Participation.unit_id, Participation.period_id).label("has_below"))
    .select_from(Unit)
    .join(Participation, Participation.unit_id == Unit.id)
    .where(
        Participation.parent_id == _UNIT,
        Participation.period_id == bindparam("period", type_=Integer),
        takes_part(),
    )
    .order_by(*ALPHABETICAL)
)


def units(session: Session, unit_ids: Collection[int]) -> dict[int, Unit]:
    """Read units whole, by id."""
    statement = select(Unit).where(Unit.id.in_(unit_ids))
    return {unit.id: unit for unit in session.scalars(statement)}


@dataclass(frozen=True, slots=True)
class Ground:
    """A programme's indicators and areas and a period's phases, each in order."""

    indicators: list[Indicator]
    phases: list[Phase]
    areas: list[Area]


_FIRST = aliased(Indicator)


def ground(session: Session, programme_id: int, period_id: int) -> Ground:
    """Read what figures are about, in one query: phases and areas stand beside the first
    indicator.
    """
    rows = session.execute(_GROUND, {"programme": programme_id, "period": period_id}).all()
    found = ({row[at].id: row[at] for row in rows if row[at] is not None} for at in range(3))
    return Ground(*(list(each.values()) for each in found))


_PROGRAMME = bindparam("programme", type_=Integer)
_OF_FIRST = Indicator.id == (
    select(_FIRST.id)
    .where(_FIRST.programme_id == _PROGRAMME)
    .order_by(_FIRST.ordinal, _FIRST.id)
    .limit(1)
    .scalar_subquery()
)
_GROUND = (
    select(Indicator, Phase, Area)
    .select_from(Indicator)
    .outerjoin(Phase, and_(Phase.period_id == bindparam("period", type_=Integer), _OF_FIRST))
    .outerjoin(Area, and_(Area.programme_id == _PROGRAMME, _OF_FIRST))
    .where(Indicator.programme_id == _PROGRAMME)
    .options(defer(Indicator.help_vi), defer(Indicator.help_en))
    .order_by(Indicator.ordinal, Indicator.id, Phase.ordinal, Area.ordinal)
)


def _plain(column: Any) -> Any:
    """Return a column as the text that is stored: rows that are many are read without its type."""
    return type_coerce(column, String).label(column.key)


def _one_of(column: Any, name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def offices(
    session: Session, scope: Scope, unit_ids: Collection[int], period_id: int
) -> dict[int, str]:
    """Read which office of each unit sent its report of a window, as it was called then; the last
    sending counts. A unit whose report is not sent, or was by nobody of an office, is not there.
    """
    statement = (
        select(Document.unit_id, Event.office_name)
        .join(Event, Event.document_id == Document.id)
        .where(
            Document.unit_id.in_(unit_ids),
            Document.period_id == period_id,
            Document.kind.in_(_kinds(PeriodUse.REPORT, Figures.DONE)),
            Event.action.in_([Act.SUBMIT.value, Act.ISSUE.value]),
            LIVE,
            documents_seen(scope),
            events_seen(scope),
        )
        .order_by(Event.seq)
    )
    found = dict(session.execute(statement).all())
    return {unit_id: name for unit_id, name in found.items() if name}


# --- Assigned -----------------------------------------------------------------------------


def quotas(
    session: Session, scope: Scope, unit_ids: Collection[int], period_id: int
) -> dict[int, dict[int, dict[int, int]]]:
    """Read what was assigned to some units: by unit, indicator and phase."""
    found: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    values = {"units": list(unit_ids), "period": period_id}
    for row in session.execute(_quotas(scope), values):
        found[row.unit_id][row.indicator_id][row.phase_id] = row.value
    return found


@lru_cache(maxsize=512)
def _quotas(scope: Scope) -> Select[Any]:
    return (
        select(Quota.unit_id, Quota.indicator_id, Quota.phase_id, Quota.value)
        .join(Document, Document.id == Quota.document_id)
        .where(
            _one_of(Quota.unit_id, "units"),
            Document.period_id == bindparam("period", type_=Integer),
            Document.kind.in_(handing_down()),
            Document.in_force_number.is_not(None),
            documents_seen(scope),
            quotas_seen(scope),
        )
    )


# --- Planned ------------------------------------------------------------------------------

_NEWEST = case(
    (
        func.coalesce(Document.released_number, 0) > func.coalesce(Document.in_force_number, 0),
        Document.released_number,
    ),
    else_=Document.in_force_number,
)
"""The newest revision that counts: released, or in force."""


_COMPUTED = frozenset(str(kind) for kind in Kind.all() if kind.is_computed)


def _kinds(use: PeriodUse, figures: Figures) -> list[Kind]:
    return [kind for kind in Kind.of(use) if kind.figures is figures]


def _asked(indicator_id: Any) -> ColumnElement[bool]:
    """Say that an indicator is read: any of the unit itself, of those below the ones `wanted`."""
    return or_(Document.unit_id == _UNIT, _one_of(indicator_id, "wanted"))


def _counted(scope: Scope) -> ColumnElement[bool]:
    return and_(
        Revision.document_id == Document.id,
        Revision.number == _NEWEST,
        Revision.withdrawn_at.is_(None),
        revisions_seen(scope),
    )


def planned(
    session: Session,
    scope: Scope,
    units: Sequence[int],
    period_id: int,
    phase_ids: Sequence[int],
    wanted: Collection[int],
) -> dict[int, dict[bool, PlannedBy]]:
    """Read the plans of some units, the first the one in whose every indicator we are interested.

    By unit, and by whether it is computed from those below.
    """
    values = {
        **{"unit": units[0], "units": list(units), "period": period_id},
        **{"phases": list(phase_ids), "wanted": list(wanted)},
    }
    found: dict[int, dict[bool, PlannedBy]] = defaultdict(dict)
    for row in session.execute(_planned(scope), values):
        plans, computed = found[row.unit_id], row.kind in _COMPUTED
        plan = plans.get(computed)
        if plan is None:
            plan = plans[computed] = PlannedBy(row.document_id, Kind(row.kind), defaultdict(list))
        if row.indicator_id is not None:
            plan.targets[row.indicator_id].append(row)
    return found


@lru_cache(maxsize=512)
def _planned(scope: Scope) -> Select[Any]:
    target = and_(
        Target.revision_id == Revision.id,
        _one_of(Target.phase_id, "phases"),
        _asked(Target.indicator_id),
    )
    return (
        select(
            *(Document.unit_id, Document.id.label("document_id"), _plain(Document.kind)),
            *(Target.indicator_id, Target.phase_id, _plain(Target.comparator), Target.value_min),
            *(Target.value_max, _plain(Target.scope), _plain(Target.counts_from)),
            Target.denominator_code,
        )
        .select_from(Document)
        .join(Revision, _counted(scope))
        .outerjoin(Target, target)
        .where(
            _one_of(Document.unit_id, "units"),
            Document.period_id == bindparam("period", type_=Integer),
            Document.kind.in_(_kinds(PeriodUse.PLAN, Figures.TARGETS)),
            LIVE,
            documents_seen(scope),
        )
    )


# --- Done ---------------------------------------------------------------------------------

_DOCUMENT = (
    *(Document.unit_id, Document.id.label("document_id"), Document.period_id),
    *(_plain(Document.kind), _plain(Document.status), _plain(Document.cleared_from)),
    *(Document.in_force_number, Document.extended_until, Document.sent_number),
)


Series = dict[int, dict[int, Row[Any]]]
"""What the reports of a unit said, by window (the period's id) and indicator."""


def reported(
    session: Session,
    scope: Scope,
    units: Sequence[int],
    period_id: int,
    wanted: Collection[int],
    earlier: Collection[int] = (),
) -> tuple[dict[int, ReportedBy], Series]:
    """Read the reports of some units in a window, as `planned` reads their plans; and what the
    first of them reported in `earlier` windows.
    """
    values = {
        **{"unit": units[0], "units": list(units), "period": period_id},
        **{"wanted": list(wanted), "earlier": list(earlier)},
    }
    found: dict[int, ReportedBy] = {}
    series: Series = defaultdict(dict)
    for row in session.execute(_reported(scope), values):
        if row.period_id != period_id:
            if row.indicator_id is not None:
                series[row.period_id][row.indicator_id] = row
            continue
        report = found.get(row.unit_id)
        if report is None or (
            row.kind in _COMPUTED and report.document.document_id != row.document_id
        ):
            report = found[row.unit_id] = ReportedBy(_document(row), {})
        if row.indicator_id is not None and report.document.document_id == row.document_id:
            report.values[row.indicator_id] = row
    return found, series


@lru_cache(maxsize=512)
def _reported(scope: Scope) -> Select[Any]:
    value = and_(ReportValue.revision_id == Revision.id, _asked(ReportValue.indicator_id))
    return (
        select(
            *(*_DOCUMENT, Revision.number, Revision.days_late),
            *(ReportValue.indicator_id, _plain(ReportValue.reported), ReportValue.value),
            *(ReportValue.cumulative, ReportValue.least),
        )
        .select_from(Document)
        .outerjoin(Revision, _counted(scope))
        .outerjoin(ReportValue, value)
        .where(
            or_(
                _one_of(Document.unit_id, "units")
                & (Document.period_id == bindparam("period", type_=Integer)),
                (Document.unit_id == _UNIT) & _one_of(Document.period_id, "earlier"),
            ),
            Document.kind.in_(_kinds(PeriodUse.REPORT, Figures.DONE)),
            LIVE,
            documents_seen(scope),
        )
        .order_by(Document.id)
    )
