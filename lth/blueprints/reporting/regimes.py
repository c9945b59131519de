"""Regimes of reports as those whom they bind read them: all, one with its year, the windows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.administration import calendar_days
from lth.blueprints.document.wording import local_name
from lth.blueprints.reporting import regime_words as words
from lth.blueprints.web import current, layout, paging, tables
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.core import clock
from lth.core.language import gettext, pgettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import ReportRegime, Unit
from lth.models.parts import Frequency
from lth.models.unit import Level
from lth.reporting import from_plan, regimes, schedule
from lth.reporting.from_plan import key_of
from lth.reporting.schedule import OpenWindow
from lth.workflow.kinds import period_name

YEARS_AROUND = 15
"""How many years before and after the present one can be looked at."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/regimes", "regimes", listing)
    rule("/regimes/windows", "regime_windows", windows_page)
    rule("/regimes/<int:regime_id>", "regime", one)


def keeps() -> bool:
    """Tell whether the actor lays down regimes: where there are units below."""
    actor = current.actor()
    return actor.role in GRANTS[Permission.KEEP_REGIMES] and actor.level is not Level.COMMUNE


def own_unit() -> Unit:
    return current.database().get_one(Unit, current.scope().unit_id)


def levels_of(regime: ReportRegime) -> list[Level]:
    """List the levels whose days a regime sets: those below its unit, then its own."""
    unit = regime.unit
    return levels(unit, regimes.levels_below(current.database(), unit))


def levels(unit: Unit, there: frozenset[Level]) -> list[Level]:
    """List the levels that report under a unit's regime, the lowest first."""
    return [level for level in Level if level in there or level is unit.level]


@needs(Permission.READ_DOCUMENTS)
def listing() -> ResponseReturnValue:
    """List the unit's regimes and those that bind it; what its plan asks for, ready-made."""
    session, scope = current.database(), current.scope()
    found = regimes.binding(session, scope)
    if tables.wanted():
        return tables.answer(_table(found), "che-do-bao-cao")
    unit = own_unit()
    offers = from_plan.offers(session, scope, unit) if keeps() else []
    return render_template(
        "regimes/list.html",
        tabs=layout.deadline_tabs(),
        groups=[
            (gettext("Chế độ do đơn vị đặt"), [one for one in found if one.unit_id == unit.id]),
            (gettext("Chế độ của cấp trên"), [one for one in found if one.unit_id != unit.id]),
        ],
        offers=[(key_of(offer), offer) for offer in offers],
        keeps=keeps(),
        words=words,
    )


def _table(found: Sequence[ReportRegime]) -> ListTable:
    head = [
        *(gettext("Chế độ báo cáo"), gettext("Đơn vị đặt"), gettext("Chương trình")),
        *(gettext("Kỳ"), gettext("Cách tính kỳ số liệu"), gettext("Nơi nhận")),
        *(gettext("Căn cứ"), gettext("Kết thúc từ ngày")),
    ]
    rows = [
        [
            *(one.name, capitalize_first(one.unit.full_name), one.programme.code),
            *(words.rhythm(one.frequency), words.basis(one.basis), one.recipients),
            *(one.source, one.ended_on),
        ]
        for one in found
    ]
    return ListTable(gettext("Chế độ báo cáo"), head, rows)


@needs(Permission.READ_DOCUMENTS)
def windows_page() -> ResponseReturnValue:
    """List the windows that are open, each with where it stands and the unit's own day."""
    session, scope, today = current.database(), current.scope(), clock.today()

    def read(number: int) -> tuple[Sequence[OpenWindow], int]:
        return schedule.opened(session, scope, number=number, size=paging.SIZE)

    if tables.wanted():
        return tables.answer(_windows_table(tables.all_pages(read), today), "ky-bao-cao")
    found, total = read(paging.number())
    return render_template(
        "regimes/windows.html",
        tabs=layout.deadline_tabs(),
        rows=[_window_row(line, today) for line in found],
        pager=paging.page(total),
        keeps=keeps(),
    )


def _window_row(line: OpenWindow, today: date) -> dict[str, Any]:
    window, period = line.window, line.window.period
    own = window.unit_id == current.scope().unit_id
    return {
        "name": capitalize_first(period_name(period.code)),
        "regime": window.regime,
        "by": "" if own else window.regime.unit.full_name,
        "programme": period.programme.code,
        "span": words.days(schedule.WindowSpan(period.starts_on, period.ends_on)),
        "badge": words.STATE_BADGE[line.state(today)],
        "state": words.state(line, today),
        "own_due_on": line.own_due_on,
        "inbox": desk_url("inbox", period=period.id) if own else "",
    }


def _windows_table(found: Sequence[OpenWindow], today: date) -> ListTable:
    head = [
        *(gettext("Kỳ báo cáo"), gettext("Chế độ báo cáo"), gettext("Chương trình")),
        *(gettext("Từ ngày"), gettext("Chốt số liệu"), gettext("Tình trạng")),
        *(gettext("Hạn của đơn vị"), gettext("Hạn cuối")),
    ]
    rows = [
        [
            capitalize_first(period_name(line.window.period.code)),
            *(line.window.regime.name, line.window.period.programme.code),
            *(line.window.period.starts_on, line.window.period.ends_on),
            str(words.STATE_BADGE[line.state(today)][2]),
            *(line.own_due_on, line.last_due_on),
        ]
        for line in found
    ]
    return ListTable(pgettext("many", "Kỳ báo cáo"), head, rows)


@needs(Permission.READ_DOCUMENTS)
def one(regime_id: int) -> ResponseReturnValue:
    """Show what a regime says, and its windows of a year on real days."""
    session = current.database()
    regime = regimes.find(session, current.scope(), regime_id)
    year, today = _year(), clock.today()
    calendar = calendar_days.of(session)
    there = schedule.of_regime(session, regime)
    own = regime.unit_id == current.scope().unit_id and keeps()
    asked = regimes.reportable(session, regime.programme_id) if regime.indicators else []
    reviews = list(there.items()) if regime.frequency is Frequency.PHASE else []
    return render_template(
        "regimes/one.html",
        tabs=layout.deadline_tabs(),
        regime=regime,
        terms=regimes.terms_of(regime),
        levels=levels_of(regime),
        year=year,
        today=today,
        lines=schedule.planned(regimes.terms_of(regime), year, calendar, there),
        reviews=reviews,
        asked=[local_name(one) for one in asked if one.code in regime.indicators],
        keeps=own and regime.ended_on is None,
        plan_url=desk_url("document", document_id=regime.document_id)
        if own and regime.document_id
        else "",
        words=words,
        period_name=period_name,
    )


def _year() -> int:
    """Return the year that the address names, else this one."""
    today = clock.today()
    asked = paging.whole(request.args.get("year", ""), 10_000)
    within = asked is not None and abs(asked - today.year) <= YEARS_AROUND
    return asked if asked is not None and within else today.year
