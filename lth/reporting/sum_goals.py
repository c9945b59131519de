"""What a unit was assigned and has planned for what a window reports on, in one query.

A page that adds up reports has many other things to ask; `lth.reporting.promised` says the same of
a report, with the phase that it counts from.
"""

from dataclasses import dataclass, field

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, documents_seen, revisions_seen
from lth.content.targets import Figure
from lth.models import Document, Phase, Quota, ReportWindow, Revision, Target
from lth.models.content import Comparator, TargetScope
from lth.models.document import Status
from lth.workflow.kinds import handing_down


@dataclass(frozen=True)
class Goals:
    """Quotas and targets of the phase that a window ends in, by indicator id."""

    assigned: dict[int, int] = field(default_factory=dict)
    planned: dict[int, Figure] = field(default_factory=dict)


_LATER = aliased(Phase)


def of_document(session: Session, document: Document, scope: Scope) -> Goals:
    """Read both for the document's unit; nothing where no regime has opened its window.

    The caller has read the document within the scope.
    """
    found = Goals()
    both = union_all(_assigned(document, scope), _planned(document, scope)).subquery()
    for row in session.execute(select(both).order_by(both.c.line_key)):
        if row.comparator is None:
            found.assigned[row.indicator_id] = row.low
        else:
            figure = Figure(Comparator(row.comparator), row.low, row.high)
            found.planned.setdefault(row.indicator_id, figure)
    return found


def _plan(document: Document) -> ColumnElement[bool]:
    """Say that a phase is that of the plan on whose window the document reports: the one begun last
    by the window's last day.
    """
    road = [int(part) for part in document.unit_path.split(".") if part]
    periods = select(ReportWindow.plan_period_id).where(
        ReportWindow.period_id == document.period_id, ReportWindow.unit_id.in_(road)
    )
    last = document.period.ends_on
    begun_later = (
        select(_LATER.id)
        .where(
            _LATER.period_id == Phase.period_id,
            _LATER.starts_on <= last,
            _LATER.ordinal > Phase.ordinal,
        )
        .exists()
    )
    return and_(Phase.period_id.in_(periods), Phase.starts_on <= last, ~begun_later)


def _assigned(document: Document, scope: Scope) -> Select:
    return (
        select(
            Quota.indicator_id,
            Quota.value.label("low"),
            cast(null(), BigInteger).label("high"),
            cast(null(), String).label("comparator"),
            literal("").label("line_key"),
        )
        .select_from(Phase)
        .join(Quota, Quota.phase_id == Phase.id)
        .join(Document, Document.id == Quota.document_id)
        .where(
            _plan(document),
            Quota.unit_id == document.unit_id,
            Document.unit_id == document.next_unit_id,
            Document.period_id == Phase.period_id,
            Document.kind.in_(handing_down()),
            Document.in_force_number.is_not(None),
            documents_seen(scope),
        )
    )


def _planned(document: Document, scope: Scope) -> Select:
    number = func.coalesce(Document.in_force_number, Document.released_number)
    return (
        select(
            Target.indicator_id,
            Target.value_min,
            Target.value_max,
            cast(Target.comparator, String),
            Target.line_key,
        )
        .select_from(Phase)
        .join(Document, Document.period_id == Phase.period_id)
        .join(Revision, and_(Revision.document_id == Document.id, Revision.number == number))
        .join(Target, and_(Target.revision_id == Revision.id, Target.phase_id == Phase.id))
        .where(
            _plan(document),
            Document.unit_id == document.unit_id,
            Document.kind.in_(handing_down()),
            Document.status != Status.REVOKED,
            Target.scope == TargetScope.UNIT,
            or_(Target.value_min.is_not(None), Target.value_max.is_not(None)),
            documents_seen(scope),
            revisions_seen(scope),
        )
    )
