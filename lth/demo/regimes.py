"""Lay down the reporting regimes of the demo and open their windows of the half-year.

Those of the five documents are read from `lth/data/regimes.toml`, as far as their unit is in the
demo; Trà Vinh's is assumed, like the deadlines, which lie around the day the demo is loaded.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.demo.clubs import HalfYear
from lth.demo.places import Branch
from lth.models import Period, ReportRegime, Unit
from lth.models.parts import Frequency
from lth.reporting import windows
from lth.reporting.of_documents import DocumentRegime, of_documents

ASKED = (
    *("communes_total", "communes_with_club"),
    *("clubs_existing", "clubs_new", "clubs_closed", "clubs_total"),
    *("clubs_maintained", "clubs_full8", "clubs_income_fund", "clubs_two_funds"),
    *("members_total", "members_older", "members_young", "members_women", "members_older_women"),
    *("members_poor", "members_ethnic"),
    *("income_fund_balance", "income_fund_min", "operating_fund_balance"),
    *("loans_members", "loan_outstanding", "loan_overdue"),
    *("health_checks", "volunteers", "homecare_persons", "helped_cases", "boards_trained"),
)
"""What the provinces ask for: what clubs' books say, and two things that only communes know.

Percentages follow from these.
"""


def lay_down(session: Session, period: Period, branch: Branch, now: datetime) -> ReportRegime:
    """Write the regimes of a branch; return the half-yearly one of its province.

    Trà Vinh's is assumed; Bắc Ninh's, and the others, are those of the five documents.
    """
    found = [
        _regime(branch.units, one, period, now)
        for one in of_documents()
        if one.of_units and one.programme == period.programme.code
    ]
    rows = [one for one in found if one is not None]
    if branch.districts:
        rows.append(_half_yearly_of_tra_vinh(period, branch, now))
    session.add_all(rows)
    session.flush()
    province = branch.province.id
    return next(one for one in rows if one.unit_id == province and one.indicators)


def _regime(
    units: Iterable[Unit], one: DocumentRegime, period: Period, now: datetime
) -> ReportRegime | None:
    """Make a document's regime of the unit that it names, if that is one of these."""
    owner = next((unit for unit in units if unit.full_name == one.owner), None)
    if owner is None:
        return None
    terms = asdict(one.terms(period.programme_id))
    if one.frequency is Frequency.HALF_YEAR:
        terms["indicators"] = ASKED
    terms["indicators"] = list(terms["indicators"])
    return ReportRegime(unit_id=owner.id, created_at=now, **terms)


def _half_yearly_of_tra_vinh(period: Period, branch: Branch, now: datetime) -> ReportRegime:
    return ReportRegime(
        unit_id=branch.province.id,
        programme_id=period.programme_id,
        name="Báo cáo 6 tháng, năm",
        frequency=Frequency.HALF_YEAR,
        content=(
            "Kết quả thực hiện các chỉ tiêu của kế hoạch; tình hình các câu lạc bộ; khó khăn, kiến"
            " nghị; đề nghị khen thưởng."
        ),
        recipients="Ủy ban nhân dân tỉnh (qua Sở Lao động - Thương binh và Xã hội)",
        source="Kế hoạch của tỉnh; thời gian chốt số liệu theo Nghị định số 09/2019/NĐ-CP",
        indicators=list(ASKED),
        created_at=now,
    )


def open_half_year(
    session: Session,
    actor: Actor,
    regime: ReportRegime,
    plan_period: Period,
    half: HalfYear,
    at: datetime,
) -> Period:
    """Have the province open the window of the first six months; return the window's period."""
    span = windows.spans(regime.frequency, regime.basis, half.year)[0]
    window = windows.open_window(session, actor, regime, plan_period, span, now=at)
    return session.get_one(Period, window.period_id)
