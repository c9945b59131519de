"""The country's calendar of working days, and the exceptions to it."""

from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.administration import calendar_days
from lth.blueprints.admin import base
from lth.blueprints.admin.base import blueprint, show
from lth.blueprints.admin.forms import CalendarDayForm
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.database import unit_of_work
from lth.core.formats import format_date
from lth.core.language import gettext
from lth.core.workdays import Calendar


@blueprint.get("/calendar")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar() -> ResponseReturnValue:
    """This year's and next year's public holidays, the exceptions, and the form for one more."""
    return _page(CalendarDayForm(formdata=None))


@blueprint.post("/calendar")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar_decide() -> ResponseReturnValue:
    """Say of a day whether it is worked on."""
    form = CalendarDayForm()
    if not form.validate():
        return _page(form), 422
    works, name = form.works.data == "yes", str(form.name.data)
    with attempt(form=form) as outcome:
        calendar_days.decide(base.context(None), form.day.data, works, name)
    if outcome.blocked:
        return _page(form), outcome.code
    done = gettext("Đã đặt ngày trong lịch. Các hạn nộp đã được tính lại.")
    return base.lead_back(outcome, done, "calendar")


@blueprint.post("/calendar/forget")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar_forget() -> ResponseReturnValue:
    """Leave a day to the public calendar again."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    with unit_of_work(database()):
        forgotten = calendar_days.forget(base.context(None), day)
    if forgotten:
        flash(gettext("Đã bỏ ngày khỏi danh sách. Các hạn nộp đã được tính lại."), "success")
    else:
        flash(gettext("Ngày này không còn trong danh sách."), "info")
    return redirect(url_for("admin.calendar"))


def _page(form: CalendarDayForm) -> str:
    year = clock.today().year
    return show(
        "calendar",
        None,
        form=form,
        decided=calendar_days.decided(database()),
        years=[(one, _named(one)) for one in (year, year + 1)],
    )


def _named(year: int) -> list[tuple[str, str]]:
    return [(format_date(day), name) for day, name in Calendar.public(year)]
