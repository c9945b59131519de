"""Administration's pages: routed at both addresses, about a unit within the scope, run alike.

Each page has two addresses: `/admin/people` for the unit administrator's own unit (for the system
administrator, everybody), and `/admin/units/7/people` for a unit by its id.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lth.administration import units
from lth.administration.context import AdminContext
from lth.blueprints.web import confirming, current
from lth.blueprints.web.current import database, now
from lth.blueprints.web.forms import Form
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.language import gettext, pgettext
from lth.models import Unit
from lth.models.person import Role

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

View = Callable[..., Any]


def page(rule: str, endpoint: str, method: str = "GET") -> Callable[[View], View]:
    """Route a view at both of its addresses, for administrators; it gets `unit_id`, None at the
    first.
    """

    def route(view: View) -> View:
        needs(Permission.ADMINISTER_UNIT)(view)
        for prefix, defaults in (("", {"unit_id": None}), ("/units/<int:unit_id>", {})):
            blueprint.add_url_rule(
                prefix + rule, endpoint, view, defaults=defaults, methods=[method]
            )
        return view

    return route


def form(rule: str, shown: str, sent: str) -> Callable[[View], View]:
    """Route a view of a form: as `shown` by GET, as `sent` by POST. It ends in `run`."""
    return lambda view: page(rule, shown)(page(rule, sent, "POST")(view))


def unit_of(unit_id: int | None) -> Unit | None:
    """Return the unit a page is about: 404 for one that is not the administrator's.

    None for the system administrator's pages about everybody.
    """
    actor = current.actor()
    wanted = unit_id if unit_id is not None else actor.unit_id
    if wanted is None:
        return None
    unit = units.unit_within(database(), wanted, current.scope())
    if unit is None:
        abort(404)
    return unit


def one_unit(unit_id: int | None) -> Unit:
    """Return the unit of a page that is about one; 404 for a page about everybody."""
    unit = unit_of(unit_id)
    if unit is None:
        abort(404)
    return unit


def context(unit: Unit | None) -> AdminContext:
    """Return the context in which the actor administers a unit in this request."""
    return AdminContext(database(), current.actor(), unit, now())


def link(name: str, **values: Any) -> str:
    """Return the address of an administration page about the unit of the page being shown."""
    return url_for(f"admin.{name}", unit_id=(request.view_args or {}).get("unit_id"), **values)


def show(template: str, unit: Unit | None, **values: Any) -> str:
    """Return a page with its unit and, for the system administrator in a unit, that unit's tabs."""
    return render_template(
        f"admin/{template}.html", unit=unit, link=link, tabs=_tabs(unit), **values
    )


def form_page(
    unit: Unit | None, form: Form, title: str, back: tuple[str, str], **values: Any
) -> str:
    """Return a page with one form on it; `back` names the page it was opened from, its address."""
    return show("form", unit, form=form, title=title, back=back, **values)


def run(
    form: Form, draw: Callable[[], str], operation: Callable[[], object], done: str, back: str
) -> ResponseReturnValue:
    """Draw a form's page; once it is sent, run its operation and lead back to a page that says so.

    What is refused comes back as it was typed.
    """
    if not form.is_submitted() or confirming.asks_to_look():
        return draw()
    if not form.validate():
        return draw(), 422
    with attempt(form=form) as outcome:
        operation()
    if outcome.blocked:
        return draw(), outcome.code
    outcome.flash(done)
    return redirect(back)


def _tabs(unit: Unit | None) -> list[tuple[str, str, bool]]:
    """List (label, address, whether it is the page being shown)."""
    if unit is None or current.actor().role is not Role.SYSTEM_ADMIN:
        return []
    pages = (
        ("people", gettext("Người dùng")),
        ("roster", gettext("Mời từ danh sách")),
        ("offices", pgettext("many", "Phòng, ban")),
        ("codes", gettext("Mã định danh")),
        ("settings", gettext("Thiết lập")),
        ("checks", gettext("Kiểm tra kế hoạch")),
        ("templates", gettext("Mẫu văn bản")),
        ("deadlines", pgettext("many", "Hạn nộp")),
        ("participation", gettext("Tham gia")),
        ("ready", gettext("Sẵn sàng chạy")),
        ("trail", gettext("Nhật ký")),
    )
    endpoint = request.endpoint or ""
    return [
        (label, url_for(f"admin.{name}", unit_id=unit.id), endpoint.startswith(f"admin.{name}"))
        for name, label in pages
    ]
