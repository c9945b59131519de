"""What a unit reported, window by window, within the years of a review: the series of its figures.

Of windows that lie within one another those are taken that follow each other without a day twice,
those that the unit has reported in first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, revisions_seen
from lth.models import Document, Indicator, Period, ReportValue, ReportWindow, Revision
from lth.models.document import Status
from lth.models.kind import Figures, Kind
from lth.models.programme import PeriodUse
from lth.models.report import Reported
from lth.reporting import cumulative
from lth.reporting.cumulative import EarlierWindow
from lth.reporting.from_books import BookFigure, is_flow


@dataclass(frozen=True)
class ReportSeries:
    """The windows of a review's years, the earliest first, with what the unit reported in each."""

    windows: Sequence[EarlierWindow] = field(default_factory=tuple)

    def said(self, indicator: Indicator) -> list[tuple[Reported, int | None] | None]:
        """List what was said of an indicator in each window; None where nothing was."""
        return [one.values.get(indicator.id) for one in self.windows]

    def total(self, indicator: Indicator) -> BookFigure | None:
        """Return what the series comes to: what happened added up, of what there is the last.

        None where a window lacks that it needs: what is missing is not taken for nothing.
        """
        wanted = self.windows if is_flow(indicator) else self.windows[-1:]
        amounts = [one.amount(indicator.id) for one in wanted]
        known = [amount for amount in amounts if amount is not None]
        if not known or len(known) < len(amounts):
            return None
        return BookFigure(sum(known), periods=tuple(one.code for one in wanted))


def is_review(document: Document) -> bool:
    """Tell whether a document reports on the windows of several years, as reports did."""
    return document.kind.figures is Figures.DONE and document.kind.use is PeriodUse.REVIEW


def of_review(session: Session, document: Document, scope: Scope) -> ReportSeries:
    """Read the series of a review, in one query; the caller has checked the scope."""
    period = document.period
    kinds = [kind for kind in Kind.of(PeriodUse.REPORT) if kind.figures is Figures.DONE]
    road = [int(part) for part in document.unit_path.split(".") if part]
    own = and_(
        Document.period_id == Period.id,
        Document.unit_id == document.unit_id,
        Document.kind.in_(kinds),
        Document.status != Status.REVOKED,
    )
    number = func.coalesce(Document.sent_number, Document.in_force_number, Document.released_number)
    sent = and_(
        Revision.document_id == Document.id, Revision.number == number, revisions_seen(scope)
    )
    asked = select(ReportWindow.period_id).where(ReportWindow.unit_id.in_(road))
    statement = (
        select(
            *(Period.code, Period.starts_on, Period.ends_on),
            *(ReportValue.indicator_id, ReportValue.reported, ReportValue.value),
        )
        .select_from(Period)
        .outerjoin(Document, own)
        .outerjoin(Revision, sent)
        .outerjoin(ReportValue, ReportValue.revision_id == Revision.id)
        .where(
            Period.id.in_(asked),
            Period.programme_id == document.programme_id,
            Period.use == PeriodUse.REPORT,
            Period.starts_on >= period.starts_on,
            Period.ends_on <= period.ends_on,
        )
    )
    return ReportSeries(_chosen(session.execute(statement).all(), period.ends_on))


def _chosen(rows: Sequence[Any], last: date) -> tuple[EarlierWindow, ...]:
    """Choose windows that follow each other, those that the unit has reported in before others."""
    said = [row for row in rows if row.indicator_id is not None]
    chosen = cumulative.one_after_another(said, last + timedelta(days=1))
    rest = [row for row in rows if row.indicator_id is None and not _meets(row, chosen)]
    chosen += cumulative.one_after_another(rest, last + timedelta(days=1))
    return tuple(sorted(chosen, key=lambda one: one.first))


def _meets(row: Any, chosen: Iterable[EarlierWindow]) -> bool:
    return any(row.starts_on <= one.last and one.first <= row.ends_on for one in chosen)


def figures(
    series: ReportSeries, indicators: Iterable[Indicator], books: Mapping[str, BookFigure]
) -> dict[str, BookFigure]:
    """Return what each indicator of a review comes to: by the unit's reports, else by the books."""
    reported = {one.code: figure for one in indicators if (figure := series.total(one))}
    return {**books, **reported}
