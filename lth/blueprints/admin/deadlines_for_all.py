"""Every deadline of a period at once, for all units below; which of them differ."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import NumberRange, Optional

from lth.administration import due_dates, unit_settings
from lth.administration.due_dates import MAX_GRACE_DAYS, Terms
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.participation import period_word
from lth.blueprints.admin.wording import by_use, kind_word
from lth.blueprints.web import confirming
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database
from lth.blueprints.web.forms import CountField, LastDayField, SeenForm
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core.formats import format_date, format_number
from lth.core.language import gettext, lazy_gettext, pgettext
from lth.core.likely_days import DayKind
from lth.core.vietnamese import capitalize_first
from lth.models import Period, Unit
from lth.models.kind import Kind
from lth.workflow import moved_deadlines
from lth.workflow.moved_deadlines import MovedDays

NAMED = 20
"""How many units are named whose day moves, and how many that differ."""


@base.page("/deadlines/rounds", "deadlines_rounds")
def rounds(unit_id: int | None) -> ResponseReturnValue:
    """List the periods to set the deadlines of."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    groups = by_use(due_dates.periods(database(), unit))
    return show("deadline_rounds", unit, groups=groups, period_word=period_word)


@base.form("/deadlines/rounds/<int:period_id>", "deadlines_all", "deadlines_set_all")
def set_all(unit_id: int | None, period_id: int) -> ResponseReturnValue:
    """Set all kinds of a period for all units below, once what that moves is confirmed."""
    unit = one_unit(unit_id)
    period = _period(unit, period_id)
    made = unit_settings.kinds_below(database(), unit)
    kinds = [kind for kind in made if kind.use is period.use]
    if not kinds:
        abort(404)
    form = _form_class(kinds)(**_filled(unit, period, kinds))

    def draw() -> str:
        differ = due_dates.differing_below(database(), unit, period.id, most=NAMED + 1)
        return show(
            "deadlines_for_all",
            unit,
            form=form,
            period_name=period_word(period),
            groups=[
                (kind_word(kind), [form[f"{name}_{kind}"] for name in _NAMES]) for kind in kinds
            ],
            differ=differ[:NAMED],
            more=len(differ) > NAMED,
        )

    if not form.is_submitted() or confirming.asks_to_look():
        return draw()
    if not form.validate():
        return draw(), 422
    confirmed = confirming.is_confirmed()
    with attempt(form=form) if confirmed else rehearse(form=form) as outcome:
        admin = base.context(unit)
        keys = [(period.id, kind) for kind in kinds]
        with moved_deadlines.telling(admin, *keys) as moved:
            wanted = {kind: _terms(form, period.id, kind) for kind in kinds if _sent(kind)}
            changed = due_dates.set_for_all(admin, period.id, wanted, str(form.seen.data or ""))
        rows = [] if confirmed else [_row(form, kind, moved[period.id, kind]) for kind in kinds]
    if outcome.blocked:
        return draw(), outcome.code
    if confirmed or not outcome.done or not changed:
        outcome.flash(
            gettext("Đã đặt hạn nộp.") if outcome.done and changed else _nothing(outcome.done)
        )
        return redirect(link("deadlines"))
    return confirming.page(
        gettext("Đặt hạn nộp"),
        gettext("Hạn chung cho mọi đơn vị cấp dưới của %(unit)s:", unit=unit.full_name),
        rows,
        gettext("Đặt hạn nộp"),
        kicker=period_word(period),
        note=gettext("Đơn vị có hạn riêng giữ hạn riêng. Ai có ngày thay đổi sẽ nhận thư báo."),
        back=(pgettext("many", "Hạn nộp"), link("deadlines")),
    )


_NAMES = ("due_on", "grace_days", "last_correction_on")


def _form_class(kinds: list[Kind]) -> type[SeenForm]:
    """Make the form: three fields for each kind."""
    fields: dict[str, Any] = {}
    for kind in kinds:
        fields[f"due_on_{kind}"] = LastDayField(
            lazy_gettext("Hạn nộp"),
            day_kind=DayKind.DEADLINE,
            validators=[Optional()],
            description=lazy_gettext("Để trống thì không đặt hạn chung."),
        )
        fields[f"grace_days_{kind}"] = CountField(
            lazy_gettext("Số ngày làm việc gia hạn"),
            default=0,
            validators=[
                Optional(),
                NumberRange(
                    0, MAX_GRACE_DAYS, lazy_gettext("Số ngày làm việc gia hạn từ 0 đến 60.")
                ),
            ],
        )
        fields[f"last_correction_on_{kind}"] = LastDayField(
            lazy_gettext("Hạn sửa cuối"),
            day_kind=DayKind.LAST_CORRECTION,
            validators=[Optional()],
        )
    return type("DeadlinesForAllForm", (SeenForm,), fields)


def _filled(unit: Unit, period: Period, kinds: list[Kind]) -> dict[str, Any]:
    there = due_dates.for_all(database(), unit, period.id)
    values = {
        f"{name}_{kind}": getattr(there[kind], name)
        for kind in kinds
        if kind in there
        for name in _NAMES
    }
    return values | {"seen": due_dates.all_version(there)}


def _terms(form: SeenForm, period_id: int, kind: Kind) -> Terms | None:
    due_on, grace, last = (form[f"{name}_{kind}"].data for name in _NAMES)
    return Terms(period_id, kind, None, due_on, grace or 0, last) if due_on else None


def _sent(kind: Kind) -> bool:
    """Tell whether a kind's fields were sent at all: what was not is not changed."""
    return all(f"{name}_{kind}" in request.form for name in _NAMES)


def _row(form: SeenForm, kind: Kind, moved: MovedDays) -> ConfirmationRow:
    """Say of a kind when it is due, how many that binds, and whose day is another."""
    day = form[f"due_on_{kind}"].data
    when = format_date(day) if day else gettext("không có hạn chung")
    lines = [
        gettext("%(count)s đơn vị còn nợ văn bản có hạn", count=format_number(moved.bound)),
        gettext("%(count)s đơn vị có ngày thay đổi", count=format_number(len(moved.moved))),
    ]
    if moved.moved:
        named = ", ".join(moved.moved[:NAMED]) + (", …" if len(moved.moved) > NAMED else "")
        lines.append(capitalize_first(named))
    return ConfirmationRow(f"{kind_word(kind)}: {when}", lines)


def _nothing(done: bool) -> str:
    return gettext("Không có gì thay đổi.") if done else ""


def _period(unit: Unit, period_id: int) -> Period:
    period = due_dates.find_period(database(), unit, period_id)
    if period is None:
        abort(404)
    return period
