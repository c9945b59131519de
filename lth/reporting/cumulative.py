"""What was reported since a plan's period began: windows of one regime, added up.

Windows of a regime may lie within one another (the first six months, the year): those that follow
each other without a day twice are taken, the widest of each end. What is missing in one of them
leaves the sum unknown; it is not taken for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, revisions_seen
from lth.models import (
    Document,
    Indicator,
    Period,
    ReportValue,
    ReportWindow,
    Revision,
)
from lth.models.document import Status
from lth.models.kind import Figures, Kind
from lth.models.programme import PeriodUse
from lth.models.report import Reported
from lth.reporting.asked import ReportTerms
from lth.reporting.from_books import is_flow


@dataclass
class EarlierWindow:
    """A window before a report's own, and what the unit reported in it, by indicator id."""

    code: str
    first: date
    last: date
    values: dict[int, tuple[Reported, int | None]] = field(default_factory=dict)

    def amount(self, indicator_id: int) -> int | None:
        """Return what happened by it: nothing of what is nil or not applicable, None unknown."""
        if indicator_id not in self.values:
            return None
        state, value = self.values[indicator_id]
        return value if state is Reported.VALUE else 0


@dataclass(frozen=True)
class Cumulative:
    """A sum since the plan's period began; `lacking` are the codes of windows that nobody has
    reported on, for want of which it is unknown.
    """

    value: int | None
    lacking: tuple[str, ...] = ()


def earlier(
    session: Session, document: Document, terms: ReportTerms, scope: Scope
) -> list[EarlierWindow]:
    """Read the windows that come before a report's own, the latest first, in one query."""
    if terms.regime is None or terms.plan_period is None:
        return []
    kinds = [
        kind
        for kind in Kind.of(PeriodUse.REPORT)
        if kind.figures is Figures.DONE and kind.is_computed is document.kind.is_computed
    ]
    own = and_(
        Document.period_id == Period.id,
        Document.unit_id == document.unit_id,
        Document.kind.in_(kinds),
        Document.status != Status.REVOKED,
    )
    said = func.coalesce(Document.sent_number, Document.in_force_number, Document.released_number)
    statement = (
        select(
            *(Period.code, Period.starts_on, Period.ends_on),
            *(ReportValue.indicator_id, ReportValue.reported, ReportValue.value),
        )
        .select_from(ReportWindow)
        .join(Period, Period.id == ReportWindow.period_id)
        .outerjoin(Document, own)
        .outerjoin(
            Revision,
            and_(
                Revision.document_id == Document.id,
                Revision.number == said,
                revisions_seen(scope),
            ),
        )
        .outerjoin(ReportValue, ReportValue.revision_id == Revision.id)
        .where(
            ReportWindow.regime_id == terms.regime.id,
            ReportWindow.plan_period_id == terms.plan_period.id,
            Period.use == PeriodUse.REPORT,
            Period.ends_on < terms.span.first,
        )
    )
    return one_after_another(session.execute(statement).all(), terms.span.first)


def one_after_another(rows: Iterable[Any], before: date) -> list[EarlierWindow]:
    """Choose the windows that end one before the other begins, the widest of each end."""
    windows: dict[str, EarlierWindow] = {}
    for row in rows:
        window = windows.setdefault(row[0], EarlierWindow(*row[:3]))
        if row.indicator_id is not None:
            window.values[row.indicator_id] = (row.reported, row.value)
    chosen = []
    widest = sorted(windows.values(), key=lambda one: one.first)
    for window in sorted(widest, key=lambda one: one.last, reverse=True):
        if window.last < before:
            chosen.append(window)
            before = window.first
    return chosen


def reckon(
    indicator: Indicator,
    row: ReportValue | None,
    windows: Sequence[EarlierWindow],
    since: date | None = None,
) -> Cumulative:
    """Add a report's own figure to those of earlier windows, as far as they end on or after a day.

    What there is, is what it is on the last day, and adds up to nothing.
    """
    if row is None:
        return Cumulative(None)
    own = row.value if row.reported is Reported.VALUE else 0
    if not is_flow(indicator):
        return Cumulative(row.value)
    counted = [one for one in windows if since is None or one.last >= since]
    amounts: Mapping[str, int | None] = {one.code: one.amount(indicator.id) for one in counted}
    lacking = tuple(code for code, amount in amounts.items() if amount is None)
    if lacking:
        return Cumulative(None, lacking[::-1])
    return Cumulative((own or 0) + sum(amount or 0 for amount in amounts.values()))
