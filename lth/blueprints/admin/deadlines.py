"""The deadlines that a unit sets for the units below it."""

from datetime import date

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lth.administration import due_dates
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import DeadlineForm
from lth.blueprints.admin.wording import kind_word, unit_span, use_word
from lth.blueprints.web import tables
from lth.blueprints.web.current import database
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext, pgettext
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Deadline, Period, Unit
from lth.models.kind import Kind
from lth.workflow import deadlines, moved_deadlines, owing
from lth.workflow.deadlines import Due
from lth.workflow.kinds import period_name


@base.page("/deadlines", "deadlines")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """List what the unit has set, and what the units above have set for it."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    if tables.wanted():
        return tables.answer(_table(unit), "han-nop")
    has_below = bool(due_dates.units_below(database(), unit))
    return show(
        "deadlines",
        unit,
        found=due_dates.set_by(database(), unit),
        may_set=unit.parent_id is not None or has_below,
        has_below=has_below,
        from_above=_set_above(unit),
        period_word=_period_word,
    )


def _table(unit: Unit) -> ListTable:
    """Return what the unit has set, and below that what binds it itself."""
    rows: list[list[TableValue]] = []
    for line in due_dates.set_by(database(), unit):
        deadline, of = line.deadline, line.unit
        below = of.full_name if of is not None else gettext("Mọi đơn vị cấp dưới")
        reach = gettext("Nội bộ đơn vị") if of == unit else below
        days = (deadline.due_on, deadline.latest_on, deadline.last_correction_on)
        rows.append([kind_word(deadline.kind), _period_word(line.period), reach, *days])
    for kind, period, due in _set_above(unit):
        days = (due.on, due.latest, due.last_correction_on)
        words = kind_word(kind), _period_word(period), gettext("Hạn của cấp trên")
        rows.append([*words, *days])
    head = [
        *(gettext("Văn bản"), gettext("Kỳ"), gettext("Áp dụng cho"), gettext("Hạn nộp")),
        *(gettext("Ngày cuối tính cả gia hạn"), gettext("Hạn sửa cuối")),
    ]
    return ListTable(pgettext("many", "Hạn nộp"), head, rows)


def _set_above(unit: Unit) -> list[tuple[Kind, Period, Due]]:
    """List the days that the units above have set for this one, by period, the newest first."""
    periods = {period.id: period for period in due_dates.periods(database(), unit)}
    has_below = bool(due_dates.units_below(database(), unit))
    rows = [
        (kind, periods[period_id], due)
        for (period_id, kind), due in deadlines.own_due_dates(database(), unit).items()
        if period_id in periods and owing.makes(kind, has_below=has_below)
    ]
    return sorted(rows, key=lambda row: (row[1].starts_on, row[2].on), reverse=True)


@base.form("/deadlines/add", "deadlines_add", "deadlines_create")
def add(unit_id: int | None) -> ResponseReturnValue:
    """Set a deadline."""
    unit, form = one_unit(unit_id), DeadlineForm()
    _offer(form, unit)

    def keep() -> None:
        terms, admin = form.terms(), base.context(unit)
        with moved_deadlines.telling(admin, (terms.period_id, terms.kind)):
            due_dates.add(admin, terms, _from_above(unit, terms))

    title, done = gettext("Đặt hạn nộp"), gettext("Đã đặt hạn nộp.")
    return base.run(form, lambda: _page(unit, form, title), keep, done, link("deadlines"))


@base.form("/deadlines/<int:deadline_id>", "deadlines_edit", "deadlines_change")
def edit(unit_id: int | None, deadline_id: int) -> ResponseReturnValue:
    """Move a deadline."""
    unit = one_unit(unit_id)
    deadline = _deadline(unit, deadline_id)
    form = DeadlineForm(obj=deadline)  # a day that stays as it is is not asked back
    if not form.is_submitted():
        form = DeadlineForm(obj=deadline, seen=due_dates.version(deadline))
        form.kind.data = deadline.kind
    _offer(form, unit)

    def keep() -> None:
        terms, seen, admin = form.terms(), str(form.seen.data or ""), base.context(unit)
        rounds = (deadline.period_id, deadline.kind), (terms.period_id, terms.kind)
        with moved_deadlines.telling(admin, *rounds):
            due_dates.change(admin, deadline, terms, seen, _from_above(unit, terms))

    title, done = gettext("Đổi hạn nộp"), gettext("Đã đổi hạn nộp.")
    return base.run(form, lambda: _page(unit, form, title), keep, done, link("deadlines"))


@base.page("/deadlines/<int:deadline_id>/remove", "deadlines_remove", "POST")
def remove(unit_id: int | None, deadline_id: int) -> ResponseReturnValue:
    """Take a deadline back."""
    unit = one_unit(unit_id)
    deadline = _deadline(unit, deadline_id)
    admin, round_ = base.context(unit), (deadline.period_id, deadline.kind)
    with attempt() as outcome, moved_deadlines.telling(admin, round_):
        due_dates.remove(admin, deadline, request.form.get("seen", ""))
    outcome.flash(gettext("Đã bỏ hạn nộp."))
    return redirect(link("deadlines"))


def _deadline(unit: Unit, deadline_id: int) -> Deadline:
    deadline = due_dates.find(base.context(unit), deadline_id)
    if deadline is None:
        abort(404)
    return deadline


def _offer(form: DeadlineForm, unit: Unit) -> None:
    form.period_id.choices = [
        SelectChoice(str(period.id), _period_word(period), optgroup=use_word(period.use))
        for period in due_dates.periods(database(), unit)
    ]
    below = due_dates.units_below(database(), unit)
    everybody = [SelectChoice("", gettext("Mọi đơn vị cấp dưới"))] if below else []
    own = [SelectChoice(str(unit.id), gettext("Nội bộ đơn vị"))] if unit.parent_id else []
    form.unit_id.choices = [
        *everybody,
        *own,
        *(SelectChoice(str(child.id), _unit_word(child)) for child in below),
    ]


def _from_above(unit: Unit, terms: due_dates.Terms) -> date | None:
    """Return the day that the units above have set for this one."""
    due = deadlines.own_due_dates(database(), unit).get((terms.period_id, terms.kind))
    return due.on if due else None


def _period_word(period: Period) -> str:
    """Word a period: "Chương trình 1336, năm 2021"."""
    return gettext(
        "Chương trình %(code)s, %(period)s",
        code=period.programme.code,
        period=period_name(period.code),
    )


def _unit_word(unit: Unit) -> str:
    return f"{unit.full_name} ({unit_span(unit)})" if unit.valid_to else unit.full_name


def _page(unit: Unit, form: DeadlineForm, title: str) -> str:
    return base.form_page(unit, form, title, (pgettext("many", "Hạn nộp"), link("deadlines")))
