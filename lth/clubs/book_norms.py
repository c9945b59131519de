"""What holds for a club in a month: its programme's norms and areas of activity.

A month is judged by the programme that its commune takes part in then; where several run, by the
newest; where none does, by the one that ran last before.
"""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import case, exists, select
from sqlalchemy.orm import Session

from lth.core import language
from lth.models import Area, Indicator, Participation, Period, Programme
from lth.units.on_day import takes_part

Norm = tuple[int | None, int | None]
"""The least and the most, either may be open."""


@dataclass(frozen=True)
class ClubNorms:
    """Norms by indicator, as integers of its measure; the areas' names by code, in their order."""

    programme_id: int | None = None
    norms: dict[str, Norm] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)

    def of(self, code: str) -> Norm:
        return self.norms.get(code, (None, None))


def norms_for(session: Session, unit_id: int, month: date) -> ClubNorms:
    """Read what holds for the clubs of a commune in a month: three queries."""
    programme_id = session.scalar(_programme(unit_id, month))
    if programme_id is None:
        return ClubNorms()
    bounded = Indicator.threshold_min.is_not(None) | Indicator.threshold_max.is_not(None)
    thresholds = select(Indicator.code, Indicator.threshold_min, Indicator.threshold_max).where(
        Indicator.programme_id == programme_id, bounded
    )
    areas = (
        select(Area.code, Area.name_vi, Area.name_en)
        .where(Area.programme_id == programme_id)
        .order_by(Area.ordinal)
    )
    english = language.current() == "en"
    return ClubNorms(
        programme_id,
        {code: (least, most) for code, least, most in session.execute(thresholds)},
        {code: en if english else vi for code, vi, en in session.execute(areas)},
    )


def _programme(unit_id: int, month: date):
    """Select the programme of a commune in a month, the best match first."""
    runs = (Programme.starts_on <= month) & (Programme.ends_on >= month)
    takes = (
        exists()
        .where(
            Participation.period_id == Period.id,
            Participation.unit_id == unit_id,
            Period.programme_id == Programme.id,
            takes_part(),
        )
        .correlate(Programme)
    )
    rank = case((runs & takes, 0), (runs, 1), else_=2)
    return (
        select(Programme.id)
        .where(Programme.starts_on <= month)
        .order_by(rank, Programme.starts_on.desc(), Programme.id)
        .limit(1)
    )
