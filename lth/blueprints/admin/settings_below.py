"""Settings for all units below one, and which of them differ."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice

from lth.administration import due_dates, settings_for_all
from lth.administration.settings_for_all import Defaults
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.wording import aspect_word
from lth.blueprints.web import confirming
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database
from lth.blueprints.web.forms import SeenForm
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core.formats import format_number
from lth.core.language import gettext, lazy_gettext
from lth.models import Unit
from lth.models.opinion import Aspect

NAMED = 50
"""How many units that differ are named."""


def _choices() -> list[SelectChoice]:
    return [SelectChoice("yes", gettext("có")), SelectChoice("no", gettext("không"))]


class SettingsBelowForm(SeenForm):
    """What holds for all below; each is said, so that nothing unsaid is taken for no."""

    clearance = RadioField(
        lazy_gettext("Văn bản qua lãnh đạo đơn vị xem xét trước khi trình hoặc ban hành"),
        choices=_choices,
    )
    content = RadioField(lazy_gettext("Bắt buộc ý kiến về nội dung"), choices=_choices)
    finance = RadioField(lazy_gettext("Bắt buộc ý kiến về kinh phí"), choices=_choices)
    format = RadioField(lazy_gettext("Bắt buộc ý kiến về thể thức"), choices=_choices)

    def defaults(self) -> Defaults:
        """Return what was chosen."""
        asked = tuple(aspect for aspect in Aspect if self[aspect.value].data == "yes")
        return Defaults(self.clearance.data == "yes", asked)


@base.form("/settings/below", "settings_below", "settings_set_below")
def set_below(unit_id: int | None) -> ResponseReturnValue:
    """Keep settings for all units below, once what that changes is confirmed."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    if not due_dates.units_below(database(), unit):
        abort(404)
    form = SettingsBelowForm()
    if not form.is_submitted():
        form = _filled(unit)
    if not form.is_submitted() or confirming.asks_to_look():
        return _page(unit, form)
    if not form.validate():
        return _page(unit, form), 422
    confirmed = confirming.is_confirmed()
    with attempt(form=form) if confirmed else rehearse(form=form) as outcome:
        wanted, seen = form.defaults(), str(form.seen.data or "")
        applied = settings_for_all.save(base.context(unit), wanted, seen)
    if confirmed or not outcome.done:
        outcome.flash(gettext("Đã đặt thiết lập cho mọi đơn vị cấp dưới."))
        return redirect(link("settings_below"))
    yes, no = gettext("có"), gettext("không")
    asked = ", ".join(aspect_word(one) for one in wanted.required_opinions) or no
    rows = [
        ConfirmationRow(
            gettext(
                "Lãnh đạo đơn vị xem xét: %(said)s", said=yes if wanted.clearance_needed else no
            )
        ),
        ConfirmationRow(gettext("Ý kiến bắt buộc: %(said)s", said=asked)),
        ConfirmationRow(
            gettext("%(count)s đơn vị đổi thiết lập", count=format_number(applied.changed)),
            [gettext("trong %(count)s đơn vị theo cấp trên", count=format_number(applied.follow))],
        ),
        ConfirmationRow(
            gettext("%(count)s đơn vị giữ thiết lập riêng", count=format_number(applied.differ))
        ),
    ]
    return confirming.page(
        gettext("Đặt cho mọi đơn vị cấp dưới"),
        gettext("Thiết lập cho các đơn vị của %(unit)s:", unit=unit.full_name),
        rows,
        gettext("Đặt thiết lập"),
        back=(gettext("Thiết lập"), link("settings")),
    )


@base.page("/settings/below/<int:member_id>/reset", "settings_reset_below", "POST")
def reset(unit_id: int | None, member_id: int) -> ResponseReturnValue:
    """Have a unit below follow again those above it."""
    unit = one_unit(unit_id)
    with attempt() as outcome:
        settings_for_all.reset(base.context(unit), member_id, request.form.get("seen", ""))
    outcome.flash(gettext("Đơn vị đã theo lại thiết lập của cấp trên."))
    return redirect(link("settings_below"))


def _filled(unit: Unit) -> SettingsBelowForm:
    found = settings_for_all.read(database(), unit) or Defaults()
    said = {aspect.value: "yes" if aspect in found.required_opinions else "no" for aspect in Aspect}
    return SettingsBelowForm(
        clearance="yes" if found.clearance_needed else "no",
        seen=settings_for_all.version(database(), unit),
        **said,
    )


def _page(unit: Unit, form: SettingsBelowForm) -> str:
    differ = settings_for_all.differing(database(), unit, most=NAMED + 1)
    return show(
        "settings_below",
        unit,
        form=form,
        differ=differ[:NAMED],
        more=len(differ) > NAMED,
        version_of=settings_for_all.own_version,
    )
