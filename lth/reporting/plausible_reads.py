"""What a report's figures are held against: the unit's last report, and those of its neighbours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, Select, and_, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Purpose, Scope, documents_seen, revisions_seen, system
from lth.drafting import reported
from lth.models import (
    Document,
    Period,
    ReportValue,
    ReportWindow,
    Revision,
)
from lth.models.report import Reported
from lth.reporting import asked, promised
from lth.reporting.asked import AskedFor
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


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """What a report is held against: the unit's last one, and by indicator id what its neighbours
    say in the same window, in the order of the units.
    """

    last: LastReport | None
    neighbours: Mapping[int, Sequence[int]]


def beside(
    session: Session, document: Document, indicator_ids: Collection[int], scope: Scope
) -> Yardsticks:
    """Read both in one query.

    The last report is that of the window of the same regime that ended last before, within the
    scope. A unit sees no neighbour. They are read for nobody, and whoever calls tells no more of
    them than the middle of several; where they are too few there are none.
    """
    arms = [_last(document, scope)]
    if document.next_unit_id is not None and indicator_ids:
        arms.append(_neighbours(document, indicator_ids))
    own, others = [], []
    with system(session, Purpose.COMPARE):
        for row in session.execute(union_all(*arms)):
            (own if row.is_own else others).append(row)
    return Yardsticks(_last_of(own), _by_indicator(others, indicator_ids))


def _last(document: Document, scope: Scope) -> Select[Any]:
    here, before = aliased(ReportWindow), aliased(ReportWindow)
    return (
        select(
            *(literal(1).label("is_own"), Document.unit_id, Period.starts_on, Period.ends_on),
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
    )


def _neighbours(document: Document, indicator_ids: Collection[int]) -> Select[Any]:
    said = (
        select(
            *(literal(0).label("is_own"), Document.unit_id),
            *(cast(null(), Date).label(name) for name in ("starts_on", "ends_on")),
            *(ReportValue.indicator_id, ReportValue.reported, ReportValue.value),
        )
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
        .limit(MOST * len(indicator_ids))
        .subquery()
    )
    return select(said)


def _last_of(rows: Sequence[Row[Any]]) -> LastReport | None:
    """Take the newest window's values, of the longest where two end on one day."""
    if not rows:
        return None
    newest = min(rows, key=lambda row: (-row.ends_on.toordinal(), row.starts_on))
    span = newest.starts_on, newest.ends_on
    values = {
        row.indicator_id: row.value or 0
        for row in rows
        if (row.starts_on, row.ends_on) == span and row.reported is not Reported.NOT_APPLICABLE
    }
    return LastReport(*span, values)


def _by_indicator(
    rows: Sequence[Row[Any]], indicator_ids: Collection[int]
) -> dict[int, Sequence[int]]:
    found: dict[int, dict[int, int]] = {}
    for row in sorted(rows, key=lambda row: row.unit_id):
        found.setdefault(row.unit_id, {})[row.indicator_id] = row.value
    if len(found) < FEWEST:
        return {}
    return {
        indicator_id: [said[indicator_id] for said in found.values() if indicator_id in said]
        for indicator_id in indicator_ids
    }


def said(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> tuple[dict[str, ReportValue | None], AskedFor, Promised]:
    """Read what a report says of the indicators that it is asked for, and what that is held
    against; in two queries. The caller has checked the scope.
    """
    terms, held = promised.read(session, document, scope)
    found = reported.values(session, document, [revision.id], {})
    what = asked.asked_of([one.indicator for one in found], terms)
    return {one.line_key: one.value for one in found}, what, held
