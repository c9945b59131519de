"""The units of the country, its calendar of working days, and the trail of what was changed."""

from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.administration import audit, calendar_days
from lth.administration import units as administration_units
from lth.blueprints.admin import base
from lth.blueprints.admin.base import blueprint, show, unit_of
from lth.blueprints.admin.forms import CalendarDayForm, UnitFilter
from lth.blueprints.web import committing, paging
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext
from lth.core.workdays import Calendar
from lth.models.unit import Level


@base.page("/trail", "trail")
def trail(unit_id: int | None) -> ResponseReturnValue:
    """List the trail of a unit, newest first; of everything for the system administrator."""
    unit = unit_of(unit_id)
    lines, total = audit.page(
        database(), unit.id if unit else None, number=paging.number(), size=paging.SIZE
    )
    return show("trail", unit, lines=lines, page=paging.page(total))


@blueprint.get("/units")
@needs(Permission.ADMINISTER_SYSTEM)
def units() -> ResponseReturnValue:
    """List a page of units, found by name with or without diacritics."""
    wanted = UnitFilter(request.args)
    level = wanted.level.data if wanted.level.data in set(Level) else None
    lines, total = administration_units.units(
        database(),
        clock.today(),
        search=wanted.q.data or "",
        level=Level(level) if level else None,
        ended=wanted.ended.data == "1",
        number=paging.number(),
    )
    return show("units", None, lines=lines, page=paging.page(total), wanted=wanted)


@blueprint.get("/calendar", endpoint="calendar")
@blueprint.post("/calendar", endpoint="calendar_decide")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar() -> ResponseReturnValue:
    """Show two years' public holidays and the exceptions; say of a day whether it is worked on."""
    form = CalendarDayForm()

    def decide() -> None:
        works, name = form.works.data == "yes", str(form.name.data)
        calendar_days.decide(base.context(None), form.day.data, works, name)

    done = gettext("Đã đặt ngày trong lịch. Các hạn nộp đã được tính lại.")
    return base.run(form, lambda: _calendar_page(form), decide, done, url_for("admin.calendar"))


@blueprint.post("/calendar/forget")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar_forget() -> ResponseReturnValue:
    """Leave a day to the public calendar again."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    with committing.with_answer():
        forgotten = calendar_days.forget(base.context(None), day, request.form["seen"])
    if forgotten:
        flash(gettext("Đã bỏ ngày khỏi danh sách. Các hạn nộp đã được tính lại."), "success")
    else:
        flash(gettext("Ngày này không còn trong danh sách."), "info")
    return redirect(url_for("admin.calendar"))


def _calendar_page(form: CalendarDayForm) -> str:
    year = clock.today().year
    return show(
        "calendar",
        None,
        form=form,
        decided=calendar_days.decided(database()),
        version_of=calendar_days.version,
        years=[(each, _holidays(each)) for each in (year, year + 1)],
    )


def _holidays(year: int) -> list[tuple[str, str]]:
    return [(format_date(day), name) for day, name in Calendar.public(year)]
