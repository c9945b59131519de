"""Regimes of reports as their unit keeps them: laid down, changed, ended; windows opened."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lth.administration import calendar_days
from lth.blueprints.reporting import regime_words as words
from lth.blueprints.reporting.regime_forms import ChangedRegimeForm, RegimeForm
from lth.blueprints.reporting.regimes import levels, own_unit
from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core import clock
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first, lower_first
from lth.models import Indicator, Programme, ReportRegime
from lth.models.parts import Frequency
from lth.models.unit import Level
from lth.reporting import from_plan, regimes, schedule
from lth.reporting.asked import COUNTED_BY_ITSELF, REPORTABLE
from lth.reporting.regimes import RegimeTerms
from lth.workflow.kinds import period_name


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/regimes/new", "regime_new", new)
    rule("/regimes/new", "regime_add", add, methods=["POST"])
    rule("/regimes/take", "regime_take", take, methods=["POST"])
    rule("/regimes/<int:regime_id>/edit", "regime_edit", edit)
    rule("/regimes/<int:regime_id>/edit", "regime_change", change, methods=["POST"])
    rule("/regimes/<int:regime_id>/end", "regime_end", end, methods=["POST"])


@needs(Permission.KEEP_REGIMES)
def new() -> ResponseReturnValue:
    """Show the form of a new regime, with what is usual filled in."""
    return _page(RegimeForm(formdata=None, frequency=Frequency.HALF_YEAR, opens_before=30), None)


@needs(Permission.KEEP_REGIMES)
def add() -> ResponseReturnValue:
    """Lay it down, once its windows have been looked at on real days."""
    return _keep(RegimeForm(), None)


@needs(Permission.KEEP_REGIMES)
def edit(regime_id: int) -> ResponseReturnValue:
    """Show the form of a regime as it is."""
    regime = own_regime(regime_id)
    terms = regimes.terms_of(regime)
    values = {name: getattr(terms, name) for name in RegimeTerms.__dataclass_fields__}
    return _page(ChangedRegimeForm(formdata=None, **values, seen=regime.version), regime)


@needs(Permission.KEEP_REGIMES)
def change(regime_id: int) -> ResponseReturnValue:
    """Change it, once its windows have been looked at on real days."""
    return _keep(ChangedRegimeForm(), own_regime(regime_id))


@needs(Permission.KEEP_REGIMES)
def take() -> ResponseReturnValue:
    """Take a ready-made regime over from the unit's own plan."""
    session = current.database()
    offer = from_plan.find(session, current.scope(), own_unit(), request.form.get("line", ""))
    if offer is None:
        abort(404)
    with attempt() as outcome:
        regime = regimes.add(session, current.actor(), offer.terms, now=current.now())
    outcome.flash(
        gettext("Đã lấy chế độ báo cáo theo %(source)s. Hãy xem các kỳ.", source=offer.terms.source)
    )
    return redirect(
        desk_url("regime", regime_id=regime.id) if outcome.done else desk_url("regimes")
    )


@needs(Permission.KEEP_REGIMES)
def end(regime_id: int) -> ResponseReturnValue:
    """End it: no window opens any more."""
    regime, seen = own_regime(regime_id), paging.whole_in(request.form, "seen")
    with attempt() as outcome:
        regimes.end(current.database(), current.actor(), regime, seen=seen, now=current.now())
    outcome.flash(gettext("Đã kết thúc. Kỳ đã mở vẫn tiếp tục; kỳ mới không mở nữa."))
    return redirect(desk_url("regimes"))


def own_regime(regime_id: int) -> ReportRegime:
    """Find a regime of the actor's own unit; 404 for one of another."""
    regime = regimes.find(current.database(), current.scope(), regime_id)
    if regime.unit_id != current.scope().unit_id:
        abort(404)
    return regime


# --- The form -----------------------------------------------------------------------------


def _keep(form: RegimeForm, regime: ReportRegime | None) -> ResponseReturnValue:
    _offer(form)
    if confirming.asks_to_look():
        return _page(form, regime)
    if not form.validate():
        return _page(form, regime), 422
    session, actor, moment = current.database(), current.actor(), current.now()
    terms = form.terms(regimes.terms_of(regime) if regime else None)
    confirmed = confirming.is_confirmed()
    seen = form.seen.data if isinstance(form, ChangedRegimeForm) else 0
    with attempt(form=form) if confirmed else rehearse(form=form) as outcome:
        if regime is None:
            kept = regimes.add(session, actor, terms, now=moment).id
        else:
            regimes.change(session, actor, regime, terms, seen=seen, now=moment)
            kept = regime.id
    if outcome.blocked:
        return _page(form, regime), outcome.code
    if not outcome.done:
        outcome.flash()
        return redirect(desk_url("regimes"))
    if not confirmed:
        return _confirmation(terms, regime)
    outcome.flash(gettext("Đã lưu chế độ báo cáo."))
    return redirect(desk_url("regime", regime_id=kept))


def _confirmation(terms: RegimeTerms, regime: ReportRegime | None) -> str:
    """Show the windows of the year on real days, holidays counted, before anything is kept."""
    session, unit = current.database(), own_unit()
    reporting = levels(unit, regimes.levels_below(session, unit))
    year = clock.today().year
    lines = schedule.planned(terms, year, calendar_days.of(session))
    rows = [
        ConfirmationRow(
            capitalize_first(period_name(line.code)),
            [
                gettext("Số liệu %(days)s", days=words.days(line.span)),
                gettext("Hạn gửi: %(days)s", days=words.by_level(line.due, reporting)),
            ],
        )
        for line in lines
    ]
    lead = gettext(
        "%(name)s, %(often)s. Các kỳ của năm %(year)s, ngày nghỉ lễ đã trừ:",
        name=terms.name,
        often=lower_first(words.rhythm(terms.frequency)),
        year=str(year),
    )
    if not rows:
        lead = terms.name
        rows = [ConfirmationRow(gettext("Các năm của mỗi đợt được ghi khi mở đợt."))]
    title = gettext("Sửa chế độ báo cáo") if regime else gettext("Đặt chế độ báo cáo")
    opened = gettext("Kỳ đã mở giữ nguyên ngày và hạn.") if regime else ""
    return confirming.page(
        title,
        lead,
        rows,
        gettext("Lưu chế độ báo cáo"),
        kicker=capitalize_first(unit.full_name),
        note=" ".join(one for one in (words.opening(terms.opens_before) + ".", opened) if one),
        back=(gettext("Chế độ báo cáo"), desk_url("regimes")),
    )


def _offer(form: RegimeForm) -> None:
    session, unit = current.database(), own_unit()
    programmes = session.scalars(
        select(Programme).order_by(Programme.starts_on.desc(), Programme.id)
    ).all()
    indicators = session.scalars(
        select(Indicator)
        .where(Indicator.roll_up.in_(REPORTABLE), Indicator.code.not_in(COUNTED_BY_ITSELF))
        .order_by(Indicator.ordinal, Indicator.id)
    ).all()
    there = regimes.levels_below(session, unit)
    form.offer(programmes, indicators, levels(unit, there))


def _page(form: RegimeForm, regime: ReportRegime | None) -> str:
    _offer(form)
    return render_template(
        "regimes/form.html",
        form=form,
        title=gettext("Sửa chế độ báo cáo") if regime else gettext("Đặt chế độ báo cáo"),
        regime=regime,
        days=[form[f"{level}_days"] for level in Level if f"{level}_days" in form],
        cancel=desk_url("regime", regime_id=regime.id) if regime else desk_url("regimes"),
    )
