"""The deadlines that a unit sets for the units below it."""

from dataclasses import dataclass
from datetime import date

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lth.administration import due_dates
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import DeadlineForm
from lth.blueprints.admin.wording import unit_span
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext, pgettext
from lth.models import Deadline, Period, Unit
from lth.models.kind import Kind
from lth.workflow import deadlines
from lth.workflow.kinds import period_name


@base.page("/deadlines", endpoint="deadlines")
@needs(Permission.ADMINISTER_UNIT)
def listing(unit_id: int | None) -> ResponseReturnValue:
    """What the unit has set."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    return show(
        "deadlines",
        unit,
        found=due_dates.set_by(database(), unit),
        may_set=unit.parent_id is not None or bool(due_dates.units_below(database(), unit)),
        from_above=_set_above(unit),
        period_word=_period_word,
    )


@dataclass(frozen=True)
class FromAbove:
    """What the units above have set for this one."""

    kind: Kind
    period: Period
    due: deadlines.Due


def _set_above(unit: Unit) -> list[FromAbove]:
    """By period, the newest first."""
    known = {one.id: one for one in due_dates.periods(database())}
    found = deadlines.own_due_dates(database(), unit)
    lines = [FromAbove(kind, known[period_id], due) for (period_id, kind), due in found.items()]
    return sorted(lines, key=lambda one: (one.period.starts_on, one.due.on), reverse=True)


@base.page("/deadlines/add", endpoint="deadlines_add")
@needs(Permission.ADMINISTER_UNIT)
def add(unit_id: int | None) -> ResponseReturnValue:
    """The form for a new deadline."""
    unit = one_unit(unit_id)
    form = DeadlineForm(formdata=None)
    _offer(form, unit)
    return _page(unit, form, gettext("Đặt hạn nộp"))


@base.post("/deadlines/add")
@needs(Permission.ADMINISTER_UNIT)
def deadlines_create(unit_id: int | None) -> ResponseReturnValue:
    """Set a deadline."""
    unit, form = one_unit(unit_id), DeadlineForm()
    _offer(form, unit)
    title = gettext("Đặt hạn nộp")
    if not form.validate():
        return _page(unit, form, title), 422
    with attempt(form=form) as outcome:
        terms = form.terms()
        due_dates.add(base.context(unit), terms, _from_above(unit, terms))
    if outcome.blocked:
        return _page(unit, form, title), outcome.code
    return base.lead_back(outcome, gettext("Đã đặt hạn nộp."), "deadlines")


@base.page("/deadlines/<int:deadline_id>", endpoint="deadlines_edit")
@needs(Permission.ADMINISTER_UNIT)
def edit(unit_id: int | None, deadline_id: int) -> ResponseReturnValue:
    """The form for a deadline that has been set."""
    unit = one_unit(unit_id)
    deadline = _deadline(unit, deadline_id)
    form = DeadlineForm(formdata=None, obj=deadline, seen=due_dates.version(deadline))
    form.kind.data = deadline.kind
    _offer(form, unit)
    return _page(unit, form, gettext("Đổi hạn nộp"))


@base.post("/deadlines/<int:deadline_id>")
@needs(Permission.ADMINISTER_UNIT)
def deadlines_change(unit_id: int | None, deadline_id: int) -> ResponseReturnValue:
    """Move a deadline."""
    unit, form = one_unit(unit_id), DeadlineForm()
    deadline = _deadline(unit, deadline_id)
    _offer(form, unit)
    title = gettext("Đổi hạn nộp")
    if not form.validate():
        return _page(unit, form, title), 422
    with attempt(form=form) as outcome:
        terms, seen = form.terms(), str(form.seen.data or "")
        due_dates.change(base.context(unit), deadline, terms, seen, _from_above(unit, terms))
    if outcome.blocked:
        return _page(unit, form, title), outcome.code
    return base.lead_back(outcome, gettext("Đã đổi hạn nộp."), "deadlines")


@base.post("/deadlines/<int:deadline_id>/remove")
@needs(Permission.ADMINISTER_UNIT)
def deadlines_remove(unit_id: int | None, deadline_id: int) -> ResponseReturnValue:
    """Take a deadline back."""
    unit = one_unit(unit_id)
    deadline = _deadline(unit, deadline_id)
    with attempt() as outcome:
        due_dates.remove(base.context(unit), deadline, request.form.get("seen", ""))
    return base.lead_back(outcome, gettext("Đã bỏ hạn nộp."), "deadlines")


def _deadline(unit: Unit, deadline_id: int) -> Deadline:
    deadline = due_dates.find(base.context(unit), deadline_id)
    if deadline is None:
        abort(404)
    return deadline


def _offer(form: DeadlineForm, unit: Unit) -> None:
    periods = due_dates.periods(database())
    form.period_id.choices = [SelectChoice(str(one.id), _period_word(one)) for one in periods]
    below = due_dates.units_below(database(), unit)
    everybody = [SelectChoice("", gettext("Mọi đơn vị cấp dưới"))] if below else []
    own = [SelectChoice(str(unit.id), gettext("Nội bộ đơn vị"))] if unit.parent_id else []
    form.unit_id.choices = [
        *everybody,
        *own,
        *(SelectChoice(str(one.id), _unit_word(one)) for one in below),
    ]


def _from_above(unit: Unit, terms: due_dates.Terms) -> date | None:
    """The day that the units above have set for this one."""
    due = deadlines.own_due_dates(database(), unit).get((terms.period_id, terms.kind))
    return due.on if due else None


def _period_word(period: Period) -> str:
    """ "Chương trình 1336, năm 2021"."""
    return gettext(
        "Chương trình %(code)s, %(period)s",
        code=period.programme.code,
        period=period_name(period.code),
    )


def _unit_word(unit: Unit) -> str:
    return f"{unit.full_name} ({unit_span(unit)})" if unit.valid_to else unit.full_name


def _page(unit: Unit, form: DeadlineForm, title: str) -> str:
    return base.form_page(unit, form, title, (pgettext("many", "Hạn nộp"), link("deadlines")))
