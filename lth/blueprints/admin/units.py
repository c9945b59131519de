"""The units of the country, for the system administrator to find one."""

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice, SelectField, StringField

from lth.administration import units as administration_units
from lth.blueprints.admin.base import blueprint, show
from lth.blueprints.web import paging
from lth.blueprints.web.current import database
from lth.blueprints.web.forms import Form
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.language import gettext, lazy_gettext
from lth.models.unit import Level


class UnitFilter(Form):
    """What to look for; wrong values are taken for none."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(lazy_gettext("Tên đơn vị"))
    level = SelectField(
        lazy_gettext("Cấp"),
        choices=lambda: [
            SelectChoice("", gettext("Mọi cấp")),
            SelectChoice(Level.PROVINCE.value, gettext("Tỉnh")),
            SelectChoice(Level.DISTRICT.value, gettext("Huyện")),
            SelectChoice(Level.COMMUNE.value, gettext("Xã")),
        ],
    )
    ended = SelectField(
        lazy_gettext("Hiệu lực"),
        choices=lambda: [
            SelectChoice("", gettext("Còn hiệu lực")),
            SelectChoice("1", gettext("Đã kết thúc")),
        ],
    )


@blueprint.get("/units")
@needs(Permission.ADMINISTER_SYSTEM)
def units() -> ResponseReturnValue:
    """A page of units, found by name with or without diacritics."""
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
