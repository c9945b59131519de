"""What a report is held against: what was assigned to the unit, and what it planned itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Subquery,
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lth.access.scope import Scope, Sight, documents_seen, revisions_seen
from lth.content.targets import UPPER, Figure
from lth.models import (
    Document,
    Indicator,
    Period,
    Phase,
    ReportRegime,
    ReportWindow,
    Revision,
    Target,
)
from lth.models.content import Comparator, TargetScope
from lth.models.document import Status
from lth.models.programme import RollUp
from lth.quotas import parent_plan
from lth.reporting.asked import ReportTerms
from lth.reporting.windows import WindowSpan
from lth.workflow.kinds import handing_down

WHOLE = 10_000
"""All of it, in hundredths of a per cent."""


@dataclass(frozen=True)
class Promised:
    """Quotas and targets of the phase that a window ends in, by indicator id.

    `since` is when the phase began: what is promised for it counts from there.
    """

    assigned: Mapping[int, int] = field(default_factory=dict)
    planned: Mapping[int, Figure] = field(default_factory=dict)
    since: date | None = None


def read(session: Session, document: Document, scope: Scope) -> tuple[ReportTerms, Promised]:
    """Read on what a document reports, as `asked.terms_of` does, and what that is held against, in
    one query.

    The unit's plan is that in force, or the one approved. The caller has checked the scope.
    """
    period = document.period
    span = WindowSpan(period.starts_on, period.ends_on)
    if scope.sight is Sight.NONE:
        return ReportTerms(span, period.starts_on), Promised()
    road = [int(part) for part in document.unit_path.split(".") if part]
    goals = _goals(document, scope)
    statement = (
        select(ReportRegime, Period, Phase, *goals.c)
        .select_from(ReportWindow)
        .join(ReportRegime, ReportRegime.id == ReportWindow.regime_id)
        .join(Period, Period.id == ReportWindow.plan_period_id)
        .join(Phase, Phase.period_id == Period.id)
        .outerjoin(goals, goals.c.phase == Phase.id)
        .where(ReportWindow.period_id == document.period_id, ReportWindow.unit_id.in_(road))
        .order_by(Phase.ordinal, goals.c.line_key)
    )
    rows = session.execute(statement).all()
    if not rows:
        return ReportTerms(span, period.starts_on), Promised()
    nearest = max((row.ReportRegime for row in rows), key=lambda one: road.index(one.unit_id))
    rows = [row for row in rows if row.ReportRegime is nearest]
    plan_period = rows[0].Period
    terms = ReportTerms(span, plan_period.starts_on, plan_period, nearest)
    return terms, _of_phase(rows, _phase((row.Phase for row in rows), span.last))


def _of_phase(rows: Sequence[Any], phase: Phase) -> Promised:
    assigned: dict[int, int] = {}
    planned: dict[int, Figure] = {}
    for row in rows:
        if row.Phase is not phase or row.indicator is None:
            continue
        if row.comparator is None:
            assigned[row.indicator] = row.low
        else:
            figure = Figure(Comparator(row.comparator), row.low, row.high)
            planned.setdefault(row.indicator, figure)
    return Promised(assigned, planned, phase.starts_on)


def _phase(phases: Iterable[Phase], day: date) -> Phase:
    """Find the phase of a day; the last one begun where none has it."""
    listed = list(dict.fromkeys(phases))
    begun = [phase for phase in listed if phase.starts_on <= day]
    return begun[-1] if begun else listed[0]


def _goals(document: Document, scope: Scope) -> Subquery:
    """Select the quotas of a document's unit, without a comparator, and the targets of its plans
    that are a number for the whole unit, or hold for each of its clubs.
    """
    given = parent_plan.given(document.unit_id, document.next_unit_id, None, scope).subquery()
    assigned = select(
        given.c.indicator_id.label("indicator"),
        given.c.phase_id.label("phase"),
        cast(null(), Text).label("comparator"),
        cast(given.c.value, BigInteger).label("low"),
        cast(null(), BigInteger).label("high"),
        cast(literal(""), Text).label("line_key"),
    )
    number = func.coalesce(Document.in_force_number, Document.released_number)
    planned = (
        select(
            Target.indicator_id,
            Target.phase_id,
            cast(Target.comparator, Text),
            Target.value_min,
            Target.value_max,
            cast(Target.line_key, Text),
        )
        .join(Revision, Revision.id == Target.revision_id)
        .join(Document, and_(Document.id == Revision.document_id, Revision.number == number))
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(
            Document.unit_id == document.unit_id,
            Document.kind.in_(handing_down()),
            Document.status != Status.REVOKED,
            Target.comparator != Comparator.QUALITATIVE,
            or_(Target.scope == TargetScope.UNIT, Indicator.roll_up != RollUp.SUM),
            documents_seen(scope),
            revisions_seen(scope),
        )
    )
    return union_all(assigned, planned).subquery()


def share(done: int | None, figure: Figure | None) -> int | None:
    """Say how much of a figure is done, in hundredths of a per cent; None where that says nothing:
    of an upper limit, and of nothing.
    """
    if done is None or figure is None or figure.comparator in UPPER or not figure.low:
        return None
    return (2 * done * WHOLE + figure.low) // (2 * figure.low)


def goal(planned: Figure | None, assigned: int | None) -> Figure | None:
    """Return what counts as to be reached: what the unit planned, else what was assigned."""
    if planned is not None or assigned is None:
        return planned
    return Figure(Comparator.GTE, assigned)
