"""Who changed what, when, from what to what."""

from flask.typing import ResponseReturnValue

from lth.administration import audit
from lth.blueprints.admin import base
from lth.blueprints.admin.base import show, unit_of
from lth.blueprints.web import paging
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs


@base.page("/trail", endpoint="trail")
@needs(Permission.ADMINISTER_UNIT)
def listing(unit_id: int | None) -> ResponseReturnValue:
    """The trail of a unit, newest first; of everything for the system administrator."""
    unit = unit_of(unit_id)
    lines, total = audit.page(
        database(), unit.id if unit else None, number=paging.number(), size=paging.SIZE
    )
    return show("trail", unit, lines=lines, page=paging.page(total))
