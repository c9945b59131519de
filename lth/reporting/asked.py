"""What a report is asked for: the window it reports on, and the indicators of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, Sight
from lth.content.targets import denominators
from lth.models import Document, Indicator, Period, ReportRegime, ReportWindow
from lth.models.programme import Measure, RollUp
from lth.programmes import catalogue
from lth.reporting.windows import WindowSpan

COUNTED_BY_ITSELF = frozenset({"reports_due", "reports_on_time"})
"""What the product counts without being told."""

REPORTABLE = frozenset({RollUp.SUM, RollUp.MINIMUM})
"""How what is reported rolls up; percentages follow from counts, and nobody types them."""


@dataclass(frozen=True)
class ReportTerms:
    """On what a document reports. Without a window, which nobody opened, on its own period."""

    span: WindowSpan
    plan_starts_on: date
    plan_period: Period | None = None
    regime: ReportRegime | None = None

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes that its regime asks for; of none, all are."""
        return frozenset(self.regime.indicators or () if self.regime else ())


def terms_of(session: Session, document: Document, scope: Scope) -> ReportTerms:
    """Find what a document reports on, in one query; the nearest unit's regime where two share a
    period. The caller has checked the scope, and whoever reads the document reads its regime.
    """
    period = document.period
    span = WindowSpan(period.starts_on, period.ends_on)
    if scope.sight is Sight.NONE:
        return ReportTerms(span, period.starts_on)
    road = [int(part) for part in document.unit_path.split(".") if part]
    statement = (
        select(ReportRegime, Period)
        .join(ReportWindow, ReportWindow.regime_id == ReportRegime.id)
        .join(Period, Period.id == ReportWindow.plan_period_id)
        .where(ReportWindow.period_id == document.period_id, ReportWindow.unit_id.in_(road))
    )
    found = sorted(session.execute(statement), key=lambda row: road.index(row[0].unit_id))
    if not found:
        return ReportTerms(span, period.starts_on)
    regime, plan_period = found[-1]
    return ReportTerms(span, plan_period.starts_on, plan_period, regime)


@dataclass(frozen=True)
class AskedFor:
    """The indicators of a report in order: those that are answered, and the percentages that
    follow from them, each with the codes of what is over what.
    """

    answered: Sequence[Indicator]
    derived: Mapping[str, tuple[Indicator, str, str]]

    @property
    def by_code(self) -> dict[str, Indicator]:
        return {one.code: one for one in self.answered}


def asked_of(indicators: Sequence[Indicator], terms: ReportTerms) -> AskedFor:
    """Choose what a report is asked for among a programme's indicators.

    A percentage that a regime names asks for both of its counts.
    """
    over = {one.code: pair for one in indicators if (pair := _counts(one))}
    codes = terms.codes
    wanted = set(codes)
    for code in codes & over.keys():
        wanted.update(over[code])
    answered = [
        one
        for one in indicators
        if one.roll_up in REPORTABLE
        and one.code not in COUNTED_BY_ITSELF
        and (not codes or one.code in wanted)
    ]
    there = {one.code for one in answered}
    derived = {
        one.code: (one, *over[one.code])
        for one in indicators
        if one.code in over and there.issuperset(over[one.code])
    }
    return AskedFor(answered, derived)


def _counts(indicator: Indicator) -> tuple[str, str] | None:
    """Return the codes of what a percentage is made of, where that is settled."""
    if indicator.roll_up is not RollUp.RATIO or not indicator.numerator_code:
        return None
    if indicator.measure not in {Measure.PERCENT, Measure.RATE}:
        return None
    named = indicator.denominator_code or next(iter(denominators(indicator)), None)
    return (indicator.numerator_code, named) if named else None


def asked(session: Session, document: Document, terms: ReportTerms) -> AskedFor:
    """Read what a document is asked for, in one query."""
    return asked_of(catalogue.indicators(session, document.programme_id), terms)
