"""Windows of a regime as they are opened: shown who will owe a report, how many and by when."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.administration import calendar_days
from lth.blueprints.reporting import regime_words as words
from lth.blueprints.reporting.regime_forms import ReviewForm
from lth.blueprints.reporting.regime_keeping import own_regime
from lth.blueprints.reporting.regimes import own_unit
from lth.blueprints.web import confirming, current
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core import clock
from lth.core.formats import format_date, format_number
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.models import Period, ReportRegime
from lth.models.parts import Frequency
from lth.models.programme import PeriodUse
from lth.reporting import regimes, schedule, windows
from lth.reporting.schedule import OwedReports, PlannedWindow
from lth.workflow.kinds import period_name

LONGEST_REVIEW = 15
"""How many years a review can be about at most."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/regimes/<int:regime_id>/open", "regime_open", open_one, methods=["POST"])
    rule("/regimes/<int:regime_id>/review", "regime_review", review)
    rule("/regimes/<int:regime_id>/review", "regime_open_review", open_review, methods=["POST"])


@needs(Permission.KEEP_REGIMES)
def open_one(regime_id: int) -> ResponseReturnValue:
    """Open a window, once it was shown who will owe a report, how many, and by when."""
    regime = own_regime(regime_id)
    line = _asked(regime)
    back = desk_url("regime", regime_id=regime.id, year=line.span.last.year)
    if confirming.asks_to_look():
        return redirect(back)
    return _open(regime, line, PeriodUse.REPORT, back)


@needs(Permission.KEEP_REGIMES)
def review(regime_id: int) -> ResponseReturnValue:
    """Ask of which years a review is to be."""
    year = clock.today().year
    return _review_page(_reviewing(regime_id), ReviewForm(formdata=None, first=year - 2, last=year))


@needs(Permission.KEEP_REGIMES)
def open_review(regime_id: int) -> ResponseReturnValue:
    """Open a review, once it was shown who will owe one."""
    regime, form = _reviewing(regime_id), ReviewForm()
    if confirming.asks_to_look():
        return _review_page(regime, form)
    if not form.validate() or not _is_sensible(form):
        return _review_page(regime, form), 422
    first, last = int(form.first.data or 0), int(form.last.data or 0)
    span = windows.years_span(regime.basis, first, last)
    calendar = calendar_days.of(current.database())
    due = schedule.due_dates(regimes.terms_of(regime), span, calendar)
    line = PlannedWindow(f"{form.form.data}-{first}-{last}", span, due)
    return _open(regime, line, PeriodUse.REVIEW, desk_url("regime", regime_id=regime.id))


def _reviewing(regime_id: int) -> ReportRegime:
    """Find a regime of the own unit that asks for reviews; 404 for another."""
    regime = own_regime(regime_id)
    if regime.frequency is not Frequency.PHASE:
        abort(404)
    return regime


def _is_sensible(form: ReviewForm) -> bool:
    """Tell whether the years can be those of a review; say beside them why not."""
    first, last, today = int(form.first.data or 0), int(form.last.data or 0), clock.today()
    if abs(last - today.year) > LONGEST_REVIEW:
        form.last.errors = [gettext("Hãy ghi năm bằng bốn chữ số, ví dụ 2023.")]
        return False
    if not last - LONGEST_REVIEW < first <= last:
        form.first.errors = [gettext("Năm đầu không sau năm cuối, và cách không quá 15 năm.")]
        return False
    return True


def _review_page(regime: ReportRegime, form: ReviewForm) -> str:
    back = desk_url("regime", regime_id=regime.id)
    return render_template("regimes/review.html", regime=regime, form=form, back=back)


def _open(
    regime: ReportRegime, line: PlannedWindow, use: PeriodUse, back: str
) -> ResponseReturnValue:
    session, unit, today = current.database(), own_unit(), clock.today()
    plans = schedule.plan_periods(session, unit, regime.programme_id, line.span.last, today)
    if not plans:
        return _nobody(back)
    plan, confirmed = plans[0].period, confirming.is_confirmed()
    owed: list[OwedReports] = []
    with attempt() if confirmed else rehearse() as outcome:
        window = windows.open_window(
            *(session, current.actor(), regime, plan, line.span),
            now=current.now(),
            use=use,
            code=line.code if use is PeriodUse.REVIEW else "",
        )
        owed = [] if confirmed else schedule.owed(session, window)
    if confirmed or not outcome.done:
        name = period_name(line.code)
        outcome.flash(gettext("Đã mở kỳ báo cáo %(period)s.", period=name))
        return redirect(desk_url("regime_windows") if outcome.done else back)
    return _open_confirmation(regime, line, plan, owed, back)


def _nobody(back: str) -> ResponseReturnValue:
    """Say why nothing can be opened: nobody below takes part in a plan of those days."""
    flash(
        gettext(
            "Chưa đơn vị cấp dưới nào tham gia một kỳ kế hoạch có ngày này, nên chưa mở được."
            " Quản trị đơn vị cho các đơn vị tham gia ở mục Tham gia."
        ),
        "error",
    )
    return redirect(back)


def _asked(regime: ReportRegime) -> PlannedWindow:
    """Find the window that the form names by its last day; 404 for a day that ends none."""
    try:
        last = date.fromisoformat(request.form.get("last", ""))
    except ValueError:
        abort(404)
    calendar = calendar_days.of(current.database())
    lines = schedule.planned(regimes.terms_of(regime), last.year, calendar)
    found = next((line for line in lines if line.span.last == last), None)
    if found is None:
        abort(404)
    return found


def _open_confirmation(
    regime: ReportRegime, line: PlannedWindow, plan: Period, owed: list[OwedReports], back: str
) -> str:
    unit, name = own_unit(), capitalize_first(period_name(line.code))
    rows = [
        ConfirmationRow(
            say(Message(one.kind.label)),
            [
                gettext("%(count)s đơn vị phải gửi", count=format_number(one.units)),
                gettext("Hạn gửi: %(days)s", days=", ".join(map(format_date, one.due_on))),
            ],
        )
        for one in owed
    ]
    own = gettext("%(unit)s báo cáo cấp trên", unit=capitalize_first(unit.full_name))
    day = format_date(line.due[unit.level])
    rows.append(ConfirmationRow(own, [gettext("Hạn của đơn vị mình: %(day)s", day=day)]))
    return confirming.page(
        gettext("Mở kỳ báo cáo"),
        gettext(
            "%(period)s, số liệu %(days)s, so với chỉ tiêu của kế hoạch %(plan)s.",
            period=name,
            days=words.days(line.span),
            plan=period_name(plan.code),
        ),
        rows,
        gettext("Mở kỳ báo cáo"),
        kicker=regime.name,
        note=gettext(
            "Danh sách đơn vị phải báo cáo được chốt từ lúc mở; hạn đổi được ở mục Hạn nộp."
        ),
        back=(regime.name, back),
    )
