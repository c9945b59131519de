"""What a report's figures are held against: the unit's last report, and those of its neighbours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Purpose, Scope, documents_seen, revisions_seen, system
from lth.drafting import reported
from lth.models import (
    Document,
    Indicator,
    Period,
    ReportValue,
    ReportWindow,
    Revision,
)
from lth.models.report import Reported
from lth.reporting import asked, promised
from lth.reporting.promised import Promised
from lth.workflow.documents import LIVE

FEWEST = 3
"""Of fewer neighbours nothing is said: it would tell what one of them reports."""

MOST = 200
"""How many neighbours are read."""


@dataclass(frozen=True, slots=True)
class LastReport:
    """A unit's report of the window before, by indicator id; nil counts as 0."""

    first: date
    last: date
    values: Mapping[int, int]


_COUNTS = func.coalesce(Document.released_number, Document.in_force_number, Document.sent_number)
"""The revision that others read: released, in force, or at least sent."""


def last_report(session: Session, document: Document, scope: Scope) -> LastReport | None:
    """Read what the unit said in the window of the same regime that ended last before; one query.

    The caller has checked the scope.
    """
    here, before = aliased(ReportWindow), aliased(ReportWindow)
    statement = (
        select(
            *(Period.id, Period.starts_on, Period.ends_on),
            *(ReportValue.indicator_id, ReportValue.reported, ReportValue.value),
        )
        .select_from(here)
        .join(before, before.regime_id == here.regime_id)
        .join(Period, Period.id == before.period_id)
        .join(
            Document,
            and_(
                Document.period_id == Period.id,
                Document.unit_id == document.unit_id,
                Document.kind == document.kind,
                LIVE,
                documents_seen(scope),
            ),
        )
        .join(
            Revision,
            and_(
                Revision.document_id == Document.id,
                Revision.number == _COUNTS,
                revisions_seen(scope),
            ),
        )
        .join(ReportValue, ReportValue.revision_id == Revision.id)
        .where(here.period_id == document.period_id, Period.ends_on < document.period.ends_on)
        .order_by(Period.ends_on.desc(), Period.starts_on, Period.id)
    )
    found: LastReport | None = None
    newest = None
    for row in session.execute(statement):
        newest = newest or row.id
        if row.id != newest:
            break
        if found is None:
            found = LastReport(row.starts_on, row.ends_on, {})
        if row.reported is not Reported.NOT_APPLICABLE:
            found.values[row.indicator_id] = row.value or 0  # type: ignore[index] # our own
    return found


def neighbours(
    session: Session, document: Document, indicator_ids: Collection[int]
) -> dict[int, Sequence[int]]:
    """Read what the units beside a report's unit have sent in the same window, by indicator, each
    list in the order of the units; nothing where they are too few. One query.

    A unit sees no neighbour. They are read for nobody, and whoever calls tells no more of them than
    the middle of several.
    """
    statement = (
        select(Document.unit_id, ReportValue.indicator_id, ReportValue.value)
        .join(Revision, and_(Revision.document_id == Document.id, Revision.number == _COUNTS))
        .join(ReportValue, ReportValue.revision_id == Revision.id)
        .where(
            Document.period_id == document.period_id,
            Document.next_unit_id == document.next_unit_id,
            Document.unit_id != document.unit_id,
            Document.kind == document.kind,
            LIVE,
            ReportValue.indicator_id.in_(indicator_ids),
            ReportValue.reported == Reported.VALUE,
        )
        .order_by(Document.unit_id)
        .limit(MOST * max(1, len(indicator_ids)))
    )
    if document.next_unit_id is None:
        return {}
    found: dict[int, dict[int, int]] = {}
    with system(session, Purpose.COMPARE):
        for unit_id, indicator_id, value in session.execute(statement):
            found.setdefault(unit_id, {})[indicator_id] = value
    if len(found) < FEWEST:
        return {}
    return {
        indicator_id: [said[indicator_id] for said in found.values() if indicator_id in said]
        for indicator_id in indicator_ids
    }


def said(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> tuple[dict[str, ReportValue | None], Sequence[Indicator], Promised]:
    """Read what a report says of the indicators that it is asked for, and what that is held
    against; in two queries. The caller has checked the scope.
    """
    terms, held = promised.read(session, document, scope)
    found = reported.values(session, document, [revision.id], {})
    what = asked.asked_of([one.indicator for one in found], terms)
    return {one.line_key: one.value for one in found}, what.answered, held
